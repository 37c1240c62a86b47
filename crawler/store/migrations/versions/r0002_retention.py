"""Room to say that a capture's bytes were let go, when, and what their SHA-256 was."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two columns to `capture`."""
    with op.batch_alter_table("capture") as batch:
        batch.add_column(sa.Column("dropped", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("dropped_sha256", sa.String(length=64), nullable=True))
