"""Numerals as printed: digits of several conventions, number words, dozens, slips, vague amounts, none."""

import re
import unicodedata
from dataclasses import dataclass

from diffs.claims.lexicon import Lexicon
from diffs.claims.tokens import Token
from diffs.language.en import ENGLISH

_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+|\d{1,3}(?:[ ']\d{3})+|\d{1,2}(?:,\d\d)+,\d{3}|\d+")
_DECIMAL = re.compile(r"(\d{1,12})[.,](\d{1,3})")
_SUFFIXED = re.compile(r"(\d{1,12}(?:[.,]\d{1,12})?)(m|bn|mn|k)")
_SUFFIXES = {"m": 10**6, "mn": 10**6, "bn": 10**9, "k": 10**3}
_LONGEST = 12
AGES = ENGLISH.words("time.units")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number at tokens `i` up to `j`.

    Attributes:
        i: Index of the first token.
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


def whole_number(text: str) -> int | None:
    """Return the whole number that digits with any thousands separator print, or None for another form."""
    if not _GROUPED.fullmatch(text) or len(text) > 24:
        return None
    return int("".join(str(unicodedata.digit(char)) for char in text if char.isdigit()))


def _decimal(text: str) -> tuple[int, int] | None:
    """Return a decimal number as (digits, divisor), or None."""
    match = _DECIMAL.fullmatch(text)
    if match is None or len(text) > 12:
        return None
    return int(match.group(1) + match.group(2)), int(10 ** len(match.group(2)))


def numeral_at(tokens: list[Token], i: int, lex: Lexicon) -> Numeral | None:
    """Return the numeral that begins at token `i`, or None."""
    low = tokens[i].low
    if low[0].isdigit():
        return _in_digits(tokens, i, lex)
    if low in lex.none:
        j = i + 2 if low == "no" and i + 1 < len(tokens) and tokens[i + 1].low == "one" else i + 1
        return Numeral(i, j, 0)
    vague = _vague(tokens, i, lex)
    return vague or _in_words(tokens, i, lex)


def _low(tokens: list[Token], i: int) -> str:
    return tokens[i].low if i < len(tokens) else ""


def _scaled(tokens: list[Token], j: int, lex: Lexicon, *, least: int = 12) -> tuple[int, int]:
    """Return the product of the multipliers that begin at `j`, and the index after them."""
    factor = 1
    while _low(tokens, j) in lex.multipliers and lex.multipliers[_low(tokens, j)] >= least:
        factor *= lex.multipliers[_low(tokens, j)]
        j += 1
    return factor, j


def _in_digits(tokens: list[Token], i: int, lex: Lexicon) -> Numeral | None:
    text = tokens[i].low
    factor, j = _scaled(tokens, i + 1, lex)
    suffixed = _SUFFIXED.fullmatch(text)
    if suffixed and _low(tokens, j) in lex.people:
        text, factor = suffixed.group(1), _SUFFIXES[suffixed.group(2)]
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
    if _low(tokens, j) == "-" and _low(tokens, j + 1) in {"odd", "plus"}:
        about, j = True, j + 2
    return Numeral(i, j, value * factor, about=about, digits=factor == 1 and j == i + 1)


def _vague(tokens: list[Token], i: int, lex: Lexicon) -> Numeral | None:
    low = tokens[i].low
    if low not in lex.vague_openers or (low in {"a", "an"} and _low(tokens, i + 1) not in lex.vague_seconds):
        return None
    for length in (3, 2, 1):
        words = tuple(token.low for token in tokens[i : i + length])
        if len(words) < length or words not in lex.vague:
            continue
        floor = lex.vague[words]
        factor, j = _scaled(tokens, i + length, lex)
        if factor > 1:
            return Numeral(i, j, None, low=max(floor, 3) * factor)
        if _low(tokens, j) == "of" and _low(tokens, j + 1) in {"dozens", "hundreds", "thousands"}:
            return Numeral(i, j + 2, None, low=lex.vague[(_low(tokens, j + 1),)])
        return Numeral(i, j, None, low=floor or None)
    return None


def _parts(low: str) -> list[str]:
    return low.split("-") if "-" in low else [low]


def _in_words(tokens: list[Token], i: int, lex: Lexicon) -> Numeral | None:
    first = tokens[i].low
    following = _low(tokens, i + 1)
    if first == "half" and following == "a" and _low(tokens, i + 2) in {"dozen", "million"}:
        return Numeral(i, i + 3, lex.multipliers[_low(tokens, i + 2)] // 2)
    if first in {"a", "one"} and following == "couple":
        of = i + 3 if _low(tokens, i + 2) == "of" else i + 2
        if first == "a" and _low(tokens, of) == "dozen":
            return Numeral(i, of + 1, 24, about=True)
        return Numeral(i, i + 2, 2) if first == "a" else None
    if first in {"a", "an"} and _parts(following)[0] not in lex.multipliers:
        return None
    if (
        _parts(first)[0] not in lex.numbers
        and _parts(first)[0] not in lex.multipliers
        and first not in {"a", "an"}
    ):
        return None
    return _spelt(tokens, i, lex)


def _spelt(tokens: list[Token], i: int, lex: Lexicon) -> Numeral | None:
    """Read a number word by word: "one hundred and twelve", "two and a half million", "thirty-odd"."""
    total, current, about = 0.0, 0.0, False
    last: float = 0
    j = i
    while j < len(tokens) and j < i + _LONGEST:
        parts = _parts(tokens[j].low)
        if parts in (["a"], ["an"]) and j == i:
            current, last = 1.0, 1
        elif parts == ["and"]:
            if _low(tokens, j + 1) == "a" and _low(tokens, j + 2) == "half":
                if _low(tokens, j + 3) not in lex.multipliers:
                    break
                current += 0.5
                j += 3
                continue
            small = lex.numbers.get(_parts(_low(tokens, j + 1))[0], 0)
            if last < 100 or not 0 < small < 100 or not _continues(tokens, j + 1, lex):
                break
        else:
            read = _compound(parts, lex)
            if read is None:
                break
            value, about = read
            if value in lex.multipliers.values() and parts[0] in lex.multipliers:
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
    if j == i or amount != int(amount) or (j == i + 1 and tokens[i].low in {"a", "an"}):
        return None
    return Numeral(i, j, int(amount), about=about)


def _continues(tokens: list[Token], j: int, lex: Lexicon) -> bool:
    """Return whether "and" before token `j` joins one number ("a hundred and two") and not two counts."""
    after = _low(tokens, j + 1)
    return after not in lex.multipliers


def _compound(parts: list[str], lex: Lexicon) -> tuple[int, bool] | None:
    """Read one token: "forty", "forty-two", "hundred", "hundred-odd"; None for any other word."""
    about = len(parts) > 1 and parts[-1] in {"odd", "plus", "something"}
    if about:
        parts = parts[:-1]
    if len(parts) == 1:
        word = parts[0]
        if word in lex.numbers:
            return lex.numbers[word], about
        return (
            (lex.multipliers[word], about) if word in lex.multipliers and word not in {"mn", "bn"} else None
        )
    if len(parts) == 2 and parts[0] in lex.numbers and parts[1] in lex.numbers:
        tens, unit = lex.numbers[parts[0]], lex.numbers[parts[1]]
        if 20 <= tens <= 90 and tens % 10 == 0 and 0 < unit < 10:
            return tens + unit, about
    return None


def is_hyphenated(tokens: list[Token], i: int) -> bool:
    """Return whether a hyphen joins the number at token `i` to the word before it; a spaced one is a dash."""
    if i < 2 or tokens[i - 1].low != "-" or tokens[i - 2].low == "-":
        return False
    return tokens[i - 2].end == tokens[i - 1].start or tokens[i - 1].end == tokens[i].start


def lower_end(first: Numeral, second: Numeral) -> int | None:
    """Return the lower end of a range whose thousands are printed once ("30 to 40,000")."""
    low, high = first.value, second.value
    if low is None or high is None:
        return first.low if low is None else low
    return (
        low * 1000 if first.digits and low < 1000 <= high and high % 1000 == 0 and low < high // 1000 else low
    )
