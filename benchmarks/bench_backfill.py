"""Measures 200 captures end to end, from an archive on this machine to what changed, next to the tools commonly used for it.

    ours     `variorum backfill URL --every-capture`: bytes, headers and digests kept, articles, figures, changes, a report
    theirs   `wayback` for index and bodies, kept as gzip files; trafilatura for the text; diff-match-patch between neighbours

The peers are installed apart, as the project needs none of them for this:

    python -m venv FOLDER && FOLDER/bin/pip install wayback trafilatura diff-match-patch
    python benchmarks/bench_backfill.py FOLDER [--captures 200]

Both ask the same server for the same pages, in a process of its own whose time is not counted; times are the processor time of
each side with all processes that it starts, the best of several rounds that take turns.
"""

import argparse
import base64
import hashlib
import os
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlsplit

from made_stories import START, page

URL = "https://gazette-1.example/news/1-of-the-storm"
THEIRS = """
import gzip, sys
from pathlib import Path
from diff_match_patch import diff_match_patch
from requests.adapters import HTTPAdapter
from trafilatura import extract
from wayback import WaybackClient, WaybackSession
here, url, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
class Here(HTTPAdapter):
    def send(self, request, **fields):
        asked = request.url
        request.url = here + asked.partition("//web.archive.org")[2]
        response = super().send(request, **fields)
        response.url = request.url = asked
        return response
session = WaybackSession(search_calls_per_second=0, memento_calls_per_second=0)
getattr(session, "_session", session).mount("https://web.archive.org", Here())
client, engine, last, found = WaybackClient(session), diff_match_patch(), None, 0
for number, row in enumerate(client.search(url)):
    with client.get_memento(row) as memento:
        body = memento.content
    (folder / f"{row.timestamp:%Y%m%d%H%M%S}.html.gz").write_bytes(gzip.compress(body))
    text = extract(body, url=url, include_comments=False) or ""
    if last is not None:
        diffs = engine.diff_main(last, text)
        engine.diff_cleanupSemantic(diffs)
        found += len(diffs) > 1
    last = text
print(number + 1, "captures", found, "pairs differ")
"""


class Replay(BaseHTTPRequestHandler):
    """Answers as the Wayback Machine does: its index, and captures as they were served."""

    protocol_version = "HTTP/1.1"

    def __init__(self, bodies: dict[datetime, bytes], *given: object) -> None:
        self.bodies = bodies
        super().__init__(*given)

    def do_GET(self) -> None:
        """Answer a query of the index, or with a capture."""
        path = urlsplit(self.path).path
        if path == "/cdx/search/cdx":
            lines = [
                f"example,gazette-1)/news/1-of-the-storm {at:%Y%m%d%H%M%S} {URL} text/html 200 {_digest(body)} {len(body)}"
                for at, body in self.bodies.items()
            ]
            self._answer("\n".join([*lines, ""]).encode(), {"Content-Type": "text/plain"})
            return
        at = datetime.strptime(path.removeprefix("/web/")[:14], "%Y%m%d%H%M%S").replace(tzinfo=START.tzinfo)
        headers = {
            "Content-Type": "text/html; charset=utf-8",
            "Memento-Datetime": f"{at:%a, %d %b %Y %H:%M:%S} GMT",
            "Link": f'<{URL}>; rel="original"',
            "X-Archive-Orig-Server": "nginx",
            "X-Archive-Orig-Content-Type": "text/html; charset=utf-8",
        }
        self._answer(self.bodies[at], headers)

    def _answer(self, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(200)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing: a benchmark prints only figures."""


def _digest(body: bytes) -> str:
    return base64.b32encode(hashlib.sha1(body).digest()).decode()


def serve(captures: int, port: Connection) -> None:
    """Be the archive, and tell the port."""
    bodies = {START + timedelta(hours=turn): page(1, 1, turn) for turn in range(captures)}
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Replay, bodies))
    port.send(server.server_address[1])
    server.serve_forever()


def used(command: list[str], folder: Path) -> tuple[float, str]:
    """Return the processor seconds that a command takes with all that it starts, and its last line."""
    before = os.times()
    # The peers were compiled when they were installed; so the second round runs ours compiled as well.
    environment = {**os.environ, "VARIORUM_REPORTS": str(folder), "PYTHONDONTWRITEBYTECODE": ""}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    after = os.times()
    taken = after.children_user + after.children_system - before.children_user - before.children_system
    return taken, (done.stdout + done.stderr).strip().splitlines()[-1][:100]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peers", type=Path, nargs="?")
    parser.add_argument("--captures", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    if asked.peers is None:
        print("bench_backfill: skipped; name an environment with the peers, as this file's first lines say")
        return 0
    context = get_context("spawn")
    here, there = context.Pipe()
    archive = context.Process(target=serve, args=(asked.captures, there), daemon=True)
    archive.start()
    base = f"http://127.0.0.1:{here.recv()}"
    ours, theirs = [], []
    for _ in range(asked.rounds):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            words = ["--store", str(folder / "v.db"), "--archive-url", base, "--no-siblings", "-q"]
            command = [
                str(Path(sys.executable).parent / "variorum"),
                *words,
                "backfill",
                URL,
                "--every-capture",
            ]
            ours.append(used(command, folder))
            theirs.append(used([str(asked.peers / "bin" / "python"), "-c", THEIRS, base, URL, name], folder))
    archive.terminate()
    us, them = min(ours)[0], min(theirs)[0]
    print(f"ours:   {1e3 * us / asked.captures:6.1f} ms a capture ({ours[0][1]})")
    print(f"theirs: {1e3 * them / asked.captures:6.1f} ms a capture ({theirs[0][1]})")
    print(f"ratio:  {us / them:6.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
