"""The records of a WARC file, good ones kept and damaged ones named, wherever the file is cut or corrupt."""

import zlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeadersParserException

from crawler.archive.streams import GZIP, GZIP_MAGIC, CorruptError, CutOffError, member_of

_STEP = 1 << 16
# Three bytes open a gzip member; bytes without order hold them once in 16 MB. A file in which ten thousand beginnings
# lead to no record is made so (5 MB of such beginnings took 115 s to search, 2026-11-28).
FALSE_STARTS = 10_000
_TOO_MANY = f"more than {FALSE_STARTS:,} beginnings lead to no record; what lies behind was left out"
# A gzip header names at most a file and a comment before the first record's name.
_OPENING = 1 << 12
_IN_MEMORY = 1 << 22
LARGEST_HEADERS = 1 << 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands: a file, the offset of its gzip member or of itself, the offset within that member."""

    path: Path
    offset: int
    inner: int = 0


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch of a file that could not be read.

    Attributes:
        place: Where it begins.
        reason: What is wrong with it.
    """

    place: Place
    reason: str


class DamagedError(Exception):
    """Bytes that are no whole record; the message says why."""


class Record:
    """One record, its payload still unread.

    Attributes:
        place: Where it stands.
        kind: `response`, `revisit`, `resource` ...
    """

    def __init__(self, place: Place, record: Any) -> None:
        self.place = place
        self.kind: str = record.rec_type or ""
        self._record = record

    def header(self, name: str) -> str | None:
        """Return a WARC header, or None."""
        value: str | None = self._record.rec_headers.get_header(name)
        return value

    @property
    def status(self) -> int | None:
        """HTTP status, or None where the record holds no HTTP answer."""
        code = self._record.http_headers.get_statuscode() if self._record.http_headers else ""
        return int(code) if code and code.isdigit() else None

    def http_header(self, name: str) -> str | None:
        """Return an HTTP header of the answer, or None."""
        value: str | None = self._record.http_headers.get_header(name) if self._record.http_headers else None
        return value

    def payload(self) -> Iterator[bytes]:
        """Yield the payload as stored, transfer coding and all.

        Raises:
            DamagedError: It stops short, or its bytes are not those that its digest names.
        """
        stream = self._record.raw_stream
        while True:
            try:
                piece = stream.read(_STEP)
            except ArchiveLoadFailed as error:
                raise DamagedError(str(error)) from error
            if not piece:
                break
            yield piece
        if getattr(stream, "limit", 0):
            raise DamagedError(f"{stream.limit} bytes are missing at its end")
        problems = [text for text in self._record.digest_checker.problems if text.startswith("block digest")]
        if problems:
            raise DamagedError("its bytes are not those that its digest names")


def records_in(path: Path, *, most: int) -> Iterator[Record | Damage]:
    """Yield the records of a file in order; each payload can be read until the next is asked for.

    Args:
        path: The file.
        most: How many bytes of one gzip member are unpacked; what lies behind them is damage.

    Raises:
        OSError: The file cannot be opened or read.
    """
    with path.open("rb") as file:
        gzipped = file.read(3) == GZIP_MAGIC
        file.seek(0)
        yield from _members(file, path, most) if gzipped else _plain(file, path)


def record_at(place: Place, *, most: int) -> Generator[Record, None, None]:
    """Yield the one record at a place, which stays readable until the iterator is closed.

    Raises:
        DamagedError: It is not there any more.
        OSError: The file cannot be read.
    """
    with place.path.open("rb") as file:
        file.seek(place.offset)
        stream: IO[bytes] = file
        if file.read(3) == GZIP_MAGIC:
            file.seek(place.offset)
            stream, _ = _member(file, most)
            stream.seek(place.inner)
        else:
            file.seek(place.offset)
        with stream:
            yield _parsed(stream, place)


def _plain(file: IO[bytes], path: Path) -> Iterator[Record | Damage]:
    left = FALSE_STARTS
    while _skip_blank(file):
        place = Place(path, file.tell())
        try:
            yield from _whole(file, place)
        except DamagedError as error:
            yield Damage(place, str(error))
            left -= 1
            if not left:
                yield Damage(place, _TOO_MANY)
                return
            file.seek(place.offset + 1)
            if not _seek(file, b"\nWARC/1", 1):
                return


