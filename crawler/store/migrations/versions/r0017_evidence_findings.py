"""Captures that archives no longer serve as kept, as findings of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "evidence_finding",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("target_id", number, nullable=False),
        sa.Column("capture_id", number, nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("appeared", sa.BigInteger(), nullable=False),
        sa.Column("resolved", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["target_id"], ["target.id"], name=op.f("fk_evidence_finding_target_id_target")
        ),
        sa.ForeignKeyConstraint(
            ["capture_id"], ["capture.id"], name=op.f("fk_evidence_finding_capture_id_capture")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_finding")),
    )
    op.create_index("ix_evidence_finding_target_id", "evidence_finding", ["target_id", "appeared"])
    op.create_index("ix_evidence_finding_capture_id", "evidence_finding", ["capture_id"])
