"""Bodies come back byte for byte, and lie close to their neighbours."""

import gzip
import random
import re
import struct
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select, update

from crawler.codec import is_intact, packed, unpacked
from crawler.errors import StoreError
from crawler.model import Capture, Snapshot
from crawler.store import open_store
from crawler.store.bodies import KEYFRAME_EVERY, MOST_CHAINS, sha256_of
from crawler.store.schema import body
from diffs.model import Article, Change, ChangeKind, ChangeType, Outcome, Weight
from store_samples import keep as keep_capture
from store_samples import listed, told, tracked

NOW = datetime(2026, 3, 1, tzinfo=UTC)
URL = "https://gazette.example/harbour-fire"


@pytest.fixture
def store(tmp_path):
    with open_store(str(tmp_path / "variorum.db")) as opened:
        yield opened


def page(version: int, seed: int = 1, words: int = 4000) -> bytes:
    """A page of random words in which a version changes one."""
    rng = random.Random(seed)
    text = [f"{rng.getrandbits(40):x}" for _ in range(words)]
    text[rng.randrange(words)] = f"version-{version}"
    return " ".join(text).encode()


def keep_all(store, bodies, *, order=None, url=URL):
    """Keep bodies as captures an hour apart, fetched in the order given."""
    with store.together():
        target, _ = store.targets.track(url, now=NOW)
        ats = [NOW + timedelta(hours=number) for number in range(len(bodies))]
        store.captures.observe(
            target, [Capture(archive="a", url=url, urlkey="k", at=at, digest=str(at)) for at in ats]
        )
        for number in order or range(len(bodies)):
            seen = store.captures.at(target, ats[number])
            shot = Snapshot(
                capture=seen.capture,
                served_at=seen.capture.at,
                url=url,
                status=200,
                content_type=None,
                body=bodies[number],
            )
            store.captures.keep(seen, shot, outcome=Outcome.NOT_ARTICLE, reason="test", now=NOW)


def rows(store):
    with store.database.reading() as connection:
        return {row.sha256: row for row in connection.execute(select(body))}


@pytest.mark.parametrize("order", ["forward", "backward", "bisecting", "random"])
def test_bodies_come_back_byte_for_byte_in_whatever_order_they_were_fetched(store, order):
    bodies = [page(number) for number in range(33)]
    numbers = list(range(33))
    orders = {
        "forward": numbers,
        "backward": numbers[::-1],
        "bisecting": [0, 32, 16, 8, 24, 4, 12, 20, 28, *(n for n in numbers if n % 4)],
        "random": random.Random(7).sample(numbers, 33),
    }
    keep_all(store, bodies, order=orders[order])

    assert [store.bodies.read(sha256_of(data)) for data in bodies] == bodies
    assert max(row.depth for row in rows(store).values()) < KEYFRAME_EVERY
    assert sum(row.depth == 0 for row in rows(store).values()) <= 33 / KEYFRAME_EVERY * 2 + 1


def test_a_full_chain_is_followed_by_another_on_the_same_beginning_and_a_tenth_by_a_new_one(store):
    bodies = [page(number) for number in range(110)]
    keep_all(store, bodies)

    depths = [rows(store)[sha256_of(data)].depth for data in bodies]
    chains = list(range(1, KEYFRAME_EVERY)) * MOST_CHAINS
    assert depths == ([0, *chains] * 2)[:110]
    assert [store.bodies.read(sha256_of(data)) for data in bodies] == bodies
    assert not store.custody.bodies_amiss()


def test_a_page_that_became_another_stands_alone_after_a_full_chain(store):
    old = [page(number) for number in range(KEYFRAME_EVERY)]
    new = random.Random(5).randbytes(5000)
    keep_all(store, [*old, new])

    assert rows(store)[sha256_of(new)].depth == 0


def test_successive_captures_take_a_small_part_of_what_gzip_takes(store):
    bodies = [page(number) for number in range(20)]
    keep_all(store, bodies)

    stored = sum(len(row.z) for row in rows(store).values())
    assert stored * 4 < sum(len(gzip.compress(data)) for data in bodies)


def test_bodies_with_nothing_in_common_are_not_tied_together(store):
    keep_all(store, [random.Random(number).randbytes(5000) for number in range(3)])

    assert {row.depth for row in rows(store).values()} == {0}


def test_a_page_far_larger_than_a_small_window_is_still_a_small_delta(store):
    big = random.Random(3).randbytes(3_000_000)
    keep_all(store, [big, big[:1_500_000] + b"one change" + big[1_500_000:]])

    delta = next(row for row in rows(store).values() if row.depth == 1)
    assert len(delta.z) < 3000


