"""Several archives in one history: whose word a change is, what is one witness, and where archives disagree."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.sandbox import compose_history
from diffs.model import Article, ChangeKind, ChangeType, Citation, Observation, Outcome
from diffs.reports import render_changes_csv, render_json, render_markdown

START = datetime(2024, 3, 1, 12, tzinfo=UTC)
URL = "https://example.org/flood"
OPERATORS = {"wayback": "Internet Archive", "archive-it": "Internet Archive", "arquivo": "FCT, Portugal"}
BODY = (
    "The river rose over its banks in the night and cut off three villages. "
    "Helicopters lifted families from roofs while boats searched the fields below. "
    "Engineers closed the upper dam and opened the spillway to take pressure from the town."
)
CUT = BODY.replace(" Helicopters lifted families from roofs while boats searched the fields below.", "")


def version(toll, body=BODY):
    return Article.from_text("Flood in the valley", f"At least {toll} people were killed in the flood.", body)


A, B, C = version(12), version(15), version(19)


def seen(minutes, article, archive="wayback", digest=None, seconds=0):
    at = START + timedelta(minutes=minutes, seconds=seconds)
    link = f"https://{archive}.example/web/{at:%Y%m%d%H%M%S}/{URL}"
    capture = Citation(
        at=at, url=URL, archive=archive, operator=OPERATORS.get(archive), digest=digest, link=link
    )
    return Observation(capture=capture, outcome=Outcome.FETCHED, fingerprint=article.fingerprint)


def told(*observations, articles=(A, B, C)):
    return compose_history(observations, {one.fingerprint: one for one in articles}, url=URL, aliases=())


def tolls(history):
    """Return archives and number of independent witnesses of each change of a toll."""
    return [
        (change.archives, change.independent)
        for step in history.transitions
        for change in step.changes
        if change.kind is ChangeKind.CASUALTY and change.type is not ChangeType.REVERTED
    ]


def test_a_history_of_one_archive_says_nothing_of_witnesses():
    history = told(seen(0, A), seen(60, B))
    assert tolls(history) == [((), 0)]
    report = render_markdown(history)
    assert not [phrase for phrase in ("only in", "independent", "witness", "disagree") if phrase in report]
    (row,) = [
        row for row in csv.DictReader(io.StringIO(render_changes_csv(history))) if row["kind"] == "casualty"
    ]
    assert (row["archives"], row["independent_archives"]) == ("wayback", "1")


def test_captures_of_two_archives_are_one_history_with_the_same_findings():
    alone = told(seen(0, A), seen(60, B))
    both = told(seen(0, A), seen(10, A, "arquivo"), seen(60, B), seen(70, B, "arquivo"))
    ids = [
        [change.id for step in history.transitions for change in step.changes] for history in (alone, both)
    ]
    assert ids[0] == ids[1]
    assert tolls(both) == [(("arquivo", "wayback"), 2)]
    assert "seen in 2 independent archives" in render_markdown(both)


def test_a_change_that_one_archive_shows_is_only_its_word():
    history = told(seen(0, A), seen(10, A, "arquivo"), seen(60, B, "arquivo"), seen(90, A))
    assert tolls(history)[0] == (("arquivo",), 1)
    assert "only in arquivo" in render_markdown(history)


def test_archives_of_one_operator_are_one_witness():
    history = told(seen(0, A), seen(60, B), seen(70, B, "archive-it"))
    assert tolls(history) == [(("archive-it", "wayback"), 1)]
    assert "which are one witness" in render_markdown(history)


@pytest.mark.parametrize(("digest", "seconds", "independent"), [("sha1:X", 0, 1), ("X", 1, 2), ("Y", 0, 2)])
def test_the_same_digest_at_the_same_second_is_one_witness(digest, seconds, independent):
    """An archive may hold another's captures; the time and the bytes give that away."""
    history = told(
        seen(0, A), seen(60, B, digest="X"), seen(60, B, "arquivo", digest=digest, seconds=seconds)
    )
    assert tolls(history) == [(("arquivo", "wayback"), independent)]


def test_a_file_that_names_another_archive_bears_nothing_out():
    forged = [
        replace(one, capture=replace(one.capture, imported=True))
        for one in (seen(5, A, "arquivo"), seen(65, B, "arquivo"))
    ]
    asked = [seen(0, A), seen(60, B)]
    [(_, independent)] = tolls(told(*asked, *forged))
    assert independent == 1
    [(_, independent)] = tolls(told(*asked[:1], *forged, seen(70, B, "archive-it")))
    assert independent == 1
    moved = [replace(one, capture=replace(one.capture, imported=True)) for one in (*asked, *forged)]
    assert tolls(told(*moved)) == tolls(told(*asked, seen(5, A, "arquivo"), seen(65, B, "arquivo")))


