"""Troubles: what keeps the watch from seeing, each open once for its cause and subject until it is over."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from crawler.store.alert_tables import alert, trouble
from crawler.store.database import Database
from crawler.store.engine import insert_into
from crawler.store.outbox import About, take_back
from crawler.store.records import AlertState, HostRecord
from crawler.store.schema import capture, heartbeat
from crawler.store.schema import host as hosts
from crawler.store.status import LEADER
from diffs.model import Outcome

# So many of the rows listed last are searched for pages that were read: enough for a few hundred outlets.
_ROWS = 20_000


class Cause(StrEnum):
    """Why the watch sees less than it should."""

    OUTLET_DARK = "outlet_dark"  # an archive no longer captures an outlet's articles
    SOURCE_SILENT = "source_silent"  # a feed, sitemap or front page cannot be read, or is no longer captured
    SITE_MISREAD = "site_misread"  # most pages of a host are no longer read as articles
    PENALTY = "penalty"  # an archive refuses us
    ARCHIVE_SILENT = "archive_silent"  # one of several archives does not answer
    CAPTURE_GONE = "capture_gone"  # an archive no longer serves a capture that findings cite
    CAPTURE_ALTERED = "capture_altered"  # it serves something else in its place
    DISK_LOW = "disk_low"  # hardly any room is left
    STORE_FAILS = "store_fails"  # the store takes nothing
    DAEMON_AWAY = "daemon_away"  # nobody watched for a while


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubleFacts:
    """What is known of a trouble.

    Attributes:
        cause: Why the watch sees less.
        subject: What it is about: a host, an address, a folder; with the cause it tells one trouble from another.
        since: Since when, as far as it is known (aware UTC, ISO 8601), or None.
        until: When it ended, where it is told of afterwards alone, or None.
        host: The outlet's host, where it is about one outlet.
        archive: Name of the archive, where it is about one.
        link: Address of what it is about, or None.
        part: How many pages or captures, or None.
        whole: Of how many, or None.
        detail: What was said of it, in words that nothing reads, or None.
    """

    cause: Cause
    subject: str
    since: str | None = None
    until: str | None = None
    host: str | None = None
    archive: str | None = None
    link: str | None = None
    part: int | None = None
    whole: int | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What an observation brought.

    Attributes:
        began: Troubles that were not open before.
        over: Troubles that are over.
    """

    began: tuple[TroubleFacts, ...] = ()
    over: tuple[TroubleFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HostReadings:
    """How the pages of a host were read.

    Attributes:
        read: Of its pages that were read last, how many there are.
        misread: Those of them that are not read as articles.
        earlier: How many were read before those.
        earlier_misread: Those of them that are not.
    """

    read: int
    misread: int
    earlier: int
    earlier_misread: int


class Troubles:
    """What is open and what was; one transaction a method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self) -> tuple[TroubleFacts, ...]:
        """Return the troubles that are not over, the oldest leading."""
        query = (
            select(trouble.c.facts).where(trouble.c.over.is_(None)).order_by(trouble.c.began, trouble.c.id)
        )
        with self._database.reading() as connection:
            return tuple(map(read_facts, connection.execute(query).scalars()))

    def observe(
        self,
        standing: Iterable[TroubleFacts],
        *,
        past: Iterable[TroubleFacts] = (),
        causes: Collection[Cause],
        channels: Callable[[TroubleFacts], Collection[str]],
        now: datetime,
    ) -> Observed:
        """Open what is new, close what is over, and have both announced in the same transaction.

        Args:
            standing: All that stands of these causes.
            past: What has ended by itself, and is announced once.
            causes: The causes that were looked at.
            channels: Returns the names of the channels that want a trouble.
            now: The time (aware UTC).
        """
        stands = {(one.cause.value, one.subject): one for one in standing}
        began: list[TroubleFacts] = []
        over: list[TroubleFacts] = []
        with self._database.writing() as connection:
            mine = trouble.c.over.is_(None) & trouble.c.cause.in_([cause.value for cause in causes])
            rows = connection.execute(select(trouble).where(mine).order_by(trouble.c.id).with_for_update())
            known = {(row.cause, row.subject): row for row in rows}
            for key, row in known.items():
                if key not in stands:
                    _close(connection, row.id, now)
                    over.append(read_facts(row.facts))
            new = [(one, None) for key, one in stands.items() if key not in known]
            for one, ended in (*new, *((each, now) for each in past)):
                if _begin(connection, one, channels(one), now=now, over=ended):
                    began.append(one)
        return Observed(began=tuple(began), over=tuple(over))

    def last_sign_of_life(self) -> datetime | None:
        """Return when any daemon or worker last showed that it lives (aware UTC), or None where none ever ran."""
        query = select(func.max(heartbeat.c.beat)).where(heartbeat.c.name != LEADER)
        with self._database.reading() as connection:
            found: datetime | None = connection.execute(query).scalar()
            return found

    def refusing(self) -> tuple[HostRecord, ...]:
        """Return the hosts of archives that refused us and have not answered since, by name."""
        query = select(hosts).where(hosts.c.penalties > 0).order_by(hosts.c.host)
        with self._database.reading() as connection:
            return tuple(
                HostRecord(
                    host=row.host,
                    last_success=row.last_success,
                    penalties=row.penalties,
                    penalised=row.penalised,
                )
                for row in connection.execute(query)
            )

    def readings(self, *, last: int, before: int) -> Mapping[str, HostReadings]:
        """Return by host how its pages were read, those that were kept last leading.

        Args:
            last: How many pages of a host are its last.
            before: How many before those are compared with them.
        """
        query = select(capture.c.url, capture.c.outcome, capture.c.fetched, capture.c.id).where(
            capture.c.sha256.is_not(None),
            capture.c.outcome.in_([Outcome.FETCHED.value, Outcome.NOT_ARTICLE.value]),
            (capture.c.served_status.is_(None)) | (capture.c.served_status < 300),
            (capture.c.content_type.is_(None)) | func.lower(capture.c.content_type).contains("html"),
        )
        read: Counter[tuple[str, bool]] = Counter()
        misread: Counter[tuple[str, bool]] = Counter()
        with self._database.reading() as connection:
            # Rows that are only listed are passed over, so that a long list hides nothing that was read.
            rows = connection.execute(query.order_by(capture.c.id.desc()).limit(_ROWS)).all()
            for row in sorted(rows, key=lambda row: (row.fetched, row.id), reverse=True):
                host = row.url.partition("://")[2].partition("/")[0]
                late = read[host, True] < last
                if late or read[host, False] < before:
                    read[host, late] += 1
                    misread[host, late] += row.outcome == Outcome.NOT_ARTICLE.value
        return {
            host: HostReadings(
                read=read[host, True],
                misread=misread[host, True],
                earlier=read[host, False],
                earlier_misread=misread[host, False],
            )
            for host in {key[0] for key in read}
        }


def read_facts(text: str) -> TroubleFacts:
    """Return facts as the store keeps them."""
    kept: dict[str, Any] = json.loads(text)
    return TroubleFacts(**kept | {"cause": Cause(kept["cause"])})


def _begin(
    connection: Connection,
    of: TroubleFacts,
    channels: Collection[str],
    *,
    now: datetime,
    over: datetime | None,
) -> bool:
    """Open a trouble and announce it; returns False where another process has just done so."""
    facts = json.dumps(asdict(of))
    if over is not None:
        same = (trouble.c.cause == of.cause.value) & (trouble.c.subject == of.subject)
        if connection.execute(select(trouble.c.id).where(same).limit(1)).scalar() is not None:
            return False
    values = {"cause": of.cause.value, "subject": of.subject, "began": now, "over": over, "facts": facts}
    put = insert_into(connection, trouble).values(values).on_conflict_do_nothing().returning(trouble.c.id)
    number = connection.execute(put).scalar()
    if number is None:
        return False
    for channel in channels:
        row = {"trouble_id": number, "channel": channel, "about": About.TROUBLE.value, "facts": facts}
        row |= {"made": now, "state": AlertState.PENDING.value, "ask_again": now}
        connection.execute(insert(alert).values(row))
    return True


def _close(connection: Connection, number: int, now: datetime) -> None:
    """Close a trouble: who was sent that it began, or may have been, is sent that it is over, nobody else."""
    connection.execute(update(trouble).where(trouble.c.id == number).values(over=now))
    mine = (alert.c.trouble_id == number) & (alert.c.about == About.TROUBLE.value)
    for row in connection.execute(select(alert).where(mine).order_by(alert.c.id).with_for_update()).all():
        take_back(connection, row, now)
