"""The toll that each source gave, version by version."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise

from diffs.changes.matching import likely_same_people, number_key, same_number, same_source
from diffs.changes.readings import claims_of
from diffs.claims.fields import other_event
from diffs.model import (
    ChangeType,
    Claim,
    ClaimKind,
    History,
    Place,
    Revision,
    Transition,
)
from diffs.reports.counts import (
    FRONT,
    MOST_FOLLOWED,
    is_counted,
    is_same_count,
    largest_in,
    level,
    rank_of,
    source_key,
    tolls_in,
)
from diffs.reports.wording import UNNAMED, amount, source
from diffs.text import folded

_KINDS = tuple(ClaimKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What a source was said to count in one revision.

    Attributes:
        revision: The revision.
        order: Its place among the trusted ones, from 0.
        claim: The figure.
        turned: True where a headline written anew with it may speak of another event.
    """

    revision: Revision
    order: int
    claim: Claim
    turned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One source's figures of one kind through a history.

    Attributes:
        kind: What is counted.
        source: The source as it was last printed, or words that say there is none.
        who: The people counted as last printed, or None.
        url: The target.
        points: In order of time, at most one a revision.
        event: Place or time of its event as last printed, where the source counts another event too, else None.
        steps: The points at which the figure differs from the one before; worked out once, as every table asks for them.
        in_front: Whether only headlines and standfirsts give these figures; likewise.
    """

    kind: ClaimKind
    source: str
    who: str | None
    url: str
    points: tuple[Point, ...]
    event: str | None = None
    steps: tuple[Point, ...] = field(init=False, repr=False, compare=False)
    in_front: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        printed = [amount(point.claim) for point in self.points]
        steps = tuple(
            point
            for before, shown, point in zip([None, *printed], printed, self.points, strict=False)
            if before != shown
        )
        object.__setattr__(self, "steps", steps)
        object.__setattr__(self, "in_front", all(point.claim.place in FRONT for point in self.points))

    @property
    def label(self) -> str:
        """The source, its event where it counts several, and the headline where only headlines give the figures."""
        if not self.in_front:
            return f"{self.source} ({self.event})" if self.event else self.source
        if self.points[0].turned:
            return "headline, perhaps of another event"
        place = "standfirst" if self.in_standfirst else "headline"
        return place if self.source == UNNAMED else f"{self.source}, in the {place}"

    @property
    def in_standfirst(self) -> bool:
        """Whether only standfirsts give these figures."""
        return all(point.claim.place is Place.STANDFIRST for point in self.points)

    @property
    def order(self) -> int:
        """Where its kind stands among the kinds: killed first."""
        return _KINDS.index(self.kind)


def trusted(history: History) -> list[Revision]:
    """Return the revisions that changes are claimed from, in order of time."""
    return [revision for revision in history.revisions if not revision.suspect]


def flapping(history: History) -> frozenset[int]:
    """Return the numbers of the revisions that stood so briefly that a stale cache is the likelier cause."""
    steps = history.transitions
    return frozenset(
        one.after.number
        for one, other in pairwise(steps)
        if one.flap and other.flap and one.before.article.fingerprint == other.after.article.fingerprint
    )


def series_in(history: History, *, without: Collection[int] = ()) -> tuple[Series, ...]:
    """Return each source's series for the event itself, killed first, those that moved most leading.

    A source that counts two groups of people apart ("17 soldiers", "four gunmen") has two series. Subsets,
    periods, earlier events and denied figures are other counts and stay out.

    Args:
        history: Whose figures to read.
        without: Numbers of revisions to pass over.
    """
    steps = {step.after.number: step for step in history.transitions}
    found: list[list[Point]] = []
    for order, revision in enumerate(one for one in trusted(history) if one.number not in without):
        taken: set[int] = set()
        step = steps.get(revision.number)
        moved = _numbers_moved(step)
        known = {source_key(points[-1].claim) for points in found}
        new: list[Point] = []
        for claim in sorted(tolls_in(claims_of(revision.article)), key=partial(_is_new, known)):
            point = Point(revision=revision, order=order, claim=claim, turned=_turned(claim, step))
            index = _home(point, found, taken, step, moved)
            if index is None:
                new.append(point)
            else:
                found[index].append(point)
                taken.add(index)
        for point in new:
            index = _renamed(point, found, taken, step)
            if index is not None:
                found[index].append(point)
                taken.add(index)
            elif len(found) < MOST_FOLLOWED:
                taken.add(len(found))
                found.append([point])
    series = [_series(points, history.url) for points in found]
    kinds = list(ClaimKind)
    series.sort(
        key=lambda one: (
            kinds.index(one.kind),
            -len(one.steps),
            -len(one.points),
            one.in_front,
            -height(one),
        )
    )
    return _with_events(series)


def _with_events(series: Sequence[Series]) -> tuple[Series, ...]:
    """Return the series, those of one kind and source that are of several events with the event's place or time."""
    several = Counter((one.kind, one.source) for one in series if not one.in_front)
    return tuple(
        replace(one, event=_event(one)) if several[one.kind, one.source] > 1 else one for one in series
    )


def _event(series: Series) -> str | None:
    keys = (point.claim.event_key for point in reversed(series.points))
    return next((key.place or key.time for key in keys if key and (key.place or key.time)), None)


