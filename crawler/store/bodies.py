"""Keeps bodies by their SHA-256, each as a zstd delta against an earlier one of the same page."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import zstandard
from sqlalchemy import Connection, bindparam, func, literal, select, union_all, update

from crawler.errors import StoreError
from crawler.store.database import Database
from crawler.store.engine import insert_into
from crawler.store.locks import share_bodies
from crawler.store.schema import body, capture

KEYFRAME_EVERY = 10
# So many chains begin on one body that stands alone: what is damaged takes at most a hundred with it.
MOST_CHAINS = 10
LEVEL = 12
MAX_SIZE = 1 << 30
# A page alone takes a fourth to a sixth of its size (147 captures of 55 news pages, 2026-11-28): a delta of less than a
# twentieth is smaller than that without trying.
PLAIN_RATIO = 20
PLAIN = "zstd"
DELTA = "zstd-delta"


def _nearest() -> Any:
    """Return the query for the bodies of a target right before a time and right after it."""
    near = select(capture.c.sha256, capture.c.at, body.c.depth).join(body, body.c.sha256 == capture.c.sha256)
    near = near.where(capture.c.target_id == bindparam("of")).limit(1)
    when = bindparam("when", type_=capture.c.at.type)
    before = near.where(capture.c.at <= when).order_by(capture.c.at.desc()).subquery()
    after = near.where(capture.c.at > when).order_by(capture.c.at.asc()).subquery()
    return union_all(select(before), select(after))


# Made once: to put a statement together takes longer than to run it.
_NEAREST = _nearest()
_SIZE = select(body.c.size).where(body.c.sha256 == bindparam("name"))
_CHAINS = select(func.count()).where(body.c.base_sha256 == bindparam("name"))
_DEPTH = select(body.c.depth).where(body.c.sha256 == bindparam("name"))


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
        values: The row's other values, or None where it is kept already.
        mends: Whether it takes the place of what is kept and damaged.
    """

    name: str
    data: bytes
    values: dict[str, Any] | None
    mends: bool = False


class Recent:
    """The bodies kept last, so that the next capture's delta need not read its chain again; checked by their name.

    Args:
        most: How many bytes are held at most.
    """

    def __init__(self, most: int = 32_000_000) -> None:
        self._most = most
        self._size = 0
        self._held: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, name: str, data: bytes) -> None:
        """Remember a body, and forget those longest unused."""
        with self._lock:
            if name in self._held or len(data) > self._most // 4:
                return
            self._held[name] = data
            self._size += len(data)
            while self._size > self._most:
                self._size -= len(self._held.popitem(last=False)[1])

    def get(self, name: str) -> bytes | None:
        """Return a body that is remembered, or None."""
        with self._lock:
            if name in self._held:
                self._held.move_to_end(name)
            return self._held.get(name)


def pack_body(
    connection: Connection, data: bytes, *, target: int, at: Any, recent: Recent | None = None
) -> PackedBody:
    """Compress a body, unless it is kept already and sound.

    The delta's base is the body of the capture of the same target that is nearest in time, so that
    captures fetched out of order (a bisection) still lie against their neighbours.
    """
    name = sha256_of(data)
    if _is_kept(connection, name):
        sound = is_sound(connection, name)
        values = None if sound else _alone(_plain(data))
        return PackedBody(name=name, data=data, values=values, mends=not sound)
    base = _base_for(connection, target, at)
    ground = None if base is None else _ground(connection, base.sha256, recent)
    values = _alone(_plain(data)) if ground is None else _over(data, base, ground)
    if recent:
        recent.put(name, data)
    return PackedBody(name=name, data=data, values=values)


def _ground(connection: Connection, name: str, recent: Recent | None) -> bytes | None:
    """Return what a body may be built on, or None where that is damaged."""
    held = recent.get(name) if recent else None
    if held is not None:
        return held
    try:
        return read_body(connection, name)
    except StoreError:
        return None


def keep_body(connection: Connection, packed: PackedBody) -> str:
    """Keep a body that was compressed before, unless it is kept already, and return its SHA-256.

    One that is kept and damaged gets its bytes back, on which those that were built on it stand again.
    """
    share_bodies(connection)
    values = packed.values
    if packed.mends and values is not None:
        again = update(body).where(body.c.sha256 == packed.name)
        if connection.execute(again.values(size=len(packed.data), **values)).rowcount:
            settle_depths(connection, packed.name, 0)
            return packed.name
    if values is None and _is_kept(connection, packed.name):
        return packed.name
    if values is None or not _still_fits(connection, values):
        values = _alone(_plain(packed.data))
    row = {"sha256": packed.name, "size": len(packed.data), **values}
    connection.execute(insert_into(connection, body).on_conflict_do_nothing(), row)
    return packed.name


