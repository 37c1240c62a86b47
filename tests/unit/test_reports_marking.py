"""Old words struck out and new ones strong, in a form that every Markdown parser reads alike."""

from diffs.edits import edits_between
from diffs.model import Edit, EditOp
from diffs.reports.document import added, struck
from diffs.reports.markdown import markdown_line
from diffs.reports.marking import marked, shortened


def pieces(*marks: str) -> list[Edit]:
    ops = {"=": EditOp.EQUAL, "-": EditOp.DELETE, "+": EditOp.INSERT}
    return [Edit(op=ops[mark[0]], text=mark[1:]) for mark in marks]


def as_markdown(edits: list[Edit], *, full: bool = False) -> str:
    return markdown_line(marked(edits, full=full))


def test_a_changed_word_stands_between_spaces() -> None:
    assert as_markdown(pieces("=killed ", "-12", "+15", "= people")) == "killed ~~12~~ **15** people"


def test_brackets_that_touch_a_change_come_along() -> None:
    assert as_markdown(pieces("=(", "-12", "+15", "=), he said")) == "~~(12),~~ **(15),** he said"


def test_punctuation_that_both_wordings_end_with_stays_outside_the_marks() -> None:
    assert (
        as_markdown(pieces("=Storms kill ", "-9", "+11", "=, hurt 40."))
        == "Storms kill ~~9~~ **11**, hurt 40."
    )
    assert as_markdown(pieces("=It was a ", "-fire", "+blast", "=.")) == "It was a ~~fire~~ **blast**."
    assert as_markdown(pieces("=It was a ", "-fire.", "+blast;")) == "It was a ~~fire.~~ **blast;**"


def test_changes_without_a_space_between_them_become_one() -> None:
    assert (
        as_markdown(pieces("-12", "+15", "=-", "-year", "+month", "=-old"))
        == "~~12-year-old~~ **15-month-old**"
    )


def test_spaces_at_the_edges_of_a_change_stay_outside_the_marks() -> None:
    assert as_markdown(pieces("=killed", "+ at least", "= 12")) == "killed **at least** 12"


def test_a_change_of_white_space_only_shows_no_mark() -> None:
    assert as_markdown(pieces("=12", "- ", "+\u00a0", "=people")) == "~~12 people~~ **12\u00a0people**"
    assert as_markdown(pieces("=12 ", "- ", "=people")) == "12 people"


def test_scripts_without_spaces_are_marked_where_the_change_is() -> None:
    assert (
        as_markdown(pieces("=事故で", "-十二", "+十三", "=人が死亡した。"))
        == "事故 ~~で十二人~~ **で十三人** が死亡した。"
    )


def test_stars_and_tildes_of_the_page_are_words() -> None:
    assert as_markdown(pieces("-~~a~~", "+**b**")) == "~~\\~\\~a\\~\\~~~ **\\*\\*b\\*\\***"


def test_a_long_unchanged_stretch_is_left_out_unless_asked_for() -> None:
    long = " ".join(f"w{n}" for n in range(200))
    edits = pieces("-12", "+13", f"= {long} ", "-7", "+8")
    short, full = as_markdown(edits), as_markdown(edits, full=True)
    assert "…" in short
    assert len(short) < 500 < len(full)
    assert short.startswith("~~12~~ **13** w0 w1")
    assert short.endswith("w199 ~~7~~ **8**")


def test_the_differ_s_own_edits_come_out_readable() -> None:
    edits = edits_between("At least 12 people died, police said.", "Some 15 people died, the army said.")
    assert as_markdown(edits) == "~~At least 12~~ **Some 15** people died, ~~police~~ **the army** said."


def test_nothing_is_marked_as_nothing() -> None:
    assert marked([]) == struck("  ") == added("\n\u200f") == ()


def test_shortening_keeps_the_words_next_to_the_change() -> None:
    text = " ".join(str(n) for n in range(100))
    assert shortened(text, head=False, words=3) == "… 97 98 99"
    assert shortened(text, tail=False, words=3) == "0 1 2 … "
    assert shortened("short enough", words=3) == "short enough"
