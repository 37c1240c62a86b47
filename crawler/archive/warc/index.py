"""What the files of a local archive hold: every capture with the place of its record, and what could not be read."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISREG
from urllib.parse import urlsplit

from crawler.address import page_key
from crawler.archive.content_type import is_vague, known_type, media_type
from crawler.archive.digests import digest_value
from crawler.archive.fields import ODD_VALUE
from crawler.archive.timestamps import check_credible, time_of
from crawler.archive.urlkey import site_of, urlkey_of
from crawler.archive.warc.containers import is_candidate, records_of
from crawler.archive.warc.origin import FIELD, MADE, Origin, read_origin
from crawler.archive.warc.payload import measured
from crawler.archive.warc.records import Damage, DamagedError, Place, Record
from crawler.model import Capture

# As for an index's rows: a longer one is no page's.
LONGEST_ADDRESS = 1 << 16
KINDS = {"response", "revisit", "resource"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A capture and where its bytes stand.

    Attributes:
        capture: The capture; its digest is one that its bytes have, for a revisit the one it names.
        place: Where its record stands.
        named: The digest that the record names, or None.
        original_url: For a revisit, the address of the capture whose bytes it saw again, or None.
        original_at: For a revisit, that capture's time (aware UTC), or None.
        origin: The archive that the record is from and its row there, where it names one and that is asked for, or None.
    """

    capture: Capture
    place: Place
    named: str | None = None
    original_url: str | None = None
    original_at: datetime | None = None
    origin: Origin | None = None

    @property
    def page(self) -> str:
        """The address of the page that it is a capture of."""
        return self.origin.page if self.origin else self.capture.url


