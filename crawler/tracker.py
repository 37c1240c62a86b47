"""The application: one object that tracks pages, fetches their past and reports what changed."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Self, Unpack

from crawler.address import Time, page_address, time_of, typed_address
from crawler.archive import Saver, open_archive
from crawler.archive.session import PoliteSession
from crawler.archive.warc import Written
from crawler.config import Settings, load_settings
from crawler.errors import InputError
from crawler.evidence.transfer import Taken, export_warc, import_warc
from crawler.maintenance.rebuild import Rebuilt
from crawler.maintenance.rebuild import rebuild as rebuild_targets
from crawler.model import SaveWish, Target, WorkerKind
from crawler.parser import parse
from crawler.publish import PLAIN, Page, Report, check_owner, publish, publish_pages
from crawler.sandbox import SandboxedHistory, SandboxedParser, compose_history
from crawler.store import Held, Problem, StatusRecord, Store, open_store
from crawler.store.workers import this_process
from crawler.tracking.archives import configured_archives, session_for, visits_per_minute
from crawler.tracking.backfill import backfill_steps, capture_steps, list_or_forget
from crawler.tracking.events import (
    Backfilled,
    Captured,
    Comparison,
    Forecast,
    Published,
    Scope,
    TargetStatus,
    last_published,
)
from crawler.tracking.pipeline import Pipeline
from crawler.tracking.scheduler import Visited, explain_next, pressure_on, visits
from crawler.tracking.siblings import Neighbourhood, requests_for
from crawler.tracking.visit import Visitor
from diffs.changes import changes_between
from diffs.claims import claims_in
from diffs.model import Article, Claim, History, Note
from diffs.reports import Options

MOST_JOBS = 4


def utc_now() -> datetime:
    """Return the time (aware UTC)."""
    return datetime.now(UTC)


class Tracker:
    """Everything that Variorum does, for the command, the daemon and a notebook alike; a context manager.

    `Tracker.open()` makes one from the settings. Pages are named by their address as a person would write it,
    times by an aware datetime or by text such as `2016-09-18` (UTC). Methods that begin with `iter_` do the same
    as those without, and tell on the way; what was yielded is kept, wherever the caller stops.

    Attributes:
        settings: What was set.
        store: What is remembered.
        pipeline: What fetches and reads back.
        session: What speaks to the archives.
        visitor: What visits targets that are due.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        pipeline: Pipeline,
        session: PoliteSession,
        *,
        clock: Callable[[], datetime],
        closing: ExitStack,
    ) -> None:
        self.settings, self.store, self.pipeline, self.session = settings, store, pipeline, session
        self.clock = clock
        self._closing = closing
        main = configured_archives(settings)[0]
        self._saver = Saver(main, session=session, keys=settings.save.keys())
        self.visitor = Visitor(pipeline, self._saver, clock=clock, publish=self.publish)

    @classmethod
    def open(
        cls,
        settings: Settings | None = None,
        *,
        create: bool = True,
        sandboxed: bool = False,
        clock: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> Self:
        """Open the store and the archives.

        Args:
            settings: What was set; by default what the environment and the settings file say.
            create: Whether a store that does not exist is made.
            sandboxed: Whether pages are read and compared in processes apart, so that none can take this one along.
            clock: Returns the time (aware UTC).
            sleep: Waits so many seconds.

        Raises:
            StoreError: The store cannot be opened.
            ConfigError: A setting or an archive cannot be used.
        """
        settings = load_settings() if settings is None else settings
        with ExitStack() as stack:
            store = stack.enter_context(open_store(settings.store_location, create=create))
            session = session_for(settings, store.pacing, clock=clock, sleep=sleep)
            archives = [open_archive(source, session=session) for source in configured_archives(settings)]
            for archive in archives:
                stack.callback(archive.close)
            read, compose = parse, compose_history
            if sandboxed:
                read = stack.enter_context(SandboxedParser()).parse
                compose = stack.enter_context(SandboxedHistory()).compose
            pipeline = Pipeline(
                store,
                archives,
                read=read,
                compose=compose,
                siblings=settings.siblings,
                body_limit=int(settings.limits.body_megabytes * 1_000_000),
            )
            return cls(settings, store, pipeline, session, clock=clock, closing=stack.pop_all())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the store and the archives."""
        self._closing.close()

    def track(
        self, url: str, *, story: str | None = None, since: Time = None, save: SaveWish | None = None
    ) -> tuple[Target, bool]:
        """Visit a page from now on; what is not given stays as it was.

        Args:
            url: The page.
            story: The story it belongs to.
            since: Ask for no captures before.
            save: When to ask the archive for captures of its own accord.

        Returns:
            The target, and whether it was not tracked before.

        Raises:
            InputError: The address or date cannot be one, or the archive takes no captures.
        """
        if save is SaveWish.ON_GAP and configured_archives(self.settings)[0].dialect.save is None:
            raise InputError("WARC files are read, not saved to; --save needs a Wayback Machine or a pywb.")
        address, first = page_address(url), time_of(since)
        return self.store.targets.track(address, story=story, since=first, save=save, now=self.clock())

    def untrack(self, url: str) -> bool:
        """Stop visiting a page and keep its evidence; returns whether it was tracked."""
        return self.store.targets.untrack(page_address(url))

    def targets(self, *, story: str | None = None) -> list[Target]:
        """Return the tracked pages, in order of their address."""
        return list(self.store.targets.all(story=story))

    def target(self, url: str) -> Target:
        """Return the target of an address.

        Raises:
            InputError: It is not known.
        """
        return self.store.targets.find(page_address(url))

    def backfill(self, url: str, **scope: Unpack[Scope]) -> Published:
        """Fetch a page's past, find the changes, write the report.

        Args:
            url: The page.
            scope: Which part of it: see `Scope`.

        Raises:
            NoCaptureError: No archive holds a capture.
            ArchiveError: The archive ended the pass, or served nothing; what came before is kept and published.
        """
        return last_published(self.iter_backfill(url, **scope))

    def iter_backfill(self, url: str, **scope: Unpack[Scope]) -> Iterator[Backfilled]:
        """Do what `backfill` does, and yield each step; the last is what was published."""
        return backfill_steps(
            self.pipeline,
            self._sought(url),
            publish=self.publish,
            clock=self.clock,
            since=time_of(scope.get("since")),
            until=time_of(scope.get("until"), end=True),
            every=scope.get("every", False),
            budget=scope.get("budget"),
            retry=scope.get("retry", False),
        )

    def forecast(self, url: str, *, since: Time = None, until: Time = None, every: bool = False) -> Forecast:
        """Return how much a backfill would fetch; asks the archives' indexes and for no body."""
        target, first, last = self._sought(url), time_of(since), time_of(until, end=True)
        listed = list_or_forget(self.pipeline, target, since=first, until=last)
        bodies = self.pipeline.forecast(target, now=self.clock(), since=first, until=last, every=every)
        others = requests_for(self.pipeline, target, now=self.clock())
        pace = self.settings.limits.playback_per_minute
        return Forecast(listed=listed, bodies=bodies, siblings=others, minutes=(bodies.most + others) / pace)

    def capture(self, url: str, *, save: bool = True) -> Published:
        """Save a page now, fetch its newest capture, compare, write the report.

        Args:
            url: The page.
            save: Whether to ask the archive to save it first.

        Raises:
            ArchiveError: The page was not saved, or a newer capture could not be read; the rest was done.
        """
        return last_published(self.iter_capture(url, save=save))

    def iter_capture(self, url: str, *, save: bool = True) -> Iterator[Captured]:
        """Do what `capture` does, and yield each step; the last is what was published."""
        saver, target = self._saver if save else None, self._sought(url)
        return capture_steps(self.pipeline, target, saver=saver, publish=self.publish, clock=self.clock)

    def _sought(self, url: str) -> Target:
        """Return the target of a page that is asked for once, where its report may be written."""
        check_owner(page_address(url), self.settings.reports, self.store.identity)
        return self.store.targets.ensure(page_address(url), self.clock())

    def visit(self, *, limit: int = 1000) -> list[Visited]:
        """Visit every target that is due, once; returns how each visit ended."""
        return list(self.iter_visits(limit=limit))

    def iter_visits(self, *, limit: int = 1000) -> Iterator[Visited]:
        """Do what `visit` does, and yield how each visit ended."""
        worker = this_process(WorkerKind.RUN)
        self.store.queue.register(worker)
        self.store.queue.release_gone()
        passing = visits(
            self.store,
            self.visitor.visit,
            now=self.clock,
            limit=limit,
            stop=lambda: False,
            worker=worker.name,
            pressure=self.pressure(),
            taking=self.visitor.take,
        )
        return (visited for visited in passing if visited is not None)

    def held(self) -> list[Held]:
        """Return the targets that are due and that another process works on."""
        return self.store.queue.held(self.clock())

    def pressure(self) -> float:
        """Return how many times more visits the targets ask for than the archives allow."""
        return pressure_on(self.store, per_minute=visits_per_minute(self.settings, self.session))

    def history(self, url: str) -> History:
        """Return all that is known of a page: its versions, what changed between them, and when."""
        return self.pipeline.history(self.target(url))

    def article(self, url: str, at: Time = None) -> Article:
        """Return the article as it stood at a time; by default that of a pasted replay address, else the newest."""
        when = time_of(at, end=True) or typed_address(url).at
        return self.pipeline.article_at(self.target(url), when)[1]

    def claims(self, url: str, at: Time = None) -> tuple[Claim, ...]:
        """Return the casualty figures of the article as it stood at a time; by default the newest."""
        return claims_in(self.article(url, at))

    def compare(self, url: str, old: Time = None, new: Time = None) -> Comparison:
        """Return what changed between two times, the earlier first; by default the first version and the newest."""
        target, first = self.target(url), time_of(old, end=True)
        before, earlier = (
            self.pipeline.article_at(target, first) if first else self.pipeline.first_article(target)
        )
        after, later = self.pipeline.article_at(target, time_of(new, end=True))
        if before.capture.at > after.capture.at:
            raise InputError(f"{old} is later than {new or 'that'}: name the earlier time first.")
        return Comparison(before=before, after=after, changes=changes_between(earlier, later))

    def status(self) -> StatusRecord:
        """Return the store at a glance."""
        return self.store.status(now=self.clock())

    def target_status(self, url: str) -> TargetStatus:
        """Return one page at a glance: its captures, and when it is visited next."""
        target = self.target(url)
        rhythm = self.store.captures.rhythm(target)
        return TargetStatus(
            target=target,
            history=self.history(url),
            rhythm=rhythm,
            next_visit=explain_next(target, rhythm, now=self.clock(), pressure=self.pressure()),
        )

    def publish(self, target: Target, *, formats: Iterable[str] = ("md",)) -> Published:
        """Record a target's findings and write its report; returns what is new, and the files.

        Raises:
            StoreError: The store failed.
            PublishError: The folder cannot be written; the findings are recorded.
        """
        history, delta = self.pipeline.record_history(target, now=self.clock())
        notes = self.store.findings.notes(target)
        paths = publish(
            history, self.settings.reports, notes=notes, formats=formats, owner=self.store.identity
        )
        return Published(history=history, findings=delta, notes=notes, paths=tuple(paths))

    def pages(self, url: str | None = None, *, story: str | None = None) -> Iterator[Page]:
        """Yield what is known of one page, of a story's, or of all that have a capture.

        Raises:
            InputError: The page is not known, or nothing was captured yet.
        """
        if url:
            targets = [self.target(url)]
        else:
            targets = list(self.store.targets.all(story=story, include_untracked=story is None))
        found = False
        for target in targets:
            history = self.pipeline.history(target)
            if url or history.observations:
                found = True
                yield Page(history=history, notes=self.store.findings.notes(target))
        if not found:
            what = f"of the story {story!r} " if story else ""
            raise InputError(
                f"Nothing {what}has been captured yet: `variorum backfill` fetches a page's past."
            )

    def report(
        self,
        url: str | None = None,
        *,
        folder: Path | None = None,
        formats: Iterable[str] = ("md",),
        options: Options = PLAIN,
    ) -> Report:
        """Write the report of one page, or of every page with an index, into the folder given or set.

        `formats` and `options` are those of `publish_pages`.
        """
        return publish_pages(
            self.pages(url),
            folder or self.settings.reports,
            formats=formats,
            index=url is None,
            options=options,
            owner=self.store.identity,
        )

    def story(
        self,
        name: str,
        *,
        folder: Path | None = None,
        formats: Iterable[str] = ("md",),
        options: Options = PLAIN,
    ) -> Report:
        """Write the reports of a story's pages and their comparison; takes what `report` takes."""
        pages, into = self.pages(story=name), folder or self.settings.reports
        return publish_pages(
            pages, into, formats=formats, story=name, options=options, owner=self.store.identity
        )

    def note(self, change: str, text: str = "", *, dismissed: bool = False) -> None:
        """Keep what a reader says about a finding; it stays with the finding and shows in the report.

        Raises:
            InputError: No finding has that id.
        """
        self.store.findings.add_note(Note(change=change, text=text, dismissed=dismissed, at=self.clock()))

    def verify(self, url: str | None = None) -> Iterator[Problem]:
        """Yield what is not as it should be, of one page's evidence or of all."""
        return self.store.verify(self.target(url) if url else None)

    def export(self, folder: Path, *, url: str | None = None) -> Written:
        """Write the kept captures of one page, or of all, as WARC 1.1 with a CDXJ index."""
        return export_warc(self.store, self._one_or_all(url), folder, now=self.clock())

    def import_(self, path: Path, *, only: Iterable[str] = ()) -> Taken:
        """Take the captures in a WARC file, or a folder of them, into the store; `only` names the pages wanted."""
        most = int(self.settings.limits.body_megabytes * 1_000_000)
        pages = [page_address(url) for url in only]
        return import_warc(
            self.store, path, only=pages, now=self.clock(), body_bytes=most, read=self.pipeline.read
        )

    def rebuild(
        self, url: str | None = None, *, everything: bool = False, jobs: int | None = None
    ) -> Iterator[Rebuilt]:
        """Read kept bodies with the current parser and grammar; yields, page by page, which findings changed.

        Args:
            url: The page; by default every one.
            everything: Read also what the current parser has read.
            jobs: Processes that read; by default one for each CPU, up to four.
        """
        return rebuild_targets(
            self.pipeline,
            self._one_or_all(url),
            neighbourhood=Neighbourhood(self.store),
            now=self.clock(),
            jobs=jobs or min(MOST_JOBS, os.cpu_count() or 1),
            everything=everything,
        )

    def _one_or_all(self, url: str | None) -> list[Target]:
        return [self.target(url)] if url else list(self.store.targets.all(include_untracked=True))
