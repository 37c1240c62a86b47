"""The captures of a page: the only door to waybackpy, whose queries and rows go through our own session."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from urllib.parse import urlsplit

from waybackpy.cdx_api import WaybackMachineCDXServerAPI
from waybackpy.cdx_snapshot import CDXSnapshot
from waybackpy.cdx_utils import full_url
from waybackpy.exceptions import WaybackError

from crawler.archive.session import PoliteSession, Reply
from crawler.archive.timestamps import FORM, check_credible, repaired
from crawler.errors import BlockedError, InputError, NoCaptureError, UnexpectedReplyError
from crawler.model import Capture, RequestKind

PAGE = 25_000
_FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
# As web.archive.org names its refusals (header of the same answer: X-Archive-Wayback-Runtime-Error), 2022 and 2026.
_BLOCKS = ("AdministrativeAccessControlException", "RobotAccessControlException")
_KEPT_ROWS = 100


@dataclass(slots=True)
class Quarantine:
    """Rows that could not be read, set aside so that the others can be used.

    Attributes:
        count: How many there were.
        rows: The first hundred, each with the reason.
    """

    count: int = 0
    rows: list[tuple[str, str]] = field(default_factory=list)

    def add(self, row: str, reason: str) -> None:
        """Set a row aside."""
        self.count += 1
        if len(self.rows) < _KEPT_ROWS:
            self.rows.append((row[:500], reason))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A question to an index.

    Attributes:
        url: The page, or the beginning of many.
        since: Captures from then on, inclusive (aware UTC).
        until: Captures up to then, inclusive (aware UTC).
        prefix: Whether every address that begins so is meant.
    """

    url: str
    since: datetime | None = None
    until: datetime | None = None
    prefix: bool = False


class _Query(WaybackMachineCDXServerAPI):
    """waybackpy's query, sent by us; its own transport reads a 429 as an empty listing and may hang for ever."""

    def __init__(self, listing: Listing, endpoint: str, ask: Callable[[str], Reply], page: int) -> None:
        super().__init__(
            listing.url,
            start_timestamp=None if listing.since is None else listing.since.strftime(FORM),
            end_timestamp=None if listing.until is None else listing.until.strftime(FORM),
            match_type="prefix" if listing.prefix else None,
            limit=str(page),
        )
        self.endpoint = endpoint
        self.ask = ask

    def page_texts(self) -> Iterator[str]:
        """Yield the rows of each page, as the resume key below them leads to the next.

        A full page without a key may be the end, or come from a server that knows no keys: the next
        begins at the time of its last row, which so comes twice.
        """
        payload: dict[str, str] = {}
        self.add_payload(payload)
        seen: set[str] = set()
        while True:
            rows, key = _split(self._text(payload))
            yield rows
            count, last = rows.count("\n") + 1, rows.rpartition("\n")[2].split(" ")
            if key in seen:
                raise UnexpectedReplyError(f"The index leads in a circle at {key!r}; try again later.")
            if key:
                seen.add(key)
                payload["resumeKey"] = key
            elif self.match_type or count < int(payload["limit"]) or len(last) < 2:
                return
            else:
                if payload.get("from") == last[1]:
                    payload["limit"] = str(2 * int(payload["limit"]))
                payload["from"] = last[1]
                payload.pop("resumeKey", None)

    def add_payload(self, payload: dict[str, str]) -> None:
        super().add_payload(payload)
        payload |= {"showResumeKey": "true", "limit": str(self.limit)}

    def _text(self, payload: dict[str, str]) -> str:
        reply = self.ask(full_url(self.endpoint, params=payload))
        if not reply.body and not reply.sized:
            # Nothing tells this from an answer cut off before its first byte: believe it the second time.
            reply = self.ask(full_url(self.endpoint, params=payload))
        return _checked(reply, self.url)


class _PywbQuery(_Query):
    """The same for pywb, which has its own field names, no resume key, and so no pages for a prefix (2.10)."""

    def add_payload(self, payload: dict[str, str]) -> None:
        super().add_payload(payload)
        payload |= {"output": "text", "fl": "urlkey,timestamp,url,mime,status,digest,length"}
        if self.match_type:
            del payload["limit"]


