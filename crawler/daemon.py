"""Runs for ever: calls the queue on a clock, cares for the store, and leaves when asked."""

import os
import queue as queues
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_SCHEDULER_STARTED, JobExecutionEvent, SchedulerEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler

from crawler import systemd
from crawler.alerts.delivery import alert_jobs
from crawler.discovery.jobs import source_jobs
from crawler.errors import StoreError
from crawler.evidence.links import link_jobs
from crawler.interval import Every
from crawler.log import log_findings
from crawler.maintenance.jobs import Job, jobs_of, outlet_jobs, witness_jobs
from crawler.maintenance.troubles import EVERY_SECONDS, watch_of
from crawler.metrics import serving
from crawler.model import Target, WorkerKind
from crawler.pulse import PATIENCE, Pulse
from crawler.site.freshness import publishing_jobs
from crawler.site.search import SECONDS as INDEX_SECONDS
from crawler.store import DaemonState, Store
from crawler.store.status import DAEMON
from crawler.store.workers import this_process
from crawler.tracker import Tracker, utc_now
from crawler.tracking.archives import visits_per_minute
from crawler.tracking.scheduler import pressure_on, run_once

Work = Callable[[Store, Target, Callable[[], bool]], None]
Taking = Callable[[Sequence[Target]], None]
TICK = "tick"
SCRUB_SLICE = 200
BEAT_SECONDS = 15.0
LAST_BEAT_SECONDS = 1.0
# As long as the unit in config/ lets systemd wait for a sign of life.
HUNG_SECONDS = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often the daemon does what.

    Attributes:
        tick_seconds: Between two looks at the queue.
        batch: Targets taken at once.
        lease_seconds: How long a dead daemon's targets stay taken.
        maintenance_seconds: Between two rounds of care for the database.
        scrub_seconds: Between two slices of reading every body again.
        per_minute: Index requests the archive allows in a minute.
        stop_seconds: How long the page in hand may take when asked to leave; signing off takes 2 more.
        store_retry_seconds: How long to pause when the store fails (a full disk, a locked database).
        jobs: Further jobs by name: seconds between two runs, and what to call; its last argument tells
            that the daemon is asked to leave, and what it gives is logged.
        taking: Hears which targets were taken, before the first look at them.
        pulse: Watches whether the jobs get on.
        store_failed: Receives each failure of the store, where set.
    """

    tick_seconds: float = 5.0
    batch: int = 20
    lease_seconds: float = 600.0
    maintenance_seconds: float = 300.0
    scrub_seconds: float = 600.0
    per_minute: float = 24.0
    stop_seconds: float = 5.0
    store_retry_seconds: float = 30.0
    jobs: Mapping[str, tuple[float, Job]] = field(default_factory=dict)
    taking: Taking | None = None
    pulse: Pulse = field(default_factory=Pulse)
    store_failed: Callable[[StoreError], None] | None = None


def run_daemon(
    open_store: Callable[[], Store],
    work: Work,
    settings: Pace | None = None,
    *,
    now: Callable[[], datetime] = utc_now,
    leave: Callable[[int], None] = os._exit,
) -> int:
    """Look at what is due until SIGTERM or SIGINT; returns the exit code, 0.

    Args:
        open_store: Opens the store.
        work: Does one look. Its last argument tells that the daemon is asked to leave: finish the page
            in hand, then return.
        settings: How often to do what.
        now: Gives the time (aware UTC).
        leave: Ends the process where the page in hand takes longer than `stop_seconds`, or a job hangs and no
            service manager watches.

    Raises:
        StoreError: The store cannot be opened, was deleted meanwhile, or another daemon runs on it.
    """
    with open_store() as store:
        worker = this_process(WorkerKind.DAEMON)
        with store.sole_daemon(worker.name):
            store.queue.register(worker)
            daemon = Daemon(store, work, settings or Pace(), now, worker.name)
            daemon.leave = leave
            finished = daemon.run()
            if not finished:
                leave(0)
        if daemon.lost:
            raise StoreError(f"{store.where}: was deleted or replaced while the daemon ran; restore a backup")
    return 0


def pace_of(tracker: Tracker) -> Pace:
    """Return how often to do what, as the tracker's settings ask."""
    given = tracker.settings.daemon
    tracker.visitor.on_published = log_findings
    watching = watch_of(tracker.settings, tracker.store, clock=tracker.clock)
    return Pace(
        tick_seconds=given.tick_seconds,
        batch=given.batch,
        lease_seconds=given.lease_seconds,
        per_minute=visits_per_minute(tracker.settings, tracker.session),
        taking=tracker.visitor.take,
        # One request may be given longer than usual.
        pulse=Pulse(
            patience=PATIENCE + tracker.settings.limits.deadline_seconds,
            longer={"site": PATIENCE + INDEX_SECONDS},
        ),
        jobs=jobs_of(tracker.settings, clock=tracker.clock)
        | outlet_jobs(tracker.settings, clock=tracker.clock)
        | witness_jobs(tracker.settings, clock=tracker.clock)
        | source_jobs(tracker.settings, clock=tracker.clock)
        | link_jobs(tracker.settings, clock=tracker.clock)
        | publishing_jobs(tracker)
        | alert_jobs(tracker.settings, clock=tracker.clock)
        | ({"troubles": (EVERY_SECONDS, watching.look)} if watching else {}),
        store_failed=watching.store_failed if watching else None,
    )


