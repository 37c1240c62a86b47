"""A version that ends in a wall: what it lacks behind its end was not removed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from diffs.changes import changes_between
from diffs.history import history_of, revisions_in
from diffs.model import (
    Article,
    Change,
    ChangeKind,
    ChangeType,
    Citation,
    History,
    Observation,
    Outcome,
    Weight,
)

HEADLINE = "Bridge at Sorl falls into the river"
LEAD = "At least 12 people were killed when the bridge at Sorl fell into the river, the mayor said."
TEXT = (
    "Two buses and a lorry were on the bridge when its middle part gave way shortly before seven.",
    "“There was a noise like a train and then there was no road,” said Ida Holm, who drives one of them.",
    "The army sent divers and two boats to the place below the weir where the buses lie.",
    "The hospital at Orlen took in 40 wounded people and called back its night shift.",
    "The bridge was opened in 1931 and was to be closed for repairs in the autumn.",
    "An engineer of the province had asked for a limit of twenty tonnes in the spring.",
)
WALL = "the text ends in a wall: Subscribe to read on"


def whole(*paragraphs: str) -> Article:
    return Article.from_text(HEADLINE, *paragraphs)


def walled(*paragraphs: str) -> Article:
    return replace(whole(*paragraphs), partial=WALL)


def heavy(old: Article, new: Article) -> list[Change]:
    return [one for one in changes_between(old, new) if one.weight is not Weight.COSMETIC]


FULL = whole(LEAD, *TEXT)


@pytest.mark.parametrize("shown", [1, 2, 3, 5])
def test_what_a_wall_cuts_off_was_neither_removed_nor_added(shown: int) -> None:
    cut = walled(LEAD, *TEXT[: shown - 1])
    assert changes_between(FULL, cut) == ()
    assert changes_between(cut, FULL) == ()
    assert changes_between(FULL, replace(cut, partial=None))


def test_an_edit_before_the_wall_is_told() -> None:
    cut = walled(LEAD.replace("12", "15"), *TEXT[:2])
    assert {(one.kind, one.type) for one in heavy(FULL, cut)} == {
        (ChangeKind.CASUALTY, ChangeType.INCREASED),
        (ChangeKind.TEXT, ChangeType.EDITED),
    }


def test_a_removal_before_the_wall_is_told() -> None:
    (change,) = heavy(FULL, walled(LEAD, *TEXT[1:3]))
    assert change.type is ChangeType.REMOVED
    assert change.before is not None
    assert change.before.text == TEXT[0]


def test_a_sentence_that_the_wall_cuts_in_two_was_not_edited() -> None:
    assert changes_between(FULL, walled(LEAD, TEXT[0], "“There was a noise like a train and then…")) == ()
    assert changes_between(FULL, walled(LEAD[:52] + "…")) == ()


def test_a_footer_under_the_wall_brings_nothing_into_reach() -> None:
    footer = "Reporting by the province desk; editing by the night desk of the Vell Gazette."
    assert changes_between(whole(LEAD, *TEXT, footer), walled(LEAD, TEXT[0], footer)) == ()


def test_a_figure_that_stands_behind_the_wall_did_not_come() -> None:
    old = whole("The bridge at Sorl fell into the river on Monday morning.", *TEXT, LEAD)
    moved = "The mayor said that at least 12 people were killed when the bridge fell into the river at Sorl."
    new = walled("The bridge at Sorl fell into the river on Monday morning.", moved)
    assert ChangeKind.CASUALTY not in {one.kind for one in changes_between(old, new)}


def history(*articles: Article) -> History:
    start = datetime(2026, 3, 1, tzinfo=UTC)
    captures = [
        Observation(
            capture=Citation(
                at=start + timedelta(hours=6 * number), url="https://gazette.example/sorl", archive="wayback"
            ),
            outcome=Outcome.FETCHED,
            fingerprint=article.fingerprint,
        )
        for number, article in enumerate(articles)
    ]
    revisions = revisions_in(captures, {article.fingerprint: article for article in articles})
    return history_of(revisions, captures, url="https://gazette.example/sorl")


def test_a_wall_between_two_whole_versions_hides_no_edit_behind_it() -> None:
    wounded = TEXT[3].replace("40", "55")
    after = whole(LEAD.replace("12", "15"), *TEXT[:3], wounded, *TEXT[4:])
    steps = history(FULL, walled(LEAD.replace("12", "15"), TEXT[0]), after).transitions
    told = [
        (step.before.number, step.after.number, one.claim_after.value)
        for step in steps
        for one in step.changes
        if one.kind is ChangeKind.CASUALTY and one.claim_after is not None
    ]
    assert told == [(1, 2, 15), (1, 3, 55)]
    over = next(step for step in steps if (step.before.number, step.after.number) == (1, 3))
    assert (over.interval.after, over.interval.until) == (over.before.last, over.after.first)


def test_a_wall_that_comes_and_goes_tells_nothing() -> None:
    steps = history(FULL, walled(LEAD, TEXT[0]), replace(FULL)).transitions
    assert [
        step.changes for step in steps if any(one.weight is Weight.SUBSTANTIVE for one in step.changes)
    ] == []
