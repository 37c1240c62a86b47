"""WARC files are read whatever state they are in, and what is written reads back the same."""

import gzip
import io
import json
import random
from tempfile import SpooledTemporaryFile

import pytest
from warc_records import PAGE, hour, records, story
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.archive.warc import WarcArchive, write_warc
from crawler.errors import ConfigError, NoCaptureError, UnexpectedReplyError, WrongCaptureError
from crawler.model import Capture, Snapshot


def archive_of(folder, data, name="a.warc.gz"):
    (folder / name).write_bytes(data)
    return WarcArchive("files", folder / name)


def snapshot(number, **changed):
    at = hour(number)
    made = {
        "capture": Capture(archive="x", url=PAGE, urlkey="org,example)/news/story", at=at),
        "served_at": at,
        "url": PAGE,
        "status": 200,
        "content_type": "text/html; charset=utf-8",
        "body": story(number),
    }
    return Snapshot(**made | changed)


def digest_of(data):
    (record,) = ArchiveIterator(io.BytesIO(data))
    return record.rec_headers.get_header("WARC-Payload-Digest")


@pytest.mark.parametrize("zipped", [True, False])
def test_captures_come_in_order_of_time_whatever_order_files_hold(tmp_path, zipped):
    made = [{"at": hour(n), "body": story(n)} for n in (3, 1, 2)]
    name = "a.warc.gz" if zipped else "a.warc"
    archive = archive_of(tmp_path, records(*made, zipped=zipped), name)
    captures = list(archive.captures("http://example.org/news/story/"))
    assert [c.at for c in captures] == [hour(1), hour(2), hour(3)]
    assert [archive.fetch(c).body for c in captures] == [story(1), story(2), story(3)]
    assert captures[0].mimetype == "text/html"
    assert archive.link(captures[0]) is None


def test_a_folder_is_one_archive_and_new_files_are_noticed(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "b.warc.gz").write_bytes(records({"at": hour(2), "body": story(2)}))
    (tmp_path / "deep" / "a.warc").write_bytes(records({"at": hour(1), "body": story(1)}, zipped=False))
    (tmp_path / "notes.txt").write_text("no WARC", encoding="utf-8")
    archive = WarcArchive("files", tmp_path)
    assert [c.at for c in archive.captures(PAGE)] == [hour(1), hour(2)]
    (tmp_path / "c.warc.gz").write_bytes(records({"at": hour(3), "body": story(3)}))
    assert [c.at for c in archive.captures(PAGE)] == [hour(1), hour(2), hour(3)]


def test_a_record_in_two_files_is_one_capture(tmp_path):
    for name in ("a.warc.gz", "b.warc.gz"):
        (tmp_path / name).write_bytes(records({"at": hour(1), "body": story(1)}))
    assert len(list(WarcArchive("files", tmp_path).captures(PAGE))) == 1


@pytest.mark.parametrize("named", [True, False])
def test_a_revisit_shows_the_bytes_it_saw_again(tmp_path, named):
    first = records({"at": hour(1), "body": story(1)})
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="WARC/1.1")
    again = writer.create_revisit_record(
        PAGE,
        digest_of(first),
        PAGE if named else "https://elsewhere.example/",
        f"{hour(1):%Y-%m-%dT%H:%M:%SZ}",
        http_headers=StatusAndHeaders("200 OK", [], protocol="HTTP/1.1"),
    )
    again.rec_headers.replace_header("WARC-Date", f"{hour(9):%Y-%m-%dT%H:%M:%SZ}")
    writer.write_record(again)
    (tmp_path / "1-revisit.warc.gz").write_bytes(out.getvalue())
    (tmp_path / "2-original.warc.gz").write_bytes(first)
    archive = WarcArchive("files", tmp_path)
    original, revisit = archive.captures(PAGE)
    assert (revisit.is_revisit, revisit.digest) == (True, original.digest)
    seen = archive.fetch(revisit)
    assert (seen.body, seen.served_at, seen.content_type) == (story(1), hour(9), "text/html; charset=utf-8")
    (tmp_path / "2-original.warc.gz").unlink()
    alone = WarcArchive("files", tmp_path)
    (revisit,) = alone.captures(PAGE)
    with pytest.raises(NoCaptureError, match="revisit"):
        alone.fetch(revisit)


ROUNDS = [60, pytest.param(200, marks=pytest.mark.soak)]


