"""However much an answer or a file would unpack to, the process that takes it hardly grows."""

import ctypes
import gc
import io
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.archive import open_archive
from crawler.archive.sources import ArchiveSource
from crawler.archive.warc import WarcArchive
from crawler.errors import UnexpectedReplyError
from crawler.evidence.transfer import import_warc
from crawler.model import Capture, RequestKind
from crawler.store import open_store

UNPACKED = 300_000_000
MOST = 50_000_000
STATUS, MARK = Path("/proc/self/status"), Path("/proc/self/clear_refs")
AT = datetime(2016, 9, 18, 2, 26, 40, tzinfo=UTC)
PAGE = "https://www.example.org/news/story"
pytestmark = pytest.mark.skipif(not MARK.exists(), reason="the peak of resident memory is read from /proc")


def field(name: str) -> int:
    (line,) = (line for line in STATUS.read_text("ascii").splitlines() if line.startswith(name))
    return int(line.split()[1]) * 1024


def grown(call: Callable[[], object]) -> int:
    """Return how many bytes resident memory grew by at its peak.

    glibc keeps up to 64 MB of freed memory (malloc(3), M_TRIM_THRESHOLD), which a call could fill without
    growing: it is given back first.
    """
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    MARK.write_text("5", "ascii")
    before = field("VmRSS")
    call()
    return field("VmHWM") - before


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """300 MB of noughts as gzip, made without holding them."""
    squeeze, piece = zlib.compressobj(6, wbits=31), bytes(1_000_000)
    packed = b"".join(squeeze.compress(piece) for _ in range(UNPACKED // len(piece))) + squeeze.flush()
    assert len(packed) < 400_000
    return packed


def pieces() -> list[bytearray]:
    return [bytearray(b"x") * 100_000 for _ in range(MOST // 100_000)]


def test_the_measure_sees_what_is_held() -> None:
    bytearray(30_000_000)  # glibc raises its thresholds by the size of a freed mapping
    pieces()
    assert grown(pieces) > MOST * 0.9


@pytest.mark.parametrize("told", [{"Content-Encoding": "gzip"}, {}], ids=["told", "not told"])
def test_a_gzip_bomb_from_an_archive(bench, bomb, told):
    headers = {"Content-Type": "text/html", **told}
    bench.server.play = lambda _: [bench.answer(200, bomb, headers)]
    session = bench.another(body_bytes=20_000_000, deadline=60, silence=60)

    def ask() -> None:
        with pytest.raises(UnexpectedReplyError, match="larger than 20 MB"):
            session.get(bench.server.url, kind=RequestKind.PLAYBACK)

    assert grown(ask) < MOST


@pytest.mark.parametrize("length", [True, False], ids=["with its length", "in chunks"])
def test_a_body_without_end(bench, length):
    piece = b"x" * 1_000_000
    chunk = b"%x\r\n%s\r\n" % (len(piece), piece)
    coding = f"Content-Length: {UNPACKED}" if length else "Transfer-Encoding: chunked"
    head = f"HTTP/1.1 200 X\r\n{coding}\r\n\r\n".encode()

    def play(_):
        yield head
        for _ in range(UNPACKED // len(piece)):
            yield piece if length else chunk

    bench.server.play = play
    session = bench.another(body_bytes=20_000_000, deadline=60, silence=60)

    def ask() -> None:
        with pytest.raises(UnexpectedReplyError, match="larger than 20 MB"):
            session.get(bench.server.url, kind=RequestKind.PLAYBACK)

    assert grown(ask) < MOST


def test_a_bomb_in_a_replay(bench, bomb):
    bench.server.play = lambda _: [bench.memento(bomb, at="20160918022640", Content_Encoding="gzip")]
    session = bench.another(body_bytes=20_000_000, deadline=60, silence=60)
    archive = open_archive(ArchiveSource.of("a", dialect="wayback", url=bench.server.url), session=session)

    def ask() -> None:
        with pytest.raises(UnexpectedReplyError, match="larger"):
            archive.fetch(Capture(archive="a", url=PAGE, urlkey="org,example)/news/story", at=AT))

    assert grown(ask) < MOST


def warc(path: Path, payload: bytes, *headers: tuple[str, str], packed: bool) -> Path:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=packed, warc_version="WARC/1.1")
        answer = StatusAndHeaders("200 OK", [("Content-Type", "text/html"), *headers], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                PAGE,
                "response",
                payload=io.BytesIO(payload),
                length=len(payload),
                http_headers=answer,
                warc_headers_dict={"WARC-Date": f"{AT:%Y-%m-%dT%H:%M:%SZ}"},
            )
        )
    return path


def member(path: Path) -> Path:
    """A gzip member that unpacks to a record of 300 MB, made without holding it."""
    squeeze, piece = zlib.compressobj(6, wbits=31), bytes(1_000_000)
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    length = len(answer) + UNPACKED
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:6f0d3a52-3b37-4f5c-9a1e-7a0f3f1d2c11>\r\n"
        f"WARC-Target-URI: {PAGE}\r\nWARC-Date: {AT:%Y-%m-%dT%H:%M:%SZ}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {length}\r\n\r\n"
    ).encode()
    with path.open("wb") as file:
        file.write(squeeze.compress(head + answer))
        for _ in range(UNPACKED // len(piece)):
            file.write(squeeze.compress(piece))
        file.write(squeeze.compress(b"\r\n\r\n") + squeeze.flush())
    assert path.stat().st_size < 400_000
    return path


@pytest.mark.parametrize("kind", ["in its encoding", "in its encoding, unpacked file", "in its member"])
def test_a_bomb_in_a_warc(tmp_path, bomb, kind):
    if kind == "in its member":
        path = member(tmp_path / "a.warc.gz")
    else:
        packed = kind == "in its encoding"
        name = "a.warc.gz" if packed else "a.warc"
        path = warc(tmp_path / name, bomb, ("Content-Encoding", "gzip"), packed=packed)

    def read() -> None:
        archive = WarcArchive("files", path)
        for capture in archive.all_captures():
            with pytest.raises(UnexpectedReplyError, match="larger"):
                archive.fetch(capture)
        assert archive.damage or kind != "in its member"

    assert grown(read) < MOST


def test_an_import_of_bombs(tmp_path, bomb):
    folder = tmp_path / "in"
    folder.mkdir()
    member(folder / "a.warc.gz")
    warc(folder / "b.warc.gz", bomb, ("Content-Encoding", "gzip"), packed=True)
    with open_store(str(tmp_path / "v.db")) as store:

        def take() -> None:
            damage = import_warc(store, folder, only=[], now=datetime(2026, 1, 1, tzinfo=UTC)).damage
            assert ["larger than" in line for line in damage] == [True, True]

        assert grown(take) < MOST
        assert list(store.bodies.names()) == []
