"""Which articles are in a language whose figures are not read."""

from diffs.model import History
from diffs.reports.series import trusted

_READ = "en"


def unread_languages(history: History) -> list[str]:
    """Give the tags of the languages of a history in which no casualty figure is read, in order."""
    tags = {revision.article.language for revision in trusted(history)}
    return sorted(tag for tag in tags if tag and tag.casefold().partition("-")[0] != _READ)
