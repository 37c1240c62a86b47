"""Asks every archive which captures it holds of a page, each apart from the others."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.errors import ArchiveError, NoCaptureError
from crawler.model import IMPORTED, Archive, Capture, StoredCapture, Target
from crawler.store import Store
from crawler.store.bodies import sha256_of
from crawler.tracking.fetch_pass import is_unread


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a look at the archives' indexes gave.

    Attributes:
        new: Captures not known before.
        known: Captures known now.
        within: How many of these lie in the time asked for.
        failures: What went wrong with single archives; at least one answered.
        complaints: What could not be read of the answers, a line each.
    """

    new: int
    known: int
    within: int
    failures: tuple[ArchiveError, ...] = ()
    complaints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How the archives answered.

    Attributes:
        new: Captures not known before.
        answers: How many listings came whole.
        failures: What went wrong otherwise; that an archive holds nothing is none.
    """

    new: int
    answers: int
    failures: tuple[ArchiveError, ...]


def ask_archives(
    store: Store,
    archives: Sequence[Archive],
    target: Target,
    *,
    since: datetime | None,
    until: datetime | None,
    skipped: Collection[str],
    now: datetime | None,
    health: bool = False,
) -> Asked:
    """Ask the archives for a target's captures, and remember them; one that fails stops none of the others.

    Args:
        store: Where they are remembered, and, of several archives, which of them answer.
        archives: The archives.
        target: Of which page.
        since: Leave earlier captures alone.
        until: Leave later captures alone.
        skipped: Names of archives that are not asked.
        now: The time for the log of custody (aware UTC).
        health: Whether each archive's health is remembered with that time.
    """
    new = answers = 0
    failures: list[ArchiveError] = []
    for archive in (each for each in archives if each.name not in skipped):
        ill: ArchiveError | None = None
        for url in (target.url, *store.targets.aliases(target)):
            try:
                listed = archive.captures(url, since=since, until=until)
                further = listed if archive.remote else _further(store, archive, target, listed)
                new += store.captures.observe(target, further, now=now)
                answers += 1
            except NoCaptureError:
                continue
            except ArchiveError as error:
                error.archive = archive.name
                failures.append(error)
                ill = error if error.transient else ill
        if health and now is not None and len(archives) > 1:
            store.archives.note(archive.name, None if ill is None else str(ill), now=now)
    return Asked(new=new, answers=answers, failures=tuple(failures))


def _further(store: Store, archive: Archive, target: Target, listed: Iterable[Capture]) -> Iterator[Capture]:
    """Yield the captures in files that no row of another archive shows: a file read under two names is no second one.

    One is the same where address, time, digest, status and type are, and it was judged; where bytes of it are kept, also
    their SHA-256 and the type that came with them, which may name an encoding. Nothing of the other archive's row
    changes, and what differs in anything is a row of its own.
    """
    rows: dict[object, list[StoredCapture]] = {}
    for row in store.captures.of(target):
        if row.capture.act and row.capture.archive != archive.name and not (is_unread(row) or row.may_pass):
            rows.setdefault(row.capture.act, []).append(row)
    for capture in listed:
        if not any(_is_same(archive, capture, row) for row in rows.get(capture.act, ())):
            yield capture


def _is_same(archive: Archive, capture: Capture, row: StoredCapture) -> bool:
    """Return whether a capture in files says nothing that a row of equal address, time and digest does not."""
    if (capture.status, capture.mimetype) != (row.capture.status, row.capture.mimetype):
        return False
    if row.sha256 is None:
        return True
    try:
        snapshot = archive.fetch(capture)
    except ArchiveError:
        return False
    said = (sha256_of(snapshot.body), snapshot.status, snapshot.content_type, snapshot.redirects)
    return said == (row.sha256, row.served_status, row.content_type, row.redirects)


def counted_once(rows: Iterable[StoredCapture]) -> list[StoredCapture]:
    """Return captures without those of an import that another archive has shown: same address, second, digest and text."""
    seen = list(rows)
    shown = {
        _said(row) for row in seen if row.capture.archive != IMPORTED and not (is_unread(row) or row.may_pass)
    }
    return [row for row in seen if row.capture.archive != IMPORTED or _said(row) not in shown]


def _said(row: StoredCapture) -> tuple[object, ...]:
    """Return what a capture shows of which second; never equal without a digest."""
    return (row.capture.act or row.id, row.fingerprint, None if row.fingerprint else row.outcome)


def none_held(archives: Iterable[Archive], target: Target, *, bounded: bool) -> NoCaptureError:
    """Return the error of archives that hold no capture of a target, with what to do next.

    Args:
        archives: The archives.
        target: Of which page.
        bounded: Whether captures of some time only were asked for.
    """
    asked = list(archives)
    names, span = " and ".join(archive.name for archive in asked), " in that time" if bounded else ""
    saves = any(archive.remote for archive in asked)
    advice = "; `variorum capture` asks for one" if saves else ", and the files that --archive-url names"
    return NoCaptureError(f"{names} holds no capture of {target.url}{span}. Check the address{advice}.")


def orphans(store: Store, target: Target, archives: Collection[str]) -> Iterator[str]:
    """Yield which archives hold captures that are still to be read and are not among those at hand."""
    unread = Counter(row.capture.archive for row in store.captures.of(target) if is_unread(row))
    for name, number in sorted(unread.items()):
        if name not in archives:
            yield (
                f"{number} captures from the archive {name!r} cannot be read: it is not configured. "
                "Name it under [[archives]]."
            )
