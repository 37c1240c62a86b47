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


FERRY = "The ferry sank off the northern coast in heavy seas on Monday night."
PORT = "The port ministry said at least 15 people were killed."
PORT_NOW = "The port ministry said at least 13 people were killed."
RECOUNTED = "Correction: An earlier version gave the port ministry's count of the dead as 15. It is 13."


def step(old: tuple[str, ...], new: tuple[str, ...], note: str | None = None) -> tuple[Change, ...]:
    """Return the changes of a step under a new date, each version a headline and its paragraphs."""
    before = replace(Article.from_text(*old, FERRY), modified=NOON)
    after = replace(Article.from_text(*new, FERRY), modified=LATER)
    if note:
        after = replace(after, blocks=(*after.blocks, Block(kind=BlockKind.CORRECTION, text=note)))
    return changes_between(before, after)


def moved_to(value: int, changes: tuple[Change, ...], place: str) -> Disclosure:
    """Return the disclosure of the figure that came to a number at a place."""
    return next(
        one.disclosure
        for one in changes
        if one.claim_after is not None and one.claim_after.value == value and one.claim_after.place == place
        if one.type in (ChangeType.INCREASED, ChangeType.DECREASED, ChangeType.ADDED)
    )


def test_a_correction_covers_the_headline_that_comes_to_the_corrected_number() -> None:
    found = step(
        ("Ferry sinks; Ministry Says 12 Dead", PORT),
        ("Ferry sinks; Ministry Says 13 Dead", PORT_NOW),
        RECOUNTED,
    )
    assert moved_to(13, found, "headline") is Disclosure.CORRECTION
    heads = [one for one in found if one.kind is ChangeKind.HEADLINE]
    assert [one.disclosure for one in heads] == [Disclosure.CORRECTION]


@pytest.mark.parametrize(
    ("headlines", "others"),
    [
        # Another number than the corrected one.
        (("Ministry Says 12 Dead", "Ministry Says 14 Dead"), ((), ())),
        # The same number of other people, or by a source that keeps its own count.
        (("12 Wounded in ferry accident", "13 Wounded in ferry accident"), ((), ())),
        (("Hospitals Say 12 Dead", "Hospitals Say 13 Dead"), ((), ())),
        # "Ministry" may be either of two.
        (
            ("Ministry Says 12 Dead", "Ministry Says 13 Dead"),
            (
                ("The health ministry said 9 people were killed.",),
                ("The health ministry said 9 people were killed.",),
            ),
        ),
    ],
)
def test_a_correction_covers_no_other_headline(headlines, others) -> None:
    found = step((headlines[0], PORT, *others[0]), (headlines[1], PORT_NOW, *others[1]), RECOUNTED)
    assert {one.disclosure for one in found if one.claim_after and one.claim_after.place == "headline"} == {
        Disclosure.NEW_DATE
    }
    assert moved_to(13, found, "lead") is Disclosure.CORRECTION


def test_a_correction_of_one_source_never_covers_another_that_comes_to_the_same_number() -> None:
    clinics = (
        "Doctors at the clinics said 10 people were killed.",
        "Doctors at the clinics said 13 people were killed.",
    )
    found = step(("Ferry sinks", PORT, clinics[0]), ("Ferry sinks", PORT_NOW, clinics[1]), RECOUNTED)
    assert moved_to(13, found, "lead") is Disclosure.CORRECTION
    # The note gives the number itself, so the figure alone cannot be told from the one that is meant; its source can.
    assert moved_to(13, found, "body") is Disclosure.NEW_DATE


@pytest.mark.parametrize(
    ("note", "disclosure"),
    [
        ("Correction: The number of wounded was 15, not 13.", Disclosure.SILENT),
        ("Correction: The ferry carried a crew of 15, not 13.", Disclosure.UNKNOWN),
        ("Correction: An earlier version gave the toll as 13.", Disclosure.CORRECTION),
        ("Correction: The figure was given as 13 at first.", Disclosure.CORRECTION),
    ],
)
def test_a_note_with_the_number_of_another_thing_corrects_no_toll(note: str, disclosure: Disclosure) -> None:
    old, new = BEFORE.replace(" when the ferry sank", ""), AFTER.replace(" when the ferry sank", "")
    before = replace(Article.from_text("Sinking", old, STORM), modified=NOON)
    after = replace(Article.from_text("Sinking", new, STORM), modified=NOON)
    after = replace(after, blocks=(*after.blocks, Block(kind=BlockKind.CORRECTION, text=note)))
    found = [one for one in changes_between(before, after) if one.kind is ChangeKind.CASUALTY]
    assert [one.disclosure for one in found] == [disclosure]


