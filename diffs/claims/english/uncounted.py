"""Numbers of a sentence that count nobody: dates, ages, sums of money, times, scores and designations."""

from diffs.claims.english.counts import is_plural
from diffs.claims.english.lexicon import Lexicon
from diffs.language.en import ENGLISH
from diffs.language.en import single as en
from diffs.language.numerals import Numeral
from diffs.language.tokens import Token, is_hyphenated

_AGES = ENGLISH.words("time.units")
_ALL = ENGLISH.words("small.all")
_MONEY = ENGLISH.words("figures.money")
_SCORING = ENGLISH.words("numbers.also_verbs")
_LOOSE = ENGLISH.words("small.loose")
_MEDIAL = ENGLISH.words("figures.rates")
_CLOCK = ENGLISH.words("time.clock") | {"°"}
_MANY = ENGLISH.words("figures.many")
_ALSO_MONTHS = ENGLISH.words("time.also_months")
_AGED = ENGLISH.words("time.aged")
_AGE_JOINS = ENGLISH.words("small.age_joins")
_AGE_OPENERS = ENGLISH.words("time.age_openers")
_DEGREES = ENGLISH.words("small.degrees")
_MEASURES = ENGLISH.words("time.measures")
_NO_ONE = ENGLISH.words("small.behind_one")
_COUNTER_ENDS = {"|", ":"}
_DATE_ENDS = ENGLISH.words("time.date_ends") | {"", ",", "."}


