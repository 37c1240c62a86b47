"""What the store remembers, on whatever database the `where` fixture names."""

import subprocess
import sys
from datetime import timedelta

import pytest

from crawler.errors import InputError
from crawler.store import open_store
from diffs.model import (
    Article,
    Block,
    BlockKind,
    Headlines,
    Outcome,
    Removed,
)
from store_samples import NOW, URL, keep, listed, one_seen, served, told, tracked

# --------------------------------------------------------------------------- targets


def test_tracking_twice_gives_the_same_target_and_keeps_what_is_not_given_again(store):
    first, created = store.targets.track(URL, story="harbour", since=NOW - timedelta(days=1), now=NOW)
    again, anew = store.targets.track(URL, now=NOW + timedelta(hours=1))

    assert created
    assert not anew
    assert again == first
    assert again.story == "harbour"
    assert again.since == NOW - timedelta(days=1)


def test_a_page_joins_a_further_story_and_leaves_the_one_that_is_named(store):
    store.targets.track(URL, story="harbour", now=NOW)

    assert store.targets.track(URL, story="fires", now=NOW)[0].stories == ("fires", "harbour")
    assert store.targets.track(URL, story="fires", now=NOW)[0].stories == ("fires", "harbour")
    assert store.targets.track(URL, now=NOW)[0].stories == ("fires", "harbour")
    for story in ("fires", "harbour"):
        assert [target.url for target in store.targets.all(story=story)] == [URL]
    assert store.targets.leave(URL, "harbour")
    assert not store.targets.leave(URL, "harbour")
    assert store.targets.find(URL).stories == ("fires",)
    assert list(store.targets.all(story="harbour")) == []
    (held,) = store.queue.claim_due(NOW, limit=1, lease_seconds=60, worker="w")
    assert held.stories == ("fires",)


@pytest.mark.parametrize("name", ["", " ", "\n"])
def test_a_story_without_a_name_is_refused(store, name):
    with pytest.raises(InputError, match="needs a name"):
        store.targets.track(URL, story=name, now=NOW)
    with pytest.raises(InputError, match="needs a name"):
        store.targets.track_all([URL], story=name, now=NOW)
    assert list(store.targets.all()) == []


def test_a_page_of_a_story_of_which_nothing_is_kept_can_be_forgotten(store):
    target, _ = store.targets.track(URL, story="fires", now=NOW)
    assert not store.targets.forget(target)
    store.targets.untrack(URL)
    assert store.targets.forget(target)
    assert list(store.targets.all(include_untracked=True)) == []


@pytest.mark.parametrize(
    "typed",
    [
        "HTTPS://Gazette.Example/harbour-fire",
        "https://gazette.example:443/harbour-fire#comments",
        "  https://gazette.example/harbour-fire ",
        "gazette.example/harbour-fire",
    ],
)
def test_ways_to_type_one_address_are_one_target(store, typed):
    assert store.targets.track(typed, now=NOW)[0].url == URL


@pytest.mark.parametrize(
    "typed",
    [
        "ftp://gazette.example/",
        "https://",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://gazette.example\\@other.example/",
        "http://user:secret@gazette.example/",
        "http://gazette.example:port/",
        "http://[::1/",
        "https://gazette.example/a b",
        "https://gazette.example/\x00b",
        "",
    ],
)
def test_what_is_no_web_address_is_refused_in_one_line(store, typed):
    with pytest.raises(InputError) as caught:
        store.targets.track(typed, now=NOW)

    assert len(str(caught.value).splitlines()) == 1
    assert list(store.targets.all()) == []


def test_an_untracked_target_keeps_its_evidence_and_comes_back_due_at_once(store):
    target = tracked(store)
    keep(store, one_seen(store, target), b"page", told(3))

    assert store.targets.untrack(URL)
    assert not store.targets.untrack(URL)
    assert list(store.targets.all()) == []
    assert [item.url for item in store.targets.all(include_untracked=True)] == [URL]
    assert store.queue.claim_due(NOW, limit=5, lease_seconds=60, worker="w") == []
    assert len(list(store.captures.of(target))) == 1

    later = NOW + timedelta(days=3)
    back, created = store.targets.track(URL, now=later)
    assert created
    assert back.next_due == later
    assert back.id == target.id


def test_a_target_for_one_capture_on_demand_is_never_due(store):
    target = store.targets.ensure(URL, NOW)

    assert store.targets.ensure(URL, NOW).id == target.id
    assert store.queue.claim_due(NOW + timedelta(days=99), limit=5, lease_seconds=60, worker="w") == []


def test_ensuring_a_tracked_target_leaves_it_tracked(store):
    target = tracked(store)

    assert store.targets.ensure(URL, NOW) == target
    assert [item.id for item in store.targets.all()] == [target.id]


def test_an_unknown_address_names_the_command_that_tracks_it(store):
    with pytest.raises(
        InputError, match=r"is not known yet. `variorum backfill https://gazette.example/harbour-fire`"
    ):
        store.targets.find(URL)


