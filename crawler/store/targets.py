"""Tracked addresses: added, found, taken under a lease, pushed back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    case,
    func,
    literal,
    or_,
    select,
    type_coerce,
    update,
)

from crawler.address import page_address, spellings_of
from crawler.errors import InputError, LeaseLostError
from crawler.model import SaveWish, Target
from crawler.store.engine import insert_into
from crawler.store.schema import MICROSECOND, TRACKED, Instant, alias, target

PAGE = 500
# A target whose work has killed the process twice is left alone for longer each time.
MOST_TAKES = 8


def track(
    connection: Connection,
    url: str,
    *,
    story: str | None,
    since: datetime | None,
    save: SaveWish | None = None,
    now: datetime,
) -> tuple[Target, bool]:
    """Schedule an address; one that is known keeps its evidence and what is not given anew."""
    address = page_address(url)
    row = _row(connection, address, lock=True)
    if row is None:
        values = {
            "url": address,
            "story": story,
            "since": since,
            "added": now,
            "tracked": True,
            "next_due": now,
            "save": (save or SaveWish.NONE).value,
        }
        connection.execute(insert_into(connection, target).values(values).on_conflict_do_nothing())
        return find(connection, address), True
    address = row.url
    changes: dict[str, Any] = {}
    if story is not None:
        changes["story"] = story
    if since is not None:
        changes["since"] = since
    if save is not None:
        changes["save"] = save.value
    if not row.tracked:
        changes |= {"tracked": True, "next_due": now, "failures": 0, "last_error": None}
    if changes:
        connection.execute(update(target).where(target.c.id == row.id).values(changes))
    return find(connection, address), not row.tracked


def ensure(connection: Connection, url: str, now: datetime) -> Target:
    """Know an address without scheduling it."""
    address = page_address(url)
    row = _row(connection, address)
    if row is None:
        values = {"url": address, "added": now, "tracked": False, "next_due": now}
        connection.execute(insert_into(connection, target).values(values).on_conflict_do_nothing())
    return find(connection, address)


def untrack(connection: Connection, url: str) -> bool:
    """Stop scheduling an address; its evidence stays."""
    address = page_address(url)
    row = _row(connection, address)
    stop = update(target).where(target.c.url == (row.url if row else address), TRACKED)
    done = connection.execute(stop.values(tracked=False, lease_until=None, lease_worker=None))
    return bool(done.rowcount)


def find(connection: Connection, url: str) -> Target:
    """Return the target of an address, of another spelling of it, or of one of its aliases.

    Raises:
        InputError: It is not known.
    """
    address = page_address(url)
    row = _row(connection, address)
    if row is None:
        query = select(target).join(alias, alias.c.target_id == target.c.id).where(alias.c.url == address)
        row = connection.execute(query.order_by(target.c.id).limit(1)).one_or_none()
    if row is None:
        raise InputError(f"{address} is not tracked: `variorum track {address}` starts it")
    return target_of(row)


def _row(connection: Connection, address: str, *, lock: bool = False) -> Any:
    """Return a target's row by its address or, where there is none, by another spelling that archives fold with it."""
    query = select(target).where(target.c.url.in_(spellings_of(address)))
    rows = connection.execute(query.with_for_update() if lock else query).all()
    return min(rows, key=lambda row: (row.url != address, row.id), default=None)


def page(connection: Connection, after: str, *, story: str | None, include_untracked: bool) -> list[Target]:
    """Return the next page of targets in order of their address."""
    query = select(target).where(target.c.url > after).order_by(target.c.url).limit(PAGE)
    if story is not None:
        query = query.where(target.c.story == story)
    if not include_untracked:
        query = query.where(TRACKED)
    return [target_of(row) for row in connection.execute(query)]


def target_of(row: Any) -> Target:
    """Read a row of the target table."""
    return Target(
        id=row.id,
        url=row.url,
        story=row.story,
        since=row.since,
        added=row.added,
        next_due=row.next_due,
        failures=row.failures,
        last_error=row.last_error,
        tracked=row.tracked,
        last_look=row.last_looked,
        save=SaveWish(row.save),
        save_asked=row.save_asked,
        save_said=row.save_said,
        save_refusals=row.save_refusals,
    )


def claim(
    connection: Connection, now: datetime, *, limit: int, lease_seconds: float, worker: str
) -> list[Target]:
    """Take up to `limit` due targets that nobody holds, longest due first."""
    free = or_(target.c.lease_until.is_(None), target.c.lease_until <= now)
    due = select(target).where(TRACKED, target.c.next_due <= now, free)
    due = due.order_by(target.c.next_due, target.c.id).limit(limit).with_for_update(skip_locked=True)
    rows = connection.execute(due).all()
    for takes in {row.takes for row in rows}:
        lease = timedelta(seconds=lease_seconds) * 2 ** min(takes, MOST_TAKES)
        mine = target.c.id.in_([row.id for row in rows if row.takes == takes])
        connection.execute(update(target).where(mine).values(lease_until=now + lease, lease_worker=worker))
    return [target_of(row) for row in rows]


