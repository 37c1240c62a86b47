"""A report says in a sentence that a page gives more figures than it holds against each other."""

from datetime import UTC, datetime, timedelta

import pytest

from diffs.history import contradictions, contradictions_in, history_of, revisions_in
from diffs.model import Article, Citation, History, Observation, Outcome
from diffs.reports import render_markdown, series

URL = "https://courier.example/flood"
START = datetime(2024, 2, 3, 6, 30, tzinfo=UTC)


def known(*articles: Article) -> History:
    seen = [
        Observation(
            capture=Citation(at=START + timedelta(hours=number), url=URL, archive="wayback"),
            outcome=Outcome.FETCHED,
            fingerprint=one.fingerprint,
        )
        for number, one in enumerate(articles)
    ]
    return history_of(revisions_in(seen, {one.fingerprint: one for one in articles}), seen, url=URL)


def port(number: int) -> Article:
    return Article.from_text("A", *(f"{2 + 7 * index} dead in the port." for index in range(number)))


def sources(number: int) -> Article:
    names = [
        f"{first}{last}" for first in ("Orl", "Bern", "Kast", "Dov") for last in ("in", "ak", "os", "et")
    ]
    texts = [f"Mayor {name} said {20 + at} people were killed." for at, name in enumerate(names[:number])]
    return Article.from_text("The flood", *texts)


def test_more_than_fifty_pairs_that_disagree_are_said_to_be_cut() -> None:
    assert len(contradictions_in(port(20))) == 50
    report = render_markdown(known(port(3), port(20)))
    assert "Of version 2 no more than 50 pairs of figures that disagree are named" in report
    assert "no more than 50 pairs" not in render_markdown(known(port(3), port(6)))


def test_figures_too_far_apart_to_be_compared_are_said_to_be_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    assert contradictions.names_all(port(5))
    monkeypatch.setattr(contradictions, "MOST_BESIDE", 3)
    assert not contradictions.names_all(port(5))


@pytest.mark.parametrize(("most", "cut"), [(8, True), (9, False)])
def test_tolls_that_are_not_followed_are_said_to_be_so(
    monkeypatch: pytest.MonkeyPatch, *, most: int, cut: bool
) -> None:
    monkeypatch.setattr(series, "MOST_FOLLOWED", most)
    history = known(sources(8), Article.from_text("The flood", "The river fell."))
    assert len(series.series_in(history)) == 8
    assert series.follows_all(history) is not cut
    assert ("of any further one only its changes are listed" in render_markdown(history)) is cut
