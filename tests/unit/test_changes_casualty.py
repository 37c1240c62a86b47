"""Casualty changes: each source's figures, what became of them, and what is no change at all."""

import pytest

from diffs.changes import changes_between
from diffs.changes.matching import number_of
from diffs.model import Article, ChangeKind


def casualties(old, new, *, headlines=(None, None)):
    """Return the casualty changes between two one-paragraph texts as (type, kind, old, new)."""
    sides = [
        Article.from_text(head, *([text] if text else []))
        for head, text in zip(headlines, (old, new), strict=True)
    ]
    found = [c for c in changes_between(*sides) if c.kind is ChangeKind.CASUALTY]
    return [
        (
            c.type.value,
            (c.claim_after or c.claim_before).kind.value,
            c.claim_before and number_of(c.claim_before),
            c.claim_after and number_of(c.claim_after),
        )
        for c in found
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "At least 12 people were killed.",
            "At least 15 people were killed.",
            ("increased", "killed", 12, 15),
        ),
        ("Nine miners were injured.", "Six miners were injured.", ("decreased", "wounded", 9, 6)),
        ("At least seven people were killed.", "Seven people were killed.", ("qualifier", "killed", 7, 7)),
        ("Dozens of people were killed.", "At least 31 people were killed.", ("specified", "killed", 24, 31)),
        (
            "At least 31 people were killed.",
            "Dozens of people were killed.",
            ("unspecified", "killed", 31, 24),
        ),
        ("Two hikers are missing.", "Three hikers are missing.", ("increased", "missing", 2, 3)),
    ],
)
def test_a_figure_that_moved_says_how(old, new, expected):
    assert casualties(old, new) == [expected]


def test_a_number_rounded_down_did_not_fall():
    found = casualties("The quake killed 912 people.", "The quake killed more than 900 people.")
    assert found == [("qualifier", "killed", 912, 900)]


def test_one_strike_and_the_whole_war_are_two_counts():
    found = casualties(
        "The hospital's director said more than 200 people were killed in the strikes.",
        "The health ministry said 10,000 people have been killed since the start of the war.",
    )
    assert {change[0] for change in found} == {"added", "removed"}


def test_the_only_count_of_the_dead_goes_on_where_all_else_was_rewritten():
    found = casualties(
        "No fewer than sixteen shoppers were hurt by a blast in the old town, police said.",
        None,
        headlines=("Blast in the old town", "More than 30 injured after blast in the old town"),
    )
    assert found[0] == ("increased", "wounded", 16, 30)
    assert {change[0] for change in found} == {"increased", "reattributed"}


def test_a_number_that_moves_from_the_headline_to_the_text_did_not_become_vague():
    found = casualties(
        "The report has not been verified.",
        "The army says 400 were killed in the raid.",
        headlines=("Army claims 400 rebels killed in raid", "Army claims hundreds of rebels killed in raid"),
    )
    assert found == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Fourteen people were killed near Ulm.", "14 people were killed near Ulm."),
        ("At least 1,200 people were injured.", "At least 1200 people were injured."),
        ("The blast killed 12 people on Monday.", "On Monday, 12 people were killed in the blast."),
        ("12 people were killed. The road is closed.", "The road is closed. 12 people were killed."),
        ("One person was killed in the crash.", "A person was killed in the crash."),
        ("The bus carried 40 people.", "The bus carried 45 people."),
    ],
)
def test_the_same_count_worded_otherwise_is_no_casualty_change(old, new):
    assert casualties(old, new) == []


def test_a_new_kind_of_count_is_added_and_a_lost_one_removed():
    old = "Eight people were injured in the fire."
    new = "One person was killed and eight people were injured in the fire."
    assert casualties(old, new) == [("added", "killed", None, 1)]
    assert casualties(new, old) == [("removed", "killed", 1, None)]


def test_a_part_that_came_does_not_touch_the_total():
    old = "At least 26 people were killed in the raid."
    new = "At least 26 people, including three nurses, were killed in the raid."
    assert casualties(old, new) == [("added", "killed", None, 3)]


def test_part_and_total_move_side_by_side():
    old = "At least 12 people, including two children, were killed."
    new = "At least 22 people, including eight children, were killed."
    assert sorted(casualties(old, new)) == [("increased", "killed", 2, 8), ("increased", "killed", 12, 22)]


def test_a_total_given_as_its_parts_has_not_moved():
    old = "Thirty people were killed in the ambush near Ulm."
    new = "Eleven soldiers and 19 fighters were killed in the ambush near Ulm."
    assert [change for change in casualties(old, new) if change[0] in {"increased", "decreased"}] == []


