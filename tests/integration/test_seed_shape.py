"""A page in the shape the project began from, copied as text and as HTML, reads the same."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.parser import parse
from diffs.changes import changes_between
from diffs.claims import claims_in
from diffs.model import Article, BlockKind, to_json

SHAPE = Path(__file__).parents[2] / "seeds" / "shape"
EXPECTED: dict[str, Any] = json.loads((SHAPE / "expected.json").read_text("utf-8"))
CAPTURED = datetime(2015, 5, 4, 3, 18, 10, tzinfo=UTC)
FORMS = ("page.txt", "page.html")


def article_of(form: str) -> Article:
    return parse((SHAPE / form).read_bytes(), url=EXPECTED["url"], captured_at=CAPTURED)


@pytest.mark.parametrize("form", FORMS)
def test_headline_and_paragraphs_are_those_of_a_careful_reader(form):
    article = article_of(form)

    assert article.suspect is None
    assert article.headline == EXPECTED["headline"]
    assert [block.text for block in article.blocks] == EXPECTED["paragraphs"]
    assert {block.kind for block in article.blocks} == {BlockKind.PARAGRAPH}


def test_the_copied_page_gives_up_exactly_its_furniture():
    removed = [item.text for item in article_of("page.txt").removed]

    assert removed == [item["text"] for item in EXPECTED["removed"]]


def test_the_page_as_html_gives_up_the_same_furniture_but_the_archives_header():
    removed = {item.text for item in article_of("page.html").removed}

    assert {item["text"] for item in EXPECTED["removed"][1:]} <= removed


@pytest.mark.parametrize("form", FORMS)
def test_the_three_claims_are_read_with_their_sources_and_no_other(form):
    claims = [to_json(claim) for claim in claims_in(article_of(form))]
    read = [{name: claim[name] for name in EXPECTED["claims"][0]} for claim in claims]

    assert read == EXPECTED["claims"]


def test_the_two_forms_are_one_article():
    old, new = (article_of(form) for form in FORMS)

    assert not [
        change
        for change in changes_between(old, new)
        if change.kind.value not in ("headline", "byline", "stamp")
    ]
