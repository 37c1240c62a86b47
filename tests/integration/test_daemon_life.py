"""The daemon in this process: when it hears that it should leave, and what it shows of itself."""

import io
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import structlog

from crawler.daemon import Daemon, Pace
from crawler.log import configure_log
from crawler.model import Target
from crawler.publish import write
from crawler.store import open_store

PACE = Pace(tick_seconds=0.2, maintenance_seconds=60, scrub_seconds=60, stop_seconds=5)


@pytest.fixture
def daemon(tmp_path, monkeypatch) -> Iterator[Daemon]:
    monkeypatch.setattr("crawler.daemon.BEAT_SECONDS", 0.05)
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    with open_store(str(tmp_path / "variorum.db")) as store:
        store.targets.track("https://gazette.example/0", now=datetime.now(UTC) - timedelta(minutes=1))
        yield Daemon(store, lambda *_: None, PACE, lambda: datetime.now(UTC), "daemon test 1")
    signal.signal(signal.SIGTERM, before)


def asked_first(call: Callable[..., object]) -> Callable[..., object]:
    """Return a call that asks this process to leave before it does its work."""

    def asking(*arguments: object, **named: object) -> object:
        os.kill(os.getpid(), signal.SIGTERM)
        return call(*arguments, **named)

    return asking


@pytest.mark.timeout(90)
@pytest.mark.parametrize("moment", ["release_daemons", "add_job", "start"])
def test_a_daemon_that_is_asked_to_leave_while_it_starts_leaves(daemon, monkeypatch, moment):
    owner = daemon.store.queue if moment == "release_daemons" else daemon.scheduler
    monkeypatch.setattr(owner, moment, asked_first(getattr(owner, moment)))

    assert daemon.run()
    assert daemon.store.status().heartbeat.state == "stopped"


@pytest.mark.timeout(90)
def test_a_daemon_that_takes_long_over_one_look_shows_that_it_lives(daemon):
    beats: set[datetime] = set()

    def look(*_: object) -> None:
        deadline = time.monotonic() + 60
        while len(beats) < 4 and time.monotonic() < deadline:
            beats.add(daemon.store.status().heartbeat.beat)
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGTERM)

    daemon.work = look
    daemon.run()

    assert len(beats) >= 4
    assert daemon.store.status().heartbeat.state == "stopped"
    assert "beat" not in {thread.name for thread in threading.enumerate()}


def test_a_report_that_cannot_be_written_costs_only_its_own_target_a_look(daemon, tmp_path):
    daemon.store.targets.track("https://gazette.example/1", now=datetime.now(UTC) - timedelta(minutes=1))
    (tmp_path / "taken").write_text("a file where a folder should be")
    looked = []

    def look(_store: object, target: Target, _stop: object) -> None:
        looked.append(target.url)
        write(tmp_path / ("taken" if target.url.endswith("0") else "free") / "report.md", "A report.")

    daemon.work = look
    daemon._do(lambda *_: daemon.tick())

    assert looked == ["https://gazette.example/0", "https://gazette.example/1"]
    assert daemon.paused_until == 0.0
    failed, done = daemon.store.targets.all()
    assert (failed.failures, done.failures) == (1, 0)
    assert "cannot write" in failed.last_error


class Broken(io.StringIO):
    """A log whose reader has gone, or whose disk is full."""

    def write(self, _line: str) -> int:
        raise BrokenPipeError


@pytest.mark.timeout(90)
def test_a_log_that_cannot_be_written_keeps_no_daemon_from_its_work_or_from_leaving(daemon):
    looked = []

    def look(_store: object, target: Target, _stop: object) -> None:
        looked.append(target.url)
        os.kill(os.getpid(), signal.SIGTERM)

    configure_log(Broken())
    daemon.log = structlog.get_logger()
    daemon.work = look
    try:
        assert daemon.run()
    finally:
        structlog.reset_defaults()
    assert looked == ["https://gazette.example/0"]
    assert daemon.store.targets.find(looked[0]).failures == 0
    assert daemon.store.status().heartbeat.state == "stopped"


def test_what_a_further_job_did_is_logged(daemon, capsys):
    configure_log(sys.stdout)
    daemon.log = structlog.get_logger()
    daemon._do(lambda *_: "let the bytes of 3 captures go")
    daemon._do(lambda *_: None)
    structlog.reset_defaults()

    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["said"] == "let the bytes of 3 captures go"
