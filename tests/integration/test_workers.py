"""Several workers on one PostgreSQL, killed at random: no page taken twice, none lost, one budget, one maintenance."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest

from crawler.archive.urlkey import urlkey_of
from crawler.cli import main
from crawler.daemon import Pace
from crawler.errors import ConfigError, StoreError
from crawler.model import Worker, WorkerKind
from crawler.store import DaemonState, open_store
from crawler.store.repository import SILENCE
from crawler.store.sessions import Presence, beat_name, clock_lead
from crawler.worker import run_worker, this_worker

SUPPORT = Path(__file__).parents[1] / "support"
VARIORUM = str(Path(sys.executable).parent / "variorum")
AT = "20260301090000"
MEMENTO = "Sun, 01 Mar 2026 09:00:00 GMT"


@pytest.fixture
def where(server) -> str:
    url = server.url(server.new_database())
    open_store(url).close()
    return url


class Wayback:
    """An archive on loopback that holds one capture of every page, and its log: when, who, what."""

    def __init__(self) -> None:
        self.log: list[tuple[float, str, str]] = []
        archive = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                index = parts.path == "/cdx/search/cdx"
                url = parse_qs(parts.query)["url"][0] if index else parts.path.partition("id_/")[2]
                if index:
                    archive.log.append((time.monotonic(), self.headers["User-Agent"], url))
                body = archive.listing(url) if index else archive.page(url)
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Type", "text/plain" if index else "text/html")
                if not index:
                    self.send_header("Memento-Datetime", MEMENTO)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    @staticmethod
    def listing(url: str) -> bytes:
        return f"{urlkey_of(url)} {AT} {url} text/html 200 {'A' * 32} 99\n".encode()

    @staticmethod
    def page(url: str) -> bytes:
        text = "".join(f"<p>Paragraph {n} of {url} says that the river rose again.</p>" for n in range(6))
        return f"<html><body><h1>The river rose</h1>{text}</body></html>".encode()


@pytest.fixture
def archive() -> Iterator[Wayback]:
    made = Wayback()
    yield made
    made.http.shutdown()
    made.http.server_close()


class Crew:
    """Workers in processes of their own, and when each of them was killed."""

    def __init__(self, where: str, archive: Wayback, folder: Path, *, per_minute: int) -> None:
        self.folder, self.diary = folder, folder / "diary"
        self.diary.touch()
        self.environment = os.environ | {
            "PYTHONPATH": str(SUPPORT),
            "VARIORUM_STORE": where,
            "VARIORUM_REPORTS": str(folder / "reports"),
            "VARIORUM_ARCHIVE_URL": archive.url,
            "VARIORUM_SIBLINGS": "false",
            "VARIORUM_DAEMON_TICK_SECONDS": "0.2",
            "VARIORUM_LIMITS_CDX_PER_MINUTE": str(per_minute),
        }
        self.running: list[tuple[str, subprocess.Popen[bytes]]] = []
        self.killed: dict[str, float] = {}
        self.ended: dict[int, float] = {}
        self.names = 0

    def start(self) -> None:
        self.names += 1
        name = f"crew{self.names}@watch.example"
        with (self.folder / f"{self.names}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, str(SUPPORT / "watching_worker.py"), str(self.diary)],
                env=self.environment | {"VARIORUM_CONTACT": name},
                stderr=log,
            )
        self.running.append((name, process))

    def kill(self, rng: random.Random) -> None:
        name, process = self.running.pop(rng.randrange(len(self.running)))
        # The time before: another may take over before we learn that it is dead.
        self.killed[name] = self.ended[process.pid] = time.monotonic()
        process.kill()
        process.wait(30)

    def stop(self) -> list[int]:
        for _, process in self.running:
            process.send_signal(signal.SIGTERM)
        return [process.wait(100) for _, process in self.running]

    def works(self, name: str) -> bool:
        """Return whether one has begun."""
        number = name.removeprefix("crew").partition("@")[0]
        return '"started"' in (self.folder / f"{number}.log").read_text("utf-8", "replace")

    def events(self, name: str) -> list[dict[str, str]]:
        lines = [line for log in self.folder.glob("*.log") for line in log.read_text().splitlines()]
        events = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]
        return [event for event in events if event["event"] == name]


def most_within(times: list[float], seconds: float) -> int:
    most, first = 0, 0
    for last, at in enumerate(times):
        while at - times[first] >= seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


def maintenance(diary: Path, ended: dict[int, float]) -> list[tuple[float, float]]:
    """Return when each run of the further job began and ended, a killed worker's when it was killed."""
    begun: dict[int, float] = {}
    spans = []
    for line in diary.read_text().splitlines():
        what, pid, at = line.split()
        if what == "begin":
            begun[int(pid)] = float(at)
        else:
            spans.append((begun.pop(int(pid)), float(at)))
    return sorted([*spans, *((at, ended[pid]) for pid, at in begun.items())])


