"""Claims of two versions matched: evidence first, then people, source and scope."""

from dataclasses import replace

import pytest

from diffs.align import aligned, sentences_of
from diffs.changes.matching import (
    Ground,
    is_part,
    likely_same_people,
    matches_between,
    number_of,
    rival_sources,
    same_number,
    same_source,
)
from diffs.model import Article, AttributionClass, BlockKind, Claim, ClaimKind, Place, Qualifier, Scope


def claim(sentence, number, *, kind=ClaimKind.KILLED, value=None, block=0, offset=0, **more):
    """Make a claim whose number stands once in its sentence."""
    value = int(number) if value is None else value
    start = sentence.index(number)
    fields = {
        "kind": kind,
        "value": value,
        "low": value,
        "high": value,
        "qualifier": Qualifier.EXACT,
        "number_text": number,
        "who": "people",
        "place": Place.LEAD,
        "cue": "killed",
        "rule": "test",
        "confidence": 1.0,
        "sentence": sentence,
        "start": start,
        "end": start + len(number),
        "block": block,
        "offset": offset,
    }
    return Claim(**(fields | more))


def matched(old_text, new_text, old, new, heads=()):
    """Match claims of two one-paragraph versions; give (old number, new number) pairs."""
    body = (BlockKind.PARAGRAPH,)
    pairs = aligned(*(sentences_of(Article.from_text(None, text), body) for text in (old_text, new_text)))
    texts = [*((pair.old_text, pair.new_text) for pair in pairs), *heads]
    spots = [
        tuple(Ground(pairs, texts, old=side).spots(claims)) for side, claims in ((True, old), (False, new))
    ]
    found = matches_between(old, new, *spots)
    return sorted(
        ((m.old and number_of(m.old), m.new and number_of(m.new)) for m in found),
        key=str,
    )


def test_the_number_at_the_same_place_is_the_same_series():
    old, new = "Rescuers said 12 people were killed.", "Rescuers said 15 people were killed."
    assert matched(old, new, [claim(old, "12")], [claim(new, "15")]) == [(12, 15)]


def test_two_counts_of_one_sentence_keep_to_their_places():
    old = "The flood killed 18 villagers and 2 officers."
    new = "The flood killed 60 villagers and 4 officers."
    olds = [claim(old, "18", who="villagers"), claim(old, "2", who="officers")]
    news = [claim(new, "60", who="villagers"), claim(new, "4", who="officers")]
    assert matched(old, new, olds, news) == [(18, 60), (2, 4)]


def test_a_part_never_becomes_the_total():
    old = "The blast killed 9 people."
    new = "The blast, officials there now say, hurt many; 5 children were killed."
    part = claim(new, "5", who="children", scope=Scope.SUBSET)
    assert matched(old, new, [claim(old, "9")], [part]) == [(9, None), (None, 5)]


def test_killed_and_wounded_are_never_one_series():
    old, new = "In all 4 people were killed.", "In all 4 people were hurt."
    hurt = claim(new, "4", kind=ClaimKind.WOUNDED, cue="hurt")
    assert matched(old, new, [claim(old, "4")], [hurt]) == [(4, None), (None, 4)]


def test_rival_parties_each_keep_their_own_count():
    old = "The rebels said 40 people were killed."
    new = "The army said 3 people were killed."
    party = AttributionClass.PARTY
    olds = [claim(old, "40", attribution="The rebels", attribution_class=party)]
    news = [claim(new, "3", attribution="The army", attribution_class=party)]
    assert rival_sources(olds[0], news[0])
    assert matched(old, new, olds, news) == [(40, None), (None, 3)]


def test_each_source_is_matched_with_itself_when_their_order_changes():
    old = "Police said 7 were killed and the union said 9 were killed."
    new = "The union said 11 were killed and police said 8 were killed."
    olds = [claim(old, "7", attribution="Police"), claim(old, "9", attribution="the union")]
    news = [claim(new, "11", attribution="The union"), claim(new, "8", attribution="police")]
    assert matched(old, new, olds, news) == [(7, 8), (9, 11)]


def test_the_leading_totals_match_though_no_sentence_is_alike():
    old = "A bridge fell on Monday and 12 people were killed."
    new = "Engineers warned for years about rust. By nightfall the toll stood at 15, the mayor announced."
    later = claim(new.partition(". ")[2], "15", who=None, cue="toll", offset=38)
    assert matched(old, new, [claim(old, "12")], [later]) == [(12, 15)]


def test_headlines_match_each_other():
    old, new = "Quake kills 12", "Dozens trapped as quake kills 47"
    sides = [
        claim(text, number, place=Place.HEADLINE, block=None) for text, number in ((old, "12"), (new, "47"))
    ]
    assert matched("", "", [sides[0]], [sides[1]], heads=[(old, new), ("", "")]) == [(12, 47)]


def test_a_claim_that_only_one_reading_sees_is_no_difference():
    old = "On Sunday 70 others were killed in the capsized boats."
    new = "On Sunday 70 others were reportedly killed in the capsized boats."
    assert matched(old, new, [claim(old, "70")], []) == []
    assert matched(old, new, [], [claim(new, "70")]) == []


def test_a_claim_whose_trigger_is_gone_really_went():
    old = "On Sunday 70 others were killed in the capsized boats."
    new = "On Sunday 70 others were rescued from the capsized boats."
    assert matched(old, new, [claim(old, "70")], []) == [(70, None)]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("people", "others", True),
        ("Palestinian", "Palestinians", True),
        ("children", "child", True),
        ("villagers", "Hill villagers", True),
        ("soldiers", "children", False),
    ],
)
def test_people_are_distinguished_by_what_they_are(one, other, alike):
    text = "There 3 died."
    score = likely_same_people(claim(text, "3", who=one), claim(text, "3", who=other))
    assert (score > 0) is alike


def test_a_generic_word_fits_anyone():
    text = "There 3 died."
    assert likely_same_people(claim(text, "3", who="people"), claim(text, "3", who="miners")) == 0.0


def test_a_missing_source_is_neither_the_same_nor_another():
    text = "There 3 died."
    named = claim(text, "3", attribution="the coroner")
    assert same_source(named, claim(text, "3")) is None
    assert same_source(claim(text, "3"), claim(text, "3")) is True
    assert same_source(named, claim(text, "3", attribution="The Coroner")) is True
    assert same_source(named, claim(text, "3", attribution="survivors")) is False


def test_a_number_is_the_same_however_qualified_but_a_range_needs_both_ends():
    text = "There 20 died."
    exact = claim(text, "20")
    least = claim(text, "20", high=None, qualifier=Qualifier.AT_LEAST)
    ranges = [replace(exact, value=None, low=20, high=high, qualifier=Qualifier.RANGE) for high in (30, 40)]
    assert same_number(exact, least)
    assert not same_number(ranges[0], ranges[1])
    assert same_number(ranges[0], ranges[0])


def test_a_part_is_known_by_its_scope():
    text = "There 3 died."
    assert is_part(claim(text, "3", scope=Scope.SUBSET))
    assert not is_part(claim(text, "3"))
