"""The records that pass between archives, pipeline and store."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from diffs.model import Outcome

# The archive of what files hold that name none.
IMPORTED = "import"


class RequestKind(StrEnum):
    """The kinds of request that an archive limits apart from each other."""

    CDX = "cdx"
    PLAYBACK = "playback"
    SAVE = "save"


class Pacing(Protocol):
    """The one limit that every process on a store shares, a row for each archive host and kind."""

    def reserve(self, host: str, kind: RequestKind, *, per_minute: float, now: datetime) -> datetime:
        """Take the next free slot, atomically, and give the time (aware UTC) at which to send.

        The slot lies behind every slot given before and behind any pause.
        """
        ...

    def paused_until(self, host: str, kind: RequestKind, *, now: datetime | None = None) -> datetime | None:
        """Return the end of the pause in force, past or future, or None where there never was one.

        A process asks again right before it sends: a pause may have begun while it waited. Where `now` (aware UTC)
        shows that the clock was set back, the pause moves back with it.
        """
        ...

    def pause(
        self, host: str, kind: RequestKind, *, until: datetime, reason: str, now: datetime | None = None
    ) -> None:
        """Let nobody send this kind before `until`, told by the clock that shows `now`; never shortens a longer one."""
        ...

    def penalise(self, host: str, *, now: datetime, reason: str) -> datetime:
        """Pause every kind on this host for an hour, doubled for each penalty without a success since.

        Returns the end of the pause (aware UTC).
        """
        ...

    def succeeded(self, host: str, *, now: datetime) -> None:
        """Remember that the host answered: clears the doubling, and marks a later refusal as a penalty."""
        ...

    def last_success(self, host: str) -> datetime | None:
        """Return when the host last answered (aware UTC), or None."""
        ...


class SaveWish(StrEnum):
    """When the archive is asked to capture a target of its own accord."""

    NONE = "none"
    ON_GAP = "on-gap"  # when it was silent for longer than the target's interval


class Failure(StrEnum):
    """What failed where a capture could not be had."""

    UNREACHABLE = "unreachable"  # no answer, a broken one, or a server error
    ABSENT = "absent"  # the archive says that it has no such capture, or cannot play it yet
    BLOCKED = "blocked"  # kept out of the archive by the site's owner
    OTHER_CAPTURE = "other capture"  # another capture than the one asked for was served
    TOO_LARGE = "too large"  # larger than the limit that is set
    ENCODING = "encoding"  # in a content encoding that is not read
    UNREADABLE = "unreadable"  # an answer that is neither a capture nor a known refusal
    UNKNOWN = "unknown"  # it failed under a version that did not keep what failed
    DROPPED = "dropped"  # retention dropped its bytes, and what it showed can no longer be told


class WorkerKind(StrEnum):
    """The kinds of process that take targets."""

    DAEMON = "daemon"
    WORKER = "worker"
    RUN = "run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A process that takes targets under a lease.

    Attributes:
        name: Unlike that of any other process.
        kind: What it is.
        place: The machine and process namespace in which `pid` means something, or None where unknown.
        pid: Its process number, or None.
        born: When the process started, in the clock ticks by which its kernel tells processes of one number apart,
            or None.
    """

    name: str
    kind: WorkerKind
    place: str | None = None
    pid: int | None = None
    born: int | None = None


