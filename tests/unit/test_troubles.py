"""What counts as a trouble of the watch, what is sent of it, and what where the store takes nothing."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from alert_receivers import receiving

from crawler.alerts.delivery import deliver
from crawler.alerts.message import message_of
from crawler.alerts.rules import names_for
from crawler.alerts.settings import ChannelSettings
from crawler.alerts.trouble_words import trouble_headline, trouble_lines
from crawler.config import Settings
from crawler.errors import StoreError
from crawler.maintenance.overview import ROOM
from crawler.maintenance.troubles import AWAY, Watch, troubles_in, watch_of
from crawler.store import DaemonState
from crawler.store.schema import coverage
from crawler.store.sources import SourceRules
from crawler.store.troubles import Cause, TroubleFacts
from diffs.model import GapCause, Verdict
from store_samples import NOW, keep, listed, one_seen, told, tracked

DAY = timedelta(days=1)
HOST = "web.archive.org"


def settings(where: str, **channel) -> Settings:
    desk = {"name": "desk", "url_file": str(Path(where).with_name("desk.url"))} | channel
    return Settings.model_validate(
        {"store": where, "reports": str(Path(where).parent), "alerts": {"channels": [desk]}}
    )


def standing(store, where, *, now=NOW, known=()) -> dict[Cause, TroubleFacts]:
    return {one.cause: one for one in troubles_in(settings(where), store, now=now, known=known)}


def go_dark(store, host: str) -> None:
    values = {
        "scope": host,
        "archive": "wayback",
        "looked": NOW,
        "dark_since": NOW - 30 * DAY,
        "noticed": NOW,
    }
    with store.database.writing() as connection:
        connection.execute(coverage.insert().values(values | {"cause": GapCause.EXCLUDED.value, "z": b""}))


def read_pages(store, *, good: int, misread: int, first: int = 0) -> None:
    url = "https://gazette.example/page"
    target = tracked(store, url)
    numbers = range(first, first + good + misread)
    store.captures.observe(target, [listed(number, url=url) for number in numbers])
    rows = [seen for seen in store.captures.of(target) if seen.sha256 is None]
    for number, seen in enumerate(rows):
        keep(store, seen, f"{first} {number}".encode(), told(number) if number < good else None)


# ------------------------------------------------------------------------ what counts as a trouble


def test_a_store_of_which_nothing_is_known_is_in_no_trouble(store, where):
    assert standing(store, where) == {}


def test_an_outlet_that_is_dark(store, where):
    go_dark(store, "gazette.example")
    facts = standing(store, where)[Cause.OUTLET_DARK]

    assert (facts.host, facts.archive) == ("gazette.example", "wayback")
    assert trouble_headline(facts) == "gazette.\u200bexample is no longer captured by wayback"


@pytest.mark.parametrize(("hours", "is_silent"), [(23, False), (25, True)])
def test_a_source_that_could_not_be_read_for_a_day(store, where, hours, is_silent):
    store.sources.follow("https://gazette.example/feed", SourceRules(), now=NOW)
    (source,) = store.sources.all()
    store.sources.note_read(source, now=NOW, due=NOW)
    store.sources.note_read(source, now=NOW, due=NOW, error="no such host")
    found = standing(store, where, now=NOW + timedelta(hours=hours))

    assert (Cause.SOURCE_SILENT in found) is is_silent


@pytest.mark.parametrize(("days", "is_silent"), [(6, False), (8, True)])
def test_a_source_that_no_archive_captured_for_a_week(store, where, days, is_silent):
    store.sources.follow("https://gazette.example/feed", SourceRules(), now=NOW)
    (source,) = store.sources.all()
    store.sources.note_read(source, now=NOW, due=NOW, last_capture=NOW)

    assert (Cause.SOURCE_SILENT in standing(store, where, now=NOW + days * DAY)) is is_silent


@pytest.mark.parametrize(
    ("before", "last", "is_misread"),
    [
        ((20, 0), (10, 10), True),  # the parser has lost the site
        ((20, 0), (12, 8), False),
        ((8, 12), (9, 11), False),  # it has always been so
        ((0, 0), (2, 8), True),  # nothing was read before
        ((0, 0), (1, 8), False),  # too few to say
    ],
)
def test_a_site_most_of_whose_pages_are_misread_and_were_not_before(store, where, before, last, is_misread):
    read_pages(store, good=before[0], misread=before[1])
    read_pages(store, good=last[0], misread=last[1], first=100)

    assert (Cause.SITE_MISREAD in standing(store, where)) is is_misread


def test_a_misread_site_is_over_where_its_share_is_well_below_what_opened_it(store, where):
    read_pages(store, good=10, misread=10)
    known = [standing(store, where)[Cause.SITE_MISREAD]]
    read_pages(store, good=11, misread=0, first=100)
    assert Cause.SITE_MISREAD not in standing(store, where)
    assert Cause.SITE_MISREAD in standing(store, where, known=known)
    read_pages(store, good=12, misread=0, first=200)
    assert Cause.SITE_MISREAD not in standing(store, where, known=known)


def test_a_misread_site_of_which_nothing_was_read_lately_stays_open_while_it_is_watched(
    store, where, monkeypatch
):
    read_pages(store, good=0, misread=10)
    known = [standing(store, where)[Cause.SITE_MISREAD]]
    monkeypatch.setattr("crawler.store.troubles._ROWS", 10)
    other = tracked(store, "https://courier.example/page")
    store.captures.observe(other, [listed(number, url=other.url) for number in range(10)])
    for number, seen in enumerate(list(store.captures.of(other))):
        keep(store, seen, f"courier {number}".encode(), told(number))

    assert Cause.SITE_MISREAD not in standing(store, where)
    assert standing(store, where, known=known)[Cause.SITE_MISREAD] == known[0]
    store.targets.untrack("https://gazette.example/page")
    assert Cause.SITE_MISREAD not in standing(store, where, known=known)


def test_an_archive_that_refuses_us_until_it_answers(store, where):
    store.pacing.penalise(HOST, now=NOW, reason="connection refused")
    assert standing(store, where, now=NOW + DAY)[Cause.PENALTY].subject == HOST
    store.pacing.succeeded(HOST, now=NOW + DAY)
    assert standing(store, where, now=NOW + DAY) == {}


def test_an_archive_that_did_not_answer_three_times(store, where):
    for _ in range(2):
        store.archives.note("arquivo", "timed out", now=NOW)
    assert standing(store, where) == {}
    store.archives.note("arquivo", "timed out", now=NOW)
    assert standing(store, where)[Cause.ARCHIVE_SILENT].detail == "timed out"
    store.archives.note("arquivo", None, now=NOW)
    assert standing(store, where) == {}


@pytest.mark.parametrize(
    ("verdict", "cause"), [(Verdict.GONE, Cause.CAPTURE_GONE), (Verdict.ALTERED, Cause.CAPTURE_ALTERED)]
)
def test_a_cited_capture_that_is_lost_until_it_is_served_again(store, where, verdict, cause):
    seen = keep(store, one_seen(store, tracked(store)), b"<p>Fire</p>", told(2))
    store.witnesses.put(seen, verdict, now=NOW, reason="404")
    facts = standing(store, where)[cause]
    assert (facts.link, facts.archive) == (seen.capture.url, "wayback")
    store.witnesses.put(seen, Verdict.SAME_BYTES, now=NOW + DAY)
    assert standing(store, where) == {}


def test_a_disk_that_is_nearly_full_until_there_is_twice_the_room(store, where, monkeypatch):
    free = [ROOM - 1]
    usage = shutil.disk_usage(where)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=free[0]))
    known = [standing(store, where)[Cause.DISK_LOW]]
    free[0] = ROOM + 1
    assert Cause.DISK_LOW not in standing(store, where)
    assert Cause.DISK_LOW in standing(store, where, known=known)
    free[0] = 2 * ROOM + 1
    assert Cause.DISK_LOW not in standing(store, where, known=known)


@pytest.mark.parametrize(("gap", "away"), [(AWAY - timedelta(seconds=1), False), (2 * AWAY, True)])
def test_a_daemon_that_was_away_says_from_when_to_when_and_once(store, where, gap, away):
    store.beat("host 1", started=NOW, now=NOW, state=DaemonState.RUNNING)
    watch = watch_of(settings(where), store, clock=lambda: NOW + gap)
    lines = [watch.look(store, lambda: False) for _ in range(2)]
    due = store.alerts.due(NOW + DAY, channel="desk", limit=9)

    assert lines == ([f"daemon_away: {NOW.isoformat()}", None] if away else [None, None])
    assert [one.facts.cause for one in due] == [Cause.DAEMON_AWAY] * away
    if away:
        title = "Trouble: nobody watched between 2026-03-01 12:00 UTC and 2026-03-01 12:30 UTC"
        assert message_of(due).title == title


def test_a_worker_that_is_elected_hours_later_does_not_say_that_nobody_watched(store, where):
    store.beat("host 1", started=NOW, now=NOW, state=DaemonState.RUNNING)
    now = [NOW + timedelta(minutes=1)]
    watch = watch_of(settings(where), store, clock=lambda: now[0])
    now[0] += 5 * timedelta(hours=1)

    assert watch.look(store, lambda: False) is None


def test_captures_of_one_outlet_that_are_gone_are_one_trouble_and_altered_ones_each_their_own(store, where):
    of = tracked(store)
    store.captures.observe(of, [listed(number) for number in range(4)])
    rows = [keep(store, seen, f"{seen.id}".encode(), told(2)) for seen in list(store.captures.of(of))]
    for number, seen in enumerate(rows):
        store.witnesses.put(seen, Verdict.GONE if number < 2 else Verdict.ALTERED, now=NOW)
    found = list(troubles_in(settings(where), store, now=NOW))

    assert [one.cause for one in found] == [Cause.CAPTURE_ALTERED] * 2 + [Cause.CAPTURE_GONE]
    assert (found[-1].subject, found[-1].part) == ("gazette.example wayback", 2)


def test_a_daemon_that_starts_for_the_first_time_was_not_away(store, where):
    assert watch_of(settings(where), store, clock=lambda: NOW).look(store, lambda: False) is None


# ------------------------------------------------------------------------ what is sent of it


def test_all_troubles_that_begin_are_one_message_and_a_restart_repeats_none(store, where):
    for host in ("a.example", "b.example", "c.example"):
        go_dark(store, host)
    with receiving() as hook:
        Path(where).with_name("desk.url").write_text(hook.address)
        each = settings(where, digest="daily")
        for _ in range(2):
            Watch(each, clock=lambda: NOW).look(store, lambda: False)
            deliver(store, each.alerts, clock=lambda: NOW)
        with store.database.writing() as connection:
            connection.execute(coverage.delete().where(coverage.c.scope == "a.example"))
        for _ in range(2):
            Watch(each, clock=lambda: NOW + DAY).look(store, lambda: False)
            deliver(store, each.alerts, clock=lambda: NOW + DAY)

    titles = [message["title"] for message in hook.taken]
    assert titles == ["Variorum: 3 troubles", "Over: a.\u200bexample is no longer captured by wayback"]
    assert hook.texts[0].count("no longer captured by wayback") == 3


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({}, 2),
        ({"topics": ["findings"]}, 0),
        ({"topics": ["troubles"]}, 2),
        ({"outlets": ["gazette.example"]}, 2),
        ({"outlets": ["courier.example"]}, 1),
    ],
)
def test_a_channel_is_sent_the_troubles_it_asks_for(fields, wanted):
    facts = [
        TroubleFacts(cause=Cause.OUTLET_DARK, subject="x", host="www.gazette.example"),
        TroubleFacts(cause=Cause.DISK_LOW, subject="/"),
    ]
    channel = ChannelSettings(name="desk", url_file=Path("desk.url"), **fields)

    assert sum("desk" in names_for([channel])(each) for each in facts) == wanted


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_words_and_an_advice_and_shows_nothing_that_a_service_interprets(cause):
    hostile = "@everyone <b>x</b> evil.example http://evil.example\r\nSubject: y \x1b[31m\u202e {0} {cause}"
    facts = TroubleFacts(
        cause=cause,
        subject=hostile,
        host=hostile,
        archive=hostile,
        link=f"https://gazette.example/{hostile}",
        since=NOW.isoformat(),
        part=3,
        whole=4,
        detail=hostile,
    )
    lines = [trouble_headline(facts), *trouble_lines(facts)]
    text = "\n".join(line for line in lines if not line.startswith("about: https://gazette.example/"))

    assert not set("@<>*~\r\x1b\u202e") & set("".join(lines))
    assert "evil.example" not in text
    assert len(text.splitlines()) >= 2


# ------------------------------------------------------------------------ where the store takes nothing


def test_a_store_that_fails_for_a_minute_is_announced_past_the_outbox_once_and_once_when_it_works(
    store, where
):
    now = [NOW]
    with receiving() as hook:
        Path(where).with_name("desk.url").write_text(hook.address)
        watch = Watch(settings(where), clock=lambda: now[0])
        watch.store_failed(StoreError("/data/variorum.db: the disk is full"))
        assert hook.taken == []
        for seconds in (70, 105, 140):
            now[0] = NOW + timedelta(seconds=seconds)
            watch.store_failed(StoreError("/data/variorum.db: the disk is full"))
        assert [message["title"] for message in hook.taken] == [
            "Trouble: the store takes nothing, and the watch pauses"
        ]
        assert "the disk is full" in hook.texts[0]
        watch.look(store, lambda: False)
        assert len(hook.taken) == 1
        now[0] = NOW + timedelta(seconds=300)
        for _ in range(2):
            watch.look(store, lambda: False)

    assert [message["title"][:5] for message in hook.taken] == ["Troub", "Over:"]


def test_a_store_that_fails_now_and_then_for_a_moment_is_no_trouble(store, where):
    now = [NOW]
    with receiving() as hook:
        Path(where).with_name("desk.url").write_text(hook.address)
        watch = Watch(settings(where), clock=lambda: now[0])
        for hour in range(5):
            now[0] = NOW + timedelta(hours=hour)
            watch.store_failed(StoreError("another process has been writing for 30 s"))
            now[0] += timedelta(minutes=5)
            watch.look(store, lambda: False)

    assert hook.taken == []
