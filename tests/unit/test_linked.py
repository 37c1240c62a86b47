"""The words under which other pages link an article: when they changed, and what proves it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from crawler.store.linked import Look
from crawler.store.schema import linked_headline
from crawler.tracking.linked import linked_of
from diffs.history.linked import linked_changes
from diffs.model import History, LinkedHeadline, Sighting
from diffs.reports.markdown import render_document
from diffs.reports.target import report_of

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
FRONT, FEED = "https://ledger.example/", "https://ledger.example/feed.xml"


def seen(hour: int, *, archive: str | None = "wayback", url: str = FRONT) -> Sighting:
    at = START + timedelta(hours=hour)
    link = f"https://archive.example/{at:%Y%m%d%H%M%S}/{url}" if archive else None
    return Sighting(at=at, url=url, archive=archive, link=link)


def linked(headline: str, first: int, last: int, *, source: str = FRONT, **kept) -> LinkedHeadline:
    return LinkedHeadline(
        source=source, headline=headline, first=seen(first, **kept), last=seen(last, **kept)
    )


def test_each_source_has_its_own_changes_and_a_return_is_one():
    changes = linked_changes(
        [
            linked("Two dead", 4, 5),
            linked("Ten dead", 2, 3),
            linked("Two dead", 0, 1),
            linked("Nine dead", 1, 9, source=FEED),
        ]
    )
    assert [(one.before.headline, one.after.headline) for one in changes] == [
        ("Two dead", "Ten dead"),
        ("Ten dead", "Two dead"),
    ]
    assert [(one.before.last.at.hour, one.after.first.at.hour) for one in changes] == [(9, 10), (11, 12)]


def test_an_id_stays_when_later_wordings_come_and_differs_for_the_same_words_again():
    wordings = [linked(text, at, at) for at, text in enumerate(["A dead", "B dead", "A dead", "B dead"])]
    some, more = linked_changes(wordings[:3]), linked_changes(wordings)
    assert [one.id for one in more[:2]] == [one.id for one in some]
    assert len({one.id for one in more}) == 3
    assert all(one.id.startswith("linked-") and len(one.id) == len("linked-") + 16 for one in more)


def test_a_report_names_the_captures_of_the_page_that_links_and_says_where_there_is_none():
    history = History(
        url="https://ledger.example/a",
        linked=(linked("Two dead", 0, 1), linked("Ten <b>dead</b> | *x*", 3, 4, archive=None)),
    )
    text = render_document(report_of(history))
    assert seen(1).link in text
    assert "which no capture proves" in text
    assert "<b>" not in text
    assert "Headlines as linked" not in render_document(report_of(History(url="https://ledger.example/a")))


@pytest.fixture
def bench(store):
    target, _ = store.targets.track("https://ledger.example/a", now=START)
    store.sources.follow(FRONT, _rules(), now=START)
    return store, target, store.sources.find(FRONT).id


def _rules():
    from crawler.store.sources import SourceRules

    return SourceRules()


def look(hour: int, archive: str | None = "wayback") -> Look:
    return Look(at=START + timedelta(hours=hour), url=FRONT, archive=archive)


def test_a_wording_stands_from_its_first_look_to_its_last(bench):
    store, target, source = bench
    told = [
        store.linked.note(source, {target.id: words}, look(hour))
        for hour, words in enumerate(["One", "One", "Two", "One"])
    ]
    assert told == [1, 0, 1, 1]
    assert [(one.headline, one.first.at.hour, one.last.at.hour) for one in store.linked.of(target)] == [
        ("One", 8, 9),
        ("Two", 10, 10),
        ("One", 11, 11),
    ]


def test_a_look_that_comes_late_changes_nothing(bench):
    store, target, source = bench
    store.linked.note(source, {target.id: "One"}, look(5))
    assert store.linked.note(source, {target.id: "Other"}, look(2)) == 0
    assert store.linked.note(source, {target.id: "Other"}, look(5)) == 0
    assert [one.headline for one in store.linked.of(target)] == ["One"]


def test_the_archive_of_each_look_is_kept(bench):
    store, target, source = bench
    store.linked.note(source, {target.id: "One"}, look(0, "wayback"))
    store.linked.note(source, {target.id: "One"}, look(1, "arquivo"))
    (one,) = store.linked.of(target)
    assert (one.first.archive, one.last.archive) == ("wayback", "arquivo")


def test_what_was_noted_before_captures_were_is_not_said_to_be_of_no_capture(bench):
    store, target, source = bench
    store.linked.note(source, {target.id: "Two dead"}, look(0))
    with store.database.writing() as connection:
        gone = dict.fromkeys(("archive", "url", "last_at", "last_archive", "last_url"))
        connection.execute(update(linked_headline).values(gone))
    store.linked.note(source, {target.id: "Ten dead"}, look(3, None))
    store.linked.note(source, {target.id: "Six dead"}, look(4))
    before, host, after = linked_of(store, target, {})
    text = render_document(report_of(History(url="https://ledger.example/a", linked=(before, host, after))))

    assert [one.first.noted for one in (before, host, after)] == [False, True, True]
    assert [one.last.noted for one in (before, host, after)] == [False, True, True]
    assert text.count("before it was noted in which capture") == 1
    assert text.count("which no capture proves") == 2


def test_a_thousand_links_of_one_look_are_noted_at_once(bench):
    store, _, source = bench
    targets = [store.targets.track(f"https://ledger.example/{n}", now=START)[0] for n in range(1200)]
    statements = []
    with store.database.listening(lambda *_: statements.append(1)):
        store.linked.note(source, {each.id: "Words" for each in targets}, look(0))
        first = len(statements)
        store.linked.note(source, {each.id: "Words" for each in targets}, look(1))
    assert len(statements) - first < 10
    assert store.linked.of(targets[-1])[0].last.at == look(1).at
