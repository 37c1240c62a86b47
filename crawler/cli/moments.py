"""Times as people type them: in words, by a version's number, or as our own reports print them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from crawler.address import moment
from crawler.errors import InputError
from diffs.model import History

_VERSION = re.compile(r"(?:version|v)\s*(\d{1,6})", re.IGNORECASE)
_PRINTED = re.compile(r"(?:[A-Z][a-z]{2} )?(\d{1,2} [A-Z][a-z]{2} \d{4}),? (\d{2}:\d{2})(:\d{2})?")


def moment_typed(text: str, *, now: datetime, history: Callable[[], History]) -> datetime:
    """Return the end of the time that is meant: "yesterday", "version 3", "Tue 11 Mar 2025 06:40", or a date.

    Args:
        text: As typed; without a zone it is UTC.
        now: The time now (aware UTC).
        history: Returns the history whose versions are meant; asked only where a version is named.

    Raises:
        InputError: It is none of these, or the page has no such version.
    """
    words = " ".join(text.split()).removesuffix(" UTC")
    if version := _VERSION.fullmatch(words):
        return _first_seen(int(version[1]), history())
    if words.lower() in ("today", "now"):
        return now
    if words.lower() == "yesterday":
        return now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(seconds=1)
    if printed := _PRINTED.fullmatch(words):
        return _printed(*printed.groups(), typed=text)
    return moment(words, end=True)


def _first_seen(number: int, history: History) -> datetime:
    for revision in history.revisions:
        if revision.number == number:
            return revision.first.at
    known = len(history.revisions)
    raise InputError(
        f"there is no version {number}; versions 1 to {known} are known"
        if known
        else "no version is known yet"
    )


def _printed(day: str, time: str, seconds: str | None, *, typed: str) -> datetime:
    try:
        found = datetime.strptime(f"{day} {time}{seconds or ':59'}", "%d %b %Y %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        raise InputError(
            f"{typed!r} is no date; write 2016-09-18, 2016-09-18T02:26 or 20160918022640 (UTC)"
        ) from None
    return found
