"""Reads the sources that are due, tracks the articles that their rules choose, and keeps linking headlines."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from crawler.discovery.entries import Entry, Listing, article_key
from crawler.discovery.live import LiveDoor
from crawler.discovery.reading import read_source
from crawler.discovery.rules import reason_for
from crawler.errors import (
    ArchiveError,
    ConfigError,
    InputError,
    NoCaptureError,
    PenaltyError,
    RateLimitError,
    VariorumError,
)
from crawler.model import Archive, Capture, Target
from crawler.store import Store
from crawler.store.linked import Look
from crawler.store.sources import Discovery, Source

EVERY = timedelta(minutes=30)
AGAIN = timedelta(hours=2)
# A source followed today is read from here on: what it named last month is no news.
FIRST_LOOK = timedelta(days=2)
MOST_CAPTURES = 24
MOST_NESTED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What reading a source gave.

    Attributes:
        source: The source.
        tracked: Addresses that are tracked from now on.
        headlines: How many articles it links under another headline than before.
        error: Why it could not be read, or None.
        complaints: What could not be used, a line each.
    """

    source: Source
    tracked: tuple[str, ...] = ()
    headlines: int = 0
    error: VariorumError | None = None
    complaints: tuple[str, ...] = ()

    @property
    def troubles(self) -> tuple[str, ...]:
        """What went wrong, a line each."""
        return (*self.complaints, *([] if self.error is None else [str(self.error)]))


