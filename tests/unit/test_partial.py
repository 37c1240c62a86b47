"""A version that ends in a wall: what it lacks behind its end was not removed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from diffs.changes import changes_between, readings
from diffs.changes.readings import claims_of, is_read_whole
from diffs.claims import MOST_CLAIMS
from diffs.history import history_of, revisions_in
from diffs.model import (
    Article,
    Block,
    BlockKind,
    Change,
    ChangeKind,
    ChangeType,
    Citation,
    History,
    Observation,
    Outcome,
    Weight,
)
from diffs.reports import render_markdown

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


def test_an_edit_before_the_wall_is_reported() -> None:
    cut = walled(LEAD.replace("12", "15"), *TEXT[:2])
    assert {(one.kind, one.type) for one in heavy(FULL, cut)} == {
        (ChangeKind.CASUALTY, ChangeType.INCREASED),
        (ChangeKind.TEXT, ChangeType.EDITED),
    }


def test_a_removal_before_the_wall_is_reported() -> None:
    (change,) = heavy(FULL, walled(LEAD, *TEXT[1:3]))
    assert change.type is ChangeType.REMOVED
    assert change.before is not None
    assert change.before.text == TEXT[0]


def test_a_sentence_that_the_wall_cuts_in_two_was_not_edited() -> None:
    assert changes_between(FULL, walled(LEAD, TEXT[0], "“There was a noise like a train and then…")) == ()
    assert changes_between(FULL, walled(LEAD[:52] + "…")) == ()


TOLD = "The hospital at Orlen called back its night shift and took in 40 wounded people."


def test_a_figure_taken_out_of_the_last_sentence_before_a_wall_is_reported() -> None:
    cut = walled(LEAD, TEXT[0], "The hospital at Orlen called back its night shift.")
    for old, new in (
        (whole(LEAD, TEXT[0], TOLD, *TEXT[4:]), cut),
        (cut, whole(LEAD, TEXT[0], TOLD, *TEXT[4:])),
    ):
        changes = heavy(old, new)
        assert {one.kind for one in changes} == {ChangeKind.CASUALTY, ChangeKind.TEXT}
        assert Weight.SUBSTANTIVE in {one.weight for one in changes}


@pytest.mark.parametrize("end", ["", "…", " …", "...", " [...]"])
def test_a_wall_in_front_of_a_figure_takes_it_from_nobody(end: str) -> None:
    cut = walled(LEAD, TEXT[0], f"The hospital at Orlen called back its night shift{end}")
    assert changes_between(whole(LEAD, TEXT[0], TOLD, *TEXT[4:]), cut) == ()
    stop = "The hospital at Orlen called Dr. Vell and took in 40 wounded people."
    assert (
        changes_between(whole(LEAD, stop, *TEXT[4:]), walled(LEAD, "The hospital at Orlen called Dr.")) == ()
    )


def test_a_sentence_shortened_before_others_was_edited_though_a_wall_follows() -> None:
    full = "Two buses fell into the river, and the ministry said that no inspector had ever come."
    cut = walled(LEAD, "Two buses fell into the river.", *TEXT[:2])
    changes = heavy(whole(LEAD, full, *TEXT), cut)
    assert changes
    assert Weight.SUBSTANTIVE in {one.weight for one in changes}


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


def long_text(last: str, count: int = 3200) -> Article:
    """Return an article of more sentences than figures are read in, with one sentence at its end."""
    plain = [
        f"The {number}th stone of the old bridge was found in the river bed by divers."
        for number in range(count)
    ]
    return whole(LEAD, *(" ".join(plain[at : at + 40]) for at in range(0, count, 40)), last)


def test_an_article_of_more_claims_than_are_kept_is_read_in_part() -> None:
    """Fewer sentences than the limit can hold more figures than are kept; the report says so."""
    sentence = "Two died, three were injured, four went missing and five people were evacuated. "
    crowded = whole(LEAD, *(f"{sentence * 20}In hall {number} all was quiet." for number in range(70)))
    assert len(claims_of(crowded)) == MOST_CLAIMS
    assert not is_read_whole(crowded)
    assert is_read_whole(whole(LEAD, sentence * 20))


def test_behind_the_last_sentence_read_for_figures_wording_is_still_compared() -> None:
    old, new = (
        long_text(f"In the hotel at Orlen {number} guests were killed, the mayor said.")
        for number in (30, 50)
    )
    assert not is_read_whole(old)
    assert is_read_whole(FULL)
    assert {claim.value for claim in claims_of(old)} >= {12}
    assert 30 not in {claim.value for claim in claims_of(old)}
    found = heavy(old, new)
    assert (ChangeKind.FIGURE, ("30",), ("50",)) in {
        (one.kind, one.terms_before, one.terms_after) for one in found
    }
    removed = heavy(old, long_text("Nobody stayed at the hotel at Orlen on the night after the bridge fell."))
    assert {one.kind for one in removed} >= {ChangeKind.TEXT}


def test_a_report_says_what_was_read_in_part() -> None:
    report = render_markdown(history(FULL, walled(LEAD, TEXT[0]), long_text(TEXT[0])))
    assert "Version 2 is partial (the text ends in a wall: Subscribe to read on)" in report
    assert (
        "Figures were read in the first 3,000 sentences, and of these the first 5,000 figures, only of version 3"
        in report
    )


def test_a_report_names_a_figure_that_the_layout_sets_apart() -> None:
    page = (Block(kind=BlockKind.PARAGRAPH, text=LEAD),)
    report = render_markdown(history(FULL, replace(whole(*TEXT), page_text=page)))
    assert "Set apart by the layout: at least 12 killed" in report


def test_a_figure_that_only_the_limit_keeps_from_being_read_has_not_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(readings, "MOST_SENTENCES", 20)
    towns = ("Arl", "Bren", "Cove", "Dunn", "Erle", "Fosk", "Gorm", "Hult", "Isk", "Jarn")
    texts = [
        f"In {towns[number % 10]}{towns[number // 10].lower()} {number + 20} people were killed by the flood, the mayor said."
        for number in range(30)
    ]
    old, new = whole("The river rose on Monday.", *texts), whole(*texts)
    assert len(claims_of(old)) == 19
    assert len(claims_of(new)) == 20
    assert {(one.kind, one.type) for one in changes_between(old, new)} == {
        (ChangeKind.TEXT, ChangeType.REMOVED)
    }
