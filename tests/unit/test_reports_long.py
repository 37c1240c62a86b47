"""A year of sixty versions stays readable: one line a step, stretches without substance folded, details behind."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from diffs.history import history_of, revisions_in
from diffs.model import Article, Block, BlockKind, Citation, History, Observation, Outcome
from diffs.reports import FORMATS, Options, render_markdown
from diffs.reports.document import Document, Paragraph, Section, line
from diffs.reports.markdown import render_document

START = datetime(2024, 2, 3, 6, 30, tzinfo=UTC)
URL = "https://courier.example/flood"
TOLLS = {
    0: (4, "police"), 3: (9, "police"), 6: (12, "police"), 7: (11, "police"), 12: (17, "the governor"),
    20: (19, "the governor"), 33: (21, "the governor"), 34: (19, "the governor"), 50: (22, "a parliamentary inquiry"),
}  # fmt: skip
RIVER = "The river rose again in the night and the bridge at Orsk stayed closed to heavy traffic."


def versions() -> list[Article]:
    found, (toll, who) = [], TOLLS[0]
    for number in range(60):
        toll, who = TOLLS.get(number, (toll, who))
        texts = [
            f"{who[0].upper()}{who[1:]} said {toll} people were killed in the flood.",
            "The dam above the town had been inspected in spring.",
            RIVER.replace("again", ("again", "once more", "anew", "still")[number % 4]),
        ]
        texts += ["Residents say they were warned too late."] if 25 < number < 45 else []
        blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in texts)
        modified = START + timedelta(days=6 * (number - 1 + number % 2))
        found.append(
            Article(
                headline="The Orsk flood",
                publisher="The Courier",
                language="en",
                modified=modified,
                blocks=blocks,
            )
        )
    return found


def year() -> History:
    seen, known = [], {}
    for number, article in enumerate(versions()):
        known[article.fingerprint] = article
        for look in range(1 + number % 3):
            at = START + timedelta(days=6 * number, hours=7 * look)
            link = f"https://web.archive.org/web/{at:%Y%m%d%H%M%S}/{URL}"
            capture = Citation(at=at, url=URL, archive="wayback", link=link, digest=article.fingerprint[:32])
            seen.append(
                Observation(capture=capture, outcome=Outcome.FETCHED, fingerprint=article.fingerprint)
            )
    return history_of(revisions_in(seen, known), seen, url=URL)


@pytest.fixture(scope="module")
def known() -> History:
    return year()


@pytest.fixture(scope="module")
def report(known: History) -> str:
    return re.sub(r"\]\(https?://[^)]*\)", "]", render_markdown(known))


def rows(report: str) -> list[list[str]]:
    table = report.partition("## What changed, in order\n")[2].partition("\n## ")[0]
    return [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")][2:]


def test_each_step_of_substance_has_one_line_and_the_rest_is_folded(known: History, report: str) -> None:
    found = rows(report)
    figures = [row for row in found if row[1].startswith("killed")]
    folded = [row for row in found if "without a change of substance" in row[2]]
    assert len(figures) == len(TOLLS) - 1
    assert len(found) < 0.8 * len(known.transitions)
    steps = sum(int(row[2].split()[0]) for row in folded)
    assert len(found) - len(folded) + steps == len(known.transitions)


def test_each_line_names_the_day_on_which_it_begins(report: str) -> None:
    assert all(re.match(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d", row[0]) for row in rows(report))


def test_a_toll_that_sources_took_over_from_each_other_is_told_from_its_start_to_its_end(report: str) -> None:
    assert report.startswith(
        "# The death toll in this article rose from 4 to 22, falling twice on the way, given by three sources in turn\n"
    )


def test_what_swung_is_told_once(report: str) -> None:
    looks = report.partition("## Worth a look\n")[2].partition("\n![")[0]
    assert looks.count("12 → 11") == 1
    assert looks.count("21 → 19") == 1


def test_in_html_the_words_of_folded_steps_are_behind_their_heading(known: History) -> None:
    page = "".join(next(iter(FORMATS["html"].target(known, Options())))[1])
    assert page.count("<details>") == page.count("</details>")
    assert page.count("<details>") > 10
    opened = re.sub(r"<details>.*?</details>", "", page, flags=re.DOTALL)
    assert "killed in the flood" in opened
    assert len(page.encode()) < 200_000


@pytest.mark.parametrize("name", ["md", "html"])
def test_a_long_report_is_written_in_pieces_none_of_which_is_most_of_it(known: History, name: str) -> None:
    [pieces] = [list(text) for ending, text in FORMATS[name].target(known, Options()) if ending != ".svg"]
    whole = "".join(pieces)
    assert whole.endswith("\n")
    assert not whole.endswith("\n\n")
    assert max(map(len, pieces)) < 0.6 * len(whole)


def test_what_is_empty_within_a_section_leaves_its_blank_lines_and_at_the_top_nothing() -> None:
    inner = Section(line("Two"), (Paragraph(line("c")), Paragraph(line())))
    blocks = (Paragraph(line()), Section(line("One"), (Paragraph(line()), Paragraph(line("b")), inner)))
    page = render_document(Document(title=line("T"), blocks=blocks))
    assert page == "# T\n\n## One\n\n\n\nb\n\n### Two\n\nc\n"