def test_an_alias_leads_to_its_target(store):
    target = tracked(store)

    assert store.targets.add_alias(target, "https://gazette.example/live/1")
    assert not store.targets.add_alias(target, "https://gazette.example/live/1")
    assert not store.targets.add_alias(target, URL)
    assert store.targets.aliases(target) == ("https://gazette.example/live/1",)
    assert store.targets.find("https://gazette.example/live/1") == target


def test_targets_come_in_order_of_address_past_the_size_of_a_page(store, monkeypatch):
    monkeypatch.setattr("crawler.store.targets.PAGE", 7)
    with store.together():
        for number in range(22):
            store.targets.track(f"https://gazette.example/{number:05d}", now=NOW)

    assert [item.url[-5:] for item in store.targets.all()] == [f"{number:05d}" for number in range(22)]


# --------------------------------------------------------------------------- captures


def test_observing_twice_adds_nothing(store, monkeypatch):
    monkeypatch.setattr("crawler.store.captures.BATCH", 50)
    target = tracked(store)
    rows = [listed(number) for number in range(203)]

    assert store.captures.observe(target, iter(rows)) == 203
    assert store.captures.observe(target, iter(rows)) == 0
    assert [item.capture for item in store.captures.of(target)] == rows


def test_a_capture_without_a_digest_is_still_one_row(store):
    target = tracked(store)

    assert store.captures.observe(target, [listed(1, digest=None)] * 2) == 1
    assert next(store.captures.of(target)).capture.digest is None


def test_captures_that_differ_in_one_part_of_their_key_are_several_rows(store):
    target = tracked(store)
    same = {"at": NOW}
    rows = [
        listed(1, **same),
        listed(2, **same),
        listed(1, archive="pywb", **same),
        listed(1, url=URL + "?page=2", **same),
        listed(1, at=NOW + timedelta(seconds=1)),
    ]

    assert store.captures.observe(target, rows) == 5
    order = [(item.capture.at, item.capture.archive, item.capture.url) for item in store.captures.of(target)]
    assert order == sorted(order)


def test_a_revisit_is_known_as_one_from_the_start(store):
    target = tracked(store)
    store.captures.observe(target, [listed(1, mimetype="warc/revisit"), listed(2)])

    assert [item.outcome for item in store.captures.of(target)] == [Outcome.REVISIT, Outcome.PENDING]
    assert [item.capture.digest for item in store.captures.of(target, outcome=Outcome.PENDING)] == ["D2"]


def test_two_targets_may_see_the_same_capture(store):
    first, second = tracked(store), tracked(store, URL + "-2")

    assert store.captures.observe(first, [listed(1)]) == store.captures.observe(second, [listed(1)]) == 1


def test_hostile_text_from_an_index_is_kept_without_harm(store):
    target = tracked(store)
    row = listed(1, mimetype="text/\x00html\ud800", url=URL + "?q=';DROP TABLE capture;--")

    assert store.captures.observe(target, [row]) == 1
    assert next(store.captures.of(target)).capture.mimetype == "text/\ufffdhtml?"


def test_a_mark_says_what_became_of_a_capture_without_bytes(store):
    target = tracked(store)
    seen = one_seen(store, target)
    store.captures.mark(seen, Outcome.FAILED, reason="the archive answered 503")

    marked = next(store.captures.of(target))
    assert (marked.outcome, marked.reason, marked.sha256) == (
        Outcome.FAILED,
        "the archive answered 503",
        None,
    )


def test_a_capture_that_was_not_made_is_an_error(store):
    with pytest.raises(InputError, match="has no capture 20260301120000"):
        store.captures.at(tracked(store), NOW)


def test_of_two_captures_at_one_time_the_one_with_bytes_is_given(store):
    target = tracked(store)
    store.captures.observe(target, [listed(1, at=NOW, archive="a"), listed(1, at=NOW, archive="b")])
    last = list(store.captures.of(target))[-1]
    keep(store, last, b"page")

    assert store.captures.at(target, NOW).capture.archive == "b"


# --------------------------------------------------------------------------- evidence


def test_a_kept_snapshot_is_reported_back_in_full(store):
    target = tracked(store)
    seen = one_seen(store, target)
    shot = served(seen, b"<p>bytes", url=URL + "?moved", redirects=(URL, URL + "?moved"))
    kept = store.captures.keep(
        seen, shot, outcome=Outcome.FETCHED, reason=None, article=told(3), parser="p1", now=NOW
    )

    assert kept == store.captures.at(target, seen.capture.at)
    assert store.bodies.read(kept.sha256) == b"<p>bytes"
    assert kept.served_at == seen.capture.at
    assert kept.final_url == URL + "?moved"
    assert kept.content_type == "text/html"
    assert kept.fingerprint == told(3).fingerprint
    assert store.articles.shown_by(kept) == told(3)


