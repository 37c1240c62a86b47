"""What a build of a site wrote, so that the next one writes only what changed and deletes only what was its own."""

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler.errors import PublishError

MANIFEST = ".variorum-site.json"
_LOCK = ".variorum-site.lock"
_FORMAT = 2
# What a site is made of; nothing else is written, and nothing else that a manifest names is deleted.
_NAME = re.compile(r"(?:[a-z0-9][a-z0-9_-]*/){0,3}[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(slots=True)
class _Group:
    """Files that are made together, of the same sources; `key` names the state of these."""

    key: str
    files: dict[str, str] = field(default_factory=dict)


class SiteFolder:
    """A folder that holds a site: groups of files, each remade when its key changes.

    Args:
        folder: The folder.
        owner: The store that the site is of.
        groups: What the build before wrote.
        cards: What it kept of each target, by the target's address.
    """

    def __init__(
        self, folder: Path, owner: str, groups: dict[str, _Group], cards: Mapping[str, Mapping[str, Any]]
    ) -> None:
        self.folder, self.owner = folder, owner
        self.cards = cards
        self._before = groups
        self._now: dict[str, _Group] = {}
        self._found = set(_files_in(folder))
        self._known = {name: digest for group in groups.values() for name, digest in group.files.items()}
        self._taken: set[str] = set()
        self._open: dict[str, int] = {}
        self.written = self.unchanged = self.removed = 0

    def keep(self, group: str, key: str) -> bool:
        """Return whether the files of a group are those of this key, and all in place; they then stay."""
        known = self._before.get(group)
        if known is None or known.key != key:
            return False
        if not self._found.issuperset(known.files):
            return False
        if not self._taken.isdisjoint(known.files):
            return False
        self._now[group] = known
        self._taken.update(known.files)
        self.unchanged += len(known.files)
        return True

    def stay(self, group: str) -> bool:
        """Let the files of a group be as the build before left them; returns whether there are any."""
        known = self._before.get(group)
        return known is not None and bool(known.files) and self.keep(group, known.key)

    def stay_all(self, opening: str) -> None:
        """Let all groups whose names begin so be as the build before left them, but for those that this one remade."""
        for group in self._before:
            if group.startswith(opening) and group not in self._now:
                self.stay(group)

    def put(self, group: str, key: str, files: Iterable[tuple[str, str | bytes]]) -> None:
        """Write the files of a group, each only where its bytes are others than before.

        A name that another group of this build has taken stays that one's.

        Raises:
            PublishError: A file cannot be written.
        """
        made = self._now[group] = _Group(key)
        for name, content in files:
            data = content.encode() if isinstance(content, str) else content
            if name in self._taken or not _NAME.fullmatch(name):
                continue
            self._taken.add(name)
            digest = hashlib.sha256(data).hexdigest()[:24]
            made.files[name] = digest
            if self._known.get(name) == digest and name in self._found:
                self.unchanged += 1
                continue
            self._write(name, data)
            self.written += 1

    def sweep(self, *spared: str) -> None:
        """Delete what this build has no use for among the files of the one before, but for those of some groups."""
        kept = {name for group in spared if group in self._before for name in self._before[group].files}
        for name in sorted(set(self._known) - self._taken - kept):
            if _NAME.fullmatch(name) and name in self._found:
                (self.folder / name).unlink(missing_ok=True)
                self._found.discard(name)
                self.removed += 1
        for name in {name.rpartition("/")[0] for name in set(self._known) - self._taken - kept}:
            if name and _NAME.fullmatch(name):
                _remove_if_empty(self.folder / name)

    def finish(self, cards: Mapping[str, object]) -> None:
        """Delete what this build has no use for among the files of the one before, and write down what there is now.

        Raises:
            PublishError: The folder cannot be written.
        """
        self.sweep()
        if self.written:
            os.sync()  # the manifest must not outlive the pages that it names where the power fails
        if self.written or self.removed or self._now != self._before:
            self._write(MANIFEST, _manifest(self.owner, self._now, cards))

    def _write(self, name: str, data: bytes) -> None:
        """Write a file; one that readers may have open already is replaced in one step."""
        head, _, tail = name.rpartition("/")
        if name not in self._found and name != MANIFEST:
            # Nothing links to it yet, and what a build that is cut off wrote is written again.
            self._fill(head, tail, data)
            return
        made = f".{tail[:60]}.tmp"
        self._fill(head, made, data)
        folder = self._open[head]
        os.replace(made, tail, src_dir_fd=folder, dst_dir_fd=folder)

    def _fill(self, head: str, tail: str, data: bytes) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            file = os.open(tail, flags, 0o666, dir_fd=self._opened(head))
        except FileNotFoundError:
            self._forget(head)
            file = os.open(tail, flags, 0o666, dir_fd=self._opened(head))
        try:
            left = memoryview(data)
            while left:
                left = left[os.write(file, left) :]
        finally:
            os.close(file)

    def _opened(self, head: str) -> int:
        """Return a folder of the site, opened: named from it, a file takes a sixth less time to make (ext4, 2026-11-29)."""
        if head not in self._open:
            path = self.folder / head
            path.mkdir(parents=True, exist_ok=True)
            self._open[head] = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        return self._open[head]

    def _forget(self, head: str) -> None:
        os.close(self._open.pop(head))

    def close(self) -> None:
        """Close what is open of the folder."""
        for head in list(self._open):
            self._forget(head)


@contextmanager
def site_folder(folder: Path, owner: str, *, owner_lives: Callable[[str], bool]) -> Iterator[SiteFolder]:
    """Open a folder for one build, alone among all processes; make it where there is none.

    Args:
        folder: The folder.
        owner: The store that the site is of.
        owner_lives: Whether a store of another name still exists.

    Raises:
        PublishError: The folder cannot be written, holds files that are no site's, or the site of another store.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        data = _data_in(folder)
        known = None if data is None else _read(data)
        if known is None and any(one.name not in (_LOCK, MANIFEST) for one in folder.iterdir()):
            raise PublishError(
                f"{folder} holds files that are no site of Variorum: name an empty folder with --out"
            )
        if known is not None and known[0] != owner and owner_lives(known[0]):
            raise PublishError(
                f"{folder} holds the site of the store {known[0]}: name another folder with --out"
            )
        with (folder / _LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if (now := _data_in(folder)) != data:
                known = None if now is None else _read(now)
            _, groups, cards = known or (owner, {}, {})
            site = SiteFolder(folder, owner, groups, cards)
            try:
                if now is None:
                    # A build that is cut off leaves a folder that the next one knows.
                    site._write(MANIFEST, _manifest(owner, {}, {}))  # noqa: SLF001 - its own module
                yield site
            finally:
                site.close()
    except OSError as error:
        raise PublishError(
            f"cannot write the site to {folder}: {error.strerror or error}; choose another folder with --out"
        ) from error


def _manifest(owner: str, groups: Mapping[str, _Group], cards: Mapping[str, object]) -> bytes:
    form = {
        "format": _FORMAT,
        "owner": owner,
        "groups": {name: [group.key, group.files] for name, group in groups.items()},
        "cards": cards,
    }
    return json.dumps(form, ensure_ascii=True, separators=(",", ":")).encode()


def _data_in(folder: Path) -> bytes | None:
    """Return what the build before wrote down, or None where there was none."""
    try:
        return (folder / MANIFEST).read_bytes()
    except FileNotFoundError:
        return None


def _read(data: bytes) -> tuple[str, dict[str, _Group], Mapping[str, Mapping[str, Any]]]:
    """Return owner, groups and cards of the build before; a damaged list knows no files."""
    try:
        form = json.loads(data)
        owner = str(form["owner"])
    except (ValueError, TypeError, KeyError):
        return "", {}, {}
    try:
        if form["format"] != _FORMAT:
            return owner, {}, {}
        groups = {
            str(name): _Group(str(key), {str(one): str(digest) for one, digest in files.items()})
            for name, (key, files) in form["groups"].items()
        }
        return owner, groups, dict(form["cards"])
    except (ValueError, TypeError, KeyError, AttributeError):
        return owner, {}, {}


def _files_in(folder: Path, prefix: str = "") -> Iterator[str]:
    """Yield the name of every file of a folder; links count as no files."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _files_in(Path(entry.path), f"{prefix}{entry.name}/")
            elif entry.is_file(follow_symlinks=False):
                yield f"{prefix}{entry.name}"


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return
