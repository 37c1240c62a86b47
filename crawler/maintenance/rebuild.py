"""Derives articles and findings again from the kept bytes, and says which findings that changed."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import cast

from crawler.maintenance.reparse import (
    Compared,
    Engine,
    Group,
    Result,
    Versions,
    Work,
    process_within_limits,
    readings_in,
)
from crawler.model import Failure, StoredCapture, Target
from crawler.parser import PARSER_VERSION, Template
from crawler.store import FindingDelta, Store
from crawler.store.moved import moved_between
from crawler.store.readings import PageReading
from crawler.tracking.pipeline import Pipeline
from crawler.tracking.siblings import Neighbourhood
from diffs.claims import GRAMMAR_VERSION
from diffs.model import Change, Outcome

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
    appeared: tuple[Change, ...] = ()
    vanished: tuple[Change, ...] = ()
    moved: tuple[tuple[Change, Change], ...] = ()


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

    Bodies that these have read are left alone, and so are findings that this version found in the same evidence, so
    that a rebuild cut short goes on where it was. Pages are read and compared in `jobs` processes; only this one writes.

    Args:
        pipeline: What reads pages here, and the store.
        targets: Whose bodies to read, in this order.
        neighbourhood: What each target's site teaches.
        now: The time to remember with the findings.
        jobs: Processes that read.
        everything: Read also what the current parser has read, and compare again what is current.
        engine: Does the work elsewhere and returns what came of it in order, in place of `jobs` processes.

    Raises:
        StoreError: The store failed, or a body is damaged; what was read before is kept.
    """
    # All before any, so that what a site teaches does not depend on how far ahead pages are read.
    for target in targets:
        neighbourhood.adopt_for(target, now=now)
    here = partial(readings_in, jobs=jobs, alone=pipeline.read, process=process_within_limits)
    return _Rebuild(pipeline, targets, now=now, everything=everything).steps(engine or here)


class _Rebuild:
    """One rebuild: what is to be done as it becomes known, and what came of it, target by target."""

    def __init__(
        self, pipeline: Pipeline, targets: Sequence[Target], *, now: datetime, everything: bool
    ) -> None:
        self._pipeline, self._store = pipeline, pipeline.store
        self._targets, self._now, self._everything = targets, now, everything
        self._open: dict[str, Target] = {}
        self._read: dict[str, int] = {}
        self._done: dict[str, Rebuilt] = {}
        self._ready: deque[Versions] = deque()
        self._in_hand = 0

    def steps(self, engine: Engine) -> Iterator[Rebuilt]:
        """Do all of it and yield what became of each target, in their order."""
        for work, result in engine(self._work()):
            target = self._open[work.url]
            if isinstance(work, Versions):
                self._done[target.url] = self._compared(target, work, result)
            else:
                self._in_hand -= 1
                self._keep(target, work, result)
            while self._open and (first := next(iter(self._open))) in self._done:
                del self._open[first]
                yield self._done.pop(first)

    def _work(self) -> Iterator[Work | None]:
        """Yield pages to be read, and versions to be compared once all of a target's are; None while others are in hand."""
        for target in self._targets:
            self._open[target.url], self._read[target.url] = target, 0
            template = self._store.templates.of(target)
            for group in groups_of(self._store, target, template, everything=self._everything):
                yield from self._compare()
                self._in_hand += 1
                yield group
        while self._in_hand or self._ready:
            yield from self._compare()
            if self._in_hand:
                yield None

    def _compare(self) -> Iterator[Versions]:
        while self._ready:
            yield self._ready.popleft()

    def _keep(self, target: Target, group: Group, result: Result) -> None:
        readings = cast("tuple[PageReading, ...]", result)
        self._store.readings.put(target, readings, parser_name(group.template), now=self._now)
        self._read[target.url] += len(readings)
        if not group.last:
            return
        follow(self._store, target, now=self._now)
        if self._everything or not is_current(self._store, target):
            self._ready.append(versions_of(self._pipeline, target))
        else:
            self._done[target.url] = Rebuilt(url=target.url, read=self._read[target.url])

    def _compared(self, target: Target, versions: Versions, result: Result) -> Rebuilt:
        delta = None
        if isinstance(result, Compared):
            delta = self._store.findings.record_packed(
                target,
                result.changes,
                grammar=GRAMMAR_VERSION,
                parser=PARSER_VERSION,
                now=self._now,
                evidence=versions.evidence,
                contradictions=result.contradictions,
            )
        if delta is None:
            _, delta = self._pipeline.record_history(target, now=self._now)
        return told_apart(target.url, self._read.pop(target.url), delta)


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
        for seen in (store.captures.of(target) if everything or stale else ())
        if seen.sha256 and seen.outcome in KEPT and (everything or seen.id in stale)
    ]
    for start in range(0, max(1, len(wanted)), PAGES_AT_ONCE):
        some = wanted[start : start + PAGES_AT_ONCE]
        # A redirect to another page's was never among what is kept: what was served is the page's own.
        pages = tuple((seen.id, replace(store.snapshot(seen, body=b""), redirects=())) for seen in some)
        bodies = store.bundle([seen.sha256 for seen in some if seen.sha256])
        last = start + PAGES_AT_ONCE >= len(wanted)
        yield Group(url=target.url, pages=pages, bodies=bodies, template=template, last=last)


