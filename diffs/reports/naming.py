"""What a report calls a page: its outlet and its latest headline."""

from urllib.parse import urlsplit

from diffs.model import History


def outlet(history: History) -> str:
    """Return the publisher's own name for itself, as last read, or the host of the address."""
    for revision in reversed(history.revisions):
        if revision.article.publisher and not revision.suspect:
            return revision.article.publisher
    try:
        host = urlsplit(history.url).hostname
    except ValueError:
        host = None
    return (host or history.url).removeprefix("www.")


def headline(history: History) -> str:
    """Return the headline as last read, or the address where no version shows one."""
    for revision in reversed(history.revisions):
        if revision.article.headline and not revision.suspect:
            return revision.article.headline
    return history.url
