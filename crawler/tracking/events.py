"""What the application returns: the stages of its work as they begin, and what each brought."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypedDict

from crawler.address import Time
from crawler.archive import Estimate, SaveResult
from crawler.errors import ArchiveError
from crawler.model import StoredCapture, Target
from crawler.store import FindingDelta, Rhythm
from crawler.tracking.fetch_pass import Fetched
from crawler.tracking.listing import Listed
from crawler.tracking.mending import Mended
from diffs.model import Change, History, Note, Observation, Weight


class Scope(TypedDict, total=False):
    """Which part of a page's past is fetched.

    Attributes:
        since: Leave earlier captures alone: an aware datetime, or text such as `2016-09-18` (UTC).
        until: Leave later captures alone; text names the end of its day, hour or year.
        every: Fetch every capture instead of bisecting.
        budget: Fetch at most so many bodies.
        retry: Ask again at once for everything that could not be had, and for what is kept and damaged.
    """

    since: Time
    until: Time
    every: bool
    budget: int | None
    retry: bool


class Stage(StrEnum):
    """A part of the work that asks the archives."""

    LISTING = "listing"  # which captures there are
    SIBLINGS = "siblings"  # other articles of the site, where they are not known yet
    NEWEST = "newest"  # the newest capture's bytes
    EARLIER = "earlier"  # an earlier capture to compare the newest with


@dataclass(frozen=True, slots=True, kw_only=True)
class Began:
    """A stage begins.

    Attributes:
        stage: Which.
    """

    stage: Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """The archive was asked to capture the page.

    Attributes:
        result: What it answered, or None where it could not be asked.
        error: Why it could not be asked, or None.
    """

    result: SaveResult | None
    error: ArchiveError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """The newest capture that shows an article.

    Attributes:
        seen: The capture as remembered now.
    """

    seen: StoredCapture


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What is known of a target was written down for its readers.

    Attributes:
        history: All that is known of it.
        findings: What appeared, vanished and stayed among its findings.
        notes: What readers noted on them.
        paths: The files, written or already right.
    """

    history: History
    findings: FindingDelta
    notes: tuple[Note, ...]
    paths: tuple[Path, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """Every change of the history, in order of time."""
        return tuple(change for transition in self.history.transitions for change in transition.changes)

    @property
    def substantive(self) -> tuple[Change, ...]:
        """The changes that alter what a reader would believe happened."""
        return tuple(change for change in self.changes if change.weight is Weight.SUBSTANTIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """The budget was spent before everything that is worth a request was read.

    Attributes:
        budget: How many bodies it allowed.
        bodies: How many more the same command without a budget would ask for.
    """

    budget: int
    bodies: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a backfill would take.

    Attributes:
        listed: What the archives' indexes hold.
        bodies: How many bodies would be asked for.
        siblings: How many requests would go to other articles of the site at most.
        minutes: How long that takes at most, at the archive's limit.
    """

    listed: Listed
    bodies: Estimate
    siblings: int
    minutes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two versions of a page, and what changed between them.

    Attributes:
        before: The capture of the older version.
        after: The capture of the newer one.
        changes: What changed.
    """

    before: StoredCapture
    after: StoredCapture
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetStatus:
    """One target at a glance.

    Attributes:
        target: The target.
        history: All that is known of it.
        rhythm: What its past says about how soon to visit it again.
        next_visit: When it is visited next, and why then, in words.
    """

    target: Target
    history: History
    rhythm: Rhythm
    next_visit: str

    @property
    def observations(self) -> tuple[Observation, ...]:
        """Its captures, and what became of each."""
        return self.history.observations


Backfilled = Began | Listed | Fetched | Published | Left | Mended
Captured = Saved | Began | Listed | Newest | Fetched | Published


def last_published(events: Iterable[Backfilled | Captured]) -> Published:
    """Take every step, and return what was published at the end."""
    published = None
    for event in events:
        if isinstance(event, Published):
            published = event
    assert published is not None
    return published
