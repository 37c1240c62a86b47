"""Several outlets on one event: whose figures moved first, who said so, and who still stands on an old one."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from diffs.model import Disclosure, History
from diffs.reports.counts import level
from diffs.reports.document import (
    Block,
    Column,
    Document,
    Item,
    Line,
    List,
    Paragraph,
    Picture,
    Reference,
    Section,
    Strong,
    Table,
    line,
)
from diffs.reports.figures import NO_BREAK, RETURNED, in_a_cell, unbroken, way
from diffs.reports.labels import counted_in
from diffs.reports.names import file_stem
from diffs.reports.series import Point, trusted
from diffs.reports.times import between, clock, moment
from diffs.reports.tolls import PageToll, Step, behind, tolls_of
from diffs.reports.wording import COUNTED, UNNAMED, brief, count, figure, listed, number_word, source

_CITED = "Times are those at which an archive captured a page, which may be long after it was published. All are UTC."
_MOST_NAMED = 5
_MOST_STEPS = 3
_OUTLETS = (
    Column(title="Outlet"),
    Column(title="Who counts"),
    Column(title="First said", numeric=True),
    Column(title="Says now", numeric=True),
    Column(title="On the way"),
    Column(title="Last change"),
    Column(title="Said so?"),
)
_FIGURES = (
    Column(title="Figure", numeric=True),
    Column(title="First captured in"),
    Column(title="At"),
    Column(title="Then in"),
)
_SOURCES = tuple(
    Column(title=one)
    for one in ("Outlet", "Who counts", "What", "Figures in order", "First seen", "Last seen")
)
_ANSWERS = {
    Disclosure.CORRECTION: "in a correction",
    Disclosure.EXPLAINED: "explained in the text",
    Disclosure.NEW_DATE: "new date only",
    Disclosure.SILENT: "no",
    Disclosure.UNKNOWN: "cannot tell",
}
_HOW = {
    Disclosure.CORRECTION: "In a correction",
    Disclosure.EXPLAINED: "Explained in the text",
    Disclosure.NEW_DATE: "Under a new date alone",
    Disclosure.SILENT: "Silently",
    Disclosure.UNKNOWN: "With no sign of whether the page said so",
}


def story_of(
    name: str,
    histories: Sequence[History],
    *,
    chart: str | None = None,
    svg: str = "",
    dismissed: Collection[str] = (),
    tolls: Sequence[PageToll] | None = None,
) -> Document:
    """Return the comparison of several outlets on one event.

    "First" always means first *captured*: an outlet may have published earlier than an archive looked.

    Args:
        name: The story's name.
        histories: One a page, in any order.
        chart: File name of the story's chart next to the report, or None without one.
        svg: The chart itself, for formats that hold it.
        dismissed: Ids of changes that a reader dismissed.
        tolls: What `tolls_of` gives for these, where the caller has it.
    """
    pages = tolls_of(histories, dismissed) if tolls is None else tolls
    start = _start(pages)
    blocks: list[Block] = [
        Paragraph(line((Strong(_counts(pages)),), " ", _moved(pages))),
        Paragraph(line(_CITED)),
    ]
    looks = [
        *_first(pages, start),
        *_openly(pages),
        *_behind(pages, start),
        *_headlines(pages, dismissed, start),
    ]
    if looks:
        items = tuple(map(Item, looks))
        blocks.append(Section(line("Worth a look"), (List(items=items, ordered=True),)))
    if chart:
        words = f"{COUNTED[pages[0].kind].capitalize()} by outlet over time"
        blocks.append(Picture(description=words, name=chart, svg=svg))
    blocks.append(
        _section(
            "Outlet by outlet",
            _OUTLETS,
            [_outlet(page, start) for page in pages if page.history.observations],
        )
    )
    openly = tuple(Item(one) for one in _by_openness(pages))
    if openly:
        blocks.append(Section(line("Did they say so?"), (List(items=openly),)))
    figures = _figures(pages, start)
    if figures:
        blocks.append(_section("Who was captured with which figure first", _FIGURES, figures))
    sources = [row for page in pages for row in _sources(page, start)]
    if sources:
        blocks.append(_section("Every source", _SOURCES, sources))
    return Document(
        title=line(_title(name, pages)), facts=(("title", name), ("pages", len(pages))), blocks=tuple(blocks)
    )


def _start(pages: Sequence[PageToll]) -> datetime | None:
    """Return the first time seen where all are of one year, which then goes without saying, or None."""
    seen = [one.capture.at for page in pages for one in page.history.observations]
    return min(seen) if seen and min(seen).year == max(seen).year else None


def _section(title: str, columns: Sequence[Column], rows: Sequence[tuple[Line, ...]]) -> Section:
    return Section(line(title), (Table(columns=tuple(columns), rows=tuple(rows)),))


def _title(name: str, pages: Sequence[PageToll]) -> str:
    """Return the story's name, and from where to where its figures went."""
    first = [one.main.points[0] for one in pages if one.main]
    if not first:
        return name
    lowest = min(first, key=lambda point: (level(point.claim) or 0, point.revision.first.at))
    highest = max(
        (point for one in pages if one.main for point in one.main.points),
        key=lambda point: (level(point.claim) or 0, point.revision.first.at),
    )
    outlets = count(len({one.outlet for one in pages if one.main}), "outlet")
    ends = list(dict.fromkeys(brief(point.claim) for point in (lowest, highest)))
    return f"{name}: {' to '.join(ends)} {COUNTED[pages[0].kind]}, in {outlets}"


