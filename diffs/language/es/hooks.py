"""What Spanish needs beyond its list of words: how a number word is read.

Spanish parts its numbers into words ("ciento veintitrés mil"), so that each is looked up; the reader adds and multiplies
them. Accents that print leaves out in capitals or in haste are looked up without them.
"""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache


@lru_cache(maxsize=2048)
def _bare(word: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))


def number_of(word: str, numbers: Mapping[str, int]) -> int | None:
    """Return the value of one number word, or None.

    Args:
        word: The folded word.
        numbers: Values by word without accents.

    Returns:
        Its value: below 1,000 a summand, from 1,000 on a factor.
    """
    if word in numbers:
        return numbers[word]
    bare = _bare(word)
    return numbers.get(bare) if bare != word else None
