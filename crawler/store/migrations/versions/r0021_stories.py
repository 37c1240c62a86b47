"""A page may belong to several stories."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, move what is known into it, and drop the column for one story."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "target_story",
        sa.Column("target_id", number, nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_target_story_target_id_target")),
        sa.PrimaryKeyConstraint("target_id", "story", name=op.f("pk_target_story")),
    )
    op.create_index(op.f("ix_target_story_story"), "target_story", ["story"])
    op.execute(
        "INSERT INTO target_story (target_id, story) SELECT id, story FROM target WHERE trim(story) <> ''"
    )
    op.drop_index(op.f("ix_target_story"), table_name="target")
    op.drop_column("target", "story")
