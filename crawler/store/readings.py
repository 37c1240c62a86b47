"""Puts new readings of kept bytes in place of those before, many in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from crawler.codec import packed, unpacked
from crawler.model import Target
from crawler.store.article_bases import drop_unused_bases, put_articles
from crawler.store.database import Database
from crawler.store.engine import clean
from crawler.store.locks import count_evidence
from crawler.store.schema import article as articles
from crawler.store.schema import capture
from crawler.store.seals import seal, things_of_all
from diffs.model import Article, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReading:
    """What one page shows.

    Attributes:
        number: The store's number of the capture.
        outcome: What became of it.
        reason: Why, where the outcome wants one.
        fingerprint: Of the article, or None where it shows none.
        z: The article as the store keeps it, or None.
    """

    number: int
    outcome: Outcome
    reason: str | None
    fingerprint: str | None
    z: bytes | None

    @classmethod
    def of(cls, number: int, outcome: Outcome, reason: str | None, article: Article | None) -> "PageReading":
        """Return the reading of a page that shows an article, or none."""
        shown = (None, None) if article is None else (article.fingerprint, packed(article))
        return cls(number=number, outcome=outcome, reason=reason, fingerprint=shown[0], z=shown[1])

    @property
    def article(self) -> Article | None:
        """The article, or None.

        Raises:
            StoreError: It cannot be read.
        """
        if self.z is None:
            return None
        read: Article = unpacked(Article, self.z, f"the reading of capture {self.number}")
        return read


_READ = (
    update(capture)
    .where(capture.c.id == bindparam("of"))
    .values(
        {
            **{name: bindparam(name) for name in ("outcome", "reason", "fingerprint", "parser")},
            **dict.fromkeys(("failure", "failed_at", "ask_again", "body_limit")),
            "tries": 0,
        }
    )
)
_FORGET = articles.delete().where(articles.c.capture_id == bindparam("of"))


class Readings:
    """New readings of captures; one transaction a method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(
        self, of: Target, readings: Sequence[PageReading], parser: str, *, now: datetime | None = None
    ) -> None:
        """Put readings of one target's captures in place of those before, all or none.

        A capture that showed an article and still does keeps the reason that was noted with it.

        Args:
            of: The target.
            readings: What its captures show, of each capture one.
            parser: What read them: see `crawler.maintenance.rebuild.parser_name`.
            now: The time for the log of custody (aware UTC).
        """
        new = {reading.number: reading for reading in readings}
        if not new:
            return
        known = select(capture.c.id, capture.c.outcome, capture.c.reason).order_by(capture.c.at, capture.c.id)
        with self._database.writing() as connection:
            count_evidence(connection, of.id)
            rows = connection.execute(known.where(capture.c.target_id == of.id, capture.c.id.in_(new))).all()
            changes: list[dict[str, Any]] = []
            shown: list[dict[str, Any]] = []
            for row in rows:
                reading = new[row.id]
                still = row.outcome == reading.outcome.value == Outcome.FETCHED.value
                reason = row.reason if still else clean(reading.reason)
                changes.append(
                    {
                        "of": row.id,
                        "outcome": reading.outcome.value,
                        "reason": reason,
                        "fingerprint": reading.fingerprint,
                        "parser": parser,
                    }
                )
                if reading.z is not None:
                    shown.append({"capture_id": row.id, "parser": parser, "z": reading.z})
            if not rows:
                return
            was = things_of_all(connection, [row.id for row in rows])
            connection.execute(_READ, changes)
            without = [{"of": row.id} for row in rows if new[row.id].z is None]
            if without:
                connection.execute(_FORGET, without)
            put_articles(connection, of.id, shown)
            drop_unused_bases(connection, of.id)
            things: dict[str, str | None] = {f"article {gone['of']}": None for gone in without}
            things |= things_of_all(connection, [row.id for row in rows])
            seal(connection, of.id, "derived", things, was=was, at=now, parser=parser)
