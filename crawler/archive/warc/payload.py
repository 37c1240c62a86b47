"""The body of a record, and the digest that it has rather than the one it names."""

import base64
import hashlib
import re
from dataclasses import dataclass

from crawler.archive.digests import algorithm_of, digest_value, fits, is_digest_of
from crawler.archive.encoding import CutOffError, TooLargeError, UnknownEncodingError, decoded
from crawler.archive.fields import whole_number
from crawler.archive.warc.records import DamagedError, Record

_OPENING = 1 << 12
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]{0,40}(?:;[^\r\n]{0,400})?\r\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What the payload of a record was found to be.

    Attributes:
        digest: A digest that its bytes have: the one it names where that fits, else the SHA-1 of what is stored.
        length: Bytes stored.
        opening: The first bytes as stored.
        fits: Whether the digest it names is that of its bytes, raw, without chunks, or decoded; None where it
            names none, or by an unknown algorithm.
    """

    digest: str
    length: int
    opening: bytes
    fits: bool | None


def measured(record: Record, *, limit: int) -> Measured:
    """Read the payload of a record once, and hold it against the digest it names.

    Args:
        record: Its payload still unread.
        limit: The largest body that is held to try its other forms.

    Raises:
        DamagedError: The payload stops short.
    """
    named = record.header("WARC-Payload-Digest")
    algorithm = algorithm_of(named) if named else None
    sha1 = hashlib.sha1(usedforsecurity=False)
    other = hashlib.new(algorithm) if algorithm and algorithm != "sha1" else None
    pieces: list[bytes] = []
    length = 0
    opening = b""
    for piece in record.payload():
        opening = opening or piece[:_OPENING]
        sha1.update(piece)
        if other:
            other.update(piece)
        length += len(piece)
        if named and length <= limit:
            pieces.append(piece)
    first = (other or sha1).digest()
    if (
        named
        and algorithm
        and (is_digest_of(named, first) or _fits_otherwise(record, named, pieces, length, limit))
    ):
        return Measured(digest=digest_value(named) or named, length=length, opening=opening, fits=True)
    return Measured(
        digest=base64.b32encode(sha1.digest()).decode(),
        length=length,
        opening=opening,
        fits=False if named and algorithm else None,
    )


def bytes_of(record: Record, *, limit: int) -> tuple[bytes, bytes]:
    """Return the bytes of a record, its transfer coding undone, and its body, where its content coding is as well.

    Args:
        record: Its payload still unread.
        limit: The most bytes that may come out.

    Raises:
        DamagedError: It was cut off by the crawler or since.
        CutOffError: Its content coding stops short.
        TooLargeError: It is larger than the limit.
        UnknownEncodingError: Its content coding cannot be undone.
    """
    if record.header("WARC-Truncated"):
        raise DamagedError("the crawler cut it off")
    pieces: list[bytes] = []
    size = 0
    for piece in record.payload():
        size += len(piece)
        if size > limit:
            raise TooLargeError
        pieces.append(piece)
    coding = record.http_header("Transfer-Encoding")
    raw = _dechunked(b"".join(pieces), coding)
    length = whole_number(record.http_header("Content-Length"))
    if length is not None and len(raw) < length and not coding:
        raise DamagedError(f"{len(raw)} of {length} bytes were kept")
    return raw, _plain(record, raw, limit)


def _fits_otherwise(record: Record, named: str, pieces: list[bytes], length: int, limit: int) -> bool:
    """Whether a digest is that of the payload without its chunks, or decoded: crawlers differ in what they digest."""
    if length > limit:
        return False
    raw = b"".join(pieces)
    try:
        whole = _dechunked(raw, record.http_header("Transfer-Encoding"))
        return bool(fits(named, (whole, _plain(record, whole, limit))))
    except (DamagedError, CutOffError, TooLargeError, UnknownEncodingError):
        return False


def _plain(record: Record, raw: bytes, limit: int) -> bytes:
    return decoded(
        raw,
        encoding=record.http_header("Content-Encoding"),
        content_type=record.http_header("Content-Type"),
        limit=limit,
    )


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
