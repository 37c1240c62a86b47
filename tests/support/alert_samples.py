"""Alerts of a made-up fire, for every test of the outbox."""

from datetime import timedelta

from crawler.store import AlertState
from crawler.store.alert_records import AlertFacts, Wanted
from crawler.store.outbox import About
from diffs.model import Change, ChangeKind, ChangeType, Weight
from store_samples import NOW

FACTS = AlertFacts(
    url="https://gazette.example/harbour-fire",
    headline="Fire at the harbour",
    kind="casualty",
    type="increased",
    before="2",
    after="3",
    disclosure="silent",
    archive="wayback",
    since=NOW.isoformat(),
    until=(NOW + timedelta(hours=1)).isoformat(),
)
STAMP = {"grammar": "1", "parser": "1", "now": NOW}


def change(number: int = 1, **fields) -> Change:
    values = {"kind": ChangeKind.CASUALTY, "type": ChangeType.INCREASED, "weight": Weight.SUBSTANTIVE}
    return Change(id=f"change-{number}", **(values | fields))


def wanted(*numbers: int, **fields) -> dict[str, tuple[Wanted, ...]]:
    each = Wanted(**{"channel": "desk", "facts": FACTS, "due": NOW} | fields)
    return {f"change-{number}": (each,) for number in numbers}


def states(store, number: int = 1) -> list[tuple[About, AlertState]]:
    return [(one.about, one.state) for one in store.alerts.of(f"change-{number}")]


def send_all(store) -> None:
    due = store.alerts.due(NOW, channel="desk", limit=99)
    assert store.alerts.claim(due, now=NOW, until=NOW + timedelta(minutes=1)) == {one.id for one in due}
    store.alerts.note_sent([one.id for one in due], now=NOW)
