"""The fourteen digits by which web archives name a time."""

from datetime import UTC, datetime

FORM = "%Y%m%d%H%M%S"


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
    """Give fourteen digits, zeros that were put in before the month or the day taken out again.

    Raises:
        ValueError: It is not made of 4 to 14 digits.
    """
    if not (timestamp.isascii() and timestamp.isdigit() and 4 <= len(timestamp) <= 14):
        raise ValueError(f"{timestamp!r} is no timestamp")
    full = timestamp + "00000101000000"[len(timestamp) :]
    for start in (4, 6):
        if full[start : start + 2] == "00":
            full = full[:start] + full[start + 2 :] + "00"
    return full
