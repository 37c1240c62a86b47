"""Measures what keeping bytes as they came costs: the store's growth, and the time of an import and of a capture kept.

python benchmarks/bench_raw.py WARC …
"""

import gzip
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import brotlicffi
from sqlalchemy import text
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.evidence.transfer import import_warc
from crawler.store import Store, open_store

NOW = datetime(2026, 11, 28, tzinfo=UTC)
# As a news site behind a cache sends them; made up, in the usual number and length.
HEADERS = [
    ("Server", "nginx"),
    ("Date", "Sat, 28 Nov 2026 12:00:00 GMT"),
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "public, max-age=60, stale-while-revalidate=120"),
    ("Vary", "Accept-Encoding, Cookie, X-Edition"),
    ("ETag", 'W/"5f2c-9b1d3e7a44c80"'),
    ("Last-Modified", "Sat, 28 Nov 2026 11:58:41 GMT"),
    ("Strict-Transport-Security", "max-age=31536000; includeSubDomains; preload"),
    ("Content-Security-Policy", "default-src https: 'unsafe-inline' 'unsafe-eval'; frame-ancestors 'self'"),
    ("X-Served-By", "cache-ams21034-AMS, cache-lhr7361-LHR"),
    ("X-Timer", "S1795867200.123456,VS0,VE87"),
    ("Set-Cookie", "edition=world; Path=/; Secure; SameSite=Lax"),
]


def flushed(body: bytes) -> bytes:
    """Pack as a server does that sends a page while it is made."""
    maker = zlib.compressobj(1, zlib.DEFLATED, 31)
    pieces = [
        maker.compress(body[at : at + 8192]) + maker.flush(zlib.Z_SYNC_FLUSH)
        for at in range(0, len(body), 8192)
    ]
    return b"".join(pieces) + maker.flush()


WAYS: dict[str, tuple[str | None, Callable[[bytes], bytes]]] = {
    "as they are, with headers": (None, bytes),
    "gzip 6": ("gzip", lambda body: gzip.compress(body, 6, mtime=0)),
    "gzip 1, flushed": ("gzip", flushed),
    "brotli 5": ("br", lambda body: brotlicffi.compress(body, quality=5)),
    "two gzip members (no recipe)": (
        "gzip",
        lambda body: gzip.compress(body[:999], mtime=0) + gzip.compress(body[999:], mtime=0),
    ),
}


def recoded(warc: Path, out: Path, coding: str | None, pack: Callable[[bytes], bytes]) -> None:
    """Write a WARC again, each page packed in one way and with the headers of a site."""
    with warc.open("rb") as source, out.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for record in ArchiveIterator(source):
            if record.rec_type != "response":
                continue
            body = pack(record.content_stream().read())
            fields = [*HEADERS, ("Content-Length", str(len(body)))]
            fields += [("Content-Encoding", coding)] if coding else []
            with tempfile.TemporaryFile() as payload:
                payload.write(body)
                payload.seek(0)
                writer.write_record(
                    writer.create_warc_record(
                        record.rec_headers.get_header("WARC-Target-URI"),
                        "response",
                        payload=payload,
                        length=len(body),
                        http_headers=StatusAndHeaders(
                            record.http_headers.statusline, fields, protocol="HTTP/1.1"
                        ),
                        warc_headers_dict={"WARC-Date": record.rec_headers.get_header("WARC-Date")},
                    )
                )


def size(store: Store) -> int:
    with store.database.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("VACUUM")
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        return int(pages * connection.execute(text("PRAGMA page_size")).scalar_one())


def measured(name: str, warc: Path) -> None:
    with tempfile.TemporaryDirectory() as folder, open_store(str(Path(folder, "v.db"))) as store:
        wall, cpu = time.perf_counter(), time.process_time()
        captures = import_warc(store, warc, only=[], now=NOW).captures
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        with store.database.reading() as connection:
            whole = connection.execute(text("SELECT count(*), sum(length(z)) FROM raw_body")).one()
        full = size(store)
        columns = [
            "retrieved_at",
            "raw_sha256",
            "content_coding",
            "headers",
            "recipe",
            "archive_src",
            "imported_at",
        ]
        with store.database.writing() as connection:
            connection.execute(text("DELETE FROM raw_body"))
            connection.execute(text(f"UPDATE capture SET {', '.join(f'{each} = NULL' for each in columns)}"))
        bare = size(store)
    print(
        f"{name}: {captures} captures, {bare / captures:,.0f} bytes a capture without, {full / captures:,.0f} with "
        f"(+{100 * (full - bare) / bare:.0f} %), {whole[0]} kept whole; import {1000 * cpu / captures:.1f} ms of processor, "
        f"{1000 * wall / captures:.1f} ms in all"
    )


def main() -> None:
    for given in sys.argv[1:]:
        warc = Path(given)
        measured(f"{warc.name}, as it is", warc)
        for name, (coding, pack) in WAYS.items():
            with tempfile.TemporaryDirectory() as folder:
                made = Path(folder, "made.warc.gz")
                recoded(warc, made, coding, pack)
                measured(f"{warc.name}, {name}", made)


if __name__ == "__main__":
    main()
