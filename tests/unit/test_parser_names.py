"""What a box's class says it is counts where its build does not contradict."""

import pytest

from crawler.parser import parse
from diffs.model import Article

PARAGRAPHS = [
    "The harbour board said on Monday that the north pier will be closed until the spring.",
    "Divers found cracks in three of the piles that carry the ferry ramp, the surveyor wrote.",
    "The ferry company will use the fish quay for the time being, and the timetable stays as it is.",
    "Traders on the quay fear for the lobster season, which opens in the second week of April.",
    "A tender for the repair is to be published before the council meets again on Thursday.",
    "The last large repair of the pier was paid for by the state, the treasurer told the board.",
]
PLAIN = "Boats from the outer islands bring parcels and letters on four days of the week."


def read(guest: str, *, after: int = 3) -> Article:
    text = [f"<p>{line}</p>" for line in PARAGRAPHS]
    body = "".join(text[:after]) + guest + "".join(text[after:])
    markup = (
        f"<html><body><h1>North pier closed until the spring</h1><div class=story>{body}</div></body></html>"
    )
    return parse(markup.encode(), url="http://harbour.example/pier")


@pytest.mark.parametrize(
    "name",
    [
        "modal-window",
        "shareFlyout",
        "c-related-stories",
        "most-read",
        "newsletter__box",
        "author-bio",
        "sidebar-box",
        "article-comments",
    ],
)
def test_a_box_that_names_itself_is_furniture(name: str) -> None:
    article = read(
        f"<div class='{name}'><p>{PLAIN}</p><p>Another plain sentence stands under it for readers.</p></div>"
    )
    assert article.text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "name", ["has-sidebar story-page", "no-comments", "unrelated", "sidebar-grid__content", "k7xq"]
)
def test_a_name_that_says_what_a_page_has_or_nothing_takes_nothing_away(name: str) -> None:
    assert (
        PLAIN in read(f"<div class='{name}'><p>{PLAIN}</p><p>{PLAIN.replace('four', 'five')}</p></div>").text
    )


def test_a_toll_stands_against_a_name() -> None:
    toll = (
        "Two dock workers were killed on Sunday when the ramp gave way, the coastguard said, and 7 were hurt."
    )
    assert toll in read(f"<div class='related-block'><p>{toll}</p><p>{PLAIN}</p></div>").text


def test_a_summary_above_the_text_is_text_under_any_name() -> None:
    assert read(f"<div class='promo newsletter'><p>{PLAIN}</p></div>", after=0).text.startswith(PLAIN)


def test_the_larger_part_of_the_text_is_text_under_any_name() -> None:
    body = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
    markup = f"<html><body><h1>North pier closed until the spring</h1><div class='social related'>{body}</div></body></html>"
    assert parse(markup.encode(), url="http://harbour.example/pier").text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "line",
    [
        "By Mara Ellin and Jon Roy, staff writers",
        "Von Thea Ahrens, Hamburg",
        "by Lena Orr (reporting) and Pip Hale (photography)",
        "By Mara Ellin, a deputy editor at the Harbour Post who writes about ports. She has lived on the quay for years.",
    ],
)
def test_a_line_that_names_who_wrote_the_text_is_no_text(line: str) -> None:
    article = read(f"<p>{line}</p>", after=0)
    assert article.text == "\n\n".join(PARAGRAPHS)
    assert any(item.text == line for item in article.removed)


@pytest.mark.parametrize(
    "line",
    [
        "By Monday the divers had left the north pier and gone home.",
        "By land and sea, help came to the port within a day.",
    ],
)
def test_a_sentence_that_opens_as_a_byline_does_is_text(line: str) -> None:
    assert read(f"<p>{line}</p>", after=0).text.startswith(line)


def test_a_prompt_to_follow_a_channel_is_no_text_whatever_its_language() -> None:
    prompt = (
        "<p><a href='/w'>Abonniere den Whatsapp-Kanal von Hafen 24</a> und du weisst als Erste Bescheid.</p>"
    )
    assert read(prompt, after=6).text == "\n\n".join(PARAGRAPHS)
    said = "<p>“We told everybody in the <a href='/n'>newsletter</a> to follow the signs,” said the harbour master.</p>"
    assert "harbour master" in read(said).text


def test_a_rule_typed_between_paragraphs_is_no_line() -> None:
    assert read("<p>==========</p>").text == "\n\n".join(PARAGRAPHS)


