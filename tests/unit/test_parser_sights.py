"""Kinds of fault first met on real pages that nobody had looked at, rebuilt with made-up outlets and texts."""

import pytest

from crawler.parser import parse
from diffs.model import Article, BlockKind

TITLE = "Harbour Bridge closes for six weeks of repairs"
TEXT = [
    "The Harbour Bridge at Port Lerna will close on Monday for six weeks, the roads department said.",
    "Engineers found cracks in two of the bearings during an inspection in the spring.",
    "Buses on routes 4 and 11 will cross by the northern tunnel until the bridge opens again.",
    "“We would rather close it now than in the winter,” said Dora Mensel, who leads the department.",
    "A second inspection is planned for the autumn, once the new bearings have settled.",
]
NAV = "<ul><li><a href='/'>Home</a></li><li><a href='/city'>City</a></li><li><a href='/sport'>Sport</a></li></ul>"


def paragraphs(*texts: str, name: str = "") -> str:
    opening = f"<p class='{name}'>" if name else "<p>"
    return "".join(f"{opening}{text}</p>" for text in texts)


def read(body: str, head: str = "", title: str = TITLE) -> Article:
    page = (
        f"<html lang='en'><head><title>{title} - Lerna Courier</title>{head}</head>"
        f"<body>{NAV}{body}<div class='foot'><p>Lerna Courier, 3 Customs Quay</p></div></body></html>"
    )
    return parse(page.encode(), url="https://courier.example/bridge")


def texts(article: Article) -> list[str]:
    return [block.text for block in article.blocks if block.kind is not BlockKind.CAPTION]


NOTICE = "".join(
    f"<p>{text}</p>"
    for text in (
        "Read the rules that you agree to by using this website in our terms of service, which we changed in May.",
        "We take part in a programme of a large shop and are paid for what readers buy through some of our links.",
        "The Courier counts its visitors and is supported by advertising, goods of its own and gifts from readers.",
    )
)


def test_what_a_page_says_it_is_about_is_its_text_though_links_follow_it() -> None:
    lead = "A cartoonist of this town drew the crossing as an old man with two bad knees, and the mayor, who crosses it twice every morning, was not amused."
    post = (
        f"<div>{paragraphs(lead)}<p><a href='https://drawn.example'>The bridge that we love to walk on</a></p>"
        "<p>(via <a href='https://drawn.example'>Drawn Daily</a>)</p><h3><a href='/s'>Share</a> / <a href='/c'>82 comments</a></h3>"
        "<h3><a href='/a'>Bridges</a> / <a href='/b'>Cartoons</a> / <a href='/d'>City halls</a></h3></div>"
    )
    about = f"<meta property='og:description' content='{lead}'>"
    assert texts(read(f"<h1>{TITLE}</h1>{post}<div class='end'>{NOTICE}</div>", about)) == [lead]


def test_a_card_that_says_what_the_text_says_too_stays_a_card() -> None:
    card = f"<div><h3><a href='/other'>Ten bridges to see before winter</a></h3><p>{TEXT[0]}</p></div>"
    about = f'<meta property="og:description" content="{TEXT[0]}">'
    assert texts(read(f"<h1>{TITLE}</h1>{card}<div>{paragraphs(*TEXT)}</div>", about)) == TEXT


def test_a_story_of_one_sentence_among_links_is_read_before_the_words_on_rights() -> None:
    links = "".join(f"<li><a href='/n{n}'>Another story of this day, number {n}</a></li>" for n in range(12))
    story = f"<div class='outer'><div class='one'><div class='two'><p>{TEXT[0]} It is <a href='/b'>the third</a> closure.</p></div></div><div><h3>More</h3><ul>{links}</ul></div></div>"
    rights = "<p>Whatever stands on this website was written by its authors, whose opinions are theirs, and nobody may rely on them when buying bonds.</p><p>Reports: 010-850 Customer care: 010-851 Fax: 010-852 The Lerna Courier Company, all rights reserved, copying is forbidden without permission, which the office on the quay gives on Mondays.</p>"
    article = read(f"<div><h1>{TITLE}</h1></div>{story}<div>{rights}</div>")
    assert texts(article)[0].startswith(TEXT[0])


