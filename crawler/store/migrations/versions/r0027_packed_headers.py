"""Headers packed over a text of usual ones from now on, and an index of only those raw bytes that lie in the store."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index anew; headers stay as they were packed, since the log of custody holds the digest of that."""
    op.drop_index("ix_capture_raw_sha256", table_name="capture")
    whole = sa.text("recipe = 'whole'")
    op.create_index(
        "ix_capture_raw_sha256", "capture", ["raw_sha256"], sqlite_where=whole, postgresql_where=whole
    )
