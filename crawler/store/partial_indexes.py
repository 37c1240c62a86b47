"""The whole schema, partial indexes included, for what compares it with a database.

They stand apart because SQLAlchemy loads every dialect and driver that an index has options for, which takes longer
than most commands (65 of 600 ms, 2026-11-28); no statement needs to know them.
"""

from sqlalchemy import Index, text

from crawler.store import custody_schema
from crawler.store.alert_tables import trouble
from crawler.store.schema import capture, metadata, target

__all__ = ["custody_schema", "metadata"]

Index(
    "ix_target_due",
    target.c.next_due,
    sqlite_where=text("tracked"),
    postgresql_where=text("tracked"),
)
Index(
    "ix_target_lease",
    target.c.lease_worker,
    sqlite_where=text("lease_worker IS NOT NULL"),
    postgresql_where=text("lease_worker IS NOT NULL"),
)
# Which captures need raw bytes that no recipe makes.
Index(
    "ix_capture_raw_sha256",
    capture.c.raw_sha256,
    sqlite_where=text("recipe = 'whole'"),
    postgresql_where=text("recipe = 'whole'"),
)
Index(
    "uq_trouble_open",
    trouble.c.cause,
    trouble.c.subject,
    unique=True,
    sqlite_where=text("over IS NULL"),
    postgresql_where=text("over IS NULL"),
)
