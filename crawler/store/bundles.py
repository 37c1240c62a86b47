"""Bodies as they are stored, taken along with all that they are built on, so that another process can unpack them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from crawler.errors import StoreError
from crawler.store.bodies import KEYFRAME_EVERY, Recent, sha256_of, unpacked
from crawler.store.database import Database
from crawler.store.schema import body

# What a worker holds of bodies that the next may be built on.
HELD_BYTES = 32_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBody:
    """A row of the table of bodies.

    Attributes:
        sha256: The body's name.
        base_sha256: What it is a delta over, or None.
        codec: How it is packed.
        size: Its bytes, unpacked.
        z: Its bytes, packed.
    """

    sha256: str
    base_sha256: str | None
    codec: str
    size: int
    z: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Some bodies of a page, packed: a fiftieth of their size where captures follow each other.

    Attributes:
        names: The SHA-256 of each that is wanted, in order.
        rows: Their rows, and those of all that they are built on.
    """

    names: tuple[str, ...]
    rows: tuple[StoredBody, ...]

    def read(self) -> Iterator[bytes]:
        """Yield the bodies in order of the names; each is unpacked once where they follow each other in time.

        Raises:
            StoreError: One is missing, or not what was kept.
        """
        rows = {row.sha256: row for row in self.rows}
        recent = Recent(HELD_BYTES)
        for name in self.names:
            yield _read(name, rows, recent)


def _read(name: str, rows: dict[str, StoredBody], recent: Recent) -> bytes:
    chain: list[StoredBody] = []
    data = recent.get(name)
    missing: str | None = name
    while data is None and missing is not None:
        row = rows.get(missing)
        if row is None:
            raise StoreError(f"body {missing} is not in the store; restore a backup")
        if len(chain) > KEYFRAME_EVERY:
            raise StoreError(f"body {name} is damaged: its chain has no beginning; restore a backup")
        chain.append(row)
        missing = row.base_sha256
        data = recent.get(missing) if missing is not None else None
    data = data or b""
    for row in reversed(chain):
        data = unpacked(row, data)
        if sha256_of(data) != row.sha256:
            raise StoreError(
                f"body {row.sha256} is damaged: its bytes have another SHA-256; restore a backup"
            )
        recent.put(row.sha256, data)
    return data


def bundle_of(database: Database, names: Sequence[str]) -> Bundle:
    """Return bodies as they are stored, with all that they are built on; what is missing shows when they are read."""
    with database.reading() as connection:
        return Bundle(names=tuple(names), rows=_rows(connection, set(names)))


def _rows(connection: Connection, names: set[str]) -> tuple[StoredBody, ...]:
    columns = (body.c.sha256, body.c.base_sha256, body.c.codec, body.c.size, body.c.z)
    found: dict[str, StoredBody] = {}
    wanted = names
    while wanted:
        rows = connection.execute(select(*columns).where(body.c.sha256.in_(sorted(wanted)))).all()
        found |= {
            row.sha256: StoredBody(
                sha256=row.sha256,
                base_sha256=row.base_sha256,
                codec=row.codec,
                size=row.size,
                z=row.z,
            )
            for row in rows
        }
        wanted = {row.base_sha256 for row in rows if row.base_sha256} - found.keys()
    return tuple(found[name] for name in sorted(found))
