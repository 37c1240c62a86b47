"""Captions that no figure holds, the credit behind them, and the summary under a headline."""

import time

import pytest

from crawler.parser import parse
from diffs.model import Article, BlockKind

TEXT = [
    "At least 7 people were hurt when a crane fell on to the quay at Orlo on Friday, the harbour master said.",
    "The crane had been lifting a hull when its foot gave way, according to two dockers.",
    "Work on the quay will not begin again before the inspectors have left, the yard said.",
    "A crane of the same make fell in the eastern yard in 2016; nobody was hurt at the time.",
    "The union called for every crane on the coast to be stopped until they had been looked at.",
]
TITLE = "Crane falls on to quay at Orlo"
CAPTION = "Dockers look at what is left of the crane on the quay at Orlo on Friday."


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def read(body: str, head: str = "") -> Article:
    page = f"<html lang='en'><head><title>{TITLE} - Coast Echo</title>{head}</head><body>{body}</body></html>"
    return parse(page.encode(), url="https://echo.example/2024/05/14/crane")


def texts(article: Article, kind: BlockKind) -> list[str]:
    return [block.text for block in article.blocks if block.kind is kind]


@pytest.mark.parametrize(
    "picture",
    [
        f"<p style='text-align: center'><img src='a.jpg'></p><p style='text-align: center'><span>{CAPTION}</span></p>",
        f"<p align='center'><img src='a.jpg'></p><p align='center'>{CAPTION}</p>",
        f"<p><a href='a.jpg'><img src='a.jpg'></a></p><p><em>{CAPTION}</em></p>",
    ],
)
@pytest.mark.parametrize("place", [0, 2])
def test_a_caption_typed_under_its_picture_is_no_paragraph(picture: str, place: int) -> None:
    body = paragraphs(*TEXT[:place]) + picture + paragraphs(*TEXT[place:])
    article = read(f"<article><h1>{TITLE}</h1><div>{body}</div></article>")
    assert article.text.split("\n\n") == TEXT
    assert texts(article, BlockKind.CAPTION) == [CAPTION]
    assert article.standfirst != CAPTION


def test_paragraphs_all_set_in_the_middle_are_text() -> None:
    body = "".join(f"<p align='center'><img src='a.jpg'></p><p align='center'>{text}</p>" for text in TEXT)
    assert read(f"<article><h1>{TITLE}</h1><div>{body}</div></article>").text.split("\n\n") == TEXT


def test_a_bold_lead_under_a_picture_is_text() -> None:
    body = f"<p><img src='a.jpg'></p><p><strong>{TEXT[0]}</strong></p>{paragraphs(*TEXT[1:])}"
    assert read(f"<article><h1>{TITLE}</h1><div>{body}</div></article>").text.split("\n\n") == TEXT


LEAD = "Seven people were hurt at dawn when the tallest crane of the yard fell on to the quay at Orlo."


@pytest.mark.parametrize("make", ["<p><em>{}</em></p>", "<p style='text-align:center'>{}</p>"])
def test_a_lead_set_as_captions_are_right_under_a_picture_is_text(make: str) -> None:
    spoken = "Two of the seven died of their wounds at noon, the hospital said."
    first = f"<p><img src='a.jpg'></p>{make.format(LEAD)}{paragraphs(*TEXT[1:])}"
    later = f"{paragraphs(TEXT[0])}<p><img src='a.jpg'></p>{make.format(spoken)}{paragraphs(*TEXT[1:])}"
    assert read(f"<article><h1>{TITLE}</h1><div>{first}</div></article>").text.startswith(LEAD)
    assert spoken in read(f"<article><h1>{TITLE}</h1><div>{later}</div></article>").text


def test_a_caption_that_the_lead_under_it_repeats_is_a_caption() -> None:
    caption = "Helpers carry a man who was hurt along the quay."
    body = f"<p><img src='a.jpg'></p><p><em>{caption}</em></p>{paragraphs(*TEXT)}"
    article = read(f"<article><h1>{TITLE}</h1><div>{body}</div></article>")
    assert article.text.split("\n\n") == TEXT
    assert texts(article, BlockKind.CAPTION) == [caption]


