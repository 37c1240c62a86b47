"""Figures inside one version that cannot both be right."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from math import inf

from diffs.changes.identity import address_of
from diffs.changes.matching import likely_same_people, same_source
from diffs.changes.readings import claims_of
from diffs.claims.fields import other_event
from diffs.language.en import ENGLISH
from diffs.model import (
    Article,
    Claim,
    Contradiction,
    Place,
    Polarity,
    Qualifier,
    Revision,
    Role,
    Scope,
    digest_of,
)

_FRONT = (Place.HEADLINE, Place.STANDFIRST)
_BODY = (Place.LEAD, Place.BODY)
_OPEN = (Qualifier.AT_LEAST, Qualifier.MORE_THAN)
# Exact figures of one kind after each that it is held against: bounds the work on a page of nothing but figures
# (benchmarks/bench_growth.py, 2026-11-28).
MOST_BESIDE = 200
# Contradictions of one body that are named. Of a page of 400 figures on their own every two disagreed: 80,000 made a
# report that was never finished (2026-11-28); no page of news seen has ten.
MOST_FOUND = 50
# Words of a sentence that itself tells how a figure moved: the older figure in it is no contradiction.
_MOVING = ENGLISH.pattern("contradictions.moving", re.IGNORECASE)

# Words of a sentence that speaks of another day, place, cause or group than the one that the text is about.
_APART = ENGLISH.pattern("contradictions.apart", re.IGNORECASE)
_NAME = re.compile(r"(?<=[\w,;] )[A-Z][\w'’-]+")


def contradictions_in(article: Article) -> tuple[Contradiction, ...]:
    """Find the casualty figures of one version that disagree.

    A headline (or standfirst) is stale where the body counts the same people and no figure of the body
    agrees with the headline's. In the body, two exact figures disagree where one named source gives both
    for the same people, or where the text states both as its own and neither sentence says that it speaks
    of another day, place or group. Parts, increments, periods, other events, denials and suspect articles are left out.
    """
    if article.suspect:
        return ()
    claims = _totals(article)
    body = [claim for claim in claims if claim.place in _BODY]
    address = address_of(article)
    found = [_contradiction(*pair, address, stale=True) for pair in _stale(claims, body)]
    found += [_contradiction(*pair, address, stale=False) for pair in islice(_inner(body), MOST_FOUND)]
    return tuple({one.id: one for one in reversed(found)}.values())[::-1]


def names_all(article: Article) -> bool:
    """Return whether `contradictions_in` held all figures of a version against each other, and gives every pair that disagrees."""
    if article.suspect:
        return True
    body = [claim for claim in _totals(article) if claim.place in _BODY]
    exact = Counter(claim.kind for claim in body if claim.qualifier is Qualifier.EXACT)
    if max(exact.values(), default=0) > MOST_BESIDE + 1:
        return False
    return sum(1 for _ in islice(_inner(body), MOST_FOUND + 1)) <= MOST_FOUND


def _totals(article: Article) -> list[Claim]:
    return [
        claim
        for claim in claims_of(article)
        if claim.scope is Scope.EVENT and claim.polarity is Polarity.ASSERTED and claim.role is Role.TOTAL
    ]


def _stale(claims: Sequence[Claim], body: Sequence[Claim]) -> Iterator[tuple[Claim, Claim]]:
    for claim in claims:
        if claim.place not in _FRONT or not claim.explicit:
            continue
        rivals = [
            other
            for other in body
            if other.kind is claim.kind
            and other.explicit
            and likely_same_people(claim, other) > 0.0
            and not other_event(claim, other)
        ]
        if rivals and not any(agree(claim, other) for other in rivals):
            yield claim, rivals[0]


def _inner(body: Sequence[Claim]) -> Iterator[tuple[Claim, Claim]]:
    facts = _Figures(body)
    exact: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in body:
        if claim.qualifier is Qualifier.EXACT:
            exact[claim.kind].append(claim)
    ranks = {id(claim): (claim.kind, rank) for claims in exact.values() for rank, claim in enumerate(claims)}
    for one in body:
        if id(one) not in ranks:
            continue
        kind, rank = ranks[id(one)]
        for other in exact[kind][rank + 1 : rank + 1 + MOST_BESIDE]:
            if (
                one.value != other.value
                and one.sentence != other.sentence
                and same_source(one, other) is True
                and not other_event(one, other)
                and likely_same_people(one, other) >= 0.4
                and not (_MOVING.search(one.sentence) or _MOVING.search(other.sentence))
                and (one.attribution is not None or _both_stated(one, other, facts))
            ):
                yield one, other


class _Figures:
    """What figures a body gives: by sentence and kind how many, by kind which values."""

    def __init__(self, body: Sequence[Claim]) -> None:
        self.numbers = Counter(map(_spot, body))
        self.values: defaultdict[str, set[int | None]] = defaultdict(set)
        for claim in body:
            self.values[claim.kind].add(claim.value)


def _spot(claim: Claim) -> tuple[str, int | None, int]:
    return claim.kind, claim.block, claim.offset


def _both_stated(one: Claim, other: Claim, facts: _Figures) -> bool:
    """Return whether the text itself states two figures for one count: printed, in sentences of their own.

    Nothing says that either counts another day, place or group, or that a third figure adds them up.
    """
    pair = (one, other)
    if not all(claim.explicit for claim in pair) or any(_APART.search(claim.sentence) for claim in pair):
        return False
    if any(facts.numbers[_spot(claim)] > 1 for claim in pair):
        return False
    names = [frozenset(_NAME.findall(claim.sentence)) for claim in pair]
    if names[0] - names[1] and names[1] - names[0]:
        return False
    values = sorted(claim.value or 0 for claim in pair)
    known = facts.values[one.kind]
    return values[0] > 1 and sum(values) not in known and values[1] - values[0] not in known


def agree(one: Claim, other: Claim) -> bool:
    """Return whether two figures can both be right: `7` and `at least 7` can, `at least 12` and `at least 15` lag."""
    if one.qualifier in _OPEN and other.qualifier in _OPEN:
        low, high = sorted((one.value or 0, other.value or 0))
        return low == high or (low % 10 == 0 and high - low <= 0.1 * high)
    bounds = [_bounds(claim) for claim in (one, other)]
    return bounds[0][0] <= bounds[1][1] and bounds[1][0] <= bounds[0][1]


def _bounds(claim: Claim) -> tuple[float, float]:
    if claim.qualifier is Qualifier.ABOUT and claim.value is not None:
        return 0.85 * claim.value, 1.15 * claim.value
    return (0 if claim.low is None else claim.low), (inf if claim.high is None else claim.high)


def _contradiction(one: Claim, other: Claim, address: str, *, stale: bool) -> Contradiction:
    """Return a contradiction with an id of its numbers, which lasts while the words around them are edited."""
    numbers = (
        f"{claim.kind}|{claim.qualifier}|{claim.value}|{claim.low}|{claim.high}" for claim in (one, other)
    )
    identity = digest_of("contradiction", address, *numbers, "stale" if stale else "inner")
    return Contradiction(id=identity[:16], one=one, other=other, stale_headline=stale)


def contradictions_over(revisions: Sequence[Revision]) -> tuple[Contradiction, ...]:
    """Return the contradictions of trusted revisions in order of time, each once for the run that shows it."""
    running: dict[str, Contradiction] = {}
    found: list[Contradiction] = []
    for index, revision in enumerate(revisions):
        here = {}
        for one in contradictions_in(revision.article):
            known = running.get(one.id)
            since, arose = (revision.number, index > 0) if known is None else (known.since, known.arose)
            here[one.id] = replace(one, since=since, until=revision.number, arose=arose)
        found += [one for identity, one in running.items() if identity not in here]
        running = here
    found += running.values()
    return tuple(sorted(found, key=lambda one: (one.since, one.id)))
