"""Several outlets on one event: whose figures moved, when, and whose did not."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from diffs.model import ClaimKind, History
from diffs.reports.citations import Footnotes, moment
from diffs.reports.names import file_stem
from diffs.reports.naming import headline, outlet
from diffs.reports.safe import Markdown, markdown_text
from diffs.reports.series import Point, Series, counted_in, flapping, level, series_in, trusted
from diffs.reports.templating import render_template
from diffs.reports.wording import UNNAMED, amount, count, figure, listed, period, source, when


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A change of one source's number killed on one page: the figures, and the last sight of the old one."""

    outlet: str
    series: Series
    old: Point
    last: Point
    new: Point


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletRow:
    """One page of the story, ready for a table."""

    report: Markdown
    outlet: str
    captures: int
    versions: int
    moves: str
    first: Markdown
    last: Markdown


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One source in one outlet, ready for a table."""

    outlet: str
    source: str
    counted: str
    path: Markdown
    first: Markdown
    last: Markdown


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """One number and the order in which the outlets were first captured with it."""

    number: str
    order: Markdown


def render_story(name: str, histories: Sequence[History], *, chart: str | None = None) -> str:
    """Return a Markdown report that compares outlets on one event.

    "First" always means first *captured*: an outlet may have published earlier than an archive looked.

    Args:
        name: The story's name.
        histories: One a page, in any order.
        chart: File name of the story's chart beside the report, or None without one.
    """
    known = sorted(histories, key=lambda one: (outlet(one), one.url))
    notes = Footnotes()
    return render_template(
        "story.md.j2",
        story=name,
        chart=Markdown(chart) if chart else None,
        summary=[Markdown(line) for line in _summary(known, notes)],
        outlets=[_outlet(history, notes) for history in known],
        sources=[row for history in known for row in _sources(history, notes)],
        figures=_figures(known, notes),
        behind=[line for history in known for line in _behind(history, notes)],
        footnotes=notes,
    )


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


def _summary(histories: Sequence[History], notes: Footnotes) -> list[str]:
    captures = sum(len(history.observations) for history in histories)
    pages, outlets = count(len(histories), "page"), count(len({outlet(one) for one in histories}), "outlet")
    lines = [f"{pages} of {outlets} compared, over {count(captures, 'capture')}."]
    moves = [move for history in histories for move in moves_in(history)]
    if moves:
        first = min(moves, key=lambda move: (move.new.revision.first.at, move.outlet))
        before, after = first.last.revision.last, first.new.revision.first
        per = "" if first.series.source == UNNAMED else f" per “{markdown_text(first.series.source)}”"
        lines.append(
            f"The first to be captured with a changed number killed was {markdown_text(first.outlet)}: "
            f"{markdown_text(amount(first.old.claim))} to {markdown_text(amount(first.new.claim))}{per}, after "
            f"{when(before.at)} and not later than {when(after.at)}.{notes.cite(before, after)}"
        )
    named = [
        ("No source's number killed changed in", [one for one in histories if _still(one)]),
        ("No number killed was read in", [one for one in histories if not killed_in(one)]),
        ("A headline stayed behind its own text in", [one for one in histories if _behind(one, notes)]),
    ]
    lines += [f"{words} {markdown_text(listed(_outlets(those)))}." for words, those in named if those]
    return lines


def _still(history: History) -> bool:
    return len(history.observations) > 1 and bool(killed_in(history)) and not moves_in(history)


def _outlets(histories: Sequence[History]) -> list[str]:
    return list(dict.fromkeys(outlet(history) for history in histories))


def _outlet(history: History, notes: Footnotes) -> OutletRow:
    revisions = trusted(history)
    ends = (revisions[0].first, revisions[-1].last) if revisions else None
    return OutletRow(
        report=Markdown(f"[{markdown_text(headline(history))}]({file_stem(history.url)}.md)"),
        outlet=outlet(history),
        captures=len(history.observations),
        versions=len(revisions),
        moves=f"{len(moves_in(history)):,}" if killed_in(history) else "none read",
        first=moment(ends[0], notes) if ends else Markdown("never read"),
        last=moment(ends[1], notes) if ends else Markdown("never read"),
    )


def _sources(history: History, notes: Footnotes) -> list[SourceRow]:
    return [
        SourceRow(
            outlet=outlet(history),
            source=series.label,
            counted=counted_in(series),
            path=Markdown(
                " → ".join(
                    f"{markdown_text(amount(step.claim))}{notes.cite(step.revision.first)}"
                    for step in series.steps
                )
            ),
            first=moment(series.points[0].revision.first, notes),
            last=moment(series.points[-1].revision.last, notes),
        )
        for series in series_in(history)
    ]


def _figures(histories: Sequence[History], notes: Footnotes) -> list[FigureRow]:
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
        told = [_first_sight(name, point, notes) for name, point in order]
        row = FigureRow(number=f"{number:,.10g}", order=Markdown("; then ".join(told)))
        rows.append((order[0][1].revision.first.at, number, row))
    return [row for *_, row in sorted(rows, key=lambda item: item[:2])]


def _first_sight(name: str, point: Point, notes: Footnotes) -> str:
    said = f"{markdown_text(amount(point.claim))}, {markdown_text(source(point.claim))}"
    return f"{markdown_text(name)} ({said}) {moment(point.revision.first, notes)}"


def _behind(history: History, notes: Footnotes) -> list[Markdown]:
    by_number = {revision.number: revision for revision in history.revisions}
    lines = []
    for one in history.contradictions:
        first, last = by_number.get(one.since), by_number.get(one.until)
        if not one.stale_headline or first is None or last is None:
            continue
        still = " (its last version)" if last is trusted(history)[-1] else ""
        lines.append(
            Markdown(
                f"{markdown_text(outlet(history))}: the {one.one.place.value} says {markdown_text(figure(one.one))}, "
                f"the text {markdown_text(figure(one.other))}, {period(first.first.at, last.last.at)}"
                f"{still}. {notes.cite(first.first)}"
            )
        )
    return lines
