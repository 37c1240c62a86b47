"""Counts words, also in scripts that are written without spaces between them."""

import re

# Thai, Lao, Burmese and Khmer; kana and the signs of Chinese and Japanese. Korean parts its words.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
_SIGN = re.compile(f"[{_UNSPACED}]")
_WORD = re.compile(r"\w+")
_PARTS = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])\w)+")
_WIDE = "\u2e80"
# Two signs make a word of Chinese or Japanese on average.
_SIGNS = 2


def words_in(text: str) -> list[str]:
    """Return the words of a text in lower case; each sign of a script without spaces counts as one."""
    low = text.lower()
    if low.isascii() or _SIGN.search(low) is None:
        return _WORD.findall(low)
    return _PARTS.findall(low)


def number_of_words(text: str) -> int:
    """Return how many words a text has: those parted by spaces, or half of its signs where it has none."""
    return len(text) // _SIGNS if is_dense(text) else len(text.split())


def is_dense(text: str) -> bool:
    """Return whether most of a text is written in wide signs, which say two or three times as much as letters do."""
    return (
        not text.isascii()
        and 2 * sum(map(_WIDE.__lt__, text)) > len(text)
        and text.count(" ") * 8 <= len(text)
    )
