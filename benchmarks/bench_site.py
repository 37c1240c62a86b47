"""What the reading room costs: 1,000 pages of three versions each, made anew, again, and after ten of them changed.

Run with `python benchmarks/bench_site.py [PAGES]`; returns 1 where a limit is passed. Times are CPU seconds of this
process; the search index is left out, which Pagefind makes in a process of its own.
"""

import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.archive.urlkey import urlkey_of
from crawler.citation import reader_version
from crawler.model import Capture, Snapshot, Target
from crawler.parser import PARSER_VERSION
from crawler.publish import Page
from crawler.site import SiteBuilder
from crawler.store import Store, open_store
from crawler.store.marks import marks_in
from crawler.tracking.pipeline import Pipeline
from diffs.model import Article, Block, BlockKind, Headlines, Outcome
from diffs.site.frame import Site

PAGES = 1000
VERSIONS = 3
OUTLETS = 60
STORY = 5  # pages of a story; every second page belongs to one
CHANGED = 10
LIMIT_FIRST = 20.0
LIMIT_AGAIN = 1.0
START = datetime(2024, 5, 1, tzinfo=UTC)
WORDS = [
    "harbour",
    "ferry",
    "crew",
    "rescue",
    "coast",
    "night",
    "fire",
    "school",
    "village",
    "road",
    "bridge",
    "storm",
    "mayor",
]


def sentence(choice: random.Random) -> str:
    words = [choice.choice(WORDS) for _ in range(choice.randint(9, 18))]
    return f"The {' '.join(words)}, a witness said.".replace(" ,", ",")


def article(number: int, version: int, url: str) -> Article:
    choice = random.Random(number)
    paragraphs = [" ".join(sentence(choice) for _ in range(3)) for _ in range(9)]
    toll = 5 + number % 40 + 3 * version
    paragraphs[0] = f"The interior ministry said at least {toll} people were killed when a ferry sank."
    paragraphs[1] = f"The coast guard said {20 - version} people were missing and {toll + 7} were injured."
    paragraphs[5 + version % 3] += f" A sentence that came with version {version} of the article."
    headline = f"Ferry {number} sinks off the coast, {toll} dead"
    return Article(
        headline=headline,
        headlines=Headlines(h1=headline),
        blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in paragraphs),
        publisher=f"Outlet {number % OUTLETS}",
        modified=START + timedelta(days=number % 300, hours=version if number % 3 else 0),
        language="en",
        url=url,
        parser=PARSER_VERSION,
    )


def add_version(store: Store, target: Target, number: int, version: int) -> None:
    at = START + timedelta(days=number % 300, hours=version, minutes=number % 60)
    row = Capture(
        archive="wayback",
        url=target.url,
        urlkey=urlkey_of(target.url),
        at=at,
        mimetype="text/html",
        status=200,
        digest=f"D{number}V{version}",
    )
    store.captures.observe(target, [row])
    seen = store.captures.at(target, at)
    body = f"{target.url} {version}".encode()
    snapshot = Snapshot(
        capture=row, served_at=at, url=target.url, status=200, content_type="text/html", body=body
    )
    shown = article(number, version, target.url)
    store.captures.keep(seen, snapshot, outcome=Outcome.FETCHED, article=shown, parser=PARSER_VERSION, now=at)


class Reader:
    """Reads histories, and counts what that takes."""

    def __init__(self, store: Store) -> None:
        self.store, self.pipeline = store, Pipeline(store, [])
        self.seconds, self.read = 0.0, 0

    def page(self, target: Target) -> Page:
        """Return what is known of a target."""
        began = time.process_time()
        page = Page(history=self.pipeline.history(target), notes=self.store.findings.notes(target))
        self.seconds += time.process_time() - began
        self.read += 1
        return page


def build(store: Store, folder: Path) -> tuple[float, float]:
    """Build once; return the seconds of reading histories and those of all the rest."""
    reader = Reader(store)
    builder = SiteBuilder(
        folder=folder,
        owner=store.identity,
        owner_lives=lambda _: True,
        marks=lambda: marks_in(store.database),
        page=reader.page,
        reader=reader_version(),
        sources="",
        site=Site(),
    )
    began = time.process_time()
    built = builder.build()
    rest = time.process_time() - began - reader.seconds
    print(
        f"  {reader.read:5,} histories read in {reader.seconds:6.2f} s; site {rest:6.2f} s: {built.written:6,} files "
        f"written, {built.unchanged:6,} unchanged, {built.removed:4,} removed"
    )
    return reader.seconds, rest


def main() -> int:
    """Print what each build takes; return 1 where a limit is passed."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else PAGES
    with tempfile.TemporaryDirectory() as scratch, open_store(str(Path(scratch) / "bench.db")) as store:
        targets = []
        for number in range(pages):
            story = f"Story {number // (2 * STORY)}" if number % 2 else None
            target, _ = store.targets.track(
                f"https://news{number % OUTLETS}.example/{number}", story=story, now=START
            )
            for version in range(VERSIONS):
                add_version(store, target, number, version)
            targets.append(target)
        folder = Path(scratch) / "site"
        print("anew")
        _, first = build(store, folder)
        print("again")
        build(store, folder)
        for number in range(0, pages, pages // CHANGED):
            add_version(store, targets[number], number, VERSIONS)
        print(f"after {CHANGED} changed")
        history, rest = build(store, folder)
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        print(f"{size / 1e6:,.0f} MB in all")
        print(
            f"limits: anew {LIMIT_FIRST} s without the histories, after {CHANGED} changed {LIMIT_AGAIN} s in all"
        )
        return int(first > LIMIT_FIRST or history + rest > LIMIT_AGAIN)


if __name__ == "__main__":
    sys.exit(main())
