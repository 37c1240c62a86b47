"""The articles that captures show, as read from the bytes."""

from sqlalchemy import func, or_, select, update

from crawler.codec import packed, unpacked
from crawler.errors import InputError
from crawler.model import StoredCapture, Target
from crawler.store.database import Database
from crawler.store.engine import insert_into
from crawler.store.schema import article as articles
from crawler.store.schema import capture
from diffs.model import Article


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
            z = connection.execute(select(articles.c.z).where(articles.c.capture_id == seen.id)).scalar()
            name = f"{seen.capture.url} {seen.capture.timestamp}"
            if z is None:
                raise InputError(
                    f"{name} holds no article: it is {seen.outcome.value} ({seen.reason or 'no bytes kept'})"
                )
            read: Article = unpacked(Article, z, name)
            return read

    def of(self, of: Target) -> dict[str, Article]:
        """Return a target's distinct articles by fingerprint, each as first captured."""
        name = f"an article of {of.url}"
        return {key: unpacked(Article, z, name) for key, z in self.packed_of(of).items()}

    def packed_of(self, of: Target) -> dict[str, bytes]:
        """Return the same as `of`, each as it is kept."""
        with self._database.reading() as connection:
            order = (capture.c.at, capture.c.archive, capture.c.url, capture.c.digest)
            place = func.row_number().over(partition_by=capture.c.fingerprint, order_by=order).label("place")
            ranked = (
                select(capture.c.fingerprint, articles.c.z, place)
                .join(articles, articles.c.capture_id == capture.c.id)
                .where(capture.c.target_id == of.id)
                .subquery()
            )
            rows = connection.execute(select(ranked.c.fingerprint, ranked.c.z).where(ranked.c.place == 1))
            return {row.fingerprint: row.z for row in rows}

    def kept(self, seen: StoredCapture) -> bytes | None:
        """Return the article of a capture as it is kept, or None where it shows none."""
        with self._database.reading() as connection:
            query = select(articles.c.z).where(articles.c.capture_id == seen.id)
            z: bytes | None = connection.execute(query).scalar()
            return z

    def put(self, seen: StoredCapture, article: Article, parser: str, *, noted: bool = False) -> None:
        """Keep the article that a capture shows, in place of an earlier reading.

        Its fingerprint goes into the capture's row, unless the caller has it `noted` there.
        """
        with self._database.writing() as connection:
            row = {"capture_id": seen.id, "parser": parser, "z": packed(article)}
            put = insert_into(connection, articles)
            again = {"parser": put.excluded.parser, "z": put.excluded.z}
            connection.execute(
                put.on_conflict_do_update(index_elements=[articles.c.capture_id], set_=again), row
            )
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
