"""Numbers as printed, in digits or words, read as values that compare."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from diffs.language.en import ENGLISH
from diffs.language.numerals import amount_of, number_words, spelt_at
from diffs.text import levelled

_KNOWN = number_words(ENGLISH.tag)
_SPELT = [word for word in _KNOWN.scales if word not in _KNOWN.short_scales]
_SCALES = {**{word: _KNOWN.scales[word] for word in _SPELT}, **_KNOWN.suffixes}
_ORDINAL_VALUES = {word: value for value, word in enumerate(ENGLISH.sequence("numbers.ordinals"), start=1)}
_JOINT, _HALF = _KNOWN.joint, _KNOWN.half


def _one_of(words: Iterable[str]) -> str:
    """Return the pattern of a word, the longest first, which tries only words of the right first letter."""
    rests: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        rests.setdefault(word[0], []).append(word[1:])
    tried = "|".join(f"{first}(?:{'|'.join(ends)})" for first, ends in rests.items())
    return rf"(?=[{''.join(rests)}])(?:{tried})"


_AMOUNTS = ENGLISH.sequence("numbers.amounts")
# What a text without digits must hold for a figure to stand in it.
_TELLING = frozenset(word.split("-")[0] for word in (*_KNOWN.exact, *_SPELT, *_ORDINAL_VALUES, *_AMOUNTS))
_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[a-z]+")
_WORDS = _one_of([*_KNOWN.exact, *_SPELT])
_FIGURE = re.compile(
    rf"""
    (?=[-+$€£¥\d])(?:
    (?P<time>(?<![\w.,:'])(?P<hour>\d{{1,2}})(?:[.:](?P<minute>\d\d))?\s?(?P<half>[ap])\.?\s?m\b\.?)
  | (?P<digits>(?<![\w.,])[-+]?[$€£¥]?\d+(?:[.,:/']\d+|[ ]\d{{3}}(?!\d))*)
        (?: (?P<suffix>st|nd|rd|th)\b | [ -]?(?P<scale>{_one_of(_SCALES)})\b )?
        (?P<percent>\s?(?:%|per\s?cent\b))?
  | (?P<inner>\d+(?:[.,]\d+)*))
  | \b(?:
    (?P<words>(?:(?:{_HALF}\s+)?an?\s+(?={_one_of(_SPELT)}\b))?{_WORDS}(?:(?:[\s-]+(?:{_JOINT}[\s-]+)?){_WORDS})*)\b(?P<many>\s(?:%|per\s?cent\b))?
  | (?P<ordinal>{_one_of(_ORDINAL_VALUES)})\b
  | (?P<vague>{_one_of(_AMOUNTS)})\b)
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a text.

    Attributes:
        start: Offset of its first character.
        end: Offset after its last.
        text: As printed.
        key: What compares: equal for two spellings of one number, never equal for two numbers.
        amount: Its value where it is a plain amount, else None.
    """

    start: int
    end: int
    text: str
    key: str
    amount: Decimal | None


@lru_cache(maxsize=4096)
def figures_in(text: str) -> tuple[Figure, ...]:
    """Return the numbers of a text in order: digits, number words, ordinals and vague amounts.

    `fourteen` and `14` have one key, `1,500` and `1500` too, and `9.30am` and `9:30 a.m.`; `1.5` and `15` do not. Separators that can
    be read two ways (`45.000`) are kept as printed.
    """
    plain = levelled(text)
    if plain.isascii() and not _DIGIT.search(plain) and _TELLING.isdisjoint(_LETTERS.findall(plain.lower())):
        return ()
    return tuple(_figures(plain))


def _figures(text: str) -> Iterator[Figure]:
    for match in _FIGURE.finditer(text):
        printed = match.group()
        if match["time"]:
            key = f"{int(match['hour'])}:{match['minute'] or '00'}{match['half'].casefold()}m"
            yield Figure(match.start(), match.end(), printed, key, None)
        elif match["digits"]:
            yield _of_digits(match)
        elif match["inner"]:
            yield Figure(match.start(), match.end(), printed, printed, None)
        elif match["words"]:
            yield from _of_words(match)
        elif match["ordinal"]:
            yield Figure(
                match.start(), match.end(), printed, f"{_ORDINAL_VALUES[printed.casefold()]}th", None
            )
        else:
            yield Figure(match.start(), match.end(), printed, printed.casefold(), None)


def _of_digits(match: re.Match[str]) -> Figure:
    printed = match["digits"]
    sign = "".join(c for c in printed if c in "-$€£¥")
    bare = printed.lstrip("+-$€£¥")
    amount = amount_of(bare)
    if amount is None:
        key = bare
    else:
        amount *= _SCALES.get((match["scale"] or "").casefold(), 1)
        key = f"{amount.normalize():f}"
    key = f"{sign}{key}{'th' if match['suffix'] else ''}{'%' if match['percent'] else ''}"
    plain = amount is not None and not match["suffix"]
    return Figure(match.start(), match.end(), match.group(), key, amount if plain else None)


def _of_words(match: re.Match[str]) -> Iterator[Figure]:
    """Yield the numbers of a run of number words: one, or several that no number joins ("thirty and forty")."""
    parts = list(re.finditer(r"[^\W\d_]+", match["words"]))
    words = [part[0].casefold() for part in parts]
    i = 0
    while i < len(words):
        read = spelt_at(words, i, _KNOWN)
        if read is None or read.value is None:
            i += 1
            continue
        start = match.start() + parts[i].start()
        last = read.j == len(words)
        end = match.end() if last else match.start() + parts[read.j - 1].end()
        key = f"{read.value}{'%' if last and match['many'] else ''}"
        yield Figure(start, end, match.string[start:end], key, Decimal(read.value))
        i = read.j
