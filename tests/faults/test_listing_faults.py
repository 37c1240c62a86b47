"""A listing never dies on a bad row and never takes a failure for absence."""

import re
import resource
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.archive import ArchiveSource, open_archive
from crawler.errors import (
    BlockedError,
    BodyEncodingError,
    BodyTooLargeError,
    ConfigError,
    InputError,
    NoCaptureError,
    PenaltyError,
    RateLimitError,
    UnexpectedReplyError,
    UnreachableError,
)

PAGE = "https://www.example.org/news/story"
KEY = "org,example)/news/story"


def row(at, *, key=KEY, url=PAGE, mime="text/html", status="200", digest="A" * 32, length="1000"):
    return f"{key} {at} {url} {mime} {status} {digest} {length}"


def rows(*lines):
    return ("\n".join(lines) + "\n").encode()


def wayback(bench):
    return open_archive(
        ArchiveSource.of("wayback", dialect="wayback", url=bench.server.url), session=bench.session
    )


def listed(bench, body, **headers):
    bench.server.play = lambda _: [bench.answer(200, body, headers)]
    archive = wayback(bench)
    return list(archive.captures(PAGE)), archive


def query_of(asked):
    return {name: values[0] for name, values in parse_qs(urlsplit(asked.path).query).items()}


def test_rows_become_captures(bench):
    captures, _ = listed(bench, rows(row("20160918022640", digest="DIGEST")))
    (capture,) = captures
    assert (capture.url, capture.urlkey, capture.status) == (PAGE, KEY, 200)
    assert (capture.mimetype, capture.digest, capture.length) == ("text/html", "DIGEST", 1000)
    assert capture.at == datetime(2016, 9, 18, 2, 26, 40, tzinfo=UTC)
    assert bench.server.log[0].path.startswith("/cdx/search/cdx?")


def test_revisits_and_redirects_are_kept_as_observations(bench):
    captures, _ = listed(
        bench,
        rows(
            row("20160918022640"),
            row("20160918032640", mime="warc/revisit", status="-"),
            row("20160918042640", status="302", digest="C"),
        ),
    )
    assert [(c.is_revisit, c.status) for c in captures] == [(False, 200), (True, None), (False, 302)]


def test_a_dash_and_an_unknown_type_are_no_values(bench):
    captures, _ = listed(bench, rows(row("20160918022640", mime="unk", status="-", digest="-", length="-")))
    assert (captures[0].mimetype, captures[0].status, captures[0].digest, captures[0].length) == (None,) * 4


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("20000008241731", datetime(2000, 8, 24, 17, 31, tzinfo=UTC)),
        ("20000800241623", datetime(2000, 8, 24, 16, 23, tzinfo=UTC)),
        ("20000012170449", datetime(2000, 12, 17, 4, 49, tzinfo=UTC)),
    ],
)
def test_zeros_put_into_a_timestamp_are_taken_out(bench, printed, meant):
    captures, archive = listed(bench, rows(row("20000101000000"), row(printed, digest="B")))
    assert captures[1].at == meant
    assert archive.quarantine.count == 0


@pytest.mark.parametrize(
    "bad",
    [
        row("20161399999999"),
        row("2016091802264x"),
        row("20160918022640", url="data:image/png;base64,AAAA"),
        row("20160918022640", url="mailto:desk@example.org"),
        row("20160918022640", url="http://mailto:desk@example.org/"),
        row("20160918022640", url="no/address/at/all"),
        row("20160918022640", url="http://[half"),
        row("20160918022640", status="ok"),
        row("20160918022640", length="1e3"),
        row("20160918022640") + " extra",
        "org,example)/news/st",
        "�" * 20,
    ],
)
def test_a_bad_row_is_set_aside_and_the_good_ones_are_kept(bench, bad):
    captures, archive = listed(bench, rows(row("20160101000000"), bad, row("20170101000000")))
    assert [c.at.year for c in captures] == [2016, 2017]
    assert archive.quarantine.count == 1
    assert archive.quarantine.rows[0][0] == bad[:500]


def test_rows_that_say_the_same_are_folded(bench):
    same = row("20160918022640")
    captures, _ = listed(
        bench,
        rows(
            same,
            same,
            row("20160918022640", url="http://example.org:80/news/story"),
            row("20160918022640", mime="warc/revisit", status="-"),
            row("20160918022640", status="301", digest="B"),
            row("20160918022641"),
        ),
    )
    assert [(c.timestamp[-2:], c.status) for c in captures] == [("40", 200), ("40", 301), ("41", 200)]


