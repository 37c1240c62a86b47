"""The articles that captures show, as read from the bytes."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, or_, select, update

from crawler.codec import packed, unpacked
from crawler.errors import InputError
from crawler.model import StoredCapture, Target
from crawler.store.article_bases import JOINED, put_articles, whole
from crawler.store.database import Database
from crawler.store.schema import article as articles
from crawler.store.schema import article_base, capture
from diffs.model import Article

_KEPT = select(articles.c.z, article_base.c.z.label("ground")).select_from(JOINED)
_PLACE = func.row_number().over(
    partition_by=capture.c.fingerprint,
    order_by=(capture.c.at, capture.c.archive, capture.c.url, capture.c.digest),
)
_RANKED = (
    select(capture.c.fingerprint, articles.c.z, article_base.c.z.label("ground"), _PLACE.label("place"))
    .select_from(JOINED)
    .where(capture.c.target_id == bindparam("of"))
    .subquery()
)
_DISTINCT = select(_RANKED).where(_RANKED.c.place == 1)


class Articles:
    """Articles by capture; one transaction a method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def shown_by(self, seen: StoredCapture) -> Article:
        """Return the article that a capture shows.

        Raises:
            InputError: It shows none.
        """
        with self._database.reading() as connection:
            row = connection.execute(_KEPT.where(articles.c.capture_id == seen.id)).one_or_none()
            name = f"{seen.capture.url} {seen.capture.timestamp}"
            if row is None:
                raise InputError(
                    f"{name} holds no article: it is {seen.outcome.value} ({seen.reason or 'no bytes kept'})"
                )
            read: Article = unpacked(Article, row.z, name, row.ground)
            return read

    def of(self, of: Target) -> dict[str, Article]:
        """Return a target's distinct articles by fingerprint, each as first captured."""
        name = f"an article of {of.url}"
        return {row.fingerprint: unpacked(Article, row.z, name, row.ground) for row in self._distinct(of)}

    def packed_of(self, of: Target) -> dict[str, bytes]:
        """Return the same as `of`, each as `packed` makes it."""
        return {row.fingerprint: whole(row.z, row.ground) for row in self._distinct(of)}

    def _distinct(self, of: Target) -> Sequence[Any]:
        with self._database.reading() as connection:
            return connection.execute(_DISTINCT, {"of": of.id}).all()

    def kept(self, seen: StoredCapture) -> bytes | None:
        """Return the article of a capture as `packed` makes it, or None where it shows none."""
        with self._database.reading() as connection:
            row = connection.execute(_KEPT.where(articles.c.capture_id == seen.id)).one_or_none()
            return None if row is None else whole(row.z, row.ground)

    def put(self, seen: StoredCapture, article: Article, parser: str, *, noted: bool = False) -> None:
        """Keep the article that a capture shows, in place of an earlier reading.

        Its fingerprint goes into the capture's row, unless the caller has it `noted` there.
        """
        with self._database.writing() as connection:
            row = {"capture_id": seen.id, "parser": parser, "z": packed(article)}
            put_articles(connection, seen.target, [row])
            if not noted:
                change = (
                    update(capture).where(capture.c.id == seen.id).values(fingerprint=article.fingerprint)
                )
                connection.execute(change)

    def drop(self, seen: StoredCapture, *, noted: bool = False) -> None:
        """Forget the article of a capture that turned out to show none."""
        with self._database.writing() as connection:
            connection.execute(articles.delete().where(articles.c.capture_id == seen.id))
            if not noted:
                connection.execute(update(capture).where(capture.c.id == seen.id).values(fingerprint=None))

    def stale(self, of: Target, parser: str) -> set[int]:
        """Return the numbers of the captures whose kept bytes another parser judged, article or none."""
        with self._database.reading() as connection:
            kept = select(capture.c.id).where(capture.c.target_id == of.id, capture.c.sha256.is_not(None))
            other = or_(capture.c.parser.is_(None), capture.c.parser != parser)
            return set(connection.execute(kept.where(other)).scalars())

    def note_parser(self, seen: StoredCapture, parser: str) -> None:
        """Write down which parser judged a capture's bytes."""
        with self._database.writing() as connection:
            connection.execute(update(capture).where(capture.c.id == seen.id).values(parser=parser))
