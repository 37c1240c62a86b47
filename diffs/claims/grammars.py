"""The grammar of each language, imported when a text of that language is first read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Protocol

from diffs.model import Claim, Place

_ENGLISH = "en"


class Claims(Protocol):
    """Reads the claims of one text."""

    def __call__(self, text: str, place: Place) -> tuple[Claim, ...]:
        """Return the claims of a text that stands at a place, in order."""


def _as_read(claims: Sequence[Claim], text: str) -> Sequence[Claim]:  # noqa: ARG001 - a grammar without such a rule
    return claims


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """What reads a language.

    Attributes:
        claims: Returns the claims of a text.
        rules: What each of its rules reads, with an example, by the rule's name.
        article: Returns those of an article's claims that its whole text leaves standing.
    """

    claims: Claims
    rules: Mapping[str, str]
    article: Callable[[Sequence[Claim], str], Sequence[Claim]] = _as_read


@cache
def grammar_of(tag: str) -> Grammar:
    """Return the grammar of a language, importing it and no other.

    Args:
        tag: Two-letter tag of a language in `diffs.language.PACKS`.
    """
    # English has rules of its own; every other language is words for one reader.
    own = tag == _ENGLISH
    room = import_module("diffs.claims.english") if own else import_module("diffs.claims.packs")
    grammar: Grammar = room.grammar_of(tag)
    return grammar


def rules_of(tag: str) -> Mapping[str, str]:
    """Return what each rule of a language's grammar reads, with an example, by the rule's name."""
    return grammar_of(tag).rules
