"""Looks for what keeps the watch from seeing, and has each trouble announced once, and once more when it is over."""

import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime, timedelta

from crawler.address import host_of_page
from crawler.alerts.delivery import send_directly
from crawler.alerts.message import direct_message
from crawler.alerts.rules import names_for
from crawler.alerts.settings import ChannelSettings, Topic
from crawler.config import Settings
from crawler.errors import StoreError
from crawler.maintenance.overview import LOST_SHARE, ROOM, disks_of
from crawler.store import Store
from crawler.store.sources import Source
from crawler.store.troubles import Cause, HostReadings, TroubleFacts
from crawler.store.upkeep import pause_noted
from diffs.model import EvidenceFinding, Verdict

EVERY_SECONDS = 60.0
# A restart, an upgrade of the schema included, takes minutes; a page of its first day is visited every half an hour and
# more (`crawler.tracking.scheduler`, 2026-11-28).
AWAY = timedelta(minutes=15)
# A source is read every hour; one that failed for a day has failed 24 times. Front pages and feeds of newsrooms are captured
# many times a day, and indexes list crawls within days (2026-11-28).
UNREAD = timedelta(days=1)
UNCAPTURED = timedelta(days=7)
# The third failure in a row comes half an hour after the first (`crawler.store.archives`).
SILENT_AFTER = 3
# Of 20 pages a half is known to within 22 points, of ten to within 31 (binomial, 95 %): so many more than before are no chance.
LAST_PAGES = 20
FEWEST_PAGES = 10
EARLIER_PAGES = 200
RISE = 0.25
# What was opened is over where it is well below what opened it, so that it is not announced again and again.
OVER_SHARE = LOST_SHARE / 2
OVER_ROOM = 2 * ROOM
# A store that is locked for a moment is no trouble; one that still fails after two pauses of the daemon is.
FAILS_FOR = timedelta(seconds=60)
LOOKED_AT = frozenset(Cause) - {Cause.STORE_FAILS, Cause.DAEMON_AWAY}


def troubles_in(
    settings: Settings, store: Store, *, now: datetime, known: Collection[TroubleFacts] = ()
) -> Iterator[TroubleFacts]:
    """Yield what keeps the watch from seeing now.

    Args:
        settings: Where store and reports lie.
        store: What is remembered.
        now: The time (aware UTC).
        known: The troubles that are open: they stay until they are well over.

    Raises:
        StoreError: The store failed.
    """
    opened = {(one.cause, one.subject) for one in known}
    for dark in store.coverage.dark_outlets():
        yield TroubleFacts(
            cause=Cause.OUTLET_DARK,
            subject=f"{dark.host} {dark.archive}",
            host=dark.host,
            archive=dark.archive,
            since=dark.since.isoformat(),
        )
    for source in store.sources.all():
        if _is_silent(source, now):
            last = source.last_read if source.last_error else source.last_capture
            yield TroubleFacts(
                cause=Cause.SOURCE_SILENT,
                subject=source.url,
                link=source.url,
                since=(last or source.added).isoformat(),
                detail=source.last_error,
            )
    all_readings = store.troubles.readings(last=LAST_PAGES, before=EARLIER_PAGES)
    for host, readings in all_readings.items():
        if _is_misread(readings, was=(Cause.SITE_MISREAD, host) in opened):
            part, whole = readings.misread, readings.read
            yield TroubleFacts(cause=Cause.SITE_MISREAD, subject=host, host=host, part=part, whole=whole)
    unread = [one for one in known if one.cause is Cause.SITE_MISREAD and one.subject not in all_readings]
    if unread:
        # Nothing of theirs was read lately, which says nothing of how it would be; over where nobody watches them.
        watched = {host_of_page(target.url) for target in store.targets.all()}
        yield from (one for one in unread if host_of_page(f"https://{one.subject}") in watched)
    for refused in store.troubles.refusing():
        at = refused.penalised
        since = None if at is None else at.isoformat()
        yield TroubleFacts(cause=Cause.PENALTY, subject=refused.host, since=since)
    for archive in store.archives.all():
        if archive.failures >= SILENT_AFTER:
            last = archive.answered or archive.failed
            yield TroubleFacts(
                cause=Cause.ARCHIVE_SILENT,
                subject=archive.archive,
                archive=archive.archive,
                since=None if last is None else last.isoformat(),
                detail=archive.said,
            )
    yield from _lost(store.witnesses.findings(standing=True))
    for disk in disks_of(settings):
        if disk.free < (OVER_ROOM if (Cause.DISK_LOW, disk.place) in opened else ROOM):
            yield TroubleFacts(cause=Cause.DISK_LOW, subject=disk.place)