def test_keeping_twice_changes_nothing(store):
    target = tracked(store)
    seen = one_seen(store, target)

    assert keep(store, seen, b"page", told(3)) == keep(store, seen, b"page", told(3))
    assert list(store.bodies.names()) == [keep(store, seen, b"page", told(3)).sha256]


def test_equal_bytes_of_two_targets_are_kept_once(store):
    first, second = tracked(store), tracked(store, URL + "-2")
    one = keep(store, one_seen(store, first), b"page")
    other = keep(store, one_seen(store, second), b"page")

    assert one.sha256 == other.sha256
    assert len(list(store.bodies.names())) == 1


def test_an_empty_body_is_evidence_too(store):
    kept = keep(store, one_seen(store, tracked(store)), b"")

    assert store.bodies.read(kept.sha256) == b""
    assert list(store.verify()) == []


def test_an_article_comes_back_exactly_as_it_was_parsed(store):
    article = Article(
        headline="“Fire” — 1.5 million \ud800",
        headlines=Headlines(h1="Fire", og="Blaze"),
        published=NOW + timedelta(microseconds=123456),
        language="en",
        blocks=(
            Block(kind=BlockKind.LIVE_UPDATE, text="12.30: three dead\x00", at=NOW),
            Block(kind=BlockKind.CORRECTION, text="An earlier version said 13."),
        ),
        removed=(Removed(reason="related_link", text="15 dead in Elsewhere"),),
        suspect="truncated",
        notes=("dates disagree",),
    )
    kept = keep(store, one_seen(store, tracked(store)), b"page", article)

    assert store.articles.shown_by(kept) == article


def test_articles_are_reported_by_fingerprint_each_as_first_captured(store):
    target = tracked(store)
    store.captures.observe(target, [listed(number) for number in range(3)])
    third, second, first = list(store.captures.of(target))[::-1]
    keep(store, third, b"c", told(4, modified=NOW))
    keep(store, second, b"b", told(3, modified=NOW))
    keep(store, first, b"a", told(3))

    articles = store.articles.of(target)
    assert {key: (value.text, value.modified) for key, value in articles.items()} == {
        told(3).fingerprint: (told(3).text, None),
        told(4).fingerprint: (told(4).text, NOW),
    }


def test_a_capture_that_shows_no_article_says_so(store):
    kept = keep(store, one_seen(store, tracked(store)), b"\x89PNG")

    with pytest.raises(InputError, match="holds no article: it is not_article"):
        store.articles.shown_by(kept)


def test_a_new_reading_takes_the_place_of_the_old_and_leaves_the_bytes(store):
    target = tracked(store)
    kept = keep(store, one_seen(store, target), b"page", told(3))
    assert store.articles.stale(target, "p2") == {kept.id}

    read = store.captures.rederive(kept, told(4), "p2")
    assert (read.fingerprint, read.sha256) == (told(4).fingerprint, kept.sha256)
    assert store.articles.stale(target, "p2") == set()

    none = store.captures.rederive(read, None, "p3", outcome=Outcome.NOT_ARTICLE, reason="a block page")
    assert (none.fingerprint, none.outcome, none.reason) == (None, Outcome.NOT_ARTICLE, "a block page")
    assert store.bodies.read(none.sha256) == b"page"


def test_several_writes_together_are_all_or_nothing(store):
    target = tracked(store)

    def fails_at_last() -> None:
        with store.together():
            store.captures.observe(target, [listed(1)])
            keep(store, next(store.captures.of(target)), b"page", told(3))
            store.targets.find("not an address")

    with pytest.raises(InputError):
        fails_at_last()

    assert list(store.captures.of(target)) == []
    assert list(store.bodies.names()) == []


@pytest.mark.parametrize(
    "spelling", ["http://a.example/story", "https://www.a.example/story/", "https://a.example/story"]
)
def test_another_spelling_of_a_tracked_page_is_the_same_target(store, spelling) -> None:
    target, _ = store.targets.track("https://a.example/story", now=NOW)
    assert store.targets.find(spelling).id == target.id
    assert store.targets.ensure(spelling, NOW).id == target.id
    assert store.targets.track(spelling, story="fires", now=NOW) == (store.targets.find(spelling), False)
    assert store.targets.untrack(spelling)


def test_a_store_that_is_opened_and_read_loads_no_other_dialect_and_no_part_that_is_not_used(tmp_path):
    words = f"""
import sys
from crawler.store import open_store
with open_store({str(tmp_path / "v.db")!r}, create=False) as store:
    assert list(store.targets.all()) == []
unused = ["sqlalchemy.dialects.postgresql", "alembic", "pydantic", "zstandard", "lxml"]
unused += [f"crawler.store.{{name}}" for name in ("alerts", "captures", "checks", "custody", "findings", "seals", "sources")]
print([name for name in unused if name in sys.modules])
"""
    open_store(str(tmp_path / "v.db")).close()
    done = subprocess.run(
        [sys.executable, "-c", words], check=True, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
