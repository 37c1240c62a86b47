"""Feeds, sitemaps and front pages are followed, and what they named is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "source",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("followed", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("added", sa.BigInteger(), nullable=False),
        sa.Column("next_due", sa.BigInteger(), nullable=False),
        sa.Column("last_read", sa.BigInteger(), nullable=True),
        sa.Column("last_capture", sa.BigInteger(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("url", name=op.f("uq_source_url")),
    )
    op.create_table(
        "discovery",
        sa.Column("target_id", ROW_ID, nullable=False),
        sa.Column("source_id", ROW_ID, nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_discovery_target_id_target")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_discovery_source_id_source")),
        sa.PrimaryKeyConstraint("target_id", name=op.f("pk_discovery")),
        sa.UniqueConstraint("page", name=op.f("uq_discovery_page")),
    )
    op.create_index("ix_discovery_source_id", "discovery", ["source_id", "at"])
    op.create_table(
        "linked_headline",
        sa.Column("target_id", ROW_ID, nullable=False),
        sa.Column("source_id", ROW_ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["target_id"], ["target.id"], name=op.f("fk_linked_headline_target_id_target")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_linked_headline_source_id_source")
        ),
        sa.PrimaryKeyConstraint("target_id", "source_id", "at", name=op.f("pk_linked_headline")),
    )
