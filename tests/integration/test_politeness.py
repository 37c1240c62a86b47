"""Two processes on one store keep one limit, whatever becomes of either."""

import random
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from crawler.archive.limits import Limits, pause_asked_for
from crawler.archive.session import PoliteSession
from crawler.archive.session.wire import Reply
from crawler.errors import ArchiveError
from crawler.model import RequestKind
from crawler.store import open_store

START = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
URL = "https://web.archive.org/x"


class KilledError(BaseException):
    """What a worker of the town dies of, with a slot in its hand."""


class Town:
    """A simulated clock that moves on when every worker sleeps; one worker runs at a time."""

    def __init__(self, answer=lambda _now: 200):
        self.now = START
        self.jump = timedelta(0)
        self.sent = []
        self.answer = answer
        self._turn = threading.Condition()
        self._wakes = {}
        self._running = None

    def wall(self):
        """What every worker's clock shows: the time, set back or ahead by a jump."""
        return self.now + self.jump

    def sleep(self, name, seconds):
        with self._turn:
            self._wakes[name] = self.now + timedelta(seconds=max(seconds, 0))
            self._hand_over()
            while self._running != name:
                self._turn.wait(30)

    def _hand_over(self):
        """Wake whoever sleeps shortest."""
        if self._wakes:
            self._running = min(self._wakes, key=lambda name: (self._wakes[name], name))
            self.now = max(self.now, self._wakes.pop(self._running))
        else:
            self._running = None
        self._turn.notify_all()

    def run(self, workers):
        """Let workers run to their ends, all starting together."""
        with self._turn:
            self._wakes = dict.fromkeys(workers, self.now)
        threads = [threading.Thread(target=self._life, args=item, daemon=True) for item in workers.items()]
        for thread in threads:
            thread.start()
        with self._turn:
            self._hand_over()
        for thread in threads:
            thread.join(60)
        assert not any(thread.is_alive() for thread in threads)

    def _life(self, name, work):
        with self._turn:
            while self._running != name:
                self._turn.wait(30)
        try:
            work(name)
        except KilledError:
            pass
        finally:
            with self._turn:
                self._hand_over()


def worker(town, path, kind, *, requests, overrun=lambda: 0.0, dies_after=None, nap=7.0):
    """Return the life of a process that asks as fast as it may, in the town's time, and may be killed asleep."""

    def work(name):
        sleeps = []

        def sleep(seconds):
            sleeps.append(seconds)
            if dies_after is not None and len(sleeps) > dies_after:
                raise KilledError
            town.sleep(name, seconds + overrun())

        def exchange(request, _limits, *, left):
            assert left > 0
            town.sent.append(town.now)
            status, headers = town.answer(town.now), {}
            if not isinstance(status, int):
                status, headers = status
            return Reply(url=request.url, status=status, headers=headers)

        with open_store(path) as store:
            session = PoliteSession(
                pacing=store.pacing,
                user_agent="variorum/test",
                limits=Limits(tries=1),
                clock=town.wall,
                sleep=sleep,
            )
            session._wire.exchange = exchange
            for _ in range(requests):
                try:
                    session.get(URL, kind=kind)
                except ArchiveError as error:
                    town.sleep(name, min(error.retry_after, nap))

    return work


def most_in_a_minute(times):
    times = sorted(times)
    most, first = 0, 0
    for last, when in enumerate(times):
        while when - times[first] >= timedelta(seconds=60):
            first += 1
        most = max(most, last - first + 1)
    return most