def test_the_header_that_prints_the_headline_of_the_path_again_keeps_its_summary() -> None:
    title = "Bearings off the press"
    path = f"<nav><ul><li><a href='/'>News</a></li><li><a href='/6'>June</a></li><li><h1>{title}</h1></li></ul></nav>"
    lead = "A firm from Lower Lerna will replace the bearings of the old bridge."
    header = (
        f"<header><h2>{title}</h2><p class='lead'>{lead}</p><div><div>Reading time: 1 min</div><div><a href='/save'>Save for later</a></div>"
        "<div><a href='/print'>Print this page</a></div><div><a href='/talk'>128 remarks</a></div></div></header>"
    )
    article = read(f"{path}<article>{header}<div>{paragraphs(*TEXT)}</div></article>", title=title)
    assert article.headline == title
    assert texts(article) == [lead, *TEXT]


def section(title: str, *lines: str, end: str = "") -> str:
    return f"<section class='part'><h2>{title}</h2><div class='in'>{paragraphs(*lines)}</div>{end}</section>"


def test_a_headed_section_of_a_text_in_sections_stays_text_though_links_end_it() -> None:
    shop = "<p><a href='/shop'>See the bearings at a shop that we know</a></p><p><a href='/map'>See on our map how to drive around it</a></p>"
    more = [
        f"Part {part} of the bridge was built in 19{part}4 and has been painted twice." for part in (3, 5, 7)
    ]
    body = (
        section("The buses", TEXT[2])
        + section("The cracks", TEXT[0], TEXT[1])
        + section("The parts", *more)
        + section("The money", TEXT[3], TEXT[4], end=shop)
    )
    said = texts(read(f"<article><h1>{TITLE}</h1>{body}</article>"))
    assert said[-3:] == ["The money", TEXT[3], TEXT[4]]


def test_an_id_that_spells_a_heading_is_no_overlay() -> None:
    named = f"<section id='the-toast-test'><h2>The toast test</h2><div>{paragraphs(TEXT[3])}</div></section>"
    article = read(f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT[:3])}{named}{paragraphs(TEXT[4])}</article>")
    assert TEXT[3] in texts(article)
    bare = "<div id='toast'><p>Your settings were kept, and the page will be shown again without pictures.</p></div>"
    article = read(f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT * 2)}{bare}{paragraphs(TEXT[4])}</article>")
    assert not any(text.startswith("Your settings") for text in texts(article))


def test_slides_under_one_title_are_a_gallery() -> None:
    slide = "<li><img src='{0}.jpg'><h4>The bridge through the years</h4><h2>Year {0}</h2><p>In the year {0} the bridge was painted once more, this time in a green that nobody liked.</p></li>"
    slides = (
        "<ul class='slides'>" + "".join(slide.format(year) for year in (1931, 1948, 1972, 1990)) + "</ul>"
    )
    article = read(
        f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT[:3])}<div>{slides}</div>{paragraphs(*TEXT[3:])}</article>"
    )
    assert texts(article) == TEXT
    step = "<li><h4>Step {0} of the repairs</h4><p>In week {0} the roads department lifts one end of the bridge by four centimetres.</p></li>"
    steps = "<ul>" + "".join(step.format(week) for week in (1, 2, 3, 4)) + "</ul>"
    article = read(
        f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT[:3])}{steps}{paragraphs(*TEXT[3:])}</article>"
    )
    assert sum(1 for text in texts(article) if text.startswith("In week")) == 4


def story(title: str, day: str, *lines: str) -> str:
    dated = f"<p class='by'>by <a href='/r'>Jon Roy</a></p>{day}<div class='text'>{paragraphs(*lines)}</div>"
    return f"<article class='item'><header><h2 class='t'>{title}</h2><p>All that is known of it.</p></header><div>{dated}</div></article>"


OTHER = [
    "The council of Upper Lerna sold its last ferry on Friday to a museum in the capital for 12,000 crowns.",
    "The ferry had not moved since the tunnel opened, and pigeons lived in its funnel.",
    "The museum will show it from May, next to two older boats of the same line.",
]


def test_dated_stories_set_as_the_one_of_the_headline_are_other_stories() -> None:
    page = story(TITLE, "14 May 2019", *TEXT) + story("Council sells its last ferry", "2 May 2019", *OTHER)
    article = read(f"<div class='list'>{page}</div>", f"<meta property='og:title' content='{TITLE}'>")
    assert article.headline == TITLE
    assert not any(text in OTHER for text in texts(article))
    assert [text for text in texts(article) if text in TEXT] == TEXT


def test_parts_of_one_text_without_dates_of_their_own_are_text() -> None:
    page = story(TITLE, "14 May 2019", *TEXT) + story("The council's last ferry", "", *OTHER)
    article = read(f"<div class='list'>{page}</div>", f"<meta property='og:title' content='{TITLE}'>")
    assert [text for text in texts(article) if text in OTHER] == OTHER


