"""A list of addresses is tracked in one transaction, as each would be alone."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from crawler.errors import InputError
from crawler.model import SaveWish

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PAGE = "https://www.gazette.example/news/ferry"


def test_spellings_of_one_page_are_tracked_once(store):
    done = store.targets.track_all([PAGE, "http://gazette.example/news/ferry/", f"{PAGE}?id=1"], now=NOW)
    assert [each.created for each in done] == [True, True, True]
    assert [target.url for target in store.targets.all()] == [PAGE, f"{PAGE}?id=1"]


def test_a_list_changes_what_track_changes(store):
    one, two, three = (f"{PAGE}-{number}" for number in range(3))
    store.targets.track(one, now=NOW)
    store.targets.untrack(one)
    store.targets.ensure_sibling(two, NOW)
    later = NOW + timedelta(days=1)
    since = NOW - timedelta(days=30)
    done = store.targets.track_all(
        [one, two, three], story="Ferry", since=since, save=SaveWish.ON_GAP, now=later
    )
    assert [each.created for each in done] == [True, True, True]
    for target in store.targets.all(story="Ferry"):
        assert (target.next_due, target.since, target.save) == (later, since, SaveWish.ON_GAP)
    assert len(list(store.targets.all(story="Ferry"))) == 3


def test_what_is_not_given_stays_and_a_tracked_page_is_not_due_anew(store):
    store.targets.track(PAGE, story="Ferry", now=NOW)
    (done,) = store.targets.track_all([PAGE], now=NOW + timedelta(days=1))
    assert (done.created, done.also_in) == (False, ())
    (target,) = store.targets.all()
    assert (target.story, target.next_due) == ("Ferry", NOW)


def test_a_page_that_joins_a_further_story_stays_in_its_own(store):
    store.targets.track(PAGE, story="Ferry", now=NOW)
    (done,) = store.targets.track_all([PAGE], story="Harbour", now=NOW)
    assert done.also_in == ("Ferry",)
    (same,) = store.targets.track_all([PAGE], story="Harbour", now=NOW)
    assert same.also_in == ()
    assert store.targets.find(PAGE).stories == ("Ferry", "Harbour")


def test_nothing_is_tracked_of_a_list_with_a_bad_line(store):
    with pytest.raises(InputError):
        store.targets.track_all([PAGE, f"{PAGE}?{'x' * 3000}"], now=NOW)
    assert list(store.targets.all()) == []


def test_ten_thousand_addresses_take_little_time(store):
    began = time.process_time()
    store.targets.track_all([f"{PAGE}/{number}" for number in range(10_000)], now=NOW)
    store.targets.track_all([f"{PAGE}/{number}" for number in range(10_000)], story="Ferry", now=NOW)
    assert time.process_time() - began < 20
    assert len(list(store.targets.all(story="Ferry"))) == 10_000
