"""What French needs beyond its list of words: numbers joined by hyphens, read part by part.

"quatre-vingt-dix-sept" is 4 times 20, plus 10, plus 7; "vingt-et-un" and "vingt et un" are one number.
"""

from collections.abc import Mapping

_AND = "et"
_FOUR, _TWENTY = 4, 20
_HUNDRED = 100


def number_of(word: str, numbers: Mapping[str, int]) -> int | None:
    """Return the value of one number word, or None.

    Args:
        word: The folded word, its hyphens kept.
        numbers: Values by word.

    Returns:
        Its value: below 1,000 a summand, from 1,000 on a factor.
    """
    if word in numbers:
        return numbers[word]
    if "-" not in word:
        return None
    total = 0
    for part in word.split("-"):
        if part == _AND:
            continue
        value = numbers.get(part)
        if value is None or value > _HUNDRED:
            return None
        if value == _TWENTY and total % _HUNDRED == _FOUR:
            total += _FOUR * _TWENTY - _FOUR
        elif value == _HUNDRED and total:
            total *= value
        else:
            total += value
    return total
