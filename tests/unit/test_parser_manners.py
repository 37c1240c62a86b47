"""Manners of setting an article and what stands around it that were met in pages written from memory of content systems."""

import pytest

from crawler.parser import parse
from crawler.parser.wording import states_toll
from diffs.model import Article, BlockKind

TITLE = "Eleven dead after ferry capsizes off Port Anselm"
TEXT = (
    "Eleven people died when a ferry carrying market traders capsized off the southern coast, officials said.",
    "The wooden vessel overturned two miles from the jetty shortly after five in the morning.",
    "“We heard a crack and then the water was inside,” said Dora Mensel, a fish trader.",
    "The transport ministry suspended the licence of the operator and ordered an inspection of its boats.",
)


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def read(body: str, lang: str = "en") -> Article:
    page = f'<html lang="{lang}"><head><title>{TITLE}</title></head><body>{body}</body></html>'
    return parse(page.encode(), url="https://lantern.example/n/ferry-11.html")


def texts(article: Article, kind: BlockKind) -> list[str]:
    return [block.text for block in article.blocks if block.kind is kind]


def body(article: Article) -> list[str]:
    return [b.text for b in article.blocks if b.kind not in (BlockKind.CAPTION, BlockKind.CORRECTION)]


def test_a_list_of_terms_that_names_the_dead_is_the_last_part_of_the_text() -> None:
    named = (
        "<dl><dt>Killed</dt><dd>Ana Ruiz, 34, teacher</dd><dt>Injured</dt><dd>Carl Dorn, 51, driver</dd></dl>"
    )
    article = read(f"<main><h1>{TITLE}</h1><div>{paragraphs(*TEXT)}</div>{named}</main>")
    assert body(article) == [*TEXT, "Killed", "Ana Ruiz, 34, teacher", "Injured", "Carl Dorn, 51, driver"]


@pytest.mark.parametrize(
    "terms",
    [
        "<dl><dt>Files:</dt><dd><a href='a.pdf'>manifest.pdf</a> (88 KB)</dd></dl>",
        "<dl><dt>Filed by</dt><dd>The Coast Desk</dd><dt>Section</dt><dd>Regional</dd></dl>",
    ],
)
def test_a_list_of_terms_that_names_nobody_hurt_is_no_text(terms: str) -> None:
    article = read(f"<main><h1>{TITLE}</h1><div>{paragraphs(*TEXT)}</div>{terms}</main>")
    assert body(article) == list(TEXT)


def test_names_with_ages_in_bold_are_the_end_of_the_text_and_a_signature_is_not() -> None:
    dead = ("Ana Ruiz, 34", "Ben Osei, 12", "Dorothea Klimt, 67")
    bold = paragraphs(*(f"<strong>{name}</strong>" for name in dead))
    article = read(f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT, 'The dead are:')}{bold}</article>")
    assert body(article) == [*TEXT, "The dead are:", *dead]
    signed = read(f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT, 'Mara Ellin, Port Anselm')}</article>")
    assert body(signed) == list(TEXT)


def entries(name: str) -> str:
    told = [
        (
            "16:02",
            "Hospital raises toll",
            "The district hospital says 14 bodies have been brought in since dawn.",
        ),
        (
            "15:20",
            "Mayor speaks",
            "Mayor Tilda Renn tells reporters that the wall of the dam held for six hours.",
        ),
        (
            "14:41",
            "Road closed",
            "The main road between Orl and Pless is closed in both directions, police say.",
        ),
        ("13:05", "First reports", "Residents say water has reached the first floor of the school in Pless."),
    ]
    return "".join(
        f"<div class='{name}'><time>{at}</time><h2>{title}</h2><p>{text}</p></div>"
        for at, title, text in told
    )


def test_entries_that_hold_the_pages_text_are_text_although_their_class_says_promo() -> None:
    article = read(f"<main><h1>{TITLE}</h1><div>{entries('promo')}</div></main>")
    assert len(texts(article, BlockKind.LIVE_UPDATE)) == 4


def test_a_few_promos_in_a_text_stay_out() -> None:
    promo = (
        "<div class='promo'><p>The minister, who held the post for six years, denies taking money.</p></div>"
    )
    long = tuple(
        f"{text} The search went on until nightfall with boats and divers from two towns." for text in TEXT
    )
    article = read(f"<main><h1>{TITLE}</h1><div>{paragraphs(*long)}{promo * 3}</div></main>")
    assert body(article) == list(long)


def test_a_correction_outside_the_text_is_a_correction() -> None:
    note = "Correction: an earlier version of this story said 19 people had died. The number is 11."
    article = read(
        f"<article><h1>{TITLE}</h1><div><p><em>{note}</em></p></div><div>{paragraphs(*TEXT)}</div></article>"
    )
    assert texts(article, BlockKind.CORRECTION) == [note]
    assert body(article) == list(TEXT)


