"""One look at a target that is due: list its captures, ask for one where it lacks one, fetch, publish."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import islice

from crawler.archive import Saver
from crawler.archive.urlkey import urlkey_of
from crawler.errors import ArchiveError, NoCaptureError
from crawler.model import Capture, SitewideArchive, Target
from crawler.tracker import Desk, sources_in
from crawler.tracking.prefixes import MOST_ROWS, Asking, PrefixQuery, shared_folders, since_when
from crawler.tracking.save_requests import save_now, wants_saving
from crawler.tracking.scheduler import next_interval

AVOIDED_FOR = timedelta(days=1)


class Looker:
    """Looks at targets as they are taken, asking about those of one folder together.

    Args:
        desk: What to work with.
        clock: Gives the time (aware UTC).
        publish: Writes what is known of a target down for its readers.
    """

    def __init__(
        self, desk: Desk, *, clock: Callable[[], datetime], publish: Callable[[Target], object]
    ) -> None:
        self._desk, self._clock, self._publish = desk, clock, publish
        self._saver = Saver(
            sources_in(desk.settings)[0], session=desk.session, keys=desk.settings.save.keys()
        )
        self._batch: dict[int, Target] = {}
        self._folder_of: dict[int, PrefixQuery] = {}
        self._heard: dict[int, set[str]] = {}
        self._avoided: dict[str, datetime] = {}

    def take(self, targets: Sequence[Target]) -> None:
        """Record which targets are looked at next, and choose whom to ask about together."""
        now, aliases = self._clock(), self._desk.store.targets.aliases_of(targets)
        wanted = [
            Asking(
                target=target.id,
                addresses=(target.url, *aliases[target.id]),
                since=since_when(target, now=now),
            )
            for target in targets
        ]
        self._avoided = {prefix: until for prefix, until in self._avoided.items() if until > now}
        self._batch = {target.id: target for target in targets}
        self._heard = {}
        self._folder_of = {
            number: folder
            for folder in shared_folders(wanted, avoid=self._avoided)
            for number in folder.targets
        }

    def look(self, target: Target, *, stop: Callable[[], bool] = lambda: False) -> None:
        """Bring one target up to date; `stop` ends it after the page in hand.

        Raises:
            ArchiveError: The archive failed, or holds no capture; what was learnt before is kept.
            StoreError: The store failed.
        """
        failures = self._list(target)
        for _ in self._desk.pipeline.backfill(target, now=self._clock()):
            if stop():
                return
        self._publish(target)
        if failures:
            raise failures[0]

    def _list(self, target: Target) -> tuple[ArchiveError, ...]:
        """Learn of the target's captures, those made because we ask for them included.

        Returns what went wrong with single archives where another answered: it is raised when the rest is done.
        """
        pipeline, none = self._desk.pipeline, None
        failures: tuple[ArchiveError, ...] = ()
        try:
            failures = pipeline.list_captures(target, heard=self._heard_together(target)).failures
        except NoCaptureError as error:
            none = error
        saved = self._saved(target)
        if saved is not None:
            pipeline.list_captures(target, since=saved - timedelta(minutes=1))
        elif none is not None:
            raise none
        return failures

    def _saved(self, target: Target) -> datetime | None:
        """Have a capture made where the target wishes one; returns its time."""
        now, store = self._clock(), self._desk.store
        rhythm = store.captures.rhythm(target)
        interval = next_interval(rhythm, now=now)
        if not wants_saving(target, newest=rhythm.newest, interval=interval, now=now):
            return None
        return save_now(store, self._saver, target, now=now)

    def _heard_together(self, target: Target) -> set[str]:
        """Return the archives that answered about this target when they were asked about its folder."""
        folder = self._folder_of.get(target.id)
        if folder is not None:
            # Forgotten before it is asked about: where that fails, each target is asked about alone.
            for number in folder.targets:
                self._folder_of.pop(number, None)
            for archive in self._desk.pipeline.archives.values():
                if isinstance(archive, SitewideArchive) and self._ask(archive, folder):
                    for number in folder.targets:
                        self._heard.setdefault(number, set()).add(archive.name)
        return self._heard.pop(target.id, set())

    def _ask(self, archive: SitewideArchive, folder: PrefixQuery) -> bool:
        """Ask an archive about a folder and remember the captures of its targets; whether it told all."""
        members = [self._batch[number] for number in folder.targets]
        store = self._desk.store
        aliases = store.targets.aliases_of(members)
        key_of = {urlkey_of(url): target for target in members for url in (target.url, *aliases[target.id])}
        found: dict[int, list[Capture]] = {target.id: [] for target in members}
        try:
            rows = islice(archive.captures_under(folder.prefix, since=folder.since), MOST_ROWS + 1)
            for count, capture in enumerate(rows, start=1):
                if count > MOST_ROWS:
                    self._avoided[folder.prefix] = self._clock() + AVOIDED_FOR
                    return False
                owner = key_of.get(urlkey_of(capture.url))
                if owner is not None:
                    found[owner.id].append(capture)
        except NoCaptureError:
            return True
        except ArchiveError:
            return False
        for target in members:
            store.captures.observe(target, found[target.id])
        return True
