"""Changes over several steps: never a disclosure that one of the steps did not have."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from diffs.changes import changes_between
from diffs.changes.spanning import disclosed_in_steps
from diffs.history import history_of, revisions_in
from diffs.model import Article, ChangeKind, Citation, Disclosure, Observation, Outcome

START = datetime(2024, 5, 1, 8, tzinfo=UTC)
URL = "https://news.example/a"


def versions(*forms):
    """Articles of a toll and the hour of the page's own date."""
    made = []
    for toll, hour in forms:
        article = Article.from_text("Storm", f"The ministry said {toll} people were killed. Roads were shut.")
        made.append(replace(article, modified=START + timedelta(hours=hour)))
    return made


def history_steps(articles):
    """The steps between articles captured an hour after each other."""
    seen = [
        Observation(
            capture=Citation(at=START + timedelta(hours=hour), url=URL, archive="wayback"),
            outcome=Outcome.FETCHED,
            fingerprint=one.fingerprint,
        )
        for hour, one in enumerate(articles)
    ]
    return history_of(
        revisions_in(seen, {one.fingerprint: one for one in articles}), seen, url=URL
    ).transitions


def over(articles):
    """The casualty changes from the first article to the last, as the steps between disclosed them."""
    changes = changes_between(articles[0], articles[-1])
    spanning = disclosed_in_steps(changes, history_steps(articles))
    return [one.disclosure for one in spanning if one.kind is ChangeKind.CASUALTY]


def test_a_silent_step_stays_silent_where_a_later_one_moved_the_date():
    first, second, third = versions((9, 0), (11, 0), (11, 1))
    third = replace(third, blocks=(*third.blocks, *Article.from_text("", "Schools stay shut.").blocks))

    assert over([first, second, third]) == [Disclosure.SILENT]


def test_the_weakest_of_several_steps_of_one_figure_counts():
    assert over(versions((9, 0), (11, 1), (14, 1))) == [Disclosure.SILENT]
    assert over(versions((9, 0), (11, 1), (14, 2))) == [Disclosure.NEW_DATE]


def test_a_change_that_no_chain_of_steps_made_is_of_unknown_disclosure():
    first, second, third = versions((9, 0), (11, 1), (14, 2))
    changes = changes_between(replace(first, blocks=versions((8, 0))[0].blocks), third)
    steps = history_steps([first, second, third])

    assert [
        one.disclosure for one in disclosed_in_steps(changes, steps) if one.kind is ChangeKind.CASUALTY
    ] == [Disclosure.UNKNOWN]


def test_a_single_step_is_left_as_it_is():
    first, second = versions((9, 0), (11, 1))
    changes = changes_between(first, second)

    assert disclosed_in_steps(changes, history_steps([first, second])) == tuple(changes)