@pytest.mark.parametrize("rounds", ROUNDS)
@pytest.mark.parametrize("zipped", [True, False])
def test_wherever_a_file_is_cut_the_records_before_are_kept_and_the_cut_is_reported(tmp_path, zipped, rounds):
    made = [{"at": hour(n), "body": story(n)} for n in range(6)]
    ends, data = [], b""
    for one in made:
        data += records(one, zipped=zipped)
        ends.append(len(data))
    chance = random.Random(7)
    for _ in range(rounds):
        cut = chance.randrange(1, len(data) - 5)
        slack = 0 if zipped else 4
        whole = sum(end - slack <= cut for end in ends)
        archive = archive_of(tmp_path, data[:cut], "a.warc.gz" if zipped else "a.warc")
        assert [c.at for c in archive.all_captures()] == [hour(n) for n in range(whole)]
        at_an_end = any(end - slack <= cut <= end for end in ends)
        assert bool(archive.damage) != at_an_end, cut


@pytest.mark.parametrize("rounds", ROUNDS)
@pytest.mark.parametrize("zipped", [True, False])
def test_wherever_a_bit_flips_the_other_records_are_kept_and_no_wrong_byte_passes(tmp_path, zipped, rounds):
    made = [{"at": hour(n), "body": story(n)} for n in range(6)]
    data = records(*made, zipped=zipped)
    chance = random.Random(11)
    for _ in range(rounds):
        place, bit = chance.randrange(len(data)), 1 << chance.randrange(8)
        broken = data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :]
        archive = archive_of(tmp_path, broken, "a.warc.gz" if zipped else "a.warc")
        captures = list(archive.all_captures())
        assert len(captures) >= 4
        # An uncompressed record's own headers have no checksum: its time or address may differ, its body not.
        for capture in captures:
            assert archive.fetch(capture).body in {story(n) for n in range(6)}


def test_a_gzip_that_holds_many_records_in_one_member_can_be_read(tmp_path):
    plain = records(*({"at": hour(n), "body": story(n)} for n in range(3)), zipped=False)
    archive = archive_of(tmp_path, gzip.compress(plain))
    captures = list(archive.captures(PAGE))
    assert [archive.fetch(c).body for c in captures] == [story(0), story(1), story(2)]


def test_codings_are_undone(tmp_path):
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in (story(1)[:50], story(1)[50:])) + b"0\r\n\r\n"
    packed = gzip.compress(story(2), mtime=0)
    archive = archive_of(
        tmp_path,
        records(
            {"at": hour(1), "body": chunked, "headers": [("Transfer-Encoding", "chunked")]},
            {"at": hour(2), "body": packed, "headers": [("Content-Encoding", "gzip")]},
            {"at": hour(3), "body": story(3), "headers": [("Transfer-Encoding", "chunked")]},
        ),
    )
    assert [archive.fetch(c).body for c in archive.captures(PAGE)] == [story(1), story(2), story(3)]


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({"warc": {"WARC-Truncated": "length"}, "body": b"half"}, id="marked as truncated"),
        pytest.param({"headers": [("Content-Length", "189")], "body": b"x" * 60}, id="short of its length"),
        pytest.param(
            {"headers": [("Transfer-Encoding", "chunked")], "body": b"50\r\nshort"}, id="cut in a chunk"
        ),
        pytest.param(
            {"headers": [("Content-Encoding", "gzip")], "body": gzip.compress(b"x" * 999, mtime=0)[:-9]},
            id="cut gzip",
        ),
        pytest.param(
            {"headers": [("Content-Encoding", "compress")], "body": b"\x1f\x9d\x90\x02"},
            id="unknown encoding",
        ),
        pytest.param({"body": b"x" * 30_000}, id="too large"),
        pytest.param(
            {"headers": [("Content-Encoding", "gzip")], "body": gzip.compress(b"0" * 9_000_000, mtime=0)},
            id="bomb",
        ),
    ],
)
def test_a_record_that_is_not_whole_is_an_error_and_its_neighbour_is_not(tmp_path, broken):
    (tmp_path / "a.warc.gz").write_bytes(
        records({"at": hour(1), **broken}, {"at": hour(2), "body": story(2)})
    )
    archive = WarcArchive("files", tmp_path / "a.warc.gz", body_bytes=20_000)
    first, second = archive.captures(PAGE)
    with pytest.raises(UnexpectedReplyError):
        archive.fetch(first)
    assert archive.fetch(second).body == story(2)


