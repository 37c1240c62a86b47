"""Enters acts on evidence in the log of custody, in the transaction of the act, and digests rows for it.

An entry is an act, with the digest of every row that it wrote, and of each as it was before: what was altered outside
does not become part of the log by the next act on its row. Its hash is the SHA-256 of its canonical form, which
holds the hash of the entry before. The canonical form is JSON in UTF-8 with sorted keys and no white space; times are
microseconds since 1970 (UTC), bytes their SHA-256, and what is empty is left out.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.metadata import version
from typing import Any

from sqlalchemy import Column, Connection, and_, bindparam, exists, insert, or_, select, update

from crawler.codec import plain_of
from crawler.errors import StoreError
from crawler.store.custody_schema import custody, custody_tip, evidence_finding
from crawler.store.locks import lock_target
from crawler.store.printed import ids_of, targets_with
from crawler.store.schema import (
    EPOCH,
    MICROSECOND,
    article,
    article_base,
    capture,
    finding,
    note,
    target,
    template,
)

PAGE = 500
THINGS, WAS = "things", "was"
_OF_ARTICLE = (
    article.c.capture_id,
    article.c.parser.label("read_by"),
    article.c.z.label("read"),
    article.c.base,
    article_base.c.z.label("ground"),
)
_GROUND = and_(article_base.c.target_id == capture.c.target_id, article_base.c.number == article.c.base)
ROWS = select(*capture.c, *_OF_ARTICLE).select_from(
    capture.outerjoin(article).outerjoin(article_base, _GROUND)
)
_ONE = ROWS.where(capture.c.id == bindparam("of"))
TIP = select(custody_tip.c.position, custody_tip.c.hash).where(custody_tip.c.target_id == bindparam("of"))
# Made once, like those that keep a capture: they are part of every write of evidence.
_ENTER = insert(custody)
_FIRST_TIP = insert(custody_tip)
_NEXT_TIP = (
    update(custody_tip)
    .where(custody_tip.c.target_id == bindparam("of"))
    .values(position=bindparam("to"), hash=bindparam("as"))
)


def canonical(form: Mapping[str, Any]) -> str:
    """Return the one JSON text of a form: sorted keys, no white space, nothing escaped that need not be."""
    return json.dumps(form, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def entry_hash(of: int, position: int, *, at: datetime | None, act: str, detail: str, previous: str) -> str:
    """Return the SHA-256 of an entry in its canonical form."""
    form = {
        "target": of,
        "position": position,
        "at": _plain(at),
        "act": act,
        "detail": detail,
        "previous": previous,
    }
    return _sha256(form)


def head_hash(position: int, at: datetime, heads: str, previous: str) -> str:
    """Return the SHA-256 of a link of the store's chain in its canonical form."""
    return _sha256({"position": position, "at": _plain(at), "heads": heads, "previous": previous})


def seal(
    connection: Connection,
    of: int,
    act: str,
    things: Mapping[str, str | None],
    *,
    was: Mapping[str, str] | None = None,
    at: datetime | None = None,
    **facts: Any,
) -> None:
    """Enter an act in a target's chain, in the transaction of the act.

    Args:
        connection: Of that transaction.
        of: The store's number of the target.
        act: What was done.
        things: The digests of the rows that it wrote, by name; None for one that it deleted.
        was: The digests of those that were there before it wrote them.
        at: When (aware UTC).
        facts: What else is known of the act.
    """
    if connection.dialect.name == "postgresql":
        lock_target(connection, of)
    tip = connection.execute(TIP, {"of": of}).one_or_none()
    position, previous = (1, "") if tip is None else (tip.position + 1, tip.hash)
    said = {name: _plain(value) for name, value in facts.items() if value is not None}
    if tip is None:
        said["url"] = connection.execute(select(target.c.url).where(target.c.id == of)).scalar()
    known = {WAS: was} if was else {}
    detail = canonical({**said, "by": _program(), THINGS: things, **known})
    digest = entry_hash(of, position, at=at, act=act, detail=detail, previous=previous)
    row = {
        "target_id": of,
        "position": position,
        "at": at,
        "act": act,
        "detail": detail,
        "hash": digest,
    }
    connection.execute(_ENTER, row)
    if tip is None:
        connection.execute(_FIRST_TIP, {"target_id": of, "position": position, "hash": digest})
    else:
        connection.execute(_NEXT_TIP, {"of": of, "to": position, "as": digest})


