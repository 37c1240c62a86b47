"""Reads dates as people print them, and tells a line that prints nothing else."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

from crawler.parser.calendars import MONTHS, persian_day_in
from crawler.parser.remembered import remembered

ZONES = {"est": -5, "edt": -4, "et": -5, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "ct": -6, "pt": -8, "mt": -7, "bst": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "sgt": 8, "hkt": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "gmt": 0, "utc": 0, "z": 0}  # fmt: skip
# The vowel signs of Devanagari are no letters to `re`.
_MONTH = r"(?:[^\W\d_]|[\u0900-\u0903\u093a-\u094f]){2,12}"
_WORDED = re.compile(
    rf"(?<![\w/])(?:({_MONTH})\.?,? (\d{{1,2}})(?:st|nd|rd|th)?,?|(\d{{1,2}})(?:st|nd|rd|th|\.|er|º)?(?: de| of)? ({_MONTH})\.?,?(?: de| del)?) ((?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})\2((?:19|20)\d\d)(?![\w/-])")
_KANJI = re.compile(r"((?:19|20)\d\d)\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_YEAR_FIRST = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_CLOCK = re.compile(
    r"(?<![\d:.])(\d{1,2})(?:[:.h](\d\d)(?::(\d\d))?)?\s?(?:([ap])\.?m\b\.?)(?:[ ,(]{0,2}([a-z]{1,4}(?![a-z])|[+-]\d\d:?\d\d))?|"
    r"(?<![\d:.])(\d{1,2})[:h](\d\d)(?::(\d\d))?(?![\d:])(?:[ ,(]{0,2}([a-z]{1,4}(?![a-z])|[+-]\d\d:?\d\d))?",
    re.IGNORECASE,
)
_HALF = re.compile(r"\d\s?[ap]\.?m\b", re.IGNORECASE)
# Months, weekdays and the words around a printed time, in the languages of the news pages read 2026-11-28.
_WEEKDAYS = {
    "en": "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed weds thu thur thurs fri sat sun",
    "de": "montag dienstag mittwoch donnerstag freitag samstag sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "no": "mandag tirsdag onsdag torsdag fredag lørdag søndag måndag tisdag lördag söndag",
}
# What tells a date that its page got wrong: none on 343 news pages (2026-11-29). Monday is 0. Short forms are English alone, and no newspaper's name ("The Sun, 14 May 2024").
_DAY_OF_WEEK = {
    **{word: day for words in _WEEKDAYS.values() for day, word in enumerate(words.split()[:7])},
    "måndag": 0,
    "tisdag": 1,
    "lördag": 5,
    "söndag": 6,
}
_SHORT_DAY_OF_WEEK = {word: ("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(word[:3]) for word in _WEEKDAYS["en"].split()[7:]}  # fmt: skip
_NAMED_BEFORE = re.compile(
    rf"(?:\b({'|'.join(_DAY_OF_WEEK)})\b,?|(?<!the )\b({'|'.join(_SHORT_DAY_OF_WEEK)})\b[.,]{{0,2}})\s{{0,2}}(?:(?:the|den|der|le|el|il|de)\s)?$",
    re.IGNORECASE,
)
_NAMED_BEHIND = re.compile(rf"^[,.]?\s{{0,2}}\(?({'|'.join(_DAY_OF_WEEK)})\b", re.IGNORECASE)
_WORDS_AROUND = {
    "en": "published updated posted modified created first last on at by the of in am pm a p m st nd rd th update date time min mins minute minutes read",
    "zones": "est edt et cst cdt ct mst mdt pst pdt pt bst gmt utc ist cet cest msk aest jst z",
    "de": "uhr um vom von stand aktualisiert veröffentlicht zuletzt erstellt",
    "fr": "publié mis à jour le la les et du de",
    "es": "publicado actualizado el las hora horas h atualizado em às dia",
    "it": "pubblicato aggiornato il alle ore",
    "no": "sist oppdatert publisert opdateret publiceret publicerad uppdaterad gepubliceerd bijgewerkt op om",
}
_AROUND = frozenset(word for words in _WORDS_AROUND.values() for word in words.split())
_NAMES = frozenset(MONTHS) | frozenset(word for words in _WEEKDAYS.values() for word in words.split())
_DIGIT = re.compile(r"\d")
_TOKENS = re.compile(r"[^\W_]+")
_TIMED = re.compile(r"(?:19|20)\d\d[-/.]\d\d[-/.]\d\d[ T]\d\d:\d\d")
# What a page keeps for its scripts names its times three times (a page of 2019, read 2026-11-28).
_TIMES = 3
_TIME_LIKE = re.compile(r"\d{1,2}[:.h]\d\d|(?:19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")


def names_half(text: str) -> bool:
    """Return whether a text prints a time of a twelve-hour clock."""
    return _HALF.search(text) is not None


@remembered
def is_stamp_line(text: str) -> bool:
    """Return whether a line prints when the page was published or changed and says nothing else, or times of day again and again."""
    if len(text) <= 600 and text.count(":") >= _TIMES and len(_TIMED.findall(text)) >= _TIMES:
        return True
    if (
        len(text) > 240
        or (len(text) > 120 and text[-1] in '.!?”"')
        or _DIGIT.search(text) is None
        or _TIME_LIKE.search(text) is None
    ):
        return False
    tokens = _TOKENS.findall(text.lower())
    named = 0
    for token in tokens:
        if token in _NAMES:
            named += 1
        elif not (token in _AROUND or (len(token) <= 4 and token.rstrip("stndrhamp").isdigit())):
            return False
    return named > 0 or len(tokens) >= 3


def printed_date(text: str) -> datetime | None:
    """Read a date as people print it ("Published Tue, May 14 2024, 9:29 AM EDT"); None where day and month could change places.

    A time in a zone that is not known is left out: the day alone is given. A date with another day's weekday is none.
    """
    if len(text) > 120:
        return None
    day = _day_in(text)
    if day is None or _has_other_weekday(text, day):
        return None
    year, month, number, start, end = day
    hour = minute = second = 0
    zone: timezone = UTC
    clock = _CLOCK.search(text[:start] + " " * (end - start) + text[end:])
    if clock is not None:
        half, name = (clock[4] or "").lower(), (clock[5] or clock[9] or "").lower()
        hour, minute = int(clock[1] or clock[6]), int(clock[2] or clock[7] or 0)
        second = int(clock[3] or clock[8] or 0)
        if half and not 1 <= hour <= 12:
            return None
        if half:
            hour = hour % 12 + (12 if half == "p" else 0)
        if name in ZONES:
            zone = timezone(timedelta(hours=ZONES[name]))
        elif name[:1] in ("+", "-"):
            try:
                zone = zone_of(name)
            except ValueError:
                hour = minute = second = 0
        elif name and name not in _AROUND:
            hour = minute = second = 0
    try:
        return datetime(year, month, number, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def names_other_weekday(text: str) -> bool:
    """Return whether a text prints a date next to a weekday that is not its own ("Monday, 14 May 2024", a Tuesday)."""
    day = _day_in(text) if len(text) <= 120 else None
    return day is not None and _has_other_weekday(text, day)


def _has_other_weekday(text: str, day: tuple[int, int, int, int, int]) -> bool:
    year, month, number, start, end = day
    before, behind = _NAMED_BEFORE.search(text[:start]), _NAMED_BEHIND.match(text[end:])
    word = (before[1] or before[2] if before else behind[1] if behind else "").lower()
    if not word:
        return False
    try:
        return date(year, month, number).weekday() != _DAY_OF_WEEK.get(word, _SHORT_DAY_OF_WEEK.get(word))
    except ValueError:
        return False


def _day_in(text: str) -> tuple[int, int, int, int, int] | None:
    """Return year, month and day with where they stand; None where a text names none, or two that differ."""
    found = []
    for match in _WORDED.finditer(text):
        month = MONTHS.get((match[1] or match[4]).lower())
        if month is not None:
            found.append((int(match[5]), month, int(match[2] or match[3]), match.start(), match.end()))
    found += [
        (int(match[1]), int(match[2]), int(match[3]), match.start(), match.end())
        for pattern in (_KANJI, _YEAR_FIRST)
        for match in pattern.finditer(text)
    ]
    for match in _NUMBERED.finditer(text):
        one, other = int(match[1]), int(match[3])
        if match[2] == "." or one > 12 or one == other:
            found.append((int(match[4]), other, one, match.start(), match.end()))
        elif other > 12:
            found.append((int(match[4]), one, other, match.start(), match.end()))
        else:
            return None
    if not found and (persian := persian_day_in(text)) is not None:
        return persian
    return found[0] if found and all(other[:3] == found[0][:3] for other in found) else None


def zone_of(zone: str | None) -> timezone:
    """Return the zone of a stamp as ISO 8601 writes it ("Z", "+02:00", "-0500"); UTC where it is missing.

    Raises:
        ValueError: No place on earth is so far from Greenwich.
    """
    if not zone or zone.upper() in ("Z", "UTC", "GMT"):
        return UTC
    digits = zone[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if zone[0] == "-" else offset)
