"""What a claim says besides its number: role, unit, event, time, standing, who did it, the chain of sources."""

import pytest

from diffs.changes import changes_between
from diffs.claims import claims_in, claims_in_text, explained_claims, leading_claims
from diffs.claims.fields import other_event
from diffs.claims.fields.words import field_words
from diffs.history.contradictions import contradictions_in
from diffs.language import PACKS
from diffs.model import Article, ChangeType, Polarity, Role, Scope, Status, Unit


def only(text):
    [claim] = claims_in_text(text)
    return claim


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Nine people were killed.", [Role.TOTAL]),
        (
            "Another four bodies were found on Sunday, bringing the toll to 31.",
            [Role.INCREMENT, Role.TOTAL],
        ),
        ("Three more patients have died, raising the number of deaths to 25.", [Role.INCREMENT, Role.TOTAL]),
        ("The blast killed 13 and injured another 26.", [Role.TOTAL, Role.TOTAL]),
        ("Thirty-three people died, including four children.", [Role.TOTAL, Role.PART]),
        ("The death toll rose to 40, up from 28.", [Role.TOTAL, Role.SUPERSEDED]),
        ("Officials had earlier put the toll at 30.", [Role.SUPERSEDED]),
        ("The health office removed 108 deaths from its count.", [Role.WITHDRAWN]),
    ],
)
def test_a_number_has_a_role(text, roles):
    assert [claim.role for claim in claims_in_text(text)] == roles


def test_what_was_added_is_inside_the_toll_it_raised():
    added, toll = claims_in_text("Another four bodies were found on Sunday, taking the death toll to 31.")
    assert (added.scope, toll.scope) == (Scope.SUBSET, Scope.EVENT)


def test_a_withdrawn_number_is_denied_and_leads_nothing():
    article = Article.from_text(
        "Count cut", "The state removed 108 deaths from its list.", "It now counts 9 dead."
    )
    first = claims_in(article)[0]
    assert (first.role, first.polarity) == (Role.WITHDRAWN, Polarity.DENIED)
    assert [claim.value for claim in leading_claims(article)] == [9]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("A storm left 600 families homeless.", Unit.FAMILIES),
        ("Divers found 12 bodies.", Unit.BODIES),
        ("Two crews are missing.", Unit.GROUPS),
        ("Three persons of the same family were killed.", Unit.PEOPLE),
        ("Hasta ahora 40 familias fueron evacuadas.", Unit.FAMILIES),
    ],
)
def test_a_number_has_a_unit(text, unit):
    assert only(text).unit is unit


def test_two_counts_of_a_sentence_have_the_places_printed_with_them():
    one, other = claims_in_text(
        "Four people were killed in Adeni and six others in the nearby village of Soko."
    )
    assert (one.event_key.place, other.event_key.place) == ("Adeni", "the nearby village of Soko")
    assert other_event(one, other)


def test_weekday_year_and_words_of_another_event_stand_in_its_key():
    claim = only("The quake struck on Monday night, killing 230 people.")
    assert (claim.event_key.time, claim.event_key.weekday) == ("Monday night", 0)
    assert only("In 2016, a ferry sank, leaving 48 people dead.").event_key.year == 2016
    first, second = claims_in_text(
        "A mine killed nine soldiers in Kala; in a separate attack in Dolo, six guards died."
    )
    assert (first.event_key.apart, second.event_key.apart) == (False, True)
    assert str(second.event_key) == "Dolo"


def test_the_seat_of_a_source_is_no_place_of_the_event():
    claim = only("At least 22 worshippers were killed, according to a nurse at the Marwa clinic.")
    assert claim.event_key is None


def test_one_event_in_other_words_is_no_other_event():
    lead, later = claims_in_text(
        "A bus fell into a gorge near Soko on Monday, killing 12. Police put the toll at 14."
    )
    assert not other_event(lead, later)


def test_the_body_of_an_article_leads_with_no_other_event():
    article = Article.from_text(
        "Bus crash kills 12",
        "Twelve people were killed when a bus crashed in Adeni on Monday.",
        "In a separate accident in Soko, 30 people were killed, the governor said.",
    )
    assert [claim.value for claim in leading_claims(article)] == [12]