def test_an_entry_with_a_button_that_states_a_toll_is_text() -> None:
    last = "Good morning and welcome to our coverage. Eleven people are known to have died."
    told = [
        "The coast guard says two more bodies were found.",
        "The president will travel to the port on Saturday.",
        last,
    ]
    made = "".join(
        f"<article id=e{at}><header><a href='#e{at}'><time>{at}.00am</time></a><h2>Part {at} of the day</h2></header>"
        f"<p>{text}</p><div><button>Share</button></div></article>"
        for at, text in enumerate(told, start=6)
    )
    article = read(f"<main><h1>{TITLE}</h1><div>{made}</div></main>")
    assert texts(article, BlockKind.LIVE_UPDATE) == told
    assert texts(article, BlockKind.SUBHEADING) == [f"Part {at} of the day" for at in (6, 7, 8)]


@pytest.mark.parametrize("reply", ["Reply", "Antworten", "返信", "Répondre"])
def test_words_that_can_be_replied_to_behind_a_text_are_comments(reply: str) -> None:
    said = (
        "Eleven people had to die before anybody looked at these boats.",
        "Ask who gave the licence back.",
        "Shame on all of them, every one!",
    )
    thread = "".join(
        f"<div class=z><span>hull</span><div class=v>{x}</div><a>{reply}</a></div>" for x in said
    )
    article = read(f"<div><h1>{TITLE}</h1><div>{paragraphs(*TEXT)}</div><div class=x9>{thread}</div></div>")
    assert body(article) == list(TEXT)
    assert {item.reason for item in article.removed if item.text in said} == {"comments"}


@pytest.mark.parametrize(
    "last",
    [
        "（完）",
        "-30-",
        "DS",
        "（总台记者 李明 王芳）",
        "kjs@hansol.example",
        "<저작권자 ⓒ 한솔일보, 무단 전재-재배포 금지>".replace("<", "&lt;"),
        "Our Standards: The Trust Principles.",
        "جميع الحقوق محفوظة لبوابة الخبر",
    ],
)
def test_marks_of_the_end_addresses_and_rights_behind_a_text_are_not_its_last_line(last: str) -> None:
    article = read(f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT, last)}</article>")
    assert body(article) == list(TEXT)


def test_a_quotation_that_ends_is_no_mark_of_the_end() -> None:
    last = "“This is where it ends.”"
    article = read(f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT, last)}</article>")
    assert body(article) == [*TEXT, last]


def test_a_picture_and_its_caption_in_a_table_of_their_own_are_no_paragraph() -> None:
    caption = "Relatives wait at the jetty in Port Anselm."
    table = f"<TABLE ALIGN=RIGHT><TR><TD><IMG SRC=f.jpg><BR><FONT SIZE=1>{caption}</FONT></TD></TR></TABLE>"
    article = read(
        f"<TABLE><TR><TD><A HREF=/news/>News</A></TD><TD><FONT SIZE=5><B>{TITLE}</B></FONT><P>{table}{'<P>'.join(TEXT)}</TD></TR></TABLE>"
    )
    assert texts(article, BlockKind.CAPTION) == [caption]
    assert body(article) == list(TEXT)


def test_a_picture_that_is_a_term_and_its_caption_the_meaning_are_no_paragraph() -> None:
    caption = "Relatives wait at the jetty in Port Anselm."
    picture = f"<dl class=doc><dt><img src=f.jpg></dt><dd><strong>{caption}</strong></dd></dl>"
    article = read(
        f"<div><h1>{TITLE}</h1><div>{paragraphs(*TEXT[:2])}{picture}{paragraphs(*TEXT[2:])}</div></div>"
    )
    assert texts(article, BlockKind.CAPTION) == [caption]
    assert body(article) == list(TEXT)


@pytest.mark.parametrize(("named", "out"), [("Don't miss", True), ("What the inquiry found", False)])
def test_titles_with_a_sentence_in_one_item_are_other_stories_where_their_list_says_so(
    named: str,
    out: bool,  # noqa: FBT001
) -> None:
    items = "".join(
        f"<li><a href=/{at}>{title}</a><br>{text}</li>"
        for at, (title, text) in enumerate(
            [
                (
                    "Minister resigns over flood fund",
                    "He said he would help the prosecutors and denied taking money.",
                ),
                (
                    "Guard dies in warehouse fire",
                    "Police said the door was locked and the alarm switched off.",
                ),
            ]
        )
    )
    box = f"<div class=x7><span>{named}</span><ul>{items}</ul></div>"
    article = read(f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT[:3])}{box}{paragraphs(*TEXT[3:])}</article>")
    assert (body(article) == list(TEXT)) is out


def test_a_wall_without_a_stop_at_its_end_is_seen() -> None:
    wall = "<div class=gate><p>This article is for subscribers only. Already have an account? Log in</p><p>Unlimited access from 2 crowns a month.</p></div>"
    assert "wall" in (read(f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT)}{wall}</article>").suspect or "")


def test_the_life_of_an_author_set_as_the_text_is_behind_it_no_text() -> None:
    life = "Owen Pratt covers ports and ships. He has won two awards for his reports on casual labour."
    bio = f"<section class='b-author-bio'><h2>Owen Pratt</h2><p class=c>{life}</p></section>"
    set_so = "".join(f"<p class=c>{text}</p>" for text in TEXT)
    article = read(f"<main><h1>{TITLE}</h1><div><article>{set_so}</article>{bio}</div></main>")
    assert body(article) == list(TEXT)


