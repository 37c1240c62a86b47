"""Which captures show the headline under which a source links a target, and until when it was seen."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; of what was seen before it is not known in which archive, or how long."""
    for name, kind in (
        ("archive", sa.String(length=64)),
        ("url", sa.Text()),
        ("last_at", sa.BigInteger()),
        ("last_archive", sa.String(length=64)),
        ("last_url", sa.Text()),
    ):
        op.add_column("linked_headline", sa.Column(name, kind, nullable=True))