def test_pages_are_walked_by_their_resume_key_and_lazily(bench):
    days = [f"201609{day:02}000000" for day in range(1, 10)]

    def play(asked):
        start = int(query_of(asked).get("resumeKey", "day 0").split(" ")[1].replace("+", ""))
        here, more = days[start : start + 3], start + 3 < len(days)
        tail = f"\nday {start + 3}\n".replace(" ", "+") if more else ""
        return [bench.answer(200, rows(*(row(d, digest=d) for d in here)) + tail.encode())]

    def decoded_key(asked):
        asked.path = asked.path.replace("%2B", "+")
        return play(asked)

    bench.server.play = decoded_key
    captures = wayback(bench).captures(PAGE)
    assert not bench.server.log
    assert next(captures).timestamp == days[0]
    assert len(bench.server.log) == 1
    assert [c.timestamp for c in captures] == days[1:]
    assert len(bench.server.log) == 3
    assert query_of(bench.server.log[0])["showResumeKey"] == "true"


def test_a_resume_key_with_escapes_is_sent_back_as_it_came(bench):
    key = "org%2Cexample%29%2F+20160918022640%3A"
    first = rows(row("20160918022640")) + f"\n{key}\n".encode()
    bench.server.play = lambda asked: [
        bench.answer(200, rows(row("20170101000000")) if "resumeKey" in asked.path else first)
    ]
    assert len(list(wayback(bench).captures(PAGE))) == 2
    assert query_of(bench.server.log[1])["resumeKey"] == key


def test_an_index_that_leads_in_a_circle_is_left(bench):
    body = rows(row("20160918022640")) + b"\nsame%2Bkey\n"
    bench.server.play = lambda _: [bench.answer(200, body)]
    with pytest.raises(UnexpectedReplyError, match="circle"):
        list(wayback(bench).captures(PAGE))
    assert len(bench.server.log) == 2


def test_a_server_without_resume_keys_is_walked_by_time(bench):
    days = [f"2016{month:02}{day:02}000000" for month in range(1, 6) for day in range(1, 29)]

    def play(asked):
        start = query_of(asked).get("from", "0")
        limit = int(query_of(asked)["limit"])
        return [bench.answer(200, rows(*[row(d, digest=d) for d in days if d >= start][:limit]))]

    bench.server.play = play
    from crawler.archive.cdx import CaptureQuery, Quarantine, captures_in

    captures = captures_in(
        CaptureQuery(url=PAGE),
        archive="x",
        endpoint=f"{bench.server.url}/cdx",
        session=bench.session,
        quarantine=Quarantine(),
        page=25,
    )
    assert [c.timestamp for c in captures] == days


def test_more_captures_in_one_second_than_a_page_holds_do_not_stop_the_walk(bench):
    body = [row("20160918022640", digest=f"D{i}") for i in range(40)] + [row("20170101000000")]
    bench.server.play = lambda asked: [bench.answer(200, rows(*body[: int(query_of(asked)["limit"])]))]
    from crawler.archive.cdx import CaptureQuery, Quarantine, captures_in

    captures = captures_in(
        CaptureQuery(url=PAGE),
        archive="x",
        endpoint=f"{bench.server.url}/cdx",
        session=bench.session,
        quarantine=Quarantine(),
        page=10,
    )
    assert len(list(captures)) == 41


def test_since_and_until_are_inclusive_and_asked_of_the_server(bench):
    stamps = ["20160101000000", "20160201000000", "20160301000000", "20160301000001"]
    bench.server.play = lambda _: [bench.answer(200, rows(*(row(s, digest=s) for s in stamps)))]
    since, until = datetime(2016, 2, 1, tzinfo=UTC), datetime(2016, 3, 1, tzinfo=UTC)
    captures = list(wayback(bench).captures(PAGE, since=since, until=until))
    assert [c.timestamp for c in captures] == stamps[1:3]
    asked = query_of(bench.server.log[0])
    assert (asked["from"], asked["to"]) == (stamps[1], stamps[2])


def test_the_index_is_asked_for_every_row_and_for_none_of_what_misleads(bench):
    # collapse folds neighbours only and filter=statuscode:200 drops revisits; page= lags behind (CDX README, wmp#940).
    listed(bench, rows(row("20160918022640")))
    assert not {"collapse", "filter", "page", "fl", "resolveRevisits"} & set(query_of(bench.server.log[0]))


