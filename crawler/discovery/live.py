"""The only live requests: sources of hosts that the user allows, politely, and never into private networks."""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

from crawler.address import is_local, page_address
from crawler.archive import Limits
from crawler.archive.session import PoliteSession, Reply, host_of
from crawler.discovery.entries import MOST_BYTES
from crawler.errors import BlockedError, InputError, UnexpectedReplyError, UnreachableError
from crawler.model import Pacing, RequestKind
from crawler.tracking.robots_rules import may_read

AGENT = "variorum"
PER_MINUTE = 1.0
MOST_REDIRECTS = 3
ROBOTS_AGE = timedelta(days=1)
# RFC 9309, 2.5 asks crawlers to read at least 500 KiB.
_LONGEST_ROBOTS = 512 * 1024
# Tunnels inside IPv6 that lead to an IPv4 address: RFC 3056 and RFC 6052.
_SIX_TO_FOUR = ipaddress.ip_network("2002::/16")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What a host answered.

    Attributes:
        url: The address at the end of redirects.
        body: The bytes, or None where nothing changed since.
        content_type: The Content-Type.
        etag: What it sends to tell versions apart, or None.
        last_modified: Likewise, as a date.
    """

    url: str
    body: bytes | None
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None


def is_public(address: str) -> bool:
    """Return whether a network address lies in the public internet, also at the end of a tunnel (RFC 6890)."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if found.teredo is not None:
            return False
        if found in _SIX_TO_FOUR:
            return is_public(str(ipaddress.IPv4Address((int(found) >> 80) & 0xFFFFFFFF)))
        if found in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
    return found.is_global and not found.is_multicast


def addresses_of(host: str) -> list[str]:
    """Return the network addresses of a host, as the system's resolver gives them.

    Raises:
        UnreachableError: It cannot be found.
    """
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise UnreachableError(f"The host {host} cannot be found.", retry_after=3600) from error


class LiveDoor:
    """Asks allowed hosts, each at most once a minute over all processes; robots.txt is heeded.

    Args:
        hosts: What is allowed, as `host` or `host:port`; a private one only where it is named itself.
        pacing: The limit that all processes on the store share.
        user_agent: Names the program and its user's contact.
        clock: Returns the time (aware UTC).
        sleep: Waits so many seconds.
        resolve: Returns a host's network addresses.
    """

    def __init__(
        self,
        hosts: Sequence[str],
        *,
        pacing: Pacing,
        user_agent: str,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
        resolve: Callable[[str], list[str]] = addresses_of,
    ) -> None:
        self._hosts, self._clock, self._resolve = frozenset(hosts), clock, resolve
        self._robots: dict[str, tuple[datetime, str]] = {}
        limits = Limits(
            playback_per_minute=PER_MINUTE,
            deadline=60,
            silence=20,
            body_bytes=MOST_BYTES,
            tries=1,
            longest_wait=150,
        )
        self._private = False
        self._session = PoliteSession(
            pacing=pacing,
            user_agent=user_agent,
            limits=limits,
            local=None,
            clock=clock,
            sleep=sleep,
            permits=lambda address: self._private or is_public(address),
        )

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def allows(self, url: str) -> bool:
        """Return whether an address's host is allowed."""
        return host_of(url) in self._hosts

    def fetch(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Served:
        """Ask for a source, unless nothing changed since the marks it sent last.

        Raises:
            BlockedError: robots.txt keeps this program out.
            InputError: It leads to a host that is not allowed, or into a private network.
            ArchiveError: The host does not answer, or asks for a pause.
        """
        marks = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in marks.items() if value}
        for _ in range(MOST_REDIRECTS + 1):
            self._heed_robots(url)
            reply = self._get(url, headers)
            if reply.status == 304:
                return Served(url=url, body=None)
            if reply.status not in (301, 302, 303, 307, 308):
                break
            url = self._target_of(reply, url)
        else:
            raise UnexpectedReplyError(
                f"{url} leads on more than {MOST_REDIRECTS} times; it was not followed."
            )
        if reply.status != 200:
            raise UnexpectedReplyError(f"{url} answered {reply.status}; check the address of the source.")
        return Served(
            url=url,
            body=reply.body,
            content_type=reply.header("content-type"),
            etag=reply.header("etag"),
            last_modified=reply.header("last-modified"),
        )

    def _target_of(self, reply: Reply, url: str) -> str:
        """Return where an answer leads; another host than an allowed one is refused."""
        address = page_address(urljoin(url, reply.header("location") or ""))
        if not self.allows(address):
            raise InputError(f"{url} leads to {urlsplit(address).hostname}, which is not in discovery.live.")
        return address

    def _get(self, url: str, headers: dict[str, str]) -> Reply:
        """Ask once, after the host's name was resolved; where a connection leads is looked at again."""
        if not self.allows(url):
            raise InputError(f"{urlsplit(url).hostname} is not in discovery.live; it is not asked.")
        host = urlsplit(url).hostname or ""
        self._private = is_local(host)
        wrong = [] if self._private else [each for each in self._resolve(host) if not is_public(each)]
        if wrong:
            raise InputError(
                f"{host} leads to a network address that is not public; nothing was asked of it."
            )
        return self._session.get(url, kind=RequestKind.PLAYBACK, headers=headers)

    def _heed_robots(self, url: str) -> None:
        host, now = host_of(url), self._clock()
        known = self._robots.get(host)
        if known is None or now - known[0] > ROBOTS_AGE:
            known = self._robots[host] = (now, self._rules(url))
        if not may_read(known[1], AGENT, url):
            raise BlockedError(f"robots.txt of {host} keeps this program from {url}; it is not asked.")

    def _rules(self, url: str) -> str:
        """Read a host's robots.txt; RFC 9309, 2.3.1: absent allows everything, a host that fails forbids it."""
        address = urljoin(url, "/robots.txt")
        reply = self._get(address, {})
        if reply.status in (301, 302, 303, 307, 308):
            reply = self._get(self._target_of(reply, address), {})
        return reply.body[:_LONGEST_ROBOTS].decode("utf-8-sig", "replace") if reply.status == 200 else ""
