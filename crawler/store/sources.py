"""Followed feeds, sitemaps and front pages, what each named, and under which headline."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from crawler.errors import InputError
from crawler.model import Target
from crawler.store.database import Database
from crawler.store.engine import clean, insert_into
from crawler.store.schema import discovery, source, target


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRules:
    """Which of the articles that a source names are tracked.

    Attributes:
        story: The story that they join, or None.
        casualty: Whether only those with a casualty figure in headline or summary.
        words: Only those with one of these words in headline or summary; empty for all.
        section: Only those of this section: its name, or a folder of the address; None for all.
        max_age_hours: Only those published within so many hours; undated ones pass; None for all.
        max_per_day: At most so many in a day (UTC), or None.
        expires_days: How many days they are tracked, or None for ever.
    """

    story: str | None = None
    casualty: bool = False
    words: tuple[str, ...] = ()
    section: str | None = None
    max_age_hours: int | None = None
    max_per_day: int | None = None
    expires_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A feed, sitemap or front page that names articles.

    Attributes:
        id: The store's number for it.
        url: Its address.
        rules: Which of its articles are tracked.
        added: When it was followed (aware UTC).
        next_due: When it is next read (aware UTC).
        last_read: When it last was, or None.
        last_capture: The newest archived capture that was read, or None.
        etag: What its host last sent to tell versions apart, where it is read live.
        last_modified: Likewise, as a date.
        last_error: Why it could not be read, or None after a success.
        named: How many targets it named.
    """

    id: int
    url: str
    rules: SourceRules
    added: datetime
    next_due: datetime
    last_read: datetime | None = None
    last_capture: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    last_error: str | None = None
    named: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """Why a target that nobody typed is tracked.

    Attributes:
        source: Address of the source that named it.
        at: When (aware UTC).
        headline: The headline or link text under which it did.
        why: Which rules chose it, in words.
        expires: When it is no longer tracked (aware UTC), or None.
    """

    source: str
    at: datetime
    headline: str
    why: str
    expires: datetime | None = None


