"""Tracked addresses, and the other addresses at which their articles stand."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    delete,
    literal,
    or_,
    select,
    true,
    update,
)

from crawler.address import page_address, spellings_of
from crawler.errors import InputError
from crawler.model import SaveStatus, SaveWish, Target
from crawler.store.custody_schema import custody
from crawler.store.database import Database
from crawler.store.engine import clean, insert_into, texts_as_rows
from crawler.store.schema import TRACKED, alias, capture, discovery, finding, target, template
from crawler.store.stories import forget, join, leave, of_story, stories_of, story_named

PAGE = 500
# In bytes: an index row of PostgreSQL holds 2,704 (2026-11-28), and an index of captures more than an address.
LONGEST_URL = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What became of an address that was to be tracked.

    Attributes:
        url: The address.
        created: Whether it was not tracked before.
        also_in: The other stories of one that joined a further story.
    """

    url: str
    created: bool
    also_in: tuple[str, ...] = ()


class Targets:
    """What is known of addresses, scheduled or not; one transaction a method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def track(
        self,
        url: str,
        *,
        story: str | None = None,
        since: datetime | None = None,
        save: SaveWish | None = None,
        now: datetime,
    ) -> tuple[Target, bool]:
        """Schedule an address; one that is known keeps its evidence and whatever is not given, and expires no more.

        A page that belongs to other stories stays in them.

        Returns:
            The target, and whether it was not tracked before.

        Raises:
            InputError: It is no web address, or the story's name is blank.
        """
        story = story_named(story)
        with self._database.writing() as connection:
            address = _address(url)
            row = _row(connection, address, lock=True)
            if row is None:
                values = {
                    "url": address,
                    "since": since,
                    "added": now,
                    "tracked": True,
                    "next_due": now,
                    "save": (save or SaveWish.NONE).value,
                }
                connection.execute(insert_into(connection, target).values(values).on_conflict_do_nothing())
                join(connection, [address], story)
                return self.find(address), True
            address = row.url
            changes: dict[str, Any] = {}
            join(connection, [address], story)
            if since is not None:
                changes["since"] = since
            if save is not None:
                changes["save"] = save.value
            if row.sibling:
                changes["sibling"] = False
            kept = update(discovery).where(discovery.c.target_id == row.id, discovery.c.expires.is_not(None))
            connection.execute(kept.values(expires=None))
            if not row.tracked:
                again = {"tracked": True, "tracked_since": now, "next_due": now}
                changes |= again | {"failures": 0, "last_error": None}
            if changes:
                connection.execute(update(target).where(target.c.id == row.id).values(changes))
            return self.find(address), not row.tracked

    def track_all(
        self,
        urls: Sequence[str],
        *,
        story: str | None = None,
        since: datetime | None = None,
        save: SaveWish | None = None,
        now: datetime,
    ) -> list[Listed]:
        """Schedule addresses as `track` does each, in one transaction; what was discovered expires no more.

        Args:
            urls: Addresses in the spelling of `page_address`.
            story: The story they join besides their own, or None.
            since: Ask for no captures before (aware UTC), or None likewise.
            save: When the archive is asked for captures, or None likewise.
            now: The time (aware UTC).

        Returns:
            What became of each, in their order.

        Raises:
            InputError: One is too long, or the story's name is blank; none was scheduled.
        """
        story = story_named(story)
        addresses = [_within_length(url) for url in urls]
        wanted = {_folded(address): address for address in reversed(addresses)}
        given = {"since": since, "save": None if save is None else save.value}
        changes = {"sibling": False} | {name: value for name, value in given.items() if value is not None}
        again = {"tracked": True, "tracked_since": now, "next_due": now, "failures": 0, "last_error": None}
        with self._database.writing() as connection:
            known = _known_among(connection, wanted)
            new = [address for key, address in wanted.items() if key not in known]
            values = {"since": since, "added": now, "tracked": True, "next_due": now}
            _insert_all(connection, new, values | {"save": (save or SaveWish.NONE).value})
            numbers = [row.id for row in known.values()]
            for start in range(0, len(numbers), PAGE):
                mine = numbers[start : start + PAGE]
                connection.execute(update(target).where(target.c.id.in_(mine)).values(changes))
                connection.execute(update(target).where(target.c.id.in_(mine), ~TRACKED).values(again))
                kept = update(discovery).where(discovery.c.target_id.in_(mine))
                connection.execute(kept.values(expires=None))
            stories = {} if story is None else stories_of(connection, numbers)
            join(connection, [*new, *(row.url for row in known.values())], story)
        return [_listed(address, known.get(_folded(address)), story, stories) for address in addresses]

    def ensure(self, url: str, now: datetime) -> Target:
        """Return the target of an address, made where there is none, without scheduling it."""
        with self._database.writing() as connection:
            address = page_address(url)
            row = _row(connection, address)
            if row is None:
                _add(connection, address, now=now, sibling=False)
            elif row.sibling:
                connection.execute(update(target).where(target.c.id == row.id).values(sibling=False))
            return self.find(address)

    def ensure_sibling(self, url: str, now: datetime) -> Target:
        """Return the target of an address; one that is made is a sibling, which no list or report names."""
        with self._database.writing() as connection:
            address = page_address(url)
            if _row(connection, address) is None:
                _add(connection, address, now=now, sibling=True)
            return self.find(address)

    def untrack(self, url: str) -> bool:
        """Stop scheduling an address; its evidence stays. Returns whether it was tracked."""
        with self._database.writing() as connection:
            address = page_address(url)
            row = _row(connection, address)
            stop = update(target).where(target.c.url == (row.url if row else address), TRACKED)
            done = connection.execute(stop.values(tracked=False, lease_until=None, lease_worker=None))
            return bool(done.rowcount)

    def forget(self, of: Target) -> bool:
        """Delete a target that nobody tracks, that no save was asked for and of which nothing is kept; returns whether."""
        with self._database.writing() as connection:
            known = [
                select(table.c.target_id).where(table.c.target_id == of.id).exists()
                for table in (capture, finding, alias, template, custody)
            ]
            idle = target.c.tracked.is_(False) & target.c.save_asked.is_(None)
            bare = select(target.c.id).where(target.c.id == of.id, idle, ~or_(*known))
            if connection.execute(bare.with_for_update()).first() is None:
                return False
            forget(connection, [of.id])
            connection.execute(delete(target).where(target.c.id == of.id))
            return True

    def leave(self, url: str, story: str) -> bool:
        """Take a page out of a story, and go on as before otherwise; returns whether it belonged to it.

        Raises:
            InputError: The page is not known.
        """
        with self._database.writing() as connection:
            return leave(connection, self.find(url), story)

    def find(self, url: str) -> Target:
        """Return the target of an address, of another spelling of it, or of one of its aliases.

        Raises:
            InputError: It is not known.
        """
        with self._database.reading() as connection:
            address = page_address(url)
            row = _row(connection, address)
            if row is None:
                query = (
                    select(target).join(alias, alias.c.target_id == target.c.id).where(alias.c.url == address)
                )
                row = connection.execute(query.order_by(target.c.id).limit(1)).one_or_none()
            if row is None:
                raise InputError(
                    f"{address} is not known yet. `variorum backfill {address}` fetches its past, `variorum track "
                    f"{address}` watches it."
                )
            return targets_of(connection, [row])[0]

    def all(self, *, story: str | None = None, include_untracked: bool = False) -> Iterator[Target]:
        """Yield targets in order of their address, page by page."""
        after = ""
        while True:
            with self._database.reading() as connection:
                page = _page(connection, after, story=story, include_untracked=include_untracked)
            if not page:
                return
            yield from page
            after = page[-1].url

    def aliases(self, of: Target) -> tuple[str, ...]:
        """Return the other addresses of a target, in order."""
        with self._database.reading() as connection:
            query = select(alias.c.url).where(alias.c.target_id == of.id).order_by(alias.c.url)
            return tuple(connection.execute(query).scalars())

    def aliases_of(self, several: Sequence[Target]) -> dict[int, tuple[str, ...]]:
        """Return the other addresses of up to a thousand targets by the targets' numbers (`Target.id`), in order."""
        with self._database.reading() as connection:
            found: dict[int, list[str]] = {each.id: [] for each in several}
            query = (
                select(alias)
                .where(alias.c.target_id.in_(list(found)))
                .order_by(alias.c.target_id, alias.c.url)
            )
            for row in connection.execute(query):
                found[row.target_id].append(row.url)
            return {number: tuple(urls) for number, urls in found.items()}

    def add_alias(self, of: Target, url: str) -> bool:
        """Remember another address of the same article; returns whether it was new."""
        with self._database.writing() as connection:
            address = page_address(url)
            if len(address.encode()) > LONGEST_URL or address == of.url or address in self.aliases(of):
                return False
            row = {"target_id": of.id, "url": address}
            connection.execute(insert_into(connection, alias).values(row).on_conflict_do_nothing())
            return True

    def note_save(
        self,
        of: Target,
        status: SaveStatus,
        *,
        asked: datetime,
        said: str | None = None,
        refusals: int,
        job: str | None = None,
    ) -> None:
        """Write down that the archive was asked to capture a target, and what came of it.

        Args:
            of: The target.
            status: What came of it.
            asked: When it was asked (aware UTC).
            said: The archive's words on it.
            refusals: How many such requests in a row brought no capture.
            job: The archive's name for the request, where it is to be asked after.
        """
        values = {
            "save_asked": asked,
            "save_status": status.value,
            "save_said": clean(said),
            "save_refusals": refusals,
            "save_job": clean(job),
        }
        with self._database.writing() as connection:
            connection.execute(update(target).where(target.c.id == of.id).values(values))


