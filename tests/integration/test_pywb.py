"""A real Wayback on loopback: listing, replay, saving, and what we export played back."""

import gzip
import http.server
import io
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from free_ports import free_port
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.archive import (
    ArchiveSource,
    Limits,
    PoliteSession,
    Saver,
    SaveState,
    WarcArchive,
    open_archive,
    write_warc,
)
from crawler.errors import NoCaptureError, UnexpectedReplyError, UnreachableError, WrongCaptureError
from crawler.model import Capture, Snapshot

BIN = Path(sys.executable).parent
PAGE = "https://www.example.org/news/story"
OLD = "http://example.org/old-address"
FORGER = "https://forger.example/story"
FORGED = [
    ("Link", '<https://other.example/>; rel="original"'),
    ("Memento-Datetime", "Mon, 01 Jan 1996 00:00:00 GMT"),
    ("X-Archive-Orig-Content-Type", "image/png"),
    ("X-Archive-Orig-Content-Encoding", "compress"),
    ("Set-Cookie", "reader=7; Path=/"),
]
pytestmark = pytest.mark.timeout(400)
CONFIG = """
collections_root: collections
framed_replay: false
redirect_to_exact: true
enable_memento: true
recorder: live
collections:
  live: $live
"""


def page(dead):
    return f"<html><head><title>Story</title></head><body><p>{dead} people died.</p></body></html>".encode()


class Scribe:
    """Writes the WARC that the collection serves."""

    def __init__(self, file):
        self.writer = WARCWriter(file, gzip=True, warc_version="WARC/1.1")

    def record(self, at, body, *, url=PAGE, status="200 OK", headers=(), **warc):
        dates = {"WARC-Date": f"{at:%Y-%m-%dT%H:%M:%SZ}", **warc}
        answer = StatusAndHeaders(status, [("Content-Type", "text/html"), *headers], protocol="HTTP/1.1")
        self.writer.write_record(
            self.writer.create_warc_record(
                url,
                "response",
                payload=io.BytesIO(body),
                length=len(body),
                http_headers=answer,
                warc_headers_dict=dates,
            )
        )

    def revisit(self, at, of, digest):
        answer = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        record = self.writer.create_revisit_record(
            PAGE, digest, PAGE, f"{of:%Y-%m-%dT%H:%M:%SZ}", http_headers=answer
        )
        record.rec_headers.replace_header("WARC-Date", f"{at:%Y-%m-%dT%H:%M:%SZ}")
        self.writer.write_record(record)


def day(number):
    return datetime(2020, 1, number, 12, 0, 0, tzinfo=UTC)


def sha1_of(body):
    import base64
    import hashlib

    return "sha1:" + base64.b32encode(hashlib.sha1(body).digest()).decode()


def write_story(path):
    with path.open("wb") as file:
        scribe = Scribe(file)
        scribe.record(day(1), page("Twelve"))
        zipped = gzip.compress(page("Fifteen"), mtime=0)
        scribe.record(day(2), zipped, headers=[("Content-Encoding", "gzip")])
        scribe.revisit(day(3), day(1), sha1_of(page("Twelve")))
        scribe.record(day(4), b"<html>gone</html>", status="404 Not Found")
        scribe.record(day(5), b"", url=OLD, status="301 Moved", headers=[("Location", PAGE)])
        scribe.record(day(5) + timedelta(minutes=1), page("Sixteen"))
        scribe.record(day(7), page("Nineteen"), url=FORGER, headers=FORGED)
        for number, toll in enumerate(("Twelve", "Forty", "Twelve")):
            named = {"WARC-Payload-Digest": "sha1:" + "A" * 32}
            scribe.record(day(8 + number), page(toll), url=FORGER, **named)
        cut = {"WARC-Truncated": "length"}
        scribe.record(day(6), b"x" * 60, headers=[("Content-Length", "189")], **cut)


def wait_for(url, seconds=200):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=60) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            error.close()
            return error.code
        except OSError:
            time.sleep(0.1)
    return pytest.fail(f"{url} did not come up")


@pytest.fixture(scope="module")
def pywb(tmp_path_factory):
    """Return the folder and the address of a running pywb whose collection `web` holds the story."""
    folder = tmp_path_factory.mktemp("pywb")
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
    write_story(folder / "story.warc.gz")
    for words in (["init", "web"], ["add", "web", "story.warc.gz"]):
        subprocess.run([BIN / "wb-manager", *words], cwd=folder, check=True, capture_output=True, timeout=200)
    port = free_port()
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [BIN / "wayback", "-b", "127.0.0.1", "-p", str(port), "-a", "--auto-interval", "1"],
            cwd=folder,
            stdout=log,
            stderr=log,
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/")
            yield folder, f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            try:
                server.wait(60)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait(60)


