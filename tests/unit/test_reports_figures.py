"""A casualty figure is told once a change, under the sources that gave it and no other."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from diffs.history import history_of, revisions_in
from diffs.model import (
    Article,
    Block,
    BlockKind,
    ChangeType,
    Citation,
    Headlines,
    History,
    Observation,
    Outcome,
)
from diffs.reports import render_atom, render_chart, render_markdown
from diffs.reports.headlines import passages_in
from diffs.reports.wording import duration

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
    """Return the cells of the table under a heading, without its head."""
    lines = report.partition(f"# {section}\n")[2].partition("\n#")[0].splitlines()
    return [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")][2:]


ORDER = "What changed, in order"


def order(report: str) -> list[list[str]]:
    """Return the rows of what changed: what, old → new, and whether the page said so."""
    return [row[1:] for row in rows(report, ORDER)]


OTHER_SOURCE = history(
    page("Seven killed as ferry sinks, harbour master says", "Boats are at the wreck."),
    page("Eleven killed as ferry sinks, authorities say", "Boats are at the wreck."),
)


def test_a_number_that_another_source_gives_is_one_change_and_names_both() -> None:
    report = render_markdown(OTHER_SOURCE)
    tolls = [row for row in order(report) if row[0].startswith("killed")]
    assert [row[:2] for row in tolls] == [
        ["killed, headline (harbour master, then authorities)", "7 → **11**"]
    ]
    assert "One change of a figure," in report
    assert "per “harbour master”, then per “authorities”: 7 → **11**" in report


def test_a_headline_s_row_names_each_source_that_its_figures_are_of() -> None:
    rows = [one for one in render_markdown(OTHER_SOURCE).splitlines() if "in the headline |" in one]
    assert [one.split(" | ")[:4] for one in rows] == [
        ["| Harbour master, then authorities, in the headline", "killed", "7", "**11**"]
    ]
    assert rows[0].endswith(", cannot tell if said |")


@pytest.mark.parametrize(
    ("tolls", "said"),
    [
        (("20", "14"), "fell from 20 to 14"),
        (("20", "14", "16", "9"), "fell from 20 to 9, rising once on the way"),
        (("12", "at least 12"), "went from 12 to at least 12"),
        (("4", "7", "6", "9", "8", "15"), "rose from 4 to 15, falling twice on the way"),
    ],
)
def test_a_title_says_which_way_a_figure_went(tolls: tuple[str, ...], said: str) -> None:
    known = history(*(page("Flood in Ulm", f"The mayor said {one} people were killed.") for one in tolls))
    assert render_markdown(known).startswith(f"# The death toll in this article {said}\n")


def test_a_title_without_figures_says_how_many_passages_changed() -> None:
    old = page("Flood in Ulm", "The Danube rose overnight.")
    more = ("The mayor asked for pumps from Linz.", "A bridge at the mill was closed to lorries.")
    report = render_markdown(history(old, page("Flood in Ulm", "The Danube rose overnight.", *more)))
    assert report.startswith("# The text of this article changed: two passages added\n")


def test_a_title_of_many_kinds_of_change_names_the_first_and_says_that_there_is_more() -> None:
    changes = (
        history(page("Flood", "Rain fell."), page("Flood", "Rain fell.", "Pumps came."))
        .transitions[0]
        .changes
    )
    (added,) = [one for one in changes if one.type is ChangeType.ADDED]
    kinds = (ChangeType.ADDED, ChangeType.REMOVED, ChangeType.EDITED, ChangeType.MOVED, ChangeType.ALTERED)
    assert passages_in([replace(added, type=one) for one in kinds]) == (
        ": one passage added, one removed, one reworded and more"
    )


def test_a_feed_names_such_a_number_once_under_both_types() -> None:
    feed = render_atom([OTHER_SOURCE], title="Changes")
    (title,) = (line for line in feed.splitlines() if "killed" in line and "<title>" in line)
    assert "killed, headline (harbour master, then authorities): 7 → 11" in title
    assert feed.count('term="increased"') == feed.count('term="reattributed"') == 1


HEADLINE_NAMES = history(
    page("Flood kills at least 12, mayor says", "The flood killed at least 12 people in Ulm."),
    page("Flood kills at least 15, mayor says", "The flood killed at least 15 people in Ulm."),
)


def test_a_headline_that_moves_with_its_text_is_printed_once() -> None:
    report = render_markdown(HEADLINE_NAMES)
    assert report.startswith("# The death toll in this article rose from at least 12 to at least 15\n")
    assert [row[0] for row in order(report)] == ["killed, no source named; headline too"]
    assert "in the headline |" not in report


def test_a_figure_that_came_in_is_the_title_where_none_moved() -> None:
    plain = "The flood killed 12 people in Ulm."
    report = render_markdown(history(page("Flood in Ulm", plain), page("Flood in Ulm injures 600", plain)))
    assert report.startswith("# A figure of 600 wounded came into this headline\n")
    assert ["wounded, headline", "– → **600**"] in [row[:2] for row in order(report)]


def test_figures_that_disagree_in_one_capture_are_not_said_to_have_lasted() -> None:
    stale = page("Flood kills 12", "The flood killed at least 15 people in Ulm.")
    agreed = page("Flood kills 15", "The flood killed at least 15 people in Ulm.")
    assert "; seen Tue 5 Mar 2024 07:00." in render_markdown(history(stale, agreed))
    longer = page("Flood kills 12", "The flood killed at least 15 people in Ulm.", "Rain goes on.")
    assert "; seen Tue 5 Mar 2024 07:00 – 08:00." in render_markdown(history(stale, longer))


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (59, "59 seconds"),
        (3599, "59 minutes 59 seconds"),
        (8677, "2 hours 24 minutes"),
        (86380, "23 hours 59 minutes"),
        (86400 + 1770, "1 day"),
        (86400 + 5400, "1 day 1 hour"),
        (0, "no time"),
    ],
)
def test_a_span_is_cut_to_its_two_largest_units(seconds: int, told: str) -> None:
    assert duration(START, START + timedelta(seconds=seconds)) == told


def test_a_sentence_shown_with_its_figure_is_not_struck_again_with_the_text_that_went() -> None:
    old = "Nine people drowned when the ferry sank off Ulm, the harbour master said on Monday."
    rest = "Divers who had come from the coast went down to the wreck in turns all through the night."
    new = "A wave threw the ship against the pier of the old harbour, drowning at least 14 passengers."
    told = render_markdown(history(page("Ferry sinks", old + " " + rest), page("Ferry sinks", new)))
    changes = told.partition("## The words")[2]
    assert "nine → **at least 14**" in changes or "9 → **at least 14**" in changes
    assert changes.count("Nine people drowned") == 1
    assert f"~~… {rest}~~" in changes


def test_a_passage_that_is_little_more_than_its_quotation_is_reported_as_the_quotation() -> None:
    said = "“We heard nothing but water, and then the bells of the old church began to ring,” he said."
    plain = page("Ferry sinks", "Rain fell.")
    told = render_markdown(history(plain, page("Ferry sinks", "Rain fell.", said)))
    assert "**Quotation added**" in told
    assert "**Text added**" not in told


def test_a_headline_that_may_have_turned_to_another_event_is_no_fall_of_the_same_toll() -> None:
    text = "The flood killed 16 people. Two people were killed by a falling tree."
    known = history(
        page("Flood in the valley kills 16, officials say", text),
        page("Falling tree in the city of Bonn leaves 2 dead, officials say", text),
    )
    report, chart = render_markdown(known), render_chart(known)
    assert not report.startswith("# The death toll")
    counts = {row[0]: row[2:4] for row in rows(report, report.splitlines()[0].removeprefix("# "))}
    assert counts["Headline, perhaps of another event"] == ["2", "2"]
    assert chart is not None
    assert ">2*</text>" in chart
    assert "* The headline was written anew and may speak of another event." in chart


def test_two_events_of_one_article_have_their_own_lines() -> None:
    def told(dead: int) -> str:
        return f"The flood killed {dead} people in Ulm on Monday. Two people were killed in Bonn on Friday."

    known = history(page("Flood", told(16)), page("Flood", told(19)))
    report, chart = render_markdown(known), render_chart(known)
    counts = {row[0]: row[2:4] for row in rows(report, report.splitlines()[0].removeprefix("# "))}
    assert counts == {"No source named (Ulm)": ["16", "**19**"], "No source named (Bonn)": ["2", "2"]}
    assert chart is not None
    assert "Ulm" in chart
    assert "Bonn" in chart


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("A senior safety official", "A senior police official", "a senior safety official, then a senior police official"),
        ("The ministry", "The health ministry", "the health ministry"),
        ("Police", "The police", "the police"),
    ],
)  # fmt: skip
def test_a_source_is_named_alone_only_where_the_other_is_the_same_in_fewer_words(old, new, named) -> None:
    known = history(
        page("Ferry sinks", f"{old} said 12 people were killed."),
        page("Ferry sinks", f"{new} said 15 people were killed."),
    )
    assert [row[0] for row in order(render_markdown(known)) if row[0].startswith("killed")] == [
        f"killed, {named}"
    ]


def test_a_headline_that_never_agreed_with_its_text_is_not_said_to_agree_no_longer() -> None:
    stale = page("Flood kills 12", "The flood killed at least 15 people in Ulm.")
    agreed = page("Flood kills 12", "The flood killed 12 people in Ulm.")
    assert "The headline does not agree with the text" in render_markdown(history(stale, agreed))
    assert "The headline no longer agrees with the text" in render_markdown(history(agreed, stale))


def test_a_source_s_next_event_is_no_fall_of_its_toll() -> None:
    known = history(
        page(
            "Strike on mall kills 16, officials say",
            "The strike on the mall killed 16 people, officials said.",
        ),
        page(
            "Strikes kill two, officials say, a day after attack on mall",
            "Strikes killed two people overnight, officials said.",
            "The attack on the mall killed 16 people on Friday.",
        ),
    )
    report = render_markdown(known)
    assert any(change.other_event for change in known.transitions[0].changes)
    assert not report.startswith("# The death toll")
    assert "| **2** |" not in report
    assert "**Down" not in report


def summary(headline: str, standfirst: str) -> Article:
    return Article(headline=headline, standfirst=standfirst, publisher="The Courier", language="en", url=URL)


def test_a_headline_that_counts_others_than_before_names_no_people_in_its_row() -> None:
    known = history(
        summary("4 Norwegians die in helicopter crash", "Four Norwegians died, the ministry said."),
        summary(
            "5 Norwegians among 7 dead after helicopter crash", "Five Norwegians died, the ministry said."
        ),
    )
    report = render_markdown(known)
    assert report.startswith("# The death toll in this headline rose from 4 to 7")
    assert "| Headline | killed | 4 | **7** |" in report
    assert "| The ministry, in the standfirst | killed: Norwegians | 4 | **5** |" in report


def test_first_deaths_are_graver_than_missing_people_who_moved() -> None:
    known = history(
        page("Floods leave more than a dozen missing", "At least 13 people are missing, the police said."),
        page(
            "Floods leave several missing",
            "At least 10 people are missing and two were killed, the police said.",
        ),
    )
    assert render_markdown(known).startswith("# A death toll of 2 came into this article")


def test_where_a_death_toll_was_known_the_figure_that_moved_is_the_finding() -> None:
    known = history(
        page("Floods", "Two people were killed. At least 13 people are missing, the police said."),
        page("Floods", "Two people were killed. At least 10 people are missing, the police said."),
    )
    assert render_markdown(known).startswith("# The number of missing in this article fell from at least 13")


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("09:13:40", "11:37:10", "2 hours 24 minutes"),
        ("09:13:10", "11:36:50", "2 hours 23 minutes"),
        ("09:13:40", "10:13:39", "59 minutes 59 seconds"),
    ],
)
def test_a_span_of_hours_agrees_with_the_minutes_printed_next_to_it(
    start: str, end: str, expected: str
) -> None:
    first, last = (datetime.fromisoformat(f"2026-11-28T{each}+00:00") for each in (start, end))

    assert duration(first, last) == expected


def test_a_number_that_moved_is_the_title_before_a_bound_that_went() -> None:
    first = (
        "The army said at least 62 soldiers were killed. The monitor said at least 83 soldiers were killed."
    )
    then = "The army said 62 soldiers were killed. The monitor said 90 soldiers were killed."
    report = render_markdown(history(page("Air strike", first), page("Air strike", then)))
    assert report.startswith("# The death toll in this article rose from at least 83 to 90\n")
    same = then.replace("90", "at least 83")
    report = render_markdown(history(page("Air strike", first), page("Air strike", same)))
    assert report.startswith("# The death toll in this article went from at least 62 to 62\n")


def counters(report: str) -> list[tuple[str, str]]:
    """Return who counts what in the first table of a report."""
    lines = [line.strip("| ").split(" | ") for line in report.splitlines() if line.startswith("| ")]
    begin = next(n for n, cells in enumerate(lines) if cells[0] == "Who counts")
    found = []
    for cells in lines[begin + 2 :]:
        if len(cells) < 5 or cells[1].partition(":")[0] not in ("killed", "wounded"):
            break
        found.append((cells[0], cells[1]))
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [("Norway’s foreign ministry", "The Foreign Ministry"), ("The defence ministry", "The Defense Ministry")],
)
def test_one_counter_named_in_two_ways_is_one_row(one: str, other: str) -> None:
    pages = [
        page(
            "Fire at sea",
            f"{one} said {number} people were killed in the fire.",
            f"{other} said {number} people were killed, most of them sailors.",
        )
        for number in (3, 4)
    ]
    assert len(counters(render_markdown(history(*pages)))) == 1


def test_a_short_name_that_two_countries_share_is_nobodys_row() -> None:
    pages = [
        page(
            "Fire at sea",
            f"Norway’s foreign ministry said {number} people were killed in the fire.",
            "Sweden’s foreign ministry said 9 people were killed in the fire.",
            "The Foreign Ministry said 7 people were killed in the fire.",
        )
        for number in (3, 4)
    ]
    assert len(counters(render_markdown(history(*pages)))) == 3


def test_a_vague_word_is_no_fall_of_a_headline() -> None:
    heads = ("Quake kills 20", "Quake kills at least 38", "Quake kills dozens in the hills")
    report = render_markdown(history(*(page(one, "The hills shook for a minute.") for one in heads)))
    assert "rose, then fell" not in report
    assert "falling" not in report
    back = (*heads, "Quake kills 12 after recount in the hills")
    again = render_markdown(history(*(page(one, "The hills shook for a minute.") for one in back)))
    assert "killed rose, then fell" in again


def test_one_source_that_calls_the_dead_otherwise_keeps_its_row() -> None:
    pages = (
        page(
            "Cave dive",
            "Five Tessaran nationals have died following a scuba accident off Port Sarel, the foreign ministry said.",
            "The incident occurred on the outer reef. It gave no names and no cause.",
        ),
        page(
            "Cave dive",
            "Crews went down again on Friday with lamps and ropes.",
            "The incident occurred on the outer reef. It gave no names and no cause.",
            "In a short note of Friday evening the Foreign Ministry wrote that the five divers apparently died while "
            "attempting to explore a system of caves at a depth of fifty metres.",
        ),
    )
    known = history(*pages)
    assert all(one.type is not ChangeType.ALTERED for one in known.transitions[0].changes)
    assert [name for name, _ in counters(render_markdown(known))] == ["The Foreign Ministry"]


def test_other_dead_of_the_same_number_get_a_row_of_their_own() -> None:
    pages = (
        page("Raid", "The army said five soldiers were killed in the raid."),
        page("Raid", "The army said five nurses were killed in the raid."),
    )
    assert len(counters(render_markdown(history(*pages)))) == 2


def test_a_headline_that_readers_do_not_see_is_named_by_its_place() -> None:
    body = "The mayor opened the new bridge at noon before a crowd of three hundred."
    pages = [
        replace(page("New bridge opens", body), headlines=Headlines(h1="New bridge opens", og=shared))
        for shared in ("Is the new bridge worth it?", "What the mayor left unsaid at the river")
    ]
    report = render_markdown(history(*pages))
    assert report.startswith("# The headline for sharing (og:title) of this article changed\n")
    assert "**The headline for sharing (og:title) changed:**" in report
    assert [row[0] for row in order(report)] == ["headline for sharing (og:title)"]


def test_one_person_deep_in_the_text_is_not_what_is_worth_a_look() -> None:
    lead = "The council met on Monday to speak of the harbour and its cranes."
    gone = "A sailor was injured by a falling crate last week, the harbour master said."
    pages = [
        replace(page("Council meets", *texts), modified=START)
        for texts in ((lead, gone, lead.lower()), (lead, lead.lower()))
    ]
    report = render_markdown(history(*pages))
    assert "Silent: 1" not in report
    assert "1 → –" in report


def test_a_figure_without_a_source_goes_on_where_a_source_gives_its_number_too() -> None:
    report = render_markdown(
        history(
            page("Floods hit the delta", "The rain left at least 13 people missing."),
            page(
                "Floods hit the delta",
                "The rain left at least 10 people missing.",
                "About 10 people were missing in the delta, officials said.",
            ),
        )
    )
    assert (
        "| No source named | missing | ≥\u00a013 | **≥\u00a010** |  | ≥ 13 → ≥ 10, Tue 5 Mar 07:00 – 08:00"
        in report
    )
    assert "last seen" not in report.partition("## ")[0]


def test_the_day_of_publication_is_the_first_that_the_page_gave() -> None:
    first, later = START - timedelta(hours=1), START + timedelta(minutes=50)
    dated = [
        replace(page("Floods hit the delta", f"The rain closed {roads} roads."), published=at)
        for roads, at in ((3, first), (4, later))
    ]
    report = render_markdown(history(*dated))
    assert " · published Tue 5 Mar 2024 06:00, now dated 07:50 · " in report
    assert "now dated" not in render_markdown(history(*[replace(one, published=first) for one in dated]))


def test_who_wrote_it_comes_from_nobody_where_nobody_was_named() -> None:
    bare = page("Floods hit the delta", "The rain closed 3 roads.")
    report = render_markdown(history(bare, replace(bare, byline="Ana Brook")))
    assert "| byline | – → **Ana Brook** |" in report


def test_a_remark_of_the_parser_gives_times_as_the_report_does() -> None:
    remark = "published disagrees: json-ld 2024-03-05T06:30:00Z, meta date 2024-03-31T23:10:00Z, text 2024-13-45T06:30:00Z"
    report = render_markdown(history(replace(page("Floods", "The rain fell."), notes=(remark,))))
    assert (
        "Published disagrees: json-ld Tue 5 Mar 2024 06:30, meta date Sun 31 Mar 2024 23:10, text 2024-13-45"
        in report
    )
