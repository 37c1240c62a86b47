"""The real scheduler, with its clock set back and forth under it."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.schedulers import base
from apscheduler.schedulers.background import BackgroundScheduler

import crawler.daemon
from crawler.daemon import Pace, _Daemon
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
    monkeypatch.setattr(crawler.daemon, "datetime", Clock)
    monkeypatch.setattr(Clock, "shift", timedelta(0))
    ticks: list[float] = []
    settings = Pace(tick_seconds=0.2, maintenance_seconds=900, scrub_seconds=900)
    with open_store(str(tmp_path / "v.db")) as store:
        daemon = _Daemon(store, lambda *_: None, settings, lambda: Clock.now(UTC), "daemon test 1")
        monkeypatch.setattr(daemon, "tick", lambda: ticks.append(time.monotonic()))
        daemon.scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True}
        )
        daemon._schedule()
        daemon.scheduler.start()
        watch = threading.Thread(target=daemon._watch)
        watch.start()
        time.sleep(0.7)
        Clock.shift = jump
        jumped = time.monotonic()
        time.sleep(1.3)
        daemon.stopping = True
        daemon.scheduler.shutdown()
        watch.join(10)

    after = [tick for tick in ticks if tick > jumped]
    assert len(ticks) > len(after) >= 3
    # The watch looks once an interval, and a job may lie one second ahead before it counts as lost.
    assert after[0] - jumped < 1.0
    assert len(after) <= 1.5 / 0.2 + 3
