"""Which findings enter the outbox, what becomes of them there, and what a message says of them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from crawler.alerts.delivery import FIRST_PAUSE, LONGEST_PAUSE, deliver, pause_after, service_of
from crawler.alerts.message import inert, message_of
from crawler.alerts.rules import due_of, wants
from crawler.alerts.settings import ChannelSettings
from crawler.config import Settings, load_settings
from crawler.errors import ConfigError
from crawler.maintenance.doctor import findings_of
from crawler.parser import Template
from crawler.store import AlertState
from crawler.store.alerts import About, AlertFacts, Wanted
from crawler.store.schema import finding
from crawler.tracker import Tracker
from diffs.claims import claims_in_text
from diffs.model import Change, ChangeKind, ChangeType, Disclosure, Note, Weight
from store_samples import NOW, tracked

ROOT = Path(__file__).parents[2]
ARCHIVE = ROOT / "seeds" / "demo" / "meridian-courier.warc.gz"
PAGE = "https://www.meridian-courier.example/world/2025/03/11/silver-tern-ferry-port-sarel"
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


def channel(**fields) -> ChannelSettings:
    return ChannelSettings(**{"name": "desk", "url_file": Path("desk.url")} | fields)


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


# ------------------------------------------------------------------------ the outbox


def test_only_what_is_new_enters_the_outbox_and_only_once(store):
    target = tracked(store)
    store.findings.record(target, [change(1)], **STAMP)
    for _ in range(2):
        store.findings.record(target, [change(1), change(2)], alerts=wanted(1, 2), **STAMP)

    assert states(store, 1) == []
    assert states(store, 2) == [(About.FOUND, AlertState.PENDING)]


def test_a_finding_and_its_alert_are_stored_together_or_not_at_all(store):
    target = tracked(store)

    def interrupted() -> None:
        with store.together():
            store.findings.record(target, [change(1)], alerts=wanted(1), **STAMP)
            assert states(store) == [(About.FOUND, AlertState.PENDING)]
            raise RuntimeError

    with pytest.raises(RuntimeError):
        interrupted()

    assert store.findings.of(target) == ()
    assert states(store) == []


def test_a_newer_parser_floods_nobody_but_what_was_fetched_meanwhile_is_announced(store):
    target = tracked(store)
    store.findings.record(target, [], **STAMP)
    alerts = wanted(1, fresh=False) | wanted(2, fresh=True)
    later = STAMP | {"parser": "2"}
    store.findings.record(target, [change(1), change(2)], alerts=alerts, **later)

    assert states(store, 1) == []
    assert states(store, 2) == [(About.FOUND, AlertState.PENDING)]


def test_a_template_learnt_late_floods_nobody(store):
    target = tracked(store)
    store.findings.record(target, [], **STAMP)
    store.templates.adopt(target, Template.learn([(FACTS.url, b"<p>Subscribe to the Gazette</p>")] * 3))
    alerts = wanted(1, fresh=False) | wanted(2, fresh=True)
    store.findings.record(target, [change(1), change(2)], alerts=alerts, **STAMP)

    assert states(store, 1) == []
    assert states(store, 2) == [(About.FOUND, AlertState.PENDING)]
    store.findings.record(target, [change(1), change(2), change(3)], alerts=wanted(3, fresh=False), **STAMP)
    assert states(store, 3) == [(About.FOUND, AlertState.PENDING)]


def test_what_vanishes_unsent_is_never_sent_and_what_was_sent_is_withdrawn_once(store):
    target = tracked(store)
    store.findings.record(target, [change(1)], alerts=wanted(1), **STAMP)
    send_all(store)
    store.findings.record(target, [change(1), change(2)], alerts=wanted(1, 2), **STAMP)
    store.findings.record(target, [], **STAMP)

    assert states(store, 1) == [(About.FOUND, AlertState.SENT), (About.WITHDRAWN, AlertState.PENDING)]
    assert states(store, 2) == [(About.FOUND, AlertState.WITHDRAWN)]
    send_all(store)
    store.findings.record(target, [], **STAMP)
    assert [state for _, state in states(store, 1)] == [AlertState.SENT] * 2


def test_a_dismissed_finding_is_withdrawn_from_those_who_were_sent_it(store):
    target = tracked(store)
    store.findings.record(target, [change(1)], alerts=wanted(1), **STAMP)
    send_all(store)
    store.findings.add_note(Note(change="change-1", text="seen", dismissed=False, at=NOW))
    assert len(states(store)) == 1
    store.findings.add_note(Note(change="change-1", text="wrong", dismissed=True, at=NOW))

    assert states(store)[1:] == [(About.WITHDRAWN, AlertState.PENDING)]


def test_a_dismissed_finding_that_vanishes_and_comes_back_is_not_announced_again(store):
    target = tracked(store)
    store.findings.record(target, [change(1)], alerts=wanted(1), **STAMP)
    send_all(store)
    store.findings.add_note(Note(change="change-1", text="wrong", dismissed=True, at=NOW))
    send_all(store)
    for found in ([], [change(1)]):
        store.findings.record(target, found, alerts=wanted(1), **STAMP)

    assert states(store) == [(About.FOUND, AlertState.SENT), (About.WITHDRAWN, AlertState.SENT)]


def test_a_withdrawal_that_is_on_its_way_while_the_finding_comes_back_is_noted_without_a_failure(store):
    target = tracked(store)
    store.findings.record(target, [change(1)], alerts=wanted(1), **STAMP)
    send_all(store)
    store.findings.record(target, [], **STAMP)
    (on_its_way,) = store.alerts.due(NOW, channel="desk", limit=9)
    store.alerts.claim([on_its_way], now=NOW, until=NOW + timedelta(minutes=1))
    store.findings.record(target, [change(1)], alerts=wanted(1), **STAMP)
    store.alerts.note_sent([on_its_way.id], now=NOW)

    assert states(store) == [(About.FOUND, AlertState.PENDING)]


def test_what_comes_back_before_its_withdrawal_was_sent_needs_no_message(store):
    target = tracked(store)
    for found in ([change(1)], [], [change(1)]):
        store.findings.record(target, found, alerts=wanted(1), **STAMP)
        if found and len(states(store)) == 1 and states(store)[0][1] is AlertState.PENDING:
            send_all(store)

    assert states(store) == [(About.FOUND, AlertState.SENT)]


def test_what_comes_back_after_its_withdrawal_was_sent_is_announced_again(store):
    target = tracked(store)
    store.findings.record(target, [change(1)], alerts=wanted(1), **STAMP)
    send_all(store)
    store.findings.record(target, [], **STAMP)
    send_all(store)
    store.findings.record(target, [change(1)], alerts=wanted(1), **STAMP)

    assert states(store) == [(About.FOUND, AlertState.PENDING)]


def test_what_vanishes_while_it_is_being_sent_is_withdrawn_whether_or_not_the_sender_lived(store):
    target = tracked(store)
    store.findings.record(target, [change(1)], alerts=wanted(1), **STAMP)
    due = store.alerts.due(NOW, channel="desk", limit=9)
    store.alerts.claim(due, now=NOW, until=NOW + timedelta(minutes=1))
    store.findings.record(target, [], **STAMP)
    assert states(store) == [(About.FOUND, AlertState.WITHDRAWN), (About.WITHDRAWN, AlertState.PENDING)]
    store.alerts.note_sent([due[0].id], now=NOW)

    assert states(store) == [(About.FOUND, AlertState.SENT), (About.WITHDRAWN, AlertState.PENDING)]


def test_what_waits_for_a_second_capture_goes_out_when_one_shows_it(store):
    target = tracked(store)
    store.findings.record(target, [change(1)], alerts=wanted(1, held=True), **STAMP)
    assert store.alerts.due(NOW, channel="desk", limit=9) == ()
    store.findings.record(target, [change(1)], alerts=wanted(1, held=True), **STAMP)
    assert states(store) == [(About.FOUND, AlertState.HELD)]
    store.findings.record(target, [change(1)], alerts=wanted(1), **STAMP)

    assert len(store.alerts.due(NOW, channel="desk", limit=9)) == 1


def test_an_alert_is_claimed_by_one_sender_until_its_claim_runs_out(store):
    target = tracked(store)
    store.findings.record(target, [change(1)], alerts=wanted(1), **STAMP)
    due = store.alerts.due(NOW, channel="desk", limit=9)
    until = NOW + timedelta(minutes=1)

    assert store.alerts.claim(due, now=NOW, until=until) == {due[0].id}
    assert store.alerts.claim(due, now=NOW, until=until) == set()
    assert store.alerts.claim(due, now=until, until=until + timedelta(minutes=1)) == {due[0].id}


def test_a_page_watched_later_than_it_was_known_is_tracked_since_then(store):
    known = store.targets.ensure("https://gazette.example/known", NOW)
    later = NOW + timedelta(days=9)
    target, _ = store.targets.track(known.url, now=later)
    again, _ = store.targets.track(known.url, now=later + timedelta(days=1))

    assert (target.added, target.tracked_since, again.tracked_since) == (NOW, later, later)


# ------------------------------------------------------------------------ the rules


def claim(text: str):
    return claims_in_text(text)[0]


@pytest.mark.parametrize(
    ("fields", "of", "is_wanted"),
    [
        ({}, {}, True),
        ({}, {"weight": Weight.MINOR}, False),
        ({"weight": "minor"}, {"weight": Weight.MINOR}, True),
        ({"kinds": ["headline"]}, {}, False),
        ({"kinds": ["headline", "casualty"]}, {}, True),
        ({"disclosure": "silent"}, {"disclosure": Disclosure.SILENT}, True),
        ({"disclosure": "silent"}, {"disclosure": Disclosure.CORRECTION}, False),
        ({"disclosure": "declared"}, {"disclosure": Disclosure.CORRECTION}, True),
        ({"disclosure": "declared"}, {"disclosure": Disclosure.UNKNOWN}, False),
        ({}, {"told_by": ("change-2",)}, False),
    ],
)
def test_a_channel_is_sent_what_its_settings_ask_for(fields, of, is_wanted):
    assert wants(channel(**fields), change(**of)) is is_wanted


@pytest.mark.parametrize(("percent", "is_wanted"), [(10, True), (10.1, False)])
def test_a_threshold_is_in_per_cent_of_the_old_figure(percent, is_wanted):
    moved = change(
        claim_before=claim("The flood killed 50 people."), claim_after=claim("The flood killed 55 people.")
    )

    assert wants(channel(threshold=percent), moved) is is_wanted
    assert wants(channel(threshold=percent), change(kind=ChangeKind.HEADLINE))


def test_a_digest_is_due_at_the_end_of_its_hour_or_day():
    now = datetime(2026, 2, 28, 22, 30, tzinfo=UTC)

    assert due_of(channel(), now) == now
    assert due_of(channel(digest="hourly"), now) == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert due_of(channel(digest="daily"), now) == datetime(2026, 3, 1, tzinfo=UTC)


def demo(folder: Path, **fields) -> Settings:
    (folder / "desk.url").write_text("json://127.0.0.1:9/")
    desk = {"name": "desk", "url_file": str(folder / "desk.url")} | fields
    return Settings.model_validate(
        {
            "store": str(folder / "variorum.db"),
            "archive": {"dialect": "warc", "url": str(ARCHIVE)},
            "alerts": {"channels": [desk]},
        }
    )


def looked_at(folder: Path, *, since: datetime, **fields):
    """Return the alerts, and the changes of substance by when they were seen, of the demo's page tracked since then."""
    with Tracker.open(demo(folder, **fields), clock=lambda: since) as tracker:
        tracker.track(PAGE)
    with Tracker.open(demo(folder, **fields), clock=lambda: NOW) as tracker:
        assert [visited.error for visited in tracker.visit()] == [None]
        steps = tracker.history(PAGE).transitions
        due = tracker.store.alerts.due(NOW, channel="desk", limit=999)
    seen = {one.id: step.interval.until.at for step in steps for one in step.changes if wants(channel(), one)}
    return due, seen