def _add(connection: Connection, address: str, *, now: datetime, sibling: bool) -> None:
    values = {"url": address, "added": now, "tracked": False, "next_due": now, "sibling": sibling}
    connection.execute(insert_into(connection, target).values(values).on_conflict_do_nothing())


def _insert_all(connection: Connection, urls: Sequence[str], values: Mapping[str, Any]) -> None:
    """Add targets that are alike but for their address, in their order, in one statement."""
    if not urls:
        return
    text = texts_as_rows(connection, urls)
    constant = [literal(value, target.c[name].type) for name, value in values.items()]
    # SQLite would take ON for a join's without a condition before it (its page on upserts, read 2026-11-28).
    chosen = select(text, *constant).where(true())
    add = insert_into(connection, target).from_select(["url", *values], chosen)
    connection.execute(add.on_conflict_do_nothing())


def _address(url: str) -> str:
    return _within_length(page_address(url))


def _within_length(address: str) -> str:
    if len(address.encode()) > LONGEST_URL:
        raise InputError(
            f"{address[:100]}… is longer than {LONGEST_URL:,} bytes; leave out what follows the ?"
        )
    return address


def _folded(address: str) -> str:
    """Return a text that is equal for the spellings of an address that archives file as one page."""
    rest = address.partition("://")[2].removeprefix("www.")
    return rest if "?" in rest else rest.removesuffix("/")


