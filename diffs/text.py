"""Sentences, words and a normalisation for comparing that never loses a digit."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from diffs.language.profiles import Profile, profiles


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text: `text[start:end]`, offsets in characters."""

    start: int
    end: int
    text: str


_LEVEL = (
    ("'", "‘’‚‛′"),
    ('"', "“”„‟«»"),
    ("-", "‐‑‒–−"),
    (" ", "\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u3000\t\n\r\v\f"),
)
_PLAIN = tuple((sign, plain) for plain, signs in _LEVEL for sign in signs)
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"


def _of_all(words: Callable[[Profile], frozenset[str]]) -> frozenset[str]:
    return frozenset(word for profile in profiles().values() for word in words(profile))


# Where sentences end is decided before their language is known, by the words of all languages at once.
ABBREVIATIONS = _of_all(lambda profile: profile.abbreviations)
# An abbreviation that often ends a sentence splits only where the next word can hardly follow it.
_MAY_END = _of_all(lambda profile: profile.may_end)
_OPENERS = _of_all(lambda profile: profile.openers)
_SMALL_LETTERS = _of_all(lambda profile: profile.lower_case)
# Opened by a set of signs, which is searched for at five times the speed of a choice (2026-11-29).
_STOP = re.compile(
    r"[.!?…。！？\n](?:(?:(?<=[.!?])(?<![.!?][.!?])[.!?]*+|(?<=[…。！？]))[\"'”’»)\]]*+(?=\s|$)|(?<=\n)[ \t\r]*\n\s*)"
)
_LAST_WORD = re.compile(r"(?<![^\s(\[\"'“‘])[^\s(\[\"'“‘]++$")
_NEXT = re.compile(r"[\s\"'“‘«(\[—–-]*(\S[^\s,;:.!?]*)")
# Before 3.11.5 Python matches a possessive group wrongly (python/cpython#106052; seen with 3.11.2); an atomic one is right.
_WORD = re.compile(
    r"\d++(?>(?:[.,:/'’]\d++|[ \u00a0\u202f]\d{3}(?!\d))*)[^\W\d_]*+(?>(?:-[^\W\d_][^\W_]*+)*)"
    r"|[^\W_]++(?>(?:[-'’‐‑.&][^\W_]++)*)",
    re.UNICODE,
)


_GROUPED = re.compile(r"\d[ \u00a0\u202f]\d")


def levelled(text: str) -> str:
    """Return the text with typographic quotes, dashes and spaces in plain form, character for character.

    The result has the same length, so offsets in it are offsets in the original.
    """
    if text.isascii() and text.isprintable():
        return text
    # Most texts hold two or three of these: looking for each costs a tenth of looking every character up (2026-11-28).
    for sign, plain in _PLAIN:
        if sign in text:
            text = text.replace(sign, plain)
    return text


def without_invisible(text: str) -> str:
    """Return a text without the characters that print nothing: soft hyphens, zero-width spaces, direction marks."""
    if not text.isascii():
        for sign in INVISIBLE:
            if sign in text:
                text = text.replace(sign, "")
    return text


_SHORT = 400  # characters; sentences, names and headlines are compared again and again, whole texts hardly


def folded(text: str) -> str:
    """Return a form for comparing: plain quotes and dashes, single spaces, no case, no invisible characters.

    Digits, signs, separators, quotation marks and letters all stay: two texts that fold alike differ in
    typography only.
    """
    return _folded_short(text) if len(text) <= _SHORT else _folded(text)


def _folded(text: str) -> str:
    plain = text
    if not text.isascii():
        plain = levelled(without_invisible(unicodedata.normalize("NFC", text)))
    return " ".join(plain.split()).casefold()


_folded_short = lru_cache(maxsize=16384)(_folded)


def paragraphs_in(text: str) -> tuple[Span, ...]:
    """Return the paragraphs of a text: what blank lines part, outer white space excluded."""
    found = []
    for match in re.finditer(r"\S(?:.|\n(?![ \t\r]*\n))*", text):
        piece = match.group().rstrip()
        found.append(Span(match.start(), match.start() + len(piece), piece))
    return tuple(found)


def _ends_sentence(text: str, stop: re.Match[str], start: int) -> bool:
    """Return whether a full stop (or its like) at `stop` ends the sentence begun at `start`."""
    mark = stop.group()
    if mark.startswith("\n"):
        return True
    ahead = _NEXT.match(text[stop.end() : stop.end() + 80])
    if ahead is None:
        return True
    following = ahead.group(1)
    if mark[0] in "!?。！？…" or mark.startswith(".."):
        return not following[:1].islower()
    if following[:1].islower():
        return False
    behind = _LAST_WORD.search(text[max(start, stop.start() - 40) : stop.start()])
    if behind is None:
        return True
    word = behind.group()
    bare = word.strip("-–—.,").casefold()
    opens = following.strip("'’\"").casefold() in _OPENERS
    if len(mark) > 1:
        return not (bare in ABBREVIATIONS and bare not in _MAY_END)
    if re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]", word):
        return opens and (not following.isupper() or text[start : stop.start()].isupper())
    if len(bare) == 1 and bare.isalpha() and word[0].isupper():
        return False
    if bare in ABBREVIATIONS and (word[:1].isupper() or bare in _SMALL_LETTERS):
        return bare in _MAY_END and opens
    return not (
        word[-1:].isdigit() and following[:1].isdigit() and re.fullmatch(r"\d{1,2}", word) is not None
    )


@lru_cache(maxsize=1024)
def sentences_in(text: str) -> tuple[Span, ...]:
    """Return the sentences of a text in order, outer white space excluded.

    A blank line always parts sentences; a single line break never does. Abbreviations, initials and
    decimal points do not end a sentence; closing quotation marks belong to the sentence they close.
    """
    return tuple(_sentences(text))


def _sentences(text: str) -> Iterator[Span]:
    start = 0
    for stop in _STOP.finditer(text):
        if stop.start() < start or not _ends_sentence(text, stop, start):
            continue
        end = stop.start() if stop.group().startswith("\n") else stop.end()
        yield from _trimmed(text, start, end)
        start = stop.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    body = piece.strip()
    if body:
        begin = start + len(piece) - len(piece.lstrip())
        yield Span(begin, begin + len(body), body)


def words_in(text: str) -> tuple[Span, ...]:
    """Return the words and numbers of a text in order; a number keeps its separators (`1,234.5`)."""
    return tuple(Span(m.start(), m.end(), m.group()) for m in _WORD.finditer(text))


def word_texts_in(text: str) -> list[str]:
    """Return the words and numbers of a text as `words_in` does, without where they stand: a third of the cost."""
    if _GROUPED.search(text):
        found: list[str] = _WORD.findall(text)
        return found
    # No other word reaches over white space, and the words of news repeat: looking a piece up costs a fifth of matching it (2026-11-29).
    return [word for piece in text.split() for word in _words_of(piece)]


# A text without spaces is one piece, and each would be kept whole.
_PIECE = 40


def _words_of(piece: str) -> tuple[str, ...]:
    return _remembered(piece) if len(piece) <= _PIECE else tuple(_WORD.findall(piece))


@lru_cache(maxsize=8192)
def _remembered(piece: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(piece))
