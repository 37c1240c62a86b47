"""A file or folder of WARCs as an archive of its own."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from crawler.address import page_key
from crawler.archive.digests import fits
from crawler.archive.encoding import CutOffError, TooLargeError, UnknownEncodingError
from crawler.archive.replay import LONGEST_CHAIN, REDIRECT_WINDOW, REDIRECTS, redirect_target
from crawler.archive.warc.containers import record_at
from crawler.archive.warc.index import FileIndex, Held
from crawler.archive.warc.origin import Origin
from crawler.archive.warc.payload import bytes_of
from crawler.archive.warc.records import LARGEST_HEADERS, Damage, DamagedError, Place
from crawler.archive.warc.writing import own_headers
from crawler.errors import (
    BodyEncodingError,
    BodyTooLargeError,
    ConfigError,
    NoCaptureError,
    UnexpectedReplyError,
    WrongCaptureError,
)
from crawler.model import Capture, Snapshot

_NAMED = 5
_COMPLAINTS = 20


class WarcArchive:
    """Reads captures from WARC, ARC and WACZ files; they are indexed when first asked, and again when changed.

    Args:
        name: Name of the source.
        path: A file, or a folder searched through and through.
        body_bytes: The largest body given.
        now: Returns the time (aware UTC), beyond which nothing can have been captured; None where nobody knows.
        still: Whether the files do not change while they are read: they are then looked for once.
        by_origin: Whether captures that name the archive they are from, as an export's do, are that archive's.

    Attributes:
        name: Name of the source.
        remote: False: reading a file again costs nobody anything.

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
        still: bool = False,
        by_origin: bool = False,
    ) -> None:
        try:
            path.stat()
        except OSError as error:
            missing = isinstance(error, FileNotFoundError)
            what = "There is no WARC file or folder" if missing else "This cannot be read:"
            raise ConfigError(f"{what} {path}; check archive.url (--archive-url).") from error
        self.name = name
        self._path = path
        self._now = now
        self._limit = body_bytes
        self._most = body_bytes + LARGEST_HEADERS
        self._files = FileIndex(
            name,
            path,
            body_bytes=body_bytes,
            member_bytes=self._most,
            now=now,
            still=still,
            by_origin=by_origin,
        )
        self._others: dict[str, tuple[int, str]] = {}

    @property
    def damage(self) -> list[Damage]:
        """What could not be read; the records around it are kept."""
        return self._files.damage

    def captures(
        self, url: str, *, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Capture]:
        """Yield the captures of one page, oldest first; see `crawler.model.Archive`.

        Raises:
            UnexpectedReplyError: None was found, and some of the files could not be read.
        """
        self._files.refresh()
        others = self._files.of_other_spellings(url)
        self._others.pop(url, None)
        if others:
            self._others[url] = (len(others), others[0].capture.url)
        yield from self._within(self._files.of_page(url), url, since, until)

    def captures_under(
        self, prefix: str, *, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Capture]:
        """Yield the captures of every page whose address begins so, page by page, each oldest first."""
        self._files.refresh()
        yield from self._within(self._files.under(prefix), prefix, since, until)

    def all_captures(self) -> Iterator[Capture]:
        """Yield every capture in the files, page by page, each oldest first; nothing where there is none."""
        self._files.refresh()
        yield from map(self._shown, self._files.under(""))

    def pages(self) -> Iterator[tuple[str, Capture]]:
        """Yield every capture in the files with the address of its page, page by page."""
        self._files.refresh()
        for held in self._files.under(""):
            yield held.page, self._shown(held)

    def fetch(self, capture: Capture) -> Snapshot:
        """Return the bytes of one capture; see `crawler.model.Archive`.

        Raises:
            UnexpectedReplyError: The record is truncated or damaged.
            BodyTooLargeError: Its body is larger than the limit.
            BodyEncodingError: Its body is in an encoding that is not read.
            NoCaptureError: The files do not hold it, or hold only a revisit of it.
        """
        held = self._held(capture)
        if held.origin is not None:
            return self._exported(capture, held, held.origin)
        passed: list[str] = []
        visited: set[Place] = set()
        while True:
            snapshot, location = self._snapshot(capture, held, tuple(passed))
            if location is None:
                return snapshot
            visited.add(held.place)
            target = redirect_target(location, held.capture.url)
            itself = page_key(target) == page_key(held.capture.url)
            passed.append(held.capture.url)
            near = self._nearest(target, held.capture.at, without=visited)
            if len(passed) == LONGEST_CHAIN or (
                near is None and not itself and self._nearest(target, held.capture.at)
            ):
                raise UnexpectedReplyError(f"{capture.url} at {capture.timestamp} redirects in a circle.")
            if near is None:
                # The page it led to was not kept: the redirect is what was captured.
                return replace(snapshot, url=target, redirects=tuple(passed))
            held = near

    def link(self, capture: Capture) -> str | None:
        """Files have no public address."""

    def complaints(self) -> tuple[str, ...]:
        """Return which stretches of the files could not be read, and how many captures were other pages'."""
        others = (
            f"{self.name}: {count} captures under other spellings of {url} are other pages', such as "
            f"{example[:200]!r}; track that address to read them"
            for url, (count, example) in self._others.items()
        )
        return (*self.unread(), *others)

    def unread(self) -> tuple[str, ...]:
        """Return which stretches of the files could not be read or are not what they say, a line each."""
        lines = [f"{each.place}: {each.reason}" for each in self.damage[:_COMPLAINTS]]
        more = len(self.damage) - len(lines)
        if more > 0:
            lines.append(f"{self._path}: {more} further stretches could not be read")
        return tuple(lines)

    def close(self) -> None:
        """Files are open only while they are read."""

    def _within(
        self, held: Iterator[Held] | list[Held], url: str, since: datetime | None, until: datetime | None
    ) -> Iterator[Capture]:
        found = False
        for one in held:
            at = one.capture.at
            if (since is None or at >= since) and (until is None or at <= until):
                found = True
                yield self._shown(one)
        if found:
            return
        key = page_key(url)
        hiding = [d for d in self.damage if d.hides and (d.url is None or page_key(d.url) == key)]
        if hiding:
            names = list(dict.fromkeys(_name(one.place) for one in hiding))
            more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            raise UnexpectedReplyError(
                f"No capture of {url} in what could be read of {self._path}; not all of it could: "
                f"{', '.join(names[:_NAMED])}{more} ({hiding[0].reason})."
            )
        count, example = self._others.get(url, (0, ""))
        also = f"; {count} are of other spellings, such as {example[:200]}" if count else ""
        raise NoCaptureError(f"{self._path} holds no capture of {url} in that time{also}.")

    def _shown(self, held: Held) -> Capture:
        """Return a capture; a revisit that names one digest and refers to a capture of another names none."""
        if held.capture.is_revisit and held.original_at and self._files.contradicts(held):
            return replace(held.capture, digest=None)
        return held.capture

    def _exported(self, capture: Capture, held: Held, origin: Origin) -> Snapshot:
        """Return what a record shows that another store wrote, as its archive served it then."""
        if origin.status is None:
            row = held.capture
            same = (
                (other, other.origin)
                for other in self._files.of_page(origin.page)
                if other.origin and (other.capture.archive, other.capture.digest) == (row.archive, row.digest)
            )
            full = next((each for each in same if each[1].status is not None and each[1].has_raw), None)
            if full is None:
                raise NoCaptureError(
                    f"The capture of {capture.url} at {capture.timestamp} showed the bytes of another, which {self._path} "
                    "does not hold."
                )
            return replace(
                self._exported(capture, *full), served_at=row.at, retrieved_at=None, archive_src=None
            )
        snapshot, _ = self._snapshot(capture, held, origin.redirects)
        fit = None
        if origin.has_raw and not origin.redirects:
            fit = fits(capture.digest, (snapshot.raw or b"", snapshot.body))
            # It may say that nobody could look, as of bytes in chunks; never that they fit where they do not.
            fit = fit or (None if origin.digest_fits is None else fit)
        return replace(
            snapshot,
            served_at=origin.served_at,
            url=origin.final_url,
            status=origin.status,
            digest_fits=fit,
            raw=snapshot.raw if origin.has_raw else None,
            content_coding=snapshot.content_coding if origin.has_raw else None,
            headers=own_headers(snapshot.headers) if origin.has_raw else (),
            retrieved_at=origin.retrieved_at,
            archive_src=origin.archive_src,
            imported=True,
        )

    def _held(self, capture: Capture) -> Held:
        found = self._files.exported(capture)
        if found is not None:
            return found
        if not self._files.of_page(capture.url):
            self._files.refresh()
        same = [h for h in self._files.of_page(capture.url) if h.capture.at == capture.at]
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

    def _nearest(self, url: str, at: datetime, *, without: set[Place] | None = None) -> Held | None:
        held = [
            h
            for h in self._files.of_page(url)
            if abs(h.capture.at - at) <= REDIRECT_WINDOW and h.place not in (without or ())
        ]
        return min(held, key=lambda h: (abs(h.capture.at - at), h.capture.status in REDIRECTS), default=None)

    def _original(self, held: Held) -> Held:
        """Return the capture whose bytes a revisit saw again."""
        found = self._files.original_of(held)
        if found is None:
            raise NoCaptureError(
                f"The capture of {held.capture.url} at {held.capture.timestamp} is a revisit, and {self._path} "
                "does not hold the capture of that site it refers to."
            )
        return found

    def _snapshot(self, capture: Capture, held: Held, passed: tuple[str, ...]) -> tuple[Snapshot, str | None]:
        """Return what a record shows and where it redirects to, None where it does not."""
        full = self._original(held) if held.capture.is_revisit else held
        try:
            with closing(record_at(full.place, most=self._most)) as records:
                record = next(records)
                status = record.status or 200
                raw, body = bytes_of(record, limit=self._limit)
                fields, coding = record.http_fields, record.http_header("Content-Encoding")
                kind = record.http_header("Content-Type") or (
                    record.header("Content-Type") if record.kind == "resource" else None
                )
                location = record.http_header("Location") if status in REDIRECTS else None
        except (DamagedError, CutOffError) as error:
            raise UnexpectedReplyError(f"{full.place}: the record of {capture.url}: {error}.") from error
        except TooLargeError as error:
            raise BodyTooLargeError(
                f"{capture.url} is larger than {self._limit / 1e6:g} MB.", limit=self._limit
            ) from error
        except UnknownEncodingError as error:
            raise BodyEncodingError(
                f"{capture.url} is encoded as {error}, which cannot be undone here."
            ) from error
        except OSError as error:
            raise UnexpectedReplyError(f"{full.place.path} cannot be read: {error}.") from error
        snapshot = Snapshot(
            capture=capture,
            served_at=held.capture.at,
            url=held.capture.url,
            status=status,
            content_type=kind,
            body=body,
            redirects=passed,
            # Of bytes in chunks, or of a record that the archive digested otherwise, nothing can be recomputed later.
            digest_fits=(fits(capture.digest, (raw, body)) or None) if not passed else None,
            raw=raw,
            content_coding=coding if raw != body else None,
            headers=fields,
            retrieved_at=self._now() if self._now else None,
        )
        return snapshot, location


def _name(place: Place) -> str:
    return f"{place.path.name}{f' ({place.entry})' if place.entry else ''}"
