"""A capture is served exactly, or the failure says what was served instead."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.archive import ArchiveSource, open_archive
from crawler.archive.replay import Replay
from crawler.errors import (
    BlockedError,
    NoCaptureError,
    PenaltyError,
    RateLimitError,
    UnexpectedReplyError,
    UnreachableError,
    WrongCaptureError,
)
from crawler.model import Capture

PAGE = "https://www.example.org/news/story"
AT = "20160918022640"


def capture(at=AT, url=PAGE):
    when = datetime.strptime(f"{at}+0000", "%Y%m%d%H%M%S%z")
    return Capture(archive="x", url=url, urlkey="org,example)/news/story", at=when)


def opened(bench, dialect="wayback"):
    base = bench.server.url if dialect == "wayback" else f"{bench.server.url}/web"
    return open_archive(ArchiveSource.of("x", dialect=dialect, url=base), session=bench.session)


def serve(bench, pages):
    """Answer each path with its script; a path that is not listed was never captured."""
    bench.server.play = lambda asked: [pages.get(asked.path, bench.answer(404, b"<html>not archived</html>"))]


def raw(at, url=PAGE):
    return f"/web/{at}id_/{url}"


def elsewhere(bench, at, url=PAGE):
    """The Wayback Machine's way to point to another capture: no Memento-Datetime."""
    headers = {
        "Location": f"{bench.server.url}{raw(at, url)}",
        "X-Archive-Redirect-Reason": f"found capture at {at}",
    }
    return bench.answer(302, b"", headers)


def test_a_capture_comes_raw_with_its_time_and_type(bench):
    body = b"<html>\xff raw</html>"
    link = f'<{PAGE}>; rel="original", <{bench.server.url}/web/{PAGE}>; rel="timegate"'
    serve(bench, {raw(AT): bench.memento(body, at=AT, Link=link, Content_Type="text/html; charset=x")})
    snapshot = opened(bench).fetch(capture())
    assert (snapshot.body, snapshot.status, snapshot.url) == (body, 200, PAGE)
    assert snapshot.served_at == datetime(2016, 9, 18, 2, 26, 40, tzinfo=UTC)
    assert snapshot.redirects == ()


def test_a_digest_of_stored_bytes_is_not_held_against_the_body(bench):
    # The archive's digest is often that of the compressed bytes, so the body's own may differ (edgi wayback, _models.py).
    serve(bench, {raw(AT): bench.memento(b"body", at=AT)})
    asked = replace(capture(), digest="A" * 32, mimetype="warc/revisit")
    assert opened(bench).fetch(asked).body == b"body"


@pytest.mark.parametrize("status", [403, 404, 410, 429, 451, 500, 503])
def test_an_archived_error_is_a_fact_about_the_page(bench, status):
    serve(bench, {raw(AT): bench.memento(b"denied", at=AT, status=status)})
    snapshot = opened(bench).fetch(capture())
    assert (snapshot.status, snapshot.body) == (status, b"denied")


def test_another_capture_than_the_one_asked_for_is_named_and_not_fetched(bench):
    serve(bench, {raw(AT): elsewhere(bench, "20160924022640"), raw("20160924022640"): b""})
    with pytest.raises(WrongCaptureError) as caught:
        opened(bench).fetch(capture())
    assert caught.value.asked == capture().at
    assert caught.value.got == datetime(2016, 9, 24, 2, 26, 40, tzinfo=UTC)
    assert len(bench.server.log) == 1


def test_another_capture_served_without_a_redirect_is_noticed_by_its_header(bench):
    serve(bench, {f"/web/{AT}id_/{PAGE}": bench.memento(at="20160918022641")})
    with pytest.raises(WrongCaptureError):
        opened(bench, "pywb").fetch(capture())


def test_a_window_lets_a_near_capture_pass_with_its_own_time(bench):
    near = "20160918032640"
    serve(bench, {raw(AT): elsewhere(bench, near), raw(near): bench.memento(at=near)})
    replay = Replay(
        archive="x", base=f"{bench.server.url}/web", session=bench.session, window=timedelta(hours=2)
    )
    assert replay.fetch(capture()).served_at - capture().at == timedelta(hours=1)


