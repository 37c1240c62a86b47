"""Whole pages of our own writing, in the shapes of real templates."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.parser import PARSER_VERSION, parse
from diffs.model import Article, BlockKind

PAGES = Path(__file__).parents[1] / "fixtures" / "parser"
TOOLBAR = (
    "<!-- BEGIN WAYBACK TOOLBAR INSERT --><div id='wm-ipp-base'><h1>Wayback</h1><p>12 captures of a page that the "
    "archive holds, between two dates that it names here.</p></div><!-- END WAYBACK TOOLBAR INSERT -->"
)


def page(name: str, **known: object) -> Article:
    return parse((PAGES / name).read_bytes(), url="http://valley.example/news/landslide-n100", **known)


def texts(article: Article, kind: BlockKind) -> list[str]:
    return [block.text for block in article.blocks if block.kind is kind]


@pytest.mark.parametrize("name", ["valley_2016.html", "saved.txt"])
def test_the_2016_template_and_its_saved_text_lose_the_same_furniture(name: str) -> None:
    article = page(name)
    removed = {(item.reason, item.text) for item in article.removed}
    assert article.headline == "Landslide Buries Mountain Road; Council Says 9 Dead"
    assert ("video_caption", "Drone Shows the Buried Road 1:11") in removed
    assert ("video_caption", "SEPT. 12: Bridge Closed After Flood 2:03") in removed
    assert ("related_link", "Related: Rain Warning Lifted for the Coast") in removed
    assert ("feedback", "Feedback") in removed
    assert article.text.startswith("A landslide buried a mountain road")
    assert texts(article, BlockKind.CORRECTION) == [
        "Correction: An earlier version of this article gave the number of injured as 41. It was 14."
    ]


def test_a_2016_page_gives_its_metadata_although_its_meta_tags_say_value() -> None:
    article = page("valley_2016.html")
    assert article.headlines.og == "Landslide buries road"
    assert article.publisher == "Valley Gazette"
    assert article.byline == "Mara Ellin"
    assert article.published == datetime(2016, 9, 17, 22, 15, tzinfo=UTC)
    assert article.canonical_url == "http://valley.example/news/landslide-n100"
    assert article.parser == PARSER_VERSION


def test_every_kind_of_block_keeps_its_place_and_name() -> None:
    article = page("courier_2022.html")
    kinds = [block.kind.value for block in article.blocks]
    assert kinds == [
        "caption",
        "list_item",
        "list_item",
        "paragraph",
        "paragraph",
        "subheading",
        "paragraph",
        "quote",
        "table_row",
        "table_row",
        "table_row",
        "paragraph",
        "correction",
    ]
    assert texts(article, BlockKind.TABLE_ROW)[1] == "Northport 31"
    assert "The ferry Aurelia" not in article.text
    assert "amended" not in article.text


def test_the_displayed_headline_stands_apart_from_the_one_for_social_networks() -> None:
    heads = page("courier_2022.html").headlines
    assert heads.h1 == "Ferry sinks off Northport, seven missing"
    assert heads.og == "Ferry sinks: what we know"
    assert heads.json_ld == "Ferry sinks off Northport"
    assert heads.title == "Ferry sinks off Northport, seven missing | The Northport Courier"


def test_stamps_are_reconciled_with_their_zones_and_a_disagreement_is_noted() -> None:
    article = page("courier_2022.html")
    assert article.published == datetime(2022, 3, 4, 5, 10, tzinfo=UTC)
    assert article.modified == datetime(2022, 3, 4, 12, 30, tzinfo=UTC)
    assert any(note.startswith("modified disagrees") for note in article.notes)
    assert not any(note.startswith("published") for note in article.notes)


def test_standfirst_byline_and_language_are_read() -> None:
    article = page("courier_2022.html")
    assert article.standfirst == "Rescuers search the harbour after a night crossing ends in disaster"
    assert article.byline == "Ida Brand, Joon Hale"
    assert article.language == "en-gb"


def test_a_sentence_made_of_links_is_text_and_a_card_is_not() -> None:
    article = page("courier_2022.html")
    assert "put the number of missing at seven" in article.text
    assert "Lighthouse keeper" not in article.text
    assert "newsletter" not in article.text
    assert "lowest bidder" not in article.text


def test_entries_of_a_live_page_carry_their_times() -> None:
    updates = [block for block in page("live_2024.html").blocks if block.kind is BlockKind.LIVE_UPDATE]
    assert [block.at for block in updates] == [
        datetime(2024, 2, 1, 11, 42, tzinfo=UTC),
        datetime(2024, 2, 1, 10, 15, tzinfo=UTC),
        datetime(2024, 2, 1, 9, 0, tzinfo=UTC),
    ]


def test_sentences_in_a_layout_table_are_paragraphs() -> None:
    article = page("table_2005.html")
    assert article.headline == "Fire in the old granary"
    assert len(texts(article, BlockKind.PARAGRAPH)) == 3
    assert "Sport" not in article.text


@pytest.mark.parametrize(
    "name", ["valley_2016.html", "courier_2022.html", "live_2024.html", "table_2005.html"]
)
def test_a_replayed_page_gives_the_same_article(name: str) -> None:
    raw = (PAGES / name).read_text()
    cut = raw.index(">", raw.index("<body")) + 1
    replayed = (raw[:cut] + TOOLBAR + raw[cut:]).replace(
        'href="/', 'href="/web/20220305010203/http://valley.example/'
    )
    before, after = (
        parse(raw.encode(), url="http://valley.example/a"),
        parse(replayed.encode(), url="http://valley.example/a"),
    )
    assert (before.headline, before.blocks, before.standfirst) == (
        after.headline,
        after.blocks,
        after.standfirst,
    )


@pytest.mark.parametrize("name", ["valley_2016.html", "courier_2022.html", "live_2024.html"])
def test_renamed_classes_change_nothing(name: str) -> None:
    raw = (PAGES / name).read_text()
    renamed = raw.replace('class="', 'class="zz-')
    assert (
        parse(raw.encode(), url="http://x.example/a").blocks
        == parse(renamed.encode(), url="http://x.example/a").blocks
    )