def _counts(pages: Sequence[PageToll]) -> str:
    seen = [one.capture.at for page in pages for one in page.history.observations]
    outlets = count(len({page.outlet for page in pages}), "outlet")
    ends = f", {clock(min(seen))} to {clock(max(seen), min(seen))}" if seen else ""
    return f"{count(len(pages), 'page')} of {outlets}, {count(len(seen), 'capture')}{ends}."


def _moved(pages: Sequence[PageToll]) -> str:
    """Return in sentences whose figures moved, whose did not, and of which pages nothing is known."""
    kind = COUNTED[pages[0].kind] if pages else ""
    moved = [one for one in pages if one.steps]
    read = [one for one in pages if one.history.observations]
    still = [one for one in read if one.main and not one.steps]
    mute = [one for one in read if not one.main]
    unseen = len(pages) - len(read)
    parts = [
        f"{_how_many(len(moved), len(read))} changed the number {kind}." if moved else "",
        f"It never changed in {_names(still)}." if still else "",
        f"None was read in {_names(mute)}." if mute else "",
        f"Of {count(unseen, 'page')} no capture is known yet." if unseen else "",
    ]
    return " ".join(one for one in parts if one)


def _how_many(number: int, whole: int) -> str:
    """Return a part of a number of pages as a sentence begins with it: `All three`, `Two of five`."""
    if number == whole:
        return "It" if whole == 1 else "Both" if whole == 2 else f"All {number_word(whole)}"
    return f"{number_word(number).capitalize()} of {number_word(whole)}"


def _names(pages: Sequence[PageToll]) -> str:
    names = list(dict.fromkeys(page.outlet for page in pages))
    if len(names) > _MOST_NAMED:
        return f"{', '.join(names[:_MOST_NAMED])} and {number_word(len(names) - _MOST_NAMED)} more"
    return listed(names)


def _first(pages: Sequence[PageToll], start: datetime | None) -> Iterator[Line]:
    moved = [one for one in pages if one.steps]
    if not moved:
        return
    first, step = moved[0], moved[0].steps[0]
    at = step.new.revision.first.at
    also = [one for one in moved[1:] if one.steps[0].new.revision.first.at == at]
    later = [one for one in moved[1:] if one not in also]
    rest = f" At the same time: {_names(also)}." if also else ""
    rest += f" Then {_names(later)}." if later else ""
    yield line(
        (Strong(f"Captured first with a new figure: {first.outlet}."),),
        f" {_path(step)}, ",
        _span(step, start),
        f".{rest}",
    )


def _openly(pages: Sequence[PageToll]) -> Iterator[Line]:
    told = (Disclosure.CORRECTION, Disclosure.EXPLAINED)
    open_ones = [one for one in pages if any(step.disclosure in told for step in one.every_step)]
    silent = [(one, step) for one in pages for step in one.every_step if step.disclosure is Disclosure.SILENT]
    if open_ones:
        yield line((Strong("Said so, in a correction or in the text:"),), f" {_names(open_ones)}.")
    if silent:
        first, step = silent[0]
        example = f" ({_moved_by(step, first)})" if len(silent) == 1 else ""
        yield line((Strong("Silently:"),), f" {_names([one for one, _ in silent])}{example}.")


def _behind(pages: Sequence[PageToll], start: datetime | None) -> Iterator[Line]:
    for page in pages:
        found, now = behind(page, pages), page.now
        if found is None or now is None:
            continue
        more, others = found
        yield line(
            (Strong(f"Still on an old figure: {page.outlet}."),),
            f" It says {brief(now.claim)}; when it was last captured (",
            moment(now.revision.last, start),
            f"), {more} of {others} others had given more.",
        )


