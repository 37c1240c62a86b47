"""An article in several parts: gathered, not chosen from."""

import pytest

from crawler.parser import parse
from diffs.changes import changes_between
from diffs.model import Article, BlockKind, Weight

LEAD = (
    "At least 9 people were killed when a cable car fell at Monte Lerna on Sunday, the valley's council said."
)
SECOND = "The car had left the middle station with 31 skiers aboard, the operator said in a statement."
REST = [
    "Rescue teams reached the slope on foot, since the wind kept both helicopters on the ground until noon.",
    "“It swung twice and then it was gone,” said Pia Rovak, who sells tickets at the lower station.",
    "The haul rope had been inspected in October, according to the operator's own log.",
    "Prosecutors in the valley opened an inquiry and sealed the machine room on Sunday evening.",
    "A car of the same make fell in the eastern range in 2011; nobody was aboard at the time.",
    "The council cancelled the torch run that was to close the season on the following weekend.",
]


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def read(body: str, head: str = "", title: str = "Nine die as cable car falls at Monte Lerna") -> Article:
    page = (
        f"<html lang='en'><head><title>{title} - Valley Courier</title>{head}</head><body><nav><a href='/'>Home</a> "
        f"<a href='/w'>World</a></nav>{body}<footer><p>Valley Courier, 4 Mill Lane</p></footer></body></html>"
    )
    return parse(page.encode(), url="https://courier.example/2024/02/11/cable-car")


H1 = "<h1>Nine die as cable car falls at Monte Lerna</h1>"


def test_a_lead_in_a_box_of_its_own_is_text() -> None:
    article = read(
        f"<main><article>{H1}<section><div class='r'><div class='c12'>{paragraphs(LEAD, SECOND)}</div></div>"
        f"<div class='r eq'><div class='c7'>{paragraphs(*REST)}</div><aside><h3>Related</h3><a href='/x'>The rope</a></aside>"
        "</div></section></article></main>"
    )
    assert article.text.split("\n\n") == [LEAD, SECOND, *REST]


def test_parts_of_one_make_far_from_each_other_are_text() -> None:
    def part(place: int, *texts: str) -> str:
        return f"<div class='b{place}'><div class='w{place}'><section><div class='story-part'>{paragraphs(*texts)}</div></section></div></div>"

    article = read(
        f"<main>{H1}{part(0, LEAD, SECOND)}<div><figure><img src='a.jpg'></figure></div>{part(1, *REST[:3])}{part(2, *REST[3:])}</main>"
    )
    assert article.text.split("\n\n") == [LEAD, SECOND, *REST]


def test_a_last_section_with_the_toll_is_kept_and_an_authors_life_is_not() -> None:
    article = read(
        f"<main><article>{H1}<section>{paragraphs(*REST)}</section><section><h2>The dead</h2>{paragraphs(LEAD)}</section>"
        "<div class='who'><p class='who'>Jana Holm covers transport and walks in the hills with her dog.</p></div></article></main>"
    )
    assert article.text.split("\n\n") == [*REST, "The dead", LEAD]
    assert [item.reason for item in article.removed if item.text.startswith("Jana Holm")] == ["after_article"]


@pytest.mark.parametrize(
    "page",
    [
        f"<html><body><div>{H1}{paragraphs(*REST[:2])}</div></body></html><div>{paragraphs(LEAD, SECOND)}</div>",
        f"<html><body><a href='/'>Home</a></body></html><html><body><div>{H1}{paragraphs(LEAD, SECOND, *REST[:2])}</div></body></html>",
    ],
)
def test_what_follows_the_end_of_the_body_is_read(page: str) -> None:
    assert LEAD in parse(page.encode(), url="https://courier.example/a").text


def test_paragraphs_wrapped_with_their_picture_are_no_captions() -> None:
    article = read(
        f"<div class='detail'>{H1}<div class='t'><section>{paragraphs(LEAD, SECOND)}</section></div><div class='t pic'><figure>"
        f"<img src='a.jpg'><section>{paragraphs(*REST[:2])}</section></figure></div><div class='t'><section>{paragraphs(REST[2])}</section></div>"
        f"<div class='t'><section>{paragraphs(*REST[3:])}</section></div></div>"
    )
    assert article.text.split("\n\n") == [LEAD, SECOND, *REST]


