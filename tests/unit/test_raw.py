"""Bytes as they came: made again from the body by a recipe, or kept whole, and never other than they were."""

import base64
import gzip
import hashlib
import sqlite3
import subprocess
import sys
import zlib
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import brotlicffi
import pytest
import zstandard
from sqlalchemy import event, select

from crawler.errors import StoreError
from crawler.store import open_store, restore
from crawler.store.headers import LARGEST_HEADERS, packed_headers, read_headers
from crawler.store.raw import drop_unused_raw
from crawler.store.recipes import IDENTITY, WHOLE, made_by, recipe_for
from crawler.store.schema import raw_body
from diffs.model import Outcome
from store_samples import NOW, keep, listed, one_seen, served, told, tracked

BODY = "".join(f"<p>Crew {n} reached the harbour at {n % 24}:{n % 60:02}.</p>" for n in range(3000)).encode()


def deflated(
    level: int, bits: int, memory: int = 8, flush_every: int = 0, mode: int = zlib.Z_SYNC_FLUSH
) -> bytes:
    maker = zlib.compressobj(level, zlib.DEFLATED, bits, memory)
    if not flush_every:
        return maker.compress(BODY) + maker.flush()
    pieces = [
        maker.compress(BODY[at : at + flush_every]) + maker.flush(mode)
        for at in range(0, len(BODY), flush_every)
    ]
    return b"".join(pieces) + maker.flush()


def with_a_name(raw: bytes) -> bytes:
    return raw[:3] + b"\x18" + raw[4:10] + b"page.html\x00made on a Sunday\x00" + raw[10:]


MADE = {
    "plain": BODY,
    "gzip with a time": gzip.compress(BODY, 6, mtime=1_500_000_000),
    "gzip, best": gzip.compress(BODY, 9, mtime=0),
    "gzip with a name and a comment": with_a_name(gzip.compress(BODY, 6, mtime=0)),
    "as Apache": deflated(6, 31, 9),
    "as nginx, flushed": deflated(1, 31, 8, flush_every=8192),
    "flushed in full": deflated(6, 31, 8, flush_every=20_000, mode=zlib.Z_FULL_FLUSH),
    "zlib": zlib.compress(BODY, 3),
    "bare deflate": deflated(7, -15),
    "brotli": brotlicffi.compress(BODY, quality=5, lgwin=19),
    "brotli, best": brotlicffi.compress(BODY, quality=11, lgwin=22),
}
STRANGE = {
    "zstd": zstandard.ZstdCompressor(level=3).compress(BODY),
    "two members": gzip.compress(BODY[:100], mtime=0) + gzip.compress(BODY[100:], mtime=0),
    "gzip of something else": gzip.compress(BODY + b"!", mtime=0),
    "cut off": gzip.compress(BODY, mtime=0)[:-9],
    "bytes behind it": gzip.compress(BODY, mtime=0) + b"\x00\x00",
    "no more than a beginning": b"\x1f\x8b\x08",
    "one byte": b"\x78",
    "nothing": b"",
}


@pytest.mark.parametrize("how", MADE)
def test_what_usual_servers_send_is_made_again_from_the_body(how) -> None:
    recipe = recipe_for(MADE[how], BODY)

    assert recipe != WHOLE
    assert (recipe == IDENTITY) is (how == "plain")
    assert made_by(recipe, BODY) == MADE[how]


@pytest.mark.parametrize("how", STRANGE)
def test_what_no_recipe_makes_is_kept_whole(how, tmp_path) -> None:
    assert recipe_for(STRANGE[how], BODY) == WHOLE
    with open_store(str(tmp_path / "s.db")) as store:
        target = tracked(store)
        seen = one_seen(store, target)
        store.captures.keep(seen, served(seen, BODY, raw=STRANGE[how]), outcome=Outcome.NOT_ARTICLE, now=NOW)

        assert store.raw.of(seen.id) == STRANGE[how]


def test_a_recipe_of_another_version_is_named_as_such() -> None:
    for recipe in (
        "",
        "preflate",
        '["br"]',
        '["deflate",{"head":"","level":99,"memory":8,"mode":2}]',
        "[]",
        "{}",
    ):
        with pytest.raises(StoreError, match="recipe"):
            made_by(recipe, BODY)