@pytest.mark.parametrize("data", [b"", b"\x00", b"a" * 200_000, bytes(range(256)) * 9])
def test_odd_bodies_are_kept_too(store, data):
    keep_all(store, [b"something before", data])

    assert store.bodies.read(sha256_of(data)) == data


def test_equal_bytes_at_another_time_are_one_body(store):
    keep_all(store, [page(1), page(2), page(1)])

    assert len(rows(store)) == 2


def test_every_single_flipped_bit_is_found(store):
    keep_all(store, [page(number, words=300) for number in range(4)])
    rng = random.Random(11)
    whole = rows(store)
    missed = []
    for _ in range(60):
        name, row = rng.choice(sorted(whole.items()))
        z = bytearray(row.z)
        place = rng.randrange(len(z) * 8)
        z[place // 8] ^= 1 << place % 8
        put(store, name, z=bytes(z))
        if name not in {problem.name for problem in store.scrub()} and store.bodies.read(name) != whole_body(
            name
        ):
            missed.append((name, place))
        put(store, name, z=row.z)

    assert missed == []


def whole_body(name: str) -> bytes:
    return next(data for number in range(4) if sha256_of(data := page(number, words=300)) == name)


def put(store, name, **values) -> None:
    with store.database.writing() as connection:
        connection.execute(update(body).where(body.c.sha256 == name).values(values))


def test_damage_to_a_base_is_reported_for_all_that_stand_on_it(store):
    keep_all(store, [page(number) for number in range(3)])
    first = sha256_of(page(0))
    put(store, first, z=b"gone")

    assert {problem.name for problem in store.scrub()} == {sha256_of(page(number)) for number in range(3)}
    with pytest.raises(StoreError, match=f"body {first} is damaged"):
        store.bodies.read(sha256_of(page(2)))


@pytest.mark.parametrize("change", [{"codec": "zip"}, {"size": 1 << 40}, {"size": 3}])
def test_a_row_that_lies_about_itself_is_damage(store, change):
    keep_all(store, [page(0)])
    name = sha256_of(page(0))
    put(store, name, **change)

    with pytest.raises(StoreError, match="is damaged"):
        store.bodies.read(name)


def test_a_circle_of_deltas_ends_in_an_error(store):
    keep_all(store, [page(number) for number in range(2)])
    names = [sha256_of(page(number)) for number in range(2)]
    put(store, names[0], base_sha256=names[1], depth=1, codec="zstd-delta")

    with pytest.raises(StoreError, match="its chain has no beginning"):
        store.bodies.read(names[0])


@pytest.mark.parametrize(
    "record",
    [
        Article.from_text("Fire", "At least 12 people died."),
        Change(id="c1", kind=ChangeKind.TEXT, type=ChangeType.ADDED, weight=Weight.MINOR),
    ],
)
def test_no_flipped_bit_makes_another_record(record):
    z = packed(record)
    for place in range(len(z) * 8):
        flipped = bytearray(z)
        flipped[place // 8] ^= 1 << place % 8
        try:
            assert unpacked(type(record), bytes(flipped), "it") == record
        except StoreError:
            assert not is_intact(bytes(flipped))


def test_a_time_that_no_longer_fits_its_index_is_damage(tmp_path):
    where = tmp_path / "v.db"
    with open_store(str(where)) as store:
        keep_all(store, [b"one", b"two", b"three"])
    stored = struct.pack(">q", int((NOW + timedelta(hours=1)).timestamp() * 1_000_000))[1:]
    data = where.read_bytes()
    places = [match.start() for match in re.finditer(re.escape(stored), data)]
    assert len(places) > 1
    flipped = bytearray(data)
    flipped[places[0] + 5] ^= 2
    where.write_bytes(bytes(flipped))

    with open_store(str(where)) as store:
        assert {problem.what for problem in store.scrub()} == {"database"}


def test_keeping_a_capture_takes_few_statements_and_one_commit_to_disk(tmp_path) -> None:
    """It took 27 statements on 2026-11-28, and each link of a delta's chain one more."""
    asked: list[str] = []
    with open_store(str(tmp_path / "s.db")) as store:
        target = tracked(store)
        store.captures.observe(target, [listed(number) for number in range(9)])
        rows = list(store.captures.of(target))
        engine = store.database.engine
        for number, seen in enumerate(rows):
            if number == len(rows) - 1:
                event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
            keep_capture(store, seen, b"<p>Fire at the harbour.</p>" * 400 + b"%d" % number, told(number))
    assert len(asked) <= 16
    assert [line for line in asked if line.startswith("BEGIN")] == ["BEGIN", "BEGIN IMMEDIATE"]
