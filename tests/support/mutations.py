"""Random alterations of the rows of a store, on any database."""

import random

from sqlalchemy import Boolean, Connection, Table, text
from sqlalchemy.exc import DBAPIError

from crawler.store.custody_schema import custody, custody_head, custody_tip, evidence_finding
from crawler.store.schema import article, body, capture, finding, note, raw_body, template

EVIDENCE = (
    capture,
    body,
    raw_body,
    article,
    finding,
    note,
    template,
    evidence_finding,
    custody,
    custody_tip,
    custody_head,
)
WAYS = ("value", "value", "value", "delete", "swap", "rows", "cut")


def alter_one(connection: Connection, chance: random.Random) -> str | None:
    """Alter one value, delete a row, swap a value or all values of two rows, or cut a log; return what was done.

    Returns:
        None where what was drawn changes nothing, or the database does not allow it.
    """
    table = chance.choice(EVIDENCE)
    names, keys = [column.name for column in table.c], [column.name for column in table.primary_key]
    listed = connection.execute(
        text(f"SELECT {', '.join(names)} FROM {table.name} ORDER BY {', '.join(keys)}")
    )
    rows = [{name: _plain(value) for name, value in row._mapping.items()} for row in listed]
    if not rows:
        return None
    way, row, column = chance.choice(WAYS), chance.choice(rows), chance.choice(names)
    try:
        with connection.begin_nested():
            return _alter(connection, table, way, (row, chance.choice(rows)), column, chance=chance)
    except DBAPIError:
        return None


def _alter(connection, table: Table, way: str, rows, column: str, *, chance: random.Random) -> str | None:
    row, twin = rows
    keys = [key.name for key in table.primary_key]
    place = f"{table.name} {[row[key] for key in keys]}"
    if way == "cut":
        last = chance.randrange(1, 9)
        cut = connection.execute(
            text("DELETE FROM custody WHERE target_id = 1 AND position > :last"), {"last": last}
        )
        return f"log cut after {last}" if cut.rowcount else None
    if way == "delete":
        connection.execute(text(f"DELETE FROM {table.name} WHERE {_is(keys)}"), _key(row, keys))
        return f"{place} deleted"
    if way == "swap":
        if row[column] == twin[column] or column in keys:
            return None
        _set(connection, table, twin, {column: row[column]})
        _set(connection, table, row, {column: twin[column]})
        return f"{place} swapped {column} with {[twin[key] for key in keys]}"
    if way == "rows":
        rest = [name for name in row if name not in keys]
        if all(row[name] == twin[name] for name in rest):
            return None
        _set(connection, table, twin, {name: row[name] for name in rest})
        _set(connection, table, row, {name: twin[name] for name in rest})
        return f"{place} swapped with {[twin[key] for key in keys]}"
    # A flag of 2 reads as 1 does: only another truth is another value.
    flag = isinstance(table.c[column].type, Boolean)
    new = not row[column] if flag else other(row[column], table.c[column].type.python_type, chance)
    _set(connection, table, row, {column: new})
    return f"{place} {column}: {row[column]!r} became {new!r}"


def other(value: object, kind: type, chance: random.Random) -> object:
    """Return another value of the type of a column."""
    if value is None:
        return {bytes: b"x", str: "x"}.get(kind, 1)
    if isinstance(value, int):
        return value + chance.choice((-1, 1, 1_000_000))
    if isinstance(value, bytes):
        place = chance.randrange(len(value)) if value else 0
        return value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :] if value else b"x"
    whole = str(value)
    place = chance.randrange(len(whole)) if whole else 0
    return whole[:place] + ("a" if whole[place : place + 1] != "a" else "b") + whole[place + 1 :]


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


def _set(connection, table: Table, row, values) -> None:
    keys = [key.name for key in table.primary_key]
    new = ", ".join(f"{name} = :new_{name}" for name in values)
    given = {f"new_{name}": value for name, value in values.items()}
    connection.execute(text(f"UPDATE {table.name} SET {new} WHERE {_is(keys)}"), given | _key(row, keys))


def _is(keys) -> str:
    return " AND ".join(f"{key} = :key_{key}" for key in keys)


def _key(row, keys) -> dict[str, object]:
    return {f"key_{key}": row[key] for key in keys}