@pytest.mark.parametrize("label", ["AUTHOR", "About the author", "Autor", "Sobre el autor:"])
def test_a_life_under_the_label_of_its_writer_is_no_text(label: str) -> None:
    life = f"<div class='box'><div>{label}</div><h3>Dr Jon Roy</h3><p>is a partner of a law firm in Port Lerna and has written on bridges for nine years.</p></div>"
    article = read(
        f"<article><h1>{TITLE}</h1>{paragraphs(TEXT[0])}<blockquote>{paragraphs(*TEXT[1:3])}{life}</blockquote></article>"
    )
    assert texts(article) == TEXT[:3]


def test_a_box_on_somebody_else_is_text() -> None:
    box = "<div class='box'><div>Owner</div><p>The bridge belongs to the county, which bought it for one crown in 1951.</p></div>"
    article = read(f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT[:3])}{box}{paragraphs(*TEXT[3:])}</article>")
    assert any("one crown in 1951" in text for text in texts(article))


@pytest.mark.parametrize(
    "line",
    [
        f"Citation: {TITLE} (2019, May 14) retrieved 2 June 2019 from https://courier.example/bridge",
        "This document is subject to copyright. Apart from fair dealing for study, no part may be reproduced without permission.",
    ],
)
def test_how_to_cite_a_text_and_whose_it_is_are_no_text(line: str) -> None:
    assert (
        texts(read(f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT)}<div><div>{line}</div></div></article>"))
        == TEXT
    )


@pytest.mark.parametrize(
    "line",
    [
        f"“{TITLE}” was the sign that drivers read at both ends of the town on Sunday evening.",
        "The bridge's drawings are not subject to copyright, a judge in the capital found last year.",
    ],
)
def test_what_is_said_of_a_title_or_a_right_is_text(line: str) -> None:
    assert texts(read(f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT, line)}</article>")) == [*TEXT, line]


def test_a_list_of_people_with_their_addresses_keeps_its_last_ones() -> None:
    people = [
        f"{name} paints bridges and has done so since she left school. Follow her on the net: Twitter: @{name.lower()}"
        for name in ("Ines", "Mara", "Dora", "Ruth")
    ]
    lines = [*TEXT, *people, "5. YOU!"]
    assert [
        text
        for text in texts(read(f"<article><h1>{TITLE}</h1>{paragraphs(*lines)}</article>"))
        if text in people
    ] == people


@pytest.mark.parametrize(
    "last",
    [
        "<p class='p-end'>{}</p>",
        "<div class='article__final'><p>{}</p></div>",
        "<div class='is-last'><p>{}</p></div>",
        "<div><p class='last'>{}</p></div>",
    ],
)
def test_a_name_of_an_end_is_no_proof_of_an_end(last: str) -> None:
    line = "The department will decide in October whether lorries may use the bridge again."
    body = f"<div class='text'>{paragraphs(*TEXT, name='p')}{last.format(line)}</div>"
    assert texts(read(f"<article><h1>{TITLE}</h1>{body}</article>")) == [*TEXT, line]


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Jon Roy was kept off the bridge by two guards on Monday, the union of reporters said.", True),
        ("Jon Roy is a reporter of the Courier and has lived on the quay since 2009.", False),
    ],
)
def test_a_slanted_last_line_that_names_its_writer_is_a_credit_only_where_it_states_nothing(
    line: str, *, kept: bool
) -> None:
    body = f"<p class='byline'>By Jon Roy</p>{paragraphs(*TEXT)}<p><em>{line}</em></p>"
    assert texts(read(f"<article><h1>{TITLE}</h1>{body}</article>")) == ([*TEXT, line] if kept else TEXT)


def test_a_bold_row_typed_among_sentences_is_a_heading_of_theirs() -> None:
    typed = "<br><br>".join([TEXT[0], TEXT[1], "<b>Two routes change</b>", *TEXT[2:]])
    assert (
        texts(read(f"<div><h1>{TITLE}</h1><div class='typed'>{typed}</div></div>"))[2] == "Two routes change"
    )


def test_a_template_that_was_not_filled_in_is_no_article() -> None:
    empty = "{{ page.story.lastUser.fullName }} - {{ page.story.lastTime * 1000 | date : 'dd/MM/yyyy' }}"
    assert (
        read(f"<div>{paragraphs(empty, empty + ' {{ x }}')}</div>").suspect
        == "a template that was not filled in"
    )
    line = "The form of the roads department asked drivers to greet {{name}} at the gate, until somebody mended it."
    assert read(f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT, line)}</article>").suspect is None


