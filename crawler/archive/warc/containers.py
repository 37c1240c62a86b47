"""The containers in which captures are kept, recognised by their first bytes: WARC, ARC, packed or not, and WACZ."""

import re
import struct
import zipfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from io import BufferedReader, BytesIO, RawIOBase
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from crawler.archive.streams import (
    DICTIONARY_MAGIC,
    GZIP_MAGIC,
    ZSTD_MAGIC,
    CutOffError,
    is_zstd,
    member_of,
    zstd_member_of,
)
from crawler.archive.warc.records import Damage, DamagedError, Place, Record, record_in, records_in
from crawler.archive.warc.wacz import UNREADABLE, checked, warcs_in

NAMES = re.compile(r"\.(?:w?arc(?:\.gz|\.zst)?|wacz)(?:\.open)?$", re.IGNORECASE)
_OPENING = 1 << 12
_ZIP = b"PK\x03\x04"
_LOCAL_HEADER = struct.Struct("<4s22xHH")


def is_candidate(path: Path) -> bool:
    """Whether a file of a folder is to be read: by its name, or because it begins like a WARC, an ARC or a WACZ."""
    if NAMES.search(path.name):
        return True
    with path.open("rb") as file:
        start = _unpacked(file.read(_OPENING))
    return start.startswith((b"WARC/", b"filedesc://")) or (
        start.startswith(_ZIP) and zipfile.is_zipfile(path) and bool(warcs_in(path))
    )


def _unpacked(start: bytes) -> bytes:
    """Return the beginning of a file, unpacked where that much of it can be."""
    packed = BytesIO(start)
    try:
        if start.startswith(GZIP_MAGIC):
            return next(member_of(packed.read), b"")
        if start.startswith(DICTIONARY_MAGIC):
            return b"WARC/"  # so only WARC files begin (iipc/warc-specifications, "WARC with Zstandard")
        if start.startswith(ZSTD_MAGIC):
            return next(zstd_member_of(packed.read), b"")
    except CutOffError:
        return b""
    return start


def records_of(path: Path, *, most: int) -> Iterator[Record | Damage]:
    """Yield the records of a container in order; each payload can be read until the next is asked for.

    Args:
        path: The file.
        most: How many bytes of one packed member are unpacked; what lies behind them is damage.

    Raises:
        OSError: The file cannot be opened or read.
    """
    whole = Place(path, 0)
    with path.open("rb") as file:
        start = file.read(16)
    if start.startswith(b"PK"):
        yield from _zipped(path, most)
        return
    if path.name.lower().endswith(".open"):
        yield Damage(whole, "its name says that it is still being written; what it holds so far was read")
    if not start:
        yield Damage(whole, "it is empty")
        return
    if (
        start.startswith((b"WARC/", b"filedesc://", GZIP_MAGIC))
        or is_zstd(start)
        or _is_warc_further_on(path)
    ):
        with path.open("rb") as file:
            yield from records_in(file, whole, most=most)
        return
    yield Damage(whole, "it is no WARC, ARC or WACZ file")


def record_at(place: Place, *, most: int) -> Generator[Record, None, None]:
    """Yield the one record at a place, which stays readable until the iterator is closed.

    Raises:
        DamagedError: It is not there any more.
        OSError: The file cannot be read.
    """
    if not place.entry:
        with place.path.open("rb") as file:
            yield from record_in(file, place, most=most)
        return
    try:
        with zipfile.ZipFile(place.path) as archive, _entry(archive, place.path, place.entry) as file:
            yield from record_in(file, place, most=most)
    except UNREADABLE as error:
        raise DamagedError(f"its package cannot be read ({error})") from error


def _is_warc_further_on(path: Path) -> bool:
    """Whether a file that begins otherwise holds records: its beginning may be what is damaged."""
    with path.open("rb") as file:
        start = file.read(1 << 20)
    return b"\nWARC/" in start or re.search(rb"\x1f\x8b\x08[\x00-\x1f]", start) is not None


def _zipped(path: Path, most: int) -> Iterator[Record | Damage]:
    """Yield the records of every WARC in a package, then what its own digests say of it."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = warcs_in(path)
            if not names:
                yield Damage(Place(path, 0), "it is a zip file without WARCs, no WACZ")
                return
            for name in names:
                try:
                    with _entry(archive, path, name) as file:
                        yield from records_in(file, Place(path, 0, entry=name), most=most)
                except UNREADABLE as error:
                    yield Damage(Place(path, 0, entry=name), f"it cannot be read from the package ({error})")
            for wrong in checked(archive):
                yield Damage(Place(path, 0, entry=wrong.entry), wrong.reason, hides=wrong.missing)
    except UNREADABLE as error:
        yield Damage(Place(path, 0), f"it is a damaged zip file ({error})")


class _Window(RawIOBase):
    """A stretch of a file as a file: a WARC stored in a package without compression."""

    def __init__(self, file: IO[bytes], start: int, size: int) -> None:
        super().__init__()
        self._file, self._start, self._size, self._at = file, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = max(0, offset + (0, self._at, self._size)[whence])
        return self._at

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        self._file.seek(self._start + self._at)
        data = self._file.read(min(len(buffer), max(self._size - self._at, 0)))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


@contextmanager
def _entry(archive: zipfile.ZipFile, path: Path, name: str) -> Iterator[IO[bytes]]:
    """Open an entry of a package so that it can be gone back in."""
    info = archive.getinfo(name)
    if info.compress_type == zipfile.ZIP_STORED and not info.flag_bits & 1:
        with path.open("rb") as file:
            file.seek(info.header_offset)
            mark, name_length, extra_length = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
            if mark != _ZIP:
                raise zipfile.BadZipFile("an entry does not begin where the index says")
            start = info.header_offset + _LOCAL_HEADER.size + name_length + extra_length
            yield BufferedReader(_Window(file, start, info.file_size))
        return
    if info.file_size > LARGEST_PACKED:
        raise zipfile.LargeZipFile(
            f"its packed entry {name} is larger than {LARGEST_PACKED / 1e9:g} GB; unpack it"
        )
    with TemporaryFile() as unpacked, archive.open(info) as packed:
        size = 0
        while piece := packed.read(1 << 20):
            size += len(piece)
            if size > info.file_size:
                raise zipfile.BadZipFile("an entry is longer than the index says")
            unpacked.write(piece)
        unpacked.seek(0)
        yield unpacked


# WARCs lie in a package unpacked (WACZ 1.1.1, 4.1); one that is packed is unpacked to disk each time it is read.
LARGEST_PACKED = 1_000_000_000
