"""Room for pages read only to learn their site's furniture, and for the listings they are chosen from."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add one column to `target`, and a table."""
    with op.batch_alter_table("target") as batch:
        batch.add_column(
            sa.Column(
                "sibling", sa.Boolean(create_constraint=False), server_default=sa.false(), nullable=False
            )
        )
    op.create_table(
        "site_listing",
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("quarter", sa.String(length=8), nullable=False),
        sa.Column("listed", sa.BigInteger(), nullable=False),
        sa.Column("z", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", "quarter", name=op.f("pk_site_listing")),
    )
