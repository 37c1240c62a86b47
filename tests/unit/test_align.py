"""Which sentence became which."""

from diffs.align import aligned, comparable, least_likeness, likeness, pair_of, sentences_of
from diffs.model import Article, BlockKind

BODY = (BlockKind.PARAGRAPH,)
FERRY = "The ferry left the harbour at dawn with a full load of cars."
STORM = "Forecasters had warned of a storm on the lake since Sunday evening."
RESCUE = "Fishermen pulled most passengers from the water within an hour."
OWNER = "The owner of the vessel could not be reached by telephone."
MAYOR = "Mayor Ilse Brandt asked residents to keep away from the shore."


def pairs_of(old, new):
    """Align two versions given as lists of paragraphs."""
    sides = (sentences_of(Article.from_text(None, *paragraphs), BODY) for paragraphs in (old, new))
    return aligned(*sides)


def shape(pairs):
    return [(len(pair.old), len(pair.new), pair.moved) for pair in pairs]


def test_equal_versions_pair_sentence_by_sentence():
    assert shape(pairs_of([FERRY, STORM], [FERRY, STORM])) == [(1, 1, False), (1, 1, False)]


def test_an_added_sentence_has_no_old_side():
    pairs = pairs_of([FERRY, RESCUE], [FERRY, STORM, RESCUE])
    assert shape(pairs) == [(1, 1, False), (0, 1, False), (1, 1, False)]
    assert pairs[1].new_text == STORM


def test_a_removed_sentence_stands_where_it_stood():
    pairs = pairs_of([FERRY, STORM, RESCUE], [FERRY, RESCUE])
    assert [pair.old_text for pair in pairs] == [FERRY, STORM, RESCUE]
    assert shape(pairs)[1] == (1, 0, False)


def test_an_edited_sentence_pairs_with_its_old_form():
    edited = FERRY.replace("full load", "half load")
    pairs = pairs_of([STORM, FERRY, RESCUE], [STORM, edited, RESCUE])
    assert (pairs[1].old_text, pairs[1].new_text) == (FERRY, edited)


def test_a_moved_sentence_is_marked_and_its_neighbours_are_not():
    pairs = pairs_of([FERRY, STORM, RESCUE, OWNER], [OWNER, FERRY, STORM, RESCUE])
    assert [pair.new_text for pair in pairs if pair.moved] == [OWNER]


def test_a_sentence_moved_and_edited_is_still_found():
    edited = OWNER.replace("by telephone", "on Monday")
    pairs = pairs_of([OWNER, FERRY, STORM, RESCUE], [FERRY, STORM, RESCUE, edited])
    moved = [pair for pair in pairs if pair.moved]
    assert [(pair.old_text, pair.new_text) for pair in moved] == [(OWNER, edited)]


def test_a_split_sentence_pairs_with_both_its_halves():
    whole = "The ferry left the harbour at dawn and sank two hours later near the northern lighthouse."
    halves = "The ferry left the harbour at dawn. It sank two hours later near the northern lighthouse."
    pairs = pairs_of([STORM, whole, RESCUE], [STORM, halves, RESCUE])
    assert shape(pairs) == [(1, 1, False), (1, 2, False), (1, 1, False)]
    assert pairs[1].new_text == halves


def test_merged_sentences_pair_with_the_one_they_became():
    halves = "The ferry left the harbour at dawn. It sank two hours later near the northern lighthouse."
    whole = "The ferry left the harbour at dawn and sank two hours later near the northern lighthouse."
    pairs = pairs_of([STORM, halves, RESCUE], [STORM, whole, RESCUE])
    assert (2, 1, False) in shape(pairs)


def test_every_sentence_is_in_exactly_one_pair():
    old, new = [FERRY, STORM, OWNER, FERRY], [MAYOR, FERRY, RESCUE, STORM, STORM]
    pairs = pairs_of(old, new)
    assert sorted(s.text for pair in pairs for s in pair.old) == sorted(old)
    assert sorted(s.text for pair in pairs for s in pair.new) == sorted(new)


def test_unlike_sentences_do_not_pair_however_close_they_stand():
    assert shape(pairs_of([FERRY], [MAYOR])) == [(1, 0, False), (0, 1, False)]


def test_a_division_into_other_paragraphs_moves_nothing():
    pairs = pairs_of([f"{FERRY} {STORM}", RESCUE], [FERRY, f"{STORM} {RESCUE}"])
    assert shape(pairs) == [(1, 1, False)] * 3


def test_a_sentence_knows_its_offsets():
    article = Article.from_text(None, f"{FERRY} {STORM}")
    second = sentences_of(article, BODY)[1]
    assert article.blocks[second.block].text[second.start : second.end] == STORM


def test_likeness_runs_from_nothing_to_one():
    assert likeness(FERRY, FERRY) == 1.0
    assert likeness(FERRY, MAYOR) < 0.3
    assert likeness("", FERRY) == 0.0


def test_shared_paragraphs_tell_how_alike_two_texts_are_at_least():
    old, new = [FERRY, MAYOR, "12 boats left."], [MAYOR, "Nobody came back.", FERRY]
    least = least_likeness(old, new)
    assert 0.5 < least <= likeness("\n\n".join(old), "\n\n".join(new))
    assert least_likeness([FERRY], [MAYOR]) == 0.0
    assert least_likeness([FERRY, FERRY], [FERRY]) == likeness(f"{FERRY}\n\n{FERRY}", FERRY)
    assert least_likeness([], []) == 0.0
    assert least_likeness([FERRY, FERRY, STORM], [FERRY, FERRY]) <= likeness(
        f"{FERRY} {FERRY} {STORM}", f"{FERRY} {FERRY}"
    )


def test_a_pair_gives_the_texts_of_its_sentences():
    old = sentences_of(Article.from_text(None, f"{FERRY} {STORM}"), BODY)
    new = sentences_of(Article.from_text(None, RESCUE), BODY)
    pair = pair_of(old, new, moved=True)
    assert (pair.old_text, pair.new_text, pair.moved) == (f"{FERRY} {STORM}", RESCUE, True)
    assert (pair_of(old, ()).new_text, pair_of((), new).old_text) == ("", "")


def test_everything_is_compared_with_everything_until_there_is_far_too_much_of_it():
    assert set(comparable([3, 5], [7, 8, 9])) == {(one, other) for one in (3, 5) for other in (7, 8, 9)}
    assert list(comparable([], [1])) == list(comparable([1], [])) == []

    many = list(comparable(range(3000), range(6000)))
    assert len(many) < 130_000
    assert all(abs(2 * one - other) <= 20 for one, other in many)
