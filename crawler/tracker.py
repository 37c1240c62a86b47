"""The application: one object that tracks pages, fetches their past and reports what changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self, Unpack

from crawler.address import Time, page_address, time_of, typed_address
from crawler.config import Settings, load_settings
from crawler.errors import InputError
from crawler.model import SaveWish, Target
from crawler.store import Held, StatusRecord, Store, open_store

# Each method loads what it needs: `list` and `status` need neither parser nor archive (1.0 of 1.3 s, 2026-11-28).
if TYPE_CHECKING:
    from crawler.archive import Saver
    from crawler.archive.session import PoliteSession
    from crawler.evidence.holdings import Holdings
    from crawler.publish import Page, Report
    from crawler.tracking import events
    from crawler.tracking.pipeline import Pipeline
    from crawler.tracking.scheduler import Visited
    from crawler.tracking.visit import Visitor
    from diffs.model import Article, Claim, History
    from diffs.reports import Options


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
        sandboxed: Whether pages are read and compared in processes apart.
        clock: Returns the time (aware UTC).
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        *,
        sandboxed: bool,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
        closing: ExitStack,
    ) -> None:
        self.settings, self.store, self.sandboxed = settings, store, sandboxed
        self.clock, self._sleep, self._closing = clock, sleep, closing

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
        """Open the store; the archives are opened when the first is asked.

        Args:
            settings: What was set; by default what the environment and the settings file say.
            create: Whether a store that does not exist is made.
            sandboxed: Whether pages are read and compared in processes apart, so that none can take this one along.
            clock: Returns the time (aware UTC).
            sleep: Waits so many seconds.

        Raises:
            StoreError: The store cannot be opened.
            ConfigError: A setting cannot be used.
        """
        settings = load_settings() if settings is None else settings
        with ExitStack() as stack:
            store = stack.enter_context(open_store(settings.store_location, create=create))
            return cls(
                settings, store, sandboxed=sandboxed, clock=clock, sleep=sleep, closing=stack.pop_all()
            )

    @cached_property
    def session(self) -> PoliteSession:
        """What speaks to the archives, within the limits that were set."""
        from crawler.tracking.archives import session_for

        return session_for(self.settings, self.store.pacing, clock=self.clock, sleep=self._sleep)

    @cached_property
    def pipeline(self) -> Pipeline:
        """What fetches, and reads back what was kept.

        Raises:
            ConfigError: An archive cannot be used.
        """
        from crawler.tracking.assembly import pipeline_of

        return pipeline_of(
            self.settings, self.store, self.session, sandboxed=self.sandboxed, closing=self._closing
        )

    @cached_property
    def saver(self) -> Saver:
        """What asks the main archive to capture a page."""
        from crawler.tracking.assembly import saver_of

        return saver_of(self.settings, self.session)

    @cached_property
    def visitor(self) -> Visitor:
        """What visits targets that are due."""
        from crawler.tracking.visit import Visitor

        return Visitor(self.pipeline, self.saver, clock=self.clock, publish=self.publish)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the store and the archives."""
        self._closing.close()

    @cached_property
    def holdings(self) -> Holdings:
        """What is kept: to verify, export, import and rebuild."""
        from crawler.evidence.holdings import Holdings

        most = int(self.settings.limits.body_megabytes * 1_000_000)
        return Holdings(self.store, self.pipeline, body_bytes=most, clock=self.clock)

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
        if save is SaveWish.ON_GAP:
            self.require_saving()
        address, first = page_address(url), time_of(since)
        return self.store.targets.track(address, story=story, since=first, save=save, now=self.clock())

    def require_saving(self) -> None:
        """Raise InputError where the main archive takes no captures."""
        from crawler.tracking.archives import configured_archives

        if configured_archives(self.settings)[0].dialect.save is None:
            raise InputError("WARC files are read, not saved to; --save needs a Wayback Machine or a pywb.")

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

    def backfill(self, url: str, **scope: Unpack[events.Scope]) -> events.Published:
        """Fetch a page's past, find the changes, write the report.

        Args:
            url: The page.
            scope: Which part of it: see `Scope`.

        Raises:
            NoCaptureError: No archive holds a capture.
            ArchiveError: The archive ended the pass, or served nothing; what came before is kept and published.
        """
        from crawler.tracking.events import last_published

        return last_published(self.iter_backfill(url, **scope))

    def iter_backfill(self, url: str, **scope: Unpack[events.Scope]) -> Iterator[events.Backfilled]:
        """Do what `backfill` does, and yield each step; the last is what was published."""
        from crawler.tracking.backfill import backfill_steps

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

    def forecast(
        self, url: str, *, since: Time = None, until: Time = None, every: bool = False
    ) -> events.Forecast:
        """Return how much a backfill would fetch; asks the archives' indexes and for no body."""
        from crawler.tracking.backfill import forecast_of

        now = self.clock()
        target = self.store.targets.ensure(page_address(url), now)
        span, pace = (time_of(since), time_of(until, end=True)), self.settings.limits.playback_per_minute
        return forecast_of(self.pipeline, target, span=span, every=every, now=now, per_minute=pace)

    def capture(self, url: str, *, save: bool = True) -> events.Published:
        """Save a page now, fetch its newest capture, compare, write the report.

        Args:
            url: The page.
            save: Whether to ask the archive to save it first.

        Raises:
            ArchiveError: The page was not saved, or a newer capture could not be read; the rest was done.
        """
        from crawler.tracking.events import last_published

        return last_published(self.iter_capture(url, save=save))

    def iter_capture(self, url: str, *, save: bool = True) -> Iterator[events.Captured]:
        """Do what `capture` does, and yield each step; the last is what was published."""
        from crawler.tracking.backfill import capture_steps

        saver, target, pressure = self.saver if save else None, self._sought(url), self.pressure()
        return capture_steps(
            self.pipeline, target, saver=saver, publish=self.publish, clock=self.clock, pressure=pressure
        )

    def _sought(self, url: str) -> Target:
        """Return the target of a page that is asked for once, where its report may be written."""
        from crawler.publish import check_owner

        check_owner(page_address(url), self.settings.reports, self.store.identity)
        return self.store.targets.ensure(page_address(url), self.clock())

    def visit(self, *, limit: int = 1000) -> list[Visited]:
        """Visit every target that is due, once; returns how each visit ended."""
        return list(self.iter_visits(limit=limit))

    def iter_visits(self, *, limit: int = 1000) -> Iterator[Visited]:
        """Do what `visit` does, and yield how each visit ended."""
        from crawler.tracking.visit import visits_once

        return visits_once(self.store, self.visitor, clock=self.clock, limit=limit, pressure=self.pressure())

    def held(self) -> list[Held]:
        """Return the targets that are due and that another process works on."""
        return self.store.queue.held(self.clock())

    def pressure(self) -> float:
        """Return how many times more visits the targets ask for than the archives allow."""
        from crawler.tracking.archives import visits_per_minute
        from crawler.tracking.scheduler import pressure_on

        return pressure_on(self.store, per_minute=visits_per_minute(self.settings, self.session))

    def history(self, url: str) -> History:
        """Return all that is known of a page: its versions, what changed between them, and when."""
        return self.pipeline.history(self.target(url))

    def article(self, url: str, at: Time = None) -> Article:
        """Return the article as it stood at a time; by default that of a pasted replay address, else the newest."""
        return self.pipeline.article_at(self.target(url), time_of(at, end=True) or typed_address(url).at)[1]

    def claims(self, url: str, at: Time = None) -> tuple[Claim, ...]:
        """Return the casualty figures of the article as it stood at a time; by default the newest."""
        from diffs.claims import claims_in

        return claims_in(self.article(url, at))

    def compare(self, url: str, old: Time = None, new: Time = None) -> events.Comparison:
        """Return what changed between two times, the earlier first; by default the first version and the newest."""
        from crawler.tracking.events import Comparison
        from diffs.changes.spanning import changes_over
        from diffs.reports.wording import when

        target, first = self.target(url), time_of(old, end=True)
        before, earlier = (
            self.pipeline.article_at(target, first) if first else self.pipeline.first_article(target)
        )
        after, later = self.pipeline.article_at(target, time_of(new, end=True))
        if before.capture.at > after.capture.at:
            raise InputError(
                f"{when(before.capture.at)} is later than {when(after.capture.at)}. Name the earlier time first."
            )
        changes = changes_over(earlier, later, self.history(url), before.capture.at, after.capture.at)
        return Comparison(before=before, after=after, changes=changes)

    def status(self) -> StatusRecord:
        """Return the store at a glance."""
        return self.store.status(now=self.clock())

    def target_status(self, url: str) -> events.TargetStatus:
        """Return one page at a glance: its captures, and when it is visited next."""
        from crawler.tracking.events import TargetStatus
        from crawler.tracking.scheduler import explain_next

        target = self.target(url)
        rhythm = self.store.captures.rhythm(target)
        return TargetStatus(
            target=target,
            history=self.history(url),
            rhythm=rhythm,
            next_visit=explain_next(target, rhythm, now=self.clock(), pressure=self.pressure()),
        )

    def publish(self, target: Target, *, formats: Iterable[str] = ("md",)) -> events.Published:
        """Record a target's findings and write its report; returns what is new, and the files.

        Raises:
            StoreError: The store failed.
            PublishError: The folder cannot be written; the findings are recorded.
        """
        from crawler.publish import owner_of, publish
        from crawler.tracking.events import Published

        history, delta = self.pipeline.record_history(target, now=self.clock(), announce=True)
        notes = self.store.findings.notes(target)
        paths = publish(history, self.settings.reports, notes=notes, formats=formats, owner=owner_of(self))
        return Published(history=history, findings=delta, notes=notes, paths=tuple(paths))

    def pages(self, url: str | None = None, *, story: str | None = None) -> Iterator[Page]:
        """Yield what is known of one page, of a story's (those without a capture too), or of all that have a capture.

        Raises:
            InputError: The page is not known, or nothing was captured yet.
        """
        from crawler.publish import Page

        known = self.store.targets.all(story=story, include_untracked=story is None)
        targets = [self.target(url)] if url else list(known)
        found = False
        for target in targets:
            history = self.pipeline.history(target)
            found = found or bool(url or history.observations)
            if url or story or history.observations:
                yield Page(history=history, notes=self.store.findings.notes(target))
        if not found:
            unknown = story is not None and not targets
            none = f"No tracked page is in the story {story!r}: `variorum list --known` names the stories."
            some = f"Nothing {f'of the story {story!r} ' if story else ''}has been captured yet"
            raise InputError(none if unknown else f"{some}: `variorum backfill` fetches a page's past.")

    def report(
        self,
        url: str | None = None,
        *,
        folder: Path | None = None,
        formats: Iterable[str] = ("md",),
        options: Options | None = None,
    ) -> Report:
        """Write the report of one page, or of every page with an index, into the folder given or set.

        `formats` and `options` are those of `publish_pages`.
        """
        from crawler.publish import owner_of, publish_pages
        from diffs.reports import Options

        return publish_pages(
            self.pages(url),
            folder or self.settings.reports,
            formats=formats,
            index=url is None,
            options=options or Options(),
            owner=owner_of(self),
        )

    def story(
        self,
        name: str,
        *,
        folder: Path | None = None,
        formats: Iterable[str] = ("md",),
        options: Options | None = None,
    ) -> Report:
        """Write the reports of a story's pages and their comparison; takes what `report` takes."""
        from crawler.publish import owner_of, publish_pages
        from diffs.reports import Options

        pages, into = self.pages(story=name), folder or self.settings.reports
        return publish_pages(
            pages, into, formats=formats, story=name, options=options or Options(), owner=owner_of(self)
        )

    def note(self, change: str, text: str = "", *, dismissed: bool = False) -> str:
        """Keep what a reader says about a finding, named by its id or how that begins; returns the whole id."""
        from diffs.model import Note

        change = self.store.findings.whole_id(change)
        self.store.findings.add_note(Note(change=change, text=text, dismissed=dismissed, at=self.clock()))
        return change