def test_redirects_in_files_are_followed_and_one_that_leads_nowhere_is_kept(tmp_path):
    old, lost = "http://example.org/old", "http://example.org/lost"
    archive = archive_of(
        tmp_path,
        records(
            {"at": hour(1), "url": old, "status": "301 Moved", "headers": [("Location", "/news/story")]},
            {"at": hour(2), "body": story(2)},
            {"at": hour(3), "url": lost, "status": "302 Found", "headers": [("Location", "/nowhere")]},
        ),
    )
    seen = archive.fetch(next(archive.captures(old)))
    assert (seen.body, seen.redirects, seen.served_at) == (story(2), (old,), hour(2))
    gone = archive.fetch(next(archive.captures(lost)))
    assert (gone.status, gone.url, gone.redirects) == (302, "http://example.org/nowhere", (lost,))


def test_a_redirect_whose_scheme_lost_a_slash_leads_where_it_says(tmp_path):
    archive = archive_of(
        tmp_path,
        records(
            {
                "at": hour(1),
                "url": "http://example.org/old",
                "status": "301 Moved",
                "headers": [("Location", "http:/example.org/news/story")],
            },
            {"at": hour(2), "body": story(2)},
        ),
    )
    assert archive.fetch(next(archive.captures("http://example.org/old"))).body == story(2)


def test_redirects_in_a_circle_are_found(tmp_path):
    made = [
        {
            "at": hour(1),
            "url": f"http://example.org/{a}",
            "status": "301 M",
            "headers": [("Location", f"/{b}")],
        }
        for a, b in ("ab", "ba")
    ]
    archive = archive_of(tmp_path, records(*made))
    with pytest.raises(UnexpectedReplyError, match="circle"):
        archive.fetch(next(archive.captures("http://example.org/a")))


def test_resources_and_odd_records_do_not_stop_the_reading(tmp_path):
    archive = archive_of(
        tmp_path,
        records(
            {"at": hour(1), "kind": "resource", "body": story(1), "warc": {"Content-Type": "text/html"}},
            {"at": hour(2), "kind": "metadata", "body": b"a: b"},
            {"at": hour(3), "url": "dns:example.org", "kind": "resource", "body": b"x"},
            {"at": hour(4), "body": story(4)},
        ),
    )
    captures = list(archive.all_captures())
    assert [(c.at, c.status) for c in captures] == [(hour(1), 200), (hour(4), 200)]
    assert archive.fetch(captures[0]).body == story(1)
    assert not archive.damage


def test_a_site_can_be_asked_for_at_once(tmp_path):
    urls = ["https://example.org/news/a", "https://example.org/news/b", "https://example.org/sport/a"]
    archive = archive_of(tmp_path, records(*({"at": hour(1), "url": u, "body": story(1)} for u in urls)))
    assert [c.url for c in archive.captures_under("https://example.org/news/")] == urls[:2]


def test_absence_and_another_time_are_distinguished(tmp_path):
    archive = archive_of(tmp_path, records({"at": hour(1), "body": story(1)}))
    with pytest.raises(NoCaptureError):
        list(archive.captures("https://example.org/other"))
    with pytest.raises(NoCaptureError):
        list(archive.captures(PAGE, since=hour(2)))
    with pytest.raises(WrongCaptureError) as caught:
        archive.fetch(Capture(archive="files", url=PAGE, urlkey="", at=hour(5)))
    assert caught.value.got == hour(1)
    with pytest.raises(ConfigError):
        WarcArchive("files", tmp_path / "missing.warc.gz")


def test_a_record_whose_address_cannot_be_read_is_damage_and_the_others_are_kept(tmp_path):
    bad = {"at": hour(0), "url": "http://[::1/x", "body": b"x"}
    away = {"at": hour(1), "status": "302 Found", "headers": [("Location", "http://[::1/y")]}
    archive = archive_of(tmp_path, records(bad, away, {"at": hour(2), "body": story(2)}))
    moved, kept = archive.captures(PAGE)

    assert [damage.reason for damage in archive.damage] == ["its address cannot be read"]
    assert archive.fetch(kept).body == story(2)
    with pytest.raises(UnexpectedReplyError, match="no address"):
        archive.fetch(moved)