def test_a_date_behind_the_headline_in_its_own_line_is_read() -> None:
    head = f"<span class=storyhead>{TITLE}</span><br><span>Posted: September 2, 2022 5:12 pm</span><br><br>"
    article = read(
        f"<table><tr><td><a href=/>Home</a></td></tr><tr><td>{head}{'<br><br>'.join(TEXT)}</td></tr></table>"
    )
    assert article.headline == TITLE
    assert body(article) == list(TEXT)
    assert article.published is not None
    assert article.published.date().isoformat() == "2022-09-02"


def test_the_first_paragraph_in_the_headlines_cell_is_not_taken_for_it() -> None:
    lead = f"PORT ANSELM — {TEXT[0]}"
    head = f"<span class=storyhead>{TITLE}</span><br><span>Posted: September 2, 2022 5:12 pm</span><br><br>"
    rows = f"<table><tr><td>{head}{'<br><br>'.join([lead, *TEXT[1:]])}</td></tr></table>"
    assert body(read(rows)) == [lead, *TEXT[1:]]


def test_a_page_that_says_it_is_not_for_members_alone_is_no_wall() -> None:
    page = (
        "<html lang=ja><body><h1>土砂崩れで住宅倒壊、4人死亡</h1><div><p>６日未明、青葉町で大雨による土砂崩れが発生し、住民４人が死亡した。</p>"
        "<p>町によると、さらに２人の行方が分かっておらず、消防が捜索を続けている。</p></div><p>この記事は有料会員限定{}。</p></body></html>"
    )
    assert parse(page.format("ではありません").encode(), url="https://a.example/1").suspect is None
    assert parse(page.format("です").encode(), url="https://a.example/1").suspect is not None


def test_a_german_article_is_no_toll() -> None:
    assert not states_toll("Kann die Impfung die Reise erleichtern?")
    assert states_toll("Fears that more will die in the cold")
    assert states_toll("Three more die after the storm")


@pytest.mark.parametrize(
    "credit", ["Photograph by Mara Ellin, Harbour Trust", "Illustration by Jon Roy", "Photos by Ana Ruiz"]
)
def test_who_took_a_picture_is_no_paragraph(credit: str) -> None:
    article = read(
        f"<h1>{TITLE}</h1>"
        + "".join(f"<p>{text}</p>" for text in [*TEXT[:2]])
        + f"<div>{credit}</div>".join(f"<p>{text}</p>" for text in TEXT[2:])
    )
    assert credit not in [block.text for block in article.blocks]


@pytest.mark.parametrize(
    "line",
    [
        "Photographs by Harbour Watch show two boats tied up side by side on Monday.",
        "Photos by the coastguard showed the hull from below.",
    ],
)
def test_what_pictures_show_is_a_paragraph(line: str) -> None:
    article = read(f"<h1>{TITLE}</h1>" + "".join(f"<p>{text}</p>" for text in [*TEXT[:2], line, *TEXT[2:]]))
    assert line in [block.text for block in article.blocks]


def test_a_name_with_a_capital_behind_a_full_stop_is_not_torn() -> None:
    line = "The harbour office found a program that calls itself Harbour/Filelocker.C ransomware on eleven of its machines, it said."
    article = read(f"<h1>{TITLE}</h1>" + "".join(f"<p>{text}</p>" for text in [*TEXT[:2], line, *TEXT[2:]]))
    assert line in [block.text for block in article.blocks]
    glued = "The port was shut at noon by the harbour master, he said.The vessel lay on its side until the tide came back in."
    article = read(f"<h1>{TITLE}</h1>" + "".join(f"<p>{text}</p>" for text in [*TEXT[:2], glued, *TEXT[2:]]))
    assert glued not in [block.text for block in article.blocks]


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ('"{ \\"@type\\": \\"Person\\", \\"name\\": \\"Ana Wu\\" }"', "Ana Wu"),
        ('{"@type": "Person", "name": "Lin O&#039;Dea"}', "Lin O'Dea"),
        ('"{Ana} Wu"', "{Ana} Wu"),
    ],
)
def test_a_writer_written_as_an_object_in_a_string_is_named(author: str, name: str) -> None:
    data = f'<script type="application/ld+json">{{"@type": "NewsArticle", "author": {author}}}</script>'
    article = read(f"{data}<h1>{TITLE}</h1>" + "".join(f"<p>{text}</p>" for text in TEXT))
    assert article.byline == name


@pytest.mark.parametrize("label", ["Date", "Datum", "Fecha:"])
def test_a_line_that_only_says_date_counts_between_headline_and_text(label: str) -> None:
    text = paragraphs(*TEXT)
    article = read(
        f"<h1>{TITLE}</h1><ul><li>Keywords harbour, boats</li><li>{label} 10.06.2013</li></ul>{text}"
    )
    assert article.published is not None
    assert article.published.strftime("%Y-%m-%d") == "2013-06-10"
    article = read(f"<h1>{TITLE}</h1>{text}<div><h4>Public meeting</h4><p>{label} 10.06.2013</p></div>")
    assert article.published is None
