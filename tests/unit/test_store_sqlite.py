"""What only a store in a SQLite file can do, or can suffer."""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import zstandard
from custody_samples import EARLY_LOG, early_log
from schemas import migrated, schema_in
from sqlalchemy import event

from crawler.errors import ConfigError, StoreError
from crawler.evidence.custody import custody_problems
from crawler.model import Failure, SaveStatus
from crawler.store import open_store
from crawler.store.engine import engine_for, url_of
from crawler.store.schema import EPOCH
from crawler.store.upgrade import head_revision, known_revisions, upgrade
from store_samples import NOW, URL, add

# --------------------------------------------------------------------------- opening


def test_a_path_is_made_with_its_folders(tmp_path):
    path = tmp_path / "a" / "b" / "v.db"
    open_store(str(path)).close()

    assert path.is_file()


def test_a_url_and_a_path_name_the_same_store(path):
    with open_store(f"sqlite:///{path}", create=False) as store:
        assert [target.url for target in store.targets.all()] == [URL]


@pytest.mark.parametrize(
    "where", ["mysql://host/db", "sqlite://", "sqlite:///:memory:", "://", "nonsense://x"]
)
def test_what_names_no_store_is_a_config_error(where):
    with pytest.raises(ConfigError):
        open_store(where)


def test_a_password_in_a_url_is_never_shown():
    with pytest.raises(StoreError) as caught:
        open_store("postgresql://someone:hunter2@127.0.0.1:1/none?connect_timeout=2")

    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_absent_store_is_not_made_by_one_who_only_reads(tmp_path):
    with pytest.raises(StoreError, match="`variorum backfill URL` or `variorum track URL` makes it"):
        open_store(str(tmp_path / "v.db"), create=False)
    assert list(tmp_path.iterdir()) == []


def test_an_unexpectedly_empty_store_is_refused(tmp_path):
    (tmp_path / "v.db").touch()

    with pytest.raises(StoreError, match="the store is empty"):
        open_store(str(tmp_path / "v.db"), create=False)


@pytest.mark.parametrize("left", ["nothing", "an empty file"])
def test_a_store_that_a_daemon_worked_on_is_not_begun_again_where_it_is_gone(tmp_path, left):
    path, lock = tmp_path / "v.db", tmp_path / "v.db.daemon"
    with open_store(str(path)) as store, store.sole_daemon("one"):
        pass
    path.unlink()
    if left == "an empty file":
        path.touch()
    with pytest.raises(StoreError, match="the store is gone, though a daemon worked on it"):
        open_store(str(path))
    assert not path.exists() or path.stat().st_size == 0

    lock.unlink()
    open_store(str(path)).close()


