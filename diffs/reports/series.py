"""The toll that each source gave, version by version."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

from diffs.changes.matching import likely_same_people, number_key, same_number, same_source
from diffs.changes.readings import claims_of
from diffs.changes.sources import name_words, whole_names
from diffs.claims.fields import other_event
from diffs.model import Change, Claim, ClaimKind, History, Place, Polarity, Revision, Role, Scope, Transition
from diffs.reports.wording import UNNAMED, amount, counted_as, source
from diffs.text import folded

_FRONT = (Place.HEADLINE, Place.STANDFIRST)
_NO_TOLLS = (Role.SUPERSEDED, Role.WITHDRAWN, Role.INCREMENT)
# Counts of one version, and series of one history, that are followed: bounds the work on a page of nothing but tolls
# (benchmarks/bench_growth.py, 2026-11-28). Every change is listed whatever is followed.
MOST_FOLLOWED = 200
_PLACES = (Place.LEAD, Place.BODY, Place.STANDFIRST, Place.HEADLINE, Place.CAPTION)


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
    """

    kind: ClaimKind
    source: str
    who: str | None
    url: str
    points: tuple[Point, ...]
    event: str | None = None

    @property
    def in_front(self) -> bool:
        """Whether only headlines and standfirsts give these figures."""
        return all(point.claim.place in _FRONT for point in self.points)

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
        return list(ClaimKind).index(self.kind)

    @property
    def steps(self) -> tuple[Point, ...]:
        """The points at which the figure differs from the one before."""
        kept: list[Point] = []
        for point in self.points:
            if not kept or amount(kept[-1].claim) != amount(point.claim):
                kept.append(point)
        return tuple(kept)


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
        moved = _numbers_moved(steps.get(revision.number))
        known = {source_key(points[-1].claim) for points in found}
        tolls = tolls_in(claims_of(revision.article))
        for claim in sorted(tolls, key=partial(_is_new, known)):
            step = steps.get(revision.number)
            point = Point(revision=revision, order=order, claim=claim, turned=_turned(claim, step))
            index = _home(point, found, taken, step, moved)
            if index is None:
                if len(found) == MOST_FOLLOWED:
                    continue
                found.append([point])
                index = len(found) - 1
            else:
                found[index].append(point)
            taken.add(index)
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
            if claim.place is Place.HEADLINE and _counts(claim):
                known = best.get(claim.kind)
                best[claim.kind] = claim if known is None or _rank(claim) > _rank(known) else known
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


def _continues(last: Point, point: Point, step: Transition | None, moved: _Moved) -> bool:
    if not _same_count(last.claim, point.claim):
        return False
    if same_number(last.claim, point.claim) or step is None or step.before.number != last.revision.number:
        return True
    return (number_key(last.claim), number_key(point.claim)) in moved


def _same_count(old: Claim, new: Claim) -> bool:
    return old.kind is new.kind and same_source(old, new) is True and likely_same_people(old, new) >= 0


def _series(points: Sequence[Point], url: str) -> Series:
    last = points[-1].claim
    who = next((point.claim.who for point in reversed(points) if point.claim.who), None)
    return Series(kind=last.kind, source=source(last), who=who, url=url, points=tuple(points))


def tolls_in(claims: Iterable[Claim]) -> list[Claim]:
    """Return the tolls of one version: per kind, source and people the largest number stated for the event.

    A figure without a source, or a headline's with its source in fewer words ("Ministry"), that a source of the
    text also gives is that source's figure; what the text states as its own is no figure of a headline's source. What a correction note says of an older version is no toll of
    this one.
    """
    best = _best(claims)
    return [claim for claim in best if not _repeats(claim, best)]


def follows_all(history: History) -> bool:
    """Return whether every toll of every version is followed: fewer than `MOST_FOLLOWED` were found."""
    counts = [[claim for claim in claims_of(one.article) if _counts(claim)] for one in trusted(history)]
    numbers = {(c.kind, source_key(c), c.who, c.event_key, *number_key(c)) for one in counts for c in one}
    if len(numbers) < MOST_FOLLOWED:
        return True
    whole = all(len(one) < MOST_FOLLOWED or len(_best(one)) < MOST_FOLLOWED for one in counts)
    return whole and len(series_in(history)) < MOST_FOLLOWED


