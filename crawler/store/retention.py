"""Drops bytes that no finding rests on, for those who must; off unless asked for."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from crawler.model import Target
from crawler.store.bodies import packed_over, read_body, settle_depths
from crawler.store.captures import ORDER
from crawler.store.locks import count_evidence, own_bodies
from crawler.store.raw import drop_unused_raw
from crawler.store.recipes import WHOLE
from crawler.store.records import Retained
from crawler.store.schema import body, capture
from crawler.store.seals import seal_captures, things_of_all
from diffs.model import Outcome


def drop_old_bodies(connection: Connection, of: Target, *, before: datetime, now: datetime) -> Retained:
    """Drop the bytes of captures older than `before` that lie inside a stretch of one text.

    The first and the last capture of every stretch stay: they prove each change, and when it happened.
    The row, its SHA-256s, headers and the article stay too, and say when the bytes went.
    """
    count_evidence(connection, of.id)
    own_bodies(connection)
    dropped = _inside(connection, of, before)
    names = {row.sha256 for row in dropped}
    gone = [row.id for row in dropped]
    was = things_of_all(connection, gone)
    for row in dropped:
        values = {"sha256": None, "dropped": now, "dropped_sha256": row.sha256}
        connection.execute(update(capture).where(capture.c.id == row.id).values(values))
    seal_captures(connection, of.id, "retention", gone, was=was, at=now, before=before, bodies=sorted(names))
    sizes = [_forget(connection, name) for name in sorted(names) if not _is_used(connection, name)]
    whole = {row.raw_sha256 for row in dropped if row.recipe == WHOLE}
    raw = sum(drop_unused_raw(connection, name) for name in sorted(whole))
    return Retained(captures=len(dropped), bodies=len(sizes), stored_bytes=sum(sizes) + raw)


def _inside(connection: Connection, of: Target, before: datetime) -> list[Any]:
    """Return the captures that show a text which the captures before and after them show as well."""
    query = select(
        capture.c.id,
        capture.c.at,
        capture.c.sha256,
        capture.c.fingerprint,
        capture.c.raw_sha256,
        capture.c.recipe,
    )
    shown = (capture.c.target_id == of.id) & (capture.c.outcome == Outcome.FETCHED.value)
    rows = connection.execute(query.where(shown, capture.c.fingerprint.is_not(None)).order_by(*ORDER)).all()
    return [
        row
        for earlier, row, later in zip(rows, rows[1:], rows[2:], strict=False)
        if earlier.fingerprint == row.fingerprint == later.fingerprint and row.sha256 and row.at < before
    ]


def _is_used(connection: Connection, name: str) -> bool:
    return (
        connection.execute(select(capture.c.id).where(capture.c.sha256 == name).limit(1)).first() is not None
    )


def _forget(connection: Connection, name: str) -> int:
    """Delete a body, setting those built on it upon what it was built on; returns the bytes it took."""
    query = select(body.c.base_sha256, func.length(body.c.z).label("size")).where(body.c.sha256 == name)
    old = connection.execute(query).one()
    base = old.base_sha256
    children = select(body.c.sha256).where(body.c.base_sha256 == name).order_by(body.c.sha256)
    for child in connection.execute(children).scalars().all():
        values = packed_over(connection, read_body(connection, child), base)
        connection.execute(update(body).where(body.c.sha256 == child).values(values))
        settle_depths(connection, child, values["depth"])
        # Of several chains that began on it the first one's begins them now.
        base = base or child
    connection.execute(delete(body).where(body.c.sha256 == name))
    return int(old.size)
