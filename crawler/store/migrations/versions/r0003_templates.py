"""Room for what a target's neighbours on its site taught about the site's furniture."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table `template`."""
    op.create_table(
        "template",
        sa.Column(
            "target_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.ForeignKey("target.id", name=op.f("fk_template_target_id_target")),
            nullable=False,
        ),
        sa.Column("hash", sa.String(length=12), nullable=False),
        sa.Column("z", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("target_id", name=op.f("pk_template")),
    )
