"""Which of a page's headings is the headline."""

import pytest

from crawler.parser import parse

TEXT = (
    "<p>Nine people were killed when a cable car fell near the summit of Monte Lerna, the rescue service said.</p>"
    "<p>The cabin had left the valley at noon with fourteen passengers, two of whom were children.</p>"
    "<p>Prosecutors have taken the books of the company that looks after the cables.</p>"
)


def headline(body: str, *, title: str = "", shared: str = "", written: str = "") -> str | None:
    head = f"<title>{title}</title>" if title else ""
    head += f'<meta property="og:title" content="{shared}">' if shared else ""
    head += (
        f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{written}"}}</script>'
        if written
        else ""
    )
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    return parse(page.encode(), url="http://valley.example/n/cable-car-100").headline


def test_a_heading_printed_again_over_another_is_its_kicker() -> None:
    topic, story = "The mountain railways of the Lerna valley", "A cabin falls, a valley asks why"
    head = f"<header><h1>{topic}</h1><p>By Mara Ellin</p></header><div><p>{topic}</p><h1>{story}</h1></div>"
    assert headline(head + TEXT, title=f"{topic} - The Valley", shared=topic) == story


def test_a_heading_over_another_that_is_not_printed_again_stays_the_headline() -> None:
    story, part = "Nine die as cable car falls at Monte Lerna", "What we know so far"
    body = f"<h1>{story}</h1><p>By Mara Ellin</p><p>The valley</p><h1>{part}</h1>{TEXT}"
    assert headline(body, title=story, shared=story) == story


@pytest.mark.parametrize("home", ["http://valley.example", "/", "https://www.valley.example/", "/index.html"])
def test_what_the_link_home_says_is_no_headline(home: str) -> None:
    body = (
        f'<table><tr><td><a href="{home}">The Valley Observer</a></td></tr><tr><td>Local news</td></tr></table>'
        f'<table><tr><td><span class="ArticleTitle">Nine die as cable car falls</span><br>2007/12<p>By Mara Ellin</p>{TEXT}</td></tr></table>'
    )
    assert headline(body, title="The Valley Observer") == "Nine die as cable car falls"


def test_a_headline_that_links_to_its_own_page_stays_one() -> None:
    body = f'<div><a href="/n/cable-car-100"><b>Nine die as cable car falls</b></a></div><div>{TEXT}</div>'
    assert headline(body, title="Nine die as cable car falls") == "Nine die as cable car falls"


@pytest.mark.parametrize("apart", ["{}{}", "<ol><li>{}</li></ol><div>{}</div>"])
def test_the_heading_that_a_page_is_shared_as_is_the_headline_over_the_one_for_search(apart: str) -> None:
    searched, shared = (
        "Monte Lerna: cable car accident, nine dead",
        "Fall from the summit: Nine die in a cable car",
    )
    head = apart.format(
        f"<h1>{searched}</h1>",
        "<h2><span>Fall from the summit</span> <span>Nine die in a cable car</span></h2>",
    )
    assert headline(head + TEXT, title=searched, shared=shared, written=searched) == shared


def test_a_summary_under_a_headline_is_not_the_headline_although_the_page_is_described_by_it() -> None:
    story = "Nine die as cable car falls at Monte Lerna"
    head = f"<h1>{story}</h1><h2>Prosecutors take the books of the company</h2>"
    assert headline(head + TEXT, title=story, shared=story, written=story) == story


@pytest.mark.parametrize(
    ("label", "kept"),
    [("Exclusive", False), ("Video", False), ("Cable cars:", True), ("The valley and its cable cars", True)],
)
def test_a_label_in_an_element_of_its_own_that_no_title_has_is_no_part_of_the_headline(label, kept):
    story = "Nine die as cable car falls at Monte Lerna"
    shown = headline(f"<h1><span>{label}</span> {story}</h1>{TEXT}", title=story, shared=story)
    assert shown == (f"{label} {story}" if kept else story)
    # Where a title has the label too, it stays.
    shown = headline(
        f"<h1><span>{label}</span> {story}</h1>{TEXT}", title=f"{label} {story} - The Valley", shared=story
    )
    assert shown == f"{label} {story}"
    assert headline(f"<h1><!-- x -->{story}</h1>{TEXT}", title=story) == story
