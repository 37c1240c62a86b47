"""The captures of a page: the only door to waybackpy, whose queries and rows go through our own session."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from urllib.parse import quote, unquote, urlsplit

from waybackpy.cdx_api import WaybackMachineCDXServerAPI
from waybackpy.cdx_snapshot import CDXSnapshot
from waybackpy.cdx_utils import full_url
from waybackpy.exceptions import WaybackError

from crawler.address import page_key
from crawler.archive.fields import LARGEST, ODD_VALUE, whole_number
from crawler.archive.session import PoliteSession, Reply
from crawler.archive.timestamps import FORM, check_credible, repaired
from crawler.errors import BlockedError, InputError, NoCaptureError, UnexpectedReplyError
from crawler.model import Capture, RequestKind

PAGE = 25_000
_FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
# As web.archive.org names its refusals (header of the same answer: X-Archive-Wayback-Runtime-Error), 2022 and 2026.
BLOCKS = ("AdministrativeAccessControlException", "RobotAccessControlException")
_KEPT_ROWS = 100
_KEPT_SPELLINGS = 10_000
# No page is known that was captured more often than ten million times; an index that goes on is ill.
MOST_PAGES = 400
# RFC 9112, 3 asks servers to take 8,000 bytes; no page was asked for by an address eight times as long.
LONGEST_ADDRESS = 1 << 16
LONGEST_DIGEST = 256


@dataclass(slots=True)
class Quarantine:
    """Rows that could not be read or are another page's, set aside so that the others can be used.

    Attributes:
        count: How many could not be read.
        rows: The first hundred, each with the reason.
        others: By page asked for, how many captures the index files under its key that are another page's, and
            the address of one.
    """

    count: int = 0
    rows: list[tuple[str, str]] = field(default_factory=list)
    others: dict[str, tuple[int, str]] = field(default_factory=dict)

    def add(self, row: str, reason: str) -> None:
        """Set a row aside."""
        self.count += 1
        if len(self.rows) < _KEPT_ROWS:
            self.rows.append((row[:500], reason))

    def spellings_of(self, url: str) -> Callable[[str], bool]:
        """Return a test whether an address is that of a page, which counts those that are not."""
        key = page_key(url)
        # pywb 2.10 prints an address outside ASCII with all but `:` and `/` escaped, its `?` and `=` too.
        printed = quote(unquote(url), safe=":/") if not unquote(url).isascii() else None
        known: dict[str, bool] = {}
        self.others.pop(url, None)

        def belongs(original: str) -> bool:
            if original not in known:
                if len(known) > _KEPT_SPELLINGS:
                    known.clear()
                known[original] = page_key(original) == key or original == printed
            if not known[original]:
                self.others[url] = (self.others.get(url, (0, ""))[0] + 1, original)
            return known[original]

        return belongs

    def complaints(self, archive: str) -> Iterator[str]:
        """Yield how many rows could not be read and how many captures are other pages', with an example of each."""
        if self.count:
            row, reason = self.rows[0]
            rows = "1 index row" if self.count == 1 else f"{self.count} index rows"
            yield f"{archive}: {rows} could not be read and were set aside, such as {row[:200]!r} ({reason})"
        for url, (count, example) in self.others.items():
            yield (
                f"{archive}: {count} captures under other spellings of {url} are other pages', such as "
                f"{example[:200]!r}; track that address to read them"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureQuery:
    """Which captures an index is asked for.

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


class CdxWalk(WaybackMachineCDXServerAPI):
    """waybackpy's query, sent by us; its own transport reads a 429 as an empty listing and may hang for ever."""

    def __init__(self, query: CaptureQuery, endpoint: str, get: Callable[[str], Reply], page: int) -> None:
        super().__init__(
            query.url,
            start_timestamp=None if query.since is None else query.since.strftime(FORM),
            end_timestamp=None if query.until is None else query.until.strftime(FORM),
            match_type="prefix" if query.prefix else None,
            limit=str(page),
        )
        self.endpoint = endpoint
        self.get = get

    def page_texts(self) -> Iterator[str]:
        """Yield the rows of each page, as the resume key below them leads to the next.

        A full page without a key may be the end, or come from a server that knows no keys: the next
        begins at the time of its last row, which so comes twice.

        Raises:
            UnexpectedReplyError: The keys lead in a circle: one comes again, or a page ends with a row that
                ended an earlier one.
        """
        payload: dict[str, str] = {}
        self.add_payload(payload)
        seen: set[str] = set()
        for _ in range(MOST_PAGES):
            rows, key = _split(self._text(payload))
            yield rows
            count, end = rows.count("\n") + 1, rows.rpartition("\n")[2]
            last = end.split(" ")
            if key:
                if key in seen or f" {end}" in seen:
                    raise UnexpectedReplyError(
                        f"The index leads in a circle at {key[:200]!r}; try again later."
                    )
                seen |= {key, f" {end}"}
                payload["resumeKey"] = key
            elif self.match_type or count < int(payload["limit"]) or len(last) < 2:
                return
            else:
                if payload.get("from") == last[1]:
                    payload["limit"] = str(2 * int(payload["limit"]))
                payload["from"] = last[1]
                payload.pop("resumeKey", None)
        raise UnexpectedReplyError(
            f"The index answered {MOST_PAGES} pages for {self.url} and names more; ask for a shorter time."
        )

    def add_payload(self, payload: dict[str, str]) -> None:
        """Add what the library's own query lacks."""
        super().add_payload(payload)
        payload |= {"showResumeKey": "true", "limit": str(self.limit)}

    def _text(self, payload: dict[str, str]) -> str:
        address = full_url(self.endpoint, params=payload)
        reply = self.get(address)
        if not reply.body and not reply.sized:
            # Nothing tells this from an answer cut off before its first byte: believe it the second time.
            reply = self.get(address)
        return _checked(reply, self.url)


class PywbWalk(CdxWalk):
    """The same for pywb, which has its own field names, no resume key, and so no pages for a prefix (2.10)."""

    def add_payload(self, payload: dict[str, str]) -> None:
        """Ask by pywb's names."""
        super().add_payload(payload)
        payload |= {"output": "text", "fl": "urlkey,timestamp,url,mime,status,digest,length"}
        if self.match_type:
            del payload["limit"]


def captures_in(
    query: CaptureQuery,
    *,
    archive: str,
    endpoint: str,
    session: PoliteSession,
    quarantine: Quarantine,
    walk: type[CdxWalk] = CdxWalk,
    page: int = PAGE,
) -> Iterator[Capture]:
    """Yield what an index lists, page by page, as it lists it: by key, then oldest first.

    Bad rows are set aside, rows that say the same are folded, revisits and redirects are kept. An index files
    several pages under one key; for one page, only its own captures are given, and the others counted.

    Args:
        query: What to ask.
        archive: Name of the source.
        endpoint: Address of the CDX server.
        session: How to ask.
        quarantine: Where bad rows and other pages' captures are counted.
        walk: How the server is led through its pages.
        page: Rows asked for at once.

    Raises:
        NoCaptureError: The index said that it holds none.
        BlockedError: The site is excluded.
        UnexpectedReplyError: The answer is no listing.
        ArchiveError: Otherwise as `PoliteSession.get`.
    """
    try:
        walker = walk(query, endpoint, lambda url: session.get(url, kind=RequestKind.CDX), page)
    except WaybackError as error:
        raise InputError(f"{query.url} cannot be asked for: {error}") from error
    belongs = (lambda _: True) if query.prefix else quarantine.spellings_of(query.url)
    bad, good, given = quarantine.count, 0, 0
    for row in _folded(
        _rows(text, quarantine, session.now(), belongs=belongs) for text in walker.page_texts()
    ):
        capture = _capture(row, archive)
        good += 1
        if _within(capture, query):
            given += 1
            yield capture
    bad = quarantine.count - bad
    others, example = quarantine.others.get(query.url, (0, ""))
    if bad and not good and not others:
        raise UnexpectedReplyError(
            f"The index answered {bad} rows for {query.url}, none of which can be read: "
            f"{quarantine.rows[-1][1]}."
        )
    if not given:
        also = f"; {others} are of other spellings, such as {example[:200]}" if others else ""
        raise NoCaptureError(f"{archive} holds no capture of {query.url} in that time{also}.")


def _split(text: str) -> tuple[str, str]:
    """Return a page's rows and the resume key below them, empty where there is none."""
    text = text.replace("\r\n", "\n").rstrip("\n")
    rows, _, key = text.rpartition("\n\n")
    return (rows, key) if rows and " " not in key else (text, "")


def _checked(reply: Reply, url: str) -> str:
    """Return the text of an answer that can be a query."""
    text = reply.text
    said = text[:2000] + (reply.header("x-archive-wayback-runtime-error") or "")
    if any(block in said for block in BLOCKS):
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


def _rows(
    text: str, bad: Quarantine, now: datetime, *, belongs: Callable[[str], bool]
) -> Iterator[CDXSnapshot]:
    """Yield the good rows of a page."""
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line, start = text[start:end].strip(), end + 1
        if line:
            try:
                row = _row(line, now)
                mine = belongs(row.original)
            except ODD_VALUE as error:
                bad.add(line, str(error))
                continue
            if mine:
                yield row


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
    for name, most in (("statuscode", 999), ("length", LARGEST)):
        if properties[name] != "-" and whole_number(properties[name], most=most) is None:
            raise ValueError(f"{name} is {properties[name][:20]!r}")
    if len(properties["original"]) > LONGEST_ADDRESS or len(properties["digest"]) > LONGEST_DIGEST:
        raise ValueError("its address or its digest is too long")
    parts = urlsplit(properties["original"])
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError("its address is no web page")
    row = CDXSnapshot(properties)
    check_credible(row.datetime_timestamp.replace(tzinfo=UTC), now=now)
    return row


def _folded(pages: Iterable[Iterator[CDXSnapshot]]) -> Iterator[CDXSnapshot]:
    """Yield the rows of each key and second without those that say nothing new, page by page.

    web.archive.org lists one capture several times, and as a revisit next to itself (wayback#40).
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


def _within(capture: Capture, query: CaptureQuery) -> bool:
    """Servers pad and repair times their own way; ours is what counts."""
    after = query.since is None or capture.at >= query.since
    return after and (query.until is None or capture.at <= query.until)
