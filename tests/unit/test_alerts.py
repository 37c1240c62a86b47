"""Which findings are announced to whom, what a message says of them, and how its service is reached."""

import threading
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alert_receivers import receiving
from alert_samples import FACTS, STAMP, change, wanted
from sqlalchemy import delete, update

from crawler.alerts.delivery import LONGEST_PAUSE, alert_jobs, batches_of, deliver, pause_after, send_trial
from crawler.alerts.inert import inert
from crawler.alerts.message import Message, message_of
from crawler.alerts.rules import due_of, wants
from crawler.alerts.service import service_of
from crawler.alerts.settings import AlertSettings, ChannelSettings
from crawler.config import Settings, load_settings
from crawler.errors import ConfigError
from crawler.maintenance.doctor import findings_of
from crawler.store import DeliveryFailure
from crawler.store.alert_records import AlertFacts
from crawler.store.outbox import About, Withdrawal
from crawler.store.schema import finding
from crawler.store.schema import target as targets
from crawler.store.sources import SourceRules
from crawler.tracker import Tracker
from diffs.claims import claims_in_text
from diffs.model import ChangeKind, Disclosure, Weight
from diffs.reports.wording import OPENNESS
from store_samples import NOW, tracked

ROOT = Path(__file__).parents[2]
ARCHIVE = ROOT / "seeds" / "demo" / "meridian-courier.warc.gz"
PAGE = "https://www.meridian-courier.example/world/2025/03/11/silver-tern-ferry-port-sarel"


def channel(**fields) -> ChannelSettings:
    return ChannelSettings(**{"name": "desk", "url_file": Path("desk.url")} | fields)


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


def test_an_alert_has_the_headline_of_the_version_that_shows_its_change(tmp_path):
    due, _ = looked_at(tmp_path, since=datetime(2025, 3, 1, tzinfo=UTC))
    with Tracker.open(demo(tmp_path), clock=lambda: NOW) as tracker:
        steps = tracker.history(PAGE).transitions
    shown = {one.id: step.after.article.headline for step in steps for one in step.changes}

    assert len({one.facts.headline for one in due}) > 1
    assert all(one.facts.headline == shown[one.change] for one in due)


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
            connection.execute(update(targets).values(found_parser=1))
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
        | {"what": "Casualty figure increased", "step": "about 2 → 3", "counted": "killed, the police"}
    )
    message = message_of(record_of(store, facts))

    assert message.title == "Casualty figure increased, about 2 → 3: Fire at the harbour"
    assert message.body.startswith("about 2 → 3 (killed, the police)\n")
    assert "“2” → “3”" in message.body
    assert "silent; between 2026-03-01 12:00 UTC and 2026-03-01 13:00 UTC; archive: wayback" in message.body
    for line in ("page: https://gazette.example/harbour-fire", "before: https://archive.example/1"):
        assert line in message.body.splitlines()
    assert message.body.endswith("report: /reports/a.md\nfinding: change-1")


