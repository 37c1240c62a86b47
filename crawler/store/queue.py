"""The queue: when each target is due, and who works on it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    case,
    func,
    literal,
    or_,
    select,
    type_coerce,
    update,
)

from crawler.errors import LeaseLostError
from crawler.model import Target, Worker, WorkerKind
from crawler.store.database import Database
from crawler.store.engine import clean, insert_into
from crawler.store.pacing import shift_back
from crawler.store.records import Held
from crawler.store.schema import MICROSECOND, TRACKED, Instant, heartbeat, target
from crawler.store.schema import worker as workers
from crawler.store.sessions import beat_name, silent_workers
from crawler.store.targets import targets_of
from crawler.store.upkeep import put_beat
from crawler.store.workers import is_gone

# A target whose work has killed the process twice is left alone for longer each time.
MOST_TAKES = 8
CLOCK = "clock"
CLOCK_STEP = timedelta(seconds=10)


class Queue:
    """Due times and leases; one transaction a method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim_due(self, now: datetime, *, limit: int, lease_seconds: float, worker: str) -> list[Target]:
        """Take up to `limit` due targets that nobody holds, longest due first.

        One whose work was begun and never ended is held twice as long for each time. Where the
        clock was set back since the last call, every due time moves back with it.
        """
        with self._database.writing() as connection:
            _note_clock(connection, now)
            free = or_(target.c.lease_until.is_(None), target.c.lease_until <= now)
            due = select(target).where(TRACKED, target.c.next_due <= now, free)
            due = due.order_by(target.c.next_due, target.c.id).limit(limit).with_for_update(skip_locked=True)
            rows = connection.execute(due).all()
            for takes in {row.takes for row in rows}:
                lease = timedelta(seconds=lease_seconds) * 2 ** min(takes, MOST_TAKES)
                mine = target.c.id.in_([row.id for row in rows if row.takes == takes])
                connection.execute(
                    update(target).where(mine).values(lease_until=now + lease, lease_worker=worker)
                )
            return targets_of(connection, rows)

    def begin(self, held: Target, *, worker: str) -> None:
        """Count that work on a target begins, so that work which never ends is known by the count.

        Raises:
            LeaseLostError: Another process took it over.
        """
        with self._database.writing() as connection:
            _held(connection, held, worker, {"takes": target.c.takes + 1})

    def renew(self, worker: str, *, until: datetime) -> int:
        """Hold everything a worker has taken for longer; a lease is never shortened. Returns how many that are."""
        with self._database.writing() as connection:
            mine = update(target).where(target.c.lease_worker == worker)
            later = case((target.c.lease_until > until, target.c.lease_until), else_=literal(until, Instant))
            return int(connection.execute(mine.values(lease_until=later)).rowcount)

    def complete(
        self,
        held: Target,
        *,
        next_due: datetime,
        now: datetime,
        worker: str,
        interval: timedelta = timedelta(0),
    ) -> None:
        """Record that a look succeeded, and when the next one is due.

        Args:
            held: The target, held by `worker`.
            next_due: When to look again (aware UTC).
            now: The time (aware UTC).
            worker: Who holds it.
            interval: What the target by itself asks for, before the shared budget stretched it.

        Raises:
            LeaseLostError: Another process took it over.
        """
        with self._database.writing() as connection:
            values = {
                "next_due": next_due,
                "interval_seconds": max(0, int(interval.total_seconds())),
                "last_looked": now,
                "failures": 0,
                "last_error": None,
            }
            _held(connection, held, worker, values | _FREE)

    def push_back(self, held: Target, *, until: datetime, error: str, worker: str) -> None:
        """Record that a look failed, and when to try again.

        Raises:
            LeaseLostError: Another process took it over.
        """
        with self._database.writing() as connection:
            values = {"next_due": until, "failures": target.c.failures + 1, "last_error": clean(error)}
            _held(connection, held, worker, values | _FREE)

    def bring_forward(self, of: Target, *, next_due: datetime, now: datetime, interval: timedelta) -> bool:
        """Look at a target earlier than planned, never later; returns whether it was moved.

        One that is not tracked, that a worker holds or whose last look failed stays where it is.

        Args:
            of: The target.
            next_due: When to look again (aware UTC).
            now: The time (aware UTC).
            interval: As for `complete`.
        """
        free = or_(target.c.lease_until.is_(None), target.c.lease_until <= now)
        later = update(target).where(
            target.c.id == of.id, TRACKED, free, target.c.failures == 0, target.c.next_due > next_due
        )
        values = {"next_due": next_due, "interval_seconds": max(0, int(interval.total_seconds()))}
        with self._database.writing() as connection:
            return bool(connection.execute(later.values(values)).rowcount)

    def give_back(self, held: Target, *, worker: str) -> None:
        """Return a target to the queue as it was before it was taken.

        Raises:
            LeaseLostError: Another process took it over.
        """
        with self._database.writing() as connection:
            _held(connection, held, worker, _FREE)

    def release(self, worker: str) -> int:
        """Free every target that a worker holds; returns how many that were."""
        with self._database.writing() as connection:
            mine = update(target).where(target.c.lease_worker == worker)
            return int(connection.execute(mine.values(_FREE)).rowcount)

    def release_daemons(self) -> int:
        """Free what dead daemons held, for the one that holds the lock; returns how many targets that were.

        Those whose work killed their daemon twice stay taken until their lease ends.
        """
        with self._database.writing() as connection:
            daemons = select(workers.c.name).where(workers.c.kind == WorkerKind.DAEMON.value)
            return _free_dead(connection, target.c.lease_worker.in_(daemons))

    def register(self, worker: Worker) -> None:
        """Remember what a worker is, so that what it holds is freed when it has ended."""
        values = {
            "kind": worker.kind.value,
            "place": worker.place,
            "pid": worker.pid,
            "born": worker.born,
        }
        held = select(target.c.lease_worker).where(target.c.lease_worker.is_not(None))
        beating = select(heartbeat.c.worker)
        with self._database.writing() as connection:
            useless = workers.c.name.not_in(held) & workers.c.name.not_in(beating)
            connection.execute(workers.delete().where(useless))
            put = insert_into(connection, workers).values(name=worker.name, **values)
            connection.execute(put.on_conflict_do_update(index_elements=[workers.c.name], set_=values))

    def release_gone(self) -> int:
        """Free what workers held that are known to have ended; returns how many targets that were.

        What was being worked on when two workers ended stays taken until its lease ends.
        """
        gone = self.gone()
        if not gone:
            return 0
        with self._database.writing() as connection:
            return _free_dead(connection, target.c.lease_worker.in_(gone))

    def release_silent(self, *, now: datetime, patience: timedelta) -> int:
        """Free what workers of a server's store held that ended on any machine; returns how many targets that were.

        Args:
            now: The time (aware UTC).
            patience: How long a worker must be silent, besides that its session is over.
        """
        with self._database.writing() as connection:
            silent = silent_workers(connection, now=now, patience=patience)
            return _free_dead(connection, target.c.lease_worker.in_(silent)) if silent else 0

    def sign_off(self, worker: str) -> None:
        """Free what a worker holds, and forget it: it ended as it should."""
        with self._database.writing() as connection:
            mine = update(target).where(target.c.lease_worker == worker)
            connection.execute(mine.values(_FREE))
            connection.execute(heartbeat.delete().where(heartbeat.c.name == beat_name(worker)))

    def forget_silent(self, *, now: datetime, after: timedelta) -> int:
        """Forget workers that ended without signing off and hold nothing any more; returns how many that were."""
        with self._database.writing() as connection:
            silent = silent_workers(connection, now=now, patience=after)
            holding = select(target.c.lease_worker).where(target.c.lease_worker.is_not(None))
            theirs = heartbeat.c.worker.in_(silent) & heartbeat.c.worker.not_in(holding)
            return int(connection.execute(heartbeat.delete().where(theirs)).rowcount) if silent else 0

    def gone(self) -> frozenset[str]:
        """Return the names of the workers that are known to have ended, without having signed off."""
        with self._database.reading() as connection:
            known = [_worker_of(row) for row in connection.execute(select(workers))]
        return frozenset(worker.name for worker in known if is_gone(worker))

    def held(self, now: datetime) -> list[Held]:
        """Return the targets that are due and that a worker holds, longest due first."""
        due = select(target).where(TRACKED, target.c.next_due <= now, target.c.lease_until > now)
        with self._database.reading() as connection:
            rows = connection.execute(due.order_by(target.c.next_due, target.c.id)).all()
            held = targets_of(connection, rows)
        return [
            Held(target=each, worker=row.lease_worker, until=row.lease_until)
            for each, row in zip(held, rows, strict=True)
        ]

    def soonest(self) -> datetime | None:
        """Return when the next target is due (aware UTC), or None where none is tracked."""
        query = select(target.c.next_due).where(TRACKED).order_by(target.c.next_due).limit(1)
        with self._database.reading() as connection:
            return connection.execute(query).scalar()

    def demand(self, *, unknown_seconds: int) -> float:
        """Return how many looks a minute all tracked targets ask for together.

        A target that was never looked at counts as one that asks every `unknown_seconds`.
        """
        with self._database.reading() as connection:
            asked = case((target.c.interval_seconds > 0, target.c.interval_seconds), else_=unknown_seconds)
            total = connection.execute(select(func.sum(60.0 / asked)).where(TRACKED)).scalar()
            return float(total or 0.0)


