"""Ids of contradictions and disagreements, so that readers can cite and note them as they do findings."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; it is filled as targets are looked at, and by `variorum rebuild`."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "contradiction",
        sa.Column("target_id", number, nullable=False),
        sa.Column("change_id", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_contradiction_target_id_target")),
        sa.PrimaryKeyConstraint("target_id", "change_id", name=op.f("pk_contradiction")),
    )
    op.create_index("ix_contradiction_change", "contradiction", ["change_id"])