def test_subheadings_in_divisions_read_as_those_in_headings() -> None:
    old = read(
        f"<article>{H1}<div class='g'>{paragraphs(LEAD, SECOND, REST[0])}<h2>A rope that held</h2>{paragraphs(*REST[1:])}</div></article>"
    )
    new = read(
        f"<article>{H1}<div class='g'>{paragraphs(LEAD, SECOND, REST[0])}</div><div class='story-subhead'>A rope that held</div>"
        f"<div class='g'>{paragraphs(*REST[1:])}</div></article>"
    )
    role = read(
        f"<article>{H1}<div class='g'>{paragraphs(LEAD, SECOND, REST[0])}</div><div role='heading' aria-level='3'>A rope that held</div>"
        f"<div class='g'>{paragraphs(*REST[1:])}</div></article>"
    )
    inner = read(
        f"<article>{H1}{paragraphs(LEAD, SECOND, REST[0])}<h2><div>A rope that held</div></h2>{paragraphs(*REST[1:])}</article>"
    )
    assert [block.text for block in old.blocks if block.kind is BlockKind.SUBHEADING] == ["A rope that held"]
    assert old.blocks == new.blocks == role.blocks == inner.blocks


def test_dropped_paragraph_breaks_are_put_back() -> None:
    glued = read(f"<article>{H1}<p>{LEAD}{SECOND}{REST[0]}{REST[1]}</p>{paragraphs(*REST[2:])}</article>")
    apart = read(f"<article>{H1}{paragraphs(LEAD, SECOND, *REST)}</article>")
    assert glued.blocks == apart.blocks
    assert not changes_between(glued, apart)


@pytest.mark.parametrize("name", ["Booking.Com offers", "wrote Node.Js for"])
def test_a_name_with_a_stop_inside_is_not_cut(name: str) -> None:
    text = f"The council said that the house {name} rooms to families until the end of the month of March."
    assert text in [
        block.text for block in read(f"<article>{H1}{paragraphs(LEAD, text, *REST)}</article>").blocks
    ]


def test_a_short_opening_set_as_the_text_is_text_and_a_byline_is_not() -> None:
    article = read(
        f"<article>{H1}<div><p>By Jana Holm</p><p>Nobody heard it.</p>{paragraphs(LEAD, *REST)}</div></article>"
    )
    assert article.text.split("\n\n")[:2] == ["Nobody heard it.", LEAD]


def test_a_summary_the_page_describes_itself_by_is_no_paragraph() -> None:
    words = "Wind kept the helicopters away while teams climbed to the car on foot"
    article = read(
        f"<article><header>{H1}</header><div class='dek'><span>{words}</span></div><div class='meta'>Sunday</div><div class='b'>{paragraphs(LEAD, *REST)}</div></article>",
        head=f"<meta property='og:description' content='{words}'>",
    )
    assert article.text.split("\n\n") == [LEAD, *REST]


def test_a_dateline_under_the_headline_is_neither_summary_nor_text() -> None:
    article = read(
        f"<div class='h'>{H1}<div class='t'><time>Published Sun, Feb 11 2024 • 9:29 AM EST</time><span> | <time>Updated Sun, Feb 11 2024 • 11:37 AM EST</time>"
        f"</span></div></div><div class='b'>{paragraphs(LEAD, *REST)}</div>"
    )
    assert article.standfirst is None
    assert article.text.split("\n\n") == [LEAD, *REST]


def test_text_read_from_json_ld_is_marked() -> None:
    body = f"{LEAD}\\n\\n{SECOND}\\n\\n{REST[0]}"
    page = (
        '<html lang="en"><head><script type="application/ld+json">{"@type": "NewsArticle", "headline": "Nine die at Monte Lerna", '
        f'"articleBody": "{body}"}}</script></head><body><nav><a href="/">Home</a></nav><div id="root"></div></body></html>'
    )
    article = parse(page.encode(), url="https://courier.example/a")
    assert article.text.split("\n\n") == [LEAD, SECOND, REST[0]]
    assert article.headline == "Nine die at Monte Lerna"
    assert article.headlines.h1 is None
    assert article.suspect is None
    assert any("JSON-LD" in note for note in article.notes)


