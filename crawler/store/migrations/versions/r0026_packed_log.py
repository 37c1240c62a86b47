"""The log of custody packed: digests as bytes, facts in their short form, and no hash of the entry before."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from crawler.store.entry_packing import as_kept, digest_bytes

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

PAGE = 1_000


def upgrade() -> None:
    """Write the log again, entry by entry; what each says and its hash stay, whether they fit or not."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.rename_table("custody", "custody_before")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE custody_before RENAME CONSTRAINT pk_custody TO pk_custody_before")
    op.create_table(
        "custody",
        sa.Column("target_id", number, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_custody_target_id_target")),
        sa.PrimaryKeyConstraint("target_id", "position", name=op.f("pk_custody")),
    )
    enter = sa.insert(
        sa.table("custody", *map(sa.column, ("target_id", "position", "at", "act", "detail", "hash")))
    )
    for rows in _pages():
        op.get_bind().execute(
            enter,
            [
                {
                    **{name: getattr(row, name) for name in ("target_id", "position", "at", "act")},
                    "detail": as_kept(row.detail),
                    "hash": digest_bytes(str(row.hash)),
                }
                for row in rows
            ],
        )
    op.drop_table("custody_before")


def _pages() -> Iterator[list[Any]]:
    """Yield the entries in order, so many at a time that memory does not grow with the log."""
    connection = op.get_bind()
    old = sa.table(
        "custody_before", *map(sa.column, ("target_id", "position", "at", "act", "detail", "hash"))
    )
    # Read as bytes, what is no UTF-8 ends nothing.
    detail = sa.cast(old.c.detail, sa.LargeBinary) if connection.dialect.name == "sqlite" else old.c.detail
    key = (old.c.target_id, old.c.position)
    some = sa.select(*key, old.c.at, old.c.act, detail.label("detail"), old.c.hash).order_by(*key).limit(PAGE)
    rows = connection.execute(some).all()
    while rows:
        yield list(rows)
        after = sa.tuple_(sa.literal(rows[-1].target_id), sa.literal(rows[-1].position))
        rows = connection.execute(some.where(sa.tuple_(*key) > after)).all()
