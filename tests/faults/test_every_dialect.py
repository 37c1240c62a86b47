"""What holds for every dialect that is spoken over a network: its manners, and that it leads nowhere else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from crawler.archive import ArchiveSource, PoliteSession, open_archive
from crawler.archive.dialects import DIALECTS
from crawler.archive.public import public_archives
from crawler.archive.urlkey import urlkey_of
from crawler.config import Settings
from crawler.errors import ArchiveError, NoCaptureError, PenaltyError, RateLimitError
from crawler.model import Capture
from crawler.tracking.archives import session_for
from crawler.tracking.coverage import coverage_of_host, coverage_of_page
from diffs.model import GapCause

REMOTE = [name for name, dialect in DIALECTS.items() if dialect.is_remote]
PAGE = "https://gazette.example/harbour-fire"
AT = datetime(2025, 3, 1, 12, tzinfo=UTC)
ELSEWHERE = [
    "http://127.0.0.1:9/",
    "http://localhost:9/",
    "http://[::1]:9/",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1/",
    "https://evil.example/",
    "//evil.example/",
    "file:///etc/passwd",
]


def opened(bench, dialect, session: PoliteSession | None = None):
    source = ArchiveSource.of("a", dialect=dialect, url=f"{bench.server.url}/all")
    return open_archive(source, session=session or bench.session)


def capture() -> Capture:
    return Capture(archive="a", url=PAGE, urlkey=urlkey_of(PAGE), at=AT)


def asked_within_a_minute(bench) -> int:
    """Return the most requests that the server saw in any minute."""
    times = [asked.at for asked in bench.server.log]
    return max(sum(start <= at < start + timedelta(minutes=1) for at in times) for start in times)


@pytest.mark.parametrize("dialect", REMOTE)
def test_no_minute_sees_more_requests_than_the_limit(bench, dialect):
    archive = opened(
        bench, dialect, bench.another(cdx_per_minute=24, playback_per_minute=48, longest_wait=600)
    )
    bench.server.play = lambda _: [bench.answer(404)]
    for _ in range(60):
        with pytest.raises(ArchiveError):
            list(archive.captures(PAGE))
    listed = len(bench.server.log)
    # A collection that is silent may be asked after once more; that counts too.
    assert listed >= 60
    assert asked_within_a_minute(bench) <= 24

    bench.server.log.clear()
    for _ in range(120):
        with pytest.raises(ArchiveError):
            archive.fetch(capture())
    assert len(bench.server.log) == 120
    assert asked_within_a_minute(bench) <= 48


@pytest.mark.parametrize("name", [each.name for each in public_archives().values() if each.is_readable])
def test_every_public_archive_is_asked_at_the_pace_of_the_list(bench, name):
    """Its requests are counted at the door: none leaves this machine."""
    listed, settings = public_archives()[name], Settings(archives={"also": [name]})
    source = ArchiveSource.public(name)
    sent = []
    with session_for(settings, bench.pacing, clock=bench.clock, sleep=bench.clock.sleep) as session:
        limits = session.limits_for(source.url)

        def exchange(request, _limits, *, left):
            sent.append((bench.clock.now, request.url))
            raise KeyboardInterrupt

        session._wire.exchange = exchange
        archive = open_archive(source, session=session)
        for _ in range(int(limits.cdx_per_minute) + 1):
            with pytest.raises(KeyboardInterrupt):
                list(archive.captures(PAGE))
    assert limits.cdx_per_minute == listed.cdx_per_minute
    assert {url.startswith(f"{source.url}/") for _, url in sent} == {True}
    apart = [after - before for (before, _), (after, _) in pairwise(sent)]
    assert min(apart) >= timedelta(minutes=1) / listed.cdx_per_minute


@pytest.mark.parametrize("dialect", REMOTE)
def test_a_429_pauses_and_a_refusal_bans(bench, dialect):
    archive = opened(bench, dialect)
    bench.server.play = lambda _: [bench.answer(429, headers={"Retry-After": "120"})]
    for _ in range(3):
        with pytest.raises(RateLimitError):
            list(archive.captures(PAGE))
    assert len(bench.server.log) == 1
    bench.server.stop_listening()
    for _ in range(3):
        with pytest.raises((PenaltyError, ArchiveError)):
            archive.fetch(capture())
    assert len(bench.server.log) == 1


@pytest.mark.parametrize("dialect", REMOTE)
def test_no_redirect_of_an_index_or_a_replay_is_followed_elsewhere(bench, dialect):
    archive = opened(bench, dialect)
    for location in ELSEWHERE:
        for headers in ({"Location": location}, {"Location": f"{location}20250301120000id_/{PAGE}"}):
            bench.server.play = lambda _, headers=headers: [bench.answer(302, headers=headers)]
            for ask in (lambda: list(archive.captures(PAGE)), lambda: archive.fetch(capture())):
                with pytest.raises(ArchiveError):
                    ask()
    assert {asked.headers["host"] for asked in bench.server.log} == {bench.server.host}
    assert all(asked.path.startswith("/all/") for asked in bench.server.log)


def test_a_memento_that_is_listed_elsewhere_is_asked_of_the_archive_itself(bench):
    """Where an entry of a TimeMap leads is never asked: its time and page are, of the archive that listed it."""
    links = [
        f'<{host}20250301120000/{PAGE}>; rel="memento"; datetime="Sat, 01 Mar 2025 12:00:00 GMT"'
        for host in ELSEWHERE
    ]
    body = (f'<{PAGE}>; rel="original",\n' + ",\n".join(links)).encode()
    bench.server.play = lambda asked: [
        bench.answer(200, body) if "timemap" in asked.path else bench.memento(b"page", at="20250301120000")
    ]
    archive = opened(bench, "memento")
    captures = list(archive.captures(PAGE))
    assert captures
    for each in captures:
        assert archive.fetch(each).body == b"page"
        assert archive.link(each).startswith(f"{bench.server.url}/all/")
    assert {asked.headers["host"] for asked in bench.server.log} == {bench.server.host}


@pytest.mark.parametrize("look", [coverage_of_page, coverage_of_host])
def test_a_site_that_the_index_excludes_is_told_from_one_never_captured(bench, look):
    """The answers are those of the Wayback Machine (2026): 403 with the error's name in a header; nothing at all."""
    archive = opened(bench, "wayback")
    scope = PAGE if look is coverage_of_page else "gazette.example"
    error = "org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error"
    headers = {"X-Archive-Wayback-Runtime-Error": error, "Content-Type": "text/plain"}
    bench.server.play = lambda _: [bench.answer(403, error.encode(), headers)]
    (gap,) = look(archive, scope, now=AT).gaps
    assert (gap.cause, gap.certain) == (GapCause.EXCLUDED, True)
    assert "kept out of the archive" in gap.rule

    bench.server.play = lambda _: [bench.answer(200, b"")]
    (gap,) = look(archive, scope, now=AT).gaps
    assert (gap.cause, gap.certain) == (GapCause.NEVER, False)


