"""What the daemon does between its looks, on clocks of their own: retention, the outlets' coverage, cited captures."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta

from crawler.config import Settings
from crawler.errors import ArchiveError
from crawler.evidence.witness import resting, witness_round
from crawler.maintenance.outlets import look_at_outlets, outlets_due
from crawler.maintenance.retention import drop_old_bodies
from crawler.store import Store
from crawler.tracking.archives import configured_archives, session_for
from crawler.tracking.assembly import pipeline_of
from diffs.model import Witnessed
from diffs.reports.wording import count

Job = Callable[[Store, Callable[[], bool]], str | None]
DAY = 86_400.0
HOUR = 3_600.0


def jobs_of(settings: Settings, *, clock: Callable[[], datetime]) -> dict[str, tuple[float, Job]]:
    """Return the jobs that delete what is old: alerts, and bytes where settings ask for that."""

    def forget(store: Store, stop: Callable[[], bool]) -> str | None:
        del stop
        gone = store.alerts.delete_settled(before=clock() - timedelta(days=settings.alerts.keep_days))
        return f"deleted {gone:,} alerts of {settings.alerts.keep_days} days ago and more" if gone else None

    jobs: dict[str, tuple[float, Job]] = {"old alerts": (DAY, forget)}
    days = settings.retention.bodies_days
    if days is None:
        return jobs

    def retain(store: Store, stop: Callable[[], bool]) -> str | None:
        gone = drop_old_bodies(store, days=days, now=clock(), stop=stop)
        captures = "1 capture" if gone.captures == 1 else f"{gone.captures:,} captures"
        return f"let the bytes of {captures} go" if gone.captures else None

    return jobs | {"retention": (DAY, retain)}


def outlet_jobs(settings: Settings, *, clock: Callable[[], datetime]) -> dict[str, tuple[float, Job]]:
    """Return the job that looks whether the tracked outlets are still captured; none where no archive is asked."""
    if not any(source.dialect.is_remote for source in configured_archives(settings)):
        return {}

    tried: dict[str, datetime] = {}

    def look(store: Store, stop: Callable[[], bool]) -> str | None:
        if not outlets_due(store, now=clock(), tried=tried):
            return None
        # A session of its own: the daemon's belongs to the looks, which run at the same time.
        with ExitStack() as closing:
            session = session_for(settings, store.pacing, clock=clock, sleep=time.sleep)
            closing.callback(session.close)
            pipeline = pipeline_of(settings, store, session, sandboxed=False, closing=closing)
            done = look_at_outlets(pipeline, now=clock(), stop=stop, tried=tried)
        dark = [outlet.host for outlet in store.coverage.dark_outlets() if outlet.host in done]
        names = f"; no longer captured: {', '.join(dark)}" if dark else ""
        return f"looked at the coverage of {len(done)} outlets{names}" if done else None

    return {"outlets": (HOUR, look)}


def witness_jobs(settings: Settings, *, clock: Callable[[], datetime]) -> dict[str, tuple[float, Job]]:
    """Return the job that fetches a few captures again that findings cite; none where no archive is asked."""
    if not any(source.dialect.is_remote for source in configured_archives(settings)):
        return {}

    without: dict[int, datetime] = {}

    def look(store: Store, stop: Callable[[], bool]) -> str | None:
        if not store.witnesses.longest_unasked(most=1, skipping=resting(without, clock())):
            return None
        found: list[Witnessed] = []
        with ExitStack() as closing:
            session = session_for(settings, store.pacing, clock=clock, sleep=time.sleep)
            closing.callback(session.close)
            pipeline = pipeline_of(settings, store, session, sandboxed=True, closing=closing)
            try:
                found.extend(witness_round(pipeline, clock=clock, stop=stop, without=without))
            except ArchiveError as error:
                return f"fetched {count(len(found), 'cited capture')} again, then had to pause: {error}"
        lost = [one for one in found if one.is_answered and one.is_lost]
        names = "".join(f"; {one.verdict}: {one.capture.url} {one.capture.at:%Y%m%d%H%M%S}" for one in lost)
        return f"fetched {count(len(found), 'cited capture')} again{names}" if found else None

    return {"witness": (HOUR, look)}
