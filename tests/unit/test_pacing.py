"""One limit binds every process, outlives crashes, and no wrong clock stalls it for ever."""

import multiprocessing
from datetime import UTC, datetime, timedelta

import pytest

from crawler.model import Pacing, RequestKind
from crawler.store import open_store

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOST = "archive.example"
CDX, PLAYBACK = RequestKind.CDX, RequestKind.PLAYBACK
STEP = timedelta(seconds=2.5)


@pytest.fixture
def store(tmp_path):
    with open_store(str(tmp_path / "variorum.db")) as opened:
        yield opened


@pytest.fixture
def pacing(store) -> Pacing:
    return store.pacing


def reserve(pacing, *, now=NOW, kind=CDX, per_minute=24):
    return pacing.reserve(HOST, kind, per_minute=per_minute, now=now)


def test_slots_lie_one_behind_the_other(pacing):
    assert [reserve(pacing) for _ in range(4)] == [NOW + STEP * number for number in range(4)]


def test_no_minute_holds_more_than_the_limit_however_requests_come(pacing):
    slots = []
    now = NOW
    for number in range(240):
        now += timedelta(seconds=[0, 0, 7, 0.1, 1][number % 5])
        slots.append(reserve(pacing, now=now))

    assert all(
        later - earlier >= timedelta(minutes=1) for earlier, later in zip(slots, slots[24:], strict=False)
    )


def test_a_slot_after_silence_is_now(pacing):
    reserve(pacing)

    assert reserve(pacing, now=NOW + timedelta(hours=1)) == NOW + timedelta(hours=1)


def test_kinds_and_hosts_do_not_wait_for_each_other(pacing):
    reserve(pacing)

    assert reserve(pacing, kind=PLAYBACK, per_minute=480) == NOW
    assert pacing.reserve("other.example", CDX, per_minute=24, now=NOW) == NOW


def test_a_pause_moves_every_later_slot_behind_it_and_is_never_shortened(pacing):
    until = NOW + timedelta(minutes=10)
    pacing.pause(HOST, CDX, until=until, reason="429")
    pacing.pause(HOST, CDX, until=NOW + timedelta(minutes=1), reason="429")

    assert pacing.paused_until(HOST, CDX) == until
    assert [reserve(pacing), reserve(pacing)] == [until, until + STEP]
    assert reserve(pacing, kind=PLAYBACK) == NOW
    assert pacing.paused_until(HOST, RequestKind.SAVE) is None


def test_a_penalty_pauses_everything_and_doubles_until_a_success(pacing):
    first = pacing.penalise(HOST, now=NOW, reason="refused")
    second = pacing.penalise(HOST, now=first, reason="refused")
    assert (first - NOW, second - first) == (timedelta(hours=1), timedelta(hours=2))
    assert {pacing.paused_until(HOST, kind) for kind in RequestKind} == {second}

    pacing.succeeded(HOST, now=second)
    assert pacing.last_success(HOST) == second
    assert pacing.penalise(HOST, now=second, reason="refused") == second + timedelta(hours=1)


def test_a_penalty_never_lasts_longer_than_a_day(pacing):
    for _ in range(40):
        until = pacing.penalise(HOST, now=NOW, reason="refused")

    assert until == NOW + timedelta(days=1)


def test_a_host_that_never_answered_has_no_last_success(pacing):
    assert pacing.last_success(HOST) is None


def test_the_limit_outlives_the_process(store, tmp_path):
    reserve(store.pacing)
    store.pacing.pause(HOST, PLAYBACK, until=NOW + timedelta(hours=1), reason="429")
    store.close()

    with open_store(str(tmp_path / "variorum.db")) as again:
        assert reserve(again.pacing) == NOW + STEP
        assert reserve(again.pacing, kind=PLAYBACK) == NOW + timedelta(hours=1)


@pytest.mark.parametrize("jump", [timedelta(minutes=2), timedelta(days=1), timedelta(days=3650)])
def test_a_clock_set_back_does_not_stall_and_keeps_the_distance(pacing, jump):
    pacing.pause(HOST, CDX, until=NOW + timedelta(minutes=10), reason="429")
    reserve(pacing)
    back = NOW - jump

    assert reserve(pacing, now=back) == back + timedelta(minutes=10) + STEP
    assert pacing.paused_until(HOST, CDX) == back + timedelta(minutes=10)


def test_a_clock_set_forward_frees_a_pause_but_no_burst(pacing):
    pacing.pause(HOST, CDX, until=NOW + timedelta(minutes=10), reason="429")
    reserve(pacing)
    ahead = NOW + timedelta(days=30)

    assert [reserve(pacing, now=ahead) for _ in range(3)] == [ahead, ahead + STEP, ahead + STEP * 2]


def test_a_pause_from_a_broken_header_is_not_believed_for_ever(pacing):
    pacing.pause(HOST, CDX, until=NOW + timedelta(days=99_999), reason="Retry-After: 8639913600")

    assert reserve(pacing) == NOW + timedelta(days=7)


def _reserve_many(where: str, count: int, results) -> None:
    with open_store(where) as store:
        results.put([reserve(store.pacing) for _ in range(count)])


def test_processes_never_share_a_slot(tmp_path):
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    where = str(tmp_path / "variorum.db")
    open_store(where).close()
    processes = [context.Process(target=_reserve_many, args=(where, 25, results)) for _ in range(3)]
    for process in processes:
        process.start()
    slots = [slot for _ in processes for slot in results.get(timeout=100)]
    for process in processes:
        process.join(30)

    assert sorted(slots) == [NOW + STEP * number for number in range(75)]
