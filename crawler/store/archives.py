"""Which of several archives answer, so that one that is ill neither stops the others nor is asked all the time."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from crawler.store.database import Database
from crawler.store.engine import clean, insert_into
from crawler.store.records import ArchiveHealth
from crawler.store.schema import archive_health as table

# As long as a target rests after a failure (`crawler.tracking.scheduler`): ten minutes, doubling to a day.
FIRST_REST = timedelta(minutes=10)
LONGEST_REST = timedelta(days=1)


class Archives:
    """The health of each archive; one transaction a method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, archive: str, trouble: str | None, *, now: datetime) -> None:
        """Remember that an archive answered, or what went wrong; then it rests, longer each time in a row."""
        mine = table.c.archive == archive
        with self._database.writing() as connection:
            row = {"archive": archive, "failures": 0}
            connection.execute(insert_into(connection, table).values(row).on_conflict_do_nothing())
            if trouble is None:
                values = {"answered": now, "failures": 0, "ask_again": None, "said": None}
            else:
                before = connection.execute(
                    select(table.c.failures).where(mine).with_for_update()
                ).scalar_one()
                rest = min(FIRST_REST * 2 ** min(before, 10), LONGEST_REST)
                values = {
                    "failed": now,
                    "failures": before + 1,
                    "ask_again": now + rest,
                    "said": clean(trouble),
                }
            connection.execute(update(table).where(mine).values(values))

    def all(self) -> tuple[ArchiveHealth, ...]:
        """Return the health of every archive that was asked among several, in order of their names."""
        with self._database.reading() as connection:
            rows = connection.execute(select(table).order_by(table.c.archive)).mappings()
            return tuple(ArchiveHealth(**row) for row in rows)

    def resting(self, now: datetime) -> frozenset[str]:
        """Return the archives that are not to be asked yet."""
        return frozenset(
            each.archive for each in self.all() if each.ask_again is not None and each.ask_again > now
        )

    def failed_since(self, since: datetime) -> frozenset[str]:
        """Return the archives that failed at a time or after it."""
        return frozenset(
            each.archive for each in self.all() if each.failed is not None and each.failed >= since
        )
