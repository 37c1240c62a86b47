"""Which workers of a server's store live, and which of them leads: locks that end with the session that took them."""

import hashlib
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError

from crawler.errors import ConfigError
from crawler.model import WorkerKind
from crawler.store.database import Database
from crawler.store.engine import store_error
from crawler.store.schema import heartbeat
from crawler.store.upkeep import DAEMON_LOCK

# Any number serves, as long as all versions use the same one.
PRESENCE_LOCK = 726_419
_PRESENT = text(
    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted "
    "AND classid = :room AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def beat_name(worker: str) -> str:
    """Return the name of a worker's row among the signs of life."""
    return f"{WorkerKind.WORKER.value} {hashlib.sha256(worker.encode()).hexdigest()[:24]}"


class Presence:
    """A session of its own on a server, which shows that its worker lives and may make it the one that leads.

    The server ends both when the session ends, however the process ended. Safe to share between threads.

    Args:
        database: The store's.
        worker: The worker's name.

    Raises:
        ConfigError: The store is a file, on which one daemon works.
        StoreError: The server does not answer.
    """

    def __init__(self, database: Database, worker: str) -> None:
        if database.path is not None:
            raise ConfigError(
                f"{database.name} is a SQLite file, on which one process works: `variorum daemon`. Several workers "
                "share a PostgreSQL store; name it with --store."
            )
        self._database, self._key = database, _key_of(worker)
        self._lock = threading.Lock()
        self._session: Connection | None = None
        self._leads = False
        self.shows()

    def shows(self) -> None:
        """Make sure that the session lives: where it ended, another takes its place, which leads no more.

        Raises:
            StoreError: The server does not answer.
        """
        with self._lock:
            self._ask("SELECT 1")

    def leads(self) -> bool:
        """Return whether this worker is the one that leads; where none does, it becomes it.

        Raises:
            StoreError: The server does not answer.
        """
        with self._lock:
            if self._ask("SELECT 1") and self._leads:
                return True
            self._leads = bool(self._ask(f"SELECT pg_try_advisory_lock({DAEMON_LOCK})"))
            return self._leads

    def still_leads(self) -> bool:
        """Return whether this worker leads in the session in which it came to; never fails."""
        with self._lock:
            if not self._leads or self._session is None:
                return False
            with suppress(DBAPIError):
                self._session.execute(text("SELECT 1"))
                return True
            self._drop()
            return False

    def close(self) -> None:
        """End the session, so that another leads."""
        with self._lock:
            self._drop()

    def _ask(self, query: str) -> object:
        try:
            if self._session is not None:
                try:
                    return self._session.execute(text(query)).scalar()
                except DBAPIError:
                    self._drop()
            engine = self._database.engine
            self._session = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            # Of two workers whose names have one key the second shows itself by its signs of life alone.
            own = text("SELECT pg_try_advisory_lock(:room, :key)")
            self._session.execute(own, {"room": PRESENCE_LOCK, "key": self._key})
            return self._session.execute(text(query)).scalar()
        except DBAPIError as error:
            self._drop()
            raise store_error(error, self._database.name) from error

    def _drop(self) -> None:
        session, self._session, self._leads = self._session, None, False
        if session is not None:
            with suppress(DBAPIError):
                # A pooled connection would go on, and its locks with it.
                session.invalidate()
            with suppress(DBAPIError):
                session.close()


def silent_workers(connection: Connection, *, now: datetime, patience: timedelta) -> frozenset[str]:
    """Return the workers that ended without signing off: their session is over, and they are silent for `patience`."""
    if connection.dialect.name != "postgresql":
        return frozenset()
    present = set(connection.execute(_PRESENT, {"room": PRESENCE_LOCK}).scalars())
    theirs = select(heartbeat.c.worker).where(
        heartbeat.c.name.startswith(f"{WorkerKind.WORKER.value} "), heartbeat.c.beat < now - patience
    )
    return frozenset(name for name in connection.execute(theirs).scalars() if _key_of(name) not in present)


def clock_lead(database: Database, *, now: Callable[[], datetime]) -> timedelta:
    """Return by how much a clock is at least ahead of a server's, negative where it is behind.

    What the question and the answer take on a busy machine counts for neither clock.
    """
    before = now()
    with database.reading() as connection:
        theirs: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    after = now()
    return min(max(theirs.astimezone(UTC), before), after) - theirs.astimezone(UTC)


def _key_of(worker: str) -> int:
    """Return the number of a worker's lock: 31 bits, so that it is the same signed and unsigned."""
    return int.from_bytes(hashlib.sha256(worker.encode()).digest()[:4], "big") >> 1
