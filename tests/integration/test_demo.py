"""The demo's report holds every change that was planted in its archive, and none that was not."""

import json
import runpy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crawler.cli import main
from crawler.parser import parse
from diffs.model import BlockKind

DEMO_FOLDER = Path(__file__).parents[2] / "seeds" / "demo"
PLANTED: dict[str, Any] = json.loads((DEMO_FOLDER / "planted.json").read_text("utf-8"))


@dataclass(frozen=True)
class Finding:
    """One change as the JSON report gives it, with the captures it lies between."""

    after: str
    until: str
    change: dict[str, Any]

    def __str__(self) -> str:
        change = self.change
        texts = [(change[side] or {}).get("text") for side in ("before", "after")]
        return f"{self.after}-{self.until} {change['kind']}/{change['type']} {texts[0]!r} -> {texts[1]!r}"


@dataclass(frozen=True)
class Published:
    """The files of one run."""

    folder: Path

    def text(self, suffix: str) -> str:
        (path,) = self.folder.glob(f"[!.]*{suffix}")
        return path.read_text("utf-8")

    @property
    def report(self) -> dict[str, Any]:
        report: dict[str, Any] = json.loads(self.text(".json"))
        return report

    def findings(self) -> list[Finding]:
        return [
            Finding(stamp(step["interval"]["after"]), stamp(step["interval"]["until"]), change)
            for step in self.report["transitions"]
            for change in step["changes"]
        ]


def stamp(citation: dict[str, Any]) -> str:
    return "".join(character for character in citation["at"] if character.isdigit())


def published_from(archive: Path, scratch: Path) -> Published:
    """Take an archive through the command line, every capture of it, to its report."""
    places = ["--store", str(scratch / "demo.db"), "--reports", str(scratch / "reports")]
    source = ["--archive-dialect", "warc", "--archive-url", str(archive)]
    assert main([*places, *source, "backfill", PLANTED["url"], "--every-capture"]) == 0
    assert (
        main([*places, "report", PLANTED["url"], "--format", "json", "--out", str(scratch / "reports")]) == 0
    )
    return Published(scratch / "reports")


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Published:
    folder = tmp_path_factory.mktemp("demo")
    assert main(["demo", "--out", str(folder)]) == 0
    return Published(folder)


# --------------------------------------------------------------------------- report against list


def _has(change: dict[str, Any], side: str, words: str | None) -> bool:
    text = (change[side] or {}).get("text") or ""
    return words is None or words in text or (bool(text) and text in words)


def _says(change: dict[str, Any], planted: dict[str, Any]) -> bool:
    """Whether a change stands where the planted one does, in its words."""
    before, after = planted["words"]
    return _has(change, "before", before) and _has(change, "after", after)


def _counts(change: dict[str, Any], planted: dict[str, Any]) -> bool:
    """Whether a change gives the planted figures, of the planted source."""
    sides = ((change["claim_before"], planted["old"]), (change["claim_after"], planted["new"]))
    return all(
        (claim is None) == (value is None)
        and (claim is None or (claim["value"], claim["kind"]) == (value, planted["count"]))
        and (claim is None or planted["source"].casefold() in (claim["attribution"] or "").casefold())
        for claim, value in sides
    )


def _between(finding: Finding, planted: dict[str, Any]) -> bool:
    return (finding.after, finding.until) == (planted["after"], planted["until"])


def reports(finding: Finding, planted: dict[str, Any]) -> bool:
    """Whether a finding is the planted change itself."""
    change = finding.change
    return (
        _between(finding, planted)
        and change["kind"] == planted["kind"]
        and change["type"] in planted["types"]
        and _says(change, planted)
        and (planted["kind"] != "casualty" or _counts(change, planted))
    )


def comes_from(finding: Finding, planted: dict[str, Any]) -> bool:
    """Whether a finding is the planted change, or that change seen as another kind (a headline's figure)."""
    if finding.change["kind"] == "casualty" and planted["count"] is None:
        return False
    figures = finding.change["kind"] != "casualty" or _counts(finding.change, planted)
    return _between(finding, planted) and _says(finding.change, planted) and figures


@pytest.mark.parametrize("planted", PLANTED["changes"], ids=lambda planted: planted["id"])
def test_each_planted_change_is_reported(demo, planted):
    there = [finding for finding in demo.findings() if _between(finding, planted)]
    found = [finding for finding in there if reports(finding, planted)]

    assert found, "instead:\n" + "\n".join(map(str, there))
    # A note is itself a declaration: nobody asks whether it was declared.
    declared = None if planted["kind"] == "correction" else planted["declared"]
    assert {finding.change["declared"] for finding in found} == {declared}


def test_no_substantive_change_is_reported_that_was_not_planted(demo):
    substantive = [finding for finding in demo.findings() if finding.change["weight"] == "substantive"]
    stray = [
        finding
        for finding in substantive
        if not any(comes_from(finding, planted) for planted in PLANTED["changes"])
    ]

    assert substantive
    assert not stray, "\n".join(map(str, stray))


def test_the_versions_and_captures_are_counted_as_planted(demo):
    report = demo.report

    assert len(report["observations"]) == PLANTED["captures"]
    assert len([each for each in report["revisions"] if not each["suspect"]]) == PLANTED["revisions"]


@pytest.mark.parametrize("capture", PLANTED["captures_without_a_change"], ids=lambda capture: capture["trap"])
def test_a_capture_without_a_change_starts_no_version(demo, capture):
    assert capture["at"] not in {stamp(revision["first"]) for revision in demo.report["revisions"]}
    assert capture["at"] not in {finding.until for finding in demo.findings()}


