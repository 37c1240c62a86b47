"""Numbers as printed, in digits or words, read as values that compare."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from diffs.text import levelled

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_ROUND = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS = {word: value for value, word in enumerate(_SMALL.split())}
_TENS = {word: 10 * value for value, word in enumerate(_ROUND.split(), start=2)}
_SCALES = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 1000,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
_SHORT_SCALES = {"k": 1000, "m": 10**6, "mn": 10**6, "bn": 10**9, "b": 10**9, "tn": 10**12}
_VAGUE = (
    "dozens score scores hundreds thousands millions billions several few many couple pair double twice "
    "triple half quarter third thirds none multiple numerous countless another both"
)
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_ORDINAL_VALUES = {word: value for value, word in enumerate(_ORDINALS.split(), start=1)}


def _one_of(words: Iterable[str]) -> str:
    """Return the pattern of a word, the longest first, which tries only words of the right first letter."""
    rests: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        rests.setdefault(word[0], []).append(word[1:])
    tried = "|".join(f"{first}(?:{'|'.join(ends)})" for first, ends in rests.items())
    return rf"(?=[{''.join(rests)}])(?:{tried})"


_WORDS = _one_of([*_UNITS, *_TENS, *_SCALES])
_FIGURE = re.compile(
    rf"""
    (?P<time>(?<![\w.,:'])(?P<hour>\d{{1,2}})(?:[.:](?P<minute>\d\d))?\s?(?P<half>[ap])\.?\s?m\b\.?)
  | (?P<digits>(?<![\w.,])[-+]?[$€£¥]?\d+(?:[.,:/']\d+|[ ]\d{{3}}(?!\d))*)
        (?: (?P<suffix>st|nd|rd|th)\b | [ -]?(?P<scale>hundred|thousand|million|billion|trillion|k|mn|m|bn|b|tn)\b )?
        (?P<percent>\s?(?:%|per\s?cent\b))?
  | (?P<inner>\d+(?:[.,]\d+)*)
  | \b(?P<words>(?:(?:half\s+)?an?\s+(?={_one_of(_SCALES)}\b))?{_WORDS}(?:(?:[\s-]+(?:and[\s-]+)?){_WORDS})*)\b(?P<many>\s(?:%|per\s?cent\b))?
  | \b(?P<ordinal>{_one_of(_ORDINAL_VALUES)})\b
  | \b(?P<vague>{_one_of(_VAGUE.split())})\b
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
    return tuple(_figures(levelled(text)))


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
            amount = _of_words(match["words"])
            key = f"{amount.normalize():f}{'%' if match['many'] else ''}"
            yield Figure(match.start(), match.end(), printed, key, amount)
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
    amount = _amount(bare)
    if amount is None:
        key = bare
    else:
        scale = (match["scale"] or "").casefold()
        amount *= _SCALES.get(scale, _SHORT_SCALES.get(scale, 1))
        key = f"{amount.normalize():f}"
    key = f"{sign}{key}{'th' if match['suffix'] else ''}{'%' if match['percent'] else ''}"
    plain = amount is not None and not match["suffix"]
    return Figure(match.start(), match.end(), match.group(), key, amount if plain else None)


def _amount(digits: str) -> Decimal | None:
    """Read digits whose separators have one reading, else None."""
    if re.fullmatch(r"\d+|\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits):
        return Decimal(digits.replace(",", ""))
    if re.fullmatch(r"\d{1,3}(?: \d{3})+|\d{1,3}(?:'\d{3})+|\d{1,3}(?:\.\d{3}){2,}", digits):
        return Decimal(re.sub(r"[ '.]", "", digits))
    if re.fullmatch(r"\d+\.\d+", digits) and not re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", digits):
        return Decimal(digits)
    return None


def _of_words(words: str) -> Decimal:
    total = current = 0
    parts = re.findall(r"[a-z]+", words.casefold())
    for word in parts:
        if word in _SCALES:
            if _SCALES[word] <= 100:
                current = max(current, 1) * _SCALES[word]
            else:
                total, current = total + max(current, 1) * _SCALES[word], 0
        elif word not in {"and", "a", "an", "half"}:
            current += _UNITS.get(word, _TENS.get(word, 0))
    return Decimal(total + current) / (2 if parts[0] == "half" else 1)