def _is_kept(connection: Connection, name: str) -> bool:
    return connection.execute(_SIZE, {"name": name}).scalar() is not None


def _still_fits(connection: Connection, values: Mapping[str, Any]) -> bool:
    """Return whether what a body was compressed over is as it was then."""
    if values["base_sha256"] is None:
        return True
    depth = connection.execute(_DEPTH, {"name": values["base_sha256"]}).scalar()
    return depth is not None and depth + 1 == values["depth"]


def read_body(connection: Connection, sha256: str) -> bytes:
    """Return a body, its SHA-256 and those of all it is built on checked.

    Raises:
        StoreError: There is none, or what is stored is not what was kept.
    """
    chain = _chain(connection, sha256)
    data = b""
    for row in reversed(chain):
        data = unpacked(row, data)
        if sha256_of(data) != row.sha256:
            raise StoreError(
                f"body {row.sha256} is damaged: its bytes have another SHA-256; restore a backup"
            )
    return data


def is_sound(connection: Connection, sha256: str) -> bool:
    """Return whether a body can be read, and all that it is built on."""
    try:
        read_body(connection, sha256)
    except StoreError:
        return False
    return True


def settle_depths(connection: Connection, name: str, depth: int) -> None:
    """Write down how deep the bodies lie that are built on one, whose own depth is given."""
    below = [name]
    for step in range(depth + 1, KEYFRAME_EVERY + 1):
        built = body.c.base_sha256.in_(below)
        connection.execute(update(body).where(built).values(depth=step))
        below = list(connection.execute(select(body.c.sha256).where(built)).scalars())
        if not below:
            return


def all_bodies(connection: Connection, after: str = "", limit: int = 500) -> list[str]:
    """Return the names of up to `limit` bodies that sort behind `after`."""
    query = select(body.c.sha256).where(body.c.sha256 > after).order_by(body.c.sha256).limit(limit)
    return list(connection.execute(query).scalars())


def _chain(connection: Connection, sha256: str) -> list[Any]:
    """Return a body's row and those that it is built on, up to one that stands alone.

    Raises:
        StoreError: One of them is missing, or they have no beginning.
    """
    start = select(*body.c, literal(0).label("step")).where(body.c.sha256 == sha256)
    chain = start.cte("chain", recursive=True)
    earlier = body.alias("earlier")
    more = select(*earlier.c, chain.c.step + 1).join(chain, earlier.c.sha256 == chain.c.base_sha256)
    chain = chain.union_all(more.where(chain.c.step < KEYFRAME_EVERY))
    rows = connection.execute(select(chain).order_by(chain.c.step)).all()
    missing = sha256 if not rows else rows[-1].base_sha256
    if missing is not None and len(rows) > KEYFRAME_EVERY:
        raise StoreError(f"body {sha256} is damaged: its chain has no beginning; restore a backup")
    if missing is not None:
        raise StoreError(f"body {missing} is not in the store; restore a backup")
    return list(rows)


def _base_for(connection: Connection, target: int, at: Any) -> Any:
    """Return name and depth of what a target's body at a time is built on, or None where it should stand alone.

    That is the body nearest in time; where its chain is full, the one that this chain begins on.
    """
    found = connection.execute(_NEAREST, {"of": target, "when": at}).all()
    near = sorted(found, key=lambda row: abs(row.at - at))
    usable = next((row for row in near if row.depth < KEYFRAME_EVERY - 1), None)
    if usable is not None or not near:
        return usable
    try:
        first = _chain(connection, near[0].sha256)[-1]
    except StoreError:
        return None
    full = connection.execute(_CHAINS, {"name": first.sha256}).scalar_one() >= MOST_CHAINS
    return None if full else first


def packed_over(connection: Connection, data: bytes, base: str | None) -> dict[str, Any]:
    """Return the row's values for a body as a delta over another, or alone where that is smaller."""
    if base is None:
        return _alone(_plain(data))
    ground = read_body(connection, base)
    row = connection.execute(select(body.c.sha256, body.c.depth).where(body.c.sha256 == base)).one()
    return _over(data, row, ground)


def _over(data: bytes, base: Any, ground: bytes) -> dict[str, Any]:
    """Return a body's values over another; it is packed alone as well only where the delta tells that it may be smaller."""
    delta = _compressor(len(data), ground).compress(data)
    values = {"base_sha256": base.sha256, "codec": DELTA, "depth": base.depth + 1, "z": delta}
    if len(delta) * PLAIN_RATIO <= len(data):
        return values
    plain = _plain(data)
    return values if len(delta) < len(plain) else _alone(plain)


def _plain(data: bytes) -> bytes:
    return _compressor(len(data)).compress(data)


def _alone(plain: bytes) -> dict[str, Any]:
    return {"base_sha256": None, "codec": PLAIN, "depth": 0, "z": plain}


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