def test_a_count_that_became_a_part_of_a_larger_one_is_not_added():
    old = "Two police officers were killed in the shooting."
    new = "Three people, including two police officers, were killed in the shooting."
    assert casualties(old, new) == [("increased", "killed", 2, 3)]


def test_a_source_that_came_is_reattributed_and_leaves_the_figure_alone():
    old = "At least 84 people were killed in the strikes."
    new = "At least 84 people were killed in the strikes, according to witnesses."
    assert casualties(old, new) == [("reattributed", "killed", 84, 84)]


def test_a_hedge_that_came_is_hedged():
    old = "The strikes killed at least 71 people in the camp."
    new = "The strikes reportedly killed at least 71 people in the camp."
    assert casualties(old, new) == [("hedged", "killed", 71, 71)]


def test_other_victims_of_the_same_number_are_an_altered_claim():
    old = "At least 10 fishermen were killed in the attack."
    new = "At least 10 smugglers were killed in the attack."
    assert casualties(old, new) == [("altered", "killed", 10, 10)]


def test_over_50_only_rounds_at_least_52():
    old = "At least 52 people were injured in the crash."
    new = "Over 50 people were injured in the crash."
    assert casualties(old, new) == [("qualifier", "wounded", 52, 50)]


def test_a_figure_the_text_repeats_is_one_change_that_names_its_places():
    sides = [
        Article.from_text(f"Quake kills {n}", f"At least {n} people were killed on Sunday.") for n in (12, 15)
    ]
    (change,) = [
        c for c in changes_between(*sides) if c.kind is ChangeKind.CASUALTY and c.type == "increased"
    ]
    assert change.claim_after.place == "lead"
    assert change.detail == "also in headline"


def test_a_headline_that_catches_up_with_its_body_is_a_change_of_the_headline():
    body = "At least 15 people were killed on Sunday."
    found = casualties(body, body, headlines=("At least 12 killed in quake", "At least 15 killed in quake"))
    assert found == [("increased", "killed", 12, 15)]


def test_the_evidence_of_a_casualty_change_is_its_two_sentences():
    old = "The road is closed. At least 12 people were killed."
    new = "The road is closed. At least 15 people were killed."
    sides = [Article.from_text(None, text) for text in (old, new)]
    change = next(c for c in changes_between(*sides) if c.kind is ChangeKind.CASUALTY)
    for article, evidence in zip(sides, (change.before, change.after), strict=True):
        assert article.blocks[evidence.block].text[evidence.start : evidence.end] == evidence.text
        assert evidence.text.startswith("At least")


def test_the_edit_a_figure_stands_in_is_covered_by_it():
    sides = [Article.from_text(None, f"At least {n} people were killed.") for n in (12, 15)]
    casualty, text = changes_between(*sides)
    assert casualty.kind is ChangeKind.CASUALTY
    assert text.told_by == (casualty.id,)


def test_a_headline_that_turned_to_another_event_is_said_to_have_done_so():
    old = Article.from_text("Drone strike kills 16 in Orsk mall, officials say", "The mall was hit at noon.")
    new = Article.from_text(
        "Strikes on Karsia kill two, a day after deadly attack on mall",
        "The attacks come a day after 16 people were killed in a strike on a shopping mall.",
    )
    for one, other in ((old, new), (new, old)):
        moved = [change for change in changes_between(one, other) if change.kind is ChangeKind.CASUALTY]
        assert any("may have turned to another event" in change.detail for change in moved)


def test_a_headline_that_follows_its_text_has_not_turned():
    old = Article.from_text("Strike kills 16 in Orsk mall", "Sixteen people were killed in the mall at noon.")
    new = Article.from_text(
        "Strike kills 19 in Orsk mall", "Nineteen people were killed in the mall at noon."
    )
    assert not any("another event" in change.detail for change in changes_between(old, new))


def test_a_far_larger_number_elsewhere_without_the_source_is_another_count():
    old = Article.from_text(
        None, "The road is shut.", "The avalanche centre said 25 people died this winter."
    )
    new = Article.from_text(None, "The road is shut.", "Riders are second on that list, with 310 deaths.")
    types = {change.type.value for change in changes_between(old, new) if change.kind is ChangeKind.CASUALTY}
    assert types <= {"added", "removed"}


def test_another_origin_behind_the_same_agency_is_another_source():
    found = casualties(
        "The agency reported, quoting the army, that 45 people were killed.",
        "The agency reported, quoting the rebels, that 45 people were killed.",
    )
    assert {change[0] for change in found} == {"reattributed"}