def test_an_opening_that_tells_of_two_events_leads_with_both():
    article = Article.from_text(
        "Two towns mourn", "Four people were killed in Adeni on Monday and six in Soko on Friday."
    )
    assert sorted(claim.value for claim in leading_claims(article)) == [4, 6]


def test_a_figure_of_another_event_is_no_new_state_of_the_old_one():
    old = Article.from_text(
        "Blast", "A blast killed nine people in Adeni on Monday.", "The market was full, traders said."
    )
    new = Article.from_text(
        "Blast",
        "A blast hit Adeni on Monday.",
        "The market was full, traders said.",
        "In a separate attack in Soko on Friday, 11 people were killed.",
    )
    kinds = {change.type for change in changes_between(old, new) if change.kind == "casualty"}
    assert ChangeType.INCREASED not in kinds


def test_time_and_period_of_a_count_are_kept_as_printed():
    assert only("As of 6 a.m. on Sunday, 34 bodies had been recovered.").as_of == "6 a.m. on Sunday"
    assert only("Heavy rains have killed 51 people since January.").period == "since January"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Nine deaths were confirmed by the coroner.", Status.CONFIRMED),
        ("Six miners are presumed dead.", Status.PRESUMED),
        ("Six miners were feared dead.", Status.PRESUMED),
        (
            "The militia said 25 were killed, which could not be independently verified.",
            Status.UNDER_VERIFICATION,
        ),
        ("Nine people were killed.", None),
    ],
)
def test_a_text_may_say_how_sure_a_figure_is(text, status):
    assert only(text).status is status


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Twelve farmers were killed by suspected Sand Front militants.", "suspected Sand Front militants"),
        ("Armed cattle rustlers gunned down five herders.", "Armed cattle rustlers"),
        ("Sand Front killed 12 farmers near Bama.", "Sand Front"),
        ("The attack, blamed on the Sand Front, killed nine.", "the Sand Front"),
        ("Police said gunmen killed six guards.", "gunmen"),
        ("Tropical Storm Mara killed 12 farmers.", None),
        ("Three riders were killed by a lorry.", None),
    ],
)
def test_a_perpetrator_is_named_where_the_text_names_one(text, who):
    assert only(text).perpetrator == who


def test_a_source_that_cites_another_is_a_chain():
    claim = only("Twelve people died, the agency said, citing the interior ministry.")
    assert claim.source_chain == ("the agency", "the interior ministry")
    assert only("Twelve people died, police said.").source_chain == ("police",)
    assert only("Twelve people died.").source_chain == ()


def test_a_freed_hostage_is_a_claim_only_where_the_capture_is_told():
    assert claims_in_text("The gunmen released 12 hostages on Monday after a ransom was paid.") == ()
    assert claims_in_text("Rescuers found 31 survivors.") == ()


def test_an_explanation_names_the_fields():
    [explained] = explained_claims("Since January, gunmen have killed 40 farmers in Soko.")
    assert any("counted in people" in line for line in explained.why)
    assert any(line.startswith("perpetrator") for line in explained.why)


def test_every_language_that_is_read_has_its_words():
    for tag in PACKS:
        assert len(field_words(tag).weekdays) == 7


def test_a_language_without_a_hint_in_the_sentence_is_searched_for_nothing():
    words = field_words("en")
    assert words.within("Nine people died.").time.search("on Monday") is None
    assert words.within("Nine people died on Monday.").time.search("on Monday") is not None
    assert words.within("In 2016 nine died.").time.search("In 2016") is not None


def test_two_events_of_one_version_do_not_contradict_each_other():
    article = Article.from_text(
        "Two towns mourn",
        "The mayor said 12 people were killed in the blast in Adeni on Monday.",
        "The mayor said 15 people were killed in Soko on Friday.",
    )
    assert contradictions_in(article) == ()
    one = Article.from_text(
        "Town mourns",
        "The mayor said 12 people were killed in the blast on Monday.",
        "The mayor said 15 people were killed in the blast on Monday.",
    )
    assert len(contradictions_in(one)) == 1
