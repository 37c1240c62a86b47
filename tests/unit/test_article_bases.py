"""Articles as deltas over others of their page: small, read back as they were, and found out where they were altered."""

import random
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.codec import MOST_GROUNDS, packed, plain_of, squeezed
from crawler.errors import StoreError
from crawler.model import Capture, Snapshot
from crawler.store import open_store
from crawler.store.readings import PageReading
from diffs.model import Article, Outcome, Removed

URL = "https://gazette.example/fire"
NOW = datetime(2026, 11, 1, tzinfo=UTC)
WORDS = [f"{random.Random(7).getrandbits(30) + n:x}" for n in range(4000)]


def article(number: int, *, design: int = 0) -> Article:
    """The article of a page whose figure rises, among furniture that changes with each design."""
    rng = random.Random(design)
    text = [" ".join(rng.choices(WORDS, k=60)) for _ in range(20)]
    read = Article.from_text("Fire in the harbour", f"At least {number} people died — “so far”.", *text)
    furniture = tuple(Removed(reason="links", text=" ".join(rng.choices(WORDS, k=8))) for _ in range(60))
    return replace(read, removed=furniture, captured_at=NOW + timedelta(hours=number))


def keep(store, number: int, shown: Article, *, url: str = URL):
    target = store.targets.ensure(url, NOW)
    at = NOW + timedelta(hours=number)
    listed = Capture(archive="a", url=url, urlkey="k", at=at, digest=f"{number}")
    store.captures.observe(target, [listed], now=NOW)
    seen = store.captures.at(target, at)
    shot = Snapshot(
        capture=listed, served_at=at, url=url, status=200, content_type="text/html", body=f"{number}".encode()
    )
    return store.captures.keep(seen, shot, outcome=Outcome.FETCHED, article=shown, parser="p", now=NOW)


def rows(path, query="SELECT capture_id, base, length(z) FROM article ORDER BY capture_id"):
    with sqlite3.connect(path) as database:
        return database.execute(query).fetchall()


def named(store) -> set[tuple[str, str]]:
    return {(problem.what, problem.name) for problem in store.verify()}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "v.db"


@pytest.mark.parametrize("order", ["forward", "backward", "random"])
def test_articles_come_back_as_they_were_in_whatever_order_they_were_kept(path, order):
    numbers = {
        "forward": range(20),
        "backward": range(19, -1, -1),
        "random": random.Random(3).sample(range(20), 20),
    }
    shown = {number: article(number, design=number // 7) for number in range(20)}
    with open_store(str(path)) as store:
        seen = {number: keep(store, number, shown[number]) for number in numbers[order]}
        assert {number: store.articles.shown_by(seen[number]) for number in shown} == shown
        assert store.articles.of(store.targets.find(URL)) == {one.fingerprint: one for one in shown.values()}
        assert [store.articles.kept(seen[number]) for number in shown] == [
            packed(shown[number]) for number in shown
        ]
        assert not named(store)
    assert len(rows(path, "SELECT * FROM article_base")) == 3


def test_successive_captures_of_a_text_take_a_twentieth_of_what_each_would_take_alone(path):
    with open_store(str(path)) as store:
        for number in range(12):
            keep(store, number, article(number))
    alone = len(packed(article(0)))
    assert [base for _, base, _ in rows(path)] == [1] * 12
    assert max(size for _, _, size in rows(path)) * 20 < alone
    assert rows(path, "SELECT target_id, number, length(z) FROM article_base") == [(1, 1, alone)]


def test_a_page_of_another_design_begins_anew_and_an_old_one_that_comes_back_does_not(path):
    with open_store(str(path)) as store:
        for number, design in enumerate((0, 0, 1, 1, 0, 2, 1)):
            keep(store, number, article(number, design=design))
        keep(store, 0, article(0), url=f"{URL}/2")
    assert [base for _, base, _ in rows(path)] == [1, 1, 2, 2, 1, 3, 2, 1]


def test_a_new_reading_touches_no_other_captures_article(path):
    with open_store(str(path)) as store:
        seen = [keep(store, number, article(number)) for number in range(4)]
        before = rows(path, "SELECT * FROM article WHERE capture_id > 1 ORDER BY capture_id")
        store.captures.rederive(seen[0], article(90, design=5), "p2", now=NOW)
        assert store.articles.shown_by(seen[0]) == article(90, design=5)
        assert [store.articles.shown_by(each) for each in seen[1:]] == [article(n) for n in (1, 2, 3)]
        readings = [
            PageReading.of(each.id, Outcome.FETCHED, None, article(n + 50)) for n, each in enumerate(seen[:2])
        ]
        store.readings.put(store.targets.find(URL), readings, "p3", now=NOW)
        assert [store.articles.shown_by(each) for each in seen] == [article(n) for n in (50, 51, 2, 3)]
        assert not named(store)
    assert rows(path, "SELECT * FROM article WHERE capture_id > 2 ORDER BY capture_id") == before[1:]


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE article_base SET z = substr(z, 1, length(z) - 1)",
        "UPDATE article_base SET z = x'00'",
        "UPDATE article_base SET z = 'text'",
        "UPDATE article_base SET number = 7",
        "UPDATE article SET base = 'one'",
        "DELETE FROM article_base",
    ],
)
def test_a_damaged_base_is_named_never_served_and_left_behind_by_new_readings(path, harm):
    with open_store(str(path)) as store:
        seen = [keep(store, number, article(number)) for number in range(3)]
        with sqlite3.connect(path) as database:
            database.execute(harm)
        assert named(store) == {("article", f"{URL} {each.capture.timestamp}") for each in seen}
        with pytest.raises(StoreError, match="rebuild --all"):
            store.articles.shown_by(seen[1])
        with pytest.raises(StoreError, match="rebuild --all"):
            store.articles.of(store.targets.find(URL))
        assert store.articles.kept(seen[1]) != packed(article(1))
        readings = [PageReading.of(each.id, Outcome.FETCHED, None, article(n)) for n, each in enumerate(seen)]
        store.readings.put(store.targets.find(URL), readings, "p2", now=NOW)
        assert [store.articles.shown_by(each) for each in seen] == [article(n) for n in range(3)]
        assert not named(store)