@pytest.mark.parametrize(
    "kind", [None, "text/plain", "text/plain;charset=UTF-8", "text/html", "application/json"]
)
def test_the_type_that_an_index_claims_does_not_matter(bench, kind):
    captures, _ = listed(bench, rows(row("20160918022640")), **({"Content-Type": kind} if kind else {}))
    assert len(captures) == 1


def test_an_empty_answer_to_the_right_question_means_that_there_is_none(bench):
    with pytest.raises(NoCaptureError):
        listed(bench, b"", **{"Content-Type": "text/plain"})
    assert len(bench.server.log) == 1


def test_captures_outside_the_time_asked_for_are_none(bench):
    bench.server.play = lambda _: [bench.answer(200, rows(row("20160101000000")))]
    with pytest.raises(NoCaptureError):
        list(wayback(bench).captures(PAGE, since=datetime(2020, 1, 1, tzinfo=UTC)))


def test_an_empty_answer_that_may_have_been_cut_is_asked_for_twice(bench):
    cut = b"HTTP/1.1 200 X\r\nConnection: close\r\n\r\n"
    bench.server.play = lambda _: (
        [cut, None] if len(bench.server.log) == 1 else [bench.answer(200, rows(row("20160101000000")))]
    )
    assert len(list(wayback(bench).captures(PAGE))) == 1


