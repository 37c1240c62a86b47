"""The index of all targets as a document."""

from collections.abc import Collection, Iterable

from diffs.model import ClaimKind, History
from diffs.reports.dismissals import undismissed
from diffs.reports.document import Column, Document, Line, Paragraph, Reference, Table, line
from diffs.reports.figures import Known
from diffs.reports.names import file_stem, headline, outlet
from diffs.reports.runs import headline_runs
from diffs.reports.series import flapping, series_in, trusted
from diffs.reports.times import clock
from diffs.reports.wording import brief

_COLUMNS = (
    Column(title="Report"),
    Column(title="Outlet"),
    Column(title="Captures", numeric=True),
    Column(title="Versions", numeric=True),
    Column(title="Headline changes", numeric=True),
    Column(title="Figure changes", numeric=True),
    Column(title="Killed, main source"),
    Column(title="Last change"),
)


def index_of(histories: Iterable[History], dismissed: Collection[str] = ()) -> Document:
    """Return a table of all targets, the one that changed last leading, with links to their reports.

    Args:
        histories: The targets' histories.
        dismissed: Ids of findings that a reader dismissed, which do not count.
    """
    known = sorted(histories, key=lambda one: one.url)
    known.sort(key=_last_change, reverse=True)
    rows = tuple(_row(history, dismissed) for history in known)
    nothing = Paragraph(line("Nothing is tracked yet."))
    return Document(
        title=line("All reports"),
        facts=(("title", "All reports"), ("targets", len(rows))),
        blocks=(Table(columns=_COLUMNS, rows=rows) if rows else nothing,),
    )


def _last_change(history: History) -> str:
    return history.transitions[-1].interval.until.at.isoformat() if history.transitions else ""


def _row(history: History, dismissed: Collection[str]) -> tuple[Line, ...]:
    last = clock(history.transitions[-1].interval.until.at) if history.transitions else "no change found"
    return (
        (Reference(headline(history), file_stem(history.url)),),
        line(outlet(history)),
        line(str(len(history.observations))),
        line(str(len(trusted(history)))),
        line(str(max(0, len(headline_runs(history, without=flapping(history))) - 1))),
        line(str(len(Known(history, dismissed).moves))),
        line(_killed(history, dismissed)),
        line(last),
    )


def _killed(history: History, dismissed: Collection[str]) -> str:
    series = undismissed(series_in(history, without=flapping(history)), history, dismissed)
    killed = [one for one in series if one.kind is ClaimKind.KILLED]
    if not killed:
        return "none read"
    return " → ".join(brief(step.claim) for step in killed[0].steps)
