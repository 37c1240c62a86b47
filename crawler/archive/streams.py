"""Compressed streams, unpacked piece by piece up to their true end."""

import re
import zlib
from collections.abc import Callable, Generator, Iterator

import zstandard

GZIP_MAGIC = b"\x1f\x8b\x08"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
# RFC 8878, 3.1.2: frames to be passed over; the WARC community keeps a dictionary in one of type D.
_SKIPPED = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")
DICTIONARY_MAGIC = b"\x5d\x2a\x4d\x18"
# A window beyond 128 MB is no page's (RFC 8878, 3.1.1.1.2 lets decoders refuse more than 8 MB).
_WINDOW = 1 << 27
# Window sizes by which zlib knows the wrapping: gzip, zlib, none (zlib.h).
GZIP, ZLIB, RAW = 31, 15, -15
STEP = 1 << 18
_FIRST = 1 << 10
# The library has no limit on what one call unpacks to; a block of 128 KB takes 4 bytes at least, so that this is 32 MB.
_ZSTD_STEP = 1 << 10


class CutOffError(Exception):
    """The stream ends before its end, or is damaged."""


class CorruptError(CutOffError):
    """The stream's bytes are not those that were packed."""


def member_of(read: Callable[[], bytes], *, window: int = GZIP) -> Generator[bytes, None, bytes]:
    """Yield what one zlib stream unpacks to, never more than `STEP` bytes at once.

    `flush()` of the library is not called: on CPython 3.11 it appends what `unconsumed_tail` holds to
    `unused_data` a second time, so that whoever counts the rest counts it twice (seen 2026-11-28).

    Args:
        read: Returns the next packed bytes, empty at the end.
        window: The wrapping: `GZIP`, `ZLIB` or `RAW`.

    Returns:
        The bytes that were read beyond the stream's end.

    Raises:
        CorruptError: The stream's bytes are wrong.
        CutOffError: It stops short.
    """
    stream = zlib.decompressobj(window)
    data = read()
    if not data:
        raise CutOffError("the stream is empty")
    while True:
        try:
            piece = stream.decompress(data, STEP)
        except zlib.error as error:
            raise CorruptError(f"corrupt data ({error})") from error
        if piece:
            yield piece
        if stream.eof:
            return stream.unused_data
        data = stream.unconsumed_tail
        if not data and len(piece) < STEP:
            data = read()
            if not data:
                raise CutOffError("the stream stops short")


def is_zstd(start: bytes) -> bool:
    """Whether bytes begin a Zstandard frame, one to be passed over included."""
    return start.startswith(ZSTD_MAGIC) or _SKIPPED.match(start) is not None


def zstd_member_of(
    read: Callable[[int], bytes], *, dictionary: bytes | None = None
) -> Generator[bytes, None, bytes]:
    """Yield what one Zstandard frame unpacks to.

    Args:
        read: Returns at most so many of the next packed bytes, empty at the end.
        dictionary: What the frame was packed with, or None.

    Returns:
        The bytes that were read beyond the frame's end.

    Raises:
        CorruptError: The frame's bytes are wrong.
        CutOffError: It stops short.
    """
    known = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
    stream = zstandard.ZstdDecompressor(dict_data=known, max_window_size=_WINDOW).decompressobj()
    while not stream.eof:
        data = read(_ZSTD_STEP)
        if not data:
            raise CutOffError("the stream stops short")
        try:
            piece = stream.decompress(data)
        except zstandard.ZstdError as error:
            raise CorruptError(f"corrupt data ({error})") from error
        if piece:
            yield piece
    return stream.unused_data


def members_of(body: bytes, *, window: int = GZIP) -> Iterator[bytes]:
    """Yield what all streams of a body unpack to, one after the other; padding behind the last is left out.

    Raises:
        CutOffError: A stream is corrupt or stops short.
    """
    slices = _Slices(body)
    while True:
        start = slices.at
        rest = yield from member_of(slices.read, window=window)
        slices.back(len(rest))
        if slices.at <= start:
            raise CutOffError("the reader does not advance")
        if not body.startswith(GZIP_MAGIC[:2], slices.at):
            return


class _Slices:
    """Reads a body in steps that grow, so that a million short streams cost no copy of the rest for each."""

    def __init__(self, body: bytes) -> None:
        self.at = 0
        self._body = body
        self._step = _FIRST

    def read(self) -> bytes:
        data = self._body[self.at : self.at + self._step]
        self.at += len(data)
        self._step = min(self._step * 4, STEP)
        return data

    def back(self, count: int) -> None:
        self.at -= count
        self._step = _FIRST
