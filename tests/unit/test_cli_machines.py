"""What machines are given goes out page by page, so that many pages take no more memory than one."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from crawler.cli.machines import print_machine
from crawler.publish import Page
from diffs.history import history_of, revisions_in
from diffs.model import Article, Citation, Observation, Outcome

START = datetime(2024, 3, 5, 7, tzinfo=UTC)


def page(number: int) -> Page:
    url = f"https://courier.example/{number}"
    articles = [
        Article.from_text("Ferry sinks", f"The coast guard said {toll} people were killed.")
        for toll in (12, 15)
    ]
    seen = [
        Observation(
            capture=Citation(at=START + timedelta(hours=hour), url=url, archive="wayback"),
            outcome=Outcome.FETCHED,
            fingerprint=one.fingerprint,
        )
        for hour, one in enumerate(articles)
    ]
    revisions = revisions_in(seen, {one.fingerprint: one for one in articles})
    return Page(history=history_of(revisions, seen, url=url), notes=())


@pytest.mark.parametrize("form", ["json", "csv"])
def test_each_page_is_printed_before_the_next_is_read(capsys, form):
    printed = ""

    def pages():
        nonlocal printed
        for number in range(4):
            yield page(number)
            printed += capsys.readouterr().out
            assert f"https://courier.example/{number}" in printed

    assert print_machine(pages(), form, one=False) >= 4
    printed += capsys.readouterr().out
    if form == "json":
        assert [one["url"] for one in json.loads(printed)] == [
            f"https://courier.example/{n}" for n in range(4)
        ]
