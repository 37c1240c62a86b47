"""Which pages of a site are siblings: a function of the listing, spread over days, never of the same event."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from crawler.archive.urlkey import urlkey_of
from crawler.model import Capture
from crawler.tracking.site_pages import (
    Quarter,
    candidates_in,
    content_words,
    is_article_address,
    prefixes_of,
    siblings_of,
)

START = datetime(2026, 4, 1, 12, tzinfo=UTC)
STORY = "https://herald.example/world/ferry-capsizes-off-port-sarel.html"


def capture(slug: str, *, day: int = 0, status: int | None = 200, kind: str = "text/html") -> Capture:
    url = f"https://herald.example/world/{slug}"
    at = START + timedelta(days=day)
    return Capture(archive="a", url=url, urlkey=urlkey_of(url), at=at, mimetype=kind, status=status)


@pytest.mark.parametrize(
    ("at", "name", "start", "end"),
    [
        (datetime(2026, 1, 1, tzinfo=UTC), "2026Q1", "2026-01-01T00:00:00", "2026-03-31T23:59:59"),
        (
            datetime(2026, 6, 30, 23, 59, 59, tzinfo=UTC),
            "2026Q2",
            "2026-04-01T00:00:00",
            "2026-06-30T23:59:59",
        ),
        (datetime(2026, 12, 31, tzinfo=UTC), "2026Q4", "2026-10-01T00:00:00", "2026-12-31T23:59:59"),
    ],
)
def test_a_quarter_is_one_of_the_calendar_in_utc(at: datetime, name: str, start: str, end: str) -> None:
    quarter = Quarter.of(at)
    assert str(quarter) == name
    assert quarter.start == datetime.fromisoformat(start + "+00:00")
    assert quarter.end == datetime.fromisoformat(end + "+00:00")


def test_a_section_is_asked_about_before_its_site() -> None:
    assert prefixes_of("https://www.herald.example/world/2026/04/01/a-b-c") == (
        "https://herald.example/world/",
        "https://herald.example/",
    )
    assert prefixes_of("http://herald.example/story-of-the-day") == ("https://herald.example/",)


@pytest.mark.parametrize(
    ("path", "article"),
    [
        ("/world/ferry-capsizes-off-port-sarel", True),
        ("/world/ferry_capsizes_off_port.html", True),
        ("/news/world-12345678", True),
        ("/2026/04/story.aspx/9912345", True),
        ("/world/", False),
        ("/", False),
        ("/tag/the-port-of-sarel", False),
        ("/author/somebody-with-three-names", False),
        ("/world/middle-east", False),
        ("/index.html", False),
    ],
)
def test_an_address_tells_an_article_from_a_list(path, article) -> None:
    assert is_article_address(f"https://herald.example{path}") is article


def test_only_the_first_good_capture_of_each_article_is_a_candidate() -> None:
    listing = [
        capture("town-closes-old-library", day=3, status=404),
        capture("town-closes-old-library", day=4),
        capture("town-closes-old-library", day=5),
        capture("map-of-the-coast.pdf", kind="application/pdf"),
        capture("harvest-begins-early-this-year", day=1, kind="warc/revisit", status=None),
        capture("page/2"),
    ]
    assert [each.at.day for each in candidates_in(listing)] == [5]


def test_the_same_event_is_never_a_sibling_of_itself() -> None:
    listing = [
        capture("ferry-capsizes-off-port-sarel.html", day=1),
        capture("capsized-ferry-was-overloaded-port-says", day=2),
        capture("ferry-disaster-minister-resigns", day=3),
        capture("orchards-bloom-after-long-winter", day=4),
    ]
    found = [each.url.rsplit("/", 1)[1] for each in siblings_of(STORY, listing)]
    assert set(found) == {"ferry-disaster-minister-resigns", "orchards-bloom-after-long-winter"}
    assert content_words(STORY) == {"ferry", "capsizes", "port", "sarel"}


def test_two_siblings_are_of_unlike_days_and_unlike_stories() -> None:
    listing = [capture(f"{word}-{other}-shuts-for-now", day=n % 3) for n, (word, other) in enumerate(PAIRS)]
    listing.append(capture("museum-annex-opens-again", day=7))
    found = list(siblings_of(STORY, listing))
    assert len(found) in (3, 4)
    assert len({each.at.date() for each in found}) == len(found)
    for each in found:
        others = [content_words(one.url) for one in found if one is not each]
        assert all(len(content_words(each.url) & words) < 2 for words in others)


PAIRS = [
    ("museum", "annex"),
    ("railway", "yard"),
    ("school", "gym"),
    ("harbour", "gate"),
    ("theatre", "roof"),
]


def test_the_order_of_siblings_is_that_of_the_site_whoever_asks_and_however_the_listing_came() -> None:
    words = [
        "amber",
        "bridge",
        "cellar",
        "dragon",
        "ember",
        "forest",
        "garden",
        "hollow",
        "island",
        "jungle",
        "kettle",
        "ladder",
    ]
    listing = [capture(f"{word}-{word}er-{word}ing", day=n) for n, word in enumerate(words)]
    first = [each.url for each in siblings_of(STORY, listing)]
    again = listing[:]
    random.Random(4).shuffle(again)
    assert [each.url for each in siblings_of(STORY, again)] == first
    other = [each.url for each in siblings_of(listing[5].url, listing)]
    assert other == [url for url in first if url != listing[5].url]
