"""The outbox of alerts: which findings and troubles are announced where, and what of that was delivered."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from crawler.model import StoredCapture, Target
from crawler.store.alert_tables import alert
from crawler.store.database import Database
from crawler.store.engine import clean
from crawler.store.outbox import About, follow, take_back
from crawler.store.records import AlertState
from crawler.store.schema import note
from crawler.store.troubles import TroubleFacts, read_facts
from diffs.model import History

_OPEN = (AlertState.PENDING.value, AlertState.FAILED.value)
_UNSENT = (*_OPEN, AlertState.HELD.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFacts:
    """What an alert tells, as printed by the page; a message makes it inert.

    Attributes:
        url: The page.
        headline: Its newest headline.
        kind: Which part of it changed.
        type: What happened to that.
        before: The old text or figure, or None.
        after: The new one, or None.
        disclosure: How openly the publisher made the change.
        archive: Name of the archive whose captures show it.
        since: The last capture with the old text (aware UTC, ISO 8601).
        until: The first capture with the new text (likewise).
        link_before: Address of the former capture, or None.
        link_after: Address of the latter, or None.
        report: The page's report.
        what: What changed, as a report's heading puts it.
        step: Of a figure, the old one and the new one as a report puts them.
        counted: Of a figure, what it counts and whose it is.
    """

    url: str
    headline: str
    kind: str
    type: str
    before: str | None
    after: str | None
    disclosure: str
    archive: str
    since: str
    until: str
    link_before: str | None = None
    link_after: str | None = None
    report: str = ""
    what: str = ""
    step: str | None = None
    counted: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """That a channel wants a change.

    Attributes:
        channel: Name of the channel.
        facts: What it is sent.
        due: When (aware UTC).
        held: Whether it waits for a second capture.
        fresh: Whether a capture that bounds the change was fetched since the page was last looked at.
    """

    channel: str
    facts: AlertFacts
    due: datetime
    held: bool = False
    fresh: bool = True


# Which channels want which changes of a history, by the changes' ids.
Alerting = Callable[[Target, History, Sequence[StoredCapture], datetime], Mapping[str, tuple[Wanted, ...]]]
NOTHING: Mapping[str, tuple[Wanted, ...]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRecord:
    """An alert in the outbox.

    Attributes:
        id: The store's number for it.
        change: The finding's `Change.id`, or None where it tells of a trouble.
        channel: Name of the channel.
        about: What it says of its subject.
        made: When it was written (aware UTC).
        state: How it stands.
        tries: How often delivery was begun.
        ask_again: When it is tried next (aware UTC).
        sent: When it was delivered (aware UTC), or None.
        reason: Why it was not, in words, or None.
        facts: What it tells.
    """

    id: int
    change: str | None
    channel: str
    about: About
    made: datetime
    state: AlertState
    tries: int
    ask_again: datetime
    sent: datetime | None
    reason: str | None
    facts: AlertFacts | TroubleFacts


class Alerts:
    """What waits to be delivered, and what was; one transaction a method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, now: datetime, *, channel: str, limit: int) -> tuple[AlertRecord, ...]:
        """Return what a channel is to be sent by now, the oldest leading."""
        query = select(alert).where(
            alert.c.state.in_(_OPEN), alert.c.ask_again <= now, alert.c.channel == channel
        )
        with self._database.reading() as connection:
            return tuple(map(_read, connection.execute(query.order_by(alert.c.id).limit(limit))))

    def claim(self, these: Collection[AlertRecord], *, now: datetime, until: datetime) -> set[int]:
        """Take alerts that are due, so that no other process sends them before `until`; returns those that were free."""
        with self._database.writing() as connection:
            return {
                number
                for number in sorted(each.id for each in these)
                if _claim(connection, number, now, until)
            }

    def note_sent(self, ids: Iterable[int], *, now: datetime) -> None:
        """Write down that alerts were delivered; a finding that was taken back meanwhile is withdrawn now."""
        with self._database.writing() as connection:
            for number in sorted(ids):
                mine = select(alert).where(alert.c.id == number).with_for_update()
                row = connection.execute(mine).one_or_none()
                if row is None:
                    continue  # a withdrawal, of a finding that stands again meanwhile
                sent = {"state": AlertState.SENT.value, "sent_at": now, "reason": None}
                connection.execute(update(alert).where(alert.c.id == number).values(sent))
                if row.state == AlertState.WITHDRAWN.value:
                    follow(connection, row, now)

    def note_failed(self, number: int, *, reason: str, ask_again: datetime) -> None:
        """Write down that an alert was not delivered, and when it is tried next."""
        failed = {"state": AlertState.FAILED.value, "reason": clean(reason), "ask_again": ask_again}
        mine = (alert.c.id == number) & alert.c.state.in_(_OPEN)
        with self._database.writing() as connection:
            connection.execute(update(alert).where(mine).values(failed))

    def add(self, of: Target, wanted: Mapping[str, tuple[Wanted, ...]], *, now: datetime) -> int:
        """Put standing findings into the outbox that are not there yet; returns how many messages that makes."""
        with self._database.writing() as connection:
            return sum(
                _put(connection, of.id, change, each, now) for change, all_ in wanted.items() for each in all_
            )

    def of(self, change: str) -> tuple[AlertRecord, ...]:
        """Return the alerts of a finding, the oldest leading."""
        query = select(alert).where(alert.c.change_id == change).order_by(alert.c.id)
        with self._database.reading() as connection:
            return tuple(map(_read, connection.execute(query)))

    def counts(self) -> Mapping[AlertState, int]:
        """Return how many alerts there are in each state."""
        query = select(alert.c.state, func.count()).group_by(alert.c.state)
        with self._database.reading() as connection:
            found = {AlertState(row[0]): int(row[1]) for row in connection.execute(query)}
        return {state: found[state] for state in AlertState if state in found}

    def channels(self) -> tuple[str, ...]:
        """Return the channels that something waits for, by name."""
        query = select(alert.c.channel).where(alert.c.state.in_(_UNSENT)).distinct()
        with self._database.reading() as connection:
            return tuple(connection.execute(query.order_by(alert.c.channel)).scalars())


