"""A page's own headers are not the archive's, and what a page sets is kept for nobody."""

from datetime import UTC, datetime

import pytest

from crawler.archive import ArchiveSource, open_archive
from crawler.errors import UnexpectedReplyError
from crawler.model import Capture, RequestKind

PAGE = "https://www.example.org/news/story"
AT = datetime(2016, 9, 18, 2, 26, 40, tzinfo=UTC)
WHEN = "Sun, 18 Sep 2016 02:26:40 GMT"


def fetched(bench, headers, *, dialect="pywb"):
    """Return what is made of an answer with these header lines, in this order."""
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    body = b"<html>page</html>"
    answer = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n{head}\r\n".encode() + body
    bench.server.play = lambda _: [answer]
    base = bench.server.url if dialect == "wayback" else f"{bench.server.url}/web"
    found = open_archive(ArchiveSource.of("x", dialect=dialect, url=base), session=bench.session)
    return found.fetch(Capture(archive="x", url=PAGE, urlkey="k", at=AT))


def test_a_page_that_names_another_as_its_original_keeps_its_own_address(bench):
    forged = [
        ("Link", '<https://other.example/>; rel="original"'),
        ("Memento-Datetime", WHEN),
        ("Link", f'<{PAGE}>; rel="original", <https://archive.example/>; rel="timegate"'),
    ]
    assert fetched(bench, forged).url == PAGE
    assert fetched(bench, [*forged[:2], forged[0]]).url == PAGE


def test_the_archives_spelling_of_the_address_is_taken(bench):
    filed = "http://example.org:80/news/story"
    shown = fetched(bench, [("Memento-Datetime", WHEN), ("Link", f'<{filed}>; rel="original"')])
    assert shown.url == filed


def test_a_page_that_sends_a_capture_time_does_not_hide_itself(bench):
    forged = ("memento-datetime", "Mon, 01 Jan 1996 00:00:00 GMT")
    assert fetched(bench, [forged, ("Memento-Datetime", WHEN)]).served_at == AT


@pytest.mark.parametrize(("dialect", "kind"), [("pywb", "text/html"), ("wayback", "image/png")])
def test_original_headers_are_read_only_where_the_archive_writes_them(bench, dialect, kind):
    headers = [
        ("X-Archive-Orig-Content-Type", "image/png"),
        ("Content-Type", "text/html"),
        ("Memento-Datetime", WHEN),
    ]
    assert fetched(bench, headers, dialect=dialect).content_type == kind


@pytest.mark.parametrize(
    "when",
    ["Fri, 31 Dec 9999 23:59:59 -1400", "0", "", "Sun, 18 Sep 99999999999999 02:26:40 GMT", "\u00b2" * 3],
)
def test_an_odd_capture_time_is_an_answer_that_cannot_be_read(bench, when):
    with pytest.raises(UnexpectedReplyError):
        fetched(bench, [("Memento-Datetime", when.encode().decode("latin-1"))])


def test_no_cookie_is_kept_and_no_netrc_is_read(bench, tmp_path, monkeypatch):
    secrets = tmp_path / "netrc"
    secrets.write_text("machine 127.0.0.1 login ann password hunter2\n", encoding="ascii")
    secrets.chmod(0o600)
    monkeypatch.setenv("NETRC", str(secrets))
    bench.server.play = lambda _: [bench.answer(200, b"x", {"Set-Cookie": "reader=7; Path=/"})]
    for _ in range(2):
        bench.session.get(f"{bench.server.url}/x", kind=RequestKind.PLAYBACK)
    assert len(bench.server.log) == 2
    assert not [
        asked.headers for asked in bench.server.log if {"cookie", "authorization"} & set(asked.headers)
    ]
