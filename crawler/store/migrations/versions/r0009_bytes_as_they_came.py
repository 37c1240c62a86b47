"""How a capture's bytes came becomes known: their coding, headers and hash, and how to make them again."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns to `capture`, and a table for raw bytes; of captures kept before, these are not kept."""
    with op.batch_alter_table("capture") as batch:
        batch.add_column(sa.Column("retrieved_at", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("raw_sha256", sa.String(length=64), nullable=True))
        batch.add_column(sa.Column("content_coding", sa.Text(), nullable=True))
        batch.add_column(sa.Column("headers", sa.LargeBinary(), nullable=True))
        batch.add_column(sa.Column("recipe", sa.Text(), nullable=True))
        batch.add_column(sa.Column("archive_src", sa.Text(), nullable=True))
        batch.add_column(sa.Column("imported_at", sa.BigInteger(), nullable=True))
        batch.create_index("ix_capture_raw_sha256", ["raw_sha256"])
    op.create_table(
        "raw_body",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("z", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_raw_body")),
    )
