"""Counts of people: a numeral with its bounds, its noun phrase, and whether it can count people at all."""

from diffs.claims.english.counts import Quantity, is_plural, set_bounds
from diffs.claims.english.households import is_family, neighbours_at
from diffs.claims.english.uncounted import Line
from diffs.language.en import ENGLISH
from diffs.language.en import single as en
from diffs.language.numerals import Numeral, lower_end, numeral_at
from diffs.model import Qualifier

_LEVELS = (Qualifier.AT_LEAST, Qualifier.MORE_THAN, Qualifier.UP_TO, Qualifier.ABOUT)
_DEATHS = ENGLISH.words("outcomes.counted")
_MORE = ENGLISH.words("figures.more")
_MAY_BE_NOUNS = ENGLISH.words("people.described")
_TIMES = ENGLISH.words("time.behind_counts")
_DASHES = {"-", "--", "–", "—"}
_WORD_OF = ENGLISH.words("figures.word_of")
_NATIONAL = ENGLISH.sequence("people.endings")
_RANGING = ENGLISH.words("figures.ranging")
_WHOLE_PRONOUNS = ENGLISH.words("pronouns.wholes")
_JOINS = ENGLISH.words("small.lists") | {",", "&"}
_RANGE_ENDS = ENGLISH.words("small.range_ends") | {"", ".", ","}
_OWNERS = ENGLISH.words("small.owners")
_DETERMINERS = ENGLISH.words("small.determiners")
_AND = ENGLISH.words("small.and_or")
_RANGE_OPENERS = ENGLISH.words("small.range_openers")
_MEASURED = ENGLISH.words("time.measured")
_GOING = ENGLISH.words("figures.going")
_SUSTAINING = ENGLISH.words("verbs.sustaining")
_PARTICLES = ENGLISH.words("verbs.particles")
_DATING = ENGLISH.words("small.dating")
_RISING = ENGLISH.words("figures.rising")