def _best(claims: Iterable[Claim]) -> list[Claim]:
    best: list[Claim] = []
    # A source named in the same words counts each kind of people apart.
    places: defaultdict[tuple[ClaimKind, str], list[int]] = defaultdict(list)
    counting = [claim for claim in claims if _counts(claim)]
    whole = whole_names(claim.attribution for claim in counting if claim.attribution)
    for claim in counting:
        mine = places[claim.kind, source_key(claim, whole)]
        index = next((number for number in mine if _one_count(best[number], claim)), None)
        if index is None:
            if len(best) < MOST_FOLLOWED:
                mine.append(len(best))
                best.append(claim)
        elif _rank(claim) > _rank(best[index]):
            best[index] = claim
    return best


def _one_count(one: Claim, other: Claim) -> bool:
    """Return whether two claims of one version and one source, named in the same words, count the same."""
    return _same_count(one, other) and not _other_events(one, other)


def _other_events(one: Claim, other: Claim) -> bool:
    """Return whether two claims of one version count two events; one number told twice is one event's."""
    return not same_number(one, other) and other_event(one, other)


def source_key(claim: Claim, whole: Mapping[str, str] | None = None) -> str:
    """Return the words of a source as they compare, in any order and spelling; of one that `whole` has, the whole name's."""
    name = claim.attribution or ""
    return " ".join(sorted(name_words((whole or {}).get(name, name))))


def _is_new(known: Collection[str], claim: Claim) -> bool:
    return source_key(claim) not in known


def _counts(claim: Claim) -> bool:
    own = claim.scope is Scope.EVENT and claim.place is not Place.CORRECTION and claim.role not in _NO_TOLLS
    return own and claim.polarity is not Polarity.DENIED and level(claim) is not None


def _repeats(claim: Claim, tolls: Iterable[Claim]) -> bool:
    return any(
        toll is not claim
        and toll.kind is claim.kind
        and same_number(toll, claim)
        and likely_same_people(toll, claim) >= 0
        and _may_speak_for(toll, claim)
        for toll in tolls
    )


def _may_speak_for(toll: Claim, claim: Claim) -> bool:
    """Return whether a claim names the source of another one in fewer words, or not at all."""
    if claim.attribution is None or toll.attribution is None:
        fits = claim.place in _FRONT or toll.place not in _FRONT
        return fits and claim.attribution is None and toll.attribution is not None
    short, long = (frozenset(source_key(one).split()) for one in (claim, toll))
    return claim.place in _FRONT and toll.place not in _FRONT and short < long


def level(claim: Claim) -> float | None:
    """Return the number at which a claim is drawn: its value, the middle of its range, or its only bound."""
    if claim.value is not None:
        return claim.value
    if claim.low is not None and claim.high is not None:
        return (claim.low + claim.high) / 2
    return claim.low if claim.low is not None else claim.high


def height(series: Series) -> float:
    """Return the largest figure of a series."""
    return max(level(point.claim) or 0 for point in series.points)


def _rank(claim: Claim) -> tuple[bool, float, int]:
    return claim.explicit, level(claim) or 0, -_PLACES.index(claim.place)


def echoes_in(series: Sequence[Series]) -> dict[int, Series]:
    """Give, by the index of a text's series, the series of a headline's own source that moves along with it."""
    found: dict[int, Series] = {}
    for index, one in enumerate(series):
        for other in series:
            if not one.in_front and other.in_front and one.kind is other.kind and _path(one) == _path(other):
                found.setdefault(index, other)
    return found


def _path(series: Series) -> list[tuple[int, str]]:
    return [(point.order, amount(point.claim)) for point in series.steps]


def names_of(series: Sequence[Series]) -> list[str]:
    """Return what each series is called beside the others: its source, with its people where one has several."""
    shared = Counter((one.kind, one.label) for one in series)
    return [
        f"{one.label}: {one.who}" if shared[one.kind, one.label] > 1 and one.who else one.label
        for one in series
    ]


def headline_source(change: Change, transition: Transition) -> str | None:
    """Return the source to which the new headline gives a changed figure that the text states as its own."""
    claim = change.claim_after
    if claim is None or claim.attribution is not None or not change.also_in:
        return None
    named = (
        source(other)
        for other in claims_of(transition.after.article)
        if other.place is Place.HEADLINE and other.attribution is not None
        if other.kind is claim.kind and same_number(other, claim)
    )
    return next(named, None)


def counted_in(series: Series) -> str:
    """Return what a series counts: `killed: soldiers`, or only the kind where nobody is named."""
    return counted_as(series.kind, series.who)
