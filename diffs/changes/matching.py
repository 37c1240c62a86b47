"""Casualty claims of one version matched with those of the next."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from operator import itemgetter

from diffs.align import Pair, comparable
from diffs.changes.doubts import cue_stands_in, number_stands_in
from diffs.changes.sources import same_name
from diffs.claims.fields import other_event
from diffs.edits import edits_between
from diffs.language.en import ENGLISH
from diffs.model import AttributionClass, Claim, EditOp, Evidence, Place, Scope
from diffs.text import folded

_GENERIC = ENGLISH.words("people.generic")
_ANYONE = ENGLISH.words("people.anyone")
_SMALL = ENGLISH.words("stop.little", "stop.in_victims")
_FRONT = (Place.HEADLINE, Place.STANDFIRST)
_FAR = 4  # ratio from which a number is hardly the same count of another source in another passage
_ENOUGH = 2.0  # score from which two claims are versions of each other


@dataclass(frozen=True, slots=True)
class Match:
    """A claim before and what became of it; one of the two is None where it came or went.

    Attributes:
        old: The claim before.
        new: The claim after.
        in_place: True where both have their number at one place of an aligned passage.
    """

    old: Claim | None
    new: Claim | None
    in_place: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a claim stands in the alignment of two versions.

    Attributes:
        pair: Number of the aligned passage, or None where the passage has no counterpart.
        slot: Place in the passage that both versions share: claims at one slot replaced each other.
        order: Rank among the claims of its version, 0 to 1.
        other: The other version's wording of the passage, empty where it has none.
    """

    pair: int | None
    slot: tuple[str, int] | None
    order: float
    other: str = ""


def figure_of(claim: Claim) -> tuple[int | None, int | None, int | None]:
    """Return the numbers of a claim, which do not tell how they are qualified."""
    return claim.value, claim.low, claim.high


def number_of(claim: Claim) -> int | None:
    """Return the one number a claim is compared by: its value, else its lower bound."""
    return claim.value if claim.value is not None else claim.low


def same_number(old: Claim, new: Claim) -> bool:
    """Return whether two claims state one number, however qualified; a range needs both its ends."""
    if old.value is None and new.value is None:
        return (old.low, old.high, old.qualifier) == (new.low, new.high, new.qualifier)
    return old.value is not None and old.value == new.value


def number_key(claim: Claim) -> tuple[int | str | None, ...]:
    """Return what two claims share exactly where `same_number` holds of them."""
    if claim.value is None:
        return claim.low, claim.high, claim.qualifier
    return (claim.value,)


def is_part(claim: Claim) -> bool:
    """Return whether a claim counts a part of another count."""
    return claim.scope is Scope.SUBSET


def likely_same_people(old: Claim, new: Claim) -> float:
    """Return how alike two descriptions of victims are, -1 (others) to 1 (the same words).

    Words compare by their first four letters, so that neither number nor spelling tells people apart.
    """
    words = [_described(claim.who) for claim in (old, new)]
    bare = [not side or bool(side & _GENERIC and len(side) <= 2) for side in words]
    if words[0] == words[1]:
        return 0.6 if bare[0] else 1.0
    if all(bare):
        return 0.4
    if any(bare):
        return 0.0
    stems = [{word[:4] for word in side} for side in words]
    shared = 2 * len(stems[0] & stems[1]) / (len(stems[0]) + len(stems[1]))
    return 2.4 * min(shared, 0.8) - 1.0 if shared else -1.0


def other_people(one: Claim, other: Claim) -> bool:
    """Return whether two descriptions each name people whom the other does not: men and women, two countries' soldiers."""
    stems = [{word[:4] for word in _described(claim.who) - _ANYONE} for claim in (one, other)]
    return bool(stems[0] - stems[1]) and bool(stems[1] - stems[0])


@lru_cache(maxsize=4096)
def _described(who: str | None) -> frozenset[str]:
    return frozenset(word for word in re.split(r"[\W\d_]+", folded(who or "")) if word and word not in _SMALL)


def same_source(old: Claim, new: Claim) -> bool | None:
    """Return whether two claims come from one source; None where either names none."""
    if old.attribution is None or new.attribution is None:
        return True if old.attribution is new.attribution else None
    return old.attribution == new.attribution or same_name(old.attribution, new.attribution)


def rival_sources(old: Claim, new: Claim) -> bool:
    """Return whether two claims come from two sources that each keep their own count."""
    if same_source(old, new) is not False:
        return False
    return AttributionClass.PARTY in (old.attribution_class, new.attribution_class)


