"""What keeps two writers of one PostgreSQL apart; SQLite has one writer at a time anyway."""

from sqlalchemy import Connection, bindparam, select, text, update

from crawler.store.schema import target

# Any number serves, as long as all versions use the same one.
BODIES_LOCK = 7_264_190_003
_MORE_EVIDENCE = update(target).where(target.c.id == bindparam("of")).values(evidence=target.c.evidence + 1)


def lock_target(connection: Connection, number: int) -> None:
    """Let nobody else write about a target until this transaction ends; taken before anything else is."""
    connection.execute(select(target.c.id).where(target.c.id == number).with_for_update(key_share=True))


def count_evidence(connection: Connection, number: int) -> None:
    """Count a write that may change what a target's history says, which locks the target as well."""
    connection.execute(_MORE_EVIDENCE, {"of": number})


def share_bodies(connection: Connection) -> None:
    """Let nobody drop bodies until this transaction ends; others may keep theirs meanwhile."""
    _advise(connection, "pg_advisory_xact_lock_shared")


def own_bodies(connection: Connection) -> None:
    """Let nobody keep or drop bodies until this transaction ends."""
    _advise(connection, "pg_advisory_xact_lock")


def _advise(connection: Connection, function: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT {function}(:key)"), {"key": BODIES_LOCK})
