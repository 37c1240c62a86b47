"""What a report calls a page: its outlet, its latest headline, and file names that never trust an address."""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import urlsplit

from diffs.model import History, digest_of

_SLUG_LENGTH = 60


@lru_cache(maxsize=4096)
def file_stem(source: str) -> str:
    """Return a file name without its ending for a target's address or a story's name.

    It holds only `a-z`, `0-9` and `-`, is at most 75 characters long, cannot be a device name, and ends
    in the first twelve hex digits of the SHA-256 of the source, so that two sources never share it, on
    file systems that fold case either.
    """
    return f"{_slug(source)}-{digest_of(source)[:12]}"


def _slug(source: str) -> str:
    try:
        parts = urlsplit(source)
    except ValueError:
        words = source
    else:
        words = " ".join([(parts.netloc or "").removeprefix("www."), parts.path, parts.query])
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    slug = re.sub("[^a-z0-9]+", "-", plain).strip("-")
    return slug[:_SLUG_LENGTH].strip("-") or "page"


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
