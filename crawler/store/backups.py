"""Copies a store while it is in use, and puts a copy back."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import count, zip_longest
from pathlib import Path

from crawler.errors import StoreError
from crawler.store.database import Database
from crawler.store.engine import reader, url_of
from crawler.store.upkeep import file_lock

PAGES_AT_ONCE = 1024


def backup(database: Database, path: Path) -> None:
    """Copy the store to a file, which appears only when it is whole.

    Raises:
        StoreError: The copy could not be made, the store is a server's, or the file is the store itself,
            another store in use, or no store at all.
    """
    if database.path is None:
        raise StoreError(f"{database.name}: back a PostgreSQL store up with pg_dump")
    try:
        if not path.parent.is_dir():
            raise StoreError(f"{path}: there is no folder {path.parent}; make it, or name another")
        if path.exists():
            if not path.is_file():
                raise StoreError(f"{path}: is no file; name one for the backup")
            _refuse_to_lose(path, database.path)
    except OSError as error:
        raise StoreError(f"{path}: cannot be looked at ({error.strerror}); name another file") from error
    _copy(database.path, path)


def restore(path: Path, where: str) -> bool:
    """Put a backup in place of a store that nobody uses; the store it replaces is kept next to it.

    A store that holds the same already is left alone; returns whether anything was replaced.

    Raises:
        StoreError: The backup is damaged, the store is in use, or is a server's.
    """
    url = url_of(where)
    if url.get_backend_name() != "sqlite":
        raise StoreError("fill a PostgreSQL store with pg_restore")
    goal = Path(str(url.database))
    try:
        if not path.is_file():
            raise StoreError(f"There is no backup {path}.")
        _check(path)
        goal.parent.mkdir(parents=True, exist_ok=True)
        with file_lock(goal, "restore"):
            if goal.exists():
                _refuse_if_used(goal)
                if _same(path, goal):
                    return False
                _set_aside(goal)
            _copy(path, goal, replacing=True)
            return True
    except OSError as error:
        raise StoreError(f"{path} cannot replace {goal} ({error}); nothing was replaced") from error


def _refuse_to_lose(goal: Path, source: Path) -> None:
    """Let a backup replace nothing but an older backup."""
    if goal.samefile(source):
        raise StoreError(f"{goal} is the store itself; name another file for its backup")
    try:
        _check(goal)
    except StoreError as error:
        raise StoreError(f"{goal} is there already and no store; name another file") from error
    _refuse_if_used(goal)


def _refuse_if_used(goal: Path) -> None:
    """Refuse a store that somebody has open: SQLite leaves the write-ahead log only for the last one."""
    try:
        with closing(sqlite3.connect(goal, timeout=1)) as store:
            store.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StoreError(f"{goal}: is in use; stop what uses it first, or name another file") from error


def _same(one: Path, other: Path) -> bool:
    """Whether two stores hold the same rows."""
    try:
        with closing(reader(one)) as left, closing(reader(other)) as right:
            return all(a == b for a, b in zip_longest(_content(left), _content(right)))
    except sqlite3.Error:
        return False


def _content(store: sqlite3.Connection) -> Iterator[tuple[object, ...]]:
    tables = store.execute("SELECT name, sql FROM sqlite_master ORDER BY type, name").fetchall()
    yield from tables
    for (name,) in store.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    ).fetchall():
        yield (name,)
        yield from store.execute(f'SELECT * FROM "{name}"')  # noqa: S608  the name is the database's own


def _set_aside(goal: Path) -> None:
    """Keep what is about to be replaced under a name that nothing has, byte for byte where it is damaged."""
    names = (goal.with_name(f"{goal.name}.replaced{'' if n == 1 else n}") for n in count(1))
    spare = next(name for name in names if not name.exists())
    try:
        _copy(goal, spare)
    except StoreError:
        for suffix in ("", "-wal"):
            if (old := goal.with_name(goal.name + suffix)).exists():
                shutil.copyfile(old, spare.with_name(spare.name + suffix))


def _check(path: Path) -> None:
    """Refuse a file that is damaged or no store; reading changes nothing in it."""
    try:
        with closing(reader(path)) as backup:
            said = backup.execute("PRAGMA quick_check(1)").fetchone()[0]
            backup.execute("SELECT 1 FROM target, alembic_version LIMIT 1").fetchone()
    except sqlite3.Error as error:
        raise StoreError(f"{path}: is no backup of a store ({error}); nothing was replaced") from error
    if said != "ok":
        raise StoreError(f"{path}: is damaged ({said}); nothing was replaced")


def _copy(source: Path, goal: Path, *, replacing: bool = False) -> None:
    partial = goal.with_name(f"{goal.name}.partial")
    try:
        goal.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(partial)) as new:
            old.backup(new, pages=PAGES_AT_ONCE)
            said = new.execute("PRAGMA quick_check(1)").fetchone()[0]
        if said != "ok":
            raise StoreError(f"{source}: is damaged ({said}); nothing was replaced")
        for suffix in ("-wal", "-shm") if replacing else ():
            goal.with_name(goal.name + suffix).unlink(missing_ok=True)
        partial.replace(goal)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{source} could not be copied to {goal}: {error}") from error
