"""Copies a store while it is in use, and puts a copy back."""

import sqlite3
from contextlib import closing
from pathlib import Path

from crawler.errors import StoreError
from crawler.store.database import Database
from crawler.store.engine import url_of
from crawler.store.upkeep import file_lock

PAGES_AT_ONCE = 1024


def backup(database: Database, path: Path) -> None:
    """Copy the store to a file, which appears only when it is whole.

    Raises:
        StoreError: The copy could not be made, or the store is a server's.
    """
    if database.path is None:
        raise StoreError(f"{database.name}: back a PostgreSQL store up with pg_dump")
    _copy(database.path, path)


def restore(path: Path, where: str) -> None:
    """Put a backup in place of a store that nobody uses; the store it replaces is kept beside it.

    Raises:
        StoreError: The backup is damaged, the store is in use, or is a server's.
    """
    url = url_of(where)
    if url.get_backend_name() != "sqlite":
        raise StoreError("fill a PostgreSQL store with pg_restore")
    goal = Path(str(url.database))
    if not path.is_file():
        raise StoreError(f"{path}: there is no such backup")
    _check(path)
    goal.parent.mkdir(parents=True, exist_ok=True)
    with file_lock(goal, "restore"):
        if goal.exists():
            _copy(goal, goal.with_name(f"{goal.name}.replaced"))
        _copy(path, goal)


def _check(path: Path) -> None:
    """Refuse a file that is damaged or no store; reading changes nothing in it."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as backup:
            said = backup.execute("PRAGMA quick_check(1)").fetchone()[0]
            backup.execute("SELECT 1 FROM target, alembic_version LIMIT 1").fetchone()
    except sqlite3.Error as error:
        raise StoreError(f"{path}: is no backup of a store ({error}); nothing was replaced") from error
    if said != "ok":
        raise StoreError(f"{path}: is damaged ({said}); nothing was replaced")


def _copy(source: Path, goal: Path) -> None:
    partial = goal.with_name(f"{goal.name}.partial")
    try:
        goal.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(partial)) as new:
            old.backup(new, pages=PAGES_AT_ONCE)
            said = new.execute("PRAGMA quick_check(1)").fetchone()[0]
        if said != "ok":
            raise StoreError(f"{source}: is damaged ({said}); nothing was replaced")
        for suffix in ("-wal", "-shm"):
            goal.with_name(goal.name + suffix).unlink(missing_ok=True)
        partial.replace(goal)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{source} could not be copied to {goal}: {error}") from error
