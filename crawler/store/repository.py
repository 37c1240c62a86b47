"""The store: everything Variorum remembers, as parts behind one object."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from crawler.model import Pacing, Snapshot, StoredCapture, Target
from crawler.store import upkeep
from crawler.store.database import Database
from crawler.store.records import DaemonState, Heartbeat, Outdated, Problem, Retained, StatusRecord
from crawler.store.status import DAEMON, LEADER

# Each method loads what it needs: of 1.0 s for `list` 0.2 went into parts that it did not use (2026-11-28).
if TYPE_CHECKING:
    from crawler.store.alerts import Alerts
    from crawler.store.archives import Archives
    from crawler.store.articles import Articles
    from crawler.store.bodies import Bodies
    from crawler.store.bundles import Bundle
    from crawler.store.captures import Captures
    from crawler.store.coverage import CoverageLog
    from crawler.store.custody import Custody
    from crawler.store.findings import Findings
    from crawler.store.linked import LinkedHeadlines
    from crawler.store.queue import Queue
    from crawler.store.raw import RawBytes
    from crawler.store.readings import Readings
    from crawler.store.sites import Sites
    from crawler.store.sources import Sources
    from crawler.store.stories import Stories
    from crawler.store.targets import Targets
    from crawler.store.templates import Templates
    from crawler.store.troubles import Troubles
    from crawler.store.witnesses import Witnesses

# A worker shows a sign of life every quarter of a minute; one whose session is over as well has ended after three.
SILENCE = timedelta(seconds=45)


def open_store(where: str, *, create: bool = True) -> "Store":
    """Open a store, bringing its schema to this version's.

    Args:
        where: Path of a SQLite file, or an SQLAlchemy URL (`postgresql://…`).
        create: Whether an empty or absent database may become a new store.

    Raises:
        ConfigError: The URL cannot be read, or its driver is missing.
        StoreError: The database is newer, foreign, damaged, unwritable, or unexpectedly empty.
    """
    return Store(Database.open(where, create=create))


class Store:
    """What was tracked, captured, kept and derived; a context manager that closes the database.

    Every method of a part that writes is one transaction, on disk when it returns. Within `with
    store.together():` several are one. Iterators read page by page and hold no lock between pages.

    Each part is loaded when it is first used: most commands use few.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    @cached_property
    def targets(self) -> "Targets":
        """Tracked addresses and their aliases."""
        from crawler.store.targets import Targets

        return Targets(self.database)

    @cached_property
    def queue(self) -> "Queue":
        """When each target is due, and who works on it."""
        from crawler.store.queue import Queue

        return Queue(self.database)

    @cached_property
    def captures(self) -> "Captures":
        """The index rows, and what became of each."""
        from crawler.store.captures import Captures

        return Captures(self.database, self.articles)

    @cached_property
    def bodies(self) -> "Bodies":
        """The bytes, by their SHA-256."""
        from crawler.store.bodies import Bodies

        return Bodies(self.database)

    @cached_property
    def raw(self) -> "RawBytes":
        """What captures' bytes were before their coding was undone, and the headers they came with."""
        from crawler.store.raw import RawBytes

        return RawBytes(self.database)

    @cached_property
    def articles(self) -> "Articles":
        """What captures show, as read."""
        from crawler.store.articles import Articles

        return Articles(self.database)

    @cached_property
    def readings(self) -> "Readings":
        """Where captures that were read again put what they show."""
        from crawler.store.readings import Readings

        return Readings(self.database)

    @cached_property
    def templates(self) -> "Templates":
        """What each target's siblings taught of its site."""
        from crawler.store.templates import Templates

        return Templates(self.database)

    @cached_property
    def sites(self) -> "Sites":
        """Listings of a site's articles, from which siblings are chosen."""
        from crawler.store.sites import Sites

        return Sites(self.database)

    @cached_property
    def sources(self) -> "Sources":
        """Followed feeds, sitemaps and front pages, and what they named."""
        from crawler.store.sources import Sources

        return Sources(self.database)

    @cached_property
    def linked(self) -> "LinkedHeadlines":
        """Under which headlines the sources linked targets."""
        from crawler.store.linked import LinkedHeadlines

        return LinkedHeadlines(self.database)

    @cached_property
    def findings(self) -> "Findings":
        """Changes as recorded, and the notes on them."""
        from crawler.store.findings import Findings

        return Findings(self.database)

    @cached_property
    def alerts(self) -> "Alerts":
        """Which findings are announced where, and what of that was delivered."""
        from crawler.store.alerts import Alerts

        return Alerts(self.database)

    @cached_property
    def stories(self) -> "Stories":
        """The stories there are, and who belongs to them for a reason."""
        from crawler.store.stories import Stories

        return Stories(self.database)

    @cached_property
    def troubles(self) -> "Troubles":
        """What keeps the watch from seeing, until it is over."""
        from crawler.store.troubles import Troubles

        return Troubles(self.database)

    @cached_property
    def custody(self) -> "Custody":
        """What was done with the evidence, in chains of hashes."""
        from crawler.store.custody import Custody

        return Custody(self.database)

    @cached_property
    def archives(self) -> "Archives":
        """Which of several archives answer."""
        from crawler.store.archives import Archives

        return Archives(self.database)

    @cached_property
    def coverage(self) -> "CoverageLog":
        """How well archives cover pages and outlets, and which outlets went dark."""
        from crawler.store.coverage import CoverageLog

        return CoverageLog(self.database)

    @cached_property
    def witnesses(self) -> "Witnesses":
        """What became of captures that findings cite when they were fetched again."""
        from crawler.store.witnesses import Witnesses

        return Witnesses(self.database)

    @cached_property
    def pacing(self) -> Pacing:
        """The request limit that every process on this store shares."""
        from crawler.store.pacing import StorePacing

        return StorePacing(reading=self.database.reading, writing=self.database.writing)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self.database.close()

    @property
    def where(self) -> str:
        """Path or URL of the store, its password masked."""
        return self.database.name

    def bundle(self, names: Sequence[str]) -> "Bundle":
        """Return bodies by their SHA-256 as they are stored, for another process to unpack."""
        from crawler.store.bundles import bundle_of

        return bundle_of(self.database, names)

    def snapshot(self, seen: StoredCapture, *, raw: bool = False, body: bytes | None = None) -> Snapshot:
        """Return a kept capture in the form in which the archive served it.

        Args:
            seen: The capture.
            raw: Whether its raw bytes and headers are wanted as well, where they were kept.
            body: Its bytes, or what stands for them; None to read them.

        Raises:
            StoreError: Its body is missing or damaged, or what is wanted of its raw bytes.
        """
        assert seen.sha256 is not None
        return Snapshot(
            capture=seen.capture,
            served_at=seen.served_at or seen.capture.at,
            url=seen.final_url or seen.capture.url,
            status=seen.served_status or seen.capture.status or 200,
            content_type=seen.content_type,
            body=self.bodies.read(seen.sha256) if body is None else body,
            redirects=seen.redirects,
            digest_fits=seen.digest_fits,
            raw=self.raw.of(seen.id) if raw else None,
            content_coding=seen.content_coding,
            headers=self.raw.headers(seen.id) if raw else (),
            retrieved_at=seen.retrieved_at,
            archive_src=seen.archive_src,
            imported=seen.imported_at is not None,
        )

    @property
    def identity(self) -> str:
        """What tells this store from every other: the full path of its file, or its URL."""
        path = self.database.path
        return self.where if path is None else str(path.resolve())

    def together(self) -> AbstractContextManager[object]:
        """Make every write of this thread inside the block one transaction: all or nothing."""
        return self.database.writing()

    def sole_daemon(self, worker: str) -> AbstractContextManager[None]:
        """Be the only daemon on this store for as long as the block runs, however it ends.

        Raises:
            StoreError: Another one runs; the message names it.
        """
        return upkeep.sole_daemon(self.database, worker)

    def beat(
        self, worker: str, *, started: datetime, now: datetime, state: DaemonState, name: str = DAEMON
    ) -> None:
        """Write down that the daemon, or the worker of that row, lives, and what it does."""
        with self.database.writing() as connection:
            upkeep.beat(connection, worker, started=started, now=now, state=state, name=name)
        if self.database.path is not None:
            upkeep.leave_word(self.database.path, worker, "")

    def note_pause(
        self, worker: str, *, started: datetime, now: datetime, reason: str, name: str = DAEMON
    ) -> None:
        """Record that the daemon pauses because the store fails; in a file next to a SQLite store.

        The next sign of life takes it back. Never fails: it is what is done when all else did.
        """
        upkeep.note_pause(self.database, worker, started=started, now=now, reason=reason, name=name)

    def note_leader(self, worker: str, *, started: datetime, now: datetime) -> None:
        """Write down which of several workers does the maintenance."""
        with self.database.writing() as connection:
            state = DaemonState.RUNNING
            upkeep.beat(connection, worker, started=started, now=now, state=state, name=LEADER)

    def maintain(self) -> None:
        """Fold the write-ahead log into the database, so that it does not grow without bound."""
        upkeep.maintain(self.database)

    def verify(self, target: Target | None = None) -> Iterator[Problem]:
        """Yield what is not as it should be: every capture that needs a body has one that hashes right."""
        from crawler.store import checks

        return checks.problems(self.database, target)

    def scrub(self) -> Iterator[Problem]:
        """Read the whole store again and yield damaged tables, and bodies that are not what was kept."""
        from crawler.store import checks

        return checks.damage(self.database)

    def drop_old_bodies(self, target: Target, *, before: datetime, now: datetime) -> Retained:
        """Drop bytes from before a time, but never those that prove a change or when it happened."""
        from crawler.store import retention

        with self.database.writing() as connection:
            return retention.drop_old_bodies(connection, target, before=before, now=now)

    def backup(self, path: Path) -> None:
        """Copy the store to a SQLite file while others go on reading and writing.

        Raises:
            StoreError: The copy could not be made, or the store is not SQLite.
        """
        from crawler.store import backups

        backups.backup(self.database, path)

    def heartbeat(self, name: str | None = None) -> Heartbeat | None:
        """Return the last sign of life of the daemon, or of the worker of that row, or None where none ever ran."""
        from crawler.store import status

        gone = self.queue.gone()
        with self.database.reading() as connection:
            beat = status.last_beat(connection, gone, name=name or status.DAEMON)
        return upkeep.pause_noted(self.database) or beat

    def outdated(self, *, parser: str, grammar: str) -> Outdated:
        """Return what another version of the parser read, or an earlier one of parser or grammar found."""
        from crawler.store import glance

        with self.database.reading() as connection:
            return glance.outdated(connection, parser=parser, grammar=grammar)

    def status(self, *, now: datetime | None = None) -> StatusRecord:
        """Return the store at a glance; without a time, nothing that depends on it."""
        from crawler.store import glance, status
        from crawler.store.sessions import silent_workers

        gone = self.queue.gone()
        with self.database.reading() as connection:
            if now is not None:
                gone |= silent_workers(connection, now=now, patience=SILENCE)
            record = status.status_of(connection, self.where, now, gone)
            size = glance.size_on_disk(connection, self.database.path)
        again, lost = self.witnesses.counts(), self.witnesses.lost()
        record = replace(
            record,
            archives=self.archives.all(),
            dark=self.coverage.dark_outlets(),
            witnessed=again,
            lost=lost,
            alerts=self.alerts.counts(),
            channels=self.alerts.channel_records(),
            store_size=size,
        )
        paused = upkeep.pause_noted(self.database)
        return record if paused is None else replace(record, heartbeat=paused)
