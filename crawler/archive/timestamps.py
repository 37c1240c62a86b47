"""The fourteen digits by which web archives name a time."""

from datetime import UTC, datetime, timedelta

FORM = "%Y%m%d%H%M%S"
# The first page of the web was put up on 1991-08-06.
EARLIEST = datetime(1991, 8, 6, tzinfo=UTC)
# How far the clock of an archive and ours may differ.
SLACK = timedelta(days=1)


def time_of(timestamp: str) -> datetime:
    """Read a timestamp of 4 to 14 digits; what is missing counts as the start of its period.

    Some crawls of the year 2000 have two zeros put in before the month or the day, and lack the seconds for it:
    `20000008241731` is 2000-08-24 17:31 (edgi-govdata-archiving/wayback#85 and #88).

    Returns:
        Aware UTC.

    Raises:
        ValueError: It names no time.
    """
    return datetime.strptime(repaired(timestamp), FORM).replace(tzinfo=UTC)


def repaired(timestamp: str) -> str:
    """Return fourteen digits, zeros that were put in before the month or the day taken out again.

    Raises:
        ValueError: It is not made of 4 to 14 digits, two for each part after the year.
    """
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) in range(4, 15, 2)):
        raise ValueError(f"{timestamp!r} is no timestamp")
    full = timestamp + "00000101000000"[len(timestamp) :]
    for start in (4, 6):
        if full[start : start + 2] == "00":
            full = full[:start] + full[start + 2 :] + "00"
    return full


def check_credible(at: datetime, *, now: datetime | None) -> None:
    """Refuse a time at which nothing can have been captured.

    Args:
        at: The time (aware UTC).
        now: The time now (aware UTC), or None where nobody knows.

    Raises:
        ValueError: It lies before the web, or ahead of now by more than two clocks differ.
    """
    if at < EARLIEST:
        raise ValueError(f"its time {at.date()} lies before the first page of the web")
    if now is not None and at > now + SLACK:
        raise ValueError(f"its time {at.date()} lies ahead of this machine's clock ({now.date()})")
