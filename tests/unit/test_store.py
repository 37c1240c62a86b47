"""What the store promises, on whatever database the `where` fixture names."""

import shutil
import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from crawler.errors import InputError, LeaseLostError, StoreError
from crawler.model import Capture, RequestKind, Seen, Snapshot, Target
from crawler.store import Retained, Store, open_store
from crawler.store.schema import body, capture, finding
from diffs.model import (
    Article,
    Block,
    BlockKind,
    Change,
    ChangeKind,
    ChangeType,
    Headlines,
    Note,
    Outcome,
    Removed,
    Weight,
)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
URL = "https://gazette.example/harbour-fire"


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A store with nothing in it, made once: making the schema is the slowest part."""
    path = tmp_path_factory.mktemp("empty") / "variorum.db"
    open_store(str(path)).close()
    return path


@pytest.fixture
def where(tmp_path, empty):
    return shutil.copy(empty, tmp_path / "variorum.db").as_posix()


@pytest.fixture
def store(where):
    with open_store(where) as opened:
        yield opened


def listed(number: int, *, at: datetime | None = None, url: str = URL, **fields) -> Capture:
    values = {
        "archive": "wayback",
        "urlkey": "example,gazette)/harbour-fire",
        "digest": f"D{number}",
        "status": 200,
    }
    return Capture(url=url, at=at or NOW + timedelta(hours=number), **(values | fields))


def served(seen: Seen, body: bytes, **fields) -> Snapshot:
    values = {
        "served_at": seen.capture.at,
        "url": seen.capture.url,
        "status": 200,
        "content_type": "text/html",
    }
    return Snapshot(capture=seen.capture, body=body, **(values | fields))


def told(number: int, **fields) -> Article:
    text = f"Fire broke out at the harbour and killed {number} people."
    blocks = (Block(kind=BlockKind.PARAGRAPH, text=text),)
    return Article(headline="Fire at the harbour", blocks=blocks, **fields)


def finding_of(number: int, **fields) -> Change:
    values = {"kind": ChangeKind.CASUALTY, "type": ChangeType.INCREASED, "weight": Weight.SUBSTANTIVE}
    return Change(id=f"change-{number}", **(values | fields))


def tracked(store: Store, url: str = URL) -> Target:
    return store.track(url, now=NOW)[0]


def one_seen(store: Store, target: Target, number: int = 1) -> Seen:
    store.observe(target, [listed(number)])
    return store.seen_one(target, NOW + timedelta(hours=number))


def keep(store: Store, seen: Seen, data: bytes, article: Article | None = None) -> Seen:
    outcome = Outcome.FETCHED if article else Outcome.NOT_ARTICLE
    return store.keep(seen, served(seen, data), outcome=outcome, article=article, parser="p1", now=NOW)


# --------------------------------------------------------------------------- targets


def test_tracking_twice_gives_the_same_target_and_keeps_what_is_not_given_anew(store):
    first, created = store.track(URL, story="harbour", since=NOW - timedelta(days=1), now=NOW)
    again, anew = store.track(URL, now=NOW + timedelta(hours=1))

    assert created
    assert not anew
    assert again == first
    assert again.story == "harbour"
    assert again.since == NOW - timedelta(days=1)


def test_tracking_again_with_another_story_moves_the_target(store):
    store.track(URL, story="harbour", now=NOW)

    assert store.track(URL, story="fires", now=NOW)[0].story == "fires"
    assert [target.url for target in store.targets(story="fires")] == [URL]
    assert store.stories() == ("fires",)


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
    assert store.track(typed, now=NOW)[0].url == URL


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
        store.track(typed, now=NOW)

    assert len(str(caught.value).splitlines()) == 1
    assert list(store.targets()) == []


def test_an_untracked_target_keeps_its_evidence_and_comes_back_due_at_once(store):
    target = tracked(store)
    keep(store, one_seen(store, target), b"page", told(3))

    assert store.untrack(URL)
    assert not store.untrack(URL)
    assert list(store.targets()) == []
    assert [item.url for item in store.targets(include_untracked=True)] == [URL]
    assert store.claim_due(NOW, limit=5, lease_seconds=60, worker="w") == []
    assert len(list(store.seen(target))) == 1

    later = NOW + timedelta(days=3)
    back, created = store.track(URL, now=later)
    assert created
    assert back.next_due == later
    assert back.id == target.id


def test_a_target_for_one_capture_on_demand_is_never_due(store):
    target = store.ensure_target(URL, NOW)

    assert store.ensure_target(URL, NOW).id == target.id
    assert store.claim_due(NOW + timedelta(days=99), limit=5, lease_seconds=60, worker="w") == []


def test_ensuring_a_tracked_target_leaves_it_tracked(store):
    target = tracked(store)

    assert store.ensure_target(URL, NOW) == target
    assert [item.id for item in store.targets()] == [target.id]


def test_an_unknown_address_names_the_command_that_tracks_it(store):
    with pytest.raises(
        InputError, match=r"is not tracked: `variorum track https://gazette.example/harbour-fire`"
    ):
        store.target(URL)


def test_an_alias_leads_to_its_target(store):
    target = tracked(store)

    assert store.add_alias(target, "https://gazette.example/live/1")
    assert not store.add_alias(target, "https://gazette.example/live/1")
    assert not store.add_alias(target, URL)
    assert store.aliases(target) == ("https://gazette.example/live/1",)
    assert store.target("https://gazette.example/live/1") == target


def test_targets_come_in_order_of_address_past_the_size_of_a_page(store, monkeypatch):
    monkeypatch.setattr("crawler.store.targets.PAGE", 7)
    with store.together():
        for number in range(22):
            store.track(f"https://gazette.example/{number:05d}", now=NOW)

    assert [item.url[-5:] for item in store.targets()] == [f"{number:05d}" for number in range(22)]


# --------------------------------------------------------------------------- captures


def test_observing_twice_adds_nothing(store, monkeypatch):
    monkeypatch.setattr("crawler.store.captures.BATCH", 50)
    target = tracked(store)
    rows = [listed(number) for number in range(203)]

    assert store.observe(target, iter(rows)) == 203
    assert store.observe(target, iter(rows)) == 0
    assert [item.capture for item in store.seen(target)] == rows


def test_a_capture_without_a_digest_is_still_one_row(store):
    target = tracked(store)

    assert store.observe(target, [listed(1, digest=None)] * 2) == 1
    assert next(store.seen(target)).capture.digest is None


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

    assert store.observe(target, rows) == 5
    order = [(item.capture.at, item.capture.archive, item.capture.url) for item in store.seen(target)]
    assert order == sorted(order)


def test_a_revisit_is_known_as_one_from_the_start(store):
    target = tracked(store)
    store.observe(target, [listed(1, mimetype="warc/revisit"), listed(2)])

    assert [item.outcome for item in store.seen(target)] == [Outcome.REVISIT, Outcome.PENDING]
    assert [item.capture.digest for item in store.seen(target, outcome=Outcome.PENDING)] == ["D2"]


def test_two_targets_may_see_the_same_capture(store):
    first, second = tracked(store), tracked(store, URL + "-2")

    assert store.observe(first, [listed(1)]) == store.observe(second, [listed(1)]) == 1


def test_hostile_text_from_an_index_is_kept_without_harm(store):
    target = tracked(store)
    row = listed(1, mimetype="text/\x00html\ud800", url=URL + "?q=';DROP TABLE capture;--")

    assert store.observe(target, [row]) == 1
    assert next(store.seen(target)).capture.mimetype == "text/\ufffdhtml?"


def test_a_mark_says_what_became_of_a_capture_without_bytes(store):
    target = tracked(store)
    seen = one_seen(store, target)
    store.mark(seen, Outcome.FAILED, reason="the archive answered 503")

    marked = next(store.seen(target))
    assert (marked.outcome, marked.reason, marked.sha256) == (
        Outcome.FAILED,
        "the archive answered 503",
        None,
    )


def test_a_capture_that_was_not_made_is_an_error(store):
    with pytest.raises(InputError, match="has no capture 20260301120000"):
        store.seen_one(tracked(store), NOW)


def test_of_two_captures_at_one_time_the_one_with_bytes_is_given(store):
    target = tracked(store)
    store.observe(target, [listed(1, at=NOW, archive="a"), listed(1, at=NOW, archive="b")])
    last = list(store.seen(target))[-1]
    keep(store, last, b"page")

    assert store.seen_one(target, NOW).capture.archive == "b"


# --------------------------------------------------------------------------- evidence


def test_a_kept_snapshot_is_told_back_in_full(store):
    target = tracked(store)
    seen = one_seen(store, target)
    shot = served(seen, b"<p>bytes", url=URL + "?moved", redirects=(URL, URL + "?moved"))
    kept = store.keep(seen, shot, outcome=Outcome.FETCHED, reason=None, article=told(3), parser="p1", now=NOW)

    assert kept == store.seen_one(target, seen.capture.at)
    assert store.body(kept.sha256) == b"<p>bytes"
    assert kept.served_at == seen.capture.at
    assert kept.final_url == URL + "?moved"
    assert kept.content_type == "text/html"
    assert kept.fingerprint == told(3).fingerprint
    assert store.article(kept) == told(3)


def test_keeping_twice_changes_nothing(store):
    target = tracked(store)
    seen = one_seen(store, target)

    assert keep(store, seen, b"page", told(3)) == keep(store, seen, b"page", told(3))
    assert list(store.bodies()) == [keep(store, seen, b"page", told(3)).sha256]


def test_equal_bytes_of_two_targets_are_kept_once(store):
    first, second = tracked(store), tracked(store, URL + "-2")
    one = keep(store, one_seen(store, first), b"page")
    other = keep(store, one_seen(store, second), b"page")

    assert one.sha256 == other.sha256
    assert len(list(store.bodies())) == 1


def test_an_empty_body_is_evidence_too(store):
    kept = keep(store, one_seen(store, tracked(store)), b"")

    assert store.body(kept.sha256) == b""
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

    assert store.article(kept) == article


def test_articles_are_told_by_fingerprint_each_as_first_captured(store):
    target = tracked(store)
    store.observe(target, [listed(number) for number in range(3)])
    third, second, first = list(store.seen(target))[::-1]
    keep(store, third, b"c", told(4, modified=NOW))
    keep(store, second, b"b", told(3, modified=NOW))
    keep(store, first, b"a", told(3))

    articles = store.articles(target)
    assert {key: (value.text, value.modified) for key, value in articles.items()} == {
        told(3).fingerprint: (told(3).text, None),
        told(4).fingerprint: (told(4).text, NOW),
    }


def test_a_capture_that_shows_no_article_says_so(store):
    kept = keep(store, one_seen(store, tracked(store)), b"\x89PNG")

    with pytest.raises(InputError, match="holds no article: it is not_article"):
        store.article(kept)


def test_a_new_reading_takes_the_place_of_the_old_and_leaves_the_bytes(store):
    target = tracked(store)
    kept = keep(store, one_seen(store, target), b"page", told(3))
    assert store.stale(target, "p2") == {kept.id}

    read = store.rederive(kept, told(4), "p2")
    assert (read.fingerprint, read.sha256) == (told(4).fingerprint, kept.sha256)
    assert store.stale(target, "p2") == set()

    none = store.rederive(read, None, "p3", outcome=Outcome.NOT_ARTICLE, reason="a block page")
    assert (none.fingerprint, none.outcome, none.reason) == (None, Outcome.NOT_ARTICLE, "a block page")
    assert store.body(none.sha256) == b"page"


def test_several_writes_together_are_all_or_nothing(store):
    target = tracked(store)

    def fails_at_last() -> None:
        with store.together():
            store.observe(target, [listed(1)])
            keep(store, next(store.seen(target)), b"page", told(3))
            store.target("not an address")

    with pytest.raises(InputError):
        fails_at_last()

    assert list(store.seen(target)) == []
    assert list(store.bodies()) == []


# --------------------------------------------------------------------------- findings


def test_findings_that_no_longer_stand_vanish_with_a_trace_and_can_appear_again(store):
    target = tracked(store)
    stamp = {"grammar": "g1", "parser": "p1", "now": NOW}
    first = store.record_findings(target, [finding_of(1), finding_of(2)], **stamp)
    second = store.record_findings(target, [finding_of(2), finding_of(3)], **stamp)
    third = store.record_findings(target, [finding_of(1)], **stamp)

    assert [change.id for change in first.appeared] == ["change-1", "change-2"]
    ids = [[change.id for change in part] for part in (second.appeared, second.vanished, second.kept)]
    assert ids == [["change-3"], ["change-1"], ["change-2"]]
    assert [change.id for change in third.appeared] == ["change-1"]
    assert store.findings(target) == (finding_of(1),)


def test_recording_the_same_findings_again_writes_nothing(store):
    target = tracked(store)
    store.record_findings(target, [finding_of(1)], grammar="g1", parser="p1", now=NOW)
    delta = store.record_findings(target, iter([finding_of(1)]), grammar="g1", parser="p1", now=NOW)

    assert (delta.appeared, delta.vanished, delta.kept) == ((), (), (finding_of(1),))


def test_findings_keep_the_order_they_were_recorded_in(store):
    target = tracked(store)
    changes = [finding_of(9), finding_of(1), finding_of(5)]
    store.record_findings(target, changes, grammar="g", parser="p", now=NOW)

    assert store.findings(target) == tuple(changes)


def test_notes_outlive_the_finding_they_are_about(store):
    target = tracked(store)
    stamp = {"grammar": "g1", "parser": "p1", "now": NOW}
    store.record_findings(target, [finding_of(1)], **stamp)
    written = Note(change="change-1", text="the army's own figure", dismissed=True, at=NOW)
    store.add_note(written)
    store.add_note(written)
    store.record_findings(target, [], **stamp)

    assert store.notes(target) == (written,)


def test_a_note_on_an_unknown_finding_is_refused(store):
    with pytest.raises(InputError, match="no finding has the id"):
        store.add_note(Note(change="nothing", text="x", dismissed=False, at=NOW))


# --------------------------------------------------------------------------- queue


def test_due_targets_are_taken_longest_due_first_and_only_once(store):
    for number in (2, 0, 1):
        store.track(f"{URL}-{number}", now=NOW + timedelta(minutes=number))
    first = store.claim_due(NOW + timedelta(minutes=1), limit=5, lease_seconds=60, worker="a")

    assert [target.url[-1] for target in first] == ["0", "1"]
    assert store.claim_due(NOW + timedelta(minutes=1), limit=5, lease_seconds=60, worker="b") == []


def test_a_dead_workers_target_is_taken_when_its_lease_ends_and_then_is_lost_to_it(store):
    target = tracked(store)
    store.claim_due(NOW, limit=1, lease_seconds=60, worker="dead")
    assert store.claim_due(NOW + timedelta(seconds=59), limit=1, lease_seconds=60, worker="b") == []
    assert store.claim_due(NOW + timedelta(seconds=60), limit=1, lease_seconds=60, worker="b") == [target]

    with pytest.raises(LeaseLostError):
        store.complete(target, next_due=NOW, now=NOW, worker="dead")
    with pytest.raises(LeaseLostError):
        store.push_back(target, until=NOW, error="x", worker="dead")


def test_a_renewed_lease_holds_longer(store):
    tracked(store)
    store.claim_due(NOW, limit=1, lease_seconds=60, worker="a")

    assert store.renew("a", until=NOW + timedelta(seconds=300)) == 1
    assert store.renew("a", until=NOW + timedelta(seconds=200)) == 1
    assert store.renew("b", until=NOW + timedelta(seconds=900)) == 0
    assert store.claim_due(NOW + timedelta(seconds=299), limit=1, lease_seconds=60, worker="b") == []
    assert len(store.claim_due(NOW + timedelta(seconds=300), limit=1, lease_seconds=60, worker="b")) == 1


def test_work_that_never_ends_holds_its_target_twice_as_long_each_time(store):
    target = tracked(store)
    now = NOW
    for lease in (60, 120, 240):
        assert store.claim_due(now, limit=1, lease_seconds=60, worker="a") == [target]
        store.begin(target, worker="a")
        assert (
            store.claim_due(now + timedelta(seconds=lease - 1), limit=1, lease_seconds=60, worker="a") == []
        )
        now += timedelta(seconds=lease)


def test_a_completed_look_clears_failures_and_sets_the_next(store):
    target = tracked(store)
    store.claim_due(NOW, limit=1, lease_seconds=60, worker="a")
    store.push_back(target, until=NOW + timedelta(hours=1), error="no answer", worker="a")
    failed = store.target(URL)
    assert (failed.failures, failed.last_error, failed.next_due) == (1, "no answer", NOW + timedelta(hours=1))

    later = NOW + timedelta(hours=1)
    store.claim_due(later, limit=1, lease_seconds=60, worker="a")
    store.complete(target, next_due=later + timedelta(hours=2), now=later, worker="a")
    done = store.target(URL)
    assert (done.failures, done.last_error, done.next_due) == (0, None, later + timedelta(hours=2))
    assert store.rhythm(done).last_look == later


def test_what_a_worker_gives_back_is_due_as_before(store):
    target = tracked(store)
    store.claim_due(NOW, limit=1, lease_seconds=60, worker="a")
    store.give_back(target, worker="a")

    assert store.claim_due(NOW, limit=1, lease_seconds=60, worker="b") == [target]
    assert store.release("b") == 1
    assert store.release("b") == 0


def test_a_new_daemon_frees_what_a_dead_one_held_but_not_what_killed_two(store):
    poison, other = tracked(store, URL + "-0"), tracked(store, URL + "-1")
    for _ in range(2):
        store.claim_due(NOW, limit=2, lease_seconds=60, worker="daemon host 1")
        store.begin(poison, worker="daemon host 1")
        store.release_daemons()

    assert store.claim_due(NOW, limit=2, lease_seconds=60, worker="daemon host 2") == [other]


def test_a_clock_set_back_moves_due_times_back_with_it(store):
    target = tracked(store)
    store.claim_due(NOW, limit=1, lease_seconds=60, worker="a")
    store.complete(target, next_due=NOW + timedelta(hours=1), now=NOW, worker="a")
    back = NOW - timedelta(days=30)

    assert store.claim_due(back, limit=1, lease_seconds=60, worker="a") == []
    assert store.target(URL).next_due == back + timedelta(hours=1)
    assert len(store.claim_due(back + timedelta(hours=1), limit=1, lease_seconds=60, worker="a")) == 1


def test_many_threads_claim_every_target_exactly_once(store):
    with store.together():
        for number in range(40):
            store.track(f"{URL}-{number}", now=NOW)
    taken: list[str] = []

    def worker(name: str) -> None:
        while batch := store.claim_due(NOW, limit=3, lease_seconds=60, worker=name):
            taken.extend(target.url for target in batch)

    threads = [threading.Thread(target=worker, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(taken) == len(set(taken)) == 40


def test_the_rhythm_knows_the_first_capture_and_the_last_change(store):
    target = tracked(store)
    assert store.rhythm(target).first_seen is None
    store.observe(target, [listed(number) for number in range(5)])
    for seen, number in zip(list(store.seen(target)), (3, 4, 3, 3), strict=False):
        keep(store, seen, f"page {seen.id}".encode(), told(number))

    rhythm = store.rhythm(target)
    assert rhythm.first_seen == NOW
    assert rhythm.last_change == NOW + timedelta(hours=2)


def test_the_demand_is_the_sum_of_all_intervals(store):
    for number in range(3):
        store.track(f"{URL}-{number}", now=NOW)
    for target in store.claim_due(NOW, limit=2, lease_seconds=60, worker="a"):
        store.complete(target, next_due=NOW, now=NOW, worker="a", interval=timedelta(minutes=2))

    assert store.demand(unknown_seconds=30) == pytest.approx(0.5 + 0.5 + 2)


# --------------------------------------------------------------------------- care


def flip(store: Store, sha256: str, offset: int = -6) -> None:
    """Turn over one bit of a stored body."""
    with store.database.writing() as connection:
        z = bytearray(connection.execute(select(body.c.z).where(body.c.sha256 == sha256)).scalar_one())
        z[offset] ^= 4
        connection.execute(update(body).where(body.c.sha256 == sha256).values(z=bytes(z)))


def test_a_flipped_bit_is_named_by_verify_and_scrub_and_never_served(store):
    target = tracked(store)
    kept = keep(store, one_seen(store, target), b"page " * 50, told(3))
    flip(store, kept.sha256)

    assert [problem.name for problem in store.scrub()] == [kept.sha256]
    assert [problem.name for problem in store.verify(target)] == [kept.sha256]
    with pytest.raises(StoreError, match=f"body {kept.sha256} is damaged"):
        store.body(kept.sha256)


def test_verify_names_a_fetched_capture_whose_body_is_gone(store):
    target = tracked(store)
    kept = keep(store, one_seen(store, target), b"page", told(3))
    with store.database.writing() as connection:
        connection.execute(update(capture).where(capture.c.id == kept.id).values(sha256=None))

    (problem,) = store.verify(target)
    assert problem.what == "capture"
    assert problem.name == f"{URL} 20260301130000"


def test_retention_keeps_both_ends_of_every_text_and_all_that_is_young(store):
    target = tracked(store)
    store.observe(target, [listed(number) for number in range(16)])
    shown = [3, 3, 3, 3, 4, 3, 3, 3, 5, 5, 5, 5, 5, 5, 5, 5]
    before = {}
    for seen, number in zip(list(store.seen(target)), shown, strict=True):
        data = b"frame " * 500 + f"{number} {seen.id}".encode()
        before[seen.id] = data
        keep(store, seen, data, told(number))
    done = store.let_go(target, before=NOW + timedelta(hours=12), now=NOW + timedelta(days=900))

    kept = {seen.capture.at: seen for seen in store.seen(target)}
    gone = [number for number in range(16) if kept[NOW + timedelta(hours=number)].sha256 is None]
    assert gone == [1, 2, 6, 9, 10, 11]
    assert (done.captures, done.bodies) == (6, 6)
    assert done.stored_bytes > 0
    assert all(store.body(seen.sha256) == before[seen.id] for seen in kept.values() if seen.sha256)
    assert len(list(store.bodies())) == 10
    assert list(store.verify()) == []
    assert store.article(kept[NOW + timedelta(hours=1)]) == told(3)
    assert store.let_go(target, before=NOW + timedelta(hours=12), now=NOW) == Retained()


def test_retention_keeps_bytes_that_another_capture_needs(store):
    first, second = tracked(store), tracked(store, URL + "-2")
    store.observe(first, [listed(number) for number in range(3)])
    for seen in list(store.seen(first)):
        keep(store, seen, b"page %d" % seen.capture.at.hour, told(3))
    keep(store, one_seen(store, second), b"page 13", told(3))

    assert store.let_go(first, before=NOW + timedelta(days=1), now=NOW) == Retained(captures=1)
    assert b"page 13" in {store.body(name) for name in store.bodies()}


def test_a_body_that_was_never_kept_is_an_error(store):
    with pytest.raises(StoreError, match="is not in the store"):
        store.body("0" * 64)


def test_the_status_counts_what_there_is(store):
    target = tracked(store)
    store.observe(target, [listed(number) for number in range(3)])
    keep(store, next(store.seen(target)), b"page" * 100, told(3))
    store.ensure_target(URL + "-2", NOW)
    store.pacing.penalise("archive.example", now=NOW, reason="connection refused")
    store.beat("daemon host 1", started=NOW, now=NOW + timedelta(minutes=1), state="running")
    status = store.status(now=NOW)

    assert (status.targets, status.untracked, status.due, status.failing) == (1, 1, 1, 0)
    assert status.captures == {Outcome.FETCHED: 1, Outcome.PENDING: 2}
    assert (status.bodies, status.body_bytes) == (1, 400)
    assert 0 < status.stored_bytes < 100
    assert {pause.kind for pause in status.pauses} == {kind.value for kind in RequestKind}
    assert {pause.until for pause in status.pauses} == {NOW + timedelta(hours=1)}
    assert status.heartbeat.beat == NOW + timedelta(minutes=1)
    assert store.status(now=NOW + timedelta(hours=2)).pauses == ()


def test_only_one_daemon_holds_a_store_and_the_next_may_when_it_left(store, where):
    with open_store(where) as other:
        second = other.sole_daemon("two")
        with store.sole_daemon("one"), pytest.raises(StoreError, match="another daemon runs on this store"):
            second.__enter__()
        with other.sole_daemon("three"):
            assert store.status().heartbeat is None


def test_a_store_opened_again_holds_everything(store, where):
    target = tracked(store)
    kept = keep(store, one_seen(store, target), b"page", told(3))
    store.record_findings(target, [finding_of(1)], grammar="g", parser="p", now=NOW)
    store.close()

    with open_store(where, create=False) as again:
        assert again.body(kept.sha256) == b"page"
        assert again.article(kept) == told(3)
        assert again.findings(again.target(URL)) == (finding_of(1),)
        with again.database.reading() as connection:
            assert connection.execute(select(func.count()).select_from(finding)).scalar() == 1
