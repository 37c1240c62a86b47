"""One HTTP exchange, whole and within its deadline, or an error that says how it failed."""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse, IncompleteRead
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from crawler.archive.encoding import CutOffError, TooLargeError, UnknownEncodingError, decoded
from crawler.archive.fields import whole_number
from crawler.archive.limits import Limits
from crawler.errors import BodyEncodingError, BodyTooLargeError, ConfigError, InputError, UnreachableError

_STEP = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is sent.

    Attributes:
        method: `GET` or `POST`.
        url: The address.
        headers: Headers in addition to the session's own.
        form: Fields of a form to post, or None.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A complete answer.

    Attributes:
        url: The address asked.
        status: HTTP status.
        headers: Header values by name in lower case; repeated ones joined by a comma.
        last: The last value of each repeated header: an archive that passes a page's headers on writes its own last.
        body: The bytes, content encoding undone.
        raw: The bytes as they came, less the transfer coding.
        fields: The header fields as they came, repeated ones and letter case and all.
        sized: Whether the answer said how long it is, so that an empty body is known to be whole.
    """

    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    last: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    raw: bytes = b""
    fields: tuple[tuple[str, str], ...] = ()
    sized: bool = True

    def header(self, name: str) -> str | None:
        """Return a header's value, or None."""
        return self.headers.get(name.lower())

    def own_header(self, name: str) -> str | None:
        """Return a header's value as the archive wrote it, where the page it replays sent the same, or None."""
        return self.last.get(name.lower(), self.headers.get(name.lower()))

    @property
    def text(self) -> str:
        """The body as UTF-8, unreadable bytes replaced: for an archive's own words, never for pages."""
        return self.body.decode("utf-8", "replace")


class BrokenError(Exception):
    """An answer that did not arrive whole; asking again may help, and the message says how it broke."""


class RefusedError(Exception):
    """Nobody listens, or a firewall says so."""


class ForbiddenError(Exception):
    """The host's name leads to a network address that may not be asked; nothing was sent to it."""


class _HeaderLines:
    """Reads header lines; the end of the stream inside them is an error, where http.client takes it for their end."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._first = True

    def readline(self, limit: int = -1) -> bytes:
        line: bytes = self._stream.readline(limit)
        if not line.endswith(b"\n") and not (self._first and not line) and len(line) != limit:
            raise IncompleteRead(line)
        self._first = False
        return line

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _WholeResponse(HTTPResponse):
    """An answer whose headers are known to have come whole."""

    def begin(self) -> None:
        stream = self.fp
        lines: Any = _HeaderLines(stream)
        self.fp = lines
        super().begin()
        if self.fp is lines:
            self.fp = stream


class _Watched(HTTPConnection):
    """A connection whose socket can be shut from outside, so that no trickle outlives its deadline."""

    watch: "_Watch"
    response_class = _WholeResponse

    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn()
        if self.watch.permits is not None and not self.watch.permits(sock.getpeername()[0]):
            sock.close()
            raise ForbiddenError
        self.watch.sockets.append(sock)
        return sock


class _WatchedTLS(_Watched, HTTPSConnection):
    """The same over TLS, its handshake included."""


class _Watch:
    """Shuts a request's sockets when its time is up: neither a header nor a chunk that trickles gets past."""

    def __init__(self, permits: Callable[[str], bool] | None = None) -> None:
        self.sockets: list[socket.socket] = []
        self.expired = False
        self.permits = permits

    def expire(self) -> None:
        self.expired = True
        for sock in self.sockets:
            try:
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
            except OSError:
                continue

    @contextmanager
    def running(self, seconds: float) -> Iterator[None]:
        self.expired = False
        self.sockets[:] = [sock for sock in self.sockets if sock.fileno() >= 0]
        timer = threading.Timer(max(seconds, 0.001), self.expire)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()


