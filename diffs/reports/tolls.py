"""One event's toll page by page: the figures that each outlet's main source gave, and how they moved."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from diffs.model import ClaimKind, Disclosure, History
from diffs.reports.counts import level
from diffs.reports.figures import FigureMove, Known
from diffs.reports.names import headline, outlet
from diffs.reports.series import Point, Series, flapping, trusted
from diffs.reports.wording import brief

_FEWEST_OTHERS = 2  # one other page alone may be the one that is wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A change of a page's toll.

    Attributes:
        series: Whose figures they are.
        old: The figure before, as first seen.
        last: The last sight of it.
        new: The figure after, as first seen.
        move: The change that made it, or None where the comparison of the two versions found none.
    """

    series: Series
    old: Point
    last: Point
    new: Point
    move: FigureMove | None

    @property
    def disclosure(self) -> Disclosure:
        """Whether the page said so."""
        return self.move.change.disclosure if self.move else Disclosure.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class PageToll:
    """One page of a story.

    Attributes:
        history: All that is known of it.
        kind: What is counted.
        series: Every source's figures of that kind, the one that moved most leading.
        steps: The changes of the leading one.
        others: The changes of the other ones, as far as they are no part of those; whether a page said so is asked of all.
    """

    history: History
    kind: ClaimKind
    series: tuple[Series, ...]
    steps: tuple[Step, ...]
    others: tuple[Step, ...]

    @property
    def outlet(self) -> str:
        """The publisher's own name."""
        return outlet(self.history)

    @property
    def every_step(self) -> tuple[Step, ...]:
        """The changes of all sources, those of the leading one first."""
        return self.steps + self.others

    @property
    def headline(self) -> str:
        """The headline as last read."""
        return headline(self.history)

    @property
    def main(self) -> Series | None:
        """The leading source's figures, or None where none was read."""
        return self.series[0] if self.series else None

    @property
    def now(self) -> Point | None:
        """The leading source's figure in the newest version, or None where it is no longer given."""
        good = [one for one in trusted(self.history) if one.number not in flapping(self.history)]
        if self.main is None or not good or self.main.points[-1].revision.number != good[-1].number:
            return None
        return self.main.points[-1]

    def at(self, moment: datetime) -> float | None:
        """Return the number that the leading source was last seen to give at a time, or None before its first."""
        if self.main is None:
            return None
        seen = [point for point in self.main.points if point.revision.first.at <= moment]
        return level(seen[-1].claim) if seen else None


def tolls_of(histories: Iterable[History], dismissed: Collection[str] = ()) -> list[PageToll]:
    """Return the pages of a story with the gravest kind of toll that any of them gives, those that moved first leading.

    Pages whose figure never moved follow in the order in which they were first captured with one; those without a
    figure are last, by name.

    Args:
        histories: One a page, in any order.
        dismissed: Ids of changes that a reader dismissed.
    """
    return tolls_known([Known(history, dismissed) for history in histories])


def tolls_known(known: Iterable[Known]) -> list[PageToll]:
    """Return the same as `tolls_of`, of what the caller knows of each page's figures already."""
    every = [(facts, _series(facts)) for facts in known]
    kinds = list(ClaimKind)
    counted = [one.kind for _, series in every for one in series]
    kind = min(counted, key=kinds.index, default=ClaimKind.KILLED)
    pages = [_page(facts, series, kind) for facts, series in every]
    pages.sort(key=_order)
    return pages


def _order(page: PageToll) -> tuple[int, str, str, str]:
    if page.steps:
        return 0, page.steps[0].new.revision.first.at.isoformat(), page.outlet, page.history.url
    if page.main is not None:
        return 1, page.main.points[0].revision.first.at.isoformat(), page.outlet, page.history.url
    return 2, "", page.outlet, page.history.url


def _series(facts: Known) -> tuple[Series, ...]:
    """Return each source's series of a page, without what a stale cache showed; texts lead headlines."""
    return tuple(sorted(facts.sources, key=lambda one: one.in_front))


def _page(facts: Known, series: Sequence[Series], kind: ClaimKind) -> PageToll:
    mine = tuple(one for one in series if one.kind is kind)
    steps = tuple(_steps(facts, mine[0])) if mine else ()
    others = tuple(_others(facts, mine, steps))
    return PageToll(history=facts.history, kind=kind, series=mine, steps=steps, others=others)


def _others(facts: Known, series: Sequence[Series], leading: Sequence[Step]) -> Iterable[Step]:
    """Yield the changes of the sources that do not lead, each number of a step once: a headline follows its text."""
    known = {_moved(one) for one in leading}
    found = [step for one in series[1:] for step in _steps(facts, one) if step.move is not None]
    for step in sorted(found, key=lambda one: one.new.order):
        if _moved(step) not in known:
            known.add(_moved(step))
            yield step


def _moved(step: Step) -> tuple[int, str, str]:
    return step.new.order, brief(step.old.claim), brief(step.new.claim)


def _steps(facts: Known, series: Series) -> Iterable[Step]:
    points = series.steps
    for old, new in pairwise(points):
        last = next(point for point in reversed(series.points) if point.order < new.order)
        yield Step(series=series, old=old, last=last, new=new, move=facts.move_at(new))


def behind(page: PageToll, pages: Sequence[PageToll]) -> tuple[int, int] | None:
    """Return how many of how many others had given more by the time a page was last captured, or None where few had."""
    now = page.now
    if now is None:
        return None
    number = level(now.claim)
    others = [one.at(now.revision.last.at) for one in pages if one is not page]
    given = [other for other in others if other is not None]
    more = sum(number is not None and other > number for other in given)
    return (more, len(given)) if more >= _FEWEST_OTHERS and 2 * more > len(given) else None
