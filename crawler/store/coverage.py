"""How well archives cover pages and outlets, as they were last looked at, and which outlets went dark."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from crawler.codec import is_intact, packed, unpacked
from crawler.store.database import Database
from crawler.store.engine import insert_into
from crawler.store.records import DarkOutlet
from crawler.store.schema import coverage as table
from diffs.model import Coverage, GapCause

# A news outlet is captured many times a day; indexes list crawls within days (2026-11-28).
DARK_AFTER = timedelta(days=14)
# Whole months in which its articles were captured before, so that an outlet is missed at all.
FEWEST_MONTHS = 2


class CoverageLog:
    """The last look at each page or host in each archive; one transaction a method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, found: Coverage, *, is_host: bool) -> None:
        """Keep what a look gave; an outlet that went dark keeps the time at which that was noticed."""
        dark = is_host and _is_dark(found)
        with self._database.writing() as connection:
            mine = (table.c.scope == found.scope) & (table.c.archive == found.archive)
            before = connection.execute(select(table.c.noticed).where(mine)).scalar()
            values: dict[str, Any] = {
                "looked": found.looked,
                "last_article": found.last_article,
                "dark_since": found.last_article if dark else None,
                "noticed": (before or found.looked) if dark else None,
                "cause": found.gaps[-1].cause.value if dark else None,
                "z": packed(found),
            }
            row = {"scope": found.scope, "archive": found.archive, **values}
            statement = insert_into(connection, table).values(row)
            connection.execute(
                statement.on_conflict_do_update(index_elements=["scope", "archive"], set_=values)
            )

    def of(self, *scopes: str) -> tuple[Coverage, ...]:
        """Return the last looks at pages and hosts, in the order in which they are named, then by archive.

        One that is damaged is left out, which `Store.scrub` tells: it proves nothing, and the next look replaces it.
        """
        with self._database.reading() as connection:
            rows = connection.execute(select(table).where(table.c.scope.in_(scopes))).all()
        rows = sorted(rows, key=lambda row: (scopes.index(row.scope), row.archive))
        return tuple(
            unpacked(Coverage, row.z, f"the coverage of {row.scope}") for row in rows if is_intact(row.z)
        )

    def looked(self) -> dict[str, datetime]:
        """Return when each page or host was last looked at, in whichever archive."""
        with self._database.reading() as connection:
            rows = connection.execute(select(table.c.scope, table.c.looked).order_by(table.c.looked)).all()
        return {row.scope: row.looked for row in rows}

    def dark_outlets(self) -> tuple[DarkOutlet, ...]:
        """Return the outlets that are dark in an archive now, the one noticed last leading."""
        with self._database.reading() as connection:
            query = select(table).where(table.c.dark_since.is_not(None), table.c.noticed.is_not(None))
            rows = connection.execute(query.order_by(table.c.noticed.desc(), table.c.scope)).all()
        return tuple(
            DarkOutlet(
                host=row.scope,
                archive=row.archive,
                since=row.dark_since,
                noticed=row.noticed,
                looked=row.looked,
                cause=GapCause(row.cause),
            )
            for row in rows
        )


def _is_dark(found: Coverage) -> bool:
    last = found.last_article
    if last is None or not found.gaps or found.gaps[-1].until is not None:
        return False
    months = sum(month.articles > 0 for month in found.months)
    return found.looked - last > DARK_AFTER and months >= FEWEST_MONTHS
