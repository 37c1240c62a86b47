"""Reads kept pages and compares their versions again, piece by piece, in as many processes as are given."""

import os
import resource
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from multiprocessing import get_context, parent_process

from crawler.codec import packed, unpacked
from crawler.garbage import look_seldom
from crawler.model import Snapshot
from crawler.parser import Template, parse
from crawler.sandbox import compose_history
from crawler.store.bundles import Bundle
from crawler.store.readings import PageReading
from crawler.tracking.classify import Reader, classify
from diffs.model import Article, Observation

SECONDS_A_PAGE = 30
# What the sandbox gives a history.
SECONDS_A_HISTORY = 120
MEMORY = 1 << 30
SAFE_PATHS = "PYTHONSAFEPATH"
# Between two looks whether the process that gives the work is there.
PARENT_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Pages of one target that are read together.

    Attributes:
        url: The target's address.
        pages: The store's number of each capture, and what was served.
        bodies: The bytes served, packed, in the order of the pages; None where they are with the pages.
        template: What the target's pages are read with.
        last: Whether no more of the target follow.
    """

    url: str
    pages: tuple[tuple[int, Snapshot], ...]
    bodies: Bundle | None = None
    template: Template | None = None
    last: bool = True

    def served(self) -> Iterator[tuple[int, Snapshot]]:
        """Yield the pages with their bytes.

        Raises:
            StoreError: A body is missing or damaged.
        """
        if self.bodies is None:
            yield from self.pages
        else:
            for (number, snapshot), body in zip(self.pages, self.bodies.read(), strict=True):
                yield number, replace(snapshot, body=body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """What a target's history is put together from.

    Attributes:
        url: The target's address.
        evidence: The count of evidence when it was read, see `Captures.evidence`.
        observations: Its captures in order of time.
        articles: What they show, by fingerprint, as the store keeps it.
        aliases: Its other addresses.
    """

    url: str
    evidence: int
    observations: tuple[Observation, ...]
    articles: Mapping[str, bytes]
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What a target's versions say.

    Attributes:
        changes: The changes between them by their ids, packed, in order.
        contradictions: Ids of what else its report prints.
    """

    changes: Mapping[str, bytes]
    contradictions: tuple[str, ...]


Work = Group | Versions
# Of versions None where they are to be compared here.
Result = tuple[PageReading, ...] | Compared | None
Process = Callable[[Work], Result]
# Takes None for: wait for what is in hand, since what comes next depends on it.
Engine = Callable[[Iterable[Work | None]], Iterator[tuple[Work, Result]]]


def process_group(group: Group, read: Reader = parse) -> tuple[PageReading, ...]:
    """Read a group of pages: pure and picklable, so that any engine can map it over machines.

    Raises:
        StoreError: A body is missing or damaged.
    """
    reader = partial(read, template=group.template)
    return tuple(PageReading.of(number, *classify(snapshot, reader)) for number, snapshot in group.served())


def process_versions(versions: Versions) -> Compared:
    """Put a history together and return what it says: pure and picklable, too.

    Raises:
        StoreError: An article cannot be read.
    """
    name = f"an article of {versions.url}"
    articles: dict[str, Article] = {key: unpacked(Article, z, name) for key, z in versions.articles.items()}
    history = compose_history(versions.observations, articles, url=versions.url, aliases=versions.aliases)
    changes = chain.from_iterable(transition.changes for transition in history.transitions)
    return Compared(
        changes={change.id: packed(change) for change in changes},
        contradictions=tuple(history.contradiction_ids),
    )


def process_here(work: Work, read: Reader) -> Result:
    """Read a group with a reader that bears every page; versions are left to the caller, who has a sandbox for them."""
    return process_group(work, read) if isinstance(work, Group) else None


def readings_in(
    coming: Iterable[Work | None], *, jobs: int, alone: Reader, process: Process
) -> Iterator[tuple[Work, Result]]:
    """Do pieces of work in so many processes and yield what came of them in order, a few of them ahead of the caller.

    A page that kills its process, outgrows its memory or never ends costs that process; what was then in
    hand is done here, groups by `alone`, which must bear such pages, and the rest by new processes.

    Args:
        coming: What is to be done; taken as needed. None stands for: wait for what is in hand.
        jobs: Processes; with one, and for a single group, everything is done here.
        alone: Reads a page here.
        process: Does a piece of work elsewhere; it is sent to the other processes by name.
    """
    ahead = iter(coming)
    # One group needs no process of its own; with one process nothing is taken before the last is done.
    first = list(islice(ahead, 2)) if jobs > 1 else []
    ahead = chain(first, ahead)
    if len(first) < 2 or None in first:
        yield from ((work, process_here(work, alone)) for work in ahead if work is not None)
        return
    while True:
        hand: deque[tuple[Work, Future[Result]]] = deque()
        with (
            safe_paths(),
            ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_behave) as pool,
        ):
            try:
                for work in ahead:
                    if work is not None:
                        hand.append((work, _submitted(pool, process, work)))
                        if len(hand) <= 2 * jobs:
                            continue
                    if not hand:
                        continue
                    yield hand[0][0], hand[0][1].result()
                    hand.popleft()
                while hand:
                    yield hand[0][0], hand[0][1].result()
                    hand.popleft()
            except (BrokenProcessPool, MemoryError):
                # What was in hand may hold the page that did it.
                pool.shutdown(wait=True, cancel_futures=True)
            except BaseException:
                _kill_workers(pool)
                raise
            else:
                return
        yield from ((work, process_here(work, alone)) for work, _ in hand)


def _kill_workers(pool: ProcessPoolExecutor) -> None:
    """End a pool whose results nobody wants: leaving it would wait for all that is in hand, minutes of it (Python 3.11).

    Python 3.14 has a method of this name.
    """
    processes = getattr(pool, "_processes", None) or {}
    for each in list(processes.values()):
        each.kill()
    pool.shutdown(wait=True, cancel_futures=True)


def _submitted(pool: ProcessPoolExecutor, process: Process, work: Work) -> Future[Result]:
    """Return the future of a piece of work; of a pool already broken, one that says so, so that the work stays in hand."""
    try:
        return pool.submit(process, work)
    except BrokenProcessPool as error:
        future: Future[Result] = Future()
        future.set_exception(error)
        return future


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
    """Bound what this process may take, leave Ctrl-C to the one that writes, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, _end_without_parent)
    signal.setitimer(signal.ITIMER_REAL, PARENT_SECONDS, PARENT_SECONDS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end_without_parent(*_: object) -> None:
    """End this process where the one that started it was killed: it would wait for work for ever (Python 3.11).

    A thread that waits for that would take 64 MB and more of the address space, which is limited.
    """
    parent = parent_process()
    if parent is not None and os.getppid() != parent.pid:
        os._exit(1)


def process_within_limits(work: Work) -> Result:
    """Do a piece of work; the kernel ends this process where that takes more than half a minute a page, or two a history."""
    look_seldom()
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = SECONDS_A_PAGE * max(1, len(work.pages)) if isinstance(work, Group) else SECONDS_A_HISTORY
    seconds = int(used.ru_utime + used.ru_stime) + 1 + most
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
    return process_group(work) if isinstance(work, Group) else process_versions(work)
