"""Counts printed in a form of their own: "a family of six", "three-four people"."""

from collections.abc import Sequence

from diffs.claims.english.counts import Quantity
from diffs.claims.english.lexicon import Lexicon
from diffs.language.en import ENGLISH
from diffs.model import Qualifier

_FAMILY = ENGLISH.words("people.family")
_OF = ENGLISH.words("numbers.of")
_MOST = 20  # "twenty-one" is one number


def neighbours_at(words: Sequence[str], i: int, lex: Lexicon) -> Quantity | None:
    """Return the range of "three-four", two neighbouring numbers joined in one word at token `i`, or None."""
    low, _, high = words[i].partition("-")
    values = lex.numbers.get(low), lex.numbers.get(high)
    if values[0] is None or values[1] != values[0] + 1 or not 1 <= values[0] < _MOST:
        return None
    return Quantity(i, i + 1, i, i + 1, None, *values, Qualifier.RANGE)


def is_family(words: Sequence[str], q: Quantity, lex: Lexicon) -> bool:
    """Return whether a number is that of "a family of six"; where it is, the family becomes its noun phrase."""
    if q.i < 2 or words[q.i - 1] not in _OF or words[q.i - 2] not in _FAMILY or not q.value:
        return False
    q.who, q.head = (q.i - 2, q.i - 1), "people"
    q.i -= 3 if q.i > 2 and lex.classes.get(words[q.i - 3]) == "D" else 2
    return True
