"""The daemon as a process: it works, stops when asked, and stays alone."""

import json
import os
import resource
import signal
import sqlite3
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from sqlalchemy import event

from crawler.daemon import Daemon, Pace
from crawler.store import open_store

NOW = datetime.now(UTC) - timedelta(minutes=1)
# Of a process that has nothing to wait for: seconds; one that waits, waits for a lease of ten minutes.
AT_ONCE = 100
pytestmark = pytest.mark.timeout(300)
LAST = '"url": "https://gazette.example/2"'

PROGRAM = """
import json, os, sys, time
from datetime import UTC, datetime
from crawler.model import Capture, Snapshot
from diffs.model import Outcome
from crawler.daemon import Pace, run_daemon
from crawler.log import configure_log
from crawler.errors import StoreError
from crawler.store import open_store

def run(where, kind, seconds):
    def work(store, target, stop):
        print("begin", target.url, flush=True)
        if kind == "poison" and target.url.endswith("0"):
            os._exit(139)
        if kind == "raises" and target.url.endswith("0"):
            raise ZeroDivisionError("a\x1b[31m page")
        deadline = time.monotonic() + seconds
        def in_hand():
            if kind == "until asked":
                return not stop()
            if kind == "keeps when let":
                return not os.path.exists(where + ".go")
            return time.monotonic() < deadline
        while in_hand():
            time.sleep(0.01)
        if kind.startswith("keeps"):
            at = datetime.now(UTC)
            store.captures.observe(target, [Capture(archive="a", url=target.url, urlkey="k", at=at)])
            (seen, *_) = store.captures.of(target)
            shot = Snapshot(capture=seen.capture, served_at=at, url=target.url, status=200, content_type=None,
                            body=os.urandom(300_000))
            kept = store.captures.keep(seen, shot, outcome=Outcome.NOT_ARTICLE, reason="test", now=at)
            print("kept", kept.sha256, flush=True)

    configure_log()
    settings = Pace(tick_seconds=0.1, maintenance_seconds=0.2, scrub_seconds=0.2,
                    stop_seconds=1.0 if kind == "too long" else 60.0, store_retry_seconds=0.3)
    begun = time.monotonic()
    try:
        return run_daemon(lambda: open_store(where), work, settings)
    except StoreError as error:
        print(error, file=sys.stderr)
        print("refused after", time.monotonic() - begun, flush=True)
        return 1

for line in sys.stdin:
    order = json.loads(line)
    if "wait" in order:
        print(os.waitstatus_to_exitcode(os.waitpid(order["wait"], 0)[1]), flush=True)
        continue
    child = os.fork()
    if not child:
        for number, place in ((1, order["out"]), (2, order["log"])):
            os.dup2(os.open(place, os.O_WRONLY | os.O_CREAT), number)
        os._exit(run(*order["run"]))
    print(child, flush=True)
"""


@pytest.fixture
def start(mother, where, tmp_path):
    """Start a daemon on the store: its kind of work, and the seconds a page takes."""
    started = []

    def starting(kind: str = "plain", seconds: float = 0.0) -> "Running":
        number = len(started)
        started.append(
            Running(mother, tmp_path / f"out{number}", tmp_path / f"log{number}", where, kind, seconds)
        )
        return started[-1]

    yield starting
    for each in started:
        if each.code is None:
            each.kill()


@pytest.fixture
def where(tmp_path):
    path = str(tmp_path / "variorum.db")
    with open_store(path) as store:
        for number in range(3):
            store.targets.track(f"https://gazette.example/{number}", now=NOW)
    return path


class Running:
    """A daemon in a process of its own, and what it says."""

    def __init__(self, mother, out: Path, log: Path, *run: object) -> None:
        self.mother, self.out, self.log = mother, out, log
        self.code: int | None = None
        self.pid = self._ask(run=run, out=str(out), log=str(log))

    def _ask(self, **order: object) -> int:
        self.mother.stdin.write(json.dumps(order) + "\n")
        self.mother.stdin.flush()
        return int(self.mother.stdout.readline())

    def said(self, text: str) -> None:
        """Wait until it printed or logged the text."""
        deadline = time.monotonic() + AT_ONCE
        while not any(place.exists() and text in place.read_text() for place in (self.out, self.log)):
            assert time.monotonic() < deadline, f"never said {text!r}: {self.log.read_text()}"
            time.sleep(0.01)

    def ended(self) -> int:
        """Wait until it ended; gives its exit code, negative for a signal."""
        self.code = self._ask(wait=self.pid)
        return self.code

    def kill(self) -> None:
        """End it as the kernel would."""
        os.kill(self.pid, signal.SIGKILL)
        self.ended()

    def left(self) -> tuple[int, list[dict], float]:
        """Ask it to leave; gives its exit code, its log, and the seconds it took."""
        begun = time.monotonic()
        os.kill(self.pid, signal.SIGTERM)
        code = self.ended()
        return (
            code,
            [json.loads(line) for line in self.log.read_text().splitlines()],
            time.monotonic() - begun,
        )


