"""Lines that open or are set as furniture is and yet state something: they stay in the text."""

import pytest

from crawler.parser import parse
from diffs.model import Article, BlockKind

TITLE = "Quarry at Sellin slides into the lake after a week of rain"
TEXT = [
    "The quarry above Sellin slid into the lake on Tuesday evening after a week of rain, the county said.",
    "Crews from three towns moved families on the shore road to the sports hall before midnight.",
    "The pit has belonged to Orrin Stone since 1988, and it was last inspected in the autumn.",
    "Surveyors will measure the slope again on Thursday, when the water in the lake has gone down.",
    "The shore road stays closed, and the ferry to the island does not run until further notice.",
]
EAST = [
    "塞林上方的采石场在周二傍晚因连续一周的降雨滑入湖中，岸边道路被淹没。",
    "三个城镇的救援人员在午夜前将沿岸居民转移到体育馆过夜，渡轮停运。",
    "测量人员将在周四湖水退去之后再次测量边坡，县政府在通报中说。",
    "沿岸道路仍然封闭，前往岛上的渡轮在另行通知之前不会恢复运行。",
]


def read(body: str, *, title: str = TITLE, lang: str = "en") -> Article:
    page = f"<html lang='{lang}'><head><meta charset='utf-8'><title>{title}</title></head><body><main>{body}</main></body></html>"
    return parse(page.encode(), url="https://courier.example/quarry")


def paragraphs(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def kept(article: Article) -> list[str]:
    return [block.text for block in article.blocks]


@pytest.mark.parametrize(
    "line",
    [
        "The court found on Friday that the page is protected by copyright and that the town owes the writer a fee.",
        "Orrin Stone answered that the work is subject to copyright, and that nobody had asked for it.",
        "The work is protected by copyright and Orrin must pay the surveyors for it.",
        "No part may be reproduced of the pit, which was dug without plans.",
        "A lawyer of the town said no part may be reproduced of what the surveyors wrote.",
    ],
)
def test_a_last_sentence_on_rights_is_text(line: str) -> None:
    assert kept(read(f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT, line)}</article>"))[-1] == line


@pytest.mark.parametrize(
    "line",
    [
        "This article is protected by copyright and may not be used without permission.",
        "© Sellin Gazette. No part of this text may be reproduced without permission.",
    ],
)
def test_a_note_on_the_rights_in_the_text_itself_is_none(line: str) -> None:
    assert line not in kept(read(f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT, line)}</article>"))


@pytest.mark.parametrize(
    "line",
    [
        "声明称，公司从未在采石场使用炸药，流传的照片是伪造的。",
        "声明：本公司从未批准该项目，任何指控均不代表事实，将追究侵权责任。",
        "来源：警方称司机为前雇员",
        "作者：奥林于周四被捕",
        "图片来源于网络，警方认定为伪造。",
        "来源：采石场垮塌致五人遇难",
        "记者 奥林 遇害",
        "审核：工程没有通过安全检查",
        "图片来自网络，版权属奥林家人",
        "据法院文件，影片版权所有者已提出索赔，县政府否认了这一指控。",
    ],
)
def test_an_eastern_last_line_that_says_what_somebody_did_is_text(line: str) -> None:
    article = read(
        f"<article><h1>塞林采石场滑入湖中</h1>{paragraphs(*EAST, line)}</article>",
        title="塞林采石场滑入湖中",
        lang="zh",
    )
    assert kept(article)[-1] == line


@pytest.mark.parametrize(
    "line",
    ["来源：塞林日报", "责任编辑：王小明", "免责声明：本文观点不代表本站立场，仅供参考。", "记者 王小明"],
)
def test_an_eastern_last_line_that_names_makers_is_none(line: str) -> None:
    article = read(
        f"<article><h1>塞林采石场滑入湖中</h1>{paragraphs(*EAST, line)}</article>",
        title="塞林采石场滑入湖中",
        lang="zh",
    )
    assert line not in kept(article)


@pytest.mark.parametrize(
    "line",
    [
        "Titelbild des Heftes war eine gefälschte Aufnahme, räumte der Verlag ein.",
        "Photograph by Orrin shown to court proves cracks in the slope",
        "原题为《采石场》的报告被县政府撤回，作者已被捕。",
    ],
)
def test_a_line_on_a_picture_or_a_title_that_is_a_sentence_is_text(line: str) -> None:
    assert line in kept(
        read(f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT[:2], line, *TEXT[2:])}</article>", lang="de")
    )


