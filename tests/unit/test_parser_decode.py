"""Bytes whose labels lie."""

import gzip

import pytest

from crawler.parser import parse
from crawler.parser.decode import decode
from crawler.parser.reading import reading_of
from diffs.model import Removed

SENTENCE = "Das Gericht in Köln sagte: „Neun Menschen“ starben, darunter Zoë – fünf Jahre alt."


@pytest.mark.parametrize("actual", ["utf-8", "windows-1252", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize(
    "header", [None, "text/html", "text/html; charset=utf-8", "text/html; charset=iso-8859-1"]
)
@pytest.mark.parametrize("meta", ["", '<meta charset="utf-8">', '<meta charset="windows-1252">'])
def test_text_is_right_whatever_the_labels_say(actual: str, header: str | None, meta: str) -> None:
    body = f"<html><head>{meta}</head><body><p>{SENTENCE}</p></body></html>".encode(actual)
    text = decode(body, header).text
    assert SENTENCE in text
    assert "\ufffd" not in text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("shift_jis", "橋の近くで十二人が救助された。"),
        ("windows-1251", "У моста спасли двенадцать человек."),
        ("euc-kr", "다리 근처에서 구조되었다."),
    ],
)
def test_a_declared_encoding_is_believed_where_it_fits(encoding: str, text: str) -> None:
    body = f"<p>{text}</p>".encode(encoding)
    assert text in decode(body, f"text/html; charset={encoding}").text


def test_a_few_broken_bytes_leave_the_rest_of_a_utf8_page_alone() -> None:
    body = "<p>Zoë said “nine” – and Jürgen said “ten”.</p>".encode() + b"<p>caf\xe9</p>"
    found = decode(body, "text/html; charset=utf-8")
    assert "Zoë said “nine” – and Jürgen" in found.text
    assert "café" in found.text
    assert found.notes


def test_a_gzip_body_that_does_not_say_so_is_read() -> None:
    found = decode(gzip.compress(b"<p>Nine people were rescued.</p>"), "text/html")
    assert "Nine people" in found.text
    assert "gzip" in found.notes[0]


@pytest.mark.parametrize("body", [b"%PDF-1.7 obj", b"\x89PNG\r\n", bytes(range(1, 32)) * 200])
def test_what_is_no_page_is_suspect(body: bytes) -> None:
    suspect = parse(body, url="http://x.example/a").suspect
    assert suspect is not None
    assert suspect.startswith("not a page")


def test_null_bytes_split_no_word() -> None:
    assert decode(b"<p>ni\x00ne</p>").text == "<p>nine</p>"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("declared", ["", '<meta charset="utf-16">', '<meta charset="utf-8">'])
def test_two_byte_markup_without_a_mark_is_known_by_its_empty_bytes(encoding, declared):
    page = f"<html><head>{declared}</head><body><p>“Twelve” – the mayor’s count, in Münster</p></body></html>"
    assert decode(page.encode(encoding)).text == page


@pytest.mark.parametrize("body", [b"", b"\0", b"\0" * 40, b"a\0" * 3 + b"plain text", b"<p>one\0two</p>"])
def test_a_few_empty_bytes_do_not_make_a_page_two_byte(body):
    assert "\ufffd" not in decode(body).text


def test_bytes_go_to_the_tree_as_they_came_only_where_they_are_the_text() -> None:
    page = "<p>Zwölf Menschen starben, sagte die Küstenwache am Sonntag.</p>"
    as_sent = page.encode()
    assert decode(as_sent).raw is as_sent
    for other in (
        page.encode("cp1252"),
        b"\xef\xbb\xbf" + as_sent,
        as_sent + b"\x00",
        as_sent[:-6] + b"\xff</p>",
    ):
        decoded = decode(other)
        assert decoded.raw is None
        assert decoded.utf8 == decoded.text.encode()


def test_a_page_reads_alike_from_its_bytes_and_from_its_text() -> None:
    page = (
        "<h1>Ferry sinks</h1></body><p>Twelve people were killed on Sunday, the coastguard said.</p></html>"
    )
    lines = [
        [line.text for line in reading.page.lines]
        for reading in (reading_of(page), reading_of(page, page.encode()))
        if reading is not None
    ]
    assert (
        lines[0] == lines[1] == ["Ferry sinks", "Twelve people were killed on Sunday, the coastguard said."]
    )


def test_records_made_together_equal_those_made_one_by_one() -> None:
    pieces = [("navigation", "Home"), ("control", "Share")]
    assert Removed.all_of(pieces) == tuple(Removed(reason=reason, text=text) for reason, text in pieces)