def test_every_flipped_bit_of_a_base_is_found_or_changes_nothing(path):
    with open_store(str(path)) as store:
        seen = keep(store, 0, article(0))
        ((ground,),) = rows(path, "SELECT z FROM article_base")
        for place in range(0, len(ground), 37):
            harmed = bytearray(ground)
            harmed[place] ^= 1 << place % 8
            with sqlite3.connect(path) as database:
                database.execute("UPDATE article_base SET z = ?", (bytes(harmed),))
            if not named(store):
                assert store.articles.shown_by(seen) == article(0)


def test_an_article_that_an_earlier_version_kept_alone_is_read_and_its_digest_holds(path):
    with open_store(str(path)) as store:
        seen = keep(store, 0, article(0))
        with sqlite3.connect(path) as database:
            database.execute("UPDATE article SET z = ?, base = NULL", (packed(article(0)),))
            database.execute("DELETE FROM article_base")
        assert store.articles.shown_by(seen) == article(0)
        assert store.articles.of(store.targets.find(URL)) == {article(0).fingerprint: article(0)}
        assert not named(store)
        later = keep(store, 1, article(1))
        assert [store.articles.shown_by(each) for each in (seen, later)] == [article(0), article(1)]
    assert [base for _, base, _ in rows(path)] == [None, 1]


def test_a_base_goes_with_the_last_article_over_it(path):
    with open_store(str(path)) as store:
        seen = [keep(store, n, article(n)) for n in range(3)]
        other = keep(store, 0, article(0), url="https://gazette.example/flood")
        for design, some in ((2, seen[:2]), (3, seen[:2]), (3, seen[2:])):
            new = [
                PageReading.of(one.id, Outcome.FETCHED, None, article(one.id, design=design)) for one in some
            ]
            store.readings.put(store.targets.find(URL), new, f"p{design}", now=NOW)
            bases = {base for _, base, _ in rows(path)[:3]}
            assert {
                number for (number,) in rows(path, "SELECT number FROM article_base WHERE target_id = 1")
            } == bases
        assert [store.articles.shown_by(one) for one in seen] == [article(one.id, design=3) for one in seen]
        assert store.articles.shown_by(other) == article(0)
        assert named(store) == set()


def test_records_packed_over_many_others_in_turns_and_threads_are_read_over_each():
    grounds = [packed(article(number, design=number)) for number in range(MOST_GROUNDS + 2)]
    plain = plain_of(packed(article(99, design=3)))

    def deltas(turns):
        return [squeezed(plain, ground) for _ in range(turns) for ground in [None, *grounds]]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(deltas, [3] * 8))
    assert all(each == found[0] for each in found)
    for ground, delta in zip([None, *grounds] * 3, found[0], strict=True):
        assert plain_of(delta, ground) == plain
