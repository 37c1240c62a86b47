"""A loopback server that plays every failure of a web archive, byte by byte as told, and keeps a log."""

import contextlib
import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.archive.limits import Limits
from crawler.archive.session import PoliteSession
from crawler.model import RequestKind

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


@dataclass
class Asked:
    """One request as the server saw it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    connection: int
    at: datetime


class FaultServer:
    """Answers with what `play` gives for a request: bytes to send, numbers of seconds to wait, None to reset."""

    def __init__(self) -> None:
        self.play: Callable[[Asked], Iterable[bytes | float | None]] = lambda _: [answer(404)]
        self.log: list[Asked] = []
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._closing = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.05)
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.host = f"127.0.0.1:{self.port}"
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    @property
    def connections(self) -> int:
        return len({asked.connection for asked in self.log})

    def stop_listening(self) -> None:
        """Refuse connections from now on, as the archive's firewall does."""
        self._closing.set()
        self._accepting.join(60)
        self._listener.close()
        for thread in self._threads:
            thread.join(60)

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            thread = threading.Thread(target=self._serve, args=(connection, len(self._threads)), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        connection.settimeout(0.05)
        with connection, contextlib.suppress(ConnectionError, TimeoutError):
            buffer = b""
            while not self._closing.is_set():
                try:
                    data = connection.recv(65536)
                except TimeoutError:
                    continue
                if not data:
                    return
                buffer += data
                while (asked := self._parse(buffer, number)) is not None:
                    buffer = b""
                    self.log.append(asked)
                    if not self._send(connection, self.play(asked)):
                        return

    def _parse(self, buffer: bytes, number: int) -> Asked | None:
        head, found, body = buffer.partition(b"\r\n\r\n")
        if not found:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
        if len(body) < int(headers.get("content-length", 0)):
            return None
        method, path, _ = first.split(" ", 2)
        return Asked(method, path, headers, body, number, self.clock())

    def _send(self, connection: socket.socket, script: Iterable[bytes | float | None]) -> bool:
        """Play a script; whether the connection stays open for another request."""
        for step in script:
            if isinstance(step, bytes):
                connection.settimeout(60)
                connection.sendall(step)
                connection.settimeout(0.05)
            elif step is None:
                return False
            else:
                self._closing.wait(step)
                if self._closing.is_set():
                    return False
        return True


def answer(
    status: int = 200, body: bytes = b"", headers: dict[str, str] | None = None, *, length: int | None = None
) -> bytes:
    """Return a whole HTTP answer; `length` may lie."""
    fields = {"Content-Length": str(len(body) if length is None else length), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} X\r\n{head}\r\n".encode("latin-1") + body


def memento(body: bytes = b"<html>page</html>", *, at: str, status: int = 200, **headers: str) -> bytes:
    """Return an archived answer of a capture time (14 digits)."""
    when = datetime.strptime(f"{at}+0000", "%Y%m%d%H%M%S%z").strftime("%a, %d %b %Y %H:%M:%S GMT")
    extra = {name.replace("_", "-"): value for name, value in headers.items()}
    return answer(status, body, {"Memento-Datetime": when, "Content-Type": "text/html", **extra})


def zipped(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


@dataclass
class Clock:
    """A time that passes only when somebody sleeps."""

    now: datetime = NOW
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=max(seconds, 0))


class Ledger:
    """`Pacing` in memory; the store's own is tested against several processes in test_politeness."""

    def __init__(self) -> None:
        self.free: dict[tuple[str, RequestKind], datetime] = {}
        self.pauses: dict[tuple[str, RequestKind], datetime] = {}
        self.success: dict[str, datetime] = {}
        self.penalties: dict[str, int] = {}

    def reserve(self, host, kind, *, per_minute, now):
        slot = max(now, self.free.get((host, kind), now), self.pauses.get((host, kind), now))
        self.free[host, kind] = slot + timedelta(minutes=1) / per_minute
        return slot

    def paused_until(self, host, kind, *, now=None):  # noqa: ARG002  no clock is set back here
        return self.pauses.get((host, kind))

    def pause(self, host, kind, *, until, reason, now=None):  # noqa: ARG002  likewise
        assert reason
        self.pauses[host, kind] = max(until, self.pauses.get((host, kind), until))

    def penalise(self, host, *, now, reason):
        self.penalties[host] = self.penalties.get(host, 0) + 1
        until = now + timedelta(hours=2 ** (self.penalties[host] - 1))
        for kind in RequestKind:
            self.pause(host, kind, until=until, reason=reason)
        return until

    def succeeded(self, host, *, now):
        self.success[host] = now
        self.penalties.pop(host, None)

    def last_success(self, host):
        return self.success.get(host)


@dataclass
class Bench:
    """What a test needs: a server, a clock, the ledger, a session over them."""

    server: FaultServer
    clock: Clock
    pacing: Ledger
    session: PoliteSession
    answer = staticmethod(answer)
    memento = staticmethod(memento)
    zipped = staticmethod(zipped)

    def another(self, **limits: float) -> PoliteSession:
        """Return a session with limits of its own, on the same ledger."""
        chosen = replace(QUICK, **limits)
        return PoliteSession(
            pacing=self.pacing,
            user_agent="variorum/test (+https://example.org/contact)",
            limits=chosen,
            local=None,
            clock=self.clock,
            sleep=self.clock.sleep,
        )

    def hasty(self, silence: float = 0.4) -> PoliteSession:
        """Ask with a deadline of one second from now on: for servers that never answer, not for a busy machine."""
        self.session.close()
        self.session = self.another(deadline=1.0, connect=0.5, silence=silence)
        return self.session

    def timed(self, call: Callable[[], object]) -> tuple[BaseException | None, float]:
        """Return the error that a call ends in, and how many seconds it took."""
        started = time.monotonic()
        error: BaseException | None = None
        try:
            call()
        except Exception as raised:  # noqa: BLE001  the test says which it should be
            error = raised
        return error, time.monotonic() - started


QUICK = Limits(
    cdx_per_minute=60_000,
    playback_per_minute=60_000,
    save_per_minute=60_000,
    deadline=20.0,
    connect=10.0,
    silence=10.0,
    body_bytes=100_000,
    tries=3,
)


@pytest.fixture
def bench():
    server, clock, pacing = FaultServer(), Clock(), Ledger()
    server.clock = clock
    made = Bench(server, clock, pacing, session=None)
    made.session = made.another()
    yield made
    made.session.close()
    server.stop_listening()
