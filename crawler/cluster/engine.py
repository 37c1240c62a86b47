"""Maps the reading of kept pages over a Dask cluster; the only door to dask, which is an extra."""

from __future__ import annotations

import importlib.util
import logging
import resource
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from typing import Any, Self

from crawler.errors import ConfigError, how_to_install
from crawler.maintenance.reparse import (
    MEMORY,
    Group,
    Result,
    Work,
    process_here,
    process_within_limits,
    safe_paths,
)
from crawler.parser import PARSER_VERSION
from crawler.tracking.classify import Reader

EXTRA = f"A cluster needs Dask: {how_to_install('cluster')}."
LOCAL = "local"
CONNECT_SECONDS = 10.0
# A scheduler that its supervisor starts again is back within seconds, a batch system's worker within a minute.
PATIENCE = 60.0
LOOK_SECONDS = 2.0
# Groups in hand for each worker: one that is read, one that waits there, and one on its way (2026-11-28: a group of 16
# made pages takes 0.3 s to read and 10 ms to send).
AHEAD = 3
COUNT_SECONDS = 1.0
_QUIET = {
    # A page that ended two processes is read here, in a sandbox.
    "distributed.scheduler.allowed-failures": 1,
    # Nobody looks at what a worker samples of its own work a hundred times a second, or at how late its clock ticks
    # fifty times a second, and each of them stops the page that is read.
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.tick.cycle": "10s",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.worker.memory.monitor-interval": "1s",
}


def work_done(work: Work) -> tuple[str, Result]:
    """Do a piece of work in a worker, and return the parser's version with what came of it.

    A page that never ends ends its process, as `process_within_limits` has it; the limit is gone with the work,
    since other work of the cluster may follow in the same process.
    """
    before = resource.getrlimit(resource.RLIMIT_CPU)
    try:
        return PARSER_VERSION, process_within_limits(work)
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, before)


