"""A sentence cut into the tokens that claims are read from, in the shapes of its language."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from diffs.language.words import words_of
from diffs.text import INVISIBLE, levelled, without_invisible

# Numbers with their separators, elided articles, words with their hyphens, signs.
_SHAPES = (
    r"\d+(?:[.' ]\d{3})+(?!\d)(?:,\d+)?|\d+(?:[.,:]\d+)*(?:-[^\W\d_]+)?"
    r"|[^\W\d_]+\d[\w-]*"  # a name with a number: A9, G20
    r"|(?:[cdjlmnst]|qu|jusqu|lorsqu)'(?=[^\W\d_])|[^\W\d_]+(?:[-'][^\W\d_]+)*|[^\w\s]"
)


class Token(NamedTuple):
    """One word, number or mark: `sentence[start:end] == text`; `low` is its folded form."""

    text: str
    low: str
    start: int
    end: int


@cache
def _shapes_of(tag: str) -> re.Pattern[str]:
    """Return the pattern of a language's tokens: its own where its folder has one, else that of its neighbours."""
    words = words_of(tag)
    own = "tokens" in words.patterns
    return words.pattern("tokens.shapes", re.IGNORECASE) if own else re.compile(_SHAPES, re.IGNORECASE)


def shown(sentence: str) -> str:
    """Return a sentence with plain quotes and dashes, and without the characters that print nothing."""
    return without_invisible(levelled(sentence))


def tokens_in(sentence: str, tag: str = "en") -> list[Token]:
    """Return the tokens of a sentence in order, offsets in characters of the sentence as printed.

    Characters that print nothing (soft hyphens, zero-width spaces) part neither words nor numbers.

    Args:
        sentence: The sentence as printed.
        tag: Its language, one that has a folder.
    """
    plain = levelled(sentence)
    bare = plain.isascii()
    visible = without_invisible(plain)
    at = None if len(visible) == len(plain) else [n for n, c in enumerate(plain) if c not in INVISIBLE]
    found = []
    for match in _shapes_of(tag).finditer(visible):
        start, end = match.span()
        if at is not None:
            start, end = at[start], at[end - 1] + 1
        low = match.group() if bare else unicodedata.normalize("NFC", match.group())
        found.append(Token(sentence[start:end], low.lower(), start, end))
    return found


def is_hyphenated(tokens: Sequence[Token], i: int) -> bool:
    """Return whether a hyphen joins the number at token `i` to the word before it; a spaced one is a dash."""
    if i < 2 or tokens[i - 1].low != "-" or tokens[i - 2].low == "-":
        return False
    return tokens[i - 2].end == tokens[i - 1].start or tokens[i - 1].end == tokens[i].start
