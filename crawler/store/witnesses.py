"""What became of captures that findings cite when they were fetched again, and what that found."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, func, insert, select, update

from crawler.model import StoredCapture, Target
from crawler.store.custody_schema import evidence_finding, witness
from crawler.store.database import Database
from crawler.store.engine import clean, insert_into
from crawler.store.locks import count_evidence, lock_target
from crawler.store.schema import EPOCH, MICROSECOND, capture, finding, target
from crawler.store.seals import evidence_things, seal
from crawler.store.targets import targets_of
from diffs.model import Citation, EvidenceFinding, Verdict, Witnessed, digest_of

LOST = (Verdict.GONE, Verdict.ALTERED)
_CITED = (capture.c.url, capture.c.at, capture.c.served_at, capture.c.archive, capture.c.digest)
_MINE = select(*witness.c, *_CITED).select_from(witness.join(capture))
_FOUND = select(*evidence_finding.c, *_CITED).select_from(evidence_finding.join(capture))


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

        A capture that is gone or altered is a finding of its own, in the same transaction; another verdict resolves it.

        Args:
            seen: The capture.
            verdict: What became of it, or None where the archive gave no clear answer: the verdict before stands.
            now: The time (aware UTC).
            sha256: SHA-256 of the bytes served, in hex.
            reason: Why.
        """
        with self._database.writing() as connection:
            lock_target(connection, seen.target)
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
            was = evidence_things(connection, seen.id)
            moved = verdict is not None and _judge(
                connection, seen, verdict, now=now, sha256=sha256, reason=clean(reason)
            )
            if verdict is not None and (moved or not stood):
                count_evidence(connection, seen.target)
                things = evidence_things(connection, seen.id)
                facts = {"capture": seen.capture.url, "archive": seen.capture.archive, "sha256": sha256}
                place = {"captured": seen.capture.timestamp, "verdict": verdict.value}
                seal(connection, seen.target, "witnessed", things, was=was, at=now, **facts, **place)
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

    def findings(
        self, of: Target | None = None, *, since: datetime | None = None, standing: bool = False
    ) -> tuple[EvidenceFinding, ...]:
        """Return what was found about captures of a target, or of all, in the order in which it was found.

        Args:
            of: The target.
            since: Only what was found, or resolved, at this time or later (aware UTC).
            standing: Only what is not resolved.
        """
        query = _FOUND if of is None else _FOUND.where(evidence_finding.c.target_id == of.id)
        if since is not None:
            query = query.where(
                (evidence_finding.c.appeared >= since) | (evidence_finding.c.resolved >= since)
            )
        if standing:
            query = query.where(evidence_finding.c.resolved.is_(None))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(evidence_finding.c.appeared, evidence_finding.c.id))
            return tuple(map(_finding, rows))

    def lost(self) -> Mapping[Verdict, int]:
        """Return how many findings about captures stand, by what became of them."""
        stands = evidence_finding.c.resolved.is_(None)
        query = select(evidence_finding.c.type, func.count()).where(stands).group_by(evidence_finding.c.type)
        with self._database.reading() as connection:
            found: dict[str, int] = {row[0]: row[1] for row in connection.execute(query)}
        return {verdict: found[verdict] for verdict in LOST if verdict in found}

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
            rows = connection.execute(query.order_by(*order).limit(most)).all()
            return tuple(targets_of(connection, rows))

    def counts(self) -> Mapping[Verdict, int]:
        """Return how many captures have each verdict."""
        query = select(witness.c.verdict, func.count()).where(witness.c.verdict.is_not(None))
        with self._database.reading() as connection:
            rows = connection.execute(query.group_by(witness.c.verdict)).all()
        found: dict[str, int] = {row[0]: row[1] for row in rows}
        return {verdict: found[verdict] for verdict in Verdict if verdict in found}


def _judge(
    connection: Connection,
    seen: StoredCapture,
    verdict: Verdict,
    *,
    now: datetime,
    sha256: str | None,
    reason: str | None,
) -> bool:
    """Resolve what stands of a capture and no longer holds, and record what is new; returns whether anything moved."""
    mine = (evidence_finding.c.capture_id == seen.id) & evidence_finding.c.resolved.is_(None)
    standing = connection.execute(select(evidence_finding.c.type).where(mine)).scalars().all()
    if verdict.value in standing or (not standing and verdict not in LOST):
        return False
    connection.execute(update(evidence_finding).where(mine).values(resolved=now))
    if verdict in LOST:
        row = seen.capture
        place = (row.archive, row.url, row.timestamp, row.digest, verdict.value)
        name = digest_of(str(seen.target), *place, str((now - EPOCH) // MICROSECOND))[:16]
        values = {"type": verdict.value, "appeared": now, "sha256": sha256, "reason": reason}
        made = insert(evidence_finding).values(
            id=f"evidence-{name}", target_id=seen.target, capture_id=seen.id, **values
        )
        connection.execute(made)
    return True


def _finding(row: Any) -> EvidenceFinding:
    return EvidenceFinding(
        id=row.id,
        type=Verdict(row.type),
        capture=_cited(row),
        appeared=row.appeared,
        resolved=row.resolved,
        sha256=row.sha256,
        reason=row.reason,
    )


def _cited(row: Any) -> Citation:
    return Citation(
        at=row.served_at or row.at, url=row.url, archive=row.archive, link=None, digest=row.digest or None
    )


def _read(row: Any) -> Witnessed:
    return Witnessed(
        capture=_cited(row),
        verdict=Verdict(row.verdict) if row.verdict else None,
        asked=row.asked,
        answered=row.answered,
        since=row.since,
        times=row.times,
        sha256=row.sha256,
        reason=row.reason,
    )
