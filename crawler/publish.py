"""Writes reports, charts and feeds to disk, whole or not at all."""

import filecmp
import hashlib
import os
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from crawler.errors import InputError, PublishError
from crawler.ownership import is_owner, is_there, owned, owner_in, owners_in
from diffs.model import History, Note
from diffs.reports import FORMATS as TABLE
from diffs.reports import Options, story_stem, target_stem
from diffs.reports.names import file_stem

if TYPE_CHECKING:
    from crawler.store import Store

FORMATS = tuple(TABLE)
PLAIN = Options()
# How the comparison of a story is named, and how its files end, in every format that has one.
STORY = "story-"
_OF_STORY = (".md", ".html", ".svg", ".atom", ".txt", ".json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a report is made of.

    Attributes:
        history: All that is known of a target.
        notes: What readers noted on its findings.
    """

    history: History
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose the files of a folder are.

    Attributes:
        store: The store's identity; what another store wrote is not overwritten.
        reported: Called when files of a page's report were written, with the page's address and, by name of the file,
            the SHA-256 (hex) of what it holds now; None to tell nobody.
    """

    store: str
    reported: Callable[[str, Mapping[str, str]], None] | None = None

    def note(self, urls: Iterable[str], files: Mapping[str, str]) -> None:
        """Report that files about these pages were written; nothing where none was."""
        for url in urls if files and self.reported is not None else ():
            self.reported(url, files)  # type: ignore[misc]


class Keeper(Protocol):
    """What keeps a store and has the time, such as a `Tracker`."""

    @property
    def store(self) -> "Store":
        """The store."""

    @property
    def clock(self) -> Callable[[], datetime]:
        """Returns the time (aware UTC)."""


def owner_of(keeper: Keeper) -> Owner:
    """Return the owner of a store's reports, by which each that is written enters the log of custody."""

    def reported(url: str, files: Mapping[str, str]) -> None:
        target = keeper.store.targets.find(url)
        keeper.store.custody.enter(target, "reported", at=keeper.clock(), files=dict(files))

    return Owner(store=keeper.store.identity, reported=reported)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Reports that were written.

    Attributes:
        paths: The files, written or already right.
        changes: How many changes they hold.
    """

    paths: tuple[Path, ...]
    changes: int


def publish(
    history: History,
    folder: Path,
    *,
    notes: Sequence[Note] = (),
    formats: Iterable[str] = FORMATS,
    options: Options = PLAIN,
    owner: Owner | None = None,
) -> list[Path]:
    """Write one target's report in the formats asked for, and return the files, written or already right.

    A file whose bytes would not change is left alone, so that nothing downstream sees it as new.

    Args:
        history: What is known of the target.
        folder: Where to write; made if it is not there.
        notes: What readers said about its findings.
        formats: Any of those in `FORMATS`.
        options: What a reader may choose; its notes are not used.
        owner: Whose the reports are, or None.

    Raises:
        InputError: A format that does not exist.
        PublishError: The folder cannot be written, or a file in it is another store's.
    """
    chosen, stem = replace(options, notes=notes), target_stem(history)
    files = (
        (f"{stem}{ending}", text)
        for name in _known(formats)
        for ending, text in TABLE[name].target(history, chosen)
    )
    return _write_all(folder, files, owner, [history.url])


def check_owner(url: str, folder: Path, owner: str | None) -> None:
    """Check that the report of a page may be written, before anything is fetched for it.

    Raises:
        PublishError: Another store that is still there wrote the report of that page in this folder.
    """
    path = folder / f"{file_stem(url)}.md"
    if owner is None or not path.exists():
        return
    try:
        owners = owners_in(folder)
    except OSError:
        return
    _refuse_other(path, owners, owner)


def publish_pages(
    pages: Iterable[Page],
    folder: Path,
    *,
    formats: Iterable[str] = ("md",),
    story: str | None = None,
    index: bool = False,
    options: Options = PLAIN,
    owner: Owner | None = None,
) -> Report:
    """Write the reports of several targets and, in formats that have it, what compares or lists them.

    Args:
        pages: What is known of each.
        folder: Where to write; made if it is not there.
        formats: See `publish`.
        story: The story they belong to, which then gets its comparison.
        index: Whether to write the index of them all.
        options: See `publish`.
        owner: See `publish`.

    Raises:
        InputError: A format that does not exist.
        PublishError: The folder cannot be written.
    """
    known, wanted = list(pages), _known(formats)
    histories = [page.history for page in known]
    notes = [note for page in known for note in page.notes]
    paths = [
        path
        for page in known
        if story is None or page.history.observations
        for path in publish(
            page.history, folder, notes=page.notes, formats=wanted, options=options, owner=owner
        )
    ]
    together = [name for name in wanted if TABLE[name].story is not None]
    forms = (*together, "atom")
    if story is not None and together:
        paths += publish_story(
            story, histories, folder, notes=notes, formats=forms, options=options, owner=owner
        )
    elif index and together:
        paths += publish_index(histories, folder, notes=notes, formats=forms, options=options, owner=owner)
    changes = sum(len(transition.changes) for history in histories for transition in history.transitions)
    return Report(paths=tuple(paths), changes=changes)


def publish_index(
    histories: Iterable[History],
    folder: Path,
    *,
    notes: Sequence[Note] = (),
    formats: Iterable[str] = ("md", "atom"),
    options: Options = PLAIN,
    owner: Owner | None = None,
) -> list[Path]:
    """Write the index of all targets in each format that has one, and return the files; see `publish`.

    Raises:
        InputError: A format that does not exist.
        PublishError: The folder cannot be written.
    """
    chosen, known = replace(options, notes=notes), list(histories)
    makers = [TABLE[name].index for name in _known(formats)]
    files = (
        (f"index{ending}", text)
        for make in makers
        if make is not None
        for ending, text in make(known, chosen)
    )
    return _write_all(folder, files, owner, ())


def publish_story(
    name: str,
    histories: Iterable[History],
    folder: Path,
    *,
    notes: Sequence[Note] = (),
    formats: Iterable[str] = ("md", "atom"),
    options: Options = PLAIN,
    owner: Owner | None = None,
) -> list[Path]:
    """Write a story's comparison of outlets in each format that has one, and return the files; see `publish`.

    Raises:
        InputError: A format that does not exist.
        PublishError: The folder cannot be written.
    """
    chosen, known = replace(options, notes=notes), list(histories)
    makers = [TABLE[form].story for form in _known(formats)]
    files = (
        (f"{story_stem(name)}{ending}", text)
        for make in makers
        if make is not None
        for ending, text in make(name, known, chosen)
    )
    return _write_all(folder, files, owner, [history.url for history in known if history.observations])


def delete_stories(folder: Path, stories: Iterable[str], *, pages: Iterable[str], owner: Owner) -> list[Path]:
    """Delete the comparisons of stories that are no more, where this store wrote them, and return the files.

    Args:
        folder: The folder of reports.
        stories: The names of the stories that there are.
        pages: The addresses of all pages; a report of one may have a name that a story's could have.
        owner: Whose the files are that may be deleted.

    Raises:
        PublishError: One cannot be deleted.
    """
    kept = {*map(story_stem, stories), *map(file_stem, pages)}
    gone: list[Path] = []
    try:
        with owned(folder, begin=False) as owners:
            for name, whose in sorted(owners.items()):
                stem = next((name.removesuffix(end) for end in _OF_STORY if name.endswith(end)), "")
                if not stem.startswith(STORY) or stem in kept or "/" in name:
                    continue
                if is_owner(folder, whose, owner.store):
                    (folder / name).unlink(missing_ok=True)
                    gone.append(folder / name)
                    del owners[name]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise PublishError(
            f"the report of a story that is no more stays in {folder}: {error.strerror}"
        ) from error
    return gone


def _write_all(
    folder: Path,
    files: Iterable[tuple[str, str | Iterable[str]]],
    owner: Owner | None,
    urls: Sequence[str],
) -> list[Path]:
    """Write files into a folder, and note those that hold something else than before as reports of these pages."""
    paths: list[Path] = []
    written: dict[str, str] = {}
    try:
        for name, text in files:
            paths.append(folder / name)
            digest = _write(folder / name, text, owner)
            written |= {} if digest is None else {name: digest}
    finally:
        if owner is not None:
            owner.note(urls, written)
    return paths


def write(path: Path, text: str | Iterable[str], *, owner: Owner | None = None) -> Path:
    """Write a file so that a reader sees the old bytes or the new ones, never a part, even after a crash.

    Args:
        path: The file.
        text: What it is to hold, whole or in pieces that are written as they come.
        owner: Whose it is, or None.

    Raises:
        PublishError: The file cannot be written, or another store that is still there wrote another text to it.
    """
    _write(path, text, owner)
    return path


def _write(path: Path, text: str | Iterable[str], owner: Owner | None) -> str | None:
    """Write a file; returns the SHA-256 of its bytes, or None where it held them already."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, str):
            same = not path.is_symlink() and path.is_file() and path.read_bytes() == text.encode()
            return None if same else _replace(path, (text,), owner)
        return _replace(path, text, owner)
    except OSError as error:
        raise PublishError(
            f"cannot write {path}: {error.strerror or error}; choose another folder with --out"
        ) from error


def _replace(path: Path, pieces: Iterable[str], owner: Owner | None = None) -> str | None:
    """Put a file in place; returns the SHA-256 of its bytes, or None where it held them already."""
    made = path.parent / f".{path.name[:40]}-{uuid.uuid4().hex}.tmp"
    # Made as any file is, so that the user's umask says who may read it.
    handle = os.open(made, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            digest = hashlib.sha256()
            for piece in pieces:
                data = piece.encode()
                digest.update(data)
                file.write(data)
            file.flush()
            if _is_same(path, made):
                made.unlink()
                return None
            if owner is not None:
                _claim(path, owner.store)
            os.fsync(file.fileno())
        os.replace(made, path)  # noqa: PTH105 - named for what it is: one atomic step
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return digest.hexdigest()


def _claim(path: Path, owner: str) -> None:
    """Write down which store a file is of, unless it is another's that is still there.

    Raises:
        PublishError: It is another's.
    """
    with owned(path.parent, begin=True) as owners:
        _refuse_other(path, owners, owner)
        owners[path.name] = owner_in(path.parent, owner)


def _refuse_other(path: Path, owners: Mapping[str, str], owner: str) -> None:
    other = owners.get(path.name)
    if other is None or is_owner(path.parent, other, owner):
        return
    if path.exists() and is_there(path.parent, other):
        raise PublishError(
            f"{path} is a report of another store ({other}). Name another folder for this one, with --reports or --out."
        )


def _is_same(path: Path, made: Path) -> bool:
    """Return whether a file already holds what was made."""
    return not path.is_symlink() and path.is_file() and filecmp.cmp(path, made, shallow=False)


def _known(formats: Iterable[str]) -> list[str]:
    wanted = set(formats)
    unknown = wanted.difference(FORMATS)
    if unknown:
        raise InputError(f"no report format {', '.join(sorted(unknown))}; there are {', '.join(FORMATS)}")
    return [name for name in FORMATS if name in wanted]
