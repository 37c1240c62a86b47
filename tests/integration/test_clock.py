"""The real scheduler, with its clock set back and forth under it."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.schedulers import base
from apscheduler.schedulers.background import BackgroundScheduler

import crawler.daemon
from crawler.daemon import Daemon, Pace
from crawler.store import open_store

JUMPS = [timedelta(seconds=-60), timedelta(days=-1), timedelta(days=30)]


class Clock(datetime):
    """A wall clock that can be set; everything that asks for the time asks here."""

    shift = timedelta(0)

    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + cls.shift


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_the_tick_goes_on_within_two_intervals_and_without_a_burst(tmp_path, monkeypatch, jump):
    monkeypatch.setattr(base, "datetime", Clock)
    monkeypatch.setattr(crawler.daemon, "utc_now", lambda: Clock.now(UTC))
    monkeypatch.setattr(Clock, "shift", timedelta(0))
    ticks: list[float] = []
    settings = Pace(tick_seconds=0.2, maintenance_seconds=900, scrub_seconds=900)
    with open_store(str(tmp_path / "v.db")) as store:
        daemon = Daemon(store, lambda *_: None, settings, lambda: Clock.now(UTC), "daemon test 1")
        monkeypatch.setattr(daemon, "tick", lambda: ticks.append(time.monotonic()))
        daemon.scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True}
        )
        daemon._schedule()
        daemon.scheduler.start()
        watch = threading.Thread(target=daemon._watch)
        watch.start()
        ready = time.monotonic() + 60
        while not ticks and time.monotonic() < ready:
            time.sleep(0.01)
        Clock.shift = jump
        jumped = time.monotonic()
        until = jumped + 60
        while sum(tick > jumped for tick in list(ticks)) < 3 and time.monotonic() < until:
            time.sleep(0.05)
        waited = time.monotonic() - jumped
        daemon.stopping = True
        daemon.scheduler.shutdown()
        watch.join(60)

    after = [tick for tick in ticks if tick > jumped]
    assert len(ticks) > len(after) >= 3
    # A clock put back by an hour would hold an unwatched job for an hour; a burst would make up for every missed tick.
    assert after[0] - jumped < 60
    assert len(after) <= waited / 0.2 + 3