BLOCKED = "org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error"
ROBOTS = "org.archive.wayback.exception.RobotAccessControlException: Blocked By Robots"
FAILURES = {
    "429": (lambda b: [b.answer(429, b"<html>Too Many Requests</html>")], RateLimitError),
    "429 with an empty body": (lambda b: [b.answer(429)], RateLimitError),
    "503": (lambda b: [b.answer(503)], UnreachableError),
    "504 with rows": (lambda b: [b.answer(504, rows(row("20160101000000")))], UnreachableError),
    "500 with an empty body": (lambda b: [b.answer(500)], UnreachableError),
    "hang": (lambda _: [60.0], UnreachableError),
    "reset": (lambda _: [None], UnreachableError),
    "short": (lambda b: [b.answer(200, b"", length=99), None], UnreachableError),
    "cut chunk": (
        lambda _: [b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n", None],
        UnreachableError,
    ),
    "400 with an empty body": (lambda b: [b.answer(400)], UnexpectedReplyError),
    "403": (lambda b: [b.answer(403, b"Forbidden")], UnexpectedReplyError),
    "404": (lambda b: [b.answer(404)], UnexpectedReplyError),
    "302": (lambda b: [b.answer(302, b"", {"Location": "https://example.org/"})], UnexpectedReplyError),
    "200 with HTML": (
        lambda b: [b.answer(200, b"\n<!DOCTYPE html><p>Maintenance</p>")],
        UnexpectedReplyError,
    ),
    "200 with JSON": (lambda b: [b.answer(200, b'{"error": "no"}')], UnexpectedReplyError),
    "200 with words": (lambda b: [b.answer(200, b"Temporarily offline")], UnexpectedReplyError),
    "200 with one cut row": (lambda b: [b.answer(200, b"org,example)/ne")], UnexpectedReplyError),
    "204": (lambda b: [b.answer(204)], UnexpectedReplyError),
    "blocked site": (lambda b: [b.answer(403, BLOCKED.encode())], BlockedError),
    "blocked site in a 200": (lambda b: [b.answer(200, BLOCKED.encode())], BlockedError),
    "blocked by robots": (lambda b: [b.answer(403, ROBOTS.encode())], BlockedError),
    "blocked in the header": (
        lambda b: [b.answer(403, b"", {"X-Archive-Wayback-Runtime-Error": BLOCKED})],
        BlockedError,
    ),
    "too large": (lambda b: [b.answer(200, b"x" * 200_000)], BodyTooLargeError),
    "unknown encoding": (
        lambda b: [b.answer(200, b"\x01", {"Content-Encoding": "compress"})],
        BodyEncodingError,
    ),
}


@pytest.mark.parametrize("dialect", ["wayback", "pywb", "memento"])
@pytest.mark.parametrize("name", FAILURES)
def test_no_failure_reads_as_an_empty_listing(bench, name, dialect):
    script, expected = FAILURES[name]
    if any(isinstance(step, float) for step in script(bench)):
        bench.hasty()
    bench.server.play = lambda _: script(bench)
    base = bench.server.url if dialect == "wayback" else f"{bench.server.url}/web"
    archive = open_archive(ArchiveSource.of("x", dialect=dialect, url=base), session=bench.session)
    error, seconds = bench.timed(lambda: list(archive.captures(PAGE)))
    assert type(error) is expected
    assert str(error).strip()
    assert seconds < 50.0


def test_a_failure_on_the_second_page_is_not_the_end_of_the_listing(bench):
    first = rows(row("20160918022640")) + b"\nnext%2Bkey\n"
    bench.server.play = lambda asked: [
        bench.answer(502) if "resumeKey" in asked.path else bench.answer(200, first)
    ]
    captures = wayback(bench).captures(PAGE)
    assert next(captures).timestamp == "20160918022640"
    with pytest.raises(UnreachableError):
        next(captures)


def test_a_ban_reads_as_a_ban(bench):
    bench.server.play = lambda _: [
        bench.answer(200, rows(row("20160918022640")), {"Connection": "close"}),
        None,
    ]
    archive = wayback(bench)
    assert list(archive.captures(PAGE))
    bench.server.stop_listening()
    with pytest.raises(PenaltyError):
        list(archive.captures(PAGE))


def test_a_missing_pywb_collection_is_no_empty_one(bench):
    bench.server.play = lambda asked: [bench.answer(200 if "/cdx" in asked.path else 404)]
    archive = open_archive(
        ArchiveSource.of("x", dialect="pywb", url=f"{bench.server.url}/wbe/"), session=bench.session
    )
    with pytest.raises(UnexpectedReplyError, match="no collection"):
        list(archive.captures(PAGE))


def test_pywb_is_asked_in_its_own_words(bench):
    bench.server.play = lambda _: [bench.answer(200, rows(row("20160918022640")))]
    archive = open_archive(
        ArchiveSource.of("x", dialect="pywb", url=f"{bench.server.url}/web"), session=bench.session
    )
    assert len(list(archive.captures(PAGE))) == 1
    asked = query_of(bench.server.log[0])
    assert bench.server.log[0].path.startswith("/web/cdx?")
    assert (asked["output"], asked["fl"]) == ("text", "urlkey,timestamp,url,mime,status,digest,length")


def test_one_prefix_query_serves_many_pages(bench):
    body = rows(
        row("20160918022640", key="org,example)/news/a", url="https://example.org/news/a"),
        row("20160918022640", key="org,example)/news/b", url="https://example.org/news/b"),
    )
    bench.server.play = lambda _: [bench.answer(200, body)]
    captures = list(wayback(bench).captures_under("https://example.org/news/"))
    assert [c.urlkey[-1] for c in captures] == ["a", "b"]
    assert query_of(bench.server.log[0])["matchType"] == "prefix"
    assert len(bench.server.log) == 1


def test_a_prefix_with_a_wildcard_of_its_own_is_refused(bench):
    with pytest.raises(InputError):
        list(wayback(bench).captures_under("https://example.org/*"))


@pytest.mark.parametrize("url", ["", "web.archive.org", "ftp://example.org", "http://", "http://[::1"])
def test_an_archive_address_that_is_none_is_refused_at_once(bench, url):
    with pytest.raises(ConfigError):
        open_archive(ArchiveSource.of("x", dialect="wayback", url=url), session=bench.session)


def resident():
    """Return the memory this process holds, in bytes."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="resident memory is read from /proc")
@pytest.mark.parametrize("pages", [2, pytest.param(6, marks=pytest.mark.soak)])
def test_memory_stays_flat_while_25000_captures_a_page_are_listed(bench, pages):
    start = datetime(2010, 1, 1, tzinfo=UTC)
    minutes = (f"{start + timedelta(minutes=i):%Y%m%d%H%M%S}" for i in range(25_000))
    page = rows(*(row(minute, digest=f"{i:032}") for i, minute in enumerate(minutes)))

    def play(asked):
        number = int(re.search(r"&resumeKey=p(\d+)", asked.path)[1]) if "&resumeKey" in asked.path else 0
        body = page.replace(b"2010", f"{2010 + number}".encode())
        more = number + 1 < pages
        return [bench.answer(200, body + f"\np{number + 1}\n".encode() if more else body[: len(body) // 2])]

    bench.server.play = play
    session = bench.another(body_bytes=20_000_000, deadline=60, silence=60)
    archive = open_archive(ArchiveSource.of("x", dialect="wayback", url=bench.server.url), session=session)
    with session:
        before = resident()
        most, count = before, 0
        for capture in archive.captures(PAGE):
            count += 1
            assert capture.status == 200
            if count % 1000 == 0:
                most = max(most, resident())
    assert count > 25_000 * (pages - 1) + 12_000
    assert bench.server.connections == 1
    assert most - before < 20_000_000