def test_changes_from_before_the_page_was_tracked_are_never_announced(tmp_path):
    noon = datetime(2025, 3, 12, tzinfo=UTC)
    due, seen = looked_at(tmp_path, since=noon)

    late = {name for name, at in seen.items() if at > noon}
    assert {one.change for one in due} == late
    assert 0 < len(late) < len(seen)


def test_a_first_backfill_announces_nothing(tmp_path):
    with Tracker.open(demo(tmp_path), clock=lambda: NOW) as tracker:
        assert tracker.backfill(PAGE).findings.appeared
        assert tracker.store.alerts.counts() == {}


def test_an_import_and_a_rebuild_announce_nothing_even_of_a_page_tracked_before(tmp_path):
    with Tracker.open(demo(tmp_path), clock=lambda: NOW) as tracker:
        target, _ = tracker.store.targets.track(PAGE, now=datetime(2025, 3, 1, tzinfo=UTC))
        tracker.holdings.import_(ARCHIVE)
        found = tracker.store.findings.of(target)
        with tracker.store.database.writing() as connection:
            connection.execute(delete(finding))
        list(tracker.holdings.rebuild(PAGE))

        assert found
        assert tracker.store.findings.of(target) == found
        assert tracker.store.alerts.counts() == {}


def test_other_pages_stories_and_outlets_are_left_out(tmp_path):
    since = datetime(2025, 3, 1, tzinfo=UTC)
    for number, (fields, some) in enumerate(
        [
            ({"outlets": ["meridian-courier.example"]}, True),
            ({"outlets": ["courier.example"]}, False),
            ({"targets": [PAGE]}, True),
            ({"targets": [f"{PAGE}-2"]}, False),
            ({"stories": ["ferry"]}, False),
        ]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        due, _ = looked_at(folder, since=since, **fields)
        assert bool(due) is some, fields


# ------------------------------------------------------------------------ the message


def record_of(store, facts: AlertFacts):
    target = tracked(store)
    store.findings.record(target, [change(1)], alerts=wanted(1, facts=facts), **STAMP)
    return store.alerts.due(NOW, channel="desk", limit=1)


def test_a_message_says_what_changed_when_how_openly_and_where_to_look(store):
    facts = AlertFacts(
        **{name: getattr(FACTS, name) for name in FACTS.__slots__}
        | {"link_before": "https://archive.example/1", "report": "/reports/a.md"}
    )
    message = message_of(record_of(store, facts))

    assert message.title == "casualty increased: Fire at the harbour"
    assert "“2” → “3”" in message.body
    assert "silent; between 2026-03-01 12:00 UTC and 2026-03-01 13:00 UTC; source: wayback" in message.body
    for line in ("page: https://gazette.example/harbour-fire", "before: https://archive.example/1"):
        assert line in message.body.splitlines()
    assert message.body.endswith("report: /reports/a.md\nfinding: change-1")


@pytest.mark.parametrize(
    "hostile",
    [
        "@everyone",
        "<!channel>",
        "<b>bold</b>",
        "[click](https://evil.example)",
        "*bold* _it_ ~no~ `code`",
        "a\r\nSubject: b",
        "x\u202ey\x1b[31mz\x00",
        "see http://evil.example or www.evil.example",
        "see evil.example",
        "\ud800",
        "&lt;script&gt;",
    ],
)
def test_page_text_is_inert_in_every_service(store, hostile):
    facts = AlertFacts(
        **{name: getattr(FACTS, name) for name in FACTS.__slots__}
        | {"headline": hostile, "before": hostile, "after": hostile, "archive": hostile}
        | {"url": f"https://gazette.example/{hostile}"}
    )
    message = message_of(record_of(store, facts))
    (page,) = [line for line in message.body.splitlines() if line.startswith("page: ")]
    text = message.title + message.body.replace(page, "")

    assert not set("@<>`*_~[]#&\\\r\x1b\x00\u202e") & set(text)
    assert not set("@<>`*~[]|\\\r\x1b\x00\u202e ") & set(page.removeprefix("page: "))
    assert "://" not in text
    assert "evil.example" not in text
    assert "\n" not in message.title
    text.encode("utf-8")


def test_long_text_is_cut():
    assert len(inert("ab " * 1000)) == 400


# ------------------------------------------------------------------------ settings and secrets


def test_pauses_grow_to_six_hours():
    pauses = [pause_after(tries) for tries in (1, 2, 3, 99)]

    assert pauses == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE, LONGEST_PAUSE]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "holds 0"),
        ("json://a/\njson://b/\n", "holds 2"),
        ("nosuch://hidden-token/", "none that Apprise knows"),
        ("json://127.0.0.1/hidden-token json://127.0.0.1/b", "several recipients"),
        (
            "mailto://127.0.0.1?from=a@a.example&to=b@a.example,c@a.example&pass=hidden-token",
            "several recipients",
        ),
    ],
)
def test_an_address_that_cannot_be_used_is_named_by_its_file_and_never_shown(tmp_path, text, says):
    file = tmp_path / "desk.url"
    file.write_text(text)
    with pytest.raises(ConfigError, match=says) as caught:
        service_of(channel(url_file=file))

    assert "hidden-token" not in str(caught.value)
    assert str(file) in str(caught.value)