@pytest.mark.parametrize(
    "capture", PLANTED["captures_of_something_else"], ids=lambda capture: capture["trap"]
)
def test_a_capture_of_something_else_is_reported_and_not_used(demo, capture):
    (seen,) = [each for each in demo.report["observations"] if stamp(each["capture"]) == capture["at"]]

    assert seen["outcome"] in ("not_article", "redirect")
    assert seen["reason"]
    assert capture["at"] not in {stamp(each["first"]) for each in demo.report["revisions"]}


def test_the_headline_left_stale_is_the_one_contradiction(demo):
    report = demo.report
    firsts = {revision["number"]: stamp(revision["first"]) for revision in report["revisions"]}
    lasts = {revision["number"]: stamp(revision["last"]) for revision in report["revisions"]}
    found = [
        {
            "count": each["one"]["kind"],
            "one": each["one"]["value"],
            "other": each["other"]["value"],
            "stale_headline": each["stale_headline"],
            "first": firsts[each["since"]],
            "last": lasts[each["until"]],
        }
        for each in report["contradictions"]
    ]

    assert found == [
        {name: value for name, value in each.items() if name != "id"} for each in PLANTED["contradictions"]
    ]


def test_the_figure_that_went_back_is_reported_as_a_return(demo):
    (planted,) = [each for each in PLANTED["changes"] if "returns_to" in each]
    kinds = {
        (finding.change["kind"], finding.change["type"])
        for finding in demo.findings()
        if comes_from(finding, planted)
    }

    assert ("casualty", "reverted") in kinds


# --------------------------------------------------------------------------- what the parser gives


STORY = runpy.run_path(str(DEMO_FOLDER / "make_demo.py"))
PAGES = [page for page in STORY["pages_in"]() if page.shot.version]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.shot.at)
def test_each_page_is_read_word_for_word_and_without_its_furniture(page):
    article = parse(page.body, url=PLANTED["url"], content_type=dict(page.headers)["Content-Type"])
    parts = list(STORY["parts_of"](page.shot.version, STORY["FIGURES"]))
    captions = [block.text for block in article.blocks if block.kind is BlockKind.CAPTION]

    assert article.headline == STORY["headline_of"](page.shot.version, STORY["FIGURES"])
    assert article.standfirst == STORY["STORY"]["standfirst"]
    paragraphs = [text for text in article.text.split("\n\n") if text != article.standfirst]
    assert paragraphs == [words for kind, words, _ in parts if kind == "paragraph"]
    assert [block.text for block in article.blocks if block.kind is BlockKind.CORRECTION] == [
        words for kind, words, _ in parts if kind == "correction"
    ]
    assert [words.startswith(STORY["STORY"]["photo_caption"]) for words in captions] == [True]


# --------------------------------------------------------------------------- what a person reads


@pytest.mark.parametrize("trap", PLANTED["traps"], ids=lambda trap: trap["id"])
def test_no_word_of_a_trap_is_in_the_report_that_a_person_reads(demo, trap):
    text = demo.text(".md")

    assert not [words for words in trap["words"] if words in text]


def _rows(text: str) -> Iterator[list[str]]:
    for line in text.splitlines():
        if line.startswith("| "):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


@pytest.mark.parametrize(
    "planted",
    [
        each
        for each in PLANTED["changes"]
        if each["kind"] == "casualty" and each["old"] != each["new"] and each["old"]
    ],
    ids=lambda planted: planted["id"],
)
def test_each_planted_figure_is_a_row_old_to_new_under_its_source(demo, planted):
    def shows(row: list[str]) -> bool:
        source, step = row[1].casefold(), row[2] if len(row) > 2 else ""
        old, arrow, new = step.partition("→")
        return (
            planted["source"].casefold() in source
            and bool(arrow)
            and str(planted["old"]) in old
            and str(planted["new"]) in new
        )

    assert any(shows(row) for row in _rows(demo.text(".md")))


def test_the_report_names_each_capture_that_was_not_used(demo):
    text = demo.text(".md")
    days = {"03-11 10:05", "03-11 18:10", "03-12 16:20", "03-13 05:11"}

    assert not [day for day in days if day not in text]


# --------------------------------------------------------------------------- made again, and made otherwise


def test_the_report_is_the_same_when_made_again(demo, tmp_path):
    assert main(["demo", "--out", str(tmp_path)]) == 0

    first = {path.name: path.read_bytes() for path in demo.folder.glob("[!.]*")}
    again = {path.name: path.read_bytes() for path in tmp_path.glob("[!.]*")}
    assert first
    assert first == again


def test_one_figure_changed_in_the_story_is_seen_in_the_report(tmp_path):
    archive = STORY["build"](tmp_path / "other.warc.gz", overrides={"association_silent": 10})
    findings = published_from(archive, tmp_path).findings()
    (planted,) = [each for each in PLANTED["changes"] if each["id"] == "silent-figure"]
    other = {**planted, "new": 10, "words": [planted["words"][0], "saying 10 people had died"]}

    assert any(reports(finding, other) for finding in findings)
    assert not any(reports(finding, planted) for finding in findings)


def test_a_story_whose_figure_never_moves_reports_no_such_change(tmp_path):
    archive = STORY["build"](tmp_path / "still.warc.gz", overrides={"association_silent": 9})
    findings = published_from(archive, tmp_path).findings()

    assert findings
    assert not [finding for finding in findings if finding.until == "20250312091533"]


def test_the_report_goes_to_the_folder_set_for_reports(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VARIORUM_REPORTS", str(tmp_path / "mine"))

    assert main(["demo"]) == 0
    assert list((tmp_path / "mine").glob("*.md"))
    assert not (tmp_path / "demo-reports").exists()
