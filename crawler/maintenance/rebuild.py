"""Derives articles and findings again from the kept bytes, and says which findings that changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from crawler.maintenance.reparse import Engine, Group, PageReading, process_within_limits, readings_in
from crawler.model import Failure, Snapshot, StoredCapture, Target
from crawler.parser import PARSER_VERSION, Template
from crawler.store import FindingDelta, Store
from crawler.tracking.pipeline import Pipeline
from crawler.tracking.siblings import Neighbourhood
from diffs.model import Change, Claim, Outcome

KEPT = (Outcome.FETCHED, Outcome.NOT_ARTICLE)
PAGES_AT_ONCE = 16
LOST = "its bytes were deleted, and the captures next to it are read differently now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What reading a target's kept bodies again brought.

    Attributes:
        url: The target's address.
        read: Bodies read again.
        appeared: Findings that were not there before.
        vanished: Findings that are no longer there; they and their notes stay in the store.
        moved: Findings that say the same under another id: before, and now.
    """

    url: str
    read: int
    appeared: tuple[Change, ...]
    vanished: tuple[Change, ...]
    moved: tuple[tuple[Change, Change], ...]


def rebuild(
    pipeline: Pipeline,
    targets: Sequence[Target],
    *,
    neighbourhood: Neighbourhood,
    now: datetime,
    jobs: int = 1,
    everything: bool = False,
    engine: Engine | None = None,
) -> Iterator[Rebuilt]:
    """Read kept bodies with the current parser and each target's template, and findings with the grammar.

    Bodies that these have read are left alone, so that a rebuild cut short goes on where it was. Pages are
    read in `jobs` processes; only this one writes.

    Args:
        pipeline: What reads pages here, and the store.
        targets: Whose bodies to read, in this order.
        neighbourhood: What each target's site teaches.
        now: The time to remember with the findings.
        jobs: Processes that read.
        everything: Read also what the current parser has read.
        engine: Reads groups elsewhere and returns them in order, in place of `jobs` processes.

    Raises:
        StoreError: The store failed, or a body is damaged; what was read before is kept.
    """
    store = pipeline.store
    waiting: dict[str, Target] = {}
    read: dict[str, int] = {}

    # All before any, so that what a site teaches does not depend on how far ahead pages are read.
    for target in targets:
        neighbourhood.adopt_for(target)

    def groups() -> Iterator[Group]:
        for target in targets:
            waiting[target.url], read[target.url] = target, 0
            template = store.templates.of(target)
            yield from groups_of(store, target, template, everything=everything)

    here = partial(readings_in, jobs=jobs, alone=pipeline.read, process=process_within_limits)
    for group, readings in (engine or here)(groups()):
        target = waiting[group.url]
        keep_readings(store, target, readings, parser_name(group.template))
        read[target.url] += len(readings)
        if group.last:
            del waiting[group.url]
            yield finished(pipeline, target, read.pop(target.url), now)


def parser_name(template: Template | None) -> str:
    """Return what tells two ways of reading a page apart: the parser's version, and its template's hash."""
    return PARSER_VERSION + (f"+{template.hash}" if template is not None else "")


def groups_of(
    store: Store, target: Target, template: Template | None, *, everything: bool
) -> Iterator[Group]:
    """Yield a target's pages that are to be read again, in order of time; an empty group where none is."""
    stale = store.articles.stale(target, parser_name(template))
    wanted = [
        seen
        for seen in store.captures.of(target)
        if seen.sha256 and seen.outcome in KEPT and (everything or seen.id in stale)
    ]
    for start in range(0, max(1, len(wanted)), PAGES_AT_ONCE):
        pages = tuple((seen.id, _settled(store, seen)) for seen in wanted[start : start + PAGES_AT_ONCE])
        last = start + PAGES_AT_ONCE >= len(wanted)
        yield Group(url=target.url, pages=pages, template=template, last=last)


def _settled(store: Store, seen: StoredCapture) -> Snapshot:
    """Return what was served as the page's own: a redirect to another page's was never among what is kept."""
    return replace(store.snapshot(seen), redirects=())


