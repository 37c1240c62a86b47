"""How hard, how long and how much an archive may be asked."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from crawler.model import RequestKind

# As of 2023-11-27 web.archive.org sends no Retry-After with a 429, and EDGI's client waits 60 s (wayback, _client.py).
PAUSE_WITHOUT_WORD = 60.0
# A 429 ignored for more than a minute costs an hour at the firewall (archive staff, edgi-govdata-archiving/wayback#137).
LONGEST_PAUSE = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one archive host may be asked.

    The defaults are 80 % of the hard limits that web.archive.org enforces as of 2026-06: CDX 30 a minute and
    playback 600 a minute per network (edgi-govdata-archiving/wayback#206 and PR #208); saves 3 a minute for
    anonymous users (Save Page Now's documents as fetched 2026-09-13).

    Attributes:
        cdx_per_minute: Index queries a minute.
        playback_per_minute: Page bodies a minute.
        save_per_minute: Save requests a minute.
        deadline: Seconds that one request may take, tries included and waiting for its slot not, however
            slowly bytes arrive.
        connect: Seconds to wait for a connection.
        silence: Seconds to wait for the next byte. An index query was measured at 52 s before its first
            (spn-client's notes, 2026-09-28).
        body_bytes: The largest body taken, before and after its content encoding is undone.
        tries: How often a broken answer or a 5xx is asked for again, the first time included.
        longest_wait: The longest wait for a slot, in seconds, after which the caller has to come back.
    """

    cdx_per_minute: float = 24
    playback_per_minute: float = 480
    save_per_minute: float = 3
    deadline: float = 90
    connect: float = 10
    silence: float = 60
    body_bytes: int = 20_000_000
    tries: int = 3
    longest_wait: float = 90

    def per_minute(self, kind: RequestKind) -> float:
        """Return how many requests of a kind may be sent in a minute."""
        return {
            RequestKind.CDX: self.cdx_per_minute,
            RequestKind.PLAYBACK: self.playback_per_minute,
            RequestKind.SAVE: self.save_per_minute,
        }[kind]


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, so that nobody else can read what is sent to it."""
    if host.lower() == "localhost" or host.lower().endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def pause_asked_for(retry_after: str | None, *, now: datetime) -> float:
    """Return the seconds to pause that a Retry-After header asks for, within reason.

    Args:
        retry_after: Seconds or an HTTP date (RFC 9110, 10.2.3), or None.
        now: The time of the answer (aware UTC).

    Returns:
        Between 1 and 3600; 60 where the header is absent, unreadable or in the past.
    """
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        seconds = float(text[:12])
    else:
        try:
            when = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return PAUSE_WITHOUT_WORD
        seconds = (when - now).total_seconds() if when.tzinfo else -1.0
    if seconds < 0:
        return PAUSE_WITHOUT_WORD
    return min(max(seconds, 1.0), LONGEST_PAUSE)
