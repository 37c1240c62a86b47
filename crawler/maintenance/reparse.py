"""Reads kept pages again, group by group, in as many processes as are given."""

import os
import resource
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from multiprocessing import get_context

from crawler.model import Snapshot
from crawler.parser import Template, parse
from crawler.tracking.classify import Reader, classify
from diffs.model import Article, Outcome

SECONDS_A_PAGE = 30
MEMORY = 1 << 30
SAFE_PATHS = "PYTHONSAFEPATH"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Pages of one target that are read together.

    Attributes:
        url: The target's address.
        pages: The store's number of each capture, and what was served.
        template: What the target's pages are read with.
        last: Whether no more of the target follow.
    """

    url: str
    pages: tuple[tuple[int, Snapshot], ...]
    template: Template | None = None
    last: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReading:
    """What one page shows.

    Attributes:
        number: The store's number of the capture.
        outcome: What became of it.
        reason: Why, where the outcome wants one.
        article: The article, or None where it shows none.
    """

    number: int
    outcome: Outcome
    reason: str | None
    article: Article | None


Engine = Callable[[Iterable[Group]], Iterator[tuple[Group, tuple[PageReading, ...]]]]


def process_group(group: Group, read: Reader = parse) -> tuple[PageReading, ...]:
    """Read a group of pages: pure and picklable, so that any engine can map it over machines."""
    reader = partial(read, template=group.template)
    judged = ((number, classify(snapshot, reader)) for number, snapshot in group.pages)
    return tuple(
        PageReading(number=number, outcome=outcome, reason=reason, article=article)
        for number, (outcome, reason, article) in judged
    )


def readings_in(
    groups: Iterable[Group], *, jobs: int, alone: Reader, process: Callable[[Group], tuple[PageReading, ...]]
) -> Iterator[tuple[Group, tuple[PageReading, ...]]]:
    """Read groups in so many processes and yield them in order, a few of them ahead of the caller.

    A page that kills its process, outgrows its memory or never ends costs that process; the groups then in
    hand are read by `alone`, which must bear such pages, and the rest by new processes.

    Args:
        groups: What is to be read; taken as needed.
        jobs: Processes; with one, and for a single group, everything is read by `alone`.
        alone: Reads a page here.
        process: Reads a group elsewhere; it is sent to the other processes by name.
    """
    coming = iter(groups)
    first = list(islice(coming, 2))
    coming = chain(first, coming)
    if jobs < 2 or len(first) < 2:
        yield from ((group, process_group(group, alone)) for group in coming)
        return
    while True:
        hand: deque[tuple[Group, Future[tuple[PageReading, ...]]]] = deque()
        with (
            safe_paths(),
            ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_behave) as pool,
        ):
            try:
                for group in coming:
                    hand.append((group, pool.submit(process, group)))
                    if len(hand) > 2 * jobs:
                        yield hand[0][0], hand[0][1].result()
                        hand.popleft()
                while hand:
                    yield hand[0][0], hand[0][1].result()
                    hand.popleft()
            except (BrokenProcessPool, MemoryError):
                # What was in hand may hold the page that did it.
                pool.shutdown(wait=True, cancel_futures=True)
            else:
                return
        yield from ((group, process_group(group, alone)) for group, _ in hand)


@contextmanager
def safe_paths() -> Iterator[None]:
    """Let processes started here import nothing that lies in the working directory."""
    before = os.environ.get(SAFE_PATHS)
    os.environ[SAFE_PATHS] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[SAFE_PATHS]
        else:
            os.environ[SAFE_PATHS] = before


def _behave() -> None:
    """Bound what this process may take, and leave Ctrl-C to the one that writes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def process_within_limits(group: Group) -> tuple[PageReading, ...]:
    """Read a group; the kernel ends this process where that takes more than half a minute a page."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + SECONDS_A_PAGE * max(1, len(group.pages))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
    return process_group(group)