def test_a_missing_extra_is_named(store, monkeypatch):
    monkeypatch.setattr("crawler.alerts.delivery.find_spec", lambda _: None)
    with pytest.raises(ConfigError, match=r"pip install 'variorum\[notify\]'"):
        deliver(store, [channel()], clock=lambda: NOW)


def test_alerts_for_a_channel_that_is_set_no_more_are_named(store):
    record_of(store, FACTS)

    assert "desk" in deliver(store, [], clock=lambda: NOW).complaints[0]


def test_doctor_names_an_address_that_others_can_read(tmp_path):
    settings = demo(tmp_path)
    advice = {}
    for mode in (0o644, 0o600):
        (tmp_path / "desk.url").chmod(mode)
        found = findings_of(settings, clock=lambda: NOW, online=False)
        advice[mode] = [one.says for one in found if one.what == "permissions"]

    assert f"chmod 600 {tmp_path / 'desk.url'}" in advice[0o644][0]
    assert advice[0o600] == []


def test_channels_are_read_from_the_file_and_a_name_given_twice_is_an_error(tmp_path):
    entry = '[[alerts.channels]]\nname = "desk"\nurl_file = "desk.url"\nkinds = ["casualty"]\n'
    path = tmp_path / "v.toml"
    path.write_text(entry)
    (read,) = load_settings(path).alerts.channels
    assert read.kinds == (ChangeKind.CASUALTY,)
    path.write_text(entry * 2)
    with pytest.raises(ConfigError, match="two channels are called desk"):
        load_settings(path)
