"""What can be recomputed from the bytes: articles, findings; and the notes readers put on findings."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, or_, select, update

from crawler.codec import packed, unpacked
from crawler.errors import InputError
from crawler.model import StoredCapture, Target
from crawler.store.captures import clean
from crawler.store.engine import insert_into
from crawler.store.records import FindingDelta
from crawler.store.schema import article as articles
from crawler.store.schema import capture, finding
from crawler.store.schema import note as notes
from diffs.model import Article, Change, Note


def put_article(connection: Connection, seen: StoredCapture, article: Article, parser: str) -> None:
    """Keep the article that a capture shows, in place of an earlier reading."""
    row = {"capture_id": seen.id, "parser": parser, "z": packed(article)}
    put = insert_into(connection, articles).values(row)
    connection.execute(
        put.on_conflict_do_update(
            index_elements=[articles.c.capture_id], set_={"parser": parser, "z": row["z"]}
        )
    )
    change = update(capture).where(capture.c.id == seen.id).values(fingerprint=article.fingerprint)
    connection.execute(change)


def drop_article(connection: Connection, seen: StoredCapture) -> None:
    """Forget the article of a capture that turned out to show none."""
    connection.execute(articles.delete().where(articles.c.capture_id == seen.id))
    connection.execute(update(capture).where(capture.c.id == seen.id).values(fingerprint=None))


def article_of(connection: Connection, seen: StoredCapture) -> Article:
    """Return the article that a capture shows.

    Raises:
        InputError: It shows none.
    """
    z = connection.execute(select(articles.c.z).where(articles.c.capture_id == seen.id)).scalar()
    name = f"{seen.capture.url} {seen.capture.timestamp}"
    if z is None:
        raise InputError(
            f"{name} holds no article: it is {seen.outcome.value} ({seen.reason or 'no bytes kept'})"
        )
    read: Article = unpacked(Article, z, name)
    return read


def articles_of(connection: Connection, of: Target) -> dict[str, Article]:
    """Return a target's distinct articles by fingerprint, each as first captured."""
    order = (capture.c.at, capture.c.archive, capture.c.url, capture.c.digest)
    place = func.row_number().over(partition_by=capture.c.fingerprint, order_by=order).label("place")
    ranked = (
        select(capture.c.fingerprint, articles.c.z, place)
        .join(articles, articles.c.capture_id == capture.c.id)
        .where(capture.c.target_id == of.id)
        .subquery()
    )
    rows = connection.execute(select(ranked.c.fingerprint, ranked.c.z).where(ranked.c.place == 1))
    return {row.fingerprint: unpacked(Article, row.z, f"an article of {of.url}") for row in rows}


def stale(connection: Connection, of: Target, parser: str) -> set[int]:
    """Return the numbers of the captures whose kept bytes another parser judged, article or none."""
    kept = select(capture.c.id).where(capture.c.target_id == of.id, capture.c.sha256.is_not(None))
    other = or_(capture.c.parser.is_(None), capture.c.parser != parser)
    return set(connection.execute(kept.where(other)).scalars())


def note_parser(connection: Connection, seen: StoredCapture, parser: str) -> None:
    """Write down which parser judged a capture's bytes."""
    connection.execute(update(capture).where(capture.c.id == seen.id).values(parser=parser))


def findings(connection: Connection, of: Target) -> tuple[Change, ...]:
    """Return the findings that stand, in the order they were recorded."""
    query = select(finding).where(finding.c.target_id == of.id, finding.c.vanished.is_(None))
    rows = connection.execute(query.order_by(finding.c.position, finding.c.change_id))
    return tuple(unpacked(Change, row.z, f"a finding of {of.url}") for row in rows)


def record_findings(
    connection: Connection, of: Target, changes: Iterable[Change], *, grammar: str, parser: str, now: datetime
) -> FindingDelta:
    """Make these the findings of a target; those no longer found are marked, never deleted."""
    new = {change.id: change for change in changes}
    rows = connection.execute(select(finding).where(finding.c.target_id == of.id).with_for_update()).all()
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


def _is(of: Target, change: str) -> Any:
    return (finding.c.target_id == of.id) & (finding.c.change_id == change)


def add_note(connection: Connection, written: Note) -> None:
    """Keep what a reader said about a finding; saying again what was said last adds nothing.

    Raises:
        InputError: No finding has that id.
    """
    query = select(finding.c.change_id).where(finding.c.change_id == written.change).limit(1)
    if connection.execute(query).scalar() is None:
        raise InputError(f"no finding has the id {written.change}: `variorum report URL` prints the ids")
    said = {"text": clean(written.text), "dismissed": written.dismissed}
    mine = select(notes).where(notes.c.change_id == written.change)
    last = connection.execute(mine.order_by(notes.c.at.desc(), notes.c.id.desc()).limit(1)).one_or_none()
    if last is None or any(getattr(last, name) != value for name, value in said.items()):
        connection.execute(insert(notes).values(change_id=written.change, at=written.at, **said))


def notes_of(connection: Connection, of: Target) -> tuple[Note, ...]:
    """Return the notes on a target's findings, vanished ones included, oldest first."""
    mine = select(finding.c.change_id).where(finding.c.target_id == of.id)
    rows = connection.execute(
        select(notes).where(notes.c.change_id.in_(mine)).order_by(notes.c.at, notes.c.id)
    )
    return tuple(
        Note(change=row.change_id, text=row.text, dismissed=row.dismissed, at=row.at) for row in rows
    )
