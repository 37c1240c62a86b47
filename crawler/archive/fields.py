"""Values that strangers write into records, read within bounds."""

import json
from typing import Any

# What a 64-bit column holds.
LARGEST = (1 << 63) - 1
# What a record of any kind may fail with when its values are odd: one net for each row and each record.
ODD_VALUE = (ValueError, ArithmeticError, LookupError, TypeError, AttributeError, RecursionError)


def whole_number(text: str | None, *, most: int = LARGEST) -> int | None:
    """Return a number written in ASCII digits, or None where it is none or more than `most`.

    `str.isdigit` alone holds for superscripts, which `int` refuses, and `int` takes underscores and 4,300 digits.
    """
    said = (text or "").strip()
    if not (said.isascii() and said.isdigit()) or len(said) > len(str(most)):
        return None
    number = int(said)
    return number if number <= most else None


def http_status(text: str | None) -> int | None:
    """Return an HTTP status, or None where the text names none (RFC 9110, 15: three digits)."""
    number = whole_number(text, most=999)
    return number if number is not None and number >= 100 else None


def json_object(text: str) -> dict[str, Any]:
    """Return the object that a JSON text holds, empty where it holds none or is nested beyond reading."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
