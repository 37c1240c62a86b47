"""Several outlets on one event: whose figures moved, when, and whose did not."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from diffs.model import ClaimKind, History
from diffs.reports.citations import Cited, moment
from diffs.reports.document import (
    Block,
    Column,
    Document,
    Item,
    Line,
    List,
    Paragraph,
    Part,
    Picture,
    Reference,
    Section,
    Table,
    joined,
    line,
)
from diffs.reports.names import file_stem, headline, outlet
from diffs.reports.series import Point, Series, counted_in, flapping, level, series_in, trusted
from diffs.reports.wording import UNNAMED, amount, count, figure, listed, period, source, when

_CITED = "Times are those at which an archive captured a page, which may be long after it was published."
_OUTLETS = (
    Column(title="Outlet"),
    Column(title="Page"),
    Column(title="Captures", numeric=True),
    Column(title="Versions", numeric=True),
    Column(title="Changes of the number killed", numeric=True),
    Column(title="First read"),
    Column(title="Last read"),
)
_FIGURES = (Column(title="Killed"), Column(title="Outlets in order of first capture"))
_SOURCES = tuple(
    Column(title=one)
    for one in ("Outlet", "Source", "Counted", "Figures in order", "First seen", "Last seen")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A change of one source's number killed on one page: the figures, and the last sight of the old one."""

    outlet: str
    series: Series
    old: Point
    last: Point
    new: Point


def story_of(name: str, histories: Sequence[History], *, chart: str | None = None, svg: str = "") -> Document:
    """Return the comparison of several outlets on one event.

    "First" always means first *captured*: an outlet may have published earlier than an archive looked.

    Args:
        name: The story's name.
        histories: One a page, in any order.
        chart: File name of the story's chart next to the report, or None without one.
        svg: The chart itself, for formats that hold it.
    """
    known = sorted(histories, key=lambda one: (outlet(one), one.url))
    cited = Cited()
    blocks: list[Block] = [Section(line("Summary"), (Paragraph(joined(_summary(known, cited), " ")),))]
    if chart:
        description = "Casualty figures by outlet and source over time"
        blocks.append(Picture(description=description, name=chart, svg=svg))
    blocks.append(_section("By outlet", _OUTLETS, [_outlet(history, cited) for history in known]))
    sources = [row for history in known for row in _sources(history, cited)]
    figures = _figures(known, cited)
    if figures:
        blocks.append(_section("Who was captured with which number first", _FIGURES, figures))
    if sources:
        blocks.append(_section("By outlet and source", _SOURCES, sources))
    behind = [entry for history in known for entry in _behind(history, cited)]
    if behind:
        blocks.append(Section(line("Headlines that stayed behind"), (List(items=tuple(map(Item, behind))),)))
    blocks.append(Section(line("Captures cited"), (Paragraph(line(_CITED)), cited.footnotes)))
    return Document(title=line(name), facts=(("title", name), ("pages", len(known))), blocks=tuple(blocks))


def _section(title: str, columns: Sequence[Column], rows: Sequence[tuple[Line, ...]]) -> Section:
    return Section(line(title), (Table(columns=tuple(columns), rows=tuple(rows)),))


def killed_in(history: History) -> list[Series]:
    """Return a page's series of people killed, without what a stale cache showed."""
    return [one for one in series_in(history, without=flapping(history)) if one.kind is ClaimKind.KILLED]


def moves_in(history: History) -> list[Move]:
    """Return every step of every source's number killed on one page, in order of time."""
    moves = []
    for series in killed_in(history):
        for old, new in pairwise(series.steps):
            last = next(point for point in reversed(series.points) if point.order < new.order)
            moves.append(Move(outlet=outlet(history), series=series, old=old, last=last, new=new))
    return sorted(moves, key=lambda move: move.new.revision.first.at)


