"""What ends a text and what only stands behind it, and which of two headings is the headline."""

import pytest

from crawler.parser import parse
from diffs.model import Article, BlockKind

TEXT = [
    "At least 14 people were hurt when a tram left the rails at Brodno market on Tuesday, the city said.",
    "The driver told police that the points had moved under the second bogie.",
    "Services on lines 3 and 8 will not run before the weekend, the operator said.",
    "Engineers lifted the second car back on to the track shortly before midnight.",
    "A points motor of the same type failed at the depot in March, according to a union.",
]
TITLE = "Tram leaves rails at Brodno market"


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def read(body: str, head: str = "") -> Article:
    page = (
        f"<html lang='en'><head><title>{TITLE} - Brodno Echo</title>{head}</head><body><nav><a href='/'>Home</a>"
        f"<a href='/city'>City</a></nav>{body}<footer><p>Brodno Echo, 2 Quay</p></footer></body></html>"
    )
    return parse(page.encode(), url="https://echo.example/2024/05/14/tram")


@pytest.mark.parametrize(
    "line",
    [
        "This article originally appeared in <a href='https://harbour.example'>The Harbour Post</a>.",
        "<em>Originally published on <a href='https://harbour.example/x'>Harbour Science</a>.</em>",
        "This story was first published by the Valley Wire.",
        "Dieser Artikel erschien zuerst im Talboten.",
    ],
)
@pytest.mark.parametrize("make", ["<p>{}</p>", "<p class='origin'>{}</p>"])
def test_where_a_text_was_first_printed_is_its_last_line(line: str, make: str) -> None:
    article = read(f"<article><h1>{TITLE}</h1><div>{paragraphs(*TEXT)}{make.format(line)}</div></article>")
    assert len(article.text.split("\n\n")) == len(TEXT) + 1


@pytest.mark.parametrize(
    "line",
    [
        "First published on our newsletter: sign up to have it in your inbox every morning.",
        "This story was produced by the Brodno Echo, a newsroom that covers transport.",
    ],
)
def test_an_appeal_or_credit_behind_a_text_is_not_its_last_line(line: str) -> None:
    article = read(f"<article><h1>{TITLE}</h1><div>{paragraphs(*TEXT, line)}</div></article>")
    assert article.text.split("\n\n") == TEXT


def test_who_edited_a_text_is_no_correction_and_an_edit_is() -> None:
    plain = read(
        f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT, 'This article was edited by Mara Ellin.')}</article>"
    )
    owned = read(
        f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT, 'This article was edited after publication to correct a name.')}</article>"
    )
    assert not [block for block in plain.blocks if block.kind is BlockKind.CORRECTION]
    assert [block for block in owned.blocks if block.kind is BlockKind.CORRECTION]


def test_every_row_of_a_table_behind_the_text_is_text() -> None:
    rows = (
        "<tr><td>The injured</td></tr><tr><td>Line 3</td><td>9</td></tr><tr><td>Line 8</td><td>5</td></tr>"
        "<tr><td>Two of them in a grave state</td></tr><tr><td>Total</td><td>14</td></tr><tr><td>Nobody under ten</td></tr>"
    )
    for part in (
        f"<div>{paragraphs(*TEXT)}</div><table>{rows}</table>",
        f"<div>{paragraphs(*TEXT)}<table>{rows}</table></div>",
        f"<div>{paragraphs(*TEXT)}</div><div class='wide'><table>{rows}</table></div>",
    ):
        article = read(f"<article><h1>{TITLE}</h1>{part}</article>")
        assert "Two of them in a grave state" in article.text
        assert "Line 3 9" in article.text
        assert "Nobody under ten" in article.text


def test_a_table_of_links_behind_the_text_is_no_text() -> None:
    rows = "".join(f"<tr><td><a href='/line/{n}'>Line {n}</a></td><td>{n} min</td></tr>" for n in range(3, 8))
    article = read(f"<article><h1>{TITLE}</h1><div>{paragraphs(*TEXT)}</div><table>{rows}</table></article>")
    assert article.text.split("\n\n") == TEXT


def listed(place: int) -> str:
    return (
        f"<a href='/s/{place}'>Council votes on budget item {place} again</a> BRODNO, May 1{place} (Wire): The council voted "
        f"on Monday on the {place}th item of a budget that the mayor had sent back twice."
    )


def test_stories_listed_in_cells_behind_a_text_are_no_text() -> None:
    table = "".join(f"<tr><td class='list'>{listed(place)}</td></tr>" for place in range(3, 7))
    article = read(
        f"<table><tr><td><h2>{TITLE}</h2></td></tr><tr><td class='story'>{paragraphs(*TEXT)}</td></tr>"
        f"<tr><td><table>{table}</table></td></tr></table>"
    )
    assert article.text.split("\n\n") == TEXT


def test_a_round_up_whose_paragraphs_open_with_links_keeps_them() -> None:
    article = read(f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT, *map(listed, range(3, 7)))}</article>")
    assert "budget item 6 again" in article.text