@pytest.mark.parametrize(
    "location",
    [
        pytest.param(
            "{base}/web/20160918022640id_/https://example.org/new", id="rewritten, as the Wayback does"
        ),
        pytest.param("/web/20160918022640id_/https://example.org/new", id="rewritten, without a host"),
        pytest.param(
            "//{host}/web/20160918022640id_/https://example.org/new", id="rewritten, without a scheme"
        ),
        pytest.param("https://example.org/new", id="as the site sent it, as pywb does"),
        pytest.param("//example.org/new", id="as the site sent it, without a scheme"),
        pytest.param("{base}/web/20160918022640id_/https:/example.org/new", id="with a slash lost"),
    ],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_historical_redirect_is_followed_inside_the_archive(bench, location, status):
    target = location.format(base=bench.server.url, host=bench.server.host)
    serve(
        bench,
        {
            raw(AT): bench.memento(b"", at=AT, status=status, Location=target),
            raw(AT, "https://example.org/new"): elsewhere(bench, "20160918024405", "https://example.org/new"),
            raw("20160918024405", "https://example.org/new"): bench.memento(b"here", at="20160918024405"),
        },
    )
    snapshot = opened(bench).fetch(capture())
    assert (snapshot.body, snapshot.url, snapshot.redirects) == (b"here", "https://example.org/new", (PAGE,))
    assert snapshot.served_at == datetime(2016, 9, 18, 2, 44, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("location", "leads_to"),
    [
        ("/news/new", "https://www.example.org/news/new"),
        ("new?a=1", "https://www.example.org/news/new?a=1"),
        ("/2016/09/18/new#part", "https://www.example.org/2016/09/18/new"),
    ],
)
def test_a_redirect_within_the_site_is_read_against_the_page(bench, location, leads_to):
    pages = {
        raw(AT): bench.memento(b"", at=AT, status=301, Location=location),
        raw(AT, leads_to): bench.memento(b"here", at=AT),
    }
    serve(bench, pages)
    assert opened(bench, "pywb").fetch(capture()).url == leads_to


def test_redirects_in_a_circle_are_found(bench):
    other = "https://login.example.org/"
    serve(
        bench,
        {
            raw(AT): bench.memento(b"", at=AT, status=303, Location=other),
            raw(AT, other): elsewhere(bench, "20160918022649", other),
            raw("20160918022649", other): bench.memento(b"", at="20160918022649", status=302, Location=PAGE),
            raw("20160918022649"): elsewhere(bench, AT),
        },
    )
    with pytest.raises(UnexpectedReplyError, match="circle"):
        opened(bench).fetch(capture())


def test_a_chain_without_end_is_left(bench):
    def play(asked):
        number = int(asked.path.rpartition("?")[2] or 0) if "?" in asked.path else 0
        return [bench.memento(b"", at=AT, status=301, Location=f"{PAGE}?{number + 1}")]

    bench.server.play = play
    with pytest.raises(UnexpectedReplyError):
        opened(bench).fetch(capture())
    assert len(bench.server.log) <= 12


@pytest.mark.parametrize("fate", ["captured a year later", "never captured", "excluded", "no web page"])
def test_a_redirect_whose_page_was_not_captured_near_is_what_was_captured(bench, fate):
    target = "mailto:desk@example.org" if fate == "no web page" else "https://registrar.example.net/parked"
    then = {
        "captured a year later": elsewhere(bench, "20170918022640", target),
        "never captured": bench.answer(404),
        "excluded": bench.answer(451),
        "no web page": b"",
    }
    moved = bench.memento(b"moved", at=AT, status=301, Location=target)
    serve(bench, {raw(AT): moved, raw(AT, target): then[fate]})
    snapshot = opened(bench).fetch(capture())
    assert (snapshot.status, snapshot.body, snapshot.url) == (301, b"moved", target)
    assert (snapshot.redirects, snapshot.served_at) == ((PAGE,), capture().at)


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1:1/web/20160918022640id_/https://www.example.org/news/story",
        "https://example.org/login",
        "file:///etc/passwd",
        "//evil.example.net/web/20160918022640id_/https://www.example.org/",
        "/somewhere/else",
        "http://[half",
    ],
)
def test_no_redirect_leads_out_of_the_archive(bench, location):
    serve(bench, {raw(AT): bench.answer(302, b"", {"Location": location})})
    with pytest.raises(UnexpectedReplyError):
        opened(bench).fetch(capture())
    assert len(bench.server.log) == 1


@pytest.mark.parametrize("location", ["http://169.254.169.254/latest", "http://[half", "javascript:void(0)"])
def test_no_historical_redirect_is_asked_of_anyone_but_the_archive(bench, location):
    serve(bench, {raw(AT): bench.memento(b"", at=AT, status=302, Location=location)})
    error, _ = bench.timed(lambda: opened(bench).fetch(capture()))
    assert type(error) in (type(None), UnexpectedReplyError)
    assert all(asked.path.startswith("/web/") for asked in bench.server.log)