@pytest.mark.parametrize(
    ("workers", "targets", "kills"),
    [
        (2, 40, 3),
        pytest.param(2, 2000, 40, marks=pytest.mark.soak),
        pytest.param(4, 2000, 40, marks=pytest.mark.soak),
    ],
)
@pytest.mark.timeout(1800)
def test_workers_that_are_killed_lose_no_page_take_none_twice_and_keep_one_budget(  # noqa: PLR0917
    where, archive, tmp_path, workers, targets, kills
):
    per_minute = 480 if targets < 100 else 1200
    with open_store(where) as store:
        for number in range(targets):
            url = f"https://outlet-{number}.example/news/river"
            store.targets.track(url, now=datetime.now(UTC))
    crew = Crew(where, archive, tmp_path, per_minute=per_minute)
    rng = random.Random(targets)
    for _ in range(workers):
        crew.start()
    deadline = time.monotonic() + 1500
    span = 60 * targets / per_minute
    with open_store(where) as store:
        while (looked := _looked(store)) < targets:
            assert time.monotonic() < deadline, f"{looked} of {targets} looked at"
            due = len(crew.killed) < kills and looked >= targets * len(crew.killed) / (kills + 1)
            if due and archive.log:
                crew.kill(rng)
                crew.start()
            time.sleep(min(0.5, span / kills / 4))
        while len(crew.killed) < kills:
            crew.kill(rng)
            crew.start()
        # One that is told to end before it hears of it ends as the kernel ends it.
        while not all(crew.works(name) for name, _ in crew.running):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        time.sleep(1)
        assert crew.stop() == [0] * workers
        status = store.status(now=datetime.now(UTC))

    # Lost: none.
    assert status.targets == targets
    assert status.leased == 0
    # Taken twice: a page asked about by a second worker only after the first was killed, and completed once.
    asked: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for at, agent, url in archive.log:
        asked[url].append((at, agent))
    assert len(asked) == targets
    for url, times in asked.items():
        for (_, earlier), (at, agent) in pairwise(times):
            if agent != earlier:
                gone = next(when for name, when in crew.killed.items() if name in earlier)
                assert at > gone, f"{url}: {agent} at {at}, {earlier} killed at {gone}"
    done = [event["url"] for event in crew.events("looked")]
    assert len(done) == len(set(done))
    assert crew.events("job failed") == []
    # One budget, whoever asks.
    times = [at for at, _, _ in archive.log]
    assert most_within(times, 60) <= per_minute
    assert most_within(times, 10) <= per_minute / 6 + workers
    # Maintenance: by one, and by another when that one was killed.
    spans = maintenance(crew.diary, crew.ended | {p.pid: time.monotonic() for _, p in crew.running})
    assert len(spans) > kills / 2
    assert all(begin >= end for (_, end), (begin, _) in pairwise(spans))


def _looked(store) -> int:
    from sqlalchemy import func, select

    from crawler.store.schema import target

    with store.database.reading() as connection:
        return connection.execute(select(func.count()).where(target.c.last_looked.is_not(None))).scalar_one()


# --------------------------------------------------------------------------- presence and election


def test_of_two_one_leads_and_the_other_follows_when_its_session_ends(where):
    with open_store(where) as store:
        with (
            closing(Presence(store.database, "worker a")) as one,
            closing(Presence(store.database, "worker b")) as two,
        ):
            assert one.leads()
            assert one.leads()
            assert not two.leads()
            with pytest.raises(StoreError, match="a daemon runs"), store.sole_daemon("daemon c"):
                pass
            _cut_the_leader(store)
            assert two.leads()
            assert not one.still_leads()
            assert not one.leads()
        with closing(Presence(store.database, "worker c")) as three:
            assert three.leads()


