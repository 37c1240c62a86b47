"""The records of a WARC file, good ones kept and damaged ones named, wherever the file is cut or corrupt."""

import logging
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import islice
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeadersParserException

from crawler.archive.fields import ODD_VALUE, http_status, whole_number
from crawler.archive.streams import (
    DICTIONARY_MAGIC,
    GZIP_MAGIC,
    ZSTD_MAGIC,
    CorruptError,
    CutOffError,
    is_zstd,
    member_of,
    zstd_member_of,
)

# The library writes what a record holds to the terminal; what is wrong with one is named here.
logging.getLogger("warcio").setLevel(logging.CRITICAL)
_STEP = 1 << 16
# Three bytes open a gzip member; bytes without order hold them once in 16 MB. A file in which ten thousand beginnings
# lead to no record is made so (5 MB of such beginnings took 115 s to search, 2026-11-28).
FALSE_STARTS = 10_000
_TOO_MANY = f"more than {FALSE_STARTS:,} beginnings lead to no record; what lies behind was left out"
# A gzip header names at most a file and a comment before the first record's name.
_OPENING = 1 << 12
_IN_MEMORY = 1 << 22
_LARGEST_DICTIONARY = 1 << 27
_MEMBER = re.compile(rb"\x1f\x8b\x08|\x28\xb5\x2f\xfd")
# The first line of a WARC record, or of an ARC's: address, IP number, time, type, length.
_RECORD = re.compile(
    rb"\n(?:WARC/\d|https?://[^\s]{1,2000} [0-9a-fA-F.:]{1,45} \d{12,14} [^\s]{1,100}(?: [^\n]{0,300})? \d{1,12}\r?\n)"
)
_LONGEST_MARK = 3000
LARGEST_HEADERS = 1 << 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands.

    Attributes:
        path: The file.
        offset: Of its packed member or of itself, in bytes.
        inner: Offset within that member, unpacked.
        entry: The file within a package, or empty.
    """

    path: Path
    offset: int
    inner: int = 0
    entry: str = ""

    def __str__(self) -> str:
        return f"{self.path}{f' ({self.entry})' if self.entry else ''} at byte {self.offset}"


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch of a file that could not be read, or is not what it says.

    Attributes:
        place: Where it begins.
        reason: What is wrong with it.
        url: The page whose capture it is, where that much could be read, or None.
        hides: Whether a capture may be missing for it.
    """

    place: Place
    reason: str
    url: str | None = None
    hides: bool = True


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
        return http_status(code)

    def http_header(self, name: str) -> str | None:
        """Return an HTTP header of the answer, or None."""
        value: str | None = self._record.http_headers.get_header(name) if self._record.http_headers else None
        return value

    @property
    def http_fields(self) -> tuple[tuple[str, str], ...]:
        """The HTTP headers of the answer, in order and as Latin-1; empty where the record holds no HTTP answer."""
        fields = self._record.http_headers.headers if self._record.http_headers else ()
        return tuple((name, _as_latin(value)) for name, value in fields)

    def payload(self) -> Iterator[bytes]:
        """Yield the payload as stored, transfer coding and all.

        Raises:
            DamagedError: It stops short, or its bytes are not those that its digest names.
        """
        stream = self._record.raw_stream
        while True:
            try:
                piece = stream.read(_STEP)
            except (ArchiveLoadFailed, *ODD_VALUE) as error:
                raise DamagedError(str(error)[:200]) from error
            if not piece:
                break
            yield piece
        if getattr(stream, "limit", 0):
            raise DamagedError(f"{stream.limit} bytes are missing at its end")
        problems = [text for text in self._record.digest_checker.problems if text.startswith("block digest")]
        if problems:
            raise DamagedError("its bytes are not those that its digest names")


def _as_latin(text: str) -> str:
    """Return a header as Latin-1, byte by byte: warcio reads it as UTF-8 where it can (1.8.1)."""
    return text.encode("utf-8", "surrogateescape").decode("latin-1")


def records_in(file: IO[bytes], whole: Place, *, most: int) -> Iterator[Record | Damage]:
    """Yield the records of a WARC or ARC in order; each payload can be read until the next is asked for.

    Args:
        file: The bytes, packed or not.
        whole: Where they stand.
        most: How many bytes of one packed member are unpacked; what lies behind them is damage.
    """
    start = file.read(4)
    file.seek(0)
    if start.startswith(GZIP_MAGIC) or is_zstd(start):
        yield from _members(file, whole, most)
    else:
        yield from _plain(file, whole)


def record_in(file: IO[bytes], place: Place, *, most: int) -> Generator[Record, None, None]:
    """Yield the one record at a place, which stays readable until the iterator is closed.

    Raises:
        DamagedError: It is not there any more.
    """
    file.seek(place.offset)
    stream: IO[bytes] = file
    start = file.read(4)
    file.seek(place.offset)
    if start.startswith(GZIP_MAGIC) or is_zstd(start):
        stream, _ = _member(file, most, _dictionary(file))
        stream.seek(place.inner)
    with stream:
        yield _parsed(stream, place)


def _plain(file: IO[bytes], whole: Place) -> Iterator[Record | Damage]:
    left = FALSE_STARTS
    while _skip_blank(file):
        place = replace(whole, offset=file.tell())
        try:
            yield from _whole(file, place)
        except DamagedError as error:
            yield Damage(place, str(error))
            left -= 1
            if not left:
                yield Damage(place, _TOO_MANY)
                return
            file.seek(place.offset + 1)
            if not _seek(file, _RECORD, 1):
                return
        else:
            if file.tell() <= place.offset:
                yield Damage(place, "the reader does not advance")
                return