class Sources:
    """What is followed; one transaction a method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def follow(self, url: str, rules: SourceRules | None, *, now: datetime) -> bool:
        """Read a source from now on; returns whether it was not followed before.

        Args:
            url: Its address.
            rules: Which of its articles are tracked; None keeps those of a source that is followed, and takes every
                article of another.
            now: The time (aware UTC).
        """
        values: dict[str, Any] = {"followed": True, "next_due": now}
        with self._database.writing() as connection:
            known = connection.execute(select(source).where(source.c.url == url)).one_or_none()
            if rules is not None or known is None or not known.followed:
                values["rules"] = json.dumps(asdict(rules or SourceRules()))
            if known is None:
                connection.execute(source.insert().values(url=url, added=now, **values))
                return True
            connection.execute(update(source).where(source.c.id == known.id).values(values))
            return not known.followed

    def unfollow(self, url: str) -> bool:
        """Stop reading a source; what it named stays tracked. Returns whether it was followed."""
        stop = update(source).where(source.c.url == url, source.c.followed).values(followed=False)
        with self._database.writing() as connection:
            return bool(connection.execute(stop).rowcount)

    def all(self) -> list[Source]:
        """Return what is followed, in order of address."""
        named = (
            select(func.count())
            .select_from(discovery)
            .where(discovery.c.source_id == source.c.id)
            .scalar_subquery()
        )
        query = select(source, named.label("named")).where(source.c.followed).order_by(source.c.url)
        with self._database.reading() as connection:
            return [_source_of(row) for row in connection.execute(query)]

    def due(self, now: datetime) -> list[Source]:
        """Return what is followed and due, the longest waiting leading."""
        return sorted(
            (one for one in self.all() if one.next_due <= now), key=lambda one: (one.next_due, one.id)
        )

    def claim(self, of: Source, *, now: datetime, until: datetime) -> bool:
        """Take a source that is due, so that no other process reads it before `until`; returns whether it was free."""
        take = update(source).where(source.c.id == of.id, source.c.followed, source.c.next_due <= now)
        with self._database.writing() as connection:
            return bool(connection.execute(take.values(next_due=until)).rowcount)

    def note_read(
        self,
        of: Source,
        *,
        now: datetime,
        due: datetime,
        error: str | None = None,
        last_capture: datetime | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> None:
        """Write down how a reading ended and when the next is due; of marks, None keeps what is known."""
        values: dict[str, Any] = {"next_due": due, "last_error": clean(error)}
        values |= {"last_read": now} if error is None else {}
        marks = {"last_capture": last_capture, "etag": clean(etag), "last_modified": clean(last_modified)}
        values |= {name: value for name, value in marks.items() if value is not None}
        with self._database.writing() as connection:
            connection.execute(update(source).where(source.c.id == of.id).values(values))

    def pages(self, keys: Sequence[str]) -> dict[str, int]:
        """Return the numbers of the targets that were discovered under these page keys."""
        found: dict[str, int] = {}
        with self._database.reading() as connection:
            for start in range(0, len(keys), 500):
                query = select(discovery.c.page, discovery.c.target_id)
                rows = connection.execute(query.where(discovery.c.page.in_(keys[start : start + 500])))
                found.update({row.page: row.target_id for row in rows})
        return found

    def named_since(self, of: Source, since: datetime) -> int:
        """Return how many targets a source has named since a time."""
        query = select(func.count()).select_from(discovery)
        with self._database.reading() as connection:
            return connection.execute(
                query.where(discovery.c.source_id == of.id, discovery.c.at >= since)
            ).scalar_one()

    def add_discovery(self, to: Target, of: Source, page: str, found: Discovery) -> None:
        """Write down why a target is tracked; a page that was discovered before keeps its reason."""
        row = {
            "target_id": to.id,
            "source_id": of.id,
            "page": page,
            "at": found.at,
            "headline": clean(found.headline),
            "why": clean(found.why),
            "expires": found.expires,
        }
        with self._database.writing() as connection:
            connection.execute(insert_into(connection, discovery).values(row).on_conflict_do_nothing())

    def discovery(self, of: Target) -> Discovery | None:
        """Return why a target is tracked, or None where somebody typed it."""
        query = select(discovery, source.c.url).join(source, source.c.id == discovery.c.source_id)
        with self._database.reading() as connection:
            row = connection.execute(query.where(discovery.c.target_id == of.id)).one_or_none()
        if row is None:
            return None
        return Discovery(source=row.url, at=row.at, headline=row.headline, why=row.why, expires=row.expires)

    def reasons(self) -> dict[int, str]:
        """Return why each discovered target is tracked, by the target's number."""
        query = select(discovery.c.target_id, discovery.c.why)
        with self._database.reading() as connection:
            return {row.target_id: row.why for row in connection.execute(query)}

    def retire(self, *, now: datetime) -> int:
        """Stop tracking what was discovered and has expired; returns how many."""
        over = select(discovery.c.target_id).where(discovery.c.expires <= now)
        with self._database.writing() as connection:
            stop = update(target).where(target.c.id.in_(over), target.c.tracked.is_(True))
            gone = connection.execute(stop.values(tracked=False, lease_until=None, lease_worker=None))
            connection.execute(update(discovery).where(discovery.c.expires <= now).values(expires=None))
            return gone.rowcount

    def find(self, url: str) -> Source:
        """Return a followed source by its address.

        Raises:
            InputError: It is not followed.
        """
        found = next((each for each in self.all() if each.url == url), None)
        if found is None:
            raise InputError(f"{url} is not followed; `variorum follow {url}` follows it.")
        return found


def _source_of(row: Any) -> Source:
    given = json.loads(row.rules)
    return Source(
        id=row.id,
        url=row.url,
        rules=SourceRules(**given | {"words": tuple(given["words"])}),
        added=row.added,
        next_due=row.next_due,
        last_read=row.last_read,
        last_capture=row.last_capture,
        etag=row.etag,
        last_modified=row.last_modified,
        last_error=row.last_error,
        named=row.named,
    )
