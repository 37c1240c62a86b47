"""Drops old bytes that no finding rests on, where that is asked for."""

from collections.abc import Callable
from datetime import datetime, timedelta

from crawler.store import Retained, Store


def drop_old_bodies(store: Store, *, days: int, now: datetime, stop: Callable[[], bool]) -> Retained:
    """Drop, target by target, the bytes of captures inside a stretch of one text; see `Store.drop_old_bodies`.

    Args:
        store: The store.
        days: Captures younger than that are left alone.
        now: The time (aware UTC).
        stop: Tells that the process is asked to leave; what was dropped by then stays dropped.

    Returns:
        What went, of all targets together.

    Raises:
        StoreError: The store failed; the target in hand is as it was.
    """
    before = now - timedelta(days=days)
    captures = bodies = stored = 0
    for target in store.targets.all(include_untracked=True):
        if stop():
            break
        gone = store.drop_old_bodies(target, before=before, now=now)
        captures, bodies, stored = captures + gone.captures, bodies + gone.bodies, stored + gone.stored_bytes
    return Retained(captures=captures, bodies=bodies, stored_bytes=stored)
