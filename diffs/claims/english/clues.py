"""What the words of a sentence tell of time and occasion, found once for all its counts."""

from dataclasses import dataclass

from diffs.language.en import ENGLISH
from diffs.text import levelled

_PERIOD = ENGLISH.pattern("scope.period")
_WHOLE = ENGLISH.pattern("scope.whole")
_OUTBREAK = ENGLISH.pattern("scope.outbreak")
_RANKED = ENGLISH.pattern("scope.ranked")
# One of these stands in whatever the pattern above matches; looking for them first is cheap.
_PERIOD_HINTS = ENGLISH.pattern("scope.period_hints")
_DATED = ENGLISH.pattern("scope.dated")
_WAR = ENGLISH.pattern("scope.war")
_NOW = ENGLISH.pattern("scope.now")
_HANDED = ENGLISH.pattern("scope.handed")
_TRIAL = ENGLISH.pattern("scope.trial")
_PAST = ENGLISH.pattern("scope.past")
_RECENT = ENGLISH.pattern("scope.recent")
_LAST = ENGLISH.pattern("scope.last")
_WORST = ENGLISH.pattern("scope.worst")
_SINGLE = ENGLISH.pattern("scope.single")
_YEAR = ENGLISH.pattern("scope.year")
_JOINED = ENGLISH.pattern("scope.joined")
_OPENED = ENGLISH.pattern("scope.opened")
_WAR_NAMES = ENGLISH.words("scope.war_names")
_MONTHS = ENGLISH.words("nouns.months")
_MONTH = ENGLISH.pattern("scope.month")
_NAMED_PLACE = ENGLISH.pattern("scope.named_place")
_THIS_YEAR = ENGLISH.words("time.this_year")


@dataclass(frozen=True, slots=True)
class Clues:
    """What the words of one sentence tell of time and occasion, found once; offsets in characters.

    Attributes:
        periods: Where words of a period begin ("since", "so far this year").
        whole: Whether a total, or a war or an outbreak that has one, is named.
        trial: Where the first word of courts, mourning or inquiry ends, or None.
        year: Where the first date with a year begins, and what follows it, or None.
        past: Where the first word of an older time begins, or None.
        recent: Whether a time shortly before is named.
        opening: Whether the sentence opens with "after".
        month: Where a month without a day or a year begins, or None.
        war: Where a war or an outbreak is named that people die of, or None.
        now: Whether the sentence tells what just happened ("there was", "today").
        last: Whether a calendar's time is named ("last year").
        single: Whether one event is named ("an attack").
        worst: Whether the sentence opens with the worst of several events.
        handed: Whether bodies are handed over or dug up.
        joined: Whether a clause of time is joined to another.
    """

    periods: tuple[int, ...]
    whole: bool
    trial: int | None
    year: tuple[int, str] | None
    past: int | None
    recent: bool
    opening: bool
    joined: bool
    month: int | None
    war: int | None
    now: bool
    handed: bool
    last: bool
    single: bool
    worst: bool


def _dates_only(before: str, words: str) -> bool:
    """Return whether words of a period only date or rank one event ("24 May this year", "the third attack since")."""
    return _RANKED.search(before) is not None or (words in _THIS_YEAR and _DATED.search(before) is not None)


def _names_a_place(sentence: str, end: int) -> bool:
    """Return whether the month that ends at `end` begins the name of a place ("in March Street", "in May Pen")."""
    return _NAMED_PLACE.match(sentence, end) is not None


def clues_in(sentence: str, vocabulary: frozenset[str]) -> Clues:
    """Return the clues of a sentence, whose folded words are given too: a pattern of which none stands in it is not sought."""
    low = levelled(sentence).lower()
    in_month = not _MONTHS.isdisjoint(vocabulary)
    dated = in_month or any(len(word) > 3 and word[:4].isdigit() for word in vocabulary)
    trial, year, past = _TRIAL.search(low), _YEAR.search(low) if dated else None, _PAST.search(low)
    of_war = not _WAR_NAMES.isdisjoint(vocabulary)
    war = _WAR.search(low) if of_war else None
    if year is not None and _RANKED.search(low[max(0, year.start() - 40) : year.start()]):
        year = None
    month = (
        next((m for m in _MONTH.finditer(low) if not _names_a_place(sentence, m.end())), None)
        if in_month
        else None
    )
    return Clues(
        month=month.start() if month else None,
        periods=tuple(
            match.start()
            for match in (_PERIOD.finditer(low) if _PERIOD_HINTS.search(low) else ())
            if not _dates_only(low[max(0, match.start() - 40) : match.start()], match.group())
        ),
        war=war.end() if war else None,
        now=_NOW.search(low) is not None,
        handed=_HANDED.search(low) is not None,
        last=past is not None and _LAST.match(low, past.start()) is not None,
        single=(past is not None or year is not None) and _SINGLE.search(low) is not None,
        worst=_WORST.match(low) is not None,
        whole=bool(_WHOLE.search(low) or (of_war and _OUTBREAK.search(low))),
        trial=trial.end() if trial else None,
        year=(year.start(), low[year.end() : year.end() + 2]) if year else None,
        past=past.start() if past else None,
        recent=_RECENT.search(low) is not None,
        joined=_JOINED.search(low) is not None,
        opening=_OPENED.match(low) is not None,
    )
