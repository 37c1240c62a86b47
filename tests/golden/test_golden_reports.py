"""Small histories of our own words, and the reports a reader gets of them.

After a change to the reports that is meant, `python tests/golden/test_golden_reports.py` writes the
expected files anew; read the difference as an editor would before keeping it.
"""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from diffs.history import history_of, revisions_in
from diffs.model import (
    Article,
    Block,
    BlockKind,
    Citation,
    Headlines,
    History,
    Observation,
    Outcome,
    digest_of,
)
from diffs.reports import render_chart, render_markdown, render_story, render_story_chart

HERE = Path(__file__).parent
CASES = sorted(path.parent.name for path in HERE.glob("*/captures.toml"))


def history_from(name: str) -> History:
    """Read a case's captures as the pipeline would have stored them."""
    case = tomllib.loads((HERE / name / "captures.toml").read_text(encoding="utf-8"))
    articles = {entry["name"]: article_from(entry, case) for entry in case["article"]}
    observations = [observation_from(entry, case, articles) for entry in case["capture"]]
    by_fingerprint = {article.fingerprint: article for article in articles.values()}
    revisions = revisions_in(observations, by_fingerprint)
    return history_of(revisions, observations, url=case["url"], aliases=case.get("aliases", ()))


def article_from(entry: dict[str, Any], case: dict[str, Any]) -> Article:
    def stamp(name: str) -> datetime | None:
        return datetime.fromisoformat(entry[name]) if name in entry else None

    paragraphs = [Block(kind=BlockKind.PARAGRAPH, text=text) for text in entry["paragraphs"]]
    corrections = [Block(kind=BlockKind.CORRECTION, text=text) for text in entry.get("corrections", ())]
    return Article(
        headline=entry["headline"],
        headlines=Headlines(h1=entry["headline"]),
        byline=entry.get("byline"),
        published=stamp("published"),
        modified=stamp("modified"),
        language=case["language"],
        publisher=case["publisher"],
        url=case["url"],
        parser=entry.get("parser", "7"),
        blocks=(*paragraphs, *corrections),
        suspect=entry.get("suspect"),
        notes=tuple(entry.get("notes", ())),
    )


def observation_from(
    entry: dict[str, Any], case: dict[str, Any], articles: dict[str, Article]
) -> Observation:
    article = articles.get(entry.get("article", ""))
    shown = digest_of(entry.get("article", entry["at"]))
    capture = Citation(
        at=datetime.strptime(entry["at"], "%Y%m%d%H%M%S").replace(tzinfo=UTC),
        url=case["url"],
        archive=case.get("archive", "wayback"),
        link=f"https://web.archive.org/web/{entry['at']}/{case['url']}" if case.get("public", True) else None,
        digest=shown[:32].upper(),
        sha256=shown if article else None,
    )
    return Observation(
        capture=capture,
        outcome=Outcome(entry.get("outcome", "fetched")),
        reason=entry.get("reason"),
        fingerprint=article.fingerprint if article else None,
    )


def files_of(name: str) -> dict[str, str]:
    history = history_from(name)
    chart = render_chart(history)

    report = render_markdown(history, chart="chart.svg" if chart else None)
    return {"report.md": report} | ({"chart.svg": chart} if chart else {})


def story_files() -> dict[str, str]:
    pages = [history_from("rival-sources"), history_from("stale-headline")]
    chart = render_story_chart("Dunmarr Pass", pages)
    assert chart is not None
    return {"story.md": render_story("Dunmarr Pass", pages, chart="chart.svg"), "chart.svg": chart}


@pytest.mark.parametrize("name", CASES)
def test_a_history_gives_the_report_that_was_read_and_kept(name: str) -> None:
    for file, text in files_of(name).items():
        assert text == (HERE / name / file).read_text(encoding="utf-8"), f"{name}/{file}"


@pytest.mark.parametrize("name", CASES)
def test_a_second_run_gives_the_same_bytes(name: str) -> None:
    assert files_of(name) == files_of(name)


def test_two_outlets_on_one_event_give_the_comparison_that_was_read_and_kept() -> None:
    for file, text in story_files().items():
        assert text == (HERE / "story" / file).read_text(encoding="utf-8"), file


def rewrite() -> None:
    for file, text in story_files().items():
        (HERE / "story" / file).write_text(text, encoding="utf-8")
    for name in CASES:
        for file, text in files_of(name).items():
            (HERE / name / file).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    rewrite()
