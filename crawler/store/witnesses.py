"""What became of captures that findings cite when they were fetched again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select

from crawler.model import StoredCapture, Target
from crawler.store.database import Database
from crawler.store.engine import clean, insert_into
from crawler.store.locks import count_evidence
from crawler.store.schema import capture, finding, target, witness
from crawler.store.seals import seal
from crawler.store.targets import target_of
from diffs.model import Citation, Verdict, Witnessed

_MINE = select(
    *witness.c, capture.c.url, capture.c.at, capture.c.served_at, capture.c.archive, capture.c.digest
).select_from(witness.join(capture))


class Witnesses:
    """The last answer on each capture that was asked for again; one transaction a method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(
        self,
        seen: StoredCapture,
        verdict: Verdict | None,
        *,
        now: datetime,
        sha256: str | None = None,
        reason: str | None = None,
    ) -> Witnessed:
        """Keep what became of a capture; a verdict that is another than before enters the log of custody.

        Args:
            seen: The capture.
            verdict: What became of it, or None where the archive gave no clear answer: the verdict before stands.
            now: The time (aware UTC).
            sha256: SHA-256 of the bytes served, in hex.
            reason: Why.
        """
        with self._database.writing() as connection:
            before = connection.execute(select(witness).where(witness.c.capture_id == seen.id)).one_or_none()
            stood = before is not None and before.verdict == verdict
            values: dict[str, Any] = {"asked": now}
            if verdict is not None or before is None or before.verdict is None:
                values["reason"] = clean(reason)
            if verdict is not None:
                values |= {
                    "answered": now,
                    "verdict": verdict.value,
                    "since": before.since if before is not None and stood else now,
                    "times": before.times + 1 if before is not None and stood else 1,
                    "sha256": sha256,
                }
            if verdict is not None and not stood:
                count_evidence(connection, seen.target)
                facts = {"capture": seen.capture.url, "archive": seen.capture.archive, "sha256": sha256}
                place = {"captured": seen.capture.timestamp, "verdict": verdict.value}
                seal(connection, seen.target, "witnessed", {}, at=now, **facts, **place)
            put = insert_into(connection, witness).values(capture_id=seen.id, **values)
            connection.execute(put.on_conflict_do_update(index_elements=[witness.c.capture_id], set_=values))
            return _read(connection.execute(_MINE.where(witness.c.capture_id == seen.id)).one())

    def of(self, of: Target) -> tuple[Witnessed, ...]:
        """Return a target's captures that were asked for again, in order of time."""
        with self._database.reading() as connection:
            rows = connection.execute(_MINE.where(capture.c.target_id == of.id).order_by(capture.c.at))
            return tuple(_read(row) for row in rows)

    def asked(self, of: Target) -> Mapping[int, Witnessed]:
        """Return what became of each of a target's captures that was asked for again, by the store's number."""
        with self._database.reading() as connection:
            rows = connection.execute(_MINE.where(capture.c.target_id == of.id))
            return {row.capture_id: _read(row) for row in rows}

    def longest_unasked(self, *, most: int, skipping: frozenset[int] = frozenset()) -> tuple[Target, ...]:
        """Return targets whose findings stand, those first of which no capture was asked for again for longest.

        Args:
            most: At most so many.
            skipping: The store's numbers of targets to leave out.
        """
        last = (
            select(func.max(witness.c.asked))
            .select_from(witness.join(capture))
            .where(capture.c.target_id == target.c.id)
            .scalar_subquery()
        )
        stands = exists().where(finding.c.target_id == target.c.id, finding.c.vanished.is_(None))
        query = select(target).where(stands, target.c.id.not_in(list(skipping)))
        order = (last.is_not(None), last, target.c.id)
        with self._database.reading() as connection:
            return tuple(map(target_of, connection.execute(query.order_by(*order).limit(most))))

    def counts(self) -> Mapping[Verdict, int]:
        """Return how many captures have each verdict."""
        query = select(witness.c.verdict, func.count()).where(witness.c.verdict.is_not(None))
        with self._database.reading() as connection:
            rows = connection.execute(query.group_by(witness.c.verdict)).all()
        found: dict[str, int] = {row[0]: row[1] for row in rows}
        return {verdict: found[verdict] for verdict in Verdict if verdict in found}


def _read(row: Any) -> Witnessed:
    cited = Citation(
        at=row.served_at or row.at, url=row.url, archive=row.archive, link=None, digest=row.digest or None
    )
    return Witnessed(
        capture=cited,
        verdict=Verdict(row.verdict) if row.verdict else None,
        asked=row.asked,
        answered=row.answered,
        since=row.since,
        times=row.times,
        sha256=row.sha256,
        reason=row.reason,
    )
