"""The whole path against a real Wayback: pywb serving captures, the command reading them."""

import json
import os
from pathlib import Path

import pytest

from crawler.archive import WarcArchive
from crawler.cli import main
from crawler.evidence.transfer import pages_in

ROOT = Path(__file__).parents[2]
WARC = ROOT / "seeds" / "demo" / "meridian-courier.warc.gz"
PAGE = "https://www.meridian-courier.example/world/2025/03/11/silver-tern-ferry-port-sarel"
STORIES = Path(os.environ.get("VARIORUM_SHARED", ROOT.parent / "shared")) / "data" / "stories.warc.gz"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user in an empty folder, whose archive is a pywb."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VARIORUM_STORE", str(tmp_path / "variorum.db"))
    monkeypatch.setenv("VARIORUM_REPORTS", str(tmp_path / "reports"))
    monkeypatch.setenv("VARIORUM_ARCHIVE_DIALECT", "pywb")
    return tmp_path


def changes_of(capsys: pytest.CaptureFixture[str], *words: str) -> list[object]:
    """Run a report as JSON and give its changes, step by step."""
    capsys.readouterr()
    assert main([*words, "report", PAGE, "--json"]) == 0
    return [step["changes"] for step in json.loads(capsys.readouterr().out)["transitions"]]


@pytest.mark.timeout(400)
def test_a_server_and_its_files_tell_the_same_changes(home, serve, capsys, monkeypatch) -> None:
    base = serve(WARC)
    assert main(["--archive-url", base, "backfill", PAGE, "--every-capture"]) == 0
    local = [
        "--archive-dialect",
        "warc",
        "--archive-url",
        str(WARC),
        "--store",
        "local.db",
        "--reports",
        "local",
    ]
    assert main([*local, "backfill", PAGE, "--every-capture"]) == 0

    served = changes_of(capsys, "--archive-url", base)
    assert served == changes_of(capsys, *local)
    assert len(served) > 5
    (report,) = (home / "reports").glob("*.md")
    assert f"({base}/2025" in report.read_text("utf-8")


@pytest.mark.timeout(400)
def test_the_newest_capture_of_a_server_is_compared_with_an_earlier_one(home, serve, capsys) -> None:
    assert main(["--archive-url", serve(WARC), "capture", PAGE, "--no-save"]) == 0
    assert "newest capture read: 2025-03-13" in capsys.readouterr().err


@pytest.mark.data
@pytest.mark.skipif(not STORIES.exists(), reason="VARIORUM_SHARED: the stories to measure with are not here")
@pytest.mark.timeout(600)
def test_every_story_is_read_reported_and_verified(home, serve, capsys) -> None:
    archive = WarcArchive("stories", STORIES)
    pages = pages_in(archive)
    base = ["--archive-url", serve(STORIES)]
    assert len(pages) > 50

    assert {page for page in pages if main([*base, "backfill", page]) != 0} == set()
    capsys.readouterr()
    assert main([*base, "report"]) == 0
    written = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert len([path for path in written if path.suffix == ".md" and path.name != "index.md"]) == len(pages)
    assert main(["verify"]) == 0
    assert "every byte is in place: 1" in capsys.readouterr().out