class Cluster:
    """A Dask cluster that reads pages; a context manager that leaves it.

    Args:
        address: Of the scheduler, such as `tcp://10.0.0.1:8786`.
        closing: Ends what was started for it.

    Attributes:
        pages: Pages read so far.
        here: How many of them were read in this process, since a worker or the scheduler had ended over them.

    Raises:
        ConfigError: The scheduler does not answer, or a worker runs another version.
    """

    def __init__(self, address: str, *, closing: ExitStack) -> None:
        self.address, self._closing = address, closing
        self.pages = self.here = 0
        self._threads, self._counted = 0, -COUNT_SECONDS
        self._client: Any = None
        self._connect(CONNECT_SECONDS)

    @classmethod
    def at(cls, address: str, *, jobs: int | None = None) -> Self:
        """Connect to a scheduler, or start one and its workers here where the address is `local`.

        Args:
            address: Of the scheduler, or `local`.
            jobs: Workers that are started, where they are; by default one for each CPU.

        Raises:
            ConfigError: Dask is not installed, or there is no such cluster.
        """
        if importlib.util.find_spec("distributed") is None:
            raise ConfigError(EXTRA)
        # What it has to say of workers that end is said by the caller, in numbers.
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        with ExitStack() as stack:
            if address == LOCAL:
                import dask  # noqa: PLC0415 - an extra
                from dask.system import CPU_COUNT  # noqa: PLC0415 - likewise
                from distributed import LocalCluster  # noqa: PLC0415 - likewise

                stack.enter_context(dask.config.set(_QUIET))
                stack.enter_context(safe_paths())
                started = LocalCluster(  # type: ignore[no-untyped-call]
                    n_workers=0,
                    threads_per_worker=1,
                    memory_limit=MEMORY,
                    host="127.0.0.1",
                    dashboard_address=None,
                    silence_logs=logging.CRITICAL,
                )
                stack.callback(started.close)
                # They start while the first pages are looked up here; what is sent before waits for them.
                started.scale(jobs or CPU_COUNT)  # type: ignore[no-untyped-call]
                address = started.scheduler_address
            return cls(address, closing=stack.pop_all())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        with suppress(Exception):
            self._client.close(timeout=LOOK_SECONDS)
        self._closing.close()

    def readings(self, coming: Iterable[Work | None], *, alone: Reader) -> Iterator[tuple[Work, Result]]:
        """Do pieces of work on the cluster and yield what came of them in order, a few of them ahead of the caller.

        A worker that dies costs what it held, which others do again; a page over which workers die, and
        what was in hand when the scheduler ended, is read here.

        Args:
            coming: What is to be done; taken as needed. None stands for: wait for what is in hand.
            alone: Reads a page here, and must bear every page.

        Raises:
            ConfigError: The scheduler does not come back, it has no workers, or one runs another version.
        """
        hand: deque[tuple[Work, Any]] = deque()
        for work in coming:
            if work is not None:
                hand.append((work, self._submitted(work)))
                if len(hand) <= AHEAD * self._workers():
                    continue
            yield self._first(hand, alone)
        while hand:
            yield self._first(hand, alone)

    def _first(self, hand: deque[tuple[Work, Any]], alone: Reader) -> tuple[Work, Result]:
        work, future = hand.popleft()
        pages = len(work.pages) if isinstance(work, Group) else 0
        result = self._result(future)
        if result is None:
            self.here += pages
            result = process_here(work, alone)
        self.pages += pages
        return work, result

    def _submitted(self, work: Work) -> Any:
        """Send work to the cluster; None where there is nobody to send it to, and what is empty is done."""
        if isinstance(work, Group) and not work.pages:
            return ()
        if self._client.status != "running":
            self._connect(PATIENCE)
        try:
            return self._client.submit(work_done, work, pure=False)
        except Exception:  # noqa: BLE001  whatever a library says of a scheduler that went away meanwhile
            return None

    def _result(self, future: Any) -> Result:
        """Wait for what came of work; None where it is to be done here.

        Raises:
            ConfigError: A worker runs another version or none, or there are no workers.
        """
        if future is None or future == ():
            return future  # type: ignore[no-any-return]
        since = time.monotonic()
        while True:
            try:
                version, result = future.result(timeout=LOOK_SECONDS)
            except TimeoutError:
                if self._client.status != "running":
                    return None
                if self._workers(least=0):
                    since = time.monotonic()
                elif time.monotonic() - since > PATIENCE:
                    raise ConfigError(
                        f"The scheduler at {self.address} has no workers. What was read is kept, and the same "
                        "command goes on from there."
                    ) from None
            except ImportError as error:
                raise ConfigError(
                    f"A worker of {self.address} lacks variorum ({error}): install the same version there."
                ) from error
            except Exception:  # noqa: BLE001  a killed worker, a lost scheduler, no memory: it is done here
                return None
            else:
                if version != PARSER_VERSION:
                    raise ConfigError(
                        f"A worker of {self.address} has parser {version}, and this is parser {PARSER_VERSION}: "
                        "install the same version there."
                    )
                return result  # type: ignore[no-any-return]

    def _workers(self, *, least: int = 1) -> int:
        """Return how many threads the cluster reads with, as the scheduler said a second ago or says now."""
        if time.monotonic() - self._counted >= COUNT_SECONDS:
            try:
                info = self._client.scheduler_info(n_workers=-1)
            except Exception:  # noqa: BLE001  no scheduler answers
                return least
            self._threads = sum(int(each["nthreads"]) for each in info["workers"].values())
            self._counted = time.monotonic()
        return max(least, self._threads)

    def _connect(self, patience: float) -> None:
        """Connect to the scheduler, again where it was lost.

        Raises:
            ConfigError: It does not answer.
        """
        from distributed import Client  # noqa: PLC0415 - an extra

        make: Any = Client
        until = time.monotonic() + patience
        while True:
            if self._client is not None:
                with suppress(Exception):
                    self._client.close(timeout=LOOK_SECONDS)
            try:
                self._client = make(
                    self.address, timeout=min(patience, CONNECT_SECONDS), set_as_default=False
                )
            except (OSError, ValueError, TypeError) as error:
                if isinstance(error, (ValueError, TypeError)) or time.monotonic() > until:
                    raise ConfigError(
                        f"No Dask scheduler answers at {self.address} ({type(error).__name__}). Give its address, such "
                        "as tcp://10.0.0.1:8786, or local. What was read is kept."
                    ) from error
                time.sleep(1)
            else:
                return
