"""The tables of what is announced, as SQLAlchemy sees them."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from crawler.store.schema import ROW_ID, Instant, metadata

# What keeps the watch from seeing, from when it began until it was over; open once for each cause and subject.
trouble = Table(
    "trouble",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("cause", String(32), nullable=False),
    Column("subject", Text, nullable=False),
    Column("began", Instant, nullable=False),
    Column("over", Instant),
    Column("facts", Text, nullable=False),
)

# The outbox: a row for each finding or trouble and channel, and one more when it is withdrawn or over.
alert = Table(
    "alert",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("target_id", ROW_ID, ForeignKey("target.id")),
    Column("change_id", String(128)),
    Column("trouble_id", ROW_ID, ForeignKey("trouble.id")),
    Column("channel", String(64), nullable=False),
    Column("about", String(16), nullable=False),
    Column("made", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("ask_again", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("reason", Text),
    Column("facts", Text, nullable=False),
    Column("failure", String(16)),
    UniqueConstraint("target_id", "change_id", "channel", "about"),
    UniqueConstraint("trouble_id", "channel", "about"),
    Index("ix_alert_state", "state", "ask_again"),
    Index("ix_alert_change", "change_id"),
)
