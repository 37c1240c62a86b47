"""What stands among a text's paragraphs or around it, told by its build."""

import pytest

from crawler.parser import parse
from diffs.model import Article

PARAGRAPHS = [
    "The river council said on Monday that 12 people were rescued near the bridge.",
    "Two of them were children, a doctor at the valley hospital said on Tuesday.",
    "Engineers closed the road above the dam before dark and put out lamps.",
    "The mayor asked everybody to stay away from the banks until the water falls.",
    "Rain is forecast for the rest of the week, though less than on Sunday.",
]


def read(guest: str, *, before: int = 2, outside: str = "", above: str = "") -> Article:
    text = [f"<p>{line}</p>" for line in PARAGRAPHS]
    body = "".join(text[:before]) + guest + "".join(text[before:])
    markup = f"<html><body><h1>Flood in the valley town</h1>{above}<div>{body}</div>{outside}</body></html>"
    return parse(markup.encode(), url="http://valley.example/flood")


GUESTS = {
    "a player of the site's own element": "<read-aloud><button>Play</button><span>Hear this story</span> <b>4 min</b></read-aloud>",
    "folded answers": "<section><h2>Readers ask</h2>"
    + "".join(
        f"<details><summary>Question {n}?</summary><p>The office said {n} wells are open, and 30 more will be.</p></details>"
        for n in range(5)
    )
    + "</section>",
    "a column of cells beside the text": "<table align='right' width='160'><tr><td><b>WORK</b></td></tr><tr><td><a href='/w'>"
    "Ferry pilot</a>, Lintel, apply by 3 May</td></tr><tr><td>212 offers online</td></tr></table>",
}


@pytest.mark.parametrize("guest", GUESTS.values(), ids=GUESTS.keys())
def test_a_card_among_the_paragraphs_is_removed_with_its_reason(guest: str) -> None:
    article = read(guest)
    assert article.text == "\n\n".join(PARAGRAPHS)
    assert {item.reason for item in article.removed} <= {"card", "widget", "control"}


def test_a_table_of_two_columns_next_to_the_text_is_data() -> None:
    table = (
        "<table align='right'><tr><td>Rescued</td><td>12</td></tr><tr><td>Missing</td><td>3</td></tr></table>"
    )
    assert "Missing 3" in read(table).text


def test_a_sentence_right_under_the_headline_is_the_standfirst_whatever_its_box() -> None:
    summary = (
        "Twelve people were rescued near the bridge at the weekend, and engineers closed the road above it."
    )
    article = read("", above=f"<div class='k7'><p>{summary}</p></div>")
    assert article.standfirst == summary
    assert article.text.startswith(summary)


def test_a_comment_that_calls_itself_one_is_removed() -> None:
    comment = "<div class='sf_comment'><div><p>Marsh Hen an hour ago</p></div><p>The banks were never mended after the last one.</p></div>"
    article = read("", outside=comment * 3)
    assert "never mended" not in article.text
    assert {item.reason for item in article.removed} == {"comments"}


def test_a_text_that_is_the_greater_part_of_the_page_is_no_widget() -> None:
    text = (
        "Nobody was hurt when the old mill burned down, and the owner thanked her neighbours for their help."
    )
    markup = f"<html><body><h1>Mill burns down at Lintel</h1><div><p>{text}</p><button>Print</button></div></body></html>"
    assert parse(markup.encode(), url="http://valley.example/mill").text == text


STATED = "At least 14 people were killed in the valley, the ministry said on Monday."
TABLE = (
    "<table><caption>Victims by district</caption><tr><th>District</th><th>Dead</th></tr><tr><td><a href='/v'>Velm</a></td>"
    "<td>9</td></tr><tr><td><a href='/o'>Orsk</a></td><td>5</td></tr><tr><td>Total</td><td>14</td></tr></table>"
)
KEPT = {
    "rows whose names are links": (TABLE, "Orsk 5"),
    "the total of such a table": (TABLE, "Total 14"),
    "a table in a figure": (f"<figure>{TABLE}</figure>", "Velm 9"),
    "a box of facts beside the text": (
        "<table align='right'><tr><td>Floods in the valley</td></tr><tr><td>2015: 17 people killed</td></tr></table>",
        "2015: 17 people killed",
    ),
    "what unfolds and states a toll": (f"<details><summary>What we know</summary><p>{STATED}</p></details>", STATED),
    "an element of the site's own that states a toll": (f"<read-more><p>{STATED}</p><button>Show</button></read-more>", STATED),
    "an expert's comment": (f"<div class='expert-comment'><p>Ada Marsh, hydrologist</p><p>{STATED}</p></div>", STATED),
    "who is quoted": (
        "<blockquote><p>The dam was never mended.</p><footer>— Ministry statement</footer></blockquote>",
        "— Ministry statement",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("inside", "words"), KEPT.values(), ids=KEPT.keys())
def test_what_the_article_states_is_kept(inside: str, words: str) -> None:
    assert words in read(inside).text


def test_a_list_right_after_the_text_is_part_of_it() -> None:
    markup = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
    names = "<h2>The victims</h2><ul><li>Anna Karel, 34</li><li>Ole Brandt, 61</li></ul>"
    page = f"<html><body><h1>Flood in the valley town</h1><div>{markup}{names}</div></body></html>"
    text = parse(page.encode(), url="http://valley.example/flood").text
    assert text.endswith("The victims\n\nAnna Karel, 34\n\nOle Brandt, 61")


def test_a_notice_right_under_the_headline_is_no_standfirst() -> None:
    notice = (
        "This summary was written by a machine and may hold mistakes, so please check everything yourself."
    )
    assert read("", above=f"<div class='k7'><p>{notice}</p></div>").standfirst is None
