"""Bytes of before UTF-8 are read by their letters where their labels lie, and as labelled where that can be."""

import itertools
import time

import pytest

from crawler.parser import parse
from crawler.parser.decode import decode

# Sentences of our own, each in the encoding that its papers used.
WRITTEN = {
    "utf-8": "Das Gericht in Köln sagte: „Neun Menschen“ starben, darunter Zoë – fünf Jahre alt.",
    "utf-8-sig": "Le maire a déclaré que douze élèves blessés étaient déjà à l’hôpital.",
    "utf-16": "O presidente da câmara disse que não há mais vítimas; três crianças estão bem.",
    "utf-16-le": "Das Gericht in Köln sagte: „Neun Menschen“ starben.",
    "utf-16-be": "Das Gericht in Köln sagte: „Neun Menschen“ starben.",
    "windows-1252": "Le maire a déclaré que douze élèves blessés étaient déjà à l’hôpital – le préfet l’a confirmé.",
    "iso-8859-1": "Bürgermeister Jürgen Möller zählte zwölf Verletzte; fünf Schüler müssen länger bleiben.",
    "windows-1250": "Při požáru v Řečanech zahynuli tři lidé, šest jich je zraněno, uvedl mluvčí hasičů.",
    "iso-8859-2": "Burmistrz powiedział, że dwanaście osób zostało rannych, a pięć wciąż jest zaginionych pod gruzami.",
    "windows-1251": "У моста спасли двенадцать человек. Сообщил «Вестник»: погибли трое, ещё пятеро ранены.",
    "koi8-r": "Мэр города сказал, что двенадцать человек ранены, а трое числятся пропавшими без вести.",
    "windows-1253": "Δώδεκα άνθρωποι διασώθηκαν κοντά στη γέφυρα και τρεις σκοτώθηκαν, είπε ο δήμαρχος.",
    "windows-1254": "Köprünün yakınında on iki kişi kurtarıldı, üç kişi öldü; beş işçi hâlâ kayıp, dedi vali.",
    "windows-1255": "ליד הגשר ניצלו שנים עשר אנשים, ושלושה נהרגו, אמר ראש העיר.",
    "windows-1256": "قال رئيس البلدية إن اثني عشر شخصا أنقذوا قرب الجسر، وقتل ثلاثة آخرون.",
    "shift_jis": "橋の近くで十二人が救助された。市長によると三人が死亡し、五人がけがをしたという。",
    "euc-jp": "市長によると、橋の近くで十二人が救助され、三人が死亡した。警察が調べている。",
    "iso-2022-jp": "橋の近くで十二人が救助された。市長によると三人が死亡した。",
    "gb18030": "桥附近有十二人获救。市长说，三人死亡，五人受伤，救援人员仍在寻找失踪者。",
    "big5": "橋附近有十二人獲救。市長說，三人死亡，五人受傷，救援人員仍在尋找失蹤者。",
    "euc-kr": "다리 근처에서 열두 명이 구조되었다. 시장은 세 명이 숨지고 다섯 명이 다쳤다고 말했다.",
}
LABELS = [None, "right", "utf-8", "iso-8859-1", "windows-1252", "nonsense-9"]


def page(text: str, actual: str, meta: str | None) -> bytes:
    label = f'<meta charset="{meta}">' if meta else ""
    return f"<html><head>{label}<title>x</title></head><body><p>{text}</p></body></html>".encode(actual)


def test_whatever_header_meta_and_mark_say_the_text_is_right_and_no_character_is_lost_silently() -> None:
    cells, wrong = 0, []
    for (actual, text), header, meta in itertools.product(WRITTEN.items(), LABELS, LABELS):
        label = actual.removesuffix("-sig")
        named, inside = (label if each == "right" else each for each in (header, meta))
        found = decode(page(text, actual, inside), f"text/html; charset={named}" if named else "text/html")
        cells += 1
        assert "\ufffd" not in found.text or "U+FFFD" in "".join(found.notes), (actual, header, meta)
        if text not in found.text:
            wrong.append((actual, header, meta, found.encoding))

    assert len(WRITTEN) >= 12
    assert cells >= 700
    assert len(wrong) <= cells // 100, wrong


@pytest.mark.parametrize("actual", [name for name in WRITTEN if not name.startswith("utf")])
def test_a_label_that_is_right_is_never_overruled(actual: str) -> None:
    words = WRITTEN[actual].split()
    for start, end in itertools.combinations(range(0, len(words) + 1, 3), 2):
        text = " ".join(words[start:end])
        assert text in decode(page(text, actual, None), f"text/html; charset={actual}").text