_FREE: dict[str, Any] = {"lease_until": None, "lease_worker": None, "takes": 0}


def _free_dead(connection: Connection, theirs: ColumnElement[bool]) -> int:
    free = update(target).where(target.c.lease_worker.is_not(None), theirs, target.c.takes < 2)
    return int(connection.execute(free.values(lease_until=None, lease_worker=None)).rowcount)


def _worker_of(row: Any) -> Worker:
    return Worker(name=row.name, kind=WorkerKind(row.kind), place=row.place, pid=row.pid, born=row.born)


def _held(connection: Connection, held: Target, worker: str, values: dict[str, Any]) -> None:
    change = update(target).where(target.c.id == held.id, target.c.lease_worker == worker).values(values)
    if not connection.execute(change).rowcount:
        raise LeaseLostError(f"{held.url}: another process took it over; nothing is lost, it goes on there")


def _move_back(connection: Connection, shift: timedelta, *, now: datetime) -> None:
    """Bring what lies ahead nearer after the clock was set back, so that nothing waits for it to catch up."""
    by = literal(shift // MICROSECOND, BigInteger)
    ahead = update(target).where(TRACKED, target.c.next_due > now)
    connection.execute(ahead.values(next_due=type_coerce(target.c.next_due, BigInteger) - by))
    held = update(target).where(target.c.lease_until > now)
    connection.execute(held.values(lease_until=type_coerce(target.c.lease_until, BigInteger) - by))


def _note_clock(connection: Connection, now: datetime) -> None:
    """Remember how late it is, and move due times back where the clock was set back since."""
    query = select(heartbeat.c.beat).where(heartbeat.c.name == CLOCK)
    seen: datetime | None = connection.execute(query).scalar()
    shift = shift_back(seen, now)
    if shift:
        _move_back(connection, shift, now=now)
    if seen is None or shift or now - seen >= CLOCK_STEP:
        put_beat(connection, CLOCK, {"worker": "", "started": now, "beat": now, "state": ""})
