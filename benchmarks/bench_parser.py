"""What reading a page costs, as ratios to a bare lxml tree in the same run (and to trafilatura where installed).

    python benchmarks/bench_parser.py [FOLDER] [--rounds N]

FOLDER holds pages (`*.html`, `*.html.gz`); without it the fixtures of the tests are read. The readers take turns at each page,
and what counts is the process's CPU time, so a busy machine disturbs the ratios little. Two figures are printed: the median
page over the median tree, and all pages over all trees. A first round is not counted: the process has its patterns ready, as
one that reads pages all day has, but each page is new to it, since some twenty pages later none of its lines is remembered (the
reader with a template comes right after the one without, and finds them).
"""

import argparse
import gzip
import statistics
import sys
import time
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from crawler.parser import Template, parse  # noqa: E402 - the path comes first


def pages_in(folder):
    for path in sorted(folder.rglob("*.html*")):
        body = path.read_bytes()
        yield gzip.decompress(body) if path.suffix == ".gz" else body


def tree(body):
    return etree.fromstring(body, etree.HTMLParser(encoding="utf-8", huge_tree=True))


def ours(body):
    return parse(body, url="http://news.example/a")


def readers_for(bodies):
    template = Template.learn((f"http://news.example/{n}", body) for n, body in enumerate(bodies[:6]))
    readers = {
        "lxml tree": tree,
        "parse": ours,
        "parse with a template": lambda body: parse(body, url="http://news.example/a", template=template),
    }
    if find_spec("trafilatura"):
        import trafilatura  # noqa: PLC0415 - an optional peer

        readers["trafilatura"] = lambda body: trafilatura.bare_extraction(body, with_metadata=True)
    return readers


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "tests" / "fixtures" / "parser")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    bodies = list(pages_in(args.folder))
    readers = readers_for(bodies)
    times = {name: [] for name in readers}
    for count in range(args.rounds + 1):
        for body in bodies:
            for name, read in readers.items():
                started = time.process_time()
                read(body)
                if count:
                    times[name].append(1000 * (time.process_time() - started))
    trees = times["lxml tree"]
    base, whole = statistics.median(trees), sum(trees)
    print(
        f"{len(bodies)} pages, {args.rounds} rounds; CPU of the median page, and in bare trees by the median and by the sum"
    )
    for name, values in times.items():
        middle = statistics.median(values)
        print(f"  {name:24}{middle:8.2f} ms  x{middle / base:5.2f}  x{sum(values) / whole:5.2f}")


if __name__ == "__main__":
    main()
