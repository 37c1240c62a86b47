"""What stood on the page for a time: headlines and correction notes, with their first and last captures."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import partial

from diffs.model import Article, BlockKind, Citation, History, Revision
from diffs.reports.series import trusted


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A text that stood without interruption over neighbouring revisions.

    Attributes:
        text: The text, or None for its absence.
        first: First capture that shows it.
        last: Last capture that shows it before another.
        captures: How many captures show it in that time.
        before: The revision before it, or None at the start of the history.
        start: Its first revision.
    """

    text: str | None
    first: Citation
    last: Citation
    captures: int
    before: Revision | None
    start: Revision


def headline_runs(history: History, *, without: Collection[int] = ()) -> list[Run]:
    """Return the displayed headlines in order of time; one that came back has two runs.

    Args:
        history: Whose headlines to give.
        without: Numbers of revisions to pass over.
    """
    revisions = [revision for revision in trusted(history) if revision.number not in without]
    return _runs(revisions, lambda article: article.headline)


def correction_runs(history: History) -> list[Run]:
    """Return every correction note with the time in which it stood, in order of first sight."""
    texts: dict[str, None] = {}
    revisions = trusted(history)
    for revision in revisions:
        texts.update(dict.fromkeys(_corrections(revision.article)))
    runs = []
    for text in texts:
        present = _runs(revisions, partial(_if_there, text))
        runs += [run for run in present if run.text is not None]
    return runs


def _if_there(text: str, article: Article) -> str | None:
    return text if text in _corrections(article) else None


def _corrections(article: Article) -> list[str]:
    return [block.text for block in article.blocks if block.kind is BlockKind.CORRECTION]


def _runs(revisions: Iterable[Revision], read: Callable[[Article], str | None]) -> list[Run]:
    runs: list[Run] = []
    before: Revision | None = None
    for revision in revisions:
        text = read(revision.article)
        if runs and runs[-1].text == text:
            old = runs[-1]
            runs[-1] = Run(
                text=text,
                first=old.first,
                last=revision.last,
                captures=old.captures + revision.captures,
                before=old.before,
                start=old.start,
            )
        else:
            runs.append(
                Run(
                    text=text,
                    first=revision.first,
                    last=revision.last,
                    captures=revision.captures,
                    before=before,
                    start=revision,
                )
            )
        before = revision
    return runs
