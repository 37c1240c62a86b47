"""Reading and comparing the demo's captures, and starting up, against the tools that are commonly used for it, in one run.

    comparing   ours: article, casualty figures, changes with weights; theirs: trafilatura's text, diff-match-patch on it
    starting    `variorum --help`; `waybackpy --help`

The peers are installed apart, as the project needs none of them for this:

    python -m venv FOLDER && FOLDER/bin/pip install trafilatura diff-match-patch waybackpy
    python benchmarks/bench_peers.py FOLDER [PAGES]

PAGES is a folder of *.html files, sorted as they follow each other; by default the demo's captures, which are short. Times are processor
time, each the best of several rounds that take turns, each in a new process that has read one other page before. Both sides read
the same bytes; a page that a side reads no text from is counted. trafilatura wants `lxml_html_clean` next to it with newer lxml.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "seeds" / "demo" / "meridian-courier.warc.gz"
ROUNDS = 5

OURS = """
from datetime import UTC, datetime
from crawler.parser import parse
from diffs.changes import changes_between
from diffs.claims import claims_in
def read(body, url): return parse(body, url=url)
def text(article): return article.text
def compare(old, new):
    claims_in(old), claims_in(new)
    return changes_between(old, new)
"""
THEIRS = """
from diff_match_patch import diff_match_patch
from trafilatura import extract
def read(body, url): return extract(body, url=url, include_comments=False)
def text(article): return article
def compare(old, new):
    engine = diff_match_patch()
    found = engine.diff_main(old or "", new or "")
    engine.diff_cleanupSemantic(found)
    return found
"""
TIMED = """
import json, sys, time
from pathlib import Path
pages = [(body.read_bytes(), body.with_suffix(".url").read_text()) for body in sorted(Path(sys.argv[1]).glob("*.html"))]
def once():
    began = time.process_time()
    articles = [read(*page) for page in pages]
    parted = time.process_time()
    for old, new in zip(articles, articles[1:]):
        compare(old, new)
    ended = time.process_time()
    return parted - began, ended - parted, sum(not text(article) for article in articles)
warm = [(b"<h1>Ferry sinks</h1>" + b"<p>The coastguard said on Sunday that %d people were killed.</p>" % (each,) * 9, "https://courier.example/a") for each in (3, 4)]
compare(*[read(*page) for page in warm])
print(json.dumps(once()))
"""


def lay_out(folder: Path) -> int:
    """Write the demo's pages into a folder, one file each with its address next to it; returns how many."""
    number = 0
    with DEMO.open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type != "response" or "html" not in (
                record.http_headers.get_header("Content-Type") or ""
            ):
                continue
            (folder / f"{number:04}.html").write_bytes(record.content_stream().read())
            (folder / f"{number:04}.url").write_text(record.rec_headers.get_header("WARC-Target-URI"))
            number += 1
    return number


def borrow(pages: Path, folder: Path) -> int:
    """Copy pages into a folder as if each were of one site; returns how many."""
    found = sorted(pages.glob("*.html"))
    for number, page in enumerate(found):
        (folder / f"{number:04}.html").write_bytes(page.read_bytes())
        (folder / f"{number:04}.url").write_text("https://courier.example/news/page")
    return len(found)


def timed(python: str, side: str, folder: Path) -> tuple[float, float, int]:
    """Return the seconds that a side takes to read all pages, and to compare each with the next, and its empty pages."""
    done = subprocess.run(
        [python, "-c", side + TIMED, str(folder)],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    read, compared, empty = json.loads(done.stdout)
    return read, compared, empty


def started(*command: str) -> float:
    """Return the processor seconds that a command takes from start to end."""
    before = os.times()
    # The peers were compiled when they were installed; so the second round runs ours compiled as well.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    subprocess.run(command, check=True, capture_output=True, env=environment)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main() -> None:
    if len(sys.argv) not in (2, 3):
        print("bench_peers: skipped; name an environment with the peers, as this file's first lines say")
        return
    peers, here = Path(sys.argv[1]) / "bin", Path(sys.executable).parent
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages = borrow(Path(sys.argv[2]), folder) if len(sys.argv) == 3 else lay_out(folder)
        ours, theirs, us, them = [], [], [], []
        for _ in range(ROUNDS):
            ours.append(timed(sys.executable, OURS, folder))
            theirs.append(timed(str(peers / "python"), THEIRS, folder))
            us.append(started(str(here / "variorum"), "--help"))
            them.append(started(str(peers / "waybackpy"), "--help"))
    print(f"{pages} pages, best of {ROUNDS}, ms of processor time")
    print(f"{'':32} {'ours':>8} {'theirs':>8} {'ratio':>6}")
    for label, place in (("reading, a page", 0), ("comparing, a pair of pages", 1)):
        a, b = (1e3 * min(each[place] for each in side) / (pages - place) for side in (ours, theirs))
        print(f"{label:32} {a:8.2f} {b:8.2f} {a / b:6.2f}")
    a, b = (1e3 * min(read + compared for read, compared, _ in side) / pages for side in (ours, theirs))
    print(f"{'both, a page':32} {a:8.2f} {b:8.2f} {a / b:6.2f}")
    a, b = 1e3 * min(us), 1e3 * min(them)
    print(f"{'--help':32} {a:8.0f} {b:8.0f} {a / b:6.2f}")
    print(f"pages without text: ours {ours[0][2]}, theirs {theirs[0][2]}")


if __name__ == "__main__":
    main()
