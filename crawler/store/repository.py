"""The store: everything Variorum remembers, behind one object."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Self

from crawler.model import Capture, Pacing, SaveWish, Snapshot, StoredCapture, Target
from crawler.parser import Template
from crawler.store import (
    backups,
    bodies,
    captures,
    checks,
    derived,
    retention,
    status,
    targets,
    templates,
    upkeep,
)
from crawler.store.database import Database
from crawler.store.pacing import StorePacing
from crawler.store.records import FindingDelta, Problem, Retained, StatusRecord
from crawler.store.schedule import Schedule
from diffs.model import Article, Change, Note, Outcome


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


class Store(Schedule):
    """What was tracked, captured, kept and derived; a context manager that closes the database.

    Every method that writes is one transaction, on disk when it returns. Within `with
    store.together():` several are one. Iterators read page by page and hold no lock between pages.
    """

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._pacing = StorePacing(reading=database.reading, writing=database.writing)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the database go."""
        self.database.close()

    @property
    def where(self) -> str:
        """Path or URL of the store, its password masked."""
        return self.database.name

    @property
    def pacing(self) -> Pacing:
        """The request limit that every process on this store shares."""
        return self._pacing

    def together(self) -> AbstractContextManager[object]:
        """Make every write of this thread inside the block one transaction: all or nothing."""
        return self.database.writing()

    # ----------------------------------------------------------------------- targets

    def track(
        self,
        url: str,
        *,
        story: str | None = None,
        since: datetime | None = None,
        save: SaveWish | None = None,
        now: datetime,
    ) -> tuple[Target, bool]:
        """Schedule an address, keeping what is not given anew; returns the target and whether it was not tracked.

        Raises:
            InputError: It is no web address.
        """
        with self.database.writing() as connection:
            return targets.track(connection, url, story=story, since=since, save=save, now=now)

    def ensure_target(self, url: str, now: datetime) -> Target:
        """Know an address without scheduling it, for a capture on demand."""
        with self.database.writing() as connection:
            return targets.ensure(connection, url, now)

    def untrack(self, url: str) -> bool:
        """Stop scheduling an address and keep its evidence; returns whether it was tracked."""
        with self.database.writing() as connection:
            return targets.untrack(connection, url)

    def target(self, url: str) -> Target:
        """Return the target of an address or of one of its aliases.

        Raises:
            InputError: It is not known.
        """
        with self.database.reading() as connection:
            return targets.find(connection, url)

    def targets(self, *, story: str | None = None, include_untracked: bool = False) -> Iterator[Target]:
        """Yield targets in order of their address."""
        after = ""
        while True:
            with self.database.reading() as connection:
                page = targets.page(connection, after, story=story, include_untracked=include_untracked)
            if not page:
                return
            yield from page
            after = page[-1].url

    def aliases(self, target: Target) -> tuple[str, ...]:
        """Return the other addresses of a target, in order."""
        with self.database.reading() as connection:
            return targets.aliases(connection, target)

    def aliases_of(self, several: Sequence[Target]) -> dict[int, tuple[str, ...]]:
        """Return the other addresses of up to a thousand targets by the targets' numbers (`Target.id`), in order."""
        with self.database.reading() as connection:
            return targets.aliases_of(connection, several)

    def add_alias(self, target: Target, url: str) -> bool:
        """Remember another address of the same article; returns whether it was new."""
        with self.database.writing() as connection:
            return targets.add_alias(connection, target, url)

    # ----------------------------------------------------------------------- captures

    def observe(self, target: Target, captures_seen: Iterable[Capture]) -> int:
        """Remember captures that an archive listed; returns how many were new.

        Takes them as they come, 500 to a transaction; running twice changes nothing.
        """
        new = 0
        items = iter(captures_seen)
        while batch := list(islice(items, captures.BATCH)):
            with self.database.writing() as connection:
                new += captures.observe(connection, target, batch)
        return new

    def seen(self, target: Target, *, outcome: Outcome | None = None) -> Iterator[StoredCapture]:
        """Yield a target's captures in order of time, then archive, then address."""
        after: captures.Key | None = None
        while True:
            with self.database.reading() as connection:
                page = captures.page(connection, target, after, outcome)
            if not page:
                return
            yield from page
            after = captures.key_of(page[-1])

    def seen_one(self, target: Target, at: datetime) -> StoredCapture:
        """Return the capture made at a time, one with bytes before one without.

        Raises:
            InputError: There is none.
        """
        with self.database.reading() as connection:
            return captures.one_at(connection, target, at)

    def reread(self, seen: StoredCapture) -> StoredCapture:
        """Return a capture as it stands now: another process may have kept it since."""
        with self.database.reading() as connection:
            return captures.by_id(connection, seen.id)

    def keep(
        self,
        seen: StoredCapture,
        snapshot: Snapshot,
        *,
        outcome: Outcome,
        reason: str | None = None,
        article: Article | None = None,
        parser: str = "",
        now: datetime,
    ) -> StoredCapture:
        """Keep a snapshot: its bytes, how it was served and the article read from it, or nothing at all.

        When this returns the capture is acknowledged: it outlives a crash. Doing it twice changes nothing.
        """
        with self.database.writing() as connection:
            captures.keep_snapshot(
                connection, seen, snapshot, outcome=outcome, reason=reason, parser=parser, now=now
            )
            if article is None:
                derived.drop_article(connection, seen)
            else:
                derived.put_article(connection, seen, article, parser or article.parser)
            return captures.by_id(connection, seen.id)

    def mark(
        self,
        seen: StoredCapture,
        outcome: Outcome,
        *,
        reason: str | None = None,
        fingerprint: str | None = None,
    ) -> None:
        """Write down what became of a capture whose bytes were not, or need not be, fetched."""
        with self.database.writing() as connection:
            captures.mark(connection, seen, outcome, reason=reason, fingerprint=fingerprint)

    # ----------------------------------------------------------------------- bodies

    def body(self, sha256: str) -> bytes:
        """Return a body, its SHA-256 checked.

        Raises:
            StoreError: It is not kept, or not what was kept.
        """
        with self.database.reading() as connection:
            return bodies.read_body(connection, sha256)

    def bodies(self) -> Iterator[str]:
        """Yield the SHA-256 of every body kept, in order."""
        after = ""
        while True:
            with self.database.reading() as connection:
                page = bodies.all_bodies(connection, after)
            if not page:
                return
            yield from page
            after = page[-1]

    # ----------------------------------------------------------------------- derived

    def article(self, seen: StoredCapture) -> Article:
        """Return the article that a capture shows.

        Raises:
            InputError: It shows none.
        """
        with self.database.reading() as connection:
            return derived.article_of(connection, seen)

    def articles(self, target: Target) -> dict[str, Article]:
        """Return a target's distinct articles by fingerprint, each as first captured."""
        with self.database.reading() as connection:
            return derived.articles_of(connection, target)

    def rederive(
        self,
        seen: StoredCapture,
        article: Article | None,
        parser: str,
        *,
        outcome: Outcome | None = None,
        reason: str | None = None,
    ) -> StoredCapture:
        """Put a new reading of a capture's bytes in place of the old; None says that it shows no article."""
        with self.database.writing() as connection:
            if outcome is not None:
                captures.mark(connection, seen, outcome, reason=reason, fingerprint=None)
            derived.note_parser(connection, seen, parser)
            if article is None:
                derived.drop_article(connection, seen)
            else:
                derived.put_article(connection, seen, article, parser)
            return captures.by_id(connection, seen.id)

    def stale(self, target: Target, parser: str) -> set[int]:
        """Return the numbers (`StoredCapture.id`) of the captures whose kept bytes another parser judged."""
        with self.database.reading() as connection:
            return derived.stale(connection, target, parser)

    def findings(self, target: Target) -> tuple[Change, ...]:
        """Return the findings that stand, in the order they were recorded."""
        with self.database.reading() as connection:
            return derived.findings(connection, target)

    def record_findings(
        self, target: Target, changes: Iterable[Change], *, grammar: str, parser: str, now: datetime
    ) -> FindingDelta:
        """Make these the findings of a target; those no longer found are marked, never deleted."""
        with self.database.writing() as connection:
            return derived.record_findings(
                connection, target, changes, grammar=grammar, parser=parser, now=now
            )

    def add_note(self, note: Note) -> None:
        """Keep what a reader said about a finding.

        Raises:
            InputError: No finding has that id.
        """
        with self.database.writing() as connection:
            derived.add_note(connection, note)

    def notes(self, target: Target) -> tuple[Note, ...]:
        """Return the notes on a target's findings, vanished ones included, oldest first."""
        with self.database.reading() as connection:
            return derived.notes_of(connection, target)

    def adopt_template(self, target: Target, template: Template | None) -> None:
        """Read the target's pages with what its neighbours taught, from now on; None for without."""
        with self.database.writing() as connection:
            templates.adopt(connection, target, template)

    def template(self, target: Target) -> Template | None:
        """Return the template that the target's pages are read with, or None."""
        with self.database.reading() as connection:
            return templates.adopted(connection, target)

    # ----------------------------------------------------------------------- care

    def sole_daemon(self, worker: str) -> AbstractContextManager[None]:
        """Be the only daemon on this store for as long as the block runs, however it ends.

        Raises:
            StoreError: Another one runs; the message names it.
        """
        return upkeep.sole_daemon(self.database, worker)

    def beat(self, worker: str, *, started: datetime, now: datetime, state: str) -> None:
        """Write down that the daemon lives, and what it does."""
        with self.database.writing() as connection:
            upkeep.beat(connection, worker, started=started, now=now, state=captures.clean(state) or "")
        if self.database.path is not None:
            upkeep.leave_word(self.database.path, worker, "")

    def note_pause(self, worker: str, *, started: datetime, now: datetime, reason: str) -> None:
        """Record that the daemon pauses because the store fails; told in a file beside a SQLite store.

        The next sign of life takes it back. Never fails: it is what is done when all else did.
        """
        upkeep.note_pause(self.database, worker, started=started, now=now, reason=reason)

    def maintain(self) -> None:
        """Fold the write-ahead log into the database, so that it does not grow without bound."""
        upkeep.maintain(self.database)

    def verify(self, target: Target | None = None) -> Iterator[Problem]:
        """Yield what is not as it should be: every capture that needs a body has one that hashes right."""
        return checks.problems(self.database, target)

    def scrub(self) -> Iterator[Problem]:
        """Read the whole store again and yield damaged tables, and bodies that are not what was kept."""
        return checks.damage(self.database)

    def let_go(self, target: Target, *, before: datetime, now: datetime) -> Retained:
        """Drop bytes from before a time, but never those that prove a change or when it happened."""
        with self.database.writing() as connection:
            return retention.let_go(connection, target, before=before, now=now)

    def backup(self, path: Path) -> None:
        """Copy the store to a SQLite file while others go on reading and writing.

        Raises:
            StoreError: The copy could not be made, or the store is not SQLite.
        """
        backups.backup(self.database, path)

    def status(self, *, now: datetime | None = None) -> StatusRecord:
        """Return the store at a glance; without a time, nothing that depends on it."""
        with self.database.reading() as connection:
            record = status.status_of(connection, self.where, now)
        paused = upkeep.pause_noted(self.database)
        return record if paused is None else replace(record, heartbeat=paused)
