"""Which targets are worth asking about together, and for how far back."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from crawler.model import SaveWish, Target
from crawler.tracking.prefixes import (
    EVERYTHING_EVERY,
    OVERLAP,
    Asking,
    folders_of,
    shared_folders,
    since_when,
)
from crawler.tracking.save_requests import wants_saving

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def asking(number: int, *addresses: str, since: datetime | None = NOW) -> Asking:
    return Asking(
        target=number, addresses=tuple(f"https://gazette.example/{each}" for each in addresses), since=since
    )


def target(number: int = 1, *, added: datetime = NOW, **fields) -> Target:
    return Target(
        id=number,
        url=f"https://gazette.example/{number}",
        story=None,
        since=None,
        added=added,
        next_due=NOW,
        **fields,
    )


def test_three_pages_of_a_folder_are_worth_one_question_since_the_earliest_they_need():
    (folder,) = shared_folders([asking(n, f"world/{n}", since=NOW - n * HOUR) for n in (1, 2, 3)])

    assert folder.prefix == "https://gazette.example/world/"
    assert folder.since == NOW - 3 * HOUR
    assert folder.targets == (1, 2, 3)


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param([asking(n, f"world/{n}") for n in (1, 2)], id="two pages are too few"),
        pytest.param([asking(n, str(n)) for n in range(9)], id="a site's root holds too much"),
        pytest.param([asking(n, f"world/{n}", since=None) for n in range(9)], id="first looks want all"),
        pytest.param([asking(n, f"world/{n}", f"new/{n}") for n in range(9)], id="an alias lies elsewhere"),
        pytest.param(
            [asking(n, f"{'abcdefghi'[n]}/{n}") for n in range(9)], id="all in folders of their own"
        ),
        pytest.param([], id="nothing is due"),
    ],
)
def test_pages_are_asked_about_alone_where(wanted):
    assert shared_folders(wanted) == []


def test_the_deepest_folder_shared_by_enough_is_asked_about_and_the_rest_by_the_one_above():
    deep = [asking(n, f"world/asia/{n}") for n in range(3)]
    shallow = [asking(10, "world/10"), asking(11, "world/europe/11"), asking(12, "world/12")]
    found = {folder.prefix: folder.targets for folder in shared_folders(deep + shallow)}

    assert found == {
        "https://gazette.example/world/asia/": (0, 1, 2),
        "https://gazette.example/world/": (10, 11, 12),
    }


def test_a_folder_known_to_hold_too_much_is_avoided_with_those_above_it():
    wanted = [asking(n, f"world/asia/{n}") for n in range(3)] + [asking(n, f"sport/{n}") for n in (7, 8, 9)]
    (folder,) = shared_folders(wanted, avoid={"https://gazette.example/world/asia/"})

    assert folder.prefix == "https://gazette.example/sport/"


def test_no_target_is_in_two_folders():
    wanted = [asking(n, f"a/b/c/{n}") for n in range(50)]
    numbers = [number for folder in shared_folders(wanted) for number in folder.targets]

    assert sorted(numbers) == list(range(50))


@pytest.mark.parametrize(
    ("url", "folders"),
    [
        ("https://www.gazette.example/a/b/c", ["https://gazette.example/a/", "https://gazette.example/a/b/"]),
        ("http://gazette.example:8080/a/b/", ["https://gazette.example:8080/a/"]),
        ("https://gazette.example/a?x=/b/c", []),
        ("https://gazette.example/", []),
    ],
)
def test_a_pages_folders_are_those_above_it(url, folders):
    assert folders_of(url) == folders


def test_the_first_look_and_one_in_four_weeks_ask_for_everything():
    looks = [NOW + n * DAY for n in range(1, 100)]
    whole = [
        later
        for earlier, later in itertools.pairwise(looks)
        if since_when(target(last_look=earlier), now=later) is None
    ]

    assert since_when(target(), now=NOW) is None
    assert {later - earlier for earlier, later in itertools.pairwise(whole)} == {EVERYTHING_EVERY}
    assert since_when(target(last_look=NOW + DAY), now=NOW + 2 * DAY) == NOW + DAY - OVERLAP


def test_targets_tracked_on_one_day_ask_for_everything_on_different_days():
    looks = [(NOW + n * DAY, NOW + (n + 1) * DAY) for n in range(1, 29)]
    days = {
        number: next(
            n for n, (a, b) in enumerate(looks) if since_when(target(number, last_look=a), now=b) is None
        )
        for number in range(97)
    }

    assert max(list(days.values()).count(day) for day in range(28)) <= 5


# --------------------------------------------------------------------------- gaps


def wishing(**fields) -> Target:
    return target(save=SaveWish.ON_GAP, **fields)


@pytest.mark.parametrize(
    ("of", "newest", "wanted"),
    [
        pytest.param(wishing(), None, True, id="never captured"),
        pytest.param(wishing(), NOW - 2 * HOUR, True, id="silent for longer than the interval"),
        pytest.param(wishing(), NOW - HOUR, False, id="captured within the interval"),
        pytest.param(target(), None, False, id="not wished for"),
        pytest.param(wishing(save_asked=NOW - HOUR / 2), None, False, id="asked within the interval"),
        pytest.param(wishing(save_asked=NOW - HOUR), None, True, id="asked an interval ago"),
        pytest.param(wishing(save_asked=NOW - 23 * HOUR, save_refusals=1), None, False, id="refused today"),
        pytest.param(wishing(save_asked=NOW - DAY, save_refusals=1), None, True, id="refused yesterday"),
        pytest.param(wishing(save_asked=NOW - DAY, save_refusals=2), None, False, id="refused twice"),
        pytest.param(wishing(save_asked=NOW - 7 * DAY, save_refusals=40), None, True, id="often, a week ago"),
    ],
)
def test_a_capture_is_asked_for_where_the_page_was_or_was_not(of, newest, wanted):
    assert wants_saving(of, newest=newest, interval=HOUR, now=NOW) is wanted
