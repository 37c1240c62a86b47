"""The casualty figures of a target as tables: each source's series, and each change of a figure."""

from collections.abc import Collection

from diffs.model import Change, History, Transition
from diffs.reports.citations import Cited, moment
from diffs.reports.document import Block, Column, Line, Section, Table, distinct, line
from diffs.reports.findings import figures_moved, split_returns, step_of
from diffs.reports.series import Point, counted_in, headline_source, series_in
from diffs.reports.wording import UNNAMED, amount, counted, in_headline, openness, sources, when

_SERIES = ("Source", "Counted", "Figures in order", "First seen", "Last seen")
_MOVES = ("Source", "Counted", "Old → new", "When", "Publisher")


def figures_section(history: History, cited: Cited, dismissed: Collection[str]) -> list[Block]:
    """Return the section on figures, or nothing where no source gives any."""
    rows = tuple(
        (
            line(series.label),
            line(counted_in(series)),
            line(" → ".join(_pointed(step) for step in series.steps)),
            moment(series.points[0].revision.first, cited),
            moment(series.points[-1].revision.last, cited),
        )
        for series in series_in(history)
    )
    moved = _moves(history, cited, dismissed)
    if not rows:
        return []
    blocks: list[Block] = [Table(columns=tuple(Column(title=one) for one in _SERIES), rows=rows)]
    if moved:
        table = Table(columns=tuple(Column(title=one) for one in _MOVES), rows=moved)
        blocks.append(Section(line("When they changed"), (table,)))
    return [Section(line("Casualty figures"), tuple(blocks))]


def _pointed(point: Point) -> str:
    return amount(point.claim) + (" (perhaps of another event)" if point.turned else "")


def _moves(history: History, cited: Cited, dismissed: Collection[str]) -> tuple[tuple[Line, ...], ...]:
    rows: dict[tuple[Line, ...], tuple[Line, ...]] = {}
    for transition in history.transitions:
        plain, returns = split_returns([one for one in transition.changes if one.id not in dismissed])
        for change in figures_moved(plain):
            claim = change.claim_after or change.claim_before
            if claim is None:
                continue
            remarks = [openness(change), *(f"back to {_version(one)}" for one in returns.get(change.id, ()))]
            remarks += ["probably a stale cache"] if transition.flap else []
            remarks += ["perhaps of another event"] if change.other_event else []
            interval = transition.interval
            span = f"after {when(interval.after.at)}, not later than {when(interval.until.at)}"
            row = (
                line(_source(change, transition)),
                line(counted(claim)),
                step_of(change),
                line(span, cited.between(interval)),
            )
            rows.setdefault(row, (*row, line(", ".join(remarks))))
    return distinct(rows.values())


def _source(change: Change, transition: Transition) -> str:
    """Name the source of a changed figure, and the headline where only it gives the figure or its source."""
    names = ", then ".join(sources(change))
    if not in_headline(change):
        named = headline_source(change, transition)
        return f"{names}; {named}, in the headline" if named else names
    return f"headline, {names}" if names.startswith(UNNAMED) else f"{names}, in the headline"


def _version(change: Change) -> str:
    return f"version {change.reverts_to}"
