"""What keeps two writers of one PostgreSQL apart; SQLite has one writer at a time anyway."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, case, select, text, update

from crawler.store.schema import MICROSECOND, Instant, target

# Any number serves, as long as all versions use the same one.
BODIES_LOCK = 7_264_190_003
_MORE_EVIDENCE = update(target).where(target.c.id == bindparam("of")).values(evidence=target.c.evidence + 1)
# What announces knows what was fetched until then by the clock of whoever fetched it last. Whoever fetches with a clock behind
# that one, or wrote down when the whole look began, fetches what is not known all the same.
_MORE_FETCHED = _MORE_EVIDENCE.values(
    announced=case(
        (target.c.announced >= bindparam("fetched", type_=Instant), bindparam("before", type_=Instant)),
        else_=target.c.announced,
    )
)


def lock_target(connection: Connection, number: int) -> None:
    """Let nobody else write about a target until this transaction ends; taken before anything else is."""
    connection.execute(select(target.c.id).where(target.c.id == number).with_for_update(key_share=True))


def count_evidence(connection: Connection, number: int) -> None:
    """Count a write that may change what a target's history says, which locks the target as well."""
    connection.execute(_MORE_EVIDENCE, {"of": number})


def count_fetched(connection: Connection, number: int, *, now: datetime) -> None:
    """Count that a capture was fetched, as above, which is news to what announces whatever the clocks show."""
    connection.execute(_MORE_FETCHED, {"of": number, "fetched": now, "before": now - MICROSECOND})


def share_bodies(connection: Connection) -> None:
    """Let nobody drop bodies until this transaction ends; others may keep theirs meanwhile."""
    _advise(connection, "pg_advisory_xact_lock_shared")


def own_bodies(connection: Connection) -> None:
    """Let nobody keep or drop bodies until this transaction ends."""
    _advise(connection, "pg_advisory_xact_lock")


def _advise(connection: Connection, function: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT {function}(:key)"), {"key": BODIES_LOCK})
