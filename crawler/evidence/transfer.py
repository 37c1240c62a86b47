"""Evidence on its way in and out of the house."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawler.address import page_address, page_key
from crawler.archive.content_type import is_vague
from crawler.archive.warc import Again, Leaving, WarcArchive, Written, parts_of, write_warc
from crawler.errors import ArchiveError, ConfigError, InputError
from crawler.evidence.known import Held
from crawler.evidence.read_ahead import ReadAhead
from crawler.evidence.templates import adopt_carried, templates_beside, write_templates
from crawler.model import IMPORTED, Archive, Capture, StoredCapture, Target
from crawler.parser import parse
from crawler.store import Store
from crawler.tracking.classify import Reader, classify_row
from crawler.tracking.mending import Mended, mend_damaged
from crawler.tracking.pipeline import Pipeline
from diffs.model import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What an import brought.

    Attributes:
        pages: Addresses that the files hold captures of.
        captures: Captures in the files.
        new: Captures that the store had not seen.
        mended: What became of captures that were kept and are damaged.
        damage: What could not be read, in words, a line each.
    """

    pages: int
    captures: int
    new: int
    mended: Mended
    damage: tuple[str, ...] = ()


def export_warc(
    store: Store,
    targets: Sequence[Target],
    folder: Path,
    *,
    now: datetime,
    archives: Mapping[str, Archive] | None = None,
) -> Written:
    """Write every capture of these targets that shows kept bytes as WARC 1.1, with a CDXJ index next to it.

    The same evidence gives the same bytes: the export is dated by its newest capture, or now where it is empty.

    Args:
        store: Where the captures are.
        targets: Whose.
        folder: Where to write.
        now: The time (aware UTC).
        archives: The archives by name, which know at what address they replay a capture.

    Raises:
        InputError: The folder cannot be written.
        StoreError: A body is missing or damaged.
    """
    times = (
        seen.served_at or seen.capture.at
        for target in targets
        for seen in store.captures.of(target)
        if seen.sha256
    )
    created = max(times, default=now)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        leaving = (each for target in targets for each in leaving_of(store, target, archives or {}))
        write_templates(store, targets, folder)
        return write_warc(folder / "variorum.warc.gz", leaving, created=created)
    except OSError as error:
        raise InputError(
            f"{folder} cannot be written: {error.strerror or error}. Name another with --out."
        ) from error


def leaving_of(
    store: Store, target: Target, archives: Mapping[str, Archive], *, only: Container[int] | None = None
) -> Iterator[Leaving | Again]:
    """Yield a target's captures with their bytes, and those that the archive says showed the same.

    Args:
        store: Where the captures are.
        target: Whose.
        archives: The archives by name, which know at what address they replay a capture.
        only: The store's numbers of the captures wanted; where one has no bytes of its own, the capture whose bytes
            it showed comes with it. None for all.

    Raises:
        StoreError: A body is missing or damaged.
    """
    shown: dict[tuple[str, str], StoredCapture] = {}
    again: list[StoredCapture] = []
    left: set[int] = set()
    for seen in store.captures.of(target):
        row = seen.capture
        if seen.sha256:
            if seen.digest_fits and row.digest:
                shown.setdefault((row.archive, row.digest), seen)
            if only is None or seen.id in only:
                left.add(seen.id)
                yield _with_bytes(store, target, seen, archives)
        elif (
            seen.outcome in {Outcome.UNCHANGED, Outcome.REVISIT}
            and row.digest
            and (only is None or seen.id in only)
        ):
            again.append(seen)
    for seen in again:
        row = seen.capture
        first = shown.get((row.archive, row.digest or ""))
        if first is None:
            continue
        if first.id not in left:
            left.add(first.id)
            yield _with_bytes(store, target, first, archives)
        yield Again(capture=row, page=target.url, of=first.capture, source=_link(row, archives))


def _with_bytes(
    store: Store, target: Target, seen: StoredCapture, archives: Mapping[str, Archive]
) -> Leaving:
    snapshot = store.snapshot(seen, raw=True)
    return Leaving(snapshot=snapshot, page=target.url, source=_link(seen.capture, archives))


def _link(row: Capture, archives: Mapping[str, Archive]) -> str | None:
    archive = archives.get(row.archive)
    return archive.link(row) if archive else None


def pages_in(archive: WarcArchive) -> list[str]:
    """Return the addresses of the pages in WARC files: those with a capture that may show an article."""
    pages: dict[str, str] = {}
    for page, capture in archive.pages():
        # A file's index has told a missing type by the bytes: what is still vague is no page.
        if classify_row(capture) is None and not (capture.mimetype and is_vague(capture.mimetype)):
            pages.setdefault(page_key(page), page)
    return list(pages.values())


def import_warc(
    store: Store,
    path: Path,
    *,
    only: Sequence[str],
    now: datetime,
    body_bytes: int = 20_000_000,
    read: Reader = parse,
) -> Taken:
    """Take the captures in a WARC file, or a folder of them, into the store, bytes and all, and find the changes.

    Captures of an export stay those of the archive that they are from; others are of one called `import`, and what the store
    has read already in the same bytes and of the same type is no further capture.

    Args:
        store: Where they go.
        path: The file or folder.
        only: Take only these pages; empty for all.
        now: The time to remember with what is kept.
        body_bytes: The largest body taken.
        read: Reads a page; files of strangers are best read in a process of its own.

    Raises:
        InputError: There is no such file, or nothing in it can be read.
    """
    try:
        archive = WarcArchive(
            IMPORTED, path, body_bytes=body_bytes, now=lambda: now, still=True, by_origin=True
        )
    except ConfigError as error:
        raise InputError(f"There is no file or folder {path} that can be read.") from error
    refused: list[str] = []
    pages = [page_address(url) for url in only] or list(_addresses(pages_in(archive), refused))
    if not pages:
        why = next(iter((*refused, *(each.reason for each in archive.damage))), "it holds no web page")
        raise InputError(f"Nothing could be taken from {path}: {why}.")
    captures, new, mended, left = 0, 0, 0, 0
    carried = templates_beside(path, refused)
    with ReadAhead(read) as ahead:
        held = Held()
        files = ahead.around(parts_of(archive, held.note))
        pipeline = Pipeline(store, files, read=ahead.read, holds=held.holds)
        for address in pages:
            target = store.targets.ensure(address, now)
            held.clear()
            adopt_carried(store, target, carried, now=now)
            try:
                listing = pipeline.list_captures(target, now=now)
            except ArchiveError as error:
                refused.append(str(error))
                continue
            again = mend_damaged(pipeline, target, now=now, like=held.like)
            mended, left = mended + again.captures, left + again.left
            rows = (row for row in store.captures.of(target) if held.holds(row.capture))
            ahead.expect(rows, store.templates.of(target))
            steps = (step.seen for step in pipeline.backfill(target, now=now, every=True))
            refused.extend(_not_read(row) for row in steps if row.may_pass)
            pipeline.record_history(target, now=now)
            captures, new = captures + len(held), new + listing.new
    return Taken(
        pages=len(pages),
        captures=captures,
        new=new,
        mended=Mended(captures=mended, left=left),
        damage=(*refused, *archive.unread()),
    )


def _addresses(urls: Iterable[str], refused: list[str]) -> Iterator[str]:
    """Yield addresses as pages are tracked by, and put down those that no page can have."""
    for url in urls:
        try:
            yield page_address(url)
        except InputError as error:
            refused.append(f"left out: {error}")


def _not_read(row: StoredCapture) -> str:
    return f"{row.capture.url} at {row.capture.timestamp}: {row.reason}"
