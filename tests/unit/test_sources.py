"""Whether two printed names are those of one source, and words in two spellings."""

import pytest

from diffs.changes import changes_between
from diffs.changes.sources import is_collective, is_short_for, same_name, whole_names
from diffs.language.en.spelling import spelled
from diffs.model import Article, ChangeType, Weight

RAIN = "It rained in the port for the whole of the day."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the defence ministry", "Defense Ministry"),
        ("the Ministry of Defence", "Defense Ministry"),
        ("Norway’s foreign ministry", "the Foreign Ministry"),
        ("Norway's foreign ministry", "the Norwegian foreign ministry"),
        ("the labour office", "the Labor Office"),
        ("U.N. observers", "UN observers"),
        ("harbour officials", "harbor authorities"),
    ],
)
def test_one_source_in_two_forms_is_one_source(one: str, other: str) -> None:
    assert same_name(one, other)
    assert same_name(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Norway's defence ministry", "Sweden's defence ministry"),
        ("the Health Ministry", "the Interior Ministry"),
        ("police", "survivors"),
        ("the northern army", "the southern army"),
    ],
)
def test_two_owners_or_two_offices_are_two_sources(one: str, other: str) -> None:
    assert not same_name(one, other)
    assert not same_name(other, one)


def test_a_short_name_is_the_whole_one_only_where_no_other_could_be_meant() -> None:
    names = ["Norway's foreign ministry", "Foreign Ministry", "police"]
    assert is_short_for("Foreign Ministry", "Norway's foreign ministry")
    assert whole_names(names) == {"Foreign Ministry": "Norway's foreign ministry"}
    assert whole_names([*names, "Sweden's foreign ministry"]) == {}
    assert whole_names(["officials", "harbour officials"]) == {}
    longest = "the new Norwegian foreign ministry"
    assert whole_names(["foreign ministry", "Norwegian foreign ministry", longest]) == {
        "foreign ministry": longest,
        "Norwegian foreign ministry": longest,
    }


def test_whoever_counts_officially_is_a_collective() -> None:
    assert is_collective("local authorities")
    assert is_collective("senior government officials")
    assert not is_collective("the coast guard")


@pytest.mark.parametrize(
    "name", ["Norwegian officials", "Oslo authorities", "hospital officials", "the Finnish government"]
)
def test_officials_with_a_name_are_no_collective(name: str) -> None:
    assert not is_collective(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("defence", "defense"),
        ("harbours", "harbors"),
        ("neighbouring", "neighboring"),
        ("centre", "center"),
        ("kilometres", "kilometers"),
        ("organisations", "organizations"),
        ("paralysed", "paralyzed"),
        ("cancelled", "canceled"),
        ("counsellor", "counselor"),
        ("dialogue", "dialog"),
        ("programmes", "programs"),
        ("paediatric", "pediatric"),
    ],
)
def test_a_word_in_british_and_in_american_spelling_compares_as_one(one: str, other: str) -> None:
    assert spelled(one) == spelled(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("four", "for"), ("hour", "hor"), ("filled", "filed"), ("balfour", "balfor"), ("schneller", "schneler")],
)
def test_other_words_and_surnames_do_not(one: str, other: str) -> None:
    assert spelled(one) != spelled(other)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The defence ministry said nine were hurt.", "The Defense Ministry said nine were hurt."),
        ("Dock labourers near the Harbour Centre fled.", "Dock laborers near the Harbor Center fled."),
    ],
)
def test_another_spelling_is_no_substantive_change(old: str, new: str) -> None:
    found = changes_between(Article.from_text("Fire", old, RAIN), Article.from_text("Fire", new, RAIN))
    assert {one.weight for one in found} == {Weight.MINOR}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("On Monday Pier Balfour said nine were hurt.", "On Monday Pier Balfor said nine were hurt."),
        ("The defence ministry said nine were hurt.", "The Interior Ministry said nine were hurt."),
    ],
)
def test_another_name_is_substantive_however_alike(old: str, new: str) -> None:
    found = changes_between(Article.from_text("Fire", old, RAIN), Article.from_text("Fire", new, RAIN))
    assert Weight.SUBSTANTIVE in {one.weight for one in found}


def test_two_countries_counts_of_one_number_are_given_to_another_source() -> None:
    old = Article.from_text("Fire", "Nine people died, Norway's defence ministry said.", RAIN)
    new = Article.from_text("Fire", "Nine people died, Sweden's defence ministry said.", RAIN)
    assert ChangeType.REATTRIBUTED in {one.type for one in changes_between(old, new)}