def test_it_looks_at_everything_due_then_leaves_at_once_with_zero(start, where):
    daemon = start()
    daemon.said(LAST)
    code, log, seconds = daemon.left()

    assert (code, log[-1]["finished"]) == (0, True)
    assert seconds < AT_ONCE
    events = [line["event"] for line in log]
    assert events[0] == "started"
    assert events[-1] == "stopped"
    assert events.count("looked") == 3
    assert {line["level"] for line in log} == {"info"}
    with open_store(where) as store:
        status = store.status(now=datetime.now(UTC))
        assert (status.due, status.leased) == (0, 0)
        assert status.heartbeat.state == "stopped"


def test_it_finishes_the_page_in_hand_and_takes_no_other(start, where):
    daemon = start("until asked")
    daemon.said("begin https://gazette.example/0")
    code, log, _ = daemon.left()

    assert (code, log[-1]["finished"]) == (0, True)
    with open_store(where) as store:
        assert store.status(now=datetime.now(UTC)).due == 3
        assert store.status().leased == 0


def test_a_page_that_takes_too_long_is_left_and_nothing_stays_taken(start, where):
    daemon = start("too long", seconds=200)
    daemon.said("begin https://gazette.example/0")
    code, log, seconds = daemon.left()

    assert (code, log[-1]["finished"]) == (0, False)
    assert seconds < AT_ONCE
    with open_store(where) as store:
        assert store.status().leased == 0


def test_a_second_daemon_says_so_and_leaves_at_once(start):
    first = start()
    first.said(LAST)
    second = start()
    refused = second.ended()
    code, _, _ = first.left()

    assert refused == 1
    said = second.log.read_text()
    assert "a daemon runs on this store" in said
    assert str(first.pid) in said
    assert float(second.out.read_text().removeprefix("refused after")) < AT_ONCE
    assert code == 0


def test_a_page_whose_work_raises_is_pushed_back_and_logged_in_one_clean_line(start):
    daemon = start("raises")
    daemon.said(LAST)
    code, log, _ = daemon.left()

    assert code == 0
    (failed,) = [line for line in log if line["event"] == "failed"]
    assert failed["url"] == "https://gazette.example/0"
    assert "." not in failed["next_due"], "seconds are enough for people and machines"
    assert "job failed" in {line["event"] for line in log}
    assert not any("\x1b" in json.dumps(line) for line in log)


def test_a_page_that_kills_the_daemon_does_not_keep_it_from_the_others(start, where):
    for _ in range(2):
        killed = start("poison")
        assert killed.ended() == 139
    daemon = start("poison")
    daemon.said(LAST)
    code, _, _ = daemon.left()

    assert code == 0
    with open_store(where) as store:
        assert store.targets.find("https://gazette.example/0").next_due <= NOW
        assert store.targets.find("https://gazette.example/1").next_due > NOW


def test_what_a_killed_daemon_held_is_looked_at_by_the_next_at_once(start):
    killed = start(seconds=200)
    killed.said("begin https://gazette.example/0")
    killed.kill()
    begun = time.monotonic()
    daemon = start()
    daemon.said('"url": "https://gazette.example/0"')
    seconds = time.monotonic() - begun
    code, log, _ = daemon.left()

    assert code == 0
    assert log[0]["freed"] == 3
    assert seconds < AT_ONCE


def test_a_daemon_on_a_full_disk_pauses_says_so_and_goes_on_when_there_is_room(start, where):
    """The limit is the kernel's: a write beyond it fails as on a full disk."""
    daemon = start("keeps when let")
    daemon.said("begin https://gazette.example/0")
    # A log folded away a moment ago is empty: no frame of it fits into a page's bytes, but what the daemon says does.
    full = max(Path(f"{where}-wal").stat().st_size, 4096)
    resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (full, resource.RLIM_INFINITY))
    Path(f"{where}.go").touch()
    daemon.said('"paused"')
    with open_store(where) as store:
        # It tries again and again, and shows that it runs while it does.
        deadline = time.monotonic() + 60
        while store.status().heartbeat.state != "paused":
            assert time.monotonic() < deadline
            time.sleep(0.01)
    resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    daemon.said(LAST)
    code, _, _ = daemon.left()

    assert code == 0
    kept = [line.split()[1] for line in daemon.out.read_text().splitlines() if line.startswith("kept")]
    assert len(kept) >= 3
    with open_store(where) as store:
        assert all(store.bodies.read(sha256) for sha256 in kept)
        assert list(store.verify()) == []
        assert list(store.scrub()) == []
        assert store.status().heartbeat.state == "stopped"


