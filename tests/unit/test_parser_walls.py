"""Walls, ciphers and pages that show something else than their address names."""

import codecs

import pytest

from crawler.parser import parse
from crawler.parser.walls import says_wall
from diffs.model import Article

SENTENCES = [
    f"The {name} told the hearing on Tuesday that the barrier had been ordered in {year} and paid for twice since then, according to its books."
    for name, year in zip(
        [
            "treasurer",
            "engineer",
            "foreman",
            "clerk",
            "surveyor",
            "mayor",
            "driver",
            "insurer",
            "owner",
            "guard",
            "cook",
            "porter",
            "miller",
            "warden",
        ],
        range(1999, 2020),
        strict=False,
    )
]
WALL = (
    "<p>We are glad that you enjoy the Valley Courier.</p><p>You have used your 3 free articles this month. To get 5 more, just enter your e-mail address.</p>"
    "<p>Register now, and we will also send you our free weekly letter. You may cancel at any time.</p>"
)


def read(
    body: str,
    head: str = "",
    url: str = "https://courier.example/2024/05/14/barrier-hearing-opens-in-lerna-valley",
) -> Article:
    page = f"<html lang='en'><head><title>Barrier hearing opens in Lerna</title>{head}</head><body><nav><a href='/'>Home</a></nav><main><article><h1>Barrier hearing opens in Lerna</h1>{body}</article></main></body></html>"
    return parse(page.encode(), url=url)


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def test_a_register_wall_with_little_before_it_is_suspect_and_no_text() -> None:
    article = read(f"{paragraphs(SENTENCES[0])}<div class='w'>{WALL}</div>")
    assert article.suspect is not None
    assert article.text == SENTENCES[0]
    assert {item.reason for item in article.removed if "Register now" in item.text} == {"wall"}


def test_a_long_part_before_a_wall_is_partial_and_not_suspect() -> None:
    many = [
        f"{text} He gave the sum of the bills as well, and named the two firms that had sent them to him over all those years of work."
        for text in SENTENCES
    ]
    article = read(f"{paragraphs(*many)}<div class='w'>{WALL}</div>")
    assert article.suspect is None
    assert article.partial is not None
    assert article.text.split("\n\n") == many


@pytest.mark.parametrize(
    "text",
    [
        "Subscribe to continue reading",
        "Pour lire la suite, abonnez-vous",
        "Jetzt weiterlesen mit Kurier+",
        "この記事は会員限定です。",
    ],
)
def test_a_stub_before_a_button_to_read_on_is_suspect(text: str) -> None:
    assert (
        read(
            f"{paragraphs(*SENTENCES[:2])}<div class='cta'><h2>{text}</h2><a href='/pay'>OK</a></div>"
        ).suspect
        is not None
    )


@pytest.mark.parametrize(
    "line",
    [
        "“Subscribe to continue reading is what their page said,” the clerk told the hearing, and he had done so.",
        "Already a subscriber?",
        "Members get our podcast.",
    ],
)
def test_what_only_sounds_like_a_wall_is_none(line: str) -> None:
    article = read(f"{paragraphs(*SENTENCES[:6])}<p>{line}</p>{paragraphs(*SENTENCES[6:9])}")
    assert article.suspect is None
    assert article.partial is None


def test_a_banner_between_paragraphs_is_no_wall() -> None:
    article = read(
        f"{paragraphs(*SENTENCES[:4])}<p>You have used your free articles. Register now to continue reading.</p>{paragraphs(*SENTENCES[4:9])}"
    )
    assert article.suspect is None
    assert article.partial is None


@pytest.mark.parametrize("move", [1, 13])
def test_moved_letters_are_no_text(move: int) -> None:
    def moved(text: str) -> str:
        if move == 13:
            return codecs.encode(text, "rot13")
        return "".join(chr((ord(c) - 97 + move) % 26 + 97) if c.islower() else c for c in text)

    article = read(paragraphs(SENTENCES[0], *map(moved, SENTENCES[1:8])))
    assert article.suspect == "the text is ciphered"
    assert article.text == SENTENCES[0]


