"""Reads what is stored again, and names what is not as it was."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Select, exists, select, tuple_

from crawler.codec import is_intact
from crawler.errors import StoreError
from crawler.model import Target
from crawler.store.article_bases import JOINED
from crawler.store.bodies import all_bodies, read_body
from crawler.store.database import Database
from crawler.store.headers import read_headers
from crawler.store.raw import made_again
from crawler.store.records import Problem
from crawler.store.schema import article, article_base, capture, coverage, finding, target
from diffs.model import Outcome

PAGE = 500
_AGAIN = "is damaged: `variorum rebuild --all` derives it again"


def problems(database: Database, of: Target | None) -> Iterator[Problem]:
    """Yield every problem of one target's evidence, or of the whole store's."""
    if of is None:
        yield from damage(database)
    else:
        yield from _damaged(database, _names_of(database, of))
    yield from _incomplete(database, of)


def damage(database: Database) -> Iterator[Problem]:
    """Yield what SQLite finds damaged in its tables, and all that is kept and not what it was."""
    yield from _engine_problems(database)
    yield from _derived_problems(database)
    after = ""
    while True:
        with database.reading() as connection:
            names = all_bodies(connection, after)
        if not names:
            return
        yield from _damaged(database, names)
        after = names[-1]


def _damaged(database: Database, names: list[str]) -> Iterator[Problem]:
    for name in names:
        try:
            with database.reading() as connection:
                data = read_body(connection, name)
                found = list(_raw_problems(connection, name, data))
        except StoreError as error:
            yield Problem(what="body", name=name, detail=str(error))
        else:
            yield from found


def _raw_problems(connection: Connection, name: str, data: bytes) -> Iterator[Problem]:
    """Yield captures of a body whose raw bytes are not what was kept, or no longer those of the archive's digest."""
    from crawler.archive.digests import fits  # noqa: PLC0415  its package brings all that speaks to archives

    columns = (capture.c.id, capture.c.at, capture.c.digest, capture.c.digest_fits, capture.c.headers)
    query = select(*columns, capture.c.raw_sha256, capture.c.recipe, target.c.url).join(target)
    sound: dict[tuple[str | None, str | None], bytes | None] = {}
    for row in connection.execute(query.where(capture.c.sha256 == name).order_by(capture.c.id)):
        place = f"{row.url} {row.at:%Y%m%d%H%M%S}"
        try:
            if row.headers is not None:
                read_headers(row.headers)
            key = (row.raw_sha256, row.recipe)
            if key not in sound:
                sound[key] = None if key == (None, None) else made_again(connection, row, data)
        except StoreError as error:
            yield Problem(what="capture", name=place, detail=str(error))
            continue
        raw = sound[key]
        if row.digest_fits and raw is not None and fits(row.digest, (raw, data)) is False:
            detail = "the archive's digest, which its bytes had when they were fetched, is not theirs: restore a backup"
            yield Problem(what="capture", name=place, detail=detail)


def _names_of(database: Database, of: Target) -> list[str]:
    query = select(capture.c.sha256).where(capture.c.target_id == of.id, capture.c.sha256.is_not(None))
    with database.reading() as connection:
        return list(connection.execute(query.distinct().order_by(capture.c.sha256)).scalars())


def _incomplete(database: Database, of: Target | None) -> Iterator[Problem]:
    """Yield captures that say they were fetched but lack their body or their article."""
    bare = ~exists().where(article.c.capture_id == capture.c.id)
    broken = (capture.c.outcome == Outcome.FETCHED.value) & (
        (capture.c.sha256.is_(None) & capture.c.dropped.is_(None)) | bare
    )
    query = select(capture.c.id, target.c.url, capture.c.at, capture.c.sha256, capture.c.dropped).join(target)
    query = query.where(broken).order_by(capture.c.id).limit(PAGE)
    if of is not None:
        query = query.where(capture.c.target_id == of.id)
    after = 0
    while True:
        with database.reading() as connection:
            rows = connection.execute(query.where(capture.c.id > after)).all()
        if not rows:
            return
        for row in rows:
            detail = (
                "was fetched but its body is gone"
                if row.sha256 is None
                else "has no article: run `variorum rebuild`"
            )
            yield Problem(what="capture", name=f"{row.url} {row.at:%Y%m%d%H%M%S}", detail=detail)
        after = rows[-1].id


def _derived_problems(database: Database) -> Iterator[Problem]:
    """Yield articles and findings that cannot be unpacked; those kept by an earlier version carry no checksum."""
    pages = select(article.c.capture_id, article.c.z, article.c.base, article_base.c.z.label("ground"))
    pages = pages.add_columns(target.c.url, capture.c.at)
    pages = pages.select_from(JOINED.join(target, target.c.id == capture.c.target_id))
    after = 0
    while rows := _page(database, pages.where(article.c.capture_id > after).order_by(article.c.capture_id)):
        for row in rows:
            if (row.base is not None and row.ground is None) or not is_intact(row.z, row.ground):
                yield Problem(what="article", name=f"{row.url} {row.at:%Y%m%d%H%M%S}", detail=_AGAIN)
        after = rows[-1].capture_id
    place = (finding.c.target_id, finding.c.change_id)
    last: tuple[int, str] = (0, "")
    while rows := _page(database, select(finding).where(tuple_(*place) > last).order_by(*place)):
        for row in rows:
            if not is_intact(row.z):
                yield Problem(what="finding", name=row.change_id, detail=_AGAIN)
        last = (rows[-1].target_id, rows[-1].change_id)
    with database.reading() as connection:
        looks = connection.execute(select(coverage.c.scope, coverage.c.z)).all()
    for look in looks:
        if not is_intact(look.z):
            again = f"cannot be read: `variorum coverage {look.scope}` looks again"
            yield Problem(what="coverage", name=look.scope, detail=again)


def _page(database: Database, query: Select[Any]) -> Sequence[Any]:
    with database.reading() as connection:
        return connection.execute(query.limit(PAGE)).all()


def _engine_problems(database: Database) -> Iterator[Problem]:
    """Yield what SQLite itself finds damaged."""
    if database.path is None:
        return
    try:
        with database.reading() as connection:
            said = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(20)")]
    except StoreError as error:
        said = [str(error)]
    for line in said:
        if line != "ok":
            yield Problem(what="database", name=database.name, detail=f"{line}: restore a backup")
