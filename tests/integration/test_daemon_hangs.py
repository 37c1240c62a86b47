"""A daemon whose work hangs shows no sign of life, so that the service manager starts another."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.store import open_store

PROGRAM = """
import sys, threading, time
import crawler.daemon as daemons
from crawler.daemon import Pace, run_daemon
from crawler.log import configure_log
from crawler.pulse import Pulse
from crawler.store import open_store

where, how = sys.argv[1:]
daemons.BEAT_SECONDS, daemons.HUNG_SECONDS = 0.1, 1.0
PATIENCE = 2.0
# Of a look that gets on, time passes with each step, and however slow the machine is.
passed = [0.0]

def work(store, target, stop):
    print("begin", flush=True)
    if how == "hangs":
        threading.Event().wait()
    while True:
        time.sleep(0.01)
        passed[0] += PATIENCE * 0.75
        store.targets.find(target.url) if how == "asks the store" else stop()
        if PATIENCE * 3 <= passed[0] < PATIENCE * 3.75:
            print("far", flush=True)

configure_log()
own = {} if how == "hangs" else {"timer": lambda: passed[0], "longer": {"maintenance": 1e9, "scrub": 1e9}}
pace = Pace(tick_seconds=0.2, maintenance_seconds=600, scrub_seconds=600, stop_seconds=1, pulse=Pulse(patience=PATIENCE, **own))
sys.exit(run_daemon(lambda: open_store(where), work, pace))
"""


@pytest.fixture
def where(tmp_path) -> str:
    path = str(tmp_path / "variorum.db")
    with open_store(path) as store:
        store.targets.track("https://gazette.example/0", now=datetime.now(UTC) - timedelta(minutes=1))
    return path


class Manager:
    """What a service manager hears, and when."""

    def __init__(self, place: Path) -> None:
        self.place = str(place)
        self.line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.line.bind(self.place)
        self.line.settimeout(0.2)
        self.heard: list[tuple[float, str]] = []

    def listen(self, seconds: float, *, until: str = "") -> bool:
        """Listen for so long, or until a word was heard; returns whether it was."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                word = self.line.recv(200).decode()
            except TimeoutError:
                continue
            self.heard.append((time.monotonic(), word))
            if until and word == until:
                return True
        return False

    def drained(self) -> int:
        """Take what was sent until now; returns how many signs of life have been heard."""
        self.listen(0.1)
        return sum(word == "WATCHDOG=1" for _, word in self.heard)


@pytest.fixture
def manager(tmp_path):
    made = Manager(tmp_path / "notify")
    yield made
    made.line.close()


def started(where: str, how: str, **surroundings: str) -> subprocess.Popen[str]:
    kept = {
        name: value for name, value in os.environ.items() if name not in ("NOTIFY_SOCKET", "WATCHDOG_USEC")
    }
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, where, how],
        env=kept | surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def stopped(process: subprocess.Popen[str], read: str = "") -> list[dict]:
    """End a daemon; returns its log, of which some was read already."""
    process.kill()
    return [json.loads(line) for line in (read + process.communicate(timeout=60)[1]).splitlines()]


def logged(process: subprocess.Popen[str], event: str) -> str:
    """Wait until a daemon has logged something; returns its log until then."""
    read = ""
    for line in process.stderr:
        read += line
        if f'"{event}"' in line:
            return read
    raise AssertionError(f"it ended without {event!r}: {read}")


@pytest.mark.timeout(120)
def test_a_look_that_hangs_ends_the_signs_of_life_and_is_named_in_the_log(where, manager):
    process = started(where, "hangs", NOTIFY_SOCKET=manager.place, WATCHDOG_USEC="120000000")
    read = ""
    try:
        assert process.stdout.readline() == "begin\n"
        read = logged(process, "hangs")
        heard = manager.drained()
        manager.listen(3)
        assert manager.drained() == heard
        assert process.poll() is None, "a service manager ends it, and it does not end by itself"
    finally:
        log = stopped(process, read)
    assert [(line["event"], line["job"]) for line in log if line["level"] == "error"] == [("hangs", "tick")]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("how", ["asks the store", "asks whether to stop"])
def test_a_look_that_takes_three_times_its_patience_and_gets_on_keeps_them_up(where, manager, how):
    process = started(where, how, NOTIFY_SOCKET=manager.place, WATCHDOG_USEC="120000000")
    try:
        assert [process.stdout.readline() for _ in range(2)] == ["begin\n", "far\n"]
        manager.drained()
        for _ in range(5):
            assert manager.listen(60, until="WATCHDOG=1")
    finally:
        log = stopped(process)
    assert [line for line in log if line["level"] == "error"] == []


@pytest.mark.timeout(120)
def test_a_daemon_that_hangs_and_that_nobody_watches_ends_with_1(where):
    process = started(where, "hangs")
    _, log = process.communicate(timeout=100)
    events = [json.loads(line)["event"] for line in log.splitlines()]
    assert process.returncode == 1
    assert events[-2:] == ["hangs", "ended"]


@pytest.mark.timeout(180)
def test_an_archive_that_never_answers_is_a_failed_look_and_no_hang(tmp_path, manager):
    """Requests have a deadline of their own, and each is a step."""
    where = str(tmp_path / "v.db")
    with open_store(where) as store:
        store.targets.track("https://gazette.example/0", now=datetime.now(UTC) - timedelta(minutes=1))
    with socket.create_server(("127.0.0.1", 0)) as mute:
        held: list[socket.socket] = []

        def hold() -> None:
            while True:
                try:
                    held.append(mute.accept()[0])
                except OSError:
                    return

        threading.Thread(target=hold, daemon=True).start()
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("variorum")), "daemon"],
            env=os.environ
            | {
                "VARIORUM_STORE": where,
                "VARIORUM_ARCHIVE_URL": f"http://127.0.0.1:{mute.getsockname()[1]}/web",
                "VARIORUM_ARCHIVE_DIALECT": "pywb",
                "VARIORUM_LIMITS_DEADLINE_SECONDS": "1",
                "VARIORUM_DAEMON_TICK_SECONDS": "0.3",
                "NOTIFY_SOCKET": manager.place,
                "WATCHDOG_USEC": "120000000",
            },
            stderr=subprocess.PIPE,
            text=True,
        )
        read = ""
        try:
            assert manager.listen(100, until="READY=1")
            read = logged(process, "failed")
        finally:
            log = stopped(process, read)
        for one in held:
            one.close()
    failed = [line for line in log if line["event"] == "failed"]
    assert held
    assert [line["url"] for line in failed] == ["https://gazette.example/0"]
    assert not [line for line in log if line["event"] == "hangs"]