class _Adapter(HTTPAdapter):
    """Opens watched connections, one a host, kept for the next request."""

    def __init__(self, watch: _Watch) -> None:
        self._watch = watch
        super().__init__(pool_connections=4, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        plain = type("_Plain", (_Watched,), {"watch": self._watch})
        tls = type("_TLS", (_WatchedTLS,), {"watch": self._watch})
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("_Pool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("_PoolTLS", (HTTPSConnectionPool,), {"ConnectionCls": tls}),
        }


class _Session(requests.Session):
    """requests without its own look at redirects, which reads their bodies whole and trips over bad addresses."""

    def __init__(self) -> None:
        super().__init__()
        self._environment: dict[tuple[str, str], Any] = {}

    def merge_environment_settings(
        self, url: str | bytes | None, proxies: Any, stream: Any, verify: Any, cert: Any
    ) -> Any:
        """Return what the environment says of proxies and certificates for a host.

        It is asked once: looking through it at each request took a twentieth of what a capture costs (2026-11-29). All requests
        are sent with the same settings of ours.
        """
        parts = urlsplit(str(url))
        known = self._environment.get((parts.scheme, parts.netloc))
        if known is None:
            known = super().merge_environment_settings(url, proxies, stream, verify, cert)
            self._environment[parts.scheme, parts.netloc] = known
        return dict(known)

    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002  the signature is the library's
        return None


def _anonymous(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Add no credentials: the library would take them from ~/.netrc where nobody else gives any."""
    return request


class Wire:
    """Keeps one connection a host and sends requests over it, one at a time.

    Args:
        user_agent: Names the program and its user's contact.
        permits: Returns whether a network address may be asked, once a connection shows to which a name led;
            None permits all.
    """

    def __init__(self, user_agent: str, *, permits: Callable[[str], bool] | None = None) -> None:
        self._watch = _Watch(permits)
        self._http = _Session()
        # What an archive replays may set cookies, for the archive's host; and keys of ~/.netrc are for nobody here.
        self._http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._http.auth = _anonymous
        self._http.headers.update({"User-Agent": user_agent, "Accept-Encoding": "gzip, deflate"})
        for scheme in ("http://", "https://"):
            self._http.mount(scheme, _Adapter(self._watch))

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def exchange(self, request: Request, limits: Limits, *, left: float) -> Reply:
        """Send once, follow no redirect, read the whole answer.

        Args:
            request: What to send.
            limits: The size and the silences that are borne.
            left: Seconds until the answer must be there.

        Raises:
            BrokenError: It did not arrive whole.
            RefusedError: The connection was refused.
            UnreachableError: No connection, for a reason that a second try would not change.
            BodyTooLargeError: It is larger than the limit.
            BodyEncodingError: It is in an encoding that is not read.
            ConfigError: The address is none.
            InputError: The host's name leads to an address that may not be asked.
        """
        with self._watch.running(left):
            try:
                response = self._http.request(
                    request.method,
                    request.url,
                    headers=dict(request.headers),
                    data=dict(request.form) if request.form is not None else None,
                    stream=True,
                    allow_redirects=False,
                    timeout=(min(limits.connect, left), min(limits.silence, left)),
                )
                with response:
                    reply = _read(response, limits)
            except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, UnicodeError) as error:
                raise ConfigError(f"{request.url} is no address that can be asked ({error}).") from error
            except ForbiddenError as error:
                host = urlsplit(request.url).hostname
                raise InputError(
                    f"{host} leads to a network address that is not public; nothing was asked of it."
                ) from error
            except (requests.RequestException, HTTPError, HTTPException, OSError) as error:
                if self._watch.expired:
                    raise BrokenError(f"the deadline of {limits.deadline:g} s passed") from error
                raise _meaning(error, request.url) from error
        if self._watch.expired:
            raise BrokenError(f"the deadline of {limits.deadline:g} s passed")
        return reply


def _read(response: requests.Response, limits: Limits) -> Reply:
    """Read a body as its bytes arrive: `iter_content` would wait for whole chunks."""
    pieces: list[bytes] = []
    size = 0
    while piece := response.raw.read1(_STEP, decode_content=False):
        size += len(piece)
        if size > limits.body_bytes:
            raise BodyTooLargeError(_too_large(response.url, limits), limit=limits.body_bytes)
        pieces.append(piece)
    headers = {name.lower(): value for name, value in response.headers.items()}
    length = whole_number(headers.get("content-length"))
    chunked = "chunked" in headers.get("transfer-encoding", "").lower()
    if length is not None and not chunked and size != length:
        raise BrokenError(f"{size} of {length} bytes came")
    raw = b"".join(pieces)
    return Reply(
        url=response.url,
        status=response.status_code,
        headers=headers,
        last=_last_of_repeated(response.raw.headers),
        body=_undone(raw, headers, response.url, limits),
        raw=raw,
        fields=tuple(response.raw.headers.iteritems()),
        sized=length is not None or chunked,
    )


def _last_of_repeated(headers: Any) -> dict[str, str]:
    """Return the last value of each header that came more than once, by name in lower case."""
    values: dict[str, list[str]] = {}
    for name, value in headers.iteritems():
        values.setdefault(name.lower(), []).append(value)
    return {name: several[-1] for name, several in values.items() if len(several) > 1}


def _undone(body: bytes, headers: Mapping[str, str], url: str, limits: Limits) -> bytes:
    encoding = headers.get("content-encoding")
    try:
        return decoded(
            body, encoding=encoding, content_type=headers.get("content-type"), limit=limits.body_bytes
        )
    except TooLargeError as error:
        raise BodyTooLargeError(_too_large(url, limits), limit=limits.body_bytes) from error
    except UnknownEncodingError as error:
        raise BodyEncodingError(f"{url} came encoded as {encoding}, which cannot be undone here.") from error
    except CutOffError as error:
        raise BrokenError(f"its compressed body is cut off or damaged: {error}") from error


def _meaning(error: Exception, url: str) -> Exception:
    """Return what a failed exchange means to the caller."""
    if isinstance(error, requests.exceptions.InvalidHeader):
        # Its message shows the header's value, which may be a key.
        return ConfigError(
            f"A setting that is sent to {urlsplit(url).hostname} holds a character that no header may."
        )
    if isinstance(error, requests.exceptions.ProxyError):
        return UnreachableError(f"The proxy on the way to {url} does not answer: {error}.")
    if _at_bottom(error, ConnectionRefusedError):
        return RefusedError()
    if isinstance(error, requests.exceptions.SSLError):
        return UnreachableError(f"No trusted TLS connection to {url}: {error}.")
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return UnreachableError(f"No connection to {url} in time; try again later.", retry_after=60)
    if _at_bottom(error, socket.gaierror):
        host = urlsplit(url).hostname
        return UnreachableError(
            f"The host {host} cannot be found: check the network and archive.url.", retry_after=60
        )
    return BrokenError(f"{type(error).__name__}: {error}")


def _too_large(url: str, limits: Limits) -> str:
    return f"{url} is larger than {limits.body_bytes / 1e6:g} MB; raise limits.body_megabytes to take it."


def _at_bottom(error: BaseException | None, kind: type[BaseException]) -> bool:
    """Whether an error of a kind, such as a refused connection, is at the bottom of another."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, kind):
            return True
        seen.add(id(error))
        inner = next((arg for arg in error.args if isinstance(arg, BaseException)), None)
        reason = getattr(inner, "reason", None) or getattr(error, "reason", None)
        error = (
            error.__cause__ or (reason if isinstance(reason, BaseException) else None) or error.__context__
        )
    return False
