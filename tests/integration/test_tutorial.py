"""The tutorial's feed, followed on a local Wayback, and its alerts, received by its own receivers, as its words make them."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from free_ports import free_port

from crawler.store import open_store

pytest.importorskip("feedparser")

ROOT = Path(__file__).parents[2]
TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
PAGE = "https://www.meridian-courier.example/world/2025/03/11/silver-tern-ferry-port-sarel"


def test_the_tutorials_feed_leads_to_the_page_with_a_toll(
    serve: Callable[[Path], str], tmp_path: Path
) -> None:
    script = re.search(r"<<'END'\n(.*?)\nEND\n", TUTORIAL, re.DOTALL)
    assert script
    (tmp_path / "tutorial").mkdir()
    subprocess.run([sys.executable, "-c", script[1]], cwd=tmp_path, check=True, timeout=60)
    both = tmp_path / "both.warc.gz"
    demo = ROOT / "seeds" / "demo" / "meridian-courier.warc.gz"
    both.write_bytes(demo.read_bytes() + (tmp_path / "tutorial" / "feed.warc.gz").read_bytes())
    settings = {
        "VARIORUM_ARCHIVE_DIALECT": "pywb",
        "VARIORUM_ARCHIVE_URL": serve(both),
        "VARIORUM_STORE": str(tmp_path / "variorum.db"),
        "VARIORUM_REPORTS": str(tmp_path / "reports"),
    }

    def variorum(*words: str) -> str:
        command = [str(Path(sys.executable).parent / "variorum"), *words]
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env=os.environ | settings,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    follow = re.search(r"^variorum (follow https.*)$", TUTORIAL, re.MULTILINE)
    assert follow
    variorum(*follow[1].split())
    variorum("run")
    (tracked,) = [row for row in variorum("list").splitlines() if row.startswith("https://")]
    assert tracked.startswith(f"{PAGE}\tFerry\t")
    assert tracked.endswith("a casualty figure: killed 12")
    assert '"found_by": "a casualty figure: killed 12"' in variorum("list", "--json")
    assert "as: At least 12 people killed as ferry sinks off Port Sarel" in variorum("status", PAGE)


def script(name: str) -> str:
    """Return the text of a file that the tutorial writes."""
    found = re.search(rf"> {re.escape(name)} <<'END'\n(.*?)\nEND\n", TUTORIAL, re.DOTALL)
    assert found
    return found[1]


def test_the_tutorials_receivers_get_the_toll_that_moves(tmp_path: Path) -> None:
    (tmp_path / "tutorial").mkdir()
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    posted_to, mailed_to = free_port(), free_port()
    ports = {"8081": str(posted_to), "8025": str(mailed_to)}
    for address, name in re.findall(r"^echo '(.*)' > (tutorial/.*\.url)$", TUTORIAL, re.MULTILINE):
        (tmp_path / name).write_text(re.sub("8081|8025", lambda each: ports[each[0]], address))
    (tmp_path / "tutorial/variorum.toml").write_text(script("tutorial/variorum.toml"))
    receiver = script("tutorial/receiver.py").replace("8081", ports["8081"])
    archive, store = tmp_path / "archive.warc.gz", tmp_path / "variorum.db"
    archive.write_bytes((ROOT / "seeds/demo/meridian-courier.warc.gz").read_bytes())
    settings = {
        "VARIORUM_ARCHIVE_DIALECT": "warc",
        "VARIORUM_ARCHIVE_URL": str(archive),
        "VARIORUM_STORE": str(store),
        "VARIORUM_CONFIG": "tutorial/variorum.toml",
    }

    def variorum(*words: str) -> str:
        command = [str(Path(sys.executable).parent / "variorum"), *words]
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env=os.environ | settings,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    with (tmp_path / "posted").open("wb") as posted, (tmp_path / "mailed").open("wb") as mailed:
        listening = [
            subprocess.Popen([sys.executable, "-c", receiver], stdout=posted),
            subprocess.Popen(
                [sys.executable, "-u", "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{mailed_to}"], stdout=mailed
            ),
        ]
        try:
            for port in (posted_to, mailed_to):
                wait_for(port)
            assert variorum("notify", "--test").splitlines() == ["hook\u2003taken", "mail\u2003taken"]
            with open_store(str(store)) as opened:
                opened.targets.track(PAGE, now=datetime.now(UTC) - timedelta(days=1))
            variorum("run")
            assert variorum("notify") == "0 alerts sent, 0 not taken\n"
            subprocess.run(
                [sys.executable, "-c", script("tutorial/make_update.py")],
                cwd=tmp_path,
                check=True,
                timeout=60,
            )
            archive.write_bytes(archive.read_bytes() + (tmp_path / "tutorial/update.warc.gz").read_bytes())
            variorum("capture", "--no-save", PAGE)
            variorum("notify")
        finally:
            for process in listening:
                process.terminate()
                process.wait(30)
    toll = "Casualty figure increased, at least 15 → at least 17: Ferry That Capsized Off Port Sarel"
    messages = (tmp_path / "posted").read_text("utf-8").split("\n\n")

    assert toll in messages[1]
    assert messages[2].startswith("Headline edited: ")
    assert (tmp_path / "mailed").read_text("utf-8").count("MESSAGE FOLLOWS") == 2


def wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"nobody listens at {port}")
