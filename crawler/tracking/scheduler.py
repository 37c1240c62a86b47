"""Decides which target is looked at next, and takes one after the other under a lease."""

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from crawler.errors import (
    BlockedError,
    LeaseLostError,
    NoCaptureError,
    PenaltyError,
    RateLimitError,
    StoreError,
    VariorumError,
)
from crawler.model import Target
from crawler.store import Store
from crawler.store.records import Rhythm

Clock = Callable[[], datetime]
Work = Callable[[Target], None]
Told = Callable[[Target, BaseException | None, datetime], None]

# With a look after an eighth of the text's age, a page costs about 40 looks in its first week and
# 16 in the three months after it; hourly, daily, weekly (30 in the week) sees less of the first hours.
SHARE_OF_AGE = 8
SHORTEST = timedelta(minutes=20)
LONGEST = timedelta(days=7)
FIRST_RETRY = timedelta(minutes=10)
LAST_RETRY = timedelta(days=1)
BLOCKED_RETRY = timedelta(days=7)
LEASE_SECONDS = 600.0
# The rest of the budget is for those who ask at the keyboard.
DAEMON_SHARE = 0.8


def next_interval(rhythm: Rhythm, *, now: datetime, pressure: float = 1.0) -> timedelta:
    """Return how long to wait before the next look at a target.

    Dense in a text's first hours, an eighth of its age later on; a change makes the text young again.

    Args:
        rhythm: The target's past.
        now: The time (aware UTC).
        pressure: How many times more looks all targets ask for than the shared budget allows.
    """
    anchors = [when for when in (rhythm.first_seen, rhythm.last_change) if when is not None]
    age = now - max(anchors) if anchors else timedelta(0)
    return min(max(age / SHARE_OF_AGE, SHORTEST), LONGEST) * max(1.0, pressure)


def retry_after(error: VariorumError, *, failures: int) -> timedelta:
    """Return how long to leave a target alone after a failure; `failures` came before this one."""
    if isinstance(error, BlockedError):
        return BLOCKED_RETRY
    asked = timedelta(seconds=min(error.retry_after or 0.0, LAST_RETRY.total_seconds()))
    return max(asked, backoff(failures))


def backoff(failures: int) -> timedelta:
    """Return the wait after a failure that `failures` others came before: doubling, up to a day."""
    wait: timedelta = FIRST_RETRY * 2 ** min(failures, 10)
    return min(wait, LAST_RETRY)


def pressure_on(store: Store, *, per_minute: float) -> float:
    """Return how many times more looks the targets ask for than the budget (requests a minute) allows."""
    asked = store.queue.demand(unknown_seconds=int(SHORTEST.total_seconds()))
    return max(1.0, asked / (per_minute * DAEMON_SHARE))


def explain_next(target: Target, rhythm: Rhythm, *, now: datetime, pressure: float = 1.0) -> str:
    """Return in words when a target is looked at next, and why then."""
    when = f"{target.next_due:%Y-%m-%d %H:%M} UTC"
    wait = target.next_due - now
    lead = f"Next look at {when}, in {in_words(wait)}" if wait > timedelta(0) else "Next look now: it is due"
    if target.failures:
        times = "once" if target.failures == 1 else f"{target.failures} times in a row"
        return f"{lead}; the last look failed ({times}): {target.last_error}"
    if rhythm.last_change is not None:
        why = f"the text last changed {in_words(now - rhythm.last_change)} ago"
    elif rhythm.first_seen is not None:
        why = f"the page was first captured {in_words(now - rhythm.first_seen)} ago and has not changed since"
    else:
        return f"{lead}; no capture of it is known yet"
    every = in_words(next_interval(rhythm, now=now, pressure=pressure))
    strain = f"; all targets together ask {pressure:.1f} times the shared budget" if pressure > 1 else ""
    return f"{lead}; then about every {every}, because {why}{strain}."


def in_words(span: timedelta) -> str:
    """Return a length of time as a person would say it: `40 minutes`, `5 hours`, `3 days`."""
    seconds = max(0.0, span.total_seconds())
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        count = round(seconds / size)
        if seconds >= size:
            return f"{count} {name}" + ("s" if count != 1 else "")
    return "less than a minute"


