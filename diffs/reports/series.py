"""The toll that each source gave, version by version."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from diffs.claims import claims_in
from diffs.model import Article, Claim, ClaimKind, History, Place, Polarity, Revision, Scope
from diffs.reports.wording import UNNAMED, amount

_PLACES = (Place.LEAD, Place.BODY, Place.STANDFIRST, Place.HEADLINE, Place.CAPTION, Place.CORRECTION)
_FILLERS = frozenset(
    (
        *("a", "an", "the", "of", "for", "in", "from", "by", "to", "and", "with", "said", "says", "told"),
        *("according", "spokesman", "spokeswoman", "spokesperson", "spokespeople", "official", "officials"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What a source was said to count in one revision."""

    revision: Revision
    order: int
    claim: Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One source's figures of one kind through a history.

    Attributes:
        kind: What is counted.
        source: The source as it was last printed, or words that say there is none.
        url: The target.
        points: In order of time, at most one a revision.
    """

    kind: ClaimKind
    source: str
    url: str
    points: tuple[Point, ...]

    @property
    def steps(self) -> tuple[Point, ...]:
        """The points at which the figure differs from the one before."""
        kept: list[Point] = []
        for point in self.points:
            if not kept or amount(kept[-1].claim) != amount(point.claim):
                kept.append(point)
        return tuple(kept)


def trusted(history: History) -> list[Revision]:
    """Give the revisions that changes are claimed from, in order of time."""
    return [revision for revision in history.revisions if not revision.suspect]


@lru_cache(maxsize=1024)
def _claims_of(fingerprint: str, article: Article) -> tuple[Claim, ...]:
    del fingerprint
    return claims_in(article)


def claims_of(article: Article) -> tuple[Claim, ...]:
    """Give an article's claims; equal articles are read once."""
    return _claims_of(article.fingerprint, article)


def series_in(history: History) -> tuple[Series, ...]:
    """Give each source's series for the event itself, killed first, the longest and largest leading.

    Subsets, periods, earlier events and denied figures are other counts and stay out.
    """
    found: dict[tuple[ClaimKind, str], list[Point]] = defaultdict(list)
    for order, revision in enumerate(trusted(history)):
        for key, claim in tolls_in(claims_of(revision.article)).items():
            found[key].append(Point(revision=revision, order=order, claim=claim))
    series = [
        Series(kind=kind, source=_label(points), url=history.url, points=tuple(points))
        for (kind, _), points in found.items()
    ]
    kinds = list(ClaimKind)
    series.sort(
        key=lambda one: (kinds.index(one.kind), -len(one.steps), -len(one.points), -height(one), one.source)
    )
    return tuple(series)


def tolls_in(claims: Iterable[Claim]) -> dict[tuple[ClaimKind, str], Claim]:
    """Give the toll per kind and source of one version: the largest number stated for the event."""
    best: dict[tuple[ClaimKind, str], Claim] = {}
    for claim in claims:
        if claim.scope is not Scope.EVENT or claim.polarity is Polarity.DENIED or level(claim) is None:
            continue
        key = (claim.kind, source_key(claim.attribution))
        if key not in best or _rank(claim) > _rank(best[key]):
            best[key] = claim
    return best


def source_key(attribution: str | None) -> str:
    """Give what two spellings of a source share: its words in lower case without titles and articles."""
    if not attribution:
        return ""
    words = re.findall(r"[^\W_]+", attribution.casefold())
    kept = [word.removesuffix("s") for word in words if word not in _FILLERS]
    return " ".join(kept or words)


def level(claim: Claim) -> float | None:
    """Give the number at which a claim is drawn: its value, the middle of its range, or its only bound."""
    if claim.value is not None:
        return claim.value
    if claim.low is not None and claim.high is not None:
        return (claim.low + claim.high) / 2
    return claim.low if claim.low is not None else claim.high


def height(series: Series) -> float:
    """Give the largest figure of a series."""
    return max(level(point.claim) or 0 for point in series.points)


def _label(points: list[Point]) -> str:
    return next((point.claim.attribution for point in reversed(points) if point.claim.attribution), UNNAMED)


def _rank(claim: Claim) -> tuple[bool, float, int]:
    return claim.explicit, level(claim) or 0, -_PLACES.index(claim.place)
