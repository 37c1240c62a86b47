"""Puts findings into the outbox as they are recorded, and takes them back, in the transaction that records them."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, delete, func, insert, select, update

from crawler.store.alert_records import Wanted
from crawler.store.alert_tables import alert
from crawler.store.outbox import About, Withdrawal, take_back
from crawler.store.records import AlertState
from crawler.store.schema import capture, note, target
from diffs.model import Outcome

_UNTRIED = (AlertState.PENDING.value, AlertState.FAILED.value)


def note_findings(
    connection: Connection,
    of: int,
    *,
    appeared: Collection[str],
    gone: Collection[str],
    moved: Iterable[tuple[str, str]],
    wanted: Mapping[str, tuple[Wanted, ...]] | None,
    reread: bool,
    now: datetime,
) -> None:
    """Put what is new of a target's findings into the outbox and take back what is gone.

    What is announced depends on what stands and on what was announced before, not on who recorded it: a finding that
    an import or a rebuild recorded is announced by the next look, where its captures are new to that look.

    Args:
        connection: The transaction that stores the findings.
        of: The target's number.
        appeared: Ids of the findings that did not stand before.
        gone: Ids of those that stand no longer.
        moved: Of those, the ones that say the same under another id: the old id, and the new one.
        wanted: Which channels want which changes, or None where nothing is announced now.
        reread: Whether the pages are read another way than when the findings were last recorded.
        now: The time (aware UTC).
    """
    for old, new in moved:
        _rename(connection, of, old, new)
    _keep_back(connection, of, appeared)
    if wanted is not None:
        _announce(connection, of, wanted, now)
        _release(connection, of, wanted)
        connection.execute(
            update(target)
            .where(target.c.id == of)
            .values(
                announced=_newest(of, capture.c.fetched),
                announced_capture=func.coalesce(_newest(of, capture.c.id), 0),
            )
        )
    if gone:
        withdraw(connection, gone, now=now, of=of, why=Withdrawal.REREAD if reread else Withdrawal.CAPTURES)


def withdraw(
    connection: Connection,
    changes: Collection[str],
    *,
    now: datetime,
    why: Withdrawal,
    remark: str | None = None,
    of: int | None = None,
) -> None:
    """Take findings back: what was not sent never is, what was sent, or may have been, is withdrawn in a message.

    Args:
        connection: The transaction that takes them back.
        changes: Ids of the findings.
        now: The time (aware UTC).
        why: Why; of those whose captures turned suspect, that is said.
        remark: What the reader wrote who dismissed them, or None.
        of: The target's number, where only its findings of these ids are meant.
    """
    mine = (alert.c.about == About.FOUND.value) & (alert.c.state != AlertState.WITHDRAWN.value)
    if of is not None:
        mine &= alert.c.target_id == of
    for change in sorted(changes):
        # Locked, so that a sender's note does not pass unseen between this look and what follows from it.
        these = select(alert).where(mine, alert.c.change_id == change).order_by(alert.c.id).with_for_update()
        for row in connection.execute(these).all():
            suspect = why is not Withdrawal.DISMISSED and _is_suspect(connection, row)
            more = {"withdrawn": (Withdrawal.SUSPECT if suspect else why).value, "remark": remark}
            take_back(connection, row, now, more=more)


def _newest(of: int, column: ColumnElement[Any]) -> ScalarSelect[Any]:
    return select(func.max(column)).where(capture.c.target_id == of).scalar_subquery()


def _is_suspect(connection: Connection, row: Any) -> bool:
    """Return whether a capture that bounded the change of an alert is no longer read as an article."""
    facts = json.loads(row.facts)
    ends = [datetime.fromisoformat(facts[name]) for name in ("since", "until")]
    shown = func.coalesce(capture.c.served_at, capture.c.at).in_(ends)
    bad = capture.c.outcome == Outcome.NOT_ARTICLE.value
    query = select(capture.c.id).where(capture.c.target_id == row.target_id, bad, shown).limit(1)
    return connection.execute(query).scalar() is not None


def _announce(
    connection: Connection, of: int, wanted: Mapping[str, tuple[Wanted, ...]], now: datetime
) -> None:
    """Announce what is fresh and never was announced, and, again, what was taken back and stands."""
    if not wanted:
        return
    query = select(alert.c.change_id, alert.c.channel, alert.c.about, alert.c.state)
    known = {
        (row.change_id, row.channel, row.about): row.state
        for row in connection.execute(query.where(alert.c.target_id == of, alert.c.change_id.is_not(None)))
    }
    for change in sorted(wanted):
        for each in wanted[change]:
            found = known.get((change, each.channel, About.FOUND.value))
            back = (change, each.channel, About.WITHDRAWN.value) in known
            is_due = each.fresh if found is None else back or found == AlertState.WITHDRAWN.value
            if is_due and not _is_dismissed(connection, change):
                put(connection, of, change, each, now)


def _keep_back(connection: Connection, of: int, appeared: Collection[str]) -> None:
    """Delete withdrawals that nobody was sent of what stands again."""
    untried = (
        (alert.c.target_id == of)
        & (alert.c.about == About.WITHDRAWN.value)
        & alert.c.state.in_(_UNTRIED)
        & (alert.c.tries == 0)
    )
    again = set(appeared)
    rows = connection.execute(select(alert.c.id, alert.c.change_id).where(untried)).all() if again else []
    for row in rows:
        if row.change_id in again and not _is_dismissed(connection, row.change_id):
            connection.execute(delete(alert).where(alert.c.id == row.id))


def _rename(connection: Connection, of: int, old: str, new: str) -> None:
    """Have the alerts of a finding be those of the one that says the same under another id."""
    if _is_dismissed(connection, old):
        return
    taken = select(alert.c.id).where(alert.c.target_id == of, alert.c.change_id == new).limit(1)
    if connection.execute(taken).scalar() is None:
        mine = (alert.c.target_id == of) & (alert.c.change_id == old)
        connection.execute(update(alert).where(mine).values(change_id=new))


def _is_dismissed(connection: Connection, change: str) -> bool:
    """Return whether the last note on a finding dismisses it."""
    mine = select(note.c.dismissed).where(note.c.change_id == change)
    return bool(connection.execute(mine.order_by(note.c.at.desc(), note.c.id.desc()).limit(1)).scalar())


def put(connection: Connection, of: int, change: str, wanted: Wanted, now: datetime) -> bool:
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
        "failure": None,
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
