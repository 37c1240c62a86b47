"""The Markdown report says what happened, since when, how surely, and on what proof."""

import re
from dataclasses import replace
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
ORDER = "What changed, in order"
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


def test_the_title_is_the_finding_and_the_first_line_says_which_page() -> None:
    report = render_markdown(history(toll(12), toll(13)))
    first, _, page_line, _, counts = report.splitlines()[:5]
    assert first == "# The death toll in this article rose from 12 to 13"
    assert page_line.startswith(
        "**The Courier** · “Ferry sinks” · [the page](https://courier.example/ferry) · "
    )
    assert page_line.endswith("all times UTC")
    assert counts.startswith("**2 versions in 2 captures, Tue 5 Mar 2024 07:00 to Tue 5 Mar 08:00.**")


def test_a_change_stands_between_links_to_the_captures_that_bound_it() -> None:
    report = render_markdown(history(toll(12), toll(13)))
    row = next(line for line in section(report, ORDER).splitlines() if "killed" in line)
    ends = [f"[0{hour}:00](https://web.archive.org/web/202403050{hour}0000/{URL})" for hour in (7, 8)]
    assert row.startswith(f"| Tue 5 Mar 2024 {ends[0]} – {ends[1]} | killed, the coast guard | 12 → **13** |")
    assert "said ~~12~~ **13** people" in section(report, "The words")


def test_every_capture_has_its_digests_and_every_finding_its_id() -> None:
    known = history(toll(12), toll(13))
    evidence = section(render_markdown(known), "Evidence")
    assert evidence.count("| `ABCD` | `efefefefefefefef` |") == 2
    last = next(line for line in evidence.splitlines() if "2024-03-05 08:00:00" in line)
    assert all(f"`{change.id}`" in last for change in known.transitions[0].changes)
    side = f"https://web.archive.org/web/diff/20240305070000/20240305080000/{URL}"
    assert f"[Side by side]({side})" in section(render_markdown(known), "The words")


def test_every_time_in_a_story_links_to_its_capture() -> None:
    report = render_story("Ferry", [history(toll(12), Outcome.FAILED, toll(13), toll(12))])
    tables = [line for line in report.splitlines() if line.startswith("| ") and " Mar " in line]
    bare = re.sub(r"\[\d\d:\d\d\]\(https://web\.archive\.org/web/\d{14}/[^)]*\)", "linked", "\n".join(tables))
    assert "linked" in bare
    assert not re.search(r"\d\d:\d\d", bare)


def test_captures_of_one_second_are_said_to_be_of_one_time_and_unseen_pages_are_counted() -> None:
    pages = [
        history(toll(12, publisher=name), toll(15, publisher=name), url=f"https://{name}.example/a")
        for name in ("Alpha", "Beta")
    ]
    unseen = [History(url=f"https://later{number}.example/") for number in range(3)]
    report = render_story("Ferry", [*pages, *unseen])
    assert "At the same time: Beta." in report
    assert "Then Beta" not in report
    assert "Of 3 pages no capture is known yet." in report
    assert "later0" not in report, "what no archive shows has no row"


def test_captures_without_an_address_are_named_by_time_archive_and_digest() -> None:
    report = render_markdown(history(toll(12), toll(13), public=False))
    assert "| 2024-03-05 07:00:00 | version 1 | `ABCD` |" in report
    assert (
        "No public address is known of captures without a link: they were read from evidence\\.warc\\.gz"
        in report
    )
    assert "web.archive.org" not in report


def test_a_page_that_never_changed_says_so_and_over_how_many_captures() -> None:
    report = render_markdown(history(*[toll(12)] * 4))
    assert report.startswith("# No change was found in this article\n")
    assert "**1 version in 4 captures, Tue 5 Mar 2024 07:00 to Tue 5 Mar 10:00.**" in report
    assert "| The coast guard | killed | 12 | 12 |  | never changed |" in report
    assert ORDER not in report


