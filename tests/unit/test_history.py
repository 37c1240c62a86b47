"""A whole history: runs, intervals, reversions, flaps, stretches, contradictions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from diffs.history import contradictions_in, history_of, revisions_in
from diffs.model import Article, Certainty, ChangeKind, ChangeType, Citation, Observation, Outcome, View

START = datetime(2024, 3, 1, 12, tzinfo=UTC)
URL = "https://example.org/flood"
BODY = (
    "The river rose over its banks in the night and cut off three villages. "
    "Helicopters lifted families from roofs while boats searched the fields below. "
    "Engineers closed the upper dam and opened the spillway to take pressure from the town. "
    "Schools stay shut until further notice."
)


def version(toll, headline="Flood in the valley", body=BODY):
    return Article.from_text(headline, f"At least {toll} people were killed in the flood.", body)


def seen(minutes, article=None, outcome=Outcome.FETCHED, reason=None):
    capture = Citation(at=START + timedelta(minutes=minutes), url=URL, archive="wayback")
    print_ = article.fingerprint if article is not None else None
    return Observation(capture=capture, outcome=outcome, reason=reason, fingerprint=print_)


def told(*steps, articles=()):
    """Return the history of (minutes, article) steps and ready-made observations."""
    observations = [step if isinstance(step, Observation) else seen(*step) for step in steps]
    known = [step[1] for step in steps if not isinstance(step, Observation)]
    by_print = {article.fingerprint: article for article in (*known, *articles)}
    return history_of(revisions_in(observations, by_print), observations, url=URL)


A, B, C = version(12), version(13), version(15)


def test_there_and_back_again_is_three_revisions():
    history = told((0, A), (60, B), (120, A))
    assert [(r.number, r.article) for r in history.revisions] == [(1, A), (2, B), (3, A)]


def test_captures_of_one_text_in_a_row_are_one_revision():
    history = told((0, A), (60, A), seen(90, A, Outcome.REVISIT), seen(95, A, Outcome.UNCHANGED), (120, B))
    first = history.revisions[0]
    assert (first.captures, first.first.at, first.last.at) == (4, START, START + timedelta(minutes=95))


def test_the_order_in_which_captures_were_fetched_does_not_matter():
    steps = [seen(0, A), seen(60, B), seen(120, C)]
    by_print = {article.fingerprint: article for article in (A, B, C)}
    tellings = [history_of(revisions_in(order, by_print), order, url=URL) for order in (steps, steps[::-1])]
    assert tellings[0] == tellings[1]


def test_a_change_happened_between_the_last_old_and_the_first_new_capture():
    step = told((0, A), (60, A), (180, C)).transitions[0]
    assert step.interval.after.at == START + timedelta(minutes=60)
    assert step.interval.until.at == START + timedelta(minutes=180)
    assert step.interval.widened == ()
    assert [c.type for c in step.changes if c.kind is ChangeKind.CASUALTY] == [ChangeType.INCREASED]


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.PENDING, Outcome.NOT_ARTICLE, Outcome.REDIRECT])
def test_captures_that_could_not_be_used_widen_the_interval(outcome):
    between = seen(90, outcome=outcome)
    step = told((0, A), between, (180, C)).transitions[0]
    assert step.interval.widened == (between,)


def test_a_suspect_version_gives_no_change_and_widens_the_interval():
    broken = replace(version(13), suspect="a block page")
    history = told((0, A), (60, broken), (120, C))
    (step,) = history.transitions
    assert (step.before.number, step.after.number) == (1, 3)
    assert [one.fingerprint for one in step.interval.widened] == [broken.fingerprint]
    assert history.revisions[1].suspect == "a block page"


def test_a_body_that_collapses_and_comes_back_is_suspect():
    stub = Article.from_text("Flood in the valley", "The river rose over its banks.")
    history = told((0, A), (60, stub), (120, A))
    assert "shrank" in history.revisions[1].suspect
    assert history.transitions == ()
    assert [s.revision for s in history.stretches] == [1]


def test_another_article_under_the_address_is_suspect():
    other = Article.from_text("Markets close higher", "Shares of banks and miners gained on Friday. " * 12)
    history = told((0, A), (60, other), (120, B))
    assert "another article" in history.revisions[1].suspect
    assert [(s.before.number, s.after.number) for s in history.transitions] == [(1, 3)]


def test_a_rewritten_article_that_stays_is_no_suspect():
    rewritten = Article.from_text(
        "Inquiry into the flood opens", "A judge will hear the engineers of the upper dam next week. " * 8
    )
    history = told((0, A), (60, rewritten), (120, rewritten))
    assert history.revisions[1].suspect is None
    assert len(history.transitions) == 1


def test_a_retraction_is_no_suspect_but_a_torso_is():
    retraction = Article.from_text("Flood in the valley", "This report has been withdrawn by the editors.")
    torso = Article.from_text("Flood in the valley", "Schools stay shut until further notice.")
    assert told((0, A), (60, retraction)).revisions[1].suspect is None
    assert "shrank" in told((0, A), (60, torso)).revisions[1].suspect


OTHER = (
    "Join our readers on the spring tour of the lower valley and its mills. "
    "Tickets for the tour can be had at the desk until the end of the month. "
    "The tour starts at the mill and ends at the harbour with a meal for everybody. "
    "Dogs may come along on a lead, and the path is fit for prams."
)


def test_another_part_of_the_page_that_its_own_views_doubt_is_no_rewrite():
    misread = replace(Article.from_text("Flood in the valley", OTHER), doubts=(View.DENSITY,))
    whole = Article.from_text("Flood in the valley", BODY)
    for steps, bad in ((((0, whole), (60, misread)), 1), (((0, misread), (60, whole)), 0)):
        history = told(*steps)
        assert [bool(revision.suspect) for revision in history.revisions] == [
            number == bad for number in range(2)
        ]
        assert history.transitions == ()


def test_a_rewrite_that_the_views_confirm_or_that_states_a_toll_is_told():
    whole = Article.from_text("Flood in the valley", BODY)
    sure = Article.from_text("Flood in the valley", OTHER)
    toll = replace(
        Article.from_text("Flood in the valley", OTHER, "At least 12 people were killed."),
        doubts=(View.DENSITY,),
    )
    for new in (sure, toll):
        history = told((0, whole), (60, new))
        assert not any(revision.suspect for revision in history.revisions)
        assert history.transitions[0].changes


def test_the_opening_of_a_text_that_is_sold_is_a_stub():
    whole = Article.from_text("Flood in the valley", BODY)
    stub = replace(Article.from_text("Flood in the valley", ". ".join(BODY.split(". ")[:2]) + "."), sold=True)
    assert told((0, whole), (60, stub)).revisions[1].suspect
    assert not told((0, whole), (60, replace(stub, sold=False))).revisions[1].suspect
    cut = replace(Article.from_text("Flood in the valley", ". ".join(BODY.split(". ")[1:3]) + "."), sold=True)
    assert not told((0, whole), (60, cut)).revisions[1].suspect


def test_a_text_that_comes_back_is_a_reversion_that_names_its_revision():
    history = told((0, A), (600, B), (1200, A))
    back = history.transitions[1]
    assert back.reverts_to == 1
    reverted = [c for c in back.changes if c.type is ChangeType.REVERTED]
    assert {(c.kind, c.detail) for c in reverted} == {
        (ChangeKind.TEXT, "revision 1"),
        (ChangeKind.CASUALTY, "revision 1"),
    }
    assert any(c.type is ChangeType.DECREASED for c in back.changes)


def test_a_figure_that_comes_back_in_another_text_is_a_reversion_of_the_figure():
    later = version(12, body=BODY.replace("Schools stay shut", "Schools and shops stay shut"))
    back = told((0, A), (600, B), (1200, later)).transitions[1]
    assert back.reverts_to is None
    reverted = [c for c in back.changes if c.type is ChangeType.REVERTED]
    assert [(c.kind, c.claim_after.value, c.detail) for c in reverted] == [
        (ChangeKind.CASUALTY, 12, "revision 1")
    ]


def test_a_headline_that_comes_back_is_a_reversion_of_the_headline():
    first, second = "Flood in the valley", "Dam under pressure"
    third = version(15, first)
    back = told((0, version(12, first)), (600, version(12, second)), (1200, third)).transitions[1]
    reverted = [c for c in back.changes if c.type is ChangeType.REVERTED]
    assert [(c.kind, c.after.text) for c in reverted] == [(ChangeKind.HEADLINE, first)]


def test_a_figure_that_only_grows_reverts_nothing():
    steps = told((0, A), (600, B), (1200, C)).transitions
    assert [c for step in steps for c in step.changes if c.type is ChangeType.REVERTED] == []


@pytest.mark.parametrize(("minutes", "flap"), [(4, True), (600, False)])
def test_a_text_that_stood_for_minutes_between_equal_ones_is_a_flap(minutes, flap):
    steps = told((0, A), (minutes / 2, B), (minutes, A), (5000, C)).transitions
    assert [step.flap for step in steps] == [flap, flap, False]


def test_the_same_step_twice_has_two_ids():
    steps = told((0, A), (600, B), (1200, A), (1800, B)).transitions
    ids = [change.id for step in steps for change in step.changes]
    assert len(ids) == len(set(ids))


def test_the_first_occurrence_keeps_the_id_of_a_bare_comparison():
    from diffs.changes import changes_between

    step = told((0, A), (600, B)).transitions[0]
    assert [c.id for c in step.changes] == [c.id for c in changes_between(A, B)]


def test_a_stretch_is_proven_where_every_capture_was_read():
    (stretch,) = told((0, A), seen(60, A, Outcome.UNCHANGED), (120, A)).stretches
    assert (stretch.certainty, stretch.unread) == (Certainty.PROVEN, 0)


@pytest.mark.parametrize("outcome", [Outcome.PENDING, Outcome.FAILED])
def test_a_stretch_is_only_bracketed_where_captures_were_not_read(outcome):
    (stretch,) = told((0, A), seen(60, outcome=outcome), seen(70, outcome=outcome), (120, A)).stretches
    assert (stretch.certainty, stretch.unread) == (Certainty.BRACKETED, 2)


def test_headlines_that_take_turns_are_an_alternation():
    one, two = version(12, "Flood in the valley"), version(12, "What we know about the flood")
    history = told((0, one), (600, two), (1200, one), (1800, two))
    (found,) = history.alternations
    assert found.headlines == (one.headline, two.headline)
    assert found.revisions == (1, 2, 3, 4)
    assert told((0, one), (600, two), (1200, one)).alternations == ()


def test_a_history_without_captures_is_empty():
    history = history_of((), (), url=URL)
    assert (history.revisions, history.transitions, history.stretches) == ((), (), ())


# ------------------------------------------------------------------------- contradictions


def test_a_headline_left_behind_by_its_body_is_stale():
    article = Article.from_text("Flood kills 12 people", "At least 15 people were killed in the flood.")
    (found,) = contradictions_in(article)
    assert found.stale_headline
    assert (found.one.value, found.other.value) == (12, 15)


@pytest.mark.parametrize(
    ("headline", "body"),
    [
        ("Flood kills 15 people", "At least 15 people were killed in the flood."),
        ("Dozens killed in flood", "At least 47 people were killed in the flood."),
        ("At least 50 killed in flood", "At least 52 people were killed in the flood."),
        ("Flood kills 12 people", "At least 15 people were injured in the flood."),
        ("Flood in the valley", "At least 15 people were killed in the flood."),
        ("Seven dead in flood", "Five Dutch tourists were killed in the flood."),
    ],
)
def test_a_headline_that_its_body_bears_out_is_not(headline, body):
    assert contradictions_in(Article.from_text(headline, body)) == ()


@pytest.mark.parametrize(
    ("first", "later"),
    [
        ("Eleven people died when the ferry sank.", "Thirteen people died, and the search goes on."),
        ("Police said 11 people were killed.", "Police said 13 people were killed in the sinking."),
    ],
)
def test_two_figures_that_one_text_states_for_one_count_disagree(first, later):
    (found,) = contradictions_in(Article.from_text("A ferry sinks", first, "Divers are at the wreck.", later))
    assert not found.stale_headline
    assert (found.one.value, found.other.value) == (11, 13)


@pytest.mark.parametrize(
    ("first", "later"),
    [
        ("Eleven people died when the ferry sank.", "Police said 13 people were killed."),
        ("Eleven people died when the ferry sank.", "At least 13 people died, it seems."),
        ("Eleven people died when the ferry sank.", "Thirteen people died there last year."),
        ("Eleven people died when the ferry sank.", "Another 13 people died when a bridge fell."),
        ("Eleven people died in the port of Ulm.", "Thirteen people died on the quay at Bonn."),
        ("Eleven people died when the ferry sank.", "Thirteen people were injured in the sinking."),
        ("Eleven people died when the ferry sank.", "Three children died when the ferry sank."),
    ],
)
def test_two_figures_that_may_both_be_right_do_not(first, later):
    assert (
        contradictions_in(Article.from_text("A ferry sinks", first, "Divers are at the wreck.", later)) == ()
    )


def test_figures_that_a_third_one_adds_up_do_not_disagree():
    lines = (
        "Eleven people died on the ferry.",
        "Thirteen people died on the quay.",
        "In all 24 people died.",
    )
    assert contradictions_in(Article.from_text("A ferry sinks", *lines)) == ()


def test_nothing_is_said_of_a_suspect_version():
    article = Article.from_text("Flood kills 12 people", "At least 15 people were killed in the flood.")
    assert contradictions_in(replace(article, suspect="a block page")) == ()


def test_a_contradiction_is_reported_once_with_the_run_of_revisions_that_shows_it():
    agreed = version(12, "Flood kills at least 12 people")
    stale = version(15, "Flood kills at least 12 people")
    longer = replace(stale, byline="By Ann Roe")
    mended = version(15, "Flood kills at least 15 people")
    history = told((0, agreed), (600, stale), (1200, longer), (1800, mended))
    (found,) = history.contradictions
    assert (found.since, found.until, found.arose) == (2, 3, True)


def test_versions_hold_what_they_share_once():
    captured = [datetime(2024, 1, 1, hour, tzinfo=UTC) for hour in range(2)]
    articles = [Article.from_text("Ferry sinks", "Nine people died.", ending) for ending in ("One.", "Two.")]
    seen = [
        Observation(
            capture=Citation(at=at, url="https://gazette.example/a", archive="wayback"),
            outcome=Outcome.FETCHED,
            fingerprint=article.fingerprint,
        )
        for at, article in zip(captured, articles, strict=True)
    ]
    revisions = revisions_in(seen, {article.fingerprint: article for article in articles})
    assert [revision.article for revision in revisions] == articles
    assert revisions[0].article.blocks[0] is revisions[1].article.blocks[0]
    assert revisions[0].article.blocks[1] is not revisions[1].article.blocks[1]