def keep_readings(store: Store, target: Target, readings: Sequence[PageReading], parser: str) -> None:
    """Put the readings in place of those before, all or none."""
    if not readings:
        return
    new = {reading.number: reading for reading in readings}
    seen_again = [seen for seen in store.captures.of(target) if seen.id in new]
    with store.together():
        for seen in seen_again:
            keep_reading(store, seen, new[seen.id], parser)


def keep_reading(store: Store, seen: StoredCapture, reading: PageReading, parser: str) -> None:
    """Put a reading of a capture in place of the one before."""
    still = reading.outcome is seen.outcome is Outcome.FETCHED
    reason = seen.reason if still else reading.reason
    store.captures.rederive(seen, reading.article, parser, outcome=reading.outcome, reason=reason)


def finished(pipeline: Pipeline, target: Target, read: int, now: datetime) -> Rebuilt:
    """Let captures without bytes of their own follow those with, and find the findings again."""
    store = pipeline.store
    with store.together():
        for seen, outcome, reason, fingerprint in followers(list(store.captures.of(target))):
            failure = Failure.DROPPED if outcome is Outcome.FAILED else None
            store.captures.mark(seen, outcome, reason=reason, fingerprint=fingerprint, failure=failure)
    _, delta = pipeline.record_history(target, now=now)
    return told_apart(target.url, read, delta)


def followers(rows: Sequence[StoredCapture]) -> list[tuple[StoredCapture, Outcome, str | None, str | None]]:
    """Decide what becomes of captures that have no bytes, now that those with bytes were read again.

    A capture with the archive's digest of another shows the same as that one. One whose bytes were let go
    shows what both kept captures next to it show; where those differ now, what it showed is no longer known.

    Args:
        rows: All captures of a target in order of time.

    Returns:
        What to write down, where that differs from what is: outcome, reason, fingerprint.
    """
    kept = [row for row in rows if row.sha256 and row.outcome in KEPT]
    shown = {row.trusted_digest: row.fingerprint for row in kept if row.trusted_digest}
    found: list[tuple[StoredCapture, Outcome, str | None, str | None]] = []
    place = 0
    for row in rows:
        if row.sha256 and row.outcome in KEPT:
            place += 1
        elif row.outcome in (Outcome.UNCHANGED, Outcome.REVISIT) and row.capture.digest in shown:
            if row.fingerprint != shown[row.capture.digest]:
                found.append((row, row.outcome, row.reason, shown[row.capture.digest]))
        elif row.outcome is Outcome.FETCHED and not row.sha256:
            around = {
                each.fingerprint for each in (*kept[max(0, place - 1) : place], *kept[place : place + 1])
            }
            if len(around) == 1 and None not in around:
                (fingerprint,) = around
                if row.fingerprint != fingerprint:
                    found.append((row, Outcome.FETCHED, row.reason, fingerprint))
            elif row.fingerprint not in around:
                found.append((row, Outcome.FAILED, LOST, None))
    return found


def told_apart(url: str, read: int, delta: FindingDelta) -> Rebuilt:
    """Separate findings that say the same under another id from those that are new or gone."""
    gone = {change.id: change for change in delta.vanished}
    moved: list[tuple[Change, Change]] = []
    appeared: list[Change] = []
    for change in delta.appeared:
        same = next((old for old in gone.values() if _content(old) == _content(change)), None)
        if same is None:
            appeared.append(change)
        else:
            moved.append((gone.pop(same.id), change))
    return Rebuilt(
        url=url, read=read, appeared=tuple(appeared), vanished=tuple(gone.values()), moved=tuple(moved)
    )


def _content(change: Change) -> tuple[object, ...]:
    """Return what a finding says, whatever its place and id."""
    claims = (change.claim_before, change.claim_after)
    if any(claims):
        return (change.kind, change.type, *map(_figure, claims))
    texts = (each and " ".join(each.text.split()) for each in (change.before, change.after))
    return (change.kind, change.type, *texts)


def _figure(claim: Claim | None) -> tuple[object, ...] | None:
    if claim is None:
        return None
    return (claim.kind, claim.value, claim.low, claim.high, claim.qualifier, claim.attribution)
