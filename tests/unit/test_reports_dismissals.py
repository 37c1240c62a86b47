"""A finding that a reader dismissed counts nowhere in a report: not in its title, tables, chart or index."""

import re
from datetime import UTC, datetime, timedelta

from diffs.history import history_of, revisions_in
from diffs.model import Article, Change, ChangeKind, Citation, History, Note, Observation, Outcome
from diffs.reports import (
    comparison_of,
    dismissed_in,
    render_chart,
    render_index,
    render_markdown,
    render_terminal,
)
from diffs.reports.html import render_html
from diffs.reports.target import report_of

START = datetime(2024, 3, 5, 7, tzinfo=UTC)
URL = "https://courier.example/ferry"


def history(*tolls: int | str) -> History:
    seen, known = [], {}
    for hour, toll in enumerate(tolls):
        article = Article.from_text(
            "Ferry sinks off the cape", f"The coast guard said {toll} people were killed.", "Boats searched."
        )
        known[article.fingerprint] = article
        capture = Citation(at=START + timedelta(hours=hour), url=URL, archive="wayback")
        seen.append(Observation(capture=capture, outcome=Outcome.FETCHED, fingerprint=article.fingerprint))
    return history_of(revisions_in(seen, known), seen, url=URL)


def figures(known: History, old: int, new: int) -> list[Change]:
    return [
        change
        for step in known.transitions
        for change in step.changes
        if change.kind is ChangeKind.CASUALTY and change.claim_before and change.claim_after
        if (change.claim_before.value, change.claim_after.value) == (old, new)
    ]


def dismissing(changes: list[Change]) -> list[Note]:
    return [Note(change=one.id, text="A typing error.", dismissed=True, at=START) for one in changes]


def table(report: str) -> str:
    return report.partition("| Who counts")[2].partition("\n\n")[0]


def test_a_dismissed_step_stands_neither_in_the_title_nor_on_the_way() -> None:
    known = history(12, 112, 15)
    notes = dismissing(figures(known, 12, 112))
    report = render_markdown(known, notes=notes)
    title = report.partition("\n")[0]
    assert title.endswith("rose from 12 to 15")
    assert "112" not in table(report)
    assert "112" in table(render_markdown(known))


def test_after_a_dismissed_last_step_the_figure_before_it_stands_on() -> None:
    known = history(12, 15, 115)
    report = render_markdown(known, notes=dismissing(figures(known, 15, 115)))
    assert report.partition("\n")[0].endswith("rose from 12 to 15")
    assert "| 12 | **15** |" in table(report)
    assert "last seen" not in table(report)


def test_where_the_only_step_is_dismissed_no_figure_changed() -> None:
    known = history(12, 15)
    report = render_markdown(known, notes=dismissing(figures(known, 12, 15)))
    assert "15" not in report.partition("\n")[0]
    assert "never changed" in table(report)
    assert "No casualty figure changed." in report


def test_chart_and_index_leave_a_dismissed_step_out() -> None:
    known = history(12, 112, 15)
    gone = {change.id for change in figures(known, 12, 112)}
    whole, chart = render_chart(known), render_chart(known, dismissed=gone)
    assert whole is not None
    assert chart is not None
    assert ">112<" in whole
    assert ">112<" not in chart
    index = render_index([known], notes=dismissing(figures(known, 12, 112)))
    assert "12 → 15" in index
    assert "112" not in index


def test_a_step_that_another_finding_shows_too_stays() -> None:
    known = history(12, 15)
    (toll,) = figures(known, 12, 15)
    others = [one for one in known.transitions[0].changes if one.id != toll.id]
    report = render_markdown(known, notes=dismissing(others))
    assert "| 12 | **15** |" in table(report)


def test_the_row_of_a_change_leads_to_its_words_and_these_name_the_number_of_its_id() -> None:
    known = history(12, 15)
    report = render_markdown(known)
    (toll,) = figures(known, 12, 15)
    number = [one.id for one in known.transitions[0].changes].index(toll.id) + 1
    assert f"[{number}](#tue-5-mar-2024-0700--0800--version-1--2)" in report
    words = report.partition("### Tue 5 Mar 2024")[2].partition("## Evidence")[0]
    assert re.search(rf"Findings? (?:\d+, )*{number}\b", words)
    page = render_html(report_of(known))
    assert f'href="#finding-{number}"' in page
    assert page.count(f'id="finding-{number}"') == page.count(f'id="captures-{number}"') == 1
    captures = report.partition("### Captures\n")[2]
    assert f"{number}\u00a0`{toll.id}`" in captures


def test_the_counts_of_a_report_are_reconciled_with_those_of_its_tables() -> None:
    known = history(12, 15, 12)
    number = sum(len(step.changes) for step in known.transitions)
    report = render_markdown(known)
    assert f"JSON and CSV list {number} findings." in report
    assert "the two changes of figures counted above" in report
    assert "of a return to an earlier figure" in report


def compared(known: History, notes: list[Note]) -> str:
    ends = (known.revisions[0].first, known.revisions[-1].first)
    changes = [change for step in known.transitions for change in step.changes]
    dismissed = dismissed_in(known, notes, ends[0].at, ends[1].at)
    return render_terminal(comparison_of(*ends, changes, dismissed=dismissed))


def test_a_comparison_lists_a_dismissed_change_by_itself() -> None:
    known = history(12, 15, 115)
    printed = compared(known, dismissing(figures(known, 15, 115)))
    table, _, gone = printed.partition("Findings that a reader dismissed")
    assert "killed, the coast guard\t12 → 15" in table
    assert "\t15 → 115" not in table
    assert "15 → 115" in gone
    assert "A typing error." in gone
    assert "\t15 → 115" in compared(known, [])


def test_a_comparison_keeps_what_another_finding_of_its_steps_changed_alike() -> None:
    known = history(12, 15, 12, 15)
    every = figures(known, 12, 15)
    first = [one for one in every if one in known.transitions[0].changes]
    assert 0 < len(first) < len(every)
    assert "\t12 → 15" in compared(known, dismissing(first))
    assert "\t12 → 15" not in compared(known, dismissing(every))
