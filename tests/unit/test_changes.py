"""Two versions compared: what is reported, how it is weighed, what is not said twice."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from diffs.changes import changes_between
from diffs.edits import new_text, old_text
from diffs.model import Article, Block, BlockKind, ChangeKind, ChangeType, DeclaredBy, Headlines, Weight

FERRY = "The ferry left the harbour at dawn with a full load of cars."
STORM = "Forecasters had warned of a storm on the lake since the weekend."
RESCUE = "Fishermen pulled most passengers from the water within an hour."


def changes(old, new, kind=None):
    """Compare two versions given as paragraphs (or articles)."""
    sides = [
        one if isinstance(one, Article) else Article.from_text("Ferry sinks", *one) for one in (old, new)
    ]
    return [change for change in changes_between(*sides) if kind in (None, change.kind)]


def only(old, new, kind=None):
    (change,) = changes(old, new, kind)
    return change


def told(change):
    return change.kind.value, change.type.value, change.weight.value


def test_equal_versions_have_no_changes():
    assert changes([FERRY, STORM], [FERRY, STORM]) == []


@pytest.mark.parametrize("side", [0, 1])
def test_nothing_is_claimed_from_a_suspect_version(side):
    sides = [Article.from_text("Ferry sinks", FERRY), Article.from_text("Ferry sinks", STORM)]
    sides[side] = replace(sides[side], suspect="a block page")
    assert changes_between(*sides) == ()


def test_a_sentence_that_came_is_an_addition_and_one_that_went_a_removal():
    change = only([FERRY, RESCUE], [FERRY, STORM, RESCUE])
    assert told(change) == ("text", "added", "substantive")
    assert change.before is None
    assert change.after.text == STORM
    assert told(only([FERRY, STORM, RESCUE], [FERRY, RESCUE])) == ("text", "removed", "substantive")


def test_sentences_added_together_are_one_change():
    change = only([FERRY], [FERRY, f"{STORM} {RESCUE}"])
    assert change.after.text == f"{STORM} {RESCUE}"
    assert told(change) == ("text", "added", "substantive")


def test_a_moved_paragraph_is_minor():
    change = only([FERRY, STORM, RESCUE], [STORM, RESCUE, FERRY])
    assert told(change) == ("text", "moved", "minor")
    assert change.edits == ()


@pytest.mark.parametrize(
    ("old", "new", "weight"),
    [
        ("It was a long day.", "It was a very long day.", Weight.MINOR),
        ("It’s a “long” day.", 'It\'s a "long" day.', Weight.COSMETIC),
        ("The bus carried fourteen crates.", "The bus carried 14 crates.", Weight.COSMETIC),
        ("It cost 1500 euros.", "It cost 1,500 euros.", Weight.COSMETIC),
        ("It cost 1.5 million euros.", "It cost 15 million euros.", Weight.SUBSTANTIVE),
        ("They lost 3-5 in the end.", "They lost 35 in the end.", Weight.SUBSTANTIVE),
        ("It cost 45.000 euros.", "It cost 45,000 euros.", Weight.SUBSTANTIVE),
        ("The road was closed.", "The road was not closed.", Weight.SUBSTANTIVE),
        ("The driver left.", "The driver allegedly left.", Weight.SUBSTANTIVE),
        ("The road was blocked, police said.", "The road was blocked, locals said.", Weight.SUBSTANTIVE),
        ("A man from Ulm met Karl Weiss.", "A man from Ulm met Karl Stein.", Weight.SUBSTANTIVE),
        ("He spoke of a “long fight” again.", "He spoke of a “lost fight” again.", Weight.SUBSTANTIVE),
        ("Dozens of cars burned.", "Scores of cars burned.", Weight.SUBSTANTIVE),
        ("The man was found on Monday.", "The man was found dead on Monday.", Weight.SUBSTANTIVE),
        ("Two men were wounded there.", "Two men were injured there.", Weight.MINOR),
        ("She came first in the race.", "She came third in the race.", Weight.SUBSTANTIVE),
        ("The van hit the gate.", "The lorry hit the gate.", Weight.MINOR),
        ("A mosquito-control plan exists.", "A mosquito control plan exists.", Weight.COSMETIC),
        ("They met in São Paulo again.", "They met in Sao Paulo again.", Weight.MINOR),
        ("Three died and one left.", "Three died and another left.", Weight.SUBSTANTIVE),
    ],
)
def test_an_edit_weighs_what_it_touches(old, new, weight):
    weights = [change.weight for change in changes([old], [new])]
    assert weights
    assert weights[0] is weight


def test_the_edits_of_a_change_spell_out_both_versions():
    change = only(["The van hit the gate twice."], ["The lorry hit the gate."], ChangeKind.TEXT)
    assert old_text(change.edits) == change.before.text
    assert new_text(change.edits) == change.after.text


def test_a_figure_that_is_no_casualty_is_a_figure_change():
    old, new = "The road was closed for 5 km near Ulm.", "The road was closed for 7 km near Ulm."
    figure, text = changes([old], [new])
    assert told(figure) == ("figure", "increased", "substantive")
    assert figure.detail == "5 → 7"
    assert text.told_by == (figure.id,)


def test_an_edit_that_says_more_than_its_figure_is_not_covered_by_it():
    old = "The road was closed for 5 km near Ulm."
    new = "The motorway was closed for 7 km near Ulm."
    text = only([old], [new], ChangeKind.TEXT)
    assert text.told_by == ()


def test_an_altered_quotation_is_one_change_with_its_words():
    old = "“We never saw the wave coming,” said Ida Holm."
    new = "“We never saw the second wave coming,” said Ida Holm."
    quote = only([old], [new], ChangeKind.QUOTE)
    assert told(quote) == ("quote", "altered", "substantive")
    assert quote.detail == "Ida Holm"


def test_a_quotation_given_to_another_speaker_is_reattributed():
    old = "“We never saw the wave coming,” said Ida Holm."
    new = "“We never saw the wave coming,” said Per Lind."
    quote = only([old], [new], ChangeKind.QUOTE)
    assert (quote.type, quote.detail) == (ChangeType.REATTRIBUTED, "Ida Holm → Per Lind")


def test_a_quotation_that_moved_is_no_quote_change():
    quote = "“We never saw the wave coming,” said Ida Holm."
    assert changes([FERRY, STORM, quote], [quote, FERRY, STORM], ChangeKind.QUOTE) == []


def test_a_source_that_changed_is_an_attribution_change():
    old = "The road was blocked for hours, police said."
    new = "The road was blocked for hours, residents said."
    change = only([old], [new], ChangeKind.ATTRIBUTION)
    assert told(change) == ("attribution", "reattributed", "substantive")
    assert change.detail == "police → residents"


def test_a_hedge_that_came_is_an_attribution_change():
    change = only(
        ["The driver left on foot."], ["The driver reportedly left on foot."], ChangeKind.ATTRIBUTION
    )
    assert told(change) == ("attribution", "hedged", "substantive")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The owners claimed a loss.", "The owners claim a loss."),
        ("The bus carried a dozen crates.", "The bus carried 12 crates."),
        ("Officials said the road was shut.", "The road was shut, officials say."),
    ],
)
def test_another_form_of_the_same_word_or_number_has_no_finer_change(old, new):
    assert {change.kind for change in changes([old], [new])} == {ChangeKind.TEXT}


def test_a_new_division_into_paragraphs_is_cosmetic():
    change = only([f"{FERRY} {STORM}"], [FERRY, STORM])
    assert told(change) == ("text", "edited", "cosmetic")


def test_a_correction_note_is_a_correction_and_no_text():
    note = Block(kind=BlockKind.CORRECTION, text="Correction: an earlier version misspelt a name.")
    old = Article.from_text("Ferry sinks", FERRY)
    change = only(old, replace(old, blocks=(*old.blocks, note)))
    assert told(change) == ("correction", "added", "substantive")


def test_a_picture_caption_that_comes_with_a_template_is_minor():
    caption = Block(kind=BlockKind.CAPTION, text="The harbour on an earlier day.")
    old = Article.from_text("Ferry sinks", FERRY)
    assert told(only(old, replace(old, blocks=(*old.blocks, caption)))) == ("text", "added", "minor")


def test_another_credit_under_a_picture_is_cosmetic():
    old = Article.from_text("Ferry sinks", FERRY)
    captions = [f"The harbour in 2019. Photo: {name}" for name in ("Ann Roe", "Bo Lund, 3 May 2020")]
    sides = [
        replace(old, blocks=(*old.blocks, Block(kind=BlockKind.CAPTION, text=text))) for text in captions
    ]
    assert [change.weight for change in changes(*sides)] == [Weight.COSMETIC]


def test_words_that_only_left_the_standfirst_for_the_body_are_minor():
    old = replace(Article.from_text("Ferry sinks", FERRY), standfirst=STORM)
    new = replace(Article.from_text("Ferry sinks", STORM, FERRY), standfirst=STORM)
    assert told(only(old, new)) == ("text", "added", "minor")


def headed(h1, og=None, json_ld=None, title=None, **fields):
    heads = Headlines(h1=h1, og=og, json_ld=json_ld, title=title)
    return replace(Article.from_text(h1, FERRY, STORM), headlines=heads, **fields)


def test_variants_that_mirror_the_displayed_headline_are_reported_once():
    old = headed("Ferry sinks on lake", "Ferry sinks on lake", title="Ferry sinks on lake - The Post")
    new = headed(
        "Ferry with 30 aboard sinks",
        "Ferry with 30 aboard sinks",
        title="Ferry with 30 aboard sinks - The Post",
    )
    change = only(old, new)
    assert told(change) == ("headline", "edited", "substantive")
    assert change.detail == "displayed, og, title"


def test_a_headline_changed_only_for_social_networks_says_so():
    change = only(headed("Ferry sinks", "Ferry sinks"), headed("Ferry sinks", "Ferry sinks, 30 feared lost"))
    assert (change.kind, change.detail, change.weight) == (ChangeKind.HEADLINE, "og", Weight.SUBSTANTIVE)


@pytest.mark.parametrize(
    ("old", "new", "weight"),
    [
        (
            "Why a Town Received an Alert About a Storm",
            "Why a Town Received a Push Alert About a Storm",
            "minor",
        ),
        ("Ferry sinks ‘in minutes’", "Ferry sinks 'in minutes'", "cosmetic"),
        ("Ferry sinks on lake", "Mayor vows inquiry after disaster", "substantive"),
        ("Ferry sinks on lake", "Ferry did not sink on lake", "substantive"),
        ("Army strikes house of rebel leader", "Army kills rebel leader in strike", "substantive"),
    ],
)
def test_a_headline_weighs_what_it_touches(old, new, weight):
    assert only(headed(old), headed(new)).weight == weight


def test_a_site_name_in_the_title_alone_is_cosmetic():
    change = only(
        headed("Ferry sinks", title="Ferry sinks | News"),
        headed("Ferry sinks", title="Ferry sinks - The Post"),
    )
    assert change.weight is Weight.COSMETIC


@pytest.mark.parametrize(
    ("old", "new", "weight"),
    [
        (
            "The Lake Post: Lake ferry goes down in storm",
            "Lake ferry goes down in storm - lakepost.example",
            "cosmetic",
        ),
        (
            "Lake ferry goes down in storm - Lake Post Online",
            "Lake ferry goes down in storm | The Post | News",
            "cosmetic",
        ),
        ("Lake Post", "Ferry sinks | The Lake Post", "cosmetic"),
        ("Lake Post", "Nine dead on the lake | The Lake Post", "substantive"),
        ("Lake ferry goes down in storm - 9 dead", "Lake ferry goes down in storm - 12 dead", "substantive"),
        (
            "Lake ferry goes down in storm - no survivors",
            "Lake ferry goes down in storm - all survive",
            "substantive",
        ),
    ],
)
def test_another_name_of_the_site_in_a_title_that_is_not_the_headline_is_cosmetic(old, new, weight):
    assert only(headed("Ferry sinks", title=old), headed("Ferry sinks", title=new)).weight == weight


@pytest.mark.parametrize("counts", [("Fire", "Fem"), ("En", "To")])
def test_a_number_word_of_a_language_that_is_not_read_is_a_figure(counts):
    old, new = (
        Article.from_text(
            "To døde i brand", "En mand er fundet.", f"{count} andre blev kvæstet ved branden i går."
        )
        for count in counts
    )
    assert only(old, new).weight is Weight.SUBSTANTIVE


@pytest.mark.parametrize("sign", ["--", "||", "::", "|", "–"])
def test_a_site_name_that_a_variant_gains_or_loses_is_cosmetic(sign):
    headed_once = headed("Ferry with 30 aboard sinks", og="Ferry with 30 aboard sinks")
    branded = headed("Ferry with 30 aboard sinks", og=f"Ferry with 30 aboard sinks {sign} The Lake Post")
    for old, new in ((headed_once, branded), (branded, headed_once)):
        assert only(old, new).weight is Weight.COSMETIC


def test_a_vanished_headline_is_a_change():
    change = only(headed("Ferry sinks"), replace(headed("Ferry sinks"), headline=None), ChangeKind.HEADLINE)
    assert (change.type, change.weight) == (ChangeType.REMOVED, Weight.SUBSTANTIVE)


def test_byline_standfirst_and_stamps_are_distinguished():
    noon, later = (datetime(2024, 3, 1, hour, tzinfo=UTC) for hour in (12, 15))
    old = headed("Ferry sinks", byline="By Ann Roe", standfirst="A storm is blamed.", modified=noon)
    new = headed(
        "Ferry sinks", byline="By Ann Roe and Bo Lund", standfirst="A storm is not blamed.", modified=later
    )
    found = {told(change) for change in changes(old, new)}
    assert found == {
        ("standfirst", "edited", "substantive"),
        ("byline", "edited", "minor"),
        ("stamp", "edited", "minor"),
    }


def test_substantive_changes_come_first():
    found = changes(["The van hit the gate.", FERRY], ["The lorry hit the gate.", FERRY, STORM])
    weights = [change.weight for change in found]
    assert weights == sorted(weights, key=list(Weight).index)
    assert len(set(weights)) == 2


def declared(old_at, new_at, *notes):
    old = replace(Article.from_text("Ferry sinks", "The fare was 12 euros."), modified=old_at)
    new = replace(Article.from_text("Ferry sinks", "The fare was 15 euros."), modified=new_at)
    blocks = (*new.blocks, *(Block(kind=BlockKind.CORRECTION, text=note) for note in notes))
    return changes(old, replace(new, blocks=blocks), ChangeKind.FIGURE)[0].declared


NOON, LATER = datetime(2024, 3, 1, 12, tzinfo=UTC), datetime(2024, 3, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stamps", "notes", "expected"),
    [
        ((NOON, LATER), (), True),
        ((NOON, NOON), (), False),
        ((None, None), (), None),
        ((NOON, None), (), None),
        ((NOON, NOON), ("An earlier version gave the fare as 12 euros.",), True),
        ((None, None), ("An earlier version misspelt a name.",), False),
    ],
)
def test_a_change_is_declared_by_stamp_or_by_a_note_that_names_it(stamps, notes, expected):
    assert declared(*stamps, *notes) is expected


def test_ids_are_stable_distinct_and_free_of_time_and_scheme():
    old, new = ["The van hit the gate.", FERRY], ["The lorry hit the gate.", FERRY, STORM]
    first = changes(old, new)
    assert [change.id for change in first] == [change.id for change in changes(old, new)]
    assert len({change.id for change in first}) == len(first)
    sides = [
        [replace(Article.from_text("Ferry sinks", *text), url=url, captured_at=at) for text in (old, new)]
        for url, at in (("http://www.example.org/a/", NOON), ("https://example.org/a", LATER))
    ]
    ids = [[change.id for change in changes_between(*pair)] for pair in sides]
    assert ids[0] == ids[1]
    assert ids[0] != [change.id for change in first]


def test_alike_changes_of_one_step_have_different_ids():
    repeated = "Call the harbour for news."
    found = changes([FERRY, STORM, RESCUE], [repeated, FERRY, STORM, repeated, RESCUE])
    assert len({change.id for change in found}) == 2


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", ["the ", '" ', "“a ", "Aa ", "one ", "said the official ", " 'a"])
def test_a_text_made_to_be_slow_is_compared_in_time(unit):
    old, new = (Article.from_text("H", unit * 1500 + middle + unit * 1500) for middle in ("", " 7 boats "))
    assert changes_between(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "The minister is safe, according to Tessaran Defense Minister Ada Rook.",
            "The minister is safe, according to Tessaran defense minister Ada Rook.",
        ),
        ("The road is open, Rook said on Monday.", "The road is open, he said on Monday."),
    ],
)
def test_a_source_in_other_letters_or_as_a_pronoun_is_the_same_source(old, new):
    found = changes_between(Article.from_text(None, old), Article.from_text(None, new))
    assert [change for change in found if change.kind is ChangeKind.ATTRIBUTION] == []


def test_a_number_that_comes_with_a_name_is_no_figure_of_its_own():
    old = Article.from_text(None, "The tower was hit by a ballistic missile, and a couple left on Route 9.")
    new = Article.from_text(
        None, "The tower was hit in a KN-23 ballistic missile strike, and they left on Route 9."
    )
    found = changes_between(old, new)
    assert [change.kind for change in found] == [ChangeKind.TEXT]
    assert found[0].weight is Weight.SUBSTANTIVE


def test_a_number_inside_a_name_that_another_replaces_is_reported():
    old = Article.from_text(None, "The tower was hit in a KN-23 strike.")
    new = Article.from_text(None, "The tower was hit in a KN-24 strike.")
    assert ChangeKind.FIGURE in [change.kind for change in changes_between(old, new)]


def test_as_many_other_victims_are_reported_next_to_a_change_of_qualifier():
    old = Article.from_text(None, "The gunman killed at least two Orsk soldiers near the gate.")
    new = Article.from_text(None, "The gunman killed two foreign interpreters near the gate.")
    types = [change.type for change in changes_between(old, new) if change.kind is ChangeKind.CASUALTY]
    assert sorted(types) == [ChangeType.ALTERED, ChangeType.QUALIFIER]


def test_a_note_names_the_figure_that_was_wrong_and_not_whatever_became_the_same_number():
    note = Block(
        kind=BlockKind.CORRECTION,
        text="Correction: an earlier version gave the ministry's count as 15, not 13.",
    )
    old = Article.from_text("Army says 12 dead", "The ministry said 15 people were killed.")
    new = Article.from_text("Army says 13 dead", "The ministry said 13 people were killed.")
    found = changes_between(old, replace(new, blocks=(*new.blocks, note)))
    by = {(one.kind, one.type): one.declared_by for one in found}
    assert by[ChangeKind.CASUALTY, ChangeType.DECREASED] is DeclaredBy.NOTE
    assert by[ChangeKind.CASUALTY, ChangeType.INCREASED] is None
    assert by[ChangeKind.HEADLINE, ChangeType.EDITED] is None


INK = [
    ("At least eleven people were killed at the quarry, Zoë Vik told the court.", "kil\u00adled", "killed"),
    ("At least eleven people were killed at the quarry, Zoë Vik told the court.", "ele\u200bven", "eleven"),
    ("At least 1200 people were killed at the quarry, the mayor said.", "12\u200b00", "1200"),
    ("At least eleven people were killed at the quarry, Zoë Vik told the court.", "Zoe\u0308", "Zoë"),
    ("Those hearts ❤ were laid on the quay for eleven people who died.", "❤\ufe0f", "❤"),
    (
        "The mayor of 서울 said that eleven people were killed at the quarry.",
        "\u1109\u1165\u110b\u116e\u11af",
        "서울",
    ),
]


@pytest.mark.parametrize(("sentence", "hidden", "word"), INK, ids=ascii)
def test_what_leaves_no_ink_is_no_change_of_substance(sentence, hidden, word):
    marked = sentence.replace(word, hidden)
    assert marked != sentence
    for one, other in ((sentence, marked), (marked, sentence)):
        found = changes([FERRY, one], [FERRY, other])
        assert [change.weight for change in found] == [Weight.COSMETIC]


@pytest.mark.parametrize(("sentence", "hidden", "word"), INK, ids=ascii)
def test_an_edit_next_to_a_hidden_character_is_reported_and_its_evidence_keeps_it(sentence, hidden, word):
    marked = sentence.replace(word, hidden)
    edited = marked.replace("quarry", "mine").replace("quay", "pier")
    (change,) = changes([FERRY, sentence], [FERRY, edited], ChangeKind.TEXT)
    assert change.after.text == edited
    assert edited[change.after.start : change.after.end] == edited
    assert "".join(edit.text for edit in change.edits if edit.op != "delete") == sentence.replace(
        "quarry", "mine"
    ).replace("quay", "pier")


def test_a_figure_that_moved_is_reported_through_hidden_characters():
    old = ["At least eleven people were killed at the quarry, the mayor said."]
    new = ["At least four\u00adteen people were killed at the quarry, the mayor said."]
    (change,) = changes(old, new, ChangeKind.CASUALTY)
    claim = change.claim_after
    assert (change.type, claim.value) == (ChangeType.INCREASED, 14)
    assert claim.sentence == new[0]
    assert claim.sentence[claim.start : claim.end] == "four\u00adteen" == claim.number_text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The UN said that the road was closed.", "The U.N. said that the road was closed."),
        ("The ferry left at 9.30am on Monday.", "The ferry left at 9:30 a.m. on Monday."),
        ("The ferry left at 9am on Monday.", "The ferry left at 9 a.m. on Monday."),
        ("An EU ship took the crew aboard.", "An E.U. ship took the crew aboard."),
        ("The UN said that 12 people were killed.", "The U.N. said that 12 people were killed."),
    ],
)
def test_house_style_is_no_change_of_substance(old, new):
    assert Weight.SUBSTANTIVE not in {one.weight for one in changes([FERRY, old], [FERRY, new])}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The ferry left at 9.30am on Monday.", "The ferry left at 9.35am on Monday."),
        ("The ferry left at 9.30am on Monday.", "The ferry left at 9.30pm on Monday."),
        ("The UN said that the road was closed.", "The EU said that the road was closed."),
        ("The rate rose to 9.30 on Monday.", "The rate rose to 930 on Monday."),
    ],
)
def test_a_time_or_name_that_moved_is_reported(old, new):
    assert Weight.SUBSTANTIVE in {one.weight for one in changes([FERRY, old], [FERRY, new])}
