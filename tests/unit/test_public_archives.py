"""The list of public archives, the pace of each, and that one ill archive stops no other."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from shelf import NOW, PAGE, Shelf, page

from crawler.archive import ArchiveSource
from crawler.archive.dialects import DIALECTS
from crawler.archive.public import Raw, Trust, operator_of, public_archives
from crawler.cli import main
from crawler.config import Settings
from crawler.errors import ConfigError, PenaltyError, RateLimitError, UnreachableError
from crawler.store import open_store
from crawler.tracking.archives import configured_archives, operators, session_for
from crawler.tracking.pipeline import Pipeline
from crawler.tracking.scheduler import run_once
from crawler.tracking.visit import Visitor

MANUAL = (Path(__file__).parents[2] / "docs" / "archives.md").read_text(encoding="utf-8")
READABLE = [each for each in public_archives().values() if each.is_readable]


@pytest.mark.parametrize("archive", READABLE, ids=lambda each: each.name)
def test_an_archive_that_can_be_asked_has_all_that_asking_takes(archive):
    source = ArchiveSource.public(archive.name)
    assert source.dialect is DIALECTS[archive.dialect]
    assert source.url.startswith("https://")
    assert 0 < archive.cdx_per_minute <= 60
    assert 0 < archive.playback_per_minute <= 480
    assert archive.pace


@pytest.mark.parametrize("archive", public_archives().values(), ids=lambda each: each.name)
def test_every_entry_says_where_it_is_from(archive):
    assert archive.operator
    assert archive.sources
    if archive.is_readable:
        assert any(re.search(r"\d{4}-\d{2}|undated", each) for each in archive.sources)


@pytest.mark.parametrize("archive", public_archives().values(), ids=lambda each: each.name)
def test_the_manual_lists_every_archive_as_it_is(archive):
    (row,) = [
        line for line in MANUAL.splitlines() if line.startswith(f"| `{archive.name}` | {archive.title} |")
    ]
    pace = f"{archive.cdx_per_minute}, {archive.playback_per_minute}" if archive.cdx_per_minute else "–"
    dialect = f"`{archive.dialect}`" if archive.dialect else "none: never asked"
    known = (archive.operator, dialect, archive.raw, archive.trust, pace, " ".join(archive.quirks))
    assert row == f"| `{archive.name}` | {archive.title} | {' | '.join(known)} |"


def test_archives_of_one_operator_are_told_from_independent_ones():
    assert operator_of("https://wayback.archive-it.org/all") == operator_of("https://web.archive.org")
    assert operator_of("https://arquivo.pt/wayback") != operator_of("https://web.archive.org")
    assert operator_of("https://library.example/web") is None
    mine = Settings(
        archives={"named": [{"name": "copy", "url": "http://a.example", "operator": "Internet Archive"}]}
    )
    assert operators(mine)["copy"] == operators(mine)["wayback"]


def test_an_archive_that_alters_pages_is_labelled_and_never_asked():
    today = public_archives()["archive-today"]
    assert (today.trust, today.raw, today.is_readable) == (Trust.ALTERS, Raw.NO, False)
    with pytest.raises(ConfigError, match="altering captures"):
        configured_archives(Settings(archives={"also": ["archive-today"]}))


@pytest.mark.parametrize(
    ("archives", "message"),
    [
        ({"also": ["arqivo"]}, "arquivo"),
        ({"named": [{"name": "arquivo", "url": "http://a.example"}], "also": ["arquivo"]}, "Two archives"),
    ],
)
def test_a_name_that_is_unknown_or_taken_is_refused(archives, message):
    with pytest.raises(ConfigError, match=message):
        configured_archives(Settings(archives=archives))


def test_only_the_wayback_machine_is_asked_by_default():
    assert [each.url for each in configured_archives(Settings())] == ["https://web.archive.org"]


def test_each_archive_has_its_own_pace_and_none_is_asked_harder_than_was_set(store):
    further = {
        "also": ["arquivo", "awa"],
        "named": [{"name": "own", "url": "http://10.0.0.7:8080/web", "dialect": "pywb", "cdx_per_minute": 5}],
    }

    def paces(**limits):
        settings = Settings(archives=further, limits=limits)
        with session_for(settings, store.pacing, clock=lambda: NOW, sleep=lambda _: None) as session:
            urls = [each.url for each in configured_archives(settings)]
            return [session.limits_for(url).cdx_per_minute for url in urls]

    assert paces() == [24, 5, 60, 6]
    assert paces(cdx_per_minute=10) == [10, 5, 10, 6]


@pytest.mark.parametrize("error", [RateLimitError("slow down"), PenaltyError("go away")])
def test_an_archive_that_asks_for_a_pause_does_not_stop_the_others(store, error):
    ill, well = Shelf("ill"), Shelf("well")
    for hours in (0, 2, 4):
        ill.put(hours, error)
        well.put(hours + 1, page("four"))
    pipeline, target = Pipeline(store, [ill, well]), store.targets.ensure(PAGE, NOW)
    pipeline.list_captures(target)

    with pytest.raises(type(error)) as raised:
        list(pipeline.backfill(target, now=NOW, every=True))

    assert raised.value.archive == "ill"
    assert len(ill.fetched) == 1
    assert len(well.fetched) == 3


def test_a_look_ends_well_although_a_further_archive_is_ill_which_then_rests(store):
    main, further = Shelf("main"), Shelf("further")
    main.put(0, page("four"))
    further.listing_error = UnreachableError("no answer")
    listings = []
    plain = further.captures
    further.captures = lambda *a, **k: listings.append(a) or plain(*a, **k)
    clock = [NOW]
    pipeline = Pipeline(store, [main, further])
    visitor = Visitor(pipeline, None, clock=lambda: clock[0], publish=lambda _: None)
    store.targets.track(PAGE, now=NOW)
    ended = []

    def look():
        run_once(
            store,
            visitor.visit,
            now=lambda: clock[0],
            limit=5,
            stop=lambda: False,
            worker="w",
            on_visit=lambda _, error, due: ended.append((error, due)),
            taking=visitor.take,
        )

    look()
    (health,) = [each for each in store.archives.all() if each.archive == "further"]
    assert ended[0][0] is None
    assert (health.failures, health.said, health.answered) == (1, "no answer", None)
    assert store.archives.resting(NOW) == {"further"}

    clock[0] = NOW + timedelta(minutes=5)
    visitor.visit(store.targets.find(PAGE))
    assert len(listings) == 1

    further.listing_error = None
    further.put(1, page("five"))
    clock[0] = NOW + timedelta(minutes=11)
    visitor.visit(store.targets.find(PAGE))
    assert len(listings) == 2
    assert store.archives.resting(clock[0]) == frozenset()
    assert len(further.fetched) == 1


def test_the_failure_of_the_main_archive_is_still_the_looks(store):
    main, further = Shelf("main"), Shelf("further")
    main.listing_error = UnreachableError("no answer")
    further.put(0, page("four"))
    visitor = Visitor(Pipeline(store, [main, further]), None, clock=lambda: NOW, publish=lambda _: None)
    with pytest.raises(UnreachableError, match="no answer"):
        visitor.visit(store.targets.track(PAGE, now=NOW)[0])
    assert len(further.fetched) == 1


def test_another_operator_is_asked_for_one_capture_before_and_one_behind_each_step_and_no_more(tmp_path):
    requests, independent = [], []
    for run_by in (dict.fromkeys(("wayback", "arquivo", "archive-it"), "one"), operators(Settings())):
        shelves = [Shelf(name) for name in ("wayback", "arquivo", "archive-it")]
        for hours in range(0, 60, 3):
            for late, shelf in enumerate(shelves):
                shelf.put(hours + late, page("four" if hours < 30 else "nine"))
        with open_store(str(tmp_path / f"{len(requests)}.db")) as store:
            pipeline = Pipeline(store, shelves, operators=run_by)
            target = store.targets.ensure(PAGE, NOW)
            pipeline.list_captures(target)
            list(pipeline.backfill(target, now=NOW))
            (step,) = pipeline.history(target).transitions
        independent += {change.independent for change in step.changes}
        requests.append(sum(len(shelf.fetched) for shelf in shelves))

    assert independent == [1, 2]
    assert requests[0] <= requests[1] <= requests[0] + 2


@pytest.mark.parametrize("error", [RateLimitError("slow down"), UnreachableError("no answer")])
def test_the_newest_capture_is_had_although_a_further_archive_is_ill(store, error):
    main, ill = Shelf("main"), Shelf("ill")
    main.put(0, page("four"))
    for hours in (1, 2, 3):
        ill.put(hours, error)
    pipeline, target = Pipeline(store, [main, ill]), store.targets.ensure(PAGE, NOW)
    pipeline.list_captures(target)
    assert pipeline.newest(target, now=NOW).capture.archive == "main"
    pipeline = Pipeline(store, [ill, main])
    with pytest.raises(type(error)):
        pipeline.newest(target, now=NOW)


def test_status_names_archives_that_rest(store, where, monkeypatch, capsys):
    store.archives.note("arquivo", "no answer", now=NOW)
    store.archives.note("wayback", None, now=NOW)
    monkeypatch.setenv("VARIORUM_STORE", where)
    assert main(["status"]) == 0
    told = capsys.readouterr().out
    assert "arquivo does not answer, next asked" in told
    assert "wayback does not" not in told