def matches_between(
    old: Sequence[Claim], new: Sequence[Claim], spots_old: Sequence[Spot], spots_new: Sequence[Spot]
) -> tuple[Match, ...]:
    """Match the claims of two versions, each at most once.

    Evidence comes first: claims at one slot of an aligned passage. Then the figure, the victims, the
    source and the scope. A part never matches a whole and rivals never match each other unless the
    figure itself is the same. A claim without a match whose number and trigger both still stand in the
    other version, unread there, is left out: the readings differ, the texts do not.
    """
    heads = [_totals(claims) for claims in (old, new)]
    alone = [_alone(claims) for claims in (old, new)]
    pairs = _kept(old, new, spots_old, spots_new)
    taken = set(pairs.values())
    candidates = []
    left = [i for i in range(len(old)) if i not in pairs], [j for j in range(len(new)) if j not in taken]
    for i, j in comparable(*left):
        if old[i].kind is not new[j].kind:
            continue
        score = _score(old[i], new[j], spots_old[i], spots_new[j])
        if score is None:
            continue
        score += 1.5 * (i in heads[0] and j in heads[1])
        score += 0.5 * (i in alone[0] and j in alone[1] and not _far_apart(old[i], new[j]))
        if score >= _ENOUGH:
            candidates.append((-score, abs(i - j), min(i, j), max(i, j), i, j))
    candidates.sort()
    for *_, i, j in candidates:
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    matched = [Match(old[i], new[j], _replaced(spots_old[i], spots_new[j])) for i, j in sorted(pairs.items())]
    read = [_read(old, spots_old), _read(new, spots_new)]
    gone = [
        Match(claim, None)
        for i, claim in enumerate(old)
        if i not in pairs and not _unread(claim, spots_old[i], read[1])
    ]
    come = [
        Match(None, claim)
        for j, claim in enumerate(new)
        if j not in taken and not _unread(claim, spots_new[j], read[0])
    ]
    return (*matched, *gone, *come)


def _kept(
    old: Sequence[Claim], new: Sequence[Claim], spots_old: Sequence[Spot], spots_new: Sequence[Spot]
) -> dict[int, int]:
    """Return the claims that stand unchanged at one slot, where no other claim of their kind stands.

    Such two score at least 10.4 with each other and at most 9.7 with any other claim, so they need no search.
    """
    sides = [
        _at_slots(claims, spots) for claims, spots in zip((old, new), (spots_old, spots_new), strict=True)
    ]
    found = {}
    for key, i in sides[0].items():
        j = sides[1].get(key)
        if i is not None and j is not None and _unchanged(old[i], new[j]):
            found[i] = j
    return found


def _at_slots(claims: Sequence[Claim], spots: Sequence[Spot]) -> dict[tuple[object, ...], int | None]:
    """Return the claim of each kind at each slot of unchanged text, None where there are several."""
    found: dict[tuple[object, ...], int | None] = {}
    for index, (claim, spot) in enumerate(zip(claims, spots, strict=True)):
        if spot.pair is not None and spot.slot is not None and spot.slot[0] == "same":
            key = (claim.kind, spot.pair, spot.slot)
            found[key] = None if key in found else index
    return found


def _unchanged(old: Claim, new: Claim) -> bool:
    aspects = [(claim.scope, claim.qualifier, claim.explicit, _described(claim.who)) for claim in (old, new)]
    return aspects[0] == aspects[1] and same_number(old, new) and same_source(old, new) is True


def _replaced(old: Spot, new: Spot) -> bool:
    return old.pair is not None and old.pair == new.pair and old.slot is not None and old.slot == new.slot


def _kept_elsewhere(old: Spot, new: Spot) -> bool:
    """Return whether the number of either claim still stands, unchanged, at another place than the other's."""
    return old.slot != new.slot and any(
        spot.slot is not None and spot.slot[0] == "same" for spot in (old, new)
    )


def _read(claims: Sequence[Claim], spots: Sequence[Spot]) -> frozenset[tuple[int | None, object]]:
    """Return the slots and the numbers of each passage that claims were read from."""
    pairs = zip(claims, spots, strict=True)
    return frozenset((spot.pair, mark) for claim, spot in pairs for mark in (spot.slot, number_of(claim)))


def _unread(claim: Claim, spot: Spot, read: Collection[tuple[int | None, object]]) -> bool:
    """Return whether a claim's number and trigger stand in the other version, where nothing was read from them."""
    if spot.slot is None or (spot.pair, spot.slot) in read or not cue_stands_in(claim, spot.other):
        return False
    if spot.slot[0] == "same":
        return True
    if (spot.pair, claim.value) in read or claim.value is None:
        return False
    return number_stands_in(claim.value, spot.other)


def _totals(claims: Sequence[Claim]) -> frozenset[int]:
    """Return the claims that lead their kind: the largest count of the event itself, by first mention."""
    best: dict[str, int] = {}
    for index, claim in enumerate(claims):
        number = number_of(claim)
        if claim.scope is not Scope.EVENT or number is None:
            continue
        held = best.get(claim.kind)
        if held is None or number > (number_of(claims[held]) or 0):
            best[claim.kind] = index
    return frozenset(best.values())


def _alone(claims: Sequence[Claim]) -> frozenset[int]:
    """Return the claims that are the only printed count of the event of their kind."""
    found: dict[str, list[int]] = {}
    for index, claim in enumerate(claims):
        if claim.explicit and claim.scope is Scope.EVENT:
            found.setdefault(claim.kind, []).append(index)
    return frozenset(mine[0] for mine in found.values() if len(mine) == 1)


