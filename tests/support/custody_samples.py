"""A store of two pages with every kind of evidence, for the tests of the log of custody."""

import sqlite3
from contextlib import closing, contextmanager
from datetime import timedelta

import zstandard

from crawler.evidence.custody import custody_problems
from crawler.parser import Template
from crawler.store import Store
from crawler.store.article_bases import whole
from crawler.store.engine import engine_for, url_of
from crawler.store.entry_packing import unpacked
from crawler.store.schema import EPOCH
from crawler.store.seals import canonical, entry_hash
from crawler.store.upgrade import upgrade
from diffs.model import Change, ChangeKind, ChangeType, Note, Outcome, Verdict, Weight
from store_samples import NOW, URL, listed, served, told, tracked

OTHER = "https://gazette.example/flood"


def fill(store: Store) -> None:
    """Keep two pages with captures, articles, findings and notes, bound in the store's chain."""
    for place, url in enumerate((URL, OTHER)):
        target = tracked(store, url)
        store.captures.observe(target, [listed(number, url=url) for number in range(1, 6)])
        rows = list(store.captures.of(target))
        for number, seen in enumerate(rows[:3], start=1 + place):
            shot = served(
                seen, b"page %d " % number * 20, headers=(("Server", f"s{number}"),), content_type="text/html"
            )
            article = told(number)
            store.captures.keep(
                seen, shot, outcome=Outcome.FETCHED, article=article, parser=f"p{number}", now=NOW
            )
        store.captures.mark(rows[3], Outcome.UNCHANGED, fingerprint=told(3).fingerprint)
        changes = [change(f"c{place}{number}") for number in range(2)]
        store.findings.record(target, changes, grammar="g", parser="p", now=NOW)
        store.findings.record(target, changes[:1], grammar="g2", parser="p", now=NOW + timedelta(hours=1))
        for number in range(2):
            at = NOW + timedelta(minutes=number)
            store.findings.add_note(
                Note(change=f"c{place}0", text=f"read {number}", dismissed=bool(number), at=at)
            )
    assert store.custody.bind(NOW) is not None


def fill_all(store: Store) -> None:
    """Keep every kind of row that is evidence, at least two of each, bound in two links of the store's chain."""
    fill(store)
    for place, url in enumerate((URL, OTHER)):
        target = store.targets.find(url)
        rows = list(store.captures.of(target))
        body = b"a page of its own coding %d " % place * 20
        packed = zstandard.ZstdCompressor(level=3).compress(body)
        shot = served(rows[4], body, raw=packed, content_coding="zstd")
        store.captures.keep(
            rows[4], shot, outcome=Outcome.FETCHED, article=told(7 + place), parser="p", now=NOW
        )
        store.templates.adopt(target, Template(texts={f"Read {place}": (url,)}), source=f"s{place}", now=NOW)
        for number, verdict in enumerate((Verdict.GONE, Verdict.ALTERED, Verdict.SAME_BYTES, Verdict.GONE)):
            at = NOW + timedelta(days=number)
            store.witnesses.put(
                rows[number % 2], verdict, now=at, sha256=f"{number}" * 64, reason=f"r{number}"
            )
    store.custody.enter(store.targets.find(URL), "reported", at=NOW, files={"a.md": "0" * 64})
    assert store.custody.bind(NOW + timedelta(days=9)) is not None


def as_earlier(source: str, path: str, revision: str) -> None:
    """Make a store of an earlier schema that holds what another store does, as far as that schema has it."""
    engine = engine_for(url_of(path))
    upgrade(engine, path, create=True, to=revision)
    engine.dispose()
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("ATTACH ? AS newer", (source,))
        listed = "SELECT name FROM {0}sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        here, there = ({row[0] for row in raw.execute(listed.format(of))} for of in ("", "newer."))
        for table in sorted((here & there) - {"alembic_version", "meta"}):
            old, new = (
                {row[1] for row in raw.execute(f"PRAGMA {of}.table_info({table})")}
                for of in ("main", "newer")
            )
            columns = ", ".join(sorted(old & new))
            if table == "custody" and revision < "0026":
                _unpack_log(raw)
                continue
            raw.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM newer.{table}")
        if revision < "0024":
            # Until then an article stood alone.
            ground = "SELECT z FROM newer.article_base WHERE (target_id, number) = (c.target_id, a.base)"
            kept = f"SELECT a.z, ({ground}), a.capture_id FROM newer.article a JOIN newer.capture c ON c.id = capture_id"
            alone = [(whole(z, base), number) for z, base, number in raw.execute(kept)]
            raw.executemany("UPDATE main.article SET z = ? WHERE capture_id = ?", alone)


def _unpack_log(raw: sqlite3.Connection) -> None:
    """Fill the log as it was until 0025: facts as text, digests in hex, and the hash of the entry before."""
    raw.create_function("unpacked", 1, unpacked)
    before = "lag(lower(hex(hash)), 1, '') OVER (PARTITION BY target_id ORDER BY position)"
    raw.execute(
        "INSERT INTO main.custody (target_id, position, at, act, detail, previous, hash)"
        f" SELECT target_id, position, at, act, unpacked(detail), {before}, lower(hex(hash)) FROM newer.custody"
    )


def early_log(of: int, url: str, number: int) -> list[tuple[object, ...]]:
    """Return so many entries of one chain as rows of the log as it was until 0025."""
    rows, previous = [], ""
    for position in range(1, number + 1):
        first = {"url": url} if position == 1 else {}
        detail = canonical(
            {**first, "by": "variorum 0.0.9", "number": position, "digest": previous, "things": {}}
        )
        at = EPOCH + timedelta(seconds=position)
        digest = entry_hash(of, position, at=at, act="reported", detail=detail, previous=previous)
        rows.append((of, position, position * 1_000_000, "reported", detail, previous, digest))
        previous = digest
    return rows


EARLY_LOG = "INSERT INTO custody (target_id, position, at, act, detail, previous, hash) VALUES"


def problems(store: Store) -> list[str]:
    """Return what is named by what `verify` runs without a key."""
    return [f"{each.what} {each.name}" for each in (*custody_problems(store), *store.verify())]


@contextmanager
def altering(store: Store):
    """Return a connection on which anything may be altered, keys or not; all of it is undone at the end."""
    with store.database.writing() as connection:
        if store.database.path is None:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        else:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        undone = connection.begin_nested()
        try:
            yield connection
        finally:
            undone.rollback()


def change(name: str) -> Change:
    return Change(id=name, kind=ChangeKind.TEXT, type=ChangeType.ADDED, weight=Weight.MINOR)
