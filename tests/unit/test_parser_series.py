"""Series of like parts that are no article."""

import pytest

from crawler.parser import parse
from diffs.model import Article

TEXT = [
    "At least 4 people were killed when a barge struck the lock at Ostra on Friday, the water police said.",
    "The barge was carrying gravel and had asked for the lock by radio, the lock keeper told reporters.",
    "Divers searched the chamber until dark and found nobody else, according to the fire brigade.",
    "The river is closed for a stretch of nine kilometres and will stay so over the weekend, the county said.",
]


def read(body: str) -> Article:
    page = f"<html lang='en'><head><title>Four die at Ostra lock</title></head><body><main><article><h1>Four die at Ostra lock</h1>{body}</article></main></body></html>"
    return parse(page.encode(), url="https://courier.example/lock")


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def reasons(article: Article, words: str) -> set[str]:
    return {item.reason for item in article.removed if words in item.text}


def test_a_gallery_that_counts_its_pictures_is_no_text() -> None:
    items = "".join(
        f"<li><figure><img src='{n}.jpg'></figure><h3>{n}/5 Story {n}</h3><p>A blast killed {n * 7} people in the town of Velm on Monday, the ministry said. Nobody claimed it.</p></li>"
        for n in range(1, 6)
    )
    article = read(
        f"{paragraphs(*TEXT[:2])}<div class='x'><h2>The week in pictures</h2><ul>{items}</ul></div>{paragraphs(*TEXT[2:])}"
    )
    assert article.text.split("\n\n") == TEXT
    assert reasons(article, "A blast killed") == {"gallery"}


def test_a_page_that_is_a_counted_list_keeps_it() -> None:
    items = "".join(
        f"<div><h2>{n}/5 House {n}</h2><p>House {n} was built for 12 families and burnt down, the brigade said.</p></div>"
        for n in range(1, 6)
    )
    assert "House 3 was built" in read(items).text


@pytest.mark.parametrize("style", [" style='position:absolute;top:4px'", ""])
def test_chart_labels_are_no_text(style: str) -> None:
    labels = "".join(
        f"<div class='l'{style}><p>{text}</p></div>"
        for text in ("$915", "’17", "2019", "Tolls paid", "400", "200", "0")
    )
    article = read(f"{paragraphs(*TEXT[:2])}<div class='board'>{labels}</div>{paragraphs(*TEXT[2:])}")
    assert article.text.split("\n\n") == TEXT
    assert reasons(article, "$915") == {"chart"}


@pytest.mark.parametrize(
    "signature",
    [
        "Posted by: riverman{n} | January {n}, 2008 06:2{n} PM",
        "Ana{n} Hace {n} minutos",
        "boatswain{n} 2 hours ago",
    ],
)
def test_readers_comments_known_by_their_signatures_are_no_text(signature: str) -> None:
    comments = "".join(
        f"<div class='c'><p class='n'>{signature.format(n=n)}</p><p>The keeper should have said {n} times no, and they know it well enough.</p></div>"
        for n in range(1, 6)
    )
    article = read(f"<div class='t'>{paragraphs(*TEXT)}</div><div class='d'>{comments}</div>")
    assert article.text.split("\n\n") == TEXT


def test_the_words_of_a_system_for_comments_are_no_text() -> None:
    words = [
        "You must be logged in to flag a comment.",
        "Harbour Badge",
        "Harbour badge holders post comments that others found useful in the past.",
        "All comments are shown under the tab for comments, the latest ones first.",
        "Comments our editors like are shown under the best comments, with the replies to them.",
    ]
    article = read(
        f"<div class='t'>{paragraphs(*TEXT)}</div><div class='e'>{''.join(f'<div><p>{text}</p></div>' for text in words)}</div>"
    )
    assert article.text.split("\n\n") == TEXT


def test_an_agencys_footer_behind_its_credit_is_no_text() -> None:
    legal = [
        "Editions: Africa | Arabic | Brazil | Canada | China | France | Germany",
        "The Lerna Wire is the largest agency for river news and gives tides, prices and pictures to 300 papers.",
    ]
    page = (
        f"<html lang='en'><body><div class='m'><h1>Four die at Ostra lock</h1><div class='t'>{paragraphs(*TEXT)}<p>(Reporting by Jana Holm; Editing by Oda Brand)</p></div></div>"
        f"<div class='f'><div>{paragraphs(*legal)}</div></div></body></html>"
    )
    article = parse(page.encode(), url="https://courier.example/lock")
    assert article.text.split("\n\n") == TEXT


@pytest.mark.parametrize(
    "mark",
    [
        "Advertisement - story continues below",
        "Story Continued Below",
        "Advertisement. Scroll to continue reading.",
        "Wait 3 seconds to continue.",
        "Beat the noise, sign up to get our top stories delivered straight to your inbox",
    ],
)
def test_marks_of_advertisements_are_no_text(mark: str) -> None:
    assert read(f"{paragraphs(*TEXT[:2])}<p>{mark}</p>{paragraphs(*TEXT[2:])}").text.split("\n\n") == TEXT


