"""The bytes of a capture, with proof that they are the ones asked for."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from crawler.address import page_key
from crawler.archive.fields import ODD_VALUE
from crawler.archive.originals import original_in
from crawler.archive.session import PoliteSession, Reply
from crawler.archive.timestamps import FORM, time_of
from crawler.errors import BlockedError, NoCaptureError, UnexpectedReplyError, WrongCaptureError
from crawler.model import Capture, RequestKind, Snapshot

REDIRECTS = {301, 302, 303, 307, 308}
LONGEST_CHAIN = 12
# How far from the moment asked for a capture may lie: a listed capture is served exactly or not at all, the page
# a redirect led to was captured when the crawler came by.
EXACT = timedelta(0)
REDIRECT_WINDOW = timedelta(days=1)
# Asked for two seconds later, an archive serves whatever was captured up to four seconds later rather than the redirect.
JUST_AFTER = timedelta(seconds=2)
_REPLAYED = re.compile(r"/(\d{14})(?:[a-z]{2}_)?/((?:https?:)?/{0,2}[^/\s].*)$", re.IGNORECASE | re.DOTALL)
_EXCLUDED = re.compile(
    r"has been excluded from the wayback machine|blocked (?:site|by robots)", re.IGNORECASE
)


class Replay:
    """Asks one archive for raw captures.

    Args:
        archive: Name of the source.
        base: Address before the timestamp, without a slash: `https://web.archive.org/web`.
        session: How to ask.
        window: How far the capture served may lie from the one asked for.
        redirect_window: The same for pages that redirects lead to.
        writes_original_headers: Whether `X-Archive-Orig-*` is the archive's own, never a header that the page sent.
    """

    def __init__(
        self,
        *,
        archive: str,
        base: str,
        session: PoliteSession,
        window: timedelta = EXACT,
        redirect_window: timedelta = REDIRECT_WINDOW,
        writes_original_headers: bool = False,
    ) -> None:
        self._archive = archive
        self._base = base
        self._session = session
        self._window = window
        self._redirect_window = redirect_window
        self.unfit = 0
        self._writes_original_headers = writes_original_headers

    def address(self, timestamp: str, url: str, *, raw: bool) -> str:
        """Return the replay address of a capture, raw or as a reader sees it."""
        # A client would resolve dot segments of the page's address against the archive's.
        page = re.sub(
            r"/(\.{1,2})(?=/|$)", lambda dots: "/" + dots[1].replace(".", "%2E"), url.partition("#")[0]
        )
        return f"{self._base}/{timestamp}{'id_' if raw else ''}/{page}"

    def fetch(self, capture: Capture) -> Snapshot:
        """Return the bytes of a capture, after the redirects that the page itself sent when captured.

        Where the page that they lead to was not captured near that time, the redirect is what was captured:
        the snapshot then has its status, and as address that page's. So it is where a page redirects to itself
        and nothing else of it was captured within seconds.

        Raises:
            WrongCaptureError: The archive has only other captures than the one asked for.
            BlockedError: The site is excluded.
            NoCaptureError: The archive says that it has nothing.
            UnexpectedReplyError: Redirects run in a circle or out of the archive, or the answer is no capture.
            ArchiveError: Otherwise as `PoliteSession.get`.
        """
        timestamp, url = capture.timestamp, capture.url
        passed: list[str] = []
        seen: set[tuple[str, str]] = set()
        redirect: Snapshot | None = None
        later = False
        while True:
            if redirect is not None and (timestamp, url) in seen and page_key(url) == page_key(passed[-1]):
                # From http to https, or to set a cookie: an index has one key for both, and the page came a moment later.
                if later:
                    return redirect
                later, timestamp = True, (redirect.served_at + JUST_AFTER).strftime(FORM)
            if (timestamp, url) in seen or len(seen) == LONGEST_CHAIN:
                raise UnexpectedReplyError(
                    f"The capture of {capture.url} at {capture.timestamp} redirects in a circle, by way of {url}."
                )
            seen.add((timestamp, url))
            try:
                reply, served, timestamp, url = self._memento(
                    capture, timestamp, url, redirected=bool(passed)
                )
            except (NoCaptureError, WrongCaptureError, BlockedError):
                if redirect is None:
                    raise
                return redirect
            if served is None:
                continue
            location = reply.header("location")
            if reply.status not in REDIRECTS or not location:
                return self._snapshot(capture, reply, served, _filed_address(reply, url), passed)
            passed.append(url)
            timestamp, url = self._target(location, served.strftime(FORM), url)
            redirect = self._snapshot(capture, reply, served, url, passed)
            if not url.startswith(("http://", "https://")):
                return redirect

    def _memento(
        self, capture: Capture, timestamp: str, url: str, *, redirected: bool
    ) -> tuple[Reply, datetime | None, str, str]:
        """Ask once; without a capture time in the answer, timestamp and address of where it points instead."""
        reply = self._session.get(self.address(timestamp, url, raw=True), kind=RequestKind.PLAYBACK)
        served = _memento_time(reply)
        if served is None:
            timestamp, url = self._elsewhere(reply, url)
        self._check(capture, served or time_of(timestamp), redirected=redirected)
        return reply, served, timestamp, url

    def _check(self, capture: Capture, served: datetime, *, redirected: bool) -> None:
        window = self._redirect_window if redirected else self._window
        late = served - capture.at
        if abs(late) > window and not (timedelta(0) < late <= _lost_seconds(capture.at)):
            raise WrongCaptureError(
                f"{self._archive} serves the capture of {served:{FORM}} for {capture.url} "
                f"where {capture.timestamp} was asked for.",
                asked=capture.at,
                got=served,
            )

    def _elsewhere(self, reply: Reply, url: str) -> tuple[str, str]:
        """Return the capture that an answer which is none points to.

        Raises:
            ArchiveError: It points nowhere in this archive; the class says what it means.
        """
        location = reply.header("location")
        if reply.status in REDIRECTS and location:
            target = redirect_target(location, reply.url)
            found = replayed_capture(target)
            if found and urlsplit(target).netloc == urlsplit(self._base).netloc:
                return found[0], redirect_target(found[1], url)
            raise UnexpectedReplyError(
                f"The archive sends us to {target[:200]} for {url}; that is not followed."
            )
        error = reply.header("x-archive-wayback-runtime-error") or ""
        if "AccessControl" in error or reply.status == 451 or _EXCLUDED.search(reply.text):
            raise BlockedError(f"{url} is kept out of the archive by its owner or robots.txt.")
        if reply.status == 404:
            raise NoCaptureError(f"{self._archive} has no such capture of {url}, or cannot play it yet.")
        raise UnexpectedReplyError(
            f"The archive answered {reply.status} to {reply.url} with something that is no capture."
        )

    def _target(self, location: str, timestamp: str, url: str) -> tuple[str, str]:
        """Return where a historical redirect led: web.archive.org rewrites its address, pywb does not."""
        own = urlsplit(self._base)
        parts = urlsplit(redirect_target(location, self._base + "/"))
        if parts.netloc in ("", own.netloc) and location.startswith((self._base, f"{own.path}/", "//")):
            found = replayed_capture(location)
            if found:
                return found[0], redirect_target(found[1], url)
        return timestamp, redirect_target(location, url)

    def _snapshot(
        self, capture: Capture, reply: Reply, served: datetime, url: str, passed: list[str]
    ) -> Snapshot:
        prefixed = self._writes_original_headers
        type_sent = reply.own_header("x-archive-orig-content-type") if prefixed else None
        digest = None if passed or capture.is_revisit else capture.digest
        original = original_in(reply, digest=digest, prefixed=prefixed)
        self.unfit += digest is not None and not original.digest_fits
        return Snapshot(
            capture=capture,
            served_at=served,
            url=url,
            status=reply.status,
            content_type=type_sent or reply.own_header("content-type"),
            body=reply.body,
            redirects=tuple(passed),
            digest_fits=None if digest is None else bool(original.digest_fits),
            raw=original.raw,
            content_coding=original.coding,
            headers=original.headers,
            retrieved_at=self._session.now(),
            archive_src=reply.own_header("x-archive-src") if prefixed else None,
        )


def replayed_capture(address: str) -> tuple[str, str] | None:
    """Return timestamp and page of a replay address, or None where it is none or names no time."""
    found = _REPLAYED.search(address)
    if found is None:
        return None
    try:
        time_of(found[1])
    except ValueError:
        return None
    return found[1], found[2]


def redirect_target(location: str, url: str) -> str:
    """Return where a redirect leads, resolved against the address that was asked for and without a fragment.

    Raises:
        UnexpectedReplyError: It is no address.
    """
    if re.match(r"https?:/[^/]", location, re.IGNORECASE):
        location = location.replace(":/", "://", 1)
    try:
        target = urljoin(url, location).partition("#")[0]
        urlsplit(target)
    except ValueError as error:
        raise UnexpectedReplyError(f"{url} redirects to {location[:200]!r}, which is no address.") from error
    return target


def _lost_seconds(at: datetime) -> timedelta:
    """Return how much later than its row a capture may have been made.

    Some rows of the year 2000 lack the seconds (see `time_of`): playback knows them.
    """
    return timedelta(seconds=59) if at.year == 2000 and at.second == 0 else timedelta(0)


def _memento_time(reply: Reply) -> datetime | None:
    """Return the capture time served; whether an answer is a capture at all is asked only of this header."""
    text = reply.own_header("memento-datetime")
    if text is None:
        return None
    try:
        when = parsedate_to_datetime(text)
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except ODD_VALUE as error:
        raise UnexpectedReplyError(f"{reply.url} names an unreadable capture time: {text[:60]!r}.") from error


def _filed_address(reply: Reply, url: str) -> str:
    """Return the page's address as the archive filed it (RFC 7089, rel="original").

    That is a spelling of the address asked for; anything else was written by the page.
    """
    for found in re.finditer(r"<([^<>]+)>\s*;\s*([^<]*)", reply.own_header("link") or ""):
        filed = found[1].replace("&amp;", "&")
        if re.search(r'rel="?original"?', found[2]) and page_key(filed) == page_key(url):
            return filed
    return url