class SaveStatus(StrEnum):
    """What came of the last request to capture a target."""

    ASKED = "asked"  # no answer yet
    SAVED = "saved"
    EXISTING = "existing"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    FAILED = "failed"  # the archive could not be asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A tracked address.

    Attributes:
        id: The store's number for it.
        url: The address as tracked, normalised (scheme and host in lower case, no fragment).
        story: The first of its stories by name, or None.
        since: Captures before this are not asked for (aware UTC), or None for all.
        added: When it was tracked (aware UTC).
        next_due: When it is next looked at (aware UTC).
        failures: How many looks in a row have failed.
        last_error: The last failure's message, or None after a success.
        tracked: Whether it is looked at when due, rather than only known from a capture on demand.
        last_look: When it was last looked at with success (aware UTC), or None.
        save: When the archive is asked to capture it.
        save_asked: When it last was (aware UTC), or None.
        save_status: What came of that, or None.
        save_said: The archive's words on it, or None.
        save_refusals: How many such requests in a row brought no capture.
        save_job: The archive's name for that request, while what came of it is unknown and can be asked, or None.
        tracked_since: Since when it is looked at when due (aware UTC), or None where that is not known.
        stories: The stories it belongs to, by name.
    """

    id: int
    url: str
    story: str | None
    since: datetime | None
    added: datetime
    next_due: datetime
    failures: int = 0
    last_error: str | None = None
    tracked: bool = True
    last_look: datetime | None = None
    save: SaveWish = SaveWish.NONE
    save_asked: datetime | None = None
    save_status: SaveStatus | None = None
    save_said: str | None = None
    save_refusals: int = 0
    save_job: str | None = None
    tracked_since: datetime | None = None
    stories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One row of an archive's index: a page as it was at a time.

    Attributes:
        archive: Name of the source in the configuration.
        url: The address as captured (`original` in CDX).
        urlkey: Its SURT key, which folds http/https, www, port and case.
        at: When it was captured (aware UTC).
        mimetype: As the index gives it; `warc/revisit` for a revisit, None where unknown.
        status: HTTP status at capture, or None where the index does not say.
        digest: The archive's digest of the stored bytes, or None.
        length: Bytes stored in the archive, or None.
    """

    archive: str
    url: str
    urlkey: str
    at: datetime
    mimetype: str | None = None
    status: int | None = None
    digest: str | None = None
    length: int | None = None

    @property
    def timestamp(self) -> str:
        """The 14 digits (YYYYMMDDhhmmss, UTC) by which web archives name a time."""
        return self.at.strftime("%Y%m%d%H%M%S")

    @property
    def act(self) -> tuple[str, datetime, str] | None:
        """What two rows of one capture have in common whatever archive shows them: address, time and digest; None without a digest."""
        return (self.url, self.at, self.digest) if self.digest else None

    @property
    def is_revisit(self) -> bool:
        """Whether the archive saw bytes it already held."""
        return self.mimetype == "warc/revisit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The bytes of one capture as the archive served them.

    Attributes:
        capture: What was asked for.
        served_at: The capture time served, which `Memento-Datetime` tells (aware UTC).
        url: The address served, after historical redirects.
        status: HTTP status at capture: an archived 404 is a fact about the page, not a failure.
        content_type: As the site sent it, or None.
        body: The bytes, content encoding undone.
        redirects: Addresses passed through on the way, in order.
        digest_fits: Whether the digest that the capture names is that of the bytes served, raw or decoded; None where
            it names none, or nobody looked.
        raw: The bytes as the archive holds them, in the content coding in which the site sent them; None where only the
            decoded ones are known.
        content_coding: Their coding as the site named it, or None; never that of the way from the archive to here.
        headers: The site's response headers as the archive replays them, in order; empty where it replays none.
        retrieved_at: When the archive gave the bytes (aware UTC), or None where nobody looked at a clock.
        archive_src: The file of the archive in which the capture lies (`x-archive-src`), which tells who captured it,
            or None.
        imported: Whether the bytes came from a file that names the archive they are from, and not from that archive.
    """

    capture: Capture
    served_at: datetime
    url: str
    status: int
    content_type: str | None
    body: bytes
    redirects: tuple[str, ...] = ()
    digest_fits: bool | None = None
    raw: bytes | None = None
    content_coding: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    retrieved_at: datetime | None = None
    archive_src: str | None = None
    imported: bool = False


class Archive(Protocol):
    """A source of captures: the Wayback Machine, a pywb, a folder of WARCs.

    Attributes:
        name: Name of the source in the configuration.
        remote: Whether a request costs somebody else something, so that failures are met with patience.
    """

    name: str
    remote: bool

    def captures(
        self, url: str, *, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Capture]:
        """Yield the captures of one page, oldest first, lazily.

        Raises:
            NoCaptureError: The archive said that it holds none. Never an empty listing for a failure.
            ArchiveError: Anything else, by its class.
        """
        ...

    def fetch(self, capture: Capture) -> Snapshot:
        """Return the bytes of one capture.

        Raises:
            WrongCaptureError: Another capture was served.
            ArchiveError: Anything else, by its class.
        """
        ...

    def link(self, capture: Capture) -> str | None:
        """Return the address at which a reader sees the capture, or None where there is none."""
        ...

    def complaints(self) -> tuple[str, ...]:
        """Return what could not be read so far, a line each; everything else was."""
        ...

    def close(self) -> None:
        """Let connections and files go."""
        ...


@runtime_checkable
class SitewideArchive(Archive, Protocol):
    """An archive that can be asked about many pages at once."""

    def captures_under(
        self, prefix: str, *, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Capture]:
        """Yield the captures of every page whose address begins so, page by page, each oldest first.

        Raises as `captures`.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCapture:
    """A capture as the store remembers it.

    Attributes:
        id: The store's number for it.
        target: The target's number.
        capture: The row of the archive's index.
        outcome: What became of it.
        reason: Why, where the outcome wants one.
        served_at: The capture time served, where bytes were fetched.
        sha256: The stored body, in hex, or None.
        content_type: Of the stored body, or None.
        final_url: The address served after redirects, or None.
        fingerprint: Of the article it shows, or None.
        served_status: HTTP status of the page served, after redirects, or None.
        redirects: Addresses passed through on the way to it, in order.
        fetched: When its bytes were kept (aware UTC), or None.
        failure: What failed, where it could not be had.
        tries: How many times in a row it could not be had.
        failed_at: When that was last (aware UTC), or None.
        ask_again: When to ask for it again (aware UTC), or None for at once.
        body_limit: The size limit (bytes) under which it was too large, or None.
        parser: The version that judged it last, or None.
        digest_fits: Whether the archive's digest is that of the bytes it served, or None where nobody looked.
        retrieved_at: When the archive gave its bytes (aware UTC), or None for captures kept before that was noted.
        raw_sha256: Of the bytes as the archive holds them, in hex, or None where they were not kept.
        content_coding: The coding of those bytes as the site named it, or None.
        recipe: How those bytes are made from the body, or None where they were not kept (see `crawler.store.raw`).
        archive_src: The archive's file in which it lies, which tells who captured it, or None.
        imported_at: When its bytes were taken from a file that named the archive (aware UTC); None where they came
            from the archive itself.
    """

    id: int
    target: int
    capture: Capture
    outcome: Outcome
    reason: str | None = None
    served_at: datetime | None = None
    sha256: str | None = None
    content_type: str | None = None
    final_url: str | None = None
    fingerprint: str | None = None
    served_status: int | None = None
    redirects: tuple[str, ...] = ()
    fetched: datetime | None = None
    failure: Failure | None = None
    tries: int = 0
    failed_at: datetime | None = None
    ask_again: datetime | None = None
    body_limit: int | None = None
    parser: str | None = None
    digest_fits: bool | None = None
    retrieved_at: datetime | None = None
    raw_sha256: str | None = None
    content_coding: str | None = None
    recipe: str | None = None
    archive_src: str | None = None
    imported_at: datetime | None = None

    @property
    def trusted_digest(self) -> str | None:
        """The archive's digest, by which other captures show the same bytes, or None where it was found to fit none."""
        return None if self.digest_fits is False else self.capture.digest

    @property
    def may_pass(self) -> bool:
        """Whether it could not be had for a reason that may pass, so that it is asked for again."""
        return self.outcome is Outcome.FAILED and self.failure is not Failure.DROPPED
