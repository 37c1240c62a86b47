"""A document on a terminal: wrapped to its width, in colour where there is one, and inert."""

import re
from datetime import UTC, datetime, timedelta

from diffs.changes import changes_between
from diffs.model import Article, Citation
from diffs.reports import comparison_of, render_terminal
from diffs.reports.document import (
    Added,
    Column,
    Document,
    Item,
    Link,
    List,
    Paragraph,
    Quote,
    Section,
    Strong,
    Struck,
    Table,
    line,
)

SHOWN = re.compile(r"\x1b\[[0-9;]*m")
START = datetime(2024, 3, 5, 7, tzinfo=UTC)
TABLE = Table(
    columns=(Column(title="What"), Column(title="Old → new")),
    rows=((line("killed, the coast guard of the northern district"), line("12 → ", Strong("15"))),),
)


def document(*blocks: object) -> str:
    return render_terminal(Document(title=line("Title"), blocks=blocks), width=40)  # type: ignore[arg-type]


def test_a_table_keeps_to_the_width_and_its_columns() -> None:
    lines = document(TABLE).splitlines()
    assert max(map(len, lines)) <= 40
    assert [one.rstrip()[-2:] for one in lines[2:4]] == ["ew", "15"]
    assert (
        " ".join(one[:29].strip() for one in lines[3:]) == "killed, the coast guard of the northern district"
    )


def test_a_program_reads_a_row_a_line() -> None:
    printed = render_terminal(Document(title=line("Title"), blocks=(TABLE,)))
    assert printed.splitlines()[2:] == [
        "What\tOld → new",
        "killed, the coast guard of the northern district\t12 → 15",
    ]
    bare = Table(columns=(Column(title=""), Column(title="")), rows=TABLE.rows)
    assert len(render_terminal(Document(title=(), blocks=(bare,))).splitlines()) == 1


def test_words_are_marked_by_colour_or_by_signs() -> None:
    page = Document(
        title=line("T"), blocks=(Paragraph(line("said ", Struck("twelve men"), " ", Added("15"), ".")),)
    )
    assert "said [-twelve men-] {+15+}." in render_terminal(page)
    coloured = render_terminal(page, width=60, colour=True)
    assert "said \x1b[9;31mtwelve men\x1b[0m \x1b[1;32m15\x1b[0m." in coloured
    assert "said twelve men 15." in SHOWN.sub("", coloured)


def test_lists_quotes_and_sections_are_indented() -> None:
    inner = List(items=(Item(line("Found"), (Quote((line("as it stood"),)),)),), ordered=True)
    assert document(Section(line("Head"), (inner,))).splitlines() == [
        "Title",
        "",
        "Head",
        "",
        "1. Found",
        "     as it stood",
    ]


def test_no_sequence_of_a_page_reaches_the_terminal() -> None:
    bad = "\x1b]8;;https://evil.example\x07x\x1b[2J\u202e" + "w" * 90
    page = Document(
        title=line(bad),
        blocks=(
            Paragraph(line(bad, Strong(bad), Link(bad, "https://x.example/"))),
            Table(columns=(Column(title=bad),), rows=((line(Added(bad)),),)),
        ),
    )
    for width in (None, 30):
        text = SHOWN.sub("", render_terminal(page, width=width, colour=True))
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)


def test_wide_letters_take_two_columns() -> None:
    rows = ((line("事故で十二人が死亡した"), line("x")), (line("short"), line("y")))
    page = Document(
        title=line("T"), blocks=(Table(columns=(Column(title="a"), Column(title="b")), rows=rows),)
    )
    first, second = render_terminal(page, width=60).splitlines()[3:5]
    assert (len(first) + 11, first[-1]) == (len(second), "x")


def test_a_comparison_gives_figures_first_and_each_sentence_once() -> None:
    old = Article.from_text("Ferry sinks", "The coast guard said 12 people were killed.")
    new = Article.from_text(
        "Ferry sinks", "The coast guard said 15 people were killed.", "Boats are at the wreck."
    )
    ends = [
        Citation(at=START + timedelta(hours=n), url="https://x.example/", archive="wayback") for n in (0, 2)
    ]
    printed = render_terminal(comparison_of(ends[0], ends[1], changes_between(old, new)))
    lines = printed.splitlines()
    assert lines[0] == "Tue 5 Mar 2024 07:00 → Tue 5 Mar 09:00 UTC: 2 changes"
    assert lines[2] == "What\tOld → new\tDid the page say so?"
    assert lines[3] == "killed, the coast guard\t12 → 15\tcannot tell"
    assert lines[4].startswith("passage\t")
    assert printed.count("[-12-] {+15+} people") == 1
    same = render_terminal(comparison_of(ends[0], ends[1], ()))
    assert "Nothing differs." in same
    assert "steps apart" not in printed + same
    over = [
        render_terminal(comparison_of(ends[0], ends[1], changes, steps=3))
        for changes in (changes_between(old, new), ())
    ]
    assert all("Only these two versions are compared, three steps apart" in one for one in over)
    assert ["least open of the steps" in one for one in over] == [True, False]


ADDRESS = "https://www.courier.example/world/2025/03/11/silver-tern-ferry-port-sarel"


def test_an_address_stays_whole_on_a_narrow_terminal() -> None:
    rows = ((line(ADDRESS), line("Ferry"), line("-")), (line("https://x.example/"), line("-"), line("today")))
    table = Table(columns=tuple(Column(title=one) for one in ("Page", "Stories", "Next look")), rows=rows)
    assert document(table, Paragraph(line("See ", ADDRESS, "."))).splitlines()[2:] == [
        ADDRESS,
        "  Stories: Ferry",
        "https://x.example/",
        "  Next look: today",
        "",
        "See",
        f"{ADDRESS}.",
    ]
    wide = render_terminal(Document(title=(), blocks=(table,)), width=120).splitlines()
    assert [one.split()[0] for one in wide] == ["Page", ADDRESS, "https://x.example/"]


def test_a_figure_that_moved_has_an_arrow_and_no_signs() -> None:
    old = Article.from_text("Ferry sinks", "The coast guard said 12 people were killed.")
    new = Article.from_text("Ferry sinks", "The coast guard said 15 people were killed.")
    ends = [
        Citation(at=START + timedelta(hours=n), url="https://x.example/", archive="wayback") for n in (0, 2)
    ]
    printed = render_terminal(comparison_of(ends[0], ends[1], changes_between(old, new)))
    assert "12 → 15" in printed.partition("The words")[2]
    assert "{+15+} people" in printed