def test_a_new_sentence_that_gives_the_revised_toll_explains_it_wherever_it_moved() -> None:
    found = step(
        ("Seven dead as ferry sinks", "At least seven people were killed, police said."),
        (
            "Eight dead as ferry sinks",
            "At least eight people were killed, police said.",
            "Authorities revised the death toll to eight.",
        ),
    )
    tolls = [one for one in found if one.kind is ChangeKind.CASUALTY]
    assert tolls
    assert {one.disclosure for one in tolls} == {Disclosure.EXPLAINED}


@pytest.mark.parametrize(
    "sentence",
    [
        "Authorities revised the death toll to nine.",
        "Authorities revised the number of wounded to eight.",
        "Rebel commanders revised their count of the dead to eight.",
        "The company lowered its earlier offer to seven ferries.",
    ],
)
def test_a_revision_of_something_else_explains_no_toll(sentence: str) -> None:
    found = step(
        ("Ferry sinks", "At least seven people were killed, police said."),
        ("Ferry sinks", "At least eight people were killed, police said.", sentence),
    )
    assert moved_to(8, found, "lead") is Disclosure.NEW_DATE


def test_authorities_speak_for_no_two_sources_at_once() -> None:
    found = step(
        ("Ferry sinks", "Hospitals said five people were killed.", "Police said seven people were killed."),
        (
            "Ferry sinks",
            "Hospitals said eight people were killed.",
            "Police said eight people were killed.",
            "Authorities revised the death toll to eight.",
        ),
    )
    assert moved_to(8, found, "lead") is Disclosure.NEW_DATE


def test_words_that_explain_a_number_do_not_explain_who_counts_now() -> None:
    found = step(
        ("Ferry sinks", "Seven people were killed, police said."),
        ("Ferry sinks", "Rebel commanders raised the death toll from seven to eight."),
    )
    by_type = {one.type: one.disclosure for one in found if one.kind is ChangeKind.CASUALTY}
    assert by_type.get(ChangeType.REATTRIBUTED) is not Disclosure.EXPLAINED


def test_a_word_that_runs_into_the_next_still_tells_of_a_revision() -> None:
    found = step(
        ("Ferry sinks", "A storm killed at least nine people on the quay."),
        (
            "Ferry sinks",
            "A storm killed at least eight people on the quay.",
            "Authoritiesrevised the death toll on Wednesday, saying that one of the victims had survived.",
        ),
    )
    assert moved_to(8, found, "lead") is Disclosure.EXPLAINED


def tolls_of(old: tuple[str, ...], new: tuple[str, ...], note: str | None = None) -> list[Disclosure]:
    """Return the disclosures of the figures that moved in a step, in the order of the passages."""
    found = step(("Ferry sinks", *old), ("Ferry sinks", *new), note)
    moved = [one for one in found if one.type in (ChangeType.INCREASED, ChangeType.DECREASED)]
    return [one.disclosure for one in sorted(moved, key=lambda one: one.after.block)]


OTHER_SOURCES = [
    ("Norwegian officials", "Swedish officials"),
    ("Danish authorities", "Finnish officials"),
    ("The Danish government", "The Finnish government"),
    ("Port officials", "Hospital officials"),
    ("The coastal ministry", "Local officials"),
    ("The navy", "The Finnish navy"),
    ("Police", "Finnish authorities"),
]


@pytest.mark.parametrize(("silent", "open_one"), OTHER_SOURCES)
@pytest.mark.parametrize(
    "sentence",
    [
        "{} said the death toll rose to nine from five.",
        "{} said the death toll rose to nine.",
        "{} revised the death toll to nine.",
    ],
)
@pytest.mark.parametrize("before", ["seven", "fourteen"])
def test_one_source_that_says_how_its_count_moved_explains_no_other(
    silent, open_one, sentence, before
) -> None:
    told = tolls_of(
        (f"{silent} said {before} people were killed.", f"{open_one} said five people were killed."),
        (f"{silent} said nine people were killed.", sentence.format(open_one)),
    )
    assert told == [Disclosure.NEW_DATE, Disclosure.EXPLAINED]


@pytest.mark.parametrize(("silent", "open_one"), OTHER_SOURCES)
def test_a_note_on_one_source_corrects_no_other(silent: str, open_one: str) -> None:
    told = tolls_of(
        (f"{silent} said seven people were killed.", f"{open_one} said five people were killed."),
        (f"{silent} said nine people were killed.", f"{open_one} said nine people were killed."),
        f"Correction: {open_one} said nine people were killed, not five.",
    )
    assert told == [Disclosure.NEW_DATE, Disclosure.CORRECTION]


def test_a_count_that_came_from_another_number_is_not_the_declared_one() -> None:
    told = tolls_of(
        ("Police said eleven people were killed.", "Eight people died."),
        ("Police said the death toll rose to 14 from 11.", "Fourteen people died."),
    )
    assert told == [Disclosure.EXPLAINED, Disclosure.NEW_DATE]


