"""The Markdown report says what happened, since when, how surely, and on what proof."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from diffs.history import history_of, revisions_in
from diffs.model import Article, Block, BlockKind, Citation, History, Note, Observation, Outcome
from diffs.reports import render_index, render_markdown, render_story, render_story_chart

START = datetime(2024, 3, 5, 7, tzinfo=UTC)
URL = "https://courier.example/ferry"
ROOT = Path(__file__).parents[2]
StoredCapture = Article | Outcome


def page(
    *paragraphs: str, headline: str = "Ferry sinks", note: str | None = None, **fields: object
) -> Article:
    blocks = [Block(kind=BlockKind.PARAGRAPH, text=text) for text in paragraphs]
    blocks += [Block(kind=BlockKind.CORRECTION, text=note)] if note else []
    known = {"publisher": "The Courier", "language": "en", "url": URL} | fields
    return Article(headline=headline, blocks=tuple(blocks), **known)


def history(*seen: StoredCapture, minutes: int = 60, url: str = URL, public: bool = True) -> History:
    articles = {one.fingerprint: one for one in seen if isinstance(one, Article)}
    observations = []
    for index, one in enumerate(seen):
        at = START + timedelta(minutes=minutes * index)
        link = f"https://web.archive.org/web/{at:%Y%m%d%H%M%S}/{url}" if public else None
        archive = "wayback" if public else "evidence.warc.gz"
        capture = Citation(at=at, url=url, archive=archive, link=link, digest="ABCD", sha256="ef" * 32)
        if isinstance(one, Article):
            observations.append(
                Observation(capture=capture, outcome=Outcome.FETCHED, fingerprint=one.fingerprint)
            )
        else:
            observations.append(Observation(capture=capture, outcome=one, reason="the archive said no"))
    return history_of(revisions_in(observations, articles), observations, url=url)


def toll(number: int, **fields: object) -> Article:
    return page(f"The coast guard said {number} people were killed.", **fields)


def section(report: str, title: str) -> str:
    return report.partition(f"## {title}\n")[2].partition("\n## ")[0]


def test_a_change_stands_between_the_captures_that_bound_it() -> None:
    report = render_markdown(history(toll(12), toll(13)))
    assert "after 2024-03-05 07:00 UTC and not later than 2024-03-05 08:00 UTC" in section(report, "Summary")
    assert "said ~~12~~ **13** people" in section(report, "Changes, newest first")


def test_every_finding_cites_both_captures_and_their_comparison() -> None:
    report = render_markdown(history(toll(12), toll(13)))
    marks = re.findall(r"^- \*\*.*\[\^(\d+)\]", section(report, "Changes, newest first"), re.MULTILINE)
    assert marks
    for mark in marks:
        footnote = re.search(rf"^\[\^{mark}\]: (.*)$", report, re.MULTILINE)
        assert footnote is not None
        assert "(https://web.archive.org/web/20240305070000/https://courier.example/ferry)" in footnote[1]
        assert "(https://web.archive.org/web/20240305080000/https://courier.example/ferry)" in footnote[1]
        side = "https://web.archive.org/web/diff/20240305070000/20240305080000/https://courier.example/ferry"
        assert f"[Both side by side]({side})" in footnote[1]
        assert "archive digest `ABCD`, SHA-256 `efefefefefefefef`" in footnote[1]


def test_every_footnote_is_cited_and_every_citation_has_one() -> None:
    report = render_markdown(history(toll(12), Outcome.FAILED, toll(13), toll(12)))
    defined = re.findall(r"^\[\^(\d+)\]: ", report, re.MULTILINE)
    cited = re.findall(r"\[\^(\d+)\](?!: )", report)
    assert defined == [str(number) for number in range(1, len(defined) + 1)]
    assert set(cited) == set(defined)


def test_captures_without_an_address_are_named_by_time_archive_and_digest() -> None:
    report = render_markdown(history(toll(12), toll(13), public=False))
    assert "2024-03-05 07:00:00 UTC, archive digest `ABCD`" in report
    assert "have no public address: they were read from evidence\\.warc\\.gz" in report
    assert "](http" not in report


def test_a_page_that_never_changed_says_so_and_over_how_many_captures() -> None:
    report = render_markdown(history(*[toll(12)] * 4))
    told = "No change was found in 4 captures between 2024-03-05 07:00 UTC and 2024-03-05 10:00 UTC."
    assert told in section(report, "Summary")
    assert "12 killed per “the coast guard”" in section(report, "Summary")


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        ([], "No capture of this page is known."),
        ([Outcome.FAILED, Outcome.NOT_ARTICLE], "No capture could be read as an article"),
        ([toll(12)], "One capture is known, of 2024-03-05 07:00 UTC"),
    ],
)
def test_a_history_without_anything_to_compare_reads_well(seen: list[StoredCapture], told: str) -> None:
    report = render_markdown(history(*seen))
    assert told in section(report, "Summary")
    assert "None" not in report


def test_what_could_not_be_used_is_listed_with_its_reason() -> None:
    report = render_markdown(history(toll(12), Outcome.FAILED, Outcome.PENDING, toll(13)))
    assert "Not used: 1 could not be fetched and 1 not asked for yet" in section(report, "Summary")
    examined = section(report, "What was examined")
    assert re.search(
        r"2024-03-05 08:00 UTC\[\^\d+\], could not be had from the archive: the archive said no", examined
    )
    changes = section(report, "Changes, newest first")
    assert "In between, 2 captures could not be used" in changes


def test_a_suspect_version_is_left_out_and_says_why() -> None:
    broken = toll(0, suspect="a cookie notice")
    report = render_markdown(history(toll(12), broken, toll(12)))
    assert "Version 2, 2024-03-05 08:00 UTC: 1 capture, suspect: a cookie notice." in report
    assert "**" not in section(report, "Changes, newest first")


def test_a_return_to_an_older_figure_stands_with_the_change_that_made_it() -> None:
    changes = section(render_markdown(history(toll(12), toll(13), toll(12))), "Changes, newest first")
    assert changes.count("12** people") == 1
    assert "(back to what version 1 had)" in changes
    assert "The whole text of version 1 came back." in changes


def test_a_stale_cache_is_named_as_such_and_left_out_of_the_summary() -> None:
    report = render_markdown(history(toll(12), toll(13), toll(12), minutes=8))
    assert "went from" not in section(report, "Summary")
    assert "2 steps looked like a stale cache rather than an edit" in section(report, "Summary")


def test_a_silent_change_and_a_declared_one_are_told_apart() -> None:
    first, second = START, START + timedelta(hours=1)
    silent = render_markdown(history(toll(12, modified=first), toll(13, modified=first)))
    declared = render_markdown(history(toll(12, modified=first), toll(13, modified=second)))
    assert "The one change of casualty figures was silent" in silent
    assert "was accompanied by nothing but a new modification date" in declared
    assert "The page's modification date moved from 2024-03-05 07:00 UTC to 2024-03-05 08:00 UTC." in declared
    assert "“silent” where the page has such a date" in section(silent, "What was examined")


def test_a_correction_note_is_kept_with_its_time() -> None:
    report = render_markdown(history(toll(12), toll(13, note="Correction: 13 people were killed, not 12.")))
    rows = section(report, "Corrections and editor's notes")
    assert "| Correction: 13 people were killed, not 12. | 2024-03-05 08:00 UTC[^" in rows


def test_a_headline_that_stays_behind_its_text_is_in_the_summary() -> None:
    report = render_markdown(
        history(toll(12, headline="12 killed on ferry"), toll(15, headline="12 killed on ferry"))
    )
    assert "from 2024-03-05 08:00 UTC it has 12 killed where the text has 15" in section(report, "Summary")
    assert "The headline no longer agrees with the text" in section(report, "Figures that disagree")


def test_a_moved_passage_is_listed_apart_from_the_changes() -> None:
    texts = [
        f"Paragraph {word} of the story says something of its own about {word}s."
        for word in ("one", "two", "six")
    ]
    report = render_markdown(history(page(*texts), page(texts[2], *texts[:2])))
    assert "Paragraph" in section(report, "Moved passages")
    assert "listed below" in section(report, "Changes, newest first")


def test_figures_that_were_not_read_for_the_language_are_said_not_to_be() -> None:
    report = render_markdown(history(page("Siete personas murieron.", language="es")))
    assert "Figures not read: language es." in report
    assert "No casualty figure could be read" not in report


def test_notes_stand_with_their_finding_and_dismissed_findings_apart() -> None:
    known = history(toll(12), toll(13))
    figure = next(change for change in known.transitions[0].changes if change.claim_after)
    note = Note(change=figure.id, text="Confirmed by phone.", dismissed=False, at=START)
    gone = Note(change=figure.id, text="A typing error.", dismissed=True, at=START + timedelta(days=1))
    noted = section(render_markdown(known, notes=[note]), "Changes, newest first")
    assert "Note, 2024-03-05 07:00 UTC: Confirmed by phone." in noted
    report = render_markdown(known, notes=[note, gone])
    assert "A typing error." in section(report, "Findings that a reader dismissed")
    assert "| **13**" not in section(report, "Casualty figures")
    assert render_markdown(known, notes=[gone, note]) == report


def test_a_figure_that_disagrees_can_be_noted_and_dismissed_too() -> None:
    known = history(toll(15, headline="12 killed on ferry"))
    finding = known.contradictions[0].id
    noted = render_markdown(
        known, notes=[Note(change=finding, text="Asked them.", dismissed=False, at=START)]
    )
    assert "Asked them." in section(noted, "Figures that disagree")
    gone = render_markdown(known, notes=[Note(change=finding, text="A pun.", dismissed=True, at=START)])
    assert section(gone, "Figures that disagree") == ""
    assert finding in section(gone, "Findings that a reader dismissed")


def test_full_text_is_given_on_demand_only() -> None:
    known = history(toll(12), toll(13))
    assert "Full text" not in render_markdown(known)
    assert "The coast guard said 13 people were killed." in section(
        render_markdown(known, full_text=True), "Full text of each version"
    )


def test_front_matter_tells_what_a_site_generator_wants() -> None:
    report = render_markdown(history(toll(12, headline='A "quoted": headline'), toll(13, headline="x")))
    front = yaml.safe_load(report.split("---\n")[1])
    assert front["title"] == "x"
    assert front["url"] == URL
    assert (front["captures"], front["captures_read"], front["versions"]) == (2, 2, 2)
    assert front["first_capture"] == "2024-03-05T07:00:00Z"


def test_the_example_in_the_documentation_is_the_report_of_today() -> None:
    golden = (ROOT / "tests" / "golden" / "silent-edit" / "report.md").read_text(encoding="utf-8")
    summary = section(golden, "Summary").strip().splitlines()[0]
    assert f"> {summary}\n" in (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")


def story() -> list[History]:
    wire = history(toll(12), toll(15), toll(17), url="https://wire.example/a")
    late = history(toll(12), toll(12), toll(12, headline="12 killed"), toll(15, headline="12 killed"))
    still = history(
        toll(12, publisher="The Post"), toll(12, publisher="The Post"), url="https://post.example/c"
    )
    quiet = history(page("Rain fell.", publisher="The Rain"), url="https://rain.example/d")
    return [late, still, wire, quiet]


def test_a_story_tells_who_moved_first_who_never_did_and_whose_headline_stayed_behind() -> None:
    report = render_story("Ferry", story())
    summary = section(report, "Summary")
    assert "The first to be captured with a changed number killed was The Courier: 12 to 15" in summary
    assert "No source's number killed changed in The Post." in summary
    assert "No number killed was read in The Rain." in summary
    assert "A headline stayed behind its own text in The Courier." in summary
    assert "the headline says 12, the text 15" in section(report, "Headlines that stayed behind")


def test_a_story_lists_outlets_in_the_order_in_which_they_had_a_number() -> None:
    hear, tell = toll(12, publisher="Early"), toll(12, publisher="Late")
    early = history(hear, url="https://early.example/")
    late = history(Outcome.FAILED, tell, url="https://late.example/")
    rows = section(render_story("Ferry", [late, early]), "Who was captured with which number first")
    assert rows.index("Early") < rows.index("Late")


def test_a_story_is_the_same_whatever_the_order_of_its_pages() -> None:
    pages = story()
    assert render_story("Ferry", pages) == render_story("Ferry", pages[::-1])
    assert render_story_chart("Ferry", pages[3:]) is None


def test_the_index_lists_every_target_the_last_to_change_first() -> None:
    index = render_index(story())
    rows = [line for line in index.splitlines() if line.startswith("| [")]
    assert len(rows) == 4
    assert "2024-03-05 10:00 UTC" in rows[0]
    assert "no change found" in rows[-1]
    assert "12 → 15 → 17" in index
    assert "Nothing is tracked yet." in render_index([])


def test_a_number_that_only_the_headline_moved_is_told_as_the_headlines() -> None:
    first, second = (
        page("The mall was hit at noon and 30 people died.", headline=f"Strike kills at least {number}")
        for number in (2, 3)
    )
    report = render_markdown(history(first, second))
    assert "The number killed in the headline went from at least 2 to at least 3" in section(
        report, "Summary"
    )
    assert "| headline, no source named | killed | at least 2 → **at least 3** |" in report


def test_a_figure_that_lost_its_source_is_not_said_to_have_stood() -> None:
    report = render_markdown(
        history(
            page("At least five people died, police said."), page("At least six people died in the square.")
        )
    )
    summary = section(report, "Summary")
    assert "No source's casualty figure moved" not in summary
    assert "from at least 5 (per “police”) to at least 6 (no source named)" in summary


def test_a_note_that_names_the_change_is_told_from_a_date_that_only_moved() -> None:
    first, second = START, START + timedelta(hours=1)
    note = "Correction: 13 people were killed, not 12."
    report = render_markdown(history(toll(12, modified=first), toll(13, modified=second, note=note)))
    assert "The one change of casualty figures was named in a note" in section(report, "Summary")
    assert "(named in a note): killed (people)" in report


def test_a_page_on_which_only_wording_moved_says_that_nothing_of_substance_did() -> None:
    report = render_markdown(history(page("The inn is shut."), page("The inn is closed.")))
    assert "Nothing of substance changed, only minor wording or dates." in section(report, "Summary")


def test_a_passage_is_told_once_with_all_that_is_found_in_it() -> None:
    said = "“We heard nothing but water,” the keeper said."
    changes = section(
        render_markdown(history(page("Rain fell."), page("Rain fell.", said))), "Changes, newest first"
    )
    assert changes.count("We heard nothing but water") == 1
    assert "**Text added**, with a quotation" in changes


def test_passages_that_came_one_after_another_share_an_entry_and_keep_their_codes() -> None:
    new = page(
        "Rain fell.", "The mill burned all night.", "The inn closed at nine.", "Snow fell on the pass."
    )
    report = render_markdown(history(page("Rain fell.", "The inn closed at nine."), new))
    changes = section(report, "Changes, newest first")
    assert changes.count("- **Text added**") == 1
    for words in ("The mill burned all night", "Snow fell on the pass"):
        assert re.search(rf"> \*\*{words}\.\*\* `[0-9a-f]{{16}}`", changes)


def test_a_long_run_of_passages_is_cut_and_counted_unless_all_is_asked_for() -> None:
    kept = ["Rain fell.", "The inn closed at nine."]
    more = [f"The keeper of lock {word} went home." for word in "abcdefghijklmnopqrst"]
    told = history(page(*kept), page(*kept, *more))
    assert "And 5 more passages, listed in the JSON form." in render_markdown(told)
    assert "more passages" not in render_markdown(told, full_text=True)


def test_a_note_that_was_taken_off_again_is_said_to_be_gone() -> None:
    note = "Correction: 13 people were killed, not 12."
    noted = history(toll(12), toll(13, note=note))
    gone = history(toll(12), toll(13, note=note), toll(13))
    assert "none stands in the last version" not in section(render_markdown(noted), "Summary")
    assert "note stood on the page, and none stands in the last version read" in render_markdown(gone)
