"""Looks at how well the archives cover pages and outlets, and remembers it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from urllib.parse import urlsplit

from crawler.address import host_of_page, page_address
from crawler.errors import ArchiveError, InputError
from crawler.model import Archive, StoredCapture
from crawler.store import Store
from crawler.tracking.coverage import (
    UNREADABLE,
    coverage_of_host,
    coverage_of_known,
    coverage_of_page,
)
from crawler.tracking.pipeline import Pipeline
from diffs.model import Coverage

# A look at an outlet costs about twenty requests, most of them for copies of robots.txt; a week is soon enough.
EVERY = timedelta(days=7)
MOST_OUTLETS = 10
MONTHS = 4
# A page tracked since yesterday says nothing yet of its outlet.
YOUNG = timedelta(days=1)
# An outlet that could not be looked at is tried again the day after.
AGAIN = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a look at a page or an outlet gave.

    Attributes:
        coverage: One for each archive that answered.
        failures: What went wrong with the others.
    """

    coverage: tuple[Coverage, ...]
    failures: tuple[ArchiveError, ...]


def look_at(pipeline: Pipeline, what: str, *, now: datetime, months: int = 12) -> Looked:
    """Ask every archive how well it covers a page or a host, each apart from the others, and remember it.

    Args:
        pipeline: The archives, and the store.
        what: A page's address, or a host.
        now: The time (aware UTC).
        months: How many of an outlet's last months are looked at.

    Raises:
        InputError: It is no address.
        ArchiveError: No archive answered.
    """
    found, failures = [], []
    for archive in pipeline.archives.values():
        try:
            found.append(_look(pipeline, archive, page_address(what), now, months))
        except ArchiveError as error:
            error.archive = archive.name
            failures.append(error)
    if not found and failures:
        raise failures[0]
    for one in found:
        pipeline.store.coverage.put(one, is_host="/" not in one.scope)
    return Looked(coverage=tuple(found), failures=tuple(failures))


def known_coverage(store: Store, what: str) -> tuple[Coverage, ...]:
    """Return the last look at a page or a host or, where there was none, what its captures in the store say; asks nobody.

    Raises:
        InputError: It is no address.
    """
    url = page_address(what)
    host = host_of_page(url) if _is_host(url) else None
    if looked := store.coverage.of(host or url):
        return looked
    if host is None:
        return coverage_of_known(url, _known(store, url))
    targets = [one for one in store.targets.all(include_untracked=True) if host_of_page(one.url) == host]
    return coverage_of_known(host, chain.from_iterable(map(store.captures.of, targets)))


def _is_host(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def _look(pipeline: Pipeline, archive: Archive, url: str, now: datetime, months: int) -> Coverage:
    operator = pipeline.operators.get(archive.name)
    if _is_host(url):
        return coverage_of_host(archive, host_of_page(url), now=now, operator=operator, months=months)
    bad = {
        row.capture.at: True
        for row in _known(pipeline.store, url)
        if row.capture.archive == archive.name and row.outcome in UNREADABLE
    }
    return coverage_of_page(archive, url, now=now, operator=operator, unreadable=bad)


def _known(store: Store, url: str) -> Iterator[StoredCapture]:
    """Yield what is remembered of a page's captures; nothing where it is not known."""
    with suppress(InputError):
        yield from store.captures.of(store.targets.find(url))


def look_at_outlets(
    pipeline: Pipeline, *, now: datetime, stop: Callable[[], bool], tried: dict[str, datetime]
) -> tuple[str, ...]:
    """Look at the tracked pages' outlets that were not looked at for a week, ten at most; returns which.

    Where an archive does not answer or asks for a pause, the rest is left to a later round.

    Args:
        pipeline: The archives, and the store.
        now: The time (aware UTC).
        stop: Tells that the process is asked to leave.
        tried: When each host was last tried, whatever came of it; what is tried now is added.
    """
    done = []
    for host in outlets_due(pipeline.store, now=now, tried=tried):
        if stop():
            break
        tried[host] = now
        try:
            failures = look_at(pipeline, f"https://{host}/", now=now, months=MONTHS).failures
            done.append(host)
        except ArchiveError as error:
            failures = (error,)
        if any(failure.transient for failure in failures):
            break
    return tuple(done)


def outlets_due(store: Store, *, now: datetime, tried: Mapping[str, datetime]) -> Sequence[str]:
    """Return the hosts of tracked pages that are to be looked at, those never looked at leading."""
    looked = store.coverage.looked()
    hosts = {host_of_page(target.url) for target in store.targets.all() if target.added <= now - YOUNG}
    due = [
        host
        for host in hosts
        if looked.get(host, now - EVERY) <= now - EVERY and tried.get(host, now - AGAIN) <= now - AGAIN
    ]
    return sorted(due, key=lambda host: (looked[host].isoformat() if host in looked else "", host))[
        :MOST_OUTLETS
    ]
