"""The pipeline's work grows with the length of a text, whatever the text: counted here, timed in the soak."""

import functools
import gc
from datetime import UTC, datetime, timedelta

import pytest

from crawler.parser import parse
from diffs.changes import changes_between
from diffs.claims import claims_in, claims_in_text
from diffs.history import contradictions_in, history_of, revisions_in
from diffs.model import Article, Block, BlockKind, Citation, Observation, Outcome
from diffs.reports import render_markdown
from regex_attacks import Attack
from regex_timing import SIZES, STEEPEST, check, exponent
from work_counting import check_steps, steps_of

URL = "https://valley.example/news/landslide-n100"
# Each was once the slowest text for some pattern or some search.
UNITS = (
    ". ",
    "A.",
    "the A ",
    "says the AAAA",
    "security ",
    "said “a b c,” ",
    "“The war was here,” said A. ",
    "“The war was here,” said A.\n\n",
    "toll rose to 12 ",
    "12 killed, ",
    "12 killed and 3 wounded in ",
    "The blast killed 12 people. ",
    "He said it was a dog.\n\n",
    "a\n\n",
    "<p>a",
    "<a ",
    "1 ",
)

# What was read before would be had for nothing, as long as it all fits.
REMEMBERED = [
    one
    for one in gc.get_objects()
    if isinstance(one, functools._lru_cache_wrapper)
    and one.__module__.startswith(("crawler.", "diffs."))
    and one.cache_parameters()["maxsize"] is not None
]


def article_of(text):
    blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=part) for part in text.split("\n\n") if part.strip())
    return Article(headline="A", blocks=blocks, url=URL, captured_at=datetime(2020, 1, 1, tzinfo=UTC))


def changed_in_one_place(text):
    middle = len(text) // 2
    return changes_between(article_of(text), article_of(f"{text[:middle]} two dead {text[middle:]}"))


def changed_throughout(text):
    other = text.replace("12", "14").replace("war", "man").replace("dog", "cat").replace("3", "5")
    return changes_between(article_of(text), article_of(other))


def page_read(text):
    page = f"<html><body><h1>A</h1><article><p>{text}</p></article></body></html>"
    return parse(page.encode(), url=URL)


def plain_read(text):
    return parse(text.encode(), url=URL)


RUNS = (claims_in_text, changed_in_one_place, changed_throughout, page_read, plain_read)
EACH = pytest.mark.parametrize("run", RUNS, ids=lambda run: run.__name__)


def uncached(run):
    def fresh(text):
        for remembered in REMEMBERED:
            remembered.cache_clear()
        return run(text)

    return fresh


# Counting takes ten times as long as running: shares, so that none is near the time limit of a test. A comparison takes
# longest, and of its shares all but one are left to the soak.
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("run", "share"),
    [
        pytest.param(
            run,
            share,
            marks=[pytest.mark.soak] if share and run in {changed_in_one_place, changed_throughout} else [],
        )
        for run in RUNS
        for share in range(3)
    ],
)
def test_steps_grow_with_the_length_of_the_text(run, share):
    for unit in UNITS[share::3]:
        check_steps(f"{run.__name__} on {unit!r}", uncached(run), Attack(unit=unit).text)


@pytest.mark.soak
@pytest.mark.parametrize("unit", UNITS)
@EACH
def test_time_grows_with_the_length_of_the_text(run, unit):
    check(run.__name__, uncached(run), Attack(unit=unit), 8.0, SIZES)


def links_within_boxes(depth):
    """Return a page of 300 links in as many boxes within boxes as `depth` says."""
    links = '<p><a href="/r">Reply</a></p>' * 300
    boxes = '<div class="entry"><p><a href="/r">Reply</a></p>' * depth
    head = "<h1>Ferry sinks</h1><p>Twelve people were killed on Sunday, the coastguard said.</p>"
    return f"<html><body>{head}{boxes}{links}</body></html>".encode()


def test_a_line_is_not_read_again_for_each_box_around_it():
    shallow, deep = (
        steps_of(lambda depth=depth: parse(links_within_boxes(depth), url=URL)) for depth in (10, 110)
    )
    assert deep < 2 * shallow, f"{shallow} steps at 10 levels, {deep} at 110"


