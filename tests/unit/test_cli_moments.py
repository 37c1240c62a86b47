"""A time may be typed as our reports print it, by a version's number, or in words."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.cli.moments import moment_typed
from crawler.errors import InputError
from diffs.model import Article, Citation, History, Revision
from diffs.reports.times import clock
from diffs.reports.wording import exactly, when

NOW = datetime(2025, 3, 12, 10, 30, tzinfo=UTC)
SEEN = datetime(2025, 3, 11, 6, 40, 12, tzinfo=UTC)


def history() -> History:
    capture = Citation(at=SEEN, url="https://courier.example/a", archive="wayback")
    return History(
        url=capture.url, revisions=(Revision(number=1, article=Article(), first=capture, last=capture),)
    )


def typed(text: str) -> datetime:
    return moment_typed(text, now=NOW, history=history)


@pytest.mark.parametrize(
    "printed", [clock(SEEN), when(SEEN), exactly(SEEN), f"{SEEN:%Y%m%d%H%M%S}", "2025-03-11 06:40"]
)
def test_every_form_in_which_a_report_prints_a_time_is_read_back(printed: str) -> None:
    found = typed(printed)
    assert SEEN <= found < SEEN + timedelta(minutes=1)


@pytest.mark.parametrize("text", ["version 1", "v1", "Version  1"])
def test_a_version_is_the_time_at_which_it_was_first_seen(text: str) -> None:
    assert typed(text) == SEEN


def test_words_of_every_day_are_times() -> None:
    assert typed("yesterday") == datetime(2025, 3, 11, 23, 59, 59, tzinfo=UTC)
    assert typed("today") == typed("now") == NOW


@pytest.mark.parametrize(
    ("text", "told"),
    [("version 7", "versions 1 to 1"), ("Tue 31 Feb 2025 06:40", "no date"), ("Xyz 11 Foo 2025 06:40", "no date"), ("soon", "no date")],
)  # fmt: skip
def test_what_is_no_time_says_what_to_write(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        typed(text)
