"""Marks: what tells, without reading its history, whether a target's pages would read as they did before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from crawler.address import host_of_page
from crawler.model import Target
from crawler.store.database import Database
from crawler.store.schema import alias, capture, contradiction, coverage, finding, note, target
from crawler.store.stories import stories_of
from crawler.store.targets import target_of

_PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The state of a target.

    Attributes:
        target: The target.
        state: Equal at two times only where its evidence, aliases, stories, notes and the looks at its coverage are.
        seen: Whether a capture of it is known.
    """

    target: Target
    state: str
    seen: bool


def marks_in(database: Database) -> Iterator[Mark]:
    """Yield the mark of every target but siblings, in order of their addresses, page by page."""
    after = ""
    while True:
        with database.reading() as connection:
            query = select(target).where(target.c.url > after, target.c.sibling.is_(False))
            rows = connection.execute(query.order_by(target.c.url).limit(_PAGE)).all()
            found = _marks(connection, rows)
        yield from found
        if len(rows) < _PAGE:
            return
        after = rows[-1].url


def mark_of(database: Database, of: Target) -> Mark:
    """Return the mark of one target as it stands now."""
    with database.reading() as connection:
        (found,) = _marks(connection, connection.execute(select(target).where(target.c.id == of.id)).all())
    return found


def _marks(connection: Connection, rows: Sequence[Any]) -> list[Mark]:
    """Return the marks of rows of the target table, in their order."""
    mine = [row.id for row in rows]
    names = select(alias.c.target_id, func.count(), func.max(alias.c.url))
    aliases = {
        number: (often, last)
        for number, often, last in connection.execute(
            names.where(alias.c.target_id.in_(mine)).group_by(alias.c.target_id)
        )
    }
    notes: dict[int, list[tuple[int, int]]] = {}
    for table in (finding, contradiction):
        commented = select(table.c.target_id, func.count(), func.max(note.c.id))
        for number, often, last in connection.execute(
            commented.join(note, note.c.change_id == table.c.change_id)
            .where(table.c.target_id.in_(mine))
            .group_by(table.c.target_id)
        ):
            notes.setdefault(number, []).append((often, last))
    seen = set(
        connection.execute(
            select(capture.c.target_id).where(capture.c.target_id.in_(mine)).distinct()
        ).scalars()
    )
    stories = stories_of(connection, mine)
    looks = _looks(connection, [scope for row in rows for scope in (row.url, host_of_page(row.url))])
    return [
        Mark(
            target=target_of(row, stories.get(row.id, ())),
            state=repr(
                (
                    row.evidence,
                    stories.get(row.id),
                    aliases.get(row.id),
                    notes.get(row.id),
                    looks.get(row.url),
                    looks.get(host_of_page(row.url)),
                )
            ),
            seen=row.id in seen,
        )
        for row in rows
    ]


def _looks(connection: Connection, scopes: Sequence[str]) -> dict[str, list[tuple[str, datetime]]]:
    """Return when each page or host was last looked at in which archive."""
    query = select(coverage.c.scope, coverage.c.archive, coverage.c.looked)
    asked = query.where(coverage.c.scope.in_(set(scopes))).order_by(coverage.c.scope, coverage.c.archive)
    found: dict[str, list[tuple[str, datetime]]] = {}
    for scope, archive, looked in connection.execute(asked):
        found.setdefault(scope, []).append((archive, looked))
    return found
