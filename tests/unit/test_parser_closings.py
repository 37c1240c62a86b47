"""What closes a text, asks its readers for money or says who took a picture, in whatever language it is printed."""

import re

import pytest

from crawler.parser import parse
from diffs.model import Article, BlockKind

TEXT = [
    "Three miners were hurt on Monday when a gallery of the Orla pit caved in, the company said.",
    "Rescue teams reached them after six hours, through a shaft that had been shut since 1987.",
    "The pit had passed its inspection in the spring, the regional mining office said.",
    "Work stops until engineers have looked at the roof of every gallery.",
]
TITLE = "Three hurt as gallery of Orla pit caves in"


def read(body: str, byline: str = "", language: str = "en") -> Article:
    page = (
        f"<html lang='{language}'><head><title>{TITLE}</title></head><body><nav><a href='/'>Home</a></nav>"
        f"<article><h1>{TITLE}</h1>{byline}<div class='text'>{body}</div></article></body></html>"
    )
    return parse(page.encode(), url="https://pit.example/2024/05/14/orla")


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def test_a_last_paragraph_that_opens_with_its_writers_name_is_no_text() -> None:
    byline = "<p class='meta'><span class='byline'>Lena Vik</span> 14.05.2024</p>"
    for life in (
        "Lena Vik skriver om gruvor och arbetsliv sedan 2011.",
        "Lena Vik has covered mines for nine years.",
    ):
        assert read(paragraphs(*TEXT) + f"<p><em>{life}</em></p>", byline).text == "\n\n".join(TEXT)
        assert life in read(paragraphs(*TEXT) + f"<p><em>{life}</em></p>").text


def test_a_paragraph_that_opens_with_another_name_or_an_answer_is_text() -> None:
    byline = "<p class='byline'>By Lena Vik</p>"
    for last in (
        "Ola Berg has led the pit for nine years.",
        "Lena Vik: What happens to the men now, and who pays for it?",
    ):
        assert last in read(paragraphs(*TEXT) + f"<p><em>{last}</em></p>", byline).text


@pytest.mark.parametrize(
    "line",
    [
        "Haber güncelleniyor.",
        "Artikeln uppdateras.",
        "Новость дополняется.",
        "این خبر تکمیل می‌شود.",
        "Alla rättigheter förbehållna. Ange källan.",
        "Hak cipta dilindungi undang-undang.",
        "Kilde: Dalens Pressebureau",
        "(Dalens Pressebureau)",
    ],
)
def test_notes_rights_and_a_source_behind_a_text_are_no_text(line: str) -> None:
    assert read(paragraphs(*TEXT, line)).text == "\n\n".join(TEXT)


def test_a_short_last_sentence_is_text_however_each_is_wrapped() -> None:
    last = "Траур объявлен."
    for make in ("<p>{}</p>", "<part-text><p>{}</p></part-text>", "<div class='par'><p>{}</p></div>"):
        article = read("".join(make.format(text) for text in [*TEXT, "Город прощается завтра."]))
        assert article.text.endswith("Город прощается завтра."), make
    typed = read("<span class='text'>" + "<br><br>".join([*TEXT, f"В городе {last.lower()}"]) + "</span>")
    assert typed.text.endswith("траур объявлен.")


@pytest.mark.parametrize(
    "appeal",
    [
        "Unabhängiger Journalismus kostet Geld. Mit fünf Euro im Monat unterstützen Sie uns.",
        "Uafhængig journalistik koster penge. Støt os med 30 kroner om måneden.",
        "Независимая журналистика живёт благодаря читателям. Поддержите редакцию.",
        "Reporting takes time. If you value ours, please consider giving $5 a month.",
        "El periodismo libre se sostiene con sus lectores. Con tres euros al mes usted nos ayuda.",
    ],
)
@pytest.mark.parametrize(
    "make", ["<div class='call'><p>{}</p></div>", "<p><em>{}</em></p>", "<the-call><p>{}</p></the-call>"]
)
def test_an_appeal_for_money_among_paragraphs_is_no_text(appeal: str, make: str) -> None:
    body = paragraphs(*TEXT[:2]) + make.format(appeal) + paragraphs(*TEXT[2:])
    assert read(body).text == "\n\n".join(TEXT)


def test_news_about_what_readers_give_is_text() -> None:
    for news in (
        "Readers gave $12 a month to the paper's reporting, the company said.",
        "The union will support the families of the three hurt men with $500 a month.",
    ):
        body = paragraphs(*TEXT[:2]) + f"<div class='call'><p>{news}</p></div>" + paragraphs(*TEXT[2:])
        assert news in read(body).text