def watch(tracker: Tracker) -> int:
    """Visit what is due, as the tracker's settings ask, until SIGTERM or SIGINT; returns the exit code, 0.

    Raises:
        StoreError: The store fails at the start, or another daemon runs on it.
        ConfigError: Metrics are asked for and cannot be served.
    """
    pace = pace_of(tracker)
    with serving(tracker.settings, tracker.store, pulse=pace.pulse, clock=tracker.clock):
        return run_daemon(
            lambda: tracker.store,
            lambda _store, target, stop: tracker.visitor.visit(target, stop=stop),
            pace,
            now=tracker.clock,
        )


class Daemon:
    """One scheduler, its jobs, and how it stops."""

    row = DAEMON

    def __init__(
        self, store: Store, work: Work, settings: Pace, now: Callable[[], datetime], worker: str
    ) -> None:
        self.store, self.work, self.settings, self.now = store, work, settings, now
        self.worker = worker
        self.log = structlog.get_logger().bind(worker=worker)
        self.started = now()
        self.stopping = False
        self.lost = False
        self.paused_until = 0.0
        self.holding = False
        self.quiet = threading.Event()
        self.pressure = 1.0
        self.pulse = settings.pulse
        self.hung: float | None = None
        self.leave: Callable[[int], None] = os._exit
        self.scrubbing: Iterator[str] | None = None
        self.asked: queues.SimpleQueue[int] = queues.SimpleQueue()
        self.scheduler = BlockingScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(3 + len(settings.jobs))},
            # Late runs are run, once: the default drops whatever is a second late (3.11.3, read 2026-11).
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def run(self) -> bool:
        """Run until asked to leave; returns whether the page in hand was finished."""
        beating = threading.Thread(target=self._keep_beating, name="beat", daemon=True)
        with _signals(self.asked):
            self._schedule()
            freed = self._free_the_dead()
            self.log.info("started", pid=os.getpid(), freed=freed)
            threading.Thread(target=self._watch, name="watch", daemon=True).start()
            self.pulse.expect(TICK, every=self.settings.tick_seconds)
            beating.start()
            systemd.notify(systemd.READY)
            with self.store.database.listening(self.pulse.mark):
                self.scheduler.start()
                finished = self.pulse.wait_until_idle(self.settings.stop_seconds)
        self.quiet.set()
        beating.join(LAST_BEAT_SECONDS)
        self._say_goodbye(finished=finished)
        return finished

    def _schedule(self) -> None:
        add = self.scheduler.add_job
        each = self.settings
        own = {
            TICK: (each.tick_seconds, lambda *_: self.tick()),
            "maintenance": (each.maintenance_seconds, lambda *_: self.maintain()),
            "scrub": (each.scrub_seconds, lambda *_: self.scrub()),
        }
        for name, (seconds, call) in {**each.jobs, **own}.items():
            args = [call if name == TICK else self._alone(call), name]
            add(self._do, Every(timedelta(seconds=seconds)), id=name, args=args, next_run_time=utc_now())
        self.scheduler.add_listener(self._heard, EVENT_JOB_ERROR)
        # Only a scheduler that runs can be shut down: who asked before that is heard then.
        self.scheduler.add_listener(self._await_orders, EVENT_SCHEDULER_STARTED)

    def _alone(self, call: Job) -> Job:
        """Return a job so that it never runs in two processes at once: a daemon is the only one."""
        return call

    def _free_the_dead(self) -> int:
        """Take back what an earlier daemon held when it died; the lock says that it is dead."""
        freed = self.store.queue.release_daemons() + self.store.queue.release_gone()
        self._live()
        return freed

    def _do(self, call: Job, name: str = "job") -> None:
        """Do one run of a job; where the store fails, everything pauses."""
        with self.pulse.job(name):
            if self.stopping or time.monotonic() < self.paused_until:
                return
            if not self.store.database.is_in_place():
                self._lose()
                return
            try:
                said = call(self.store, self._asked_to_leave)
                if said:
                    self.log.info("done", said=said)
            except StoreError as error:
                self.paused_until = time.monotonic() + self.settings.store_retry_seconds
                self.holding = True
                self.log.warning("paused", error=str(error), retry_seconds=self.settings.store_retry_seconds)
                self.store.note_pause(
                    self.worker, started=self.started, now=self.now(), reason=str(error), name=self.row
                )
                if self.settings.store_failed is not None:
                    self.settings.store_failed(error)

    def _lose(self) -> None:
        """End over a store that was deleted or replaced: what is written to it now nobody would ever find."""
        if not self.lost:
            self.lost = True
            self.log.error("store gone", store=self.store.where, repair="restore a backup, then start again")
            self.asked.put(signal.SIGTERM)

    def tick(self) -> None:
        """Look at one batch of what is due; what a failing store kept the last one from giving back is due, too."""
        self._live()
        if self.holding:
            self.store.queue.release(self.worker)
            self.holding = False
        run_once(
            self.store,
            lambda target: self.work(self.store, target, self._asked_to_leave),
            now=self.now,
            limit=self.settings.batch,
            stop=self._asked_to_leave,
            worker=self.worker,
            pressure=self.pressure,
            lease_seconds=self.settings.lease_seconds,
            on_visit=self._visited,
            taking=self.settings.taking,
        )

    def maintain(self) -> None:
        """Measure the strain on the request budget, and fold the write-ahead log away."""
        self.pressure = pressure_on(self.store, per_minute=self.settings.per_minute)
        self.store.maintain()

    def scrub(self) -> None:
        """Read the next slice of bodies again; a damaged one is an error in the log."""
        if self.scrubbing is None:
            self.scrubbing = self.store.bodies.names()
        names = list(islice(self.scrubbing, SCRUB_SLICE))
        for name in names:
            if self.stopping:
                return
            try:
                self.store.bodies.read(name)
            except StoreError as error:
                self.log.error("damaged", name=name, detail=str(error))  # noqa: TRY400  the message says it all
        if len(names) < SCRUB_SLICE:
            self.scrubbing = None

    def _live(self) -> None:
        state = DaemonState.RUNNING
        self.store.beat(self.worker, started=self.started, now=self.now(), state=state, name=self.row)

    def _keep_beating(self) -> None:
        """Show a sign of life as long as the jobs get on, however long one takes; a pause says so itself."""
        while not self.quiet.wait(BEAT_SECONDS):
            if self._hangs():
                continue
            systemd.notify(systemd.ALIVE)
            if time.monotonic() < self.paused_until:
                continue
            with suppress(StoreError):  # the work meets the same failure and reports it
                self._live()

    def _hangs(self) -> bool:
        """Return whether a job hangs: systemd ends the process then; where nobody watches it ends by itself."""
        stuck = self.pulse.stuck()
        if stuck is None:
            self.hung = None
            return False
        if self.hung is None:
            self.hung = time.monotonic()
            self.log.error("hangs", job=stuck.job, seconds=round(stuck.seconds))
        elif not systemd.is_watching() and time.monotonic() - self.hung > HUNG_SECONDS:
            self.log.error("ended", job=stuck.job, repair="start it again; what was kept is kept")
            self.leave(1)
        return True

    def _asked_to_leave(self) -> bool:
        self.pulse.mark()
        return self.stopping

    def _visited(self, target: Target, error: BaseException | None, due: datetime) -> None:
        if error is None:
            self.log.info("looked", url=target.url, next_due=due.isoformat(timespec="seconds"))
        else:
            self.log.warning(
                "failed", url=target.url, error=str(error), next_due=due.isoformat(timespec="seconds")
            )

    def _heard(self, event: JobExecutionEvent) -> None:
        self.log.error("job failed", job=event.job_id, error=repr(event.exception), trace=event.traceback)

    def _watch(self) -> None:
        """Pull the tick forward when the clock was set back: the scheduler would wait until it catches up.

        Measured with 3.11.3: set back by 60 s, a job due every second did not run for the next 20 s.
        """
        while not self.stopping:
            time.sleep(self.settings.tick_seconds)
            self.pull_forward(utc_now())

    def pull_forward(self, clock: datetime) -> list[str]:
        """Make jobs that lie further ahead than their interval due now; returns their names."""
        pulled = []
        for job in self.scheduler.get_jobs():
            limit = clock + job.trigger.interval + timedelta(seconds=1)
            if job.next_run_time is not None and job.next_run_time > limit:
                self.scheduler.modify_job(job.id, next_run_time=clock)
                pulled.append(str(job.id))
        if pulled:
            self.log.warning("clock set back", jobs=pulled)
        return pulled

    # ----------------------------------------------------------------------- stopping

    def _await_orders(self, event: SchedulerEvent) -> None:
        del event
        threading.Thread(target=self._stop_when_asked, name="stop", daemon=True).start()

    def _stop_when_asked(self) -> None:
        number = self.asked.get()
        self.stopping = True
        self.log.info("stopping", signal=signal.Signals(number).name)
        systemd.notify(systemd.STOPPING)
        self.scheduler.shutdown(wait=False)

    def _say_goodbye(self, *, finished: bool) -> None:
        try:
            if self.lost:
                return
            self._sign_off()
        except StoreError as error:
            self.log.warning("leases run out by themselves", error=str(error))
        self.log.info("stopped", finished=finished)

    def _sign_off(self) -> None:
        self.store.queue.release(self.worker)
        self.store.beat(self.worker, started=self.started, now=self.now(), state=DaemonState.STOPPED)


@contextmanager
def _signals(asked: "queues.SimpleQueue[int]") -> Iterator[None]:
    """Pass SIGTERM and SIGINT on; putting into a SimpleQueue is safe inside a handler, setting an Event is not."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    for number in before:
        signal.signal(number, lambda signal_number, _frame: asked.put(signal_number))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
