"""Reads pages and compares their versions in processes apart, so that no page can crash, fill or stall the one that asks.

Such a process lives from page to page; one that dies, grows past its memory or takes too long is replaced. Its
page becomes an article that is suspect and says why; a later parser reads it again by `variorum rebuild`. A
history that takes too long is an error, and the findings of its target stay as they are.
"""

import os
import pickle
import resource
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import IO, TYPE_CHECKING, Any, Self

from crawler.codec import note_packed, packed, unpacked
from crawler.errors import HistoryError, ParserError, StoreError
from crawler.garbage import look_seldom
from diffs.model import Article, History, Observation

if TYPE_CHECKING:
    from crawler.parser import Template

HEADER = struct.Struct(">Q")
READY = b"ready"
START_SECONDS = 60.0
OUT_OF_MEMORY = 77
LARGEST_ANSWER = 1 << 28
# How soon a child notices that it is alone; looking costs microseconds.
ORPHAN_SECONDS = 1.0
# Of a machine whose processors are shared by three times as many processes a child gets a third (2026-11-28: 6,000
# figures in four versions took 60 s by the clock with eight processes on two cores).
PATIENCE = 4.0


class Task(StrEnum):
    """What a child does."""

    PARSE = "parse"
    HISTORY = "history"


class Sandbox:
    """One child with bounded time and memory; a context manager, safe to share between threads.

    Args:
        task: What the child does.
        seconds: How much processor time one request may take; by the clock four times as long, since a busy
            machine says nothing about a page.
        memory_mib: How much address space the child may take, its libraries included.
    """

    def __init__(self, task: Task, *, seconds: float, memory_mib: int) -> None:
        self.task, self.seconds, self.memory_mib = task, seconds, memory_mib
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child."""
        with self._lock:
            self._end()

    @property
    def _who(self) -> str:
        return "the parser" if self.task is Task.PARSE else "the comparison"

    def _ask(self, request: bytes) -> bytes | str:
        """Return the child's answer, or what became of the child."""
        child = self._running()
        try:
            assert child.stdin is not None
            assert child.stdout is not None
            deadline = time.monotonic() + PATIENCE * self.seconds
            child.stdin.write(HEADER.pack(len(request)) + request)
            child.stdin.flush()
            size = HEADER.unpack(_read(child.stdout, HEADER.size, deadline))[0]
            if size <= LARGEST_ANSWER:
                return _read(child.stdout, size, deadline)
            self._end()
        except TimeoutError:
            self._end()
            return f"{self._who} took longer than {PATIENCE * self.seconds:g} s"
        except (EOFError, BrokenPipeError):
            return self._cause_of_death()
        return f"{self._who} answered with something that cannot be read"

    def _running(self) -> subprocess.Popen[bytes]:
        """Return the child, started and ready."""
        if self._child is not None and self._child.poll() is None:
            return self._child
        self._end()
        limits = [self.task.value, str(self.memory_mib), str(max(1, round(self.seconds)))]
        try:
            self._child = subprocess.Popen(  # noqa: S603  our own interpreter and module, numbers as arguments
                # -P: the working directory may hold anything, and none of it is ours to import.
                [sys.executable, "-P", "-m", "crawler.sandbox", *limits],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,
            )
            assert self._child.stdout is not None
            _read(self._child.stdout, len(READY), time.monotonic() + START_SECONDS)
        except (TimeoutError, EOFError, OSError) as error:
            self._end()
            why = str(error) or "it ended or stayed silent at its start"
            raise ParserError(
                f"The process that reads pages could not be started ({why}); try again."
            ) from error
        return self._child

    def _cause_of_death(self) -> str:
        assert self._child is not None
        code = self._child.wait(60)
        self._end()
        if code == OUT_OF_MEMORY:
            return f"{self._who} needed more than {self.memory_mib} MiB"
        if code == -signal.SIGXCPU:
            return f"{self._who} took longer than {self.seconds:g} s of processor time"
        name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return f"{self._who} crashed ({name})"

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait(60)
        for stream in (child.stdin, child.stdout):
            _close(stream)


