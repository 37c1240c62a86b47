"""When a contradiction was no longer found, so that those that stand can be counted."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what was remembered before counts as standing until its target is read again."""
    op.add_column("contradiction", sa.Column("vanished", sa.BigInteger(), nullable=True))
