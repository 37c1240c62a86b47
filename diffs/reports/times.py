"""Times as readers read them: the day once, each time the link to its capture, UTC throughout."""

import re
from datetime import UTC, datetime
from functools import lru_cache

from diffs.model import Citation, History, Interval
from diffs.reports.document import Line, Link, line

_STAMP = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def clock(at: datetime, since: datetime | None = None, *, day: bool = True) -> str:
    """Return a time as `Tue 11 Mar 2025 06:40`, without the year (and the day) that it shares with an earlier time.

    Args:
        at: The time (aware).
        since: A time that the reader knows already, or None.
        day: False to leave the day out too where the two share it.
    """
    prefix, time = _parts(at, since, day=day)
    return prefix + time


def on_the_clock(text: str) -> str:
    """Return a text in which each stamp of machines (`2025-03-11T06:40:00Z`) stands as reports print a time."""
    return _STAMP.sub(_clocked, text)


def _clocked(match: re.Match[str]) -> str:
    try:
        return clock(datetime.fromisoformat(match[0]))
    except ValueError:
        return match[0]


def moment(capture: Citation, since: datetime | None = None) -> Line:
    """Return the day and time of a capture, linked to it where it has an address."""
    prefix, time = _parts(capture.at, since, day=True)
    return line(prefix, Link(time, capture.link))


def span(interval: Interval, since: datetime | None = None, *, day: bool = True) -> Line:
    """Return the two captures that bound a change: `Tue 11 Mar 07:55 – 09:20`, each time a link."""
    return between(interval.after, interval.until, since, day=day)


def between(after: Citation, until: Citation, since: datetime | None = None, *, day: bool = True) -> Line:
    """Return two captures as `span` does, within one minute with their seconds, and one capture as its time."""
    if after == until:
        return moment(after, since)
    seconds = _minute(after.at) == _minute(until.at)
    prefix, start = _parts(after.at, since, day=day, seconds=seconds)
    later, end = _parts(until.at, after.at, day=False, seconds=seconds)
    return line(prefix, Link(start, after.link), f" – {later}", Link(end, until.link))


def clock_kept(history: History) -> str:
    """Return that times are UTC, and how far from it the page's own clock is where its stamps state that."""
    stated = {one.article.utc_offset for one in history.revisions if one.article.utc_offset}
    if not stated:
        return "all times UTC"
    zones = " and ".join(_zone(minutes) for minutes in sorted(stated, reverse=True)[:2])  # summer's, winter's
    return f"all times UTC; the page's own clock: {zones}"


def _zone(minutes: int) -> str:
    """Return an offset in minutes as `UTC+5:30`."""
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def start_of(history: History) -> datetime | None:
    """Return the first time of a history whose captures are of one year, which then goes without saying, or None."""
    times = [
        one.capture.at.astimezone(UTC) for one in (*history.observations[:1], *history.observations[-1:])
    ]
    return times[0] if times and times[0].year == times[-1].year else None


@lru_cache(maxsize=4096)
def _parts(at: datetime, since: datetime | None, *, day: bool, seconds: bool = False) -> tuple[str, str]:
    at = at.astimezone(UTC)
    before = since.astimezone(UTC) if since else None
    time = f"{at:%H:%M:%S}" if seconds else f"{at:%H:%M}"
    if before is None or before.year != at.year:
        return f"{at:%a} {at.day} {at:%b} {at.year} ", time
    if day or before.date() != at.date():
        return f"{at:%a} {at.day} {at:%b} ", time
    return "", time


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
