"""Which stories targets belong to: a page may tell of several events."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, delete, literal, select

from crawler.errors import InputError
from crawler.model import Target
from crawler.store.engine import clean, insert_into, texts_as_rows
from crawler.store.schema import target
from crawler.store.schema import target_story as table

_PAGE = 500


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
    """Take a target out of a story; returns whether it belonged to it."""
    gone = delete(table).where(table.c.target_id == of.id, table.c.story == name)
    return bool(connection.execute(gone).rowcount)


def forget(connection: Connection, numbers: Sequence[int]) -> None:
    """Take targets that are deleted out of all stories."""
    connection.execute(delete(table).where(table.c.target_id.in_(numbers)))


def join(connection: Connection, urls: Sequence[str], story: str | None) -> None:
    """Let the targets of these addresses belong to a story besides their own."""
    if story is None or not urls:
        return
    members = select(target.c.id, literal(story)).where(
        target.c.url.in_(select(texts_as_rows(connection, urls)))
    )
    add = insert_into(connection, table).from_select(["target_id", "story"], members)
    connection.execute(add.on_conflict_do_nothing())