class Line:
    """The words of one sentence, and which of its numbers count nobody."""

    __slots__ = ("cue_at", "lex", "shouts", "tokens", "words")

    def __init__(self, tokens: list[Token], cue_at: dict[int, int], lex: Lexicon) -> None:
        self.tokens = tokens
        self.words = [token.low for token in tokens]
        self.cue_at = cue_at
        letters = [token.text for token in tokens if token.text[0].isalpha() and len(token.text) > 2]
        self.shouts = sum(text.isupper() for text in letters) * 2 > len(letters)
        self.lex = lex

    def word(self, index: int) -> str:
        """Return the folded word at an index, or the empty string outside the sentence."""
        return self.words[index] if 0 <= index < len(self.words) else ""

    def is_no_count(self, n: Numeral) -> bool:
        """Return whether a numeral counts nobody."""
        before, after = self.word(n.i - 1), self.word(n.j)
        if self.words[n.j : n.j + 3] == [en.AND, "a", en.HALF] and self.word(n.j + 3) in self.lex.things:
            return True
        if self.word(n.i - 2) in _MONEY and before[:1].isdigit():
            return True
        if before == en.BUT and self.word(n.i - 2) in _ALL:
            return True  # "all but two of the 30 hostages"
        if before in _MONEY or (n.digits and is_hyphenated(self.tokens, n.i)):
            return True
        if self.words[n.i] in _MANY and (before in _DEGREES or after == en.AS):
            return True
        if (
            self.words[n.i] == en.OTHERS
            and before != en.SOME
            and self.lex.classes.get(before) in {"P", "D", "I", "A"}
        ):
            return True
        if self.words[n.i] in _SCORING and after != en.OF and self._scores(n.i):
            return True
        if "/" in {before, after} or (self.word(n.j)[:1].isdigit() and self.word(n.j + 1) == "/"):
            return True
        if self.is_date(n) or self._is_picture_counter(n):
            return True
        if after in _MEDIAL or (after == "-" and self.word(n.j + 1) in _MEASURES):
            return True
        if (
            after in {":", "."}
            and self.word(n.j + 1).isdigit()
            and self.tokens[n.j].end == self.tokens[n.j + 1].start
        ):
            return True
        if (
            before == ":"
            and self.word(n.i - 2).isdigit()
            and self.tokens[n.i - 1].end == self.tokens[n.i].start
        ):
            return True
        if before in self.lex.labels and n.digits and not self._labelled_count(n):
            return True
        if after in _CLOCK:
            return True
        if self._is_age(n) or self._is_designation(n):
            return True
        if before == en.IN and self.word(n.i - 2) == en.ONE:
            return True
        if n.value == 1 and before == en.AS and after == en.OF:
            return True
        if n.value == 1 and self.words[n.i] == en.ONE:
            second = self.word(n.j + 1)
            if after == en.IN and (second.isdigit() or second in self.lex.numbers):
                return True  # "one in five"
            thing = before in _LOOSE or en.IT in self.words[n.j : n.j + 3]
            return before == en.LOVED or (thing and after not in self.lex.people) or after in _NO_ONE
        if n.value == 0 and self.words[n.i].isdigit():
            return len(self.words[n.i]) > 1
        text = self.tokens[n.i].text
        return n.digits and len(text) > 1 and text[0] == "0"

    def _scores(self, i: int) -> bool:
        """Return whether a name before "scores" makes a verb of it ("Roba scores a brace")."""
        if i == 0 or i - 1 in self.cue_at or not self.tokens[i - 1].text[0].isalpha():
            return False
        return self.lex.classes.get(self.words[i - 1], "W") == "W" and not self.shouts

    def _is_designation(self, n: Numeral) -> bool:
        """Return whether capitals before the digits make a type's name of them ("a Kawasaki BK 117 operating ...")."""
        text = self.tokens[n.i - 1].text if n.i else ""
        named = n.digits and 1 < len(text) < 5 and text.isalpha() and text.isupper() and not self.shouts
        return named and n.j not in self.cue_at and self.word(n.j) not in self.lex.people

    def _is_picture_counter(self, n: Numeral) -> bool:
        """Return whether a numeral counts the pictures of a gallery ("2 of 4: ...", "1 of 3 | ...")."""
        first = n.i if self.word(n.j) == en.OF else n.i - 2
        return (
            n.digits
            and first == 0
            and self.word(1) == en.OF
            and self.words[0].isdigit()
            and self.word(2).isdigit()
            and self.word(3) in _COUNTER_ENDS
        )

    def is_date(self, n: Numeral) -> bool:
        """Return whether a numeral is part of a date."""
        before, after = self.word(n.i - 1), self.word(n.j)
        if after in self.lex.months:
            following = self.word(n.j + 1)
            return after not in _ALSO_MONTHS or following in {"", ",", "."} or following[:1].isdigit()
        if before not in self.lex.months or not n.digits:
            return False
        if before in _ALSO_MONTHS and not self.tokens[n.i - 1].text.isupper():
            return (
                self.tokens[n.i - 1].text[0].isupper()
                and (n.value or 0) <= 31
                and after not in self.lex.people
            )
        if self.word(n.i - 2)[:1].isdigit():
            return True
        return ((n.value or 0) <= 31 and after not in self.lex.people and before not in _ALSO_MONTHS) or (
            (n.value or 0) <= 31 and after in _DATE_ENDS
        )

    def _labelled_count(self, n: Numeral) -> bool:
        """Return whether a label word is only a noun before a count ("in every street 20 people")."""
        return self.word(n.j) in self.lex.people and is_plural(self.word(n.j))

    def _is_age(self, n: Numeral) -> bool:
        before, after = self.word(n.i - 1), self.word(n.j)
        if before in _AGED or (after in _AGES and self.word(n.j + 1) == en.OLD):
            return True
        unit, _, old = self.word(n.j + 1).partition("-")  # "a 12 -year-old boy", as editors' systems break it
        if after == "-" and unit in _AGES and old == en.OLD:
            return True
        if not n.digits or not 0 < (n.value or 0) < 120:
            return False
        if before in {",", "("} and after in {",", ")", "."}:
            name = self.tokens[n.i - 2].text if n.i > 1 else ""
            person = self.word(n.i - 2) in self.lex.people
            return (name[:1].isupper() and not person) or (person and not is_plural(self.word(n.i - 2)))
        return (
            before in _AGE_JOINS
            and self.word(n.i - 3) in _AGE_OPENERS
            and (self.word(n.i - 4) == en.AGED or self.word(n.i - 3) == en.AGED)
        )

    def is_year(self, n: Numeral) -> bool:
        """Return whether a numeral is a year."""
        if not n.digits or n.j != n.i + 1 or not 1500 <= (n.value or 0) <= 2100 or len(self.words[n.i]) != 4:
            return False
        return self.word(n.j) not in self.lex.people
