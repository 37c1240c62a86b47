"""Patterns of words that a pack writes as data: alternatives, beginnings of words, short gaps, years."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_KEY = 3  # letters by which beginnings of words are looked up; none is shorter
_GAP = 6  # words that a gap may hold; a clause that is longer says something else between
_GAP_MARK, _YEAR_MARK, _NUMBER_MARK, _ANY_MARK, _FIRST_MARK, _NOT_MARK = (
    "…",
    "@year",
    "@number",
    "@any",
    "@first",
    "!",
)
_YEARS = range(1500, 2101)
_STOPS = frozenset({";", ".", ":"})


@dataclass(frozen=True, slots=True)
class Part:
    """One place of a pattern: whole words, beginnings of words, or what a mark stands for."""

    words: frozenset[str] = frozenset()
    openings: tuple[str, ...] = ()
    mark: str = ""

    def fits(self, word: str) -> bool:
        """Return whether a lower-case word may stand here."""
        if self.mark == _YEAR_MARK:
            return is_year(word)
        if self.mark == _NUMBER_MARK:
            return word[0].isdigit()
        if self.mark == _ANY_MARK:
            return word[0].isalnum()
        return word in self.words or (bool(self.openings) and word.startswith(self.openings))


def is_year(word: str) -> bool:
    """Return whether a word is four digits that print a year from 1500 to 2100."""
    return len(word) == 4 and word.isascii() and word.isdigit() and int(word) in _YEARS


def _part(text: str) -> Part:
    if text.startswith(_GAP_MARK + _NOT_MARK):
        return Part(frozenset(text[len(_GAP_MARK + _NOT_MARK) :].split("/")), mark=_GAP_MARK)
    if text in {_GAP_MARK, _YEAR_MARK, _NUMBER_MARK, _ANY_MARK, _FIRST_MARK}:
        return Part(mark=text)
    if text.startswith(_NOT_MARK):
        return Part(frozenset(text[1:].split("/")), mark=_NOT_MARK)
    choices = text.split("/")
    return Part(
        frozenset(word for word in choices if not word.endswith("~")),
        tuple(word[:-1] for word in choices if word.endswith("~")),
    )


class Patterns:
    """Patterns of words, sought at every place of a sentence.

    White space parts patterns, "_" the places of one. A place is `word`, `one/other`, `beginn~` (any word that begins so),
    `@year`, `@number` (digits), `@any` (one word), `…` (none to six words of the same clause; `…!word/other`, without
    those), `!word` (what may not follow), or
    `@first` (the sentence begins here).
    """

    __slots__ = ("_anywhere", "_numbers", "_openings", "_words")

    def __init__(self, text: str) -> None:
        self._words: dict[str, list[tuple[Part, ...]]] = {}
        self._openings: dict[str, list[tuple[Part, ...]]] = {}
        self._numbers: list[tuple[Part, ...]] = []
        self._anywhere: list[tuple[Part, ...]] = []
        for item in text.split():
            row = tuple(_part(place) for place in item.split("_"))
            for word in row[0].words:
                self._words.setdefault(word, []).append(row)
            for opening in row[0].openings:
                self._openings.setdefault(opening[:_KEY], []).append(row)
            if row[0].mark in {_YEAR_MARK, _NUMBER_MARK}:
                self._numbers.append(row)
            elif row[0].mark:
                self._anywhere.append(row)

    def found(self, words: Sequence[str], start: int = 0, stop: int | None = None) -> Iterator[int]:
        """Yield the index of each word, from `start` up to `stop`, at which a pattern begins."""
        stop = len(words) if stop is None else stop
        for i in range(start, stop):
            word = words[i]
            rows = self._words.get(word, ())
            begun = self._openings.get(word[:_KEY], ())
            numbers = self._numbers if word[0].isdigit() else ()
            if rows or begun or numbers or self._anywhere:
                for row in (*rows, *begun, *numbers, *self._anywhere):
                    if _at(row, words, i, stop):
                        yield i
                        break

    def within(self, words: Sequence[str], start: int = 0, stop: int | None = None) -> bool:
        """Return whether a pattern begins at a word from `start` up to `stop`."""
        return next(self.found(words, start, stop), None) is not None


def _at(row: tuple[Part, ...], words: Sequence[str], i: int, stop: int, place: int = 0) -> bool:
    while place < len(row):
        part = row[place]
        if part.mark == _GAP_MARK:
            for skipped in range(_GAP + 1):
                if _at(row, words, i + skipped, stop, place + 1):
                    return True
                if i + skipped >= stop or words[i + skipped] in _STOPS | part.words:
                    return False
            return False
        if part.mark in {_FIRST_MARK, _NOT_MARK}:
            if i if part.mark == _FIRST_MARK else i < len(words) and words[i] in part.words:
                return False
            place += 1
            continue
        if i >= stop or not part.fits(words[i]):
            return False
        i, place = i + 1, place + 1
    return True