def things_of(connection: Connection, number: int) -> dict[str, str]:
    """Return the digests of a capture's row and article as they stand."""
    return capture_things(connection.execute(_ONE, {"of": number}).one())


def things_of_all(connection: Connection, numbers: Sequence[int]) -> dict[str, str]:
    """Return the digests of the rows and articles of captures as they stand."""
    things: dict[str, str] = {}
    for start in range(0, len(numbers), PAGE):
        some = ROWS.where(capture.c.id.in_(numbers[start : start + PAGE]))
        for row in connection.execute(some):
            things |= capture_things(row)
    return things


def seal_capture(
    connection: Connection,
    number: int,
    act: str,
    *,
    was: Mapping[str, str],
    at: datetime | None = None,
    **facts: Any,
) -> None:
    """Enter what was done with one capture, with the digests of its row and its article as they stand now."""
    row = connection.execute(_ONE, {"of": number}).one()
    things: dict[str, str | None] = {f"article {number}": None, **capture_things(row)}
    shown = {
        "archive": row.archive,
        "capture": row.url,
        "shown": row.at,
        "digest": row.digest or None,
        "outcome": row.outcome,
        "sha256": row.sha256,
        "raw_sha256": row.raw_sha256,
        "headers": row.headers,
        "parser": row.parser,
        "fingerprint": row.fingerprint,
    }
    seal(connection, row.target_id, act, things, was=was, at=at, **shown, **facts)


def seal_captures(
    connection: Connection,
    of: int,
    act: str,
    numbers: Sequence[int],
    *,
    was: Mapping[str, str],
    at: datetime | None = None,
    **facts: Any,
) -> None:
    """Enter what was done with several captures of a target at once; nothing where there are none."""
    things = things_of_all(connection, numbers)
    if things:
        seal(connection, of, act, things, was=was, at=at, **facts)


def finding_things(rows: Iterable[Any]) -> dict[str, str]:
    """Return the digests of rows of findings."""
    return {f"finding {row.change_id}": _of_row(row, finding.c) for row in rows}


def seal_findings(
    connection: Connection,
    of: int,
    names: Iterable[str],
    *,
    new: Collection[str],
    was: Mapping[str, str],
    at: datetime,
    **facts: Any,
) -> None:
    """Enter the findings that were recorded or vanished; nothing where there are none.

    Args:
        connection: Of the transaction.
        of: The store's number of the target.
        names: Their ids.
        was: The digests of those that it had, as they were.
        new: Ids that the target never had, of contradictions too; what was noted on them for other targets is entered.
        at: When (aware UTC).
        facts: What else is known.
    """
    wanted = set(names)
    rows = connection.execute(select(finding).where(finding.c.target_id == of)).all() if wanted else ()
    things = finding_things(row for row in rows if row.change_id in wanted)
    known = sorted(new)
    for start in range(0, len(known), PAGE):
        noted = select(note).where(note.c.change_id.in_(known[start : start + PAGE]))
        things |= {f"note {row.id}": _of_row(row, note.c) for row in connection.execute(noted)}
    if things:
        seal(connection, of, "findings", things, was=was, at=at, **facts)


def seal_note(connection: Connection, number: int) -> None:
    """Enter a note in the chain of every target that has or had the finding."""
    row = connection.execute(select(note).where(note.c.id == number)).one()
    for of in sorted(connection.execute(targets_with(row.change_id)).scalars()):
        seal(connection, of, "noted", {f"note {number}": _of_row(row, note.c)}, at=row.at)


