"""What an administrator does to a store and its daemon, and what is said to that."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.cli import main
from crawler.errors import ConfigError, StoreError
from crawler.model import WorkerKind
from crawler.store import open_store
from crawler.store.engine import url_of
from crawler.store.workers import this_process

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PAGE = "https://gazette.example/harbour-fire"
ARCHIVE = Path(__file__).parents[2] / "seeds" / "demo" / "meridian-courier.warc.gz"
DEMO = "https://www.meridian-courier.example/world/2025/03/11/silver-tern-ferry-port-sarel"
COMMAND = [sys.executable, "-c", "import sys; from crawler.cli import main; sys.exit(main())"]


@pytest.fixture
def where(tmp_path, monkeypatch) -> Path:
    path = tmp_path / "variorum.db"
    archive = tmp_path / "warcs"
    archive.mkdir()
    monkeypatch.setenv("VARIORUM_STORE", str(path))
    monkeypatch.setenv("VARIORUM_ARCHIVE_DIALECT", "warc")
    monkeypatch.setenv("VARIORUM_ARCHIVE_URL", str(archive))
    monkeypatch.setenv("VARIORUM_SIBLINGS", "false")
    open_store(str(path)).close()
    return path


def started(*words: str, **surroundings: str) -> subprocess.Popen[str]:
    env = {**os.environ, **surroundings}
    return subprocess.Popen([*COMMAND, *words], env=env, stderr=subprocess.PIPE, text=True)


def alive(where: Path) -> None:
    until = time.monotonic() + 60
    with open_store(str(where)) as store:
        while store.status().heartbeat is None:
            assert time.monotonic() < until
            time.sleep(0.1)


@pytest.mark.parametrize(
    "named",
    [
        ":memory:",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file::memory:?cache=shared&uri=true",
        "sqlite:///file:evidence?mode=memory&uri=true",
        "file::memory:",
    ],
)
def test_a_store_that_lives_in_memory_is_refused(named):
    with pytest.raises(ConfigError, match="must be a file"):
        url_of(named)


def test_the_short_name_of_postgresql_is_taken():
    assert url_of("postgres://me@127.0.0.1/store") == url_of("postgresql://me@127.0.0.1/store")


def test_a_second_daemon_through_a_symlink_is_refused(where, tmp_path):
    link = tmp_path / "elsewhere.db"
    link.symlink_to(where)
    with open_store(str(where)) as one, open_store(str(link)) as other:
        second = other.sole_daemon("two")
        with one.sole_daemon("one"), pytest.raises(StoreError, match="a daemon runs on this store"):
            second.__enter__()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("how", ["deleted", "replaced"])
def test_a_daemon_whose_store_is_taken_away_ends_and_says_so(where, tmp_path, how):
    daemon = started("daemon", VARIORUM_DAEMON_TICK_SECONDS="0.2")
    try:
        alive(where)
        if how == "replaced":
            other = tmp_path / "other.db"
            open_store(str(other)).close()
            other.replace(where)
        else:
            where.unlink()
        said = daemon.communicate(timeout=60)[1]
    finally:
        daemon.kill()
    assert daemon.returncode == 1
    assert "deleted or replaced" in said


@pytest.mark.timeout(120)
def test_what_a_killed_run_held_is_looked_at_by_the_next_and_a_living_ones_is_named(where, capsys):
    with open_store(str(where)) as store:
        store.targets.track(PAGE, now=NOW)
        child = subprocess.Popen(["sleep", "600"])
        theirs = this_process(WorkerKind.RUN, child.pid)
        store.queue.register(theirs)
        store.queue.claim_due(datetime.now(UTC), limit=1, lease_seconds=600, worker=theirs.name)
    main(["run"])
    printed = capsys.readouterr()
    assert "looked at 0 pages" in printed.out
    assert f"{PAGE}: due, and held by {theirs.name} until" in printed.err

    child.send_signal(signal.SIGKILL)
    child.wait(20)
    main(["run"])
    assert "looked at 1 page" in capsys.readouterr().out


def test_a_backup_makes_no_folder_and_waits_at_no_pipe(where, tmp_path, capsys):
    assert main(["backup", str(tmp_path / "missing" / "x.db")]) == 1
    assert "there is no folder" in capsys.readouterr().err
    assert not (tmp_path / "missing").exists()
    os.mkfifo(tmp_path / "pipe")
    assert main(["backup", str(tmp_path / "pipe")]) == 1
    assert "is no file" in capsys.readouterr().err


def test_a_list_is_read_whole_before_anything_is_tracked_and_bad_lines_have_numbers(where, tmp_path, capsys):
    listed = tmp_path / "pages.txt"
    listed.write_text(f"{PAGE}\n# a comment\nhttp://\n\nftp://gazette.example/x\n")
    assert main(["track", "--file", str(listed)]) == 1
    said = capsys.readouterr().err
    assert "line 3:" in said
    assert "line 5:" in said
    with open_store(str(where)) as store:
        assert list(store.targets.all()) == []

    done = subprocess.run(
        [*COMMAND, "track", "--file", "-"],
        input=f"{PAGE}\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout.split("\u2003")[1].strip()) == (0, PAGE)


@pytest.mark.parametrize(
    ("given", "words"),
    [(b"http://\n", "standard input: line 1:"), (b"\xff\xfe", "Standard input cannot be read")],
)
def test_a_list_from_standard_input_is_called_that(where, given, words):
    done = subprocess.run(
        [*COMMAND, "track", "--file", "-"], input=given, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert words in done.stderr.decode()


def test_a_page_belongs_to_several_stories_and_leaves_the_one_that_is_named(where, capsys):
    assert main(["track", PAGE, "--story", "Fire"]) == 0
    assert main(["track", PAGE, "--story", "Harbour"]) == 0
    assert f"{PAGE} belongs to 'Harbour' now, and still to 'Fire'." in capsys.readouterr().err
    for story in ("Fire", "Harbour"):
        assert main(["list", "--story", story]) == 0
        assert "Fire, Harbour" in capsys.readouterr().out
    assert main(["untrack", PAGE, "--story", "Fire"]) == 0
    assert "no longer in the story Fire" in capsys.readouterr().out
    assert main(["list", "--json"]) == 0
    assert '"stories": [\n   "Harbour"\n  ]' in capsys.readouterr().out
    assert main(["untrack", PAGE, "--story", "Fire"]) == 0
    assert "was not in the story Fire" in capsys.readouterr().out


def test_an_empty_list_tells_of_the_pages_that_are_known(where, capsys):
    with open_store(str(where)) as store:
        store.targets.ensure(PAGE, NOW)
    assert main(["list"]) == 0
    assert "`variorum list --known` names 1 page" in capsys.readouterr().err


def test_two_stores_do_not_overwrite_each_other_in_one_folder(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("VARIORUM_SIBLINGS", "false")
    archive = [
        "--archive-dialect",
        "warc",
        "--archive-url",
        str(ARCHIVE),
        "--reports",
        str(tmp_path / "reports"),
    ]
    one, other = ["--store", str(tmp_path / "one.db")], ["--store", str(tmp_path / "other.db")]
    assert main([*one, *archive, "backfill", DEMO, "--every-capture"]) == 0
    (report,) = (tmp_path / "reports").glob("*.md")
    first = report.read_bytes()
    capsys.readouterr()

    assert main([*other, *archive, "backfill", DEMO, "--budget", "2"]) == 1
    assert "is a report of another store (../one.db)" in capsys.readouterr().err
    assert report.read_bytes() == first
    assert main([*other, "status"]) == 0
    assert "bodies\t0" in capsys.readouterr().out, "that is found before anything is fetched"
    (tmp_path / "one.db").unlink()
    (tmp_path / "fresh.db").unlink(missing_ok=True)
    assert main(["--store", str(tmp_path / "fresh.db"), *archive, "backfill", DEMO, "--budget", "2"]) == 0
    assert report.read_bytes() != first


@pytest.mark.timeout(120)
def test_a_daemon_that_was_killed_is_reported_as_gone_at_once(where, capsys):
    with open_store(str(where)) as store:
        store.targets.track(PAGE, now=NOW)
    daemon = started("daemon", VARIORUM_DAEMON_TICK_SECONDS="0.2")
    alive(where)
    daemon.kill()
    daemon.communicate(timeout=20)

    assert main(["status", "--max-age", "600"]) == 1
    printed = capsys.readouterr()
    assert "gone, " in printed.out
    assert "0 being looked at" in printed.out
    assert main(["doctor"]) == 1
    assert "it was killed: `variorum daemon` starts one" in capsys.readouterr().out