class Follower:
    """Reads sources from the archives, and live where their host is allowed.

    Args:
        store: What is remembered.
        archives: The archives, the main one first.
        live: Asks allowed hosts themselves, or None.
        clock: Returns the time (aware UTC).
    """

    def __init__(
        self,
        store: Store,
        archives: Sequence[Archive],
        *,
        live: LiveDoor | None,
        clock: Callable[[], datetime],
    ) -> None:
        self._store, self._archives, self._live, self._clock = store, archives, live, clock

    def readings(self, *, stop: Callable[[], bool] = lambda: False) -> Iterator[Reading]:
        """Read each source that is due, and yield what that gave; a failure ends no other's reading.

        Raises:
            StoreError: The store failed.
        """
        sources = self._store.sources
        sources.retire(now=self._clock())
        for source in sources.due(self._clock()):
            now = self._clock()
            if stop():
                return
            if sources.claim(source, now=now, until=now + EVERY):
                reading = self._read(source, now)
                yield reading
                if isinstance(reading.error, (RateLimitError, PenaltyError)):
                    return

    def _read(self, source: Source, now: datetime) -> Reading:
        """Read one source, from its host where that is allowed."""
        tracked: list[str] = []
        complaints: list[str] = []
        headlines = 0
        try:
            live = self._live is not None and self._live.allows(source.url)
            for look, listing in self._live_listing(source, now) if live else self._archived(source, now):
                new, moved = self._take(source, listing, look, now=now)
                tracked += new
                headlines += moved
                complaints += listing.complaints
        except (ArchiveError, InputError, ConfigError) as error:
            wait = timedelta(seconds=error.retry_after or 0.0)
            self._store.sources.note_read(source, now=now, due=now + max(wait, AGAIN), error=str(error))
            return Reading(
                source=source,
                tracked=tuple(tracked),
                headlines=headlines,
                error=error,
                complaints=tuple(complaints),
            )
        return Reading(
            source=source, tracked=tuple(tracked), headlines=headlines, complaints=tuple(complaints)
        )

    def _live_listing(self, source: Source, now: datetime) -> Iterator[tuple[Look, Listing]]:
        """Yield what a source names now, with the sitemaps it leads to; nothing where it did not change."""
        assert self._live is not None
        served = self._live.fetch(source.url, etag=source.etag, last_modified=source.last_modified)
        if served.body is not None:
            listing = read_source(served.body, url=served.url, content_type=served.content_type)
            yield Look(at=now, url=served.url), listing
            for url in listing.nested[:MOST_NESTED]:
                if self._live.allows(url):
                    inner = self._live.fetch(url)
                    nested = read_source(inner.body or b"", url=inner.url, content_type=inner.content_type)
                    yield Look(at=now, url=inner.url), nested
        self._store.sources.note_read(
            source, now=now, due=now + EVERY, etag=served.etag, last_modified=served.last_modified
        )

    def _archived(self, source: Source, now: datetime) -> Iterator[tuple[Look, Listing]]:
        """Yield what each capture since the last reading names, in order of time, 24 captures at most.

        A capture that cannot be read is passed over with a complaint; it is not asked for again.
        """
        since = source.last_capture + timedelta(seconds=1) if source.last_capture else now - FIRST_LOOK
        captures, answered = self._captures(source.url, since)
        for archive, capture in captures[:MOST_CAPTURES]:
            refused = None
            try:
                listing = self._listing(archive, capture)
                yield _look(capture), listing
                for url in listing.nested[:MOST_NESTED]:
                    with suppress(NoCaptureError):
                        inner, _ = self._captures(url, since)
                        for other, each in inner[-1:]:
                            yield _look(each), self._listing(other, each)
            except (InputError, ArchiveError) as error:
                if isinstance(error, ArchiveError) and error.transient:
                    raise
                refused = f"{source.url} at {capture.timestamp}: {error}"
                yield _look(capture), Listing(complaints=(refused,))
            self._store.sources.note_read(
                source, now=now, due=now + EVERY, last_capture=capture.at, error=refused
            )
        if not captures:
            if not answered and source.last_capture is None:
                raise NoCaptureError(f"No archive holds a capture of {source.url} of the last days.")
            self._store.sources.note_read(source, now=now, due=now + EVERY)

    def _captures(self, url: str, since: datetime) -> tuple[list[tuple[Archive, Capture]], bool]:
        """Return a page's captures since a time in all archives, in order of time, and whether one had any."""
        found: list[tuple[Archive, Capture]] = []
        failures: list[ArchiveError] = []
        for archive in self._archives:
            try:
                listed = islice(archive.captures(url, since=since), 10_000)
                found += [(archive, each) for each in listed if each.status in (None, 200)]
            except NoCaptureError:
                continue
            except ArchiveError as error:
                failures.append(error)
        if failures and not found:
            raise failures[0]
        return sorted(found, key=lambda pair: pair[1].at), bool(found)

    def _listing(self, archive: Archive, capture: Capture) -> Listing:
        shot = archive.fetch(capture)
        return read_source(shot.body, url=shot.url, content_type=shot.content_type)

    def _take(self, source: Source, listing: Listing, look: Look, *, now: datetime) -> tuple[list[str], int]:
        """Track what the rules choose of a listing; returns the addresses, and how many headlines are new."""
        store, rules = self._store, source.rules
        known = store.sources.pages([article_key(entry.url) for entry in listing.entries])
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        left = None
        if rules.max_per_day is not None:
            left = rules.max_per_day - store.sources.named_since(source, midnight)
        tracked: list[str] = []
        linked: dict[int, str] = {}
        joining: dict[int, str] = {}
        for entry in listing.entries:
            number = known.get(article_key(entry.url))
            if number is None:
                target = self._tracked(entry.url)
                if target is None:
                    why = reason_for(entry, rules, now=look.at)
                    if why is not None and (left is None or left > len(tracked)):
                        target = self._track(source, entry, why, now=now)
                        if target is not None:
                            tracked.append(target.url)
                elif (why := self._joins(entry, source, look)) is not None:
                    joining[target.id] = why
                number = target.id if target is not None else None
            elif (why := self._joins(entry, source, look)) is not None:
                joining[number] = why
            if number is not None and entry.headline:
                linked.setdefault(number, entry.headline)
        if rules.story is not None and joining:
            store.stories.add(rules.story, joining)
        return tracked, store.linked.note(source.id, linked, look)

    @staticmethod
    def _joins(entry: Entry, source: Source, look: Look) -> str | None:
        """Return why an article that is tracked already joins the story of a source, or None."""
        if source.rules.story is None:
            return None
        why = reason_for(entry, source.rules, now=look.at)
        return None if why is None else f"{source.url}: {why}"

    def _tracked(self, url: str) -> Target | None:
        """Return the target of an address that somebody tracks already, or None."""
        try:
            target = self._store.targets.find(url)
        except InputError:
            return None
        return target if target.tracked else None

    def _track(self, source: Source, entry: Entry, why: str, *, now: datetime) -> Target | None:
        """Track an article, and write down why; None for an address that cannot be kept."""
        days = source.rules.expires_days
        found = Discovery(
            source=source.url,
            at=now,
            headline=entry.headline,
            why=why,
            expires=now + timedelta(days=days) if days else None,
        )
        try:
            with self._store.together():
                target, _ = self._store.targets.track(entry.url, story=source.rules.story, now=now)
                self._store.sources.add_discovery(target, source, article_key(entry.url), found)
        except InputError:
            return None
        return target


def _look(capture: Capture) -> Look:
    return Look(at=capture.at, url=capture.url, archive=capture.archive)
