"""How the store hands out what is due, on whatever database the `where` fixture names."""

import os
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.errors import LeaseLostError
from crawler.model import Worker, WorkerKind
from crawler.store.workers import here, is_gone, this_process
from store_samples import NOW, URL, keep, listed, told, tracked


def test_due_targets_are_taken_longest_due_first_and_only_once(store):
    for number in (2, 0, 1):
        store.targets.track(f"{URL}-{number}", now=NOW + timedelta(minutes=number))
    first = store.queue.claim_due(NOW + timedelta(minutes=1), limit=5, lease_seconds=60, worker="a")

    assert store.queue.soonest() == NOW
    assert [target.url[-1] for target in first] == ["0", "1"]
    assert store.queue.claim_due(NOW + timedelta(minutes=1), limit=5, lease_seconds=60, worker="b") == []


def test_a_dead_workers_target_is_taken_when_its_lease_ends_and_then_is_lost_to_it(store):
    target = tracked(store)
    store.queue.claim_due(NOW, limit=1, lease_seconds=60, worker="dead")
    assert store.queue.claim_due(NOW + timedelta(seconds=59), limit=1, lease_seconds=60, worker="b") == []
    assert store.queue.claim_due(NOW + timedelta(seconds=60), limit=1, lease_seconds=60, worker="b") == [
        target
    ]

    with pytest.raises(LeaseLostError):
        store.queue.complete(target, next_due=NOW, now=NOW, worker="dead")
    with pytest.raises(LeaseLostError):
        store.queue.push_back(target, until=NOW, error="x", worker="dead")


def test_nothing_is_due_where_nothing_is_tracked(store):
    store.targets.ensure(URL, NOW)
    assert store.queue.soonest() is None


def test_a_renewed_lease_holds_longer(store):
    tracked(store)
    store.queue.claim_due(NOW, limit=1, lease_seconds=60, worker="a")

    assert store.queue.renew("a", until=NOW + timedelta(seconds=300)) == 1
    assert store.queue.renew("a", until=NOW + timedelta(seconds=200)) == 1
    assert store.queue.renew("b", until=NOW + timedelta(seconds=900)) == 0
    assert store.queue.claim_due(NOW + timedelta(seconds=299), limit=1, lease_seconds=60, worker="b") == []
    assert (
        len(store.queue.claim_due(NOW + timedelta(seconds=300), limit=1, lease_seconds=60, worker="b")) == 1
    )


def test_work_that_never_ends_holds_its_target_twice_as_long_each_time(store):
    target = tracked(store)
    now = NOW
    for lease in (60, 120, 240):
        assert store.queue.claim_due(now, limit=1, lease_seconds=60, worker="a") == [target]
        store.queue.begin(target, worker="a")
        assert (
            store.queue.claim_due(now + timedelta(seconds=lease - 1), limit=1, lease_seconds=60, worker="a")
            == []
        )
        now += timedelta(seconds=lease)


def test_a_completed_look_clears_failures_and_sets_the_next(store):
    target = tracked(store)
    store.queue.claim_due(NOW, limit=1, lease_seconds=60, worker="a")
    store.queue.push_back(target, until=NOW + timedelta(hours=1), error="no answer", worker="a")
    failed = store.targets.find(URL)
    assert (failed.failures, failed.last_error, failed.next_due) == (1, "no answer", NOW + timedelta(hours=1))

    later = NOW + timedelta(hours=1)
    store.queue.claim_due(later, limit=1, lease_seconds=60, worker="a")
    store.queue.complete(target, next_due=later + timedelta(hours=2), now=later, worker="a")
    done = store.targets.find(URL)
    assert (done.failures, done.last_error, done.next_due) == (0, None, later + timedelta(hours=2))
    assert store.captures.rhythm(done).last_look == later


def test_what_a_worker_gives_back_is_due_as_before(store):
    target = tracked(store)
    store.queue.claim_due(NOW, limit=1, lease_seconds=60, worker="a")
    store.queue.give_back(target, worker="a")

    assert store.queue.claim_due(NOW, limit=1, lease_seconds=60, worker="b") == [target]
    assert store.queue.release("b") == 1
    assert store.queue.release("b") == 0


