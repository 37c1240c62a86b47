"""A rebuild on a Dask cluster equals one in this process, whoever dies meanwhile."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from made_site import SLUGS, address, page

from crawler.cli import main
from crawler.cluster.engine import Cluster
from crawler.maintenance.rebuild import rebuild
from crawler.model import Capture, Snapshot
from crawler.sandbox import SandboxedParser
from crawler.store import open_store
from crawler.tracking.pipeline import Pipeline
from crawler.tracking.siblings import Neighbourhood
from diffs.model import Article, Outcome

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TURNS = 20
BOMB = "bomb-7"
pytestmark = [
    pytest.mark.timeout(180),
    # distributed 2026.8 leaves sockets and loops to the collector when a scheduler dies.
    pytest.mark.filterwarnings("default"),
]


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A store of nine pages with twenty captures each, read by an earlier parser; one page ends whoever reads it."""
    path = tmp_path_factory.mktemp("filled") / "v.db"
    with open_store(str(path)) as store:
        for number in range(len(SLUGS)):
            target = store.targets.ensure(address(number), NOW)
            for turn in range(TURNS):
                at = NOW + timedelta(days=number, hours=turn)
                edit = (
                    BOMB if (number, turn) == (4, 3) else f"{turn // 5 + 3} people were hurt, officials said."
                )
                capture = Capture(
                    archive="a", url=target.url, urlkey=target.url, at=at, mimetype="text/html", status=200,
                    digest=f"D{number}-{turn}",
                )  # fmt: skip
                store.captures.observe(target, [capture])
                shot = Snapshot(
                    capture=capture, served_at=at, url=target.url, status=200, content_type="text/html",
                    body=page(number, turn, edit=edit),
                )  # fmt: skip
                seen = store.captures.at(target, at)
                article = Article.from_text("Before", "As another parser read it.")
                store.captures.keep(seen, shot, outcome=Outcome.FETCHED, article=article, parser="0", now=NOW)
    return path


@pytest.fixture
def bombs(tmp_path, monkeypatch):
    """Make every process started from here on die of the page that holds the bomb."""
    (tmp_path / "sitecustomize.py").write_text(
        textwrap.dedent(
            f"""
            import os
            import crawler.parser
            real = crawler.parser.parse
            def parse(body, **fields):
                if b"{BOMB}" in body: os._exit(139)
                return real(body, **fields)
            crawler.parser.parse = parse
            """
        )
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))


def dump(path):
    with sqlite3.connect(path) as database:
        names = ("capture", "article", "finding", "template", "target")
        return {name: sorted(map(repr, database.execute(f'SELECT * FROM "{name}"'))) for name in names}


def rebuilt(path, cluster=None):
    with open_store(str(path)) as store, SandboxedParser() as parser:
        targets = list(store.targets.all(include_untracked=True))
        engine = None if cluster is None else partial(cluster.readings, alone=parser.parse)
        return list(
            rebuild(
                Pipeline(store, [], read=parser.parse),
                targets,
                neighbourhood=Neighbourhood(store),
                now=NOW,
                engine=engine,
            )
        )


def test_a_local_cluster_reads_what_one_process_reads_and_bears_a_page_that_kills_its_workers(
    filled, tmp_path, bombs
):
    alone, shared = (shutil.copy(filled, tmp_path / name) for name in ("alone.db", "shared.db"))
    done = rebuilt(alone)
    with Cluster.at("local", jobs=2) as cluster:
        assert rebuilt(shared, cluster) == done
        assert cluster.pages == len(SLUGS) * TURNS
        assert 1 <= cluster.here <= 4 * 16
    assert dump(shared) == dump(alone)
    with sqlite3.connect(shared) as database:
        (reason,) = database.execute("SELECT reason FROM capture WHERE digest = 'D4-3'").fetchone()
    assert "quarantined" in reason


def _scheduler(port):
    words = [
        "-m",
        "distributed.cli.dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-dashboard",
    ]
    return subprocess.Popen([sys.executable, *words], stderr=subprocess.DEVNULL)


def _worker(port, folder):
    words = ["-m", "distributed.cli.dask_worker", f"tcp://127.0.0.1:{port}", "--nthreads", "1", "--no-nanny"]
    words += ["--local-directory", str(folder), "--no-dashboard"]
    return subprocess.Popen([sys.executable, *words], stderr=subprocess.DEVNULL)


def test_workers_and_the_scheduler_are_killed_and_every_row_is_as_in_one_process(filled, tmp_path):
    alone, shared = (shutil.copy(filled, tmp_path / name) for name in ("alone.db", "shared.db"))
    done = rebuilt(alone)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    running = [_scheduler(port), _worker(port, tmp_path)]
    over = threading.Event()

    def kill() -> None:
        """Kill the worker twice and the scheduler once, and start each again."""
        for place in (1, 0, 1):
            if over.wait(1.0):
                return
            running[place].send_signal(signal.SIGKILL)
            running[place].wait(10)
            running[place] = (_scheduler, partial(_worker, folder=tmp_path))[place](port)

    try:
        for _ in range(5):
            try:
                cluster = Cluster.at(f"tcp://127.0.0.1:{port}")
                break
            except Exception:  # noqa: BLE001  it starts
                time.sleep(1)
        with cluster:
            killer = threading.Thread(target=kill)
            killer.start()
            assert rebuilt(shared, cluster) == done
            over.set()
            killer.join(60)
    finally:
        for each in running:
            each.kill()
            each.wait(10)
    assert dump(shared) == dump(alone)


def test_what_is_no_cluster_is_an_error_that_says_what_to_give(filled, capsys, monkeypatch):
    words = ["--store", str(filled), "rebuild", "--cluster"]
    assert main([*words, "tcp://127.0.0.1:9"]) == 1
    assert "No Dask scheduler answers at tcp://127.0.0.1:9" in capsys.readouterr().err
    assert main([*words, "local", "--shard", "1/2", "--out", "x"]) == 2
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert main([*words, "local"]) == 1
    assert "pip install 'variorum[cluster]'" in capsys.readouterr().err
