"""Counts words, also in scripts that are written without spaces between them."""

import re

# Thai, Lao, Burmese and Khmer; kana and the signs of Chinese and Japanese. Korean parts its words.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
_SIGN = re.compile(f"[{_UNSPACED}]")
_WORD = re.compile(r"\w+")
# The same in small letters of ASCII, found in two thirds of the time.
_ASCII_WORD = re.compile(r"[a-z0-9_]+")
_PARTS = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])\w)+")
_WIDE = "\u2e80"
# Two signs make a word of Chinese or Japanese on average.
_SIGNS = 2


def words_in(text: str) -> list[str]:
    """Return the words of a text in lower case; each sign of a script without spaces counts as one."""
    low = text.lower()
    if low.isascii():
        return _ASCII_WORD.findall(low)
    if _SIGN.search(low) is None:
        return _WORD.findall(low)
    return _PARTS.findall(low)


def number_of_words(text: str) -> int:
    """Return how many words a text has: those parted by spaces, or half of its signs where it has none."""
    return len(text) // _SIGNS if is_dense(text) else len(text.split())


def is_dense(text: str) -> bool:
    """Return whether most of a text is written in wide signs, which say two or three times as much as letters do."""
    # A wide sign has three bytes in UTF-8: a text of letters and a few dashes is told by its length in bytes alone.
    return (
        not text.isascii()
        and len(text.encode("utf-8", "surrogatepass")) > 2 * len(text)
        and 2 * sum(map(_WIDE.__lt__, text)) > len(text)
        and text.count(" ") * 8 <= len(text)
    )
