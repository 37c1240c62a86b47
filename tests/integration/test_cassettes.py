"""What web.archive.org really answered, recorded by others, ends in the right rows or the right error."""

import functools
import gzip
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import responses
import yaml

from crawler.archive import ArchiveSource, Limits, PoliteSession, open_archive
from crawler.archive.cdx import CaptureQuery, Quarantine, captures_in
from crawler.archive.replay import Replay
from crawler.errors import BlockedError, NoCaptureError, UnexpectedReplyError, WrongCaptureError
from crawler.model import Capture

SHARED = Path(os.environ.get("VARIORUM_SHARED", Path(__file__).parents[3] / "shared"))
FOLDER = SHARED / "data" / "cassettes" / "edgi_wayback"
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(
        not FOLDER.is_dir(), reason=f"no recorded answers in {FOLDER}; name it in VARIORUM_SHARED"
    ),
]
NOW = datetime(2026, 11, 23, tzinfo=UTC)


class NoPacing:
    """Recordings cannot be asked too often."""

    def reserve(self, _host, _kind, *, per_minute, now):
        assert per_minute > 0
        return now

    def paused_until(self, _host, _kind, *, now=None):  # noqa: ARG002
        return None

    def pause(self, host, kind, *, until, reason, now=None):  # noqa: ARG002
        pytest.fail(f"paused {host} {kind} until {until}: {reason}")

    def succeeded(self, _host, *, now):
        assert now

    def last_success(self, _host):
        return None


@functools.cache
def recorded(name):
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = (FOLDER / "cassettes" / f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=loader)["interactions"]


def key_of(url):
    """What tells one recorded request from the next; the recorder asked with other fields than we do."""
    parts = urlsplit(url)
    if parts.path == "/cdx/search/cdx":
        query = parse_qs(parts.query)
        return "cdx", query["url"][0].rstrip("/"), query.get("resumeKey", [""])[0]
    return "replay", url


@pytest.fixture
def play():
    """Return a session to which the recordings of one name answer."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        session = PoliteSession(
            pacing=NoPacing(),
            user_agent="variorum/test (+https://example.org)",
            limits=Limits(tries=1),
            clock=lambda: NOW,
            sleep=lambda _: None,
        )

        def start(name):
            answers = {}
            for one in recorded(name):
                answers.setdefault(key_of(one["request"]["uri"]), one["response"])

            def answer(request):
                found = answers[key_of(request.url)]
                headers = {
                    k: ", ".join(v) for k, v in found["headers"].items() if k.lower() != "transfer-encoding"
                }
                return found["status"]["code"], headers, found["body"]["string"]

            mock.add_callback(responses.GET, re.compile(".*"), callback=answer)
            return session

        yield start
        session.close()


def listed(session, url, quarantine=None, **options):
    return list(
        captures_in(
            CaptureQuery(url=url, **options),
            archive="wayback",
            endpoint="https://web.archive.org/cdx/search/cdx",
            session=session,
            quarantine=quarantine or Quarantine(),
        )
    )


def fetched(session, at, url, **windows):
    when = datetime.strptime(f"{at}+0000", "%Y%m%d%H%M%S%z")
    replay = Replay(archive="wayback", base="https://web.archive.org/web", session=session, **windows)
    return replay.fetch(Capture(archive="wayback", url=url, urlkey="", at=when))


def printed_rows(name):
    """Every row as recorded, read by eye's rules: a line of seven fields or more."""
    rows = []
    for one in recorded(name):
        body = one["response"]["body"]["string"]
        body = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
        rows += [line.split(" ") for line in body.decode().splitlines() if line.count(" ") >= 6]
    return rows


def test_a_listing_over_fifteen_pages_is_whole_and_in_order(play):
    captures = listed(play("test_search_multipage"), "cnn.com")
    said = {(row[1], row[5], row[4]) for row in printed_rows("test_search_multipage")}
    got = {(c.timestamp, c.digest or "-", str(c.status or "-")) for c in captures}
    assert got == said
    assert [c.at for c in captures] == sorted(c.at for c in captures)
    assert {c.urlkey for c in captures} == {"com,cnn)/"}
    assert 302 in {c.status for c in captures}


def test_repeated_rows_are_folded_and_nothing_else_is_lost(play):
    quarantine = Quarantine()
    captures = listed(play("test_search_does_not_repeat_results"), "energystar.gov/", quarantine)
    rows = printed_rows("test_search_does_not_repeat_results")
    assert quarantine.count == 0
    assert {(c.timestamp, c.digest) for c in captures} == {(row[1], row[5]) for row in rows}
    assert len({(c.at, c.digest, c.status, c.is_revisit) for c in captures}) == len(captures)


def test_an_excluded_site_is_blocked_in_the_index_and_in_replay(play):
    with pytest.raises(BlockedError):
        listed(play("test_search_raises_for_blocked_urls"), "https://nationalpost.com/health")


def test_an_excluded_page_served_with_200_is_blocked(play):
    with pytest.raises(BlockedError):
        fetched(
            play("test_get_memento_raises_blocked_error"),
            "20170929002712",
            "https://nationalpost.com/health/",
        )


