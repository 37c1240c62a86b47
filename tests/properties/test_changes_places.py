"""What holds of a comparison wherever in an article a number stands, and however it is printed."""

import re
import unicodedata
from collections import Counter
from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from diffs.changes import changes_between
from diffs.edits import edits_between, new_text, old_text
from diffs.model import Article, Block, BlockKind, Change, Headlines, Weight

_NUMBERS = st.one_of(
    st.integers(0, 99999).map(str),
    st.integers(1000, 999999).map(lambda n: f"{n:,}"),
    st.sampled_from(
        ["١٤", "१२", "１２", "3½", "1.5 million", "20–30", "No. 7", "MH17", "KN-23", "£1m", "9/11"]
    ),
)
_SAYINGS = st.builds(
    lambda shape, number: shape.format(number),
    st.sampled_from(
        [
            "{} people were killed.",
            "Killed: {}",
            "{}",
            "“We counted {} bodies,” said Ada Rook, the mayor.",
            "The ministry said {} died; the rebels said nobody was hurt.",
            "The blast (which killed {}, police said) shook the town",
            "Toll {} | wounded {}",
            "A photo of the {} graves in Orsk.",
            "Police: {} dead, 4 missing",
        ]
    ).map(lambda shape: shape.replace("{}", "{0}")),
    _NUMBERS,
)
_EMPTY = st.sampled_from(["", " ", "\u00a0", ".", "—", "\u200b", "…"])
_LONG = st.builds(
    lambda saying, times: ", and ".join(["the road by the river stayed shut"] * times) + f", and {saying}",
    _SAYINGS,
    st.integers(60, 90),
)
_BLOCKS = st.lists(
    st.builds(
        lambda kind, text: Block(kind=kind, text=text),
        st.sampled_from(list(BlockKind)),
        st.one_of(_SAYINGS, _SAYINGS, _EMPTY, _LONG),
    ),
    max_size=5,
).map(tuple)
_HEADS = st.one_of(st.none(), _SAYINGS)
ARTICLES = st.builds(
    lambda head, og, title, standfirst, blocks: Article(
        headline=head,
        headlines=Headlines(h1=head, og=og, title=title),
        standfirst=standfirst,
        blocks=blocks,
    ),
    _HEADS,
    _HEADS,
    _HEADS,
    _HEADS,
    _BLOCKS,
)
_TURNED = {
    "added": "removed",
    "removed": "added",
    "increased": "decreased",
    "decreased": "increased",
    "specified": "unspecified",
    "unspecified": "specified",
}


def with_text(article: Article, place: int, text: str) -> Article:
    """Put another text at one of an article's places: headline, standfirst, then its blocks."""
    if place == 0:
        return replace(article, headline=text, headlines=replace(article.headlines, h1=text))
    if place == 1:
        return replace(article, standfirst=text)
    blocks = list(article.blocks)
    blocks[place - 2] = replace(blocks[place - 2], text=text)
    return replace(article, blocks=tuple(blocks))


def texts_of(article: Article) -> list[str]:
    return [article.headline or "", article.standfirst or "", *(block.text for block in article.blocks)]


def turned(changes: tuple[Change, ...]) -> Counter[tuple[str, str]]:
    return Counter((one.kind.value, _TURNED.get(one.type.value, one.type.value)) for one in changes)


@settings(max_examples=25, deadline=None)
@given(ARTICLES)
def test_no_article_differs_from_its_copy(article: Article) -> None:
    assert changes_between(article, replace(article)) == ()


@settings(max_examples=50, deadline=None)
@given(ARTICLES, st.data())
def test_a_digit_replaced_is_substantive_wherever_it_stands(article: Article, data: st.DataObject) -> None:
    places = [
        (place, match.start())
        for place, text in enumerate(texts_of(article))
        for match in re.finditer(r"[0-9]", text)
    ]
    assume(places)
    place, at = data.draw(st.sampled_from(places))
    text = texts_of(article)[place]
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != text[at]]))
    changed = with_text(article, place, text[:at] + digit + text[at + 1 :])
    assert any(one.weight is Weight.SUBSTANTIVE for one in changes_between(article, changed))


@settings(max_examples=25, deadline=None)
@given(st.sampled_from("١٢٣४५६１２３"), st.sampled_from("٤٥٦७८९７８９"))
def test_a_digit_of_another_script_replaced_is_substantive(old: str, new: str) -> None:
    assume(unicodedata.digit(old) != unicodedata.digit(new))
    pages = [Article.from_text(None, f"The flood killed {digit} people in Orsk.") for digit in (old, new)]
    assert any(one.weight is Weight.SUBSTANTIVE for one in changes_between(*pages))


@settings(max_examples=35, deadline=None)
@given(ARTICLES, ARTICLES)
def test_swapping_two_versions_swaps_what_came_and_went_in_every_place(old: Article, new: Article) -> None:
    forth = Counter((one.kind.value, one.type.value) for one in changes_between(old, new))
    back = turned(changes_between(new, old))
    moved = ("text", "moved")
    forth.pop(moved, None)
    back.pop(moved, None)
    assert forth == back


@settings(max_examples=25, deadline=None)
@given(ARTICLES, ARTICLES)
def test_edits_of_a_change_spell_out_texts_of_the_two_versions(old: Article, new: Article) -> None:
    for one in changes_between(old, new):
        if one.edits and one.before and one.after and one.kind.value in {"text", "headline", "standfirst"}:
            assert old_text(one.edits) == one.before.text
            assert new_text(one.edits) == one.after.text


@settings(max_examples=25, deadline=None)
@given(st.lists(_SAYINGS, max_size=6).map(" ".join), st.lists(_SAYINGS, max_size=6).map(" ".join))
def test_edits_between_any_two_sayings_apply(old: str, new: str) -> None:
    edits = edits_between(old, new)
    assert (old_text(edits), new_text(edits)) == (old, new)
