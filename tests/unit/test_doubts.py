"""When two readings differ though the text did not."""

import pytest

from diffs.changes.doubts import (
    bound_moved,
    counted_otherwise,
    cue_stands_in,
    hedge_moved,
    number_stands_in,
    scope_moved,
    source_moved,
    stands_in,
)
from diffs.model import Claim, ClaimKind, Qualifier, Scope


def claim(sentence, number, **more):
    start = sentence.index(number)
    fields = {
        "kind": ClaimKind.KILLED,
        "value": int(number),
        "low": int(number),
        "high": int(number),
        "qualifier": Qualifier.EXACT,
        "number_text": number,
        "sentence": sentence,
        "start": start,
        "end": start + len(number),
        "cue": "killed",
        "rule": "test",
        "confidence": 1.0,
    }
    return Claim(**(fields | more))


PLAIN = "The storm killed 9 people."


def test_a_source_that_stood_there_all_along_did_not_come():
    text = "Police, who closed the road, said little; the storm killed 9 people."
    assert not source_moved(claim(text, "9"), claim(text, "9", attribution="Police"))
    assert source_moved(claim(PLAIN, "9"), claim(text, "9", attribution="Police"))


def test_a_hedge_that_stood_there_all_along_did_not_come():
    text = "The storm reportedly killed 9 people."
    assert not hedge_moved(claim(text, "9"), claim(text, "9", hedge="reportedly"))
    assert hedge_moved(claim(PLAIN, "9"), claim(text, "9", hedge="reportedly"))


@pytest.mark.parametrize(
    ("new", "scope", "moved"),
    [
        ("The storm has killed 9 people since June.", Scope.CUMULATIVE, True),
        ("The great storm killed 9 people.", Scope.CUMULATIVE, False),
        ("The storm killed 9 people years ago.", Scope.BACKGROUND, False),
    ],
)
def test_a_scope_moves_only_with_words_that_set_it(new, scope, moved):
    assert scope_moved(claim(PLAIN, "9"), claim(new, "9", scope=scope)) is moved


@pytest.mark.parametrize(
    ("old", "new", "moved"),
    [
        ("At least 9 people died.", "In all, 9 people died.", True),
        ("The storm killed 9 or more people.", "The storm killed 9 people.", True),
        ("The storm killed more 9 people.", "The storm killed more than 9 people.", False),
        (
            "The storm killed 9 people, at least by noon.",
            "The storm killed 9 people, at least by dusk.",
            False,
        ),
    ],
)
def test_a_number_is_bounded_by_the_words_next_to_it(old, new, moved):
    assert bound_moved(claim(old, "9"), claim(new, "9")) is moved


def test_parts_that_add_up_to_a_total_retell_it():
    whole = claim("The ambush killed 30 people near the river.", "30")
    text = "The ambush killed 11 soldiers and 19 rebels near the river."
    parts = [claim(text, "11"), claim(text, "19")]
    assert counted_otherwise([whole], parts) == {id(whole), *map(id, parts)}
    assert counted_otherwise(parts, [whole]) == {id(whole), *map(id, parts)}
    assert counted_otherwise([whole], parts[:1]) == frozenset()


def test_a_part_that_both_versions_count_is_no_part_of_a_total():
    old = "The slide killed 33 pupils and 2 teachers at the school."
    new = "The slide killed 31 pupils and 2 teachers at the school."
    parts = [claim(new, "31"), claim(new, "2")]
    assert counted_otherwise([claim(old, "33"), claim(old, "2")], parts) == frozenset()


def test_a_trigger_word_stands_in_a_text_in_any_form():
    assert cue_stands_in(claim(PLAIN, "9"), "a storm killing many")
    assert not cue_stands_in(claim(PLAIN, "9"), "a storm that hurt many")


def test_a_number_stands_in_a_text_in_digits_or_words():
    assert number_stands_in(17, "seventeen trainees")
    assert number_stands_in(1, "a trainee")
    assert not number_stands_in(17, "70 trainees")


def test_a_phrase_stands_in_a_text_when_all_its_telling_words_do():
    assert stands_in("the health ministry", "Its ministry of health spoke.")
    assert not stands_in("the health ministry", "Its ministry of war spoke.")
    assert not stands_in(None, "Anything.")
