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


def rebuilt(path, cluster=None, around=iter):
    with open_store(str(path)) as store, SandboxedParser() as parser:
        targets = list(store.targets.all(include_untracked=True))
        engine = cluster and (lambda coming: around(cluster.readings(coming, alone=parser.parse)))
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


def _started(starters):
    """Start a scheduler and workers, and connect to them."""
    running = [start() for start in starters]
    for _ in range(20):
        try:
            return running, Cluster.at(f"tcp://127.0.0.1:{starters[0].args[0]}")
        except Exception:  # noqa: BLE001  it starts
            time.sleep(1)
    raise AssertionError("no scheduler came up")


@pytest.mark.parametrize(
    ("workers", "killed"),
    [
        pytest.param(1, {3: 1, 8: 0}, id="one worker and the scheduler"),
        pytest.param(
            2,
            {2: 1, 5: 2, 8: 1, 11: 0, 14: 2, 17: 1},
            id="five workers and the scheduler",
            marks=(pytest.mark.soak, pytest.mark.timeout(600)),
        ),
    ],
)
def test_workers_and_the_scheduler_are_killed_and_every_row_is_as_in_one_process(
    filled, tmp_path, workers, killed
):
    alone, shared = (shutil.copy(filled, tmp_path / name) for name in ("alone.db", "shared.db"))
    done = rebuilt(alone)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    starters = [partial(_scheduler, port)]
    starters += [partial(_worker, port, tmp_path / f"w{number}") for number in range(workers)]
    left = dict(killed)

    def between(works):
        """Kill whose turn it is after so many results."""
        for number, pair in enumerate(works):
            place = left.pop(number, None)
            if place is not None:
                running[place].send_signal(signal.SIGKILL)
            yield pair

    def supervise() -> None:
        """Start again what has ended: a worker ends by itself with its scheduler."""
        while not over.wait(0.2):
            for place, each in enumerate(running):
                if each.poll() is not None:
                    running[place] = starters[place]()

    running, cluster = _started(starters)
    over = threading.Event()
    supervisor = threading.Thread(target=supervise)
    supervisor.start()
    try:
        with cluster:
            assert rebuilt(shared, cluster, around=between) == done
    finally:
        over.set()
        supervisor.join(60)
        for each in running:
            each.kill()
            each.wait(10)
    assert left == {}
    assert dump(shared) == dump(alone)


def test_a_page_that_kills_its_readers_costs_its_shard_nothing_else(filled, tmp_path, bombs, capsys):
    alone, shared = (shutil.copy(filled, tmp_path / name) for name in ("alone.db", "shared.db"))
    rebuilt(alone)
    for share in ("1/2", "2/2"):
        words = ["rebuild", "--shard", share, "--out", str(tmp_path / "shards"), "--jobs", "2"]
        assert main(["--store", str(shared), *words]) == 0
    assert main(["--store", str(shared), "rebuild", "--merge", str(tmp_path / "shards")]) == 0
    evidence = ("capture", "article", "template")
    assert [dump(shared)[name] for name in evidence] == [dump(alone)[name] for name in evidence]
    with sqlite3.connect(shared) as database:
        rows = database.execute("SELECT digest FROM capture WHERE reason LIKE '%quarantined%'").fetchall()
    assert rows == [("D4-3",)]


def test_what_is_no_cluster_is_an_error_that_says_what_to_give(filled, capsys, monkeypatch):
    words = ["--store", str(filled), "rebuild", "--cluster"]
    assert main([*words, "tcp://127.0.0.1:9"]) == 1
    assert "No Dask scheduler answers at tcp://127.0.0.1:9" in capsys.readouterr().err
    assert main([*words, "local", "--shard", "1/2", "--out", "x"]) == 2
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert main([*words, "local"]) == 1
    assert "pip install '.[cluster]'" in capsys.readouterr().err
