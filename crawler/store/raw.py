"""Keeps captures' bytes as the archive holds them: by a recipe over the decoded body, else whole."""

from dataclasses import dataclass
from typing import Any

import zstandard
from sqlalchemy import ColumnElement, Connection, delete, exists, func, literal_column, select

from crawler.errors import StoreError
from crawler.model import Snapshot, StoredCapture
from crawler.store.bodies import MAX_SIZE, read_body, sha256_of
from crawler.store.database import Database
from crawler.store.engine import clean, insert_into
from crawler.store.headers import packed_headers, read_headers
from crawler.store.recipes import WHOLE, made_by, recipe_for
from crawler.store.schema import capture, raw_body

_LONGEST_SOURCE = 500
_LEVEL = 3
# As both databases must read it to see that the partial index serves: a parameter would not match `recipe = 'whole'`.
_IS_WHOLE: ColumnElement[bool] = capture.c.recipe == literal_column(f"'{WHOLE}'")


class RawBytes:
    """What captures were before their coding was undone; one transaction a method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, number: int) -> bytes | None:
        """Return the raw bytes of a capture by the store's number, or None where they were not kept.

        Raises:
            StoreError: They are not what was kept, or its body is missing or damaged.
        """
        with self._database.reading() as connection:
            return read_raw(connection, number)

    def headers(self, number: int) -> tuple[tuple[str, str], ...]:
        """Return the site's response headers of a capture, in order; empty where the archive replayed none."""
        with self._database.reading() as connection:
            z = connection.execute(select(capture.c.headers).where(capture.c.id == number)).scalar()
        return () if z is None else read_headers(z)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedRaw:
    """Raw bytes made ready outside the write transaction that keeps them.

    Attributes:
        values: What goes into the capture's row.
        row: What goes into the table of raw bytes, or None where a recipe makes them.
    """

    values: dict[str, Any]
    row: dict[str, Any] | None = None


def pack_raw(snapshot: Snapshot, *, now: Any) -> PackedRaw:
    """Look for the recipe of a snapshot's raw bytes, and put together what is noted of how they came."""
    values: dict[str, Any] = {
        "retrieved_at": snapshot.retrieved_at,
        "content_coding": clean(snapshot.content_coding),
        "headers": packed_headers(snapshot.headers),
        "archive_src": clean((snapshot.archive_src or "")[:_LONGEST_SOURCE]) or None,
        "imported_at": now if snapshot.imported else None,
        "raw_sha256": None,
        "recipe": None,
    }
    if snapshot.raw is None:
        return PackedRaw(values=values)
    recipe = recipe_for(snapshot.raw, snapshot.body)
    values |= {"raw_sha256": sha256_of(snapshot.raw), "recipe": recipe}
    if recipe != WHOLE:
        return PackedRaw(values=values)
    return PackedRaw(values=values, row=_row_of(snapshot.raw, values["raw_sha256"]))


def _row_of(raw: bytes, sha256: str) -> dict[str, Any]:
    z = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(raw)
    return {"sha256": sha256, "size": len(raw), "z": z}


def keep_raw(connection: Connection, packed: PackedRaw) -> dict[str, Any]:
    """Keep raw bytes that were made ready before, and return what goes into the capture's row."""
    if packed.row is not None:
        connection.execute(insert_into(connection, raw_body).on_conflict_do_nothing(), packed.row)
    return packed.values


def mend_raw(connection: Connection, seen: StoredCapture, raw: bytes | None) -> str | None:
    """Put raw bytes in place of those that a capture kept whole and that are damaged or gone.

    Returns:
        Their SHA-256, or None where nothing was put back: they are sound, or these are others.
    """
    if raw is None or seen.recipe != WHOLE or sha256_of(raw) != seen.raw_sha256:
        return None
    if is_raw_sound(connection, seen.id):
        return None
    connection.execute(delete(raw_body).where(raw_body.c.sha256 == seen.raw_sha256))
    connection.execute(insert_into(connection, raw_body), _row_of(raw, seen.raw_sha256))
    return seen.raw_sha256


def is_raw_sound(connection: Connection, number: int) -> bool:
    """Return whether the raw bytes of a capture can be had, or none were kept."""
    try:
        read_raw(connection, number)
    except StoreError:
        return False
    return True


def drop_unused_raw(connection: Connection, sha256: str) -> int:
    """Delete raw bytes that no capture with a body needs any more; returns the bytes they took."""
    used = exists().where(capture.c.raw_sha256 == sha256, _IS_WHOLE, capture.c.sha256.is_not(None))
    unused = (raw_body.c.sha256 == sha256) & ~used
    size = connection.execute(select(func.length(raw_body.c.z)).where(unused)).scalar()
    connection.execute(delete(raw_body).where(unused))
    return int(size or 0)


def made_again(connection: Connection, row: Any, body: bytes) -> bytes:
    """Return the raw bytes of a capture's row over its body, their SHA-256 checked.

    Raises:
        StoreError: They cannot be had, or are not what was kept.
    """
    if row.recipe is None or row.raw_sha256 is None:
        raise StoreError("the raw bytes of a capture lack their SHA-256 or their recipe; restore a backup")
    raw = _whole(connection, row.raw_sha256) if row.recipe == WHOLE else made_by(row.recipe, body)
    if sha256_of(raw) != row.raw_sha256:
        raise StoreError(
            f"the raw bytes {row.raw_sha256} are damaged: what the recipe makes has another SHA-256; restore a backup"
        )
    return raw


def read_raw(connection: Connection, number: int) -> bytes | None:
    """Return the raw bytes of a capture, or None where they were not kept.

    Raises:
        StoreError: They are not what was kept, or its body is missing or damaged.
    """
    query = select(capture.c.sha256, capture.c.raw_sha256, capture.c.recipe).where(capture.c.id == number)
    row = connection.execute(query).one()
    if row.sha256 is None or row.raw_sha256 is None or row.recipe is None:
        return None
    return made_again(connection, row, read_body(connection, row.sha256))


def _whole(connection: Connection, sha256: str) -> bytes:
    row = connection.execute(select(raw_body).where(raw_body.c.sha256 == sha256)).one_or_none()
    if row is None:
        raise StoreError(f"the raw bytes {sha256} are not in the store; restore a backup")
    try:
        if not 0 <= row.size <= MAX_SIZE or zstandard.frame_content_size(row.z) != row.size:
            raise StoreError(f"the raw bytes {sha256} are damaged: another length; restore a backup")
        return bytes(zstandard.ZstdDecompressor().decompress(row.z))
    except zstandard.ZstdError as error:
        raise StoreError(f"the raw bytes {sha256} are damaged ({error}); restore a backup") from error
