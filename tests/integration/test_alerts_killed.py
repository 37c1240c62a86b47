"""A daemon that is killed while it delivers: nothing is lost, and nothing sent twice but what was delivered and not noted."""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alert_receivers import Mailbox, Receiver, mailing, receiving, settings_file
from alert_samples import FACTS, STAMP, change
from sqlalchemy import select

from crawler.store import AlertState, Store, open_store
from crawler.store.alert_records import Wanted
from crawler.store.alert_tables import alert
from store_samples import NOW, URL

VARIORUM = str(Path(sys.executable).parent / "variorum")
CHANNELS = ("hook", "mail")
# Short enough to wait for; a lease outlives each of these messages all the same.
HASTE = "every_seconds = 0.2\nretry_seconds = 0.05\nlease_seconds = 2\n"


@dataclass(kw_only=True)
class Kills:
    """What kills did.

    Attributes:
        done: How many there were.
        between: Deliveries, by channel and finding, that a kill kept from being noted.
    """

    done: int = 0
    between: Counter[tuple[str, str]] = field(default_factory=Counter)


def wait_until(done: Callable[[], object], seconds: float, *, pause: float = 0.05) -> None:
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until, "nothing came in time"
        time.sleep(pause)


def fill(where: str, findings: int) -> None:
    """Record findings that two channels want, of a page that is not due for long."""
    both = tuple(Wanted(channel=name, facts=FACTS, due=NOW) for name in CHANNELS)
    changes = [change(number) for number in range(findings)]
    with open_store(where) as store:
        target, _ = store.targets.track(URL, now=datetime(2999, 1, 1, tzinfo=UTC))
        store.findings.record(target, changes, alerts={one.id: both for one in changes}, **STAMP)


def unsent(store: Store) -> set[tuple[str, str]]:
    """Return what is not noted as sent: channel and finding."""
    query = select(alert.c.channel, alert.c.change_id).where(alert.c.state != AlertState.SENT.value)
    with store.database.reading() as connection:
        return {(row.channel, row.change_id) for row in connection.execute(query)}


def deliver_under_kills(where: str, config: Path, hook: Receiver, box: Mailbox, *, kills: int) -> Kills:
    """Run daemons that are killed while they deliver, and one that may finish; returns what the kills did."""
    chance, done = random.Random(11), Kills()

    def taken() -> Counter[tuple[str, str]]:
        return Counter(
            {
                (name, finding): number
                for name, receiver in zip(CHANNELS, (hook, box), strict=True)
                for finding, number in receiver.ids.items()
            }
        )

    def seen() -> int:
        return len(hook.taken) + hook.refused + len(box.mails)

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen([VARIORUM, "--config", str(config), "daemon"], stderr=subprocess.DEVNULL)

    before = taken()
    with open_store(where) as store:
        for number in range(kills):
            first, daemon = seen(), start()
            # One at whatever moment, one when the hook has a message, one when the mailbox has.
            watched = (None, hook, box)[number % 3]
            try:
                wait_until(lambda first=first: seen() > first, 100)
                assert daemon.poll() is None
                if watched is not None:
                    watched.on_taken = daemon.kill
                    daemon.wait(100)
                time.sleep(chance.random() * 0.25)
            finally:
                daemon.kill()
                daemon.wait(30)
                hook.on_taken = box.on_taken = lambda: None
            for receiver in (hook, box):
                receiver.settle()
            after = taken()
            done.done += 1
            done.between.update(set(after - before) & unsent(store))
            before = after
        daemon = start()
        try:
            wait_until(lambda: set(store.alerts.counts()) == {AlertState.SENT}, 1800, pause=1)
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.wait(60)
    assert daemon.returncode == 0
    return done


def check(findings: int, kills: Kills, hook: Receiver, box: Mailbox) -> None:
    every = {f"change-{number}" for number in range(findings)}
    again = Counter(
        {
            (name, finding): number - 1
            for name, receiver in zip(CHANNELS, (hook, box), strict=True)
            for finding, number in receiver.ids.items()
        }
    )
    assert hook.refused > findings // 4
    assert set(hook.ids) == set(box.ids) == every
    assert +again == kills.between
    assert again.total() <= kills.done * len(CHANNELS)


def run(folder: Path, *, findings: int, kills: int, where: str | None = None) -> str:
    where = where or str(folder / "variorum.db")
    fill(where, findings)
    with receiving(refusing=0.5) as hook, mailing() as (box, address):
        channels = {"hook": (hook.address, ""), "mail": (address, "gap_seconds = 0")}
        config = settings_file(folder, channels, store=where, alerts=HASTE)
        done = deliver_under_kills(where, config, hook, box, kills=kills)
    assert done.done == kills
    assert done.between.total() >= kills // 3 * 2
    check(findings, done, hook, box)
    return (
        f"{findings} findings, {done.done} kills, {done.between.total()} deliveries not noted; "
        f"hook: {sum(hook.ids.values())} taken, {hook.refused} refused; mail: {len(box.mails)} taken"
    )


@pytest.mark.timeout(300)
def test_no_finding_is_lost_by_kills_and_only_what_was_not_noted_is_sent_again(tmp_path) -> None:
    run(tmp_path, findings=16, kills=3)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_none_of_a_thousand_findings_is_lost_by_fifty_kills(tmp_path) -> None:
    sys.stdout.write(run(tmp_path, findings=1000, kills=50))
