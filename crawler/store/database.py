"""One open database: its transactions, and its failures in words."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError

from crawler.errors import StoreError
from crawler.store.engine import engine_for, is_sqlite, shown, store_error, url_of, writing
from crawler.store.upgrade import upgrade


class Database:
    """An engine with two ways in: reading, and writing one at a time."""

    def __init__(self, engine: Engine, name: str) -> None:
        self.engine = engine
        self.name = name
        self._writer = writing(engine)
        self._open = threading.local()
        self._identity = None if self.path is None else _identity(self.path)

    @classmethod
    def open(cls, where: str, *, create: bool) -> Self:
        """Open and upgrade.

        Raises:
            ConfigError: The URL cannot be read, or its driver is missing.
            StoreError: The database cannot be used; the message says why.
        """
        url = url_of(where)
        name = shown(url)
        if url.get_backend_name() == "sqlite":
            _check_place(Path(str(url.database)), create=create)
        engine = engine_for(url)
        try:
            upgrade(engine, name, create=create)
        except DBAPIError as error:
            engine.dispose()
            raise store_error(error, name) from error
        except StoreError:
            engine.dispose()
            raise
        return cls(engine, name)

    def is_in_place(self) -> bool:
        """Return whether the file that was opened is still the one at its path; a server's always is."""
        return self.path is None or _identity(self.path) == self._identity

    @property
    def path(self) -> Path | None:
        """The SQLite file, or None for a server."""
        return Path(self.name) if is_sqlite(self.engine) else None

    @contextmanager
    def listening(self, mark: Callable[..., None]) -> Iterator[None]:
        """Call `mark` in the thread of each statement that the database has answered, while the block runs."""
        event.listen(self.engine, "after_cursor_execute", mark)
        try:
            yield
        finally:
            event.remove(self.engine, "after_cursor_execute", mark)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a short transaction for reading; inside `writing` it is that one.

        Raises:
            StoreError: The database failed; the message says what to do.
        """
        outer: Connection | None = getattr(self._open, "connection", None)
        if outer is not None:
            yield outer
            return
        try:
            with self.engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise store_error(error, self.name) from error

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open the write transaction of this thread, or join the one that is open.

        Raises:
            StoreError: The database failed and nothing was written; the message says what to do.
        """
        outer: Connection | None = getattr(self._open, "connection", None)
        if outer is not None:
            yield outer
            return
        try:
            with self._writer.begin() as connection:
                self._open.connection = connection
                yield connection
        except DBAPIError as error:
            raise store_error(error, self.name) from error
        finally:
            self._open.connection = None

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another of its name, or None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def daemon_lock(path: Path) -> Path:
    """Return the file next to a SQLite store that its daemon locks, and that stays when the daemon has left."""
    real = path.resolve()
    return real.with_name(f"{real.name}.daemon")


def _check_place(path: Path, *, create: bool) -> None:
    """Raise a clear message for what SQLite would only call `unable to open`."""
    try:
        if path.is_dir():
            raise StoreError(f"{path}: is a folder; name a file in it")
        if not create and not path.exists():
            raise StoreError(
                f"There is no store {path} yet. `variorum backfill URL` or `variorum track URL` makes it; --store names another."
            )
        lock = daemon_lock(path)
        if create and lock.exists() and not (path.exists() and path.stat().st_size):
            raise StoreError(
                f"{path}: the store is gone, though a daemon worked on it here; `variorum restore` brings a backup back, "
                f"or remove {lock.name} to start a new store"
            )
    except OSError as error:
        raise StoreError(f"{path}: cannot be looked at: {error.strerror}; may we read its folder?") from error
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{path}: its folder cannot be made: {error.strerror}") from error
