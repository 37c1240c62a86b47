"""The archive's name for a request to capture a page is kept while what became of it is unknown."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    with op.batch_alter_table("target") as batch:
        batch.add_column(sa.Column("save_job", sa.Text(), nullable=True))