class FileIndex:
    """The captures in a file or folder, read again where files came or changed.

    Args:
        name: Name of the source, which its captures carry.
        path: The file or folder.
        body_bytes: The largest body that is held to check its digest.
        member_bytes: The most bytes unpacked of one compressed member.
        now: Returns the time (aware UTC) after which nothing can have been captured; None where nobody knows.
        still: Whether the files do not change while they are read: they are then looked for once.
        by_origin: Whether captures that name the archive they are from are that archive's, with its row of them.

    Attributes:
        damage: What could not be read.
    """

    def __init__(
        self,
        name: str,
        path: Path,
        *,
        body_bytes: int,
        member_bytes: int,
        now: Callable[[], datetime] | None,
        still: bool = False,
        by_origin: bool = False,
    ) -> None:
        self.damage: list[Damage] = []
        self._by_origin = by_origin
        self._name = name
        self._path = path
        self._body_bytes = body_bytes
        self._member_bytes = member_bytes
        self._now = now
        self._still = still
        self._walked = False
        self._indexed: set[Path] = set()
        self._read: dict[Path, tuple[int, int]] = {}
        self._by_page: dict[str, list[Held]] = {}
        self._pages_of: dict[str, set[str]] = {}
        self._by_digest: dict[tuple[str, str], Held] = {}
        self._exports: dict[tuple[object, ...], Held] = {}

    def of_page(self, url: str) -> list[Held]:
        """Return the captures of one page, oldest first."""
        return self._by_page.get(page_key(url), [])

    def exported(self, capture: Capture) -> Held | None:
        """Return the entry of a capture that another store wrote, or None."""
        return self._exports.get(_row_key(capture))

    def of_other_spellings(self, url: str) -> list[Held]:
        """Return the captures that an archive's index files under a page's key although they are other pages'."""
        mine = page_key(url)
        return [
            h
            for key in sorted(self._pages_of.get(urlkey_of(url), ()))
            if key != mine
            for h in self._by_page[key]
        ]

    def under(self, prefix: str) -> Iterator[Held]:
        """Yield the captures of every page whose address begins so, page by page."""
        start = urlkey_of(prefix) if prefix else ""
        for urlkey in sorted(self._pages_of):
            if urlkey.startswith(start):
                for key in sorted(self._pages_of[urlkey]):
                    yield from (h for h in self._by_page[key] if h.capture.urlkey == urlkey)

    def original_of(self, revisit: Held) -> Held | None:
        """Return the capture whose bytes a revisit saw again: the one it refers to, else one of its site by digest.

        Where it refers to a capture of another site or of another digest than it names, there is none.
        """
        referred = self._referred(revisit)
        if referred is not None:
            return None if self.contradicts(revisit) else referred
        site = site_of(revisit.capture.urlkey)
        return self._by_digest.get((site, revisit.named)) if revisit.named else None

    def contradicts(self, revisit: Held) -> bool:
        """Whether a revisit refers to a capture of another site, or of another digest than it names.

        Where the bytes of the capture have the digest that the revisit names, its site does not matter.
        """
        referred = self._referred(revisit)
        if referred is None:
            return False
        if revisit.named is not None and revisit.named == referred.capture.digest:
            return False
        same = revisit.named is None or revisit.named == referred.named
        return not same or site_of(referred.capture.urlkey) != site_of(revisit.capture.urlkey)

    def _referred(self, revisit: Held) -> Held | None:
        """Return the capture that a revisit names by address and time, where it is held."""
        if not revisit.original_url or revisit.original_at is None:
            return None
        held = self.of_page(revisit.original_url)
        return next(
            (h for h in held if h.capture.at == revisit.original_at and not h.capture.is_revisit), None
        )

    def refresh(self) -> None:
        """Read what came or changed since the last time."""
        if self._walked and self._still:
            return
        self._walked = True
        root = self._path.resolve()
        for path in self._files():
            try:
                stat = path.stat()
                if not S_ISREG(stat.st_mode):
                    continue
                if self._read.get(path) == (stat.st_size, stat.st_mtime_ns):
                    continue
                self._read[path] = (stat.st_size, stat.st_mtime_ns)
                self.damage = [one for one in self.damage if one.place.path != path]
                if not path.resolve().is_relative_to(root):
                    self.damage.append(Damage(Place(path, 0), "it is a link that leads out of the folder"))
                elif path == self._path or is_candidate(path):
                    self._read_file(path)
            except FileNotFoundError:
                continue  # taken away meanwhile, or a link to nowhere
            except OSError as error:
                self._unreadable(path, error)

    def _files(self) -> Iterator[Path]:
        if not self._path.is_dir():
            yield self._path
            return
        failed: list[OSError] = []
        for folder, folders, names in os.walk(self._path, onerror=failed.append):
            folders.sort()
            for name in sorted(names):
                yield Path(folder, name)
        for error in failed:
            self._unreadable(Path(error.filename or self._path), error)

    def _unreadable(self, path: Path, error: OSError) -> None:
        self.damage = [one for one in self.damage if one.place.path != path]
        self.damage.append(Damage(Place(path, 0), f"it cannot be read ({error.strerror or error})"))

    def _read_file(self, path: Path) -> None:
        if path in self._indexed:
            self._forget(path)
        self._indexed.add(path)
        pages: set[str] = set()
        for record in records_of(path, most=self._member_bytes):
            if isinstance(record, Damage):
                self.damage.append(record)
                continue
            try:
                held = self._held(record)
            except DamagedError:
                continue  # the reader names it when it goes on to the next record
            except ODD_VALUE as error:
                url = _address_or_none(record.header("WARC-Target-URI"))
                self.damage.append(Damage(record.place, f"{str(error)[:160]}", url=url))
                continue
            if held is not None:
                key = page_key(held.page)
                self._by_page.setdefault(key, []).append(held)
                self._pages_of.setdefault(held.capture.urlkey, set()).add(key)
                pages.add(key)
                if held.origin is not None:
                    self._exports[_row_key(held.capture)] = held
                if held.capture.digest and not held.capture.is_revisit and held.origin is None:
                    self._by_digest.setdefault((site_of(held.capture.urlkey), held.capture.digest), held)
        for key in pages:
            self._by_page[key] = _folded(self._by_page[key])

    def _forget(self, path: Path) -> None:
        """Drop what a file held before it changed."""
        for key, held in list(self._by_page.items()):
            kept = [one for one in held if one.place.path != path]
            if len(kept) != len(held):
                self._by_page[key] = kept
        self._by_digest = {key: one for key, one in self._by_digest.items() if one.place.path != path}
        self._exports = {key: one for key, one in self._exports.items() if one.place.path != path}

    def _held(self, record: Record) -> Held | None:
        """Return the index entry of a record, None where it is no capture of a page; damage is written down.

        Raises:
            DamagedError: Its payload stops short.
        """
        url = record.header("WARC-Target-URI") or ""
        try:
            parts = urlsplit(url)
            if record.kind not in KINDS or parts.scheme.lower() not in ("http", "https"):
                return None
            if self._by_origin and record.header(MADE):
                return None
            readable = bool(parts.hostname)
        except ValueError:
            readable = False
        if not readable or len(url) > LONGEST_ADDRESS:
            raise ValueError("its address cannot be read")
        at = record_date(record.header("WARC-Date"))
        now = self._now() if self._now else None
        check_credible(at, now=now)
        origin = read_origin(record.header(FIELD), now=now) if self._by_origin else None
        if origin is not None:
            return self._exported(record, origin)
        revisit = record.kind == "revisit"
        named = digest_value(record.header("WARC-Payload-Digest"))
        found = measured(record, limit=self._body_bytes)
        if found.fits is False and not revisit:
            reason = f"the digest it names ({(named or '')[:80]}) is not that of its bytes, which count"
            self.damage.append(Damage(record.place, reason, url=url, hides=False))
        return Held(
            capture=Capture(
                archive=self._name,
                url=url,
                urlkey=urlkey_of(url),
                at=at,
                mimetype="warc/revisit" if revisit else _mimetype(record, found.opening),
                status=record.status or (200 if record.kind == "resource" else None),
                digest=named if revisit else found.digest,
                length=found.length,
            ),
            place=record.place,
            named=named,
            original_url=record.header("WARC-Refers-To-Target-URI"),
            original_at=_date_or_none(record.header("WARC-Refers-To-Date")),
        )

    def _exported(self, record: Record, origin: Origin) -> Held:
        """Return the entry of a record that another store wrote, under the archive that it is from."""
        for address in (origin.page, origin.capture.url, origin.final_url):
            if urlsplit(address).scheme.lower() not in ("http", "https") or len(address) > LONGEST_ADDRESS:
                raise ValueError("an address that it names as its origin cannot be read")
        if origin.status is not None and measured(record, limit=self._body_bytes).fits is False:
            reason = "the digest it names is not that of its bytes, which count"
            self.damage.append(Damage(record.place, reason, url=origin.capture.url, hides=False))
        return Held(capture=origin.capture, place=record.place, origin=origin)


