"""A casualty figure is told once a change, under the sources that gave it and no other."""

from datetime import UTC, datetime, timedelta

from diffs.history import history_of, revisions_in
from diffs.model import Article, Block, BlockKind, Citation, History, Observation, Outcome
from diffs.reports import render_atom, render_markdown

START = datetime(2024, 3, 5, 7, tzinfo=UTC)
URL = "https://courier.example/ferry"


def page(headline: str, *paragraphs: str) -> Article:
    blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in paragraphs)
    return Article(headline=headline, blocks=blocks, publisher="The Courier", language="en", url=URL)


def history(*articles: Article, seconds: int = 3600) -> History:
    seen = [
        Observation(
            capture=Citation(at=START + timedelta(seconds=seconds * n), url=URL, archive="wayback"),
            outcome=Outcome.FETCHED,
            fingerprint=article.fingerprint,
        )
        for n, article in enumerate(articles)
    ]
    known = {article.fingerprint: article for article in articles}
    return history_of(revisions_in(seen, known), seen, url=URL)


def rows(report: str, section: str) -> list[list[str]]:
    """Give the cells of the table under a heading, without its head."""
    lines = report.partition(f"# {section}\n")[2].partition("\n#")[0].splitlines()
    return [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")][2:]


OTHER_SOURCE = history(
    page("Seven killed as ferry sinks, harbour master says", "Boats are at the wreck."),
    page("Eleven killed as ferry sinks, authorities say", "Boats are at the wreck."),
)


def test_a_number_that_another_source_gives_is_one_change_and_names_both() -> None:
    report = render_markdown(OTHER_SOURCE)
    (row,) = rows(report, "When they changed")
    assert row[0] == "harbour master, then authorities, in the headline"
    assert row[2] == "7 → **11**"
    assert "the one change of a casualty figure" in report
    assert "per “harbour master”, then per “authorities”: 7 → **11**" in report


def test_a_feed_tells_such_a_number_once_under_both_types() -> None:
    feed = render_atom([OTHER_SOURCE], title="Changes")
    (title,) = (line for line in feed.splitlines() if "casualty figure" in line and "<title>" in line)
    assert "per harbour master, then per authorities: 7 → 11" in title
    assert feed.count('term="increased"') == feed.count('term="reattributed"') == 1
