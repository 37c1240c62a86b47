"""What runs next to the tests: a Wayback (pywb), a PostgreSQL, a process that forks; each real and on loopback."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from postgres_server import Server

from crawler.store import Store, open_store

STARTING = 200.0


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], str]]:
    """Start a pywb that serves one WARC or WACZ; gives the address of its collection."""
    running: list[subprocess.Popen[bytes]] = []
    programs = Path(sys.executable).parent

    def start(warc: Path) -> str:
        home = tmp_path_factory.mktemp("pywb")
        manager = [str(programs / "wb-manager")]
        unpack = ["--unpack-wacz"] if warc.suffix == ".wacz" else []
        for words in (["init", "news"], ["add", *unpack, "news", str(warc)]):
            subprocess.run([*manager, *words], cwd=home, check=True, capture_output=True, timeout=200)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        command = [str(programs / "wayback"), "-b", "127.0.0.1", "-p", str(port)]
        log = (home / "log").open("wb")
        running.append(subprocess.Popen(command, cwd=home, stdout=log, stderr=log))
        log.close()
        base = f"http://127.0.0.1:{port}/news"
        _wait_for(f"{base}/", running[-1], home / "log")
        return base

    yield start
    for process in running:
        process.terminate()
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=60)
    for home in tmp_path_factory.getbasetemp().glob("pywb*"):
        shutil.rmtree(home, ignore_errors=True)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + STARTING
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text("utf-8", "replace")
        try:
            with urllib.request.urlopen(url, timeout=60):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"pywb did not answer within {STARTING} s: {log.read_text('utf-8', 'replace')}")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A PostgreSQL of the module's own."""
    running = Server()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def database(server: Server) -> str:
    """The name of a database that holds a store's tables."""
    name = server.new_database()
    open_store(server.url(name)).close()
    return name


@pytest.fixture
def where(server: Server, database: str) -> str:
    """The address of a store in PostgreSQL with nothing in it."""
    return server.emptied(database)


@pytest.fixture
def store(where: str) -> Iterator[Store]:
    with open_store(where) as opened:
        yield opened


@pytest.fixture(scope="module")
def mother(request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    """A process that has imported what the module's `PROGRAM` needs and forks on demand: a start of its own costs a second."""
    process = subprocess.Popen(
        [sys.executable, "-c", request.module.PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.communicate(timeout=20)