class TestHeadline:
    def test_a_first_heading_in_an_appeal_behind_the_text_is_none(self) -> None:
        article = read(
            f"<main><h3 class='post-title'>Nine die as cable car falls at Monte Lerna</h3>{paragraphs(LEAD, SECOND, *REST)}<div class='more'><h1>A word from our founder, Oda Brand:</h1>"
            "<p>Help us keep the news of the valley open, and join the readers who meet with us every spring.</p></div></main>"
        )
        assert article.headline == "Nine die as cable car falls at Monte Lerna"
        assert article.text.split("\n\n") == [LEAD, SECOND, *REST]

    def test_a_heading_that_links_to_itself_counts_and_later_stories_do_not(self) -> None:
        def story(number: int, title: str, *texts: str) -> str:
            return f"<section class='s'><article class='story'><h2><a href='/s/{number}'>{title}</a></h2><div class='x'>{paragraphs(*texts)}</div></article></section>"

        article = read(
            f"<div>{story(1, 'Nine die as cable car falls at Monte Lerna', LEAD, SECOND)}{story(2, 'Mill lane stays closed to traffic', *REST[2:])}</div>",
            head="<meta property='og:title' content='Nine die as cable car falls at Monte Lerna'>",
        )
        assert article.headline == "Nine die as cable car falls at Monte Lerna"
        assert article.text.split("\n\n") == [LEAD, SECOND]
        assert {item.reason for item in article.removed if item.text in REST} == {"other_story"}

    def test_a_headline_set_in_large_bold_type_of_1998(self) -> None:
        page = (
            "<html><head><title>Valley Courier - Region</title></head><body><table><tr><td><a href='/'>Home</a><br><a href='/w'>World</a></td><td>"
            "<font face='Arial' size='4'><b>Nine die as cable car falls at Monte Lerna</b></font><br><font size='1'>By Jana Holm, February 11, 2003</font>"
            f"<p>{LEAD}<p>{SECOND}<p>{REST[0]}<p>{REST[1]}</td></tr></table></body></html>"
        )
        article = parse(page.encode(), url="http://courier.example/a.html")
        assert article.headline == "Nine die as cable car falls at Monte Lerna"
        assert article.text.split("\n\n") == [LEAD, SECOND, *REST[:2]]

    @pytest.mark.parametrize("shown", ["{} | Valley Courier", "Valley Courier | {}", "{} -- Valley Courier"])
    def test_the_sites_name_is_no_part_of_it(self, shown: str) -> None:
        wanted = "Nine die as cable car falls at Monte Lerna"
        article = read(
            f"<article><h1>{shown.format(wanted)}</h1>{paragraphs(LEAD, *REST)}</article>",
            head="<meta property='og:site_name' content='Valley Courier'>",
        )
        assert article.headline == wanted


def test_no_change_of_weight_between_two_layouts_of_one_article() -> None:
    plain = read(f"<article>{H1}{paragraphs(LEAD, SECOND, *REST)}</article>")
    parts = read(
        f"<main>{H1}<div class='intro'><p class='lead'>{LEAD}</p></div><div class='meta'><span>Sunday</span></div><div class='body'>{paragraphs(SECOND, *REST)}</div></main>"
    )
    assert [change for change in changes_between(plain, parts) if change.weight is Weight.SUBSTANTIVE] == []


def test_a_masthead_set_as_the_first_heading_is_no_headline() -> None:
    article = read(
        f"<header><h1>Valley Courier</h1></header><main><div class='hl'>Nine die as cable car falls at Monte Lerna</div>{paragraphs(LEAD, *REST)}</main>",
        head="<meta property='og:title' content='Nine die as cable car falls at Monte Lerna'>",
    )
    assert article.headline == "Nine die as cable car falls at Monte Lerna"