EXCLUDED = b"<html><p>Sorry. This URL has been excluded from the Wayback Machine.</p></html>"
FAILURES = {
    "excluded": (lambda b: [b.answer(200, EXCLUDED)], BlockedError),
    "excluded by robots": (
        lambda b: [
            b.answer(403, b"", {"X-Archive-Wayback-Runtime-Error": "RobotAccessControlException: Blocked"})
        ],
        BlockedError,
    ),
    "legal": (lambda b: [b.answer(451, b"<html>no</html>")], BlockedError),
    "never captured": (lambda b: [b.answer(404, b"<html>not archived</html>")], NoCaptureError),
    "a page of the archive's own": (lambda b: [b.answer(200, b"<html>Welcome</html>")], UnexpectedReplyError),
    "a redirect shown as a page": (
        lambda b: [b.answer(200, b"<p>Got an HTTP 302 response at crawl time</p>")],
        UnexpectedReplyError,
    ),
    "an unreadable time": (
        lambda b: [b.answer(200, b"x", {"Memento-Datetime": "once upon a time"})],
        UnexpectedReplyError,
    ),
    "403": (lambda b: [b.answer(403)], UnexpectedReplyError),
    "429": (lambda b: [b.answer(429, b"slow down")], RateLimitError),
    "502": (lambda b: [b.answer(502)], UnreachableError),
    "hang": (lambda _: [60.0], UnreachableError),
    "truncated record": (
        lambda b: [b.memento(b"x" * 60, at=AT, Content_Length="189"), 60.0],
        UnreachableError,
    ),
    "cut off": (
        lambda b: [b.answer(200, b"x", {"Memento-Datetime": "x"}, length=99), None],
        UnreachableError,
    ),
}


@pytest.mark.parametrize("name", FAILURES)
def test_each_failure_has_its_own_error_within_the_deadline(bench, name):
    script, expected = FAILURES[name]
    if any(isinstance(step, float) for step in script(bench)):
        bench.hasty()
    bench.server.play = lambda _: script(bench)
    error, seconds = bench.timed(lambda: opened(bench).fetch(capture()))
    assert type(error) is expected
    assert seconds < 50.0


def test_a_ban_in_the_middle_of_a_backfill_is_a_penalty(bench):
    bench.server.play = lambda _: [bench.memento(at=AT, Connection="close"), None]
    archive = opened(bench)
    archive.fetch(capture())
    bench.server.stop_listening()
    with pytest.raises(PenaltyError):
        archive.fetch(capture())


@pytest.mark.parametrize(
    "url", ["http://example.org/a/../../save/x", "http://example.org/./a", "http://a.org/.."]
)
def test_dots_in_a_pages_address_do_not_walk_about_in_the_archive(bench, url):
    bench.server.play = lambda _: [bench.memento(at=AT)]
    opened(bench).fetch(capture(url=url))
    assert bench.server.log[0].path.startswith(f"/web/{AT}id_/http://")


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [("wayback", "{base}/web/20160918022640/"), ("pywb", "{base}/web/20160918022640/")],
)
def test_a_link_shows_the_capture_as_a_reader_sees_it(bench, dialect, expected):
    assert opened(bench, dialect).link(capture()) == expected.format(base=bench.server.url) + PAGE


@pytest.mark.parametrize("after", [1, 2, 3, None])
def test_a_page_that_redirects_to_its_own_https_address_is_found_seconds_later(bench, after):
    """One key serves both addresses, so that the archive answers the second with the redirect again."""
    first, second = PAGE.replace("https:", "http:"), PAGE
    moment = datetime(2016, 9, 18, 2, 26, 40, tzinfo=UTC)

    def play(asked):
        stamp = re.search(r"/(\d{14})id_/", asked.path)[1]
        asked_at = datetime.strptime(f"{stamp}+0000", "%Y%m%d%H%M%S%z")
        page_at = moment + timedelta(seconds=after or 0)
        if after and abs(page_at - asked_at) < abs(moment - asked_at):
            exact = f"{page_at:%Y%m%d%H%M%S}"
            return (
                [bench.memento(b"the page", at=exact)]
                if exact == stamp
                else [elsewhere(bench, exact, second)]
            )
        if stamp != AT:
            return [elsewhere(bench, AT, second)]
        return [bench.memento(b"", at=AT, status=301, Location=f"/web/{AT}id_/{second}")]

    bench.server.play = play
    asked = Capture(archive="x", url=first, urlkey="k", at=moment)
    shown = opened(bench).fetch(asked)
    if after:
        assert (shown.status, shown.body, shown.served_at) == (
            200,
            b"the page",
            moment + timedelta(seconds=after),
        )
    else:
        assert (shown.status, shown.served_at) == (301, moment)
    assert len(bench.server.log) <= 5
