"""A sentence cut into the tokens that the casualty grammar reads."""

import re
from dataclasses import dataclass

from diffs.text import levelled

_TOKEN = re.compile(
    r"\d{1,3}(?:'\d{3})+(?![\w'])"
    r"|[a-z]{3,}(?=\d)"  # a lost space, as in "killed14"
    r"|\d{1,3}(?:\ \d{3})+(?![\d.,]*\d|\w)"
    r"|\d++(?>(?:[.,]\d++)*)(?:(?=-(?:odd|plus|some|strong)\b)|(?=[^\W\d_]{4,})|[^\W\d_]*+(?>(?:-[^\W\d_]++)*))"
    r"|\b(?=\w{2,4}\.)(?:dr|mr|mrs|ms|gen|col|lt|sgt|capt|maj|gov|sen|rep|prof|adm|brig|cmdr)\."
    r"|[^\W\d_](?:\.[^\W\d_])+\.?(?>(?:-[^\W\d_]++)*)"
    r"|[^\W\d_]++(?>(?:[-&]\w++|'(?!s\b)[^\W\d_]++)*)\d*+"
    r"|'s\b"
    r"|--+|\.\.+"
    r"|[^\w\s]|_",
    re.IGNORECASE | re.UNICODE,
)


_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or mark: `sentence[start:end] == text`; `low` is its folded form."""

    text: str
    low: str
    start: int
    end: int


def tokens_in(sentence: str) -> list[Token]:
    """Return the tokens of a sentence in order, offsets in characters of the sentence as printed.

    Characters that print nothing (soft hyphens, zero-width spaces) part neither words nor numbers.
    """
    plain = levelled(sentence)
    shown = plain.translate(_INVISIBLE) if not plain.isascii() else plain
    at = None if len(shown) == len(plain) else [n for n, c in enumerate(plain) if ord(c) not in _INVISIBLE]
    found = []
    for match in _TOKEN.finditer(shown):
        start, end = match.span()
        if at is not None:
            start, end = at[start], at[end - 1] + 1
        found.append(Token(sentence[start:end], match.group().lower(), start, end))
    return found


def is_hyphenated(tokens: list[Token], i: int) -> bool:
    """Return whether a hyphen joins the number at token `i` to the word before it; a spaced one is a dash."""
    if i < 2 or tokens[i - 1].low != "-" or tokens[i - 2].low == "-":
        return False
    return tokens[i - 2].end == tokens[i - 1].start or tokens[i - 1].end == tokens[i].start
