"""Measures a rebuild in one process, in two, and on a Dask cluster of two workers here, and holds their rows against each other.

    python benchmarks/bench_rebuild.py [--pages 40] [--captures 50] [--ways one,two,dask]

Each way starts from the same store of made stories that another parser has read. Where other work shares the machine, the
clock says little: so each way's processor time is printed as well, that of the process that writes apart from the others'.
"""

import argparse
import hashlib
import os
import resource
import shutil
import sqlite3
import sys
import tempfile
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from made_stories import NOW, fill

from crawler.cluster.engine import Cluster
from crawler.maintenance.rebuild import rebuild
from crawler.sandbox import SandboxedHistory, SandboxedParser
from crawler.store import open_store
from crawler.tracking.pipeline import Pipeline
from crawler.tracking.siblings import Neighbourhood

WAYS = ("one", "two", "dask")


def rows_in(path: Path) -> dict[str, str]:
    """Return a digest of every table's rows."""
    with sqlite3.connect(path) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        dumped = {name: sorted(map(repr, database.execute(f'SELECT * FROM "{name}"'))) for name in names}
    return {name: hashlib.sha256("".join(rows).encode()).hexdigest() for name, rows in dumped.items()}


def used(who: int) -> float:
    """Return the processor seconds of this process, or of those that it started and that have ended."""
    taken = resource.getrusage(who)
    return taken.ru_utime + taken.ru_stime


def run(path: Path, way: str) -> int:
    """Rebuild one way and print what it took; returns how many bodies were read."""
    here, others, since = used(resource.RUSAGE_SELF), used(resource.RUSAGE_CHILDREN), time.perf_counter()
    with ExitStack() as stack:
        store = stack.enter_context(open_store(str(path)))
        parser, history = stack.enter_context(SandboxedParser()), stack.enter_context(SandboxedHistory())
        pipeline = Pipeline(store, [], read=parser.parse, compose=history.compose)
        engine = None
        if way == "dask":
            cluster = stack.enter_context(Cluster.at("local", jobs=2))
            print(f"    cluster up after {time.perf_counter() - since:.1f} s")
            engine = partial(cluster.readings, alone=parser.parse)
        done = list(
            rebuild(
                pipeline,
                list(store.targets.all(include_untracked=True)),
                neighbourhood=Neighbourhood(store),
                now=NOW,
                jobs=2 if way == "two" else 1,
                engine=engine,
            )
        )
        rebuilt = time.perf_counter() - since
        read = sum(each.read for each in done)
    print(
        f"{way}: {read} bodies, {sum(len(each.appeared) for each in done)} findings, {rebuilt:.1f} s by the clock; processor "
        f"{used(resource.RUSAGE_SELF) - here:.1f} s here, {used(resource.RUSAGE_CHILDREN) - others:.1f} s in others "
        f"(load {os.getloadavg()[0]:.1f})",
        flush=True,
    )
    return read


def main() -> int:
    """Run each way in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--captures", type=int, default=50)
    parser.add_argument("--ways", default="one,two")
    asked = parser.parse_args()
    dumps = {}
    with tempfile.TemporaryDirectory() as name:
        filled = Path(name) / "filled.db"
        with open_store(str(filled)) as store:
            fill(store, asked.pages, asked.captures)
        for way in asked.ways.split(","):
            path = Path(shutil.copy(filled, Path(name) / f"{way}.db"))
            child = os.fork()
            if not child:
                run(path, way)
                sys.stdout.flush()
                os._exit(0)
            if os.waitpid(child, 0)[1]:
                return 1
            dumps[way] = rows_in(path)
            print(
                f"    {path.stat().st_size / asked.pages / asked.captures / 1000:.2f} KB a capture in the store's file"
            )
    first = next(iter(dumps.values()))
    odd = {f"{way}: {table}" for way, dump in dumps.items() for table in dump if dump[table] != first[table]}
    print(f"rows: {sorted(odd) or 'equal in every table'}")
    return 1 if odd else 0


if __name__ == "__main__":
    sys.exit(main())
