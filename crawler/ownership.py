"""Keeps which store each file of a folder is of, in words that may be published with them."""

import fcntl
import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from diffs.model import digest_of

# The list of a folder's files; it is replaced whole, so it is locked as long as the lock's file is the one in place.
OWNERS = ".variorum-stores.json"
_DATABASE = "database "
_HOME = "~/"


def owner_in(folder: Path, identity: str) -> str:
    """Return how a folder names a store: by the way to its file, without the name of a home directory; a database by a digest.

    Args:
        folder: The folder.
        identity: The full path of the store's file, or its URL, see `Store.identity`.
    """
    if "://" in identity:
        return _DATABASE + digest_of(identity)[:16]
    path, here, home = Path(identity), folder.resolve(), Path.home().resolve()
    if path.is_relative_to(home) and not here.is_relative_to(home):
        return _HOME + path.relative_to(home).as_posix()
    return Path(os.path.relpath(path, here)).as_posix()


def is_owner(folder: Path, name: str, identity: str) -> bool:
    """Return whether what a folder names is this store; by its full path too, as versions before 2026-11-28 wrote it."""
    if name in (identity, owner_in(folder, identity)):
        return True
    return (
        "://" not in identity and not name.startswith(_DATABASE) and place_of(folder, name) == Path(identity)
    )


def is_there(folder: Path, name: str) -> bool:
    """Return whether a store that a folder names still exists; a database is taken to."""
    return "://" in name or name.startswith(_DATABASE) or place_of(folder, name).exists()


def place_of(folder: Path, name: str) -> Path:
    """Return the file of a store that a folder names."""
    if name.startswith(_HOME):
        return Path.home().resolve() / name.removeprefix(_HOME)
    return Path(os.path.normpath(folder.resolve() / name))


def owners_in(folder: Path) -> dict[str, str]:
    """Return which store each file of a folder is of; a list that cannot be read names none.

    Raises:
        OSError: There is no list, or it may not be read.
    """
    return _read((folder / OWNERS).read_text(encoding="utf-8"))


@contextmanager
def owned(folder: Path, *, begin: bool) -> Iterator[dict[str, str]]:
    """Hold the list of a folder's files, and write it, whole or not at all, where the caller changed it.

    Args:
        folder: The folder.
        begin: Whether a list that is not there is begun.

    Yields:
        By the name of each file its store, to be changed in place; what is changed before an exception is not kept.

    Raises:
        OSError: There is no list, or it cannot be written.
    """
    with _locked(folder / OWNERS, "a+" if begin else "r+") as file:
        file.seek(0)
        owners = _read(file.read())
        before = dict(owners)
        yield owners
        if owners != before:
            _put(file, (folder / OWNERS).resolve(), json.dumps(owners, indent=0, sort_keys=True))


@contextmanager
def _locked(path: Path, mode: str) -> Iterator[IO[str]]:
    """Open a file that is in place when its lock is had, not one that another process has replaced meanwhile."""
    while True:
        with path.open(mode, encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if path.exists() and os.path.samestat(os.fstat(file.fileno()), path.stat()):
                yield file
                return


def _put(old: IO[str], place: Path, text: str) -> None:
    """Replace a file by another of the same mode and, where the system allows it, the same owner and group."""
    was = os.fstat(old.fileno())
    made = place.with_name(f"{OWNERS}-{uuid.uuid4().hex}.tmp")
    try:
        with made.open("x", encoding="utf-8") as file:
            for user, group in ((was.st_uid, -1), (-1, was.st_gid)):
                with suppress(PermissionError):
                    os.fchown(file.fileno(), user, group)
            os.fchmod(file.fileno(), was.st_mode & 0o7777)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        made.replace(place)
    except BaseException:
        made.unlink(missing_ok=True)
        raise


def _read(text: str) -> dict[str, str]:
    try:
        read = json.loads(text or "{}")
    except ValueError:
        return {}
    return {str(name): str(owner) for name, owner in read.items()} if isinstance(read, dict) else {}
