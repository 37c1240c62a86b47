"""The tutorial's feed, made by its own words and followed on a local Wayback."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

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
    tracked = variorum("list").splitlines()
    assert len(tracked) == 1
    assert tracked[0].startswith(f"{PAGE}\tFerry\t")
    assert tracked[0].endswith("a casualty figure: killed 12")
    assert "as: At least 12 people killed as ferry sinks off Port Sarel" in variorum("status", PAGE)