@pytest.mark.parametrize(
    ("why", "says"),
    [
        (Withdrawal.SUSPECT, "A page that proved it is no longer read as an article."),
        (Withdrawal.REREAD, "Its pages were read again, another way, and do not show it."),
        (Withdrawal.CAPTURES, "Captures that came later show something else."),
        (Withdrawal.DISMISSED, "A reader dismissed it."),
        (None, "“2” → “3”"),
    ],
)
def test_a_withdrawal_says_why_in_its_second_line_and_quotes_the_reader(store, why, says):
    facts = replace(FACTS, withdrawn=why, remark="see <b>p. 3</b>" if why is Withdrawal.DISMISSED else None)
    (found,) = record_of(store, facts)
    lines = message_of([replace(found, about=About.WITHDRAWN)]).body.splitlines()

    assert lines[0] == "A finding does not stand any more, and was sent before: casualty increased."
    assert lines[1] == says
    assert ("the reader wrote: “see ＜b＞p. 3＜/b＞”" in lines) is (why is Withdrawal.DISMISSED)


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
        "see e.example and evil1.example",
        "\ud800",
        "&lt;script&gt;",
    ],
)
def test_page_text_is_inert_in_every_service(store, hostile):
    facts = AlertFacts(
        **{name: getattr(FACTS, name) for name in FACTS.__slots__}
        | {"headline": hostile, "before": hostile, "after": hostile, "archive": hostile}
        | {"url": f"https://gazette.example/{hostile}", "step": hostile, "counted": hostile}
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


def due_digest(store, findings: int) -> list[str]:
    """Have so many findings of some 700 characters each wait for the desk; returns their ids."""
    long = "Rescuers said the number of people killed had risen again during the night. " * 5
    facts = AlertFacts(
        **{name: getattr(FACTS, name) for name in FACTS.__slots__} | {"before": long, "after": long}
    )
    target, changes = tracked(store), [change(number) for number in range(findings)]
    store.findings.record(target, changes, alerts=wanted(*range(findings), facts=facts), **STAMP)
    return [one.id for one in changes]


@pytest.mark.timeout(60)
def test_a_digest_too_long_for_one_message_is_sent_in_parts_as_far_apart_as_the_service_wants(
    store, tmp_path
):
    ids = due_digest(store, 12)
    with receiving(apart=0.08, longest=4000) as chat:
        (tmp_path / "desk.url").write_text(chat.chat_address)
        desk = channel(url_file=tmp_path / "desk.url", digest="hourly", gap_seconds=0.1)
        done = deliver(store, AlertSettings(channels=[desk]), clock=lambda: NOW)

    assert (done.sent, done.failed, chat.refused) == (12, 0, 0)
    assert chat.ids == Counter(ids)
    assert 1 < len(chat.taken) < 6


@pytest.mark.timeout(60)
def test_a_part_that_is_refused_is_sent_again_alone(store, tmp_path):
    ids, now = due_digest(store, 12), [NOW]
    with receiving() as chat:
        (tmp_path / "desk.url").write_text(chat.chat_address)
        desk = channel(url_file=tmp_path / "desk.url", digest="hourly", gap_seconds=0)
        alerts = AlertSettings(channels=[desk], retry_seconds=60)

        def refuse_the_next() -> None:
            chat.refusing = 1.0 if len(chat.taken) == 1 else 0.0

        chat.on_taken = refuse_the_next
        first = deliver(store, alerts, clock=lambda: now[0], stop=lambda: chat.refused > 0)
        chat.refusing = 0.0
        now[0] += timedelta(minutes=2)
        second = deliver(store, alerts, clock=lambda: now[0])

    assert first.sent > 0 < first.failed
    assert (first.sent + second.sent, second.failed) == (12, 0)
    assert chat.ids == Counter(ids)


@pytest.mark.parametrize(
    "address",
    [
        "discord://123456789012345678/abcdefghijklmnopqrstuvwxyz",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/",
        "tgram://123456789:abcdefghijklmnopqrstuvwxyzABCDEFGHI/12345",
        "mastodon://token@news.example",
        "mmost://news.example/3ccdd113474722377935511fc85d3dd4",
        "ntfy://news.example/desk",
        "mailto://news.example?from=a@a.example&to=b@a.example",
        "gotify://news.example/token",
        "matrix://user:pass@news.example/%23room",
        "clickatell://s3cr3t/15550001111",
        "kodi://news.example",
        "json://news.example",
    ],
)
def test_every_message_fits_its_service_whole_and_keeps_the_finding_it_is_about(store, tmp_path, address):
    import apprise

    due_digest(store, 40)
    (tmp_path / "desk.url").write_text(address)
    desk = channel(url_file=tmp_path / "desk.url", digest="daily")
    service, plugin = service_of(desk), apprise.Apprise.instantiate(address)
    assert plugin is not None
    due = store.alerts.due(NOW, channel="desk", limit=99)
    batches = list(batches_of(desk, due, fits=service.fits))

    assert [one for batch in batches for one in batch] == list(due)
    for batch in batches:
        message = service.fitted(message_of(batch))
        posts = list(
            plugin._build_send_calls(
                body=message.body, title=message.title, body_format="text", overflow="split"
            )
        )
        assert len(posts) == 1
        assert message.body.endswith(f"finding: {batch[-1].change}")
        assert f"finding: {batch[-1].change}" in posts[0]["body"]


def test_a_title_that_is_longer_than_a_text_message_leaves_room_for_the_finding(tmp_path):
    (tmp_path / "desk.url").write_text("clickatell://s3cr3t/15550001111")
    service = service_of(channel(url_file=tmp_path / "desk.url"))
    sent = service.fitted(
        Message(title="Toll of the flood " * 15, body="12 → 15\nfinding: change-0123456789")
    )

    assert sent.title.startswith("Toll of the flood")
    assert sent.title.endswith("…")
    assert sent.body.endswith("finding: change-0123456789")
    assert len(sent.title) + 2 + len(sent.body) <= 160


def test_sending_starts_no_thread_that_a_process_would_wait_for_when_it_ends(tmp_path):
    waited_for = []

    def others():
        return {one for one in threading.enumerate() if not one.daemon} - before

    with receiving() as hook:
        (tmp_path / "desk.url").write_text(hook.address)
        service = service_of(channel(url_file=tmp_path / "desk.url"))
        before = set(threading.enumerate())
        hook.on_taken = lambda: waited_for.append(others())
        failure = service.send(Message(title="12 → 15", body="finding: change-0123456789"))

    assert failure is None
    assert waited_for == [set()]
    assert others() == set()


def test_a_service_that_is_still_answering_is_given_nothing_more(tmp_path, monkeypatch):
    monkeypatch.setattr("crawler.alerts.service._LONGEST", 0.0)
    message, goes_on, ended = (
        Message(title="12 → 15", body="finding: c"),
        threading.Event(),
        threading.Event(),
    )
    with receiving() as hook:
        (tmp_path / "desk.url").write_text(hook.address)
        service = service_of(channel(url_file=tmp_path / "desk.url"))
        hook.on_taken = lambda: (ended.set(), goes_on.wait(60))
        sent = [service.send(message), service.send(message)]
        assert ended.wait(60)
        goes_on.set()

    assert sent == [DeliveryFailure.NO_ANSWER] * 2
    assert len(hook.taken) == 1


# ------------------------------------------------------------------------ settings and secrets


def test_pauses_grow_to_six_hours():
    minute = timedelta(minutes=1)
    pauses = [pause_after(tries, first=minute) for tries in (1, 2, 3, 99)]

    assert pauses == [minute, 2 * minute, 4 * minute, LONGEST_PAUSE]


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


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        (401, DeliveryFailure.UNAUTHORISED),
        (404, DeliveryFailure.NOT_FOUND),
        (413, DeliveryFailure.TOO_LONG),
        (418, DeliveryFailure.REFUSED),
        (429, DeliveryFailure.SLOW_DOWN),
        (500, DeliveryFailure.FAILING),
        (None, DeliveryFailure.NO_ANSWER),
    ],
)
def test_what_a_service_answered_is_told_apart(tmp_path, code, failure):
    with receiving(refusing=1.0) as hook:
        hook.code = code or 503
        (tmp_path / "desk.url").write_text(hook.address if code else "json://127.0.0.1:9/")

        assert send_trial(channel(url_file=tmp_path / "desk.url")) is failure


