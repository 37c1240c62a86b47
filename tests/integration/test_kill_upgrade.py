"""Killed in the middle of an upgrade, a store is as it was or as it should become, and the next process finishes it."""

import hashlib
import json
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import zstandard
from custody_samples import EARLY_LOG, early_log

from crawler.store import open_store
from crawler.store.engine import engine_for, url_of
from crawler.store.entry_packing import unpacked
from crawler.store.upgrade import head_revision, known_revisions, upgrade

# A process that has imported everything forks one that upgrades a store and kills itself at a statement of its own.
PROGRAM = """
import json, os, signal, sys
from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool
from crawler.store import open_store

for line in sys.stdin:
    where, at = json.loads(line)
    child = os.fork()
    if not child:
        points = 0
        def point(*_):
            global points
            points += 1
            if points == at:
                os.kill(os.getpid(), signal.SIGKILL)
        for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
            event.listen(Engine, name, point)
        event.listen(Pool, "checkin", point)
        open_store(where).close()
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
URL = "https://gazette.example/harbour-fire"
NAME = hashlib.sha256(b"page").hexdigest()
ROWS = """
INSERT INTO target (id, url, added, tracked, next_due) VALUES ({n}, '{url}-{n}', 1, 1, 2);
INSERT INTO capture (id, target_id, archive, url, urlkey, at, digest, outcome, sha256)
  VALUES ({n}, {n}, 'a', '{url}-{n}', 'k', 1000000, 'd', 'not_article', '{name}');
INSERT INTO note (change_id, text, dismissed, at) VALUES ('c{n}', 'checked', 0, 5);
"""
OLDER = known_revisions()[1:]


def old_store(path: Path, revision: str) -> Path:
    engine = engine_for(url_of(str(path)))
    upgrade(engine, str(path), create=True, to=revision)
    engine.dispose()
    body = f"INSERT INTO body VALUES ('{NAME}', NULL, 'zstd', 0, 4, x'{zstandard.compress(b'page').hex()}');"
    with closing(sqlite3.connect(path)) as raw:
        raw.executescript(body + "".join(ROWS.format(n=n, url=URL, name=NAME) for n in range(1, 9)))
        if "0012" <= revision < "0026":
            rows = early_log(1, f"{URL}-1", 40)
            raw.executemany(f"{EARLY_LOG} (?, ?, ?, ?, ?, ?, ?)", rows)
            raw.execute("INSERT INTO custody_tip VALUES (1, ?, ?)", (40, rows[-1][6]))
            raw.commit()
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def evidence(path: Path) -> tuple[str, list[list[tuple[object, ...]]]]:
    """Return the schema's number, and what must be in a store of any."""
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        ((number,),) = raw.execute("SELECT version_num FROM alembic_version").fetchall()
        raw.create_function("unpacked", 1, unpacked)
        log = "detail, hash" if number < "0026" else "unpacked(detail), lower(hex(hash))"
        entries = f"SELECT target_id, position, at, act, {log} FROM custody WHERE position > 1 ORDER BY 1, 2"
        return number, [
            raw.execute(entries).fetchall() if number >= "0012" else [],
            *(
                raw.execute(query).fetchall()
                for query in (
                    "SELECT id, url, added, tracked, next_due FROM target ORDER BY 1",
                    "SELECT id, target_id, archive, url, urlkey, at, digest, outcome, sha256 FROM capture ORDER BY 1",
                    "SELECT sha256, hex(z) FROM body",
                    "SELECT change_id, text, dismissed, at FROM note ORDER BY 1",
                )
            ),
        ]


# From the oldest, every migration is passed; what the others begin with that it has not is seen at fewer statements.
STEPS = {OLDER[-1]: 29, OLDER[0]: 5}


@pytest.mark.parametrize(
    ("revision", "step"),
    [
        *((revision, STEPS.get(revision, 97)) for revision in OLDER),
        *(pytest.param(revision, 1, marks=pytest.mark.soak) for revision in OLDER),
    ],
)
def test_killed_at_any_statement_of_an_upgrade_nothing_is_lost_and_the_next_finishes_it(
    mother, tmp_path, revision, step
):
    old = old_store(tmp_path / "old.db", revision)
    _, before = evidence(old)
    died, at, code = 0, 1, -signal.SIGKILL
    while code != 0:
        folder = tmp_path / str(at)
        folder.mkdir()
        path = Path(shutil.copy(old, folder / "v.db"))
        mother.stdin.write(json.dumps([str(path), at]) + "\n")
        mother.stdin.flush()
        code = int(mother.stdout.readline())
        assert code in (0, -signal.SIGKILL)
        died += code != 0
        number, kept = evidence(path)
        assert number in (revision, head_revision())
        assert kept == before

        with open_store(str(path), create=False) as store:
            assert store.status().schema == head_revision()
            assert list(store.verify()) == []
        assert evidence(path) == (head_revision(), before)
        shutil.rmtree(folder)
        at += step

    print(f"{died} kills in an upgrade from {revision}, nothing lost")  # noqa: T201  a long test tells its figure
    assert died >= 20 / step
