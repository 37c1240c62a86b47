"""How the store is checked, counted and kept in bounds, on whatever database the `where` fixture names."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from crawler.errors import StoreError
from crawler.model import RequestKind
from crawler.store import DaemonState, Retained, Store, open_store
from crawler.store.schema import article, body, capture, finding
from diffs.model import Change, ChangeKind, ChangeType, Outcome, Weight
from store_samples import NOW, URL, keep, listed, one_seen, told, tracked


def flip(store: Store, sha256: str, offset: int = -6) -> None:
    """Turn over one bit of a stored body."""
    with store.database.writing() as connection:
        z = bytearray(connection.execute(select(body.c.z).where(body.c.sha256 == sha256)).scalar_one())
        z[offset] ^= 4
        connection.execute(update(body).where(body.c.sha256 == sha256).values(z=bytes(z)))


def test_a_flipped_bit_is_named_by_verify_and_scrub_and_never_served(store):
    target = tracked(store)
    kept = keep(store, one_seen(store, target), b"page " * 50, told(3))
    flip(store, kept.sha256)

    assert [problem.name for problem in store.scrub()] == [kept.sha256]
    assert [problem.name for problem in store.verify(target)] == [kept.sha256]
    with pytest.raises(StoreError, match=f"body {kept.sha256} is damaged"):
        store.bodies.read(kept.sha256)


def test_a_flipped_bit_in_an_article_or_a_finding_is_named_and_derived_again(store):
    target = tracked(store)
    kept = keep(store, one_seen(store, target), b"page " * 50, told(3))
    change = Change(id="c1", kind=ChangeKind.TEXT, type=ChangeType.ADDED, weight=Weight.MINOR)
    store.findings.record(target, [change], grammar="g", parser="p", now=NOW)
    for table in (article, finding):
        with store.database.writing() as connection:
            z = bytearray(connection.execute(select(table.c.z)).scalar_one())
            z[len(z) // 2] ^= 4
            connection.execute(update(table).values(z=bytes(z)))

    assert [(each.what, each.name) for each in store.scrub()] == [
        ("article", f"{URL} {kept.capture.timestamp}"),
        ("finding", "c1"),
    ]
    with pytest.raises(StoreError, match="rebuild --all"):
        store.articles.shown_by(kept)


def test_verify_names_a_fetched_capture_whose_body_is_gone(store):
    target = tracked(store)
    kept = keep(store, one_seen(store, target), b"page", told(3))
    with store.database.writing() as connection:
        connection.execute(update(capture).where(capture.c.id == kept.id).values(sha256=None))

    (problem,) = store.verify(target)
    assert problem.what == "capture"
    assert problem.name == f"{URL} 20260301130000"


def test_retention_keeps_both_ends_of_every_text_and_all_that_is_young(store):
    target = tracked(store)
    store.captures.observe(target, [listed(number) for number in range(16)])
    shown = [3, 3, 3, 3, 4, 3, 3, 3, 5, 5, 5, 5, 5, 5, 5, 5]
    before = {}
    for seen, number in zip(list(store.captures.of(target)), shown, strict=True):
        data = b"frame " * 500 + f"{number} {seen.id}".encode()
        before[seen.id] = data
        keep(store, seen, data, told(number))
    done = store.drop_old_bodies(target, before=NOW + timedelta(hours=12), now=NOW + timedelta(days=900))

    kept = {seen.capture.at: seen for seen in store.captures.of(target)}
    gone = [number for number in range(16) if kept[NOW + timedelta(hours=number)].sha256 is None]
    assert gone == [1, 2, 6, 9, 10, 11]
    assert (done.captures, done.bodies) == (6, 6)
    assert done.stored_bytes > 0
    assert all(store.bodies.read(seen.sha256) == before[seen.id] for seen in kept.values() if seen.sha256)
    assert len(list(store.bodies.names())) == 10
    assert list(store.verify()) == []
    assert store.articles.shown_by(kept[NOW + timedelta(hours=1)]) == told(3)
    assert store.drop_old_bodies(target, before=NOW + timedelta(hours=12), now=NOW) == Retained()


def test_retention_keeps_bytes_that_another_capture_needs(store):
    first, second = tracked(store), tracked(store, URL + "-2")
    store.captures.observe(first, [listed(number) for number in range(3)])
    for seen in list(store.captures.of(first)):
        keep(store, seen, b"page %d" % seen.capture.at.hour, told(3))
    keep(store, one_seen(store, second), b"page 13", told(3))

    assert store.drop_old_bodies(first, before=NOW + timedelta(days=1), now=NOW) == Retained(captures=1)
    assert b"page 13" in {store.bodies.read(name) for name in store.bodies.names()}


def test_a_body_that_was_never_kept_is_an_error(store):
    with pytest.raises(StoreError, match="is not in the store"):
        store.bodies.read("0" * 64)


def test_the_status_counts_what_there_is(store):
    target = tracked(store)
    store.captures.observe(target, [listed(number) for number in range(3)])
    keep(store, next(store.captures.of(target)), b"page" * 100, told(3))
    store.targets.ensure(URL + "-2", NOW)
    store.pacing.penalise("archive.example", now=NOW, reason="connection refused")
    store.beat("daemon host 1", started=NOW, now=NOW + timedelta(minutes=1), state=DaemonState.RUNNING)
    status = store.status(now=NOW)

    assert (status.targets, status.untracked, status.due, status.failing) == (1, 1, 1, 0)
    assert status.captures == {Outcome.FETCHED: 1, Outcome.PENDING: 2}
    assert (status.bodies, status.body_bytes) == (1, 400)
    assert 0 < status.stored_bytes < 100
    assert {pause.kind for pause in status.pauses} == {kind.value for kind in RequestKind}
    assert {pause.until for pause in status.pauses} == {NOW + timedelta(hours=1)}
    assert status.heartbeat.beat == NOW + timedelta(minutes=1)
    assert store.status(now=NOW + timedelta(hours=2)).pauses == ()


def test_only_one_daemon_holds_a_store_and_the_next_may_when_it_left(store, where):
    with open_store(where) as other:
        second = other.sole_daemon("two")
        with store.sole_daemon("one"), pytest.raises(StoreError, match="a daemon runs on this store"):
            second.__enter__()
        with other.sole_daemon("three"):
            assert store.status().heartbeat is None


def test_a_store_opened_again_holds_everything(store, where):
    target = tracked(store)
    kept = keep(store, one_seen(store, target), b"page", told(3))
    store.close()

    with open_store(where, create=False) as again:
        assert again.bodies.read(kept.sha256) == b"page"
        assert again.articles.shown_by(kept) == told(3)
        assert again.targets.find(URL) == target