def evidence_things(connection: Connection, capture_id: int) -> dict[str, str]:
    """Return the digests of what was found about one capture."""
    mine = select(evidence_finding).where(evidence_finding.c.capture_id == capture_id)
    return {f"evidence {row.id}": _of_row(row, evidence_finding.c) for row in connection.execute(mine)}


def template_things(connection: Connection, of: int) -> dict[str, str]:
    """Return the digest of the template that a target is read with, where it has one."""
    row = connection.execute(select(template).where(template.c.target_id == of)).one_or_none()
    return {} if row is None else {"template": _of_row(row, template.c)}


def seal_template(
    connection: Connection,
    of: int,
    *,
    was: Mapping[str, str],
    named: str | None,
    at: datetime | None = None,
) -> None:
    """Enter the template that a target is read with from now on, by its hash."""
    things: dict[str, str | None] = {"template": None, **template_things(connection, of)}
    seal(connection, of, "template", things, was=was, at=at, template=named)


def begin(connection: Connection) -> None:
    """Enter as found what the store holds of targets that have no chain yet."""
    has = [exists().where(table.c.target_id == target.c.id) for table in (capture, finding, template)]
    none = ~exists().where(custody_tip.c.target_id == target.c.id)
    for of in connection.execute(select(target.c.id).where(none, or_(*has))).scalars().all():
        things: dict[str, str | None] = {}
        for row in connection.execute(ROWS.where(capture.c.target_id == of)):
            things |= capture_things(row)
        seal(connection, of, "found", {**things, **other_things(connection, of)})


def capture_things(row: Any) -> dict[str, str]:
    """Return the digests of a capture's row and of its article, where it has one."""
    things = {f"capture {row.id}": _of_row(row, capture.c)}
    if row.capture_id is not None:
        form = {"capture_id": row.capture_id, "parser": row.read_by, **_shown(row)}
        things[f"article {row.id}"] = _sha256(form)
    return things


def _shown(row: Any) -> dict[str, Any]:
    """Return what stands for an article in its digest: its JSON, however it is kept; for one kept alone its bytes, as before 0024."""
    if row.base is None:
        return {"z": _plain(row.read)}
    try:
        return {"json": _plain(plain_of(row.read, row.ground))}
    except StoreError:
        return {"z": _plain(row.read), "base": row.base}


def capture_form(connection: Connection, number: int) -> dict[str, Any]:
    """Return a capture's row as its digest is made of it: the SHA-256 of its canonical form stands in `things`."""
    return _form(connection.execute(_ONE, {"of": number}).one(), capture.c)


def other_things(connection: Connection, of: int) -> dict[str, str]:
    """Return the digests of a target's findings, notes, findings about captures and template."""
    things = {}
    for row in connection.execute(select(finding).where(finding.c.target_id == of)):
        things[f"finding {row.change_id}"] = _of_row(row, finding.c)
    for row in connection.execute(select(note).where(note.c.change_id.in_(ids_of(of)))):
        things[f"note {row.id}"] = _of_row(row, note.c)
    for row in connection.execute(select(evidence_finding).where(evidence_finding.c.target_id == of)):
        things[f"evidence {row.id}"] = _of_row(row, evidence_finding.c)
    return things | template_things(connection, of)


def _of_row(row: Any, columns: Iterable[Column[Any]]) -> str:
    """Return the SHA-256 of a row; a column that holds nothing counts as absent, so that later schemas may add some."""
    return _sha256(_form(row, columns))


def _form(row: Any, columns: Iterable[Column[Any]]) -> dict[str, Any]:
    values = ((column.name, getattr(row, column.name)) for column in columns)
    return {name: _plain(value) for name, value in values if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value - EPOCH) // MICROSECOND
    if isinstance(value, bytes | memoryview):
        return "sha256:" + hashlib.sha256(value).hexdigest()
    return value


def _sha256(form: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(form).encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _program() -> str:
    return f"variorum {version('variorum')}"
