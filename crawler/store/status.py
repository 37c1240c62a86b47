"""Counts what the store holds, for a reader who wants it at a glance."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, literal, or_, select, text

from crawler.model import IMPORTED, Failure, WorkerKind
from crawler.store import glance
from crawler.store.records import DaemonState, Heartbeat, PauseRecord, StatusRecord, WorkerRecord
from crawler.store.schema import (
    TRACKED,
    body,
    capture,
    contradiction,
    finding,
    heartbeat,
    host,
    pacing,
    target,
)
from diffs.model import Outcome

DAEMON = "daemon"
LEADER = "maintenance"
_FAILED = capture.c.outcome == Outcome.FAILED.value


def _counted(connection: Connection) -> dict[Outcome, int]:
    """Return how many captures have which outcome; one of an import that another archive has shown too counts once."""
    # Apart, so that the first reads an index alone: of a million rows it is asked by every look at the metrics.
    counted = select(capture.c.outcome, func.count()).group_by(capture.c.outcome)
    found = {Outcome(outcome): number for outcome, number in connection.execute(counted)}
    imported = capture.c.archive == IMPORTED
    if connection.execute(select(literal(1)).where(exists().where(imported))).scalar():
        for outcome, number in connection.execute(counted.where(imported, _shown_too())):
            found[Outcome(outcome)] -= number
    return {outcome: number for outcome, number in found.items() if number}


def _shown_too() -> ColumnElement[bool]:
    """Return whether another archive's row of the same address, second and digest shows the same."""
    other = capture.alias()
    same = ("target_id", "at", "url", "digest")
    alike = (other.c[name] == capture.c[name] for name in same)
    nothing = and_(
        other.c.fingerprint.is_(None),
        capture.c.fingerprint.is_(None),
        other.c.outcome == capture.c.outcome,
        other.c.outcome.not_in([Outcome.PENDING.value, Outcome.REVISIT.value, Outcome.FAILED.value]),
    )
    shown = or_(other.c.fingerprint == capture.c.fingerprint, nothing)
    return (capture.c.digest != "") & exists().where(*alike, shown, other.c.archive != IMPORTED)


def status_of(
    connection: Connection, where: str, now: datetime | None, gone: Collection[str] = ()
) -> StatusRecord:
    """Count everything; what depends on the time only where one is given, and what ended workers hold as free."""
    sums = select(func.count(), func.sum(body.c.size), func.sum(func.length(body.c.z)))
    kept, size, stored = connection.execute(sums).one()
    tracked, hosts = TRACKED, glance.hosts_asked(connection)
    visits = glance.next_visits(connection)
    first = visits[0].at if visits else None
    return StatusRecord(
        where=where,
        schema=str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()),
        targets=_count(connection, target, tracked),
        untracked=_count(connection, target, ~tracked),
        due=None if now is None else _count(connection, target, tracked & (target.c.next_due <= now)),
        leased=_count(
            connection,
            target,
            target.c.lease_worker.is_not(None) & target.c.lease_worker.not_in(list(gone)),
        ),
        failing=_count(connection, target, tracked & (target.c.failures > 0)),
        next_due=first,
        oldest_due=first if first is not None and now is not None and first <= now else None,
        next_visits=visits,
        hosts=hosts,
        budgets=glance.budgets(connection, hosts),
        suspects=glance.suspect_rate(connection),
        captures=_counted(connection),
        again=_count(connection, capture, _FAILED & (capture.c.failure != Failure.DROPPED.value)),
        never=_count(connection, capture, _FAILED & (capture.c.failure == Failure.DROPPED.value)),
        bodies=kept,
        body_bytes=int(size or 0),
        stored_bytes=int(stored or 0),
        dropped=_count(connection, capture, capture.c.dropped.is_not(None)),
        without_raw=_count(
            connection, capture, capture.c.sha256.is_not(None) & capture.c.raw_sha256.is_(None)
        ),
        findings=_count(connection, finding, finding.c.vanished.is_(None)),
        contradictions=_count(connection, contradiction, contradiction.c.vanished.is_(None)),
        pauses=pauses(connection, now),
        heartbeat=last_beat(connection, gone),
        workers=workers_of(connection, gone),
    )


def _count(connection: Connection, table: Any, where: Any) -> int:
    return connection.execute(select(func.count()).select_from(table).where(where)).scalar_one()


def pauses(connection: Connection, now: datetime | None) -> tuple[PauseRecord, ...]:
    """Return the pauses in force, or every pause known where no time is given."""
    query = select(pacing, host.c.penalties).join(host, host.c.host == pacing.c.host, isouter=True)
    query = query.where(pacing.c.paused_until.is_not(None)).order_by(pacing.c.host, pacing.c.kind)
    if now is not None:
        query = query.where(pacing.c.paused_until > now)
    return tuple(
        PauseRecord(
            host=row.host,
            kind=row.kind,
            until=row.paused_until,
            reason=row.reason or "",
            penalties=row.penalties or 0,
        )
        for row in connection.execute(query)
    )


def workers_of(connection: Connection, gone: Collection[str] = ()) -> tuple[WorkerRecord, ...]:
    """Return the workers that have not signed off, by name."""
    held = select(target.c.lease_worker, func.count()).where(target.c.lease_worker.is_not(None))
    holders = connection.execute(held.group_by(target.c.lease_worker))
    holding: dict[str, int] = {row[0]: row[1] for row in holders}
    leader = connection.execute(select(heartbeat.c.worker).where(heartbeat.c.name == LEADER)).scalar()
    theirs = select(heartbeat).where(heartbeat.c.name.startswith(f"{WorkerKind.WORKER.value} "))
    return tuple(
        WorkerRecord(
            name=row.worker,
            started=row.started,
            beat=row.beat,
            state=DaemonState.GONE if row.worker in gone else DaemonState(row.state),
            reason=row.reason,
            held=holding.get(row.worker, 0),
            leads=row.worker == leader and row.worker not in gone,
        )
        for row in connection.execute(theirs.order_by(heartbeat.c.worker))
    )


def last_beat(connection: Connection, gone: Collection[str] = (), *, name: str = DAEMON) -> Heartbeat | None:
    """Return the last sign of life of the daemon, or of the worker of that row."""
    row = connection.execute(select(heartbeat).where(heartbeat.c.name == name)).one_or_none()
    if row is None:
        return None
    state = DaemonState(row.state)
    if row.worker in gone and state is not DaemonState.STOPPED:
        state = DaemonState.GONE
    return Heartbeat(
        worker=row.worker,
        started=row.started,
        beat=row.beat,
        state=state,
        reason=row.reason,
    )
