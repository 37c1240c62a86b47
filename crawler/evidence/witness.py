"""Fetches again the captures that recorded findings cite, and compares them with what is kept."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crawler.errors import (
    ArchiveError,
    BlockedError,
    NoCaptureError,
    StoreError,
    UnreachableError,
    WrongCaptureError,
)
from crawler.model import Snapshot, StoredCapture, Target
from crawler.tracking.classify import Reader, classify
from crawler.tracking.pipeline import Pipeline
from diffs.model import Citation, Verdict, Witnessed

# Asked of archives that are asked for pages as well: four of 24 captures a minute take a second of an hour (2026-11-28).
A_ROUND = 4
MOST_PAGES = 8
REST = timedelta(days=1)
# What stood as it was is asked for again after a month, what did not after a day (2026-11-28).
AGAIN = timedelta(days=30)
_ABSENT = (NoCaptureError, BlockedError, WrongCaptureError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A target's captures that its findings cite, and that can be asked for again.

    Attributes:
        rows: Those of archives that are asked over the network, longest unasked first.
        apart: How many there are besides: from files, or of archives that are not configured.
    """

    rows: tuple[StoredCapture, ...]
    apart: int


def cited_by_findings(pipeline: Pipeline, of: Target, *, only: Collection[str] | None = None) -> Cited:
    """Return the captures that bound the steps in which a target's findings lie.

    Args:
        pipeline: What reads back what was kept.
        of: The target.
        only: The ids of the findings that count; by default all that stand.
    """
    standing = {change.id for change in pipeline.store.findings.of(of)}
    wanted = standing if only is None else standing & set(only)
    ends: set[tuple[datetime, str, str]] = set()
    if wanted:
        for step in pipeline.history(of).transitions:
            if any(change.id in wanted for change in step.changes):
                ends |= {_key(step.interval.after), _key(step.interval.until)}
    rows = [
        seen
        for seen in pipeline.store.captures.of(of)
        if seen.sha256 and (seen.served_at or seen.capture.at, seen.capture.archive, seen.capture.url) in ends
    ]
    near = [seen for seen in rows if _is_asked(pipeline, seen)]
    asked = pipeline.store.witnesses.asked(of)
    near.sort(
        key=lambda seen: (seen.id in asked, asked[seen.id].asked if seen.id in asked else seen.capture.at)
    )
    return Cited(rows=tuple(near), apart=len(rows) - len(near))


def witness(pipeline: Pipeline, of: Target, seen: StoredCapture, *, now: datetime) -> Witnessed:
    """Fetch a kept capture again, compare it with what is kept, and keep what came of it.

    An archive that does not answer, or answers with what is neither the capture nor a refusal, brings no verdict. What
    looks altered is fetched a second time before that is said.

    Raises:
        RateLimitError: The archive asked us to slow down.
        PenaltyError: The archive refuses us for now.
        StoreError: What is kept cannot be read.
    """
    put = pipeline.store.witnesses.put
    served: Snapshot | None = None
    for _ in range(2):
        try:
            served = pipeline.archives[seen.capture.archive].fetch(seen.capture)
        except _ABSENT as error:
            return put(seen, Verdict.GONE, now=now, reason=str(error))
        except ArchiveError as error:
            if error.transient and not isinstance(error, UnreachableError):
                raise
            return put(seen, None, now=now, reason=str(error))
        verdict, reason = _compared(pipeline, of, seen, served)
        if verdict is not Verdict.ALTERED:
            break
    assert served is not None
    digest = hashlib.sha256(served.body).hexdigest()
    return put(seen, verdict, now=now, sha256=digest, reason=reason)


def witness_round(
    pipeline: Pipeline,
    *,
    clock: Callable[[], datetime],
    stop: Callable[[], bool],
    without: dict[int, datetime],
    most: int = A_ROUND,
) -> Iterator[Witnessed]:
    """Fetch a few captures again, those first that were longest not asked for; yields what came of each.

    Args:
        pipeline: What fetches.
        clock: Returns the time (aware UTC).
        stop: Whether to leave.
        without: When targets were found to have nothing to ask for, by the store's number; such are left out for a
            day, and new ones are added.
        most: At most so many captures.

    Raises:
        RateLimitError: The archive asked us to slow down; likewise PenaltyError.
    """
    done = 0
    for of in pipeline.store.witnesses.longest_unasked(most=MOST_PAGES, skipping=resting(without, clock())):
        asked = pipeline.store.witnesses.asked(of)
        rows = [
            seen
            for seen in cited_by_findings(pipeline, of).rows
            if seen.id not in asked or _is_due(asked[seen.id], clock())
        ]
        if not rows:
            without[of.id] = clock()
        for seen in rows[: most - done]:
            if stop():
                return
            try:
                yield witness(pipeline, of, seen, now=clock())
            except StoreError:
                without[of.id] = clock()  # `verify` names what is damaged
                break
            done += 1
        if done >= most:
            return


def resting(without: Mapping[int, datetime], now: datetime) -> frozenset[int]:
    """Return the numbers of the targets that had nothing to ask for less than a day ago."""
    return frozenset(number for number, at in without.items() if now - at < REST)


def _is_due(known: Witnessed, now: datetime) -> bool:
    return now - known.asked >= (AGAIN if known.is_answered and not known.is_lost else REST)


def _compared(
    pipeline: Pipeline, of: Target, seen: StoredCapture, served: Snapshot
) -> tuple[Verdict, str | None]:
    """Return what became of a capture that was served; both are read alike, by the parser of today."""
    if hashlib.sha256(served.body).hexdigest() == seen.sha256:
        return Verdict.SAME_BYTES, None
    read = pipeline.reader(of)
    fresh, why = _article_in(served, read)
    if fresh is not None and fresh == seen.fingerprint:
        return Verdict.SAME_ARTICLE, None
    kept, _ = _article_in(pipeline.store.snapshot(seen), read)
    if fresh is not None and fresh == kept:
        return Verdict.SAME_ARTICLE, None
    return Verdict.ALTERED, why or "another article is read in it"


def _article_in(shot: Snapshot, read: Reader) -> tuple[str | None, str | None]:
    """Return the fingerprint of the article in a snapshot, or None and why there is none."""
    _, reason, article = classify(replace(shot, redirects=()), read)
    return (None, reason) if article is None else (article.fingerprint, None)


def _is_asked(pipeline: Pipeline, seen: StoredCapture) -> bool:
    archive = pipeline.archives.get(seen.capture.archive)
    return archive is not None and archive.remote


def _key(cited: Citation) -> tuple[datetime, str, str]:
    return (cited.at, cited.archive, cited.url)
