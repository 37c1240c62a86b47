"""A real Wayback on loopback: pywb in a process of its own."""

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

STARTING = 40.0


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
            subprocess.run([*manager, *words], cwd=home, check=True, capture_output=True, timeout=60)
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
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=10)
    for home in tmp_path_factory.getbasetemp().glob("pywb*"):
        shutil.rmtree(home, ignore_errors=True)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + STARTING
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text("utf-8", "replace")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"pywb did not answer within {STARTING} s: {log.read_text('utf-8', 'replace')}")
