"""A file or folder of WARCs as an archive of its own."""

import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from crawler.archive.encoding import CutOffError, TooLargeError, UnknownEncodingError, decoded
from crawler.archive.replay import LONGEST_CHAIN, REDIRECT_WINDOW, REDIRECTS
from crawler.archive.timestamps import check_credible
from crawler.archive.urlkey import urlkey_of
from crawler.archive.warc.records import (
    LARGEST_HEADERS,
    Damage,
    DamagedError,
    Place,
    Record,
    record_at,
    records_in,
)
from crawler.errors import (
    BodyEncodingError,
    BodyTooLargeError,
    ConfigError,
    NoCaptureError,
    UnexpectedReplyError,
    WrongCaptureError,
)
from crawler.model import Capture, Snapshot

NAMES = re.compile(r"\.warc(?:\.gz)?$", re.IGNORECASE)
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]{0,40}(?:;[^\r\n]{0,400})?\r\n")
KINDS = {"response", "revisit", "resource"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """A capture and where its bytes stand; for a revisit, what it says of its original."""

    capture: Capture
    place: Place
    original_url: str | None = None
    original_at: datetime | None = None


class WarcArchive:
    """Reads captures from WARC files, gzipped or not; files are indexed when first asked, and again when changed.

    Args:
        name: Name of the source.
        path: A file, or a folder searched through and through for `*.warc` and `*.warc.gz`.
        body_bytes: The largest body given.
        now: Gives the time (aware UTC), beyond which nothing can have been captured; None where nobody knows.

    Attributes:
        name: Name of the source.
        remote: False: reading a file again costs nobody anything.
        damage: What could not be read; the records around it are kept.

    Raises:
        ConfigError: There is no such file or folder.
    """

    remote = False

    def __init__(
        self,
        name: str,
        path: Path,
        *,
        body_bytes: int = 20_000_000,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        try:
            path.stat()
        except OSError as error:
            said = (
                "There is no WARC file or folder"
                if isinstance(error, FileNotFoundError)
                else "This cannot be read:"
            )
            raise ConfigError(f"{said} {path}; check archive.url.") from error
        self.name = name
        self.damage: list[Damage] = []
        self._path = path
        self._now = now
        self._limit = body_bytes
        self._most = body_bytes + LARGEST_HEADERS
        self._read: dict[Path, tuple[int, int]] = {}
        self._by_key: dict[str, list[_Held]] = {}
        self._by_digest: dict[str, _Held] = {}

    def captures(
        self, url: str, *, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Capture]:
        """Yield the captures of one page, oldest first; see `crawler.model.Archive`."""
        self._index()
        yield from self._within(self._by_key.get(urlkey_of(url), []), url, since, until)

    def captures_under(
        self, prefix: str, *, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Capture]:
        """Yield the captures of every page whose address begins so, page by page, each oldest first."""
        self._index()
        start = urlkey_of(prefix)
        held = [h for key in sorted(self._by_key) if key.startswith(start) for h in self._by_key[key]]
        yield from self._within(held, prefix, since, until)

    def all_captures(self) -> Iterator[Capture]:
        """Yield every capture in the files, page by page, each oldest first; nothing where there is none."""
        self._index()
        for key in sorted(self._by_key):
            yield from (held.capture for held in self._by_key[key])

    def fetch(self, capture: Capture) -> Snapshot:
        """Return the bytes of one capture; see `crawler.model.Archive`.

        Raises:
            UnexpectedReplyError: The record is truncated, damaged, too large or unreadably encoded.
            NoCaptureError: The files do not hold it, or hold only a revisit of it.
        """
        self._index()
        held = self._held(capture)
        passed: list[str] = []
        while True:
            snapshot, location = self._snapshot(capture, held, tuple(passed))
            if location is None:
                return snapshot
            if not _readable(location):
                raise UnexpectedReplyError(
                    f"{capture.url} redirects to {location[:200]!r}, which is no address."
                )
            target = urljoin(held.capture.url, location).partition("#")[0]
            passed.append(held.capture.url)
            if len(passed) == LONGEST_CHAIN:
                raise UnexpectedReplyError(f"{capture.url} at {capture.timestamp} redirects in a circle.")
            near = self._nearest(target, held.capture.at)
            if near is None:
                # The page it led to was not kept: the redirect is what was captured.
                return replace(snapshot, url=target, redirects=tuple(passed))
            held = near

    def link(self, capture: Capture) -> str | None:
        """Files have no public address."""

    def complaints(self) -> tuple[str, ...]:
        """Return which stretches of the files could not be read."""
        return tuple(f"{each.place.path} at byte {each.place.offset}: {each.reason}" for each in self.damage)

    def close(self) -> None:
        """Files are open only while they are read."""

    def _within(
        self, held: list[_Held], url: str, since: datetime | None, until: datetime | None
    ) -> Iterator[Capture]:
        found = False
        for one in held:
            at = one.capture.at
            if (since is None or at >= since) and (until is None or at <= until):
                found = True
                yield one.capture
        if not found:
            raise NoCaptureError(f"{self._path} holds no capture of {url} in that time.")

    def _held(self, capture: Capture) -> _Held:
        same = [h for h in self._by_key.get(urlkey_of(capture.url), []) if h.capture.at == capture.at]
        for one in same:
            if one.capture.digest == capture.digest and one.capture.url == capture.url:
                return one
        if same:
            return same[0]
        near = self._nearest(capture.url, capture.at)
        if near is None:
            raise NoCaptureError(f"{self._path} holds no capture of {capture.url}.")
        raise WrongCaptureError(
            f"{self._path} holds {capture.url} as of {near.capture.timestamp}, not {capture.timestamp}.",
            asked=capture.at,
            got=near.capture.at,
        )

    def _nearest(self, url: str, at: datetime) -> _Held | None:
        held = [h for h in self._by_key.get(urlkey_of(url), []) if abs(h.capture.at - at) <= REDIRECT_WINDOW]
        return min(held, key=lambda h: (abs(h.capture.at - at), h.capture.status in REDIRECTS), default=None)

    def _original(self, held: _Held) -> _Held:
        """Return the capture whose bytes a revisit saw again."""
        if held.original_url and held.original_at:
            for one in self._by_key.get(urlkey_of(held.original_url), []):
                if one.capture.at == held.original_at and not one.capture.is_revisit:
                    return one
        found = self._by_digest.get(held.capture.digest or "")
        if found is None:
            raise NoCaptureError(
                f"The capture of {held.capture.url} at {held.capture.timestamp} is a revisit, and {self._path} "
                "does not hold the capture it refers to."
            )
        return found

    def _snapshot(
        self, capture: Capture, held: _Held, passed: tuple[str, ...]
    ) -> tuple[Snapshot, str | None]:
        """Return what a record shows and where it redirects to, None where it does not."""
        full = self._original(held) if held.capture.is_revisit else held
        try:
            with closing(record_at(full.place, most=self._most)) as records:
                record = next(records)
                status = record.status or 200
                body = self._body(record)
                kind = record.http_header("Content-Type") or (
                    record.header("Content-Type") if record.kind == "resource" else None
                )
                location = record.http_header("Location") if status in REDIRECTS else None
        except (DamagedError, CutOffError) as error:
            raise UnexpectedReplyError(f"{full.place.path}: the record of {capture.url}: {error}.") from error
        except TooLargeError as error:
            raise BodyTooLargeError(
                f"{capture.url} is larger than {self._limit / 1e6:g} MB.", limit=self._limit
            ) from error
        except UnknownEncodingError as error:
            raise BodyEncodingError(
                f"{capture.url} is encoded as {error}, which cannot be undone here."
            ) from error
        except OSError as error:
            raise ConfigError(f"{full.place.path} cannot be read: {error}.") from error
        snapshot = Snapshot(
            capture=capture,
            served_at=held.capture.at,
            url=held.capture.url,
            status=status,
            content_type=kind,
            body=body,
            redirects=passed,
        )
        return snapshot, location

    def _body(self, record: Record) -> bytes:
        if record.header("WARC-Truncated"):
            raise DamagedError("the crawler cut it off")
        pieces: list[bytes] = []
        size = 0
        for piece in record.payload():
            size += len(piece)
            if size > self._limit:
                raise TooLargeError
            pieces.append(piece)
        raw = _dechunked(b"".join(pieces), record.http_header("Transfer-Encoding"))
        length = record.http_header("Content-Length") or ""
        if length.isdigit() and len(raw) < int(length) and not record.http_header("Transfer-Encoding"):
            raise DamagedError(f"{len(raw)} of {length} bytes were kept")
        return decoded(
            raw,
            encoding=record.http_header("Content-Encoding"),
            content_type=record.http_header("Content-Type"),
            limit=self._limit,
        )

    def _index(self) -> None:
        root = self._path.resolve()
        paths = [self._path] if self._path.is_file() else sorted(self._path.rglob("*"))
        for path in paths:
            if not path.is_file() or (path != self._path and not NAMES.search(path.name)):
                continue
            stat = path.stat()
            if self._read.get(path) != (stat.st_size, stat.st_mtime_ns):
                if path.resolve().is_relative_to(root):
                    self._index_file(path)
                else:
                    self.damage.append(Damage(Place(path, 0), "it is a link that leads out of the folder"))
                self._read[path] = (stat.st_size, stat.st_mtime_ns)

    def _index_file(self, path: Path) -> None:
        self.damage = [one for one in self.damage if one.place.path != path]
        keys: set[str] = set()
        try:
            for record in records_in(path, most=self._most):
                if isinstance(record, Damage):
                    self.damage.append(record)
                elif not _readable(record.header("WARC-Target-URI") or ""):
                    self.damage.append(Damage(record.place, "its address cannot be read"))
                elif (held := self._listed(record)) is not None:
                    self._by_key.setdefault(held.capture.urlkey, []).append(held)
                    keys.add(held.capture.urlkey)
                    if held.capture.digest and not held.capture.is_revisit:
                        self._by_digest.setdefault(held.capture.digest, held)
        except OSError as error:
            raise ConfigError(f"{path} cannot be read: {error}.") from error
        for key in keys:
            self._by_key[key] = _folded(self._by_key[key])

    def _listed(self, record: Record) -> _Held | None:
        """Return the index entry of a record, None where it is no capture of a page, or damaged, which is told."""
        url = record.header("WARC-Target-URI") or ""
        if record.kind not in KINDS or urlsplit(url).scheme not in ("http", "https"):
            return None
        try:
            at = _date(record.header("WARC-Date"))
            check_credible(at, now=self._now() if self._now else None)
        except ValueError as error:
            self.damage.append(Damage(record.place, str(error)))
            return None
        return self._entry(record, url, at)

    def _entry(self, record: Record, url: str, at: datetime) -> _Held | None:
        hasher, length = hashlib.sha1(usedforsecurity=False), 0
        try:
            for piece in record.payload():
                hasher.update(piece)
                length += len(piece)
        except DamagedError:
            return None
        named = (record.header("WARC-Payload-Digest") or "").partition(":")[2]
        mimetype = (record.http_header("Content-Type") or record.header("Content-Type") or "").split(";")[0]
        revisit = record.kind == "revisit"
        return _Held(
            capture=Capture(
                archive=self.name,
                url=url,
                urlkey=urlkey_of(url),
                at=at,
                mimetype="warc/revisit" if revisit else mimetype.strip().lower() or None,
                status=record.status or (200 if record.kind == "resource" else None),
                digest=named or (None if revisit else base64.b32encode(hasher.digest()).decode()),
                length=length,
            ),
            place=record.place,
            original_url=record.header("WARC-Refers-To-Target-URI"),
            original_at=_date_or_none(record.header("WARC-Refers-To-Date")),
        )


def _readable(url: str) -> bool:
    try:
        urlsplit(url)
    except ValueError:
        return False
    return True


def _folded(held: list[_Held]) -> list[_Held]:
    """Order by time whatever order files came in, and keep one of captures that say the same."""
    kept: dict[tuple[datetime, str | None, int | None, bool], _Held] = {}
    for one in held:
        capture = one.capture
        kept[capture.at, capture.digest, capture.status, capture.is_revisit] = one
    return sorted(kept.values(), key=lambda one: (one.capture.at, str(one.place.path), one.place.offset))


def _date(text: str | None) -> datetime:
    """Read a WARC-Date; to the second, as every index does.

    Raises:
        ValueError: It is none.
    """
    said = (text or "").strip()
    try:
        when = datetime.fromisoformat(said)
        when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"its time {said[:40]!r} cannot be read") from error
    return when.replace(microsecond=0)


def _date_or_none(text: str | None) -> datetime | None:
    try:
        return _date(text)
    except ValueError:
        return None


def _dechunked(raw: bytes, coding: str | None) -> bytes:
    """Undo a chunked transfer coding; crawlers that undid it already often left the header."""
    if "chunked" not in (coding or "").lower() or not _CHUNK.match(raw):
        return raw
    pieces: list[bytes] = []
    at = 0
    while header := _CHUNK.match(raw[at : at + 512]):
        length = int(header[1], 16)
        if length == 0:
            return b"".join(pieces)
        start = at + header.end()
        at = start + length + 2
        pieces.append(raw[start : at - 2])
    raise DamagedError("it is cut off inside its chunks")
