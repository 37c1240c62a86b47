"""The headlines under which sources link targets: each wording, from its first to its last look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from crawler.model import Target
from crawler.store.database import Database
from crawler.store.engine import clean, insert_into
from crawler.store.locks import count_evidence
from crawler.store.schema import linked_headline as table
from crawler.store.schema import source

_PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A look at a source.

    Attributes:
        at: When the source was captured, or asked at its host (aware UTC).
        url: The address that was read.
        archive: Name of the archive that holds the capture; None where the host was asked, or that is not known.
        noted: Whether it was noted where it was read, which stores before schema 0020 did not.
    """

    at: datetime
    url: str
    archive: str | None = None
    noted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """One wording of a source's link to a target.

    Attributes:
        source: Address of the source.
        headline: The words.
        first: The first look that saw them.
        last: The last look that saw them before others, or so far.
    """

    source: str
    headline: str
    first: Look
    last: Look


class LinkedHeadlines:
    """What sources called the articles that they link; one transaction a method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, of: int, headlines: Mapping[int, str], look: Look) -> int:
        """Keep under which headlines a look saw targets linked; returns how many are other than before.

        A look earlier than one that was noted already changes nothing.

        Args:
            of: The source's number.
            headlines: The words by the targets' numbers.
            look: When and where they were seen.
        """
        words = {number: clean(text) or "" for number, text in headlines.items()}
        new: list[dict[str, Any]] = []
        again: list[dict[str, Any]] = []
        seen = {"last_at": look.at, "last_archive": look.archive, "last_url": look.url}
        with self._database.writing() as connection:
            last = self._last(connection, of, sorted(words))
            for number, headline in sorted(words.items()):
                known = last.get(number)
                if known is not None and look.at <= (known.last_at or known.at):
                    continue
                if known is not None and known.headline == headline:
                    again.append({"of": number, "since": known.at})
                    continue
                own = {"target_id": number, "source_id": of, "headline": headline}
                new.append(own | {"at": look.at, "archive": look.archive, "url": look.url} | seen)
            if again:
                same = (table.c.target_id == bindparam("of")) & (table.c.at == bindparam("since"))
                connection.execute(update(table).where(same, table.c.source_id == of).values(seen), again)
            if new:
                connection.execute(insert_into(connection, table).on_conflict_do_nothing(), new)
            for row in new:
                count_evidence(connection, row["target_id"])
        return len(new)

    def _last(self, connection: Connection, of: int, numbers: Sequence[int]) -> dict[int, Any]:
        """Return the newest wording of each target that a source links."""
        found: dict[int, Any] = {}
        for start in range(0, len(numbers), _PAGE):
            mine = table.c.target_id.in_(numbers[start : start + _PAGE])
            query = select(table).where(table.c.source_id == of, mine).order_by(table.c.at)
            found.update({row.target_id: row for row in connection.execute(query)})
        return found

    def of(self, target: Target) -> tuple[Linked, ...]:
        """Return the headlines under which sources linked a target, in order of source and time."""
        query = select(table, source.c.url.label("page")).join(source, source.c.id == table.c.source_id)
        query = query.where(table.c.target_id == target.id).order_by(source.c.url, table.c.at)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(
            Linked(
                source=row.page,
                headline=row.headline,
                first=Look(
                    at=row.at, url=row.url or row.page, archive=row.archive, noted=row.url is not None
                ),
                last=Look(
                    at=row.last_at or row.at,
                    url=row.last_url or row.url or row.page,
                    archive=row.last_archive if row.last_at else row.archive,
                    noted=(row.last_url or row.url) is not None,
                ),
            )
            for row in rows
        )
