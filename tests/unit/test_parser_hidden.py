"""What stands in the markup and is not read by eyes as part of a line."""

import pytest

from crawler.parser import parse
from diffs.model import Article, BlockKind

TAIL = (
    "<p>The council opened the school hall to families who could not go home, the mayor said on Tuesday.</p>"
    "<p>Two roads into the valley stay closed until the slope has been checked, according to the county.</p>"
)


def read(paragraph: str) -> Article:
    page = f"<html lang='en'><body><article><h1>Slope slides on a village</h1><p>{paragraph}</p>{TAIL}</article></body></html>"
    return parse(page.encode(), url="https://courier.example/slope")


@pytest.mark.parametrize(
    ("markup", "text", "aside"),
    [
        (
            "Rescuers found 12<sup>2</sup> people dead, the county said.",
            "Rescuers found 12 people dead, the county said.",
            ("note_mark", "2"),
        ),
        (
            "Rescuers found 12<sup>[3]</sup> people dead, it said.",
            "Rescuers found 12 people dead, it said.",
            ("note_mark", "[3]"),
        ),
        (
            "The toll is <del>12</del><ins>15</ins> people, the county said.",
            "The toll is 15 people, the county said.",
            ("deleted", "12"),
        ),
        (
            "The toll is <s>12</s> 15 people, the county said on Monday.",
            "The toll is 15 people, the county said on Monday.",
            ("deleted", "12"),
        ),
        (
            "At <ruby>東京<rt>とうきょう</rt></ruby> a member said 12 people had died.",
            "At 東京 a member said 12 people had died.",
            ("ruby", "とうきょう"),
        ),
        (
            "A slide killed 12 people on Monday. [map id='vale' size=3] It said so.",
            "A slide killed 12 people on Monday. It said so.",
            ("shortcode", "[map id='vale' size=3]"),
        ),
        (
            "Lerna Lifts (<a href='/q'><span>LRN</span> <span>4.1%</span></a>) fell after 12 people died, brokers said.",
            "Lerna Lifts fell after 12 people died, brokers said.",
            ("live_quote", "LRN 4.1%"),
        ),
        (
            "Lerna Lifts <span>(<a href='/q'>LRN</a><span> 4.10%</span>)</span>, of the valley, fell after 12 people died.",
            "Lerna Lifts, of the valley, fell after 12 people died.",
            ("ticker", "(LRN 4.10%)"),
        ),
        (
            "Lerna Lifts (VALX:LRN) fell after 12 people died, brokers said.",
            "Lerna Lifts fell after 12 people died, brokers said.",
            ("ticker", "(VALX:LRN)"),
        ),
    ],
)
def test_it_is_no_part_of_the_line_and_is_kept_with_its_reason(
    markup: str, text: str, aside: tuple[str, str]
) -> None:
    article = read(markup)
    assert article.blocks[0].text == text
    assert aside in [(item.reason, item.text) for item in article.removed]


@pytest.mark.parametrize(
    "markup",
    [
        "The field of 12 km<sup>2</sup> was under mud, the county said.",
        "It took 10<sup>6</sup> litres of water from the lake, the county said.",
        "The 12<sup>th</sup> body was found on Monday, the county said.",
    ],
)
def test_powers_units_and_ordinals_stay(markup: str) -> None:
    assert read(markup).blocks[0].text == markup.replace("<sup>", "").replace("</sup>", "")


@pytest.mark.parametrize(
    "hidden",
    [
        "class='sr-only'",
        "class='u-visually-hidden'",
        "class='screen-reader-text'",
        "style='font-size: 0'",
        "style='visibility: hidden'",
        "hidden",
        "style='position:absolute;left:-9999px'",
    ],
)
def test_words_out_of_sight_do_not_run_into_a_number(hidden: str) -> None:
    assert (
        read(f"A slide killed 1<span {hidden}>0</span>2 people on Monday, it said.").blocks[0].text
        == "A slide killed 12 people on Monday, it said."
    )


def test_what_is_shown_on_wide_screens_is_in_sight() -> None:
    text = (
        read(
            "A slide killed <span class='sr-only sm:not-sr-only'>at least</span> 12 people on Monday, it said."
        )
        .blocks[0]
        .text
    )
    assert "at least 12" in text


def test_a_spoken_stop_keeps_a_headlines_halves_apart() -> None:
    page = f"<html lang='de'><body><article><h1><span>Rutsch im Tal</span><span class='visually-hidden'>: </span><span>Zwei Tote</span></h1>{TAIL}</article></body></html>"
    assert parse(page.encode(), url="https://courier.example/a").headline == "Rutsch im Tal: Zwei Tote"


@pytest.mark.parametrize(
    "label", ["<span class='x1'>image caption</span>", "<span>Media caption,</span>", ""]
)
def test_a_label_is_no_part_of_its_caption(label: str) -> None:
    page = f"<html lang='en'><body><article><h1>Slope slides on a village</h1><figure><img src='a.jpg'><figcaption>{label}The road where 12 people were found</figcaption></figure>{TAIL}</article></body></html>"
    article = parse(page.encode(), url="https://courier.example/a")
    assert [block.text for block in article.blocks if block.kind is BlockKind.CAPTION] == [
        "The road where 12 people were found"
    ]


def test_an_element_of_the_sites_own_inside_a_paragraph_cuts_no_line() -> None:
    article = read(
        "A slide killed <x-source><a href='/s'>12</a></x-source> people on Monday, the county said."
    )
    assert article.blocks[0].text == "A slide killed 12 people on Monday, the county said."
