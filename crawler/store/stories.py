"""Which stories targets belong to: a page may tell of several events."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, exists, literal, select

from crawler.errors import InputError
from crawler.model import Target
from crawler.store.database import Database
from crawler.store.engine import clean, insert_into, texts_as_rows
from crawler.store.schema import TRACKED, source, story_left, target
from crawler.store.schema import target_story as table

_PAGE = 500


class Stories:
    """The stories there are, and who belongs to them for a reason; one transaction a method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[str, ...]:
        """Return the names of all stories that a page belongs to, or that a source is followed for, in order."""
        with self._database.reading() as connection:
            names = set(connection.execute(select(table.c.story).distinct()).scalars())
            rules = connection.execute(select(source.c.rules).where(source.c.followed)).scalars()
            names |= {json.loads(text).get("story") for text in rules}
        return tuple(sorted(names - {None}))

    def add(self, story: str, reasons: Mapping[int, str]) -> int:
        """Let tracked targets belong to a story because a source names them; returns how many did not before.

        Those that somebody took out of it stay out.

        Args:
            story: The story.
            reasons: Why, by the targets' numbers.
        """
        with self._database.writing() as connection:
            return sum(_join_for(connection, number, story, why) for number, why in reasons.items())

    def reasons(self, of: Target) -> dict[str, str]:
        """Return why a target belongs to the stories that a source added it to, by the stories' names."""
        query = select(table.c.story, table.c.why).where(table.c.target_id == of.id, table.c.why.is_not(None))
        with self._database.reading() as connection:
            return {row.story: row.why for row in connection.execute(query.order_by(table.c.story))}


def story_named(name: str | None) -> str | None:
    """Return the name of a story as it is kept, or None where none is given.

    Raises:
        InputError: It is blank.
    """
    if name is None:
        return None
    kept = clean(name) or ""
    if not kept.strip():
        raise InputError("A story needs a name; leave --story out for none.")
    return kept


def stories_of(connection: Connection, numbers: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return the stories of targets by the targets' numbers, in order of name; those of none are left out."""
    wanted = list(numbers)
    found: dict[int, tuple[str, ...]] = {}
    for start in range(0, len(wanted), _PAGE):
        query = select(table).where(table.c.target_id.in_(wanted[start : start + _PAGE]))
        for row in connection.execute(query.order_by(table.c.target_id, table.c.story)):
            found[row.target_id] = (*found.get(row.target_id, ()), row.story)
    return found


def of_story(name: str) -> Any:
    """Return the numbers of a story's targets, as a subquery."""
    return select(table.c.target_id).where(table.c.story == name)


def leave(connection: Connection, of: Target, name: str) -> bool:
    """Take a target out of a story, into which no source takes it again; returns whether it belonged to it."""
    gone = delete(table).where(table.c.target_id == of.id, table.c.story == name)
    put = insert_into(connection, story_left).values(target_id=of.id, story=name)
    connection.execute(put.on_conflict_do_nothing())
    return bool(connection.execute(gone).rowcount)


def forget(connection: Connection, numbers: Sequence[int]) -> None:
    """Take targets that are deleted out of all stories."""
    for each in (table, story_left):
        connection.execute(delete(each).where(each.c.target_id.in_(numbers)))


def join(connection: Connection, urls: Sequence[str], story: str | None) -> None:
    """Let the targets of these addresses belong to a story besides their own."""
    if story is None or not urls:
        return
    mine = target.c.url.in_(select(texts_as_rows(connection, urls)))
    members = select(target.c.id, literal(story)).where(mine)
    add = insert_into(connection, table).from_select(["target_id", "story"], members)
    connection.execute(add.on_conflict_do_nothing())
    back = story_left.c.target_id.in_(select(target.c.id).where(mine))
    connection.execute(delete(story_left).where(story_left.c.story == story, back))


def _join_for(connection: Connection, number: int, story: str, why: str) -> bool:
    """Let a tracked target belong to a story for a reason, unless somebody took it out; returns whether it did not before."""
    left = exists().where(story_left.c.target_id == target.c.id, story_left.c.story == story)
    mine = select(target.c.id, literal(story), literal(clean(why))).where(
        target.c.id == number, TRACKED, ~left
    )
    add = insert_into(connection, table).from_select(["target_id", "story", "why"], mine)
    return bool(connection.execute(add.on_conflict_do_nothing()).rowcount)
