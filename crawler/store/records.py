"""What the store tells about itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.model import Target
    from crawler.store.channels import ChannelRecord
    from diffs.model import Change, GapCause, Outcome, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something in the store that is not as it should be.

    Attributes:
        what: `body`, `capture`, `article`, `finding`, `note`, `template`, `custody`, `coverage` or `database`.
        name: The SHA-256 of the body, `URL TIMESTAMP` of the capture or article, or the finding's id.
        detail: What is wrong with it, and what would repair it.
    """

    what: str
    name: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingDelta:
    """How a target's findings differ from those recorded before.

    Attributes:
        appeared: Found now and not before (or found again after it had vanished).
        vanished: Found before and not now; they stay in the store, with their notes.
        kept: Found both times.
    """

    appeared: tuple[Change, ...] = ()
    vanished: tuple[Change, ...] = ()
    kept: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What a target's past says about how soon to look again.

    Attributes:
        first_seen: Its oldest capture (aware UTC), or None where none is known.
        last_change: The first capture of the text that stands now, where an earlier one differed.
        last_look: When it was last looked at with success (aware UTC), or None.
        newest: Its newest capture (aware UTC), or None where none is known.
    """

    first_seen: datetime | None = None
    last_change: datetime | None = None
    last_look: datetime | None = None
    newest: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retained:
    """What a round of retention let go.

    Attributes:
        captures: Captures whose bytes are no longer kept; their rows and articles are.
        bodies: Bodies deleted.
        stored_bytes: Their size as stored, in bytes.
    """

    captures: int = 0
    bodies: int = 0
    stored_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRecord:
    """One kind of request that waits.

    Attributes:
        host: The archive's host.
        kind: The `RequestKind`, as its value.
        until: When it ends (aware UTC).
        reason: Why, in words.
        penalties: How many refusals in a row the host has given.
    """

    host: str
    kind: str
    until: datetime
    reason: str
    penalties: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A target that is due and that somebody works on.

    Attributes:
        target: The target.
        worker: Who holds it.
        until: When the lease ends by itself (aware UTC).
    """

    target: Target
    worker: str
    until: datetime


class DaemonState(StrEnum):
    """What the daemon was doing at its last sign of life."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    GONE = "gone"  # it ended without signing off: killed, or its machine went down


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """The last sign of life of the daemon.

    Attributes:
        worker: Its name: host and process.
        started: When it started (aware UTC).
        beat: When it last ticked (aware UTC).
        state: What it was doing.
        reason: Why it pauses, or None.
    """

    worker: str
    started: datetime
    beat: datetime
    state: DaemonState
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerRecord:
    """One of several workers on a server's store.

    Attributes:
        name: Its kind, machine and process.
        started: When it started (aware UTC).
        beat: Its last sign of life (aware UTC).
        state: What it was doing, or that it ended without signing off.
        reason: Why it pauses, or None.
        held: Targets that it holds.
        leads: Whether it was the one elected for maintenance at its last sign of life.
    """

    name: str
    started: datetime
    beat: datetime
    state: DaemonState
    reason: str | None
    held: int
    leads: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveHealth:
    """Whether one archive answers.

    Attributes:
        archive: Its name.
        answered: When it last answered (aware UTC), or None.
        failed: When it last did not, or None.
        failures: How many looks in a row failed.
        ask_again: When it is next asked (aware UTC), or None for whenever there is something to ask.
        said: What went wrong last, or None.
    """

    archive: str
    answered: datetime | None
    failed: datetime | None
    failures: int
    ask_again: datetime | None
    said: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DarkOutlet:
    """An outlet whose articles an archive captured and no longer does.

    Attributes:
        host: The outlet's host.
        archive: Name of the archive.
        since: The last capture of an article (aware UTC).
        noticed: When that was first seen (aware UTC).
        looked: When it was last seen (aware UTC).
        cause: Why, as far as it is known.
    """

    host: str
    archive: str
    since: datetime
    noticed: datetime
    looked: datetime
    cause: GapCause


class AlertState(StrEnum):
    """How an alert stands."""

    PENDING = "pending"  # to be delivered
    HELD = "held"  # until a second capture shows the change
    SENT = "sent"
    FAILED = "failed"  # the service did not take it; it is tried again
    WITHDRAWN = "withdrawn"  # the finding was taken back before it was sent


@dataclass(frozen=True, slots=True, kw_only=True)
class NextVisit:
    """A visit that is planned.

    Attributes:
        url: The target's address.
        at: When it is due (aware UTC).
    """

    url: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRecord:
    """How a host that is asked took it.

    Attributes:
        host: Host and, where it has one, port.
        last_success: When it last answered (aware UTC), or None.
        penalties: How many refusals in a row it has given since.
        penalised: When it last refused (aware UTC), or None.
    """

    host: str
    last_success: datetime | None
    penalties: int
    penalised: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What may still be asked of a host.

    Attributes:
        host: Host and, where it has one, port.
        kind: The `RequestKind`, as its value.
        next_free: When the next request may be sent, pauses aside (aware UTC).
        per_minute: Requests that may be sent in a minute, or None where nothing limits them.
        left: Requests that may be sent in the next minute, or None likewise.
    """

    host: str
    kind: str
    next_free: datetime
    per_minute: float | None = None
    left: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspectRate:
    """How many of the pages that were read last are not read as articles: with many, the parser loses a site.

    Attributes:
        read: Pages that were looked at, the last 500 at most.
        suspect: Those of them that are not read as an article.
        worst: The host with the largest share, of those with ten pages or more; None without one.
        worst_read: Its pages.
        worst_suspect: Those of them that are not read as an article.
    """

    read: int
    suspect: int
    worst: str | None = None
    worst_read: int = 0
    worst_suspect: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """The room that is left where the store and the reports lie.

    Attributes:
        place: The folder.
        free: Bytes that may still be written.
    """

    place: str
    free: int


