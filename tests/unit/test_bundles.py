"""Bodies packed for another process are the bodies that are kept, or an error that says which is not."""

import pickle
import random
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
import zstandard

from crawler.errors import StoreError
from crawler.model import Capture, Snapshot
from crawler.store import open_store
from diffs.model import Outcome

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://gazette.example/harbour-fire"
CAPTURES = 24


def page(number: int) -> bytes:
    frame = random.Random(1).randbytes(6_000).hex()
    return f"<p>{frame}<p>Day {number} after the fire.".encode()


@pytest.fixture(params=["in order of time", "by bisection"])
def path(request, tmp_path):
    """A store with a page whose captures were kept in one order or another, so that deltas run both ways."""
    order = list(range(CAPTURES))
    if request.param == "by bisection":
        order.sort(key=lambda number: (-(number & -number), number))
    path = tmp_path / "v.db"
    with open_store(str(path)) as store:
        target = store.targets.ensure(URL, NOW)
        for number in order:
            at = NOW + timedelta(days=number)
            row = Capture(archive="a", url=URL, urlkey=URL, at=at, mimetype="text/html", status=200)
            store.captures.observe(target, [row])
            shot = Snapshot(
                capture=row, served_at=at, url=URL, status=200, content_type="text/html", body=page(number)
            )
            store.captures.keep(
                store.captures.at(target, at), shot, outcome=Outcome.NOT_ARTICLE, parser="0", now=NOW
            )
    return path


def names_in(store):
    return [seen.sha256 for seen in store.captures.of(store.targets.find(URL))]


@pytest.mark.parametrize("pages", [range(CAPTURES), [11], [20, 3, 7], [5, 5]])
def test_a_bundle_sent_elsewhere_holds_what_is_kept(path, pages):
    with open_store(str(path)) as store:
        names = names_in(store)
        bundle = pickle.loads(pickle.dumps(store.bundle([names[number] for number in pages])))
    assert list(bundle.read()) == [page(number) for number in pages]


def test_a_bundle_takes_no_more_than_what_its_bodies_are_built_on(path):
    with open_store(str(path)) as store:
        names = names_in(store)
        whole, one = store.bundle(names), store.bundle(names[-1:])
    assert len(whole.rows) == CAPTURES
    assert 1 <= len(one.rows) <= 10
    assert sum(len(row.z) for row in whole.rows) < 6 * len(page(0))


def test_a_body_that_is_damaged_or_missing_is_named(path):
    with sqlite3.connect(path) as database:
        (base,) = database.execute("SELECT sha256 FROM body WHERE base_sha256 IS NULL LIMIT 1").fetchone()
        over = f"SELECT sha256 FROM body WHERE base_sha256 = '{base}' LIMIT 1"
        (name,) = database.execute(over).fetchone()
    other = zstandard.ZstdCompressor(write_content_size=True).compress(page(0)[::-1].ljust(len(page(10))))
    changes = (
        ("UPDATE body SET size = ?, z = ? WHERE sha256 = ?", (len(page(10)), other, base)),
        ("DELETE FROM body WHERE sha256 = ?", (base,)),
    )
    for change, values in changes:
        with sqlite3.connect(path) as database:
            database.execute(change, values)
        with open_store(str(path)) as store, pytest.raises(StoreError, match=f"body {base} is"):
            list(store.bundle([name]).read())


def test_a_chain_without_a_beginning_ends(path):
    with sqlite3.connect(path) as database:
        base, over = database.execute(
            "SELECT base_sha256, sha256 FROM body WHERE base_sha256 IS NOT NULL LIMIT 1"
        ).fetchone()
        database.execute("UPDATE body SET base_sha256 = ?, depth = 1 WHERE sha256 = ?", (over, base))
    with open_store(str(path)) as store, pytest.raises(StoreError, match="no beginning"):
        list(store.bundle([over]).read())