def _lost(found: Iterable[EvidenceFinding]) -> Iterator[TroubleFacts]:
    """Yield each cited capture that is altered, and once for an outlet and archive that some are gone."""
    gone: dict[str, list[EvidenceFinding]] = {}
    for lost in found:
        if lost.type is Verdict.GONE:
            gone.setdefault(f"{host_of_page(lost.capture.url)} {lost.capture.archive}", []).append(lost)
            continue
        yield TroubleFacts(
            cause=Cause.CAPTURE_ALTERED,
            subject=lost.id,
            host=host_of_page(lost.capture.url),
            archive=lost.capture.archive,
            link=lost.capture.url,
            since=lost.appeared.isoformat(),
            detail=lost.reason,
        )
    for subject, each in gone.items():
        yield TroubleFacts(
            cause=Cause.CAPTURE_GONE,
            subject=subject,
            host=host_of_page(each[0].capture.url),
            archive=each[0].capture.archive,
            link=each[0].capture.url,
            since=each[0].appeared.isoformat(),
            part=len(each),
            detail=each[0].reason,
        )


def _is_silent(source: Source, now: datetime) -> bool:
    """Return whether a source could not be read for a day, or no archive captured it for a week."""
    if source.last_error is not None:
        return now - (source.last_read or source.added) > UNREAD
    return source.last_capture is not None and now - source.last_capture > UNCAPTURED


def _is_misread(of: HostReadings, *, was: bool) -> bool:
    """Return whether the parser loses a site: most of its last pages are misread, and far fewer were before."""
    if of.read < FEWEST_PAGES:
        return was
    share = of.misread / of.read
    if was:
        return share >= OVER_SHARE
    before = of.earlier_misread / of.earlier if of.earlier >= FEWEST_PAGES else 0.0
    return share >= LOST_SHARE and share - before >= RISE


class Watch:
    """Announces the troubles of a daemon or worker.

    Args:
        settings: Which channels there are, and where store and reports lie.
        clock: Returns the time (aware UTC).
        last: The last sign of life before this process, or None where nobody watched before.
    """

    def __init__(
        self, settings: Settings, *, clock: Callable[[], datetime], last: datetime | None = None
    ) -> None:
        self._settings, self._clock = settings, clock
        self._past = tuple(_away(last, clock()))
        self._lock = threading.Lock()
        self._failing: datetime | None = None
        self._failed: datetime | None = None
        self._announced: TroubleFacts | None = None

    def look(self, store: Store, stop: Callable[[], bool]) -> str | None:
        """Look once, and put what began or is over into the outbox; returns a line for the log.

        Raises:
            StoreError: The store failed.
        """
        del stop
        now = self._clock()
        known = store.troubles.open()
        found = store.troubles.observe(
            troubles_in(self._settings, store, now=now, known=known),
            past=self._past,
            causes=LOOKED_AT,
            channels=names_for(self._settings.alerts.channels),
            now=now,
        )
        self._past = ()
        self._recover(store, now)
        names = [f"{one.cause}: {one.subject}" for one in found.began]
        names += [f"over: {one.cause}: {one.subject}" for one in found.over]
        return "; ".join(names) or None

    def store_failed(self, error: StoreError) -> None:
        """Take note that the store failed; where it has for a minute, the channels are sent that past the outbox, once."""
        now = self._clock()
        with self._lock:
            self._failed = now
            self._failing = self._failing or now
            if self._announced is not None or now - self._failing < FAILS_FOR:
                return
            facts = TroubleFacts(
                cause=Cause.STORE_FAILS, subject="store", since=self._failing.isoformat(), detail=str(error)
            )
            self._announced = facts
        send_directly(self._channels(), direct_message(facts))

    def _recover(self, store: Store, now: datetime) -> None:
        """Send that the store works again, where it was said to fail and has taken everything for a minute."""
        with self._lock:
            if self._failed is None or now - self._failed < FAILS_FOR or pause_noted(store.database):
                return
            facts, self._announced, self._failing, self._failed = self._announced, None, None, None
        if facts is not None:
            send_directly(self._channels(), direct_message(facts, over=True))

    def _channels(self) -> list[ChannelSettings]:
        return [one for one in self._settings.alerts.channels if Topic.TROUBLES in one.topics]


def _away(last: datetime | None, now: datetime) -> Iterator[TroubleFacts]:
    """Yield that nobody watched, where the last sign of life lies far back."""
    if last is not None and now - last > AWAY:
        since, until = last.isoformat(), now.isoformat()
        yield TroubleFacts(cause=Cause.DAEMON_AWAY, subject=since, since=since, until=until)


def watch_of(settings: Settings, store: Store, *, clock: Callable[[], datetime]) -> Watch | None:
    """Return what announces troubles, or None where no channel is set; to be called before the first sign of life.

    Raises:
        StoreError: The store failed.
    """
    if not settings.alerts.channels:
        return None
    return Watch(settings, clock=clock, last=store.troubles.last_sign_of_life())