def history_with(number, lead, body):
    """Return the history of a number of versions, an hour apart, of a lead and a paragraph each."""
    start = datetime(2020, 1, 1, tzinfo=UTC)
    articles = [Article.from_text(f"Toll {index % 97}", lead(index), body(index)) for index in range(number)]
    seen = [
        Observation(
            capture=Citation(at=start + timedelta(hours=index), url=URL, archive="wayback"),
            outcome=Outcome.FETCHED,
            fingerprint=article.fingerprint,
        )
        for index, article in enumerate(articles)
    ]
    known = {article.fingerprint: article for article in articles}
    return history_of(revisions_in(seen, known), seen, url=URL)


def figure(index):
    return f"At least {12 + index} people were killed in the village, the mayor said."


def one_of_three(index):
    return f"At least {12 + index % 3} people were killed in the village, the mayor said."


def same(_index):
    return "The road along the river was closed while crews looked for others. " * 4


def unlike(index):
    words = [f"{chr(97 + index % 26)}{chr(97 + (index // 26 + k) % 26)}{chr(97 + k)}on{k}" for k in range(26)]
    return " ".join(words).capitalize() + ". " + " ".join(reversed(words)).capitalize() + "."


@pytest.mark.parametrize(
    ("lead", "body"),
    [(figure, same), (one_of_three, same), (figure, unlike), (one_of_three, unlike)],
    ids=["moving on", "returning", "unlike", "unlike and returning"],
)
def test_the_work_of_a_history_grows_with_the_number_of_versions(lead, body):
    counted = {}
    for number in (80, 160):
        for remembered in REMEMBERED:
            remembered.cache_clear()
        counted[number] = float(steps_of(lambda number=number: history_with(number, lead, body)))
    slope = exponent(counted)
    assert slope < STEEPEST, f"steps {counted}, exponent {slope:.2f}"


def many(number, place):
    return [
        f"At least {2 + index} people were killed in {place} number {index}, the mayor said."
        for index in range(number)
    ]


def test_the_work_of_unlike_texts_of_nothing_but_figures_grows_with_their_length():
    counted = {}
    for number in (150, 300):
        for remembered in REMEMBERED:
            remembered.cache_clear()
        old = Article.from_text("A", *many(number, "hamlet"))
        new = Article.from_text(
            "A", *(text.replace("mayor", "bishop") for text in reversed(many(number, "quarry")))
        )
        counted[number] = float(steps_of(lambda old=old, new=new: changes_between(old, new)))
    slope = exponent(counted)
    assert slope < STEEPEST, f"steps {counted}, exponent {slope:.2f}"


def test_the_work_of_a_report_of_nothing_but_figures_grows_with_their_number():
    counted = {}
    for number in (150, 300):
        for remembered in REMEMBERED:
            remembered.cache_clear()
        old = Article.from_text("A", *many(number, "hamlet"))
        new = Article.from_text("A", *(text.replace("were", "had been") for text in many(number, "quarry")))
        start = datetime(2020, 1, 1, tzinfo=UTC)
        seen = [
            Observation(
                capture=Citation(at=start + timedelta(hours=index), url=URL, archive="wayback"),
                outcome=Outcome.FETCHED,
                fingerprint=article.fingerprint,
            )
            for index, article in enumerate((old, new))
        ]
        known = {article.fingerprint: article for article in (old, new)}
        history = history_of(revisions_in(seen, known), seen, url=URL)
        counted[number] = float(steps_of(lambda history=history: render_markdown(history)))
    slope = exponent(counted)
    assert slope < STEEPEST, f"steps {counted}, exponent {slope:.2f}"


def test_a_block_that_stood_in_the_version_before_is_not_read_for_figures_again():
    for remembered in REMEMBERED:
        remembered.cache_clear()
    first = Article.from_text("A", *many(100, "hamlet"))
    second = Article.from_text(
        "A", *many(100, "hamlet"), "At least 9 people drowned in Orlen, the mayor said."
    )
    whole = steps_of(lambda: claims_in(first))
    again = steps_of(lambda: claims_in(second))
    assert claims_in(second)[-1].block == 100
    assert again < whole / 10, (whole, again)


def test_the_work_of_a_page_on_which_every_two_figures_disagree_grows_with_their_number():
    counted = {}
    for number in (120, 240):
        for remembered in REMEMBERED:
            remembered.cache_clear()
        page = Article.from_text("A", *(f"{2 + 7 * index} dead in the port." for index in range(number)))
        counted[number] = float(steps_of(lambda page=page: contradictions_in(page)))
        assert 0 < len(contradictions_in(page)) <= 50
    slope = exponent(counted)
    assert slope < STEEPEST, f"steps {counted}, exponent {slope:.2f}"
