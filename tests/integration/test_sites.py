"""A site's siblings teach its furniture: on a real pywb and on WARC files, from the first backfill on."""

import json
import time
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from made_site import START, address, page, site, write_warc

from crawler.cli import main
from crawler.store import open_store

TRUE_EDIT = "The owners withdrew the plan on Tuesday after a meeting that lasted until midnight."


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VARIORUM_STORE", str(tmp_path / "variorum.db"))
    monkeypatch.setenv("VARIORUM_REPORTS", str(tmp_path / "reports"))
    return tmp_path


def substantive(capsys: pytest.CaptureFixture[str], url: str, *words: str) -> list[str]:
    capsys.readouterr()
    assert main([*words, "report", url, "--json"]) == 0
    steps = json.loads(capsys.readouterr().out)["transitions"]
    changes = [change for step in steps for change in step["changes"]]
    return [change["kind"] for change in changes if change["weight"] == "substantive"]


def warc(path: Path) -> list[str]:
    return ["--archive-dialect", "warc", "--archive-url", str(path)]


def test_alone_a_page_with_rotating_furniture_seems_to_change(home, capsys) -> None:
    """So that the tests below can fail: without siblings there are false changes."""
    words = [*warc(write_warc(home / "site.warc.gz", site())), "--no-siblings"]
    assert main([*words, "backfill", address(0), "--every-capture"]) == 0
    assert substantive(capsys, address(0), *words)


def test_a_folder_of_warcs_teaches_with_what_it_holds(home, capsys) -> None:
    words = warc(write_warc(home / "site.warc.gz", site()))
    assert main([*words, "backfill", address(0), "--every-capture"]) == 0
    assert substantive(capsys, address(0), *words) == []


def test_a_true_edit_is_still_reported(home, capsys) -> None:
    edited = (address(0), START + timedelta(days=2), page(0, 6, edit=TRUE_EDIT))
    words = warc(write_warc(home / "site.warc.gz", [*site(), edited]))
    assert main([*words, "backfill", address(0), "--every-capture"]) == 0
    assert substantive(capsys, address(0), *words) == ["text"]


@pytest.mark.timeout(600)
def test_a_server_is_asked_at_most_seven_times_more(home, serve, capsys) -> None:
    base = serve(write_warc(home / "site.warc.gz", site()))
    words = ["--archive-dialect", "pywb", "--archive-url", base]
    log = max(home.parent.rglob("log"), key=lambda each: each.stat().st_mtime)
    before = requests_in(log, base)
    assert main([*words, "backfill", address(0), "--every-capture"]) == 0
    asked = requests_in(log, base) - before
    assert substantive(capsys, address(0), *words) == []
    assert asked <= 1 + 5 + 7
    assert asked > 1 + 5

    before = requests_in(log, base)
    assert main([*words, "backfill", address(1)]) == 0
    assert requests_in(log, base) - before <= 3, "the second page of a site finds its siblings in the store"


def requests_in(log: Path, base: str) -> int:
    """Count them once a further one is in the log: pywb writes a line after it has answered."""
    mark, until = f"mark-{time.monotonic_ns()}", time.monotonic() + 60
    urlopen(f"{base}/?{mark}", timeout=60).close()
    while mark not in log.read_text("utf-8", "replace"):
        assert time.monotonic() < until
        time.sleep(0.05)
    text = log.read_text("utf-8", "replace")
    return sum(text.count(f'"GET {path}') for path in ("/news/cdx?", "/news/2"))


def test_the_order_in_which_two_pages_are_read_changes_no_report(home, capsys) -> None:
    both = [*site(), *((address(1), START + timedelta(days=9, hours=n), page(1, n)) for n in range(4))]
    words = warc(write_warc(home / "site.warc.gz", both))
    reports = []
    for order in ((0, 1), (1, 0)):
        place = ["--store", str(home / f"{order[0]}.db"), "--reports", str(home / f"reports{order[0]}")]
        for number in order:
            assert main([*words, *place, "backfill", address(number), "--every-capture"]) == 0
        reports.append({path.name: path.read_bytes() for path in (home / f"reports{order[0]}").glob("*.md")})
    assert len(reports[0]) == 2
    assert reports[0] == reports[1]


def test_siblings_are_kept_once_and_named_nowhere(home, capsys) -> None:
    words = warc(write_warc(home / "site.warc.gz", site()))
    assert main([*words, "backfill", address(0)]) == 0
    capsys.readouterr()
    assert main(["report"]) == 0
    assert len(list((home / "reports").glob("*.md"))) == 2  # the page and the index
    with open_store(str(home / "variorum.db")) as store:
        assert [target.url for target in store.targets.all(include_untracked=True)] == [address(0)]
        sibling = store.targets.ensure(address(3), START)
        assert [row.sha256 is not None for row in store.captures.of(sibling)] == [True]
        assert len(list(store.targets.all(include_untracked=True))) == 2


def test_a_dry_run_counts_them(home, capsys) -> None:
    words = warc(write_warc(home / "site.warc.gz", site()))
    assert main([*words, "backfill", address(0), "--dry-run"]) == 0
    assert "up to 7 requests for other articles of the site" in capsys.readouterr().out
    assert main([*words, "--no-siblings", "backfill", address(0), "--dry-run"]) == 0
    assert "other articles" not in capsys.readouterr().out


def test_an_archive_that_fails_leaves_the_page_read_alone(home, capsys, monkeypatch) -> None:
    from crawler.archive.warc.local import WarcArchive
    from crawler.errors import UnexpectedReplyError

    def broken(*_words: object, **_more: object) -> None:
        raise UnexpectedReplyError("The index answered nonsense.")

    monkeypatch.setattr(WarcArchive, "captures_under", broken)
    words = warc(write_warc(home / "site.warc.gz", site()))
    assert main([*words, "backfill", address(0)]) == 0
    assert "Keeper Hands Over" in next((home / "reports").glob("*.md")).read_text("utf-8")