def test_a_new_daemon_frees_what_a_dead_one_held_but_not_what_killed_two(store):
    poison, other = tracked(store, URL + "-0"), tracked(store, URL + "-1")
    store.queue.register(Worker(name="daemon host 1", kind=WorkerKind.DAEMON))
    for _ in range(2):
        store.queue.claim_due(NOW, limit=2, lease_seconds=60, worker="daemon host 1")
        store.queue.begin(poison, worker="daemon host 1")
        store.queue.release_daemons()

    assert store.queue.claim_due(NOW, limit=2, lease_seconds=60, worker="daemon host 2") == [other]


def test_a_clock_set_back_moves_due_times_back_with_it(store):
    target = tracked(store)
    store.queue.claim_due(NOW, limit=1, lease_seconds=60, worker="a")
    store.queue.complete(target, next_due=NOW + timedelta(hours=1), now=NOW, worker="a")
    back = NOW - timedelta(days=30)

    assert store.queue.claim_due(back, limit=1, lease_seconds=60, worker="a") == []
    assert store.targets.find(URL).next_due == back + timedelta(hours=1)
    assert len(store.queue.claim_due(back + timedelta(hours=1), limit=1, lease_seconds=60, worker="a")) == 1


def test_many_threads_claim_every_target_exactly_once(store):
    with store.together():
        for number in range(40):
            store.targets.track(f"{URL}-{number}", now=NOW)
    taken: list[str] = []

    def worker(name: str) -> None:
        while batch := store.queue.claim_due(NOW, limit=3, lease_seconds=60, worker=name):
            taken.extend(target.url for target in batch)

    threads = [threading.Thread(target=worker, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(taken) == len(set(taken)) == 40


def test_the_rhythm_knows_the_first_capture_and_the_last_change(store):
    target = tracked(store)
    assert store.captures.rhythm(target).first_seen is None
    store.captures.observe(target, [listed(number) for number in range(5)])
    for seen, number in zip(list(store.captures.of(target)), (3, 4, 3, 3), strict=False):
        keep(store, seen, f"page {seen.id}".encode(), told(number))

    rhythm = store.captures.rhythm(target)
    assert rhythm.first_seen == NOW
    assert rhythm.last_change == NOW + timedelta(hours=2)


def test_the_demand_is_the_sum_of_all_intervals(store):
    for number in range(3):
        store.targets.track(f"{URL}-{number}", now=NOW)
    for target in store.queue.claim_due(NOW, limit=2, lease_seconds=60, worker="a"):
        store.queue.complete(target, next_due=NOW, now=NOW, worker="a", interval=timedelta(minutes=2))

    assert store.queue.demand(unknown_seconds=30) == pytest.approx(0.5 + 0.5 + 2)


def test_what_an_ended_process_held_is_free_at_once_and_what_a_living_one_holds_is_not(store):
    target = tracked(store)
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    stat = Path(f"/proc/{child.pid}/stat").read_text()
    born = int(stat.rpartition(")")[2].split()[19])
    worker = Worker(name="run a", kind=WorkerKind.RUN, place=here(), pid=child.pid, born=born)
    store.queue.register(worker)
    store.queue.claim_due(NOW, limit=1, lease_seconds=600, worker="run a")

    assert store.queue.release_gone() == 0
    assert [(held.target.url, held.worker) for held in store.queue.held(NOW)] == [(URL, "run a")]
    child.communicate(b"\n", timeout=20)
    assert store.queue.release_gone() == 1
    assert store.queue.claim_due(NOW, limit=1, lease_seconds=60, worker="b") == [target]


@pytest.mark.parametrize(
    "other",
    [{"place": "another machine"}, {"place": None}, {"pid": None}],
    ids=str,
)
def test_a_process_that_cannot_be_looked_at_keeps_what_it_took(store, other):
    tracked(store)
    fields = {"place": here(), "pid": 2**22 + 1, "born": 1} | other
    store.queue.register(Worker(name="w", kind=WorkerKind.DAEMON, **fields))
    store.queue.claim_due(NOW, limit=1, lease_seconds=600, worker="w")

    assert store.queue.release_gone() == 0


def test_a_process_number_used_again_is_another_process(store):
    tracked(store)
    store.queue.register(Worker(name="w", kind=WorkerKind.RUN, place=here(), pid=os.getpid(), born=1))
    store.queue.claim_due(NOW, limit=1, lease_seconds=600, worker="w")

    assert store.queue.release_gone() == 1
    assert not is_gone(this_process(WorkerKind.RUN))