def test_the_title_of_a_part_that_unfolds_is_a_subheading_and_the_part_is_text() -> None:
    folded = (
        "<div class='fold'><h3><button type='button' aria-expanded='false'>What a points motor does</button></h3>"
        "<div><p>A points motor moves the two blades of a switch, so that a tram takes one of two tracks.</p></div></div>"
    )
    article = read(
        f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT[:3])}{folded}{paragraphs(*TEXT[3:])}</article>"
    )
    assert "moves the two blades" in article.text
    assert [block.text for block in article.blocks if block.kind is BlockKind.SUBHEADING] == [
        "What a points motor does"
    ]


def test_a_box_to_press_in_is_no_part_that_unfolds() -> None:
    poll = (
        "<div class='poll'><h3>How do you travel to the market</h3><p>Choose the answer that suits you best of all.</p>"
        "<button type='button'>By tram</button><button type='button'>On foot</button></div>"
    )
    article = read(f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT[:3])}{poll}{paragraphs(*TEXT[3:])}</article>")
    assert article.text.split("\n\n") == TEXT


def test_a_first_heading_that_the_contents_lead_to_is_a_part_and_an_appeals_is_not() -> None:
    def page(link: str) -> Article:
        return read(
            f"<article><ul><li><a href='{link}'>What the city knew</a></li><li><a href='#b'>The motor</a></li></ul>"
            f"<h1>{TITLE}</h1>{paragraphs(*TEXT)}<section><h1>What the city knew</h1>"
            "<p>The city had read a report on the points in April and put the repair off until autumn.</p>"
            "<p>No tram had been held back on the line since then, its timetable shows.</p></section></article>"
        )

    assert "put the repair off" in page("#a").text
    assert "put the repair off" not in page("/support").text


def test_a_title_printed_twice_in_a_bar_is_not_the_headline_over_the_text() -> None:
    head = f"<meta property='og:title' content='{TITLE}, 14 hurt'>"
    bar = f"<header class='bar'><div><h1>{TITLE}, 14 hurt</h1></div><div><h1>{TITLE}, 14 hurt</h1></div></header>"
    own = f"<main><article><header><h1>Broken points</h1></header><div>{paragraphs(*TEXT)}</div></article></main>"
    assert read(bar + own, head).headline == "Broken points"
    once = f"<header class='hero'><h1>{TITLE}, 14 hurt</h1></header>"
    assert read(once + own, head).headline == f"{TITLE}, 14 hurt"


def test_a_second_heading_that_the_page_is_shared_as_is_the_headline() -> None:
    head = "<meta property='og:title' content='Fourteen hurt as tram leaves the rails beside a full market hall'>"
    both = f"<h1>{TITLE}</h1><h2>Fourteen hurt as tram leaves the rails beside a full market hall</h2>"
    under = f"<h1>{TITLE}</h1><h2>The driver says that the points moved under the second car</h2>"
    assert (
        read(f"<article>{both}{paragraphs(*TEXT)}</article>", head).headline
        == "Fourteen hurt as tram leaves the rails beside a full market hall"
    )
    assert read(f"<article>{under}{paragraphs(*TEXT)}</article>", head).headline == TITLE
    same = f"<meta property='og:title' content='{TITLE}'>"
    assert read(f"<article>{both}{paragraphs(*TEXT)}</article>", same).headline == TITLE


@pytest.mark.parametrize(
    "line",
    [
        "We have no owner. <a href='/give'>Support independent reporting from Brodno</a> with a small gift each month.",
        "<i>The views expressed in this article are the author’s own and do not reflect those of the paper.</i>",
        "Have you been affected by the works? Write to us at <a href='mailto:a@echo.example'>a@echo.example</a>.",
    ],
)
def test_what_asks_readers_for_something_behind_a_text_is_no_text(line: str) -> None:
    article = read(f"<article><h1>{TITLE}</h1><div>{paragraphs(*TEXT, line)}</div></article>")
    assert article.text.split("\n\n") == TEXT


def test_a_sentence_about_support_for_the_press_is_text() -> None:
    line = "The city will <a href='/b'>support local reporting with a fund</a> of its own, the mayor said."
    article = read(f"<article><h1>{TITLE}</h1><div>{paragraphs(*TEXT[:3], line, *TEXT[3:])}</div></article>")
    assert "support local reporting" in article.text


SIDE = (
    "<div class='col-4'><div class='w-day'><time datetime='2024-06-11T00:00:00+02:00'>11.06.2024</time> <p>Tram drivers "
    "meet the council in the old depot and talk about the points.</p></div><div class='w-post'><p>The bishop opened the "
    "market hall on Sunday and spoke there for an hour about its first century.</p></div></div>"
)


def test_a_column_next_to_the_one_with_headline_and_text_is_no_text() -> None:
    main = f"<div class='col-8'><div class='top'><h1>{TITLE}</h1></div><div class='full'>{paragraphs(*TEXT[:3])}</div></div>"
    assert read(f"<div class='row'>{main}{SIDE}</div>").text.split("\n\n") == TEXT[:3]


def test_parts_of_another_make_under_a_headline_of_their_own_box_are_text() -> None:
    parts = f"<div class='lead'>{paragraphs(*TEXT[:2])}</div><div class='rest'>{paragraphs(*TEXT[2:])}</div>"
    assert read(f"<main><h1>{TITLE}</h1>{parts}</main>").text.split("\n\n") == TEXT


