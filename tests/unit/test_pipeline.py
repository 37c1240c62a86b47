"""What becomes of a target's captures, from listing to history."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from shelf import NOW, PAGE, START, Shelf, page

from crawler.errors import (
    InputError,
    NoCaptureError,
    RateLimitError,
    UnexpectedReplyError,
    UnreachableError,
)
from crawler.model import Failure, Snapshot, Target
from crawler.store import Store, open_store
from crawler.tracking.pipeline import Pipeline
from diffs.model import Outcome
from diffs.reports import render_markdown


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(str(tmp_path / "variorum.db")) as opened:
        yield opened


@pytest.fixture
def target(store: Store) -> Target:
    return store.targets.ensure(PAGE, NOW)


def outcomes(store: Store, target: Target) -> list[Outcome]:
    return [seen.outcome for seen in store.captures.of(target)]


def test_what_the_index_already_tells_is_never_fetched(store, target) -> None:
    shelf = Shelf()
    shelf.put(0, page())
    shelf.put(1, None, status=404, digest="X")
    shelf.put(2, None, status=302, digest="Y")
    shelf.put(3, None, mimetype="application/pdf", digest="Z")
    shelf.put(4, page(), digest="D0")
    shelf.put(5, None, mimetype="warc/revisit", status=None, digest="D0")
    pipeline = Pipeline(store, [shelf])
    assert pipeline.list_captures(target).known == 6
    assert len(list(pipeline.backfill(target, now=NOW, every=True))) == 1

    read, *rest, revisit = outcomes(store, target)
    assert rest[:3] == [Outcome.NOT_ARTICLE, Outcome.REDIRECT, Outcome.NOT_ARTICLE]
    assert {read, rest[3]} == {Outcome.FETCHED, Outcome.UNCHANGED}
    assert revisit is Outcome.REVISIT
    (revision,) = pipeline.history(target).revisions
    assert revision.captures == 3


def test_a_revisit_whose_original_is_not_listed_is_fetched_itself(store, target) -> None:
    shelf = Shelf()
    shelf.put(0, page("four"), mimetype="warc/revisit", status=None, digest="GONE")
    shelf.put(1, page("six"))
    pipeline = Pipeline(store, [shelf])
    pipeline.list_captures(target)
    list(pipeline.backfill(target, now=NOW))

    assert [seen.fingerprint is not None for seen in store.captures.of(target)] == [True, True]
    assert [
        change.type for change in pipeline.history(target).transitions[0].changes if change.kind == "casualty"
    ] == ["increased"]


def test_one_archive_that_fails_does_not_silence_another(store, target) -> None:
    good, bad = Shelf("good"), Shelf("bad")
    good.put(0, page())
    bad.listing_error = UnreachableError("bad is down")
    listing = Pipeline(store, [bad, good]).list_captures(target)

    assert (listing.known, [str(error) for error in listing.failures]) == (1, ["bad is down"])


def test_a_failure_is_never_taken_for_absence(store, target) -> None:
    empty, down = Shelf("empty"), Shelf("down")
    down.listing_error = RateLimitError("slow down", retry_after=60)
    with pytest.raises(RateLimitError):
        Pipeline(store, [down]).list_captures(target)
    with pytest.raises(NoCaptureError, match=r"empty holds no capture of .*Check the address"):
        Pipeline(store, [empty]).list_captures(target)


def test_captures_of_several_archives_become_one_history(store, target) -> None:
    one, two = Shelf("one"), Shelf("two")
    one.put(0, page("four"))
    two.put(5, page("six"))
    one.put(9, page("nine"))
    pipeline = Pipeline(store, [one, two])
    pipeline.list_captures(target)
    list(pipeline.backfill(target, now=NOW))
    history = pipeline.history(target)

    assert [revision.first.archive for revision in history.revisions] == ["one", "two", "one"]
    assert [t.interval.until.link for t in history.transitions] == [
        "https://two.example/20250301050000",
        "https://one.example/20250301090000",
    ]


def test_a_capture_that_cannot_be_served_now_gets_another_chance_later(store, target) -> None:
    shelf = Shelf()
    shelf.put(0, page("four"))
    broken = shelf.put(1, UnreachableError("timed out"))
    pipeline = Pipeline(store, [shelf])
    pipeline.list_captures(target)
    list(pipeline.backfill(target, now=NOW))
    assert outcomes(store, target) == [Outcome.FETCHED, Outcome.FAILED]

    shelf.answers[broken.at] = lambda asked: Snapshot(
        capture=asked,
        served_at=asked.at,
        url=asked.url,
        status=200,
        content_type="text/html",
        body=page("six"),
    )
    list(pipeline.backfill(target, now=NOW))
    assert outcomes(store, target) == [Outcome.FETCHED, Outcome.FETCHED]


def test_a_capture_that_never_can_be_served_is_asked_for_more_and_more_rarely(store, target) -> None:
    shelf = Shelf()
    shelf.put(0, page("four"))
    shelf.put(1, UnexpectedReplyError("the record is cut off"))
    pipeline = Pipeline(store, [shelf])
    pipeline.list_captures(target)
    asked = []
    for hour in range(24 * 7):
        before = len(shelf.fetched)
        list(pipeline.backfill(target, now=NOW + timedelta(hours=hour)))
        if len(shelf.fetched) > before:
            asked.append(hour)

    assert asked == [0, 1, 2, 4, 8, 16, 32, 64, 128]
    (failed,) = store.captures.of(target, outcome=Outcome.FAILED)
    assert (failed.failure, failed.tries, failed.reason) == (Failure.UNREADABLE, 9, "the record is cut off")
    assert pipeline.history(target).observations[1].may_pass


def test_an_archive_that_fails_again_and_again_ends_the_pass_and_loses_nothing(store, target) -> None:
    shelf = Shelf()
    shelf.put(0, page())
    for hours in range(1, 20):
        shelf.put(hours, UnreachableError("no answer."))
    pipeline = Pipeline(store, [shelf])
    pipeline.list_captures(target)
    with pytest.raises(UnreachableError, match="no answer"):
        list(pipeline.backfill(target, now=NOW, every=True))

    assert len(shelf.fetched) < 8
    assert len(list(store.captures.of(target))) == 20


def test_a_rate_limit_ends_the_pass_and_leaves_the_capture_to_be_fetched(store, target) -> None:
    shelf = Shelf()
    shelf.put(0, RateLimitError("slow down", retry_after=60))
    pipeline = Pipeline(store, [shelf])
    pipeline.list_captures(target)
    with pytest.raises(RateLimitError):
        list(pipeline.backfill(target, now=NOW))
    assert outcomes(store, target) == [Outcome.PENDING]


def test_bisection_finds_the_change_with_few_fetches(store, target) -> None:
    shelf = Shelf()
    for hours in range(200):
        shelf.put(hours, page("four" if hours < 137 else "six"))
    pipeline = Pipeline(store, [shelf])
    pipeline.list_captures(target)
    list(pipeline.backfill(target, now=NOW))
    (transition,) = pipeline.history(target).transitions

    assert (transition.interval.after.at, transition.interval.until.at) == (
        START + timedelta(hours=136),
        START + timedelta(hours=137),
    )
    assert len(shelf.fetched) <= 30


def test_a_page_that_moved_goes_on_under_its_new_address(store, target) -> None:
    moved = "https://courier.example/2025/bridge-collapse-in-tarn-valley-kills-nine"
    shelf = Shelf()
    shelf.put(0, page("four"))
    shelf.put(5, page("six"), at_url=moved, status=301)
    shelf.put(8, page("nine"), url=moved)
    pipeline = Pipeline(store, [shelf])
    pipeline.list_captures(target)
    list(pipeline.backfill(target, now=NOW))
    history = pipeline.history(target)

    assert history.aliases == (moved,)
    assert [revision.article.text.count("nine people") for revision in history.revisions] == [0, 0, 1]


def test_a_redirect_to_another_story_is_a_fact_about_the_page_and_no_version_of_it(store, target) -> None:
    shelf = Shelf()
    shelf.put(0, page("four"))
    other = (
        b"<html><body><h1>Parking Fees to Rise</h1>"
        + b"<p>The council voted to raise the fees in May by a third.</p>" * 6
    )
    shelf.put(5, other, at_url="https://courier.example/2025/parking-fees-to-rise", status=302)
    pipeline = Pipeline(store, [shelf])
    pipeline.list_captures(target)
    list(pipeline.backfill(target, now=NOW))

    assert pipeline.history(target).aliases == ()
    assert (
        list(store.captures.of(target))[1].reason
        == "redirected to https://courier.example/2025/parking-fees-to-rise"
    )


@pytest.mark.parametrize(
    ("canonical", "believed"),
    [
        ("https://courier.example/amp/2025/bridge-collapse-in-tarn-valley", True),
        ("https://www.courier.example/2025/bridge-collapse-in-tarn-valley/", False),
        ("https://courier.example/", False),
        ("https://elsewhere.example/2025/bridge-collapse-in-tarn-valley", False),
        ("https://courier.example/2025/parking-fees-to-rise", False),
    ],
)
def test_a_canonical_address_is_believed_only_for_the_same_story_on_the_same_site(
    store, target, canonical, believed
) -> None:
    shelf = Shelf()
    shelf.put(0, page(canonical=canonical))
    pipeline = Pipeline(store, [shelf])
    pipeline.list_captures(target)
    list(pipeline.backfill(target, now=NOW))
    assert (store.targets.aliases(target) == (canonical,)) is believed


def test_captures_of_an_archive_no_longer_configured_are_read_back_but_not_fetched(store, target) -> None:
    old, new = Shelf("old"), Shelf("new")
    old.put(0, page())
    old.put(1, page("six"))
    new.put(2, page("nine"))
    Pipeline(store, [old]).list_captures(target)
    list(Pipeline(store, [old]).backfill(target, now=NOW, budget=1))
    listing = Pipeline(store, [new]).list_captures(target)
    list(Pipeline(store, [new]).backfill(target, now=NOW, every=True))
    history = Pipeline(store, [new]).history(target)

    assert "1 captures from the archive 'old' cannot be read" in listing.complaints[0]
    assert [revision.first.archive for revision in history.revisions] == ["old", "new"]
    assert history.revisions[0].first.link is None


def test_a_capture_whose_twin_lost_its_article_is_not_asked_for_for_ever(store, target) -> None:
    shelf = Shelf()
    shelf.put(0, page())
    twin = shelf.put(1, page(), digest="D0")
    pipeline = Pipeline(store, [shelf])
    pipeline.list_captures(target)
    list(pipeline.backfill(target, now=NOW))
    for seen in store.captures.of(target):
        store.captures.rederive(
            seen, None, "2", outcome=Outcome.NOT_ARTICLE if seen.sha256 else Outcome.UNCHANGED
        )

    assert list(pipeline.backfill(target, now=NOW)) == []
    assert twin.digest == "D0"


def test_the_newest_article_is_never_an_older_one_for_want_of_an_answer(store, target) -> None:
    shelf = Shelf()
    for hours in range(40):
        shelf.put(hours, UnreachableError("no answer.") if hours else page())
    pipeline = Pipeline(store, [shelf])
    pipeline.list_captures(target)
    with pytest.raises(UnreachableError, match="no answer"):
        pipeline.newest(target, now=NOW)
    assert len(shelf.fetched) == 3


@pytest.mark.parametrize(
    "canonical",
    [
        "https://courier.example/2025/bridge collapse-in-tarn-valley",
        "https://courier.example\\@x/bridge-collapse-in-tarn-valley",
        "https://u:p@courier.example/bridge-collapse-in-tarn-valley",
        "https://courier.example:99999/bridge-collapse-in-tarn-valley",
        "https://courier.example/" + "a_" * 5000,
    ],
)
def test_a_canonical_address_that_is_none_costs_nothing(store, target, canonical) -> None:
    shelf = Shelf()
    shelf.put(0, page(canonical=canonical))
    pipeline = Pipeline(store, [shelf])
    pipeline.list_captures(target)
    (step,) = pipeline.backfill(target, now=NOW)

    assert step.seen.outcome is Outcome.FETCHED
    assert store.targets.aliases(target) == ()


def test_an_article_is_given_as_it_stood_at_a_time(store, target) -> None:
    shelf = Shelf()
    shelf.put(0, page("four"))
    shelf.put(10, page("six"))
    pipeline = Pipeline(store, [shelf])
    with pytest.raises(InputError, match="variorum backfill"):
        pipeline.first_article(target)
    pipeline.list_captures(target)
    list(pipeline.backfill(target, now=NOW))

    assert "four people" in pipeline.article_at(target, START + timedelta(hours=9))[1].text
    assert "six people" in pipeline.article_at(target, None)[1].text
    with pytest.raises(InputError, match="the first is of 2025-03-01 00:00 UTC"):
        pipeline.article_at(target, START - timedelta(hours=1))


def test_what_another_process_has_kept_meanwhile_is_not_fetched_again(store, target) -> None:
    shelf = Shelf()
    for hours in range(6):
        shelf.put(hours, page("four" if hours < 3 else "six"))
    one, other = Pipeline(store, [shelf]), Pipeline(store, [shelf])
    one.list_captures(target)
    steps = one.backfill(target, now=NOW, every=True)
    next(steps)
    list(other.backfill(target, now=NOW, every=True))
    list(steps)

    assert len(shelf.fetched) == len(set(shelf.fetched)) == 6


def test_an_archive_that_contradicts_itself_is_a_fact_about_the_archive(store, target) -> None:
    shelf = Shelf()
    for hours in (0, 5, 9):
        shelf.put(hours, page("forty"))
    pipeline = Pipeline(store, [shelf])
    pipeline.list_captures(target)
    list(pipeline.backfill(target, now=NOW, every=True))
    first = pipeline.history(target)
    shelf.put(5, page("at least twelve"), digest="another")
    pipeline.list_captures(target)
    list(pipeline.backfill(target, now=NOW, every=True))
    history = pipeline.history(target)

    assert history.transitions == first.transitions == ()
    assert len(history.revisions) == 1
    assert [each.outcome for each in history.observations].count(Outcome.CONFLICT) == 1
    assert "forty" in pipeline.article_at(target, START + timedelta(hours=6))[1].text
    report = render_markdown(history)
    assert "contradicted by the archive itself" in report
    assert "twelve" not in report
