"""A row of the outbox: what it says of its subject, and how it is taken back."""

import json
from collections.abc import Mapping
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


class Withdrawal(StrEnum):
    """Why a finding is taken back."""

    SUSPECT = "suspect"  # a page that bounds it is no longer read as an article
    REREAD = "reread"  # the pages are read another way now, and do not show it
    CAPTURES = "captures"  # captures that came later show something else
    DISMISSED = "dismissed"  # a reader dismissed it


_BACK = {About.FOUND.value: About.WITHDRAWN.value, About.TROUBLE.value: About.OVER.value}
NO_FACTS: Mapping[str, Any] = {}


def take_back(connection: Connection, row: Any, now: datetime, *, more: Mapping[str, Any] = NO_FACTS) -> None:
    """Take an alert back: not sent, it never is; sent, or perhaps sent, it is followed by one that says so.

    Args:
        connection: The transaction, which has the row locked.
        row: Of a finding or of a trouble that began.
        now: The time (aware UTC).
        more: What is known beside its facts, such as why it is taken back.
    """
    facts = json.dumps(json.loads(row.facts) | more)
    if row.state == AlertState.SENT.value:
        follow(connection, row, now, facts=facts)
        return
    state = {"state": AlertState.WITHDRAWN.value, "facts": facts}
    connection.execute(update(alert).where(alert.c.id == row.id).values(state))
    if row.state == AlertState.PENDING.value and row.tries:
        # Begun, and whether it arrived is not written down: the reader may have it.
        follow(connection, row, now, facts=facts)


def follow(connection: Connection, row: Any, now: datetime, *, facts: str) -> None:
    """Announce to a channel that what it was sent does not stand any more, or is over; once."""
    names = {name: getattr(row, name) for name in ("target_id", "change_id", "trouble_id", "channel")}
    names["about"] = _BACK[row.about]
    mine = [alert.c[name] == value for name, value in names.items()]
    if connection.execute(select(alert.c.id).where(*mine)).scalar() is None:
        values = {"made": now, "state": AlertState.PENDING.value, "ask_again": now, "facts": facts}
        connection.execute(insert(alert).values(names | values))
