"""The few claims that lead an article: its own toll, and none that it recalls."""

from collections.abc import Sequence

from diffs.claims.article import claims_in
from diffs.claims.fields import field_words, names_of, other_event
from diffs.language import pack_for
from diffs.model import Article, Claim, ClaimKind, Place, Polarity, Qualifier, Role, Scope

_RANK = {
    Place.LEAD: 0,
    Place.HEADLINE: 1,
    Place.STANDFIRST: 2,
    Place.BODY: 3,
    Place.CAPTION: 4,
    Place.CORRECTION: 5,
}
_DEFAULT = "en"
_OPENING = (Place.LEAD, Place.HEADLINE, Place.STANDFIRST)


def leading_claims(article: Article) -> tuple[Claim, ...]:
    """Return the article's own toll: for each kind and source the one claim a reader takes away.

    Only figures of this event that are asserted or doubted count, no older or added ones, and none of a correction note. Of several by
    one source the first in lead, headline, standfirst and body order wins, a later one only where it is a printed number and the earlier
    is vague. Where the opening tells of two events, each has its own; what only the body tells of another event does not lead, unless
    the headline names its place. An article whose opening only recalls an older event has no toll of its own.
    """
    claims = sorted(claims_in(article), key=lambda claim: _RANK[claim.place])
    recalls = _recalls(claims)
    best: dict[tuple[ClaimKind, str], list[Claim]] = {}
    leading: list[Claim] = []
    for claim in claims:
        if not _may_lead(claim) or (recalls and claim.place not in _OPENING):
            continue
        elsewhere = any(other_event(claim, other) for other in leading)
        if elsewhere and claim.place not in _OPENING and not _is_announced(claim, article.headline):
            continue
        leading.append(claim)
        held = best.setdefault((claim.kind, (claim.attribution or "").casefold()), [])
        index = next((n for n, other in enumerate(held) if not other_event(claim, other)), None)
        if index is None:
            held.append(claim)
        elif held[index].qualifier is Qualifier.VAGUE and claim.qualifier is not Qualifier.VAGUE:
            held[index] = claim
    return tuple(claim for held in best.values() for claim in held)


def _recalls(claims: Sequence[Claim]) -> bool:
    """Return whether the opening counts the victims of an event of a year or of years ago, and of no other."""
    opening = [claim for claim in claims if claim.place in _OPENING and claim.explicit]
    return any(claim.scope is Scope.BACKGROUND and _is_old(claim) for claim in opening) and not any(
        claim.scope in {Scope.EVENT, Scope.CUMULATIVE} for claim in opening
    )


def _is_old(claim: Claim) -> bool:
    key = claim.event_key
    if key is None:
        return False
    words = field_words(pack_for(claim.sentence) or _DEFAULT)
    return key.year is not None or (key.time is not None and words.ago.search(key.time) is not None)


def _is_announced(claim: Claim, headline: str | None) -> bool:
    """Return whether the headline names the place of a claim's event."""
    place = claim.event_key.place if claim.event_key else None
    return place is not None and headline is not None and not names_of(place).isdisjoint(names_of(headline))


def _may_lead(claim: Claim) -> bool:
    """Return whether a claim can be the toll of its article's event."""
    return (
        claim.place is not Place.CORRECTION
        and claim.scope is Scope.EVENT
        and claim.role is Role.TOTAL
        and claim.polarity is not Polarity.DENIED
        and claim.explicit
    )
