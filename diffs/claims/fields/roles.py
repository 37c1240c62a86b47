"""What a number does to its count, what it counts, and how far it has been established."""

import re
from collections.abc import Sequence

from diffs.claims.fields.words import FieldWords
from diffs.model import Claim, Polarity, Role, Scope, Status, Unit

_TOLLS = frozenset({"toll", "total"})
_NOUNS = frozenset({"counted"})  # "had earlier reported nine deaths"
_PRIOR = "prior_toll"
_NEAR = 45  # characters in which "earlier" or "confirmed" belongs to a number
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def role_of(text: str, claims: Sequence[Claim], index: int, words: FieldWords) -> Role:
    """Return the role of one of the claims of a sentence, `text` with plain quotes and dashes."""
    claim = claims[index]
    ahead, after = text[: claim.start], text[claim.end :]
    if claim.polarity is Polarity.DENIED and words.withdrawing.search(ahead):
        return Role.WITHDRAWN
    if _is_older(text, claims, index, words):
        return Role.SUPERSEDED
    if toll_raised(text, claims, index, words) is not None:
        return Role.INCREMENT
    if claim.explicit and (words.before.search(ahead) or words.behind.match(after)):
        earlier = [other for other in claims[:index] if other.explicit]
        if not earlier or all(other.kind is claim.kind for other in earlier):
            return Role.INCREMENT
    return Role.PART if claim.scope is Scope.SUBSET else Role.TOTAL


def toll_raised(text: str, claims: Sequence[Claim], index: int, words: FieldWords) -> Claim | None:
    """Return the later toll of its kind that a count brought about ("two died, bringing the toll to 9"), or None."""
    claim = claims[index]
    if claim.rule in _TOLLS:
        return None
    for other in claims[index + 1 :]:
        if other.kind is claim.kind and other.rule in _TOLLS and other.explicit:
            between = text[claim.end : other.start]
            larger = (other.value or other.low or 0) > (claim.value or claim.low or 0)
            return other if larger and words.results.search(between) else None
    return None


def is_inside(text: str, claims: Sequence[Claim], index: int, words: FieldWords) -> bool:
    """Return whether a count stated as an event's is inside the toll of that event which it raised."""
    if claims[index].scope is not Scope.EVENT or not claims[index].explicit:
        return False
    toll = toll_raised(text, claims, index, words)
    return toll is not None and toll.scope is Scope.EVENT


def _is_older(text: str, claims: Sequence[Claim], index: int, words: FieldWords) -> bool:
    claim = claims[index]
    if claim.rule == _PRIOR:
        return True
    begin = max(claims[index - 1].end if index else 0, claim.start - _NEAR)
    ahead = text[begin : claim.start]
    if claim.scope is Scope.BACKGROUND and words.linking.search(ahead):
        return any(other.kind is claim.kind and other.rule in _TOLLS for other in claims)
    clause = re.split(r"[;,(]", ahead)[-1]
    counted = claim.rule in _TOLLS or (
        claim.rule in _NOUNS and claim.scope is Scope.EVENT and claim.attribution
    )
    return bool(counted) and words.older.search(clause) is not None


def unit_of(claim: Claim, words: FieldWords) -> Unit:
    """Return what a claim counts by the head noun of its victims, or its cue."""
    head = _head(claim.who or claim.cue, words)
    spelled = claim.sentence[: claim.start].rstrip().casefold().endswith(tuple(words.of))
    if head in words.families and not spelled:
        return Unit.FAMILIES
    if head in words.bodies or (claim.who is None and claim.cue.casefold() in words.bodies):
        return Unit.BODIES
    return Unit.GROUPS if head in words.groups else Unit.PEOPLE


def _head(phrase: str, words: FieldWords) -> str:
    head = ""
    for word in _WORD.findall(phrase.casefold()):
        if word in words.cut and head:
            break
        head = word
    return head


def status_of(text: str, claim: Claim, stop: int, words: FieldWords) -> Status | None:
    """Return how far a claim has been established, `stop` being where the next claim of its sentence begins."""
    if claim.polarity is Polarity.DOUBTED:
        return Status.UNDER_VERIFICATION
    if claim.hedge and words.presumed.search(claim.hedge):
        return Status.PRESUMED
    begin = max(0, claim.start - _NEAR)
    near = text[begin : min(stop, claim.end + 2 * _NEAR)]
    if words.unverified.search(near):
        return Status.UNDER_VERIFICATION
    said = text.find(claim.attribution) if claim.attribution else -1
    spans = [near]
    if said >= 0 and claim.attribution:
        spans.append(text[max(0, said - 15) : said + len(claim.attribution) + 25])
    for span in spans:
        found = words.confirmed.search(span)
        if found and not words.negations.search(span[: found.start()]):
            return Status.CONFIRMED
    return None
