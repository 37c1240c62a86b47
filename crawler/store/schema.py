"""The tables of the store, as SQLAlchemy sees them."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    literal_column,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """A time as microseconds since 1970 in UTC: exact, sortable, and the same in every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Turn an aware datetime into microseconds."""
        del dialect
        return None if value is None else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Turn microseconds into an aware datetime."""
        del dialect
        return None if value is None else EPOCH + value * MICROSECOND


ROW_ID = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

meta = Table(
    "meta",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

target = Table(
    "target",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("url", Text, nullable=False, unique=True),
    Column("since", Instant),
    Column("added", Instant, nullable=False),
    Column("tracked", Boolean(create_constraint=False), nullable=False),
    Column("next_due", Instant, nullable=False),
    Column("interval_seconds", Integer, nullable=False, server_default="0"),
    Column("last_looked", Instant),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("last_error", Text),
    Column("lease_until", Instant),
    Column("lease_worker", Text),
    Column("takes", Integer, nullable=False, server_default="0"),
    Column("save", String(16), nullable=False, server_default="none"),
    Column("save_asked", Instant),
    Column("save_said", Text),
    Column("save_refusals", Integer, nullable=False, server_default="0"),
    Column("sibling", Boolean(create_constraint=False), nullable=False, server_default=false()),
    Column("save_status", String(16)),
    Column("save_job", Text),
    # Counts every write that may change what the target's history says.
    Column("evidence", BigInteger, nullable=False, server_default="0"),
    # Which parser and grammar found the findings that stand.
    Column("found_parser", Integer, nullable=False, server_default="0"),
    Column("found_grammar", Integer, nullable=False, server_default="0"),
    # The template with which they were found; empty for none, NULL where that was not noted.
    Column("found_template", String(12)),
    # Since when it is tracked, where that is later than `added`.
    Column("tracked_since", Instant),
    # In which evidence, counted as above, and which version of Variorum.
    Column("found_evidence", BigInteger),
    Column("found_by", Text),
    # When what announces last looked at its findings, and the newest capture that was listed then.
    Column("announced", Instant),
    Column("announced_capture", BigInteger),
)
target_story = Table(
    "target_story",
    metadata,
    Column("target_id", ROW_ID, ForeignKey("target.id"), primary_key=True),
    Column("story", Text, primary_key=True, index=True),
    # Why, where a source that is followed for the story named the page.
    Column("why", Text),
)
# What was taken out of a story, so that no source takes it in again.
story_left = Table(
    "story_left",
    metadata,
    Column("target_id", ROW_ID, ForeignKey("target.id"), primary_key=True),
    Column("story", Text, primary_key=True),
)
# As SQLite must read it to see that the partial index serves: `tracked = 1` would not match `tracked`.
TRACKED: ColumnElement[bool] = literal_column("target.tracked")
# Its partial indexes are in `crawler.store.partial_indexes`.

body = Table(
    "body",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("base_sha256", String(64), ForeignKey("body.sha256"), index=True),
    Column("codec", String(16), nullable=False),
    Column("depth", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    Column("z", LargeBinary, nullable=False),
    CheckConstraint("(base_sha256 IS NULL) = (depth = 0)", name="keyframe"),
)

# Bytes as an archive holds them, where no recipe makes them from the body.
raw_body = Table(
    "raw_body",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("z", LargeBinary, nullable=False),
)

capture = Table(
    "capture",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("target_id", ROW_ID, ForeignKey("target.id"), nullable=False),
    Column("archive", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("urlkey", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("mimetype", Text),
    Column("status", Integer),
    Column("digest", Text, nullable=False, server_default=""),
    Column("length", BigInteger),
    Column("outcome", String(16), nullable=False),
    Column("reason", Text),
    Column("served_at", Instant),
    Column("served_status", Integer),
    Column("sha256", String(64), ForeignKey("body.sha256"), index=True),
    Column("content_type", Text),
    Column("final_url", Text),
    Column("redirects", Text),
    Column("fetched", Instant),
    Column("fingerprint", String(64)),
    Column("dropped", Instant),
    Column("dropped_sha256", String(64)),
    Column("parser", Text),
    Column("failure", String(16)),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("failed_at", Instant),
    Column("ask_again", Instant),
    Column("body_limit", BigInteger),
    Column("digest_fits", Boolean(create_constraint=False)),
    Column("retrieved_at", Instant),
    Column("raw_sha256", String(64)),
    Column("content_coding", Text),
    Column("headers", LargeBinary),
    Column("recipe", Text),
    Column("archive_src", Text),
    Column("imported_at", Instant),
    # In this order, so that the same index serves reading in order of time.
    UniqueConstraint("target_id", "at", "archive", "url", "digest"),
    Index("ix_capture_outcome", "outcome", "target_id"),
)

article = Table(
    "article",
    metadata,
    Column("capture_id", ROW_ID, ForeignKey("capture.id"), primary_key=True),
    Column("parser", Text, nullable=False),
    Column("z", LargeBinary, nullable=False),
    Column("base", Integer),
)

# What articles are deltas over, by target; none is ever changed, and a new reading deletes those that nothing is over.
article_base = Table(
    "article_base",
    metadata,
    Column("target_id", ROW_ID, ForeignKey("target.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("z", LargeBinary, nullable=False),
)

finding = Table(
    "finding",
    metadata,
    Column("target_id", ROW_ID, ForeignKey("target.id"), primary_key=True),
    Column("change_id", String(128), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("grammar", Text, nullable=False),
    Column("parser", Text, nullable=False),
    Column("appeared", Instant, nullable=False),
    Column("vanished", Instant),
    Column("z", LargeBinary, nullable=False),
    Index("ix_finding_change", "change_id"),
)

# What else reports print under an id, that readers may cite and note: figures of one version, or archives of one time, that disagree.
contradiction = Table(
    "contradiction",
    metadata,
    Column("target_id", ROW_ID, ForeignKey("target.id"), primary_key=True),
    Column("change_id", String(128), primary_key=True),
    # When a reading first did not find it, None while it stands.
    Column("vanished", Instant),
    Index("ix_contradiction_change", "change_id"),
)

note = Table(
    "note",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("change_id", String(128), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("dismissed", Boolean(create_constraint=False), nullable=False),
    Column("at", Instant, nullable=False),
)

alias = Table(
    "alias",
    metadata,
    Column("target_id", ROW_ID, ForeignKey("target.id"), primary_key=True),
    Column("url", Text, primary_key=True),
)

template = Table(
    "template",
    metadata,
    Column("target_id", ROW_ID, ForeignKey("target.id"), primary_key=True),
    Column("hash", String(12), nullable=False),
    Column("z", LargeBinary, nullable=False),
)

site_listing = Table(
    "site_listing",
    metadata,
    Column("prefix", Text, primary_key=True),
    Column("quarter", String(8), primary_key=True),
    Column("listed", Instant, nullable=False),
    Column("z", LargeBinary, nullable=False),
)

pacing = Table(
    "pacing",
    metadata,
    Column("host", Text, primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("next_free", Instant),
    Column("paused_until", Instant),
    Column("reason", Text),
    Column("seen", Instant),
)

host = Table(
    "host",
    metadata,
    Column("host", Text, primary_key=True),
    Column("last_success", Instant),
    Column("penalties", Integer, nullable=False, server_default="0"),
    Column("penalised", Instant),
)

# Of several archives, which of them answer: one that is ill is left alone for a while.
archive_health = Table(
    "archive_health",
    metadata,
    Column("archive", String(64), primary_key=True),
    Column("answered", Instant),
    Column("failed", Instant),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("ask_again", Instant),
    Column("said", Text),
)

# How well an archive covers a page or a host, as it was last looked at.
coverage = Table(
    "coverage",
    metadata,
    Column("scope", String(2048), primary_key=True),
    Column("archive", String(64), primary_key=True),
    Column("looked", Instant, nullable=False),
    Column("last_article", Instant),
    Column("dark_since", Instant),
    Column("noticed", Instant),
    Column("cause", String(16)),
    Column("z", LargeBinary, nullable=False),
)

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("worker", Text, nullable=False),
    Column("started", Instant, nullable=False),
    Column("beat", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
)

worker = Table(
    "worker",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("place", Text),
    Column("pid", BigInteger),
    Column("born", BigInteger),
)

# Feeds, sitemaps and front pages that name articles.
source = Table(
    "source",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("url", Text, nullable=False, unique=True),
    Column("rules", Text, nullable=False),
    Column("followed", Boolean(create_constraint=False), nullable=False),
    Column("added", Instant, nullable=False),
    Column("next_due", Instant, nullable=False),
    Column("last_read", Instant),
    Column("last_capture", Instant),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("last_error", Text),
)

# Why a target that nobody typed is tracked; `page` is equal for all variants of one page's address.
discovery = Table(
    "discovery",
    metadata,
    Column("target_id", ROW_ID, ForeignKey("target.id"), primary_key=True),
    Column("source_id", ROW_ID, ForeignKey("source.id"), nullable=False),
    Column("page", Text, nullable=False, unique=True),
    Column("at", Instant, nullable=False),
    Column("headline", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("expires", Instant),
    Index("ix_discovery_source_id", "source_id", "at"),
)

# The headline under which a source linked a target, each time it was another one, with its first look and its last.
linked_headline = Table(
    "linked_headline",
    metadata,
    Column("target_id", ROW_ID, ForeignKey("target.id"), primary_key=True),
    Column("source_id", ROW_ID, ForeignKey("source.id"), primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("headline", Text, nullable=False),
    Column("archive", String(64)),
    Column("url", Text),
    Column("last_at", Instant),
    Column("last_archive", String(64)),
    Column("last_url", Text),
)