class Trouble(StrEnum):
    """What needs somebody's attention."""

    DAEMON_GONE = "daemon_gone"  # it ended without signing off
    DAEMON_SILENT = "daemon_silent"  # it says that it runs and shows no sign of life
    DAEMON_PAUSED = "daemon_paused"  # the store takes nothing
    DAEMON_STOPPED = "daemon_stopped"  # it was stopped, and pages are due
    BEHIND = "behind"  # a page has been due for long
    FAILING = "failing"  # the last visit of many pages, or of all, failed
    PENALTY = "penalty"  # an archive refuses us
    ARCHIVE = "archive"  # one of several archives does not answer
    DARK = "dark"  # an outlet is no longer captured
    SUSPECT = "suspect"  # most pages of a host are not read as articles
    ALERTS = "alerts"  # a service does not take what it is sent
    EVIDENCE = "evidence"  # cited captures are gone or altered
    DISK = "disk"  # hardly any room is left
    OUTDATED = "outdated"  # an earlier version read what stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Outdated:
    """What an earlier version read, and a rebuild reads again.

    Attributes:
        captures: Captures whose kept bytes another version of the parser judged.
        targets: Targets of such captures, or whose findings another version of parser or grammar found.
    """

    captures: int
    targets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRecord:
    """The store at a glance.

    Attributes:
        where: Path or URL of the store, password masked.
        schema: Revision of the schema.
        targets: Tracked targets.
        untracked: Targets known, not scheduled.
        due: Tracked targets that are due, or None where no time was given.
        leased: Targets that somebody works on.
        failing: Tracked targets whose last look failed.
        next_due: When the next target is due (aware UTC), or None without targets.
        captures: Captures by outcome.
        again: Captures that could not be had and are asked for again.
        never: Captures that could not be had and never can be: retention dropped their bytes.
        bodies: Distinct bodies kept.
        body_bytes: Their size as fetched, in bytes.
        stored_bytes: Their size as stored, in bytes.
        dropped: Captures whose bytes were let go.
        without_raw: Captures whose body is kept and whose bytes as the archive holds them are not.
        findings: Findings that stand.
        contradictions: Contradictions and disagreements that stand.
        pauses: Pauses in force, or every pause known where no time was given.
        heartbeat: The daemon's last sign of life, or None where none ever ran.
        workers: The workers on a server's store, by name.
        archives: Whether each of several archives answers.
        dark: The outlets whose articles an archive captured and no longer does.
        witnessed: Captures that findings cite and that were fetched again, by what became of them.
        lost: Findings that stand about captures which archives no longer serve as kept, by what became of them.
        alerts: Alerts by how they stand.
        channels: How those of each channel stand.
        oldest_due: Since when the target that waits longest has been due (aware UTC), or None where none is.
        next_visits: The next few visits, those that are due included.
        hosts: The hosts that were asked, the one that answered last leading.
        budgets: What may still be asked of each.
        asked_per_minute: Visits a minute that all targets ask for together.
        allowed_per_minute: Visits a minute that the archives' limits leave for them, or None without a limit.
        suspects: How many of the pages read last are not read as articles.
        store_size: What the whole store takes on its disk, in bytes, or None where that is not known.
        disks: The room left where the store and the reports lie.
        troubles: What needs somebody's attention.
        outdated: What an earlier version read, or None where that was not looked at.
    """

    where: str
    schema: str
    targets: int
    untracked: int
    due: int | None
    leased: int
    failing: int
    next_due: datetime | None
    captures: Mapping[Outcome, int]
    again: int
    never: int
    bodies: int
    body_bytes: int
    stored_bytes: int
    dropped: int
    without_raw: int
    findings: int
    contradictions: int
    pauses: tuple[PauseRecord, ...]
    heartbeat: Heartbeat | None
    workers: tuple[WorkerRecord, ...] = ()
    archives: tuple[ArchiveHealth, ...] = ()
    dark: tuple[DarkOutlet, ...] = ()
    witnessed: Mapping[Verdict, int] = field(default_factory=dict)
    lost: Mapping[Verdict, int] = field(default_factory=dict)
    alerts: Mapping[AlertState, int] = field(default_factory=dict)
    channels: tuple[ChannelRecord, ...] = ()
    oldest_due: datetime | None = None
    next_visits: tuple[NextVisit, ...] = ()
    hosts: tuple[HostRecord, ...] = ()
    budgets: tuple[Budget, ...] = ()
    asked_per_minute: float = 0.0
    allowed_per_minute: float | None = None
    suspects: SuspectRate | None = None
    store_size: int | None = None
    disks: tuple[Disk, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    outdated: Outdated | None = None
