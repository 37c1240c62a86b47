"""Whatever a server does on the wire ends in whole bytes or a typed error, within the deadline."""

import contextlib
import socket
import zlib
from datetime import timedelta

import pytest

from crawler.archive.session import LostReplyError, PoliteSession
from crawler.errors import (
    ConfigError,
    PenaltyError,
    RateLimitError,
    UnexpectedReplyError,
    UnreachableError,
)
from crawler.model import RequestKind

# A hasty session's deadline is one second; every script plays for a minute or longer.
SOON = 50.0
CDX, PLAYBACK, SAVE = RequestKind.CDX, RequestKind.PLAYBACK, RequestKind.SAVE


def drip(data, seconds):
    for byte in data:
        yield bytes([byte])
        yield seconds


def test_a_whole_answer_comes_as_it_is(bench):
    bench.server.play = lambda _: [bench.answer(200, b"hello", {"X-One": "1"})]
    reply = bench.session.get(f"{bench.server.url}/x", kind=CDX)
    assert (reply.status, reply.body, reply.header("x-one"), reply.sized) == (200, b"hello", "1", True)


def test_one_connection_serves_many_requests(bench):
    bench.server.play = lambda _: [bench.answer(200, b"x" * 1000)]
    for _ in range(20):
        bench.session.get(bench.server.url, kind=PLAYBACK)
    assert (len(bench.server.log), bench.server.connections) == (20, 1)


def test_every_request_names_the_program_and_its_user(bench):
    bench.server.play = lambda _: [bench.answer(200)]
    bench.session.get(bench.server.url, kind=CDX)
    assert bench.server.log[0].headers["user-agent"] == "variorum/test (+https://example.org/contact)"


def test_the_environment_names_a_proxy_by_host(bench, monkeypatch):
    bench.server.play = lambda _: [bench.answer(200)]
    monkeypatch.setenv("http_proxy", bench.server.url)
    monkeypatch.setenv("no_proxy", bench.server.host.partition(":")[0])
    for _ in range(2):
        bench.session.get(f"{bench.server.url}/straight", kind=CDX)
        bench.session.get("http://archive.example/around", kind=CDX)
    asked = [one.path for one in bench.server.log]
    assert asked == ["/straight", "http://archive.example/around"] * 2


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(lambda b: drip(b.answer(200, b"x" * 4000), 0.05), id="headers and all, byte by byte"),
        pytest.param(
            lambda b: [b.answer(200, b"", length=4000), *drip(b"x" * 4000, 0.05)], id="the body, byte by byte"
        ),
        pytest.param(
            lambda _: [b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n", *drip(b"5" * 1200, 0.05)],
            id="a chunk's length, digit by digit",
        ),
        pytest.param(
            lambda _: [
                b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n",
                *[step for _ in range(1200) for step in (b"1\r\nx\r\n", 0.05)],
            ],
            id="chunk by chunk",
        ),
        pytest.param(lambda _: [b"HTTP/1.1 200 X\r\n\r\n", *drip(b"x" * 1200, 0.05)], id="without a length"),
    ],
)
def test_a_drip_ends_at_the_deadline(bench, script):
    bench.server.play = lambda _: script(bench)
    bench.hasty(silence=60.0)
    error, seconds = bench.timed(lambda: bench.session.get(bench.server.url, kind=CDX))
    assert type(error) is UnreachableError
    assert "deadline" in str(error)
    assert 0.9 < seconds < SOON


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(lambda _: [60.0], id="no word at all"),
        pytest.param(lambda b: [b.answer(200, b"x" * 60, length=189), 60.0], id="silence inside the body"),
    ],
)
def test_silence_ends_within_the_deadline(bench, script):
    bench.hasty()
    bench.server.play = lambda _: script(bench)
    error, seconds = bench.timed(lambda: bench.session.get(bench.server.url, kind=PLAYBACK))
    assert type(error) is UnreachableError
    assert seconds < SOON


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(lambda b: [b.answer(200, b"x" * 60, length=189), None], id="short of its length"),
        pytest.param(
            lambda _: [b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", None], id="cut chunk"
        ),
        pytest.param(
            lambda _: [b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", None],
            id="no last chunk",
        ),
        pytest.param(
            lambda b: [b.answer(200, b.zipped(b"hello " * 999)[:-30], {"Content-Encoding": "gzip"})],
            id="cut gzip",
        ),
        pytest.param(lambda _: [None], id="closed without an answer"),
        pytest.param(lambda _: [b"HTTP/1.1 2", None], id="closed inside the first line"),
        pytest.param(lambda _: [b"HTTP/1.1 200 X\r\nX-A: b\r\n", None], id="closed between headers"),
        pytest.param(lambda _: [b"HTTP/1.1 200 X\r\nContent-Le", None], id="closed inside a header"),
        pytest.param(lambda b: [b.answer(503)], id="503"),
        pytest.param(lambda b: [b.answer(504, b"<html>gateway</html>")], id="504"),
        pytest.param(lambda b: [b.answer(500)], id="500"),
        pytest.param(lambda b: [b.answer(523)], id="523"),
    ],
)
def test_a_broken_answer_is_asked_for_again_and_then_given_up(bench, broken):
    bench.server.play = lambda _: broken(bench)
    error, _ = bench.timed(lambda: bench.session.get(bench.server.url, kind=CDX))
    assert type(error) is UnreachableError
    assert len(bench.server.log) == 3
    bench.server.log.clear()
    bench.server.play = lambda _: (
        broken(bench) if len(bench.server.log) == 1 else [bench.answer(200, b"whole")]
    )
    assert bench.session.get(bench.server.url, kind=CDX).body == b"whole"