def run_once(
    store: Store,
    work: Work,
    *,
    now: Clock,
    limit: int,
    stop: Callable[[], bool],
    worker: str,
    pressure: float = 1.0,
    lease_seconds: float = LEASE_SECONDS,
    told: Told | None = None,
    taking: Callable[[Sequence[Target]], None] | None = None,
) -> bool:
    """Look at up to `limit` due targets, one after the other; returns whether there was any.

    A look that ends well sets the next due time from what was seen; one that fails pushes its target
    back before anything is raised, so that no target can block the others. What the archive says to
    everybody (slow down, go away) ends the pass.

    Args:
        store: The store.
        work: Does the look; may take long, since leases are renewed while it runs.
        now: Gives the time (aware UTC).
        limit: How many targets to take at most.
        stop: Tells that the process is asked to leave: the target in hand is finished, the rest let go.
        worker: Name of this pass, unlike that of any other running.
        pressure: See `next_interval`.
        lease_seconds: How long a dead worker's targets stay taken.
        told: Hears of each look: the target, what went wrong or None, the next due time.
        taking: Hears which targets were taken, before the first look.

    Raises:
        StoreError: The store failed; nothing acknowledged was lost.
    """
    if stop():
        return False
    taken = store.queue.claim_due(now(), limit=limit, lease_seconds=lease_seconds, worker=worker)
    if not taken:
        return False
    turn = _Turn(store, now, worker, pressure, told)
    with _lease_kept(store, now, worker, lease_seconds):
        try:
            if taking is not None:
                taking(taken)
            for target in taken:
                if stop() or not turn.look(target, work, stop):
                    break
        finally:
            _let_go(store, worker)
    return True


class _Turn:
    """The looks of one pass, and how each ends."""

    def __init__(self, store: Store, now: Clock, worker: str, pressure: float, told: Told | None) -> None:
        self.store, self.now, self.worker, self.pressure = store, now, worker, pressure
        self.told = told or (lambda _target, _error, _due: None)

    def look(self, target: Target, work: Work, stop: Callable[[], bool]) -> bool:
        """Do one look; returns whether the pass may go on."""
        try:
            with _PushedBack(self, target):
                self.store.queue.begin(target, worker=self.worker)
                work(target)
            if stop():
                self.store.queue.give_back(target, worker=self.worker)
                return False
            self.complete(target)
        except LeaseLostError as error:
            self.told(target, error, self.now())
        except StoreError:
            raise
        except VariorumError as error:
            return not isinstance(error, (RateLimitError, PenaltyError))
        return True

    def complete(self, target: Target) -> None:
        """Set the next due time from what the look found."""
        now = self.now()
        rhythm = self.store.captures.rhythm(target)
        due = now + spread(target, next_interval(rhythm, now=now, pressure=self.pressure))
        self.store.queue.complete(
            target, next_due=due, interval=next_interval(rhythm, now=now), now=now, worker=self.worker
        )
        self.told(target, None, due)

    def fail(self, target: Target, error: BaseException) -> None:
        """Push a target back."""
        now = self.now()
        if isinstance(error, NoCaptureError):
            wait = next_interval(self.store.captures.rhythm(target), now=now, pressure=self.pressure)
            wait = max(wait, backoff(target.failures))
        elif isinstance(error, VariorumError):
            wait = retry_after(error, failures=target.failures)
        else:
            wait = backoff(target.failures + 2)
        due = now + spread(target, wait)
        text = str(error) if isinstance(error, VariorumError) else f"{type(error).__name__}: {error}"
        self.store.queue.push_back(target, until=due, error=text, worker=self.worker)
        self.told(target, error, due)


class _PushedBack:
    """Pushes a target back when the work on it fails in any way, and lets the failure go on."""

    def __init__(self, turn: _Turn, target: Target) -> None:
        self.turn, self.target = turn, target

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None or isinstance(error, (LeaseLostError, KeyboardInterrupt, SystemExit)):
            return
        try:
            self.turn.fail(self.target, error)
        except StoreError:
            # The store is why the work failed, or fails too: the lease runs out, and the first error counts.
            return


def spread(target: Target, interval: timedelta) -> timedelta:
    """Return the interval, up to a tenth longer by the address, so that targets do not fall due together."""
    share = int.from_bytes(hashlib.sha256(target.url.encode()).digest()[:4], "big") / 0xFFFFFFFF
    return interval * (1 + share / 10)


@contextmanager
def _lease_kept(store: Store, now: Clock, worker: str, lease_seconds: float) -> Iterator[None]:
    """Renew the worker's leases every third of their length while the block runs."""
    done = threading.Event()

    def keep() -> None:
        while not done.wait(lease_seconds / 3):
            try:
                store.queue.renew(worker, until=now() + timedelta(seconds=lease_seconds))
            except StoreError:
                # The work itself meets the same failure and reports it.
                continue

    thread = threading.Thread(target=keep, name="leases", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _let_go(store: Store, worker: str) -> None:
    """Free what the pass did not come to; where the store fails, the leases run out by themselves."""
    try:
        store.queue.release(worker)
    except StoreError:
        return
