"""Puts the follower together from the settings, and gives the daemon its job."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime

from crawler.archive import open_archive
from crawler.config import Settings
from crawler.discovery.follow import Follower, Reading
from crawler.discovery.live import LiveDoor
from crawler.model import Archive
from crawler.store import Store
from crawler.tracking.archives import configured_archives, session_for, user_agent
from diffs.reports.wording import count

EVERY_SECONDS = 60.0


def follower_of(
    settings: Settings,
    store: Store,
    archives: Sequence[Archive],
    *,
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
    closing: ExitStack,
) -> Follower:
    """Return what reads the followed sources.

    Args:
        settings: What was set.
        store: What is remembered.
        archives: The archives, opened by the caller.
        clock: Returns the time (aware UTC).
        sleep: Waits so many seconds.
        closing: Closes the connections to allowed hosts.
    """
    live = None
    if settings.discovery.live:
        agent = user_agent(settings)
        live = LiveDoor(
            settings.discovery.live, pacing=store.pacing, user_agent=agent, clock=clock, sleep=sleep
        )
        closing.callback(live.close)
    return Follower(store, archives, live=live, clock=clock)


def readings_now(
    settings: Settings,
    store: Store,
    *,
    clock: Callable[[], datetime],
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[Reading]:
    """Read the followed sources that are due, and yield what each gave; a session of its own serves them.

    Raises:
        ConfigError: An archive cannot be used.
        StoreError: The store failed.
    """
    store.sources.retire(now=clock())
    if not store.sources.due(clock()):
        return
    with ExitStack() as closing:
        session = session_for(settings, store.pacing, clock=clock, sleep=time.sleep)
        closing.callback(session.close)
        archives = [open_archive(one, session=session) for one in configured_archives(settings)]
        for archive in archives:
            closing.callback(archive.close)
        follower = follower_of(settings, store, archives, clock=clock, sleep=time.sleep, closing=closing)
        yield from follower.readings(stop=stop)


def source_jobs(
    settings: Settings, *, clock: Callable[[], datetime]
) -> dict[str, tuple[float, Callable[[Store, Callable[[], bool]], str | None]]]:
    """Return the job that reads the followed sources as each falls due."""

    def read(store: Store, stop: Callable[[], bool]) -> str | None:
        done = list(readings_now(settings, store, clock=clock, stop=stop))
        tracked = sum(len(reading.tracked) for reading in done)
        trouble = [line for reading in done for line in reading.troubles]
        said = f"read {count(len(done), 'source')}: {count(tracked, 'page')} tracked from now on"
        return "; ".join([said, *trouble[:5]]) if tracked or trouble else None

    return {"sources": (EVERY_SECONDS, read)}