@pytest.mark.parametrize(
    "caption",
    [
        "Rescuers at the pit on Monday night. Photo: Jon Roy/Valley Wire",
        "Спасатели у шахты в понедельник. Фото: Пётр Лунин",
        "Tim penyelamat di tambang. (Foto: Budi Santoso)",
        "Rescuers at the pit on Monday night (Jon Roy/AP)",
    ],
)
def test_a_line_that_ends_with_who_took_the_picture_is_a_caption(caption: str) -> None:
    body = (
        paragraphs(TEXT[0])
        + f"<div class='lead'><div class='txt'>{caption}</div></div>"
        + paragraphs(*TEXT[1:])
    )
    article = read(body)
    assert article.text == "\n\n".join(TEXT)
    (kept,) = [block.text for block in article.blocks if block.kind is BlockKind.CAPTION]
    assert caption.startswith(kept)
    assert "Roy/Valley" not in kept
    assert "Лунин" not in kept


def test_a_paragraph_signed_with_an_agency_is_text() -> None:
    last = f"{TEXT[-1]} (dpa)"
    assert read(paragraphs(*TEXT[:-1], last)).text.endswith("every gallery. (dpa)")


def test_an_aside_that_calls_itself_a_caption_is_one() -> None:
    caption = "The shaft through which the teams went down had been shut since 1987."
    article = read(
        paragraphs(*TEXT[:2])
        + f"<aside class='caption-left'><p>{caption}</p></aside>"
        + paragraphs(*TEXT[2:])
    )
    assert [(block.kind, block.text) for block in article.blocks][2] == (BlockKind.CAPTION, caption)


def test_a_headline_and_a_byline_parted_by_a_break_are_two_lines() -> None:
    page = (
        f"<html><head><title>{TITLE} - pit.example</title></head><body><table><tr><td><span class='hd'>{TITLE}</span><br>"
        f"<span class='by'>Lena Vik, 2024-05-14</span><br><br><span class='txt'>{'<br><br>'.join(TEXT)}</span></td></tr></table></body></html>"
    )
    article = parse(page.encode(), url="https://pit.example/2024/05/14/orla")
    assert (article.headline, article.text) == (TITLE, "\n\n".join(TEXT))


def test_notes_of_a_change_in_other_languages_are_corrections() -> None:
    for note in (
        "Dieser Artikel wurde um 18 Uhr korrigiert.",
        "Cet article a été mis à jour à 18 h 40.",
        "Artiklen er blevet rettet.",
    ):
        article = read(paragraphs(*TEXT, note))
        assert [block.text for block in article.blocks if block.kind is BlockKind.CORRECTION] == [note]


@pytest.mark.parametrize("hint", ["<ul><li>{}</li></ul>", "<p>{}</p>"])
def test_a_box_of_hints_among_paragraphs_is_no_text_unless_it_states_a_figure(hint: str) -> None:
    for said, inside in (
        ("Do you know more? Write to us.", False),
        ("The pit employs 340 men in two shifts.", True),
        ("The owner has resigned.", True),
    ):
        box = f"<div class='hints'><h3>What to know</h3>{hint.format(said)}{hint.format('The road to the pit is shut.')}</div>"
        article = read(paragraphs(*TEXT[:2]) + box + paragraphs(*TEXT[2:]))
        assert (said in article.text) is inside
        assert all(text in article.text for text in TEXT)


def test_parts_under_a_heading_of_their_own_are_text() -> None:
    part = "<div class='part'><h3>{}</h3><p>{}</p></div>"
    body = (
        paragraphs(*TEXT[:2])
        + part.format("The roof", TEXT[2])
        + part.format("The men", TEXT[3])
        + paragraphs(*TEXT[:1])
    )
    assert TEXT[2] in read(body).text


def test_the_page_of_a_section_is_no_article() -> None:
    cards = "".join(
        f"<div class='card'><h2><a href='/2024/{n}'>Council votes on road {n}</a></h2><p>The council votes on road {n} this week.</p></div>"
        for n in range(6)
    )
    page = (
        "<html lang='en'><head><title>Region</title></head><body><header><ul><li><a href='/r'>Region</a></li><li><a href='/s'>Sport</a></li></ul>"
        f"</header><main><h1>Region</h1><div class='lead'><p>{TEXT[0]}</p></div>{cards}</main></body></html>"
    )
    assert parse(page.encode(), url="https://pit.example/2024/region-7").suspect == "a page of other stories"


@pytest.mark.parametrize(
    "label",
    [
        "İlgili haber: ",
        "Haberin devamı: ",
        "Læs også: ",
        "Читайте також: ",
        "اقرأ أيضا: ",
        "यह भी पढ़ें: ",
        "بیشتر بخوانید: ",
        "Leia também: ",
    ],
)
def test_a_label_that_leads_to_another_story_is_known_in_its_language(label: str) -> None:
    article = read(paragraphs(*TEXT[:2]) + f"<p>{label}Orla</p>" + paragraphs(*TEXT[2:]))
    assert article.text == "\n\n".join(TEXT)


