"""Captures as rows: every one that an archive listed, and what became of it."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, tuple_, update

from crawler.errors import InputError
from crawler.model import Capture, Failure, Snapshot, StoredCapture, Target
from crawler.store.articles import Articles
from crawler.store.bodies import Recent, is_sound, keep_body, pack_body
from crawler.store.database import Database
from crawler.store.engine import clean
from crawler.store.listed import note_listed, status_in
from crawler.store.locks import count_evidence, count_fetched
from crawler.store.raw import is_raw_sound, keep_raw, mend_raw, pack_raw
from crawler.store.records import Rhythm
from crawler.store.schema import capture, target
from crawler.store.seals import seal_capture, things_of
from diffs.model import Article, Outcome

BATCH = 500
Key = tuple[datetime, str, str, str]
_NO_FAILURE: dict[str, Any] = {
    "failure": None,
    "tries": 0,
    "failed_at": None,
    "ask_again": None,
    "body_limit": None,
}
_KEPT = (
    "outcome", "reason", "served_at", "served_status", "sha256", "content_type", "digest_fits", "final_url", "redirects",
    "fetched", "parser", "fingerprint", "retrieved_at", "raw_sha256", "content_coding", "headers", "recipe", "archive_src",
    "imported_at", *_NO_FAILURE,
)  # fmt: skip
# All but the headers, which only few ask for: `Store.raw` gives them.
SEEN = tuple(column for column in capture.c if column is not capture.c.headers)
# Made once: to put a statement of so many columns together takes longer than to run it.
_BY_ID = select(*SEEN).where(capture.c.id == bindparam("of"))
_KEEP = (
    update(capture)
    .where(capture.c.id == bindparam("of"))
    .values({name: bindparam(name) for name in _KEPT})
    .returning(*SEEN)
)
ORDER = (capture.c.at, capture.c.archive, capture.c.url, capture.c.digest)


class Captures:
    """Captures by target; one transaction a method, and none is held open between the pages of an iterator."""

    def __init__(self, database: Database, articles: Articles) -> None:
        self._database = database
        self._articles = articles
        self._recent = Recent()

    def observe(self, of: Target, listed: Iterable[Capture], *, now: datetime | None = None) -> int:
        """Remember captures that an archive listed; those known already are left as they are.

        Takes them as they come, 500 to a transaction; running twice changes nothing.

        Args:
            of: The target.
            listed: The captures.
            now: The time for the log of custody (aware UTC).

        Returns:
            How many were new.
        """
        new = 0
        items = iter(listed)
        while batch := list(islice(items, BATCH)):
            with self._database.writing() as connection:
                new += note_listed(connection, of, batch, now=now)
        return new

    def evidence(self, of: Target) -> int:
        """Return how many writes there were that may change what a target's history says."""
        with self._database.reading() as connection:
            return int(connection.execute(select(target.c.evidence).where(target.c.id == of.id)).scalar_one())

    def of(self, target: Target, *, outcome: Outcome | None = None) -> Iterator[StoredCapture]:
        """Yield a target's captures in order of time, then archive, then address."""
        after: Key | None = None
        while True:
            with self._database.reading() as connection:
                page = _page(connection, target, after, outcome)
            yield from page
            if len(page) < BATCH:
                return
            after = _key_of(page[-1])

    def at(self, of: Target, at: datetime) -> StoredCapture:
        """Return the capture made at a time, one with bytes before one without.

        Raises:
            InputError: There is none.
        """
        with self._database.reading() as connection:
            query = select(*SEEN).where(capture.c.target_id == of.id, capture.c.at == at)
            row = connection.execute(
                query.order_by(capture.c.sha256.is_(None), *ORDER).limit(1)
            ).one_or_none()
            if row is None:
                stamp = at.strftime("%Y%m%d%H%M%S")
                raise InputError(
                    f"{of.url} has no capture {stamp}: `variorum show {of.url}` lists those it has"
                )
            return seen_of(row)

    def current(self, seen: StoredCapture) -> StoredCapture:
        """Return a capture as it stands now: another process may have kept it since."""
        with self._database.reading() as connection:
            return _by_id(connection, seen.id)

    def keep(
        self,
        seen: StoredCapture,
        snapshot: Snapshot,
        *,
        outcome: Outcome,
        reason: str | None = None,
        article: Article | None = None,
        parser: str = "",
        now: datetime,
    ) -> StoredCapture:
        """Keep a snapshot: its bytes, how it was served and the article read from it, or nothing at all.

        When this returns the capture is acknowledged: it outlives a crash. Doing it twice changes nothing.
        """
        raw = pack_raw(snapshot, now=now)
        with self._database.reading() as connection:
            body = pack_body(
                connection, snapshot.body, target=seen.target, at=seen.capture.at, recent=self._recent
            )
        with self._database.writing() as connection:
            count_fetched(connection, seen.target, now=now)
            was = things_of(connection, seen.id)
            sha256 = keep_body(connection, body)
            values = {
                "outcome": outcome.value,
                "reason": clean(reason),
                "served_at": snapshot.served_at,
                "served_status": status_in(snapshot.status),
                "sha256": sha256,
                "content_type": clean(snapshot.content_type),
                "digest_fits": snapshot.digest_fits,
                "final_url": clean(snapshot.url),
                "redirects": json.dumps(snapshot.redirects) if snapshot.redirects else None,
                "fetched": now,
                "parser": parser,
                "fingerprint": None if article is None else article.fingerprint,
                **keep_raw(connection, raw),
                **_NO_FAILURE,
            }
            if article is None:
                self._articles.drop(seen, noted=True)
            else:
                self._articles.put(seen, article, parser or article.parser, noted=True)
            kept = seen_of(connection.execute(_KEEP, {"of": seen.id, **values}).one())
            mended = sha256 if body.mends else None
            seal_capture(connection, seen.id, "fetched", was=was, at=now, mended=mended)
            return kept

    def is_damaged(self, seen: StoredCapture) -> bool:
        """Return whether the bytes of a capture that were kept cannot be read any more."""
        with self._database.reading() as connection:
            return seen.sha256 is not None and not (
                is_sound(connection, seen.sha256) and is_raw_sound(connection, seen.id)
            )

    def mend(
        self, seen: StoredCapture, snapshot: Snapshot, *, now: datetime, source: str | None = None
    ) -> bool:
        """Put the bytes of a capture back where those that are kept are damaged and these are what was kept.

        Its row stays as it is, and the log of custody says which bytes came back, and from where; nothing where none did.

        Args:
            seen: The capture.
            snapshot: What is to show the same bytes.
            now: The time (aware UTC).
            source: Name of the archive or file that gave them.

        Returns:
            Whether the bytes can be read again.
        """
        with self._database.reading() as connection:
            body = pack_body(connection, snapshot.body, target=seen.target, at=seen.capture.at)
        if body.name != seen.sha256:
            return False
        with self._database.writing() as connection:
            was = things_of(connection, seen.id)
            mended = body.name if body.values is not None else None
            keep_body(connection, body)
            raw = mend_raw(connection, seen, snapshot.raw)
            if mended or raw:
                seal_capture(
                    connection,
                    seen.id,
                    "mended",
                    was=was,
                    at=now,
                    mended=mended,
                    mended_raw=raw,
                    source=source,
                )
        return not self.is_damaged(seen)

    def mark(
        self,
        seen: StoredCapture,
        outcome: Outcome,
        *,
        reason: str | None = None,
        fingerprint: str | None = None,
        failure: Failure | None = None,
        now: datetime | None = None,
    ) -> None:
        """Write down what became of a capture whose bytes were not, or need not be, fetched.

        Args:
            seen: The capture.
            outcome: What became of it.
            reason: Why, where the outcome wants one.
            fingerprint: Of the article it shows, where known.
            failure: Why it can never be had, where it failed for good.
            now: The time for the log of custody (aware UTC).
        """
        values = {
            "outcome": outcome.value,
            "reason": clean(reason),
            "fingerprint": fingerprint,
            **_NO_FAILURE,
        }
        values["failure"] = failure.value if failure else None
        with self._database.writing() as connection:
            count_evidence(connection, seen.target)
            was = things_of(connection, seen.id)
            connection.execute(update(capture).where(capture.c.id == seen.id).values(values))
            seal_capture(connection, seen.id, "judged", was=was, at=now)

    def mark_unread(
        self,
        seen: StoredCapture,
        outcome: Outcome,
        *,
        reason: str | None = None,
        fingerprint: str | None = None,
        now: datetime | None = None,
    ) -> None:
        """Write down what a capture shows without its bytes; nothing where another process has kept them since."""
        with self._database.writing() as connection:
            count_evidence(connection, seen.target)
            if _by_id(connection, seen.id).sha256 is None:
                self.mark(seen, outcome, reason=reason, fingerprint=fingerprint, now=now)

    def fail(
        self,
        seen: StoredCapture,
        failure: Failure,
        *,
        reason: str,
        now: datetime,
        ask_again: datetime | None,
        parser: str = "",
        body_limit: int | None = None,
    ) -> StoredCapture:
        """Write down that a capture could not be had this time; nothing where another process has had it since.

        Args:
            seen: The capture.
            failure: What failed.
            reason: The same in words.
            now: The time (aware UTC).
            ask_again: When to ask for it again (aware UTC), or None for the next pass.
            parser: Which version failed on it.
            body_limit: The size limit (bytes) under which it was too large.
        """
        values = {
            "outcome": Outcome.FAILED.value,
            "reason": clean(reason),
            "fingerprint": None,
            "failure": failure.value,
            "tries": capture.c.tries + 1,
            "failed_at": now,
            "ask_again": ask_again,
            "parser": parser,
            "body_limit": body_limit,
        }
        mine = update(capture).where(capture.c.id == seen.id, capture.c.sha256.is_(None))
        with self._database.writing() as connection:
            count_evidence(connection, seen.target)
            was = things_of(connection, seen.id)
            connection.execute(mine.where(capture.c.fingerprint.is_(None)).values(values))
            seal_capture(connection, seen.id, "failed", was=was, at=now)
            return _by_id(connection, seen.id)

    def rederive(
        self,
        seen: StoredCapture,
        article: Article | None,
        parser: str,
        *,
        outcome: Outcome | None = None,
        reason: str | None = None,
        now: datetime | None = None,
    ) -> StoredCapture:
        """Put a new reading of a capture's bytes in place of the old; None says that it shows no article."""
        with self._database.writing() as connection:
            count_evidence(connection, seen.target)
            if outcome is not None:
                self.mark(seen, outcome, reason=reason, now=now)
            was = things_of(connection, seen.id)
            self._articles.note_parser(seen, parser)
            if article is None:
                self._articles.drop(seen)
            else:
                self._articles.put(seen, article, parser)
            seal_capture(connection, seen.id, "derived", was=was, at=now)
            return _by_id(connection, seen.id)

    def rhythm(self, of: Target) -> Rhythm:
        """Return when a target's page was first seen and when its text last became another."""
        with self._database.reading() as connection:
            mine = capture.c.target_id == of.id
            read = mine & capture.c.fingerprint.is_not(None)
            newest = (
                select(capture.c.fingerprint)
                .where(read)
                .order_by(capture.c.at.desc(), capture.c.id.desc())
                .limit(1)
            )
            standing = connection.execute(newest).scalar()
            change = None
            if standing is not None:
                other = select(func.max(capture.c.at)).where(read, capture.c.fingerprint != standing)
                before = connection.execute(other).scalar()
                if before is not None:
                    first = select(func.min(capture.c.at)).where(read, capture.c.at > before)
                    change = connection.execute(first).scalar() or before
            return Rhythm(
                first_seen=connection.execute(select(func.min(capture.c.at)).where(mine)).scalar(),
                last_change=change,
                last_look=connection.execute(
                    select(target.c.last_looked).where(target.c.id == of.id)
                ).scalar(),
                newest=connection.execute(select(func.max(capture.c.at)).where(mine)).scalar(),
            )


