"""A time may be typed as our reports print it, by a version's number, or in words."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.cli.moments import moment_typed
from crawler.errors import InputError
from diffs.model import Article, Citation, History, Observation, Outcome, Revision
from diffs.reports.times import clock
from diffs.reports.wording import exactly, when

NOW = datetime(2025, 3, 12, 10, 30, tzinfo=UTC)
SEEN = datetime(2025, 3, 11, 6, 40, 12, tzinfo=UTC)


def history() -> History:
    capture = Citation(at=SEEN, url="https://courier.example/a", archive="wayback")
    return History(
        url=capture.url,
        revisions=(Revision(number=1, article=Article(), first=capture, last=capture),),
        observations=(Observation(capture=capture, outcome=Outcome.FETCHED),),
    )


def typed(text: str) -> datetime:
    return moment_typed(text, now=NOW, history=history)


@pytest.mark.parametrize(
    "printed", [clock(SEEN), when(SEEN), exactly(SEEN), f"{SEEN:%Y%m%d%H%M%S}", "2025-03-11 06:40"]
)
def test_every_form_in_which_a_report_prints_a_time_is_read_back(printed: str) -> None:
    found = typed(printed)
    assert SEEN <= found < SEEN + timedelta(minutes=1)


@pytest.mark.parametrize(
    "printed", ["Tue 11 Mar 06:40", "11 March 06:40", "06:40", "06:40:12", "March 11, 2025, 06:40 UTC"]
)
def test_a_time_that_a_report_prints_without_its_year_or_day_is_that_of_a_capture(printed: str) -> None:
    found = typed(printed)
    assert SEEN <= found < SEEN + timedelta(minutes=1)


@pytest.mark.parametrize("day", ["11 March", "11 Mar 2025", "Tue 11 Mar", "March 11", "11 march 2025"])
def test_a_day_is_meant_to_its_end(day: str) -> None:
    assert typed(day) == datetime(2025, 3, 11, 23, 59, 59, tzinfo=UTC)


def test_a_day_later_in_the_year_than_the_newest_capture_is_of_the_year_before() -> None:
    assert typed("29 August") == datetime(2024, 8, 29, 23, 59, 59, tzinfo=UTC)


def test_a_time_ago_is_counted_back_from_now() -> None:
    assert typed("2 hours ago") == NOW - timedelta(hours=2)


@pytest.mark.parametrize("text", ["version 1", "v1", "Version  1"])
def test_a_version_is_the_time_at_which_it_was_first_seen(text: str) -> None:
    assert typed(text) == SEEN


def test_words_of_every_day_are_times() -> None:
    assert typed("yesterday") == datetime(2025, 3, 11, 23, 59, 59, tzinfo=UTC)
    assert typed("today") == typed("now") == NOW


@pytest.mark.parametrize(
    ("text", "told"),
    [("version 7", "versions 1 to 1"), ("Tue 31 Feb 2025 06:40", "no date"), ("Xyz 11 Foo 2025 06:40", "no date"), ("soon", "no date"), ("07:00", "write the day too"), ("31 Feb", "no date")],
)  # fmt: skip
def test_what_is_no_time_says_what_to_write(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        typed(text)
