"""The outbox of alerts: which findings and troubles are announced where, and what of that was delivered."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from crawler.model import Target
from crawler.store.alert_records import AlertFacts, AlertRecord, Announced, Wanted
from crawler.store.alert_tables import alert
from crawler.store.alert_upkeep import channel_records, delete_settled
from crawler.store.announcing import put
from crawler.store.channels import ChannelRecord, DeliveryFailure
from crawler.store.database import Database
from crawler.store.outbox import About, Withdrawal, follow
from crawler.store.records import AlertState
from crawler.store.schema import target
from crawler.store.troubles import read_facts

_OPEN = (AlertState.PENDING.value, AlertState.FAILED.value)
_UNSENT = (*_OPEN, AlertState.HELD.value)


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
                sent = {"state": AlertState.SENT.value, "sent_at": now, "failure": None}
                connection.execute(update(alert).where(alert.c.id == number).values(sent))
                if row.state == AlertState.WITHDRAWN.value:
                    follow(connection, row, now, facts=row.facts)

    def note_failed(
        self, ids: Iterable[int], failure: DeliveryFailure, *, ask_again: Callable[[int], datetime]
    ) -> None:
        """Write down that alerts were not delivered, and why.

        Args:
            ids: The alerts.
            failure: Why.
            ask_again: Returns when one is tried next (aware UTC), by how often it was tried.
        """
        with self._database.writing() as connection:
            for number in sorted(ids):
                mine = (alert.c.id == number) & alert.c.state.in_(_OPEN)
                tries = connection.execute(select(alert.c.tries).where(mine).with_for_update()).scalar()
                if tries is not None:
                    values = _failed(failure) | {"ask_again": ask_again(tries)}
                    connection.execute(update(alert).where(mine).values(values))

    def note_unusable(self, channel: str, *, now: datetime) -> None:
        """Write down that what a channel is due cannot be sent as the channel is set; it stays due."""
        values = _failed(DeliveryFailure.UNUSABLE)
        due = alert.c.state.in_(_OPEN) & (alert.c.ask_again <= now) & (alert.c.channel == channel)
        new = (alert.c.state != values["state"]) | alert.c.failure.is_distinct_from(values["failure"])
        with self._database.writing() as connection:
            connection.execute(update(alert).where(due, new).values(values))

    def channel_records(self) -> tuple[ChannelRecord, ...]:
        """Return how the alerts of each channel stand, by the channel's name."""
        with self._database.reading() as connection:
            return channel_records(connection)

    def delete_settled(self, *, before: datetime) -> int:
        """Delete alerts that nothing can follow any more; `crawler.store.alert_upkeep` says which."""
        with self._database.writing() as connection:
            return delete_settled(connection, before=before)

    def add(self, of: Target, wanted: Mapping[str, tuple[Wanted, ...]], *, now: datetime) -> int:
        """Put standing findings into the outbox that are not there yet; returns how many messages that makes."""
        with self._database.writing() as connection:
            return sum(
                put(connection, of.id, change, each, now) for change, all_ in wanted.items() for each in all_
            )

    def announced(self, of: Target) -> Announced:
        """Return up to where what announces has looked at a target."""
        query = select(target.c.announced, target.c.announced_capture).where(target.c.id == of.id)
        with self._database.reading() as connection:
            row = connection.execute(query).one()
        return Announced(at=row.announced, capture=row.announced_capture or 0)

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


def _claim(connection: Connection, number: int, now: datetime, until: datetime) -> bool:
    free = (alert.c.id == number) & alert.c.state.in_(_OPEN) & (alert.c.ask_again <= now)
    values = {"state": AlertState.PENDING.value, "tries": alert.c.tries + 1, "ask_again": until}
    return bool(connection.execute(update(alert).where(free).values(values)).rowcount)


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
        failure=None if row.failure is None else DeliveryFailure(row.failure),
        facts=_facts_of(row.facts) if row.trouble_id is None else read_facts(row.facts),
    )


def _failed(failure: DeliveryFailure) -> dict[str, Any]:
    return {"state": AlertState.FAILED.value, "failure": failure.value}


def _facts_of(text: str) -> AlertFacts:
    """Return facts as the store keeps them."""
    kept: dict[str, Any] = json.loads(text)
    why = kept.get("withdrawn")
    return AlertFacts(**kept | {"withdrawn": None if why is None else Withdrawal(why)})
