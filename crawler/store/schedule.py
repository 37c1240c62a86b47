"""The store's part that knows when each target is due, and who works on it."""

from datetime import datetime, timedelta

from crawler.model import Target
from crawler.store import captures, targets, upkeep
from crawler.store.database import Database
from crawler.store.records import Rhythm


class Schedule:
    """Due times, leases, and when the archive was asked to capture a target; one transaction a method."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def claim_due(self, now: datetime, *, limit: int, lease_seconds: float, worker: str) -> list[Target]:
        """Take up to `limit` due targets that nobody holds, longest due first.

        One whose work was begun and never ended is held twice as long for each time. Where the
        clock was set back since the last call, every due time moves back with it.
        """
        with self.database.writing() as connection:
            upkeep.note_clock(connection, now)
            return targets.claim(connection, now, limit=limit, lease_seconds=lease_seconds, worker=worker)

    def begin(self, target: Target, *, worker: str) -> None:
        """Count that work on a target begins.

        Raises:
            LeaseLostError: Another process took it over.
        """
        with self.database.writing() as connection:
            targets.begin(connection, target, worker=worker)

    def renew(self, worker: str, *, until: datetime) -> int:
        """Hold everything a worker has taken for longer; returns how many that are."""
        with self.database.writing() as connection:
            return targets.renew(connection, worker, until=until)

    def complete(
        self,
        target: Target,
        *,
        next_due: datetime,
        now: datetime,
        worker: str,
        interval: timedelta = timedelta(0),
    ) -> None:
        """Record that a look succeeded, and when the next one is due.

        Args:
            target: The target, held by `worker`.
            next_due: When to look again (aware UTC).
            now: The time (aware UTC).
            worker: Who holds it.
            interval: What the target by itself asks for, before the shared budget stretched it.

        Raises:
            LeaseLostError: Another process took it over.
        """
        with self.database.writing() as connection:
            targets.complete(connection, target, next_due=next_due, interval=interval, now=now, worker=worker)

    def push_back(self, target: Target, *, until: datetime, error: str, worker: str) -> None:
        """Record that a look failed, and when to try again.

        Raises:
            LeaseLostError: Another process took it over.
        """
        text = captures.clean(error) or ""
        with self.database.writing() as connection:
            targets.push_back(connection, target, until=until, error=text, worker=worker)

    def give_back(self, target: Target, *, worker: str) -> None:
        """Let a target go as it was before it was taken.

        Raises:
            LeaseLostError: Another process took it over.
        """
        with self.database.writing() as connection:
            targets.give_back(connection, target, worker=worker)

    def release(self, worker: str) -> int:
        """Free every target that a worker holds; returns how many that were."""
        with self.database.writing() as connection:
            return targets.release(connection, worker)

    def release_daemons(self) -> int:
        """Free what dead daemons held, for the one that holds the lock; returns how many targets that were.

        Those whose work killed their daemon twice stay taken until their lease ends.
        """
        with self.database.writing() as connection:
            return targets.release_dead(connection, prefix="daemon ")

    def rhythm(self, target: Target) -> Rhythm:
        """Return what a target's past says about how soon to look again."""
        with self.database.reading() as connection:
            return captures.rhythm(connection, target)

    def demand(self, *, unknown_seconds: int) -> float:
        """Return how many looks a minute all tracked targets ask for together."""
        with self.database.reading() as connection:
            return targets.demand(connection, unknown_seconds=unknown_seconds)

    def note_save(self, target: Target, *, asked: datetime, said: str, refusals: int) -> None:
        """Write down that the archive was asked to capture a target, and what came of it.

        Args:
            target: The target.
            asked: When it was asked (aware UTC).
            said: What came of it, in words.
            refusals: How many such requests in a row brought no capture.
        """
        text = captures.clean(said) or ""
        with self.database.writing() as connection:
            targets.note_save(connection, target, asked=asked, said=text, refusals=refusals)