@pytest.mark.parametrize(
    ("printed", "left"),
    [
        (f"{CAPTION} (Jon Roy/Coast Wire)", CAPTION),
        (f"{CAPTION}(Jon Roy/Coast Wire)", CAPTION),
        (f"{CAPTION} Photograph: Jon Roy/Coast Wire", CAPTION),
        (f"{CAPTION} © Jon Roy", CAPTION),
        ("Dockers carry the injured (12/15 of them) up the stairs of the quay", None),
        ("The crane (left) and the hull it had lifted from the water", None),
        ("A photo of the crane taken from the water shows its foot", None),
        (f"{CAPTION} Foto: dpa", CAPTION),
        ("Dockers drew a bleak picture: two men were killed and a dozen hurt.", None),
        ("A widow on the quay lifts a photo: her brother and his mate lie under the hull", None),
        ("The yard has released this image: Four Welders", None),
        ("Die Werft nennt als Quelle: Zeugen am Ufer", None),
        ("A crane lies across the quay at Orlo (two dockers killed/many more hurt)", None),
    ],
)
def test_who_took_a_picture_is_no_part_of_its_caption(printed: str, left: str | None) -> None:
    figure = f"<figure><img src='a.jpg'><figcaption>{printed}</figcaption></figure>"
    article = read(f"<article><h1>{TITLE}</h1><div>{figure}{paragraphs(*TEXT)}</div></article>")
    assert texts(article, BlockKind.CAPTION) == [left or printed]
    cut = [item.text for item in article.removed if item.reason == "photo_credit"]
    assert cut == ([printed.removeprefix(left).strip()] if left else [])


DECK = "Union wants every crane on the coast stopped"


def test_a_line_that_only_says_what_the_page_describes_itself_by_is_the_standfirst() -> None:
    head = f"<meta name='description' content='{DECK}'>"
    body = f"<h1>{TITLE}</h1><div class='sum'>{DECK}</div><div class='lead'>{paragraphs(TEXT[0])}</div>"
    page = f"<article>{body}<div class='main'>{paragraphs(*TEXT[1:])}</div></article>"
    assert read(page, head).standfirst == DECK
    assert read(page).standfirst != DECK


def test_a_short_heading_under_the_headline_is_the_standfirst_and_over_the_text_it_is_not() -> None:
    apart = f"<header><h1>{TITLE}</h1><h2>{DECK}</h2></header><div>{paragraphs(*TEXT)}</div>"
    inside = f"<div><h1>{TITLE}</h1><h2>{DECK}</h2>{paragraphs(*TEXT)}</div>"
    assert read(f"<article>{apart}</article>").standfirst == DECK
    assert read(f"<article>{inside}</article>").standfirst is None


def test_entries_of_a_live_page_without_anything_to_check_are_text() -> None:
    def entry(place: int, text: str) -> str:
        return (
            f"<section class='entry'><time>0{place}:30</time><h3>Part {place}</h3><p>{text}</p>"
            f"<div class='to'><a href='#u{place}'>Link</a></div></section>"
        )

    plain = "Dockers have begun to clear the quay and hope to be done before the evening."
    entries = "".join(entry(place, text) for place, text in enumerate([*TEXT[1:], plain], 1))
    article = read(f"<main><article><h1>{TITLE}</h1><p>{TEXT[0]}</p><div>{entries}</div></article></main>")
    assert plain in article.text


def test_a_box_that_promotes_among_others_of_its_make_that_do_is_no_text() -> None:
    promo = (
        "<div class='box'><h3>{}</h3><p>A look at what else the paper has for its readers.</p>"
        "<div><a href='/x'>Have a look</a></div></div>"
    )
    boxes = "".join(map(promo.format, ("The market", "The garden", "The kitchen")))
    article = read(
        f"<article><h1>{TITLE}</h1><div>{paragraphs(*TEXT[:3])}{boxes}{paragraphs(*TEXT[3:])}</div></article>"
    )
    assert article.text.split("\n\n") == TEXT


def test_boxes_of_three_thousand_makes_side_by_side_cost_no_time() -> None:
    boxes = "".join(
        f"<div class='k{n}'><p>A plain sentence number {n} that says a little.</p><i>x</i></div>"
        for n in range(3000)
    )
    start = time.process_time()
    read(f"<h1>{TITLE}</h1><div>{boxes}</div>")
    assert time.process_time() - start < 5  # 9 s before every box was compared with every other one no longer


def test_a_caption_that_states_who_was_hurt_stays_before_an_agencys_name() -> None:
    printed = "Seven people were hurt when the crane fell on Friday (Bo Lund/dpa)"
    figure = f"<figure><img src='a.jpg'><figcaption>{printed}</figcaption></figure>"
    article = read(f"<article><h1>{TITLE}</h1><div>{figure}{paragraphs(*TEXT)}</div></article>")
    assert texts(article, BlockKind.CAPTION) == [printed.removesuffix(" (Bo Lund/dpa)")]


def test_a_plea_for_the_hurt_is_no_appeal_of_the_paper() -> None:
    plea = "Donate blood for the seven who lie wounded at Orlo, the mayor begged."
    article = read(f"<article><h1>{TITLE}</h1><div>{paragraphs(*TEXT, plea)}</div></article>")
    assert article.text.split("\n\n")[-1] == plea