def _row_key(capture: Capture) -> tuple[object, ...]:
    return capture.archive, capture.url, capture.at, capture.digest


def _mimetype(record: Record, opening: bytes) -> str | None:
    """Return the page's type; a response's record is itself of the type application/http, which says nothing."""
    own = record.header("Content-Type") if record.kind == "resource" else None
    declared = record.http_header("Content-Type") or own
    if record.http_header("Content-Encoding") or record.http_header("Transfer-Encoding"):
        return None if is_vague(declared) else media_type(declared)
    return media_type(known_type(declared, opening)) or None


def _folded(held: list[Held]) -> list[Held]:
    """Order by time whatever order files came in, and keep one of captures that say the same."""
    kept: dict[tuple[object, ...], Held] = {}
    for one in held:
        capture = one.capture
        apart = (capture.archive, capture.url) if one.origin else ()
        kept[capture.at, capture.digest, capture.status, capture.is_revisit, *apart] = one
    return sorted(kept.values(), key=lambda one: (one.capture.at, str(one.place.path), one.place.offset))


def _address_or_none(text: str | None) -> str | None:
    """Return an address, or None where it cannot be read, so that nobody knows whose capture it was."""
    try:
        return text if urlsplit(text or "").hostname else None
    except ValueError:
        return None


def record_date(text: str | None) -> datetime:
    """Read a WARC-Date; to the second, as every index does.

    Raises:
        ValueError: It is none.
    """
    said = (text or "").strip()
    try:
        if len(said) == len("20160918022640") and said.isdigit():
            return time_of(said)  # as files of before WARC/1.0 write it
        when = datetime.fromisoformat(said)
        when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"its time {said[:40]!r} cannot be read") from error
    return when.replace(microsecond=0)


def _date_or_none(text: str | None) -> datetime | None:
    try:
        return record_date(text)
    except ValueError:
        return None
