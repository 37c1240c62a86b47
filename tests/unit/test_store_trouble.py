"""What a SQLite file can suffer without losing anything: a full disk, a lock, a log that grows."""

import os
import resource
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from crawler.errors import StoreError
from crawler.model import Capture
from crawler.store import open_store
from store_samples import NOW, URL, add


def test_a_full_disk_loses_nothing_and_passes_when_there_is_room_again(path):
    with open_store(str(path)) as store:
        limit = [160]
        event.listen(
            store.database.engine,
            "begin",
            lambda connection: connection.exec_driver_sql(f"PRAGMA max_page_count = {limit[0]}"),
        )
        kept = []

        def fill() -> None:
            for number in range(2, 100):
                kept.extend([add(store, number, os.urandom(20_000))])

        with pytest.raises(StoreError, match="the disk is full") as caught:
            fill()
        assert caught.value.transient
        assert kept
        assert all(store.bodies.read(seen.sha256) for seen in kept)
        assert list(store.verify()) == []

        limit[0] = 4_294_967_294
        add(store, 200, os.urandom(20_000))
        assert list(store.verify()) == []


@pytest.mark.soak
def test_a_file_size_limit_loses_nothing_acknowledged(path):
    """The limit is the kernel's: a write beyond it fails as on a full disk, in a process of its own."""
    code = (
        "import resource, signal, sys, os\n"
        "from pathlib import Path\n"
        "sys.path.insert(0, str(Path(sys.argv[2]).parent))\n"
        "from test_store_trouble import add\n"
        "from crawler.errors import StoreError\n"
        "from crawler.store import open_store\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "with open_store(sys.argv[1]) as store:\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))\n"
        "    try:\n"
        "        for number in range(2, 100):\n"
        "            print(add(store, number, os.urandom(20_000)).sha256, flush=True)\n"
        "    except StoreError as error: print('told', error, flush=True)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path), __file__],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    *acknowledged, last = done.stdout.splitlines()

    assert last.startswith("told")
    assert len(acknowledged) > 3
    with open_store(str(path)) as store:
        assert all(store.bodies.read(sha256) for sha256 in acknowledged)
        assert list(store.verify()) == []


def test_a_writer_waits_for_another_that_holds_the_lock(path):
    with open_store(str(path)) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = threading.Event()

        def write() -> None:
            add(store, 2)
            done.set()

        thread = threading.Thread(target=write)
        thread.start()
        assert not done.wait(0.3)
        other.execute("COMMIT")
        assert done.wait(100)
        thread.join(10)


def test_maintenance_folds_the_log_away(path):
    with open_store(str(path)) as store:
        for number in range(2, 12):
            add(store, number, os.urandom(20_000))
        log = Path(f"{path}-wal")
        assert log.stat().st_size > 100_000
        store.maintain()
        assert log.stat().st_size == 0


def test_maintenance_leaves_a_store_that_somebody_writes_to_the_next_round(path):
    with open_store(str(path)) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        with store.database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 100")
        add(store, 2)
        other.execute("BEGIN IMMEDIATE")
        store.maintain()
        other.execute("ROLLBACK")
        store.maintain()

        assert Path(f"{path}-wal").stat().st_size == 0


def test_reading_page_by_page_holds_no_lock_that_lets_the_log_grow(path):
    with open_store(str(path)) as store:
        target = store.targets.find(URL)
        store.captures.observe(
            target,
            (Capture(archive="b", url=URL, urlkey="k", at=NOW + timedelta(seconds=n)) for n in range(1200)),
        )
        reader = store.captures.of(target)
        next(reader)
        store.maintain()

        assert Path(f"{path}-wal").stat().st_size == 0
        assert len(list(reader)) == 1200


def test_memory_stays_flat_while_captures_stream_in(tmp_path):
    with open_store(str(tmp_path / "v.db")) as store:
        target, _ = store.targets.track(URL, now=NOW)
        rows = (
            Capture(archive="a", url=URL, urlkey="k", at=NOW + timedelta(seconds=n), digest=f"{n:032}")
            for n in range(12_000)
        )
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        store.captures.observe(target, rows)
        assert sum(1 for _ in store.captures.of(target)) == 12_000
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before

    assert grown < 20_000, f"{grown} KiB"
