"""Facts that were read out of sentences become columns: what failed, who holds a lease, what a save came to."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NOT_NOW = "not now: "
DROPPED = "its bytes were let go, and the captures beside it are read differently now"
PAUSED = "paused: "
DAEMON = "daemon "
SAID = ("saved", "existing", "unknown", "refused")


def upgrade() -> None:
    """Add the columns and the table of workers, and fill them from the sentences there are."""
    with op.batch_alter_table("capture") as batch:
        batch.add_column(sa.Column("failure", sa.String(length=16), nullable=True))
        batch.add_column(sa.Column("tries", sa.Integer(), server_default="0", nullable=False))
        batch.add_column(sa.Column("failed_at", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("ask_again", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("body_limit", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("target") as batch:
        batch.add_column(sa.Column("save_status", sa.String(length=16), nullable=True))
        batch.add_column(sa.Column("evidence", sa.BigInteger(), server_default="0", nullable=False))
        batch.add_column(sa.Column("found_parser", sa.Integer(), server_default="0", nullable=False))
        batch.add_column(sa.Column("found_grammar", sa.Integer(), server_default="0", nullable=False))
    with op.batch_alter_table("heartbeat") as batch:
        batch.add_column(sa.Column("reason", sa.Text(), nullable=True))
    op.create_table(
        "worker",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("pid", sa.BigInteger(), nullable=True),
        sa.Column("born", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker")),
    )
    _carry_captures()
    _carry_targets()
    _carry_beats()


def _carry_captures() -> None:
    """Every failure that was final without proof is asked for again, at once."""
    op.execute("UPDATE capture SET failure = 'unknown', tries = 1 WHERE outcome = 'failed'")
    _run(
        "UPDATE capture SET failure = 'unreachable', reason = substr(reason, :after) "
        "WHERE outcome = 'failed' AND substr(reason, 1, :size) = :words",
        after=len(NOT_NOW) + 1,
        size=len(NOT_NOW),
        words=NOT_NOW,
    )
    _run("UPDATE capture SET failure = 'dropped' WHERE outcome = 'failed' AND reason = :words", words=DROPPED)


def _carry_targets() -> None:
    _run(
        "INSERT INTO worker (name, kind) SELECT DISTINCT lease_worker, "
        "CASE WHEN substr(lease_worker, 1, :size) = :words THEN 'daemon' ELSE 'run' END "
        "FROM target WHERE lease_worker IS NOT NULL",
        size=len(DAEMON),
        words=DAEMON,
    )
    op.execute("UPDATE target SET save_status = 'failed' WHERE save_said IS NOT NULL")
    _run(
        "UPDATE target SET save_status = 'asked', save_said = NULL WHERE save_said = :words",
        words="asked, no answer yet",
    )
    for word in SAID:
        _run(
            "UPDATE target SET save_status = :word, save_said = substr(save_said, :after) "
            "WHERE substr(save_said, 1, :size) = :words",
            word=word,
            words=f"{word}: ",
            size=len(word) + 2,
            after=len(word) + 3,
        )


def _carry_beats() -> None:
    _run(
        "UPDATE heartbeat SET reason = substr(state, :after), state = 'paused' WHERE substr(state, 1, :size) = :words",
        after=len(PAUSED) + 1,
        size=len(PAUSED),
        words=PAUSED,
    )


def _run(statement: str, **values: object) -> None:
    op.get_bind().execute(sa.text(statement), values)
