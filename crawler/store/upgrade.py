"""Brings a store to this version's schema, or says why it will not touch it."""

import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    insert,
    inspect,
    select,
    text,
    update,
)

from crawler.errors import StoreError
from crawler.store import schema
from crawler.store.engine import is_sqlite, raw_sqlite, writing

# Any number serves, as long as all versions use the same one.
MIGRATION_LOCK = 7_264_190_001
VERSIONS = "crawler.store.migrations.versions"
# The first schema with a log of custody; what a later one holds without a log was taken out of it.
_LOGGED = "0012"
_LOG = logging.getLogger(__name__)
MIGRATION = re.compile(r"r\d{4}_\w+\.py")


@cache
def known_revisions() -> tuple[str, ...]:
    """Return the numbers of all schemas that this version can read, newest first; it writes the first.

    They are read off the names of the migrations, since loading Alembic takes longer than most commands.
    """
    names = (entry.name for entry in files(VERSIONS).iterdir())
    return tuple(sorted((name[1:5] for name in names if MIGRATION.fullmatch(name)), reverse=True))


def head_revision() -> str:
    """Return the number of the schema that this version writes."""
    return known_revisions()[0]


def upgrade(engine: Engine, name: str, *, create: bool, to: str = "head") -> None:
    """Make the schema the newest, after a backup where a SQLite file already holds something.

    Args:
        engine: The database.
        name: What messages call it.
        create: Whether an empty database may become a new store.
        to: Revision to stop at; earlier ones serve tests.

    Raises:
        StoreError: The database is newer, foreign, or unexpectedly empty.
    """
    with engine.connect() as connection:
        found = _revision(connection, name, create=create)
    if found == (head_revision() if to == "head" else to):
        return
    copy = _back_up_first(Path(name), found) if found is not None and is_sqlite(engine) else None
    with _locked(engine) as connection:
        # Another process may have finished the same work while this one waited for the lock.
        now = _revision(connection, name, create=create)
        if now is None and to == "head":
            _make(connection)
        else:
            _migrate(connection, to)
        _check_keys(connection, name)
        if to == "head" and found is not None and found < _LOGGED:
            from crawler.store.seals import begin  # noqa: PLC0415  likewise

            begin(connection)
        _sign(connection)
    if to == "head" and now not in (None, head_revision()):
        kept = (
            ""
            if copy is None
            else f" The store as it was before is kept in {copy}; delete it when you no longer want it."
        )
        _LOG.warning("%s: brought up to date from schema %s to %s.%s", name, found, head_revision(), kept)


def _make(connection: Connection) -> None:
    """Make the newest schema in an empty database at once, and note that no migration is left to run."""
    from crawler.store.partial_indexes import metadata  # noqa: PLC0415  likewise

    metadata.create_all(connection, checkfirst=False)
    revision = Table("alembic_version", MetaData(), Column("version_num", String(32), nullable=False))
    revision.append_constraint(PrimaryKeyConstraint("version_num", name="alembic_version_pkc"))
    revision.create(connection)
    connection.execute(insert(revision).values(version_num=head_revision()))


def _migrate(connection: Connection, to: str) -> None:
    """Run the migrations; Alembic is loaded only here, by the one command in a hundred that needs it."""
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "crawler.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _revision(connection: Connection, name: str, *, create: bool) -> str | None:
    """Return the revision found, or None for an empty database that may become a store."""
    tables = set(inspect(connection).get_table_names())
    if not tables:
        if create:
            return None
        raise StoreError(
            f"{name}: the store is empty; `variorum track URL` starts one, `variorum restore` fills it"
        )
    if not {"alembic_version", "target", "meta"} <= tables:
        raise StoreError(f"{name}: is a database, but not a store of Variorum; name another one")
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if found not in known_revisions():
        by = connection.execute(select(schema.meta.c.value).where(schema.meta.c.name == "variorum")).scalar()
        raise StoreError(
            f"{name}: was written by Variorum {by or 'of a later version'} (schema {found}); this is Variorum "
            f"{version('variorum')} (schema {head_revision()}): upgrade Variorum, or restore the backup made before"
        )
    return str(found)


@contextmanager
def _locked(engine: Engine) -> Iterator[Connection]:
    """Open the one transaction in which everything is upgraded, with nobody else writing."""
    with writing(engine).connect() as connection:
        if is_sqlite(engine):
            # Rebuilding a table drops it, which would cascade or fail with the keys enforced.
            raw_sqlite(connection).execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                if not is_sqlite(engine):
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
                yield connection
        finally:
            if is_sqlite(engine):
                raw_sqlite(connection).execute("PRAGMA foreign_keys = ON")


def _check_keys(connection: Connection, name: str) -> None:
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise StoreError(f"{name}: the upgrade would break references and was undone; please report this")


def _sign(connection: Connection) -> None:
    """Write down which version upgraded, for the message an older one will give."""
    row = {"name": "variorum", "value": version("variorum")}
    changed = connection.execute(update(schema.meta).where(schema.meta.c.name == "variorum").values(row))
    if not changed.rowcount:
        connection.execute(insert(schema.meta).values(row))


def _back_up_first(path: Path, revision: str) -> Path:
    """Copy the file next to itself before the first change, so that the old version can be had back; returns the copy."""
    partial = path.with_name(f"{path.name}.partial-backup")
    whole = path.with_name(f"{path.name}.schema-{revision}.backup")
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(partial)) as copy:
            source.backup(copy)
        partial.replace(whole)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(
            f"{path}: no backup could be made before the upgrade ({error}); nothing was changed"
        ) from error
    return whole
