"""Up to which evidence the findings of a page were looked at by what announces them."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what a page's last look could see counts as looked at."""
    op.add_column("target", sa.Column("announced", sa.BigInteger(), nullable=True))
    op.add_column("target", sa.Column("announced_capture", sa.BigInteger(), nullable=True))
    op.execute(
        "UPDATE target SET announced = last_looked, "
        "announced_capture = (SELECT COALESCE(MAX(id), 0) FROM capture) WHERE last_looked IS NOT NULL"
    )