def test_a_page_never_archived_is_said_to_be(play):
    with pytest.raises(NoCaptureError):
        fetched(
            play("test_get_memento_raises_no_memento_error"),
            "20170929002712",
            "https://this-is-not-real-url.whatever/",
        )


def test_a_capture_comes_as_bytes_with_its_time(play):
    snapshot = fetched(play("test_get_memento"), "20171124151315", "https://www.fws.gov/birds/")
    assert (snapshot.status, snapshot.served_at) == (200, datetime(2017, 11, 24, 15, 13, 15, tzinfo=UTC))
    kept = (FOLDER / "test_files" / "fws-gov-birds.txt").read_bytes()
    assert snapshot.body.strip() == kept.strip()


def test_an_archived_429_is_a_page(play):
    name = "test_get_memento_works_on_archived_rate_limit_responses"
    snapshot = fetched(play(name), "20150129034904", "http://www.reddit.com/r/PokemonGiveaway")
    assert snapshot.status == 429
    assert snapshot.body


@pytest.mark.parametrize(
    ("name", "at", "url", "got"),
    [
        (
            "test_get_memento_should_fail_for_non_playbackable_mementos",
            "20150509080314",
            "birds/",
            "20150503090125",
        ),
        (
            "test_get_memento_raises_when_memento_is_outside_target_window",
            "20171101000000",
            "birds/",
            "20171124151315",
        ),
    ],
)
def test_another_capture_is_named_by_its_time(play, name, at, url, got):
    with pytest.raises(WrongCaptureError) as caught:
        fetched(play(name), at, f"https://www.fws.gov/{url}")
    assert caught.value.got.strftime("%Y%m%d%H%M%S") == got


def test_a_window_admits_a_capture_days_off(play):
    snapshot = fetched(
        play("test_get_memento_target_window"),
        "20171101000000",
        "https://www.fws.gov/birds/",
        window=timedelta(days=30),
    )
    assert snapshot.served_at == datetime(2017, 11, 24, 15, 13, 15, tzinfo=UTC)


def test_a_historical_redirect_is_followed_to_its_page(play):
    snapshot = fetched(
        play("test_get_memento_follows_historical_redirects"),
        "20200201020357",
        "http://epa.gov/climatechange",
        window=timedelta(hours=1),
    )
    assert snapshot.url == "https://www.epa.gov/sites/production/files/signpost/cc.html"
    assert (snapshot.status, len(snapshot.redirects)) == (200, 1)
    assert snapshot.body.startswith(b"<")


@pytest.mark.parametrize(
    ("name", "at", "url", "status"),
    [
        (
            "test_get_memento_with_redirects",
            "20180808094144",
            "https://www.epa.gov/ghgreporting/san5779-factsheet",
            200,
        ),
        (
            "test_get_memento_with_path_based_redirects",
            "20201027215555",
            "https://www.whitehouse.gov/administration/eop/ostp/about/student/faqs",
            404,
        ),
        (
            "test_get_memento_with_schemeless_redirects",
            "20201102232816",
            "https://www.census.gov/geography/gss-initiative.html",
            404,
        ),
    ],
)
def test_redirects_of_every_spelling_lead_to_the_archived_page(play, name, at, url, status):
    snapshot = fetched(play(name), at, url)
    assert (snapshot.status, snapshot.redirects) == (status, (url,))
    assert snapshot.url != url


def test_a_circle_of_redirects_is_found(play):
    url = "https://link.springer.com/article/10.1007/s00382-012-1331-2"
    with pytest.raises(UnexpectedReplyError, match="circle"):
        fetched(play("test_get_memento_raises_for_mementos_that_redirect_in_a_loop"), "20200925075402", url)


def test_the_address_served_is_the_one_the_archive_filed(play):
    name = "test_get_memento_returns_memento_with_accurate_url"
    snapshot = fetched(play(name), "20171124143728", "http://fws.gov/")
    assert snapshot.url == "https://www.fws.gov/"


@pytest.mark.parametrize(
    ("name", "kept", "set_aside"),
    [("bad_timestamp_cdx", 5, 0), ("zero_length_cdx", 5, 0), ("malformed_cdx", 3, 2)],
)
def test_recorded_bad_rows_are_repaired_or_set_aside(play, name, kept, set_aside):
    text = (FOLDER / "test_files" / f"{name}.txt").read_bytes()
    session = play("test_search")
    quarantine = Quarantine()
    with responses.RequestsMock() as mock:
        mock.get("https://web.archive.org/cdx/search/cdx", body=text)
        captures = listed(session, "http://any.example/", quarantine, prefix=True)
    assert len(captures) >= kept
    assert quarantine.count >= set_aside
    assert len(captures) + quarantine.count <= len(text.splitlines())


def test_every_recorded_search_can_be_read(play):
    archive = open_archive(
        ArchiveSource.of("wayback", dialect="wayback", url="https://web.archive.org"),
        session=play("test_search"),
    )
    captures = list(archive.captures("nasa.gov"))
    assert {c.urlkey for c in captures} == {"gov,nasa)/"}
    assert captures