def test_the_element_named_for_the_headline_has_it_where_no_heading_does() -> None:
    body = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
    markup = (
        "<html><head><title>Harbour Daily News - Local Reports</title></head><body><table><tr><td><center><b>Get our local reports by mail</b></center></td></tr>"
        f"<tr><td><span class=articletitle>North pier closed until the spring</span></td></tr><tr><td>{body}</td></tr></table></body></html>"
    )
    assert (
        parse(markup.encode(), url="http://harbour.example/pier").headline
        == "North pier closed until the spring"
    )


def test_a_headline_set_in_pieces_is_joined_as_the_page_joins_it() -> None:
    body = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
    markup = (
        "<html><head><meta property=og:title content='Pier -- Board Closes It Until the Spring'></head><body>"
        f"<h1><span>Pier</span> <span>Board Closes It Until the Spring</span></h1><div>{body}</div></body></html>"
    )
    article = parse(markup.encode(), url="http://harbour.example/pier")
    assert article.headline == "Pier -- Board Closes It Until the Spring"
    assert article.text == "\n\n".join(PARAGRAPHS)


def test_a_story_of_one_paragraph_with_links_under_it_is_read() -> None:
    story = "The harbour band welcomed its oldest player back to the pavilion, as friends and neighbours came to hear her."
    markup = (
        f"<html><body><h1>Band welcomes its oldest player</h1><div><p>{story}</p><p><a href='/a.mp3'>Hear how the harbour band plays</a></p>"
        "<p><a href='/b.mp3'>Download the march of the harbour band</a></p></div><div><h3>Follow the band</h3></div></body></html>"
    )
    assert parse(markup.encode(), url="http://harbour.example/band").text.startswith(story)


@pytest.mark.parametrize(
    "line",
    [
        "Got a tip? Email Mara Ellin at mellin@harbour.example.",
        "If you found this report valuable, please consider making a donation to support our newsroom.",
        "The Courier respects your privacy. We promise never to sell or hand on your address to others.",
        "Jon Roy is on the quay every day. Follow him on Twitter @jonroyquay.",
    ],
)
def test_how_to_reach_or_support_the_writers_is_no_text(line: str) -> None:
    assert read(f"<p>{line}</p>", after=6).text == "\n\n".join(PARAGRAPHS)


def test_whom_witnesses_are_asked_to_call_is_text() -> None:
    line = (
        "Those who saw the ramp give way are asked to contact the harbour police at police@harbour.example."
    )
    assert read(f"<p>{line}</p>", after=6).text.endswith(line)


def test_a_heading_that_names_other_stories_goes_with_the_line_that_leads_to_one() -> None:
    promo = "<h3>Popular Video</h3><p>This band played on the pier for the last time and left nobody with dry eyes:</p>"
    assert read(promo).text == "\n\n".join(PARAGRAPHS)
    stated = "<h3>Related video</h3><p>Two dock workers were killed on Sunday, the coastguard said:</p>"
    assert "Two dock workers were killed" in read(stated).text


@pytest.mark.parametrize(
    "line",
    [
        "This article is more than 3 years old",
        "This story is from October 9, 2019",
        "Notez que cet article date de 2019 et que ses informations ne sont peut-être plus à jour.",
        "Dieser Artikel ist älter als ein Jahr.",
    ],
)
def test_a_notice_of_a_text_s_age_is_no_text(line: str) -> None:
    assert read(f"<p>{line}</p>", after=0).text == "\n\n".join(PARAGRAPHS)


def test_a_date_next_to_a_picture_is_no_caption() -> None:
    article = read(
        "<figure><img src=p.jpg><figcaption><p>Jan 9, 2017 at 10:05AM</p><p>The north pier at low water</p></figcaption></figure>",
        after=0,
    )
    assert [block.text for block in article.blocks if block.kind.value == "caption"] == [
        "The north pier at low water"
    ]


def test_what_a_subscription_costs_is_the_editors_own_paragraph() -> None:
    line = (
        'A note to readers of the Tide Tables: <a href="/join">get the Courier for 12 dollars a year</a>, a third of the '
        "usual price. It brings the whole archive, the weekly charts and our newsletters to your screen at home."
    )
    assert "12 dollars" in read(f"<p>{line}</p>", after=3).text
