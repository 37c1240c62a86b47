"""Forms that every record has: JSON, and a digest of its texts."""

import dataclasses
import hashlib
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any


def to_json(record: Any) -> Any:
    """Return a record's JSON form: objects keyed by field, enums by value, datetimes in UTC RFC 3339."""
    if dataclasses.is_dataclass(record) and not isinstance(record, type):
        return {f.name: to_json(getattr(record, f.name)) for f in dataclasses.fields(record)}
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
    hasher = hashlib.sha256()
    for part in parts:
        data = b"\x00" if part is None else b"\x01" + part.encode("utf-8", "surrogatepass")
        hasher.update(len(data).to_bytes(8, "big") + data)
    return hasher.hexdigest()