def test_the_day_of_an_event_is_not_the_day_of_publication() -> None:
    main = f"<article><h1>{TITLE}</h1><div>{paragraphs(*TEXT)}</div></article>"
    calendar = "<div class='widget events'><ul><li><time datetime='2024-06-11'>11.06.2024</time> Market day</li></ul></div>"
    label = "<div class='info'><b>Quelle</b><br>VERÖFFENTLICHT AM 14.05.2024</div>"

    def day(body: str) -> str | None:
        page = f"<html lang='en'><head><title>{TITLE}</title></head><body>{body}</body></html>"
        at = parse(page.encode(), url="https://echo.example/tram").published
        return at.date().isoformat() if at else None

    assert day(main + calendar) is None
    assert day(main + calendar + label) == "2024-05-14"
    assert day(main + label + label.replace("14.05", "15.05")) is None
    assert (
        day(main.replace("</h1>", "</h1><time datetime='2024-05-14'>May 14</time>") + calendar)
        == "2024-05-14"
    )


@pytest.mark.parametrize(
    ("title", "rest"),
    [
        ("Dorota Lind-Halvorsen of Brodno", ", 52, was killed on the platform."),
        ("Council answers the union's letter", "The mayor said that no driver had been warned."),
    ],
)
def test_boxes_behind_a_text_that_state_something_are_text(title: str, rest: str) -> None:
    boxes = "".join(f"<div class='card'><a href='/p/{n}'>{title}</a> {rest} Part {n}.</div>" for n in "abcd")
    article = read(f"<article><h1>{TITLE}</h1><div>{paragraphs(*TEXT)}{boxes}</div></article>")
    assert article.text.count(rest) == 4


def test_boxes_behind_a_text_that_only_invite_are_not() -> None:
    boxes = "".join(
        f"<div class='card'><a href='/p/{n}'>A walk through the gardens of {n}</a> Where the roses bloom early.</div>"
        for n in ("Brodno", "Velin", "Orsk")
    )
    article = read(f"<article><h1>{TITLE}</h1><div>{paragraphs(*TEXT)}{boxes}</div></article>")
    assert article.text.split("\n\n") == TEXT


@pytest.mark.parametrize(
    "line",
    [
        "Support for the <a href='/x'>tram company</a> among council members has fallen since the spring.",
        "Fund members refused <a href='/x'>the loan</a> that the operator had hoped for all winter.",
        "Consider <a href='/x'>Ilse Brandt</a>, one of the reporters kept out of the depot for weeks.",
        "Become a saint: that is what the <a href='/x'>preacher</a> wants of every supporter.",
        "Give us our trams back, the <a href='/x'>passengers</a> chanted at a member of the board.",
    ],
)
def test_a_sentence_with_a_link_that_begins_as_an_appeal_does_is_text(line: str) -> None:
    article = read(f"<article><h1>{TITLE}</h1><div>{paragraphs(*TEXT[:3], line, *TEXT[3:])}</div></article>")
    assert len(article.text.split("\n\n")) == len(TEXT) + 1


@pytest.mark.parametrize(
    "line",
    [
        "Please consider <a href='/give'>making a gift</a> that keeps our newsroom open.",
        "Become <a href='/give'>a sustaining member</a> of the Echo today.",
        "Fund <a href='/give'>independent journalism</a> on the coast.",
    ],
)
def test_an_appeal_for_money_for_the_paper_is_no_text(line: str) -> None:
    article = read(f"<article><h1>{TITLE}</h1><div>{paragraphs(*TEXT[:3], line, *TEXT[3:])}</div></article>")
    assert article.text.split("\n\n") == TEXT


def test_an_edit_by_somebody_that_put_something_right_is_a_correction() -> None:
    line = "This story was edited by the night desk on May 15 to correct how many were hurt, 14 and not 41."
    article = read(f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT, line)}</article>")
    assert [block.text for block in article.blocks if block.kind is BlockKind.CORRECTION] == [line]


@pytest.mark.parametrize(
    "line",
    [
        "Views expressed by the driver in a letter to his union put the blame on the points.",
        "Opinions expressed at the market about the operator differ, and few here trust it.",
        "Were you there when the second car tipped over? Tell us all you know, the inspector begged.",
    ],
)
def test_a_last_sentence_that_opens_as_a_notice_does_is_text(line: str) -> None:
    article = read(f"<article><h1>{TITLE}</h1><div>{paragraphs(*TEXT, line)}</div></article>")
    assert article.text.split("\n\n")[-1] == line


@pytest.mark.parametrize(
    "line",
    [
        "Opinions expressed by contributors are their own.",
        "The views expressed here do not reflect those of the Brodno Echo.",
        "Were you there? Write to desk@echo.example and we will call.",
    ],
)
def test_a_notice_behind_a_text_is_none_of_it(line: str) -> None:
    article = read(f"<article><h1>{TITLE}</h1><div>{paragraphs(*TEXT, line)}</div></article>")
    assert article.text.split("\n\n") == TEXT
