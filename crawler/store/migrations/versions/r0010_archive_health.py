"""The health of each of several archives, and how well each covers an outlet, are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "archive_health",
        sa.Column("archive", sa.String(length=64), nullable=False),
        sa.Column("answered", sa.BigInteger(), nullable=True),
        sa.Column("failed", sa.BigInteger(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ask_again", sa.BigInteger(), nullable=True),
        sa.Column("said", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("archive", name=op.f("pk_archive_health")),
    )
    op.create_table(
        "coverage",
        sa.Column("scope", sa.String(length=2048), nullable=False),
        sa.Column("archive", sa.String(length=64), nullable=False),
        sa.Column("looked", sa.BigInteger(), nullable=False),
        sa.Column("last_article", sa.BigInteger(), nullable=True),
        sa.Column("dark_since", sa.BigInteger(), nullable=True),
        sa.Column("noticed", sa.BigInteger(), nullable=True),
        sa.Column("cause", sa.String(length=16), nullable=True),
        sa.Column("z", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "archive", name=op.f("pk_coverage")),
    )
