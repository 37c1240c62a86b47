"""Reads the times a page prints, as aware UTC."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from crawler.parser.printed import ZONES, names_half, names_other_weekday, printed_date, zone_of

_ISO = re.compile(
    r"^\s*(\d{4})(?:-?(\d\d)-?(\d\d)|[-/.](\d{1,2})[-/.](\d{1,2}))(?:(?:T|,? +)(\d\d?):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?)?\s*+(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?\s*$",
    re.IGNORECASE,
)
_MAIL = re.compile(r"\d\d:\d\d")
_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](0[1-9]|1[0-2])/(0[1-9]|[12]\d|3[01])/")
_EPOCH = re.compile(r"^\s*(\d{10}|\d{13})\s*$")


def stamp_in(text: str | None) -> datetime | None:
    """Read an ISO 8601, RFC 2822 or epoch stamp.

    Returns:
        The time as aware UTC (a stamp without a zone is read as UTC), or None where the text is no
        stamp, names a time outside 1990 to 2100, or a weekday that is not that of its date.
    """
    if not text:
        return None
    at = _iso(text) or _epoch(text)
    if at is None and names_other_weekday(text):
        return None
    if at is None:
        at = (
            printed_date(text)
            if not _MAIL.search(text) or names_half(text)
            else _mail(text) or printed_date(text)
        )
    if at is not None and at.year < 1990:
        at = printed_date(text)
    return at if at is not None and 1990 <= at.year < 2100 else None


def day_in_address(url: str) -> datetime | None:
    """Return the day that an article's address spells out ("/2018/01/23/", "/2023-11/17/"), midnight UTC, or None."""
    match = _ADDRESS.search(url)
    return stamp_in("-".join(match.groups())) if match is not None else None


def has_zone(text: str) -> bool:
    """Return whether an ISO stamp names its zone."""
    match = _ISO.match(text)
    return match is None or match[9] is not None


def offset_in(text: str | None) -> int | None:
    """Return how many minutes east of Greenwich an ISO stamp's zone lies, or None.

    None too for zero: systems write `Z` and `+00:00` wherever their newsroom stands.
    """
    match = _ISO.match(text or "")
    if match is None or stamp_in(text) is None:
        return None
    try:
        return int(zone_of(match[9]).utcoffset(None).total_seconds() // 60) or None
    except ValueError:
        return None


def _iso(text: str) -> datetime | None:
    match = _ISO.match(text)
    if match is None:
        return None
    year, month, day, other_month, other_day, hour, minute, second, zone = match.groups()
    try:
        at = datetime(
            int(year),
            int(month or other_month),
            int(day or other_day),
            int(hour or 0),
            int(minute or 0),
            min(59, int(second or 0)),
            tzinfo=zone_of(zone),
        )
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _epoch(text: str) -> datetime | None:
    match = _EPOCH.match(text)
    if match is None:
        return None
    seconds = int(match[1]) / (1000 if len(match[1]) == 13 else 1)
    return datetime.fromtimestamp(int(seconds), UTC)


def _mail(text: str) -> datetime | None:
    head, _, last = text.strip().rpartition(" ")
    if last.lower() in ZONES and head:
        text = f"{head} {ZONES[last.lower()]:+03d}00"
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        return (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
