"""Compressed streams are read to their end, once, and no further."""

import gzip
import json
import random
import zlib

import pytest
from warc_records import PAGE, hour, records

from crawler.archive.encoding import CutOffError, TooLargeError, decoded
from crawler.archive.streams import RAW, STEP, ZLIB, member_of, members_of
from crawler.archive.warc import WarcArchive


def plain(body, limit=10_000_000):
    return decoded(body, encoding="gzip", content_type="text/html", limit=limit)


def packed(data):
    return gzip.compress(data, mtime=0)


@pytest.mark.parametrize("size", [0, 1, STEP - 1, STEP, STEP + 1, 4 * STEP, 4 * STEP + 3])
@pytest.mark.parametrize("window", [31, ZLIB, RAW])
def test_a_stream_gives_its_bytes_and_leaves_what_lies_behind(size, window):
    stream = zlib.compressobj(wbits=window)
    body = stream.compress(b"e" * size) + stream.flush()
    pending = [body + b"behind"]
    rest = []

    def reading():
        rest.append((yield from member_of(lambda: pending.pop() if pending else b"", window=window)))

    pieces = list(reading())
    assert b"".join(pieces) == b"e" * size
    assert rest == [b"behind"]
    assert max(map(len, pieces), default=0) <= STEP


@pytest.mark.parametrize("step", [1, 7, 1 << 16])
def test_a_stream_may_come_in_any_steps(step):
    body = packed(random.Random(step).randbytes(3000) + b"e" * 700_000)
    chunks = iter([body[i : i + step] for i in range(0, len(body), step)])
    assert len(b"".join(member_of(lambda: next(chunks, b"")))) == 703_000


def test_a_page_of_two_members_holds_each_once():
    first, second = b"<p>At least 12 died.</p>" * 20_000, b"<p>Rescuers went home.</p>"
    assert plain(packed(first) + packed(second)) == first + second


@pytest.mark.parametrize("cut", [1, 8, 9, 400])
def test_a_second_member_that_stops_short_is_no_page(cut):
    with pytest.raises(CutOffError):
        plain(packed(b"e" * 900_000) + packed(random.Random(1).randbytes(900))[:-cut])


def test_more_than_the_limit_is_refused_before_it_is_unpacked():
    with pytest.raises(TooLargeError):
        plain(packed(b"e" * 50_000_000), limit=1000)


@pytest.mark.timeout(100)
def test_a_million_empty_members_cost_no_more_than_their_length():
    assert b"".join(members_of(packed(b"") * 200_000)) == b""


@pytest.mark.parametrize(
    "bodies",
    [
        [b"a" * (1 << 20), b"b"],
        [b"<p>One long page of %d.</p>" % n * 90_000 for n in range(4)],
        [
            random.Random(1).randbytes(3_000_000),
            json.dumps([1] * 700_000).encode(),
            *(b"<p>Story %d.</p>" % n for n in range(100)),
        ],
    ],
    ids=["equal letters", "a long page again and again", "a photo, JSON and a hundred stories"],
)
def test_every_record_of_a_sound_file_is_read_once(tmp_path, bodies):
    made = [{"at": hour(n), "body": body} for n, body in enumerate(bodies)]
    (tmp_path / "a.warc.gz").write_bytes(records(*made))
    archive = WarcArchive("files", tmp_path)
    captures = list(archive.captures(PAGE))
    assert archive.damage == []
    assert [c.at for c in captures] == [hour(n) for n in range(len(bodies))]
    assert [archive.fetch(c).body for c in captures] == bodies


@pytest.mark.parametrize(
    ("name", "mark"), [("a.warc.gz", b"\x1f\x8b\x08"), ("a.warc", b"\nWARC/1")], ids=["gzipped", "plain"]
)
def test_a_file_of_nothing_but_beginnings_is_given_up_and_said_so(tmp_path, name, mark):
    (tmp_path / name).write_bytes(mark * 700_000)
    archive = WarcArchive("files", tmp_path / name)
    assert list(archive.all_captures()) == []
    assert "left out" in archive.damage[-1].reason
