"""Keeps captures as archives listed them, and completes those that were known before an index named them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from crawler.model import Capture, Target
from crawler.store.engine import clean, insert_into
from crawler.store.locks import count_evidence, lock_target
from crawler.store.schema import capture
from crawler.store.seals import seal_captures, things_of_all
from crawler.store.targets import LONGEST_URL
from diffs.model import Outcome

LONGEST_DIGEST = 200


def note_listed(connection: Connection, of: Target, batch: Sequence[Capture], *, now: datetime | None) -> int:
    """Remember a batch of captures that an archive listed; returns how many were new."""
    if not batch:
        return 0
    rows = [_row_of(of, item) for item in batch if len(item.url.encode()) <= LONGEST_URL]
    if not rows:
        return 0
    lock_target(connection, of.id)
    named = _to_name(connection, of, rows)
    was = things_of_all(connection, sorted(named))
    for number, listed in named.items():
        connection.execute(update(capture).where(capture.c.id == number).values(listed))
    made = connection.execute(
        insert_into(connection, capture).on_conflict_do_nothing().returning(capture.c.id), rows
    )
    new = list(made.scalars())
    if new or named:
        count_evidence(connection, of.id)
    seal_captures(connection, of.id, "listed", [*named, *new], was=was, at=now)
    return len(new)


def _to_name(connection: Connection, of: Target, rows: Sequence[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """Return what completes captures known before an index listed them, by the time of the request, by number."""
    unnamed = select(capture.c.id, capture.c.at, capture.c.archive, capture.c.url).where(
        capture.c.target_id == of.id,
        capture.c.digest == "",
        capture.c.at.between(min(row["at"] for row in rows), max(row["at"] for row in rows)),
    )
    bare = {(row.at, row.archive, row.url): row.id for row in connection.execute(unnamed)}
    named = {}
    for row in rows if bare else ():
        number = bare.pop((row["at"], row["archive"], row["url"]), None)
        if number is not None and row["digest"]:
            named[number] = {name: row[name] for name in ("digest", "mimetype", "status", "length", "urlkey")}
    return named


def _row_of(of: Target, item: Capture) -> dict[str, Any]:
    return {
        "target_id": of.id,
        "archive": item.archive,
        "url": clean(item.url),
        "urlkey": clean(item.urlkey),
        "at": item.at,
        "mimetype": clean(item.mimetype),
        "status": status_in(item.status),
        "digest": _digest(item.digest),
        "length": item.length,
        "outcome": Outcome.REVISIT.value if item.is_revisit else Outcome.PENDING.value,
    }


def _digest(digest: str | None) -> str:
    """Return a digest, or nothing for what is longer than any is."""
    text = clean(digest) or ""
    return text if len(text) <= LONGEST_DIGEST else ""


def status_in(status: int | None) -> int | None:
    """Return an HTTP status, or None for a number that can be none."""
    return status if status is not None and 100 <= status <= 999 else None
