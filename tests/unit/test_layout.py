"""What still stands on the page was not removed, and what only survives elsewhere on it was."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from typing import Any

import pytest

from crawler.parser import parse
from diffs.changes import changes_between
from diffs.model import Article, Block, BlockKind, Change, ChangeKind, ChangeType, Disclosure, Weight

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
HEADLINE = "Slate quarry gives way above Vell"
REST = (
    "The slope above the village of Vell had been watched by surveyors since the wet spring of last year.",
    "Rescue crews brought lamps and dogs to the upper terrace and worked there until the early morning.",
    "The road through the valley stayed closed while engineers drilled into the loose rock to measure it.",
    "The council opened the school hall to families who could not return to their houses before Sunday.",
)
# Twenty sentences that a deletion takes out of the article: with and without a figure, a quotation, a source.
GONE = (
    "Eleven workers were killed when the slope came down on the loading yard, the mayor's office said.",
    "At least 23 people were wounded, four of them badly, according to the district hospital at Orlen.",
    "The company had been told twice in writing that the drainage above the yard was not enough.",
    "“We asked for a new wall in every meeting since the winter,” said Hanne Ruud, who drives a loader.",
    "The ministry of labour said that no inspector had visited the quarry in the past three years.",
    "A second slide on Tuesday evening buried two trucks and the office of the weighing station.",
    "Police are looking for seven men who were on the night shift list and have not called home.",
    "The owner declined to say how many people worked on the lower terrace that evening.",
    "Surveyors measured a crack of forty metres along the upper edge of the terrace on Monday.",
    "Three of the dead were brothers from the village of Sorl, the parish priest told reporters.",
    "The quarry's insurer has withdrawn its cover for blasting since the accident of two years ago.",
    "Nobody from the company came to the meeting that the families held in the school hall.",
    "An earlier count of nine dead had left out two drivers of the transport firm, the mayor said.",
    "The union wants the state attorney to find out who signed the permit for the night shift.",
    "Up to 60 houses below the slope may have to be given up for good, an engineer estimated.",
    "The deputy minister denied that the warning of the weather service had ever reached his desk.",
    "Divers searched the flooded pit for a crane driver whose cabin was found empty at noon.",
    "Satellite pictures show that the edge moved by almost two metres in the week before.",
    "The hospital at Orlen asked for blood donors of every group and opened a second operating room.",
    "A court had stopped the work in the lower pit for 14 days in the summer because of the noise.",
)


def page(*paragraphs: str, head: str = "", before: str = "", after: str = "", inside: str = "") -> bytes:
    body = "".join(f"<p>{escape(text, quote=False)}</p>" for text in paragraphs)
    return (
        f"<html lang=en><head><title>{HEADLINE}</title>{head}</head><body><header><nav><a href=/>Home</a></nav></header>"
        f"<main><article><h1>{HEADLINE}</h1>{before}<div class=body>{body}{inside}</div></article>{after}</main>"
        "<footer>Vell Gazette</footer></body></html>"
    ).encode()


def read(body: bytes) -> Article:
    return parse(body, url="https://gazette.example/quarry", captured_at=AT)


# Where a deleted sentence survives without standing in the article. Each makes the keywords of `page`.
SURVIVALS = {
    "og:description": lambda text: {"head": f'<meta property="og:description" content="{escape(text)}">'},
    "description": lambda text: {"head": f'<meta name="description" content="{escape(text)}">'},
    "stale JSON-LD": lambda text: {
        "head": '<script type="application/ld+json">'
        + json.dumps({"@type": "NewsArticle", "headline": HEADLINE, "articleBody": " ".join((text, *REST))})
        + "</script>"
    },
    "comment": lambda text: {
        "after": "<section class=comments><h2>Comments</h2>"
        + "".join(
            f"<div class=comment><b>{name}</b><p>{escape(text)}</p></div>" for name in ("Ole", "Per", "Ida")
        )
        + "</section>"
    },
    "comment without a class": lambda text: {
        "after": f"<h3>3 comments</h3><div><p>reader17</p><p>{escape(text)}</p></div><div><p>ole</p><p>Sad.</p></div>"
    },
    "teaser": lambda text: {
        "after": "<div class=grid>"
        f"<div class=item><a href=/a><img src=a.jpg></a><h3><a href=/a>Crack in the terrace was known</a></h3><p>{escape(text)}</p></div>"
        "<div class=item><a href=/b><img src=b.jpg></a><h3><a href=/b>Rain to go on until Friday</a></h3><p>More rain is due.</p></div></div>"
    },
    "streamed story": lambda text: {
        "after": f"<article><h1>Union asks for an inquiry at Vell</h1><p>{escape(text)}</p><p>The union wrote to the court.</p></article>"
    },
    "streamed story in a div": lambda text: {
        "after": f"<div class=story><h2>Union asks for an inquiry at Vell</h2><p>{escape(text)}</p><p>The union wrote to the court.</p></div>"
    },
    "streamed story with a plain title": lambda text: {
        "after": f"<div class=item><div>Union asks for an inquiry at Vell</div><p>{escape(text)}</p><p>The union wrote to the court.</p></div>"
    },
    "caption": lambda text: {
        "inside": f"<figure><img src=q.jpg><figcaption>{escape(text)}</figcaption></figure>"
    },
    "hidden": lambda text: {"inside": f'<div style="display:none"><p>{escape(text)}</p></div>'},
    "link": lambda text: {"after": f"<div><p><a href=/c>{escape(text)}</a></p></div>"},
    "related aside": lambda text: {
        "after": f"<aside class=related><h3>Related</h3><p>{escape(text)}</p></aside>"
    },
}


@pytest.mark.parametrize("place", SURVIVALS)
def test_a_deleted_sentence_that_survives_elsewhere_was_removed(place: str) -> None:
    missed = []
    for index, text in enumerate(GONE):
        at = index % len(REST)
        old = read(page(*REST[:at], text, *REST[at:]))
        new = read(page(*REST, **SURVIVALS[place](text)))
        assert text in old.text
        if text in new.text:
            pytest.fail(f"the parser reads the {place} as article: {text}")
        heavy = [change for change in changes_between(old, new) if change.weight is Weight.SUBSTANTIVE]
        if not any(change.before and text in change.before.text for change in heavy):
            missed.append(text)
    assert not missed


@pytest.mark.parametrize("text", [text for text in GONE if any(map(str.isdigit, text))])
def test_a_figure_alone_never_stands(text: str) -> None:
    """The figure of a deleted sentence stands in another one, on the page and in the article."""
    figure = next(word for word in text.split() if word.isdigit())
    other = f"The bus line {figure} to Orlen stops at the foot of the slope again from this morning on."
    old, new = read(page(*REST, text, other)), read(page(*REST, other))
    heavy = [change for change in changes_between(old, new) if change.weight is Weight.SUBSTANTIVE]
    assert any(change.before and text in change.before.text for change in heavy)


def outside(*texts: str, kind: BlockKind = BlockKind.PARAGRAPH) -> tuple[Block, ...]:
    return tuple(Block(kind=kind, text=text) for text in texts)


def left(*gone: str, shown: tuple[str, ...]) -> tuple[Change, ...]:
    """Return the changes where passages left the blocks and others stand on the page of the new version."""
    old = Article.from_text(HEADLINE, REST[0], " ".join(gone), *REST[1:])
    new = replace(Article.from_text(HEADLINE, *REST), page_text=outside(*shown))
    return changes_between(old, new)


def test_a_sentence_that_stands_on_the_page_was_moved_by_the_layout() -> None:
    (change,) = left(GONE[2], shown=(GONE[2],))
    assert (change.kind, change.type, change.weight) == (ChangeKind.TEXT, ChangeType.LAYOUT, Weight.COSMETIC)
    assert change.before is not None
    assert change.after is not None
    assert (change.before.place, change.after.place, change.after.text) == ("paragraph", "page", GONE[2])
    assert change.disclosure is Disclosure.UNKNOWN


def test_what_came_into_the_blocks_and_stood_on_the_page_was_moved_too() -> None:
    old = replace(Article.from_text(HEADLINE, *REST), page_text=outside(GONE[2]))
    (change,) = changes_between(old, Article.from_text(HEADLINE, GONE[2], *REST))
    assert change.type is ChangeType.LAYOUT
    assert change.before is not None
    assert change.before.place == "page"


def test_a_passage_with_a_casualty_figure_is_minor_and_its_figure_too() -> None:
    found = left(GONE[0], shown=(GONE[0],))
    assert {(one.kind, one.type, one.weight) for one in found} == {
        (ChangeKind.TEXT, ChangeType.LAYOUT, Weight.MINOR),
        (ChangeKind.CASUALTY, ChangeType.LAYOUT, Weight.MINOR),
    }


def test_a_quotation_goes_with_its_sentence() -> None:
    assert {one.type for one in left(GONE[3], shown=(GONE[3],))} == {ChangeType.LAYOUT}
    assert ChangeType.REMOVED in {
        one.type
        for one in left(
            GONE[3], shown=("“We asked for a new wall in every meeting since the winter,” a man said.",)
        )
    }


def test_joined_and_split_paragraphs_still_stand() -> None:
    assert {one.type for one in left(GONE[2], GONE[7], shown=(GONE[2], GONE[7]))} == {ChangeType.LAYOUT}
    joined = " ".join((REST[0], GONE[2], GONE[7], REST[2]))
    assert {one.type for one in left(GONE[2], GONE[7], shown=(joined,))} == {ChangeType.LAYOUT}


def test_only_the_part_of_a_passage_that_stands_was_moved() -> None:
    found = {one.type: one for one in left(GONE[2], GONE[7], shown=(GONE[7],))}
    assert found[ChangeType.LAYOUT].before is not None
    assert found[ChangeType.LAYOUT].before.text == GONE[7]
    gone = found[ChangeType.REMOVED]
    assert gone.before is not None
    assert (gone.before.text, gone.weight) == (GONE[2], Weight.SUBSTANTIVE)


@pytest.mark.parametrize(
    "shown",
    [
        "At least 24 people were wounded, four of them badly, according to the district hospital at Orlen.",
        "At least 23 people were wounded, four of them badly, according to the hospital at Orlen.",
        "It is not true that at least 23 people were wounded, four of them badly, according to the district hospital at Orlen.",
        "At least 23 people were wounded.",
        "23",
    ],
)
def test_an_edited_sentence_or_a_part_of_it_does_not_stand(shown: str) -> None:
    heavy = [one for one in left(GONE[1], shown=(shown,)) if one.weight is Weight.SUBSTANTIVE]
    assert {ChangeKind.TEXT, ChangeKind.CASUALTY} <= {one.kind for one in heavy}


def test_a_short_sentence_stands_only_with_its_neighbour() -> None:
    short = "Nine died."
    assert {one.type for one in left(GONE[2], short, shown=(f"{GONE[2]} {short}",))} == {ChangeType.LAYOUT}
    found = [one for one in left(short, shown=(short,)) if one.kind is ChangeKind.TEXT]
    assert [one.type for one in found] == [ChangeType.REMOVED]
    apart = left(GONE[2], short, shown=(GONE[2], REST[1], short))
    assert ChangeType.REMOVED in {one.type for one in apart}


def test_a_figure_that_moved_is_reported_although_the_old_sentence_stands() -> None:
    after = GONE[0].replace("Eleven", "Fourteen")
    old = Article.from_text(HEADLINE, GONE[0], *REST)
    new = replace(Article.from_text(HEADLINE, after, *REST), page_text=outside(GONE[0]))
    assert (ChangeKind.CASUALTY, ChangeType.INCREASED, Weight.SUBSTANTIVE) in {
        (one.kind, one.type, one.weight) for one in changes_between(old, new)
    }


def test_a_headline_and_a_standfirst_of_one_version_may_stand_on_the_other_page() -> None:
    old = replace(Article.from_text(HEADLINE, *REST), standfirst=GONE[2])
    new = replace(
        Article.from_text(None, *REST),
        page_text=(*outside(HEADLINE, kind=BlockKind.SUBHEADING), *outside(GONE[2])),
    )
    found = {one.kind: one for one in changes_between(old, new)}
    assert {one.type for one in found.values()} == {ChangeType.LAYOUT}
    assert {one.weight for one in found.values()} == {Weight.COSMETIC}
    plain = replace(new, page_text=outside(HEADLINE))
    assert {one.type for one in changes_between(old, plain)} == {ChangeType.REMOVED}


def test_an_id_does_not_depend_on_what_stands_on_the_page() -> None:
    (here,) = left(GONE[2], shown=(GONE[2],))
    (gone,) = left(GONE[2], shown=())
    assert here.id == gone.id


def test_the_second_copy_of_a_sentence_that_went_is_no_removal() -> None:
    old, new = Article.from_text(HEADLINE, REST[0], *REST), Article.from_text(HEADLINE, *REST)
    (change,) = changes_between(old, new)
    assert (change.type, change.weight) == (ChangeType.LAYOUT, Weight.COSMETIC)


@pytest.mark.parametrize(
    "new",
    [
        {"before": "<div class=lead><p>{}</p></div>"},
        {"before": "<section><p>{}</p></section>"},
        {"inside": "<div><div><p>{}</p></div></div>"},
    ],
    ids=str,
)
def test_a_layout_that_sets_a_paragraph_apart_removes_nothing(new: dict[str, str]) -> None:
    for text in GONE:
        old = read(page(text, *REST) if "before" in new else page(*REST, text))
        after = read(page(*REST, **{key: form.format(escape(text)) for key, form in new.items()}))
        assert not [one for one in changes_between(old, after) if one.weight is Weight.SUBSTANTIVE], text


@pytest.mark.parametrize(
    ("gone", "shown"),
    [
        (
            "500 workers were killed in the quarry in a year.",
            "The union said that 1.500 workers were killed in the quarry in a year.",
        ),
        (
            "5 million people were displaced by the flood in June.",
            "The flood displaced so many that 1.5 million people were displaced by the flood in June.",
        ),
        (
            "Army units killed 12 people in the village on Monday night.",
            "The ministry denied that the U.S. Army units killed 12 people in the village on Monday night.",
        ),
        (
            "Amal Riba said 12 people were killed in the old quarry.",
            "Nobody believed it when Dr. Amal Riba said 12 people were killed in the old quarry.",
        ),
    ],
)
def test_the_tail_of_another_sentence_is_no_sentence(gone: str, shown: str) -> None:
    changes = left(gone, shown=(shown,))
    assert changes
    assert {(one.type, one.weight) for one in changes} == {(ChangeType.REMOVED, Weight.SUBSTANTIVE)}


def test_a_sentence_without_its_space_still_stands() -> None:
    changes = left(GONE[2], shown=(f"The harbour was quiet.{GONE[2]}",))
    assert {one.type for one in changes} == {ChangeType.LAYOUT}


def test_a_figure_that_changed_places_with_one_of_the_page_has_changed() -> None:
    form = "The mayor said that {} people were killed in the quarry on Monday."
    old = replace(
        Article.from_text(HEADLINE, REST[0], form.format(12), REST[1]), page_text=outside(form.format(15))
    )
    new = replace(
        Article.from_text(HEADLINE, REST[0], form.format(15), REST[1]), page_text=outside(form.format(12))
    )
    weights = {one.weight for one in changes_between(old, new) if one.kind is ChangeKind.CASUALTY}
    assert weights == {Weight.SUBSTANTIVE}


DECK = "'Nobody listened to the surveyors,' said a loader driver who was on the night shift."
OLD_DESIGN = ("article-body", "page", "story-column")
NEW_DESIGN = ("container", "content-text", "main-story")


def decks(*, layout: tuple[str, ...] = NEW_DESIGN, described: str | None = DECK) -> tuple[Article, Article]:
    """Return a version that prints a standfirst, and one that does not."""
    old = replace(
        Article.from_text(HEADLINE, DECK, *REST), standfirst=DECK, described=DECK, layout=OLD_DESIGN
    )
    return old, replace(Article.from_text(HEADLINE, *REST), described=described, layout=layout)


def test_a_standfirst_that_a_new_design_only_gives_as_description_was_not_removed() -> None:
    found = changes_between(*decks())
    assert {change.type for change in found} == {ChangeType.LAYOUT}
    assert {change.after.place for change in found if change.after} == {"description"}


@pytest.mark.parametrize(
    "later",
    [
        {"layout": OLD_DESIGN},
        {"layout": ()},
        {"described": None},
        {"described": DECK.replace("night", "day")},
    ],
    ids=str,
)
def test_a_standfirst_that_went_under_one_design_or_out_of_the_description_was_removed(
    later: dict[str, Any],
) -> None:
    heavy = [change for change in changes_between(*decks(**later)) if change.weight is Weight.SUBSTANTIVE]
    assert {ChangeKind.TEXT} <= {change.kind for change in heavy}


def test_a_label_that_comes_with_a_new_design_is_minor_and_a_figure_never() -> None:
    def weights(line: str, layout: tuple[str, ...]) -> set[Weight]:
        old = replace(Article.from_text(HEADLINE, *REST), layout=OLD_DESIGN)
        new = replace(Article.from_text(HEADLINE, *REST, line), layout=layout)
        return {change.weight for change in changes_between(old, new)}

    assert weights("The view from the terrace", NEW_DESIGN) == {Weight.MINOR}
    assert Weight.SUBSTANTIVE in weights("The view from the terrace", OLD_DESIGN)
    for line in ("Eleven dead on the terrace", "23 hurt", "Nobody came back.", "“A wall of mud”"):
        assert Weight.SUBSTANTIVE in weights(line, NEW_DESIGN)
    for line in (
        "Police deny the slide",
        "No survivors found",
        "Reportedly a blast",
        "Guards shot the driver",
    ):
        assert Weight.SUBSTANTIVE in weights(line, NEW_DESIGN)


def test_a_plain_sentence_that_comes_with_a_new_design_is_minor_and_what_can_be_checked_never() -> None:
    def heavy(line: str, layout: tuple[str, ...], language: str = "en") -> bool:
        old = replace(Article.from_text(HEADLINE, *REST), layout=OLD_DESIGN, language=language)
        new = replace(Article.from_text(HEADLINE, *REST, line), layout=layout, language=language)
        return any(change.weight is Weight.SUBSTANTIVE for change in changes_between(old, new))

    plain = "Readers walk along the path above the terrace and look down on the water in the evening."
    assert not heavy(plain, NEW_DESIGN)
    assert heavy(plain, OLD_DESIGN)
    assert heavy(plain, NEW_DESIGN, language="nb")
    for line in (
        "Nobody walks along the path above the terrace in the evening.",
        "Readers walk along the path above Sorl in the evening.",
        "Readers may perhaps walk along the path above the terrace again.",
        "The path above the terrace was safe, the mayor said in the evening.",
        "Three readers walk along the path above the terrace in the evening.",
        "A reader was killed on the path above the terrace in the evening.",
    ):
        assert heavy(line, NEW_DESIGN), line