def test_a_member_that_unpacks_beyond_the_limit_is_cut_there_and_named(tmp_path, monkeypatch):
    most, written = 2_000_000, []
    bomb = records({"at": hour(0), "body": b"0" * 40_000_000})
    shared = gzip.compress(
        records({"at": hour(1), "body": story(1)}, {"at": hour(2), "body": b"0" * 40_000_000}, zipped=False)
    )
    (tmp_path / "a.warc.gz").write_bytes(bomb + shared + records({"at": hour(3), "body": story(3)}))

    class Spy(SpooledTemporaryFile):
        def write(self, data):
            written.append(len(data))
            return super().write(data)

    monkeypatch.setattr("crawler.archive.warc.records.SpooledTemporaryFile", Spy)
    archive = WarcArchive("files", tmp_path / "a.warc.gz", body_bytes=most)
    assert [archive.fetch(capture).body for capture in archive.captures(PAGE)] == [story(1), story(3)]
    assert [damage.reason[:32] for damage in archive.damage] == ["it is larger than 3.04858 MB onc"] * 2
    assert sum(written) < 20_000_000


@pytest.mark.parametrize("garbage", [b"", b"no warc at all\n" * 9, b"\x1f\x8b\x08junk", b"\x00" * 99])
def test_a_file_that_is_no_warc_holds_nothing_and_says_so(tmp_path, garbage):
    archive = archive_of(tmp_path, garbage)
    assert list(archive.all_captures()) == []
    assert archive.damage
    with pytest.raises(UnexpectedReplyError, match=r"a\.warc\.gz"):
        list(archive.captures(PAGE))


@pytest.mark.parametrize("name", ["out.warc.gz", "out.warc"])
def test_what_is_written_reads_back_the_same(tmp_path, name):
    taken = [
        snapshot(1),
        snapshot(2, status=404, body=b"gone", content_type=None),
        snapshot(3, url="https://www.example.org/caf\u00e9?q=\u00fc", body=b""),
        snapshot(4, redirects=("http://example.org/old",)),
        snapshot(
            5,
            status=301,
            url="https://example.org/new",
            redirects=("http://example.org/older",),
            body=b"moved",
            content_type=None,
        ),
    ]
    written = write_warc(tmp_path / name, iter(taken), created=hour(99))
    assert (written.records, written.cdxj.name) == (6, "out.cdxj")
    archive = WarcArchive("files", written.warc)
    for one in taken:
        asked = one.redirects[0] if one.redirects else one.url
        capture = next(c for c in archive.captures(asked) if c.at == one.served_at)
        again = archive.fetch(capture)
        assert (again.body, again.status, again.url) == (one.body, one.status, one.url)
        assert (again.content_type, again.redirects) == (one.content_type, one.redirects)
    assert not archive.damage


def test_the_same_captures_give_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_warc(tmp_path / name / "x.warc.gz", [snapshot(1), snapshot(2)], created=hour(99))
    one, other = (tmp_path / folder / "x.warc.gz" for folder in "ab")
    # The gzip header of each record holds the time of writing.
    assert gzip.decompress(one.read_bytes()) == gzip.decompress(other.read_bytes())


def test_the_index_points_at_each_record(tmp_path):
    written = write_warc(tmp_path / "x.warc.gz", [snapshot(n) for n in (2, 1)], created=hour(99))
    data = written.warc.read_bytes()
    lines = written.cdxj.read_text(encoding="utf-8").splitlines()
    assert lines == sorted(lines)
    for number, line in zip((1, 2), lines, strict=True):
        key, stamp, fields = line.split(" ", 2)
        at = json.loads(fields)
        piece = data[int(at["offset"]) : int(at["offset"]) + int(at["length"])]
        assert story(number) in gzip.decompress(piece)
        assert (key, stamp) == ("org,example)/news/story", f"{hour(number):%Y%m%d%H%M%S}")
        assert (at["status"], at["mime"], at["filename"]) == ("200", "text/html", "x.warc.gz")


def test_a_header_cannot_break_out_of_its_line(tmp_path):
    nasty = snapshot(1, content_type="text/html\r\nSet-Cookie: a=b\r\n\r\n<script>")
    written = write_warc(tmp_path / "x.warc", [nasty], created=hour(99))
    (capture,) = WarcArchive("files", written.warc).captures(PAGE)
    assert WarcArchive("files", written.warc).fetch(capture).body == story(1)
    assert b"\r\nSet-Cookie" not in written.warc.read_bytes()


def test_a_failed_export_leaves_nothing_behind(tmp_path):
    def failing():
        yield snapshot(1)
        raise NoCaptureError("gone in the middle")

    with pytest.raises(NoCaptureError):
        write_warc(tmp_path / "x.warc.gz", failing(), created=hour(99))
    assert list(tmp_path.iterdir()) == []