@pytest.mark.parametrize("dialect", REMOTE)
def test_a_look_at_the_coverage_of_a_page_is_bounded(bench, dialect):
    """Of a robots.txt captured two hundred times, each capture with other bytes, sixteen at most are asked for."""
    days = [datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in range(200)]
    robots = "https://gazette.example/robots.txt"

    def play(asked):
        if "id_/" in asked.path:
            stamp = asked.path.partition("id_/")[0][-14:]
            shut = b"User-agent: *\nDisallow: /\n" if stamp > "20240501" else b""
            return [bench.memento(shut, at=stamp)]
        if asked.path == "/all/":
            return [bench.answer(200, b"a collection")]
        if "robots.txt" not in asked.path:
            return [bench.answer(404 if dialect == "memento" else 200, b"")]
        stamps = [f"{at:%Y%m%d%H%M%S}" for at in days]
        if dialect == "memento":
            links = [
                f'<{bench.server.url}/all/{stamp}/{robots}>; rel="memento"; datetime="{at:%a, %d %b %Y %H:%M:%S GMT}"'
                for at, stamp in zip(days, stamps, strict=True)
            ]
            return [bench.answer(200, ",\n".join(links).encode())]
        rows = [f"{urlkey_of(robots)} {s} {robots} text/plain 200 {s}{'A' * 18} 99\n" for s in stamps]
        return [bench.answer(200, "".join(rows).encode())]

    bench.server.play = play
    found = coverage_of_page(opened(bench, dialect), PAGE, now=AT)
    assert len(bench.server.log) <= 2 + 16 + 1
    assert len([asked for asked in bench.server.log if "id_/" in asked.path]) <= 16
    (gap,) = found.gaps
    assert (gap.cause, gap.proof.at) == (GapCause.BLOCKED, datetime(2024, 5, 1, tzinfo=UTC))
    assert gap.allowed.at == datetime(2024, 4, 30, tzinfo=UTC)


def test_a_public_archive_that_has_no_capture_is_not_asked_whether_it_is_there(bench):
    source = replace(ArchiveSource.public("loc"), url=bench.server.url)
    bench.server.play = lambda _: [bench.answer(404)]
    with pytest.raises(NoCaptureError):
        list(open_archive(source, session=bench.session).captures(PAGE))
    assert [asked.path for asked in bench.server.log] == [f"/timemap/link/{PAGE}"]
