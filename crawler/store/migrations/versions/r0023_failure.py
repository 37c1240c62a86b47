"""What kind of failure kept an alert from being delivered, and why a page belongs to a story or was taken out of it."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table; of what failed and joined before, the reason is not known."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("alert", sa.Column("failure", sa.String(16), nullable=True))
    op.add_column("target_story", sa.Column("why", sa.Text(), nullable=True))
    op.create_table(
        "story_left",
        sa.Column("target_id", number, nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_story_left_target_id_target")),
        sa.PrimaryKeyConstraint("target_id", "story", name=op.f("pk_story_left")),
    )
