"""The log of custody as it is read: each target's chain, and the chain of the store that binds them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, insert, select

from crawler.model import Target
from crawler.store.custody_schema import custody, custody_head, custody_tip
from crawler.store.database import Database
from crawler.store.engine import insert_into
from crawler.store.recipes import WHOLE
from crawler.store.schema import body, capture, meta, raw_body, target
from crawler.store.seals import (
    PAGE,
    ROWS,
    TIP,
    canonical,
    capture_form,
    capture_things,
    entry_hash,
    head_hash,
    other_things,
    seal,
)
from crawler.store.targets import targets_of

_NEWEST = "custody"
_SHOWN = ("position", "at", "act", "detail", "hash")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One act on a target's evidence.

    Attributes:
        target: The store's number of the target.
        position: Its place in the target's chain, from 1.
        at: When (aware UTC); None for `found`, and for acts that earlier versions gave no time.
        act: `found` (there when the log began), `listed`, `fetched`, `judged`, `failed`, `derived`, `findings`,
            `noted`, `template`, `retention`, `mended`, `reported`, `exported`, `witnessed` or `restored`.
        detail: The facts of the act as canonical JSON; `things` in it are the digests of the rows it wrote, null for
            one that it deleted; empty where they can no longer be read.
        previous: The hash of the entry that now stands before it; empty for the first.
        hash: The hash of this one.
    """

    target: int
    position: int
    at: datetime | None
    act: str
    detail: str
    previous: str
    hash: str

    @property
    def facts(self) -> dict[str, Any]:
        """The facts of the act; empty where they can no longer be read."""
        try:
            read = json.loads(self.detail)
        except (ValueError, RecursionError):
            return {}
        return read if isinstance(read, dict) else {}

    @property
    def is_sound(self) -> bool:
        """Whether the hash is that of what the entry says, and of the one before it."""
        return self.hash == entry_hash(
            self.target, self.position, at=self.at, act=self.act, detail=self.detail, previous=self.previous
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A link of the store's own chain, which binds the targets' chains as they stood.

    Attributes:
        position: Its place, from 1.
        at: When it was made (aware UTC).
        heads: Canonical JSON: by target number, position and hash of the last entry, where it moved since the link before.
        previous: The hash of the link before; empty for the first.
        hash: The hash of this one.
        token: An authority's time stamp of the hash (RFC 3161, DER), or None.
    """

    position: int
    at: datetime
    heads: str
    previous: str
    hash: str
    token: bytes | None = None

    @property
    def bound(self) -> dict[int, tuple[int, str]]:
        """Position and hash of the last entry of each chain that moved, by target number; empty where they cannot be read."""
        return _bound(self.heads) or {}

    @property
    def is_sound(self) -> bool:
        """Whether it can be read, and the hash is that of what it says."""
        sound = self.hash == head_hash(self.position, self.at, self.heads, self.previous)
        return sound and _bound(self.heads) is not None


def _bound(heads: str) -> dict[int, tuple[int, str]] | None:
    """Return what a link binds, or None where that cannot be read."""
    try:
        read = json.loads(heads)
        found = {int(number): (int(place), str(digest)) for number, (place, digest) in read.items()}
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    return found


class Custody:
    """The log by target, and the store's chain; one transaction a method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, of: Target) -> Iterator[Entry]:
        """Yield the entries of a target's chain in order."""
        after: int | None = None
        previous = ""
        while True:
            query = select(custody).where(custody.c.target_id == of.id)
            query = query if after is None else query.where(custody.c.position > after)
            with self._database.reading() as connection:
                rows = connection.execute(query.order_by(custody.c.position).limit(PAGE)).all()
            if not rows:
                return
            for row in rows:
                shown = {name: getattr(row, name) for name in _SHOWN}
                yield Entry(target=row.target_id, previous=previous, **shown)
                previous = row.hash
            after = rows[-1].position

    def enter(self, of: Target, act: str, *, at: datetime, **facts: Any) -> None:
        """Enter an act that wrote no row of evidence: a report, an export, a restored store."""
        with self._database.writing() as connection:
            seal(connection, of.id, act, {}, at=at, **facts)

    def enter_all(self, act: str, *, at: datetime, **facts: Any) -> int:
        """Enter an act on the whole store in every chain, in one transaction; returns how many chains there are."""
        with self._database.writing() as connection:
            tips = select(custody_tip.c.target_id).order_by(custody_tip.c.target_id)
            numbers = connection.execute(tips).scalars().all()
            for number in numbers:
                seal(connection, number, act, {}, at=at, **facts)
            return len(numbers)

    def tip(self, of: Target) -> tuple[int, str] | None:
        """Return position and hash of the last entry as noted apart from the log, or None where none is."""
        with self._database.reading() as connection:
            row = connection.execute(TIP, {"of": of.id}).one_or_none()
        return None if row is None else (row.position, row.hash)

    def standing(self, of: Target) -> Iterator[tuple[str, str]]:
        """Yield the digests of a target's rows of evidence as they stand now, by the names that entries use."""
        after = 0
        mine = ROWS.where(capture.c.target_id == of.id).order_by(capture.c.id).limit(PAGE)
        while True:
            with self._database.reading() as connection:
                rows = connection.execute(mine.where(capture.c.id > after)).all()
            if not rows:
                break
            for row in rows:
                yield from capture_things(row).items()
            after = rows[-1].id
        with self._database.reading() as connection:
            others = other_things(connection, of.id)
        yield from others.items()

    def row_of(self, number: int) -> dict[str, Any]:
        """Return a capture's row, by the store's number, in the form whose digest the log holds."""
        with self._database.reading() as connection:
            return capture_form(connection, number)

    def targets(self) -> Iterator[Target]:
        """Yield every target, those that are only read to learn a site's furniture included, by the store's number."""
        after = 0
        while True:
            query = select(target).where(target.c.id > after).order_by(target.c.id).limit(PAGE)
            with self._database.reading() as connection:
                page = targets_of(connection, connection.execute(query).all())
            if not page:
                return
            yield from page
            after = page[-1].id

    def strays(self) -> tuple[int, ...]:
        """Return the numbers of targets that a chain names and the store does not hold."""
        known = exists().where(target.c.id == custody.c.target_id)
        with self._database.reading() as connection:
            query = select(custody.c.target_id).where(~known).distinct().order_by(custody.c.target_id)
            return tuple(connection.execute(query).scalars())

    def bodies_amiss(self) -> tuple[tuple[str, str], ...]:
        """Return SHA-256 and what is wrong of bodies that a capture shows and that are gone or stored out of place."""
        kept, base = body.alias("kept"), body.alias("base")
        shown = select(capture.c.sha256).where(capture.c.sha256.is_not(None)).distinct()
        gone = shown.where(~exists().where(body.c.sha256 == capture.c.sha256))
        lost = select(kept.c.sha256).select_from(kept.outerjoin(base, kept.c.base_sha256 == base.c.sha256))
        wrong = (kept.c.base_sha256.is_(None) & (kept.c.depth != 0)) | (kept.c.depth != base.c.depth + 1)
        missing = kept.c.base_sha256.is_not(None) & base.c.sha256.is_(None)
        raw = select(capture.c.raw_sha256).where(capture.c.recipe == WHOLE, capture.c.sha256.is_not(None))
        raw = raw.where(~exists().where(raw_body.c.sha256 == capture.c.raw_sha256)).distinct()
        asked = (
            (gone, "is gone, and a capture shows it"),
            (lost.where(wrong | missing), "does not stand on the body that it was built on"),
            (raw, "is gone as the archive held it"),
        )
        with self._database.reading() as connection:
            found = [
                (name, detail) for query, detail in asked for name in connection.execute(query).scalars()
            ]
        return tuple(sorted(found))

    def newest(self) -> str | None:
        """Return position and hash of the newest link as noted apart from the chain, or None where none is."""
        with self._database.reading() as connection:
            return connection.execute(select(meta.c.value).where(meta.c.name == _NEWEST)).scalar()

    def heads(self) -> tuple[Head, ...]:
        """Return the store's chain in order."""
        with self._database.reading() as connection:
            rows = connection.execute(select(custody_head).order_by(custody_head.c.position)).all()
        return tuple(Head(**dict(row._mapping)) for row in rows)  # noqa: SLF001  SQLAlchemy's name for it

    def bind(self, now: datetime) -> Head | None:
        """Bind the targets' chains into the store's; returns the new link, or None where no chain moved."""
        with self._database.writing() as connection:
            bound: dict[int, tuple[int, str]] = {}
            last = None
            for last in connection.execute(select(custody_head).order_by(custody_head.c.position)):
                bound |= _bound(last.heads) or {}
            tips = connection.execute(select(custody_tip).order_by(custody_tip.c.target_id)).all()
            moved = {
                str(row.target_id): [row.position, row.hash]
                for row in tips
                if bound.get(row.target_id) != (row.position, row.hash)
            }
            if not moved:
                return None
            position, previous = (1, "") if last is None else (last.position + 1, last.hash)
            heads = canonical(moved)
            link = Head(
                position=position,
                at=now,
                heads=heads,
                previous=previous,
                hash=head_hash(position, now, heads, previous),
            )
            values = {name: getattr(link, name) for name in ("position", "at", "heads", "previous", "hash")}
            connection.execute(insert(custody_head).values(values))
            put = insert_into(connection, meta).values(name=_NEWEST, value=f"{link.position} {link.hash}")
            new = {"value": put.excluded.value}
            connection.execute(put.on_conflict_do_update(index_elements=[meta.c.name], set_=new))
            return link

    def keep_token(self, link: Head, token: bytes) -> None:
        """Keep an authority's time stamp of a link."""
        with self._database.writing() as connection:
            this = custody_head.update().where(custody_head.c.position == link.position)
            connection.execute(this.values(token=token))
