"""Undoing of content encodings, with a cap on what comes out and an eye for headers that lie."""

from crawler.archive.streams import GZIP, GZIP_MAGIC, RAW, ZLIB, CutOffError, members_of

__all__ = ["CutOffError", "TooLargeError", "UnknownEncodingError", "decoded"]

# Bodies of these types are gzip files in their own right, not encoded pages.
GZIP_TYPES = ("application/gzip", "application/x-gzip", "application/octet-stream", "application/warc")


class TooLargeError(Exception):
    """More came out than may."""


class UnknownEncodingError(Exception):
    """An encoding that this program cannot undo."""


def decoded(body: bytes, *, encoding: str | None, content_type: str | None, limit: int) -> bytes:
    """Return the body with its content encoding undone.

    The bytes decide where they and the header disagree: web.archive.org has been seen to send an empty
    `content-encoding` beside the true one (edgi-govdata-archiving/web-monitoring-processing#309), gzip to those
    who refused it, and pages that were compressed twice.

    Args:
        body: As it came over the wire.
        encoding: The Content-Encoding header, several joined by commas, or None.
        content_type: The Content-Type header, or None.
        limit: The most bytes that may come out.

    Raises:
        TooLargeError: More than `limit` would come out.
        CutOffError: The body says it is encoded but stops short.
        UnknownEncodingError: The body is in another encoding than gzip or deflate.
    """
    names = [name.strip().lower() for name in (encoding or "").split(",")]
    names = [name for name in names if name and name != "identity"]
    for name in reversed(names):
        if name in ("gzip", "x-gzip"):
            body = _inflated(body, GZIP, limit) if body.startswith(GZIP_MAGIC) else body
        elif name == "deflate":
            body = _deflated(body, limit)
        elif body:
            raise UnknownEncodingError(name)
    plain_gzip = (content_type or "").lower().startswith(GZIP_TYPES)
    if body.startswith(GZIP_MAGIC) and not plain_gzip:
        body = _inflated(body, GZIP, limit)
    if len(body) > limit:
        raise TooLargeError
    return body


def _deflated(body: bytes, limit: int) -> bytes:
    """Servers send both zlib-wrapped and raw streams under the name `deflate` (RFC 9110, 8.4.1.2)."""
    if not body:
        return body
    try:
        return _inflated(body, ZLIB, limit)
    except CutOffError:
        return _inflated(body, RAW, limit)


def _inflated(body: bytes, window: int, limit: int) -> bytes:
    """Decompress every member of a stream, never holding more than `limit` bytes."""
    pieces: list[bytes] = []
    size = 0
    for piece in members_of(body, window=window):
        size += len(piece)
        if size > limit:
            raise TooLargeError
        pieces.append(piece)
    return b"".join(pieces)