def _known_among(connection: Connection, wanted: Collection[str]) -> dict[str, Any]:
    """Return the rows of known targets by their folded addresses, of those wanted, in one pass over all."""
    found: dict[str, Any] = {}
    query = select(target.c.id, target.c.url, target.c.tracked).order_by(target.c.id)
    for row in connection.execute(query):
        key = _folded(row.url)
        if key in wanted:
            found.setdefault(key, row)
    return found


def _listed(address: str, row: Any, story: str | None, stories: Mapping[int, tuple[str, ...]]) -> Listed:
    mine = () if row is None else stories.get(row.id, ())
    also = () if story in mine else mine
    return Listed(url=address, created=row is None or not row.tracked, also_in=also)


def _row(connection: Connection, address: str, *, lock: bool = False) -> Any:
    """Return a target's row by its address or, where there is none, by another spelling that archives fold with it."""
    query = select(target).where(target.c.url.in_(spellings_of(address)))
    rows = connection.execute(query.with_for_update() if lock else query).all()
    return min(rows, key=lambda row: (row.url != address, row.id), default=None)


def _page(connection: Connection, after: str, *, story: str | None, include_untracked: bool) -> list[Target]:
    """Return the next page of targets in order of their address."""
    query = select(target).where(target.c.url > after).order_by(target.c.url).limit(PAGE)
    if story is not None:
        query = query.where(target.c.id.in_(of_story(story)))
    if not include_untracked:
        query = query.where(TRACKED)
    query = query.where(target.c.sibling.is_(False))
    return targets_of(connection, connection.execute(query).all())


def targets_of(connection: Connection, rows: Sequence[Any]) -> list[Target]:
    """Read rows of the target table, with the stories of each."""
    stories = stories_of(connection, [row.id for row in rows])
    return [target_of(row, stories.get(row.id, ())) for row in rows]


def target_of(row: Any, stories: tuple[str, ...]) -> Target:
    """Read a row of the target table, of which these are the stories."""
    return Target(
        id=row.id,
        url=row.url,
        story=stories[0] if stories else None,
        stories=stories,
        since=row.since,
        added=row.added,
        next_due=row.next_due,
        failures=row.failures,
        last_error=row.last_error,
        tracked=row.tracked,
        last_look=row.last_looked,
        save=SaveWish(row.save),
        save_asked=row.save_asked,
        save_status=SaveStatus(row.save_status) if row.save_status else None,
        save_said=row.save_said,
        save_refusals=row.save_refusals,
        save_job=row.save_job,
        tracked_since=row.tracked_since or row.added,
    )