def _headlines(
    pages: Sequence[PageToll], dismissed: Collection[str], start: datetime | None
) -> Iterator[Line]:
    for page in pages:
        history = page.history
        numbers = {revision.number: revision for revision in history.revisions}
        for one in history.contradictions:
            first, last = numbers.get(one.since), numbers.get(one.until)
            if not one.stale_headline or one.id in dismissed or first is None or last is None:
                continue
            still = ", its last version" if last is trusted(history)[-1] else ""
            yield line(
                (Strong(f"Headline behind its text: {page.outlet}."),),
                f" It says {figure(one.one)}, the text {figure(one.other)}: ",
                between(first.first, last.last, start),
                f"{still}.",
            )


def _outlet(page: PageToll, start: datetime | None) -> tuple[Line, ...]:
    name = (Reference(page.outlet, file_stem(page.history.url)),)
    if page.main is None:
        words = "none read" if trusted(page.history) else "never read"
        return name, line(words), (), (), (), (), ()
    steps = page.main.steps
    last = page.steps[-1] if page.steps else None
    now = page.now
    figures = way(steps)[1:]
    returned = now is not None and bool(figures) and figures.pop().endswith(RETURNED)
    return (
        name,
        line(_who(page.main.label)),
        line(in_a_cell(steps[0].claim)),
        line(
            Strong(in_a_cell(now.claim)) if now and last else in_a_cell(now.claim) if now else "–",
            f"{NO_BREAK}{RETURNED}" if returned else "",
        ),
        line(unbroken(figures)),
        _span(last, start) if last else line("never changed"),
        _answer(last.disclosure) if last else (),
    )


def _answer(disclosure: Disclosure) -> Line:
    words = _ANSWERS[disclosure]
    return (Strong(words),) if disclosure is Disclosure.SILENT else line(words)


def _who(label: str) -> str:
    return label[:1].upper() + label[1:]


def _path(step: Step) -> str:
    who = source(step.new.claim)
    per = "" if who == UNNAMED else f" per “{who}”"
    return f"{brief(step.old.claim)} → {brief(step.new.claim)}{per}"


def _moved_by(step: Step, page: PageToll) -> str:
    """Return a change of a figure, and whose it is where another source leads the page: `9 → 11 per the hospitals`."""
    figures = f"{brief(step.old.claim)} → {brief(step.new.claim)}"
    series = step.series
    if series is page.main:
        return figures
    if series.in_front:
        return f"{figures} in the {'standfirst' if series.in_standfirst else 'headline'}"
    return f"{figures}, {UNNAMED}" if series.source == UNNAMED else f"{figures} per {series.source}"


def _span(step: Step, start: datetime | None) -> Line:
    return between(step.last.revision.last, step.new.revision.first, start)


def _by_openness(pages: Sequence[PageToll]) -> Iterator[Line]:
    for disclosure, words in _HOW.items():
        found = []
        for page in pages:
            paths = [_moved_by(step, page) for step in page.every_step if step.disclosure is disclosure]
            if paths:
                more = (
                    f" and {number_word(len(paths) - _MOST_STEPS)} more" if len(paths) > _MOST_STEPS else ""
                )
                found.append(f"{page.outlet} ({', '.join(paths[:_MOST_STEPS])}{more})")
        if found:
            yield line((Strong(f"{words}:"),), f" {listed(found)}.")


def _figures(pages: Sequence[PageToll], start: datetime | None) -> list[tuple[Line, ...]]:
    seen: dict[float, dict[str, Point]] = defaultdict(dict)
    for page in pages:
        for point in (step for series in page.series for step in series.steps):
            known = seen[level(point.claim) or 0].setdefault(page.outlet, point)
            if point.revision.first.at < known.revision.first.at:
                seen[level(point.claim) or 0][page.outlet] = point
    rows = []
    for number, points in seen.items():
        order = sorted(points.items(), key=lambda item: (item[1].revision.first.at, item[0]))
        (name, point), *rest = order
        same = [other for other, its in rest if its.revision.first.at == point.revision.first.at]
        later = order[1 + len(same) :]
        names = [other for other, _ in later[:_MOST_NAMED]]
        more = f" and {number_word(len(later) - _MOST_NAMED)} more" if len(later) > _MOST_NAMED else ""
        row = (
            line(f"{number:,.10g}"),
            line(f"{listed([name, *same])} ({brief(point.claim)}, {source(point.claim)})"),
            moment(point.revision.first, start),
            line(f"{', '.join(names)}{more}"),
        )
        rows.append((point.revision.first.at, number, row))
    return [row for *_, row in sorted(rows, key=lambda item: item[:2])]


def _sources(page: PageToll, start: datetime | None) -> list[tuple[Line, ...]]:
    return [
        (
            line(page.outlet),
            line(_who(series.label)),
            line(counted_in(series)),
            line(" → ".join(brief(step.claim) for step in series.steps)),
            moment(series.points[0].revision.first, start),
            moment(series.points[-1].revision.last, start),
        )
        for series in page.series
    ]
