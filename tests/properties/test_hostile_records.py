"""One odd value in a record of an outsider costs that record, never a command: the good ones around it are read."""

import contextlib
import gzip
import json
import random
import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from warc_records import PAGE, hour, records, story

from crawler.archive import ArchiveSource, Limits, PoliteSession, Quarantine, Saver, SaveState
from crawler.archive.cdx import CaptureQuery, captures_in
from crawler.archive.replay import Replay
from crawler.archive.session import Reply
from crawler.archive.warc import WarcArchive
from crawler.errors import ArchiveError, NoCaptureError
from crawler.model import Capture

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
ROW = f"org,example)/news/story 20160918022640 {PAGE} text/html 200 {'A' * 32} 100"
ODD = (
    "", " ", "-", "0", "-1", "+5", "1_000", "\u00b2", "\u00b2\u00b9", "\u0663", "9" * 30, "9" * 5000, "1e9", "NaN", "inf", "0x10", "None", "null",
    "\x00", "\u200b", "\ud7ff", "\ufffd", "\u202e", "a" * 70_000, "%", "%zz", "%2525" * 50, "[", "http://[::1", "http://[", "//", "http://:80/",
    "http://a:b@c/", "javascript:alert(1)", "data:text/html,x", "http://x.example:99999/", "http://\u00ad.example/", "http://xn--a.example/",
    "sha1:A", "sha1:", ":", "sha256:" + "Z" * 52, "md5:\u00b2", "99991231235959", "00000000000000", "20161332256199", "20000008241731", "²0160918022640",
    "Fri, 31 Dec 9999 23:59:59 -1400", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2016-09-18T02:26:40." + "9" * 40, "[" * 10_000, '{"a":' * 10_000,
    "text/html;" * 3000, "chunked, chunked", "gzip, gzip, gzip", "br", "zstd", "deflate", "\x1f\x8b\x08", "a\tb", "(", "<", "*", "200 OK", "HTTP/9.9", "\x85\x1c",
)  # fmt: skip


class Ledger:
    """Pacing that never waits."""

    def reserve(self, *_given, now, **_named):
        return now

    def __getattr__(self, _name):
        return lambda *_given, **_named: None


class Scripted(PoliteSession):
    """A session whose answers are given, one after the other; what is made of them is the real code."""

    def __init__(self, *answers):
        super().__init__(
            pacing=Ledger(),
            user_agent="x",
            limits=Limits(),
            local=None,
            clock=lambda: NOW,
            sleep=lambda _: None,
        )
        self.answers = list(answers)

    def _send(self, request, kind):
        del kind
        reply = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return Reply(url=request.url, **reply)


def odd_in(values, chance):
    """Return the values with one to three of them odd."""
    changed = list(values)
    for _ in range(chance.randint(1, 3)):
        changed[chance.randrange(len(changed))] = chance.choice(ODD)
    return changed


@pytest.mark.parametrize("seed", range(15))
def test_odd_index_rows_are_set_aside_and_the_good_ones_listed(seed):
    """50 rows a seed, 40 of them odd: with 500 HTTP heads, 500 WARC records and 500 save replies 2,100 records."""
    chance = random.Random(seed)
    good = [ROW.replace("20160918022640", f"20160918{n:06}") for n in range(10)]
    bad = [" ".join(odd_in(ROW.split(" "), chance)).replace("\n", "") for _ in range(40)]
    lines = [*good, *bad]
    chance.shuffle(lines)
    aside = Quarantine()
    session = Scripted({"status": 200, "body": "\n".join(lines).encode("utf-8", "surrogatepass")})
    query = CaptureQuery(url=PAGE)
    found = list(
        captures_in(query, archive="x", endpoint="http://x.example/cdx", session=session, quarantine=aside)
    )
    assert {f"20160918{n:06}" for n in range(10)} <= {c.timestamp for c in found}
    assert aside.count > 0
    assert all(c.length is None or c.length < 1 << 63 for c in found)
    assert all(c.status is None or c.status < 1000 for c in found)
    assert all(c.url.startswith("http") and len(c.url) < 1 << 16 for c in found)


HEADERS = {
    "memento-datetime": "Sun, 18 Sep 2016 02:26:40 GMT",
    "content-type": "text/html; charset=utf-8",
    "x-archive-orig-content-type": "text/html",
    "link": f'<{PAGE}>; rel="original", <http://x.example/>; rel="timegate"',
    "location": "/web/20160918022640id_/http://www.example.org/other",
    "x-archive-wayback-runtime-error": "",
}


@pytest.mark.parametrize("seed", range(500))
def test_an_odd_http_head_is_a_capture_or_a_typed_failure(seed):
    chance = random.Random(seed)
    headers = dict(zip(HEADERS, odd_in(HEADERS.values(), chance), strict=True))
    for name in chance.sample(sorted(headers), 2):
        headers.pop(name)
    status = chance.choice([200, 200, 301, 302, 404, 403, 451, 500, 999])
    session = Scripted({"status": status, "headers": headers, "body": b"<html>page</html>"})
    replay = Replay(
        archive="x", base="http://x.example/web", session=session, writes_original_headers=bool(seed % 2)
    )
    asked = Capture(archive="x", url=PAGE, urlkey="k", at=datetime(2016, 9, 18, 2, 26, 40, tzinfo=UTC))
    try:
        shown = replay.fetch(asked)
    except ArchiveError:
        return
    assert shown.served_at.tzinfo is not None
    assert abs(shown.served_at - asked.at) <= timedelta(days=1)


ANSWERS = (
    "job_id",
    "status",
    "message",
    "status_ext",
    "timestamp",
    "original_url",
    "available",
    "processing",
    "daily_captures",
    "daily_captures_limit",
)
SAVED = ("spn2-1", "success", "done", "", "20261123120000", PAGE, 8, 0, 1, 30000)


def odd_json(chance):
    fields = dict(zip(ANSWERS, SAVED, strict=True))
    for _ in range(chance.randint(1, 3)):
        value = chance.choice([*ODD, None, True, -1, 10**40, 1.5, [], {}, [[]], {"a": 1}])
        fields[chance.choice(ANSWERS)] = value
    shape = chance.randrange(8)
    if shape == 0:
        return chance.choice(ODD).encode("utf-8", "surrogatepass")
    text = json.dumps(fields)
    return (f"[{text}]" if shape == 1 else text).encode()


@pytest.mark.parametrize("seed", range(500))
def test_an_odd_save_reply_is_one_of_the_four_outcomes(seed):
    chance = random.Random(seed)
    answers = [
        {"status": chance.choice([200, 200, 401, 404, 500]), "body": odd_json(chance), "headers": {}}
        for _ in range(3)
    ]
    source = ArchiveSource.of("x", dialect="wayback", url="https://x.example")
    keys = ("ACCESSKEY", "SECRETKEY") if seed % 3 else None
    result = Saver(source, session=Scripted(*answers), keys=keys).save(PAGE, now=NOW)
    assert result.state in SaveState
    assert "SECRETKEY" not in result.message
    assert result.message.isprintable()
    assert "\n" not in result.message
    assert len(result.message) < 1000
    assert result.captured_at is None or result.captured_at.tzinfo is not None


NAMED = (
    "WARC-Type", "WARC-Date", "WARC-Target-URI", "WARC-Payload-Digest", "WARC-Block-Digest", "WARC-Record-ID", "WARC-Truncated",
    "WARC-Refers-To-Target-URI", "WARC-Refers-To-Date", "WARC-Segment-Number", "Content-Type", "Content-Length", "WARC-Profile",
)  # fmt: skip
HTTP = ("Content-Type", "Content-Length", "Content-Encoding", "Transfer-Encoding", "Location", "Server")


def odd_record(chance):
    """Return a record's bytes with odd values in its headers, its answer's, or its first lines."""
    http = {
        "Content-Type": "text/html",
        **{name: chance.choice(ODD) for name in chance.sample(HTTP, chance.randint(0, 3))},
    }
    first = chance.choice(
        ["HTTP/1.1 200 OK"] * 5 + ["HTTP/1.1 302 Found", f"HTTP/1.1 {chance.choice(ODD)}", chance.choice(ODD)]
    )
    body = chance.choice(
        [
            story(3),
            b"",
            b"%x\r\n%s\r\n0\r\n\r\n" % (900, story(4)),
            gzip.compress(story(5), mtime=0),
            b"ffffffff\r\n",
        ]
    )
    answer = "".join(f"{name}: {value}\r\n" for name, value in http.items())
    block = f"{first}\r\n{answer}\r\n".encode("utf-8", "surrogatepass") + body
    head = {
        "WARC-Type": chance.choice(
            ["response", "response", "revisit", "resource", "request", chance.choice(ODD)]
        ),
        "WARC-Date": "2020-01-02T00:00:00Z",
        "WARC-Target-URI": PAGE,
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
    }
    head |= {name: chance.choice(ODD) for name in chance.sample(NAMED, chance.randint(1, 3))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    version = chance.choice(["WARC/1.0", "WARC/1.1", "WARC/0.18", chance.choice(ODD)])
    return f"{version}\r\n{lines}\r\n".encode("utf-8", "surrogatepass") + block + b"\r\n\r\n"


def read_through(archive):
    """Read all that an archive gives, and return the bodies of the good records."""
    bodies = []
    for capture in list(archive.all_captures()):
        try:
            bodies.append(archive.fetch(capture).body)
        except ArchiveError:
            continue
    with contextlib.suppress(ArchiveError):
        list(archive.captures(PAGE))
    assert all(len(line) < 2000 for line in archive.complaints())
    return bodies


@pytest.mark.parametrize("seed", range(50))
def test_odd_records_cost_themselves_alone(tmp_path, seed):
    """10 odd records a seed, gzipped one by one, between two good ones."""
    chance = random.Random(seed)
    odd = [gzip.compress(odd_record(chance), mtime=0) for _ in range(10)]
    good = [records({"at": hour(n), "url": f"https://good.example/{n}", "body": story(n)}) for n in (1, 2)]
    (tmp_path / "a.warc.gz").write_bytes(good[0] + b"".join(odd) + good[1])
    archive = WarcArchive("files", tmp_path, now=lambda: NOW)
    assert {story(1), story(2)} <= set(read_through(archive))
    for n in (1, 2):
        (kept,) = archive.captures(f"https://good.example/{n}")
        assert archive.fetch(kept).body == story(n)


FILES = [500, pytest.param(5000, marks=pytest.mark.soak)]


@pytest.mark.parametrize("files", FILES)
def test_hostile_files_are_read_without_a_crash(tmp_path, files):
    good = 0
    for seed in range(files):
        chance = random.Random(seed)
        parts = [odd_record(chance) for _ in range(4)] + [
            records({"at": hour(1), "body": story(1)}, zipped=False)
        ]
        chance.shuffle(parts)
        data = bytearray(b"".join(gzip.compress(p, mtime=0) if chance.random() < 0.5 else p for p in parts))
        for _ in range(chance.randrange(4)):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        if chance.random() < 0.3:
            del data[chance.randrange(len(data)) :]
        if chance.random() < 0.2:
            out = BytesIO()
            with zipfile.ZipFile(out, "w") as package:
                package.writestr("archive/a.warc.gz", bytes(data))
                package.writestr("datapackage.json", chance.choice(ODD).encode("utf-8", "surrogatepass"))
            data = bytearray(out.getvalue())
        suffix = chance.choice([".warc", ".warc.gz", ".arc", ".wacz", ".warc.zst", ".warc.gz.open"])
        file = tmp_path / f"{seed}{suffix}"
        file.write_bytes(data)
        good += story(1) in read_through(WarcArchive("files", file, body_bytes=1_000_000, now=lambda: NOW))
        file.unlink()
    assert good > files / 4, "the good record is lost with the odd ones around it"


def test_one_hostile_file_does_not_hide_the_others_of_a_folder(tmp_path):
    chance = random.Random(3)
    for number in range(30):
        (tmp_path / f"{number}.warc.gz").write_bytes(
            b"".join(gzip.compress(odd_record(chance), mtime=0) for _ in range(3))
        )
    (tmp_path / "good.warc.gz").write_bytes(
        records({"at": hour(1), "url": "https://good.example/", "body": story(1)})
    )
    archive = WarcArchive("files", tmp_path, now=lambda: NOW)
    (kept,) = archive.captures("https://good.example/")
    assert archive.fetch(kept).body == story(1)
    with pytest.raises(ArchiveError) as failure:
        list(archive.captures("https://never.example/"))
    assert not isinstance(failure.value, NoCaptureError)