@pytest.mark.parametrize(
    ("seen", "title", "counts"),
    [
        ([], "Nothing is known of this page", "No capture of this page is known."),
        ([Outcome.FAILED, Outcome.NOT_ARTICLE], "No version of this page could be read", "0 versions in 2 captures"),
        ([toll(12)], "One capture of this article is known, and nothing to compare it with", "1 version in 1 capture, Tue"),
    ],
)  # fmt: skip
def test_a_history_without_anything_to_compare_reads_well(
    seen: list[StoredCapture], title: str, counts: str
) -> None:
    report = render_markdown(history(*seen))
    assert report.startswith(f"# {title}\n")
    assert counts in report
    assert "None" not in report


def test_what_could_not_be_used_is_listed_with_its_reason() -> None:
    report = render_markdown(history(toll(12), Outcome.FAILED, Outcome.PENDING, toll(13)))
    assert (
        "Not seen: what stood only in the 2 captures not read as the article "
        "(one not asked for yet and one could not be had from the archive)." in report
    )
    failed = next(line for line in section(report, "Evidence").splitlines() if "2024-03-05 08:00:00" in line)
    assert "| could not be had from the archive: the archive said no |" in failed
    assert "In between, 2 captures were not read as the article" in section(report, "The words")


def test_a_suspect_version_is_left_out_and_says_why() -> None:
    broken = toll(0, suspect="a cookie notice")
    report = render_markdown(history(toll(12), broken, toll(12)))
    assert "| 2 | Tue 5 Mar 08:00 | Tue 5 Mar 08:00 | 1 | suspect: a cookie notice |" in report
    assert report.startswith("# No change was found in this article\n")
    assert ORDER not in report


def test_a_return_to_an_older_figure_stands_with_the_change_that_made_it() -> None:
    report = render_markdown(history(toll(12), toll(13), toll(12)))
    assert report.startswith("# The death toll in this article went from 12 to 13 and back to 12\n")
    words = section(report, "The words")
    assert words.count("12** people") == 1
    assert "(back to what version 1 had)" in words
    assert "The whole text of version 1 came back." in words
    assert "13 → **12** ↩ as in version 1" in section(report, ORDER)
    assert "| The coast guard | killed | 12 | **12**\u00a0↩ | 13 |" in report
    assert "**The coast guard: killed rose, then fell.** 12 → 13" in section(report, "Worth a look")


def test_a_toll_that_fell_and_rose_again_says_so_from_its_peak() -> None:
    report = render_markdown(history(toll(12), toll(15), toll(13), toll(15)))
    assert report.startswith("# The death toll in this article rose from 12 to 15, falling once on the way\n")
    (swing,) = (
        line for line in section(report, "Worth a look").splitlines() if "fell and rose again" in line
    )
    assert swing.startswith("1. **The coast guard: killed fell and rose again.** 15 → 13 (Tue 5 Mar ")


def test_a_stale_cache_is_named_as_such_and_counts_nowhere() -> None:
    known = history(toll(12), toll(13), toll(12), minutes=8)
    report = render_markdown(known)
    assert not re.search("(?:went|rose|fell) from", report)
    assert "No casualty figure changed." in report
    assert section(report, ORDER).count("| probably a stale cache |") == 3
    assert "| 0 | 0 | 12 |" in render_index([known])


def test_a_silent_change_and_a_declared_one_are_distinguished() -> None:
    first, second = START, START + timedelta(hours=1)
    silent = render_markdown(history(toll(12, modified=first), toll(13, modified=first)))
    declared = render_markdown(history(toll(12, modified=first), toll(13, modified=second)))
    assert silent.startswith("# The death toll in this article rose silently from 12 to 13\n")
    assert "One change of a figure, silently." in silent
    assert "**Silent: 12 → 13** killed, the coast guard." in section(silent, "Worth a look")
    assert "| 12 → **13** | **no** |" in section(silent, ORDER)
    assert "One change of a figure, under a new date alone." in declared
    assert "| 12 → **13** | new date only |" in section(declared, ORDER)
    moved = "The page's modification date moved from Tue 5 Mar 2024 07:00 to Tue 5 Mar 2024 08:00."
    assert moved in section(declared, "The words")
    assert "“no” where the page has such a date" in section(silent, "Evidence")


