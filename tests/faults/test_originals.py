"""What the site sent is told apart from what the archive and the way from there added, whichever of them packed it."""

import base64
import gzip
import hashlib

import brotlicffi
import pytest

from crawler.archive import ArchiveSource, open_archive
from crawler.archive.timestamps import time_of
from crawler.model import Capture

PAGE = "https://courier.example/news/bridge"
STAMP = "20200101000000"
TEXT = "".join(f"<p>Paragraph {n} on the bridge, as told by the clerk.</p>" for n in range(90)).encode()
GZIPPED = gzip.compress(TEXT, mtime=0)
OTHER = gzip.compress(TEXT, 9, mtime=1)
BROTLI = brotlicffi.compress(TEXT, quality=5)


def sha1(body: bytes) -> str:
    return base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


# dialect; what is sent and its Content-Encoding; what the site is said to have named; the archive's digest of;
# then the raw bytes and their coding.
CASES = {
    "the archive packed a plain page": ("wayback", OTHER, "gzip", None, TEXT, TEXT, None),
    "it packed a plain page, without a digest": ("wayback", OTHER, "gzip", None, None, TEXT, None),
    "a packed page came as it was": ("wayback", GZIPPED, "gzip", "gzip", GZIPPED, GZIPPED, "gzip"),
    "the same without a digest": ("wayback", GZIPPED, "gzip", "gzip", None, GZIPPED, "gzip"),
    "the archive unpacked a packed page": ("wayback", TEXT, None, "gzip", None, None, None),
    "it unpacked and packed again": ("wayback", OTHER, "gzip", "br", None, None, None),
    "it packed a packed page once more": (
        "wayback",
        gzip.compress(BROTLI),
        "gzip",
        "br",
        BROTLI,
        BROTLI,
        "br",
    ),
    "declared, and undone before it was archived": ("wayback", TEXT, None, "gzip", TEXT, TEXT, None),
    "a plain page came plain": ("wayback", TEXT, None, None, TEXT, TEXT, None),
    "a packed page that nobody names": ("wayback", GZIPPED, None, None, GZIPPED, GZIPPED, None),
    "the digest is of nothing that came": ("wayback", GZIPPED, "gzip", "gzip", b"other", GZIPPED, "gzip"),
    "pywb passes the coding on": ("pywb", BROTLI, "br", None, BROTLI, BROTLI, "br"),
    "pywb, a plain page": ("pywb", TEXT, None, None, None, TEXT, None),
    "a proxy packed what pywb sent": ("pywb", OTHER, "gzip", None, TEXT, TEXT, None),
}


@pytest.mark.parametrize("case", CASES)
def test_raw_bytes_and_their_coding_are_the_sites(bench, case) -> None:
    dialect, sent, coding, named, digested, raw, kept = CASES[case]
    headers = {"X_Archive_Src": "spn2-20200101/spn2-00.warc.gz"}
    if coding:
        headers["Content_Encoding"] = coding
    if named:
        headers["X_Archive_Orig_Content_Encoding"] = named
    bench.server.play = lambda _: [bench.memento(sent, at=STAMP, **headers)]
    source = ArchiveSource.of("x", dialect=dialect, url=bench.server.url)
    row = Capture(
        archive="x",
        url=PAGE,
        urlkey="k",
        at=time_of(STAMP),
        digest=None if digested is None else sha1(digested),
    )
    shot = open_archive(source, session=bench.session).fetch(row)

    assert shot.body == TEXT
    assert (shot.raw, shot.content_coding) == (raw, kept)
    assert shot.digest_fits is (None if digested is None else digested != b"other")
    assert shot.retrieved_at is not None
    # Elsewhere a page may have sent it.
    assert shot.archive_src == ("spn2-20200101/spn2-00.warc.gz" if dialect == "wayback" else None)


def test_the_sites_headers_are_kept_and_the_archives_are_not(bench) -> None:
    answer = bench.memento(
        TEXT,
        at=STAMP,
        Server="nginx",
        Link="<https://x>; rel=original",
        X_Archive_Orig_Server="Apache",
        X_Archive_Orig_Last_Modified="Wed, 01 Jan 2020 00:00:00 GMT",
    )
    bench.server.play = lambda _: [answer]
    row = Capture(archive="x", url=PAGE, urlkey="k", at=time_of(STAMP))
    wayback = ArchiveSource.of("x", dialect="wayback", url=bench.server.url)
    pywb = ArchiveSource.of("x", dialect="pywb", url=bench.server.url)
    theirs = open_archive(wayback, session=bench.session).fetch(row).headers
    passed = dict(open_archive(pywb, session=bench.session).fetch(row).headers)

    assert dict(theirs) == {
        "Server": "Apache",
        "Last-Modified": "Wed, 01 Jan 2020 00:00:00 GMT",
        "content-type": "text/html",
    }
    assert (passed["Server"], passed["Last-Modified"]) == ("nginx", "Wed, 01 Jan 2020 00:00:00 GMT")
    assert not {"Memento-Datetime", "Link"} & set(passed)
