"""Opens the database so that a commit that was acknowledged stays, whoever else is writing."""

import json
import os
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Engine,
    Table,
    Text,
    create_engine,
    event,
    func,
    literal,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import QueuePool

from crawler.address import masked
from crawler.errors import ConfigError, StoreError, how_to_install

BUSY_SECONDS = 30
BUSY_PAUSE = 0.05
WRITES = "variorum_writes"


def url_of(where: str) -> URL:
    """Read a path or an SQLAlchemy URL; PostgreSQL is spoken to through psycopg.

    Raises:
        ConfigError: The URL cannot be read or names another database.
    """
    if "://" not in where and masked(where) != where:
        raise ConfigError(f"the store {masked(where)!r} is neither a path nor a database URL")
    if "://" not in where:
        return _file(URL.create("sqlite", database=str(Path(where).expanduser())))
    scheme, mark, rest = where.partition("://")
    if scheme == "postgres":  # as libpq and most hosts write it; SQLAlchemy 2.0 knows the long form alone
        where = f"postgresql{mark}{rest}"
    try:
        url = make_url(where)
    except (ArgumentError, ValueError) as error:  # a port that is no number is a ValueError (SQLAlchemy 2.0)
        raise ConfigError(f"the store {masked(where)!r} is neither a path nor a database URL") from error
    if "@" in (url.host or ""):
        raise ConfigError(f"the store {masked(where)!r} has an @ in its password; write it as %40")
    name = url.get_backend_name()
    if name == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if name != "sqlite":
        raise ConfigError(f"the store {shown(url)!r} must be SQLite or PostgreSQL, not {name}")
    return _file(url)


def _file(url: URL) -> URL:
    """Return the URL of a SQLite file.

    Raises:
        ConfigError: It names no file, or leaves to SQLite what its name means.
    """
    name = str(url.database or "")
    in_memory = ":memory:" in name or "memory" in (*url.query.values(), *url.query.keys())
    if not name or in_memory:
        raise ConfigError("the store must be a file: what lives in memory is no evidence")
    if name.startswith("file:"):
        raise ConfigError(f"the store {name!r} must be the plain path of a file, without `file:`")
    return url


def shown(url: URL) -> str:
    """Return the store's name for messages: the path, or the URL with its password masked."""
    return str(url.database) if url.get_backend_name() == "sqlite" else masked(url.render_as_string())


def engine_for(url: URL) -> Engine:
    """Make the engine; every SQLite connection is WAL, synchronous FULL, foreign keys on.

    A SQLite file that may only be read is opened for reading.

    Raises:
        ConfigError: The database driver is not installed.
    """
    if url.get_backend_name() == "sqlite":
        path = Path(str(url.database))
        if _only_readable(path):
            engine = create_engine("sqlite://", creator=lambda: reader(path), poolclass=QueuePool)
            event.listen(engine, "begin", _begin_sqlite)
            return engine
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        return create_engine(url, pool_pre_ping=True)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise ConfigError(f"The driver for PostgreSQL is missing: {how_to_install('postgres')}.") from error


def _only_readable(path: Path) -> bool:
    """Whether a file is there but we may write it, or next to it, no more."""
    return path.is_file() and not all(
        os.access(place, os.W_OK, effective_ids=True) for place in (path, path.parent)
    )


def reader(path: Path) -> sqlite3.Connection:
    """Open a file that nobody changes, or follow the log of the one who does."""
    log = path.with_name(f"{path.name}-wal")
    still = "" if log.exists() and log.stat().st_size else "&immutable=1"
    where = f"{path.resolve().as_uri()}?mode=ro{still}"
    return sqlite3.connect(
        where, uri=True, timeout=BUSY_SECONDS, check_same_thread=False, isolation_level=None
    )


def writing(engine: Engine) -> Engine:
    """Return a view of the engine whose transactions take the write lock at once.

    A deferred transaction that turns into a write fails at once when another wrote meanwhile, whatever
    the busy timeout; `BEGIN IMMEDIATE` waits.
    """
    return engine.execution_options(**{WRITES: True})


def _set_up_sqlite(connection: sqlite3.Connection, record: object) -> None:
    """Set what SQLite forgets between connections."""
    del record
    # Until Python 3.12 the driver's own transactions leave SELECT and DDL outside; ours begin explicitly.
    connection.isolation_level = None
    _write_ahead(connection)
    for pragma in ("synchronous = FULL", "foreign_keys = ON", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch the file to its write-ahead log, waiting for another process that is about to do the same.

    SQLite raises a read lock for the switch, and there the busy timeout does not hold: while another
    connection has the write lock of a file not yet switched, it fails at once (3.40.1, seen 2026-11-28).
    """
    patience = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > patience:
                raise
            time.sleep(BUSY_PAUSE)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def store_error(error: DBAPIError, name: str) -> StoreError:
    """Return the error that tells a user what is wrong with the database and what to do."""
    return error_named(str(error.orig) if error.orig is not None else str(error), name)


def error_named(message: str, name: str) -> StoreError:
    """Return the error for a message of the database called `name`."""
    line = (message.strip() or "nothing").splitlines()[0]
    for needle, repair, transient in _REPAIRS:
        if needle in line:
            known = StoreError(f"{name}: {repair}")
            known.transient = transient
            return known
    return StoreError(f"{name}: the database said: {line}")


_REPAIRS: tuple[tuple[str, str, bool], ...] = (
    ("file is not a database", "is not a database; name another store, or restore a backup", False),
    (
        "unable to open database file",
        "cannot be opened; does the folder exist, and may we write there?",
        False,
    ),
    ("readonly database", "may not be written to; check who owns the file and its folder", False),
    ("disk is full", "the disk is full; free some space, nothing acknowledged was lost", True),
    ("disk I/O error", "the disk gave an error; is it full or failing?", True),
    ("database is locked", f"another process has been writing for {BUSY_SECONDS} s; try again", True),
    ("malformed", "the database is damaged; restore a backup (`variorum restore`)", False),
    ("password authentication", "the server refuses this user or password; check the URL", False),
    ("FATAL:  database", "the server has no such database; make it with createdb", False),
    ("FATAL:  role", "the server knows no such user; check the URL", False),
    ("connection", "the database server does not answer; is it running?", True),
)


def clean(text: str | None) -> str | None:
    """Return text that every database takes: no NUL, no lone surrogate."""
    if text is None:
        return None
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def insert_into(connection: Connection, table: Table) -> Any:
    """Return an INSERT that knows `on_conflict_do_nothing`, in the words of the connection's database."""
    if connection.dialect.name == "sqlite":
        from sqlalchemy.dialects import sqlite  # noqa: PLC0415  each dialect is loaded where it is spoken

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415

    return postgresql.insert(table)


def texts_as_rows(connection: Connection, texts: Sequence[str]) -> ColumnElement[str]:
    """Return texts as the column of a table, in their order, in the words of the connection's database."""
    if connection.dialect.name == "sqlite":
        return func.json_each(json.dumps(list(texts))).table_valued("value").c.value
    return func.unnest(literal(list(texts), ARRAY(Text))).table_valued("value").render_derived().c.value


def is_sqlite(engine: Engine) -> bool:
    """Whether the engine speaks to a SQLite file."""
    return engine.dialect.name == "sqlite"


def raw_sqlite(connection: Connection) -> Any:
    """Return the driver's own connection, for what SQLAlchemy has no words for."""
    return connection.connection.driver_connection
