"""When a capture that could not be had is asked for again."""

from datetime import datetime, timedelta

from crawler.errors import (
    ArchiveError,
    BlockedError,
    BodyEncodingError,
    BodyTooLargeError,
    NoCaptureError,
    UnreachableError,
    WrongCaptureError,
)
from crawler.model import Failure, StoredCapture
from crawler.parser import PARSER_VERSION

# Archive playback was down for days in October 2024 and served errors for captures that it holds; single captures
# stay unplayable for weeks (hartator/wayback-machine-downloader#308, internetarchive/wayback#210, read 2026-11-28).
FIRST_PAUSE = timedelta(hours=1)
LONGEST_PAUSE = timedelta(days=90)
# A capture that failed more often than that says nothing of the archive's health any more: with a visit's own
# pauses, doubling to a day, so many failures take a week (2026-11-28).
YOUNG = 7

_FAILURES: tuple[tuple[type[ArchiveError], Failure], ...] = (
    (UnreachableError, Failure.UNREACHABLE),
    (NoCaptureError, Failure.ABSENT),
    (BlockedError, Failure.BLOCKED),
    (WrongCaptureError, Failure.OTHER_CAPTURE),
    (BodyTooLargeError, Failure.TOO_LARGE),
    (BodyEncodingError, Failure.ENCODING),
)


def failure_of(error: ArchiveError) -> Failure:
    """Return what failed where a capture could not be had."""
    return next((failure for kind, failure in _FAILURES if isinstance(error, kind)), Failure.UNREADABLE)


def pause_after(tries: int) -> timedelta | None:
    """Return how long to leave a capture alone that could not be had so many times in a row.

    Returns:
        None after the first failure: the next pass asks again. Then an hour, doubling up to 90 days.
    """
    if tries < 2:
        return None
    pause: timedelta = FIRST_PAUSE * 2 ** min(tries - 2, 12)
    return min(pause, LONGEST_PAUSE)


def is_due(row: StoredCapture, *, now: datetime, body_limit: int | None = None) -> bool:
    """Return whether a capture that could not be had is to be asked for again now.

    Beside the end of its pause, what stood in the way may be gone: a higher size limit, another parser version.

    Args:
        row: The capture.
        now: The time (aware UTC).
        body_limit: The size limit now (bytes), or None where unknown.
    """
    if not row.may_pass:
        return False
    if row.ask_again is None or row.ask_again <= now:
        return True
    if row.failure is Failure.TOO_LARGE:
        return body_limit is not None and row.body_limit is not None and body_limit > row.body_limit
    return row.failure in (Failure.ENCODING, Failure.UNREADABLE) and row.parser != PARSER_VERSION