CALLS = [
    "Følg vores WhatsApp-kanal og få nyheder fra egnen.",
    "Підписуйтеся на наш Telegram-канал, щоб дізнаватися новини першими.",
    "Hören Sie dazu den Podcast „Bergauf“.",
    "Yerel gazeteciliğe destek olun, abonemiz olun.",
]
MAKES = ["<p class='sub'>{}</p>", "<div class='call'><p>{}</p></div>", "<the-call><p>{}</p></the-call>"]


@pytest.mark.parametrize("line", CALLS)
@pytest.mark.parametrize("make", MAKES)
def test_a_call_to_readers_that_is_set_apart_is_no_text(line: str, make: str) -> None:
    body = (
        paragraphs(*TEXT[:3])
        + make.format(line)
        + paragraphs(*TEXT[3:], TEXT[0].replace("Monday", "the day"))
    )
    assert line not in read(body).text


@pytest.mark.parametrize(
    "line",
    [
        "The owner of the pit denied it.",
        "The engineer was dismissed over the roof.",
        "El alcalde renunció tras el derrumbe.",
        "Министр ушёл в отставку.",
        "市長は辞任した。",
        "Tri rudara su poginula.",
        "Ba thợ mỏ thiệt mạng.",
        "Kolm kaevurit hukkus.",
        "दो मज़दूरों की मौत हुई।",
    ],
)
@pytest.mark.parametrize(
    "make", [*MAKES, "<p class='has-drop-cap'>{}</p>", "<p class='css-1x9k'><b>{}</b></p>"]
)
def test_a_sentence_set_unlike_all_others_is_text_in_whatever_language(line: str, make: str) -> None:
    body = (
        paragraphs(*TEXT[:3])
        + make.format(line)
        + paragraphs(*TEXT[3:], TEXT[0].replace("Monday", "the day"))
    )
    assert line in read(body).text


@pytest.mark.parametrize(
    "line",
    [
        "A US writer was given shelter in <a href='/2024/n'>Norway</a> by a newspaper after the raid.",
        "The US supports <a href='/2024/u'>newspapers</a> in the valley until the spring.",
        "The <a href='/2024/v'>newspaper</a> gave us no support, the men of the pit complained.",
    ],
)
def test_news_of_the_press_with_a_link_is_text(line: str) -> None:
    said = re.sub("<[^>]+>", "", line)
    assert said in read(paragraphs(*TEXT[:2], line, *TEXT[2:])).text
    assert said in read(paragraphs(*TEXT[:2]) + f"<p class='z'>{said}</p>" + paragraphs(*TEXT[2:])).text


def test_a_text_in_several_boxes_of_one_make_keeps_the_last_paragraph() -> None:
    box = "<div class='widget part'><div class='widget-in'>{}</div></div>"
    page = (
        f"<html><head><title>{TITLE}</title></head><body><div class='all'><h1>{TITLE}</h1>{box.format(paragraphs(*TEXT[:2]))}"
        f"{box.format(paragraphs(*TEXT[2:], 'The town has two other pits.'))}{box.format('<p>A service is held tomorrow.</p>')}</div></body></html>"
    )
    assert parse(page.encode(), url="https://pit.example/2024/05/14/orla").text.endswith(
        "A service is held tomorrow."
    )


@pytest.mark.parametrize(
    "gate",
    [
        "Continue reading with a free account.",
        "Załóż bezpłatne konto, aby czytać dalej.",
        "Créez un compte gratuit pour poursuivre votre lecture.",
        "Зарегистрируйтесь бесплатно, чтобы читать дальше.",
        "Skapa ett gratis konto för att läsa vidare.",
        "سجل مجانا لمتابعة القراءة.",
        "आगे पढ़ने के लिए मुफ़्त खाता बनाएँ।",
    ],
)
def test_a_gate_that_asks_for_an_account_to_read_on_is_a_wall(gate: str) -> None:
    box = f"<div class='gate'><p><b>{gate}</b></p><form><input type='email'><button>OK</button></form></div>"
    suspect = read(paragraphs(*TEXT[:2]) + box).suspect
    assert suspect is not None
    assert suspect.startswith("the text ends in a wall")


def test_a_player_with_a_time_in_minutes_is_no_text() -> None:
    player = "<the-audio><div>Lyt til artiklen (3 min)</div><div>Oplæsningen er automatisk.</div></the-audio>"
    assert read(player + paragraphs(*TEXT)).text == "\n\n".join(TEXT)


@pytest.mark.parametrize(
    "last",
    [
        "The president has resigned",
        "Zginęły trzy osoby",
        "The ministry did not update its report on the raid.",
        "<b>The mayor has resigned.</b>",
        "<em>Nobody has claimed the attack.</em>",
    ],
)
def test_a_last_line_that_says_what_happened_is_text(last: str) -> None:
    said = last.replace("<b>", "").replace("</b>", "").replace("<em>", "").replace("</em>", "")
    assert said in read(paragraphs(*TEXT, last)).text
