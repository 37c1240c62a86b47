"""One visit to a target that is due: list its captures, ask for one where it lacks one, fetch, publish."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from crawler.address import page_key
from crawler.archive import Saver
from crawler.errors import ArchiveError, NoCaptureError, PenaltyError, RateLimitError, UnreachableError
from crawler.model import Capture, SitewideArchive, Target, WorkerKind
from crawler.store import Store
from crawler.store.workers import this_process
from crawler.tracking.events import Published
from crawler.tracking.listing import ask_archives
from crawler.tracking.pipeline import Pipeline
from crawler.tracking.prefixes import MOST_ROWS, Asking, PrefixQuery, shared_folders, since_when
from crawler.tracking.save_requests import expect_capture, save_asked_before, save_now, wants_saving
from crawler.tracking.scheduler import Visited, next_interval, visits
from crawler.tracking.settled import Settled
from crawler.tracking.siblings import learn_template

AVOIDED_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The targets of one pass, and what the archives are asked about several of them at once.

    Attributes:
        targets: The targets by their numbers.
        queries: The prefix query that serves a target, by the target's number.
        answers: Which archives answered each query, as far as they were asked.
    """

    targets: Mapping[int, Target] = field(default_factory=dict)
    queries: Mapping[int, PrefixQuery] = field(default_factory=dict)
    answers: dict[str, frozenset[str]] = field(default_factory=dict)


