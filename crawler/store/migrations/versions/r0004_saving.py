"""Room for targets that ask for their own captures, and for which parser judged a capture's bytes."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add four columns to `target` and one to `capture`, filled from the articles there are."""
    with op.batch_alter_table("target") as batch:
        batch.add_column(sa.Column("save", sa.String(length=16), server_default="none", nullable=False))
        batch.add_column(sa.Column("save_asked", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("save_said", sa.Text(), nullable=True))
        batch.add_column(sa.Column("save_refusals", sa.Integer(), server_default="0", nullable=False))
    with op.batch_alter_table("capture") as batch:
        batch.add_column(sa.Column("parser", sa.Text(), nullable=True))
    op.execute(
        "UPDATE capture SET parser = (SELECT parser FROM article WHERE article.capture_id = capture.id)"
    )