def headline_series(history: History, *, without: Collection[int] = ()) -> tuple[Series, ...]:
    """Return what the headlines alone say, a series a kind, whether the text says the same or not.

    Args:
        history: Whose headlines to read.
        without: Numbers of revisions to pass over.
    """
    steps = {step.after.number: step for step in history.transitions}
    runs: dict[ClaimKind, list[list[Point]]] = {}
    for order, revision in enumerate(one for one in trusted(history) if one.number not in without):
        best: dict[ClaimKind, Claim] = {}
        for claim in claims_of(revision.article):
            if claim.place is Place.HEADLINE and is_counted(claim):
                known = best.get(claim.kind)
                best[claim.kind] = claim if known is None or rank_of(claim) > rank_of(known) else known
        for kind, claim in best.items():
            turned = _turned(claim, steps.get(revision.number))
            point = Point(revision=revision, order=order, claim=claim, turned=turned)
            mine = runs.setdefault(kind, [])
            if turned or not mine:
                mine.append([])
            mine[-1].append(point)
    return tuple(_of_headlines(points, history.url) for mine in runs.values() for points in mine)


def _of_headlines(points: Sequence[Point], url: str) -> Series:
    """Return a series of headlines: the people counted where each names them in the same words, and every source in order."""
    known = _series(points, url)
    named = {folded(point.claim.who or "") for point in points}
    sources = {source_key(point.claim): source(point.claim) for point in points}
    if len(sources) > 1:
        first, *rest = sources.values()
        known = replace(known, source=f"{first}, then {rest[0] if len(rest) == 1 else 'others'}")
    return known if len(named) == 1 else replace(known, who=None)


def _turned(claim: Claim, step: Transition | None) -> bool:
    """Return whether a headline written anew in this step may have taken its number from another event."""
    return (
        step is not None
        and claim.place is Place.HEADLINE
        and any(
            change.other_event
            and change.claim_after is not None
            and change.claim_after.place is Place.HEADLINE
            and change.claim_after.kind is claim.kind
            and same_number(change.claim_after, claim)
            for change in step.changes
        )
    )


_Moved = frozenset[tuple[tuple[int | str | None, ...], ...]]


def _numbers_moved(step: Transition | None) -> _Moved:
    """Return the numbers before and after of each figure that the comparison of two versions followed."""
    return frozenset(
        (number_key(change.claim_before), number_key(change.claim_after))
        for change in (step.changes if step else ())
        if change.claim_before is not None and change.claim_after is not None and not change.other_event
    )


def _home(
    point: Point,
    found: Sequence[Sequence[Point]],
    taken: Collection[int],
    step: Transition | None,
    moved: _Moved,
) -> int | None:
    """Find the series that a figure continues: same kind and source, and people who may be the same.

    A figure that differs from the one right before it continues a series only where the comparison of the
    two versions found that the one became the other. A headline that may have turned to another event begins
    a series of its own.
    """
    if point.turned:
        return None
    fits = [
        (
            source_key(points[-1].claim) == source_key(point.claim),
            same_number(points[-1].claim, point.claim),
            likely_same_people(points[-1].claim, point.claim),
            -index,
        )
        for index, points in enumerate(found)
        if index not in taken and _continues(points[-1], point, step, moved)
    ]
    return -max(fits)[-1] if fits else None


def _renamed(
    point: Point, found: Sequence[Sequence[Point]], taken: Collection[int], step: Transition | None
) -> int | None:
    """Find the series whose people a figure calls by other words: one source's same number in the next version.

    No other figure of that version continues it, and the comparison of the two found no other people there.
    """
    claim = point.claim
    if step is None or point.turned or claim.attribution is None:
        return None
    for index, points in enumerate(found):
        last = points[-1]
        if (
            index not in taken
            and last.revision.number == step.before.number
            and last.claim.kind is claim.kind
            and same_number(last.claim, claim)
            and same_source(last.claim, claim) is True
            and not other_event(last.claim, claim)
        ):
            return None if _is_altered(claim, step) else index
    return None


def _is_altered(claim: Claim, step: Transition) -> bool:
    return any(
        change.type in (ChangeType.ALTERED, ChangeType.ADDED)
        and change.claim_after is not None
        and change.claim_after.kind is claim.kind
        and same_number(change.claim_after, claim)
        for change in step.changes
    )


def _continues(last: Point, point: Point, step: Transition | None, moved: _Moved) -> bool:
    if not is_same_count(last.claim, point.claim):
        return False
    if same_number(last.claim, point.claim) or step is None or step.before.number != last.revision.number:
        return True
    return (number_key(last.claim), number_key(point.claim)) in moved


def _series(points: Sequence[Point], url: str) -> Series:
    last = points[-1].claim
    who = next((point.claim.who for point in reversed(points) if point.claim.who), None)
    return Series(kind=last.kind, source=source(last), who=who, url=url, points=tuple(points))


def follows_all(history: History) -> bool:
    """Return whether every toll of every version is followed: fewer than `MOST_FOLLOWED` were found."""
    counts = [[claim for claim in claims_of(one.article) if is_counted(claim)] for one in trusted(history)]
    numbers = {(c.kind, source_key(c), c.who, c.event_key, *number_key(c)) for one in counts for c in one}
    if len(numbers) < MOST_FOLLOWED:
        return True
    whole = all(len(one) < MOST_FOLLOWED or len(largest_in(one)) < MOST_FOLLOWED for one in counts)
    return whole and len(series_in(history)) < MOST_FOLLOWED


def _is_new(known: Collection[str], claim: Claim) -> bool:
    return source_key(claim) not in known


def height(series: Series) -> float:
    """Return the largest figure of a series."""
    return max(level(point.claim) or 0 for point in series.points)