def _page(
    connection: Connection, of: Target, after: Key | None, outcome: Outcome | None
) -> list[StoredCapture]:
    """Return the next page of a target's captures in order of time."""
    query = select(*SEEN).where(capture.c.target_id == of.id).order_by(*ORDER).limit(BATCH)
    if outcome is not None:
        query = query.where(capture.c.outcome == outcome.value)
    if after is not None:
        query = query.where(tuple_(*ORDER) > tuple_(*after, types=[column.type for column in ORDER]))
    return [seen_of(row) for row in connection.execute(query)]


def _key_of(seen: StoredCapture) -> Key:
    """Return what a capture is sorted by."""
    item = seen.capture
    return (item.at, item.archive, item.url, item.digest or "")


def _by_id(connection: Connection, number: int) -> StoredCapture:
    """Return one capture by the store's number."""
    return seen_of(connection.execute(_BY_ID, {"of": number}).one())


def seen_of(row: Any) -> StoredCapture:
    """Read a row of the capture table."""
    return StoredCapture(
        id=row.id,
        target=row.target_id,
        capture=Capture(
            archive=row.archive,
            url=row.url,
            urlkey=row.urlkey,
            at=row.at,
            mimetype=row.mimetype,
            status=row.status,
            digest=row.digest or None,
            length=row.length,
        ),
        outcome=Outcome(row.outcome),
        reason=row.reason,
        served_at=row.served_at,
        sha256=row.sha256,
        content_type=row.content_type,
        final_url=row.final_url,
        fingerprint=row.fingerprint,
        served_status=row.served_status,
        redirects=tuple(json.loads(row.redirects)) if row.redirects else (),
        fetched=row.fetched,
        failure=Failure(row.failure) if row.failure else None,
        tries=row.tries,
        failed_at=row.failed_at,
        ask_again=row.ask_again,
        body_limit=row.body_limit,
        parser=row.parser,
        digest_fits=row.digest_fits,
        retrieved_at=row.retrieved_at,
        raw_sha256=row.raw_sha256,
        content_coding=row.content_coding,
        recipe=row.recipe,
        archive_src=row.archive_src,
        imported_at=row.imported_at,
    )
