"""One of several processes, on one machine or more, that share the watch over one PostgreSQL store."""

import hashlib
import os
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

from crawler.daemon import BEAT_SECONDS, Daemon, Pace, Work, pace_of
from crawler.errors import StoreError
from crawler.maintenance.jobs import Job
from crawler.metrics import serving
from crawler.model import Worker, WorkerKind
from crawler.store import Store
from crawler.store.repository import SILENCE
from crawler.store.sessions import Presence, beat_name, clock_lead
from crawler.store.workers import this_process
from crawler.tracker import Tracker, utc_now
from crawler.tracking.scheduler import pressure_on

# Requests are spaced by the clocks of those who send them: web.archive.org's index takes one in 2.5 s (2026-11-28), so
# that clocks less than that apart cost the archive one request too early at most.
CLOCKS_APART = timedelta(seconds=2)
FORGOTTEN_AFTER = timedelta(days=1)


class WatchWorker(Daemon):
    """A daemon among others: it takes what the others leave, and does the maintenance where it was elected.

    Args:
        store: The store, on a server.
        work: Does one look.
        settings: How often to do what.
        now: Gives the time (aware UTC).
        worker: Its name.
        presence: Shows that it lives, and elects it.
    """

    def __init__(
        self,
        store: Store,
        work: Work,
        settings: Pace,
        now: Callable[[], datetime],
        worker: str,
        *,
        presence: Presence,
    ) -> None:
        super().__init__(store, work, settings, now, worker)
        self.row, self.presence = beat_name(worker), presence
        self._measured = self._freed = -float("inf")

    def tick(self) -> None:
        """Free what ended workers held, then look at one batch of what is due.

        Raises:
            StoreError: The store failed, or this machine's clock is wrong.
        """
        require_same_clock(self.store, now=self.now)
        if time.monotonic() - self._freed >= BEAT_SECONDS:
            self._freed = time.monotonic()
            self._free_the_dead()
        if time.monotonic() - self._measured >= self.settings.maintenance_seconds:
            self._measured = time.monotonic()
            self.pressure = pressure_on(self.store, per_minute=self.settings.per_minute)
        super().tick()

    def maintain(self) -> None:
        """Care for the store, and forget workers that ended a day ago without signing off."""
        super().maintain()
        self.store.queue.forget_silent(now=self.now(), after=FORGOTTEN_AFTER)

    def _alone(self, call: Job) -> Job:
        """Return a job so that it runs in the elected worker only, and stops where another was elected meanwhile."""

        def elected(store: Store, stop: Callable[[], bool]) -> str | None:
            if not self.presence.leads():
                return None
            store.note_leader(self.worker, started=self.started, now=self.now())
            return call(store, lambda: stop() or not self.presence.still_leads())

        return elected

    def _free_the_dead(self) -> int:
        """Take back what workers held that ended: on this machine at once, on others when their session is over."""
        queue = self.store.queue
        freed = queue.release_gone() + queue.release_silent(now=self.now(), patience=SILENCE)
        self._live()
        return freed

    def _live(self) -> None:
        self.presence.shows()
        super()._live()

    def _sign_off(self) -> None:
        self.store.queue.sign_off(self.worker)


def run_worker(
    open_store: Callable[[], Store],
    work: Work,
    settings: Pace,
    *,
    now: Callable[[], datetime] = utc_now,
    leave: Callable[[int], None] = os._exit,
) -> int:
    """Look at what is due, next to other workers, until SIGTERM or SIGINT; returns the exit code, 0.

    Args:
        open_store: Opens the store.
        work: Does one look; see `crawler.daemon.run_daemon`.
        settings: How often to do what.
        now: Gives the time (aware UTC).
        leave: Ends the process where the page in hand takes longer than `stop_seconds`.

    Raises:
        ConfigError: The store is a file.
        StoreError: The store cannot be opened, or this machine's clock is wrong.
    """
    with open_store() as store:
        worker = this_worker()
        with closing(Presence(store.database, worker.name)) as presence:
            require_same_clock(store, now=now)
            store.queue.register(worker)
            if not WatchWorker(store, work, settings, now, worker.name, presence=presence).run():
                leave(0)
    return 0


def watch_together(tracker: Tracker) -> int:
    """Visit what is due, next to other workers, until SIGTERM or SIGINT; returns the exit code, 0.

    Raises:
        ConfigError: The store is a file, or metrics are asked for and cannot be served.
        StoreError: The store fails at the start, or this machine's clock is wrong.
    """
    pace, row = pace_of(tracker), beat_name(this_worker().name)
    with serving(tracker.settings, tracker.store, pulse=pace.pulse, clock=tracker.clock, row=row):
        return run_worker(
            lambda: tracker.store,
            lambda _store, target, stop: tracker.visitor.visit(target, stop=stop),
            pace,
            now=tracker.clock,
        )


def this_worker() -> Worker:
    """Return the worker that this process is, told from those of containers with the same name and process number."""
    worker = this_process(WorkerKind.WORKER)
    mark = hashlib.sha256(f"{worker.place} {worker.born}".encode()).hexdigest()[:6]
    return replace(worker, name=f"{worker.name} {mark}")


def require_same_clock(store: Store, *, now: Callable[[], datetime]) -> None:
    """Fail where this machine's clock is not the server's: the archives' budget is shared by the clock.

    Raises:
        StoreError: They are too far apart; the message says by how much.
    """
    lead = clock_lead(store.database, now=now)
    if abs(lead) > CLOCKS_APART:
        way = "ahead of" if lead > timedelta(0) else "behind"
        error = StoreError(
            f"this machine's clock is {abs(lead).total_seconds():.0f} s {way} that of the database server, and workers "
            "share the archives' limits by the clock; set both by a time server"
        )
        error.transient = True
        raise error