def _members(file: IO[bytes], path: Path, most: int) -> Iterator[Record | Damage]:
    """Walk gzip members ourselves: warcio takes a cut one for the end of the file."""
    size = path.stat().st_size
    left = FALSE_STARTS
    while (offset := file.tell()) < size:
        reason, whole = "", True
        try:
            member, whole = _member(file, most)
            with member:
                after = file.tell()
                while _skip_blank(member):
                    yield from _whole(member, Place(path, offset, member.tell()))
        except DamagedError as error:
            reason = str(error)
        if not whole:
            reason = f"it is larger than {most / 1e6:g} MB once unpacked; what lies behind was left out"
        if not reason:
            file.seek(after)
            continue
        yield Damage(Place(path, offset), reason)
        file.seek(offset + 1)
        left = _next_member(file, left - 1)
        if left < 0:
            return
        if left == 0:
            yield Damage(Place(path, file.tell()), _TOO_MANY)
            return


def _whole(stream: IO[bytes], place: Place) -> Iterator[Record]:
    """Yield a record and leave the stream behind it."""
    record = _parsed(stream, place)
    yield record
    for _ in record.payload():
        pass


def _parsed(stream: IO[bytes], place: Place) -> Record:
    try:
        loader = ArcWarcRecordLoader(verify_http=False)
        record = loader.parse_record_stream(stream, known_format="warc", check_digests=True)
    # warcio 1.8.1 trips with an AttributeError over an answer whose header block lacks its address.
    except (
        ArchiveLoadFailed,
        StatusAndHeadersParserException,
        EOFError,
        ValueError,
        AttributeError,
    ) as error:
        raise DamagedError(f"no WARC record: {str(error)[:120] or 'the file ends'}") from error
    # warcio 1.8.1 takes a length that was cut off for nought.
    if record.length is None or not (record.rec_headers.get_header("Content-Length") or "").strip().isdigit():
        raise DamagedError("a WARC record without its length")
    return Record(place, record)


def _skip_blank(stream: IO[bytes]) -> bool:
    """Go to the next record; False at the end."""
    while line := stream.readline(_STEP):
        if line.strip():
            stream.seek(-len(line), 1)
            return True
    return False


def _member(file: IO[bytes], most: int) -> tuple[IO[bytes], bool]:
    """Decompress the gzip member at the file's position and leave the file behind it.

    Returns what it unpacks to, and whether that is all: nothing is unpacked beyond `most` bytes.

    Raises:
        DamagedError: It is cut off or corrupt.
    """
    start = file.tell()
    out: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  the caller closes it
    pieces = member_of(lambda: file.read(_STEP))
    try:
        while True:
            out.write(next(pieces))
            if out.tell() > most:
                out.seek(0)
                return out, False
    except StopIteration as end:
        file.seek(-len(end.value), 1)
    except CorruptError as error:
        out.close()
        raise DamagedError(f"corrupt gzip: {error}") from error
    except CutOffError as error:
        out.close()
        raise DamagedError("the file is cut off inside a record") from error
    if file.tell() <= start:
        out.close()
        raise DamagedError("its gzip member has no length")
    out.seek(0)
    return out, True


def _next_member(file: IO[bytes], left: int) -> int:
    """Go to the next gzip member that begins a record.

    Returns:
        How many of the `left` beginnings are left; -1 at the end of the file.
    """
    while left > 0:
        if not _seek(file, GZIP_MAGIC, 0):
            return -1
        here = file.tell()
        try:
            if zlib.decompressobj(GZIP).decompress(file.read(_OPENING), 5) == b"WARC/":
                file.seek(here)
                return left
        except zlib.error:
            pass
        file.seek(here + 1)
        left -= 1
    return 0


def _seek(file: IO[bytes], mark: bytes, skip: int) -> bool:
    """Go to the next occurrence of a mark, plus some bytes; False where there is none."""
    start, kept = file.tell(), b""
    while chunk := file.read(_STEP):
        data = kept + chunk
        found = data.find(mark)
        if found >= 0:
            file.seek(start + found + skip)
            return True
        kept = data[-len(mark) + 1 :]
        start += len(data) - len(kept)
    return False
