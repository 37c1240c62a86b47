"""The application object as a notebook uses it: open, fetch, read, publish."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.config import Settings
from crawler.errors import InputError
from crawler.model import SaveWish
from crawler.tracker import Tracker
from crawler.tracking.events import Began, Left, Published
from crawler.tracking.fetch_pass import Fetched
from crawler.tracking.listing import Listed
from crawler.tracking.scheduler import next_interval, spread
from diffs.model import ChangeKind, Disclosure

ARCHIVE = Path(__file__).parents[2] / "seeds" / "demo" / "meridian-courier.warc.gz"
PAGE = "https://www.meridian-courier.example/world/2025/03/11/silver-tern-ferry-port-sarel"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def settings_for(folder: Path) -> Settings:
    return Settings.model_validate(
        {
            "store": str(folder / "variorum.db"),
            "archive": {"dialect": "warc", "url": str(ARCHIVE)},
        }
    )


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> tuple[Path, Published]:
    folder = tmp_path_factory.mktemp("tracker")
    with Tracker.open(settings_for(folder), clock=lambda: NOW) as tracker:
        return folder, tracker.backfill(PAGE)


@pytest.fixture
def tracker(filled):
    with Tracker.open(settings_for(filled[0]), clock=lambda: NOW, create=False) as opened:
        yield opened


def test_a_backfill_does_its_work_without_being_iterated_and_returns_what_it_learnt(filled):
    folder, published = filled

    assert len(published.history.revisions) > 3
    assert {path.parent for path in published.paths} == {folder / "reports"}
    assert {path.suffix for path in published.paths} == {".md", ".svg"}
    assert [change.id for change in published.findings.appeared] == [each.id for each in published.changes]
    assert published.findings.vanished == ()
    assert set(published.substantive) < set(published.changes)


def test_what_is_published_again_is_not_new_again(tracker, filled):
    again = tracker.publish(tracker.target(PAGE))

    assert again.findings.appeared == ()
    assert [change.id for change in again.findings.kept] == [each.id for each in filled[1].changes]
    assert again.paths == filled[1].paths


def test_the_steps_of_a_backfill_flow_in_order_and_end_with_what_was_published(tmp_path):
    with Tracker.open(settings_for(tmp_path), clock=lambda: NOW) as tracker:
        steps = list(tracker.iter_backfill(PAGE, budget=3))

    assert [type(step) for step in steps] == [
        Began,
        Listed,
        Began,
        Fetched,
        Fetched,
        Fetched,
        Left,
        Published,
    ]
    assert [step.requests for step in steps[3:6]] == [1, 2, 3]


def test_times_are_given_as_text_or_as_datetimes(tracker):
    early = datetime(2025, 3, 11, 23, 59, 59, tzinfo=UTC)

    assert tracker.article(PAGE, "2025-03-11") == tracker.article(PAGE, early)
    assert tracker.article(PAGE, "2025-03-11") != tracker.article(PAGE)
    assert tracker.claims(PAGE, early) != tracker.claims(PAGE)
    assert tracker.compare(PAGE, "2025-03-11").changes
    with pytest.raises(InputError, match="no date"):
        tracker.claims(PAGE, "yesterday")


def test_a_note_is_kept_with_its_finding_and_stands_on_its_page(tracker, filled):
    change = filled[1].substantive[0]
    tracker.note(change.id, "Asked the desk.", dismissed=True)

    (page,) = tracker.pages(PAGE)
    assert [(note.change, note.text, note.dismissed) for note in page.notes] == [
        (change.id, "Asked the desk.", True)
    ]


def test_pages_are_tracked_listed_and_no_longer_tracked(tmp_path):
    with Tracker.open(settings_for(tmp_path), clock=lambda: NOW) as tracker:
        target, created = tracker.track(PAGE, story="ferry", since="2025-03-01")
        assert (created, target.since) == (True, datetime(2025, 3, 1, tzinfo=UTC))
        assert tracker.targets(story="ferry") == [target]
        assert [visited.error for visited in tracker.visit()] == [None]
        assert tracker.visit() == []
        assert "Next look at" in tracker.target_status(PAGE).next_visit
        assert tracker.untrack(PAGE)
        assert tracker.targets() == []
        with pytest.raises(InputError, match="WARC files are read"):
            tracker.track(PAGE, save=SaveWish.ON_GAP)


def test_a_story_is_written_with_its_comparison_and_a_stranger_is_refused(tmp_path):
    with Tracker.open(settings_for(tmp_path), clock=lambda: NOW) as tracker:
        with pytest.raises(InputError, match="No tracked page is in the story"):
            tracker.story("ferry")
        tracker.track(PAGE, story="ferry")
        tracker.backfill(PAGE)
        report = tracker.story("ferry", folder=tmp_path / "out")

    assert "story-ferry" in " ".join(path.name for path in report.paths)
    assert report.changes > 0


def test_the_settings_come_from_the_surroundings_where_none_are_given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VARIORUM_STORE", str(tmp_path / "named.db"))
    with Tracker.open() as tracker:
        assert tracker.store.where == str(tmp_path / "named.db")
        assert tracker.targets() == []


def test_a_comparison_backwards_in_time_is_refused(tracker):
    with pytest.raises(InputError, match="earlier time first"):
        tracker.compare(PAGE, "2025-03-13", "2025-03-11")


def test_a_comparison_over_several_versions_claims_no_more_than_its_least_open_step(tracker):
    steps = tracker.history(PAGE).transitions
    silent, dated = steps[4], steps[5]

    found = tracker.compare(PAGE, silent.interval.after.at, dated.interval.until.at).changes

    openness = {
        one.before.text.split()[1]: one.disclosure for one in found if one.kind is ChangeKind.CASUALTY
    }
    assert openness["Kestrian"] is Disclosure.SILENT
    assert openness["Interior"] is Disclosure.CORRECTION


@pytest.mark.parametrize(("late", "is_moved"), [(timedelta(days=7), True), (timedelta(0), False)])
def test_a_change_that_a_capture_sees_moves_the_next_visit(tmp_path, late, is_moved):
    last = datetime(2025, 3, 13, 18, tzinfo=UTC)
    with Tracker.open(settings_for(tmp_path), clock=lambda: last) as tracker:
        target, _ = tracker.track(PAGE)
        tracker.store.queue.claim_due(last, limit=1, lease_seconds=60, worker="w")
        planned = last + late
        tracker.store.queue.complete(target, next_due=planned, now=last, worker="w")
        tracker.capture(PAGE, save=False)
        due = tracker.target(PAGE).next_due
        rhythm = tracker.store.captures.rhythm(target)

    own = next_interval(rhythm, now=last)
    assert own < timedelta(days=2)
    assert due == (last + spread(target, own) if is_moved else planned)


def test_a_capture_leaves_the_plan_of_a_page_that_fails_or_is_being_visited(tmp_path):
    last = datetime(2025, 3, 13, 18, tzinfo=UTC)
    late = last + timedelta(days=7)
    with Tracker.open(settings_for(tmp_path), clock=lambda: last) as tracker:
        target, _ = tracker.track(PAGE)
        queue = tracker.store.queue
        queue.claim_due(last, limit=1, lease_seconds=60, worker="w")
        queue.push_back(target, until=late, error="refused", worker="w")
        tracker.capture(PAGE, save=False)
        assert tracker.target(PAGE).next_due == late
        queue.claim_due(late, limit=1, lease_seconds=60, worker="w")
        queue.complete(target, next_due=late, now=late, worker="w")
        assert queue.claim_due(late, limit=1, lease_seconds=60, worker="w")
        assert not queue.bring_forward(target, next_due=last, now=late, interval=timedelta(0))
        queue.release("w")
        assert queue.bring_forward(target, next_due=last, now=late, interval=timedelta(0))
