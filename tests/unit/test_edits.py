"""Word-level edits: nothing is lost, numbers and quotations are never cut."""

import random

import pytest

from diffs.edits import edits_between, longest_rise, new_text, old_text, swaps_in, tokens_in
from diffs.model import EditOp

PAIRS = [
    ("At least 12 people died.", "At least 15 people died."),
    ("3 people were killed, officials said", "13 people were wounded, witnesses said"),
    ("", "All of it is new."),
    ("All of it went.", ""),
    ("a  b", "a b"),
    ("No change at all.", "No change at all."),
    ("He said “we will fight on”.", "He said “we will not fight on”."),
    ("Costs rose 1.5 % to €1,500.", "Costs rose 15 % to €1,500.50."),
]


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_the_pieces_spell_out_both_texts(old, new):
    edits = edits_between(old, new)
    assert old_text(edits) == old
    assert new_text(edits) == new


def test_equal_texts_give_no_difference():
    assert all(edit.op is EditOp.EQUAL for edit in edits_between("The same.", "The same."))


@pytest.mark.parametrize(
    ("old", "new", "swap"),
    [
        ("12 dead", "15 dead", ("12", "15")),
        ("about 1,500 fled", "about 1,700 fled", ("1,500", "1,700")),
        ("rose 1.5 points", "rose 15 points", ("1.5", "15")),
        ("20-30 hurt", "25-30 hurt", ("20-30", "25-30")),
        ("12 500 fled", "15 500 fled", ("12 500", "15 500")),
        ("on the 7th floor", "on the 17th floor", ("7th", "17th")),
        ("He said “we go now” twice", "He said “we stay now” twice", ("“we go now”", "“we stay now”")),
    ],
)
def test_a_number_or_quotation_changes_as_a_whole(old, new, swap):
    assert list(swaps_in(edits_between(old, new))) == [swap]


def test_a_deletion_stands_before_the_insertion_that_replaces_it():
    ops = [edit.op for edit in edits_between("ten men left", "two women left")]
    assert ops == [EditOp.DELETE, EditOp.INSERT, EditOp.EQUAL]


def test_tokens_joined_are_the_text():
    text = "On 3.5.2016, \"at least\" 1,200 people (20–30 %) fled O'Neill's farm…\n\nEnd."
    assert "".join(tokens_in(text)) == text


def test_an_apostrophe_opens_no_quotation():
    assert "family's " in tokens_in("The family's home and the Smiths' home.")


@pytest.mark.timeout(60)
def test_a_long_rewrite_stays_cheap_and_exact():
    rng = random.Random(4)
    words = [f"w{number}" for number in range(3000)]
    old, new = (" ".join(rng.choice(words) for _ in range(2500)) for _ in range(2))
    edits = edits_between(old, new)
    assert old_text(edits) == old
    assert new_text(edits) == new


def test_the_longest_rise_skips_what_fell_back():
    values = [0, 4, 1, 2, 3]
    assert [values[k] for k in longest_rise(values)] == [0, 1, 2, 3]
    assert longest_rise([]) == []