@pytest.mark.parametrize(
    "text", ["Zoë", "“12 dead”, he said – so far", "Córdoba", "£5m", "São Tomé", "© 2011"]
)
def test_a_few_letters_are_no_reason_to_leave_what_most_pages_are_written_in(text: str) -> None:
    assert text in decode(page(text, "windows-1252", None), "text/html").text


@pytest.mark.parametrize("label", ["gb2312", "gbk", "big5", "euc-kr", "euc-jp", "shift_jis"])
def test_english_between_quotation_marks_of_east_asia_is_read_as_labelled(label: str) -> None:
    text = "“We lost all,” said Li. “Nothing is left,” he said. “It was 12 houses,” she added. “All gone.”"
    assert text in decode(page(text, label, None), f"text/html; charset={label}").text


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("ibm866", "Мэр города сказал, что двенадцать человек ранены, а трое числятся пропавшими."),
        ("mac-cyrillic", "Мэр города сказал, что двенадцать человек ранены, а трое числятся пропавшими."),
        ("macintosh", "Le maire a déclaré que douze élèves blessés étaient déjà à l'hôpital, près de l'été."),
        ("windows-1254", "Der Präsident Erdoğan sagte später, für die Türkei zähle nur die Würde der Getöteten und Verletzten."),
        ("cp1251", "Мэр города сказал, что двенадцать человек ранены, а трое числятся пропавшими."),
    ],
)  # fmt: skip
def test_a_right_label_that_few_use_is_believed_without_a_note(label: str, text: str) -> None:
    found = decode(page(text, label, None), f"text/html; charset={label}")
    assert text in found.text
    assert found.notes == ()


def test_another_reading_than_the_declared_one_is_reported() -> None:
    found = decode(page(WRITTEN["koi8-r"], "koi8-r", "windows-1252"), "text/html; charset=utf-8")
    assert found.notes == ("declared utf-8, read as koi8-r",)


@pytest.mark.parametrize(
    ("bytes_", "text", "notes"),
    [
        (b"\xed\xa0\xbd\xed\xb8\x80", "\U0001f600", ()),
        (b"\xed\xa0\xbd", "\ufffd", ("lone halves of characters, marked U+FFFD: 1",)),
        (b"\xed\xb8\x80\xed\xa0\xbd", "\ufffd\ufffd", ("lone halves of characters, marked U+FFFD: 2",)),
    ],
    ids=["a pair", "one", "the wrong way round"],
)
def test_halves_of_a_character_are_joined_or_marked_and_reported(
    bytes_: bytes, text: str, notes: tuple[str, ...]
) -> None:
    body = "<p>Zoë said “nine” – and Jürgen “ten”: ".encode() + bytes_ + b"</p>"
    found = decode(body, "text/html; charset=utf-8")
    assert found.text == f"<p>Zoë said “nine” – and Jürgen “ten”: {text}</p>"
    assert found.notes == notes


@pytest.mark.parametrize("half", [b"\x3d\xd8", b"\x00\xdc"])
def test_half_a_character_in_two_byte_text_is_marked_and_reported(half: bytes) -> None:
    found = decode(b"\xff\xfe" + "<p>Zoë ".encode("utf-16-le") + half + " there</p>".encode("utf-16-le"))
    assert found.text == "<p>Zoë \ufffd there</p>"
    assert "U+FFFD" in found.notes[0]


def test_halves_of_a_character_in_markup_and_json_stop_nothing() -> None:
    body = (
        rb'<html><head><script type="application/ld+json">{"@type": "NewsArticle", "headline": "Flood \ud83d"}</script>'
        rb"<title>Flood</title></head><body><h1>Flood &#xD83D; here</h1><p>At least 12 people &#xDE00; were rescued"
        rb" near the bridge, the council said.</p></body></html>"
    )
    article = parse(body, url="http://x.example/a")
    assert "At least 12 people" in article.text
    assert article.suspect is None


@pytest.mark.parametrize(
    "body",
    [b"\xe9" * 3_000_000, b"\xe9 " * 2_000_000, b"x" * 3_000_000 + b"\xff" * 9, b"\xed\xa0\xbd" * 500_000, b"\x1b$" * 1_000_000 + b"\xff"],
    ids=["one word", "words", "one long word", "halves", "escapes"],
)  # fmt: skip
def test_megabytes_of_it_take_no_time(body: bytes) -> None:
    started = time.process_time()
    decode(body, "text/html")
    assert time.process_time() - started < 20
