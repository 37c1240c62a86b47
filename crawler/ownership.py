"""Names the store that the files of a folder are of, in words that may be published with them."""

import os
from pathlib import Path

from diffs.model import digest_of

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
