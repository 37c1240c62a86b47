"""Looks at what is due, counted in the archive's own log: folders asked about once, gaps closed by saving."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.archive import Saver
from crawler.archive.urlkey import urlkey_of
from crawler.cli import main
from crawler.cli.working import DEMO_PAGE
from crawler.config import Settings
from crawler.errors import VariorumError
from crawler.model import SaveStatus, SaveWish
from crawler.store import open_store
from crawler.tracker import Tracker
from crawler.tracking import visit
from crawler.tracking.archives import configured_archives
from crawler.tracking.save_requests import save_asked_before
from crawler.tracking.scheduler import LONGEST, SHORTEST, run_once
from crawler.tracking.visit import Visitor

FOLDER = "https://gazette.example/world/2026"
JOB = "spn2-0a1b"
WARC = Path(__file__).parents[2] / "seeds" / "demo" / "meridian-courier.warc.gz"


class Wayback:
    """A small Wayback Machine: an index of rows, pages made from their address, and a save that may be refused."""

    def __init__(self, bench) -> None:
        self.bench = bench
        self.rows: list[tuple[str, str]] = []
        self.refusal: dict[str, str] | None = None
        self.strangers = 0
        bench.server.play = self.play

    def add(self, url: str, at: datetime) -> None:
        self.rows.append((url, at.strftime("%Y%m%d%H%M%S")))

    def play(self, asked) -> list[bytes]:
        parts = urlsplit(asked.path)
        if parts.path == "/cdx/search/cdx":
            return [self.bench.answer(200, self.listing(parse_qs(parts.query)))]
        if parts.path == "/save" and asked.method == "POST":
            return [self.said(self.refusal or {"job_id": JOB})]
        if parts.path == "/save/status/user":
            return [self.said({"available": 5, "daily_captures": 1, "daily_captures_limit": 100})]
        if parts.path.startswith("/save/status/"):
            now = self.bench.clock()
            self.add(f"{FOLDER}/page-0", now)
            return [self.said({"status": "success", "timestamp": now.strftime("%Y%m%d%H%M%S")})]
        stamp, _, url = parts.path.removeprefix("/web/").partition("id_/")
        return [self.bench.memento(page(url), at=stamp)]

    def said(self, answer: dict[str, object]) -> bytes:
        return self.bench.answer(200, json.dumps(answer).encode())

    def listing(self, query: dict[str, list[str]]) -> bytes:
        key, first = urlkey_of(query["url"][0]), query.get("from", ["0"])[0]
        prefix = query.get("matchType") == ["prefix"]
        rows = [
            f"{urlkey_of(url)} {at} {url} text/html 200 {'A' * 24}{index:08} 99"
            for index, (url, at) in enumerate(self.rows)
            if at >= first and (urlkey_of(url) == key or (prefix and urlkey_of(url).startswith(key)))
        ]
        if prefix:
            rows += [
                f"{key}/x{n} 20261123115900 {FOLDER}/x{n} text/html 200 B 9" for n in range(self.strangers)
            ]
        return "".join(f"{row}\n" for row in sorted(rows)).encode()

    def asked(self, place: str, method: str = "GET") -> list[str]:
        log = self.bench.server.log
        return [each.path for each in log if each.method == method and each.path.startswith(place)]


def page(url: str) -> bytes:
    text = "".join(
        f"<p>Paragraph {number} of {url} says that the river rose again in the night.</p>"
        for number in range(6)
    )
    return (
        f"<html><head><title>River</title></head><body><h1>The river rose</h1>{text}</body></html>".encode()
    )


@pytest.fixture
def wayback(bench) -> Wayback:
    return Wayback(bench)


@pytest.fixture
def tracker(bench, wayback, tmp_path) -> Iterator[object]:
    settings = Settings.model_validate(
        {
            "store": str(tmp_path / "variorum.db"),
            "archive": {"url": bench.server.url},
            "save": {"access_key": "KEY", "secret_key": "SECRET"},
            "siblings": False,  # what is counted here is what the targets themselves cost
        }
    )
    with Tracker.open(settings, clock=bench.clock, sleep=bench.clock.sleep) as opened:
        yield opened


def silent(tracker, bench) -> Visitor:
    """A visitor that publishes nothing."""
    saver = Saver(configured_archives(tracker.settings)[0], session=tracker.session, keys=("KEY", "SECRET"))
    return Visitor(tracker.pipeline, saver, clock=bench.clock, publish=lambda _: None)


def look_at_what_is_due(tracker, bench, visitor: Visitor | None = None) -> list[VariorumError | None]:
    ended: list[VariorumError | None] = []
    visitor = visitor or silent(tracker, bench)
    run_once(
        tracker.store,
        visitor.visit,
        now=bench.clock,
        limit=50,
        stop=lambda: False,
        worker="run test 1",
        on_visit=lambda _target, error, _due: ended.append(error),
        taking=visitor.take,
    )
    return ended


def track(tracker, bench, wayback, count: int, save: SaveWish = SaveWish.NONE) -> list[str]:
    urls = [f"{FOLDER}/page-{number}" for number in range(count)]
    for url in urls:
        tracker.store.targets.track(url, save=save, now=bench.clock())
        wayback.add(url, bench.clock() - timedelta(hours=5))
    return urls


# --------------------------------------------------------------------------- folders


def test_twenty_targets_of_one_folder_are_asked_about_in_one_question(tracker, bench, wayback):
    urls = track(tracker, bench, wayback, 20)
    assert look_at_what_is_due(tracker, bench) == [None] * 20
    first = len(wayback.asked("/cdx"))
    bench.clock.now += timedelta(hours=2)
    for url in urls[:7]:
        wayback.add(url, bench.clock() - timedelta(hours=1))
    assert look_at_what_is_due(tracker, bench) == [None] * 20

    assert first == 20
    assert len(wayback.asked("/cdx")) == first + 1
    known = [len(list(tracker.store.captures.of(tracker.store.targets.find(url)))) for url in urls]
    assert known == [2] * 7 + [1] * 13


def test_a_folder_that_holds_too_much_is_left_and_its_targets_are_asked_about_alone(
    tracker, bench, wayback, monkeypatch
):
    monkeypatch.setattr(visit, "MOST_ROWS", 500)
    track(tracker, bench, wayback, 4)
    look_at_what_is_due(tracker, bench)
    wayback.strangers = 500
    visitor = silent(tracker, bench)
    counts = []
    for _ in range(2):
        bench.clock.now += timedelta(hours=2)
        before = len(wayback.asked("/cdx"))
        assert look_at_what_is_due(tracker, bench, visitor) == [None] * 4
        counts.append(len(wayback.asked("/cdx")) - before)

    assert counts == [5, 4]


def test_a_folder_that_the_archive_fails_to_tell_of_is_no_silence(tracker, bench, wayback):
    urls = track(tracker, bench, wayback, 4)
    look_at_what_is_due(tracker, bench)
    bench.clock.now += timedelta(hours=2)
    wayback.add(urls[3], bench.clock() - timedelta(hours=1))
    honest = wayback.play
    bench.server.play = lambda asked: (
        [bench.answer(200, b"<html>maintenance</html>")] if "matchType" in asked.path else honest(asked)
    )

    assert look_at_what_is_due(tracker, bench) == [None] * 4
    assert len(list(tracker.store.captures.of(tracker.store.targets.find(urls[3])))) == 2


# --------------------------------------------------------------------------- looks that find nothing


@pytest.fixture
def published(tracker, monkeypatch) -> list[str]:
    """The addresses whose histories are put together, in order."""
    composed: list[str] = []
    pipeline, compose = tracker.pipeline, tracker.pipeline.compose

    def counted(*args, **named):
        composed.append(named["url"])
        return compose(*args, **named)

    monkeypatch.setattr(pipeline, "compose", counted)
    return composed


def test_a_look_that_finds_nothing_computes_nothing(tracker, bench, wayback, published):
    url, other = track(tracker, bench, wayback, 2)
    visitor = tracker.visitor
    computed = []
    for news in (None, None, other, None):
        if news:
            wayback.add(news, bench.clock() - timedelta(minutes=5))
        assert look_at_what_is_due(tracker, bench, visitor) == [None] * 2
        computed.append(sorted(published))
        published.clear()
        bench.clock.now += timedelta(hours=2)

    assert computed == [[url, other], [], [other], []]
    assert len(list(tracker.store.captures.of(tracker.store.targets.find(other)))) == 2


def test_a_look_publishes_again_what_others_changed(tracker, bench, wayback, published):
    (url,) = track(tracker, bench, wayback, 1)
    target = tracker.store.targets.find(url)
    visitor = tracker.visitor
    visitor.visit(target)
    (report,) = tracker.settings.reports.rglob("*page-0*.md")
    whole = report.read_bytes()

    def computed() -> bool:
        published.clear()
        visitor.visit(target)
        return published == [url]

    assert not computed()
    report.unlink()
    assert computed()
    assert report.read_bytes() == whole
    assert not computed()
    report.write_bytes(b"cut off")
    assert computed()
    assert report.read_bytes() == whole
    tracker.store.targets.add_alias(target, "https://mirror.example/page")
    assert computed()
    assert not computed()


def test_a_capture_that_could_not_be_had_is_asked_for_at_the_next_look(tracker, bench, wayback, published):
    (url,) = track(tracker, bench, wayback, 1)
    target = tracker.store.targets.find(url)
    honest = wayback.play
    bench.server.play = lambda asked: (
        [bench.answer(503, b"busy")] if asked.path.startswith("/web/") else honest(asked)
    )
    visitor = tracker.visitor
    with pytest.raises(VariorumError):
        visitor.visit(target)
    bench.server.play = honest
    bench.clock.now += timedelta(hours=2)
    visitor.visit(target)
    assert [row.outcome.value for row in tracker.store.captures.of(target)] == ["fetched"]


# --------------------------------------------------------------------------- saving


def test_a_page_that_the_archive_was_silent_about_is_saved_then_read(tracker, bench, wayback):
    (url,) = track(tracker, bench, wayback, 1, SaveWish.ON_GAP)
    assert look_at_what_is_due(tracker, bench) == [None]

    target = tracker.store.targets.find(url)
    assert len(wayback.asked("/save", "POST")) == 1
    assert target.save_status is SaveStatus.SAVED
    assert target.save_refusals == 0
    seen = list(tracker.store.captures.of(target))
    assert len(seen) == 2
    assert all(each.fingerprint for each in seen)


def test_a_page_never_captured_is_saved_at_the_first_look(tracker, bench, wayback):
    tracker.store.targets.track(f"{FOLDER}/page-0", save=SaveWish.ON_GAP, now=bench.clock())

    assert look_at_what_is_due(tracker, bench) == [None]
    assert len(list(tracker.store.captures.of(tracker.store.targets.find(f"{FOLDER}/page-0")))) == 1


def test_a_page_that_others_archive_often_enough_is_not_saved(tracker, bench, wayback):
    url = f"{FOLDER}/page-0"
    tracker.store.targets.track(url, save=SaveWish.ON_GAP, now=bench.clock())
    wayback.add(url, bench.clock() - timedelta(minutes=10))

    assert look_at_what_is_due(tracker, bench) == [None]
    assert wayback.asked("/save", "POST") == []


def test_a_refusal_is_remembered_and_fails_no_look_and_is_not_asked_for_again_that_day(
    tracker, bench, wayback
):
    (url,) = track(tracker, bench, wayback, 1, SaveWish.ON_GAP)
    wayback.refusal = {"status": "error", "message": "This page is excluded"}
    for _ in range(30):
        assert look_at_what_is_due(tracker, bench) in ([None], [])
        bench.clock.now += timedelta(hours=2)

    target = tracker.store.targets.find(url)
    assert (target.save_status, target.save_refusals) == (SaveStatus.REFUSED, 2)
    assert target.save_said == "This page is excluded"
    assert len(wayback.asked("/save", "POST")) == 2


def test_a_429_to_a_save_pauses_saves_and_nothing_else(tracker, bench, wayback):
    urls = track(tracker, bench, wayback, 3, SaveWish.ON_GAP)
    honest = wayback.play
    bench.server.play = lambda asked: (
        [bench.answer(429, b"", {"Retry-After": "600"})] if asked.method == "POST" else honest(asked)
    )

    assert look_at_what_is_due(tracker, bench) == [None] * 3
    assert len(wayback.asked("/save", "POST")) == 1
    assert all("pause" in tracker.store.targets.find(url).save_said for url in urls[1:])


def test_an_answer_that_never_came_is_not_asked_for_again_by_the_next_process(tracker, bench, wayback):
    (url,) = track(tracker, bench, wayback, 1, SaveWish.ON_GAP)
    honest = wayback.play
    bench.server.play = lambda asked: [None] if asked.method == "POST" else honest(asked)
    for _ in range(6):
        look_at_what_is_due(tracker, bench)
        bench.clock.now += timedelta(hours=3)

    assert len(wayback.asked("/save", "POST")) == 1
    assert tracker.store.targets.find(url).save_status is SaveStatus.UNKNOWN


def test_a_job_that_could_not_be_asked_after_is_asked_after_by_the_next_look(tracker, bench, wayback):
    (url,) = track(tracker, bench, wayback, 1, SaveWish.ON_GAP)
    honest, status = wayback.play, f"/save/status/{JOB}"
    bench.server.play = lambda asked: [bench.answer(404)] if asked.path == status else honest(asked)
    look_at_what_is_due(tracker, bench)
    target = tracker.store.targets.find(url)
    assert (target.save_status, target.save_job) == (SaveStatus.UNKNOWN, JOB)

    bench.server.play = honest
    bench.clock.now += timedelta(hours=3)
    look_at_what_is_due(tracker, bench)
    target = tracker.store.targets.find(url)
    assert (target.save_status, target.save_job, target.save_refusals) == (SaveStatus.SAVED, None, 0)
    assert len(wayback.asked("/save", "POST")) == 1
    newest = list(tracker.store.captures.of(target))[-1]
    assert newest.sha256 is not None


def test_a_job_that_nobody_knows_a_day_later_is_asked_after_no_more(tracker, bench, wayback):
    (url,) = track(tracker, bench, wayback, 1, SaveWish.ON_GAP)
    honest, status = wayback.play, f"/save/status/{JOB}"
    bench.server.play = lambda asked: [bench.answer(404)] if asked.path == status else honest(asked)
    look_at_what_is_due(tracker, bench)
    target = tracker.store.targets.find(url)
    bench.clock.now += timedelta(hours=25)
    before = len(wayback.asked(status))
    visitor = silent(tracker, bench)
    assert save_asked_before(tracker.store, visitor._saver, target, now=bench.clock()) is None
    assert len(wayback.asked(status)) == before


def test_a_process_that_died_while_it_asked_is_remembered_as_one_that_asked(tracker, bench, wayback):
    (url,) = track(tracker, bench, wayback, 1, SaveWish.ON_GAP)
    honest = wayback.play

    def play(asked):
        if asked.method == "POST":
            said.append(tracker.store.targets.find(url).save_status)
        return honest(asked)

    said: list[SaveStatus | None] = []
    bench.server.play = play
    look_at_what_is_due(tracker, bench)

    assert said == [SaveStatus.ASKED]


# --------------------------------------------------------------------------- the budget


@pytest.fixture
def user(tmp_path, monkeypatch, capsys):
    """Return what a user sees in `status` after a run, and how long the page then waits for its next look."""

    def after_a_run(dialect: str, url: str, **limits: str) -> tuple[str, timedelta]:
        monkeypatch.chdir(tmp_path)
        settings = {
            "store": "variorum.db",
            "reports": "reports",
            "archive_url": url,
            "archive_dialect": dialect,
        }
        for name, value in (settings | limits).items():
            monkeypatch.setenv(f"VARIORUM_{name.upper()}", value)
        assert main(["track", DEMO_PAGE]) == 0
        assert main(["run"]) == 0
        capsys.readouterr()
        assert main(["status", DEMO_PAGE]) == 0
        with open_store("variorum.db") as store:
            target = store.targets.find(DEMO_PAGE)
            return capsys.readouterr().out, target.next_due - store.captures.rhythm(target).last_look

    return after_a_run


def test_run_and_status_know_when_all_targets_ask_for_more_than_the_archive_allows(user, bench, wayback):
    wayback.add(DEMO_PAGE, datetime.now(UTC) - timedelta(hours=1))
    told, wait = user("wayback", bench.server.url, limits_cdx_per_minute="0.01")

    assert "all targets together ask" in told
    assert wait > SHORTEST * 6


def test_files_are_asked_as_often_as_wanted(user):
    told, wait = user("warc", str(WARC))

    assert "all targets together ask" not in told
    assert wait < LONGEST * 1.2


def test_files_cannot_be_asked_to_save(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VARIORUM_ARCHIVE_DIALECT", "warc")
    monkeypatch.setenv("VARIORUM_ARCHIVE_URL", str(WARC))
    assert main(["--store", "variorum.db", "track", DEMO_PAGE, "--save", "on-gap"]) == 1
    assert "not saved to" in capsys.readouterr().err
