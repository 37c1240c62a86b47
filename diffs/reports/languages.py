"""Which articles are in a language whose figures are not read."""

from collections.abc import Sequence

from diffs.model import History
from diffs.reports.safe import Markdown, markdown_text
from diffs.reports.series import trusted
from diffs.reports.wording import listed

_READ = "en"


def unread_languages(history: History) -> list[str]:
    """Return the tags of the languages of a history in which no casualty figure is read, in order."""
    tags = {revision.article.language for revision in trusted(history)}
    return sorted(tag for tag in tags if tag and tag.casefold().partition("-")[0] != _READ)


def unread_figures(tags: Sequence[str]) -> Markdown:
    """Return that the figures of articles in these languages were not read."""
    return Markdown(
        f"Figures not read: {'language' if len(tags) == 1 else 'languages'} {markdown_text(listed(tags))}."
    )
