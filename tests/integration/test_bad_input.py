"""Bad input gets one line that says what to do, exit code 1 or 2, and costs nothing that was kept."""

import sqlite3
from pathlib import Path

import pytest

from crawler.cli import main

ROOT = Path(__file__).parents[2]
WARC = ROOT / "seeds" / "demo" / "meridian-courier.warc.gz"
PAGE = "https://www.meridian-courier.example/world/2025/03/11/silver-tern-ferry-port-sarel"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with some captures of one page."""
    folder = tmp_path_factory.mktemp("filled")
    places = ["--store", str(folder / "variorum.db"), "--reports", str(folder / "reports")]
    archive = ["--archive-dialect", "warc", "--archive-url", str(WARC)]
    assert main([*places, *archive, "backfill", PAGE, "--budget", "3"]) == 0
    return folder / "variorum.db"


@pytest.fixture
def home(tmp_path: Path, filled: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user with one page's past in the store, and all sorts of broken files."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VARIORUM_STORE", str(tmp_path / "variorum.db"))
    monkeypatch.setenv("VARIORUM_REPORTS", str(tmp_path / "reports"))
    (tmp_path / "variorum.db").write_bytes(filled.read_bytes())
    Path("broken.toml").write_text("store = \n", encoding="utf-8")
    Path("unknown.toml").write_text("stroe = 'x'\n", encoding="utf-8")
    Path("garbage.db").write_bytes(b"no database " * 100)
    Path("garbage.warc.gz").write_bytes(b"no archive")
    Path("half.warc.gz").write_bytes(WARC.read_bytes()[: WARC.stat().st_size // 2])
    newer = tmp_path / "newer.db"
    newer.write_bytes((tmp_path / "variorum.db").read_bytes())
    with sqlite3.connect(newer) as database:
        database.execute("update alembic_version set version_num = '9999'")
    database.close()
    return tmp_path


def evidence(path: Path) -> list[list[tuple[object, ...]]]:
    """Every capture, body and article kept."""
    with sqlite3.connect(path) as database:
        return [
            database.execute(f"select * from {name} order by 1").fetchall()
            for name in ("capture", "body", "article")
        ]


CASES = {
    "an unreachable archive": ("--archive-dialect pywb --archive-url http://127.0.0.1:1/web backfill http://a.example/x", 1, "refuses connections"),
    "an archive that is no address": ("--archive-dialect pywb --archive-url nowhere backfill http://a.example/x", 1, "is no address"),
    "a page never captured": (f"--archive-dialect warc --archive-url {WARC} backfill http://never.example/x", 1, "holds no capture"),
    "a malformed address": ("backfill http://[::1", 1, "looks like https://"),
    "an address of another kind": ("track javascript:alert(1)", 1, "only http and https"),
    "a malformed date": (f"show {PAGE} someday", 1, "20160918022640"),
    "a time before the first capture": (f"show {PAGE} 2001", 1, "the first is of 2025-03-11 06:40 UTC"),
    "a broken config file": ("--config broken.toml list", 1, "line 1"),
    "an unknown setting": ("--config unknown.toml list", 1, "Did you mean store"),
    "a config file that is not there": ("--config nowhere.toml list", 1, "no configuration file"),
    "an unknown dialect": ("--archive-dialect gopher list", 1, "wayback"),
    "a WARC that is not there": ("import nowhere.warc.gz", 1, "no file or folder"),
    "a WARC that is none": ("import garbage.warc.gz", 1, "no WARC, ARC or WACZ file"),
    "a database from a newer version": ("--store newer.db list", 1, "upgrade Variorum"),
    "a database that is none": ("--store garbage.db list", 1, "not a database"),
    "a store that is not there": ("--store nowhere.db list", 1, "no store"),
    "a page that is not tracked": ("show http://b.example/", 1, "is not known yet"),
    "a file to parse that is not there": ("parse nowhere.html", 1, "cannot be read"),
    "a note on nothing": ("note 00000000 hello", 1, "No finding"),
    "a list that is not there": ("track --file nowhere.txt", 1, "cannot be read"),
    "a verb that does not exist": ("frobnicate", 2, "No such command"),
    "a missing argument": ("backfill", 2, "URL"),
    "an option that does not exist": ("list --colour", 2, "No such option"),
    "nothing to track": ("track", 2, "at least one URL"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_bad_input_gets_one_clear_line(home, capsys, case) -> None:
    words, code, says = CASES[case]
    before = evidence(home / "variorum.db")
    capsys.readouterr()

    assert main(words.split()) == code

    printed = capsys.readouterr()
    assert says in printed.err
    assert "Traceback" not in printed.err
    complaints = [line for line in printed.err.splitlines() if line.startswith("variorum:")]
    assert len(complaints) == (1 if code == 1 else 0)
    assert main(["verify"]) == 0
    assert evidence(home / "variorum.db") == before


def test_a_warc_cut_in_half_gives_every_record_before_the_cut(home, capsys) -> None:
    capsys.readouterr()
    assert main(["--store", "half.db", "import", "half.warc.gz"]) == 1
    printed = capsys.readouterr()
    assert "cut off" in printed.err
    assert "1 page" in printed.out
    assert main(["--store", "half.db", "verify"]) == 0
    assert main(["--store", "half.db", "report", PAGE]) == 0


def test_an_archive_of_damaged_files_is_read_as_far_as_it_goes_and_says_so(home, capsys) -> None:
    capsys.readouterr()
    archive = ["--archive-dialect", "warc", "--archive-url", "half.warc.gz", "--store", "half.db"]
    assert main([*archive, "backfill", PAGE]) == 0
    assert "half.warc.gz at byte" in capsys.readouterr().err
