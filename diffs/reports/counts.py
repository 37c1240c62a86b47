"""The counts that one version of an article states: per kind, source and people the largest number for the event."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from diffs.changes.matching import likely_same_people, same_number, same_source
from diffs.changes.sources import name_words, whole_names
from diffs.claims.fields import other_event
from diffs.model import Claim, ClaimKind, Place, Polarity, Qualifier, Role, Scope

FRONT = (Place.HEADLINE, Place.STANDFIRST)
_NO_TOLLS = (Role.SUPERSEDED, Role.WITHDRAWN, Role.INCREMENT)
# Counts of one version, and series of one history, that are followed: bounds the work on a page of nothing but tolls
# (benchmarks/bench_growth.py, 2026-11-28). Every change is listed whatever is followed.
MOST_FOLLOWED = 200
_PLACES = (Place.LEAD, Place.BODY, Place.STANDFIRST, Place.HEADLINE, Place.CAPTION)


def is_same_count(old: Claim, new: Claim) -> bool:
    """Return whether two claims of two versions are one source's count of people who may be the same."""
    return old.kind is new.kind and same_source(old, new) is True and likely_same_people(old, new) >= 0


def tolls_in(claims: Iterable[Claim]) -> list[Claim]:
    """Return the tolls of one version: per kind, source and people the largest number stated for the event.

    A figure without a source, or a headline's with its source in fewer words ("Ministry"), that a source of the
    text also gives is that source's figure; what the text states as its own is no figure of a headline's source. What a correction note says of an older version is no toll of
    this one.
    """
    best = largest_in(claims)
    return [claim for claim in best if not _repeats(claim, best)]


def largest_in(claims: Iterable[Claim]) -> list[Claim]:
    """Return the largest count of each kind, source and people, in order of first mention."""
    best: list[Claim] = []
    # A source named in the same words counts each kind of people apart.
    places: defaultdict[tuple[ClaimKind, str], list[int]] = defaultdict(list)
    counting = [claim for claim in claims if is_counted(claim)]
    whole = whole_names(claim.attribution for claim in counting if claim.attribution)
    for claim in counting:
        mine = places[claim.kind, source_key(claim, whole)]
        index = next((number for number in mine if _one_count(best[number], claim)), None)
        if index is None:
            if len(best) < MOST_FOLLOWED:
                mine.append(len(best))
                best.append(claim)
        elif rank_of(claim) > rank_of(best[index]):
            best[index] = claim
    return best


def _one_count(one: Claim, other: Claim) -> bool:
    """Return whether two claims of one version and one source, named in the same words, count the same."""
    return is_same_count(one, other) and not _other_events(one, other)


def _other_events(one: Claim, other: Claim) -> bool:
    """Return whether two claims of one version count two events; one number told twice is one event's."""
    return not same_number(one, other) and other_event(one, other)


def source_key(claim: Claim, whole: Mapping[str, str] | None = None) -> str:
    """Return the words of a source as they compare, in any order and spelling; of one that `whole` has, the whole name's."""
    name = claim.attribution or ""
    return " ".join(sorted(name_words((whole or {}).get(name, name))))


def is_counted(claim: Claim) -> bool:
    """Return whether a claim is a toll of the event itself that the version asserts or doubts."""
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
        fits = claim.place in FRONT or toll.place not in FRONT
        return fits and claim.attribution is None and toll.attribution is not None
    short, long = (frozenset(source_key(one).split()) for one in (claim, toll))
    return claim.place in FRONT and toll.place not in FRONT and short < long


def level(claim: Claim) -> float | None:
    """Return the number at which a claim is drawn: its value, the middle of its range, or its only bound."""
    if claim.value is not None:
        return claim.value
    if claim.low is not None and claim.high is not None:
        return (claim.low + claim.high) / 2
    return claim.low if claim.low is not None else claim.high


def levels_in(claims: Iterable[Claim]) -> list[float]:
    """Return the numbers of successive figures to see which way they went; a vague word says of none that it fell or rose."""
    found: list[float] = []
    for claim in claims:
        kept = claim.qualifier is Qualifier.VAGUE and found
        found.append(found[-1] if kept else (level(claim) or 0))
    return found


def rank_of(claim: Claim) -> tuple[bool, float, int]:
    """Return by what the largest of several counts is chosen: printed, large, near the top."""
    return claim.explicit, level(claim) or 0, -_PLACES.index(claim.place)