def test_a_file_that_is_no_database_is_left_alone(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_bytes(b"not a database at all, but long enough to look at " * 100)
    before = path.read_bytes()

    with pytest.raises(StoreError, match="is not a database; name another store"):
        open_store(str(path))
    assert path.read_bytes() == before


def test_a_database_of_another_program_is_left_alone(tmp_path):
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")

    with pytest.raises(StoreError, match="not a store of Variorum"):
        open_store(str(path))


def test_a_folder_is_no_store(tmp_path):
    with pytest.raises(StoreError, match="is a folder"):
        open_store(str(tmp_path))


def test_a_folder_that_is_a_file_is_reported(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(StoreError, match="its folder cannot be made"):
        open_store(str(tmp_path / "file" / "v.db"))


def test_a_folder_without_permission_is_reported(tmp_path):
    """Root may write anywhere, so the opening runs as somebody else there."""
    tmp_path.chmod(0o555)
    code = (
        "import os, sys\n"
        "from crawler.errors import StoreError\n"
        "from crawler.store import open_store\n"
        "if os.geteuid() == 0: os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "try: open_store(sys.argv[1])\n"
        "except StoreError as error: print(error)\n"
    )
    shared = Path("/tmp") / f"variorum-test-{os.getpid()}"
    shared.mkdir(mode=0o555)
    try:
        done = subprocess.run(
            [sys.executable, "-c", code, str(shared / "v.db")],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    finally:
        shared.rmdir()

    assert "cannot be opened; does the folder exist, and may we write there?" in done.stdout


def test_the_queue_finds_what_is_due_by_its_index(path):
    asked = []
    with open_store(str(path)) as store:
        event.listen(
            store.database.engine,
            "before_cursor_execute",
            lambda _connection, _cursor, statement, values, *_: asked.append((statement, values)),
        )
        store.queue.claim_due(NOW, limit=5, lease_seconds=60, worker="w")
        (query,) = [each for each in asked if each[0].startswith("SELECT target.")]
        with store.database.reading() as connection:
            plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query[0]}", query[1]).all())

    assert "USING INDEX ix_target_due" in plan
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan


# --------------------------------------------------------------------------- upgrading


def test_a_store_of_a_later_version_is_refused_with_both_versions_named(path):
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.execute("UPDATE meta SET value = '7.5.0' WHERE name = 'variorum'")
    before = path.read_bytes()

    with pytest.raises(StoreError) as caught:
        open_store(str(path))
    assert "written by Variorum 7.5.0 (schema 9999)" in str(caught.value)
    assert f"(schema {head_revision()})" in str(caught.value)
    assert path.read_bytes() == before


def test_the_tables_and_the_migrations_agree(tmp_path):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from crawler.store.partial_indexes import metadata

    engine = migrated(str(tmp_path / "migrated.db"))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_a_store_made_at_once_has_the_schema_of_one_that_was_migrated(tmp_path):
    engine = migrated(str(tmp_path / "migrated.db"))
    with open_store(str(tmp_path / "made.db")) as store:
        made, grown = schema_in(store.database.engine), schema_in(engine)
        assert store.status().schema == head_revision()
    engine.dispose()

    assert "alembic_version" in made
    assert made == grown


OLD = """
INSERT INTO meta VALUES ('variorum', '0.0.1');
INSERT INTO target (id, url, added, tracked, next_due) VALUES (7, 'https://gazette.example/harbour-fire', 1, 1, 2);
INSERT INTO body VALUES ('{sha}', NULL, 'zstd', 0, 4, x'{z}');
INSERT INTO capture (id, target_id, archive, url, urlkey, at, digest, outcome, sha256)
  VALUES (9, 7, 'a', 'https://gazette.example/harbour-fire', 'k', 1000000, 'd', 'not_article', '{sha}');
"""


@pytest.mark.parametrize("revision", known_revisions()[1:])
def test_a_filled_store_of_every_earlier_schema_keeps_all_and_leaves_a_backup(tmp_path, revision):
    path = tmp_path / "old.db"
    engine = engine_for(url_of(str(path)))
    upgrade(engine, str(path), create=True, to=revision)
    engine.dispose()
    sha256, z = hashlib.sha256(b"page").hexdigest(), zstandard.compress(b"page").hex()
    with closing(sqlite3.connect(path)) as raw:
        raw.executescript("DELETE FROM meta;" + OLD.format(sha=sha256, z=z))

    with open_store(str(path), create=False) as store:
        (seen,) = store.captures.of(store.targets.find(URL))
        assert store.bodies.read(seen.sha256) == b"page"
        assert list(store.verify()) == []
        assert store.status().schema == head_revision()
    with closing(sqlite3.connect(f"{path}.schema-{revision}.backup")) as backup:
        assert backup.execute("SELECT version_num FROM alembic_version").fetchall() == [(revision,)]
        assert backup.execute("SELECT id, sha256 FROM capture").fetchall() == [(9, sha256)]


def test_the_story_of_each_page_is_kept_by_the_upgrade_to_several(tmp_path):
    path = tmp_path / "old.db"
    engine = engine_for(url_of(str(path)))
    upgrade(engine, str(path), create=True, to="0020")
    engine.dispose()
    with closing(sqlite3.connect(path)) as raw:
        raw.executescript(
            "INSERT INTO target (id, url, added, tracked, next_due, story) VALUES"
            " (1, 'https://a.example/1', 1, 1, 2, 'Fire'), (2, 'https://a.example/2', 1, 1, 2, NULL),"
            " (3, 'https://a.example/3', 1, 0, 2, 'Fire'), (4, 'https://a.example/4', 1, 1, 2, ''),"
            " (5, 'https://a.example/5', 1, 1, 2, '  ');"
        )
    with open_store(str(path), create=False) as store:
        found = {each.url: each.stories for each in store.targets.all(include_untracked=True)}
        assert found == {f"https://a.example/{n}": ("Fire",) if n in (1, 3) else () for n in range(1, 6)}
        assert [each.url for each in store.targets.all(story="Fire")] == ["https://a.example/1"]


def test_what_was_found_before_the_upgrade_counts_as_looked_at_by_what_announces(tmp_path):
    path = tmp_path / "old.db"
    engine = engine_for(url_of(str(path)))
    upgrade(engine, str(path), create=True, to="0021")
    engine.dispose()
    # By page: last look, parser that found its findings, evidence then and now, captures fetched.
    pages = {
        "never": (None, 0, None, 3, [50]),
        "looked": (40, 5, 3, 3, [30]),
        "killed": (40, 5, 3, 4, [30, 50]),
        "by hand": (None, 5, 3, 3, [50]),
        "by hand later": (40, 5, 3, 3, [30, 50]),
    }
    with closing(sqlite3.connect(path)) as raw:
        for number, (name, (looked, parser, found, evidence, fetched)) in enumerate(pages.items(), start=1):
            raw.execute(
                "INSERT INTO target (id, url, added, tracked, next_due, last_looked, found_parser, found_evidence, evidence)"
                " VALUES (?, ?, 1, 1, 2, ?, ?, ?, ?)",
                (number, name, looked, parser, found, evidence),
            )
            for at in fetched:
                raw.execute(
                    "INSERT INTO capture (target_id, archive, url, urlkey, at, digest, outcome, fetched)"
                    " VALUES (?, 'a', 'u', 'k', ?, 'd', 'fetched', ?)",
                    (number, at, at),
                )
        raw.commit()
    open_store(str(path), create=False).close()

    with closing(sqlite3.connect(path)) as raw:
        found = dict(raw.execute("SELECT url, announced FROM target"))
        known = {row[0] for row in raw.execute("SELECT announced_capture FROM target WHERE announced > 0")}
    assert found == {"never": None, "looked": 40, "killed": 40, "by hand": 50, "by hand later": 50}
    assert known == {7}


def test_a_log_of_before_0026_is_packed_and_every_entry_says_and_proves_what_it_did(tmp_path):
    path = tmp_path / "old.db"
    engine = engine_for(url_of(str(path)))
    upgrade(engine, str(path), create=True, to="0025")
    engine.dispose()
    # More than the upgrade reads at once, of two pages.
    logs = {number: early_log(number, f"{URL}-{number}", 700) for number in (1, 2)}
    with closing(sqlite3.connect(path)) as raw, raw:
        for number, rows in logs.items():
            raw.execute(
                f"INSERT INTO target (id, url, added, tracked, next_due) VALUES ({number}, '{URL}-{number}', 1, 1, 2)"
            )
            raw.executemany(f"{EARLY_LOG} (?, ?, ?, ?, ?, ?, ?)", rows)
            raw.execute("INSERT INTO custody_tip VALUES (?, ?, ?)", (rows[-1][0], rows[-1][1], rows[-1][6]))
    altered = shutil.copy(path, tmp_path / "altered.db")

    with open_store(str(path), create=False) as store:
        for number, rows in logs.items():
            entries = store.custody.of(store.targets.find(f"{URL}-{number}"))
            found = [(e.target, e.position, e.at, e.act, e.detail, e.previous, e.hash) for e in entries]
            assert found == [(*row[:2], EPOCH + timedelta(microseconds=row[2]), *row[3:]) for row in rows]
        assert list(custody_problems(store)) == []

    with closing(sqlite3.connect(altered)) as raw, raw:
        raw.execute(
            "UPDATE custody SET detail = replace(detail, '0.0.9', '0.0.8') WHERE (target_id, position) = (1, 30)"
        )
        raw.execute("UPDATE custody SET detail = CAST(x'ff41' AS TEXT) WHERE (target_id, position) = (1, 60)")
        raw.execute("UPDATE custody SET hash = upper(hash) WHERE (target_id, position) = (2, 40)")
        raw.execute("UPDATE custody SET hash = 'none' WHERE (target_id, position) = (2, 80)")
        raw.execute("DELETE FROM custody WHERE (target_id, position) = (2, 90)")
    with open_store(str(altered), create=False) as store:
        named = {each.name.removeprefix(URL) for each in custody_problems(store)}
    places = {"-1": (30, 60), "-2": (40, 41, 80, 81, 91)}
    assert named == {f"{page} entry {place}" for page, each in places.items() for place in each}


def test_an_upgrade_that_fails_leaves_the_store_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "old.db"
    engine = engine_for(url_of(str(path)))
    upgrade(engine, str(path), create=True, to="0001")
    engine.dispose()

    def broken(*_: object) -> None:
        raise StoreError("the upgrade would break references")

    monkeypatch.setattr("crawler.store.upgrade._check_keys", broken)
    with pytest.raises(StoreError, match="would break references"):
        open_store(str(path))
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
        assert "dropped" not in {row[1] for row in raw.execute("PRAGMA table_info(capture)")}


@pytest.mark.parametrize("revision", known_revisions())
def test_an_empty_store_of_every_earlier_schema_becomes_one_of_this(tmp_path, revision):
    path = tmp_path / "old.db"
    engine = engine_for(url_of(str(path)))
    upgrade(engine, str(path), create=True, to=revision)
    engine.dispose()

    with open_store(str(path), create=False) as store:
        assert store.status().schema == head_revision()
        add(store, 1)
        assert list(store.verify()) == []


def test_two_processes_may_open_a_new_store_at_once(tmp_path):
    path = str(tmp_path / "v.db")
    failures: list[BaseException] = []
    ready = threading.Barrier(4)

    def opening() -> None:
        ready.wait(100)
        try:
            open_store(path).close()
        except StoreError as error:
            failures.append(error)

    threads = [threading.Thread(target=opening) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert failures == []


def test_a_new_store_waits_for_whoever_is_writing_before_the_log_is_switched(tmp_path):
    path = str(tmp_path / "v.db")
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    free = threading.Timer(0.5, other.execute, ["COMMIT"])
    free.start()

    with open_store(path) as store:
        assert list(store.verify()) == []

    free.join(30)
    other.close()


def test_a_damaged_table_is_reported_by_the_scrub(path):
    with closing(sqlite3.connect(path)) as raw:
        (size,) = raw.execute("PRAGMA page_size").fetchone()
        named = "SELECT rootpage FROM sqlite_master WHERE tbl_name = 'capture' AND type = 'index'"
        (page,) = raw.execute(named).fetchone()
    data = bytearray(path.read_bytes())
    data[(page - 1) * size : page * size] = bytes(size)
    path.write_bytes(data)

    with open_store(str(path), create=False) as store:
        (problem, *_) = store.scrub()
    assert problem.what == "database"
    assert "restore a backup" in problem.detail


def test_what_the_sixth_schema_reads_out_of_sentences_becomes_fields(tmp_path):
    path = tmp_path / "v.db"
    engine = engine_for(url_of(str(path)))
    upgrade(engine, str(path), create=True, to="0004")
    reasons = {
        "not now: no answer": (Failure.UNREACHABLE, "no answer"),
        "a maintenance page": (Failure.UNKNOWN, "a maintenance page"),
        "its bytes were let go, and the captures beside it are read differently now": (
            Failure.DROPPED,
            "its bytes were let go, and the captures beside it are read differently now",
        ),
    }
    said = {
        "asked, no answer yet": (SaveStatus.ASKED, None),
        "refused: This page is excluded": (SaveStatus.REFUSED, "This page is excluded"),
        "saved: done: fine": (SaveStatus.SAVED, "done: fine"),
        "The host cannot be found: check it.": (SaveStatus.FAILED, "The host cannot be found: check it."),
    }
    with engine.begin() as connection:
        for number, words in enumerate(said):
            connection.exec_driver_sql(
                "INSERT INTO target (url, added, tracked, next_due, lease_worker, lease_until, save_said) "
                "VALUES (?, 0, 1, 0, ?, 9, ?)",
                (f"{URL}-{number}", ("daemon host 1", "run host 2")[number % 2], words),
            )
        for number, words in enumerate(reasons):
            connection.exec_driver_sql(
                "INSERT INTO capture (target_id, archive, url, urlkey, at, outcome, reason) VALUES (1, 'a', 'u', 'k', ?, 'failed', ?)",
                (number, words),
            )
        connection.exec_driver_sql(
            "INSERT INTO heartbeat VALUES ('daemon', 'daemon host 1', 0, 0, 'paused: the disk is full')"
        )
    engine.dispose()

    with open_store(str(path)) as store:
        targets = list(store.targets.all())
        rows = list(store.captures.of(targets[0]))
        beat = store.status().heartbeat
        assert [(row.failure, row.reason) for row in rows] == list(reasons.values())
        assert [(row.tries, row.ask_again) for row in rows] == [(1, None)] * 3
        assert [row.may_pass for row in rows] == [True, True, False]
        assert [(each.save_status, each.save_said) for each in targets] == list(said.values())
        assert (beat.state, beat.reason) == ("paused", "the disk is full")
        assert (store.status().again, store.status().never) == (2, 1)
        assert store.queue.release_daemons() == 2