def _score(old: Claim, new: Claim, spot_old: Spot, spot_new: Spot) -> float | None:
    """Score how surely one claim became the other, of one kind with it, or None where it cannot have."""
    same = same_number(old, new)
    if not same and (is_part(old) != is_part(new) or rival_sources(old, new)):
        return None
    if (
        not same
        and _far_apart(old, new)
        and Scope.CUMULATIVE in {old.scope, new.scope}
        and old.scope is not new.scope
    ):
        return None
    score = 0.0
    together = spot_old.pair is not None and spot_old.pair == spot_new.pair
    if not together and other_event(old, new):
        if not same:
            return None
        score -= 1.5
    if together:
        score += 2.0
        if _replaced(spot_old, spot_new) and spot_old.slot is not None:
            score += 4.0 if spot_old.slot[0] == "same" else 3.0
    elif (old.place in _FRONT) != (new.place in _FRONT):
        score -= 0.5
    if not same and _kept_elsewhere(spot_old, spot_new):
        score -= 3.0
    score += 2.5 * same
    score += 1.5 * likely_same_people(old, new)
    source = same_source(old, new)
    score -= 1.5 * (source is not True and not together and _far_apart(old, new))
    score += 0.0 if source is None else 0.3 if old.attribution is None else 1.0 if source else -1.0
    score += 1.0 if old.scope is new.scope else -1.5
    score += 0.2 * (old.qualifier is new.qualifier) - 0.5 * (old.explicit is not new.explicit)
    return score - 0.5 * abs(spot_old.order - spot_new.order)


def _far_apart(old: Claim, new: Claim) -> bool:
    """Return whether two numbers differ so much that only their passage or source could make one the other."""
    numbers = sorted(number_of(claim) or 0 for claim in (old, new))
    return numbers[0] > 0 and numbers[1] > _FAR * numbers[0]


# --------------------------------------------------------------------------- spots


class Ground:
    """One version's side of an alignment, in which claims find their spots."""

    def __init__(self, pairs: Sequence[Pair], texts: Sequence[tuple[str, str]], *, old: bool) -> None:
        """Lay the ground.

        Args:
            pairs: The aligned sentences of the body.
            texts: The text of each pair, then the headline and the standfirst, each as (before, after); empty where
                there is none.
            old: True for the side before, False for the side after.
        """
        self.texts = texts
        self.first_head = len(pairs)
        self.old = old
        self.places: defaultdict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
        for number, pair in enumerate(pairs):
            self._lay(number, pair)
        for places in self.places.values():
            places.sort()

    def _lay(self, number: int, pair: Pair) -> None:
        """Remember where in the joined text of pair `number` each of its sentences starts."""
        joined = 0
        for sentence in pair.old if self.old else pair.new:
            self.places[sentence.block].append((sentence.start, sentence.end, number, joined))
            joined += len(sentence.text) + 1

    def spots(self, claims: Sequence[Claim]) -> Iterator[Spot]:
        """Yield the spot of each claim of this version, given in reading order."""
        for index, claim in enumerate(claims):
            order = index / len(claims)
            found = self.locate(claim)
            if found is None or not all(self.texts[found[0]]):
                yield Spot(None, None, order)
            else:
                other = self.texts[found[0]][1 if self.old else 0]
                yield Spot(found[0], self._slot(*found), order, other)

    def locate(self, claim: Claim) -> tuple[int, int] | None:
        """Return the number of the passage a claim's number stands in and its offset there, or None."""
        at = claim.offset + claim.start
        if claim.block is None:
            index = _FRONT.index(claim.place) if claim.place in _FRONT else 0
            number = self.first_head + index
            return (number, at) if number < len(self.texts) else None
        places = self.places.get(claim.block, [])
        index = bisect_right(places, at, key=itemgetter(0)) - 1
        if index < 0 or at >= places[index][1]:
            return None
        start, _, number, joined = places[index]
        return number, at - start + joined

    def touching(self, where: Evidence) -> Iterator[int]:
        """Yield the numbers of the passages that a stretch of this version's body touches."""
        places = self.places.get(where.block, []) if where.block is not None else []
        first = max(0, bisect_right(places, where.start, key=itemgetter(0)) - 1)
        for start, end, number, _ in islice(places, first, None):
            if start >= where.end:
                return
            if where.start < end:
                yield number

    def _slot(self, number: int, at: int) -> tuple[str, int]:
        """Return the shared place of an offset: an offset of the new text, or the number of a difference."""
        texts = self.texts[number]
        if texts[0] == texts[1]:
            return ("same", min(at, len(texts[0])))
        mine = EditOp.DELETE if self.old else EditOp.INSERT
        passed = here = region = 0
        fresh = True
        for edit in edits_between(*texts):
            size = len(edit.text)
            if edit.op is EditOp.EQUAL:
                if at < here + size:
                    return ("same", passed + at - here)
                here, passed, fresh = here + size, passed + size, True
                continue
            region += fresh
            fresh = False
            if edit.op is mine:
                if at < here + size:
                    return ("swap", region)
                here += size
            if edit.op is EditOp.INSERT:
                passed += size
        return ("same", passed)
