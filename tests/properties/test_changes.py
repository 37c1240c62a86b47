"""What holds of every comparison, whatever the two versions say."""

import re
from collections import Counter

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from diffs.align import aligned, sentences_of
from diffs.changes import changes_between
from diffs.edits import edits_between, new_text, old_text
from diffs.model import Article, BlockKind, Weight

_COUNTS = st.one_of(
    st.integers(2, 4000).map(str),
    st.sampled_from(["two", "seven", "fourteen", "dozens of", "at least 12", "more than 40", "20-30"]),
)
_VICTIMS = st.sampled_from(["people", "miners", "children", "soldiers"])
_FATES = st.sampled_from(["were killed", "were injured", "are missing"])
_PLAIN = st.sampled_from(
    [
        "The road to the harbour stayed closed for 3 hours.",
        "“We saw smoke over the hill,” said Ida Holm.",
        "Rain fell on the valley through the night.",
        "The company did not answer questions on Friday.",
        "Officials reportedly met in Ulm to discuss the budget of 1.5 million euros.",
        "Schools will open again next week.",
    ]
)
_TOLLS = st.builds(lambda count, who, fate: f"{count} {who} {fate}.".capitalize(), _COUNTS, _VICTIMS, _FATES)
_PARAGRAPHS = st.lists(st.lists(st.one_of(_PLAIN, _TOLLS), min_size=1, max_size=3).map(" ".join), max_size=4)
_HEADLINES = st.one_of(st.none(), _TOLLS.map(lambda text: text.rstrip(".")))
ARTICLES = st.builds(lambda head, body: Article.from_text(head, *body), _HEADLINES, _PARAGRAPHS)
_ANYTHING = st.text(alphabet=st.characters(codec="utf-8"), max_size=80)
_OPPOSITE = {
    "added": "removed",
    "removed": "added",
    "increased": "decreased",
    "decreased": "increased",
    "specified": "unspecified",
    "unspecified": "specified",
}


@settings(max_examples=60, deadline=None)
@given(ARTICLES)
def test_a_version_does_not_differ_from_itself(article):
    assert changes_between(article, article) == ()


@settings(max_examples=100, deadline=None)
@given(_ANYTHING, _ANYTHING)
def test_edits_applied_to_the_old_text_give_the_new(old, new):
    edits = edits_between(old, new)
    assert old_text(edits) == old
    assert new_text(edits) == new


@settings(max_examples=60, deadline=None)
@given(ARTICLES, ARTICLES)
def test_the_edits_of_every_change_lead_from_its_old_words_to_its_new(old, new):
    for change in changes_between(old, new):
        if change.edits and change.before and change.after and change.kind.value in {"text", "headline"}:
            assert old_text(change.edits) == change.before.text
            assert new_text(change.edits) == change.after.text


@settings(max_examples=60, deadline=None)
@given(ARTICLES, st.data())
def test_one_digit_replaced_is_always_substantive(article, data):
    text = article.text
    places = [match.start() for match in re.finditer(r"\d", text)]
    assume(places)
    at = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != text[at]]))
    changed = Article.from_text(article.headline, *(text[:at] + digit + text[at + 1 :]).split("\n\n"))
    assert any(change.weight is Weight.SUBSTANTIVE for change in changes_between(article, changed))


@settings(max_examples=100, deadline=None)
@given(ARTICLES, ARTICLES)
def test_swapped_versions_swap_what_came_and_what_went(old, new):
    forth = Counter((c.kind.value, c.type.value) for c in changes_between(old, new))
    back = Counter((c.kind.value, c.type.value) for c in changes_between(new, old))
    turned = Counter({(kind, _OPPOSITE.get(type_, type_)): n for (kind, type_), n in back.items()})
    moves = {("text", "moved")}
    assert {k: n for k, n in forth.items() if k not in moves} == {
        k: n for k, n in turned.items() if k not in moves
    }


@settings(max_examples=60, deadline=None)
@given(ARTICLES, ARTICLES)
def test_a_passage_of_words_that_came_or_went_is_substantive(old, new):
    for change in changes_between(old, new):
        if change.kind.value == "text" and change.type.value in {"added", "removed"}:
            assert change.weight is Weight.SUBSTANTIVE


@settings(max_examples=60, deadline=None)
@given(ARTICLES, ARTICLES)
def test_evidence_points_at_its_own_words(old, new):
    for change in changes_between(old, new):
        for article, evidence in ((old, change.before), (new, change.after)):
            if evidence is not None and evidence.block is not None:
                assert article.blocks[evidence.block].text[evidence.start : evidence.end] == evidence.text


@settings(max_examples=60, deadline=None)
@given(ARTICLES, ARTICLES)
def test_every_sentence_is_aligned_exactly_once(old, new):
    sides = [sentences_of(article, BlockKind) for article in (old, new)]
    pairs = aligned(*sides)
    assert Counter(s for pair in pairs for s in pair.old) == Counter(sides[0])
    assert Counter(s for pair in pairs for s in pair.new) == Counter(sides[1])


@settings(max_examples=60, deadline=None)
@given(ARTICLES, ARTICLES)
def test_ids_are_distinct_and_told_by_names_changes_of_the_same_step(old, new):
    changes = changes_between(old, new)
    ids = {change.id for change in changes}
    assert len(ids) == len(changes)
    assert all(one in ids for change in changes for one in change.told_by)
