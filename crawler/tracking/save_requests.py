"""Asks the archive to capture a page that it has been silent about."""

from datetime import datetime, timedelta

from crawler.address import page_key
from crawler.archive import Saver, SaveResult, SaveState
from crawler.archive.urlkey import urlkey_of
from crawler.errors import ArchiveError, PenaltyError, RateLimitError
from crawler.model import Capture, SaveStatus, SaveWish, Target
from crawler.store import Store

AFTER_REFUSAL = timedelta(days=1)
LONGEST_WAIT = timedelta(days=7)
# Save Page Now takes two minutes for a capture (its documents as fetched 2026-09-13); a state not known a day later stays so.
ASKED_AFTER = timedelta(days=1)


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
    refusals = target.save_refusals

    def note(status: SaveStatus, said: str | None, refusals: int, job: str | None = None) -> None:
        store.targets.note_save(target, status, asked=now, said=said, refusals=refusals, job=job)

    note(SaveStatus.ASKED, None, refusals + 1)
    try:
        result = saver.save(target.url, now=now)
    except PenaltyError as error:
        note(SaveStatus.FAILED, str(error), refusals)
        raise
    except RateLimitError as error:
        note(SaveStatus.FAILED, str(error), refusals)
        return None
    except ArchiveError as error:
        note(SaveStatus.FAILED, str(error), refusals + 1)
        return None
    done = result.state in (SaveState.SAVED, SaveState.EXISTING)
    job = result.job if result.state is SaveState.UNKNOWN else None
    note(SaveStatus(result.state.value), result.message, 0 if done else refusals + 1, job)
    return result.captured_at if done else None


def save_asked_before(store: Store, saver: Saver, target: Target, *, now: datetime) -> SaveResult | None:
    """Ask what became of an earlier request, and remember it; None where there is none, or it is not known yet.

    Raises:
        PenaltyError: The archive refuses us for now.
    """
    job, asked = target.save_job, target.save_asked
    if job is None or asked is None or not timedelta(0) <= now - asked <= ASKED_AFTER:
        return None
    try:
        result = saver.follow(job, target.url, now=asked)
    except PenaltyError:
        raise
    except ArchiveError:
        return None
    if result.state is SaveState.UNKNOWN:
        return None
    refusals = 0 if result.state is not SaveState.REFUSED else target.save_refusals
    status = SaveStatus(result.state.value)
    store.targets.note_save(target, status, asked=asked, said=result.message, refusals=refusals)
    return result


def expect_capture(
    store: Store,
    archive: str,
    target: Target,
    *,
    at: datetime,
    url: str | None = None,
    now: datetime | None = None,
) -> None:
    """Remember a capture that an archive says it made, so that it is asked for though no index lists it yet.

    An index lists a saved page up to a day later; playback knows it at once (see docs/archives.md).

    Args:
        store: Where it is remembered.
        archive: Name of the archive.
        target: The page.
        at: The capture's time (aware UTC).
        url: The address captured; another page's, to which this one redirects, is left for playback to follow.
        now: The time (aware UTC).
    """
    page = url if url is not None and page_key(url) == page_key(target.url) else target.url
    known = (row.capture for row in store.captures.of(target))
    if not any(each.at == at and each.archive == archive for each in known):
        store.captures.observe(
            target, [Capture(archive=archive, url=page, urlkey=urlkey_of(page), at=at)], now=now
        )
