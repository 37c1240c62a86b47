"""Articles as deltas over another article of the same page."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the column; an article kept before stands alone until it is read again, and its digest stays."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("article", sa.Column("base", sa.Integer(), nullable=True))
    op.create_table(
        "article_base",
        sa.Column("target_id", number, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("z", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_article_base_target_id_target")),
        sa.PrimaryKeyConstraint("target_id", "number", name=op.f("pk_article_base")),
    )