@pytest.mark.parametrize("line", ["Titelbild: Ana Ruiz", "Photograph by Ana Ruiz for the Gazette"])
def test_a_line_that_only_names_who_made_a_picture_is_none(line: str) -> None:
    assert line not in kept(
        read(f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT[:2], line, *TEXT[2:])}</article>")
    )


def test_an_author_in_the_middle_of_a_story_is_part_of_it() -> None:
    line = "Orrin Vale, who wrote the report on the slope, was arrested on Wednesday."
    box = f"<div><h3>Author</h3><p>{line}</p></div>"
    assert line in kept(
        read(f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT[:3])}{box}{paragraphs(*TEXT[3:])}</article>")
    )


@pytest.mark.parametrize("site", ["World", "Gazette"])
def test_a_first_heading_that_names_the_section_or_the_site_is_not_the_headline(site: str) -> None:
    article = read(
        f"<article><h1>{site}</h1><h2>{TITLE}</h2>{paragraphs(*TEXT)}</article>",
        title=f"{TITLE} | World | Gazette",
    )
    assert article.headline == TITLE


@pytest.mark.parametrize(
    "headline", [f"<p class='headline'><b>{TITLE}</b></p>", f"<div class='article-title'>{TITLE}</div>"]
)
def test_a_section_over_a_headline_that_is_no_heading_is_not_the_headline(headline: str) -> None:
    article = read(
        f"<article><h1>World</h1>{headline}{paragraphs(*TEXT)}</article>", title=f"{TITLE} | World | Gazette"
    )
    assert article.headline == TITLE


def test_dated_days_of_a_chronicle_are_one_text() -> None:
    days = "".join(
        f"<section class='day'><h2 class='t'>{head}</h2><p>{day} March 2026</p>{paragraphs(*TEXT[day : day + 2])}</section>"
        for day, head in enumerate(
            ("Quarry slides into the lake", "Families sleep in the hall", "Ferry stops for a week"), 1
        )
    )
    article = read(f"<div>{days}</div>", title="Quarry slides into the lake")
    assert set(TEXT[1:]) <= set(kept(article))


def test_an_aside_with_most_sentences_of_the_page_is_text() -> None:
    told = [
        f"Witness number {number} told the county how the slope moved past the mill before anybody was warned of it."
        for number in ("one", "two", "three", "four", "five", "six", "seven", "eight")
    ]
    article = read(f"<h1>{TITLE}</h1>{paragraphs(*TEXT)}<aside>{paragraphs(*told)}</aside>")
    assert set(told) <= set(kept(article))


def test_items_under_one_heading_without_pictures_are_a_list() -> None:
    people = (
        "Ana Vale, who kept the ferry",
        "Jon Orrin, who drove the bus",
        "Ida Moll, who taught at the school",
    )
    items = "".join(
        f"<li><h3>Killed at the Sellin quarry</h3><p>{one} on the shore.</p></li>" for one in people
    )
    article = read(
        f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT[:3])}<ul>{items}</ul>{paragraphs(*TEXT[3:])}</article>"
    )
    assert all(f"{one} on the shore." in kept(article) for one in people)


@pytest.mark.parametrize("name", ["", "topic", "media-body"])
def test_a_paragraph_with_a_credit_under_it_is_no_caption_without_a_picture(name: str) -> None:
    line = "Orrin denied every charge when he left the hall, and refused to give up the pit."
    article = read(
        f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT[:3])}<div class='{name}'><p>{line}</p><p>Foto: dpa</p></div>{paragraphs(*TEXT[3:])}</article>"
    )
    assert next(block.kind for block in article.blocks if block.text == line) is BlockKind.PARAGRAPH


def test_the_line_of_the_last_update_is_no_text() -> None:
    stamp = "<div class='info'><p class='is-last-update'>5 maggio 2024 ( modifica il 6 maggio 2024 | 15:24)</p></div>"
    article = read(f"<article><h1>{TITLE}</h1><div class='text'>{paragraphs(*TEXT)}</div>{stamp}</article>")
    assert kept(article) == TEXT
