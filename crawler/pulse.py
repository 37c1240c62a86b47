"""Tells a process whose jobs get on with their work from one that hangs."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

# The longest silence of a job that does its work, in seconds: a comparison of versions that uses up its time (480, a
# child's start of 60 before it), then a request that waits for its slot (90) and for its answer (90); 2026-11-28.
PATIENCE = 720.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """A job that does not get on.

    Attributes:
        job: Its name.
        seconds: How long nothing has been seen of it.
    """

    job: str
    seconds: float


class Pulse:
    """Watches the jobs of this process; safe to share between threads.

    A job shows that it gets on by what it does: each statement that the database has answered in its thread, and
    each time it asks whether to stop. No thread shows it in its stead.

    Args:
        patience: Seconds after which a job that shows nothing counts as stuck.
        longer: The same for single jobs, by their names.
        timer: Returns seconds that no clock setting changes.
    """

    def __init__(
        self,
        *,
        patience: float = PATIENCE,
        longer: Mapping[str, float] | None = None,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self.patience, self._longer, self._timer = patience, dict(longer or {}), timer
        self._running: dict[int, tuple[str, float]] = {}
        self._awaited: dict[str, tuple[float, float]] = {}
        self._changed = threading.Condition()

    def expect(self, name: str, *, every: float) -> None:
        """Count this job as stuck, too, where no run of it begins for so many seconds besides the patience."""
        with self._changed:
            self._awaited[name] = (every, self._timer())

    @contextmanager
    def job(self, name: str) -> Iterator[None]:
        """Watch the job that runs in this thread while the block does."""
        me = threading.get_ident()
        with self._changed:
            self._running[me] = (name, self._timer())
        try:
            yield
        finally:
            with self._changed:
                del self._running[me]
                if name in self._awaited:
                    self._awaited[name] = (self._awaited[name][0], self._timer())
                self._changed.notify_all()

    def mark(self, *_: object) -> None:
        """Note that the job of this thread gets on; nothing in a thread that runs none."""
        me = threading.get_ident()
        with self._changed:
            if me in self._running:
                self._running[me] = (self._running[me][0], self._timer())

    def stuck(self) -> Stuck | None:
        """Return the job of which nothing has been seen for longest, where that is too long, else None."""
        with self._changed:
            now = self._timer()
            silent = [(now - seen, name) for name, seen in self._running.values()]
            running = {name for name, _ in self._running.values()}
            silent += [
                (now - seen - every, name)
                for name, (every, seen) in self._awaited.items()
                if name not in running
            ]
        over = [
            (seconds, name) for seconds, name in silent if seconds > self._longer.get(name, self.patience)
        ]
        return Stuck(job=max(over)[1], seconds=max(over)[0]) if over else None

    def wait_until_idle(self, seconds: float) -> bool:
        """Wait until no job runs; returns whether that came to pass in time."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._running, timeout=seconds)
