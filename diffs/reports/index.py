"""The index of all targets as a document."""

from collections.abc import Collection, Iterable

from diffs.model import ClaimKind, History, Transition
from diffs.reports.document import Column, Document, Line, Paragraph, Reference, Table, line, plain
from diffs.reports.figures import Known
from diffs.reports.names import file_stem, headline, outlet
from diffs.reports.runs import headline_runs
from diffs.reports.series import flapping, trusted
from diffs.reports.steps import rows_of, weighs
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
    known.sort(key=lambda one: _last_change(one, dismissed), reverse=True)
    rows = tuple(_row(history, dismissed) for history in known)
    nothing = Paragraph(line("Nothing is tracked yet."))
    return Document(
        title=line("All reports"),
        facts=(("title", "All reports"), ("targets", len(rows))),
        blocks=(Table(columns=_COLUMNS, rows=rows) if rows else nothing,),
    )


def _last_change(history: History, dismissed: Collection[str]) -> str:
    """Return when something of substance changed last, or an empty string; as text it sorts by time."""
    last = _last_of_substance(history, dismissed)
    return last.interval.until.at.isoformat() if last else ""


def _last_of_substance(history: History, dismissed: Collection[str]) -> Transition | None:
    return next((one for one in reversed(history.transitions) if weighs(one, dismissed)), None)


def _when_changed(history: History, dismissed: Collection[str]) -> str:
    """Return when something of substance changed last, and what else came after it by name."""
    if not history.transitions:
        return "no change found"
    newest, last = history.transitions[-1], _last_of_substance(history, dismissed)
    if last is newest:
        return clock(newest.interval.until.at)
    at = clock(newest.interval.until.at, last.interval.until.at if last else None)
    rest = f"{plain(rows_of(newest, dismissed)[0].what)} only, {at}"
    return f"{clock(last.interval.until.at)}; then {rest}" if last else rest


def _row(history: History, dismissed: Collection[str]) -> tuple[Line, ...]:
    known = Known(history, dismissed)
    return (
        (Reference(headline(history), file_stem(history.url)),),
        line(outlet(history)),
        line(str(len(history.observations))),
        line(str(len(trusted(history)))),
        line(str(max(0, len(headline_runs(history, without=flapping(history))) - 1))),
        line(str(len(known.moves))),
        line(_killed(known)),
        line(_when_changed(history, dismissed)),
    )


def _killed(known: Known) -> str:
    killed = [one for one in known.sources if one.kind is ClaimKind.KILLED]
    if not killed:
        return "none read"
    return " → ".join(brief(step.claim) for step in killed[0].steps)
