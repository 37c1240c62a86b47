"""Evidence on its way in and out of the house, and read anew inside it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawler.address import page_address
from crawler.archive import WarcArchive, write_warc
from crawler.archive.urlkey import urlkey_of
from crawler.archive.warc import Written
from crawler.errors import InputError
from crawler.model import Seen, Snapshot, Target
from crawler.neighbours import Neighbourhood
from crawler.parser import PARSER_VERSION
from crawler.pipeline import Pipeline, judge, standing
from crawler.store import Store
from diffs.model import Outcome

IMPORTED = "import"
KEPT = (Outcome.FETCHED, Outcome.NOT_ARTICLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What an import brought.

    Attributes:
        pages: Addresses that the files hold captures of.
        captures: Captures in the files.
        new: Captures that the store had not seen.
        damage: What could not be read, in words, a line each.
    """

    pages: int
    captures: int
    new: int
    damage: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What reading the kept bodies again brought.

    Attributes:
        read: Bodies read again.
        appeared: Findings that were not there before.
        vanished: Findings that are no longer there.
    """

    read: int
    appeared: int
    vanished: int


def snapshot_of(store: Store, seen: Seen) -> Snapshot:
    """Give a kept capture in the form in which the archive served it.

    Raises:
        StoreError: Its body is missing or damaged.
    """
    assert seen.sha256 is not None
    return Snapshot(
        capture=seen.capture,
        served_at=seen.served_at or seen.capture.at,
        url=seen.final_url or seen.capture.url,
        status=seen.capture.status or 200,
        content_type=seen.content_type,
        body=store.body(seen.sha256),
    )


def export_warc(store: Store, targets: Sequence[Target], folder: Path, *, now: datetime) -> Written:
    """Write every kept body of these targets as WARC 1.1 with a CDXJ index beside it.

    Raises:
        InputError: The folder cannot be written.
        StoreError: A body is missing or damaged.
    """

    def snapshots() -> Iterator[Snapshot]:
        for target in targets:
            yield from (snapshot_of(store, seen) for seen in store.seen(target) if seen.sha256)

    try:
        folder.mkdir(parents=True, exist_ok=True)
        return write_warc(folder / "variorum.warc.gz", snapshots(), created=now)
    except OSError as error:
        raise InputError(
            f"{folder} cannot be written: {error.strerror or error}. Name another with --out."
        ) from error


def pages_in(archive: WarcArchive) -> list[str]:
    """Give the addresses of the pages in WARC files: those with a capture that may show an article."""
    pages: dict[str, str] = {}
    for capture in archive.all_captures():
        if standing(capture) is None:
            pages.setdefault(urlkey_of(capture.url), capture.url)
    return list(pages.values())


def import_warc(store: Store, path: Path, *, only: Sequence[str], now: datetime) -> Taken:
    """Take the captures in a WARC file, or a folder of them, into the store, bytes and all.

    Args:
        store: Where they go.
        path: The file or folder.
        only: Take only these pages; empty for all.
        now: The time to remember with what is kept.

    Raises:
        InputError: There is no such file, or nothing in it can be read.
    """
    if not path.exists():
        raise InputError(f"There is no file or folder {path}.")
    archive = WarcArchive(IMPORTED, path)
    pipeline = Pipeline(store, [archive])
    pages = [page_address(url) for url in only or pages_in(archive)]
    if not pages:
        why = archive.damage[0].reason if archive.damage else "it holds no web page"
        raise InputError(f"Nothing could be taken from {path}: {why}.")
    captures, new = 0, 0
    for address in pages:
        target = store.ensure_target(address, now)
        listing = pipeline.list_captures(target)
        for _ in pipeline.backfill(target, now=now, every=True):
            pass
        captures, new = captures + listing.known, new + listing.new
    return Taken(pages=len(pages), captures=captures, new=new, damage=archive.complaints())


def rebuild_target(
    pipeline: Pipeline, target: Target, *, neighbourhood: Neighbourhood, now: datetime
) -> Rebuilt:
    """Read a target's kept bodies with the current parser and template, and its findings with the grammar.

    Bodies that the current parser has read are left alone, so that a rebuild cut short goes on where it was.
    """
    store = pipeline.store
    store.adopt_template(target, neighbourhood.template_for(target))
    reader = pipeline.reader(target)
    read = 0
    shown: dict[str, str | None] = {}
    for seen in list(store.seen(target)):
        if not seen.sha256 or seen.outcome not in KEPT:
            continue
        outcome, reason, article = judge(snapshot_of(store, seen), reader)
        renewed = store.rederive(
            seen, article, article.parser if article else PARSER_VERSION, outcome=outcome, reason=reason
        )
        read += 1
        if seen.capture.digest:
            shown[seen.capture.digest] = renewed.fingerprint
    for seen in list(store.seen(target)):
        if seen.outcome in (Outcome.UNCHANGED, Outcome.REVISIT) and seen.capture.digest in shown:
            store.mark(seen, seen.outcome, fingerprint=shown[seen.capture.digest])
    delta = pipeline.remember_findings(target, pipeline.history(target), now=now)
    return Rebuilt(read=read, appeared=len(delta.appeared), vanished=len(delta.vanished))
