"""The store at a glance, with the room left on its disks, the archives' budget, and what needs somebody's attention."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from crawler.address import is_local
from crawler.config import Settings
from crawler.model import RequestKind
from crawler.store import Budget, DaemonState, Disk, Outdated, StatusRecord, Store, Trouble
from crawler.tracking.scheduler import DAEMON_SHARE, SHORTEST
from crawler.versions import PARSER_VERSION
from diffs.versions import GRAMMAR_VERSION

# Below a gigabyte a day of captures may not fit (500 bodies of 2 MB, the largest news pages of 2026-11-28).
ROOM = 1_000_000_000
# The daemon gives a sign of life every 15 s; so many seconds are eight that failed to come, as for systemd.
SILENT = timedelta(seconds=120)
# A visit that is due begins within seconds; an archive's pause lasts an hour.
LATE = timedelta(hours=2)
# Of a few pages one or two fail at any time; a tenth of many, or all, has one cause.
FAILING_SHARE = 0.1
# Half of a host's pages misread: a change on such a page is more often missed than found.
LOST_SHARE = 0.5
_GONE = {DaemonState.GONE: Trouble.DAEMON_GONE, DaemonState.PAUSED: Trouble.DAEMON_PAUSED}


def overview_of(settings: Settings, store: Store, *, now: datetime, readings: bool = True) -> StatusRecord:
    """Return the store at a glance, and what the settings and the disks add to it.

    Args:
        settings: What was set.
        store: What is remembered.
        now: The time (aware UTC).
        readings: Whether to look also for what an earlier version read, which takes a look at every capture.

    Raises:
        StoreError: The store failed.
    """
    record = store.status(now=now)
    named = {channel.name for channel in settings.alerts.channels}
    budgets = tuple(_with_rate(settings, each, now) for each in record.budgets)
    index = [one.per_minute for one in budgets if one.kind == RequestKind.CDX and one.per_minute is not None]
    record = replace(
        record,
        budgets=budgets,
        asked_per_minute=store.queue.demand(unknown_seconds=int(SHORTEST.total_seconds())),
        allowed_per_minute=min(index) * DAEMON_SHARE if index else None,
        disks=tuple(disks_of(settings)),
        outdated=store.outdated(parser=PARSER_VERSION, grammar=GRAMMAR_VERSION) if readings else None,
        channels=tuple(replace(one, is_set=one.name in named) for one in record.channels),
    )
    return replace(record, troubles=tuple(_troubles(record, now)))


def pages_of(record: StatusRecord) -> str:
    """Return how many pages are tracked, and how many are only known."""
    tracked = f"{record.targets:,} {'page' if record.targets == 1 else 'pages'} tracked"
    return f"{tracked}, {record.untracked:,} more known" if record.untracked else tracked


def outdated_words(outdated: Outdated) -> str:
    """Return how many captures and pages an earlier version read, and what to do about it."""
    pages, them = ("1 page", "it") if outdated.targets == 1 else (f"{outdated.targets:,} pages", "them")
    captures = "1 capture" if outdated.captures == 1 else f"{outdated.captures:,} captures"
    what = f"{captures} of {pages}" if outdated.captures else f"the figures of {pages}"
    were = "was" if outdated.captures == 1 else "were"
    again = f"`variorum rebuild` reads {them} again and says which findings change"
    return f"{what} {were} read by an earlier version: {again}"


def disks_of(settings: Settings) -> Iterator[Disk]:
    """Yield the room left where the store lies and, on another disk, where the reports do."""
    seen: set[int] = set()
    places = [settings.reports]
    if "://" not in settings.store_location:
        places.insert(0, Path(settings.store_location).expanduser().absolute().parent)
    for place in places:
        folder = place.expanduser().absolute()
        while not folder.exists():
            folder = folder.parent
        if folder.stat().st_dev not in seen:
            seen.add(folder.stat().st_dev)
            yield Disk(place=str(folder), free=shutil.disk_usage(folder).free)


def _with_rate(settings: Settings, budget: Budget, now: datetime) -> Budget:
    """Return a budget with the limit of its host, and what it leaves of the next minute."""
    rate = _rate(settings, budget.host, budget.kind)
    if rate is None:
        return budget
    wait = max(0.0, (budget.next_free - now).total_seconds())
    return replace(budget, per_minute=rate, left=max(0, round(rate * (60 - wait) / 60)))


def _rate(settings: Settings, host: str, kind: str) -> float | None:
    """Return how many requests of a kind a host may be sent in a minute; None where nothing limits them."""
    name = f"{kind}_per_minute"
    general: float = getattr(settings.limits, name)
    fixed = name in settings.limits.model_fields_set
    for each in settings.archives.named:
        own: float | None = getattr(each, name, None)
        if own and urlsplit(each.url).netloc == host:
            return min(own, general) if fixed else own
    if is_local(host.rpartition(":")[0] or host) and not fixed:
        return None
    if settings.archives.also:
        # Loaded only where it is asked: it brings the code that speaks to archives.
        from crawler.archive.public import public_archives  # noqa: PLC0415

        listed = [public_archives()[each] for each in settings.archives.also if each in public_archives()]
        paces = [getattr(one, name, None) for one in listed if urlsplit(one.url or "").netloc == host]
        general = min([general, *(float(pace) for pace in paces if pace)])
    return general


def _works(record: StatusRecord) -> bool:
    """Return whether a worker watches in the daemon's place."""
    return any(worker.state is DaemonState.RUNNING for worker in record.workers)


def _troubles(record: StatusRecord, now: datetime) -> Iterator[Trouble]:
    beat = record.heartbeat
    if beat is not None and beat.state in _GONE:
        yield _GONE[beat.state]
    elif beat is not None and beat.state is DaemonState.RUNNING and now - beat.beat > SILENT:
        yield Trouble.DAEMON_SILENT
    elif beat is not None and beat.state is DaemonState.STOPPED and record.due and not _works(record):
        yield Trouble.DAEMON_STOPPED
    if record.oldest_due is not None and now - record.oldest_due > LATE:
        yield Trouble.BEHIND
    # As the alert rule in config/ has it: a tenth of many pages, or all of a few.
    many = record.failing > 5 and record.failing > FAILING_SHARE * record.targets
    if many or 0 < record.failing == record.targets:
        yield Trouble.FAILING
    if any(one.penalties for one in record.hosts):
        yield Trouble.PENALTY
    if any(one.failures for one in record.archives):
        yield Trouble.ARCHIVE
    if record.dark:
        yield Trouble.DARK
    rate = record.suspects
    if rate is not None and rate.worst and rate.worst_suspect >= LOST_SHARE * rate.worst_read:
        yield Trouble.SUSPECT
    if any(one.failed or (one.unsent and not one.is_set) for one in record.channels):
        yield Trouble.ALERTS
    if record.lost:
        yield Trouble.EVIDENCE
    if any(disk.free < ROOM for disk in record.disks):
        yield Trouble.DISK
    if record.outdated is not None and record.outdated.targets:
        yield Trouble.OUTDATED
