"""A sentence of any pack's language as a row of counts, cues and the words between them."""

import re
import unicodedata
from dataclasses import dataclass

from diffs.claims.packs.words import Pack, PackCue, longest, longest_ending
from diffs.language.tokens import Token
from diffs.model import ClaimKind, Qualifier

_GROUPED = re.compile(r"\d{1,3}(?:[.' ]\d{3})+|\d{1,9}")
_BY_COMMAS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+")
_DECIMAL = re.compile(r"(\d{1,9}),(\d{1,3})")
_YEARS = range(1500, 2101)
_RATIO = 100  # the largest whole of which two numbers give a share
_MOST_WORDS = 6  # words of one number: "deux cent quatre-vingt mille cinq cents"


# Index after a numeral, its value, the floor of a vague amount, its qualifier, and whether it is printed in digits.
_Numeral = tuple[int, int | None, int | None, Qualifier, bool]


@dataclass(slots=True)
class Count:
    """A count as printed; `i` to `j` are its tokens with bounds, `first` to `last` the numeral alone."""

    i: int
    j: int
    first: int
    last: int
    value: int | None
    low: int | None
    high: int | None
    qualifier: Qualifier
    digits: bool = False


@dataclass(slots=True)
class Chunk:
    """Tokens `i` up to `j` under one mark.

    Marks: N a count, # a number that counts no people, C a cue, A an auxiliary, P a preposition, D a determiner,
    B an adverb, S a word that opens a clause, W any other word; a sign stands for itself.
    """

    mark: str
    i: int
    j: int
    word: str
    count: Count | None = None
    cue: PackCue | None = None
    opener: str = ""  # the first word of a count's bounds
    more: bool = False  # a word of increment
    capital: bool = False

    @property
    def none(self) -> bool:
        """Whether it counts nobody."""
        return self.count is not None and self.count.qualifier is Qualifier.ZERO

    @property
    def kind(self) -> ClaimKind | None:
        """The kind of its cue, or None."""
        return self.cue.kind if self.cue is not None else None

    @property
    def form(self) -> str:
        """The form of its cue, or the empty string."""
        return self.cue.form if self.cue is not None else ""


def chunks_of(tokens: list[Token], pack: Pack) -> list[Chunk]:
    """Return the chunks of a sentence in order."""
    words = [_plain(token.low, pack) for token in tokens]
    row: list[Chunk] = []
    i = 0
    while i < len(words):
        idiom = longest(words, i, pack.idioms)
        if idiom:
            row.append(Chunk("W", i, i + idiom, words[i]))
            i += idiom
            continue
        cue = _cue_at(words, i, pack)
        numeral = None if cue else _numeral(words, i, pack)
        nothing = 0 if cue else _label_at(tokens, words, i, pack)
        if numeral is not None and not nothing:
            nothing = _nothing_at(words, i, numeral, pack)
        count = None if numeral is None or nothing else _count_at(words, i, numeral, pack)
        if nothing:
            row.append(Chunk("#", i, i + nothing, words[i]))
            i += nothing
        elif count is not None:
            while row and row[-1].i >= count.i:
                row.pop()
            row.append(Chunk("N", count.i, count.j, words[i], count=count, opener=words[count.i]))
            i = count.j
        elif cue is not None:
            length, meant = cue
            row.append(Chunk("C", i, i + length, words[i], cue=meant, capital=tokens[i].text[0].isupper()))
            i += length
        else:
            mark = pack.classes.get(words[i], "W") if words[i][0].isalnum() else words[i]
            capital = tokens[i].text[0].isupper()
            row.append(Chunk(mark, i, i + 1, words[i], more=words[i] in pack.more, capital=capital))
            i += 1
    for k in range(len(row) - 3):
        if row[k].mark == "N" and row[k + 2].word in pack.ratio and k + 3 < len(row):
            # "un décès sur cinq": neither number counts people.
            second = row[k + 3].count
            if second is not None and second.i == second.first and (second.value or 0) <= _RATIO:
                row[k] = Chunk("#", row[k].i, row[k].j, row[k].word)
                row[k + 3] = Chunk("#", row[k + 3].i, row[k + 3].j, row[k + 3].word)
    for k in range(len(row) - 3, -1, -1):
        # "de 5 y 7 años": a number joined to one that counts no people counts none either.
        joint = row[k + 1].word in pack.joins or row[k + 1].mark == ","
        if row[k].mark == "N" and joint and row[k + 2].mark == "#" and _are_ages(row, k):
            row[k] = Chunk("#", row[k].i, row[k].j, row[k].word)
    return row


def _plain(word: str, pack: Pack) -> str:
    """Return a compound noun of victims as its last part ("Hurrikan-Toten", "Verkehrstote")."""
    if pack.heads and word.endswith(pack.heads):
        return next((head for head in pack.heads if word.endswith(head) and len(word) > len(head) + 3), word)
    return word


