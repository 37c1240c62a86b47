"""A report is a document first: its words are chosen once, and each format only prints them."""

import ast
from pathlib import Path

import pytest

import diffs.reports
from diffs.reports import FORMATS
from diffs.reports.document import (
    Added,
    Strong,
    Struck,
    Text,
    added,
    joined,
    line,
    listed_lines,
    plain,
    struck,
)

ROOM = Path(diffs.reports.__file__).parent
# Marks that only Markdown gives a meaning to.
MARKS = ("**", "~~", "[^", "](", "| ---", "\n- ", "\n> ", "&#", "\\*")


def test_neighbouring_texts_are_one() -> None:
    assert line("12", ". May", Strong("x"), "", "y") == (Text("12. May"), Strong("x"), Text("y"))


def test_lines_are_joined_without_a_trace_of_empty_ones() -> None:
    assert joined([line("a"), (), line("b"), line(Strong("c"))], "; ") == (Text("a; b; "), Strong("c"))
    assert joined([], "; ") == ()


@pytest.mark.parametrize(
    ("words", "prose"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_lines_are_listed_as_prose_does(words: list[str], prose: str) -> None:
    assert plain(listed_lines(words)) == prose


def test_words_that_do_not_show_get_no_mark() -> None:
    assert added(" 15 ") == (Added("15"),)
    assert struck("12\n") == (Struck("12"),)
    assert added("\u200f ") == struck("\n") == ()


def test_only_the_markdown_renderer_knows_markdown() -> None:
    # Regular expressions of names.py and citing.py look like footnotes; a wiki takes entities.
    known = {"markdown.py", "names.py", "citing.py", "citation_forms.py"}
    found = {
        f"{path.name}: {node.value!r}"
        for path in ROOM.glob("*.py")
        if path.name not in known
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if any(mark in node.value for mark in MARKS)
    }
    assert not found


def test_every_format_prints_a_target() -> None:
    assert {name for name, form in FORMATS.items() if form.target is None} == set()
