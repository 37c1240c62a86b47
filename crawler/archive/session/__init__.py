"""Polite HTTP: the only door to requests, where every process's pacing and refusals meet."""

import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from crawler.address import is_local
from crawler.archive.limits import Limits, pause_asked_for
from crawler.archive.session.wire import BrokenError, RefusedError, Reply, Request, Wire
from crawler.errors import ArchiveError, ConfigError, PenaltyError, RateLimitError, UnreachableError
from crawler.model import Pacing, RequestKind

__all__ = ["LOCAL", "LostReplyError", "PoliteSession", "Reply", "host_of"]

# A slot is good for so long; sent later, it would crowd the minute that follows.
SLOT_SECONDS = 0.5
# No pause is set for more than a day; one further ahead was set by a clock that ran wrong, and reserving repairs it.
BELIEVABLE_PAUSE = timedelta(hours=25)
TRANSIENT = {408, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529}
LOCAL = Limits(cdx_per_minute=60_000, playback_per_minute=60_000, save_per_minute=6_000)


class LostReplyError(UnreachableError):
    """A request was sent but its answer did not come whole; what it asked for may have been done."""


class PoliteSession:
    """Sends requests one at a time, each in a slot that all processes share.

    Redirects are never followed here: an answer is given as it came, and who follows it looks where to.

    Args:
        pacing: The limit shared by all processes.
        user_agent: Names the program and its user's contact.
        limits: For hosts on the public network.
        local: For this machine and private networks, where a refused connection is no ban; where None, they
            are treated as public.
        paces: The limits of hosts that have their own, by host and port (`host_of`).
        clock: Returns the time (aware UTC).
        sleep: Waits so many seconds.
        timer: A clock that only runs forward, in seconds, for deadlines.
        permits: Returns whether a network address may be asked, once a connection shows to which a host's name
            led; None permits all.
    """

    def __init__(
        self,
        *,
        pacing: Pacing,
        user_agent: str,
        limits: Limits | None = None,
        local: Limits | None = LOCAL,
        paces: Mapping[str, Limits] | None = None,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
        timer: Callable[[], float] = time.monotonic,
        permits: Callable[[str], bool] | None = None,
    ) -> None:
        self._pacing = pacing
        self._limits = limits or Limits()
        self._local = local
        self._paces = paces or {}
        self._clock = clock
        self._sleep = sleep
        self._timer = timer
        self._wire = Wire(user_agent, permits=permits)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the connections go."""
        self._wire.close()

    def now(self) -> datetime:
        """Return the time (aware UTC)."""
        return self._clock()

    def rest(self, seconds: float) -> None:
        """Wait before asking about something that takes its time."""
        self._sleep(seconds)

    def limits_for(self, url: str) -> Limits:
        """Return the limits in force for an address."""
        own = self._paces.get(host_of(url)) if self._paces else None
        if own is not None:
            return own
        return self._local if self._local is not None and self._is_local(url) else self._limits

    def _is_local(self, url: str) -> bool:
        return self._local is not None and is_local(urlsplit(url).hostname or "")

    def get(self, url: str, *, kind: RequestKind, headers: Mapping[str, str] | None = None) -> Reply:
        """Ask for an address.

        Returns any complete answer but a rate limit or a passing failure of the archive's own: an answer
        that carries `Memento-Datetime` is an archived page whatever its status.

        Raises:
            RateLimitError: The archive answered 429, a pause is in force, or the queue is too long.
            PenaltyError: The connection was refused after the host had answered before.
            UnreachableError: No whole answer within the deadline and the tries, or a 5xx.
            UnexpectedReplyError: The answer is too large or in an unknown encoding.
            ConfigError: The address is none.
        """
        return self._send(Request(method="GET", url=url, headers=headers or {}), kind)

    def post(
        self,
        url: str,
        *,
        kind: RequestKind,
        form: Mapping[str, str],
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a form, once.

        Raises:
            LostReplyError: No whole answer came; what was asked for may have been done.
            ArchiveError: Otherwise as `get`, which also asks only once for a save.
        """
        return self._send(Request(method="POST", url=url, headers=headers or {}, form=form), kind)

    def _send(self, request: Request, kind: RequestKind) -> Reply:
        host, limits = host_of(request.url), self.limits_for(request.url)
        once = request.method != "GET" or kind is RequestKind.SAVE
        tries = 1 if once else limits.tries
        left = limits.deadline
        for attempt in range(1, tries + 1):
            self._await_slot(host, kind, limits)
            started = self._timer()
            try:
                reply = self._wire.exchange(request, limits, left=left)
            except BrokenError as error:
                trouble = str(error)
            except RefusedError as error:
                raise self._refusal(host, ours=self._is_local(request.url)) from error
            else:
                self._judge(reply, host, kind)
                if reply.status not in TRANSIENT or reply.header("memento-datetime"):
                    return reply
                trouble = f"status {reply.status}"
            left -= self._timer() - started
            if left <= 0 or attempt == tries:
                break
            self._sleep(2.0**attempt)
        message = f"{host} gave no whole answer ({trouble}) to {request.url}; try again later."
        raise LostReplyError(message) if once else UnreachableError(message)

    def _await_slot(self, host: str, kind: RequestKind, limits: Limits) -> None:
        """Wait for a slot; a slot met too late is given up for another."""
        # Slots lie a little further apart than the rate asks, so that one used at its very end still keeps the minute.
        rate = limits.per_minute(kind) * 60 / (60 + SLOT_SECONDS)
        deadline = self._clock() + timedelta(seconds=limits.longest_wait)
        while True:
            self._heed_pause(host, kind)
            slot = self._pacing.reserve(host, kind, per_minute=rate, now=self._clock())
            wait = (slot - self._clock()).total_seconds()
            if slot > deadline:
                self._heed_pause(host, kind)
                raise RateLimitError(
                    f"The queue for {host} is {wait:.0f} s long; other processes are asking it. Try again later.",
                    retry_after=wait,
                )
            if wait > 0:
                self._sleep(wait)
            self._heed_pause(host, kind)
            if (self._clock() - slot).total_seconds() <= SLOT_SECONDS:
                return

    def _heed_pause(self, host: str, kind: RequestKind) -> None:
        now = self._clock()
        until = self._pacing.paused_until(host, kind, now=now)
        if until is None or until <= now or until - now > BELIEVABLE_PAUSE:
            return
        if all(self._pacing.paused_until(host, other, now=now) == until for other in RequestKind):
            raise _penalty(host, until, now)
        raise RateLimitError(
            f"{host} asked for a pause: no {kind} request before {until:%Y-%m-%d %H:%M:%S} UTC.",
            retry_after=(until - now).total_seconds(),
        )

    def _judge(self, reply: Reply, host: str, kind: RequestKind) -> None:
        """Report to the other processes what the answer means for all; raise where it ends the request."""
        now = self._clock()
        if reply.header("memento-datetime"):
            self._pacing.succeeded(host, now=now)
            return
        asked = reply.header("retry-after")
        if reply.status == 429 or (reply.status == 503 and asked):
            seconds = pause_asked_for(asked, now=now)
            until = now + timedelta(seconds=seconds)
            self._pacing.pause(host, kind, until=until, reason=f"status {reply.status}", now=now)
            message = f"{host} answered {reply.status}: no {kind} request for {seconds:.0f} s.{_words(reply)}"
            if reply.status == 429:
                raise RateLimitError(message, retry_after=seconds)
            raise UnreachableError(message, retry_after=seconds)
        self._pacing.succeeded(host, now=now)

    def _refusal(self, host: str, *, ours: bool) -> ArchiveError:
        """A refused connection is how web.archive.org bans those who ignored a 429 (its staff, 2023)."""
        now = self._clock()
        if ours:
            return UnreachableError(f"{host} refuses connections; is it running? Check archive.url.")
        if self._pacing.last_success(host) is None:
            return UnreachableError(
                f"{host} refuses connections and never answered yet; check archive.url and that it runs."
            )
        until = self._pacing.penalise(host, now=now, reason="connection refused")
        return _penalty(host, until, now)


def _words(reply: Reply) -> str:
    """Return what the service itself says, where it says it in a sentence."""
    found = re.search(r'"message"\s*:\s*"([^"]{1,200})"', reply.text[:5000])
    return f" It says: {found[1]}" if found else ""


def _penalty(host: str, until: datetime, now: datetime) -> PenaltyError:
    return PenaltyError(
        f"{host} refuses connections after it had answered, which is how it bans; nothing is asked of it "
        f"before {until:%Y-%m-%d %H:%M} UTC.",
        retry_after=max((until - now).total_seconds(), 0.0),
    )


def host_of(url: str) -> str:
    """Return host and port, by which pacing knows an archive.

    Raises:
        ConfigError: The address is none.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ConfigError(f"{url} is no address: {error}. Check archive.url.") from error
    if parts.scheme not in ("http", "https") or not host:
        raise ConfigError(f"{url} is no http(s) address. Check archive.url.")
    return host if port is None else f"{host}:{port}"
