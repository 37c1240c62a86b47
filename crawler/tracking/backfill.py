"""What a person asks for at once: a page's past, or its newest capture, step by step."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime

from crawler.archive import Saver, SaveState
from crawler.errors import ArchiveError, NoCaptureError, UnreachableError
from crawler.model import SaveStatus, StoredCapture, Target
from crawler.store import Store
from crawler.tracking.events import (
    Backfilled,
    Began,
    Captured,
    Forecast,
    Left,
    Newest,
    Published,
    Saved,
    Stage,
)
from crawler.tracking.listing import Listed
from crawler.tracking.mending import mend_damaged
from crawler.tracking.pipeline import Pipeline
from crawler.tracking.save_requests import expect_capture, save_asked_before
from crawler.tracking.scheduler import look_sooner
from crawler.tracking.siblings import learn_template, requests_for
from diffs.model import Outcome

Publish = Callable[[Target], Published]
Clock = Callable[[], datetime]


def forecast_of(
    pipeline: Pipeline,
    target: Target,
    *,
    span: tuple[datetime | None, datetime | None],
    every: bool,
    now: datetime,
    per_minute: float,
) -> Forecast:
    """Return how much a backfill would fetch; asks the archives' indexes and for no body.

    Args:
        pipeline: What fetches, and the store.
        target: Whose past.
        span: The first and the last time looked at; None for no bound.
        every: Whether every capture is fetched, instead of bisecting.
        now: The time.
        per_minute: How many bodies the archive may be asked for in a minute.
    """
    since, until = span
    listed = list_or_forget(pipeline, target, now=now, since=since, until=until)
    bodies = pipeline.forecast(target, now=now, since=since, until=until, every=every)
    others = requests_for(pipeline, target, now=now)
    return Forecast(
        listed=listed, bodies=bodies, siblings=others, minutes=(bodies.most + others) / per_minute
    )


def backfill_steps(
    pipeline: Pipeline,
    target: Target,
    *,
    publish: Publish,
    clock: Clock,
    since: datetime | None = None,
    until: datetime | None = None,
    every: bool = False,
    budget: int | None = None,
    retry: bool = False,
) -> Iterator[Backfilled]:
    """Fetch a target's past, and yield each step; the last is what was published.

    Args:
        pipeline: What fetches, and the store.
        target: Whose past.
        publish: Writes what is known down.
        clock: Returns the time (aware UTC).
        since: Leave earlier captures alone.
        until: Leave later captures alone.
        every: Fetch every capture instead of bisecting.
        budget: Fetch at most so many bodies.
        retry: Ask again at once for everything that could not be had, and for what is kept and damaged.

    Raises:
        NoCaptureError: No archive holds a capture.
        ArchiveError: The archive ended the pass, or served none of the bodies asked for; what came before is
            kept and published.
    """
    yield Began(stage=Stage.LISTING)
    yield list_or_forget(pipeline, target, now=clock(), since=since, until=until)
    if requests_for(pipeline, target, now=clock()):
        yield Began(stage=Stage.SIBLINGS)
    learn_template(pipeline, target, now=clock())
    failed: ArchiveError | None = None
    missed = served = 0
    if retry:
        mended = mend_damaged(pipeline, target, now=clock())
        if mended.captures or mended.left:
            yield mended
    steps = pipeline.backfill(
        target, now=clock(), since=since, until=until, every=every, budget=budget, retry=retry
    )
    try:
        for step in steps:
            missed, served = missed + step.seen.may_pass, served + (not step.seen.may_pass)
            yield step
    except ArchiveError as error:
        failed = error
    if failed is None and budget is not None and missed + served >= budget:
        bodies = pipeline.forecast(target, now=clock(), since=since, until=until, every=every)
        if bodies.most:
            yield Left(budget=budget, bodies=bodies)
    yield publish(target)
    if failed is None and missed and not served:
        asked = "the one body" if missed == 1 else f"any of the {missed:,} bodies"
        failed = UnreachableError(
            f"The archive did not serve {asked} asked for; later passes ask again, `--retry` at once."
        )
    if failed is not None:
        raise failed


def list_or_forget(
    pipeline: Pipeline,
    target: Target,
    *,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Listed:
    """Ask the archives' indexes for the captures of a target; one of which nothing is found is not remembered.

    Raises:
        NoCaptureError: No archive holds a capture.
    """
    try:
        return pipeline.list_captures(target, since=since, until=until, now=now)
    except NoCaptureError:
        pipeline.store.targets.forget(target)
        raise


def capture_steps(
    pipeline: Pipeline,
    target: Target,
    *,
    saver: Saver | None,
    publish: Publish,
    clock: Clock,
    pressure: float = 1.0,
) -> Iterator[Captured]:
    """Save a page where there is a saver, fetch its newest capture, and yield each step; the last is what was published.

    Args:
        pipeline: What fetches, and the store.
        target: Which page.
        saver: What asks the archive to save it, or None.
        publish: Writes what is known down.
        clock: Returns the time (aware UTC).
        pressure: How many times more looks all targets ask for than the shared budget allows.

    Raises:
        ArchiveError: The page was not saved, or a newer capture could not be read; the rest was done.
    """
    failed: ArchiveError | None = None
    saved: Saved | None = None
    if saver is not None:
        saved = _save(pipeline.store, saver, target, clock())
        failed = _not_saved(saved)
        yield saved
    yield Began(stage=Stage.LISTING)
    listed = None
    try:
        listed = pipeline.list_captures(target, now=clock())
    except NoCaptureError:
        if saved is None or saved.result is None or saved.result.captured_at is None:
            pipeline.store.targets.forget(target)
            raise
    if listed is not None:
        yield listed
    if saved is not None and saved.result is not None and saved.result.captured_at is not None:
        made, page = saved.result.captured_at, saved.result.url
        expect_capture(pipeline.store, next(iter(pipeline.archives)), target, at=made, url=page, now=clock())
    if requests_for(pipeline, target, now=clock()):
        yield Began(stage=Stage.SIBLINGS)
    learn_template(pipeline, target, now=clock())
    yield Began(stage=Stage.NEWEST)
    newest = pipeline.newest(target, now=clock())
    yield Began(stage=Stage.EARLIER)
    if _is_alone(pipeline.store, target):
        # Without an earlier one there is nothing to compare with yet, which is no failure of the capture.
        with suppress(ArchiveError):
            yield from pipeline.backfill(target, now=clock(), budget=1)
    failed = _newer_failure(pipeline.store, target, newest) or failed
    look_sooner(pipeline.store, target, now=clock(), pressure=pressure)
    yield Newest(seen=newest)
    yield publish(target)
    if failed is not None:
        raise failed


def _save(store: Store, saver: Saver, target: Target, now: datetime) -> Saved:
    """Ask what became of an earlier request, where that was unknown, else for a new capture."""
    try:
        before = save_asked_before(store, saver, target, now=now)
        if before is not None and before.captured_at is not None:
            return Saved(result=before)
        result = saver.save(target.url, now=now)
    except ArchiveError as error:
        return Saved(result=None, error=error)
    if result.state is SaveState.UNKNOWN and result.job is not None:
        refusals = target.save_refusals
        store.targets.note_save(
            target, SaveStatus.UNKNOWN, asked=now, said=result.message, refusals=refusals, job=result.job
        )
    return Saved(result=result)


def _not_saved(saved: Saved) -> ArchiveError | None:
    """Return the error of a page that was not saved, or None."""
    result = saved.result
    if result is None:
        return saved.error
    if result.state in (SaveState.SAVED, SaveState.EXISTING):
        return None
    advice = (
        "Run the command again later." if result.state is SaveState.UNKNOWN else "--no-save leaves it out."
    )
    return ArchiveError(f"The page was not saved ({result.state}): {result.message.rstrip('.')}. {advice}")


def _is_alone(store: Store, target: Target) -> bool:
    """Return whether only one text is known yet."""
    return len({seen.fingerprint for seen in store.captures.of(target) if seen.fingerprint}) < 2


def _newer_failure(store: Store, target: Target, newest: StoredCapture) -> ArchiveError | None:
    """Return an error where captures newer than the newest read could not be had."""
    failed = store.captures.of(target, outcome=Outcome.FAILED)
    missed = [row for row in failed if row.capture.at > newest.capture.at]
    if not missed:
        return None
    captures = "1 newer capture" if len(missed) == 1 else f"{len(missed):,} newer captures"
    reason = missed[-1].reason or "no reason given"
    return ArchiveError(f"{captures} could not be read, the last because: {reason}")
