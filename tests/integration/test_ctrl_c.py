"""Ctrl-C ends every verb that takes long with 130 and a line, wherever it is in its work: real processes, real signals."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from alert_receivers import receiving, settings_file

from crawler.cli import main

PAGE = "https://www.meridian-courier.example/world/2025/03/11/silver-tern-ferry-port-sarel"
VARIORUM = str(Path(sys.executable).parent / "variorum")
# What the interpreter is told of the process's work decides when the signal comes, so that no clock does.
PRESSED = """
import os, signal, sys
event, word, left = os.environ["PRESS_EVENT"], os.environ["PRESS_WORD"], [int(os.environ["PRESS_AFTER"])]

def press(name, given):
    if left[0] and name == event and word in str(given[0]):
        left[0] -= 1
        if not left[0]:
            os.killpg(0, signal.SIGINT)

sys.addaudithook(press)
"""


@pytest.fixture(autouse=True, scope="module")
def heeded():
    """A shell starts what it runs in the background with Ctrl-C ignored, and so would be all that a test starts there."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="module")
def stocked(tmp_path_factory):
    """Return the settings of a store that holds a page with its history, and of a channel that takes what it is sent."""
    folder = tmp_path_factory.mktemp("stocked")
    (folder / "hook").mkdir()
    (folder / "hook" / "sitecustomize.py").write_text(PRESSED)
    with receiving() as hook:
        config = settings_file(folder, {"hook": (hook.address, "")})
        for words in (["track", PAGE], ["backfill", PAGE]):
            assert main(["--config", str(config), *words]) == 0
        yield config


@pytest.mark.timeout(120)
def test_ctrl_c_ends_a_daemon_that_works_as_it_is_meant_to_end(stocked):
    with subprocess.Popen(
        [VARIORUM, "--config", str(stocked), "daemon"],
        cwd=stocked.parent,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as daemon:
        assert daemon.stderr is not None
        assert any('"started"' in line for line in daemon.stderr)
        os.killpg(daemon.pid, signal.SIGINT)
        said = daemon.stderr.read()

    assert daemon.returncode == 0
    assert '"stopped"' in said
    assert "Traceback" not in said


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("words", "event", "word", "after"),
    [
        (["list"], "import", "typer", 1),
        (["daemon"], "import", "apscheduler", 1),
        (["backfill", PAGE, "--every-capture"], "open", "meridian-courier.warc.gz", 2),
        (["run"], "sqlite3.connect", "variorum.db", 1),
        (["rebuild", "--all", "--jobs", "2"], "import", "multiprocessing", 1),
        (["site", "--out", "site"], "open", "index.html", 1),
        (["verify"], "sqlite3.connect", "variorum.db", 1),
        (["notify", "--since", "2025-03-01"], "socket.connect", "", 1),
    ],
)
def test_ctrl_c_ends_a_verb_with_130_and_a_line(stocked, words, event, word, after):
    press = {"PRESS_EVENT": event, "PRESS_WORD": word, "PRESS_AFTER": str(after)}
    done = subprocess.run(
        [VARIORUM, "--config", str(stocked), *words],
        cwd=stocked.parent,
        env=os.environ | press | {"PYTHONPATH": str(stocked.parent / "hook")},
        capture_output=True,
        text=True,
        timeout=100,
        start_new_session=True,
        check=False,
    )

    assert done.returncode == 130, (done.returncode, done.stdout[-500:], done.stderr[-1500:])
    assert "Traceback" not in done.stderr
    assert "variorum: stopped; what was done until now is kept" in done.stderr


HANGS = """
import os, signal, sys, threading, time
import crawler.cli
import crawler.cli.app
from concurrent.futures import ThreadPoolExecutor

crawler.cli.GRACE_SECONDS = 60 if sys.argv[1] == "late" else 0.5
for_ever = threading.Event()

def pressed(argv):
    with ThreadPoolExecutor(1) as pool:
        pool.submit(for_ever.wait)
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1000)

def done(argv):
    threading.Thread(target=for_ever.wait).start()
    print("done")
    return 3

def press_at_the_end():
    threading.main_thread().join()
    os.kill(os.getpid(), signal.SIGINT)
    for_ever.wait()

def late(argv):
    threading.Thread(target=press_at_the_end).start()
    print("done")
    return 0

signal.signal(signal.SIGINT, signal.default_int_handler)
crawler.cli.app.main = {"pressed": pressed, "done": done, "late": late}[sys.argv[1]]
crawler.cli.run_command()
"""


@pytest.mark.parametrize(
    ("how", "code", "out", "err"),
    [
        ("pressed", 130, "", "variorum: stopped; what was done until now is kept"),
        ("done", 3, "done\n", ""),
        ("late", -signal.SIGINT, "done\n", ""),
    ],
)
def test_no_thread_that_nobody_can_end_keeps_the_process(how, code, out, err):
    command = [sys.executable, "-c", HANGS, how]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)

    assert (ended.returncode, ended.stdout, ended.stderr[: len(err)]) == (code, out, err)
    assert "Traceback" not in ended.stderr
