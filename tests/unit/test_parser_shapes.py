"""Pages in the shapes of many years and scripts are read to the word."""

import time
from pathlib import Path

import pytest

from crawler.parser import parse

SHAPES = Path(__file__).parent.parent / "fixtures" / "parser" / "shapes"
NAMES = sorted(path.stem for path in SHAPES.glob("*.html"))


@pytest.mark.parametrize("name", NAMES)
def test_a_page_of_each_shape_gives_its_article_and_nothing_else(name: str) -> None:
    article = parse((SHAPES / f"{name}.html").read_bytes(), url="https://news.example/a")
    expected = (SHAPES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in article.text.splitlines() if line] == expected
    assert article.suspect is None


def test_the_shapes_are_all_there() -> None:
    assert len(NAMES) >= 12


def test_a_page_of_very_many_paragraphs_is_read_in_a_time_that_grows_with_it() -> None:
    paragraph = "<p>The harbour master said that 31 people had died on Monday.</p>"
    started = time.process_time()
    article = parse(f"<h1>Long</h1>{paragraph * 20_000}".encode(), url="https://news.example/a")
    assert article.blocks
    assert time.process_time() - started < 20
