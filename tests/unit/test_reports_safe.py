"""Each place a report prints to has its own way of keeping a page's text inert."""

import pytest
import yaml

from diffs.reports.document import Document, Link, Strong, line
from diffs.reports.markdown import markdown_code, markdown_line, markdown_link, markdown_text, render_document
from diffs.reports.names import file_stem
from diffs.reports.safe import (
    csv_cell,
    json_text,
    terminal_text,
    visible,
    web_address,
    xml_text,
)


def test_plain_prose_is_left_as_it_is() -> None:
    prose = "At least 1,500 people (3.5 per cent) were killed, the U.S. said: “no comment” - yet."
    assert markdown_text(prose) == prose


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("# 5", "\\# 5"),
        ("- 5", "\\- 5"),
        ("5. May", "5\\. May"),
        ("a*b_c", "a\\*b\\_c"),
        ("a | b", "a &#124; b"),
        ("<b>", "&lt;b&gt;"),
        ("AT&T", "AT&amp;T"),
        ("see http://x.example", "see http\\://x\\.example"),
        ("www.x", "www\\.x"),
        ("me@here", "me@&#8288;here"),
        ("100%% ==", "100&#37;&#37; &#61;&#61;"),
        ("{{ x }}", "&#123;&#123; x }}"),
        ("Wow!", "Wow\\!"),
        ("two\nlines\tand  more", "two lines and more"),
    ],
)
def test_what_markdown_would_read_is_escaped(text: str, escaped: str) -> None:
    assert markdown_text(text) == escaped


def test_what_only_matters_at_the_start_of_a_line_is_left_alone_inside_one() -> None:
    assert markdown_text("7.7-magnitude", inside=True) == "7.7-magnitude"
    assert markdown_text("7.7-magnitude") == "7\\.7-magnitude"


def test_marks_come_from_nodes_and_never_from_words() -> None:
    assert markdown_line(line(Strong("bold"), " **bold**")) == "**bold** \\*\\*bold\\*\\*"


def test_words_of_two_nodes_open_nothing_that_neither_opens_alone() -> None:
    assert markdown_line(line("12", ". May")) == "12\\. May"
    assert markdown_line(line("http:", "//x.example")) == "http\\://x\\.example"
    assert markdown_line(line("Wow!", Link("x", "https://x.example/"))) == "Wow\\![x](https://x.example/)"


def test_a_code_span_cannot_be_left() -> None:
    assert markdown_code("a`b|c d{{") == "`a%60b%7Cc%20d%7B%7B`"
    assert markdown_code("") == ""


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//x.example",
        "x.example",
        "http://",
        "http://[half",
        "",
        None,
    ],
)
def test_only_web_addresses_become_links(address: str | None) -> None:
    assert web_address(address) is None
    assert markdown_link("label", address) == "label"


def test_a_link_keeps_its_address_and_loses_what_could_end_it() -> None:
    assert markdown_link("a]b", "https://x.example/a (b)|c?d=1&e=é_f") == (
        "[a\\]b](https://x.example/a%20%28b%29%7Cc?d=1&amp;e=%C3%A9_f)"
    )


def test_unprintable_characters_are_named() -> None:
    assert visible("a\x1b]0;x\x07b\u202ec\ud800") == "a‹U+001B›]0;x‹U+0007›b‹U+202E›c‹U+D800›"
    assert visible("\u200fשלום\u200f") == "שלום"


def test_a_terminal_gets_one_line() -> None:
    assert terminal_text("one\r\ntwo\x85three\u2028four") == "one  two three four"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r\n=1", " =1", "＝1", "|calc"])
def test_a_cell_is_never_a_formula(text: str) -> None:
    assert csv_cell(text).startswith("'")


def test_a_harmless_cell_is_left_as_it_is() -> None:
    assert csv_cell("12 dead, at least - so far") == "12 dead, at least - so far"


def test_xml_text_closes_nothing_and_holds_no_forbidden_character() -> None:
    assert xml_text('</a b="\x00">') == "&lt;/a b=&quot;‹U+0000›&quot;&gt;"


@pytest.mark.parametrize("text", ['say "so"', "back\\slash", "a: b # c", "---", "\x07", "null", "🌍 ü", ""])
def test_front_matter_is_read_back_as_it_was_shown(text: str) -> None:
    page = render_document(Document(title=line("x"), facts=(("title", text), ("number", 3)), blocks=()))
    assert yaml.safe_load(page.split("---\n")[1]) == {"title": visible(text), "number": 3}


def test_json_strings_carry_controls_as_escapes() -> None:
    assert json_text('"\u202e\x9b\ud800é"') == '"\\u202e\\u009b\\ud800é"'


def test_a_file_name_says_where_it_comes_from() -> None:
    stem = file_stem("https://www.courier.example/World/Fähre?id=7")
    assert stem.startswith("courier-example-world-fahre-id-7-")
    assert stem == file_stem("https://www.courier.example/World/Fähre?id=7")