def _members(file: IO[bytes], whole: Place, most: int) -> Iterator[Record | Damage]:
    """Walk packed members ourselves: warcio takes a cut one for the end of the file."""
    size = file.seek(0, 2)
    try:
        dictionary = _dictionary(file)
    except DamagedError as error:
        yield Damage(whole, str(error))
        return
    file.seek(0)
    left = FALSE_STARTS
    while (offset := file.tell()) < size:
        reason, complete, after = "", True, offset
        try:
            member, complete = _member(file, most, dictionary)
            with member:
                after = file.tell()
                while _skip_blank(member):
                    yield from _whole(member, replace(whole, offset=offset, inner=member.tell()))
        except DamagedError as error:
            reason = str(error)
        if not complete:
            reason = f"it is larger than {most / 1e6:g} MB once unpacked; what lies behind was left out"
        if not reason:
            file.seek(after)
            continue
        yield Damage(replace(whole, offset=offset), reason)
        file.seek(offset + 1)
        left = _next_member(file, left - 1, dictionary)
        if left < 0:
            return
        if left == 0:
            yield Damage(replace(whole, offset=file.tell()), _TOO_MANY)
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
        record = loader.parse_record_stream(stream, check_digests=True)
    # warcio 1.8.1 trips with an AttributeError over an answer whose header block lacks its address.
    except (ArchiveLoadFailed, StatusAndHeadersParserException, EOFError, *ODD_VALUE) as error:
        raise DamagedError(f"no WARC record: {str(error)[:120] or 'the file ends'}") from error
    # warcio 1.8.1 takes a length that was cut off for nought.
    if record.length is None or whole_number(record.rec_headers.get_header("Content-Length")) is None:
        raise DamagedError("a WARC record without its length")
    return Record(place, record)


def _skip_blank(stream: IO[bytes]) -> bool:
    """Go to the next record; False at the end."""
    while line := stream.readline(_STEP):
        if line.strip():
            stream.seek(-len(line), 1)
            return True
    return False


def _member(file: IO[bytes], most: int, dictionary: bytes | None) -> tuple[IO[bytes], bool]:
    """Unpack the member at the file's position and leave the file behind it.

    Returns what it unpacks to, and whether that is all: nothing is unpacked beyond `most` bytes.

    Raises:
        DamagedError: It is cut off or corrupt.
    """
    start = file.tell()
    opening = file.read(8)
    if is_zstd(opening) and not opening.startswith(ZSTD_MAGIC):
        size = file.seek(0, 2)
        if file.seek(start + 8 + int.from_bytes(opening[4:], "little")) > size:
            raise DamagedError("the file is cut off inside a frame that is passed over")
        return BytesIO(), True
    file.seek(start)
    pieces = (
        zstd_member_of(file.read, dictionary=dictionary)
        if opening.startswith(ZSTD_MAGIC)
        else member_of(lambda: file.read(_STEP))
    )
    out: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  the caller closes it
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
        raise DamagedError(
            f"corrupt {'gzip' if opening[:1] == GZIP_MAGIC[:1] else 'packing'}: {error}"
        ) from error
    except CutOffError as error:
        out.close()
        raise DamagedError("the file is cut off inside a record") from error
    if file.tell() <= start:
        out.close()
        raise DamagedError("its packed member has no length")
    out.seek(0)
    return out, True


def _dictionary(file: IO[bytes]) -> bytes | None:
    """Return the dictionary at the beginning of a .warc.zst, or None where it has none.

    As the WARC community specifies it (iipc/warc-specifications, "WARC with Zstandard"): a frame to be passed over
    that holds it, packed itself or not.

    Raises:
        DamagedError: It is cut off or corrupt.
    """
    here = file.tell()
    file.seek(0)
    opening = file.read(8)
    found = None
    if opening.startswith(DICTIONARY_MAGIC):
        size = int.from_bytes(opening[4:8], "little")
        found = file.read(min(size, _LARGEST_DICTIONARY))
        if len(found) < size:
            raise DamagedError("its dictionary is cut off")
        if found.startswith(ZSTD_MAGIC):
            packed = BytesIO(found)
            try:
                found = b"".join(islice(zstd_member_of(packed.read), _LARGEST_DICTIONARY >> 17))
            except CutOffError as error:
                raise DamagedError(f"its dictionary cannot be read: {error}") from error
    file.seek(here)
    return found


def _next_member(file: IO[bytes], left: int, dictionary: bytes | None) -> int:
    """Go to the next gzip member that begins a record.

    Returns:
        How many of the `left` beginnings are left; -1 at the end of the file.
    """
    while left > 0:
        if not _seek(file, _MEMBER, 0):
            return -1
        here = file.tell()
        opening = BytesIO(file.read(_OPENING))
        zipped = opening.getvalue().startswith(GZIP_MAGIC)
        pieces = member_of(opening.read) if zipped else zstd_member_of(opening.read, dictionary=dictionary)
        try:
            if _RECORD.match(b"\n" + next(pieces, b"")[:_OPENING]):
                file.seek(here)
                return left
        except CutOffError:
            pass
        file.seek(here + 1)
        left -= 1
    return 0


def _seek(file: IO[bytes], mark: re.Pattern[bytes], skip: int) -> bool:
    """Go to the next occurrence of a mark, plus some bytes; False where there is none."""
    start, kept = file.tell(), b""
    while chunk := file.read(_STEP):
        data = kept + chunk
        found = mark.search(data)
        if found:
            file.seek(start + found.start() + skip)
            return True
        kept = data[-_LONGEST_MARK:]
        start += len(data) - len(kept)
    return False
