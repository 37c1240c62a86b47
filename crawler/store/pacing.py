"""The request limit that every process on a store shares, kept where no crash can lose it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from crawler.model import RequestKind
from crawler.store.engine import insert_into
from crawler.store.schema import host as hosts
from crawler.store.schema import pacing as table

Begin = Callable[[], AbstractContextManager[Connection]]

# Archive staff, 2023: a refusal lasts an hour and doubles each time. A day is the longest we believe in.
PENALTY = timedelta(hours=1)
LONGEST_PENALTY = timedelta(hours=24)
# A pause that ends later than this was set by a wrong clock or a broken header.
LONGEST_PAUSE = timedelta(days=7)
# A caller reads the clock before it waits up to 30 s for the write lock; more than this is a clock set back.
CLOCK_SLACK = timedelta(seconds=45)
# Made once: each request to an archive runs them.
_WHICH = (table.c.host == bindparam("of"), table.c.kind == bindparam("as"))
_ROW = select(table).where(*_WHICH).with_for_update()
_PAUSE = select(table.c.paused_until, table.c.seen).where(*_WHICH)
_RESERVED = (
    update(table)
    .where(*_WHICH)
    .values({name: bindparam(name) for name in ("next_free", "paused_until", "seen")})
)
_ANSWERED = (
    update(hosts).where(hosts.c.host == bindparam("of")).values(last_success=bindparam("at"), penalties=0)
)


class StorePacing:
    """Implements `crawler.model.Pacing` with a row for each archive host and kind."""

    def __init__(self, *, reading: Begin, writing: Begin) -> None:
        self._reading = reading
        self._writing = writing

    def reserve(self, host: str, kind: RequestKind, *, per_minute: float, now: datetime) -> datetime:
        """Take the next free slot, atomically, and give the time (aware UTC) at which to send.

        Where the clock was set back since the last reservation, slots and pauses move back with it.
        """
        step = timedelta(minutes=1) / per_minute
        with self._writing() as connection:
            free, paused = _moved_back(_locked_row(connection, host, kind), now)
            if paused is not None:
                paused = min(paused, now + LONGEST_PAUSE)
            slot = max([now, *(when for when in (free, paused) if when is not None)])
            values = {"next_free": slot + step, "paused_until": paused, "seen": now}
            connection.execute(_RESERVED, {"of": host, "as": kind.value, **values})
        return slot

    def paused_until(self, host: str, kind: RequestKind, *, now: datetime | None = None) -> datetime | None:
        """Return the end of the pause in force, past or future, or None where there never was one.

        Where `now` shows that the clock was set back, the pause moves back with it, once.
        """
        with self._reading() as connection:
            row = connection.execute(_PAUSE, {"of": host, "as": kind.value}).first()
        if row is None:
            return None
        until: datetime | None = row.paused_until
        if now is not None and shift_back(row.seen, now):
            with self._writing() as connection:
                row = _locked_row(connection, host, kind)
                free, until = _moved_back(row, now)
                _write(connection, row, {"next_free": free, "paused_until": until, "seen": now})
        return until

    def pause(
        self, host: str, kind: RequestKind, *, until: datetime, reason: str, now: datetime | None = None
    ) -> None:
        """Let nobody send this kind before `until`; never shortens a longer pause."""
        with self._writing() as connection:
            row = _locked_row(connection, host, kind)
            _write(connection, row, _paused(row, until=until, reason=reason, now=now))

    def penalise(self, host: str, *, now: datetime, reason: str) -> datetime:
        """Pause every kind on this host for an hour, doubled for each penalty without a success since."""
        with self._writing() as connection:
            _ensure(connection, hosts, {"host": host, "penalties": 0})
            lock = select(hosts).where(hosts.c.host == host).with_for_update()
            row = connection.execute(lock).one()
            until: datetime = now + min(PENALTY * 2 ** min(row.penalties, 10), LONGEST_PENALTY)
            values = {"penalties": row.penalties + 1, "penalised": now}
            connection.execute(update(hosts).where(hosts.c.host == host).values(values))
            for kind in RequestKind:
                each = _locked_row(connection, host, kind)
                _write(connection, each, _paused(each, until=until, reason=reason, now=now))
        return until

    def succeeded(self, host: str, *, now: datetime) -> None:
        """Remember that the host answered: clears the doubling, and marks a later refusal as a penalty."""
        with self._writing() as connection:
            answered = {"of": host, "at": now}
            if not connection.execute(_ANSWERED, answered).rowcount:
                _ensure(connection, hosts, {"host": host, "penalties": 0})
                connection.execute(_ANSWERED, answered)

    def last_success(self, host: str) -> datetime | None:
        """Return when the host last answered (aware UTC), or None."""
        with self._reading() as connection:
            when: datetime | None = connection.execute(
                select(hosts.c.last_success).where(hosts.c.host == host)
            ).scalar()
            return when


def shift_back(seen: datetime | None, now: datetime) -> timedelta:
    """Return by how much the clock was set back since `seen`; nothing for what waiting explains."""
    if seen is None or seen - now <= CLOCK_SLACK:
        return timedelta(0)
    return seen - now


def _moved_back(row: Any, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Return a row's next slot and pause by a clock that was set back since it was written."""
    shift = shift_back(row.seen, now)
    return _moved(row.next_free, shift), _moved(row.paused_until, shift)


def _moved(when: datetime | None, shift: timedelta) -> datetime | None:
    return None if when is None else when - shift


def _is(host: str, kind: RequestKind) -> Any:
    return (table.c.host == host) & (table.c.kind == kind.value)


def _ensure(connection: Connection, into: Any, row: dict[str, Any]) -> None:
    connection.execute(insert_into(connection, into).values(row).on_conflict_do_nothing())


def _locked_row(connection: Connection, host: str, kind: RequestKind) -> Any:
    """Return the row, locked for the rest of the transaction; it is made where there is none."""
    which = {"of": host, "as": kind.value}
    row = connection.execute(_ROW, which).one_or_none()
    if row is None:
        _ensure(connection, table, {"host": host, "kind": kind.value})
        row = connection.execute(_ROW, which).one()
    return row


def _write(connection: Connection, row: Any, values: dict[str, Any]) -> None:
    """Change a row that this transaction has locked."""
    if values:
        connection.execute(update(table).where(_is(row.host, RequestKind(row.kind))).values(values))


def _paused(row: Any, *, until: datetime, reason: str, now: datetime | None) -> dict[str, Any]:
    """Return what changes in a row where nobody may send before a time."""
    values: dict[str, Any] = {}
    paused: datetime | None = row.paused_until
    if now is not None:
        # Told by the clock as it is now, the new pause must not move back with what an earlier clock wrote.
        free, paused = _moved_back(row, now)
        values = {"next_free": free, "paused_until": paused, "seen": now}
    if paused is None or paused < until:
        values |= {"paused_until": until, "reason": reason}
    return values