class Visitor:
    """Visits targets as they are taken, asking about those of one folder together.

    Args:
        pipeline: What fetches, and the store.
        saver: What asks for new captures.
        clock: Gives the time (aware UTC).
        publish: Writes what is known of a target down for its readers; not called again where nothing changed.

    Attributes:
        on_published: Receives what was published, where set.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        saver: Saver,
        *,
        clock: Callable[[], datetime],
        publish: Callable[[Target], Published | None],
    ) -> None:
        self._pipeline, self._store = pipeline, pipeline.store
        self._saver, self._clock, self._publish = saver, clock, publish
        self.on_published: Callable[[Published], None] | None = None
        self._batch = Batch()
        self._settled = Settled(pipeline.store)
        self._avoided: dict[str, datetime] = {}

    def take(self, targets: Sequence[Target]) -> None:
        """Record which targets are visited next, and choose which to ask about together."""
        now, aliases = self._clock(), self._store.targets.aliases_of(targets)
        wanted = [
            Asking(
                target=target.id,
                addresses=(target.url, *aliases[target.id]),
                since=since_when(target, now=now),
            )
            for target in targets
        ]
        self._avoided = {prefix: until for prefix, until in self._avoided.items() if until > now}
        queries = shared_folders(wanted, avoid=self._avoided)
        self._batch = Batch(
            targets={target.id: target for target in targets},
            queries={number: query for query in queries for number in query.targets},
        )

    def visit(self, target: Target, *, stop: Callable[[], bool] = lambda: False) -> None:
        """Bring one target up to date; `stop` ends it after the page in hand.

        Raises:
            ArchiveError: The archive failed, or holds no capture; what was learnt before is kept.
            StoreError: The store failed.
        """
        failures = list(self._list(target))
        learn_template(self._pipeline, target, now=self._clock())
        if not self._settled.holds(target):
            failures += self._read_and_publish(target, stop)
        failures = [error for error in failures if error.archive in (None, self._main)]
        if failures:
            raise failures[0]

    def _read_and_publish(self, target: Target, stop: Callable[[], bool]) -> list[ArchiveError]:
        """Fetch what tells most of a target and publish it; returns what went wrong while the rest was done."""
        failures: list[ArchiveError] = []
        fresh_failed, served, whole = 0, False, True
        try:
            for step in self._pipeline.backfill(target, now=self._clock()):
                fresh_failed += step.seen.may_pass and step.seen.tries == 1
                served = served or not step.seen.may_pass
                if stop():
                    return failures
        except UnreachableError as error:
            failures.append(error)
        except (RateLimitError, PenaltyError) as error:
            if error.archive in (None, self._main):
                raise
            self._store.archives.note(error.archive, str(error), now=self._clock())
            whole = False
        state = self._settled.state(target)
        published = self._publish(target)
        if self.on_published is not None and published is not None:
            self.on_published(published)
        if fresh_failed and not served:
            failures.append(
                UnreachableError("None of the bodies asked for could be had; they are asked for again.")
            )
        if whole and not failures:
            self._settled.put(target, state, published.paths if published else ())
        return failures

    @property
    def _main(self) -> str:
        """The archive whose failures are the target's; of the others each has its own health, kept in the store."""
        return next(iter(self._pipeline.archives))

    def _resting(self) -> frozenset[str]:
        resting = self._store.archives.resting(self._clock()) if len(self._pipeline.archives) > 1 else ()
        return frozenset(resting) - {self._main}

    def _list(self, target: Target) -> tuple[ArchiveError, ...]:
        """Learn of the target's captures, those made because we ask for them included.

        Returns what went wrong with single archives where another answered: it is raised when the rest is done.
        """
        none = None
        failures: tuple[ArchiveError, ...] = ()
        try:
            failures = self._look(target)
        except NoCaptureError as error:
            none = error
        saved = self._saved(target)
        if saved is not None:
            # An index may list it hours later: playback is asked by the time that the archive gave.
            expect_capture(
                self._store, next(iter(self._pipeline.archives)), target, at=saved, now=self._clock()
            )
        elif none is not None:
            raise none
        return failures

    def _look(self, target: Target) -> tuple[ArchiveError, ...]:
        """Ask which captures there are, and judge what needs no bytes where that was not done."""
        answered, resting, now = self._answered(target), self._resting(), self._clock()
        if target not in self._settled:
            return self._pipeline.list_captures(
                target, answered=answered, now=now, health=True, resting=resting
            ).failures
        asked = ask_archives(
            self._store,
            list(self._pipeline.archives.values()),
            target,
            since=target.since,
            until=None,
            skipped=answered | resting,
            now=now,
            health=True,
        )
        if not self._settled.holds(target):
            self._pipeline.list_captures(target, answered=frozenset(self._pipeline.archives), now=now)
        if not answered and not asked.answers and asked.failures:
            raise asked.failures[0]
        return asked.failures

    def _saved(self, target: Target) -> datetime | None:
        """Have a capture made where the target wishes one; returns its time."""
        now = self._clock()
        before = save_asked_before(self._store, self._saver, target, now=now)
        if before is not None and before.captured_at is not None:
            return before.captured_at
        rhythm = self._store.captures.rhythm(target)
        interval = next_interval(rhythm, now=now)
        if not wants_saving(target, newest=rhythm.newest, interval=interval, now=now):
            return None
        return save_now(self._store, self._saver, target, now=now)

    def _answered(self, target: Target) -> frozenset[str]:
        """Return the archives that answered about this target's folder; they are asked once a batch."""
        query = self._batch.queries.get(target.id)
        if query is None:
            return frozenset()
        if query.prefix not in self._batch.answers:
            # Where asking fails, each target is asked about alone.
            self._batch.answers[query.prefix] = frozenset()
            resting = self._resting()
            self._batch.answers[query.prefix] = frozenset(
                archive.name
                for archive in self._pipeline.archives.values()
                if isinstance(archive, SitewideArchive)
                and archive.name not in resting
                and self._ask(archive, query)
            )
        return self._batch.answers[query.prefix] - self._missed(target)

    def _missed(self, target: Target) -> frozenset[str]:
        """Return the archives that failed since the target was last looked at: each is asked for everything."""
        if len(self._pipeline.archives) == 1 or target.last_look is None:
            return frozenset()
        return frozenset(self._store.archives.failed_since(target.last_look))

    def _ask(self, archive: SitewideArchive, query: PrefixQuery) -> bool:
        """Ask an archive about a folder and remember the captures of its targets; returns whether it named all."""
        members = [self._batch.targets[number] for number in query.targets]
        aliases = self._store.targets.aliases_of(members)
        key_of = {page_key(url): target for target in members for url in (target.url, *aliases[target.id])}
        found: dict[int, list[Capture]] = {target.id: [] for target in members}
        try:
            rows = islice(archive.captures_under(query.prefix, since=query.since), MOST_ROWS + 1)
            for count, capture in enumerate(rows, start=1):
                if count > MOST_ROWS:
                    self._avoided[query.prefix] = self._clock() + AVOIDED_FOR
                    return False
                owner = key_of.get(page_key(capture.url))
                if owner is not None:
                    found[owner.id].append(capture)
        except NoCaptureError:
            return True
        except ArchiveError:
            return False
        for target in members:
            self._store.captures.observe(target, found[target.id], now=self._clock())
        return True


def visits_once(
    store: Store, visitor: Visitor, *, clock: Callable[[], datetime], limit: int, pressure: float
) -> Iterator[Visited]:
    """Visit the targets that are due, `limit` at most, and yield how each visit ended; nobody waits for new ones.

    Args:
        store: What is remembered.
        visitor: What visits each.
        clock: Returns the time (aware UTC).
        limit: How many targets at most.
        pressure: How many times more visits the targets ask for than the archives allow.
    """
    worker = this_process(WorkerKind.RUN)
    store.queue.register(worker)
    store.queue.release_gone()
    passing = visits(
        store,
        visitor.visit,
        now=clock,
        limit=limit,
        stop=lambda: False,
        worker=worker.name,
        pressure=pressure,
        taking=visitor.take,
    )
    return (visited for visited in passing if visited is not None)
