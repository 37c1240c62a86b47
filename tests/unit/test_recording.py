"""What is announced as a page's history is recorded: new captures only, once, held where asked, and taken back."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from alert_receivers import receiving
from held_archive import Held, shot
from sqlalchemy import update

from crawler.alerts.delivery import deliver
from crawler.alerts.rules import alerting_of
from crawler.codec import packed
from crawler.config import Settings
from crawler.maintenance.rebuild import rebuild
from crawler.parser import PARSER_VERSION, parse
from crawler.store import AlertState, Store
from crawler.store.outbox import About, Withdrawal
from crawler.store.schema import capture as captures
from crawler.store.schema import target as targets
from crawler.tracking.pipeline import Pipeline
from crawler.tracking.siblings import Neighbourhood
from diffs.claims import GRAMMAR_VERSION
from diffs.model import Article
from store_samples import NOW, URL

HOUR = timedelta(hours=1)


def settings(where: str, **channel) -> Settings:
    file = Path(where).with_name("desk.url")
    desk = {"name": "desk", "url_file": str(file), "kinds": ["casualty"], "topics": ["findings"]} | channel
    return Settings.model_validate({"store": where, "alerts": {"channels": [desk]}})


def look(
    store: Store,
    given: Settings,
    tolls: dict[int, int],
    *,
    announce: bool = True,
    since: datetime = NOW,
    read: Callable[..., Article] = parse,
    **tracked,
) -> None:
    """Look at the page an hour after its last capture: tolls by the hour at which they were captured."""
    now = NOW + max(tolls) * HOUR + HOUR
    of = store.targets.track(URL, now=since, **tracked)[0]
    shots = [shot(hours, dead) for hours, dead in tolls.items()]
    pipeline = Pipeline(store, [Held("web.archive.org", shots)], read=read, alerting=alerting_of(given))
    pipeline.list_captures(of)
    for _ in pipeline.backfill(of, now=now, every=True):
        pass
    pipeline.record_history(of, now=now, announce=announce)
    with store.database.writing() as connection:
        connection.execute(update(targets).where(targets.c.id == of.id).values(last_looked=now))


def outbox(store: Store) -> list[tuple[About, AlertState, str, str]]:
    return [
        (one.about, one.state, *re.findall("[0-9]+", one.facts.step))
        for change in store.findings.of(store.targets.find(URL))
        for one in store.alerts.of(change.id)
    ]


def sent(store: Store, given: Settings, now: datetime) -> list[str]:
    """Deliver what is due, and return the titles of what arrived."""
    with receiving() as hook:
        given.alerts.channels[0].url_file.write_text(hook.address)
        deliver(store, given.alerts, clock=lambda: now)
    return [message["title"] for message in hook.taken]


def test_each_toll_that_moves_is_announced_once_as_it_is_captured(store, where):
    given, tolls = settings(where), {1: 2}
    for hours, dead in ((2, 3), (3, 3), (4, 5)):
        tolls[hours] = dead
        look(store, given, tolls)

    assert outbox(store) == [
        (About.FOUND, AlertState.PENDING, "2", "3"),
        (About.FOUND, AlertState.PENDING, "3", "5"),
    ]


def test_a_capture_that_another_archive_lists_later_is_announced_on_both_its_sides(store, where):
    given = settings(where)
    look(store, given, {1: 2, 5: 5})
    assert outbox(store) == [(About.FOUND, AlertState.PENDING, "2", "5")]
    look(store, given, {1: 2, 3: 4, 5: 5})

    assert outbox(store) == [
        (About.FOUND, AlertState.PENDING, "2", "4"),
        (About.FOUND, AlertState.PENDING, "4", "5"),
    ]


def test_a_held_finding_goes_out_with_the_second_capture_that_shows_it(store, where):
    given = settings(where, second_capture=True)
    look(store, given, {1: 2, 2: 3})
    assert outbox(store) == [(About.FOUND, AlertState.HELD, "2", "3")]
    assert sent(store, given, NOW + 9 * HOUR) == []
    look(store, given, {1: 2, 2: 3, 4: 3})

    assert outbox(store) == [(About.FOUND, AlertState.PENDING, "2", "3")]
    assert sent(store, given, NOW + 9 * HOUR) == [
        "Casualty figure increased, at least 2 → at least 3: Fire at the harbour"
    ]


def test_a_held_finding_that_no_second_capture_shows_is_never_sent(store, where):
    given = settings(where, second_capture=True)
    look(store, given, {1: 2, 2: 3})
    look(store, given, {1: 2, 2: 3, 4: 2})

    assert {state for _, state, _, _ in outbox(store)} == {AlertState.HELD}
    assert sent(store, given, NOW + 99 * HOUR) == []


def test_what_was_sent_is_withdrawn_once_when_its_page_turns_out_suspect(store, where):
    given = settings(where)
    look(store, given, {1: 2, 2: 3})
    assert sent(store, given, NOW + 9 * HOUR) == [
        "Casualty figure increased, at least 2 → at least 3: Fire at the harbour"
    ]

    def doubtful(body: bytes, **fields) -> Article:
        article = parse(body, **fields)
        return replace(article, suspect="block page") if b"At least 3" in body else article

    of = store.targets.find(URL)
    pipeline = Pipeline(store, [], read=doubtful)
    for _ in range(2):
        list(rebuild(pipeline, [of], neighbourhood=Neighbourhood(store), now=NOW, everything=True))
    later = NOW + 20 * HOUR

    assert store.alerts.due(later, channel="desk", limit=9)[0].facts.withdrawn is Withdrawal.SUSPECT
    assert sent(store, given, later) == ["Withdrawn: Fire at the harbour"]
    assert sent(store, given, later + HOUR) == []


@pytest.mark.parametrize(
    ("dead", "threshold", "wanted"), [(11, 10, 1), (11, 20, 0), (12, 20, 1), (8, 20, 1), (9, 20, 0)]
)
def test_a_toll_of_ten_that_moves_by_less_than_the_threshold_is_not_announced(
    store, where, dead, threshold, wanted
):
    look(store, settings(where, threshold=threshold), {1: 10, 2: dead})

    assert len(outbox(store)) == wanted


@pytest.mark.parametrize(("digest", "until"), [("hourly", 1), ("daily", 12)])
def test_a_digest_is_one_message_at_the_end_of_its_hour_or_day(store, where, digest, until):
    given = settings(where, digest=digest)
    look(store, given, {1: 2, 2: 3, 3: 5, 4: 7})
    end = NOW + 5 * HOUR + until * HOUR if digest == "hourly" else NOW + 12 * HOUR
    with receiving() as hook:
        given.alerts.channels[0].url_file.write_text(hook.address)
        deliver(store, given.alerts, clock=lambda: end - timedelta(seconds=1))
        assert hook.taken == []
        for _ in range(2):
            deliver(store, given.alerts, clock=lambda: end)

    assert [message["title"] for message in hook.taken] == ["Variorum: 3 findings"]
    assert len(hook.ids) == 3


def test_a_channel_of_a_story_is_sent_pages_of_that_story_alone(store, where):
    look(store, settings(where, stories=["flood"]), {1: 2, 2: 3}, story="fire")
    assert outbox(store) == []
    look(store, settings(where, stories=["flood", "fire"]), {1: 2, 2: 3, 3: 5}, story="fire")

    assert outbox(store) == [(About.FOUND, AlertState.PENDING, "3", "5")]


def test_what_was_captured_before_the_page_was_tracked_is_not_announced_and_what_came_after_is(store, where):
    look(store, settings(where), {1: 2, 2: 3, 4: 5}, since=NOW + 3 * HOUR)

    assert outbox(store) == [(About.FOUND, AlertState.PENDING, "3", "5")]


def kept_and_not_recorded(store: Store, given: Settings, tolls: dict[int, int]) -> None:
    """Keep captures as a daemon does that is killed before it records what they show."""
    of = store.targets.find(URL)
    pipeline = Pipeline(store, [Held("web.archive.org", [shot(*each) for each in tolls.items()])])
    pipeline.list_captures(of)
    for _ in pipeline.backfill(of, now=NOW + max(tolls) * HOUR + HOUR, every=True):
        pass


def rebuilt(store: Store) -> None:
    of = store.targets.find(URL)
    now = NOW + 5 * HOUR
    list(rebuild(Pipeline(store, []), [of], neighbourhood=Neighbourhood(store), now=now, everything=True))


def merged(store: Store) -> None:
    of = store.targets.find(URL)
    history = Pipeline(store, []).history(of)
    z = {one.id: packed(one) for step in history.transitions for one in step.changes}
    versions = {"grammar": GRAMMAR_VERSION, "parser": PARSER_VERSION}
    store.findings.record_packed(of, z, now=NOW + 5 * HOUR, **versions)


def imported(store: Store) -> None:
    """Do what an import of other captures does at its end."""
    Pipeline(store, []).record_history(store.targets.find(URL), now=NOW + 5 * HOUR)


@pytest.mark.parametrize("meanwhile", [rebuilt, merged, imported, lambda _: None])
@pytest.mark.parametrize("way", ["found_by", None])
def test_what_a_killed_daemon_kept_is_announced_by_the_next_look_whoever_recorded_it(
    store, where, meanwhile, way
):
    given = settings(where)
    look(store, given, {1: 2})
    kept_and_not_recorded(store, given, {1: 2, 2: 3})
    if way is not None:
        with store.database.writing() as connection:
            connection.execute(update(targets).values({way: "0"}))
    meanwhile(store)
    assert outbox(store) == []
    look(store, given, {1: 2, 2: 3})

    assert outbox(store) == [(About.FOUND, AlertState.PENDING, "2", "3")]


def test_a_capture_that_brings_back_a_known_text_is_announced_though_no_bytes_were_fetched(store, where):
    given = settings(where)
    look(store, given, {1: 2, 2: 3})
    kept_and_not_recorded(store, given, {1: 2, 2: 3, 3: 2})
    assert [row.fetched for row in store.captures.of(store.targets.find(URL))][2] is None
    rebuilt(store)
    look(store, given, {1: 2, 2: 3, 3: 2})

    assert outbox(store)[-1] == (About.FOUND, AlertState.PENDING, "3", "2")


def test_an_import_floods_nobody_at_the_next_look_and_hides_nothing_that_is_captured_later(store, where):
    given = settings(where)
    look(store, given, {1: 2})
    kept_and_not_recorded(store, given, {1: 2, 2: 3})
    with store.database.writing() as connection:
        later = captures.c.at > NOW + HOUR
        connection.execute(update(captures).where(later).values(imported_at=NOW + 4 * HOUR))
    look(store, given, {1: 2, 2: 3})
    assert outbox(store) == []
    look(store, given, {1: 2, 2: 3, 4: 5})

    assert outbox(store) == [(About.FOUND, AlertState.PENDING, "3", "5")]


def test_a_channel_that_is_set_later_is_sent_what_comes_then(store, where):
    given = settings(where)
    look(store, Settings.model_validate({"store": where}), {1: 2, 2: 3})
    look(store, given, {1: 2, 2: 3, 3: 5})

    assert outbox(store) == [(About.FOUND, AlertState.PENDING, "3", "5")]


@pytest.mark.parametrize("column", ["found_parser", "found_grammar", "found_by", "found_template"])
def test_what_another_way_of_reading_finds_in_old_captures_is_not_announced(store, where, column):
    given = settings(where)
    look(
        store,
        given,
        {1: 2, 2: 3},
        read=lambda body, **fields: parse(body.replace(b"At least 3", b"At least 2"), **fields),
    )
    assert outbox(store) == []
    earlier = {"found_by": "0", "found_template": "another"}.get(column, 1)
    with store.database.writing() as connection:
        connection.execute(update(targets).values({column: earlier}))
    list(rebuild_articles(store))
    look(store, given, {1: 2, 2: 3, 3: 3, 4: 5})

    assert outbox(store) == [(About.FOUND, AlertState.PENDING, "3", "5")]


def rebuild_articles(store: Store):
    """Read the kept pages again, and leave the findings to the next look, as where a rebuild was cut short."""
    of = store.targets.find(URL)
    for seen in store.captures.of(of):
        snapshot = store.snapshot(seen)
        article = parse(snapshot.body, url=snapshot.url, captured_at=snapshot.served_at)
        yield store.captures.rederive(seen, article, article.parser, outcome=seen.outcome, reason=None)
