"""The tables of the log of custody, and of captures that were fetched again."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from crawler.store.entry_packing import Digest, Facts
from crawler.store.schema import ROW_ID, Instant, metadata

# What was done with a target's evidence; the hash of an entry is made over that of the one before, too.
custody = Table(
    "custody",
    metadata,
    Column("target_id", ROW_ID, ForeignKey("target.id"), primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("at", Instant),
    Column("act", String(16), nullable=False),
    Column("detail", Facts, nullable=False),
    Column("hash", Digest, nullable=False),
)

# The last entry of each target's chain.
custody_tip = Table(
    "custody_tip",
    metadata,
    Column("target_id", ROW_ID, ForeignKey("target.id"), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)

# The chain of the store, which binds those of the targets; a token is an authority's time stamp of its hash.
custody_head = Table(
    "custody_head",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("heads", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("token", LargeBinary),
)

# What became of captures that findings cite when they were fetched again.
witness = Table(
    "witness",
    metadata,
    Column("capture_id", ROW_ID, ForeignKey("capture.id"), primary_key=True),
    Column("asked", Instant, nullable=False),
    Column("answered", Instant),
    Column("since", Instant),
    Column("verdict", String(16)),
    Column("times", Integer, nullable=False, server_default="0"),
    Column("sha256", String(64)),
    Column("reason", Text),
)

# Captures that archives no longer serve as kept: findings about captures, not about their pages.
evidence_finding = Table(
    "evidence_finding",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("target_id", ROW_ID, ForeignKey("target.id"), nullable=False),
    Column("capture_id", ROW_ID, ForeignKey("capture.id"), nullable=False),
    Column("type", String(16), nullable=False),
    Column("appeared", Instant, nullable=False),
    Column("resolved", Instant),
    Column("sha256", String(64)),
    Column("reason", Text),
    Index("ix_evidence_finding_target_id", "target_id", "appeared"),
    Index("ix_evidence_finding_capture_id", "capture_id"),
)
