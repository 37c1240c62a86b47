"""The store at a glance: what needs attention, and every fact that somebody looks for, on one screen."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alert_receivers import receiving
from alert_samples import FACTS as TOLL
from alert_samples import change

from crawler.alerts.delivery import deliver
from crawler.cli import main
from crawler.cli.screen import print_screen
from crawler.config import ArchiveSettings, LimitSettings, Settings
from crawler.maintenance.overview import disks_of, overview_of
from crawler.model import RequestKind
from crawler.store import ChannelRecord, DaemonState, DeliveryFailure, Trouble, open_store
from crawler.store.alert_records import Wanted
from crawler.store.schema import capture, coverage
from diffs.model import Outcome
from store_samples import keep, listed, told, tracked

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
HOST = "web.archive.org"


def settings(where: str, **more) -> Settings:
    return Settings(store=where, reports=Path(where).parent / "reports", **more)


def beat(store, *, ago: float, state=DaemonState.RUNNING) -> None:
    at = NOW - timedelta(seconds=ago)
    store.beat("daemon host 1", started=at, now=at, state=state)


def read_pages(store, host: str, *, good: int, suspect: int) -> None:
    url = f"https://{host}/page"
    target = store.targets.track(url, now=NOW + timedelta(days=1))[0]
    rows = [listed(number, url=url) for number in range(good + suspect)]
    store.captures.observe(target, rows)
    for number, seen in enumerate(list(store.captures.of(target))):
        keep(store, seen, f"{host} {number}".encode(), told(3) if number < good else None)


def test_nothing_is_wrong_with_a_store_that_is_looked_after(store, where):
    beat(store, ago=20)
    assert overview_of(settings(where), store, now=NOW).troubles == ()


@pytest.mark.parametrize(
    ("ago", "state", "trouble"),
    [
        (20, DaemonState.GONE, Trouble.DAEMON_GONE),
        (20, DaemonState.PAUSED, Trouble.DAEMON_PAUSED),
        (121, DaemonState.RUNNING, Trouble.DAEMON_SILENT),
        (119, DaemonState.RUNNING, None),
        (9999, DaemonState.STOPPED, None),
    ],
)
def test_a_daemon_that_does_not_work_needs_attention_and_one_that_was_stopped_none(
    store, where, ago, state, trouble
):
    beat(store, ago=ago, state=state)
    assert overview_of(settings(where), store, now=NOW).troubles == ((trouble,) if trouble else ())


def test_a_watch_that_was_stopped_while_pages_are_due_needs_attention(store, where, capsys):
    beat(store, ago=9999, state=DaemonState.STOPPED)
    due = tracked(store).next_due
    given = settings(where)
    assert overview_of(given, store, now=due - timedelta(seconds=1)).troubles == ()
    assert overview_of(given, store, now=due).troubles == (Trouble.DAEMON_STOPPED,)
    store.beat("worker a", started=due, now=due, state=DaemonState.RUNNING, name="worker a")
    assert overview_of(given, store, now=due).troubles == ()


def test_a_watch_that_is_off_is_said_in_words_and_is_no_failure_unless_asked_for(store, where, capsys):
    tracked(store)
    store.beat("daemon host 1", started=NOW, now=datetime.now(UTC), state=DaemonState.STOPPED)

    assert main(["--store", where, "status"]) == 0
    assert "the watch is off: the daemon was stopped, and pages are due" in " ".join(
        capsys.readouterr().out.split()
    )
    assert main(["--store", where, "status", "--max-age", "300"]) == 1


def test_a_channel_that_takes_nothing_is_named_with_why_since_when_and_how_much_waits(store, where, capsys):
    folder = Path(where).parent
    channels = [{"name": name, "url_file": str(folder / f"{name}.url")} for name in ("desk", "mail")]
    given = settings(where, alerts={"channels": channels})
    target = tracked(store)
    both = tuple(Wanted(channel=name, facts=TOLL, due=NOW) for name in ("desk", "mail", "gone"))
    store.findings.record(
        target, [change(1)], grammar="1", parser="1", now=NOW, alerts={"change-1": both[:2]}
    )
    with receiving() as hook, receiving(refusing=1.0) as bad:
        for name, address in (("desk", hook.address), ("mail", bad.address)):
            (folder / f"{name}.url").write_text(address)
        deliver(store, given.alerts, clock=lambda: NOW)
    record = overview_of(given, store, now=NOW)

    assert Trouble.ALERTS in record.troubles
    assert record.channels == (
        ChannelRecord(name="desk", unsent=0, last_sent=NOW),
        ChannelRecord(name="mail", unsent=1, failed=1, failure=DeliveryFailure.FAILING),
    )
    print_screen(record, given, NOW)
    said = " ".join(capsys.readouterr().out.split())
    assert "alerts do not arrive at mail" in said
    assert "mail: the service fails (5xx); 1 alert unsent; nothing was taken yet" in said
    assert "s3cret" not in said
    (folder / "mail.url").write_text("nosuch://s3cret/")
    deliver(store, given.alerts, clock=lambda: NOW + timedelta(hours=1))
    store.findings.record(
        target, [change(1), change(2)], grammar="1", parser="1", now=NOW, alerts={"change-2": both[2:]}
    )
    record = overview_of(given, store, now=NOW)
    assert [(one.name, one.failure, one.is_set) for one in record.channels] == [
        ("desk", None, True),
        ("gone", None, False),
        ("mail", DeliveryFailure.UNUSABLE, True),
    ]
    print_screen(record, given, NOW)
    said = " ".join(capsys.readouterr().out.split())
    assert "gone: it is not in the settings any more; 1 alert unsent" in said
    assert "mail: its address cannot be used" in said


def test_one_page_of_one_that_waits_for_hours_is_a_backlog(store, where):
    tracked(store)
    due = store.targets.find("https://gazette.example/harbour-fire").next_due
    soon = overview_of(settings(where), store, now=due + timedelta(hours=1))
    late = overview_of(settings(where), store, now=due + timedelta(hours=3))
    assert (soon.due, soon.oldest_due, soon.troubles) == (1, due, ())
    assert late.troubles == (Trouble.BEHIND,)
    assert [visit.at for visit in late.next_visits] == [due]


@pytest.mark.parametrize(
    ("pages", "failed", "wrong"), [(1, 1, True), (3, 2, False), (50, 5, False), (50, 6, True)]
)
def test_all_of_a_few_pages_or_a_tenth_of_many_that_fail_need_attention(store, where, pages, failed, wrong):
    for number in range(pages):
        store.targets.track(f"https://gazette.example/{number}", now=NOW)
    taken = store.queue.claim_due(NOW, limit=failed, lease_seconds=60, worker="w")
    for each in taken:
        store.queue.push_back(each, until=NOW + timedelta(hours=1), error="no answer", worker="w")
    found = overview_of(settings(where), store, now=NOW).troubles
    assert (Trouble.FAILING in found) is wrong


def test_the_budget_is_what_the_next_minute_holds(store, where):
    asked = [store.pacing.reserve(HOST, RequestKind.CDX, per_minute=24, now=NOW) for _ in range(10)]
    store.pacing.succeeded(HOST, now=NOW)
    record = overview_of(settings(where), store, now=NOW)
    (budget,) = record.budgets
    assert asked[-1] == NOW + timedelta(seconds=22.5)
    assert (budget.host, budget.kind, budget.per_minute, budget.left) == (HOST, "cdx", 24, 14)
    assert record.allowed_per_minute == pytest.approx(19.2)
    slower = overview_of(settings(where, limits=LimitSettings(cdx_per_minute=6)), store, now=NOW)
    assert slower.budgets[0].per_minute == 6


def test_an_archive_on_this_machine_has_no_budget_unless_one_is_set(store, where):
    store.pacing.reserve("127.0.0.1:8080", RequestKind.CDX, per_minute=60_000, now=NOW)
    store.pacing.succeeded("127.0.0.1:8080", now=NOW)
    local = {"archive": ArchiveSettings(url="http://127.0.0.1:8080/web", dialect="pywb")}
    (free,) = overview_of(settings(where, **local), store, now=NOW).budgets
    (fixed,) = overview_of(
        settings(where, limits=LimitSettings(cdx_per_minute=6), **local), store, now=NOW
    ).budgets
    assert (free.per_minute, free.left) == (None, None)
    assert (fixed.per_minute, fixed.left) == (6, 6)


def test_a_refusal_and_the_last_success_are_named_by_host(store, where):
    store.pacing.succeeded(HOST, now=NOW - timedelta(hours=2))
    store.pacing.penalise(HOST, now=NOW, reason="connection refused")
    record = overview_of(settings(where), store, now=NOW)
    assert [(one.host, one.penalties, one.last_success) for one in record.hosts] == [
        (HOST, 1, NOW - timedelta(hours=2))
    ]
    assert record.troubles == (Trouble.PENALTY,)


def test_a_site_of_which_half_is_misread_is_named_and_a_tenth_is_none(store, where):
    read_pages(store, "sound.example", good=18, suspect=2)
    assert overview_of(settings(where), store, now=NOW).troubles == ()
    read_pages(store, "lost.example", good=5, suspect=5)
    record = overview_of(settings(where), store, now=NOW)
    assert record.troubles == (Trouble.SUSPECT,)
    assert (record.suspects.read, record.suspects.suspect) == (30, 7)
    assert (record.suspects.worst, record.suspects.worst_read, record.suspects.worst_suspect) == (
        "lost.example",
        10,
        5,
    )


def test_an_error_page_says_nothing_of_the_parser(store, where):
    target = tracked(store)
    store.captures.observe(target, [listed(1, status=404)])
    (seen,) = store.captures.of(target)
    store.captures.mark_unread(seen, Outcome.NOT_ARTICLE, reason="HTTP 404 when captured")
    assert overview_of(settings(where), store, now=NOW).suspects.read == 0


def test_the_disks_and_the_size_of_the_store_are_told(store, where):
    record = overview_of(settings(where), store, now=NOW)
    assert record.store_size >= Path(where).stat().st_size
    assert [disk.free > 0 for disk in record.disks] == [True]
    assert [disk.place for disk in disks_of(settings(where))] == [str(Path(where).parent)]


def test_a_full_disk_needs_attention(store, where, monkeypatch):
    monkeypatch.setattr("crawler.maintenance.overview.ROOM", 10**18)
    assert overview_of(settings(where), store, now=NOW).troubles == (Trouble.DISK,)


FACTS = {
    "troubles": "attention",
    "heartbeat": "daemon",
    "due": "backlog",
    "next_visits": "next",
    "disks": "disk",
    "budgets": "budget",
    "asked_per_minute": "demand",
    "hosts": "answered",
    "pauses": "pause",
    "suspects": "suspect",
    "targets": "pages",
    "captures": "captures",
    "bodies": "bodies",
    "findings": "findings",
    "where": "store",
}


def test_one_screen_and_its_json_form_hold_the_same_facts(tmp_path, monkeypatch, capsys):
    where = str(tmp_path / "v.db")
    monkeypatch.setenv("VARIORUM_STORE", where)
    now = datetime.now(UTC)
    with open_store(where) as store:
        store.beat("daemon host 1", started=now, now=now, state=DaemonState.RUNNING)
        read_pages(store, "sound.example", good=10, suspect=1)
        store.pacing.reserve(HOST, RequestKind.CDX, per_minute=24, now=now)
        store.pacing.succeeded(HOST, now=now)
        store.pacing.pause(HOST, RequestKind.CDX, until=now + timedelta(hours=1), reason="\x1b[31mslow down")
    assert main(["status"]) == 0
    screen = capsys.readouterr().out
    assert main(["status", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)

    labels = [line.split("\t")[0] for line in screen.splitlines()]
    assert set(FACTS.values()) <= set(labels)
    assert {name for name in FACTS if record[name] in (None, [], "")} <= {"troubles"}
    assert labels[0] == "attention"
    assert len(labels) <= 22
    assert "\x1b" not in screen
    assert "1 of the 11 pages read last is not read as an article (9%)" in screen


def test_many_outlets_gone_dark_do_not_fill_the_screen(tmp_path, monkeypatch, capsys):
    where = str(tmp_path / "v.db")
    monkeypatch.setenv("VARIORUM_STORE", where)
    gone = {
        "archive": "wayback",
        "looked": NOW,
        "dark_since": NOW,
        "noticed": NOW,
        "cause": "excluded",
        "z": b"",
    }
    with open_store(where) as store, store.database.writing() as connection:
        rows = [gone | {"scope": f"outlet{number}.example"} for number in range(30)]
        connection.execute(coverage.insert(), rows)
    assert main(["status"]) == 0
    dark = [line for line in capsys.readouterr().out.splitlines() if line.startswith("dark\t")]
    assert len(dark) == 4
    assert "27 outlets more" in dark[-1]


def test_what_an_earlier_version_read_is_what_a_rebuild_reads_again(store, where):
    read_pages(store, "gazette.example", good=2, suspect=1)
    with store.database.writing() as connection:
        connection.execute(capture.update().values(parser="1"))
    assert store.outdated(parser="2", grammar="1").captures == 3
    assert store.outdated(parser="1", grammar="1").captures == 0
    with store.database.writing() as connection:
        connection.execute(capture.update().values(parser="1+0a1b2c3d4e5f"))
    assert store.outdated(parser="1", grammar="1").captures == 0
    with store.database.writing() as connection:
        connection.execute(capture.update().values(parser="1", outcome=Outcome.REDIRECT.value))
    found = store.outdated(parser="2", grammar="1")
    assert (found.captures, found.targets) == (0, 0)


def test_what_is_asked_at_every_scrape_looks_at_no_readings(store, where):
    read_pages(store, "gazette.example", good=2, suspect=1)
    with store.database.writing() as connection:
        connection.execute(capture.update().values(parser="1"))
    told = overview_of(settings(where), store, now=NOW)
    assert told.outdated is not None
    assert (told.outdated.captures, told.outdated.targets) == (3, 1)
    assert overview_of(settings(where), store, now=NOW, readings=False).outdated is None
