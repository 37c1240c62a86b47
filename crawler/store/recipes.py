"""Recipes: the parameters with which a compressor makes a capture's raw bytes from its decoded body, bit for bit."""

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from crawler.errors import StoreError

IDENTITY = "identity"
WHOLE = "whole"
_GZIP = b"\x1f\x8b\x08"
_FLUSHED = re.compile(rb"\x00\x00\xff\xff")
# Servers flush as a page is made, some hundred times at most; a longer list would cost more than it saves.
_MOST_FLUSHES = 500
_STEP = 1 << 16
# How servers compress unless asked otherwise (read in their manuals, 2026-11-28): zlib's own default, Apache's mod_deflate
# (memory 9), nginx (level 1); then the rest.
_USUAL = ((6, 8), (6, 9), (1, 8), (9, 8), (5, 8), (4, 8), (9, 9), (1, 9))
_ZLIB_WAYS = tuple(
    dict.fromkeys((*_USUAL, *((level, memory) for level in range(1, 10) for memory in (8, 9))))
)
# Quality 11 takes some 250 ms for 100 KB (measured 2026-11-28), so that it is tried last and for pages of usual size.
_BROTLI_QUALITIES = (5, 4, 6, 1, 3, 2, 9, 7, 8, 10, 11)
_SLOW_QUALITY = 10
_LARGEST_SLOW = 500_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Deflate:
    """How a deflate stream was made.

    Attributes:
        head: What stands in front of the stream, in hex: a gzip header with its time and name, or zlib's.
        level: Of the compressor.
        memory: Its memory level.
        flushes: After how many bytes of the body the stream was flushed.
        mode: How it was flushed: zlib's number.
    """

    head: str
    level: int
    memory: int
    flushes: tuple[int, ...] = ()
    mode: int = zlib.Z_SYNC_FLUSH

    def stream(self, body: bytes) -> Iterator[bytes]:
        """Yield the stream without head or tail, piece by piece."""
        maker = zlib.compressobj(self.level, zlib.DEFLATED, -zlib.MAX_WBITS, self.memory)
        for start, end in pairwise((0, *self.flushes, len(body))):
            for at in range(start, end, _STEP):
                yield maker.compress(body[at : min(at + _STEP, end)])
            if end in self.flushes:
                yield maker.flush(self.mode)
        yield maker.flush()


def recipe_for(raw: bytes, body: bytes) -> str:
    """Return the recipe that makes `raw` from `body`, or `WHOLE` where none was found.

    A recipe found is one that was tried: it makes the very bytes.
    """
    if raw == body:
        return IDENTITY
    return _deflate_recipe(raw, body) or _brotli_recipe(raw, body) or WHOLE


def made_by(recipe: str, body: bytes) -> bytes:
    """Return the raw bytes that a recipe makes from a body.

    Raises:
        StoreError: Nothing here reads the recipe.
    """
    if recipe == IDENTITY:
        return body
    try:
        kind, values = json.loads(recipe)
        if kind == "br":
            return _brotli(body, quality=int(values["quality"]), window=int(values["window"]))
        deflate = _Deflate(**(values | {"flushes": tuple(values.get("flushes", ()))}))
        head = bytes.fromhex(deflate.head)
        return b"".join((head, *deflate.stream(body), _tail(head, body)))
    except (ValueError, TypeError, KeyError, zlib.error) as error:
        raise StoreError(f"nothing here makes bytes by the recipe {recipe[:80]!r}") from error


def _tail(head: bytes, body: bytes) -> bytes:
    if head.startswith(_GZIP):
        return zlib.crc32(body).to_bytes(4, "little") + (len(body) & 0xFFFFFFFF).to_bytes(4, "little")
    return zlib.adler32(body).to_bytes(4, "big") if head else b""