def _cut_the_leader(store) -> None:
    """End the session of the one that leads, as a network that fails does."""
    from sqlalchemy import text

    from crawler.store.upkeep import DAEMON_LOCK

    with store.database.reading() as connection:
        query = text(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 "
            "AND (classid::bigint << 32) + objid::bigint = :key"
        )
        assert connection.execute(query, {"key": DAEMON_LOCK}).scalar()


def test_what_a_worker_of_another_machine_held_is_free_once_its_session_is_over_and_it_is_silent(where):
    now = datetime.now(UTC)
    with open_store(where) as store:
        store.targets.track("https://a.example/b", now=now)
        far = Worker(name="worker far 1 abc", kind=WorkerKind.WORKER, place="another machine", pid=1, born=1)
        store.queue.register(far)
        row = beat_name(far.name)
        presence = Presence(store.database, far.name)
        store.beat(far.name, started=now, now=now, state=DaemonState.RUNNING, name=row)
        assert store.queue.claim_due(now, limit=1, lease_seconds=600, worker=far.name)
        later = now + 2 * SILENCE

        assert store.queue.release_silent(now=later, patience=SILENCE) == 0
        assert [worker.state for worker in store.status(now=later).workers] == [DaemonState.RUNNING]
        presence.close()
        assert store.queue.release_silent(now=now, patience=SILENCE) == 0
        (gone,) = store.status(now=later).workers
        assert (gone.state, gone.held, gone.name) == (DaemonState.GONE, 1, far.name)
        assert store.queue.forget_silent(now=later, after=SILENCE) == 0
        assert store.queue.release_silent(now=later, patience=SILENCE) == 1
        assert store.queue.forget_silent(now=later, after=SILENCE) == 1
        assert store.status(now=later).workers == ()


def test_a_machine_whose_clock_is_wrong_does_not_take_part(where):
    def wrong() -> datetime:
        return datetime.now(UTC) - timedelta(minutes=1)

    with pytest.raises(StoreError, match=r"\d\d s behind that of the database server"):
        run_worker(lambda: open_store(where), lambda *_: None, Pace(), now=wrong)
    with open_store(where) as store:
        assert clock_lead(store.database, now=lambda: datetime.now(UTC)) == timedelta(0)


def test_a_database_that_answers_late_says_nothing_about_the_clock(where):
    readings = iter([datetime.now(UTC) - timedelta(seconds=50), datetime.now(UTC) + timedelta(seconds=50)])
    with open_store(where) as store:
        assert clock_lead(store.database, now=lambda: next(readings)) == timedelta(0)
        ahead = iter([datetime.now(UTC) + timedelta(hours=1), datetime.now(UTC) + timedelta(hours=2)])
        assert clock_lead(store.database, now=lambda: next(ahead)) > timedelta(minutes=59)


def test_two_containers_of_one_name_and_process_number_are_two_workers():
    worker = this_worker()
    assert worker.name == this_worker().name
    assert worker.kind is WorkerKind.WORKER
    assert len(replace(worker).name.split()) == 4


# --------------------------------------------------------------------------- the command


def test_on_a_file_the_command_names_the_daemon(tmp_path, capsys):
    assert main(["--store", str(tmp_path / "v.db"), "worker"]) == 1
    told = capsys.readouterr().err
    assert "variorum daemon" in told
    assert "PostgreSQL" in told
    with open_store(str(tmp_path / "v.db")) as store, pytest.raises(ConfigError):
        Presence(store.database, "worker a")


@pytest.mark.timeout(300)
def test_the_command_is_listed_while_it_works_and_signs_off(where, archive, tmp_path, capsys):
    crew = Crew(where, archive, tmp_path, per_minute=600)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = crew.environment | {"VARIORUM_METRICS_PORT": str(port)}
    process = subprocess.Popen([VARIORUM, "worker"], env=environment, stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 100
        while "does the maintenance" not in capsys.readouterr().out:
            assert time.monotonic() < deadline
            time.sleep(0.3)
            assert main(["--store", where, "status"]) == 0
        for path, says in (("livez", "alive"), ("readyz", "ready"), ("metrics", "variorum_targets ")):
            with urlopen(f"http://127.0.0.1:{port}/{path}", timeout=60) as answer:
                assert says in answer.read().decode()
        process.send_signal(signal.SIGTERM)
        assert process.wait(100) == 0
    finally:
        process.kill()
        process.communicate(timeout=60)
    assert main(["--store", where, "status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["workers"] == []