def _summary(histories: Sequence[History], cited: Cited) -> list[Line]:
    captures = sum(len(history.observations) for history in histories)
    pages, outlets = count(len(histories), "page"), count(len({outlet(one) for one in histories}), "outlet")
    lines = [line(f"{pages} of {outlets} compared, over {count(captures, 'capture')}.")]
    unseen = sum(not history.observations for history in histories)
    if unseen:
        lines.append(line(f"Of {count(unseen, 'page')} no capture is known yet."))
    moves = [move for history in histories for move in moves_in(history)]
    if moves:
        first = min(moves, key=lambda move: (move.new.revision.first.at, move.outlet))
        before, after = first.last.revision.last, first.new.revision.first
        per = "" if first.series.source == UNNAMED else f" per “{first.series.source}”"
        lines.append(
            line(
                f"The first to be captured with a changed number killed was {first.outlet}: "
                f"{amount(first.old.claim)} to {amount(first.new.claim)}{per}, after "
                f"{when(before.at)} and not later than {when(after.at)}.",
                cited.cite(before, after),
            )
        )
    named = [
        ("No source's number killed changed in", [one for one in histories if _still(one)]),
        ("No number killed was read in", [one for one in histories if not killed_in(one)]),
        ("A headline stayed behind its own text in", [one for one in histories if _behind(one, cited)]),
    ]
    lines += [line(f"{words} {listed(_outlets(those))}.") for words, those in named if those]
    return lines


def _still(history: History) -> bool:
    return len(history.observations) > 1 and bool(killed_in(history)) and not moves_in(history)


def _outlets(histories: Sequence[History]) -> list[str]:
    return list(dict.fromkeys(outlet(history) for history in histories))


def _outlet(history: History, cited: Cited) -> tuple[Line, ...]:
    revisions = trusted(history)
    ends = (revisions[0].first, revisions[-1].last) if revisions else None
    return (
        line(outlet(history)),
        (Reference(headline(history), file_stem(history.url)),),
        line(str(len(history.observations))),
        line(str(len(revisions))),
        line(f"{len(moves_in(history)):,}" if killed_in(history) else "none read"),
        moment(ends[0], cited) if ends else line("never read"),
        moment(ends[1], cited) if ends else line("never read"),
    )


def _sources(history: History, cited: Cited) -> list[tuple[Line, ...]]:
    return [
        (
            line(outlet(history)),
            line(series.label),
            line(counted_in(series)),
            joined(
                (line(amount(step.claim), cited.cite(step.revision.first)) for step in series.steps), " → "
            ),
            moment(series.points[0].revision.first, cited),
            moment(series.points[-1].revision.last, cited),
        )
        for series in series_in(history)
    ]


def _figures(histories: Sequence[History], cited: Cited) -> list[tuple[Line, ...]]:
    seen: dict[float, dict[str, Point]] = defaultdict(dict)
    for history in histories:
        name = outlet(history)
        for point in (step for series in killed_in(history) for step in series.steps):
            number = level(point.claim) or 0
            known = seen[number].get(name)
            if known is None or point.revision.first.at < known.revision.first.at:
                seen[number][name] = point
    rows = []
    for number, points in seen.items():
        order = sorted(points.items(), key=lambda item: (item[1].revision.first.at, item[0]))
        row = (line(f"{number:,.10g}"), _in_order(order, cited))
        rows.append((order[0][1].revision.first.at, number, row))
    return [row for *_, row in sorted(rows, key=lambda item: item[:2])]


def _in_order(order: Sequence[tuple[str, Point]], cited: Cited) -> Line:
    """Return the first sights one after the other; those of one second are said to be of one time."""
    parts: list[Part] = []
    last = None
    for name, point in order:
        at = point.revision.first.at
        parts += (
            [_first_sight(name, point, cited)]
            if last is None
            else ["; at the same time " if at == last else "; then ", _first_sight(name, point, cited)]
        )
        last = at
    return line(*parts)


def _first_sight(name: str, point: Point, cited: Cited) -> Line:
    words = f"{amount(point.claim)}, {source(point.claim)}"
    return line(f"{name} ({words}) ", moment(point.revision.first, cited))


def _behind(history: History, cited: Cited) -> list[Line]:
    by_number = {revision.number: revision for revision in history.revisions}
    lines = []
    for one in history.contradictions:
        first, last = by_number.get(one.since), by_number.get(one.until)
        if not one.stale_headline or first is None or last is None:
            continue
        still = " (its last version)" if last is trusted(history)[-1] else ""
        lines.append(
            line(
                f"{outlet(history)}: the {one.one.place.value} says {figure(one.one)}, "
                f"the text {figure(one.other)}, {period(first.first.at, last.last.at)}{still}. ",
                cited.cite(first.first),
            )
        )
    return lines