def test_how_a_capture_came_is_kept_with_it(tmp_path) -> None:
    headers = (
        ("Content-Type", "text/html"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("X-Odd", "\udcff\x00"),
        ("no name", "x"),
    )
    with open_store(str(tmp_path / "s.db")) as store:
        target = tracked(store)
        seen = one_seen(store, target)
        snapshot = served(
            seen,
            BODY,
            raw=MADE["as Apache"],
            content_coding="gzip",
            headers=headers,
            retrieved_at=NOW,
            archive_src="spn2-20260301/spn2-1.warc.gz",
        )
        kept = store.captures.keep(
            seen, snapshot, outcome=Outcome.FETCHED, article=told(3), parser="p1", now=NOW
        )

        assert (kept.content_coding, kept.retrieved_at, kept.imported_at) == ("gzip", NOW, None)
        assert kept.archive_src == "spn2-20260301/spn2-1.warc.gz"
        again = store.snapshot(kept, raw=True)
        assert (again.raw, again.headers) == (MADE["as Apache"], headers[:-1])


def test_of_a_capture_kept_without_its_raw_bytes_none_are_made_up(tmp_path) -> None:
    with open_store(str(tmp_path / "s.db")) as store:
        target = tracked(store)
        kept = keep(store, one_seen(store, target), BODY, told(3))

        assert (kept.raw_sha256, kept.recipe) == (None, None)
        assert store.snapshot(kept, raw=True).raw is None
        assert store.status().without_raw == 1
        store.captures.observe(target, [listed(2)])
        assert store.raw.headers(kept.id) == ()


def test_headers_are_bounded() -> None:
    many = tuple((f"X-{n}", "v" * 20_000) for n in range(100))
    z = packed_headers(many)

    assert z is not None
    assert 3 <= len(read_headers(z)) <= 5
    assert sum(len(name) + len(value) for name, value in read_headers(z)) <= LARGEST_HEADERS
    with pytest.raises(StoreError, match="damaged"):
        read_headers(z[:-3])


HEADERS = (
    ("Server", "nginx"),
    ("Date", "Sat, 28 Nov 2026 12:00:00 GMT"),
    ("Content-Type", "text/html; charset=utf-8"),
    ("ETag", 'W/"5f2c-9b1d3e7a44c80"'),
    ("X-Edition", "world"),
)
# As stores hold them: over the text of usual headers since schema 0027, alone before.
OVER_USUAL = (
    "28b52ffd24a315020084025b5361742c20323836356632632d396231643365376134346338305c22456469776f726c64225d"
    "5d0800aa441e0e8acc51c4800c6642cbf80b8845cd20fec21520df2c87"
)
ALONE = (
    "28b52ffd24a38d04000289202120c56c0e18590e6a1b2e10842e7a6be07f5456a8d057d7b888e7b524050801d01514756bbb"
    "16e0f0d56aad594f747c924dc53094c0016b791462352fc127a571788c464f13af9e1c9a259766d5336c90ce94eeb8230151"
    "ecca5d2d225a289e948e94ce5cde60caf938cb78cd7cb02974786e9ab804a97755c3eae12f7397a14b520410051f71bc1bd4"
    "a6b2760f20df2c87"
)


def test_headers_that_stores_hold_are_read_and_new_ones_are_short() -> None:
    assert read_headers(bytes.fromhex(OVER_USUAL)) == HEADERS
    assert read_headers(bytes.fromhex(ALONE)) == HEADERS
    z = packed_headers(HEADERS)
    assert z is not None
    assert read_headers(z) == HEADERS
    assert len(z) * 3 < len(bytes.fromhex(ALONE)) * 2


def test_the_captures_of_raw_bytes_are_found_by_the_index_of_those_kept_whole(tmp_path) -> None:
    with open_store(str(tmp_path / "s.db")) as store, store.database.writing() as connection:
        asked: list[str] = []
        event.listen(store.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        drop_unused_raw(connection, "0" * 64)
        plans = [
            row[-1]
            for each in [each for each in asked if "raw_body" in each]
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each}", ("0" * 64,) * each.count("?"))
        ]
    assert len([plan for plan in plans if "capture USING INDEX ix_capture_raw_sha256" in plan]) == 2


def two_ways(store):
    """Keep one capture by a recipe and one whole, each with the digest that the archive names."""
    target = tracked(store)
    ways = (MADE["as Apache"], STRANGE["zstd"])
    digests = [base64.b32encode(hashlib.sha1(raw, usedforsecurity=False).digest()).decode() for raw in ways]
    store.captures.observe(target, [listed(n, digest=digest) for n, digest in enumerate(digests)])
    for seen, raw in zip(store.captures.of(target), ways, strict=True):
        snapshot = served(seen, BODY, raw=raw, digest_fits=True, headers=(("Server", "made"),))
        store.captures.keep(seen, snapshot, outcome=Outcome.FETCHED, article=told(3), parser="p1", now=NOW)
    return target


ALTERED = {
    "nothing": ("", 0),
    "the recipe": ("UPDATE capture SET recipe = replace(recipe, '\"memory\":9', '\"memory\":8')", 1),
    "the recipe, gone": ("UPDATE capture SET recipe = NULL", 2),
    "a recipe that nothing reads": ("UPDATE capture SET recipe = 'x'", 2),
    "the hash of the raw bytes": ("UPDATE capture SET raw_sha256 = replace(raw_sha256, 'a', 'b')", 2),
    "the raw bytes": ("UPDATE raw_body SET z = CAST(substr(z, 1, 20) || x'00' || substr(z, 22) AS BLOB)", 1),
    "the raw bytes, gone": ("DELETE FROM raw_body", 1),
    "their size": ("UPDATE raw_body SET size = size + 1", 1),
    "the digests": ("UPDATE capture SET digest = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' || id", 2),
    "the headers": ("UPDATE capture SET headers = substr(headers, 1, 20)", 2),
}


@pytest.mark.parametrize("what", ALTERED)
def test_what_was_altered_of_how_a_capture_came_is_named(what, tmp_path) -> None:
    statement, count = ALTERED[what]
    path = tmp_path / "s.db"
    with open_store(str(path)) as store:
        two_ways(store)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(statement or "SELECT 1")
    with open_store(str(path)) as store:
        verified, scrubbed = list(store.verify()), list(store.scrub())

    assert {problem.what for problem in verified} == ({"capture"} if count else set())
    assert len(verified) == len(scrubbed) == count


def test_retention_drops_raw_bytes_that_nothing_rests_on(tmp_path) -> None:
    with open_store(str(tmp_path / "s.db")) as store:
        target = tracked(store)
        store.captures.observe(target, [listed(n) for n in range(1, 5)])
        for seen in store.captures.of(target):
            number = int(seen.capture.digest[1:])
            body = BODY + b"%d" % number
            raw = STRANGE["zstd"] + b"%d" % min(number, 3)
            store.captures.keep(
                seen,
                served(seen, body, raw=raw),
                outcome=Outcome.FETCHED,
                article=told(3),
                parser="p",
                now=NOW,
            )
        later = NOW + timedelta(days=1)
        dropped = store.drop_old_bodies(target, before=later, now=later)

        assert (dropped.captures, dropped.bodies) == (2, 2)
        assert [store.raw.of(seen.id) is not None for seen in store.captures.of(target)] == [
            True,
            False,
            False,
            True,
        ]
        with store.database.reading() as connection:
            assert len(connection.execute(select(raw_body)).all()) == 2
        assert list(store.verify()) == []


def test_the_log_says_mended_only_where_something_was(tmp_path) -> None:
    raw, other = STRANGE["two members"], gzip.compress(BODY, 1, mtime=77)
    with open_store(str(tmp_path / "variorum.db")) as store:
        target = tracked(store)
        seen = one_seen(store, target)
        snapshot = replace(served(seen, BODY), raw=raw, content_coding="gzip")
        kept = store.captures.keep(seen, snapshot, outcome=Outcome.FETCHED, article=told(1), now=NOW)
        with closing(sqlite3.connect(tmp_path / "variorum.db")) as straight:
            straight.execute("UPDATE raw_body SET z = x'00112233'")
            straight.commit()

        def acts() -> int:
            return [one.act for one in store.custody.of(target)].count("mended")

        for _ in range(3):
            assert not store.captures.mend(kept, replace(snapshot, raw=other), now=NOW)
        assert acts() == 0
        assert store.captures.mend(kept, snapshot, now=NOW)
        assert store.captures.mend(kept, snapshot, now=NOW)
        assert acts() == 1


def test_a_backup_holds_raw_bytes(tmp_path) -> None:
    with open_store(str(tmp_path / "s.db")) as store:
        target = two_ways(store)
        store.backup(tmp_path / "copy.db")
    restore(tmp_path / "copy.db", str(tmp_path / "again.db"))
    with open_store(str(tmp_path / "again.db")) as store:
        kept = [store.raw.of(seen.id) for seen in store.captures.of(target)]
        assert kept == [MADE["as Apache"], STRANGE["zstd"]]


def test_a_store_is_opened_without_what_speaks_to_archives() -> None:
    asked = "import crawler.store, sys; print(*[m for m in ('requests', 'warcio', 'brotlicffi') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == []
