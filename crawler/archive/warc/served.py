"""The answers in a WARC file one after the other, in the order of the file and without an index."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from crawler.archive.encoding import CutOffError, TooLargeError, UnknownEncodingError
from crawler.archive.fields import ODD_VALUE
from crawler.archive.warc.containers import records_of
from crawler.archive.warc.index import LONGEST_ADDRESS, record_date
from crawler.archive.warc.payload import bytes_of
from crawler.archive.warc.records import LARGEST_HEADERS, Damage, DamagedError, Place, Record

_KINDS = ("response", "resource")


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One answer of a site, as a record keeps it.

    Attributes:
        place: Where the record stands.
        url: The address that was asked for.
        at: When (aware UTC).
        status: The HTTP status.
        content_type: As the site sent it, or None.
        body: The bytes, their codings undone.
    """

    place: Place
    url: str
    at: datetime
    status: int
    content_type: str | None
    body: bytes


class ServedRecord:
    """One answer whose body is still unread; it can be read until the next is asked for.

    Attributes:
        place: Where the record stands.
        url: The address that was asked for.
        at: When (aware UTC).
        status: The HTTP status.
        content_type: As the site sent it, or None.
    """

    def __init__(self, record: Record, url: str, at: datetime) -> None:
        self.place, self.url, self.at, self._record = record.place, url, at, record
        self.status = record.status or 200
        own = record.header("Content-Type") if record.kind == "resource" else None
        self.content_type = record.http_header("Content-Type") or own

    def read(self, *, limit: int) -> Served | Damage:
        """Read the body, or say why it cannot be had.

        Args:
            limit: The largest body read, in bytes.
        """
        try:
            _, body = bytes_of(self._record, limit=limit)
        except (DamagedError, CutOffError) as error:
            return Damage(self.place, str(error), url=self.url)
        except TooLargeError:
            return Damage(self.place, f"it is larger than {limit / 1e6:g} MB", url=self.url)
        except UnknownEncodingError as error:
            return Damage(self.place, f"it is encoded as {error}, which cannot be undone here", url=self.url)
        return Served(
            place=self.place,
            url=self.url,
            at=self.at,
            status=self.status,
            content_type=self.content_type,
            body=body,
        )


def answers_in(path: Path, *, limit: int) -> Iterator[ServedRecord | Damage]:
    """Yield the answers of web sites in a WARC, ARC or WACZ file, and what could not be read, in order.

    Memory does not grow with the file. Revisits hold no bytes and are passed over.

    Args:
        path: The file.
        limit: The largest body that is to be read, in bytes.

    Raises:
        OSError: The file cannot be opened or read.
    """
    for record in records_of(path, most=limit + LARGEST_HEADERS):
        if isinstance(record, Damage):
            yield record
        elif record.kind in _KINDS:
            try:
                answer = _answer(record)
            except (*ODD_VALUE, ValueError) as error:
                yield Damage(record.place, str(error)[:160])
                continue
            if answer is not None:
                yield answer


def _answer(record: Record) -> ServedRecord | None:
    """Return a record as an answer, or None where it is of no web site.

    Raises:
        ValueError: Its address or time cannot be read.
    """
    url = (record.header("WARC-Target-URI") or "").strip().removeprefix("<").removesuffix(">")
    parts = urlsplit(url)
    if parts.scheme.lower() not in ("http", "https"):
        return None
    if not parts.hostname or len(url) > LONGEST_ADDRESS:
        raise ValueError("its address cannot be read")
    return ServedRecord(record, url, record_date(record.header("WARC-Date")))
