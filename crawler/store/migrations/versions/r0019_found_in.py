"""In which evidence the findings that stand were found, and by which version, so that a rebuild leaves alone what is current."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what was found before counts as found in other evidence."""
    op.add_column("target", sa.Column("found_evidence", sa.BigInteger(), nullable=True))
    op.add_column("target", sa.Column("found_by", sa.Text(), nullable=True))
