"""What keeps a long-lived store in order: one daemon, its sign of life, the clock, the log file."""

import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from crawler.errors import StoreError
from crawler.store.database import Database, daemon_lock
from crawler.store.engine import clean, error_named, insert_into, raw_sqlite
from crawler.store.records import DaemonState, Heartbeat
from crawler.store.schema import heartbeat
from crawler.store.status import DAEMON

LOCK_SIZE = 1024
LONGEST_REASON = 500
# Any number serves, as long as all versions use the same one.
DAEMON_LOCK = 7_264_190_002


def beat(
    connection: Connection,
    worker: str,
    *,
    started: datetime,
    now: datetime,
    state: DaemonState,
    reason: str | None = None,
    name: str = DAEMON,
) -> None:
    """Write down that the daemon, or the worker of that row, lives, and what it does."""
    values = {
        "worker": worker,
        "started": started,
        "beat": now,
        "state": state.value,
        "reason": clean(reason),
    }
    put_beat(connection, name, values)


def note_pause(
    database: Database, worker: str, *, started: datetime, now: datetime, reason: str, name: str = DAEMON
) -> None:
    """Record why the daemon pauses where the next who asks will find it, though the store takes nothing."""
    if database.path is not None:
        pause = {"now": now.isoformat(), "started": started.isoformat(), "reason": reason[:LONGEST_REASON]}
        leave_word(database.path, worker, json.dumps(pause))
        return
    with suppress(StoreError), database.writing() as connection:
        state = DaemonState.PAUSED
        beat(connection, worker, started=started, now=now, state=state, reason=reason, name=name)


def pause_noted(database: Database) -> Heartbeat | None:
    """Return the sign of life of a daemon that pauses because its store takes nothing, or None."""
    if database.path is None:
        return None
    worker, word = word_left(database.path)
    try:
        pause = json.loads(word)
        return Heartbeat(
            worker=worker,
            started=datetime.fromisoformat(pause["started"]),
            beat=datetime.fromisoformat(pause["now"]),
            state=DaemonState.PAUSED,
            reason=str(pause["reason"]),
        )
    except (ValueError, TypeError, KeyError):
        return None


def put_beat(connection: Connection, name: str, values: dict[str, Any]) -> None:
    """Write one row of the signs of life."""
    put = insert_into(connection, heartbeat).values(name=name, **values)
    connection.execute(put.on_conflict_do_update(index_elements=[heartbeat.c.name], set_=values))


@contextmanager
def sole_daemon(database: Database, worker: str) -> Iterator[None]:
    """Hold the lock that only one daemon can; the kernel or the server frees it when the process dies.

    Raises:
        StoreError: Another one runs.
    """
    if database.path is None:
        with _server_lock(database):
            yield
    else:
        with file_lock(database.path, worker):
            yield


@contextmanager
def file_lock(path: Path, worker: str) -> Iterator[None]:
    """Hold the lock next to a SQLite file; the kernel frees it when the process dies.

    Raises:
        StoreError: Another process holds it; the message names it.
    """
    place = daemon_lock(path)
    try:
        number = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(f"{place}: cannot be opened ({error.strerror}); may we write there?") from error
    try:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            other = _words_in(number)[0]
            raise StoreError(f"{path}: a daemon runs on this store ({other}); stop it first") from error
        _write_words(number, worker, "")
        yield
    finally:
        os.close(number)


def leave_word(path: Path, worker: str, word: str) -> None:
    """Write next to the SQLite file what cannot be written into it; an empty word takes it back."""
    with suppress(OSError):
        number = os.open(daemon_lock(path), os.O_RDWR | os.O_CLOEXEC)
        try:
            if word or _words_in(number)[1]:
                _write_words(number, worker, word)
        finally:
            os.close(number)


def word_left(path: Path) -> tuple[str, str]:
    """Return who holds or held the lock and what word was left last, both empty where there is none."""
    try:
        number = os.open(daemon_lock(path), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return "", ""
    try:
        return _words_in(number)
    finally:
        os.close(number)


def _words_in(number: int) -> tuple[str, str]:
    lines = os.pread(number, LOCK_SIZE, 0).decode("utf-8", "replace").split("\n")
    return lines[0].strip(), lines[1].strip() if len(lines) > 1 else ""


def _write_words(number: int, worker: str, word: str) -> None:
    """Write in place and always as much, since a full disk gives no new block; the lock holds without."""
    text = f"{worker}\n{' '.join(word.split())}".encode("utf-8", "replace")[: LOCK_SIZE - 1] + b"\n"
    with suppress(OSError):
        os.pwrite(number, text.ljust(LOCK_SIZE), 0)


@contextmanager
def _server_lock(database: Database) -> Iterator[None]:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        ask = text("SELECT pg_try_advisory_lock(:key)")
        if not connection.execute(ask, {"key": DAEMON_LOCK}).scalar():
            raise StoreError(f"{database.name}: a daemon runs on this store; stop it first")
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": DAEMON_LOCK})


def maintain(database: Database) -> None:
    """Fold SQLite's write-ahead log into the database file, unless somebody else is writing.

    Raises:
        StoreError: The database failed; the message says what to do.
    """
    if database.path is None:
        return
    with database.engine.connect() as connection:
        raw = raw_sqlite(connection)
        try:
            raw.execute("PRAGMA optimize").fetchall()
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.Error as error:
            # Somebody writes at this moment (PRAGMA optimize of 3.40 does not wait): the next round does it.
            if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_BUSY:
                raise error_named(str(error), database.name) from error
