"""The chart shows each source's figures with their bounds, for readers without colour too."""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from diffs.history import history_of, revisions_in
from diffs.model import (
    Article,
    Citation,
    Claim,
    ClaimKind,
    History,
    Observation,
    Outcome,
    Polarity,
    Qualifier,
)
from diffs.reports import render_chart
from diffs.reports.canvas import STYLES, Canvas
from diffs.reports.chart import short
from diffs.reports.plot import MOST_LINES, Mark, Panel, Plotted, render_plot
from diffs.reports.scale import TimeScale, nice_ticks
from diffs.reports.wording import amount, count, duration, figure, listed, times, when

START = datetime(2024, 3, 4, 6, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def claim(
    qualifier: Qualifier, value: int | None, low: int | None, high: int | None, **fields: object
) -> Claim:
    given = {
        "number_text": str(value or low),
        "sentence": "x",
        "start": 0,
        "end": 1,
        "cue": "killed",
        "rule": "r",
    }
    return Claim(
        kind=ClaimKind.KILLED,
        qualifier=qualifier,
        value=value,
        low=low,
        high=high,
        confidence=1.0,
        **(given | fields),
    )


FIGURES = [
    (claim(Qualifier.EXACT, 1500, 1500, 1500), "1,500", "1,500"),
    (claim(Qualifier.AT_LEAST, 7, 7, None), "at least 7", "≥7"),
    (claim(Qualifier.MORE_THAN, 40, 40, None), "more than 40", ">40"),
    (claim(Qualifier.ABOUT, 30, None, None), "about 30", "~30"),
    (claim(Qualifier.UP_TO, 300, None, 300), "up to 300", "≤300"),
    (claim(Qualifier.RANGE, None, 20, 30), "20–30", "20–30"),
    (claim(Qualifier.VAGUE, None, 24, None, number_text="dozens"), "“dozens”", "“dozens”"),
    (claim(Qualifier.ZERO, 0, 0, 0), "0", "0"),
]


@pytest.mark.parametrize(("stated", "long", "brief"), FIGURES)
def test_a_figure_is_written_the_same_way_whatever_words_the_page_used(
    stated: Claim, long: str, brief: str
) -> None:
    assert amount(stated) == long
    assert short(stated) == brief


def test_what_bears_on_a_figure_is_written_next_to_it() -> None:
    stated = claim(Qualifier.EXACT, 5, 5, 5, hedge="reportedly", polarity=Polarity.DENIED)
    assert figure(stated) == "5 (hedged “reportedly”, denied)"


def test_words_for_numbers_and_times() -> None:
    assert [times(number) for number in (1, 2, 3)] == ["once", "twice", "three times"]
    assert [count(number, "capture") for number in (0, 1, 1200)] == [
        "0 captures",
        "1 capture",
        "1,200 captures",
    ]
    assert [listed(["a", "b", "c"][:number]) for number in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert when(START.astimezone()) == "2024-03-04 06:00 UTC"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "no time"),
        (59, "59 seconds"),
        (3600, "1 hour"),
        (3660, "1 hour 1 minute"),
        (90000, "1 day 1 hour"),
        (86460, "1 day"),
    ],
)
def test_a_span_is_reported_in_its_two_largest_units(seconds: int, told: str) -> None:
    assert duration(START, START + timedelta(seconds=seconds)) == told


def test_time_runs_from_left_to_right_and_long_gaps_are_shortened() -> None:
    moments = [at(0), at(60), at(120), at(180), at(500_000)]
    scale = TimeScale.over(moments, 0, 100)
    places = [scale.x(moment) for moment in moments]
    assert places == sorted(places)
    assert (places[0], round(places[-1], 6)) == (0, 100)
    assert places[3] > 30
    assert len(scale.breaks) == 1
    assert places[3] < scale.breaks[0] < places[4]


def test_one_moment_stands_in_the_middle_and_others_at_the_ends() -> None:
    assert TimeScale.over([START], 0, 100).x(START) == 50
    scale = TimeScale.over([at(0), at(10)], 0, 100)
    assert (scale.x(at(-5)), scale.x(at(5)), scale.x(at(99))) == (0, 50, 100)