def test_the_only_first_heading_of_the_text_is_the_headline_though_the_sites_name_is_longer() -> None:
    site = "The Lerna County Centre for Civic Learning and Libraries"
    body = f"<header><div>{site}</div></header><article><header><h1>Homo lernensis</h1><p>People here</p></header><div>{paragraphs(*TEXT)}</div></article>"
    assert read(body, title=f"Homo lernensis | {site}").headline == "Homo lernensis"
    body = f"<div><h1>Civic Centre</h1></div><article><h2>Bridge opens again in the autumn, county says</h2><div>{paragraphs(*TEXT)}</div></article>"
    assert (
        read(body, title="Bridge opens again in the autumn, county says | Civic Centre").headline
        != "Civic Centre"
    )


def test_a_date_that_links_to_the_text_right_over_its_headline_is_its_day() -> None:
    entry = (
        "<div class='entry'><p class='day'><a href='/bridge'>Thursday, 31 May 2012</a></p><h2>{}</h2>{}</div>"
    )
    article = read(f"<h1>News</h1>{entry.format(TITLE, paragraphs(*TEXT))}")
    assert article.published is not None
    assert article.published.strftime("%Y-%m-%d") == "2012-05-31"
    other = f"<div><p><a href='/older'>Thursday, 31 May 2012</a></p></div><div><p>Bridges</p><h2>{TITLE}</h2>{paragraphs(*TEXT)}</div>"
    assert read(other).published is None


@pytest.mark.parametrize(
    "line",
    ["Slideshow (14 Images)", "Beitragsbild: Rathaus von Lerna, Ausriss.", "Header image: the bridge in May"],
)
def test_what_a_gallery_holds_and_a_picture_on_top_shows_is_no_text(line: str) -> None:
    assert line not in texts(
        read(f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT[:3], line, *TEXT[3:])}</article>")
    )


def test_the_title_of_a_picture_is_no_heading_of_the_text() -> None:
    figure = "<figure><div class='figure__subtitle'>Harbour Bridge in May</div><img src='a.jpg'></figure>"
    article = read(
        f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT[:3])}{figure}{paragraphs(*TEXT[3:])}</article>"
    )
    assert "Harbour Bridge in May" not in texts(article)


def test_a_sentence_with_the_taker_of_a_picture_under_it_is_a_caption() -> None:
    pair = "<div class='pic'><div class='copy'>The bridge seen from the northern bank.</div><div class='by'>Photograph by Mara Ellin, Harbour Trust</div></div>"
    article = read(f"<article><h1>{TITLE}</h1><div>{pair}</div>{paragraphs(*TEXT)}</article>")
    assert texts(article) == TEXT
    assert "The bridge seen from the northern bank." in [block.text for block in article.blocks]
    short = "<div class='story'><p>The bridge was shut on Monday after a lorry hit a lamp on it, police said.</p><p>Photo: Mara Ellin</p></div>"
    assert len(texts(read(f"<article><h1>{TITLE}</h1>{short}</article>"))) == 1


def test_the_first_part_of_a_text_in_headed_parts_keeps_its_heading() -> None:
    body = (
        section("The cracks", TEXT[0], TEXT[1])
        + section("The buses", TEXT[2])
        + section("The money", TEXT[3], TEXT[4])
    )
    said = texts(read(f"<article><h1>{TITLE}</h1>{body}</article>"))
    assert said == ["The cracks", TEXT[0], TEXT[1], "The buses", TEXT[2], "The money", TEXT[3], TEXT[4]]
    kicker = f"<div><h3>Lerna county</h3><div>{paragraphs(*TEXT)}</div></div>"
    assert texts(read(f"<article><h1>{TITLE}</h1>{kicker}</article>")) == TEXT


def test_a_readers_stamp_further_down_is_not_taken_for_the_day_that_stands_under_the_headline() -> None:
    notes = "<p>Remarks</p><p>#1 by Naru</p><p>26 March 2004, 16:19</p><p>Thanks!</p>"
    by = "<p>News</p><p>24 March 2004, 19:49 | Genesis</p>"
    article = read(f"<div><h2>{TITLE}</h2>{by}{paragraphs(*TEXT[:2])}{notes}</div>")
    assert article.published is not None
    assert article.published.strftime("%Y-%m-%d %H:%M") == "2004-03-24 19:49"
    article = read(
        f"<div><h2>{TITLE}</h2><p>News</p>{paragraphs(*TEXT[:3])}<p>26 March 2004, 16:19</p></div>"
    )
    assert article.published is not None
    assert article.published.strftime("%Y-%m-%d") == "2004-03-26"
