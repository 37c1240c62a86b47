"""Keeps each article as a delta over another of the same page, which is kept once and never changed.

Captures of a page show one text again and again, among the same furniture. What an article is a delta over is no other
capture's article but a copy of its own, so that a new reading of one capture touches no other's row, and reading any
takes one step.
"""

from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, insert, select

from crawler.codec import plain_of, squeezed
from crawler.errors import StoreError
from crawler.store.engine import insert_into
from crawler.store.schema import article, article_base, capture

# A page that is redesigned back and forth, or fetched out of order, comes back to a form it had before.
MOST = 4
# A new base begins where a delta takes more than a third of what the article would take alone.
WORTH = 3
# No smaller delta is looked for once one takes no more than a twentieth of the article alone.
SMALL = 20

JOINED = capture.join(article, article.c.capture_id == capture.c.id).outerjoin(
    article_base,
    and_(article_base.c.target_id == capture.c.target_id, article_base.c.number == article.c.base),
)
_BASES = (
    select(article_base.c.number, article_base.c.z)
    .where(article_base.c.target_id == bindparam("of"))
    .order_by(article_base.c.number.desc())
    .limit(MOST)
)
_START = insert(article_base)
_USED = (
    select(article.c.base)
    .join(capture, article.c.capture_id == capture.c.id)
    .where(capture.c.target_id == bindparam("of"), article.c.base.is_not(None))
)
_UNUSED = delete(article_base).where(
    article_base.c.target_id == bindparam("of"), article_base.c.number.not_in(_USED)
)


def put_articles(connection: Connection, of: int, rows: list[dict[str, Any]]) -> None:
    """Keep articles in place of earlier readings; the caller holds the target's lock.

    Args:
        connection: Of the transaction.
        of: The store's number of the target.
        rows: Values of rows of `article` without `base`, in order of time; `z` as `packed` makes it.
    """
    if not rows:
        return
    bases = [(row.number, row.z) for row in connection.execute(_BASES, {"of": of})]
    made: list[dict[str, Any]] = []
    for row in rows:
        plain = plain_of(row["z"])
        best = _smallest(plain, bases, len(row["z"]))
        if best is None or len(best[1]) * WORTH > len(row["z"]):
            number = bases[0][0] + 1 if bases else 1
            connection.execute(_START, {"target_id": of, "number": number, "z": row["z"]})
            bases = [(number, row["z"]), *bases][:MOST]
            best = (number, squeezed(plain, row["z"]))
        made.append({**row, "base": best[0], "z": best[1]})
    put = insert_into(connection, article)
    again = {name: put.excluded[name] for name in ("parser", "z", "base")}
    connection.execute(put.on_conflict_do_update(index_elements=[article.c.capture_id], set_=again), made)


def drop_unused_bases(connection: Connection, of: int) -> None:
    """Delete the bases of a target that no article is a delta over any more; the caller holds the target's lock."""
    connection.execute(_UNUSED, {"of": of})


def _smallest(plain: bytes, bases: list[tuple[int, bytes]], alone: int) -> tuple[int, bytes] | None:
    """Return the number of the base over which an article is smallest, and the delta; None where there is none."""
    best: tuple[int, bytes] | None = None
    for number, ground in bases:
        try:
            delta = squeezed(plain, ground)
        except StoreError:
            # A damaged base takes no more articles; those over it are named by `verify` and read again by a rebuild.
            continue
        if best is None or len(delta) < len(best[1]):
            best = (number, delta)
        if len(delta) * SMALL <= alone:
            break
    return best


def whole(z: bytes, ground: bytes | None) -> bytes:
    """Return an article as `packed` makes it; of a damaged one what is there, which nothing reads."""
    try:
        return z if ground is None else squeezed(plain_of(z, ground))
    except StoreError:
        return z
