"""What a glance at the store should show besides counts: what is next, who answers, what is misread, how large it is."""

from collections import Counter
from pathlib import Path

from sqlalchemy import Connection, and_, func, not_, or_, select, text, tuple_

from crawler.store.records import Budget, HostRecord, NextVisit, Outdated, SuspectRate
from crawler.store.schema import TRACKED, capture, pacing, target
from crawler.store.schema import host as hosts
from diffs.model import Outcome

MOST_VISITS = 3
MOST_HOSTS = 5
# A share of 500 pages is known to within two points; of ten pages, one says nothing and five do.
SAMPLE = 500
FEWEST_OF_HOST = 10
# Most captures of a bisected page are never read: so many of the newest rows are searched for the sample.
ROWS = 50_000


def next_visits(connection: Connection) -> tuple[NextVisit, ...]:
    """Return the next few visits, those that are due included."""
    query = select(target.c.url, target.c.next_due).where(TRACKED)
    rows = connection.execute(query.order_by(target.c.next_due, target.c.id).limit(MOST_VISITS))
    return tuple(NextVisit(url=row.url, at=row.next_due) for row in rows)


def hosts_asked(connection: Connection) -> tuple[HostRecord, ...]:
    """Return the hosts that were asked, the one that answered last leading; those that refuse us lead all."""
    order = (hosts.c.penalties.desc(), func.coalesce(hosts.c.last_success, 0).desc(), hosts.c.host)
    rows = connection.execute(select(hosts).order_by(*order).limit(MOST_HOSTS))
    return tuple(
        HostRecord(
            host=row.host, last_success=row.last_success, penalties=row.penalties, penalised=row.penalised
        )
        for row in rows
    )


def budgets(connection: Connection, hosts_known: tuple[HostRecord, ...]) -> tuple[Budget, ...]:
    """Return when each kind of request may next be sent to these hosts."""
    mine = pacing.c.host.in_([one.host for one in hosts_known]) & pacing.c.next_free.is_not(None)
    rows = connection.execute(select(pacing).where(mine).order_by(pacing.c.host, pacing.c.kind))
    return tuple(Budget(host=row.host, kind=row.kind, next_free=row.next_free) for row in rows)


def suspect_rate(connection: Connection) -> SuspectRate:
    """Count, of the pages that were read last, those that are not read as articles."""
    newest = select(func.max(capture.c.id)).scalar_subquery()
    pages = or_(capture.c.content_type.is_(None), func.lower(capture.c.content_type).contains("html"))
    query = select(capture.c.url, capture.c.outcome).where(
        capture.c.id > newest - ROWS,
        capture.c.sha256.is_not(None),
        capture.c.outcome.in_([Outcome.FETCHED.value, Outcome.NOT_ARTICLE.value]),
        or_(capture.c.served_status.is_(None), capture.c.served_status < 300),
        pages,
    )
    read: Counter[str] = Counter()
    suspect: Counter[str] = Counter()
    for row in connection.execute(query.order_by(capture.c.id.desc()).limit(SAMPLE)):
        host = row.url.partition("://")[2].partition("/")[0]
        read[host] += 1
        suspect[host] += row.outcome == Outcome.NOT_ARTICLE.value
    known = [host for host in read if read[host] >= FEWEST_OF_HOST and suspect[host]]
    worst = max(sorted(known), key=lambda host: suspect[host] / read[host], default=None)
    return SuspectRate(
        read=read.total(),
        suspect=suspect.total(),
        worst=worst,
        worst_read=read[worst] if worst else 0,
        worst_suspect=suspect[worst] if worst else 0,
    )


def outdated(connection: Connection, *, parser: str, grammar: str) -> Outdated:
    """Count the bodies that another version of the parser read, and the targets whose findings an earlier one of either found."""
    own = or_(capture.c.parser == parser, capture.c.parser.startswith(f"{parser}+", autoescape=True))
    # As a rebuild has it, which reads no redirects again.
    shows = capture.c.outcome.in_([Outcome.FETCHED.value, Outcome.NOT_ARTICLE.value])
    read = and_(capture.c.sha256.is_not(None), shows, or_(capture.c.parser.is_(None), not_(own)))
    earlier = tuple_(target.c.found_parser, target.c.found_grammar) < tuple_(int(parser), int(grammar))
    found = and_(target.c.found_evidence.is_not(None), earlier)
    # Of siblings only what they share is learnt, which no rebuild reads again.
    shown = target.c.sibling.is_(False)
    mine = (
        select(capture.c.target_id, func.count().label("captures"))
        .where(read)
        .group_by(capture.c.target_id)
        .subquery()
    )
    theirs = target.outerjoin(mine, mine.c.target_id == target.c.id)
    counted = select(func.coalesce(func.sum(mine.c.captures), 0), func.count()).select_from(theirs)
    captures, targets = connection.execute(
        counted.where(shown, or_(found, mine.c.target_id.is_not(None)))
    ).one()
    return Outdated(captures=int(captures), targets=targets)


def size_on_disk(connection: Connection, path: Path | None) -> int:
    """Return what the store takes in bytes: a SQLite file with its log, or a server's database."""
    if path is None:
        return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
    places = (path, path.with_name(f"{path.name}-wal"))
    return sum(place.stat().st_size for place in places if place.exists())
