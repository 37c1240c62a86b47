"""Troubles are open once for a cause and subject, announced once, and once more when they are over."""

from datetime import timedelta

from crawler.store import AlertState, DaemonState
from crawler.store.outbox import About
from crawler.store.troubles import Cause, TroubleFacts
from store_samples import NOW, keep, listed, told, tracked

DARK = TroubleFacts(cause=Cause.OUTLET_DARK, subject="gazette.example wayback", host="gazette.example")
FULL = TroubleFacts(cause=Cause.DISK_LOW, subject="/var/lib")
AWAY = TroubleFacts(
    cause=Cause.DAEMON_AWAY, subject="2026-03-01", since=NOW.isoformat(), until=NOW.isoformat()
)
LATER = NOW + timedelta(hours=1)


def observe(store, *standing, past=(), now=NOW, causes=Cause):
    return store.troubles.observe(
        standing, past=past, causes=list(causes), channels=lambda _: ["desk"], now=now
    )


def outbox(store) -> list[tuple[About, AlertState, str]]:
    with store.database.reading() as connection:
        from sqlalchemy import select

        from crawler.store.alert_tables import alert

        rows = connection.execute(select(alert).order_by(alert.c.id)).all()
    return [(About(row.about), AlertState(row.state), row.channel) for row in rows]


def send_all(store) -> None:
    due = store.alerts.due(LATER, channel="desk", limit=99)
    store.alerts.claim(due, now=LATER, until=LATER + timedelta(minutes=1))
    store.alerts.note_sent([one.id for one in due], now=LATER)


def test_a_trouble_is_announced_once_however_often_it_is_seen_and_once_when_it_is_over(store):
    assert [len(observe(store, DARK, FULL).began) for _ in range(3)] == [2, 0, 0]
    assert store.troubles.open() == (DARK, FULL)
    assert outbox(store) == [(About.TROUBLE, AlertState.PENDING, "desk")] * 2
    send_all(store)
    assert observe(store, FULL, now=LATER).over == (DARK,)
    assert observe(store, FULL, now=LATER).over == ()
    assert outbox(store)[2:] == [(About.OVER, AlertState.PENDING, "desk")]
    assert store.troubles.open() == (FULL,)


def test_a_trouble_that_comes_again_is_another(store):
    for standing in ([DARK], [], [DARK]):
        observe(store, *standing)
        send_all(store)

    assert [about for about, _, _ in outbox(store)] == [About.TROUBLE, About.OVER, About.TROUBLE]


def test_what_is_over_before_it_was_sent_is_never_sent(store):
    observe(store, DARK)
    observe(store)

    assert outbox(store) == [(About.TROUBLE, AlertState.WITHDRAWN, "desk")]
    assert store.alerts.due(LATER, channel="desk", limit=9) == ()


def test_what_may_have_been_sent_is_followed_by_its_end(store):
    observe(store, DARK)
    due = store.alerts.due(NOW, channel="desk", limit=9)
    store.alerts.claim(due, now=NOW, until=LATER)
    observe(store)
    assert outbox(store)[1:] == [(About.OVER, AlertState.PENDING, "desk")]
    store.alerts.note_sent([due[0].id], now=NOW)

    assert outbox(store) == [
        (About.TROUBLE, AlertState.SENT, "desk"),
        (About.OVER, AlertState.PENDING, "desk"),
    ]


def test_a_cause_that_was_not_looked_at_is_not_over(store):
    observe(store, DARK, FULL)
    observe(store, causes=[Cause.OUTLET_DARK])

    assert store.troubles.open() == (FULL,)


def test_what_ended_by_itself_is_announced_once_and_never_open(store):
    for _ in range(2):
        observe(store, past=[AWAY])

    assert outbox(store) == [(About.TROUBLE, AlertState.PENDING, "desk")]
    assert store.troubles.open() == ()


def test_facts_are_kept_as_they_were(store):
    facts = TroubleFacts(
        cause=Cause.SITE_MISREAD, subject="gazette.example", host="gazette.example", part=12, whole=20
    )
    observe(store, facts)
    (kept,) = store.alerts.due(NOW, channel="desk", limit=9)

    assert (kept.facts, kept.change) == (facts, None)


def test_the_last_sign_of_life_is_the_newest_of_any_daemon_or_worker(store):
    assert store.troubles.last_sign_of_life() is None
    for name, hours in (("daemon", 1), ("worker a 1", 3), ("worker b 2", 2)):
        at, state = NOW + timedelta(hours=hours), DaemonState.RUNNING
        store.beat(name, started=at, now=at, state=state, name=name)

    assert store.troubles.last_sign_of_life() == NOW + timedelta(hours=3)


def test_readings_tell_the_last_pages_of_a_host_from_those_before(store):
    url = "https://gazette.example/page"
    target = tracked(store, url)
    store.captures.observe(target, [listed(number, url=url) for number in range(12)])
    for number, seen in enumerate(list(store.captures.of(target))):
        keep(store, seen, str(number).encode(), told(number) if number < 6 else None)
    found = store.troubles.readings(last=5, before=4)["gazette.example"]

    assert (found.read, found.misread, found.earlier, found.earlier_misread) == (5, 5, 4, 1)


def test_readings_do_not_end_where_a_long_list_was_taken_in(store, monkeypatch):
    monkeypatch.setattr("crawler.store.troubles._ROWS", 3)
    url = "https://gazette.example/page"
    target = tracked(store, url)
    store.captures.observe(target, [listed(number, url=url) for number in range(2)])
    for number, seen in enumerate(list(store.captures.of(target))):
        keep(store, seen, str(number).encode(), None)
    store.captures.observe(target, [listed(number, url=url) for number in range(2, 12)])

    assert store.troubles.readings(last=5, before=4)["gazette.example"].read == 2