class Freely:
    """A loopback archive of our own needs no pacing."""

    def reserve(self, _host, _kind, *, per_minute, now):
        assert per_minute > 0
        return now

    def paused_until(self, _host, _kind, *, now=None):  # noqa: ARG002
        return None

    def succeeded(self, _host, *, now):
        assert now

    def last_success(self, _host):
        return None


def asking(limits):
    return PoliteSession(
        pacing=Freely(),
        user_agent="variorum/test (+https://example.org)",
        local=limits,
        clock=lambda: datetime.now(UTC),
        sleep=time.sleep,
    )


@pytest.fixture
def session():
    with asking(Limits(deadline=100, silence=100, connect=100, tries=1)) as made:
        yield made


@pytest.fixture
def archive(pywb, session):
    return open_archive(ArchiveSource.of("web", dialect="pywb", url=f"{pywb[1]}/web"), session=session)


def test_all_captures_are_listed_with_what_they_are(archive):
    captures = list(archive.captures(PAGE))
    assert [c.at for c in captures] == [day(1), day(2), day(3), day(4), day(5) + timedelta(minutes=1), day(6)]
    assert [c.is_revisit for c in captures] == [False, False, True, False, False, False]
    assert [c.status for c in captures if not c.is_revisit] == [200, 200, 404, 200, 200]
    assert captures[0].digest == captures[2].digest


def test_variants_of_an_address_are_one_page(archive):
    for url in (
        "http://example.org/news/story/",
        "HTTPS://EXAMPLE.org:443/news/story?utm_source=feed",
        "www.example.org/news/story",
    ):
        assert len(list(archive.captures(url))) == 6
    with pytest.raises(NoCaptureError, match="other spellings"):
        list(archive.captures("https://example.org/News/Story"))


def test_the_same_pywb_can_be_asked_by_memento(archive, pywb, session):
    other = open_archive(ArchiveSource.of("other", dialect="memento", url=f"{pywb[1]}/web"), session=session)
    listed = list(other.captures(PAGE))
    assert [(c.at, c.url) for c in listed] == [(c.at, c.url) for c in archive.captures(PAGE)]
    for mine, theirs in list(zip(archive.captures(PAGE), listed, strict=True))[:3]:
        assert other.fetch(theirs).body == archive.fetch(mine).body
    with pytest.raises(NoCaptureError):
        list(other.captures("https://www.example.org/never"))
    missing = open_archive(ArchiveSource.of("x", dialect="memento", url=f"{pywb[1]}/wbe"), session=session)
    with pytest.raises(UnexpectedReplyError):
        list(missing.captures(PAGE))


@pytest.mark.parametrize("dialect", ["pywb", "memento"])
def test_a_page_that_writes_the_archives_headers_is_shown_as_what_it_is(pywb, session, dialect):
    archive = open_archive(ArchiveSource.of("x", dialect=dialect, url=f"{pywb[1]}/web"), session=session)
    shown = archive.fetch(next(archive.captures(FORGER)))
    assert (shown.url, shown.served_at, shown.body) == (FORGER, day(7), page("Nineteen"))
    assert shown.content_type.startswith("text/html")


def test_bytes_under_a_forged_digest_are_found_not_to_have_it(archive):
    captures = list(archive.captures(FORGER))[1:]
    assert len({c.digest for c in captures}) == 1
    shots = [archive.fetch(c) for c in captures]
    assert [shot.body for shot in shots] == [page("Twelve"), page("Forty"), page("Twelve")]
    assert {shot.digest_fits for shot in shots} == {False}


def test_digests_of_a_real_replay_fit_raw_or_decoded(archive):
    kept = [c for c in archive.captures(PAGE, until=day(4)) if not c.is_revisit]
    assert [archive.fetch(c).digest_fits for c in kept] == [True, True, True]


def test_a_time_can_be_named(archive):
    assert [c.at for c in archive.captures(PAGE, since=day(2), until=day(4))] == [day(2), day(3), day(4)]


def test_one_query_serves_a_whole_site(archive):
    assert {c.url for c in archive.captures_under("https://www.example.org/")} == {PAGE, OLD}


def test_what_is_not_there_is_said_not_to_be(archive, pywb, session):
    with pytest.raises(NoCaptureError):
        list(archive.captures("https://www.example.org/never"))
    missing = open_archive(ArchiveSource.of("x", dialect="pywb", url=f"{pywb[1]}/wbe"), session=session)
    with pytest.raises(UnexpectedReplyError):
        list(missing.captures(PAGE))


def test_bytes_come_back_plain_whatever_way_they_were_stored(archive):
    first, zipped, again, *_ = archive.captures(PAGE)
    assert archive.fetch(first).body == page("Twelve")
    assert archive.fetch(zipped).body == page("Fifteen")
    snapshot = archive.fetch(again)
    assert (snapshot.body, snapshot.served_at) == (page("Twelve"), day(3))


