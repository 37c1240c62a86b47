"""Numerals as printed: digits of several conventions, number words, dozens, slips, vague amounts, none."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from diffs.language.words import Phrase, words_of

_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+|\d{1,3}(?:[ ']\d{3})+|\d{1,2}(?:,\d\d)+,\d{3}|\d+")
_DECIMAL = re.compile(r"(\d{1,12})[.,](\d{1,3})")
_SUFFIXED = re.compile(r"(\d{1,12}(?:[.,]\d{1,12})?)(m|bn|mn|k)")
_THOUSANDS = "k"  # before a verb "m" and "bn" may be metres and money
_LONGEST = 12
_LEAST_SHARED = 1000  # "half a dozen" is read as such; "a quarter of a hundred" nobody prints


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number at words `i` up to `j`.

    Attributes:
        i: Index of the first word.
        j: Index after the last.
        value: The number, or None for a vague amount.
        low: What a vague amount means at least, by convention; None where no convention says.
        about: True where the form itself says that it is not exact ("a hundred-odd").
        digits: True where it is printed in digits alone.
    """

    i: int
    j: int
    value: int | None
    low: int | None = None
    about: bool = False
    digits: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberWords:
    """The number words of a language, by what the reader does with them.

    Attributes:
        exact: The plain number words below a hundred.
        numbers: Those, and the slips of the keyboard that no other word looks like.
        scales: Words that multiply, dozens among them.
        suffixes: Letters printed behind digits that multiply.
        short_scales: Scales that only digits precede ("mn").
        vague: Phrases without a number, and what they mean at least (0 where no convention says).
        vague_openers: Their first words.
        vague_seconds: The words behind those.
        plural_scales: Vague words that follow another behind "of" ("tens of thousands").
        none: Words for zero.
        articles: What stands for one before a scale.
        one: The word for one of whom "no" makes none.
        no: The word that makes none of it.
        joint: What joins hundreds and what is below.
        half: The word that halves.
        pair: The word for two of something.
        of: What joins a vague amount and its scale.
        halved: Scales that "half a" stands before.
        doubled: Scales that "a couple of" stands before.
        shares: Words that divide a scale, and by what ("a quarter of a million").
        inexact: Endings that make a number inexact ("thirty-odd").
        openers: Words without a hyphen that a numeral in words can begin with.
        counted: Nouns of people, before which a suffix is a scale ("5m people").
        behind_thousands: What else stands behind thousands of people ("15k were killed").
    """

    exact: Mapping[str, int]
    numbers: Mapping[str, int]
    scales: Mapping[str, int]
    suffixes: Mapping[str, int]
    short_scales: frozenset[str]
    vague: Mapping[Phrase, int]
    vague_openers: frozenset[str]
    vague_seconds: frozenset[str]
    plural_scales: frozenset[str]
    none: frozenset[str]
    articles: frozenset[str]
    one: str
    no: str
    joint: str
    half: str
    pair: str
    of: str
    halved: frozenset[str]
    doubled: frozenset[str]
    shares: Mapping[str, int]
    inexact: frozenset[str]
    openers: frozenset[str]
    counted: frozenset[str]
    behind_thousands: frozenset[str]


@cache
def number_words(tag: str) -> NumberWords:
    """Return the number words of a language whose folder has a table of them in English order."""
    words = words_of(tag)
    data = words.data["numbers"]
    exact = {word: value for value, word in enumerate(words.sequence("numbers.units"))}
    exact |= {word: 10 * value for value, word in enumerate(words.sequence("numbers.tens"), start=2)}
    slips = dict(data["misspelt"])
    for slip, value in _slips(exact):
        if slip not in words.words("numbers.no_slips"):
            slips.setdefault(slip, value)
    return NumberWords(
        exact=exact,
        numbers=slips | exact,
        scales=data["multipliers"],
        suffixes=data["suffixes"],
        short_scales=words.words("numbers.short_scales"),
        vague={tuple(phrase.split()): low for phrase, low in data["vague"].items()},
        vague_openers=frozenset(phrase.split()[0] for phrase in data["vague"]),
        vague_seconds=frozenset(word for phrase in data["vague"] for word in phrase.split()[1:2]),
        plural_scales=words.words("numbers.plural_scales"),
        none=words.words("numbers.none"),
        articles=words.words("numbers.articles"),
        one=data["one"],
        no=data["no"],
        joint=data["joint"],
        half=data["half"],
        pair=data["pair"],
        of=data["of"],
        halved=words.words("numbers.halved"),
        doubled=words.words("numbers.doubled"),
        shares=data["shares"],
        inexact=words.words("numbers.inexact"),
        openers=frozenset(
            {
                *slips,
                *exact,
                *data["multipliers"],
                *words.sequence("numbers.articles"),
                data["half"],
                data["one"],
            }
            | {phrase.split()[0] for phrase in data["vague"]}
        ),
        counted=words.words("nouns.people"),
        behind_thousands=words.words("numbers.behind_thousands"),
    )