@pytest.mark.parametrize(
    ("others", "people"), [("women", "men"), ("Danish sailors", "Finnish sailors"), ("civilians", "soldiers")]
)
def test_a_note_on_some_people_corrects_no_count_of_others(others: str, people: str) -> None:
    told = tolls_of(
        (f"Eleven {others} were killed, police said.", f"Eight {people} were killed, police said."),
        (f"Fourteen {others} were killed, police said.", f"Fourteen {people} were killed, police said."),
        f"Correction: 14 {people} were killed, not eight.",
    )
    assert told == [Disclosure.NEW_DATE, Disclosure.CORRECTION]


@pytest.mark.parametrize(
    ("note", "disclosure"),
    [
        ("Correction: 15 sailors fell, not 13.", Disclosure.CORRECTION),
        ("Correction: 15 did not survive, not 13.", Disclosure.CORRECTION),
        ("Correction: 15 soldiers fell asleep, not 13.", Disclosure.UNKNOWN),
        ("Correction: 15 people fell ill, not 13.", Disclosure.UNKNOWN),
        ("Correction: 15 houses burned, not 13.", Disclosure.UNKNOWN),
        ("Correction: 15 people were hurt, not 13.", Disclosure.SILENT),
        ("Correction: prices fell by 15 crowns, not 13.", Disclosure.UNKNOWN),
    ],
)
def test_a_note_names_a_toll_by_what_became_of_people(note: str, disclosure: Disclosure) -> None:
    assert toll(stamps=(NOON, NOON), note=note).disclosure is disclosure


@pytest.mark.parametrize(
    "note",
    [
        "12; 15",
        "Correction: the toll was 15, not 12.",
        "An earlier version said 12 people died; it is 15.",
        "The count of the dead was changed from 12 to 15.",
    ],
)
def test_a_note_on_one_step_leaves_the_next_undeclared_and_not_silent(note: str) -> None:
    text = "At least 15 people were killed when the ferry sank."
    old = replace(Article.from_text("Ferry sinks, 12 dead", text, STORM), modified=NOON)
    new = replace(Article.from_text("Ferry sinks, 30 dead", text, STORM), modified=NOON)
    new = replace(new, blocks=(*new.blocks, Block(kind=BlockKind.CORRECTION, text=note)))
    found = [
        one for one in changes_between(old, new) if one.kind in (ChangeKind.CASUALTY, ChangeKind.HEADLINE)
    ]

    assert len(found) == 2
    assert {one.disclosure for one in found} == {Disclosure.UNKNOWN}


@pytest.mark.parametrize(
    ("sentence", "disclosure"),
    [
        ("Two more sailors died in hospital.", Disclosure.EXPLAINED),
        ("Two more people were arrested over the deaths.", Disclosure.SILENT),
        ("Two more funerals were held for the dead.", Disclosure.SILENT),
        ("Meanwhile the death toll rose.", Disclosure.EXPLAINED),
        ("In 1999 the death toll rose.", Disclosure.SILENT),
        ("A decade ago the death toll was raised.", Disclosure.SILENT),
    ],
)
def test_more_arrests_and_an_older_toll_explain_no_figure(sentence: str, disclosure: Disclosure) -> None:
    old, new = (f"At least {n} people were killed when the ferry sank." for n in (13, 15))
    before = replace(Article.from_text("Ferry sinks", old, STORM), modified=NOON)
    after = replace(Article.from_text("Ferry sinks", new, STORM, sentence), modified=NOON)
    found = [one for one in changes_between(before, after) if one.type is ChangeType.INCREASED]

    assert [one.disclosure for one in found] == [disclosure]


@pytest.mark.parametrize(
    ("note", "disclosure"),
    [
        ("Correction: An earlier version said 13 people were killed. The toll is 15.", Disclosure.UNKNOWN),
        ("Correction: An earlier version said 12 people were killed. The toll is 13.", Disclosure.SILENT),
        ("Correction: An earlier version said 13 people were hurt. It is 15.", Disclosure.SILENT),
        ("Correction: An earlier version misspelt the name of the mayor.", Disclosure.SILENT),
    ],
)
def test_what_follows_the_numbers_of_a_standing_note_is_not_silent(note: str, disclosure: Disclosure) -> None:
    mark = Block(kind=BlockKind.CORRECTION, text=note)
    old, new = (
        replace(Article.from_text("Ferry sinks", text, STORM), modified=NOON) for text in (BEFORE, AFTER)
    )
    old, new = (replace(one, blocks=(*one.blocks, mark)) for one in (old, new))
    (change,) = [one for one in changes_between(old, new) if one.kind is ChangeKind.CASUALTY]
    assert change.disclosure is disclosure
