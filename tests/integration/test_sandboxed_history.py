"""Versions compared in a process apart: the same history, and an end to one that never ends."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.config import Settings
from crawler.errors import HistoryError
from crawler.sandbox import SandboxedHistory
from crawler.store import open_store
from crawler.tracker import Tracker

ARCHIVE = Path(__file__).parents[2] / "seeds" / "demo" / "meridian-courier.warc.gz"
PAGE = "https://www.meridian-courier.example/world/2025/03/11/silver-tern-ferry-port-sarel"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
# A writer gives up, and fails, after 30 s of a lock; a comparison that never ends would hold one for eight minutes.
pytestmark = pytest.mark.timeout(300)
BOMB = textwrap.dedent(
    """
    import os, sys, time
    if "crawler.sandbox" in sys.orig_argv and "history" in sys.orig_argv:
        import diffs.history
        whole = diffs.history.history_of
        def spin(*given, **named):
            if os.environ["BOMB"] == "waits":
                time.sleep(4)
                return whole(*given, **named)
            while os.environ["BOMB"] == "processor":
                pass
            if "COMPARES" in os.environ:
                open(os.environ["COMPARES"], "w").close()
            if os.environ["BOMB"] == "memory":
                return bytearray(2**34)
            time.sleep(1000)
        diffs.history.history_of = spin
    """
)


def settings_for(folder: Path) -> Settings:
    return Settings.model_validate(
        {"store": str(folder / "variorum.db"), "archive": {"dialect": "warc", "url": str(ARCHIVE)}}
    )


@pytest.fixture
def bomb(tmp_path, monkeypatch) -> None:
    """Let every child that compares versions never end."""
    folder = tmp_path / "bomb"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(BOMB)
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))
    )
    monkeypatch.setenv("BOMB", "time")


def test_a_history_is_the_same_from_a_process_apart(tmp_path):
    with Tracker.open(settings_for(tmp_path), clock=lambda: NOW, sandboxed=True) as tracker:
        apart = tracker.backfill(PAGE).history
    with Tracker.open(settings_for(tmp_path), clock=lambda: NOW) as tracker:
        assert tracker.history(PAGE) == apart


@pytest.mark.parametrize(
    ("bomb_of", "why"),
    [
        ("time", "took longer than 4 s"),
        ("processor", "took longer than 2 s of processor time"),
        ("memory", "needed more than"),
    ],
)
def test_a_history_without_end_is_an_error_and_the_findings_stay(tmp_path, bomb, monkeypatch, bomb_of, why):
    monkeypatch.setenv("BOMB", bomb_of)
    seconds = 2.0 if bomb_of == "processor" else 1.0
    if bomb_of != "time":  # two seconds of a processor that many share last longer than eight
        monkeypatch.setattr("crawler.sandbox.PATIENCE", 100.0)
    with Tracker.open(settings_for(tmp_path), clock=lambda: NOW) as tracker:
        found = tracker.backfill(PAGE).findings.appeared
        with SandboxedHistory(seconds=seconds, memory_mib=1024) as sandbox:
            tracker.pipeline.compose = sandbox.compose
            with pytest.raises(HistoryError, match=why):
                tracker.publish(tracker.target(PAGE))
        assert tracker.store.findings.of(tracker.target(PAGE)) == found


def test_a_history_that_waits_for_a_busy_machine_is_finished(tmp_path, bomb, monkeypatch):
    monkeypatch.setenv("BOMB", "waits")
    monkeypatch.setattr("crawler.sandbox.PATIENCE", 20.0)
    with Tracker.open(settings_for(tmp_path), clock=lambda: NOW) as tracker:
        found = tracker.backfill(PAGE).history
        with SandboxedHistory(seconds=3.0, memory_mib=1024) as sandbox:
            tracker.pipeline.compose = sandbox.compose
            assert tracker.history(PAGE) == found


def test_a_daemon_under_a_history_without_end_leaves_soon_and_holds_no_lock_meanwhile(tmp_path, bomb):
    where = tmp_path / "variorum.db"
    names = {"VARIORUM_STORE": where, "VARIORUM_ARCHIVE_DIALECT": "warc", "VARIORUM_ARCHIVE_URL": ARCHIVE}
    names["COMPARES"] = tmp_path / "compares"
    surroundings = {**os.environ, **{name: str(value) for name, value in names.items()}}
    with Tracker.open(settings_for(tmp_path)) as tracker:
        tracker.track(PAGE)
    command = [sys.executable, "-c", "import sys; from crawler.cli import main; sys.exit(main())", "daemon"]
    daemon = subprocess.Popen(command, env=surroundings, stderr=subprocess.DEVNULL)
    try:
        with open_store(str(where)) as store:
            until = time.monotonic() + 100
            while not (tmp_path / "compares").exists():
                assert time.monotonic() < until
                time.sleep(0.1)
            store.targets.track("https://gazette.example/other", now=NOW)
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(100) == 0
    finally:
        daemon.kill()
        daemon.wait(60)
