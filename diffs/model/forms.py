"""Forms that every record has: JSON, and a digest of its texts."""

import dataclasses
import hashlib
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

# Of every JSON form; what each version added stands in docs/reports.md.
SCHEMA_VERSION = 1
INTERNAL = {"internal": True}  # metadata of a field that is stored, and takes no part in a record's JSON form

_PLAIN = frozenset({str, int, float, bool, type(None)})


def fields_of(record: Any) -> list[str]:
    """Return the names of the fields in the JSON form of a record, or of a class of records."""
    return list(_fields_of(record if isinstance(record, type) else type(record)))


@lru_cache(maxsize=128)
def _fields_of(kind: type) -> tuple[str, ...]:
    return tuple(f.name for f in dataclasses.fields(kind) if not f.metadata.get("internal"))


def to_json(record: Any) -> Any:
    """Return a record's JSON form: objects keyed by field, enums by value, datetimes in UTC RFC 3339."""
    if type(record) in _PLAIN:
        return record
    if dataclasses.is_dataclass(record) and not isinstance(record, type):
        return {name: to_json(getattr(record, name)) for name in fields_of(record)}
    if isinstance(record, (tuple, list)):
        return [to_json(item) for item in record]
    if isinstance(record, dict):
        return {str(key): to_json(value) for key, value in record.items()}
    if isinstance(record, StrEnum):
        return record.value
    if isinstance(record, datetime):
        return record.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return record


def digest_of(*parts: str | None) -> str:
    """Return the SHA-256, in hex, of a sequence of strings; None differs from the empty string."""
    return hashlib.sha256(b"".join(map(_framed, parts))).hexdigest()


def digest_of_known(*parts: str | None) -> str:
    """Return what `digest_of` returns, of strings most of which it was given lately, as versions share most blocks: a third of the time."""
    return hashlib.sha256(b"".join(map(_framed_lately, parts))).hexdigest()


def _framed(part: str | None) -> bytes:
    """Return a string in UTF-8 behind its length, so that no two sequences of strings become one."""
    data = b"\x00" if part is None else b"\x01" + part.encode("utf-8", "surrogatepass")
    return len(data).to_bytes(8, "big") + data


_framed_lately = lru_cache(maxsize=1024)(_framed)