@pytest.mark.parametrize(
    ("note", "owns_up"),
    [
        ("(Corrects 3rd paragraph to show that the barge carried gravel, not sand.)", True),
        ("This version corrects the name of the lock to Ostra, not Ostro.", True),
        ("4:10 p.m.: This article was updated to add the number of the dead.", True),
        ("Editor's note: An earlier version of this article gave the wrong day.", True),
        (
            "Editor's note: The river letter is a free version of our morning service and comes every day.",
            False,
        ),
        ("This article was originally published at 2:05 p.m.", False),
    ],
)
def test_what_owns_up_to_a_correction_and_what_does_not(note: str, *, owns_up: bool) -> None:
    article = read(f"{paragraphs(*TEXT)}<p>{note}</p>")
    assert (note in [block.text for block in article.blocks if block.kind.value == "correction"]) is owns_up


@pytest.mark.parametrize(
    ("declared", "text", "language"),
    [
        (
            None,
            "פיצוץ אירע הבוקר ליד הנמל הצפוני, ולפחות ארבעה בני אדם נהרגו, כך מסר דובר המשטרה של העיר.",
            "he",
        ),
        (None, "부두에서 폭발이 일어나 적어도 네 명이 숨졌다고 경찰 대변인이 화요일 아침에 밝혔다.", "ko"),
        (
            None,
            "Пожежа на пристані забрала життя щонайменше чотирьох людей, їхні імена ще невідомі, повідомили в поліції.",
            "uk",
        ),
        (
            "nl",
            "Al menos cuatro personas murieron el viernes cuando una barcaza chocó con la esclusa, según la policía, que no dio los nombres de las víctimas ni de la empresa que la había alquilado.",
            "es",
        ),
        (
            "de",
            "Mindestens vier Menschen starben, als ein Lastkahn am Freitag die Schleuse rammte, und die Polizei nannte keine Namen, weil sie noch mit den Familien sprechen wollte.",
            "de",
        ),
        (
            None,
            "Gjonpalaj Lekë Ujkaj Prenk Markaj Kolë Vukaj Gjok Ndrejaj Zef Xhoferaj Qemal Doda Pal Nika Ndue Toma Gjin Laska Frrok Vata Mhill.",
            None,
        ),
    ],
)
def test_the_language_is_the_texts_where_the_page_is_silent_or_wrong(
    declared: str | None, text: str, language: str | None
) -> None:
    lang = f" lang='{declared}'" if declared else ""
    page = f"<html{lang}><body><main><article><h1>Ostra 4</h1><p>{text}</p></article></main></body></html>"
    assert parse(page.encode(), url="https://courier.example/lock").language == language


def test_footnotes_are_no_text_and_their_marks_no_part_of_a_number() -> None:
    article = read(
        f"<p>The toll stands at 4<a href='#n1'>[1]</a> people, the water police said on Friday evening.</p>{paragraphs(*TEXT)}"
        "<ol><li id='n1'>Without the 2 who were pulled out alive and died later. <a href='#r1'>↩</a></li><li id='n2'>The log of the lock, page 4. <a href='#r2'>↩</a></li></ol>"
    )
    assert article.text.split("\n\n") == [
        "The toll stands at 4 people, the water police said on Friday evening.",
        *TEXT,
    ]
    assert reasons(article, "pulled out alive") == {"footnote"}


def test_a_counter_of_pictures_is_no_part_of_a_caption() -> None:
    article = read(
        f"<figure><img src='a.jpg'><figcaption>2 of 7 | Divers at the lock on Friday.</figcaption></figure>{paragraphs(*TEXT)}"
    )
    assert [block.text for block in article.blocks if block.kind.value == "caption"] == [
        "Divers at the lock on Friday."
    ]


def test_an_aside_that_states_a_toll_is_text_and_one_that_leads_away_is_not() -> None:
    toll = "4 people dead, 2 missing and 9 in hospital on Friday evening."
    fact = read(f"{paragraphs(*TEXT[:3])}<aside><p>{toll}</p></aside>{paragraphs(*TEXT[3:])}")
    more = read(
        f"{paragraphs(*TEXT[:3])}<aside><h3>More</h3><p><a href='/x'>12 people died in Velm last year</a></p></aside>{paragraphs(*TEXT[3:])}"
    )
    assert toll in fact.text
    assert more.text.split("\n\n") == TEXT


@pytest.mark.parametrize(
    "line",
    [
        "You are viewing the US edition. Would you like to switch to the UK edition?",
        "Topics: lock, river, Ostra",
        "By Jana Holm 5 hours ago",
    ],
)
def test_prompts_and_labels_are_no_text(line: str) -> None:
    assert read(f"<div><p>{line}</p></div>{paragraphs(*TEXT)}").text.split("\n\n") == TEXT


def test_a_toll_in_a_box_of_its_own_behind_the_text_is_text() -> None:
    article = read(
        f"<div class='b'>{paragraphs(*TEXT[1:])}</div><div class='e'><p class='f'>{TEXT[0]}</p></div><div class='r'><h3>Related</h3><a href='/x'>The lock that leaked</a></div>"
    )
    assert article.text.split("\n\n") == [*TEXT[1:], TEXT[0]]


@pytest.mark.parametrize("name", ["Latest", "Most read", "You may also like", "Mehr zum Thema"])
def test_cards_under_the_name_of_a_list_of_stories_are_no_text(name: str) -> None:
    cards = "".join(
        f"<li><div>Region</div><h2>Story {n} about the mill</h2><div><p>A fall killed {n} people at the mill, the ministry said.</p></div></li>"
        for n in range(2, 6)
    )
    article = read(
        f"{paragraphs(*TEXT)}<div class='w'><div class='t'><div>{name}</div></div><ul>{cards}</ul></div>"
    )
    assert article.text.split("\n\n") == TEXT
