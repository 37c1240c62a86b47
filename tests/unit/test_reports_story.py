"""The comparison of many outlets on one event: one axis, a lane a page, and who moved, said so or stayed behind."""

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from twenty_outlets import OUTLETS, twenty_outlets

from diffs.history import history_of, revisions_in
from diffs.model import (
    Article,
    Block,
    BlockKind,
    ChangeKind,
    Citation,
    History,
    Note,
    Observation,
    Outcome,
)
from diffs.reports import FORMATS, Options, render_story, render_story_chart

NAME = "Ferry in the sound"


@pytest.fixture(scope="module")
def pages() -> list[History]:
    return twenty_outlets()


@pytest.fixture(scope="module")
def report(pages: list[History]) -> str:
    return render_story(NAME, pages, chart="chart.svg")


def section(text: str, title: str) -> str:
    return text.partition(f"## {title}\n")[2].partition("\n## ")[0]


def test_the_first_screen_says_who_moved_first_who_said_so_and_who_never_moved(report: str) -> None:
    assert report.startswith(f"# {NAME}: 4 to 21 killed, in 19 outlets\n")
    screen = report.partition("![")[0]
    assert "17 of 20 changed the number killed." in screen
    assert "None was read in The Daily Lantern." in screen
    assert "**Captured first with a new figure: The Harrow Courier.** 4 → 9" in screen
    assert "**Said so, in a correction or in the text:** The Northern Star" in screen
    still = re.findall(r"\*\*Still on an old figure: (.*?)\.\*\*", screen)
    assert still == ["The Evening Beacon", "Morning Record"]
    assert "17 of 18 others had given more" in screen


def test_every_outlet_has_one_row_in_the_order_in_which_figures_moved(report: str) -> None:
    rows = [line for line in section(report, "Outlet by outlet").splitlines() if line.startswith("| [")]
    assert len(rows) == len(OUTLETS)
    assert [row.partition("[")[2].partition("]")[0] for row in rows[:3]] == [
        OUTLETS[0],
        OUTLETS[2],
        OUTLETS[4],
    ]
    assert "| 4 | **19** | 9, 12, 17, 21 |" in next(row for row in rows if "Northern Star" in row)


def test_a_long_list_of_outlets_is_cut_and_counted(report: str) -> None:
    cells = section(report, "Who was captured with which figure first")
    assert "and 13 more" in cells
    assert max(len(re.sub(r"\(http[^)]*\)", "", row)) for row in cells.splitlines()) < 300


def test_the_chart_has_a_lane_for_each_outlet_and_no_figure_over_another(pages: list[History]) -> None:
    drawing = render_story_chart(NAME, pages)
    assert drawing is not None
    texts = [one for one in ET.fromstring(drawing).iter() if one.tag.endswith("text")]
    lanes = [one.text for one in texts if one.get("font-size") == "13"]
    assert len(lanes) == 19
    assert "style=" not in drawing, "the page's policy forbids it"
    boxes = [
        (float(one.attrib["y"]), float(one.attrib["x"]), float(one.attrib["x"]) + 6.6 * len(one.text or ""))
        for one in texts
        if one.get("font-weight") == "600" and one.get("font-size") == "11"
    ]
    boxes.sort()
    assert all(a[0] != b[0] or a[2] <= b[1] for a, b in pairwise(boxes))


def test_a_story_counts_no_dismissed_change(pages: list[History]) -> None:
    first = pages[0]
    gone = [
        Note(change=change.id, text="", dismissed=True, at=first.observations[0].capture.at)
        for step in first.transitions
        for change in step.changes
        if change.kind is ChangeKind.CASUALTY
    ]
    (_, pieces) = next(
        file
        for file in FORMATS["md"].story(NAME, pages, Options(notes=gone))  # type: ignore[misc]
        if file[0] == ".md"
    )
    text = "".join(pieces)
    assert "16 of 20 changed the number killed." in text
    assert "Captured first with a new figure: The Harrow Courier" not in text


def test_the_same_story_gives_the_same_bytes_and_a_page_of_moderate_size(pages: list[History]) -> None:
    made = ["".join(pieces) for _, pieces in FORMATS["html"].story(NAME, pages, Options())]  # type: ignore[misc]
    assert made == ["".join(pieces) for _, pieces in FORMATS["html"].story(NAME, pages[::-1], Options())]  # type: ignore[misc]
    assert sum(len(text.encode()) for text in made) < 200_000


def test_a_silent_change_of_a_source_that_does_not_lead_is_told_with_its_source() -> None:
    start = datetime(2025, 3, 11, 6, tzinfo=UTC)
    articles = [
        Article(
            headline="Ferry capsizes",
            url="https://courier.example/ferry",
            publisher="The Courier",
            language="en",
            modified=start + timedelta(hours=version),
            blocks=tuple(
                Block(kind=BlockKind.PARAGRAPH, text=text)
                for text in (
                    f"The Interior Ministry said {ministry} people were killed.",
                    f"The Hospitals Association said {hospitals} people had died.",
                )
            ),
        )
        for version, ministry, hospitals in ((0, 7, 9), (1, 12, 9), (1, 12, 11), (2, 15, 11))
    ]
    observations = [
        Observation(
            capture=Citation(at=start + timedelta(hours=hour), url=article.url or "", archive="wayback"),
            outcome=Outcome.FETCHED,
            fingerprint=article.fingerprint,
        )
        for hour, article in enumerate(articles)
    ]
    known = {article.fingerprint: article for article in articles}
    page = history_of(revisions_in(observations, known), observations, url="https://courier.example/ferry")
    text = render_story(NAME, [page])
    assert "**Silently:** The Courier (9 → 11 per the Hospitals Association)." in text
    assert "**Under a new date alone:** The Courier (7 → 12, 12 → 15)." in section(text, "Did they say so?")
