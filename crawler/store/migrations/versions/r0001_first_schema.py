"""The first schema: targets, captures, bodies, what is derived from them, and the shared limits."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "body",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("base_sha256", sa.String(length=64), nullable=True),
        sa.Column("codec", sa.String(length=16), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("z", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("(base_sha256 IS NULL) = (depth = 0)", name=op.f("ck_body_keyframe")),
        sa.ForeignKeyConstraint(["base_sha256"], ["body.sha256"], name=op.f("fk_body_base_sha256_body")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_body")),
    )
    op.create_index(op.f("ix_body_base_sha256"), "body", ["base_sha256"], unique=False)
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("started", sa.BigInteger(), nullable=False),
        sa.Column("beat", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "host",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("last_success", sa.BigInteger(), nullable=True),
        sa.Column("penalties", sa.Integer(), server_default="0", nullable=False),
        sa.Column("penalised", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_host")),
    )
    op.create_table(
        "meta",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_meta")),
    )
    op.create_table(
        "note",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("change_id", sa.String(length=128), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("dismissed", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    op.create_index(op.f("ix_note_change_id"), "note", ["change_id"], unique=False)
    op.create_table(
        "pacing",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("next_free", sa.BigInteger(), nullable=True),
        sa.Column("paused_until", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("seen", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("host", "kind", name=op.f("pk_pacing")),
    )
    op.create_table(
        "target",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("story", sa.Text(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.Column("added", sa.BigInteger(), nullable=False),
        sa.Column("tracked", sa.Boolean(), nullable=False),
        sa.Column("next_due", sa.BigInteger(), nullable=False),
        sa.Column("interval_seconds", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_looked", sa.BigInteger(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("lease_worker", sa.Text(), nullable=True),
        sa.Column("takes", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint("url", name=op.f("uq_target_url")),
    )
    op.create_index(
        "ix_target_due",
        "target",
        ["next_due"],
        unique=False,
        sqlite_where=sa.text("tracked"),
        postgresql_where=sa.text("tracked"),
    )
    op.create_index(
        "ix_target_lease",
        "target",
        ["lease_worker"],
        unique=False,
        sqlite_where=sa.text("lease_worker IS NOT NULL"),
        postgresql_where=sa.text("lease_worker IS NOT NULL"),
    )
    op.create_index(op.f("ix_target_story"), "target", ["story"], unique=False)
    op.create_table(
        "alias",
        sa.Column("target_id", ROW_ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_alias_target_id_target")),
        sa.PrimaryKeyConstraint("target_id", "url", name=op.f("pk_alias")),
    )
    op.create_table(
        "capture",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("target_id", ROW_ID, nullable=False),
        sa.Column("archive", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("urlkey", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("mimetype", sa.Text(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("digest", sa.Text(), server_default="", nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("served_at", sa.BigInteger(), nullable=True),
        sa.Column("served_status", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("content_type", sa.Text(), nullable=True),
        sa.Column("final_url", sa.Text(), nullable=True),
        sa.Column("redirects", sa.Text(), nullable=True),
        sa.Column("fetched", sa.BigInteger(), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["sha256"], ["body.sha256"], name=op.f("fk_capture_sha256_body")),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_capture_target_id_target")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capture")),
        sa.UniqueConstraint(
            "target_id",
            "at",
            "archive",
            "url",
            "digest",
            name=op.f("uq_capture_target_id_at_archive_url_digest"),
        ),
    )
    op.create_index("ix_capture_outcome", "capture", ["outcome", "target_id"], unique=False)
    op.create_index(op.f("ix_capture_sha256"), "capture", ["sha256"], unique=False)
    op.create_table(
        "finding",
        sa.Column("target_id", ROW_ID, nullable=False),
        sa.Column("change_id", sa.String(length=128), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("grammar", sa.Text(), nullable=False),
        sa.Column("parser", sa.Text(), nullable=False),
        sa.Column("appeared", sa.BigInteger(), nullable=False),
        sa.Column("vanished", sa.BigInteger(), nullable=True),
        sa.Column("z", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_finding_target_id_target")),
        sa.PrimaryKeyConstraint("target_id", "change_id", name=op.f("pk_finding")),
    )
    op.create_index("ix_finding_change", "finding", ["change_id"], unique=False)
    op.create_table(
        "article",
        sa.Column("capture_id", ROW_ID, nullable=False),
        sa.Column("parser", sa.Text(), nullable=False),
        sa.Column("z", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name=op.f("fk_article_capture_id_capture")),
        sa.PrimaryKeyConstraint("capture_id", name=op.f("pk_article")),
    )
