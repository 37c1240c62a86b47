"""Asks the archive to capture a page that it has been silent about."""

from datetime import datetime, timedelta

from crawler.archive import Saver, SaveState
from crawler.errors import ArchiveError, PenaltyError, RateLimitError
from crawler.model import SaveWish, Target
from crawler.store import Store

AFTER_REFUSAL = timedelta(days=1)
LONGEST_WAIT = timedelta(days=7)


def wants_saving(target: Target, *, newest: datetime | None, interval: timedelta, now: datetime) -> bool:
    """Return whether to ask the archive for a capture of a target now.

    That is so where the target wishes it and the newest capture is older than its interval, but not sooner than
    an interval after it was last asked, and after a refusal (or an answer that never came) a day, doubling up
    to a week.

    Args:
        target: The target.
        newest: When its newest known capture was made (aware UTC), or None where there is none.
        interval: How often the target is looked at.
        now: The time (aware UTC).
    """
    if target.save is not SaveWish.ON_GAP or (newest is not None and now - newest <= interval):
        return False
    if target.save_asked is None:
        return True
    wait = AFTER_REFUSAL * 2 ** min(target.save_refusals - 1, 10) if target.save_refusals else timedelta(0)
    return now - target.save_asked >= max(interval, min(wait, LONGEST_WAIT))


def save_now(store: Store, saver: Saver, target: Target, *, now: datetime) -> datetime | None:
    """Ask for a capture once, and remember that before anything else; returns the time of the capture made.

    A refusal, and an answer that did not come, are remembered and are no failure of the look.

    Raises:
        PenaltyError: The archive refuses us for now.
        StoreError: The store failed; then nothing was asked.
    """
    store.targets.note_save(target, asked=now, said="asked, no answer yet", refusals=target.save_refusals + 1)
    try:
        result = saver.save(target.url, now=now)
    except PenaltyError as error:
        store.targets.note_save(target, asked=now, said=str(error), refusals=target.save_refusals)
        raise
    except RateLimitError as error:
        store.targets.note_save(target, asked=now, said=str(error), refusals=target.save_refusals)
        return None
    except ArchiveError as error:
        store.targets.note_save(target, asked=now, said=str(error), refusals=target.save_refusals + 1)
        return None
    done = result.state in (SaveState.SAVED, SaveState.EXISTING)
    refusals = 0 if done else target.save_refusals + 1
    store.targets.note_save(target, asked=now, said=f"{result.state}: {result.message}", refusals=refusals)
    return result.captured_at if done else None