def test_a_change_that_the_new_text_explains_is_not_one_under_a_date_alone() -> None:
    old = page("The ministry said 13 people were killed.", modified=START)
    told = "The ministry went back to its earlier count of 15, saying two names had been struck by mistake."
    new = page("The ministry said 15 people were killed.", told, modified=START + timedelta(hours=1))
    report = render_markdown(history(old, new))
    assert "One change of a figure, explained in the text." in report
    assert "| 13 → **15** | explained in the text |" in section(report, ORDER)
    assert "new date" not in report.partition("## What changed")[0]


def test_a_correction_note_is_kept_with_its_time() -> None:
    report = render_markdown(history(toll(12), toll(13, note="Correction: 13 people were killed, not 12.")))
    notes = section(report, "Corrections and editor's notes")
    assert "- “Correction: 13 people were killed, not 12.” Seen Tue 5 Mar 2024 [08:00](" in notes
    assert "**A correction was added:**" in section(report, "Worth a look")


def test_a_headline_that_stays_behind_its_text_is_worth_a_look() -> None:
    report = render_markdown(
        history(toll(12, headline="12 killed on ferry"), toll(15, headline="12 killed on ferry"))
    )
    look = section(report, "Worth a look")
    assert (
        "**Headline and text disagreed:** the headline said 12 killed, the text 15. Tue 5 Mar [08:00]("
        in look
    )
    assert "| Headline | killed | 12 | 12 |  | never changed |" in report
    assert "The headline no longer agrees with the text" in section(report, "Figures that disagree")


def test_a_headline_that_always_says_what_the_text_says_has_no_row_of_its_own() -> None:
    same = (toll(number, headline=f"{number} killed on ferry") for number in (12, 15))
    assert "| Headline |" not in render_markdown(history(*same))


def test_the_table_of_who_counts_and_that_of_changes_agree_on_a_headline() -> None:
    def version(text: int, head: int) -> Article:
        return toll(text, headline=f"{head} killed on ferry")

    report = render_markdown(history(version(12, 12), version(15, 12), version(13, 13)))
    assert "| Headline | killed | 12 | **13** |  |" in report
    assert "| killed, headline | 12 → **13** |" in report


def test_a_moved_passage_is_listed_apart_from_the_changes() -> None:
    texts = [
        f"Paragraph {word} of the story says something of its own about {word}s."
        for word in ("one", "two", "six")
    ]
    report = render_markdown(history(page(*texts), page(texts[2], *texts[:2])))
    assert "Paragraph" in section(report, "Moved passages")
    assert "listed below" in section(report, "The words")


def test_figures_that_were_not_read_for_the_language_are_said_not_to_be() -> None:
    report = render_markdown(history(page("Sete pessoas morreram.", language="pt")))
    assert "Figures not read: language pt." in report
    assert "No casualty figure could be read" not in report


def test_notes_stand_with_their_finding_and_dismissed_findings_apart() -> None:
    known = history(toll(12), toll(13))
    figure = next(change for change in known.transitions[0].changes if change.claim_after)
    note = Note(change=figure.id, text="Confirmed by phone.", dismissed=False, at=START)
    gone = Note(change=figure.id, text="A typing error.", dismissed=True, at=START + timedelta(days=1))
    noted = section(render_markdown(known, notes=[note]), "The words")
    assert "Note, Tue 5 Mar 2024 07:00: Confirmed by phone." in noted
    report = render_markdown(known, notes=[note, gone])
    assert "A typing error." in section(report, "Findings that a reader dismissed")
    assert "**13**" not in section(report, ORDER)
    assert "No casualty figure changed." in report
    assert not re.search("(?:went|rose|fell) from", report)
    assert "| 0 |" in render_index([known], notes=[note, gone])
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
    assert "A pun." in section(gone, "Findings that a reader dismissed")
    assert finding in section(gone, "Evidence")