def begin(connection: Connection, held: Target, *, worker: str) -> None:
    """Count that work on a target begins, so that work which never ends is known by the count."""
    _held(connection, held, worker, {"takes": target.c.takes + 1})


def renew(connection: Connection, worker: str, *, until: datetime) -> int:
    """Hold everything a worker has taken for longer; a lease is never shortened."""
    mine = update(target).where(target.c.lease_worker == worker)
    later = case((target.c.lease_until > until, target.c.lease_until), else_=literal(until, Instant))
    return int(connection.execute(mine.values(lease_until=later)).rowcount)


def complete(
    connection: Connection,
    held: Target,
    *,
    next_due: datetime,
    interval: timedelta,
    now: datetime,
    worker: str,
) -> None:
    """Record that a look succeeded, and when the next one is due."""
    values = {
        "next_due": next_due,
        "interval_seconds": max(0, int(interval.total_seconds())),
        "last_looked": now,
        "failures": 0,
        "last_error": None,
    }
    _held(connection, held, worker, values | _FREE)


def push_back(connection: Connection, held: Target, *, until: datetime, error: str, worker: str) -> None:
    """Record that a look failed, and when to try again."""
    values = {"next_due": until, "failures": target.c.failures + 1, "last_error": error}
    _held(connection, held, worker, values | _FREE)


def give_back(connection: Connection, held: Target, *, worker: str) -> None:
    """Let a target go as it was before it was taken."""
    _held(connection, held, worker, _FREE)


def release(connection: Connection, worker: str) -> int:
    """Free every target that a worker holds."""
    mine = update(target).where(target.c.lease_worker == worker)
    return int(connection.execute(mine.values(_FREE)).rowcount)


def release_dead(connection: Connection, *, prefix: str) -> int:
    """Free what workers of a kind held when they died, but not what killed one twice."""
    theirs = target.c.lease_worker.startswith(prefix, autoescape=True) & (target.c.takes < 2)
    free = update(target).where(target.c.lease_worker.is_not(None), theirs)
    return int(connection.execute(free.values(lease_until=None, lease_worker=None)).rowcount)


_FREE: dict[str, Any] = {"lease_until": None, "lease_worker": None, "takes": 0}


def _held(connection: Connection, held: Target, worker: str, values: dict[str, Any]) -> None:
    change = update(target).where(target.c.id == held.id, target.c.lease_worker == worker).values(values)
    if not connection.execute(change).rowcount:
        raise LeaseLostError(f"{held.url}: another process took it over; nothing is lost, it goes on there")


def note_save(connection: Connection, of: Target, *, asked: datetime, said: str, refusals: int) -> None:
    """Write down that the archive was asked to capture a target, and what came of it."""
    values = {"save_asked": asked, "save_said": said, "save_refusals": refusals}
    connection.execute(update(target).where(target.c.id == of.id).values(values))


def aliases(connection: Connection, of: Target) -> tuple[str, ...]:
    """Return the other addresses of a target, in order."""
    query = select(alias.c.url).where(alias.c.target_id == of.id).order_by(alias.c.url)
    return tuple(connection.execute(query).scalars())


def aliases_of(connection: Connection, of: Sequence[Target]) -> dict[int, tuple[str, ...]]:
    """Return the other addresses of several targets by the targets' numbers, in order."""
    found: dict[int, list[str]] = {each.id: [] for each in of}
    query = select(alias).where(alias.c.target_id.in_(list(found))).order_by(alias.c.target_id, alias.c.url)
    for row in connection.execute(query):
        found[row.target_id].append(row.url)
    return {number: tuple(urls) for number, urls in found.items()}


def add_alias(connection: Connection, of: Target, url: str) -> bool:
    """Remember another address of the same article; returns whether it was new."""
    address = page_address(url)
    if address == of.url or address in aliases(connection, of):
        return False
    row = {"target_id": of.id, "url": address}
    connection.execute(insert_into(connection, alias).values(row).on_conflict_do_nothing())
    return True


def demand(connection: Connection, *, unknown_seconds: int) -> float:
    """Return how many looks a minute all tracked targets ask for together.

    A target that was never looked at counts as one that asks every `unknown_seconds`.
    """
    asked = case((target.c.interval_seconds > 0, target.c.interval_seconds), else_=unknown_seconds)
    total = connection.execute(select(func.sum(60.0 / asked)).where(TRACKED)).scalar()
    return float(total or 0.0)


def move_back(connection: Connection, shift: timedelta, *, now: datetime) -> None:
    """Bring what lies ahead nearer after the clock was set back, so that nothing waits for it to catch up."""
    by = literal(shift // MICROSECOND, BigInteger)
    ahead = update(target).where(TRACKED, target.c.next_due > now)
    connection.execute(ahead.values(next_due=type_coerce(target.c.next_due, BigInteger) - by))
    held = update(target).where(target.c.lease_until > now)
    connection.execute(held.values(lease_until=type_coerce(target.c.lease_until, BigInteger) - by))
