"""Decides which target is looked at next, and takes one after the other under a lease."""

import hashlib
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

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
Callback = Callable[[Target, BaseException | None, datetime], None]

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


def look_sooner(store: Store, target: Target, *, now: datetime, pressure: float = 1.0) -> bool:
    """Bring a target's next look forward where its text was found younger than planned for; returns whether it moved.

    Args:
        store: The store.
        target: What was read other than by a visit.
        now: The time (aware UTC).
        pressure: See `next_interval`.
    """
    rhythm = store.captures.rhythm(target)
    due = now + spread(target, next_interval(rhythm, now=now, pressure=pressure))
    return store.queue.bring_forward(target, next_due=due, now=now, interval=next_interval(rhythm, now=now))


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """How one visit ended.

    Attributes:
        target: The target, as it was taken.
        error: What went wrong, or None.
        due: When it is next visited (aware UTC).
    """

    target: Target
    error: BaseException | None
    due: datetime


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
    on_visit: Callback | None = None,
    taking: Callable[[Sequence[Target]], None] | None = None,
) -> bool:
    """Visit up to `limit` due targets, one after the other; returns whether there was any.

    Takes what `visits` takes, and a callback for each visit's target, error and next due time.
    """
    done = False
    with closing(
        visits(
            store,
            work,
            now=now,
            limit=limit,
            stop=stop,
            worker=worker,
            pressure=pressure,
            lease_seconds=lease_seconds,
            taking=taking,
        )
    ) as passing:
        for visited in passing:
            done = True
            if on_visit is not None and visited is not None:
                on_visit(visited.target, visited.error, visited.due)
    return done


def visits(
    store: Store,
    work: Work,
    *,
    now: Clock,
    limit: int,
    stop: Callable[[], bool],
    worker: str,
    pressure: float = 1.0,
    lease_seconds: float = LEASE_SECONDS,
    taking: Callable[[Sequence[Target]], None] | None = None,
) -> Generator[Visited | None]:
    """Visit up to `limit` due targets, one after the other, and yield how each visit ended.

    A visit that ends well sets the next due time from what was seen; one that fails pushes its target
    back before anything is raised, so that no target can block the others. What the archive says to
    everybody (slow down, go away) ends the pass. A visit given up because of `stop` yields None.

    Args:
        store: The store.
        work: Does the visit; may take long, since leases are renewed while it runs.
        now: Gives the time (aware UTC).
        limit: How many targets to take at most.
        stop: Tells that the process is asked to leave: the target in hand is finished, the rest given back.
        worker: Name of this pass, unlike that of any other running.
        pressure: See `next_interval`.
        lease_seconds: How long a dead worker's targets stay taken.
        taking: Receives the targets taken, before the first visit.

    Raises:
        StoreError: The store failed; nothing acknowledged was lost.
    """
    if stop():
        return
    taken = store.queue.claim_due(now(), limit=limit, lease_seconds=lease_seconds, worker=worker)
    if not taken:
        return
    turn = _Turn(store, now, worker, pressure)
    with _lease_kept(store, now, worker, lease_seconds):
        try:
            if taking is not None:
                taking(taken)
            for target in taken:
                if stop():
                    break
                ended = turn.visit(target, work, stop)
                yield ended.visited
                if ended.poison is not None:
                    raise ended.poison
                if ended.last:
                    break
        finally:
            _release(store, worker)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    """What a visit means for the pass: what is yielded, whether it is the last, and what ends it with an error."""

    visited: Visited | None = None
    last: bool = False
    poison: BaseException | None = None


class _Turn:
    """The visits of one pass, and how each ends."""

    def __init__(self, store: Store, now: Clock, worker: str, pressure: float) -> None:
        self.store, self.now, self.worker, self.pressure = store, now, worker, pressure

    def visit(self, target: Target, work: Work, stop: Callable[[], bool]) -> _Ended:
        """Do one visit, and push its target back where that fails in any way."""
        try:
            self.store.queue.begin(target, worker=self.worker)
            work(target)
            if stop():
                self.store.queue.give_back(target, worker=self.worker)
                return _Ended(last=True)
            return _Ended(visited=self._completed(target))
        except LeaseLostError as error:
            return _Ended(visited=Visited(target=target, error=error, due=self.now()))
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001  raised again by the pass, after the target was pushed back
            known = isinstance(error, VariorumError) and not isinstance(error, StoreError)
            return _Ended(
                visited=self._failed(target, error),
                last=isinstance(error, (RateLimitError, PenaltyError)),
                poison=None if known else error,
            )

    def _completed(self, target: Target) -> Visited:
        """Set the next due time from what the visit found."""
        now = self.now()
        rhythm = self.store.captures.rhythm(target)
        due = now + spread(target, next_interval(rhythm, now=now, pressure=self.pressure))
        own = next_interval(rhythm, now=now)
        self.store.queue.complete(target, next_due=due, interval=own, now=now, worker=self.worker)
        return Visited(target=target, error=None, due=due)

    def _failed(self, target: Target, error: BaseException) -> Visited | None:
        """Push a target back; where the store fails too, the lease runs out and the first error counts."""
        now = self.now()
        text = str(error) if isinstance(error, VariorumError) else f"{type(error).__name__}: {error}"
        try:
            due = now + spread(target, self._wait(target, error, now))
            self.store.queue.push_back(target, until=due, error=text, worker=self.worker)
        except StoreError:
            return None
        return Visited(target=target, error=error, due=due)

    def _wait(self, target: Target, error: BaseException, now: datetime) -> timedelta:
        if isinstance(error, NoCaptureError):
            wait = next_interval(self.store.captures.rhythm(target), now=now, pressure=self.pressure)
            return max(wait, backoff(target.failures))
        if isinstance(error, VariorumError):
            return retry_after(error, failures=target.failures)
        return backoff(target.failures + 2)


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


def _release(store: Store, worker: str) -> None:
    """Free what the pass did not come to; where the store fails, the leases run out by themselves."""
    try:
        store.queue.release(worker)
    except StoreError:
        return
