"""Which further changes of a step are declared along with a figure that a note or a sentence of the step declares."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from diffs.align import Sentence, pair_of
from diffs.changes.casualty import NUMBER_TYPES
from diffs.changes.coverage import covering
from diffs.changes.matching import (
    is_part,
    likely_same_people,
    number_of,
    other_people,
    same_number,
    same_source,
)
from diffs.changes.sources import is_collective, is_short_for
from diffs.claims.fields import other_event
from diffs.language.en import ENGLISH
from diffs.language.figures import figures_in
from diffs.model import Change, ChangeKind, ChangeType, Claim, Disclosure, Evidence, Place, Polarity

_OPEN = (Disclosure.CORRECTION, Disclosure.EXPLAINED)
_ORDER = tuple(Disclosure)
_FROM = ENGLISH.pattern("explanations.from")
# Declared figures of one step that are looked through for each other figure of it: bounds the work.
_MOST = 50
_MOST_READ = 500  # claims of a version that are asked whether a short name could be theirs, likewise


def declared_along(changes: Sequence[Change], claims: Sequence[Claim]) -> tuple[Change, ...]:
    """Return the changes of one step, each as open as what declares it.

    A note or a sentence that says how a count moved says so wherever the step moves that count from the same number
    to the same number; of a headline, which may have lagged behind the text, only the number after is compared. It
    says nothing of a count that is known to be another's: of another named source, of people called otherwise, of a
    part, of another event. "Authorities" and a figure without a source can be anyone's, so two counts that came
    from one number to one number are then taken for one. A change of wording that only shows such figures is as
    open as the least open of them.

    Args:
        changes: What differs between two versions, each with the disclosure that the notes and the new text of the
            step give to it by themselves.
        claims: What the second version states.
    """
    declared = [one for one in changes if _declares(one)][:_MOST]
    if not declared:
        return tuple(changes)
    found = [_with(change, _along(change, declared, claims)) for change in changes]
    by_id = {change.id: change for change in found if change.kind is ChangeKind.CASUALTY}
    fronts = [change for change in by_id.values() if change.before and change.after]
    return tuple(_with(change, _shown(change, by_id, fronts)) for change in found)


def _with(change: Change, disclosure: Disclosure | None) -> Change:
    if disclosure is None or _ORDER.index(disclosure) >= _ORDER.index(change.disclosure):
        return change
    return replace(change, disclosure=disclosure)


def _declares(change: Change) -> bool:
    """Return whether a figure is declared as one that moved; new words may give it where no figure stood before."""
    if change.disclosure is Disclosure.EXPLAINED and _comes(change):
        return True
    return change.disclosure in _OPEN and _moves(change)


def _moves(change: Change) -> bool:
    return change.kind is ChangeKind.CASUALTY and change.type in NUMBER_TYPES and not change.other_event


def _along(change: Change, declared: Sequence[Change], claims: Sequence[Claim]) -> Disclosure | None:
    """Return how openly a declared figure of the same step declares another one, or None."""
    new = change.claim_after
    if new is None or not (_moves(change) or _comes(change)):
        return None
    fits = (
        one.disclosure
        for one in declared
        if one.claim_after and _left_one_number(change, one) and is_one_count(new, one.claim_after, claims)
    )
    return min(fits, key=_ORDER.index, default=None)


def _left_one_number(change: Change, declared: Change) -> bool:
    """Return whether two figures can have had one number before; a headline may have lagged behind the text."""
    old, new = change.claim_before, change.claim_after
    if old is None or (new is not None and new.place is Place.HEADLINE):
        return True
    if declared.claim_before is not None:
        return same_number(old, declared.claim_before)
    return declared.after is None or may_have_left(declared.after.text, number_of(old))


def may_have_left(text: str, number: int | None) -> bool:
    """Return whether a text can speak of a count that had a number: it says "from" that one, or "from" no number."""
    left = {figure.amount for figure in figures_in(text) if _FROM.search(text[: figure.start])}
    return not left or number in left


def _comes(change: Change) -> bool:
    return change.kind is ChangeKind.CASUALTY and change.type is ChangeType.ADDED and not change.other_event


def is_one_count(claim: Claim, declared: Claim, claims: Sequence[Claim]) -> bool:
    """Return whether a claim gives the number of a declared one for the same count.

    Args:
        claim: A claim of the version.
        declared: Another, whose number the publisher accounts for.
        claims: All claims of the version: where another source of the text could be meant, a short name fits none.
    """
    return (
        claim.kind is declared.kind
        and same_number(claim, declared)
        and is_part(claim) == is_part(declared)
        and claim.scope is declared.scope
        and (claim.polarity is Polarity.DENIED) == (declared.polarity is Polarity.DENIED)
        and likely_same_people(claim, declared) >= 0.0
        and not other_people(claim, declared)
        and not other_event(claim, declared)
        and speaks_for(claim, declared, claims)
    )


def speaks_for(claim: Claim, declared: Claim, claims: Sequence[Claim]) -> bool:
    """Return whether two claims can have one source: the same, none named in a headline, or a short name of it."""
    if claim.attribution is None or declared.attribution is None:
        return claim.attribution is None or declared.place is Place.HEADLINE
    named, whole = claim.attribution, declared.attribution
    if is_short_for(named, whole):
        return not any(is_short_for(named, other) for other in _others(declared, claims))
    if same_source(claim, declared):
        return True
    return (
        is_collective(whole)
        and claim.attribution_class is declared.attribution_class
        and not any(
            same_number(other, declared) and same_source(other, claim) is False
            for other in claims[:_MOST_READ]
            if other.kind is claim.kind and same_source(other, declared) is False
        )
    )


def _others(declared: Claim, claims: Sequence[Claim]) -> Iterator[str]:
    """Yield the names of further sources of the same kind of count."""
    for other in claims[:_MOST_READ]:
        if other.kind is declared.kind and other.attribution and same_source(other, declared) is False:
            yield other.attribution


def _shown(change: Change, by_id: dict[str, Change], figures: Sequence[Change]) -> Disclosure | None:
    """Return the disclosure of the figures that tell all a change of wording tells, the least open one's, or None."""
    finer = [by_id[one] for one in change.told_by if one in by_id]
    if change.told_by and len(finer) < len(change.told_by):
        return None
    if change.kind is ChangeKind.HEADLINE and change.before and change.after:
        finer = list(_in_headline(change.before, change.after, figures))
    return max((one.disclosure for one in finer), key=_ORDER.index, default=None)


def _in_headline(before: Evidence, after: Evidence, figures: Sequence[Change]) -> Iterator[Change]:
    """Yield the changes of figures that a change of a headline shows, where they are all it shows."""
    sides = [(Sentence(0, 0, len(one.text), one.text, one.text),) for one in (before, after)]
    mine = [
        one
        for one in figures
        if one.after is not None and (one.after.place == "headline" or Place.HEADLINE in one.also_in)
    ]
    if mine and covering(pair_of(sides[0], sides[1]), mine):
        yield from mine