@pytest.mark.parametrize(
    ("kind", "cap", "requests"),
    [
        (RequestKind.CDX, 24, 130),
        pytest.param(RequestKind.PLAYBACK, 480, 400, marks=pytest.mark.soak),
    ],
)
def test_no_minute_holds_more_than_the_limit_with_two_at_work_and_one_killed(tmp_path, kind, cap, requests):
    path, chance = str(tmp_path / "v.db"), random.Random(5)
    open_store(path).close()
    town = Town()
    town.run(
        {
            "steady": worker(town, path, kind, requests=requests),
            "slow": worker(
                town, path, kind, requests=requests, overrun=lambda: chance.choice([0, 0, 0.1, 0.4, 3.0])
            ),
            "dying": worker(town, path, kind, requests=requests, dies_after=requests // 3),
        }
    )
    assert len(town.sent) >= 2 * requests
    if kind is RequestKind.CDX:
        assert town.sent[-1] - town.sent[0] >= timedelta(minutes=10)
    assert cap - cap // 8 <= most_in_a_minute(town.sent) <= cap


def test_nothing_is_sent_inside_a_pause_by_anyone(tmp_path):
    path = str(tmp_path / "v.db")
    open_store(path).close()
    limited = []

    def answer(now):
        if len(town.sent) % 10 == 0:
            limited.append(now)
            return 429
        return 200

    town = Town(answer)
    town.run({name: worker(town, path, RequestKind.CDX, requests=30) for name in ("one", "two")})
    assert len(limited) >= 2
    for when in limited:
        assert [t for t in town.sent if when < t < when + timedelta(seconds=60)] == []


RETRY_AFTER = [
    "30",
    "0",
    "-5",
    "junk",
    "",
    "99999999999",
    "Mon, 23 Nov 2026 12:09:00 GMT",
    "Wed, 23 Nov 2095 11:00:00 GMT",
    None,
]


def test_whatever_a_retry_after_says_nothing_is_sent_inside_the_pause_by_anyone(tmp_path):
    """Hours of simulated time of an archive that answers every tenth request with a 429 of another kind."""
    path = str(tmp_path / "v.db")
    open_store(path).close()
    pauses = []

    def answer(now):
        if len(town.sent) % 10 or len(pauses) == len(RETRY_AFTER):
            return 200
        said = RETRY_AFTER[len(pauses)]
        headers = {} if said is None else {"retry-after": said}
        pauses.append((now, now + timedelta(seconds=pause_asked_for(said, now=now))))
        return 429, headers

    town = Town(answer)
    lives = {name: worker(town, path, RequestKind.CDX, requests=240, nap=60.0) for name in ("one", "two")}
    town.run(lives)
    assert len(pauses) == len(RETRY_AFTER)
    assert {1.0, 30.0, 60.0, 3600.0} <= {(end - start).total_seconds() for start, end in pauses}
    for start, end in pauses:
        assert [sent for sent in town.sent if start < sent < end] == []
    assert most_in_a_minute(town.sent) <= 24


JUMPS = {
    "-60 s": [-60],
    "-1 day": [-86_400],
    "+30 days": [30 * 86_400],
    "ahead and back": [30 * 86_400, -30 * 86_400],
}


@pytest.mark.parametrize("jumps", JUMPS.values(), ids=JUMPS)
def test_a_clock_that_jumps_neither_stalls_nor_floods_the_archive(tmp_path, jumps):
    path = str(tmp_path / "v.db")
    open_store(path).close()
    left, town = list(jumps), Town()

    def answer(_now):
        if left and len(town.sent) == 40 * (len(jumps) - len(left) + 1):
            town.jump += timedelta(seconds=left.pop(0))
        return 200

    town.answer = answer
    town.run({name: worker(town, path, RequestKind.CDX, requests=80) for name in ("one", "two")})
    assert not left
    # Who waits for a slot while the clock leaps ahead takes its queue for too long, and asks again later.
    assert len(town.sent) >= 160 - len(jumps)
    # Nobody can tell a leap ahead from time that passed: it frees the one slot that was waited for. The limit is 30.
    assert most_in_a_minute(town.sent) <= 24 + sum(jump > 0 for jump in jumps)
    # Two workers hold a slot each: the one of both that was taken before a jump may be given up for another.
    assert max(b - a for a, b in pairwise(town.sent)) <= 4 * timedelta(seconds=2.6)


@pytest.mark.parametrize("seconds", [-60, -86_400])
def test_a_clock_set_back_inside_a_pause_does_not_lengthen_it(tmp_path, seconds):
    path = str(tmp_path / "v.db")
    open_store(path).close()
    limited = []

    def answer(now):
        if limited:
            return 200
        limited.append(now)
        town.jump += timedelta(seconds=seconds)
        return 429, {"retry-after": "120"}

    town = Town(answer)
    town.run({"one": worker(town, path, RequestKind.CDX, requests=60)})
    (when,) = limited
    later = [sent for sent in town.sent if sent > when]
    assert timedelta(seconds=119) <= later[0] - when <= timedelta(seconds=190)


def ask_for_ever(path, log, number):
    """A process that takes slots as fast as it may, and writes down when it would send."""
    with open_store(path) as store:
        session = PoliteSession(
            pacing=store.pacing,
            user_agent="variorum/test",
            limits=Limits(playback_per_minute=1200, tries=1),
            clock=lambda: datetime.now(UTC),
            sleep=time.sleep,
        )

        def exchange(request, _limits, *, left):
            assert left > 0
            with open(log, "a", encoding="ascii") as file:  # noqa: PTH123  an append is one write
                file.write(f"{number} {time.time()}\n")
            return Reply(url=request.url, status=200)

        session._wire.exchange = exchange
        while True:
            session.get(URL, kind=RequestKind.PLAYBACK)


def test_a_process_killed_with_9_costs_the_others_at_most_a_slot(tmp_path):
    path, log = str(tmp_path / "v.db"), tmp_path / "log"
    open_store(path).close()
    command = [sys.executable, __file__, path, str(log)]
    workers = [subprocess.Popen([*command, str(number)]) for number in range(2)]
    try:
        wait_for_lines(log, {"0": 8, "1": 8})
        workers[0].kill()
        workers[0].wait(10)
        killed = time.time()
        sent = sum(line.startswith("1 ") for line in log.read_text(encoding="ascii").splitlines())
        wait_for_lines(log, {"1": sent + 8})
    finally:
        for one in workers:
            one.kill()
            one.wait(10)
    lines = [line.split() for line in log.read_text(encoding="ascii").splitlines()]
    after = [float(when) for who, when in lines if who == "1" and float(when) > killed]
    assert len(after) >= 5
    every = sorted(float(when) for _, when in lines)
    # 20 a second over the whole run, and ten more where the last sends came early and the first late.
    assert len(every) <= 20 * (every[-1] - every[0]) + 10
    # A slot is a twentieth of a second; a lock held by the dead would stop the living for good.
    assert max(b - a for a, b in pairwise(after)) < 20.0


def wait_for_lines(log, counts):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        text = log.read_text(encoding="ascii") if log.exists() else ""
        seen = [line.split()[0] for line in text.splitlines() if line.strip()]
        if all(seen.count(who) >= count for who, count in counts.items()):
            return
        time.sleep(0.05)
    pytest.fail(f"too little was sent: {counts}")


if __name__ == "__main__":
    ask_for_ever(*sys.argv[1:])
