"""The live door: only allowed hosts, never into private networks, robots.txt heeded, once a minute a host."""

import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from crawler.archive.session import PoliteSession
from crawler.discovery.follow import Follower
from crawler.discovery.live import LiveDoor, is_public
from crawler.errors import BlockedError, InputError, UnexpectedReplyError, VariorumError
from crawler.model import RequestKind
from crawler.store import open_store
from crawler.store.sources import SourceRules

FEED = b'<rss version="2.0"><channel><item><title>Ferry sinks, 12 dead</title><link>https://www.ledger.example/ferry</link></item></channel></rss>'


class Host:
    """A web host on loopback, scripted by path."""

    def __init__(self):
        self.pages, self.asked = {"/robots.txt": (404, {}, b"")}, []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append((self.path, dict(self.headers)))
                status, headers, body = outer.pages.get(self.path, (404, {}, b""))
                if headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
                    status, body = 304, b""
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                try:
                    self.wfile.write(body)
                except OSError:
                    self.close_connection = True

            def log_message(self, *words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.name = f"127.0.0.1:{self.server.server_port}"
        self.url = f"http://{self.name}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Time:
    def __init__(self):
        self.at = datetime(2026, 3, 2, 8, tzinfo=UTC)
        self.slept = 0.0

    def now(self):
        return self.at

    def sleep(self, seconds):
        self.slept += seconds
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def host():
    made = Host()
    yield made
    made.close()


@pytest.fixture
def store(tmp_path):
    with open_store(str(tmp_path / "v.db")) as opened:
        yield opened


@pytest.fixture
def door_to(store):
    doors = []

    def make(*hosts, time=None, **more):
        time = time or Time()
        doors.append(
            LiveDoor(
                hosts,
                pacing=store.pacing,
                user_agent="variorum/test",
                clock=time.now,
                sleep=time.sleep,
                **more,
            )
        )
        return doors[-1]

    yield make
    for door in doors:
        door.close()


def test_a_feed_is_asked_for_again_only_where_it_changed_and_once_a_minute(host, store, door_to):
    time = Time()
    host.pages["/feed"] = (200, {"ETag": '"1"', "Content-Type": "application/rss+xml"}, FEED)
    follower = Follower(store, [], live=door_to(host.name, time=time), clock=time.now)
    store.sources.follow(f"{host.url}/feed", SourceRules(casualty=True), now=time.at)
    (first,) = follower.readings()
    assert first.tracked == ("https://www.ledger.example/ferry",)
    assert time.slept == pytest.approx(60, abs=2)
    time.at += timedelta(hours=1)
    (second,) = follower.readings()
    assert (second.tracked, second.error) == ((), None)
    assert [path for path, _ in host.asked] == ["/robots.txt", "/feed", "/feed"]
    assert host.asked[-1][1]["If-None-Match"] == '"1"'


@pytest.mark.parametrize(
    "rules",
    [
        b"User-agent: variorum\nDisallow: /feed\n",
        b"\xef\xbb\xbfUser-agent: *\nDisallow: /*eed$\n",
        b"User-agent: *\nAllow: /\nDisallow: /feed\n",
    ],
)
def test_robots_txt_is_heeded(host, door_to, rules):
    host.pages["/robots.txt"] = (200, {}, rules)
    with pytest.raises(BlockedError, match=r"robots\.txt"):
        door_to(host.name).fetch(f"{host.url}/feed")
    assert [path for path, _ in host.asked] == ["/robots.txt"]


def test_a_host_whose_robots_txt_fails_is_not_asked(host, door_to):
    host.pages["/robots.txt"] = (500, {}, b"")
    with pytest.raises(VariorumError):
        door_to(host.name).fetch(f"{host.url}/feed")
    assert {path for path, _ in host.asked} == {"/robots.txt"}


def test_a_host_that_is_not_allowed_is_not_asked(host, door_to):
    with pytest.raises(InputError, match=r"discovery\.live"):
        door_to("www.ledger.example").fetch(f"{host.url}/feed")
    assert host.asked == []


@pytest.mark.parametrize(
    "place",
    [
        "http://127.0.0.2/feed",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://user:word@127.0.0.1/",
        "http://ledger.example\\@127.0.0.1/",
    ],
)
def test_a_redirect_leads_nowhere_else(host, door_to, place):
    host.pages["/feed"] = (302, {"Location": place}, b"")
    with pytest.raises(InputError):
        door_to(host.name).fetch(f"{host.url}/feed")
    assert [path for path, _ in host.asked] == ["/robots.txt", "/feed"]


def test_a_circle_of_redirects_ends(host, door_to):
    host.pages["/feed"] = (302, {"Location": "/feed"}, b"")
    with pytest.raises(UnexpectedReplyError, match="more than 3 times"):
        door_to(host.name).fetch(f"{host.url}/feed")


def test_a_redirect_within_the_host_is_followed(host, door_to):
    host.pages |= {"/feed": (301, {"Location": "/feed.xml"}, b""), "/feed.xml": (200, {}, FEED)}
    served = door_to(host.name).fetch(f"{host.url}/feed")
    assert (served.url, served.body) == (f"{host.url}/feed.xml", FEED)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.8", "169.254.169.254", "100.64.0.1", "::1", "::ffff:10.0.0.1"]
)
def test_a_name_that_leads_into_a_private_network_is_refused_before_it_is_asked(door_to, address):
    door = door_to("www.ledger.example", resolve=lambda _: ["93.184.216.34", address])
    with pytest.raises(InputError, match="not public"):
        door.fetch("http://www.ledger.example/feed")


def test_a_name_that_leads_elsewhere_once_it_was_checked_is_sent_nothing(host, store):
    time = Time()
    session = PoliteSession(
        pacing=store.pacing, user_agent="variorum/test", clock=time.now, sleep=time.sleep, permits=is_public
    )
    with session, pytest.raises(InputError, match="nothing was asked"):
        session.get(f"{host.url}/feed", kind=RequestKind.PLAYBACK)
    assert host.asked == []


def test_50_megabytes_are_not_read(host, door_to):
    host.pages["/feed"] = (200, {}, b" " * 50_000_000)
    with pytest.raises(VariorumError, match="larger than 10 MB"):
        door_to(host.name).fetch(f"{host.url}/feed")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::a00:1", False),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),
        ("nonsense", False),
    ],
)
def test_what_is_public(address, public):
    assert is_public(address) is public
