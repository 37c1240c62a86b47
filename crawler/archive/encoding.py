"""Undoing of content encodings, with a cap on what comes out and an eye for headers that lie."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO

from crawler.archive.streams import (
    GZIP,
    GZIP_MAGIC,
    RAW,
    ZLIB,
    ZSTD_MAGIC,
    CutOffError,
    members_of,
    zstd_member_of,
)

__all__ = ["CutOffError", "TooLargeError", "UnknownEncodingError", "decoded", "is_text"]

# Bodies of these types are packed files in their own right, not encoded pages.
PACKED_TYPES = (
    "application/gzip",
    "application/x-gzip",
    "application/octet-stream",
    "application/warc",
    "application/zstd",
)
# What IANA's registry of content codings names beyond those undone here (read 2026-11-28).
_REGISTERED = {"compress", "x-compress", "exi", "pack200-gzip", "dcb", "dcz", "aes128gcm"}
# Control characters that no text holds; NUL is looked at apart, for UTF-16 is half of it.
_CONTROLS = re.compile(rb"[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_LOOKED_AT = 4096
_STEP = 1 << 18


class TooLargeError(Exception):
    """More came out than may."""


class UnknownEncodingError(Exception):
    """An encoding that this program cannot undo."""


def decoded(body: bytes, *, encoding: str | None, content_type: str | None, limit: int) -> bytes:
    """Return the body with its content encoding undone.

    The bytes decide where they and the header disagree: web.archive.org has been seen to send an empty
    `content-encoding` next to the true one (edgi-govdata-archiving/web-monitoring-processing#309), gzip to those
    who refused it, and pages that were compressed twice. Archives keep pages whose coding was undone while its name
    stayed, and pages under a name that says nothing (`none`, `UTF-8`), which browsers pass over.

    Args:
        body: As it came over the wire.
        encoding: The Content-Encoding header, several joined by commas, or None.
        content_type: The Content-Type header, or None.
        limit: The most bytes that may come out.

    Raises:
        TooLargeError: More than `limit` would come out.
        CutOffError: The body says it is encoded but stops short.
        UnknownEncodingError: The body is in another encoding than gzip, deflate, br or zstd.
    """
    names = [name.strip().lower() for name in (encoding or "").split(",")]
    for name in reversed(names):
        body = _undone(name, body, limit)
    kind = (content_type or "").lower()
    if not kind.startswith(PACKED_TYPES):
        body = _unnamed(body, kind, limit)
    if len(body) > limit:
        raise TooLargeError
    return body


def is_text(body: bytes) -> bool:
    """Whether a body's beginning is text in some encoding, rather than packed or other binary data."""
    start = body[:_LOOKED_AT]
    if _CONTROLS.search(start.replace(b"\x1b", b"")):
        return start.startswith((b"\xff\xfe", b"\xfe\xff"))
    return b"\x00" not in start or start.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<"))


def _undone(name: str, body: bytes, limit: int) -> bytes:
    """Undo one coding by its name; a body that was not packed so stays as it is."""
    if not body:
        return body
    if name in ("gzip", "x-gzip"):
        return _gathered(members_of(body, window=GZIP), limit) if body.startswith(GZIP_MAGIC) else body
    if name == "zstd":
        return _gathered(_zstd(body), limit) if body.startswith(ZSTD_MAGIC) else body
    if name == "deflate":
        return _first_that_fits(body, limit, _zlib, _raw)
    if name in ("br", "x-br", "brotli"):
        return _first_that_fits(body, limit, _brotli)
    if name in _REGISTERED and not is_text(body):
        raise UnknownEncodingError(name)
    return body


def _unnamed(body: bytes, kind: str, limit: int) -> bytes:
    """Undo a coding that no header names, as far as the bytes tell it."""
    if body.startswith(GZIP_MAGIC):
        return _gathered(members_of(body, window=GZIP), limit)
    if body.startswith(ZSTD_MAGIC):
        return _gathered(_zstd(body), limit)
    if not body or is_text(body) or not (not kind or kind.startswith(("text/", "application/xhtml"))):
        return body
    ways = (_zlib, _brotli) if body[0] & 15 == 8 and int.from_bytes(body[:2], "big") % 31 == 0 else (_brotli,)
    for way in ways:
        try:
            found = _gathered(way(body), limit)
        except (CutOffError, UnknownEncodingError):
            continue
        if found and is_text(found):
            return found
    return body


def _first_that_fits(body: bytes, limit: int, *ways: Callable[[bytes], Iterator[bytes]]) -> bytes:
    """Undo a coding in the first way in which the body is packed; one that is plain text stays as it is.

    Servers send both zlib-wrapped and raw streams under the name `deflate` (RFC 9110, 8.4.1.2).
    """
    failure = CutOffError("the stream stops short")
    for way in ways:
        try:
            return _gathered(way(body), limit)
        except CutOffError as error:
            failure = error
    if is_text(body):
        return body
    raise failure


def _zlib(body: bytes) -> Iterator[bytes]:
    return members_of(body, window=ZLIB)


def _raw(body: bytes) -> Iterator[bytes]:
    return members_of(body, window=RAW)


def _zstd(body: bytes) -> Iterator[bytes]:
    """Yield what every frame of a body unpacks to."""
    stream = BytesIO(body)
    while True:
        start = stream.tell()
        rest = yield from zstd_member_of(stream.read)
        stream.seek(-len(rest), 1)
        if stream.tell() <= start:
            raise CutOffError("the reader does not advance")
        if not body.startswith(ZSTD_MAGIC, stream.tell()):
            return


def _brotli(body: bytes) -> Iterator[bytes]:
    """Yield what a Brotli stream unpacks to, never much more than `_STEP` bytes at once."""
    try:
        import brotlicffi  # noqa: PLC0415  one page in a hundred needs it, and an older environment may lack it
    except ImportError as error:
        raise UnknownEncodingError("br") from error
    stream = brotlicffi.Decompressor()
    data = body
    while not stream.is_finished():
        try:
            piece = stream.process(data, output_buffer_limit=_STEP)
        except brotlicffi.error as error:
            raise CutOffError(f"corrupt data ({error})") from error
        if not piece and not data:
            raise CutOffError("the stream stops short")
        data = b""
        if piece:
            yield piece


def _gathered(pieces: Iterator[bytes], limit: int) -> bytes:
    """Join what a stream unpacks to, never holding more than `limit` bytes."""
    kept: list[bytes] = []
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > limit:
            raise TooLargeError
        kept.append(piece)
    return b"".join(kept)
