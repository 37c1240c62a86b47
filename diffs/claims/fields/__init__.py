"""What a claim says besides its number: its role, unit, event, time, standing, who did it, and the chain of sources."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from diffs.claims.fields.actors import perpetrator_of, source_chain_of
from diffs.claims.fields.events import event_keys, names_of, other_event
from diffs.claims.fields.roles import is_inside, role_of, status_of, unit_of
from diffs.claims.fields.times import as_of_in, period_of
from diffs.claims.fields.words import FieldWords, field_words
from diffs.model import Claim, Role, Scope
from diffs.text import levelled

__all__ = ["field_words", "names_of", "other_event", "with_fields"]


def with_fields(claims: Iterable[Claim], language: str, block: int | None = None) -> Iterator[Claim]:
    """Yield the claims of one text with the fields that the words around their numbers decide.

    Args:
        claims: In order.
        language: Two-letter tag of their language.
        block: Index of the block that the text is, or None.
    """
    words = field_words(language)
    for _, group in groupby(claims, key=lambda claim: claim.offset):
        yield from _sentence(list(group), words, block)


def _sentence(claims: Sequence[Claim], words: FieldWords, block: int | None) -> Iterator[Claim]:
    text = levelled(claims[0].sentence)
    words = words.within(text)
    keys = event_keys(text, claims, words)
    as_of = as_of_in(text, words)
    for index, claim in enumerate(claims):
        stop = claims[index + 1].start if index + 1 < len(claims) else len(text)
        role = role_of(text, claims, index, words)
        yield replace(
            claim,
            role=role,
            scope=_scope(claim, role, inside=is_inside(text, claims, index, words)),
            unit=unit_of(claim, words),
            event_key=keys[index],
            as_of=claim.sentence[slice(*as_of)] if as_of else None,
            period=period_of(text, claim, words),
            status=status_of(text, claim, stop, words),
            perpetrator=perpetrator_of(text, claim, (claim.start if index else 0, stop), words),
            source_chain=source_chain_of(text, claim, words),
            block=block,
        )


def _scope(claim: Claim, role: Role, *, inside: bool) -> Scope:
    """Return the scope of a claim: what raised a toll is inside it, what a toll replaced is none of this event's."""
    if inside:
        return Scope.SUBSET
    older = role is Role.SUPERSEDED and claim.scope is Scope.EVENT
    return Scope.BACKGROUND if older else claim.scope