@pytest.mark.parametrize("most", [0, 0.5, 1, 3, 7, 12, 62, 90, 99, 1204, 35_000, 2_000_000])
def test_ticks_are_round_and_reach_the_largest_figure(most: float) -> None:
    ticks = nice_ticks(most)
    assert ticks[0] == 0
    assert ticks[-1] >= most
    assert 2 <= len(ticks) <= 6
    assert len({later - earlier for earlier, later in pairwise(ticks)}) == 1


def test_labels_never_cover_each_other() -> None:
    canvas = Canvas(left=0, right=200)
    for number in range(12):
        canvas.label((50 + number, 50), f"{number:,} dead")
    boxes = canvas._boxes
    assert 3 < len(boxes) < 12
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            assert one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]


def test_sources_differ_without_colour() -> None:
    assert len({style.dash for style in STYLES}) == len({style.shape for style in STYLES}) == MOST_LINES


def plot(*marks: Mark) -> str:
    panel = Panel(title="Killed", lines=(Plotted(name="the army <&>", marks=marks),))
    return render_plot(title="T" * 200, description="d", panels=[panel], footer=["f"])


def test_a_picture_is_well_formed_and_refers_to_nothing_outside() -> None:
    text = plot(Mark(start=at(0), end=at(30), value=5, label="5"))
    assert ET.fromstring(text).tag == f"{SVG}svg"
    assert "href" not in text
    assert "<style" not in text
    assert "the army &lt;&amp;&gt;" in text


def test_bounds_are_drawn() -> None:
    plain = plot(Mark(start=at(0), end=at(30), value=5, label="5"))
    open_ended = plot(Mark(start=at(0), end=at(30), value=5, label="≥5", bounded=False))
    ranged = plot(Mark(start=at(0), end=at(30), value=5, low=2, high=8, label="2–8"))
    assert (plain.count("<path"), open_ended.count("<path"), ranged.count("<path")) == (0, 1, 0)
    assert ranged.count('stroke-width="1.5"') - plain.count('stroke-width="1.5"') == 3


def test_a_step_that_nobody_saw_is_dotted_and_a_silence_is_a_gap() -> None:
    first = Mark(start=at(0), end=at(30), value=5, label="5")
    seen = plot(first, Mark(start=at(60), end=at(90), value=8, label="8"))
    gone = plot(first, Mark(start=at(60), end=at(90), value=8, label="8", joined=False))
    assert seen.count('stroke-dasharray="1 3"') - gone.count('stroke-dasharray="1 3"') == 1


def history(*paragraphs: tuple[str, ...]) -> History:
    observations, articles = [], {}
    for hour, texts in enumerate(paragraphs):
        article = Article.from_text("News", *texts)
        articles[article.fingerprint] = article
        capture = Citation(at=at(60 * hour), url="https://x.example/", archive="wayback")
        observations.append(
            Observation(capture=capture, outcome=Outcome.FETCHED, fingerprint=article.fingerprint)
        )
    return history_of(revisions_in(observations, articles), observations, url="https://x.example/")


def test_a_history_without_casualties_has_no_chart() -> None:
    assert render_chart(history(("Rain fell on the town.",))) is None
    assert render_chart(History(url="https://x.example/")) is None


def test_rival_sources_are_two_lines_and_each_kind_has_its_panel() -> None:
    chart = render_chart(
        history(
            ("The army said seven soldiers were killed.", "Rebels said they killed 40 soldiers."),
            (
                "The army said nine soldiers were killed.",
                "Rebels said they killed 40 soldiers. 12 people were wounded, the army said.",
            ),
        )
    )
    assert chart is not None
    words = [element.text for element in ET.fromstring(chart).iter(f"{SVG}text")]
    assert {"Killed", "Wounded", "the army", "Rebels", "7", "9", "40", "12"} <= set(words)


def test_more_sources_than_marks_are_counted_and_left_to_the_table() -> None:
    names = ("Alpha", "Bravo", "Coda", "Delta", "Echo", "Foxglove", "Gala", "Hazel", "India", "Juniper")
    sentences = tuple(f"{name} hospital said {n + 20} people were killed." for n, name in enumerate(names))
    chart = render_chart(history(sentences))
    assert chart is not None
    assert "Not drawn: 2 further series" in chart
