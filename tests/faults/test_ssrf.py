"""Whatever a page, an archive's answer or a setting says, only the configured archive is spoken to."""

import json
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from crawler.address import page_address
from crawler.archive import Saver
from crawler.archive.sources import ArchiveSource, RemoteArchive, open_archive
from crawler.archive.urlkey import urlkey_of
from crawler.errors import ArchiveError, ConfigError, InputError
from crawler.model import Capture

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PAGE = "https://gazette.example/harbour-fire"
STAMP = NOW.strftime("%Y%m%d%H%M%S")
# Addresses by which people got at what they should not: loopback, private networks, cloud metadata, other
# schemes, and spellings on which two parsers disagree.
HOSTS = [
    "127.0.0.1", "127.1", "127.0.1", "0", "0.0.0.0", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001",
    "127.0.0.1.", "localhost", "localhost.", "LOCALHOST", "localhost.localdomain", "[::1]", "[::]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:1]", "[2002:7f00:1::]", "[64:ff9b::7f00:1]", "[fe80::1]", "[fd00::1]",
    "10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "169.254.169.254", "0xa9fea9fe", "2852039166", "0251.0376.0251.0376",
    "[::ffff:a9fe:a9fe]", "[fd00:ec2::254]", "metadata.google.internal", "198.18.0.1", "192.0.2.1", "224.0.0.1", "255.255.255.255",
    "127.0.0.1:22", "127.0.0.1:6379", "[::1]:5432", "①②⑦.0.0.1", "127。0。0。1", "user:secret@127.0.0.1", "gazette.example@127.0.0.1",
    "gazette.example:80@127.0.0.1", "127.0.0.1#@gazette.example", "127.0.0.1?@gazette.example", "gazette.example\\@127.0.0.1",
    "127.0.0.1\\.gazette.example", "gazette.example%2f@127.0.0.1", "gazette.example%00.evil.example", "127.0.0.1%20.example",
    "evil.example", "www.evil.example:8080",
]  # fmt: skip
SCHEMES = [
    "file:///etc/passwd", "file://localhost/etc/passwd", "FILE:/etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:6379/_INFO",
    "dict://127.0.0.1:11211/stat", "ldap://127.0.0.1/", "jar:http://127.0.0.1!/", "data:text/html,x", "javascript:alert(1)",
    "view-source:file:///etc/passwd", "source:file:///etc/passwd", "//127.0.0.1/", "///127.0.0.1/", "http:/127.0.0.1/",
    "http:127.0.0.1", "http:///127.0.0.1/", "\thttp://127.0.0.1/", "http://127.0.0.1\r\nHost: evil.example", "https://",
]  # fmt: skip
FORMS = [*(f"http://{host}/" for host in HOSTS), *SCHEMES]


class Spy:
    """Hears of every name looked up and every connection made in this process, but by what earlier tests left running."""

    def __init__(self) -> None:
        self.listening = False
        self.others: set[int] = set()
        self.heard: set[str] = set()

    def __call__(self, event: str, told: tuple[object, ...]) -> None:
        if not self.listening or threading.get_ident() in self.others:
            return
        if event == "socket.connect":
            self.heard.add(str(told[1]))
        elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
            self.heard.add(f"lookup of {told[0]}")

    def listen(self) -> None:
        me = threading.get_ident()
        self.others = {each.ident or me for each in threading.enumerate()} - {me}
        self.heard.clear()
        self.listening = True


SPY = Spy()
sys.addaudithook(SPY)


@pytest.fixture
def spy(bench) -> Iterator[Spy]:
    """The spy at work; at the end, nobody but the archive has been spoken to."""
    SPY.listen()
    yield SPY
    SPY.listening = False
    assert SPY.heard <= {str(("127.0.0.1", bench.server.port)), "lookup of 127.0.0.1"}


@pytest.fixture
def archive(bench) -> RemoteArchive:
    return RemoteArchive(
        ArchiveSource.of("a", dialect="wayback", url=bench.server.url), session=bench.session
    )


def test_the_table_is_long_enough_and_the_spy_hears(bench, spy):
    with pytest.raises(ArchiveError):
        RemoteArchive(
            ArchiveSource.of("a", dialect="wayback", url=bench.server.url), session=bench.session
        ).fetch(Capture(archive="a", url=PAGE, urlkey=urlkey_of(PAGE), at=NOW))

    assert len(set(FORMS)) >= 60
    assert str(("127.0.0.1", bench.server.port)) in spy.heard


@pytest.mark.usefixtures("spy")
def test_an_address_to_track_is_refused_or_asked_of_the_archive_alone(bench, archive):
    asked = 0
    for form in FORMS:
        try:
            address = page_address(form)
        except InputError:
            continue
        with pytest.raises(ArchiveError):
            list(archive.captures(address))
        asked += 1

    assert asked == len(bench.server.log)
    assert asked > 0


@pytest.mark.usefixtures("spy")
@pytest.mark.parametrize("memento", [True, False], ids=["as the page sent it", "as the archive sends it"])
def test_no_redirect_in_a_replay_leads_anywhere_else(bench, archive, memento):
    capture = Capture(archive="a", url=PAGE, urlkey=urlkey_of(PAGE), at=NOW)
    for form in FORMS:
        location = form.encode("utf-8", "ignore").decode("latin-1").replace("\r\n", " ")
        play = bench.memento if memento else bench.answer
        fields = {"at": STAMP, "status": 302, "Location": location}
        answer = play(b"", **fields) if memento else bench.answer(302, b"", {"Location": location})
        # A page that the archive is asked for next is one that it does not have.
        answers = iter([answer])
        bench.server.play = lambda _, answers=answers: [next(answers, bench.answer(404))]
        try:
            snapshot = archive.fetch(capture)
        except ArchiveError:
            continue
        assert snapshot.status == 302

    assert len(bench.server.log) >= len(FORMS)


@pytest.mark.usefixtures("spy")
def test_no_redirect_of_an_index_or_a_save_leads_anywhere_else(bench, archive):
    saver = Saver(
        ArchiveSource.of("a", dialect="wayback", url=bench.server.url), session=bench.session, keys=("K", "S")
    )
    anonymous = Saver(ArchiveSource.of("a", dialect="wayback", url=bench.server.url), session=bench.session)
    for form in FORMS:
        location = form.encode("utf-8", "ignore").decode("latin-1").replace("\r\n", " ")
        headers = {"Location": location, "Content-Location": location}
        body = json.dumps({"url": form, "job_id": form, "status": "success"}).encode()
        bench.server.play = lambda _, body=body, headers=headers: [bench.answer(302, body, headers)]
        with pytest.raises(ArchiveError):
            list(archive.captures(PAGE))
        saver.save(PAGE, now=NOW)
        anonymous.save(PAGE, now=NOW)

    assert {asked.headers["host"] for asked in bench.server.log} == {bench.server.host}


@pytest.mark.usefixtures("spy")
def test_an_archive_whose_address_two_parsers_read_differently_is_refused(bench):
    disputed = [form for form in FORMS if form in SCHEMES or any(sign in form for sign in "@\\%#?")]
    for form in disputed:
        with pytest.raises(ConfigError, match=r"archive\.url"):
            open_archive(ArchiveSource.of("a", dialect="wayback", url=form), session=bench.session)

    assert len(disputed) > 25