def captures_in(
    listing: Listing,
    *,
    archive: str,
    endpoint: str,
    session: PoliteSession,
    quarantine: Quarantine,
    pywb: bool = False,
    page: int = PAGE,
) -> Iterator[Capture]:
    """Yield what an index lists, page by page, as it lists it: by key, then oldest first.

    Bad rows are set aside, rows that say the same are folded, revisits and redirects are kept.

    Args:
        listing: What to ask.
        archive: Name of the source.
        endpoint: Address of the CDX server.
        session: How to ask.
        quarantine: Where bad rows go.
        pywb: Whether the server speaks pywb's dialect.
        page: Rows asked for at once.

    Raises:
        NoCaptureError: The index said that it holds none.
        BlockedError: The site is excluded.
        UnexpectedReplyError: The answer is no listing.
        ArchiveError: Otherwise as `PoliteSession.get`.
    """
    kind = _PywbQuery if pywb else _Query
    try:
        query = kind(listing, endpoint, lambda url: session.get(url, kind=RequestKind.CDX), page)
    except WaybackError as error:
        raise InputError(f"{listing.url} cannot be asked for: {error}") from error
    bad, good, given = quarantine.count, 0, 0
    for row in _folded(_rows(text, quarantine, session.now()) for text in query.page_texts()):
        capture = _capture(row, archive)
        good += 1
        if _within(capture, listing):
            given += 1
            yield capture
    bad = quarantine.count - bad
    if bad and not good:
        raise UnexpectedReplyError(
            f"The index answered {bad} rows for {listing.url}, none of which can be read: "
            f"{quarantine.rows[-1][1]}."
        )
    if not given:
        raise NoCaptureError(f"{archive} holds no capture of {listing.url} in that time.")


def _split(text: str) -> tuple[str, str]:
    """Return a page's rows and the resume key below them, empty where there is none."""
    text = text.replace("\r\n", "\n").rstrip("\n")
    rows, _, key = text.rpartition("\n\n")
    return (rows, key) if rows and " " not in key else (text, "")


def _checked(reply: Reply, url: str) -> str:
    """Return the text of an answer that can be a listing."""
    text = reply.text
    said = text[:2000] + (reply.header("x-archive-wayback-runtime-error") or "")
    if any(block in said for block in _BLOCKS):
        raise BlockedError(f"{url} is kept out of the archive by its owner or robots.txt.")
    if reply.status != 200:
        raise UnexpectedReplyError(
            f"The index answered {reply.status} to {reply.url}: {_opening(text)!r}. Check archive.url and dialect."
        )
    if text.lstrip()[:1] in ("<", "{", "["):
        raise UnexpectedReplyError(
            f"The index answered {reply.url} with something that is no listing: {_opening(text)!r}."
        )
    return text


def _opening(text: str) -> str:
    return " ".join(text[:400].split())[:120]


def _rows(text: str, bad: Quarantine, now: datetime) -> Iterator[CDXSnapshot]:
    """Yield the good rows of a page."""
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line, start = text[start:end].strip(), end + 1
        if line:
            try:
                yield _row(line, now)
            except ValueError as error:
                bad.add(line, str(error))


def _row(line: str, now: datetime) -> CDXSnapshot:
    """Read a row.

    Raises:
        ValueError: It is none; says why.
    """
    values = line.split(" ")
    if len(values) != len(_FIELDS):
        raise ValueError(f"{len(values)} fields instead of {len(_FIELDS)}")
    properties = dict(zip(_FIELDS, values, strict=True))
    if len(properties["timestamp"]) != 14:
        raise ValueError(f"{properties['timestamp'][:20]!r} is no timestamp of fourteen digits")
    properties["timestamp"] = repaired(properties["timestamp"])
    for name in ("statuscode", "length"):
        if properties[name] != "-" and not (properties[name].isascii() and properties[name].isdigit()):
            raise ValueError(f"{name} is {properties[name][:20]!r}")
    parts = urlsplit(properties["original"])
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError("its address is no web page")
    row = CDXSnapshot(properties)
    check_credible(row.datetime_timestamp.replace(tzinfo=UTC), now=now)
    return row


def _folded(pages: Iterable[Iterator[CDXSnapshot]]) -> Iterator[CDXSnapshot]:
    """Yield the rows of each key and second without those that say nothing new, page by page.

    web.archive.org lists one capture several times, and as a revisit beside itself (wayback#40).
    """
    moment: tuple[str, str] | None = None
    seen: set[tuple[str, str]] = set()
    for page in pages:
        for here, group in groupby(page, key=lambda row: (row.urlkey, row.timestamp)):
            if here != moment:
                moment, seen = here, set()
            rows = list(group)
            rows.sort(key=lambda row: row.mimetype == "warc/revisit")
            for row in rows:
                revisit = row.mimetype == "warc/revisit"
                same = (row.digest, "" if revisit else row.statuscode)
                if same not in seen and not (revisit and any(digest == row.digest for digest, _ in seen)):
                    seen.add(same)
                    yield row


def _capture(row: CDXSnapshot, archive: str) -> Capture:
    return Capture(
        archive=archive,
        url=row.original,
        urlkey=row.urlkey,
        at=row.datetime_timestamp.replace(tzinfo=UTC),
        mimetype=None if row.mimetype in ("-", "unk") else row.mimetype,
        status=None if row.statuscode in ("-", "0") else int(row.statuscode),
        digest=None if row.digest == "-" else row.digest,
        length=None if row.length == "-" else int(row.length),
    )


def _within(capture: Capture, listing: Listing) -> bool:
    """Servers pad and repair times their own way; ours is what counts."""
    after = listing.since is None or capture.at >= listing.since
    return after and (listing.until is None or capture.at <= listing.until)
