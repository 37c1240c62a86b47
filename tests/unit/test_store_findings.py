"""How findings and the notes on them are remembered, on whatever database the `where` fixture names."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from crawler.errors import InputError
from crawler.store.marks import marks_in
from crawler.store.schema import finding
from diffs.model import (
    Change,
    ChangeKind,
    ChangeType,
    Note,
    Weight,
)
from store_samples import NOW, tracked


def finding_of(number: int, **fields) -> Change:
    values = {"kind": ChangeKind.CASUALTY, "type": ChangeType.INCREASED, "weight": Weight.SUBSTANTIVE}
    return Change(id=f"change-{number}", **(values | fields))


def test_findings_that_no_longer_stand_vanish_with_a_trace_and_can_appear_again(store):
    target = tracked(store)
    stamp = {"grammar": "g1", "parser": "p1", "now": NOW}
    first = store.findings.record(target, [finding_of(1), finding_of(2)], **stamp)
    second = store.findings.record(target, [finding_of(2), finding_of(3)], **stamp)
    third = store.findings.record(target, [finding_of(1)], **stamp)

    assert [change.id for change in first.appeared] == ["change-1", "change-2"]
    ids = [[change.id for change in part] for part in (second.appeared, second.vanished, second.kept)]
    assert ids == [["change-3"], ["change-1"], ["change-2"]]
    assert [change.id for change in third.appeared] == ["change-1"]
    assert store.findings.of(target) == (finding_of(1),)


def test_recording_the_same_findings_again_writes_nothing(store):
    target = tracked(store)
    store.findings.record(target, [finding_of(1)], grammar="g1", parser="p1", now=NOW)
    delta = store.findings.record(target, iter([finding_of(1)]), grammar="g1", parser="p1", now=NOW)

    assert (delta.appeared, delta.vanished, delta.kept) == ((), (), (finding_of(1),))


def test_findings_keep_the_order_they_were_recorded_in(store):
    target = tracked(store)
    changes = [finding_of(9), finding_of(1), finding_of(5)]
    store.findings.record(target, changes, grammar="g", parser="p", now=NOW)

    assert store.findings.of(target) == tuple(changes)


def test_notes_outlive_the_finding_they_are_about(store):
    target = tracked(store)
    stamp = {"grammar": "g1", "parser": "p1", "now": NOW}
    store.findings.record(target, [finding_of(1)], **stamp)
    written = Note(change="change-1", text="the army's own figure", dismissed=True, at=NOW)
    store.findings.add_note(written)
    store.findings.add_note(written)
    store.findings.record(target, [], **stamp)

    assert store.findings.notes(target) == (written,)


def test_saying_again_what_was_said_last_adds_no_note_but_taking_it_back_does(store):
    target = tracked(store)
    store.findings.record(target, [finding_of(1)], grammar="g1", parser="p1", now=NOW)
    said = [("wrong", True), ("wrong", True), ("right after all", False), ("wrong", True)]
    for hours, (text, dismissed) in enumerate(said):
        at = NOW + timedelta(hours=hours)
        store.findings.add_note(Note(change="change-1", text=text, dismissed=dismissed, at=at))

    assert [note.at.hour - NOW.hour for note in store.findings.notes(target)] == [0, 2, 3]


def test_a_note_on_an_unknown_finding_is_refused(store):
    with pytest.raises(InputError, match="No finding has the id"):
        store.findings.add_note(Note(change="nothing", text="x", dismissed=False, at=NOW))


IDS = ("deadbeef00112233", "deadbe0000112233", "0a1b2c3d4e5f6071")


def noted_by_ids(store):
    target = tracked(store)
    changes = [
        Change(id=one, kind=ChangeKind.TEXT, type=ChangeType.ADDED, weight=Weight.MINOR) for one in IDS
    ]
    stamp = {"grammar": "g1", "parser": "p1", "now": NOW}
    store.findings.record(target, changes, contradictions=["f1f2f3f4f5f6f7f8"], **stamp)
    store.findings.record(target, changes, contradictions=[], **stamp)
    return target


@pytest.mark.parametrize(
    ("typed", "whole"),
    [("0a1b", IDS[2]), (" deadbeef ", IDS[0]), (IDS[1], IDS[1]), ("f1f2f3", "f1f2f3f4f5f6f7f8")],
)
def test_an_id_is_known_by_how_it_begins(store, typed, whole):
    known = noted_by_ids(store)
    assert store.findings.whole_id(typed) == whole
    assert store.findings.holders(whole) == (known.url,)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("deadbe", "deadbe0000112233 .*deadbeef00112233 .*Write more of the id"),
        ("20", "is the number of a finding in a report"),
        ("dea", "too short"),
        ("ffff", "No finding has the id"),
        ("%%%%", "No finding has the id"),
        ("dead_eef", "No finding has the id"),
    ],
)
def test_what_begins_no_id_or_several_is_refused_with_what_to_write(store, typed, words):
    noted_by_ids(store)
    with pytest.raises(InputError, match=words):
        store.findings.whole_id(typed)


def test_a_contradiction_can_be_noted_as_a_finding_can_and_marks_its_page(store):
    known = noted_by_ids(store)
    (before,) = marks_in(store.database)
    written = Note(change="f1f2f3f4f5f6f7f8", text="two events", dismissed=True, at=NOW)
    store.findings.add_note(written)

    assert store.findings.notes(known) == (written,)
    (after,) = marks_in(store.database)
    assert before.state != after.state


def test_a_damaged_finding_that_is_gone_does_not_keep_a_new_reading_out(store):
    target = tracked(store)
    store.findings.record(target, [finding_of(1), finding_of(2)], grammar="1", parser="1", now=NOW)
    with store.database.writing() as connection:
        connection.execute(update(finding).where(finding.c.change_id == "change-2").values(z=b"\0"))
    delta = store.findings.record(target, [finding_of(1), finding_of(3)], grammar="1", parser="2", now=NOW)

    assert [[change.id for change in part] for part in (delta.appeared, delta.vanished)] == [["change-3"], []]
    assert store.findings.of(target) == (finding_of(1), finding_of(3))


def test_a_contradiction_stands_until_a_reading_does_not_find_it(store):
    target = tracked(store)
    stamp = {"grammar": "g1", "parser": "p1", "now": NOW}
    standing = []
    for ids in (["c1c1c1c1"], ["c1c1c1c1", "c2c2c2c2"], [], ["c2c2c2c2"]):
        store.findings.record(target, [finding_of(1)], contradictions=ids, **stamp)
        standing.append((store.status(now=NOW).findings, store.status(now=NOW).contradictions))
    assert standing == [(1, 1), (1, 2), (1, 0), (1, 1)]
    assert store.findings.whole_id("c1c1") == "c1c1c1c1"