def note_findings(
    connection: Connection,
    of: int,
    *,
    appeared: Collection[str],
    gone: Collection[str],
    wanted: Mapping[str, tuple[Wanted, ...]],
    only_fresh: bool,
    now: datetime,
) -> None:
    """Put what is new of a target's findings into the outbox and take back what is gone.

    Args:
        connection: The transaction that stores the findings.
        of: The target's number.
        appeared: Ids of the findings that did not stand before.
        gone: Ids of those that stand no longer.
        wanted: Which channels want which changes.
        only_fresh: Whether only captures fetched since the last look count, as where the pages are read another way now.
        now: The time (aware UTC).
    """
    for change in sorted(set(appeared) & set(wanted)):
        if not _is_dismissed(connection, change):
            for each in wanted[change]:
                if each.fresh or not only_fresh:
                    _put(connection, of, change, each, now)
    if wanted:
        _release(connection, of, wanted)
    if gone:
        withdraw(connection, gone, now=now, of=of)


def withdraw(
    connection: Connection, changes: Collection[str], *, now: datetime, of: int | None = None
) -> None:
    """Take findings back: what was not sent never is, what was sent, or may have been, is withdrawn in a message.

    Args:
        connection: The transaction that takes them back.
        changes: Ids of the findings.
        now: The time (aware UTC).
        of: The target's number, where only its findings of these ids are meant.
    """
    mine = (alert.c.about == About.FOUND.value) & (alert.c.state != AlertState.WITHDRAWN.value)
    if of is not None:
        mine &= alert.c.target_id == of
    for change in sorted(changes):
        # Locked, so that a sender's note does not pass unseen between this look and what follows from it.
        these = select(alert).where(mine, alert.c.change_id == change).order_by(alert.c.id).with_for_update()
        for row in connection.execute(these).all():
            take_back(connection, row, now)


def _is_dismissed(connection: Connection, change: str) -> bool:
    """Return whether the last note on a finding dismisses it."""
    mine = select(note.c.dismissed).where(note.c.change_id == change)
    return bool(connection.execute(mine.order_by(note.c.at.desc(), note.c.id.desc()).limit(1)).scalar())


def _claim(connection: Connection, number: int, now: datetime, until: datetime) -> bool:
    free = (alert.c.id == number) & alert.c.state.in_(_OPEN) & (alert.c.ask_again <= now)
    values = {"state": AlertState.PENDING.value, "tries": alert.c.tries + 1, "ask_again": until}
    return bool(connection.execute(update(alert).where(free).values(values)).rowcount)


def _put(connection: Connection, of: int, change: str, wanted: Wanted, now: datetime) -> bool:
    """Announce a finding to a channel; one that was taken back and is found again is announced again where that was sent."""
    mine = (alert.c.target_id == of) & (alert.c.change_id == change) & (alert.c.channel == wanted.channel)
    known = {row.about: row for row in connection.execute(select(alert).where(mine).with_for_update())}
    state = AlertState.HELD if wanted.held else AlertState.PENDING
    values: dict[str, Any] = {
        "made": now,
        "state": state.value,
        "tries": 0,
        "ask_again": wanted.due,
        "sent_at": None,
        "reason": None,
        "facts": json.dumps(asdict(wanted.facts)),
    }
    found, taken_back = known.get(About.FOUND.value), known.get(About.WITHDRAWN.value)
    if found is None:
        names = {"target_id": of, "change_id": change, "channel": wanted.channel, "about": About.FOUND.value}
        connection.execute(insert(alert).values(names | values))
        return True
    if taken_back is not None:
        connection.execute(delete(alert).where(alert.c.id == taken_back.id))
        if found.state == AlertState.SENT.value and not taken_back.tries:
            return False  # the reader never learnt that it was gone
    elif found.state != AlertState.WITHDRAWN.value:
        return False
    connection.execute(update(alert).where(alert.c.id == found.id).values(values))
    return True


def _release(connection: Connection, of: int, wanted: Mapping[str, tuple[Wanted, ...]]) -> None:
    """Release what waited for a second capture and has it."""
    held = (alert.c.target_id == of) & (alert.c.state == AlertState.HELD.value)
    for row in connection.execute(select(alert.c.id, alert.c.change_id, alert.c.channel).where(held)).all():
        shown = next((w for w in wanted.get(row.change_id, ()) if w.channel == row.channel), None)
        if shown is not None and not shown.held:
            values = {"state": AlertState.PENDING.value, "ask_again": shown.due}
            connection.execute(update(alert).where(alert.c.id == row.id).values(values))


def _read(row: Any) -> AlertRecord:
    return AlertRecord(
        id=row.id,
        change=row.change_id,
        channel=row.channel,
        about=About(row.about),
        made=row.made,
        state=AlertState(row.state),
        tries=row.tries,
        ask_again=row.ask_again,
        sent=row.sent_at,
        reason=row.reason,
        facts=AlertFacts(**json.loads(row.facts)) if row.trouble_id is None else read_facts(row.facts),
    )
