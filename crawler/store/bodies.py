"""Keeps bodies by their SHA-256, each as a zstd delta against an earlier one of the same page."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import zstandard
from sqlalchemy import Connection, and_, select

from crawler.errors import StoreError
from crawler.store.database import Database
from crawler.store.engine import insert_into
from crawler.store.locks import share_bodies
from crawler.store.schema import body, capture

KEYFRAME_EVERY = 10
LEVEL = 12
MAX_SIZE = 1 << 30
PLAIN = "zstd"
DELTA = "zstd-delta"


class Bodies:
    """Bodies by their SHA-256; one transaction a method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, sha256: str) -> bytes:
        """Return a body, its SHA-256 checked.

        Raises:
            StoreError: It is not kept, or not what was kept.
        """
        with self._database.reading() as connection:
            return read_body(connection, sha256)

    def names(self) -> Iterator[str]:
        """Yield the SHA-256 of every body kept, in order."""
        after = ""
        while True:
            with self._database.reading() as connection:
                page = all_bodies(connection, after)
            if not page:
                return
            yield from page
            after = page[-1]


def sha256_of(data: bytes) -> str:
    """Return the name under which a body is kept: its SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedBody:
    """A body compressed outside the write transaction that keeps it.

    Attributes:
        name: Its SHA-256.
        data: Its bytes.
        values: The row's other values, or None where it was kept already.
    """

    name: str
    data: bytes
    values: dict[str, Any] | None


def pack_body(connection: Connection, data: bytes, *, target: int, at: Any) -> PackedBody:
    """Compress a body, unless it is kept already.

    The delta's base is the body of the capture of the same target that is nearest in time, so that
    captures fetched out of order (a bisection) still lie against their neighbours.
    """
    name = sha256_of(data)
    if _is_kept(connection, name):
        return PackedBody(name=name, data=data, values=None)
    values = packed_over(connection, data, _base_for(connection, target, at))
    return PackedBody(name=name, data=data, values=values)


def keep_body(connection: Connection, packed: PackedBody) -> str:
    """Keep a body that was compressed before, unless it is kept already, and return its SHA-256."""
    share_bodies(connection)
    if not _is_kept(connection, packed.name):
        values = packed.values
        if values is None or not _still_fits(connection, values):
            values = packed_over(connection, packed.data, None)
        row = {"sha256": packed.name, "size": len(packed.data), **values}
        connection.execute(insert_into(connection, body).values(row).on_conflict_do_nothing())
    return packed.name


def _is_kept(connection: Connection, name: str) -> bool:
    return connection.execute(select(body.c.size).where(body.c.sha256 == name)).scalar() is not None


def _still_fits(connection: Connection, values: Mapping[str, Any]) -> bool:
    """Return whether what a body was compressed over is as it was then."""
    if values["base_sha256"] is None:
        return True
    depth = connection.execute(select(body.c.depth).where(body.c.sha256 == values["base_sha256"])).scalar()
    return depth is not None and depth + 1 == values["depth"]


def read_body(connection: Connection, sha256: str) -> bytes:
    """Return a body, its SHA-256 and those of all it is built on checked.

    Raises:
        StoreError: There is none, or what is stored is not what was kept.
    """
    chain = [_row(connection, sha256)]
    while chain[-1].base_sha256 is not None:
        if len(chain) > KEYFRAME_EVERY:
            raise StoreError(f"body {sha256} is damaged: its chain has no beginning; restore a backup")
        chain.append(_row(connection, chain[-1].base_sha256))
    data = b""
    for row in reversed(chain):
        data = unpacked(row, data)
        if sha256_of(data) != row.sha256:
            raise StoreError(
                f"body {row.sha256} is damaged: its bytes have another SHA-256; restore a backup"
            )
    return data


def all_bodies(connection: Connection, after: str = "", limit: int = 500) -> list[str]:
    """Return the names of up to `limit` bodies that sort behind `after`."""
    query = select(body.c.sha256).where(body.c.sha256 > after).order_by(body.c.sha256).limit(limit)
    return list(connection.execute(query).scalars())


def _row(connection: Connection, sha256: str) -> Any:
    found = connection.execute(select(body).where(body.c.sha256 == sha256)).one_or_none()
    if found is None:
        raise StoreError(f"body {sha256} is not in the store; restore a backup")
    return found


def _base_for(connection: Connection, target: int, at: Any) -> str | None:
    """Return the body nearest in time to `at` among the target's, or None where it would end a full chain."""
    near = select(capture.c.sha256, capture.c.at, body.c.depth).join(body, body.c.sha256 == capture.c.sha256)
    found: list[Any] = []
    for side, order in ((capture.c.at <= at, capture.c.at.desc()), (capture.c.at > at, capture.c.at.asc())):
        query = near.where(and_(capture.c.target_id == target, side)).order_by(order).limit(1)
        found += connection.execute(query).all()
    usable = [row for row in found if row.depth < KEYFRAME_EVERY - 1]
    return min(usable, key=lambda row: abs(row.at - at)).sha256 if usable else None


def packed_over(connection: Connection, data: bytes, base: str | None) -> dict[str, Any]:
    """Return the row's values for a body as a delta over another, or alone where that is smaller."""
    plain = _compressor(len(data)).compress(data)
    alone = {"base_sha256": None, "codec": PLAIN, "depth": 0, "z": plain}
    if base is None:
        return alone
    ground = read_body(connection, base)
    delta = _compressor(len(data), ground).compress(data)
    if len(delta) >= len(plain):
        return alone
    depth = connection.execute(select(body.c.depth).where(body.c.sha256 == base)).scalar_one()
    return {"base_sha256": base, "codec": DELTA, "depth": depth + 1, "z": delta}


def _compressor(size: int, base: bytes = b"") -> zstandard.ZstdCompressor:
    """Make a compressor whose window reaches from the end of the body back over its whole base."""
    window = min(27, max(17, (size + len(base)).bit_length()))
    parameters = zstandard.ZstdCompressionParameters.from_level(
        LEVEL, window_log=window, write_checksum=True, write_content_size=True
    )
    dictionary = _dictionary(base) if base else None
    return zstandard.ZstdCompressor(compression_params=parameters, dict_data=dictionary)


def _dictionary(base: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


def unpacked(row: Any, base: bytes) -> bytes:
    """Undo the compression of one row over the body it is built on.

    Raises:
        StoreError: The row cannot be read.
    """
    if row.codec not in {PLAIN, DELTA} or not 0 <= row.size <= MAX_SIZE:
        raise StoreError(f"body {row.sha256} is damaged: nothing reads {row.codec!r}; restore a backup")
    dictionary = _dictionary(base) if row.codec == DELTA else None
    try:
        if zstandard.frame_content_size(row.z) != row.size:
            raise StoreError(f"body {row.sha256} is damaged: it has another length; restore a backup")
        reader = zstandard.ZstdDecompressor(dict_data=dictionary, max_window_size=1 << 27)
        return bytes(reader.decompress(row.z))
    except zstandard.ZstdError as error:
        raise StoreError(f"body {row.sha256} is damaged ({error}); restore a backup") from error
