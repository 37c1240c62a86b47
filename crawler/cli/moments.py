"""Times as people type them: in words, by a version's number, or as our own reports print them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from crawler.address import moment
from crawler.errors import InputError
from diffs.model import History

_FORMS = "Write 2016-09-18, 2016-09-18 02:26, 20160918022640 or 18 Sep 2016 02:26 (UTC), or 'version 3', 'yesterday' or '2 hours ago'."
_VERSION = re.compile(r"(?:version|v)\s*(\d{1,6})", re.IGNORECASE)
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_CLOCK = r"(?P<time>\d{1,2}:\d{2}(?::\d{2})?)"
_DAY = r"(?:[a-z]{3,9},? )?(?:(?P<day>\d{1,2})\.? (?P<month>[a-z]{3,9})|(?P<first>[a-z]{3,9}) (?P<later>\d{1,2}))\.?"
_PRINTED = re.compile(rf"{_DAY}(?:,? (?P<year>\d{{4}}))?(?:,? {_CLOCK})?", re.IGNORECASE)
_TIME = re.compile(_CLOCK)
_AGO = re.compile(r"(\d{1,4}) (minute|hour|day|week)s? ago", re.IGNORECASE)


def moment_typed(text: str, *, now: datetime, history: Callable[[], History]) -> datetime:
    """Return the end of the time that is meant: "yesterday", "version 3", "Tue 11 Mar 06:40", "29 August", or a date.

    A day without a year is the last such day up to the newest capture; a time alone is that of the one day on
    which something was captured in that minute.

    Args:
        text: As typed; without a zone it is UTC.
        now: The time now (aware UTC).
        history: Returns the history whose versions are meant; asked only where one is needed.

    Raises:
        InputError: It is none of these, or the page has no such version.
    """
    words = re.sub(r",? ?\b(?:UTC|GMT)$", "", " ".join(text.split()))
    if version := _VERSION.fullmatch(words):
        return _first_seen(int(version[1]), history())
    if words.lower() in ("today", "now"):
        return now
    if words.lower() == "yesterday":
        return now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(seconds=1)
    if ago := _AGO.fullmatch(words):
        return now - timedelta(**{f"{ago[2].lower()}s": int(ago[1])})
    if _TIME.fullmatch(words):
        return _at_time(words, history(), typed=text)
    if (printed := _PRINTED.fullmatch(words)) and (month := _month(printed["month"] or printed["first"])):
        return _printed(printed, month, now=now, history=history, typed=text)
    try:
        return moment(words, end=True)
    except InputError as error:
        raise InputError(f"{text!r} is no date. {_FORMS}") from error


def _first_seen(number: int, history: History) -> datetime:
    for revision in history.revisions:
        if revision.number == number:
            return revision.first.at
    known = len(history.revisions)
    raise InputError(
        f"There is no version {number}; versions 1 to {known} are known."
        if known
        else "No version is known yet."
    )


def _month(name: str) -> int | None:
    """Return the number of an English month named in full or by three letters or more, or None."""
    fits = [number for number, month in enumerate(_MONTHS, start=1) if month.startswith(name.lower())]
    return fits[0] if len(fits) == 1 else None


def _printed(
    found: re.Match[str], month: int, *, now: datetime, history: Callable[[], History], typed: str
) -> datetime:
    day, time = int(found["day"] or found["later"]), found["time"]
    if found["year"]:
        return _end(int(found["year"]), month, day, time, typed)
    seen = history().observations
    newest = seen[-1].capture.at if seen else now
    end = _end(newest.year, month, day, time, typed)
    if end.date() <= newest.date():
        return end
    return _end(newest.year - 1, month, day, time, typed)


def _end(year: int, month: int, day: int, time: str | None, typed: str) -> datetime:
    """Return the last second of a day, or of the minute named on it."""
    clock = time or "23:59:59"
    try:
        hour, minute, second = map(int, (clock if clock.count(":") == 2 else f"{clock}:59").split(":"))
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        raise InputError(f"{typed!r} is no date. {_FORMS}") from None


def _at_time(clock: str, history: History, *, typed: str) -> datetime:
    """Return the end of the one minute (or second) of that name in which something was captured."""
    digits = clock if len(clock.partition(":")[0]) == 2 else f"0{clock}"
    form = "%H:%M:%S" if digits.count(":") == 2 else "%H:%M"
    found = {one.capture.at for one in history.observations if one.capture.at.strftime(form) == digits}
    days = {at.date() for at in found}
    if len(days) != 1:
        several = "on more than one day" if days else "on no day"
        raise InputError(f"{typed} was captured {several}: write the day too, as in 11 March {clock}.")
    return max(found).replace(microsecond=0) if form == "%H:%M:%S" else max(found).replace(second=59)