@pytest.mark.soak
def test_a_database_locked_for_ten_seconds_costs_time_and_nothing_else(start, where):
    daemon = start("keeps", seconds=0.2)
    daemon.said("begin https://gazette.example/0")
    with closing(sqlite3.connect(where, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        time.sleep(10)
        looked = daemon.log.read_text().count('"looked"')
        other.execute("COMMIT")
    daemon.said(LAST)
    code, log, _ = daemon.left()

    assert code == 0
    assert looked <= 1
    assert {line["event"] for line in log} == {"started", "looked", "stopping", "stopped"}
    with open_store(where) as store:
        assert len(list(store.bodies.names())) == 3
        assert list(store.verify()) == []


@pytest.mark.soak
def test_two_daemons_for_a_minute_look_at_nothing_twice(start, where):
    """The first has work for longer than the minute: whatever the second did would be done twice."""
    urls = [f"https://gazette.example/{number}" for number in range(400)]
    with open_store(where) as store, store.together():
        for url in urls:
            store.targets.track(url, now=NOW)
    first = start(seconds=0.2)
    first.said("started")
    until = time.monotonic() + 60
    others = []
    while time.monotonic() < until:
        others.append(start())
        others[-1].ended()
        time.sleep(0.5)
    code, log, _ = first.left()

    assert code == 0
    assert len(others) > 30
    assert {other.code for other in others} == {1}
    assert max(float(other.out.read_text().removeprefix("refused after")) for other in others) < 2
    looked = [line["url"] for line in log if line["event"] == "looked"]
    assert 100 < len(looked) == len(set(looked)) < len(urls)
    with open_store(where) as store:
        assert sum(store.targets.find(url).next_due > NOW for url in urls) == len(looked)


# --------------------------------------------------------------------------- inside


@pytest.fixture
def daemon(where):
    with open_store(where) as store:
        made = Daemon(store, lambda *_: None, Pace(), lambda: datetime.now(UTC), "daemon test 1")
        yield made


def test_jobs_that_a_clock_set_back_left_far_ahead_are_pulled_forward(daemon):
    from apscheduler.schedulers.background import BackgroundScheduler

    jobs = BackgroundScheduler(timezone=UTC)
    daemon.scheduler = jobs
    daemon._schedule()
    jobs.start(paused=True)
    clock = datetime.now(UTC) - timedelta(days=1)
    pulled = daemon.pull_forward(clock)
    due = {job.id: job.next_run_time for job in jobs.get_jobs()}
    again = daemon.pull_forward(clock)
    jobs.shutdown(wait=False)

    assert set(pulled) == {"tick", "maintenance", "scrub"}
    assert set(due.values()) == {clock}
    assert again == []


def test_a_full_disk_pauses_every_job_and_the_next_try_comes_later(daemon):
    from crawler.errors import StoreError

    calls = []

    def full(_store, _stop) -> None:
        calls.append(1)
        raise StoreError("the disk is full")

    daemon._do(full)
    daemon._do(full)
    assert len(calls) == 1

    daemon.paused_until = 0.0
    daemon._do(full)
    assert len(calls) == 2


def test_a_full_disk_shows_in_the_status_until_there_is_room_again(daemon):
    limit = [60]
    event.listen(
        daemon.store.database.engine,
        "begin",
        lambda connection: connection.exec_driver_sql(f"PRAGMA max_page_count = {limit[0]}"),
    )

    def fill(store, _stop) -> None:
        for number in range(5000):
            store.targets.track(f"https://gazette.example/{number}/{'x' * 900}", now=NOW)

    with daemon.store.sole_daemon(daemon.worker):
        daemon._do(fill)
        paused = daemon.store.status().heartbeat
        limit[0] = 4_294_967_294
        daemon.paused_until = 0.0
        daemon._do(lambda *_: daemon._live())

    assert paused.state == "paused"
    assert "the disk is full" in paused.reason
    assert (paused.worker, paused.started) == (daemon.worker, daemon.started)
    assert daemon.store.status().heartbeat.state == "running"


def test_a_damaged_body_is_reported_by_the_scrub(daemon, capsys):
    from crawler.log import configure_log

    configure_log(sys.stdout)
    daemon.log = structlog.get_logger()
    with daemon.store.database.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO body (sha256, codec, depth, size, z) VALUES ('ab', 'zstd', 0, 3, x'00')"
        )
    daemon.scrub()
    structlog.reset_defaults()

    line = json.loads(capsys.readouterr().out)
    assert (line["event"], line["name"], line["level"]) == ("damaged", "ab", "error")
