"""Whether an archive's digest is that of the bytes it served becomes known of each capture."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of captures kept before, nobody looked."""
    with op.batch_alter_table("capture") as batch:
        batch.add_column(sa.Column("digest_fits", sa.Boolean(create_constraint=False), nullable=True))
