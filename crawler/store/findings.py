"""Findings: changes as recorded for readers, and the notes that readers put on them."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from crawler.codec import packed, unpacked
from crawler.errors import InputError, StoreError
from crawler.model import Target
from crawler.store.alert_records import Wanted
from crawler.store.announcing import note_findings, withdraw
from crawler.store.database import Database
from crawler.store.engine import clean
from crawler.store.moved import moved_between
from crawler.store.outbox import Withdrawal
from crawler.store.printed import ids_of, keep_contradictions, targets_with, unknown_id, whole_id
from crawler.store.records import FindingDelta
from crawler.store.schema import finding, target, template
from crawler.store.schema import note as notes
from crawler.store.seals import finding_things, seal_findings, seal_note
from diffs.model import Change, Note


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recorded:
    """What `Findings.record` has written.

    Attributes:
        stood: The ids of the findings that stood before.
        vanished: Those that stand no more.
    """

    stood: frozenset[str]
    vanished: tuple[Change, ...]


class Findings:
    """Findings by target, and their notes; one transaction a method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, of: Target) -> tuple[Change, ...]:
        """Return the findings that stand, in the order they were recorded."""
        with self._database.reading() as connection:
            query = select(finding).where(finding.c.target_id == of.id, finding.c.vanished.is_(None))
            rows = connection.execute(query.order_by(finding.c.position, finding.c.change_id))
            return tuple(_change_of(row, of) for row in rows)

    def holders(self, change: str) -> tuple[str, ...]:
        """Return the addresses of the targets that have or had a finding of this id, in order.

        Raises:
            InputError: No finding has that id.
        """
        with self._database.reading() as connection:
            query = select(target.c.url).where(target.c.id.in_(targets_with(change)))
            found = tuple(connection.execute(query.order_by(target.c.url)).scalars())
        if not found:
            raise InputError(unknown_id(change))
        return found

    def whole_id(self, typed: str) -> str:
        """Return the id that begins with what was typed, of a finding or a contradiction.

        Raises:
            InputError: No id or more than one begins so, or it is too short to tell.
        """
        with self._database.reading() as connection:
            return whole_id(connection, typed)

    def record(
        self,
        of: Target,
        changes: Iterable[Change],
        *,
        grammar: str,
        parser: str,
        now: datetime,
        evidence: int | None = None,
        alerts: Mapping[str, tuple[Wanted, ...]] | None = None,
        contradictions: Iterable[str] = (),
    ) -> FindingDelta | None:
        """Make these the findings of a target; those no longer found are marked, never deleted.

        Where a newer parser or grammar has found what stands, it stays.

        Args:
            of: The target.
            changes: What was found.
            grammar: The version of the claim grammar that found it.
            parser: The version of the parser.
            now: The time to remember with it (aware UTC).
            evidence: The count of evidence before the changes were found, see `Captures.evidence`.
            alerts: Which channels want which changes, by their ids: those that are new enter the outbox as well. None
                where nothing is announced: the next look that announces makes up for it.
            contradictions: Ids of what else its report prints, so that it can be cited and noted too.

        Returns:
            What is new and what is gone, or None where the evidence is another by now and nothing was written.
        """
        new = {change.id: change for change in changes}
        z = {name: packed(change) for name, change in new.items()}
        written = self._record(
            of,
            z,
            grammar=grammar,
            parser=parser,
            now=now,
            evidence=evidence,
            alerts=alerts,
            contradictions=contradictions,
        )
        if isinstance(written, _Recorded):
            return FindingDelta(
                appeared=tuple(change for name, change in new.items() if name not in written.stood),
                vanished=written.vanished,
                kept=tuple(change for name, change in new.items() if name in written.stood),
            )
        return written

    def record_packed(
        self,
        of: Target,
        z: Mapping[str, bytes],
        *,
        grammar: str,
        parser: str,
        now: datetime,
        evidence: int | None = None,
        contradictions: Iterable[str] = (),
    ) -> FindingDelta | None:
        """Do what `record` does with changes that another process packed, by their ids and in order; `kept` stays empty.

        Nothing is announced; the next look that announces makes up for it.

        Raises:
            StoreError: One that is new cannot be read.
        """
        written = self._record(
            of,
            z,
            grammar=grammar,
            parser=parser,
            now=now,
            evidence=evidence,
            contradictions=contradictions,
        )
        if isinstance(written, _Recorded):
            name = f"a finding of {of.url}"
            new = tuple(unpacked(Change, each, name) for key, each in z.items() if key not in written.stood)
            return FindingDelta(appeared=new, vanished=written.vanished)
        return written

    def is_current(self, of: Target, *, grammar: str, parser: str) -> bool:
        """Return whether this version found what stands, in the evidence as it is now."""
        columns = (
            target.c.evidence,
            target.c.found_evidence,
            target.c.found_by,
            target.c.found_parser,
            target.c.found_grammar,
        )
        with self._database.reading() as connection:
            row = connection.execute(select(*columns).where(target.c.id == of.id)).one()
        found = (row.found_evidence, row.found_by, row.found_parser, row.found_grammar)
        return found == (row.evidence, version("variorum"), _number(parser), _number(grammar))

    def _record(
        self,
        of: Target,
        z: Mapping[str, bytes],
        *,
        grammar: str,
        parser: str,
        now: datetime,
        evidence: int | None,
        contradictions: Iterable[str],
        alerts: Mapping[str, tuple[Wanted, ...]] | None = None,
    ) -> "_Recorded | FindingDelta | None":
        """Write findings down as `record` has it; returns what stood and what is gone, or what `record` is to return."""
        versions = (_number(parser), _number(grammar))
        with self._database.writing() as connection:
            state = connection.execute(
                select(
                    target.c.evidence,
                    target.c.found_parser,
                    target.c.found_grammar,
                    target.c.found_template,
                    target.c.found_by,
                )
                .where(target.c.id == of.id)
                .with_for_update(key_share=True)
            ).one()
            if evidence is not None and state.evidence != evidence:
                return None
            query = select(finding).where(finding.c.target_id == of.id)
            rows = connection.execute(query.order_by(finding.c.position, finding.c.change_id)).all()
            if versions < (state.found_parser, state.found_grammar):
                standing = [row for row in rows if row.vanished is None]
                return FindingDelta(kept=tuple(_change_of(row, of) for row in standing))
            more = keep_contradictions(connection, of.id, contradictions, now)
            known = {row.change_id: row for row in rows}
            made: list[dict[str, Any]] = []
            moved: list[dict[str, Any]] = []
            for position, name in enumerate(z):
                row = known.get(name)
                values = {
                    "position": position,
                    "grammar": grammar,
                    "parser": parser,
                    "vanished": None,
                    "z": z[name],
                }
                if row is None:
                    made.append(values | {"target_id": of.id, "change_id": name, "appeared": now})
                elif any(getattr(row, column) != value for column, value in values.items()):
                    moved.append(values | {"of_change": name})
            vanished = [row for row in rows if row.change_id not in z and row.vanished is None]
            mine = (finding.c.target_id == of.id) & (finding.c.change_id == bindparam("of_change"))
            if made:
                connection.execute(insert(finding), made)
            if moved:
                connection.execute(update(finding).where(mine), moved)
            if vanished:
                gone = [{"vanished": now, "of_change": row.change_id} for row in vanished]
                connection.execute(update(finding).where(mine), gone)
            touched = [*(row["change_id"] for row in made), *(row["of_change"] for row in moved)]
            touched += [row.change_id for row in vanished]
            gone_ids = [row.change_id for row in vanished] or None
            facts = {"parser": parser, "grammar": grammar, "vanished": gone_ids}
            new = [*(row["change_id"] for row in made), *(one for one in more if one not in known)]
            was = finding_things(known[name] for name in touched if name in known)
            seal_findings(connection, of.id, touched, new=new, was=was, at=now, **facts)
            stood = frozenset(name for name, row in known.items() if row.vanished is None)
            read_with = connection.execute(
                select(template.c.hash).where(template.c.target_id == of.id)
            ).scalar()
            way = {
                "found_parser": versions[0],
                "found_grammar": versions[1],
                "found_template": read_with or "",
                "found_by": version("variorum"),
            }
            reread = any(getattr(state, name) != value for name, value in way.items())
            appeared = [name for name in z if name not in stood]
            renamed: list[tuple[str, str]] = []
            if reread and appeared and vanished:
                found_now = [unpacked(Change, z[name], f"a finding of {of.url}") for name in appeared]
                pairs = moved_between(_readable(vanished, of), found_now)
                renamed = [(before.id, after.id) for before, after in pairs]
            note_findings(
                connection,
                of.id,
                appeared=appeared,
                gone=gone_ids or (),
                moved=renamed,
                wanted=alerts,
                reread=reread,
                now=now,
            )
            found = {**way, "found_evidence": evidence}
            connection.execute(update(target).where(target.c.id == of.id).values(found))
        return _Recorded(
            stood=stood,
            vanished=_readable(vanished, of),
        )

    def add_note(self, written: Note) -> None:
        """Keep what a reader said about a finding; saying again what was said last adds nothing.

        Raises:
            InputError: No finding has that id.
        """
        with self._database.writing() as connection:
            if connection.execute(targets_with(written.change).limit(1)).scalar() is None:
                raise InputError(unknown_id(written.change))
            said = {"text": clean(written.text), "dismissed": written.dismissed}
            mine = select(notes).where(notes.c.change_id == written.change)
            last = connection.execute(
                mine.order_by(notes.c.at.desc(), notes.c.id.desc()).limit(1)
            ).one_or_none()
            if last is None or any(getattr(last, name) != value for name, value in said.items()):
                put = insert(notes).values(change_id=written.change, at=written.at, **said)
                seal_note(connection, connection.execute(put.returning(notes.c.id)).scalar_one())
                if written.dismissed:
                    why, remark = Withdrawal.DISMISSED, clean(written.text) or None
                    withdraw(connection, [written.change], now=written.at, why=why, remark=remark)

    def notes(self, of: Target) -> tuple[Note, ...]:
        """Return the notes on a target's findings, vanished ones included, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(notes).where(notes.c.change_id.in_(ids_of(of.id))).order_by(notes.c.at, notes.c.id)
            )
            return tuple(
                Note(change=row.change_id, text=row.text, dismissed=row.dismissed, at=row.at) for row in rows
            )


def _change_of(row: Any, of: Target) -> Change:
    change: Change = unpacked(Change, row.z, f"a finding of {of.url}")
    return change


def _readable(rows: Iterable[Any], of: Target) -> tuple[Change, ...]:
    """Return findings that are gone; a damaged one is left out, so that it hinders no rebuild."""
    found = []
    for row in rows:
        with suppress(StoreError):
            found.append(_change_of(row, of))
    return tuple(found)


def _number(version: str) -> int:
    """Return a version as a number; 0 for a test's name."""
    return int(version) if version.isascii() and version.isdigit() else 0
