"""How openly a publisher made a change, and changes as they were stored before that was a field."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.codec import packed, unpacked
from diffs.changes import changes_between
from diffs.model import Article, Block, BlockKind, Change, ChangeKind, ChangeType, Disclosure, Weight, to_json
from diffs.model.former import current_form

NOON, LATER = datetime(2024, 3, 1, 12, tzinfo=UTC), datetime(2024, 3, 1, 15, tzinfo=UTC)
BEFORE = "The harbour ministry said at least 13 people were killed when the ferry sank."
AFTER = "The harbour ministry said at least 15 people were killed when the ferry sank."
STORM = "A storm had been forecast since Monday along the whole of the northern coast."


def toll(*new: str, stamps=(None, None), note: str | None = None) -> Change:
    """Return the casualty change between the toll before and the toll after with further sentences."""
    old = replace(Article.from_text("Ferry sinks", BEFORE, STORM), modified=stamps[0])
    after = replace(Article.from_text("Ferry sinks", AFTER, STORM, *new), modified=stamps[1])
    if note:
        after = replace(after, blocks=(*after.blocks, Block(kind=BlockKind.CORRECTION, text=note)))
    return next(one for one in changes_between(old, after) if one.kind is ChangeKind.CASUALTY)


@pytest.mark.parametrize(
    "sentence",
    [
        "On Thursday the ministry went back to its earlier count, which had left out two sailors.",
        "The ministry had put the toll at 13 before two sailors died in hospital.",
        "Two more bodies were found in the engine room overnight, divers said.",
        "The ministry raised its toll after relatives came forward with two names.",
    ],
)
def test_a_sentence_of_the_same_step_explains_a_figure(sentence: str) -> None:
    change = toll(sentence, stamps=(NOON, LATER))
    assert (change.disclosure, change.dated) == (Disclosure.EXPLAINED, True)
    assert change.declared is True


@pytest.mark.parametrize(
    "sentence",
    [
        "The ferry had been raised from the harbour floor in 2009.",
        "The hospital association raised its own count as well, without a word on the ship's crew.",
        "Two more ferries were ordered to stay in port.",
        "Earlier in the day the mayor had visited the quay.",
    ],
)
def test_a_sentence_about_something_else_explains_nothing(sentence: str) -> None:
    assert toll(sentence, stamps=(NOON, LATER)).disclosure is Disclosure.NEW_DATE
    assert toll(sentence, stamps=(NOON, NOON)).disclosure is Disclosure.SILENT


def test_a_sentence_that_stood_there_before_explains_nothing() -> None:
    again = "The ministry raised its toll after relatives came forward with two names."
    old, new = (Article.from_text("Ferry sinks", text, again) for text in (BEFORE, AFTER))
    (change,) = [one for one in changes_between(old, new) if one.kind is ChangeKind.CASUALTY]
    assert change.disclosure is Disclosure.UNKNOWN


def test_a_note_counts_more_than_an_explanation() -> None:
    note = "An earlier version of this article gave the toll as 13."
    change = toll("The ministry had put the toll at 13 at first.", stamps=(NOON, LATER), note=note)
    assert (change.disclosure, change.declared_by) == (Disclosure.CORRECTION, "note")


def test_what_is_printed_follows_the_facts() -> None:
    change = Change(
        id="x",
        kind=ChangeKind.HEADLINE,
        type=ChangeType.EDITED,
        weight=Weight.MINOR,
        places=("displayed", "og"),
    )
    assert change.detail == "displayed, og"
    back = replace(change, type=ChangeType.REVERTED, places=(), reverts_to=3, disclosure=Disclosure.SILENT)
    assert (back.detail, back.declared, back.declared_by) == ("revision 3", False, None)


def test_a_change_comes_back_from_the_store_as_it_was() -> None:
    for change in (toll(), toll("Two more bodies were found overnight.", stamps=(NOON, LATER))):
        assert unpacked(Change, packed(change), "a change") == change


OLD = {"id": "x", "weight": "substantive", "declared": None, "declared_by": None, "told_by": []}


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ({"kind": "headline", "type": "edited", "detail": "displayed, og"}, {"places": ("displayed", "og")}),
        ({"kind": "stamp", "type": "edited", "detail": "modified"}, {"places": ("modified",)}),
        (
            {"kind": "figure", "type": "removed", "detail": "5 → –"},
            {"terms_before": ("5",), "terms_after": ()},
        ),
        (
            {"kind": "attribution", "type": "hedged", "detail": "– → perhaps, may"},
            {"terms_before": (), "terms_after": ("perhaps", "may")},
        ),
        (
            {"kind": "casualty", "type": "increased", "detail": "also in headline, lead"},
            {"also_in": ("headline", "lead"), "other_event": False},
        ),
        (
            {
                "kind": "quote",
                "type": "reattributed",
                "detail": "Ida Holm → Per Lind",
            },
            {"speaker_before": "Ida Holm", "speaker_after": "Per Lind"},
        ),
        ({"kind": "text", "type": "edited", "detail": "moved"}, {"moved": True, "divided": False}),
        ({"kind": "text", "type": "reverted", "detail": "revision 4"}, {"reverts_to": 4}),
    ],
)
def test_a_change_stored_with_a_phrase_is_read_into_fields(form: dict, fields: dict) -> None:
    from pydantic import TypeAdapter

    change = TypeAdapter(Change).validate_python(current_form(OLD | form))
    assert {name: getattr(change, name) for name in fields} == fields
    assert change.detail == form["detail"]


@pytest.mark.parametrize(
    ("declared", "by", "disclosure"),
    [
        (True, "note", Disclosure.CORRECTION),
        (True, "stamp", Disclosure.NEW_DATE),
        (False, None, Disclosure.SILENT),
        (None, None, Disclosure.UNKNOWN),
    ],
)
def test_an_old_declaration_is_a_disclosure(declared, by, disclosure) -> None:
    form = OLD | {"kind": "text", "type": "edited", "detail": "", "declared": declared, "declared_by": by}
    assert current_form(form)["disclosure"] is disclosure


def test_the_json_form_holds_the_facts_and_what_is_printed_from_them() -> None:
    form = to_json(toll(stamps=(NOON, NOON)))
    assert form["disclosure"] == "silent"
    assert (form["declared"], form["dated"], form["detail"]) == (False, False, "")


@pytest.mark.parametrize(
    "note",
    [
        "Correction: An earlier version of this article misstated how many people were killed.",
        "Correction, March 3: The death toll was wrong in an earlier version.",
        "Clarification: What the ministry counts was misstated.",
    ],
)
@pytest.mark.parametrize("stamps", [(None, None), (NOON, NOON)])
def test_a_note_that_may_speak_of_a_figure_without_naming_it_leaves_nothing_silent(note, stamps) -> None:
    assert toll(note=note, stamps=stamps).disclosure is Disclosure.UNKNOWN


@pytest.mark.parametrize(
    "note",
    [
        "Correction: An earlier version showed the wrong picture.",
        "Correction: The number of those on board was 40, not 44.",
    ],
)
def test_a_note_about_something_else_leaves_a_figure_silent(note) -> None:
    assert toll(note=note).disclosure is Disclosure.SILENT


def test_a_note_in_words_of_the_sentence_leaves_its_wording_not_silent() -> None:
    old = Article.from_text("Ferry sinks", "Harbour master Ivo Karol ran to the quay.", STORM)
    new = Article.from_text("Ferry sinks", "Harbour master Ivo Karel ran to the quay.", STORM)
    note = Block(kind=BlockKind.CORRECTION, text="Correction: The harbour master’s surname was misspelled.")
    found = changes_between(old, replace(new, blocks=(*new.blocks, note)))
    assert {one.disclosure for one in found} == {Disclosure.UNKNOWN}


def test_a_modified_date_that_went_back_proves_no_silence() -> None:
    change = toll(stamps=(LATER, NOON))
    assert (change.disclosure, change.dated, change.declared) == (Disclosure.UNKNOWN, None, None)