def test_tries_lie_further_and_further_apart(bench):
    bench.server.play = lambda _: [bench.answer(503)]
    bench.timed(lambda: bench.session.get(bench.server.url, kind=CDX))
    assert [seconds for seconds in bench.clock.slept if seconds > 1] == [2, 4]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 60),
        ("7", 7),
        ("0", 1),
        ("-5", 60),
        ("soon", 60),
        ("", 60),
        ("99999999999999999999", 3600),
        ("1e9", 60),
        ("٣", 60),
        ("Mon, 23 Nov 2026 12:02:00 GMT", 120),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 60),
        ("Wed, 23 Nov 2095 11:00:00 GMT", 3600),
        ("Mon, 99 Nov 2026 12:02:00 GMT", 60),
    ],
)
def test_a_429_pauses_that_kind_for_everybody(bench, header, seconds):
    headers = {} if header is None else {"Retry-After": header.encode().decode("latin-1")}
    bench.server.play = lambda _: [bench.answer(429, b"<html>slow down</html>", headers)]
    with pytest.raises(RateLimitError) as caught:
        bench.session.get(bench.server.url, kind=CDX)
    assert caught.value.retry_after == seconds
    assert bench.pacing.paused_until(bench.server.host, CDX) == bench.clock.now + timedelta(seconds=seconds)
    other = bench.another()
    with other, pytest.raises(RateLimitError):
        other.get(bench.server.url, kind=CDX)
    assert len(bench.server.log) == 1
    bench.server.play = lambda _: [bench.answer(200, b"other kind")]
    assert bench.session.get(bench.server.url, kind=PLAYBACK).body == b"other kind"
    bench.clock.sleep(seconds)
    assert bench.session.get(bench.server.url, kind=CDX).status == 200


def test_a_503_that_names_a_time_is_not_asked_again_before(bench):
    bench.server.play = lambda _: [bench.answer(503, b"", {"Retry-After": "30"})]
    with pytest.raises(UnreachableError) as caught:
        bench.session.get(bench.server.url, kind=CDX)
    assert (caught.value.retry_after, len(bench.server.log)) == (30, 1)


def test_a_pause_that_begins_while_a_process_waits_for_its_slot_holds_it_back(bench):
    bench.server.play = lambda _: [bench.answer(200)]
    slow = bench.another(cdx_per_minute=6)
    slow.get(bench.server.url, kind=CDX)
    until = bench.clock.now + timedelta(seconds=30)
    plain_sleep = bench.clock.sleep

    def sleep(seconds):
        plain_sleep(seconds)
        bench.pacing.pause(bench.server.host, CDX, until=until, reason="another process met a 429")

    slow._sleep = sleep
    with slow, pytest.raises(RateLimitError) as caught:
        slow.get(bench.server.url, kind=CDX)
    assert 0 < caught.value.retry_after <= 30
    assert len(bench.server.log) == 1


