"""What is due is looked at, and nothing that goes wrong with one target holds up the others."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from crawler.errors import (
    BlockedError,
    LeaseLostError,
    NoCaptureError,
    PenaltyError,
    RateLimitError,
    StoreError,
    UnreachableError,
)
from crawler.model import Capture, Snapshot
from crawler.store import open_store
from crawler.store.records import Rhythm
from crawler.tracking.scheduler import (
    LONGEST,
    SHORTEST,
    explain_next,
    in_words,
    next_interval,
    pressure_on,
    retry_after,
    run_once,
    spread,
)
from diffs.model import Article, Outcome

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def store(tmp_path):
    with open_store(str(tmp_path / "variorum.db")) as opened:
        for name in "abc":
            opened.targets.track(address(name), now=NOW)
        yield opened


def address(name: str) -> str:
    return f"https://gazette.example/{name}"


def look(store, work, *, now=NOW, limit=10, stop=lambda: False, worker="w", **fields) -> bool:
    return run_once(store, work, now=lambda: now, limit=limit, stop=stop, worker=worker, **fields)


class Work:
    """Notes which targets it was given, and fails where told to."""

    def __init__(self, **failures: BaseException) -> None:
        self.seen: list[str] = []
        self.failures = failures

    def __call__(self, target) -> None:
        name = target.url[-1]
        self.seen.append(name)
        if name in self.failures:
            raise self.failures[name]


def test_everything_due_is_looked_at_once_and_then_nothing_is(store):
    work = Work()

    assert look(store, work)
    assert work.seen == ["a", "b", "c"]
    assert not look(store, work)
    assert work.seen == ["a", "b", "c"]


def test_no_more_than_the_limit_is_taken(store):
    work = Work()
    look(store, work, limit=2)

    assert work.seen == ["a", "b"]
    assert look(store, work, limit=2)


@pytest.mark.parametrize(
    "error", [UnreachableError("no answer"), BlockedError("excluded"), NoCaptureError("none")]
)
def test_a_failure_pushes_its_target_back_and_the_others_go_on(store, error):
    work = Work(a=error)
    heard = []
    look(store, work, on_visit=lambda target, failure, due: heard.append((target.url[-1], failure, due)))

    assert work.seen == ["a", "b", "c"]
    failed = store.targets.find(address("a"))
    assert (failed.failures, failed.last_error) == (1, str(error))
    assert failed.next_due >= NOW + timedelta(minutes=10)
    assert [(name, failure) for name, failure, _ in heard] == [("a", error), ("b", None), ("c", None)]
    assert heard[0][2] == failed.next_due


@pytest.mark.parametrize("kind", [RateLimitError, PenaltyError])
def test_what_the_archive_says_to_everybody_ends_the_pass(store, kind):
    work = Work(a=kind("slow down", retry_after=7200))
    look(store, work)

    assert work.seen == ["a"]
    assert store.targets.find(address("a")).next_due >= NOW + timedelta(hours=2)
    again = Work()
    look(store, again, worker="another")
    assert again.seen == ["b", "c"]


def test_poison_is_pushed_back_before_it_is_raised(store):
    with pytest.raises(ZeroDivisionError):
        look(store, Work(a=ZeroDivisionError("oops")))

    failed = store.targets.find(address("a"))
    assert failed.last_error == "ZeroDivisionError: oops"
    assert failed.next_due > NOW + HOUR / 2
    again = Work()
    look(store, again, worker="another")
    assert again.seen == ["b", "c"]


def test_a_failing_store_is_raised_and_nothing_stays_taken(store):
    with pytest.raises(StoreError, match="disk is full"):
        look(store, Work(b=StoreError("disk is full")))

    again = Work()
    look(store, again, worker="another")
    assert again.seen[0] == "c"


def test_a_target_taken_over_meanwhile_is_left_to_the_other(store):
    def work(target) -> None:
        if target.url == address("a"):
            store.queue.release("w")
            store.queue.claim_due(NOW, limit=1, lease_seconds=60, worker="other")

    heard = []
    look(store, work, limit=1, on_visit=lambda _target, error, _due: heard.append(error))

    assert isinstance(heard[0], LeaseLostError)
    with pytest.raises(LeaseLostError):
        store.queue.give_back(store.targets.find(address("a")), worker="w")


def test_asked_to_stop_it_finishes_the_target_in_hand_and_lets_the_rest_go(store):
    work = Work()
    look(store, work, stop=lambda: len(work.seen) >= 1)

    assert work.seen == ["a"]
    assert store.targets.find(address("a")).next_due == NOW
    again = Work()
    look(store, again, worker="another")
    assert again.seen == ["a", "b", "c"]


def test_asked_to_stop_before_it_began_it_takes_nothing(store):
    assert not look(store, Work(), stop=lambda: True)
    assert store.status().leased == 0


def test_a_look_that_takes_longer_than_the_lease_keeps_its_target(store):
    """The clock moves on by most of a lease, each time when the last one was renewed."""
    clock, lease, looked = [NOW], timedelta(seconds=0.3), []

    def work(target) -> None:
        for _ in range(4):
            clock[0] += lease * 0.8
            until = time.monotonic() + 60
            while store.queue.held(clock[0])[0].until < clock[0] + lease / 2:
                assert time.monotonic() < until
                time.sleep(0.01)
        assert store.queue.claim_due(clock[0], limit=5, lease_seconds=60, worker="thief") == []
        looked.append(target.url)

    store.targets.untrack(address("b"))
    store.targets.untrack(address("c"))
    assert run_once(
        store,
        work,
        now=lambda: clock[0],
        limit=1,
        stop=lambda: False,
        worker="w",
        lease_seconds=lease.total_seconds(),
    )
    assert looked == [address("a")]


def test_a_change_seen_in_a_look_brings_the_next_one_near(store):
    def work(target) -> None:
        ats = [NOW - timedelta(days=60), NOW - timedelta(days=30), NOW - HOUR]
        store.captures.observe(
            target, [Capture(archive="x", url=target.url, urlkey="k", at=at) for at in ats]
        )
        texts = ("3 dead", "3 dead", "4 dead" if target.url == address("a") else "3 dead")
        for seen, text in zip(list(store.captures.of(target)), texts, strict=True):
            body = text.encode()
            shot = Snapshot(
                capture=seen.capture,
                served_at=seen.capture.at,
                url=target.url,
                status=200,
                content_type=None,
                body=body,
            )
            article = Article.from_text("Fire", text)
            store.captures.keep(seen, shot, outcome=Outcome.FETCHED, article=article, parser="p", now=NOW)

    look(store, work)
    assert store.targets.find(address("a")).next_due - NOW < HOUR / 2
    assert store.targets.find(address("b")).next_due - NOW >= LONGEST


# --------------------------------------------------------------------------- intervals


def test_a_young_page_is_looked_at_often_an_old_one_seldom():
    intervals = [
        next_interval(Rhythm(first_seen=NOW - age), now=NOW)
        for age in (timedelta(0), HOUR, 8 * HOUR, timedelta(days=2), timedelta(days=30), timedelta(days=3000))
    ]

    assert intervals == sorted(intervals)
    assert intervals[0] == SHORTEST
    assert intervals[2] == HOUR
    assert intervals[-1] == LONGEST


def test_a_change_makes_the_page_young_again():
    old = Rhythm(first_seen=NOW - timedelta(days=300))
    changed = Rhythm(first_seen=NOW - timedelta(days=300), last_change=NOW - HOUR)

    assert next_interval(changed, now=NOW) == SHORTEST < next_interval(old, now=NOW)


def test_a_page_costs_few_looks_over_its_life():
    now, looks = NOW, 0
    while now < NOW + timedelta(days=7):
        now += next_interval(Rhythm(first_seen=NOW), now=now)
        looks += 1

    assert 30 <= looks <= 60


def test_captures_from_the_future_do_no_harm():
    assert next_interval(Rhythm(first_seen=NOW + timedelta(days=900)), now=NOW) == SHORTEST


def test_all_intervals_stretch_so_that_the_budget_holds(store):
    for target in store.queue.claim_due(NOW, limit=3, lease_seconds=60, worker="w"):
        store.queue.complete(target, next_due=NOW, now=NOW, worker="w", interval=timedelta(minutes=1))
    pressure = pressure_on(store, per_minute=1.0)

    assert pressure == pytest.approx(3 / 0.8)
    stretched = next_interval(Rhythm(first_seen=NOW), now=NOW, pressure=pressure)
    assert stretched == SHORTEST * pressure
    assert pressure_on(store, per_minute=24.0) == 1.0


def test_the_spread_is_the_targets_own_and_at_most_a_tenth(store):
    targets = list(store.targets.all())
    spreads = [spread(target, HOUR) for target in targets]

    assert spreads == [spread(target, HOUR) for target in targets]
    assert len(set(spreads)) == 3
    assert all(HOUR <= each <= HOUR * 1.1 for each in spreads)


@pytest.mark.parametrize(
    ("error", "failures", "wait"),
    [
        (UnreachableError("x"), 0, timedelta(minutes=10)),
        (UnreachableError("x"), 2, timedelta(minutes=40)),
        (UnreachableError("x"), 10_000, timedelta(days=1)),
        (RateLimitError("x", retry_after=1800), 0, timedelta(minutes=30)),
        (RateLimitError("x", retry_after=1e12), 0, timedelta(days=1)),
        (RateLimitError("x", retry_after=-5), 0, timedelta(minutes=10)),
        (BlockedError("x"), 0, timedelta(days=7)),
    ],
)
def test_failures_wait_as_long_as_they_need(error, failures, wait):
    assert retry_after(error, failures=failures) == wait


# --------------------------------------------------------------------------- words


def test_the_next_look_is_reported_in_words(store):
    target = store.targets.find(address("a"))
    changed = Rhythm(first_seen=NOW - timedelta(days=9), last_change=NOW - timedelta(days=2))
    later = store.targets.find(address("a"))

    told = explain_next(later, changed, now=NOW - 3 * HOUR, pressure=2.0)
    assert told == (
        "Next look at 2026-03-01 12:00 UTC, in 3 hours; then about every 11 hours, because the text last changed "
        "2 days ago; all targets together ask 2.0 times the shared budget."
    )
    assert "it is due" in explain_next(target, Rhythm(), now=NOW)
    assert "no capture of it is known yet" in explain_next(target, Rhythm(), now=NOW)


def test_a_failure_is_part_of_the_explanation(store):
    look(store, Work(a=UnreachableError("the archive did not answer")))
    target = store.targets.find(address("a"))

    assert explain_next(target, Rhythm(), now=NOW).endswith(
        "the last look failed (once): the archive did not answer"
    )


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "less than a minute"),
        (59, "less than a minute"),
        (60, "1 minute"),
        (5400, "2 hours"),
        (86_400 * 3, "3 days"),
    ],
)
def test_lengths_of_time_read_as_a_person_would_say_them(seconds, words):
    assert in_words(timedelta(seconds=seconds)) == words
