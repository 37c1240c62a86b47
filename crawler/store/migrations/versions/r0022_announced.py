"""Up to which evidence the findings of a page were looked at by what announces them."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what a page's last look could see, and whatever its findings were recorded from, counts as looked at."""
    op.add_column("target", sa.Column("announced", sa.BigInteger(), nullable=True))
    op.add_column("target", sa.Column("announced_capture", sa.BigInteger(), nullable=True))
    op.execute(
        "UPDATE target SET announced = last_looked, "
        "announced_capture = (SELECT COALESCE(MAX(id), 0) FROM capture) WHERE last_looked IS NOT NULL"
    )
    op.execute(
        "UPDATE target SET announced = (SELECT MAX(fetched) FROM capture WHERE target_id = target.id), "
        "announced_capture = (SELECT COALESCE(MAX(id), 0) FROM capture) WHERE found_parser > 0 "
        "AND (last_looked IS NULL OR (found_evidence = evidence "
        "AND (SELECT MAX(fetched) FROM capture WHERE target_id = target.id) > last_looked))"
    )