class SandboxedParser(Sandbox):
    """A sandbox that reads pages."""

    def __init__(self, *, seconds: float = 30.0, memory_mib: int = 1024) -> None:
        super().__init__(Task.PARSE, seconds=seconds, memory_mib=memory_mib)

    def parse(
        self,
        body: bytes,
        *,
        url: str,
        captured_at: datetime | None = None,
        content_type: str | None = None,
        template: "Template | None" = None,
    ) -> Article:
        """Read a page as `crawler.parser.parse` does, or say in `suspect` why it could not be read.

        Raises:
            ParserError: The child could not be started, which says nothing about the page.
        """
        asked = {"url": url, "captured_at": captured_at, "content_type": content_type, "template": template}
        with self._lock:
            answer = self._ask(pickle.dumps((body, asked)))
            if isinstance(answer, bytes):
                try:
                    read: Article = unpacked(Article, answer, url)
                except StoreError:
                    self._end()
                    answer = "the parser answered with something that cannot be read"
                else:
                    note_packed(read, answer)
                    return read
        from crawler.parser import PARSER_VERSION  # noqa: PLC0415  loaded by the child that reads pages, and seldom here

        return Article(
            url=url, captured_at=captured_at, parser=PARSER_VERSION, suspect=f"quarantined: {answer}"
        )


class SandboxedHistory(Sandbox):
    """A sandbox that compares the versions of a page."""

    def __init__(self, *, seconds: float = 120.0, memory_mib: int = 2048) -> None:
        super().__init__(Task.HISTORY, seconds=seconds, memory_mib=memory_mib)

    def compose(
        self,
        observations: Sequence[Observation],
        articles: Mapping[str, Article],
        *,
        url: str,
        aliases: Sequence[str],
    ) -> History:
        """Put a history together as `compose_history` does.

        Raises:
            HistoryError: It took too long or too much memory, or the child crashed.
            ParserError: The child could not be started, which says nothing about the page.
        """
        asked = (tuple(observations), dict(articles), {"url": url, "aliases": tuple(aliases)})
        with self._lock:
            answer = self._ask(pickle.dumps(asked))
        if isinstance(answer, str):
            raise HistoryError(f"The versions of {url} could not be compared: {answer}. Its findings stay.")
        # The child reads no page's bytes, only articles that were read before: what it answers is its own.
        history: History = pickle.loads(answer)  # noqa: S301
        return history


def compose_history(
    observations: Sequence[Observation],
    articles: Mapping[str, Article],
    *,
    url: str,
    aliases: Sequence[str],
) -> History:
    """Put a page's history together from its captures and the articles that they show, by fingerprint."""
    from diffs.history import history_of, reconciled, revisions_in  # noqa: PLC0415  no child loads what another does

    seen, disagreements = reconciled(observations, articles)
    revisions = revisions_in(seen, articles)
    return history_of(revisions, seen, url=url, aliases=aliases, disagreements=disagreements)


def _close(stream: IO[bytes] | None) -> None:
    if stream is None:
        return
    try:
        stream.close()
    except BrokenPipeError:
        # What was still buffered for a dead child.
        return


def _read(stream: IO[bytes], size: int, deadline: float) -> bytes:
    """Read so many bytes before the deadline (by the monotonic clock)."""
    data = bytearray()
    while len(data) < size:
        wait = deadline - time.monotonic()
        if wait <= 0 or not select.select([stream], [], [], wait)[0]:
            raise TimeoutError
        more = os.read(stream.fileno(), min(size - len(data), 1 << 20))
        if not more:
            raise EOFError
        data += more
    return bytes(data)


def serve(task: Task, memory_mib: int, seconds: int) -> None:
    """Be the child: answer requests on stdin until it ends."""
    if task is Task.PARSE:
        from crawler.parser import parse  # noqa: PLC0415  looked up late, so that a test can put a page bomb in its place
    else:
        import diffs.history  # noqa: F401, PLC0415  before the limits, and before the first request is timed

    look_seldom()
    _end_with(os.getppid())
    limit = memory_mib * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not be taken for an answer
    answers.write(READY)
    answers.flush()
    while header := asked.read(HEADER.size):
        _limit_time(seconds)
        *given, fields = pickle.loads(asked.read(HEADER.unpack(header)[0]))  # noqa: S301  from our parent only
        if task is Task.PARSE:
            answer = packed(parse(*given, **fields))
        else:
            answer = pickle.dumps(compose_history(*given, **fields))
        answers.write(HEADER.pack(len(answer)) + answer)
        answers.flush()


def _end_with(parent: int) -> None:
    """Have this process end soon after the one that asks it, however that ended: nobody wants the page in hand then.

    A thread that waits for that would take 64 MB and more of the address space, which is limited.
    """

    def look(*_: object) -> None:
        if os.getppid() != parent:
            os._exit(1)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, ORPHAN_SECONDS, ORPHAN_SECONDS)


def _limit_time(seconds: int) -> None:
    """Let the kernel end this process once one more page has used so many seconds of processor time."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(
        resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, resource.RLIM_INFINITY)
    )


def main(arguments: list[str]) -> Any:
    """Serve, and tell running out of memory by the exit code."""
    try:
        serve(Task(arguments[0]), int(arguments[1]), int(arguments[2]))
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
