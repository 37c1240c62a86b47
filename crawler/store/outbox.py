"""A row of the outbox: what it says of its subject, and how it is taken back."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, select, update

from crawler.store.alert_tables import alert
from crawler.store.records import AlertState


class About(StrEnum):
    """What an alert says of its subject."""

    FOUND = "found"
    WITHDRAWN = "withdrawn"
    TROUBLE = "trouble"
    OVER = "over"


_BACK = {About.FOUND.value: About.WITHDRAWN.value, About.TROUBLE.value: About.OVER.value}


def take_back(connection: Connection, row: Any, now: datetime) -> None:
    """Take an alert back: not sent, it never is; sent, or perhaps sent, it is followed by one that says so.

    Args:
        connection: The transaction, which has the row locked.
        row: Of a finding or of a trouble that began.
        now: The time (aware UTC).
    """
    if row.state == AlertState.SENT.value:
        follow(connection, row, now)
        return
    state = {"state": AlertState.WITHDRAWN.value}
    connection.execute(update(alert).where(alert.c.id == row.id).values(state))
    if row.state == AlertState.PENDING.value and row.tries:
        # Begun, and whether it arrived is not written down: the reader may have it.
        follow(connection, row, now)


def follow(connection: Connection, row: Any, now: datetime) -> None:
    """Announce to a channel that what it was sent does not stand any more, or is over; once."""
    names = {name: getattr(row, name) for name in ("target_id", "change_id", "trouble_id", "channel")}
    names["about"] = _BACK[row.about]
    mine = [alert.c[name] == value for name, value in names.items()]
    if connection.execute(select(alert.c.id).where(*mine)).scalar() is None:
        values = {"made": now, "state": AlertState.PENDING.value, "ask_again": now, "facts": row.facts}
        connection.execute(insert(alert).values(names | values))