def _deflate_recipe(raw: bytes, body: bytes) -> str | None:
    """Return how a gzip, zlib or bare deflate stream was made, or None."""
    length = _gzip_head(raw) if raw.startswith(_GZIP) else 2 * _is_zlib(raw)
    head = raw[:length]
    tail = _tail(head, body)
    if not raw.endswith(tail):
        return None
    stream = raw[length : len(raw) - len(tail)]
    flushes = _flushes(stream, body)
    if flushes is None:
        return None
    modes = (zlib.Z_SYNC_FLUSH, zlib.Z_FULL_FLUSH) if flushes else (zlib.Z_SYNC_FLUSH,)
    for level, memory in _ZLIB_WAYS:
        for mode in modes:
            way = _Deflate(head=head.hex(), level=level, memory=memory, flushes=flushes, mode=mode)
            if _makes(way.stream(body), stream):
                values = {name: value for name, value in asdict(way).items() if value != ()}
                return json.dumps(["deflate", values], separators=(",", ":"))
    return None


def _makes(pieces: Iterator[bytes], stream: bytes) -> bool:
    """Whether pieces are a stream; looks no further than to the first difference."""
    at = 0
    for piece in pieces:
        if not stream.startswith(piece, at):
            return False
        at += len(piece)
    return at == len(stream)


def _flushes(stream: bytes, body: bytes) -> tuple[int, ...] | None:
    """Return after how many bytes of the body a stream was flushed, or None where it is not of that body."""
    reader = zlib.decompressobj(-zlib.MAX_WBITS)
    found: list[int] = []
    done, size = 0, 0
    try:
        for mark in _FLUSHED.finditer(stream):
            piece = reader.decompress(stream[done : mark.end()], len(body) - size + 1)
            size, done = size + len(piece), mark.end()
            found.append(size)
            if size > len(body) or len(found) > _MOST_FLUSHES:
                return None
        size += len(reader.decompress(stream[done:], len(body) - size + 1))
    except zlib.error:
        return None
    return tuple(found) if reader.eof and not reader.unused_data and size == len(body) else None


def _gzip_head(raw: bytes) -> int:
    """Return the length of a gzip header (RFC 1952, 2.3)."""
    flags, at = raw[3] if len(raw) > 3 else 0, 10
    if flags & 4:
        at += 2 + int.from_bytes(raw[at : at + 2], "little")
    for flag in (8, 16):
        if flags & flag:
            at = raw.find(b"\x00", at) + 1 or len(raw)
    return min(at + (2 if flags & 2 else 0), len(raw))


def _is_zlib(raw: bytes) -> bool:
    return len(raw) > 2 and raw[0] & 15 == 8 and int.from_bytes(raw[:2], "big") % 31 == 0


def _brotli_recipe(raw: bytes, body: bytes) -> str | None:
    """Return with which quality a Brotli stream was made, or None."""
    window = _brotli_window(raw)
    if window is None or raw.startswith(_GZIP):
        return None
    for quality in _BROTLI_QUALITIES:
        if quality >= _SLOW_QUALITY and len(body) > _LARGEST_SLOW:
            return None
        try:
            if _brotli(body, quality=quality, window=window) == raw:
                return json.dumps(["br", {"quality": quality, "window": window}], separators=(",", ":"))
        except StoreError:
            return None
    return None


def _brotli_window(raw: bytes) -> int | None:
    """Return the window that a Brotli stream names in its first bits (RFC 7932, 9.1), or None where it cannot be one."""
    if not raw:
        return None
    first = raw[0]
    if not first & 1:
        return 16
    if first & 14:
        return 17 + (first >> 1 & 7)
    rest = first >> 4 & 7
    return {0: 17, 1: None}.get(rest, 8 + rest)


def _brotli(body: bytes, *, quality: int, window: int) -> bytes:
    try:
        import brotlicffi  # noqa: PLC0415  one page in a hundred needs it, and an older environment may lack it
    except ImportError as error:
        raise StoreError("brotlicffi is not installed: pip install brotlicffi") from error
    made: Any = brotlicffi.compress(body, quality=quality, lgwin=window)
    return bytes(made)
