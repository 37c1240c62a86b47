"""Alerts wait in the store until they are delivered, and a target knows since when it is tracked."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and the columns."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("target", sa.Column("found_template", sa.String(length=12), nullable=True))
    op.add_column("target", sa.Column("tracked_since", sa.BigInteger(), nullable=True))
    op.create_table(
        "trouble",
        sa.Column("id", number, nullable=False),
        sa.Column("cause", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("began", sa.BigInteger(), nullable=False),
        sa.Column("over", sa.BigInteger(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trouble")),
    )
    only_open = sa.text("over IS NULL")
    op.create_index(
        "uq_trouble_open",
        "trouble",
        ["cause", "subject"],
        unique=True,
        sqlite_where=only_open,
        postgresql_where=only_open,
    )
    op.create_table(
        "alert",
        sa.Column("id", number, nullable=False),
        sa.Column("target_id", number, nullable=True),
        sa.Column("change_id", sa.String(length=128), nullable=True),
        sa.Column("trouble_id", number, nullable=True),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("about", sa.String(length=16), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ask_again", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_alert_target_id_target")),
        sa.ForeignKeyConstraint(["trouble_id"], ["trouble.id"], name=op.f("fk_alert_trouble_id_trouble")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint(
            "target_id",
            "change_id",
            "channel",
            "about",
            name=op.f("uq_alert_target_id_change_id_channel_about"),
        ),
        sa.UniqueConstraint("trouble_id", "channel", "about", name=op.f("uq_alert_trouble_id_channel_about")),
    )
    op.create_index("ix_alert_state", "alert", ["state", "ask_again"])
    op.create_index("ix_alert_change", "alert", ["change_id"])