def test_full_text_is_given_on_demand_only() -> None:
    known = history(toll(12), toll(13))
    assert "Full text" not in render_markdown(known)
    assert "The coast guard said 13 people were killed." in section(
        render_markdown(known, full_text=True), "Full text of each version"
    )


def test_front_matter_is_given_on_demand_with_keys_that_site_generators_leave_alone() -> None:
    known = history(toll(12, headline='A "quoted": headline'), toll(13, headline="x"))
    assert render_markdown(known).startswith("# ")
    front = yaml.safe_load(render_markdown(known, front_matter=True).split("---\n")[1])
    assert front["title"] == "The death toll in this article rose from 12 to 13"
    assert (front["headline"], front["page"]) == ("x", URL)
    assert "url" not in front
    assert (front["captures"], front["captures_read"], front["versions"]) == (2, 2, 2)
    assert front["first_capture"] == "2024-03-05T07:00:00Z"


def test_the_example_in_the_documentation_is_the_report_of_today() -> None:
    golden = (
        (ROOT / "tests" / "golden" / "silent-edit" / "report.md").read_text(encoding="utf-8").splitlines()
    )
    example = "".join(
        f"> {line}\n".replace("> \n", ">\n")
        for line in (golden[0].replace("# ", "**", 1) + "**", "", golden[4])
    )
    assert example in (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")


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
    assert report.startswith("# Ferry: 12 to 17 killed, in 2 outlets\n")
    assert (
        "Two of four changed the number killed. It never changed in The Post. None was read in The Rain."
        in report
    )
    looks = section(report, "Worth a look")
    assert "**Captured first with a new figure: The Courier.** 12 → 15" in looks
    assert "**Headline behind its text: The Courier.** It says 12, the text 15" in looks
    assert "**Still on an old figure: The Post.** It says 12" not in looks, "no other page had moved by then"


def test_a_story_lists_outlets_in_the_order_in_which_they_had_a_number() -> None:
    hear, tell = toll(12, publisher="Early"), toll(12, publisher="Late")
    early = history(hear, url="https://early.example/")
    late = history(Outcome.FAILED, tell, url="https://late.example/")
    rows = section(render_story("Ferry", [late, early]), "Who was captured with which figure first")
    assert rows.index("Early") < rows.index("Late")


def test_a_story_is_the_same_whatever_the_order_of_its_pages() -> None:
    pages = story()
    assert render_story("Ferry", pages) == render_story("Ferry", pages[::-1])
    assert render_story_chart("Ferry", pages[3:]) is None


def test_the_index_lists_every_target_the_last_to_change_first() -> None:
    index = render_index(story())
    rows = [line for line in index.splitlines() if line.startswith("| [")]
    assert len(rows) == 4
    assert "Tue 5 Mar 2024 10:00" in rows[0]
    assert "no change found" in rows[-1]
    assert "12 → 15 → 17" in index
    assert "Nothing is tracked yet." in render_index([])


def test_deaths_of_other_winters_are_no_toll_of_an_article_that_gets_one() -> None:
    old = page(
        "Six skiers were found after an avalanche left at least nine people missing.",
        "Each winter, the avalanche centre said, 25 to 30 people die in the mountains.",
        headline="Six skiers saved, at least nine missing",
    )
    new = page(
        "Eight skiers were killed and one is missing, the sheriff said.",
        "The lake was closed, and 310 people died in other years, the club said.",
        headline="Avalanche: 8 skiers killed and 1 missing",
    )
    report = render_markdown(history(old, new))
    assert report.startswith("# A death toll of 8 came into this article\n")
    table = report.partition("| Who counts |")[2].splitlines()[2]
    assert "| 8 | 8 |" in table, "what the headline and the first paragraph give leads"


def test_a_headline_that_turns_to_a_part_is_no_fall_of_the_toll() -> None:
    old = page("Five divers died in a cave, the foreign ministry said.", headline="Five divers die in cave")
    new = page(
        "Rescuers searched on Friday.",
        "The foreign ministry said five divers died in the cave.",
        headline="Rescuers search for bodies of 4 divers killed in cave",
    )
    report = render_markdown(history(old, new))
    assert "fell" not in report.splitlines()[0]
    assert "Down" not in section(report, "Worth a look")
    fewer = page("Four divers died in a cave, the foreign ministry said.", headline="Four divers die in cave")
    assert render_markdown(history(old, fewer)).startswith(
        "# The death toll in this article fell from 5 to 4\n"
    )


def test_one_person_deep_in_the_text_is_no_title() -> None:
    old = page(
        "The mayor opened the bridge.", "It is long.", "One man was displaced from his home, police said."
    )
    new = page("The mayor opened the bridge.", "It is long.", "The band played until noon, and it rained.")
    assert not render_markdown(history(old, new)).startswith("# A figure of 1")
    more = page(
        "The mayor opened the bridge.", "It is long.", "Forty people were displaced by it, police said."
    )
    assert render_markdown(history(more, new)).startswith("# A figure of 40 displaced left this article\n")


def test_corrections_of_one_step_are_one_thing_to_look_at() -> None:
    text = "The coast guard said 12 people were killed."
    notes = [Block(kind=BlockKind.CORRECTION, text=one) for one in ("Correction: 4 March", "It was a ferry.")]
    old = page(text)
    new = replace(old, blocks=(*old.blocks, *notes))
    looks = section(render_markdown(history(old, new)), "Worth a look")
    assert "**Corrections were added:** “Correction: 4 March It was a ferry.”" in looks
    assert looks.count("orrection") == 2


def test_the_last_change_of_the_index_is_one_of_substance_and_what_came_later_is_named() -> None:
    text = (
        "The coast guard said 12 people were killed.",
        "The ferry lay in the bay.",
        "Boats were out all night.",
    )
    more = (text[0].replace("12", "15"), *text[1:])
    moved = (more[0], more[2], more[1])
    first = history(page(*text), page(*more), page(*moved), url="https://courier.example/moved")
    later = history(page(*text), page(*text), page(*text), page(*more), url="https://courier.example/later")
    never = history(page(*text), page(text[0], text[2], text[1]), url="https://courier.example/never")
    rows = [line for line in render_index([first, never, later]).splitlines() if line.startswith("| [")]
    assert [row.split(" | ")[-1].strip(" |") for row in rows] == [
        "Tue 5 Mar 2024 10:00",
        "Tue 5 Mar 2024 08:00; then a paragraph moved down (2 → 3) only, Tue 5 Mar 09:00",
        "a paragraph moved down (2 → 3) only, Tue 5 Mar 2024 08:00",
    ]


def test_what_is_worth_a_look_beyond_the_list_is_named() -> None:
    seen = [
        page(
            f"Boats left pier {'abcdefghij'[number]}.",
            note=f"Correction: it was pier {number}." if number % 2 else None,
        )
        for number in range(10)
    ]
    looks = section(render_markdown(history(*seen[:8])), "Worth a look")
    assert "And" not in looks
    assert "\n7. " in looks
    more = section(render_markdown(history(*seen)), "Worth a look")
    assert "\n7. " not in more
    assert "And three more below: a correction was added (2×); a correction was taken off the page." in more


def test_a_number_that_only_the_headline_moved_is_the_headlines() -> None:
    first, second = (
        page("The mall was hit at noon and 30 people died.", headline=f"Strike kills at least {number}")
        for number in (2, 3)
    )
    report = render_markdown(history(first, second))
    assert report.startswith("# The death toll in this headline rose from at least 2 to at least 3\n")
    assert "| killed, headline | ≥ 2 → **≥ 3** |" in report


def test_a_figure_that_lost_its_source_is_not_said_to_have_stood() -> None:
    report = render_markdown(
        history(
            page("At least five people died, police said."), page("At least six people died in the square.")
        )
    )
    assert report.startswith("# The death toll in this article rose from at least 5 to at least 6\n")
    assert "| Police | killed | ≥\u00a05 | – |  | last seen Tue 5 Mar 07:00 |" in report
    assert "never changed" not in report


def test_a_note_that_names_the_change_is_distinguished_from_a_date_that_only_moved() -> None:
    first, second = START, START + timedelta(hours=1)
    note = "Correction: 13 people were killed, not 12."
    report = render_markdown(history(toll(12, modified=first), toll(13, modified=second, note=note)))
    assert "One change of a figure, with a correction." in report
    assert "| 12 → **13** | in a correction |" in section(report, ORDER)
    assert "(in a correction): killed (people)" in report


def test_a_page_on_which_only_wording_moved_says_that_nothing_of_substance_did() -> None:
    report = render_markdown(history(page("The inn is shut."), page("The inn is closed.")))
    assert report.startswith("# Nothing of substance changed in this article, only wording or dates\n")


def test_a_passage_is_reported_once_with_all_that_is_found_in_it() -> None:
    said = "“We heard nothing but water,” the keeper said."
    changes = section(render_markdown(history(page("Rain fell."), page("Rain fell.", said))), "The words")
    assert changes.count("We heard nothing but water") == 1
    assert "**Text added**, with a quotation" in changes


def test_passages_that_came_one_after_another_share_an_entry() -> None:
    new = page(
        "Rain fell.", "The mill burned all night.", "The inn closed at nine.", "Snow fell on the pass."
    )
    report = render_markdown(history(page("Rain fell.", "The inn closed at nine."), new))
    words = section(report, "The words")
    assert words.count("- **Text added**") == 1
    for passage in ("The mill burned all night", "Snow fell on the pass"):
        assert f"> **{passage}.**\n" in words
    assert "| 2 passages | two added |" in section(report, ORDER)


def test_a_long_run_of_passages_is_cut_and_counted_unless_all_is_asked_for() -> None:
    kept = ["Rain fell.", "The inn closed at nine."]
    more = [f"The keeper of lock {word} went home." for word in "abcdefghijklmnopqrst"]
    known = history(page(*kept), page(*kept, *more))
    assert "And 5 more passages, listed in the JSON form." in render_markdown(known)
    assert "more passages" not in render_markdown(known, full_text=True)


def test_a_note_that_was_taken_off_again_is_said_to_be_gone() -> None:
    note = "Correction: 13 people were killed, not 12."
    noted = history(toll(12), toll(13, note=note))
    gone = history(toll(12), toll(13, note=note), toll(13))
    assert "taken off" not in render_markdown(noted)
    assert "**A correction was taken off the page:**" in section(render_markdown(gone), "Worth a look")


def test_a_long_history_folds_the_steps_in_which_only_wording_changed() -> None:
    places = ("inn", "mill", "bank", "gate", "shop", "road")
    codes = [number ^ number >> 1 for number in range(40)]  # each differs from the last in one place
    toll_line = "The coast guard said 12 people were killed."
    seen = [
        page(
            toll_line,
            *(f"The {name} is {'shut' if code >> bit & 1 else 'closed'}." for bit, name in enumerate(places)),
        )
        for code in codes
    ]
    last = [block.text for block in seen[-1].blocks][1:]
    seen.append(page("The coast guard said 15 people were killed.", *last))
    report = render_markdown(history(*seen))
    rows = [line for line in section(report, ORDER).splitlines() if line.startswith("| ")][2:]
    assert len(rows) == 2
    assert "| 39 steps without a change of substance |" in rows[0]
    assert "12 → **15**" in rows[1]


def test_no_reason_ends_in_two_full_stops() -> None:
    broken = toll(0, suspect="a cookie notice", notes=("Two dates disagree.",))
    known = history(toll(12, notes=("Two dates disagree.",)), broken, Outcome.FAILED, toll(13))
    assert ".." not in render_markdown(known)
