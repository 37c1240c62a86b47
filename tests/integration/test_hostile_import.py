"""A WARC from a stranger cannot take the importing process along, nor what else the files hold."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.archive.warc import write_warc
from crawler.cli import main
from crawler.model import Capture, Snapshot

SITE = "https://gazette.example/"
# A parser that obeys the page; a real one that did this would be a bug in a C library.
BOMB = """
import ctypes
import crawler.parser
real = crawler.parser.parse
def parse(body, **fields):
    if body.startswith(b"segfault"): ctypes.string_at(0)
    if body.startswith(b"memory"): return bytearray(2**33)
    return real(body, **fields)
crawler.parser.parse = parse
"""


def page(toll: int) -> bytes:
    lines = "".join(f"<p>The council said that {toll} people were rescued, line {n}.</p>" for n in range(5))
    return f"<html><body><h1>Fire at the harbour</h1>{lines}</body></html>".encode()


@pytest.mark.timeout(400)
def test_a_page_that_crashes_the_parser_is_quarantined_and_the_others_are_taken(tmp_path: Path) -> None:
    shots = []
    for number, body in enumerate([page(3), b"segfault " * 9, page(4), b"memory " * 9, page(5)]):
        at = datetime(2025, 3, 1, number, tzinfo=UTC)
        row = Capture(archive="a", url=f"{SITE}fire", urlkey="k", at=at)
        shots.append(
            Snapshot(capture=row, served_at=at, url=row.url, status=200, content_type="text/html", body=body)
        )
    warc = write_warc(tmp_path / "in.warc.gz", shots, created=datetime(2025, 4, 1, tzinfo=UTC)).warc
    (tmp_path / "sitecustomize.py").write_text(BOMB)
    store = str(tmp_path / "v.db")
    command = [str(Path(sys.executable).parent / "variorum"), "--store", store]
    done = subprocess.run(
        [*command, "import", str(warc)],
        check=False,
        capture_output=True,
        text=True,
        timeout=200,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )

    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    said = subprocess.run(
        [*command, "status", f"{SITE}fire"], check=True, capture_output=True, text=True, timeout=200
    )
    lines = [line.split("\t")[2:] for line in said.stdout.splitlines() if "\t" in line]
    assert [line[0] for line in lines] == ["Outcome", *["read", "not the article"] * 2, "read"]
    assert lines[2][1].startswith("quarantined: the parser crashed (SIGSEGV)")
    assert lines[4][1].startswith("quarantined: the parser needed more than")
    assert main(["--store", store, "verify"]) == 0
