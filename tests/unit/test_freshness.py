"""What the daemon keeps fresh: site, index, feeds and stories, after changes and at a bounded share of its time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from crawler.cli.working import DEMO_PAGE
from crawler.config import Settings
from crawler.errors import HistoryError, InputError, PublishError, StoreError
from crawler.maintenance.outlets import look_at
from crawler.ownership import OWNERS
from crawler.publish import Owner, delete_stories, write
from crawler.site.freshness import Paced, publishing_jobs, refresh_index
from crawler.store.schema import article
from crawler.tracker import Tracker
from diffs.reports import story_stem
from diffs.reports.names import file_stem
from diffs.site.places import place_of_comparison

DEMO = Path(__file__).parents[2] / "seeds" / "demo" / "meridian-courier.warc.gz"
START = datetime(2026, 3, 1, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.at = START

    def __call__(self):
        return self.at


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def tracker(tmp_path, clock):
    settings = Settings.model_validate(
        {
            "store": str(tmp_path / "variorum.db"),
            "reports": tmp_path / "reports",
            "archive": {"dialect": "warc", "url": str(DEMO)},
            "site": {"out": tmp_path / "site", "search": False},
        }
    )
    with Tracker.open(settings, clock=clock) as tracker:
        tracker.track(DEMO_PAGE, story="Silver Tern")
        yield tracker


def go(tracker, jobs, clock):
    clock.at += timedelta(minutes=10)
    return {name: job(tracker.store, lambda: False) for name, (_, job) in jobs.items()}


def test_site_index_feeds_and_stories_follow_what_was_fetched(tracker, tmp_path, clock):
    jobs = publishing_jobs(tracker)
    assert set(jobs) == {"index", "site"}
    go(tracker, jobs, clock)
    assert not list((tmp_path / "reports").glob("index.*"))
    tracker.backfill(DEMO_PAGE, every=True)
    go(tracker, jobs, clock)
    written = {path.name for path in (tmp_path / "reports").iterdir()}
    assert {"index.md", "index.atom"} <= written
    assert {f"story-silver-tern-81d487ca4d6a{ending}" for ending in (".md", ".atom", ".svg")} <= written
    assert "Ferry That Capsized" in (tmp_path / "reports" / "index.md").read_text(encoding="utf-8")
    assert "≥ 13" in (tmp_path / "site" / "index.atom").read_text(encoding="utf-8")
    assert set(go(tracker, jobs, clock).values()) == {None}


def test_the_comparison_of_a_story_that_is_no_more_goes_and_strangers_files_stay(tracker, tmp_path, clock):
    jobs, reports = publishing_jobs(tracker), tmp_path / "reports"
    tracker.backfill(DEMO_PAGE, every=True)
    go(tracker, jobs, clock)
    ours = sorted(reports.glob("story-*"))
    assert {path.suffix for path in ours} == {".md", ".atom", ".svg"}
    strangers = [reports / "story-of-mine.md", reports / f"{story_stem('Another')}.md"]
    for path in strangers:
        path.write_text("mine", encoding="utf-8")
    tracker.track(DEMO_PAGE, story="Ferries")
    tracker.store.targets.leave(DEMO_PAGE, "Silver Tern")
    go(tracker, jobs, clock)

    now = {path.name for path in reports.glob("story-*")}
    assert now == {f"{story_stem('Ferries')}{path.suffix}" for path in ours} | {one.name for one in strangers}
    assert [path.read_text(encoding="utf-8") for path in strangers] == ["mine", "mine"]
    assert (reports / "index.md").is_file()
    assert story_stem("Silver Tern") not in (reports / OWNERS).read_text(encoding="utf-8")
    tracker.track(DEMO_PAGE, story="Silver Tern")
    go(tracker, jobs, clock)
    assert all(path.is_file() for path in ours)


def test_a_page_whose_name_looks_like_a_storys_keeps_its_report(tmp_path):
    owner = Owner(store=str(tmp_path / "variorum.db"))
    (tmp_path / "variorum.db").touch()
    page = "https://story-time.example/ferry"
    files = [tmp_path / f"{file_stem(page)}.md", tmp_path / f"{story_stem('Ferry')}.md"]
    for path in files:
        write(path, "text", owner=owner)

    assert delete_stories(tmp_path, [], pages=[page], owner=owner) == [files[1]]
    assert files[0].is_file()


def test_a_look_at_coverage_has_the_pages_that_state_it_made_again(tracker, tmp_path, clock):
    jobs = publishing_jobs(tracker)
    tracker.backfill(DEMO_PAGE, every=True)
    go(tracker, jobs, clock)
    look_at(tracker.pipeline, DEMO_PAGE, now=clock.at)
    assert set(go(tracker, jobs, clock).values()) != {None}
    pages = (tmp_path / "site" / "pages").glob("meridian-*.html")
    text = "".join(one.read_text(encoding="utf-8") for one in pages)
    assert f"looked at {clock.at:%Y-%m-%d}" in text
    assert set(go(tracker, jobs, clock).values()) == {None}


def test_without_a_folder_there_is_no_site(tracker):
    tracker.settings = Settings.model_validate({**tracker.settings.model_dump(), "site": {}})
    assert set(publishing_jobs(tracker)) == {"index"}


def test_a_job_runs_after_changes_alone_and_rests_twenty_times_as_long_as_it_took(tracker, clock):
    runs = []

    def work(marks):
        runs.append(clock.at)
        clock.at += timedelta(seconds=30)
        return "done"

    job = Paced(work, clock=clock)
    assert job(tracker.store, lambda: False) == "done"
    assert job(tracker.store, lambda: False) is None
    clock.at += timedelta(hours=1)
    assert job(tracker.store, lambda: False) is None
    tracker.track("https://other.example/a")
    assert job(tracker.store, lambda: False) == "done"
    tracker.track("https://other.example/b")
    clock.at += timedelta(minutes=9)
    assert job(tracker.store, lambda: False) is None
    clock.at += timedelta(minutes=2)
    assert job(tracker.store, lambda: False) == "done"
    assert job(tracker.store, lambda: True) is None
    assert len(runs) == 3


def test_a_folder_that_cannot_be_written_stops_nothing(tracker, clock):
    def work(marks):
        raise PublishError("no room left")

    assert Paced(work, clock=clock)(tracker.store, lambda: False) == "no room left"


def test_a_page_whose_versions_cannot_be_compared_keeps_its_pages(tracker, tmp_path, clock, monkeypatch):
    jobs = publishing_jobs(tracker)
    tracker.backfill(DEMO_PAGE, budget=6)
    go(tracker, jobs, clock)
    before = {path.name for path in (tmp_path / "site" / "steps").iterdir()}
    assert before

    def fail(target):
        raise HistoryError("too much memory")

    monkeypatch.setattr(tracker.pipeline, "history", fail)
    tracker.pipeline.store.targets.add_alias(tracker.target(DEMO_PAGE), "https://mirror.example/a")
    go(tracker, jobs, clock)
    assert {path.name for path in (tmp_path / "site" / "steps").iterdir()} == before
    assert (tmp_path / "site" / "index.html").read_text(encoding="utf-8").count("side by side") > 0


def test_a_page_of_two_stories_is_in_the_reports_of_both_and_leaves_one(tracker, tmp_path, clock):
    jobs = publishing_jobs(tracker)
    tracker.track(DEMO_PAGE, story="Ferries")
    tracker.backfill(DEMO_PAGE, every=True)
    go(tracker, jobs, clock)
    for story in ("Silver Tern", "Ferries"):
        assert (tmp_path / "reports" / f"{story_stem(story)}.md").is_file()
        assert (tmp_path / "site" / f"{place_of_comparison(story)}.html").is_file()
        (page,) = tracker.pages(story=story)
        assert page.history.url == DEMO_PAGE
    tracker.store.targets.leave(DEMO_PAGE, "Ferries")
    with pytest.raises(InputError, match="No tracked page is in the story 'Ferries'"):
        list(tracker.pages(story="Ferries"))
    assert go(tracker, jobs, clock)["site"] is not None
    assert not (tmp_path / "site" / f"{place_of_comparison('Ferries')}.html").exists()


def test_one_look_brings_an_index_that_is_there_up_to_date(tracker, tmp_path):
    index = tmp_path / "reports" / "index.md"
    tracker.backfill(DEMO_PAGE, every=True)
    refresh_index(tracker)
    assert not index.exists(), "nobody asked for one"
    tracker.report()
    index.write_text("old", encoding="utf-8")
    refresh_index(tracker)
    assert "then a paragraph moved up (12 → 7) only, Thu 13 Mar 12:00" in index.read_text(encoding="utf-8")


def test_a_damaged_page_fails_no_look_at_another(tracker, tmp_path):
    index = tmp_path / "reports" / "index.md"
    tracker.backfill(DEMO_PAGE, every=True)
    tracker.report()
    index.write_text("old", encoding="utf-8")
    with tracker.store.database.writing() as connection:
        connection.execute(update(article).values(z=b"\0"))
    with pytest.raises(StoreError, match="rebuild --all"):
        tracker.pipeline.history(tracker.target(DEMO_PAGE))
    refresh_index(tracker)
    assert index.read_text(encoding="utf-8") == "old"
