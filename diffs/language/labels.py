"""What words of another language than English state: a denial, a doubt, a source, a fate."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

from diffs.text import folded, word_texts_in

_WHOLE = "."
_JOINED = "_"
_PART = "|"


class Statement(StrEnum):
    """What a word states, in the order in which `labels.toml` has them."""

    DENIAL = "denial"
    NEGATION = "negation"
    DOUBT = "doubt"
    SPEECH = "speech"
    OFFICE = "office"
    FATE = "fate"


@dataclass(frozen=True, slots=True)
class Signs:
    """Whole words, openings of words and phrases that state one thing in one language."""

    whole: frozenset[str]
    openings: tuple[str, ...]
    phrases: tuple[str, ...]

    def stand_in(self, words: list[str], plain: str) -> bool:
        """Return whether one of them stands in a text."""
        return any(word in self.whole or word.startswith(self.openings) for word in words) or any(
            f" {phrase}" in plain for phrase in self.phrases
        )


@cache
def _tables() -> Mapping[str, Mapping[Statement, Signs]]:
    table = tomllib.loads(files("diffs.language").joinpath("labels.toml").read_text(encoding="utf-8"))
    return {
        tag: {kind: signs_of(part) for kind, part in zip(Statement, words.split(_PART), strict=True)}
        for tag, words in table.items()
    }


def signs_of(words: str) -> Signs:
    """Return the signs that a row of a table writes: a word that ends in "." is whole, "_" joins a phrase."""
    signs = [folded(word) for word in words.split()]
    return Signs(
        frozenset(sign[:-1] for sign in signs if sign.endswith(_WHOLE)),
        tuple(sign for sign in signs if not sign.endswith(_WHOLE) and _JOINED not in sign),
        tuple(sign.replace(_JOINED, " ") for sign in signs if _JOINED in sign),
    )


def tag_of(language: str | None) -> str:
    """Return the tag by which tables know a language (BCP 47)."""
    tag = (language or "").split("-")[0].lower()
    return {"nb": "no", "nn": "no"}.get(tag, tag)


def has_labels(language: str | None) -> bool:
    """Return whether words of a language (BCP 47) are known."""
    return tag_of(language) in _tables()


@lru_cache(maxsize=1024)
def statements_in(text: str, language: str | None) -> frozenset[Statement]:
    """Return what the words of a text state.

    Args:
        text: A few words.
        language: Their language (BCP 47), or None; one that no table has is asked in all of them.

    Example:
        >>> sorted(statements_in("Polizei dementiert", "de"))
        [<Statement.DENIAL: 'denial'>, <Statement.OFFICE: 'office'>]
    """
    tables, tag = _tables(), tag_of(language)
    words, plain = word_texts_in(folded(text)), f" {folded(text)}"
    return frozenset(
        kind
        for table in ([tables[tag]] if tag in tables else tables.values())
        for kind, signs in table.items()
        if signs.stand_in(words, plain)
    )


def states_gravely(text: str, language: str | None) -> bool:
    """Return whether a label denies, doubts, cites or speaks of people dead, hurt or missing.

    Args:
        text: A few words.
        language: Their language (BCP 47), or None; one that no table has is asked in all of them.

    Example:
        >>> states_gravely("Polizei dementiert", "de"), states_gravely("Der Blick vom Damm", "de")
        (True, False)
    """
    return bool(statements_in(text, language))