def versions_of(pipeline: Pipeline, target: Target) -> Versions:
    """Return what a target's history is put together from, as it is now."""
    store = pipeline.store
    return Versions(
        url=target.url,
        evidence=store.captures.evidence(target),
        observations=pipeline.observations(target),
        articles=store.articles.packed_of(target),
        aliases=tuple(store.targets.aliases(target)),
    )


def finished(pipeline: Pipeline, target: Target, read: int, now: datetime) -> Rebuilt:
    """Let captures without bytes of their own follow those with, and find the findings again."""
    follow(pipeline.store, target, now=now)
    if is_current(pipeline.store, target):
        return Rebuilt(url=target.url, read=read)
    _, delta = pipeline.record_history(target, now=now)
    return told_apart(target.url, read, delta)


def is_current(store: Store, target: Target) -> bool:
    """Return whether this version found what stands, in the evidence as it is."""
    return store.findings.is_current(target, grammar=GRAMMAR_VERSION, parser=PARSER_VERSION)


def follow(store: Store, target: Target, *, now: datetime) -> None:
    """Let captures without bytes of their own follow those with."""
    with store.together():
        for seen, outcome, reason, fingerprint in followers(list(store.captures.of(target))):
            failure = Failure.DROPPED if outcome is Outcome.FAILED else None
            store.captures.mark(
                seen, outcome, reason=reason, fingerprint=fingerprint, failure=failure, now=now
            )


def followers(rows: Sequence[StoredCapture]) -> list[tuple[StoredCapture, Outcome, str | None, str | None]]:
    """Decide what becomes of captures that have no bytes, now that those with bytes were read again.

    A capture with the archive's digest of another shows the same as that one, first as one of its own archive. One whose bytes were let go
    shows what both kept captures next to it show; where those differ now, what it showed is no longer known.

    Args:
        rows: All captures of a target in order of time.

    Returns:
        What to write down, where that differs from what is: outcome, reason, fingerprint.
    """
    kept = [row for row in rows if row.sha256 and row.outcome in KEPT]
    own = {(row.capture.archive, row.trusted_digest): row.fingerprint for row in kept if row.trusted_digest}
    shown: dict[str, str | None] = {}
    for row in sorted(kept, key=lambda row: row.id):
        if row.trusted_digest:
            shown.setdefault(row.trusted_digest, row.fingerprint)
    found: list[tuple[StoredCapture, Outcome, str | None, str | None]] = []
    place = 0
    for row in rows:
        if row.sha256 and row.outcome in KEPT:
            place += 1
        elif row.outcome in (Outcome.UNCHANGED, Outcome.REVISIT) and (digest := row.capture.digest) in shown:
            mine = own.get((row.capture.archive, digest), shown[digest])
            if row.fingerprint != mine:
                found.append((row, row.outcome, row.reason, mine))
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
    moved = moved_between(delta.vanished, delta.appeared)
    old, new = ({pair[side].id for pair in moved} for side in (0, 1))
    return Rebuilt(
        url=url,
        read=read,
        appeared=tuple(change for change in delta.appeared if change.id not in new),
        vanished=tuple(change for change in delta.vanished if change.id not in old),
        moved=moved,
    )