def test_a_refusal_without_any_success_is_no_ban(bench):
    bench.server.stop_listening()
    with pytest.raises(UnreachableError, match="never answered"):
        bench.session.get(bench.server.url, kind=CDX)
    assert not bench.pacing.pauses


def test_a_server_of_our_own_that_is_started_again_is_never_a_ban(bench):
    session = PoliteSession(
        pacing=bench.pacing, user_agent="variorum/test", clock=bench.clock, sleep=bench.clock.sleep
    )
    bench.server.play = lambda _: [bench.answer(200, b"here")]
    session.get(bench.server.url, kind=CDX)
    bench.server.stop_listening()
    for _ in range(3):
        with pytest.raises(UnreachableError, match="is it running"):
            session.get(bench.server.url, kind=CDX)
    session.close()
    assert bench.pacing.penalties == {}
    assert bench.pacing.pauses == {}


def test_a_refusal_after_a_success_is_a_penalty_that_doubles_and_stops_every_kind(bench):
    bench.server.play = lambda _: [bench.answer(200, b"", {"Connection": "close"}), None]
    bench.session.get(bench.server.url, kind=CDX)
    bench.server.stop_listening()
    for hours in (1, 2, 4):
        with pytest.raises(PenaltyError) as caught:
            bench.session.get(bench.server.url, kind=CDX)
        assert caught.value.retry_after == hours * 3600
        for kind in RequestKind:
            with pytest.raises(PenaltyError):
                bench.session.get(bench.server.url, kind=kind)
        bench.clock.sleep(hours * 3600)
    assert len(bench.server.log) == 1


def test_a_host_that_takes_no_connection_is_not_hammered(bench):
    with contextlib.ExitStack() as stack:
        deaf = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(3):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(deaf.getsockname())
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
        hasty = stack.enter_context(bench.another(connect=0.5))
        error, _ = bench.timed(lambda: hasty.get(url, kind=CDX))
    assert type(error) is UnreachableError
    assert error.retry_after == 60
    assert bench.clock.slept == []  # it rests between two tries


def test_a_body_beyond_the_cap_is_refused_without_reading_it_all(bench):
    bench.server.play = lambda _: [bench.answer(200, b"x" * 300_000)]
    with pytest.raises(UnexpectedReplyError, match=r"larger than 0\.1 MB"):
        bench.session.get(bench.server.url, kind=PLAYBACK)
    assert len(bench.server.log) == 1


def test_a_gzip_bomb_stops_at_the_cap(bench):
    bomb = bench.zipped(b"0" * 50_000_000)
    assert len(bomb) < 100_000
    bench.server.play = lambda _: [bench.answer(200, bomb, {"Content-Encoding": "gzip"})]
    with pytest.raises(UnexpectedReplyError, match="larger"):
        bench.session.get(bench.server.url, kind=PLAYBACK)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Content-Encoding": "gzip"}, id="as the header says"),
        pytest.param({}, id="though no header says so"),
        pytest.param({"content-encoding": "", "Content-Encoding": "gzip"}, id="with an empty header beside"),
        pytest.param({"Content-Encoding": "identity"}, id="though the header says identity"),
        pytest.param({"Content-Encoding": "deflate, gzip"}, id="though the header says more"),
    ],
)
def test_a_gzipped_body_is_undone(bench, headers):
    inner = b"plain words" if "deflate" not in str(headers) else zlib.compress(b"plain words")
    bench.server.play = lambda _: [
        bench.answer(200, bench.zipped(inner), {**headers, "Content-Type": "text/html"})
    ]
    assert bench.session.get(bench.server.url, kind=PLAYBACK).body == b"plain words"


def test_a_plain_body_under_a_gzip_header_stays_as_it_is(bench):
    bench.server.play = lambda _: [bench.answer(200, b"plain words", {"Content-Encoding": "gzip"})]
    assert bench.session.get(bench.server.url, kind=PLAYBACK).body == b"plain words"


