"""Turns articles and changes into compressed JSON, and back."""

import json
from typing import Any

import zstandard
from pydantic import TypeAdapter

from crawler.errors import StoreError
from diffs.model import Article, Change

_FORMS: dict[type[Any], TypeAdapter[Any]] = {kind: TypeAdapter(kind) for kind in (Article, Change)}


def packed(record: Article | Change) -> bytes:
    """Give a record as compressed JSON; nothing is lost, not even a broken surrogate."""
    form = _FORMS[type(record)].dump_python(record, mode="json")
    return zstandard.ZstdCompressor(level=9).compress(json.dumps(form, separators=(",", ":")).encode("ascii"))


def unpacked(kind: type[Any], z: bytes, name: str) -> Any:
    """Read a record back.

    Raises:
        StoreError: It cannot be read; it can be derived anew.
    """
    try:
        form = json.loads(zstandard.ZstdDecompressor().decompress(z))
        return _FORMS[kind].validate_python(form)
    except (zstandard.ZstdError, ValueError) as error:
        raise StoreError(f"{name} cannot be read: `variorum rebuild` derives it anew") from error