def test_a_list_of_foreign_names_is_not_ciphered() -> None:
    names = [
        "Xhoferaj Qemal Ndrejaj Zef Gjonpalaj Lekë Ujkaj Prenk Markaj Kolë Vukaj Gjok",
        "Wójcik Zbigniew Szczęsny Krzysztof Brzęczyszczykiewicz Grzegorz Jabłoński Przemysław Żak",
    ]
    article = read(paragraphs(*SENTENCES[:5], *names))
    assert article.suspect is None
    assert all(name in article.text for name in names)


def test_the_first_lines_of_a_sold_article_are_suspect_and_a_short_free_story_is_not() -> None:
    sold = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
    )
    assert read(paragraphs(SENTENCES[0]), head=sold).suspect is not None
    assert read(paragraphs(SENTENCES[0])).suspect is None
    assert read(paragraphs(*SENTENCES), head=sold).suspect is None


def test_another_story_than_the_address_names_is_suspect() -> None:
    elsewhere = "https://courier.example/2024/05/14/orchestra-plays-farewell-concert-before-winter-closure"
    assert read(paragraphs(*SENTENCES), url=elsewhere).suspect == "another story than its address names"
    assert read(paragraphs(*SENTENCES), url="https://courier.example/news/12345").suspect is None
    assert (
        read(
            paragraphs(*SENTENCES),
            url="https://courier.example/anhoerung-zur-schranke-im-lerna-beginnt-heute",
        ).suspect
        is None
    )


def test_a_front_of_teasers_is_suspect() -> None:
    items = "".join(
        f"<li><a href='/{n}'><b>Title of story {n}</b></a> {text}</li>" for n, text in enumerate(SENTENCES)
    )
    article = read(f"<ul>{items}</ul>", url="https://courier.example/region/")
    assert article.suspect is not None


def test_a_players_caption_alone_is_suspect_and_a_videos_text_is_not() -> None:
    assert (
        read(
            "<div class='g'><button>Play</button><p class='c'>The first day of the hearing drew 300 people.</p></div>"
        ).suspect
        is not None
    )
    text = f"{SENTENCES[0]} {SENTENCES[1]}"
    embedded = f"<div class='story'><div><p>{text}</p></div><div><textarea>&lt;iframe src='https://courier.example/e'&gt;&lt;/iframe&gt;</textarea></div></div>"
    article = read(embedded)
    assert article.suspect is None
    assert article.text == text


def test_a_gate_is_heard_in_each_language():
    gates = [
        "Keep reading: create an account",
        "To read on, sign in",
        "Melden Sie sich an, um weiterzulesen: Konto anlegen",
        "Inscrivez-vous pour poursuivre votre lecture",
        "Connectez-vous pour lire la suite",
        "Suscríbete para seguir leyendo",
        "Accedi per continuare a leggere",
        "Assine para continuar lendo",
        "Cadastre-se para continuar a ler",
        "Maak een account om verder te lezen",
        "Zaloguj się, aby czytać dalej",
        "Okumaya devam etmek için üye olun",
        "Devamını oku: giriş yapın",
        "Войдите, чтобы дочитать",
        "Увійдіть, щоб читати далі",
        "سجل الدخول لمتابعة القراءة",
        "הירשמו כדי להמשיך לקרוא",
        "आगे पढ़ने के लिए खाता बनाएँ",
        "Daftar untuk melanjutkan membaca",
        "Skapa konto för att läsa vidare",
        "Registrer deg for å lese videre",
        "Kirjaudu ja lue loppuun, tai lukea lisää",
        "Přihlaste se a číst dál",
        "Regisztráció: előfizetés és tovább olvas",
        "Abonnez-vous: citi mai departe",
        "ثبت نام برای ادامه مطلب",
    ]
    assert [gate for gate in gates if not says_wall(gate)] == []