def _slips(exact: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Yield number words with two letters swapped or one left out, which no other word looks like."""
    for word, value in exact.items():
        if len(word) < 5:
            continue
        swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
        dropped = {word[:i] + word[i + 1 :] for i in range(1, len(word))} if len(word) > 5 else set()
        yield from ((slip, value) for slip in swapped | dropped)


# -------------------------------------------------------------------- digits


def whole_number(text: str) -> int | None:
    """Return the whole number that digits with any thousands separator print, or None for another form."""
    if not _GROUPED.fullmatch(text) or len(text) > 24:
        return None
    return int("".join(str(unicodedata.digit(char)) for char in text if char.isdigit()))


def amount_of(digits: str) -> Decimal | None:
    """Return the amount of digits whose separators have one reading, else None ("45.000" has two)."""
    if re.fullmatch(r"\d+|\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits):
        return Decimal(digits.replace(",", ""))
    if re.fullmatch(r"\d{1,3}(?: \d{3})+|\d{1,3}(?:'\d{3})+|\d{1,3}(?:\.\d{3}){2,}", digits):
        return Decimal(re.sub(r"[ '.]", "", digits))
    if re.fullmatch(r"\d+\.\d+", digits) and not re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", digits):
        return Decimal(digits)
    return None


def _decimal(text: str) -> tuple[int, int] | None:
    """Return a decimal number as (digits, divisor), or None."""
    match = _DECIMAL.fullmatch(text)
    if match is None or len(text) > 12:
        return None
    return int(match.group(1) + match.group(2)), int(10 ** len(match.group(2)))


# -------------------------------------------------------------------- numerals in a row of words


def numeral_at(words: Sequence[str], i: int, known: NumberWords) -> Numeral | None:
    """Return the numeral that begins at word `i` of a row of folded words and signs, or None."""
    low = words[i]
    if low[0].isdigit():
        return _in_digits(words, i, known)
    if low in known.none:
        return Numeral(i, i + 1 + (low == known.no and _at(words, i + 1) == known.one), 0)
    if low not in known.openers and "-" not in low:
        return None
    return _vague(words, i, known) or spelt_at(words, i, known)


def _at(words: Sequence[str], i: int) -> str:
    return words[i] if i < len(words) else ""


def _scaled(words: Sequence[str], j: int, known: NumberWords, *, least: int = 12) -> tuple[int, int]:
    """Return the product of the scales that begin at `j`, and the index after them."""
    factor = 1
    while known.scales.get(_at(words, j), 0) >= least:
        factor *= known.scales[words[j]]
        j += 1
    return factor, j


def _in_digits(words: Sequence[str], i: int, known: NumberWords) -> Numeral | None:
    text = words[i]
    factor, j = _scaled(words, i + 1, known)
    suffixed = _SUFFIXED.fullmatch(text)
    if suffixed and (
        _at(words, j) in known.counted
        or (suffixed.group(2) == _THOUSANDS and _at(words, j) in known.behind_thousands)
    ):
        text, factor = suffixed.group(1), known.suffixes[suffixed.group(2)]
    decimal = _decimal(text)
    if decimal and (factor > 12 or whole_number(text) is None):
        digits, divisor = decimal
        return (
            Numeral(i, j, digits * factor // divisor)
            if (digits * factor) % divisor == 0 and factor > 1
            else None
        )
    value = whole_number(text)
    if value is None:
        return None
    about = False
    if _at(words, j) == "-" and _at(words, j + 1) in known.inexact:
        about, j = True, j + 2
    return Numeral(i, j, value * factor, about=about, digits=factor == 1 and j == i + 1)


def _vague(words: Sequence[str], i: int, known: NumberWords) -> Numeral | None:
    low = words[i]
    if low not in known.vague_openers:
        return None
    if low in known.articles and _at(words, i + 1) not in known.vague_seconds:
        return None
    for length in (3, 2, 1):
        phrase = tuple(words[i : i + length])
        if len(phrase) < length or phrase not in known.vague:
            continue
        floor = known.vague[phrase]
        factor, j = _scaled(words, i + length, known)
        if factor > 1:
            return Numeral(i, j, None, low=max(floor, 3) * factor)
        if _at(words, j) == known.of and _at(words, j + 1) in known.plural_scales:
            return Numeral(i, j + 2, None, low=known.vague[(words[j + 1],)])
        return Numeral(i, j, None, low=floor or None)
    return None


def _parts(low: str) -> list[str]:
    return low.split("-") if "-" in low else [low]


def spelt_at(words: Sequence[str], i: int, known: NumberWords) -> Numeral | None:
    """Return the numeral in number words that begins at word `i`, or None."""
    first, following = words[i], _at(words, i + 1)
    shared = _shared(words, i, known)
    if shared is not None:
        return shared
    if first in known.articles and i > 1 and words[i - 1] == known.of and _share(words, i - 2, known):
        return None  # "a third of a million" is no million
    if first == known.half and following in known.articles and _at(words, i + 2) in known.halved:
        return Numeral(i, i + 3, known.scales[words[i + 2]] // 2)
    if following == known.pair and (first in known.articles or first == known.one):
        of = i + 2 + (_at(words, i + 2) == known.of)
        if first != known.one and _at(words, of) in known.doubled:
            return Numeral(i, of + 1, 2 * known.scales[words[of]], about=True)
        return Numeral(i, i + 2, 2) if first != known.one else None
    if first in known.articles:
        return _composed(words, i, known) if _parts(following)[0] in known.scales else None
    opener = _parts(first)[0]
    return _composed(words, i, known) if opener in known.numbers or opener in known.scales else None


def _share(words: Sequence[str], i: int, known: NumberWords) -> tuple[int, int] | None:
    """Return the parts and the divisor of a share whose last word is at `i`: "three-quarters", "a quarter"."""
    parts = _parts(_at(words, i))
    if parts[-1] not in known.shares or len(parts) > 2:
        return None
    times = known.numbers.get(parts[0], 0) if len(parts) > 1 else 1
    return (times, known.shares[parts[-1]]) if times else None


def _shared(words: Sequence[str], i: int, known: NumberWords) -> Numeral | None:
    """Read "a quarter of a million", "three quarters of a million", "a quarter-million"."""
    times = 1 if words[i] in known.articles else known.numbers.get(words[i], 0)
    at = i + 1 if times else i
    share = _share(words, at, known)
    after = at + 1
    if share is None:
        halves = _parts(_at(words, at))
        if len(halves) != 2 or halves[0] not in known.shares or halves[1] not in known.halved:
            return None
        share, scale = (1, known.shares[halves[0]]), halves[1]
    else:
        after += _at(words, after) == known.of and _at(words, after + 1) in known.articles
        after += _at(words, after) in known.articles
        scale = _at(words, after)
        after += 1
    if scale not in known.halved or known.scales[scale] < _LEAST_SHARED:
        return None
    amount = max(times, 1) * share[0] * known.scales[scale]
    return None if amount % share[1] else Numeral(i, after, amount // share[1])


def _composed(words: Sequence[str], i: int, known: NumberWords) -> Numeral | None:
    """Read a number word by word: "one hundred and twelve", "two and a half million", "thirty-odd"."""
    total, current, about = 0.0, 0.0, False
    last: float = 0
    j = i
    while j < len(words) and j < i + _LONGEST:
        if words[j] in known.articles and j == i:
            current, last = 1.0, 1
        elif words[j] == known.joint:
            if _at(words, j + 1) in known.articles and _at(words, j + 2) == known.half:
                if _at(words, j + 3) not in known.scales:
                    break
                current += 0.5
                j += 3
                continue
            small = known.numbers.get(_parts(_at(words, j + 1))[0], 0)
            # A scale behind it opens another count: "a hundred and two thousand" is read as two.
            if last < 100 or not 0 < small < 100 or _at(words, j + 2) in known.scales:
                break
        else:
            read = _compound(_parts(words[j]), known)
            if read is None:
                break
            value, about, scale = read
            if scale:
                if value >= 1000:
                    total, current = total + max(current, 1.0) * value, 0.0
                else:
                    current = max(current, 1.0) * value
                last = value
            elif (
                j == i
                or (last >= 100 and value < last)
                or (20 <= last <= 90 and value < 10 and last % 10 == 0)
            ):
                current += value
                last = value
            else:
                break
        j += 1
        if about:
            break
    amount = total + current
    if j == i or amount != int(amount) or (j == i + 1 and words[i] in known.articles):
        return None
    return Numeral(i, j, int(amount), about=about)


def _compound(parts: list[str], known: NumberWords) -> tuple[int, bool, bool] | None:
    """Read one word as (value, inexact, scale): "forty", "forty-two", "hundred-odd"; None for any other word."""
    about = len(parts) > 1 and parts[-1] in known.inexact
    if about:
        parts = parts[:-1]
    if len(parts) == 1:
        word = parts[0]
        if word in known.numbers:
            return known.numbers[word], about, False
        scale = word in known.scales and word not in known.short_scales
        return (known.scales[word], about, True) if scale else None
    if len(parts) == 2 and parts[0] in known.numbers and parts[1] in known.numbers:
        tens, unit = known.numbers[parts[0]], known.numbers[parts[1]]
        if 20 <= tens <= 90 and tens % 10 == 0 and 0 < unit < 10:
            return tens + unit, about, False
    return None


def lower_end(first: Numeral, second: Numeral) -> int | None:
    """Return the lower end of a range whose thousands are printed once ("30 to 40,000")."""
    low, high = first.value, second.value
    if low is None or high is None:
        return first.low if low is None else low
    return (
        low * 1000 if first.digits and low < 1000 <= high and high % 1000 == 0 and low < high // 1000 else low
    )
