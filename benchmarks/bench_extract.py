"""Measures `extract` over made WARC files: MB and pages a second of one core, and memory, next to bare readers.

    python benchmarks/bench_extract.py [--megabytes 200]

The bare readers go over every record and read its payload, no more: warcio always, FastWARC where it is installed
(`pip install fastwarc`; it is no dependency). Megabytes are of HTML, before it is packed.
"""

import argparse
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.cluster.extract import extract
from crawler.cluster.shards import Share
from crawler.parser import parse
from crawler.sandbox import SandboxedParser

START = datetime(2025, 1, 1, tzinfo=UTC)
WORDS = [
    "harbour",
    "officials",
    "said",
    "on",
    "Monday",
    "that",
    "rescue",
    "teams",
    "reached",
    "the",
    "village",
    "where",
    "the",
    "road",
    "was",
    "cut",
    "and",
    "the",
    "bridge",
    "had",
    "fallen",
    "while",
    "residents",
    "waited",
    "for",
    "water",
    "bread",
    "and",
    "news",
    "of",
    "those",
    "who",
    "were",
    "still",
    "missing",
    "after",
    "the",
    "storm",
]


def page(number: int, rng: random.Random) -> bytes:
    """Return a page of about 90 KB, of which some 5 KB are its text, as a newspaper's are."""
    lines = [" ".join(rng.choices(WORDS, k=28)).capitalize() + "." for _ in range(28)]
    lines.insert(
        2,
        f"At least {rng.randrange(3, 90)} people were killed and {rng.randrange(3, 300)} wounded, the ministry said.",
    )
    story = "".join(f"<p>{line}</p>" for line in lines)
    links = "".join(
        f'<li class="nav-item"><a href="/topic/{rng.randrange(9999)}">{" ".join(rng.choices(WORDS, k=3))}</a></li>'
        for _ in range(320)
    )
    script = "".join(f"var a{n}={rng.random()};" for n in range(2000))
    return (
        f"<html lang=en><head><title>Story {number}</title><script>{script}</script></head><body><nav><ul>{links}</ul></nav>"
        f"<main><article><h1>Story {number} of the storm</h1>{story}</article></main></body></html>"
    ).encode()


def made(folder: Path, megabytes: int) -> tuple[list[Path], int, int]:
    """Write WARC files of 50 MB each; returns them, and how many bytes of HTML and pages they hold."""
    rng, size, pages, paths = random.Random(7), 0, 0, []
    while size < megabytes * 1_000_000:
        path = folder / f"made-{len(paths)}.warc.gz"
        paths.append(path)
        end = min(size + 50_000_000, megabytes * 1_000_000)
        with path.open("wb") as file:
            writer = WARCWriter(file, gzip=True)
            while size < end:
                html = page(pages, rng)
                at = START + timedelta(minutes=pages)
                record = writer.create_warc_record(
                    f"https://www.made-{pages % 40}.example/story-{pages}",
                    "response",
                    payload=BytesIO(html),
                    http_headers=StatusAndHeaders(
                        "200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1"
                    ),
                    warc_headers_dict={"WARC-Date": f"{at:%Y-%m-%dT%H:%M:%SZ}"},
                )
                writer.write_record(record)
                size, pages = size + len(html), pages + 1
    return paths, size, pages


def with_warcio(paths: list[Path]) -> None:
    for path in paths:
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                record.content_stream().read()


def with_fastwarc(paths: list[Path]) -> None:
    from fastwarc.warc import ArchiveIterator as Fast  # type: ignore[import-not-found]  # noqa: PLC0415

    for path in paths:
        with path.open("rb") as file:
            for record in Fast(file):
                record.reader.read()


def cpu() -> float:
    """Return the processor time of this process and of its children that have ended."""
    each = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in each)


def peaks() -> Iterator[float]:
    """Yield the highest memory so far of this process and of its largest child, in MiB."""
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        yield resource.getrusage(who).ru_maxrss / 1024


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--megabytes", type=int, default=200)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        paths, size, pages = made(folder, given.megabytes)
        packed = sum(path.stat().st_size for path in paths)
        print(f"{pages} pages, {size / 1e6:.0f} MB of HTML, {packed / 1e6:.0f} MB packed, {len(paths)} files")

        def sandboxed(paths: list[Path]) -> None:
            with SandboxedParser() as parser:
                extract(paths, folder / "a", share=Share(number=1, of=1), read=parser.parse)

        def in_process(paths: list[Path]) -> None:
            extract(paths, folder / "b", share=Share(number=1, of=1), read=parse)

        runs: list[tuple[str, Callable[[list[Path]], None]]] = [("warcio, bare", with_warcio)]
        if find_spec("fastwarc"):
            runs.insert(0, ("FastWARC, bare", with_fastwarc))
        runs += [
            ("extract, pages read in this process", in_process),
            ("extract, as the command runs it", sandboxed),
        ]
        for name, run in runs:
            run(paths[:1])
            middle = list(peaks())
            before = cpu()
            clock = time.perf_counter()
            run(paths)
            spent, waited = cpu() - before, time.perf_counter() - clock
            after = list(peaks())
            grown = max(late - early for early, late in zip(middle, after, strict=True))
            print(
                f"{name:38} {size / 1e6 / spent:7.1f} MB/s {pages / spent:7.0f} pages/s of processor time "
                f"({waited:.0f} s by the clock), peak {max(after):.0f} MiB, {grown:+.0f} MiB over that of the first file"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main()