def test_a_later_version_that_still_has_the_words_bears_them_out():
    later = version(15, CUT)
    history = told(seen(0, A), seen(60, B), seen(120, later, "arquivo"), articles=(A, B, later))
    assert tolls(history)[0] == (("arquivo", "wayback"), 2)


def test_a_return_of_the_words_in_another_archive_bears_nothing_out():
    history = told(seen(0, A), seen(60, B), seen(120, A), seen(9000, B, "arquivo"))
    assert tolls(history)[0] == (("wayback",), 1)


def test_a_text_that_came_back_in_one_archive_is_only_its_word():
    history = told(seen(0, A), seen(60, B), seen(95, A, "arquivo"), seen(130, B), seen(200, B))
    back = [
        (change.archives, change.independent)
        for step in history.transitions
        for change in step.changes
        if change.kind is ChangeKind.TEXT and change.type is ChangeType.REVERTED
    ]
    assert back == [(("arquivo",), 1), (("wayback",), 1)]


def test_a_removal_is_shown_by_who_had_the_words_and_lacks_them():
    cut = version(12, CUT)
    history = told(seen(0, A), seen(10, A, "arquivo"), seen(60, cut), articles=(A, cut))
    removed = [one for one in history.transitions[0].changes if one.type is ChangeType.REMOVED]
    assert [(one.archives, one.independent) for one in removed] == [(("wayback",), 1)]


def test_two_texts_of_one_second_are_a_disagreement_and_no_change():
    history = told(
        seen(0, A),
        seen(0, A, "arquivo"),
        seen(60, B),
        seen(60, C, "arquivo"),
        seen(120, B),
        seen(130, B, "arquivo"),
    )
    (one,) = history.disagreements
    assert (one.stands.archive, one.other.archive, one.seconds) == ("wayback", "arquivo", 0)
    assert [change.claim_after.value for change in one.changes if change.claim_after] == [19]
    assert [revision.article for revision in history.revisions] == [A, B]
    assert [o.outcome for o in history.observations if o.fingerprint == C.fingerprint] == [Outcome.DISPUTED]
    report = render_markdown(history)
    assert "Archives that disagree" in report
    assert one.id in report
    assert json.loads(render_json(history))["disagreements"][0]["id"] == one.id


def test_of_two_texts_of_one_second_that_stands_which_another_operator_shows():
    history = told(
        seen(0, A), seen(60, C), seen(60, B, "arquivo"), seen(90, B, "third"), seen(200, B), seen(201, B)
    )
    assert history.disagreements[0].stands.archive == "arquivo"
    assert [revision.article for revision in history.revisions] == [A, B]


def test_a_part_of_a_text_contradicts_nothing_that_another_archive_shows_whole():
    text = "At least 12 people were killed in the flood."
    cut = replace(Article.from_text("Flood in the valley", text), partial="the page ends at a wall")
    history = told(seen(0, cut), seen(30, cut), seen(0, A, "arquivo"), articles=(A, cut))
    assert [one.outcome for one in history.observations] == [Outcome.FETCHED] * 3
    assert A in [revision.article for revision in history.revisions]
    assert not history.disagreements
    assert not [change for step in history.transitions for change in step.changes]
    raised = told(seen(0, cut), seen(30, cut), seen(0, B, "arquivo"), articles=(B, cut))
    assert len(raised.disagreements) == 1


def test_texts_seconds_apart_stay_and_are_told_unless_another_capture_bears_one_out():
    near = (seen(0, A), seen(60, B), seen(60, C, "arquivo", seconds=20), seen(500, B))
    history = told(*near)
    assert [one.seconds for one in history.disagreements] == [20]
    assert len(history.revisions) == 4
    assert "an edit in between cannot be excluded" in render_markdown(history)
    assert told(*near, seen(600, C)).disagreements == ()
    later = [
        replace(one, capture=replace(one.capture, at=one.capture.at + timedelta(minutes=2)))
        for one in near[2:3]
    ]
    assert told(near[0], near[1], *later, near[3]).disagreements == ()


def test_the_id_of_a_disagreement_does_not_depend_on_what_else_is_known():
    pair = (seen(60, B), seen(60, C, "arquivo"))
    few, many = told(*pair), told(seen(0, A), *pair, seen(200, A))
    assert [one.id for one in few.disagreements] == [one.id for one in many.disagreements]


def test_who_captured_is_shown_where_it_is_known():
    plain = told(seen(0, A), seen(60, B))
    first, last = seen(0, A), seen(60, B)
    last = replace(last, capture=replace(last.capture, source="spn2-20240301130000/a.warc.gz|x"))
    report = render_markdown(told(first, last))
    assert "Captured by" in report
    assert "spn2-20240301130000" in report
    assert "Captured by" not in render_markdown(plain)
    assert (
        json.loads(render_json(told(first, last)))["observations"][1]["capture"]["source"]
        == last.capture.source
    )