def _are_ages(row: list[Chunk], k: int) -> bool:
    """Return whether the count at `k` has no bounds and no noun, so that the noun behind the next is its own ("17, 19 y 22 años")."""
    count = row[k].count
    return count is not None and count.i == count.first and count.qualifier is Qualifier.EXACT


def _cue_at(words: list[str], i: int, pack: Pack) -> tuple[int, PackCue] | None:
    for phrase, cue in pack.cues.get(words[i], ()) if i < len(words) else ():
        if len(phrase) > 1 and tuple(words[i : i + len(phrase)]) != phrase:
            continue
        if cue.needs is None or cue.needs.within(words):
            return len(phrase), cue
    return None


def _label_at(tokens: list[Token], words: list[str], i: int, pack: Pack) -> int:
    """Return 1 where token `i` is a number that names or is a part of a word ("4er-Kette", "90+3", "B 10", "Minute 93"), 0 otherwise."""
    token = tokens[i]
    if not token.text[0].isdigit():
        return 0
    before = tokens[i - 1] if i else None
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    further = tokens[i + 2] if i + 2 < len(tokens) else None
    if after is not None and after.start == token.end:
        scored = after.text in {"+", "/"} and further is not None and further.text[0].isdigit()
        ordinal = pack.noun_capitals and after.text == "." and further is not None
        if after.text[0].isalpha() or scored or ordinal:
            return 1
    if before is None:
        return 0
    if before.end == token.start and before.text in {"#", "/", "+", "°"}:
        return 1
    if before.text == "-" and i > 1 and before.end == token.start and tokens[i - 2].end == before.start:
        return int(tokens[i - 2].text[-1].isalpha())
    if i > 1 and len(before.text) == 1 and before.text.isupper():
        return int(not any(other.text.isupper() and len(other.text) > 3 for other in tokens))
    named = pack.noun_capitals and i > 1 and before.text[0].isupper() and before.low not in pack.classes
    if not named or longest_ending(words, i, pack.before):
        return 0
    # "in Minute 93": behind a noun, a number with nothing to count behind it names.
    counts = after is not None and (after.text[0].isupper() or _cue_at(words, i + 1, pack) is not None)
    owned = after is not None and pack.classes.get(after.low) == "D" and further is not None
    counts = counts or (owned and further is not None and further.text[0].isupper())  # "17 ihrer Männer"
    return int(
        not counts
        and (after is None or pack.classes.get(after.low) is not None or not after.text[0].isalpha())
    )


def _nothing_at(words: list[str], i: int, numeral: _Numeral, pack: Pack) -> int:
    """Return the length of the numeral at token `i` where it can count no people, 0 otherwise."""
    j, value, _, _, digits = numeral
    return j - i if _counts_nothing(words, i, j, value or 0, digits=digits, pack=pack) else 0


def _count_at(words: list[str], i: int, numeral: _Numeral, pack: Pack) -> Count:
    """Return the count whose numeral begins at token `i` with its bounds."""
    j, value, low, qualifier, digits = numeral
    first, last = i, j
    second = _range_end(words, i, j, value, pack)
    begin = i
    while (length := longest_ending(words, begin, pack.before)) > 0:
        level = pack.before[tuple(words[begin - length : begin])]
        if level is not None and qualifier in {Qualifier.EXACT, Qualifier.ABOUT}:
            qualifier = level
        begin -= length
    if second is not None and value is not None:
        end, high = second
        begin -= words[begin - 1] in pack.between if begin else 0
        return Count(begin, end, first, end, None, value, high, Qualifier.RANGE)
    length = longest(words, j, pack.after)
    if length and qualifier is Qualifier.EXACT:
        qualifier = pack.after[tuple(words[j : j + length])]
        j += length
    elif qualifier is Qualifier.EXACT and j < len(words) and words[j][0].isalpha():
        # "huit personnes au moins": the bound stands behind the noun.
        length = longest(words, j + 1, pack.after)
        qualifier = pack.after[tuple(words[j + 1 : j + 1 + length])] if length else qualifier
    count = Count(begin, j, first, last, value, low, None, qualifier, digits)
    if value is not None:
        exact = qualifier in {Qualifier.EXACT, Qualifier.ZERO}
        count.low = value if exact or qualifier in {Qualifier.AT_LEAST, Qualifier.MORE_THAN} else None
        count.high = value if exact or qualifier is Qualifier.UP_TO else None
    return count


def _numeral(words: list[str], i: int, pack: Pack) -> _Numeral | None:
    """Return (index after it, value, floor of a vague amount, qualifier, in digits), or None."""
    length = longest(words, i, pack.collectives)
    if length:
        value, qualifier = pack.collectives[tuple(words[i : i + length])]
        return i + length, value, None, qualifier, False
    low = words[i]
    if low in pack.vague:
        return i + 1, None, pack.vague[low] or None, Qualifier.VAGUE, False
    if low in pack.zero:
        return i + 1, 0, None, Qualifier.ZERO, False
    if low in pack.ones:
        known = i + 1 < len(words) and (words[i + 1] in pack.person or _state_at(words, i + 1, pack))
        return (i + 1, 1, None, Qualifier.EXACT, False) if known else None
    return _number(words, i, pack)