def test_an_archived_404_is_a_fact(archive):
    gone = next(c for c in archive.captures(PAGE) if c.status == 404)
    snapshot = archive.fetch(gone)
    assert (snapshot.status, snapshot.body, snapshot.served_at) == (404, b"<html>gone</html>", day(4))


def test_a_historical_redirect_leads_to_the_page_it_led_to(archive):
    (moved,) = archive.captures(OLD)
    snapshot = archive.fetch(moved)
    assert (snapshot.body, snapshot.url, snapshot.redirects) == (page("Sixteen"), PAGE, (OLD,))


def test_a_truncated_record_ends_in_an_error_and_not_in_waiting(archive, pywb):
    """What pywb announces and does not have it never sends, and keeps the connection open."""
    *_, cut = archive.captures(PAGE)
    source = ArchiveSource.of("web", dialect="pywb", url=f"{pywb[1]}/web")
    with asking(Limits(deadline=100, silence=2, tries=1)) as session, pytest.raises(UnreachableError):
        open_archive(source, session=session).fetch(cut)


def test_a_capture_that_was_never_made_is_not_taken_for_its_neighbour(archive):
    with pytest.raises(WrongCaptureError) as caught:
        archive.fetch(Capture(archive="web", url=PAGE, urlkey="", at=day(1) + timedelta(hours=1)))
    assert caught.value.got == day(1)


def test_a_link_opens_for_a_reader(archive):
    first = next(archive.captures(PAGE))
    link = archive.link(first)
    assert link
    with urllib.request.urlopen(link, timeout=60) as answer:
        assert b"Twelve people died" in answer.read()


class Live(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = page("Twenty")
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_a_page_is_saved_and_then_listed_and_read(archive, pywb, session):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Live) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{site.server_port}/live-story"
        now = datetime.now(UTC)
        source = ArchiveSource.of("web", dialect="pywb", url=f"{pywb[1]}/web")
        result = Saver(source, session=session).save(url, now=now)
        site.shutdown()
    assert result.state is SaveState.SAVED
    assert abs((result.captured_at - now).total_seconds()) < 60
    (capture,) = archive.captures(url)
    assert archive.fetch(capture).body == page("Twenty")


def test_pywb_replays_what_we_export(archive, pywb, session, tmp_path):
    taken = [archive.fetch(c) for c in (*archive.captures(PAGE), *archive.captures(OLD)) if c.at != day(6)]
    taken.append(
        Snapshot(
            capture=taken[0].capture,
            served_at=day(9),
            url="https://www.example.org/caf\u00e9?q=1",
            status=200,
            content_type="text/html; charset=utf-8",
            body="<p>Drei Tote, f\u00fcnf Verletzte</p>".encode(),
        )
    )
    written = write_warc(tmp_path / "export.warc.gz", taken, created=day(10))
    subprocess.run(
        [BIN / "wb-manager", "init", "export"], cwd=pywb[0], check=True, capture_output=True, timeout=60
    )
    collection = pywb[0] / "collections" / "export"
    (collection / "archive" / written.warc.name).write_bytes(written.warc.read_bytes())
    (collection / "indexes" / "index.cdxj").write_bytes(written.cdxj.read_bytes())
    back = open_archive(ArchiveSource.of("export", dialect="pywb", url=f"{pywb[1]}/export"), session=session)
    local = WarcArchive("local", written.warc)
    for snapshot in taken:
        for source in (back, local):
            capture = next(c for c in source.captures(snapshot.url) if c.at == snapshot.served_at)
            again = source.fetch(capture)
            assert (again.body, again.status) == (snapshot.body, snapshot.status)
    (moved,) = back.captures(OLD)
    assert back.fetch(moved).redirects == (OLD,)


def test_the_index_next_to_an_export_is_the_one_pywb_would_make(pywb, tmp_path):
    local = WarcArchive("story", pywb[0] / "story.warc.gz")
    captures = [c for c in local.all_captures() if not c.is_revisit and c.at != day(6) and c.url == PAGE]
    written = write_warc(tmp_path / "export.warc.gz", map(local.fetch, captures), created=day(10))
    made = subprocess.run(
        [BIN / "cdx-indexer", "-j", "-s", written.warc],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    fields = r'^(\S+) (\d{14}).*"url": "([^"]+)".*"digest": "([^"]+)".*"offset": "(\d+)"'
    theirs = {re.match(fields, line).groups() for line in made.stdout.splitlines() if "warcinfo" not in line}
    ours = {re.match(fields, line).groups() for line in written.cdxj.read_text(encoding="utf-8").splitlines()}
    assert ours == theirs
