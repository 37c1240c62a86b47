"""What `variorum doctor` looks at, and what it advises."""

import base64
import csv
import hashlib
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import Distribution, distributions
from importlib.util import find_spec
from pathlib import Path
from stat import S_IRGRP, S_IROTH, S_ISREG, S_IWGRP, S_IWOTH
from urllib.parse import urlsplit

from crawler.address import is_local, masked
from crawler.alerts.rules import unknown_stories
from crawler.archive import ArchiveSource, WarcArchive
from crawler.config import Settings
from crawler.errors import NoCaptureError, VariorumError, how_to_install
from crawler.maintenance.overview import outdated_words, pages_of
from crawler.model import Archive
from crawler.store import DaemonState, Heartbeat, Outdated
from crawler.tracker import Tracker
from crawler.tracking.archives import configured_archives, user_agent
from crawler.versions import PARSER_VERSION
from diffs.versions import GRAMMAR_VERSION

ROOM = 1_000_000_000
PACKAGES = frozenset({"crawler", "diffs", "variorum"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One thing looked at.

    Attributes:
        what: The thing.
        good: Whether it is as it should be.
        says: How it is, and where it is not good, how to repair it.
    """

    what: str
    good: bool
    says: str


def findings_of(settings: Settings, *, clock: Callable[[], datetime], online: bool) -> Iterator[Advice]:
    """Look at everything that a run needs.

    Args:
        settings: What was set.
        clock: Gives the time, aware UTC.
        online: Whether to ask the archives, too, which costs one index query each.
    """
    version = sys.version.split()[0]
    yield Advice(
        what="Python", good=sys.version_info >= (3, 11), says=f"{version}, SQLite {sqlite3.sqlite_version}"
    )
    for source in configured_archives(settings):
        yield Advice(
            what="archive",
            good=True,
            says=f"{_named(source)} at {masked(_bare(source.url))}{_unasked(source, online=online)}",
        )
    yield packages()
    yield _contact(settings)
    yield _extra(settings)
    yield _keys(settings)
    yield from _exposed(settings)
    yield from _channels(settings)
    yield from _local_files(settings, clock)
    yield _disk(settings)
    try:
        if settings.lacks_store:
            yield Advice(what="store", good=True, says=f"{masked(settings.store_location)}: none yet")
            with settings.on_scratch_store() as scratch, Tracker.open(scratch, clock=clock) as tracker:
                yield from _answers(tracker) if online else ()
            return
        with Tracker.open(settings, clock=clock, create=False) as tracker:
            status = tracker.status()
            yield Advice(what="store", good=True, says=f"{tracker.store.where}: {pages_of(status)}")
            known = tracker.store.stories.all() if settings.alerts.channels else ()
            for name, story in unknown_stories(settings.alerts.channels, known):
                says = f"no page belongs to its story {story}; `variorum list` names the stories of each page"
                yield Advice(what=f"channel {name}", good=False, says=says)
            yield _readings(tracker.store.outdated(parser=PARSER_VERSION, grammar=GRAMMAR_VERSION))
            if status.heartbeat is not None:
                yield _daemon(status.heartbeat)
            for pause in status.pauses:
                says = (
                    f"{pause.host} {pause.kind} waits until {pause.until:%Y-%m-%d %H:%M UTC}: {pause.reason}"
                )
                yield Advice(what="pause", good=False, says=says)
            yield from _answers(tracker) if online else ()
    except VariorumError as error:
        yield Advice(what="store or archive", good=False, says=str(error))


def _named(source: ArchiveSource) -> str:
    name, dialect = source.name, source.dialect.name
    return name if name == dialect else f"{name}, a {dialect},"


def _unasked(source: ArchiveSource, *, online: bool) -> str:
    """Return that an archive is not asked whether it answers, where it is not."""
    return "" if online or not source.dialect.is_remote else " (not asked whether it answers; --online asks)"


def packages(installed: Iterable[Distribution] | None = None) -> Advice:
    """Look whether another distribution has put files over ours.

    The registry has an unrelated distribution `diffs` (0.2.0, seen 2026-11-28): installed into the same environment it
    replaces `diffs/__init__.py`, and its removal deletes ours.

    Args:
        installed: The distributions to look at; by default those that Python finds.
    """
    repair = "install Variorum again, in an environment of its own"
    for each in distributions() if installed is None else installed:
        name = str(each.metadata["Name"] or "").lower()
        if name == "variorum":
            changed = next(_changed(each), None)
            if changed is not None:
                says = f"{changed} is not the file that was installed: {repair}"
                return Advice(what="packages", good=False, says=says)
            continue
        files = [file for file in each.files or () if file.parts and file.parts[0] in PACKAGES]
        if files:
            says = f"the distribution {name} has put {files[0]} over Variorum's: pip uninstall {name}, then {repair}"
            return Advice(what="packages", good=False, says=says)
    return Advice(what="packages", good=True, says="no other distribution shares a folder with Variorum's")


def _changed(of: Distribution) -> Iterator[str]:
    """Yield the modules of an installation that have not the digest of its record, or are not there.

    The record itself is read, since `Distribution.files` leaves out what is missing from Python 3.12 on, and where the
    package importlib-metadata is loaded.
    """
    for name, given, *_ in csv.reader((of.read_text("RECORD") or "").splitlines()):
        mode, _, digest = given.partition("=")
        if not digest or not name.endswith(".py") or name.split("/")[0] not in PACKAGES:
            continue
        try:
            found = hashlib.new(mode, Path(str(of.locate_file(name))).read_bytes()).digest()
        except OSError:
            yield name
            continue
        if base64.urlsafe_b64encode(found).rstrip(b"=").decode() != digest:
            yield name


def _readings(outdated: Outdated) -> Advice:
    """Return whether this version read what is kept."""
    if not outdated.targets:
        return Advice(what="readings", good=True, says="made by this version")
    return Advice(what="readings", good=False, says=outdated_words(outdated))


def _daemon(beat: Heartbeat) -> Advice:
    """Return how the daemon is; one that was stopped is as it should be."""
    reason = f": {beat.reason}" if beat.reason else ""
    says = f"{beat.state} at {beat.beat:%Y-%m-%d %H:%M UTC}{reason}"
    if beat.state is DaemonState.GONE:
        return Advice(what="daemon", good=False, says=f"{says}; it was killed: `variorum daemon` starts one")
    return Advice(what="daemon", good=beat.state is not DaemonState.PAUSED, says=says)


def _bare(url: str) -> str:
    """Return an address without the user name and password it may hold."""
    head, mark, rest = url.partition("://")
    place, slash, path = rest.partition("/")
    return f"{head}{mark}{place.rpartition('@')[2]}{slash}{path}" if mark else url


def _answers(tracker: Tracker) -> Iterator[Advice]:
    """Ask each archive outside whether it answers."""
    for name, archive in tracker.pipeline.archives.items():
        if archive.remote:
            yield _answer(name, archive)


def _answer(name: str, archive: Archive) -> Advice:
    try:
        next(iter(archive.captures("http://example.com/")), None)
    except NoCaptureError:
        return Advice(what=f"archive {name}", good=True, says="answers")
    except VariorumError as error:
        return Advice(what=f"archive {name}", good=False, says=str(error))
    return Advice(what=f"archive {name}", good=True, says="answers")


def _contact(settings: Settings) -> Advice:
    if settings.contact:
        return Advice(what="contact", good=True, says=user_agent(settings))
    if all(
        not source.dialect.is_remote or is_local(urlsplit(source.url).hostname or "")
        for source in configured_archives(settings)
    ):
        return Advice(what="contact", good=True, says="not needed: no archive outside is asked")
    return Advice(
        what="contact",
        good=False,
        says="give an e-mail address or web page with --contact, VARIORUM_CONTACT or `contact` in the settings file; the archive's staff write to it before they block",
    )


def _extra(settings: Settings) -> Advice:
    if settings.store_location.startswith("postgresql") and find_spec("psycopg") is None:
        return Advice(what="extra", good=False, says=f"the store is PostgreSQL: {how_to_install('postgres')}")
    if settings.metrics.port is not None and find_spec("prometheus_client") is None:
        return Advice(what="extra", good=False, says=f"metrics.port is set: {how_to_install('metrics')}")
    if settings.alerts.channels and find_spec("apprise") is None:
        return Advice(what="extra", good=False, says=f"alerts.channels are set: {how_to_install('notify')}")
    if settings.site.out is not None and settings.site.search and find_spec("pagefind_bin") is None:
        return Advice(
            what="extra",
            good=False,
            says=f"the site is built without search: {how_to_install('site')}, or set site.search to false",
        )
    sealed = settings.evidence.key is not None or settings.evidence.timestamp_url is not None
    if sealed and not all(map(find_spec, ("cryptography", "rfc3161_client"))):
        return Advice(
            what="extra",
            good=False,
            says=f"packages cannot be signed or stamped: {how_to_install('evidence')}",
        )
    return Advice(what="extra", good=True, says="nothing missing for these settings")


def _keys(settings: Settings) -> Advice:
    try:
        keys = settings.save.keys()
    except VariorumError as error:
        return Advice(what="save keys", good=False, says=str(error))
    return Advice(
        what="save keys", good=True, says="set" if keys else "none: saving is anonymous and often refused"
    )


def _channels(settings: Settings) -> Iterator[Advice]:
    """Look whether the address of every channel can be used; none is shown, and nothing is sent."""
    for channel in settings.alerts.channels:
        try:
            if find_spec("apprise") is None:
                channel.address()
            else:
                from crawler.alerts.service import service_of  # noqa: PLC0415  it loads Apprise where it is there

                service_of(channel)
        except VariorumError as error:
            yield Advice(what=f"channel {channel.name}", good=False, says=str(error))
        else:
            says = "has an address; `variorum notify --test` sends it a message"
            yield Advice(what=f"channel {channel.name}", good=True, says=says)


def _exposed(settings: Settings) -> Iterator[Advice]:
    """Name the files with keys that other users can read, and those with settings that they can write."""
    for path, secret in (
        *((channel.url_file.expanduser(), True) for channel in settings.alerts.channels),
        (settings.save.keys_file, True),
        (settings.store_file, True),
        (settings.evidence.key, True),
        (settings.file, settings.save.secret_key is not None),
    ):
        try:
            mode = path.stat().st_mode if path is not None else 0
        except OSError:
            continue
        if not S_ISREG(mode):  # an unset secret of a container is /dev/null
            continue
        if mode & (S_IWGRP | S_IWOTH) or (secret and mode & (S_IRGRP | S_IROTH)):
            can = "write" if mode & (S_IWGRP | S_IWOTH) else "read"
            says = f"other users can {can} {path}: `chmod {'600' if secret else 'go-w'} {path}`"
            yield Advice(what="permissions", good=False, says=says)


def _local_files(settings: Settings, clock: Callable[[], datetime]) -> Iterator[Advice]:
    """Read every local archive, and name what could not be read of it."""
    for source in configured_archives(settings):
        if source.dialect.is_remote:
            continue
        try:
            archive = WarcArchive(source.name, Path(source.url).expanduser(), now=clock, still=True)
            count = sum(1 for _ in archive.all_captures())
        except VariorumError as error:
            yield Advice(what=f"archive {source.name}", good=False, says=str(error))
            continue
        unread = archive.unread()
        yield Advice(
            what=f"archive {source.name}", good=not unread, says="; ".join((f"{count} captures", *unread))
        )


def _disk(settings: Settings) -> Advice:
    folder = (
        Path.cwd() if "://" in settings.store_location else Path(settings.store_location).absolute().parent
    )
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    return Advice(what="disk", good=free > ROOM, says=f"{free / 1e9:.1f} GB free at {folder}")
