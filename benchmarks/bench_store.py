"""Measures the store: the tick at 100,000 targets, memory over 10,000 captures, and the size of bodies."""

import argparse
import gzip
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path

from sqlalchemy import func, insert, select
from warcio.archiveiterator import ArchiveIterator

from crawler.model import Capture, Snapshot
from crawler.store import Store, open_store
from crawler.store.schema import body, target
from crawler.tracking.scheduler import run_once
from diffs.model import Article, Outcome

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@contextmanager
def fresh() -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder, open_store(str(Path(folder) / "v.db")) as store:
        yield store


def resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def fill_targets(store: Store, number: int) -> None:
    with store.database.writing() as connection:
        rows = [
            {
                "url": f"https://gazette.example/{n:06d}",
                "added": NOW,
                "tracked": True,
                "next_due": NOW + timedelta(seconds=60 * (n // 50)),
                "interval_seconds": 86_400,
            }
            for n in range(number)
        ]
        connection.execute(insert(target), rows)


def bench_tick(targets: int, ticks: int) -> bool:
    """A tick takes 50 due targets; what the looks themselves do is the archive's time, not the queue's."""
    with fresh() as store:
        fill_targets(store, targets)
        store.maintain()
        idle, claims, passes = [], [], []
        for number in range(ticks):
            now = NOW - timedelta(seconds=ticks - number)
            begun = time.perf_counter()
            assert not store.queue.claim_due(now, limit=50, lease_seconds=600, worker="w")
            idle.append((time.perf_counter() - begun) * 1000)
        for number in range(ticks):
            now = NOW + timedelta(minutes=number)
            begun = time.perf_counter()
            taken = store.queue.claim_due(now, limit=50, lease_seconds=600, worker="w")
            claims.append((time.perf_counter() - begun) * 1000)
            assert len(taken) == 50
            store.queue.release("w")
            begun = time.perf_counter()
            run_once(
                store, lambda _target: None, now=lambda now=now: now, limit=50, stop=lambda: False, worker="w"
            )
            passes.append((time.perf_counter() - begun) * 1000 / 50)
    p95 = statistics.quantiles(claims, n=20)[-1]
    print(
        f"tick, {targets} targets, 50 due: p50 {statistics.median(claims):.1f} ms, p95 {p95:.1f} ms (at most 20)"
    )
    print(f"tick, nothing due: p95 {statistics.quantiles(idle, n=20)[-1]:.1f} ms")
    print(f"a whole look but for its work: p95 {statistics.quantiles(passes, n=20)[-1]:.1f} ms")
    return p95 <= 20


@cache
def frame_of(site: int) -> str:
    rng = random.Random(site)
    return " ".join(f"<div class='{rng.getrandbits(24):x}'>{rng.getrandbits(48):x}</div>" for _ in range(600))


def page_of(site: int, version: int) -> bytes:
    """A page in the shape of a news site's: a large frame of its own, a text, small changes each time."""
    rng = random.Random(site)
    words = [f"{rng.getrandbits(20):x}" for _ in range(800)]
    change = random.Random(site * 1000 + version)
    for _ in range(5):
        words[change.randrange(800)] = f"{change.getrandbits(20):x}"
    nonce = f"{change.getrandbits(128):x}"
    return f"<html><!-- {nonce} -->{frame_of(site)}<p>{' '.join(words)}</p></html>".encode()


def keep(store: Store, url: str, at: datetime, data: bytes) -> None:
    held = store.targets.ensure(url, NOW)
    store.captures.observe(held, [Capture(archive="a", url=url, urlkey="k", at=at, digest=str(at))])
    seen = store.captures.at(held, at)
    shot = Snapshot(
        capture=seen.capture, served_at=at, url=url, status=200, content_type="text/html", body=data
    )
    text = Article.from_text("Headline", data.decode("latin-1")[-4000:])
    store.captures.keep(seen, shot, outcome=Outcome.FETCHED, article=text, parser="p", now=NOW)


def sizes(store: Store) -> int:
    with store.database.reading() as connection:
        return int(connection.execute(select(func.sum(func.length(body.c.z)))).scalar() or 0)


def bench_captures(captures: int) -> bool:
    """Resident memory may not grow once the caches are warm."""
    with fresh() as store:
        gzipped, half, rate = 0, 0.0, time.perf_counter()
        for number in range(captures):
            site, version = number // 100, number % 100
            data = page_of(site, version)
            if number < 2000:
                gzipped += len(gzip.compress(data))
            keep(store, f"https://gazette.example/{site}", NOW + timedelta(hours=version), data)
            if number == min(2000, captures) - 1:
                ratio = sizes(store) / gzipped
            if number == captures // 2:
                half = resident_mib()
        end = resident_mib()
        rate = captures / (time.perf_counter() - rate)
        begun = time.perf_counter()
        assert not list(store.verify())
        checked = captures / (time.perf_counter() - begun)
    print(
        f"{captures} captures: {rate:.0f} a second, pages' making included; verified at {checked:.0f} a second"
    )
    print(f"resident memory: {half:.0f} MiB half way, {end:.0f} MiB at the end (at most 200, flat)")
    print(f"bodies of 2,000 captures: {ratio:.3f} of gzip files (at most 0.25)")
    return end <= 200 and end - half < 10 and ratio <= 0.25


def bench_real(warc: Path) -> None:
    """Successive captures of real pages; the first of each page stands alone, as it must."""
    if not warc.is_file():
        print(f"successive captures of real pages: SKIPPED, no {warc}")
        return
    pages: dict[str, dict[str, bytes]] = {}
    with warc.open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type == "response":
                url = record.rec_headers.get_header("WARC-Target-URI")
                date = record.rec_headers.get_header("WARC-Date")
                pages.setdefault(url, {})[date] = record.content_stream().read()
    with fresh() as store:
        for url, versions in pages.items():
            for number, (_, data) in zip(count(), sorted(versions.items())):
                keep(store, url, NOW + timedelta(hours=number), data)
        with store.database.reading() as connection:
            rows = connection.execute(
                select(body.c.sha256, body.c.depth, func.length(body.c.z).label("size"))
            ).all()
        gzipped = {row.sha256: len(gzip.compress(store.bodies.read(row.sha256))) for row in rows}
    for name, chosen in (("all", rows), ("all but the first", [row for row in rows if row.depth])):
        stored, plain = sum(row.size for row in chosen), sum(gzipped[row.sha256] for row in chosen)
        print(
            f"captures of {len(pages)} real pages, {name}: {len(chosen)} bodies, {stored / plain:.3f} of gzip files"
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--targets", type=int, default=100_000)
    parser.add_argument("--ticks", type=int, default=200)
    parser.add_argument("--captures", type=int, default=10_000)
    shared = Path(os.environ.get("VARIORUM_SHARED", "../shared"))
    parser.add_argument("--warc", type=Path, default=shared / "data" / "stories.warc.gz")
    asked = parser.parse_args()
    good = [bench_tick(asked.targets, asked.ticks), bench_captures(asked.captures)]
    bench_real(asked.warc)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