def test_an_archived_gzip_file_stays_packed(bench):
    packed = bench.zipped(b"data")
    bench.server.play = lambda _: [bench.answer(200, packed, {"Content-Type": "application/gzip"})]
    assert bench.session.get(bench.server.url, kind=PLAYBACK).body == packed


def test_an_encoding_we_cannot_undo_is_reported(bench):
    bench.server.play = lambda _: [bench.answer(200, b"\x1f\x9d\x90\x02", {"Content-Encoding": "compress"})]
    with pytest.raises(UnexpectedReplyError, match="compress"):
        bench.session.get(bench.server.url, kind=PLAYBACK)


@pytest.mark.parametrize("status", [429, 403, 404, 500, 503])
def test_an_archived_error_is_a_page_and_not_the_archive_failing(bench, status):
    bench.server.play = lambda _: [
        bench.memento(b"gone", at="20160918022640", status=status, Retry_After="9")
    ]
    reply = bench.session.get(bench.server.url, kind=PLAYBACK)
    assert (reply.status, reply.body, len(bench.server.log)) == (status, b"gone", 1)
    assert not bench.pacing.pauses


def test_a_redirect_is_given_not_followed(bench):
    bench.server.play = lambda _: [bench.answer(302, b"", {"Location": "http://169.254.169.254/latest"})]
    reply = bench.session.get(bench.server.url, kind=PLAYBACK)
    assert (reply.status, len(bench.server.log)) == (302, 1)


def test_a_post_whose_answer_is_lost_is_not_sent_twice(bench):
    bench.server.play = lambda _: [None]
    with pytest.raises(LostReplyError):
        bench.session.post(f"{bench.server.url}/save", kind=SAVE, form={"url": "https://example.org/"})
    assert [asked.method for asked in bench.server.log] == ["POST"]


@pytest.mark.parametrize(
    "url", ["ftp://example.org/", "http://", "nonsense", "http://[::1", "http://a:99999/"]
)
def test_an_address_that_is_none_is_said_to_be_wrong_in_the_settings(bench, url):
    with pytest.raises(ConfigError):
        bench.session.get(url, kind=CDX)


def test_a_slot_met_too_late_is_given_up_for_another(bench):
    bench.server.play = lambda _: [bench.answer(200)]
    slow = bench.another(cdx_per_minute=24)
    late = iter([5.0])
    plain = bench.clock.sleep
    slow._sleep = lambda seconds: plain(seconds + next(late, 0.0))
    with slow:
        for _ in range(3):
            slow.get(bench.server.url, kind=CDX)
    first, second, third = [asked.at for asked in bench.server.log]
    assert third - second >= timedelta(seconds=2.5)
    assert second - first >= timedelta(seconds=2.5)


def test_a_queue_that_is_too_long_is_not_waited_for(bench):
    bench.server.play = lambda _: [bench.answer(200)]
    slow = bench.another(cdx_per_minute=24)
    for _ in range(40):
        bench.pacing.reserve(bench.server.host, CDX, per_minute=24, now=bench.clock.now)
    with slow, pytest.raises(RateLimitError, match="queue") as caught:
        slow.get(bench.server.url, kind=CDX)
    assert caught.value.retry_after > 90


def test_a_pause_that_no_right_clock_can_have_set_is_not_obeyed(bench):
    bench.server.play = lambda _: [bench.answer(200)]
    bench.pacing.pause(
        bench.server.host, CDX, until=bench.clock.now + timedelta(days=5000), reason="a clock in 2040"
    )
    bench.pacing.reserve = lambda *_, now, **__: now
    assert bench.session.get(bench.server.url, kind=CDX).status == 200


def test_a_host_that_is_not_found_is_reported_in_one_short_line(bench, monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    # In place of the machine's resolver, which would ask the network.
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(
        UnreachableError, match=r"^The host nowhere\.invalid cannot be found: check the network"
    ):
        bench.session.get("http://nowhere.invalid/cdx", kind=RequestKind.CDX)
