"""Alerts in a real PostgreSQL: the outbox's own tests again, and senders that work at the same time."""

import importlib.util
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from alert_receivers import mailing, receiving, settings_file
from alert_samples import FACTS, STAMP, change, states, wanted

from crawler.store import AlertState, Store
from crawler.store.alert_records import Wanted
from crawler.store.outbox import About
from crawler.store.troubles import Cause, Observed, TroubleFacts
from store_samples import NOW, tracked

VARIORUM = str(Path(sys.executable).parent / "variorum")
for name in ("test_store_alerts", "test_store_troubles"):
    path = Path(__file__).parents[1] / "unit" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"postgres_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    globals().update({key: value for key, value in vars(module).items() if key.startswith("test_")})


@pytest.mark.timeout(300)
def test_what_four_senders_deliver_at_once_arrives_once_at_each_channel(store, where, tmp_path):
    channels = ("hook", "digest", "mail")
    each = tuple(Wanted(channel=name, facts=FACTS, due=NOW) for name in channels)
    changes = [change(number) for number in range(150)]
    target, alerts = tracked(store), {one.id: each for one in changes}
    store.findings.record(target, changes, alerts=alerts, **STAMP)
    with receiving() as hook, receiving() as digest, mailing() as (box, address):
        config = settings_file(
            tmp_path,
            {
                "hook": (hook.address, ""),
                "digest": (digest.address, 'digest = "hourly"'),
                "mail": (address, "gap_seconds = 0"),
            },
            store=where,
        )
        senders = [subprocess.Popen([VARIORUM, "--config", str(config), "notify"]) for _ in range(4)]
        codes = [sender.wait(240) for sender in senders]

    assert codes == [0] * 4
    assert store.alerts.counts() == {AlertState.SENT: 450}
    for receiver in (hook, digest, box):
        assert set(receiver.ids) == set(alerts)
        assert receiver.ids.total() == 150
    assert len(digest.taken) < 15


def test_a_claim_of_what_another_sender_is_about_to_claim_waits_and_gets_nothing(store):
    store.findings.record(tracked(store), [change(1)], alerts=wanted(1), **STAMP)
    due = store.alerts.due(NOW, channel="desk", limit=9)
    late: list[set[int]] = []
    until = NOW + timedelta(minutes=1)
    other = threading.Thread(target=lambda: late.append(store.alerts.claim(due, now=NOW, until=until)))
    with store.together():
        assert store.alerts.claim(due, now=NOW, until=until) == {due[0].id}
        other.start()
        other.join(0.5)
        assert other.is_alive()
    other.join(30)

    assert late == [set()]


def test_a_finding_that_vanishes_while_its_delivery_is_being_noted_is_withdrawn(store):
    target = tracked(store)
    store.findings.record(target, [change(1)], alerts=wanted(1), **STAMP)
    (mine,) = store.alerts.due(NOW, channel="desk", limit=9)
    store.alerts.claim([mine], now=NOW, until=NOW + timedelta(minutes=1))
    other = threading.Thread(target=lambda: _forget(store, target))
    with store.together():
        store.alerts.note_sent([mine.id], now=NOW)
        other.start()
        other.join(0.5)
        assert other.is_alive()
    other.join(30)

    assert states(store) == [(About.FOUND, AlertState.SENT), (About.WITHDRAWN, AlertState.PENDING)]


def _forget(store: Store, target) -> None:
    store.findings.record(target, [], **STAMP)


def test_a_trouble_that_two_processes_see_at_once_is_announced_once(store):
    facts = TroubleFacts(cause=Cause.DISK_LOW, subject="/var/lib")
    look = {"causes": list(Cause), "channels": lambda _: ["desk"], "now": NOW}
    late: list[Observed] = []
    other = threading.Thread(target=lambda: late.append(store.troubles.observe([facts], **look)))
    with store.together():
        assert store.troubles.observe([facts], **look).began == (facts,)
        other.start()
        other.join(0.5)
        assert other.is_alive()
    other.join(30)

    assert [one.began for one in late] == [()]
    assert store.alerts.counts() == {AlertState.PENDING: 1}