class Reader(Line):
    """Reads the quantities of one sentence from left to right."""

    __slots__ = ()

    def quantity_at(self, i: int) -> Quantity | None:
        """Return the quantity whose numeral begins at token `i`, or None where none can count people."""
        first = numeral_at(self.words, i, self.lex.numerals)
        if first is None:
            return self._spelled_range(i)
        if self.is_no_count(first):
            return None
        quantity = self._bounded(first)
        if not self._is_noun(quantity.j) and is_family(self.words, quantity, self.lex):
            return quantity
        self._trailing_bound(quantity)
        if not self._noun_phrase(quantity):
            return None
        return quantity

    def _spelled_range(self, i: int) -> Quantity | None:
        quantity = neighbours_at(self.words, i, self.lex) if "-" in self.words[i] else None
        return quantity if quantity is not None and self._noun_phrase(quantity) else None

    # ---------------------------------------------------------------- bounds and ranges

    def _bounded(self, n: Numeral) -> Quantity:
        i, qualifier = n.i, None
        for _ in range(3):
            length, levels = self.lex.before.ending(self.words, i)
            if not length:
                break
            if self.word(i - length) == en.UP and self.word(i - length - 1) in _GOING:
                break  # "has gone up to 21"
            found = [level for level in levels if level is not None]
            if found and (qualifier is None or _LEVELS.index(found[0]) < _LEVELS.index(qualifier)):
                qualifier = found[0]
            i -= length
        if qualifier is None and self.word(i - 1) == en.AND and self._estimated_before(i - 1):
            qualifier = Qualifier.ABOUT
        if n.about and qualifier is None:
            qualifier = Qualifier.ABOUT
        second = self._range_end(n, i)
        if second is not None:
            low, high = lower_end(n, second), (second.value or second.low)
            start = i - 1 if self.word(i - 1) in _RANGE_OPENERS else i
            return Quantity(start, second.j, n.i, second.j, None, low, high, Qualifier.RANGE)
        if n.value is None:
            return Quantity(i, n.j, n.i, n.j, None, n.low, None, Qualifier.VAGUE)
        quantity = Quantity(i, n.j, n.i, n.j, n.value, None, None, qualifier or Qualifier.EXACT)
        set_bounds(quantity, quantity.qualifier)
        quantity.year = qualifier is None and self.is_year(n)
        return quantity

    def _estimated_before(self, end: int) -> bool:
        """Return whether "an estimated 490 homes and" stands before token `end`: both counts are estimates."""
        near = self.words[max(0, end - 5) : end]
        return en.ESTIMATED in near and not {",", ";", "."} & set(near) and near[-1] in self.lex.things

    def _range_end(self, n: Numeral, start: int) -> Numeral | None:
        """Return the second numeral of a range, or None."""
        if n.value in (None, 0):
            return None
        joint, before = self.word(n.j), self.word(start - 1)
        fits = (
            (joint == "-" and n.value is not None)
            or (joint == en.TO and (before == en.FROM or before not in _RISING))
            or joint == en.OR
            or (joint == en.AND and before == en.BETWEEN)
        )
        if not fits or n.j + 1 >= len(self.words):
            return None
        second = numeral_at(self.words, n.j + 1, self.lex.numerals)
        if second is None or second.value is None or second.value <= (n.value or 0):
            return None
        if joint == en.TO and before == en.BY:
            return None
        if (
            joint == en.TO
            and before == en.FROM
            and self.lex.rising & set(self.words[max(0, start - 6) : start])
        ):
            return None
        ranged = self.word(start - 2) in _RANGING
        if joint == en.TO and before == en.FROM and not ranged and self.word(second.j) in _RANGE_ENDS:
            return None
        if joint == "-" and second.value < 100 and self.is_year(n):
            return None
        if joint == en.TO and self.is_year(n) and (before in self.lex.months or before in _DATING):
            return None  # "the toll since October 2023 to 68,229"
        return second

    def _trailing_bound(self, quantity: Quantity) -> None:
        if quantity.number_j >= len(self.words) or quantity.qualifier not in {
            Qualifier.EXACT,
            Qualifier.ABOUT,
        }:
            return
        length, levels = self.lex.after.at(self.words, quantity.number_j)
        if length and quantity.value:
            quantity.j = quantity.number_j + length
            set_bounds(quantity, levels[0])

    # ---------------------------------------------------------------- the noun phrase

    def _noun_phrase(self, q: Quantity) -> bool:
        """Read what is counted; False where it is no people."""
        j = q.j
        if self.word(j) == en.OF:
            return self._of_whole(q, j)
        while self.word(j) in _MORE:
            q.more = True
            j += 1
        if q.more and self.word(j) == en.THAN:
            return False
        first = j
        j = self._words_end(j)
        q.j, q.who = j, (first, j)
        return self._judge_head(q, first, j)

    def _of_whole(self, q: Quantity, j: int) -> bool:
        after = self.word(j + 1)
        if after in _WHOLE_PRONOUNS:
            q.of_them, q.j = True, j + 2
            if after == en.THOSE:
                q.of_them, q.partitive, q.j = False, True, j
            return True
        if q.qualifier is Qualifier.VAGUE or after in self.lex.people:
            first = j + 1
            if self.word(first) in _OWNERS:
                first += 1
            end = self._words_end(first)
            q.j, q.who = end, (first, end)
            return self._judge_head(q, first, end)
        if after in self.lex.things or after in self.lex.months:
            return False
        q.partitive, q.j = True, j
        end = self._words_end(j + 2)
        second = numeral_at(self.words, j + 2, self.lex.numerals) if j + 2 < len(self.words) else None
        first = second.j if second else j + 2
        q.whole = None if second is None else second.value or 0
        end = self._words_end(first)
        if self.word(end) == "'s":
            first, end = end + 1, self._words_end(end + 1)
        q.who = (first, end)
        probe = Quantity(q.i, q.j, q.number_i, q.number_j, q.value, q.low, q.high, q.qualifier)
        judged = self._judge_head(probe, first, end)
        q.head = "people" if probe.head == "none" else probe.head
        if judged and probe.head == "people" and probe.who[1] > first:
            q.who = (first, min(end, probe.who[1]))
        return judged or probe.head == "none"

    def _words_end(self, j: int) -> int:
        """Return the index after the words that can belong to a noun phrase begun at `j`."""
        classes, limit = self.lex.classes, j + 7
        while j < len(self.words) and j < limit:
            word = self.words[j]
            if self._joins_names(j):
                j += 1
                continue
            if not word[0].isalpha() or j in self.cue_at or self._is_finite(j):
                break
            if classes.get(word, "W") != "W" and not (
                word in _MAY_BE_NOUNS and (self._is_noun(j + 1) or self._joins_names(j + 1))
            ):
                break
            if (
                word in self.lex.numbers
                or word in _SUSTAINING
                or word == en.ACCORDING
                or (word.endswith(en.LY) and word not in self.lex.not_adverbs)
                or word in self.lex.weekdays
                or (word in _TIMES and not (word == en.NEARBY and self._is_noun(j + 1)))
                or self._is_dateline(j)
            ):
                break
            j += 1
            if word == en.OTHERS:
                break
        return j

    def _is_finite(self, j: int) -> bool:
        """Return whether the word at token `j` is a verb with its particle ("190 walked away")."""
        return self.words[j].endswith(en.ED) and self.word(j + 1) in _PARTICLES

    def _joins_names(self, j: int) -> bool:
        """Return whether a dash at token `j` stands inside a name ("Northern Front – River Province fighters")."""
        if self.shouts or not 0 < j < len(self.words) - 1 or self.words[j] not in _DASHES:
            return False
        if not (self.tokens[j - 1].text[0].isupper() and self.tokens[j + 1].text[0].isupper()):
            return False
        for k in range(j + 1, min(j + 5, len(self.words))):
            if self.words[k] in self.lex.people:
                return True
            if not self._is_noun(k):
                return False
        return False

    def _is_dateline(self, j: int) -> bool:
        """Return whether a city in capitals begins a dateline at token `j` ("reaches 31 BANGKOK, Thailand")."""
        text = self.tokens[j].text
        if self.shouts or len(text) < 4 or not text.isupper():
            return False
        return (
            self.word(j + 1) in {",", "(", "-", "--", ":"}
            or self.tokens[min(j + 1, len(self.tokens) - 1)].text.isupper()
        )

    def _is_noun(self, j: int) -> bool:
        word = self.word(j)
        return word[:1].isalpha() and j not in self.cue_at and self.lex.classes.get(word, "W") == "W"

    def _judge_head(self, q: Quantity, first: int, end: int) -> bool:
        """Set what the noun phrase counts; False where that is no people."""
        if end <= first:
            q.head, q.who, q.j = "none", (first, first), max(q.j, first) if q.more else q.j
            is_zero = q.value == 0 and self.word(first) in _WORD_OF and self.word(first + 1) == en.OF
            return is_zero or not self._counts_no_people(self.word(first))
        people = max((k for k in range(first, end) if self.words[k] in self.lex.people), default=-1)
        if people >= 0 and is_plural(self.words[people]):
            end = people + 1
        last = self.words[end - 1]
        counted = end in self.cue_at and self.word(end) in _DEATHS  # "2,306 road deaths"
        if (last in self.lex.things and not counted) or ("-" in last and last.split("-")[-1] in _MEASURED):
            q.head = "thing"
            return False
        if self.words[first] in self.lex.things and people != end - 1 and not counted:
            return False
        if people >= 0:
            end = end if _plural_name(self.tokens[end - 1].text) and end - people <= 1 else people + 1
            q.head = "people"
        else:
            q.head = "people" if last.endswith(_NATIONAL) else "other"
        q.who, q.j = (first, end), end
        self._attach(q)
        return True

    def _attach(self, q: Quantity) -> None:
        """Let "and guerrillas", "of the national party" join the noun phrase."""
        j = q.j
        if self.word(j) == en.OF and q.head == "people":
            end = j + 1
            while self.word(end) in _DETERMINERS:
                end += 1
            stop = self._words_end(end)
            if stop > end and self.word(end) not in self.lex.months:
                q.j, q.who = stop, (q.who[0], stop)
                if self.word(stop) == en.OF:
                    further = self._words_end(stop + 2 if self.word(stop + 1) == en.THE else stop + 1)
                    if further > stop + 1:
                        q.j, q.who = further, (q.who[0], further)
        while self.word(q.j) in _JOINS:
            k = q.j + 1
            if self.word(k) in _AND:
                k += 1
            end = self._words_end(k)
            if end == k or self.words[end - 1] not in self.lex.people or self._runs_on(end):
                break
            q.j, q.who = end, (q.who[0], end)

    def _runs_on(self, j: int) -> bool:
        """Return whether a new clause begins with the noun before `j` ("and police said")."""
        word = self.word(j)
        return self.lex.classes.get(word, "") in {"T", "M", "H"} or word in self.lex.reports

    def _counts_no_people(self, word: str) -> bool:
        return word in self.lex.things or word in self.lex.ordinals or word == "%"


def _plural_name(text: str) -> bool:
    return text[:1].isupper() and text[-1:] in {"s", "S"}
