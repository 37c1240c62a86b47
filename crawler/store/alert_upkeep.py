"""What the outbox looks like channel by channel, and which old rows of it are deleted."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Table, delete, func, select

from crawler.store.alert_tables import alert, trouble
from crawler.store.channels import ChannelRecord, DeliveryFailure
from crawler.store.outbox import About
from crawler.store.records import AlertState

_UNSENT = (AlertState.PENDING.value, AlertState.FAILED.value, AlertState.HELD.value)
_PAGE = 500


def channel_records(connection: Connection) -> tuple[ChannelRecord, ...]:
    """Return how the alerts of each channel stand, by the channel's name."""
    query = select(alert.c.channel, alert.c.state, func.count(), func.max(alert.c.sent_at))
    states: dict[str, dict[str, tuple[int, datetime | None]]] = {}
    for name, state, number, sent in connection.execute(query.group_by(alert.c.channel, alert.c.state)):
        states.setdefault(name, {})[state] = (number, sent)
    latest = func.max(alert.c.ask_again)
    failed = select(alert.c.channel, alert.c.failure).where(alert.c.state == AlertState.FAILED.value)
    of_failures = failed.group_by(alert.c.channel, alert.c.failure).order_by(latest)
    failures = {row.channel: row.failure for row in connection.execute(of_failures)}
    return tuple(
        ChannelRecord(
            name=name,
            unsent=sum(found[state][0] for state in _UNSENT if state in found),
            failed=found.get(AlertState.FAILED.value, (0, None))[0],
            failure=_failure(failures[name]) if name in failures else None,
            last_sent=max((sent for _, sent in found.values() if sent is not None), default=None),
        )
        for name, found in sorted(states.items())
    )


def _failure(kept: str | None) -> DeliveryFailure:
    return DeliveryFailure.UNKNOWN if kept is None else DeliveryFailure(kept)


def delete_settled(connection: Connection, *, before: datetime) -> int:
    """Delete alerts that nothing can follow any more; returns how many.

    Those are alerts of findings that were withdrawn and of troubles that are over, all of them sent, or never to be
    sent, before a time. What waits stays, what a finding that stands was announced by stays, since it may yet be
    withdrawn, and the alert that each channel was sent last stays.

    Args:
        connection: The transaction.
        before: The time (aware UTC).
    """
    query = select(alert.c.channel, func.max(alert.c.sent_at)).group_by(alert.c.channel)
    last = {row[0]: row[1] for row in connection.execute(query)}
    back = alert.alias("back")
    pair = (
        (back.c.target_id == alert.c.target_id)
        & (back.c.change_id == alert.c.change_id)
        & (back.c.channel == alert.c.channel)
        & (back.c.about == About.WITHDRAWN.value)
    )
    told = (back.c.state == AlertState.SENT.value) & (back.c.sent_at < before)
    never = back.c.id.is_(None) & (alert.c.state == AlertState.WITHDRAWN.value)
    found = select(alert.c.id, alert.c.channel, back.c.id.label("back"), back.c.sent_at)
    found = found.join(back, pair, isouter=True).where(
        alert.c.about == About.FOUND.value, alert.c.made < before, told | never
    )
    # Locked, so that none is announced again between this look and its deletion.
    found = found.with_for_update(of=alert)
    numbers: list[int] = []
    for row in connection.execute(found).all():
        if row.sent_at is None or row.sent_at < last[row.channel]:
            numbers += [row.id] if row.back is None else [row.id, row.back]
    return _delete(connection, alert, numbers) + _delete_troubles(connection, before, last)


def _delete_troubles(connection: Connection, before: datetime, last: Mapping[str, datetime | None]) -> int:
    """Delete troubles that were over before a time, with their alerts; returns how many of these."""
    query = select(alert, trouble.c.over).join(trouble).where(trouble.c.over < before)
    rows = connection.execute(query.order_by(alert.c.trouble_id)).all()
    open_ = {row.trouble_id for row in rows if row.state in _UNSENT}
    open_ |= {row.trouble_id for row in rows if row.sent_at is not None and row.sent_at >= before}
    open_ |= {row.trouble_id for row in rows if row.sent_at is not None and row.sent_at == last[row.channel]}
    gone = _delete(connection, alert, [row.id for row in rows if row.trouble_id not in open_])
    waiting = select(alert.c.trouble_id).where(alert.c.trouble_id.is_not(None))
    old = (trouble.c.over < before) & trouble.c.id.not_in(waiting)
    connection.execute(delete(trouble).where(old))
    return gone


def _delete(connection: Connection, of: Table, numbers: Sequence[int]) -> int:
    """Delete rows by their numbers; returns how many went."""
    gone = 0
    for start in range(0, len(numbers), _PAGE):
        some = of.c.id.in_(numbers[start : start + _PAGE])
        gone += int(connection.execute(delete(of).where(some)).rowcount)
    return gone
