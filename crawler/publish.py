"""Writes reports, charts and feeds to disk, whole or not at all."""

import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from crawler.errors import InputError, PublishError
from diffs.model import History, Note
from diffs.reports import (
    file_stem,
    render_atom,
    render_changes_csv,
    render_chart,
    render_claims_csv,
    render_index,
    render_json,
    render_markdown,
    render_story,
    render_story_chart,
)
from diffs.reports.naming import outlet

FORMATS = ("md", "json", "csv", "atom")


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
    full_text: bool = False,
    base_url: str | None = None,
) -> list[Path]:
    """Write one target's report in the formats asked for, and give the files, written or already right.

    A file whose bytes would not change is left alone, so that nothing downstream sees it as new.

    Args:
        history: What is known of the target.
        folder: Where to write; made if it is not there.
        notes: What readers said about its findings.
        formats: Any of `md` (with its chart), `json`, `csv` (claims and changes) and `atom`.
        full_text: Give every version in full in the Markdown report.
        base_url: Address at which the folder is published, for links in the feed.

    Raises:
        InputError: A format that does not exist.
        PublishError: The folder cannot be written.
    """
    wanted = _known(formats)
    stem = file_stem(history.url)
    texts: dict[str, str] = {}
    if "md" in wanted:
        chart = render_chart(history)
        if chart is not None:
            texts[f"{stem}.svg"] = chart
        name = f"{stem}.svg" if chart is not None else None
        texts[f"{stem}.md"] = render_markdown(history, notes=notes, chart=name, full_text=full_text)
    if "json" in wanted:
        texts[f"{stem}.json"] = render_json(history, notes)
    if "csv" in wanted:
        texts[f"{stem}.claims.csv"] = render_claims_csv(history)
        texts[f"{stem}.changes.csv"] = render_changes_csv(history)
    if "atom" in wanted:
        title = f"{outlet(history)}: {history.url}"
        texts[f"{stem}.atom"] = render_atom([history], title=title, base_url=base_url, notes=notes)
    return [write(folder / name, text) for name, text in texts.items()]


def publish_pages(
    pages: Iterable[Page],
    folder: Path,
    *,
    formats: Iterable[str] = ("md",),
    story: str | None = None,
    index: bool = False,
) -> Report:
    """Write the reports of several targets and, in Markdown, what compares or lists them.

    Args:
        pages: What is known of each.
        folder: Where to write; made if it is not there.
        formats: See `publish`.
        story: The story they belong to, which then gets its comparison.
        index: Whether to write the index of them all.

    Raises:
        InputError: A format that does not exist.
        PublishError: The folder cannot be written.
    """
    known, wanted = list(pages), _known(formats)
    histories = [page.history for page in known]
    notes = [note for page in known for note in page.notes]
    paths = [
        path for page in known for path in publish(page.history, folder, notes=page.notes, formats=wanted)
    ]
    if story is not None and "md" in wanted:
        paths += publish_story(story, histories, folder, notes=notes)
    elif index and "md" in wanted:
        paths += publish_index(histories, folder, notes=notes)
    changes = sum(len(transition.changes) for history in histories for transition in history.transitions)
    return Report(paths=tuple(paths), changes=changes)


def publish_index(
    histories: Iterable[History], folder: Path, *, notes: Sequence[Note] = (), base_url: str | None = None
) -> list[Path]:
    """Write the index of all targets and the feed of all their changes, and give the files.

    Raises:
        PublishError: The folder cannot be written.
    """
    known = list(histories)
    feed = render_atom(known, title="All changes", base_url=base_url, notes=notes)
    return [write(folder / "index.md", render_index(known)), write(folder / "index.atom", feed)]


def publish_story(
    name: str,
    histories: Iterable[History],
    folder: Path,
    *,
    notes: Sequence[Note] = (),
    base_url: str | None = None,
) -> list[Path]:
    """Write a story's comparison of outlets, its chart and its feed, and give the files.

    Raises:
        PublishError: The folder cannot be written.
    """
    known = list(histories)
    stem = f"story-{file_stem(name)}"
    chart = render_story_chart(name, known)
    texts = {f"{stem}.svg": chart} if chart is not None else {}
    texts[f"{stem}.md"] = render_story(name, known, chart=f"{stem}.svg" if chart is not None else None)
    texts[f"{stem}.atom"] = render_atom(known, title=name, base_url=base_url, notes=notes)
    return [write(folder / file, text) for file, text in texts.items()]


def write(path: Path, text: str) -> Path:
    """Write a file so that a reader sees the old bytes or the new ones, never a part, even after a crash.

    Raises:
        PublishError: The file cannot be written.
    """
    data = text.encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_symlink() and path.is_file() and path.read_bytes() == data:
            return path
        _replace(path, data)
    except OSError as error:
        raise PublishError(
            f"cannot write {path}: {error.strerror or error}; choose another folder with --out or free some space"
        ) from error
    return path


def _replace(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}-", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), 0o644)
        os.replace(name, path)  # noqa: PTH105 - named for what it is: one atomic step
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _known(formats: Iterable[str]) -> set[str]:
    wanted = set(formats)
    unknown = wanted.difference(FORMATS)
    if unknown:
        raise InputError(f"no report format {', '.join(sorted(unknown))}; there are {', '.join(FORMATS)}")
    return wanted