def _state_at(words: list[str], i: int, pack: Pack) -> bool:
    cue = _cue_at(words, i, pack)
    return cue is not None and cue[1].form == "state"


def _number(words: list[str], i: int, pack: Pack) -> _Numeral | None:
    digits = words[i][0].isdigit()
    if not digits and pack.compose(words[i], pack.numbers) is None:
        return None
    values: list[int] = []
    fraction = 1
    j = i
    if digits:
        decimal = _DECIMAL.fullmatch(words[i])
        larger = pack.compose(words[i + 1], pack.numbers) if i + 1 < len(words) else None
        # "3,200 personas": the newsrooms of Mexico, Central America and Peru group by commas, and nobody counts people in thousandths.
        if _BY_COMMAS.fullmatch(words[i]) and (larger or 0) < 1000:
            values = [int(words[i].replace(",", ""))]
        elif decimal:
            values, fraction = [int(decimal[1] + decimal[2])], 10 ** len(decimal[2])
        elif _GROUPED.fullmatch(words[i]):
            values = [int("".join(str(unicodedata.digit(c)) for c in words[i] if c.isdigit()))]
        else:
            return None
        j += 1
    while j < len(words) and j - i < _MOST_WORDS:
        at = j + (words[j] in pack.joints and bool(values))
        if at >= len(words):
            break
        value = pack.compose(words[at], pack.numbers)
        if value is None and values and values[-1] >= 1000 and re.fullmatch(r"\d{1,3}", words[at]):
            value = int(words[at])
        if value is None or (values and not _joins(values[-1], value, joined=at > j)):
            break
        if digits and len(values) == 1 and value < 1000:
            break
        values.append(value)
        j = at + 1
    if not values:
        return None
    amount = _summed(values)
    if values[-1] >= 1000 and tuple(words[j : j + 2]) in pack.half:
        amount, j = amount + values[-1] // 2, j + 2  # "un millón y medio"
    if amount % fraction or (fraction > 1 and len(values) == 1):
        return None
    return j, amount // fraction, None, Qualifier.EXACT, digits and j == i + 1


def _joins(last: int, value: int, *, joined: bool) -> bool:
    """Return whether a number word goes on with the number before it."""
    if joined:
        return value < 10 and 20 <= last < 100 and last % 10 == 0
    return value >= 1000 or value < last or (value == 100 and last < 10) or (value, last) == (20, 4)


def _summed(values: list[int]) -> int:
    total = current = 0
    for value in values:
        if value >= 1000:
            total, current = total + max(current, 1) * value, 0
        elif value == 100 and 1 < current < 10:
            current *= 100
        else:
            current += value
    return total + current


def _range_end(words: list[str], i: int, j: int, value: int | None, pack: Pack) -> tuple[int, int] | None:
    if value is None or j + 1 >= len(words):
        return None
    if i > 1 and words[i - 1] in pack.of and not pack.rise.isdisjoint(words[max(0, i - 6) : i - 1]):
        return None
    opened = i > 0 and words[i - 1] in pack.between
    if words[j] not in pack.range_to and not (opened and words[j] in pack.range_and):
        return None
    second = _number(words, j + 1, pack)
    if second is None or second[1] is None or second[1] <= value:
        return None
    return second[0], second[1]


def _counts_nothing(words: list[str], i: int, j: int, value: int, *, digits: bool, pack: Pack) -> bool:
    before, after = words[i - 1] if i else "", words[j] if j < len(words) else ""
    if digits and before in pack.labels:
        return True
    second = words[j + 1] if j + 1 < len(words) else ""
    if (before, words[i]) in pack.percent or (after, second) in pack.percent:
        return True
    if after in pack.things or after in {"%", "°", "€", "$"} or (before in {"$", "€", "£"} and digits):
        return True
    if (after in pack.of or after in pack.more) and second in pack.things:
        return True
    cue = _cue_at(words, j, pack)
    if cue is None and after.endswith(pack.thing_ends) and after not in pack.people:
        return True
    verb = cue is not None and cue[1].form in {"happen", "do"}
    if (
        digits
        and value in _YEARS
        and len(words[i]) == 4
        and after not in pack.people
        and (cue is None or verb)
    ):
        length = longest_ending(words, i, pack.before)
        bound = pack.before[tuple(words[i - length : i])] if length else None
        # "schon 2009", "über 1945": a bound that is an adverb or a preposition too counts only what is named behind.
        counted = after[:1].isalpha() and after not in pack.classes and not verb
        if bound is None or not counted:
            return True
    if digits and len(words[i]) == 4 and value in _YEARS and pack.classes.get(before) == "D":
        return True  # "14 Bilder des 1963 verstorbenen Malers"
    return digits and after == "." and second in pack.things
