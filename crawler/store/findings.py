"""Findings: changes as recorded for readers, and the notes that readers put on them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from crawler.codec import packed, unpacked
from crawler.errors import InputError
from crawler.model import Target
from crawler.store.database import Database
from crawler.store.engine import clean
from crawler.store.records import FindingDelta
from crawler.store.schema import finding
from crawler.store.schema import note as notes
from diffs.model import Change, Note


class Findings:
    """Findings by target, and their notes; one transaction a method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, target: Target) -> tuple[Change, ...]:
        """Return the findings that stand, in the order they were recorded."""
        with self._database.reading() as connection:
            query = select(finding).where(finding.c.target_id == target.id, finding.c.vanished.is_(None))
            rows = connection.execute(query.order_by(finding.c.position, finding.c.change_id))
            return tuple(unpacked(Change, row.z, f"a finding of {target.url}") for row in rows)

    def record(
        self, of: Target, changes: Iterable[Change], *, grammar: str, parser: str, now: datetime
    ) -> FindingDelta:
        """Make these the findings of a target; those no longer found are marked, never deleted."""
        with self._database.writing() as connection:
            new = {change.id: change for change in changes}
            rows = connection.execute(
                select(finding).where(finding.c.target_id == of.id).with_for_update()
            ).all()
            known = {row.change_id: row for row in rows}
            appeared: list[Change] = []
            kept: list[Change] = []
            for position, change in enumerate(new.values()):
                row = known.get(change.id)
                values = {
                    "position": position,
                    "grammar": grammar,
                    "parser": parser,
                    "vanished": None,
                    "z": packed(change),
                }
                if row is None:
                    values |= {"target_id": of.id, "change_id": change.id, "appeared": now}
                    connection.execute(insert(finding).values(values))
                elif any(getattr(row, name) != value for name, value in values.items()):
                    connection.execute(update(finding).where(_is(of, change.id)).values(values))
                (kept if row is not None and row.vanished is None else appeared).append(change)
            vanished = [row for row in rows if row.change_id not in new and row.vanished is None]
            for row in vanished:
                connection.execute(update(finding).where(_is(of, row.change_id)).values(vanished=now))
            lost = tuple(unpacked(Change, row.z, f"a finding of {of.url}") for row in vanished)
            return FindingDelta(appeared=tuple(appeared), vanished=lost, kept=tuple(kept))

    def add_note(self, written: Note) -> None:
        """Keep what a reader said about a finding; saying again what was said last adds nothing.

        Raises:
            InputError: No finding has that id.
        """
        with self._database.writing() as connection:
            query = select(finding.c.change_id).where(finding.c.change_id == written.change).limit(1)
            if connection.execute(query).scalar() is None:
                raise InputError(
                    f"no finding has the id {written.change}: `variorum report URL` prints the ids"
                )
            said = {"text": clean(written.text), "dismissed": written.dismissed}
            mine = select(notes).where(notes.c.change_id == written.change)
            last = connection.execute(
                mine.order_by(notes.c.at.desc(), notes.c.id.desc()).limit(1)
            ).one_or_none()
            if last is None or any(getattr(last, name) != value for name, value in said.items()):
                connection.execute(insert(notes).values(change_id=written.change, at=written.at, **said))

    def notes(self, of: Target) -> tuple[Note, ...]:
        """Return the notes on a target's findings, vanished ones included, oldest first."""
        with self._database.reading() as connection:
            mine = select(finding.c.change_id).where(finding.c.target_id == of.id)
            rows = connection.execute(
                select(notes).where(notes.c.change_id.in_(mine)).order_by(notes.c.at, notes.c.id)
            )
            return tuple(
                Note(change=row.change_id, text=row.text, dismissed=row.dismissed, at=row.at) for row in rows
            )


def _is(of: Target, change: str) -> Any:
    return (finding.c.target_id == of.id) & (finding.c.change_id == change)