def test_a_missing_extra_is_named(store, monkeypatch):
    monkeypatch.setattr("crawler.alerts.service.find_spec", lambda _: None)
    with pytest.raises(ConfigError, match=r"pip install '.\[notify\]'"):
        deliver(store, AlertSettings(channels=[channel()]), clock=lambda: NOW)


def test_alerts_for_a_channel_that_is_set_no_more_are_named(store):
    record_of(store, FACTS)

    assert "desk" in deliver(store, AlertSettings(), clock=lambda: NOW).complaints[0]


def test_each_channel_is_a_job_of_its_own_and_only_one_names_those_that_are_set_no_more(store, tmp_path):
    record_of(store, FACTS)
    entry = {"url_file": str(tmp_path / "none.url")}
    channels = [entry | {"name": name} for name in ("mail", "hook")]
    settings = Settings.model_validate({"alerts": {"channels": channels, "every_seconds": 5}})
    jobs = alert_jobs(settings, clock=lambda: NOW)
    lines = {name: work(store, lambda: False) for name, (_, work) in jobs.items()}

    assert {name: seconds for name, (seconds, _) in jobs.items()} == {"alerts mail": 5, "alerts hook": 5}
    assert ["channel desk" in line for line in lines.values()] == [True, False]
    assert all("none.url" in line for line in lines.values())
    assert jobs["alerts mail"][1](store, lambda: False) is None


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


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ('name = "desk"\nurl_file = "a"\nkind = ["casualty"]\n', "kind of the channel desk is no setting"),
        ('name = "desk"\nurl_file = "a"\nkind = ["casualty"]\n', "Did you mean kinds?"),
        ('name = "desk"\nurl_file = "a"\ndigest = "weekly"\n', "setting digest of the channel desk cannot"),
        ('name = "desk"\n', "setting url_file of the channel desk cannot be used"),
        ('url_file = "a"\n', "setting name of channel number 2 cannot be used"),
    ],
)
def test_a_channel_whose_settings_cannot_be_used_is_named(tmp_path, entry, says):
    path = tmp_path / "v.toml"
    good = '[[alerts.channels]]\nname = "mail"\nurl_file = "b"\n'
    path.write_text(f"{good}[[alerts.channels]]\n{entry}")
    with pytest.raises(ConfigError) as caught:
        load_settings(path)

    assert says in str(caught.value)


def test_a_story_that_no_page_belongs_to_is_named_by_doctor(tmp_path):
    given = demo(tmp_path, stories=["Ferries", "Silver Tern", "Quays"])
    with Tracker.open(given, clock=lambda: NOW) as tracker:
        tracker.track(PAGE, story="Silver Tern")
        tracker.store.sources.follow("https://gazette.example/feed", SourceRules(story="Quays"), now=NOW)
    found = findings_of(given, clock=lambda: NOW, online=False)

    assert [one.says.partition(";")[0] for one in found if one.what == "channel desk" and not one.good] == [
        "no page belongs to its story Ferries"
    ]


def test_an_alert_says_how_openly_a_change_was_made_in_the_words_of_the_report(tmp_path):
    due, _ = looked_at(tmp_path, since=datetime(2025, 3, 1, tzinfo=UTC))
    said = {one.facts.disclosure for one in due}
    assert {"silent", "new date only"} <= said
    assert said <= set(OPENNESS.values())
