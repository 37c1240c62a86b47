"""What German needs beyond its list of words: numbers written as one word, unit before ten.

"dreiundfünfzig" is 3 and 50, "zweihundertvierzigtausend" 240 times 1,000; the word is cut at "tausend", "hundert", "und".
"""

from collections.abc import Mapping
from functools import lru_cache

_THOUSAND, _HUNDRED, _AND = "tausend", "hundert", "und"
_LONGEST = 48  # characters of a number word
_TENS = range(20, 100, 10)


def number_of(word: str, numbers: Mapping[str, int]) -> int | None:
    """Return the value of one number word, or None.

    Args:
        word: The folded word.
        numbers: Values of the simple words.

    Returns:
        Its value: below 1,000 a summand, from 1,000 on a factor where it is a simple word.
    """
    if word in numbers:
        return numbers[word]
    if len(word) > _LONGEST or (_AND not in word and _HUNDRED not in word and _THOUSAND not in word):
        return None
    return _composed(word, tuple(numbers.items()))


@lru_cache(maxsize=512)
def _composed(word: str, rows: tuple[tuple[str, int], ...]) -> int | None:
    numbers = dict(rows)
    head, cut, tail = word.partition(_THOUSAND)
    if not cut:
        return _below_thousand(word, numbers)
    factor = _below_thousand(head, numbers) if head else 1
    rest = _below_thousand(tail.removeprefix(_AND), numbers) if tail else 0
    return None if factor is None or rest is None else factor * 1000 + rest


def _below_thousand(word: str, numbers: Mapping[str, int]) -> int | None:
    head, cut, tail = word.partition(_HUNDRED)
    if not cut:
        return _below_hundred(word, numbers)
    factor = numbers.get(head) if head else 1
    rest = _below_hundred(tail.removeprefix(_AND), numbers) if tail else 0
    return None if factor is None or rest is None else factor * 100 + rest


def _below_hundred(word: str, numbers: Mapping[str, int]) -> int | None:
    if word in numbers:
        return numbers[word]
    unit, cut, ten = word.partition(_AND)
    if not cut or numbers.get(ten) not in _TENS or not 0 < numbers.get(unit, 0) < 10:
        return None
    return numbers[unit] + numbers[ten]
