"""`variorum daemon` as an operator runs it: a process that works, says so, and leaves when asked."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.cli import main

ROOT = Path(__file__).parents[2]
WARC = ROOT / "seeds" / "demo" / "meridian-courier.warc.gz"
PAGE = "https://www.meridian-courier.example/world/2025/03/11/silver-tern-ferry-port-sarel"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user who tracks one page, whose archive is a WARC file."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VARIORUM_STORE", str(tmp_path / "variorum.db"))
    monkeypatch.setenv("VARIORUM_REPORTS", str(tmp_path / "reports"))
    monkeypatch.setenv("VARIORUM_ARCHIVE_DIALECT", "warc")
    monkeypatch.setenv("VARIORUM_ARCHIVE_URL", str(WARC))
    monkeypatch.setenv("VARIORUM_DAEMON_TICK_SECONDS", "0.5")
    assert main(["track", PAGE]) == 0
    return tmp_path


@pytest.fixture
def daemon(home: Path) -> Iterator[subprocess.Popen[str]]:
    """A running daemon, killed at the end whatever happened."""
    process = subprocess.Popen(
        [str(Path(sys.executable).parent / "variorum"), "daemon"],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ.copy(),
    )
    yield process
    process.kill()
    process.communicate(timeout=100)


def wait_for(there: Path, seconds: float = 200) -> None:
    until = time.monotonic() + seconds
    while not list(there.glob("*.md")):
        assert time.monotonic() < until, "no report in time"
        time.sleep(0.1)


@pytest.mark.timeout(400)
def test_the_daemon_reports_what_is_due_and_leaves_on_sigterm_with_0(home, daemon, capsys) -> None:
    wait_for(home / "reports")
    assert main(["status", "--max-age", "60"]) == 0
    second = subprocess.run(
        [str(Path(sys.executable).parent / "variorum"), "daemon"],
        check=False,
        capture_output=True,
        text=True,
        timeout=100,
    )
    daemon.send_signal(signal.SIGTERM)
    _, log = daemon.communicate(timeout=100)

    assert daemon.returncode == 0
    assert second.returncode == 1
    assert "a daemon runs on this store" in second.stderr
    events = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert {"started", "looked", "changed", "stopped"} <= {event["event"] for event in events}
    capsys.readouterr()
    assert main(["status"]) == 0
    assert "stopped" in capsys.readouterr().out
    assert main(["status", "--max-age", "60"]) == 1
