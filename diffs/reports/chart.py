"""The tolls of a history, or of a story's histories, as one picture."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from diffs.model import Claim, ClaimKind, History, Qualifier
from diffs.reports.counts import level
from diffs.reports.dismissals import undismissed
from diffs.reports.figures import Known
from diffs.reports.labels import names_of
from diffs.reports.lanes import Lane, render_lanes
from diffs.reports.names import outlet
from diffs.reports.plot import MOST_LINES, Mark, Panel, Plotted, render_plot
from diffs.reports.series import Point, Series, flapping, series_in
from diffs.reports.tolls import PageToll, tolls_of
from diffs.reports.wording import COUNTED, brief, count, when

_MOST_PANELS = 3
_KEY = (
    "A line runs from the first to the last capture that shows the figure; over thin dots it changed, unseen.",
    "Arrow: open bound. Bar with caps: range. Times are UTC; // leaves out empty time.",
)


_LANES = (
    "A bar runs from the first to the last capture that shows its figure, the stronger its tone, the higher; over thin dots it changed, unseen.",
    "Outlets stand in the order in which they were captured with a new figure. Times are UTC; // leaves out empty time.",
)


def render_chart(
    history: History, *, dismissed: Collection[str] = (), known: Known | None = None
) -> str | None:
    """Return the tolls per source over time as an SVG document, or None where no casualty is counted.

    Args:
        history: Whose tolls.
        dismissed: Ids of changes that a reader dismissed, which are drawn as if they had not happened.
        known: What is known of the history's figures without these, where the caller has it.
    """
    if known is not None and not flapping(history):
        series = known.sources
    else:
        series = undismissed(series_in(history), history, dismissed)  # what a stale cache showed is drawn
    if not series:
        return None
    panels, left_out = _panels(list(zip(names_of(series), series, strict=True)))
    name = outlet(history)
    return render_plot(
        title=f"Casualty figures by source: {name}",
        description=f"Casualty figures by source as printed by {name}, "
        f"{when(history.revisions[0].first.at)} to {when(history.revisions[-1].last.at)}.",
        panels=panels,
        footer=[*_KEY, *_starred(series), *_left_out(left_out)],
    )


def render_story_chart(
    name: str,
    histories: Sequence[History],
    *,
    dismissed: Collection[str] = (),
    tolls: Sequence[PageToll] | None = None,
) -> str | None:
    """Return the tolls of several outlets on one event as one SVG document, a lane a page, or None where there are none.

    Args:
        name: The story's name.
        histories: One a page, in any order.
        dismissed: Ids of changes that a reader dismissed.
        tolls: What `tolls_of` gives for these, where the caller has it.
    """
    found = tolls_of(histories, dismissed) if tolls is None else tolls
    pages = [(page, page.main) for page in found]
    lanes = tuple(
        Lane(name=page.outlet, source=main.label, marks=_marks(main))
        for page, main in pages
        if main is not None
    )
    if not lanes:
        return None
    kind = COUNTED[pages[0][0].kind]
    others = any(len(page.series) > 1 for page, _ in pages)
    rest = (
        ["A lane shows the source that moved most; the table of every source has the others."]
        if others
        else []
    )
    left = len(pages) - len(lanes)
    more = [f"Not drawn: {count(left, 'page')} in which no number {kind} was read."] if left else []
    return render_lanes(
        title=f"{kind.capitalize()} by outlet over time: {name}",
        description=f"The number {kind} by outlet over time in the story {name}, {count(len(pages), 'page')} compared.",
        lanes=lanes,
        footer=[*_LANES, *_starred([main for _, main in pages if main is not None]), *rest, *more],
    )


def _starred(series: Sequence[Series]) -> list[str]:
    turned = any(point.turned for one in series for point in one.steps)
    return ["* The headline was written anew and may speak of another event."] if turned else []


def _panels(named: Sequence[tuple[str, Series]]) -> tuple[list[Panel], int]:
    panels: list[Panel] = []
    left_out = 0
    for kind in ClaimKind:
        mine = [(name, series) for name, series in named if series.kind is kind]
        mine.sort(key=lambda pair: (-len(pair[1].steps), -len(pair[1].points), pair[0]))
        if len(panels) == _MOST_PANELS:
            left_out += len(mine)
        elif mine:
            left_out += len(mine[MOST_LINES:])
            lines = tuple(Plotted(name=name, marks=_marks(series)) for name, series in mine[:MOST_LINES])
            panels.append(Panel(title=COUNTED[kind].capitalize(), lines=lines))
    return panels, left_out


def _marks(series: Series) -> tuple[Mark, ...]:
    marks: list[Mark] = []
    previous = -2
    for point in series.points:
        joined = point.order == previous + 1
        previous = point.order
        mark = _mark(point, joined=joined)
        if joined and marks and marks[-1].label.rstrip("*") == mark.label.rstrip("*"):
            marks[-1] = replace(marks[-1], end=mark.end)
        else:
            marks.append(mark)
    return tuple(marks)


def _mark(point: Point, *, joined: bool) -> Mark:
    claim = point.claim
    bounded = claim.qualifier in {Qualifier.EXACT, Qualifier.ABOUT, Qualifier.RANGE, Qualifier.ZERO}
    return Mark(
        start=point.revision.first.at,
        end=point.revision.last.at,
        value=level(claim) or 0,
        low=claim.low if claim.qualifier is Qualifier.RANGE else None,
        high=claim.high if claim.qualifier in {Qualifier.RANGE, Qualifier.UP_TO} else None,
        label=short(claim) + ("*" if point.turned else ""),
        bounded=bounded,
        joined=joined,
    )


def short(claim: Claim) -> str:
    """Return a figure as briefly as a chart can: `≥7`, `~30`, `20–30`, with `?` where it is doubted."""
    return brief(claim).replace(" ", "")


def _left_out(number: int) -> list[str]:
    return (
        [f"Not drawn: {count(number, 'further series', 'further series')}; the table has them."]
        if number
        else []
    )
