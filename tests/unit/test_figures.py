"""Numbers as printed read as values that compare."""

from decimal import Decimal

import pytest

from diffs.language.figures import figures_in


def keys(text):
    return [figure.key for figure in figures_in(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("14", "fourteen"),
        ("1,500", "1500"),
        ("12 500", "12,500"),
        ("205", "two hundred and five"),
        ("21", "twenty-one"),
        ("2 million", "two million"),
        ("1.5 million", "1,500,000"),
        ("7th", "seventh"),
        ("5%", "five per cent"),
        ("12", "a dozen"),
        ("24", "two dozen"),
        ("100", "a hundred"),
        ("2 dozen", "two dozen"),
        ("200,000", "two lakh"),
        ("3.5 crore", "35,000,000"),
        ("half a thousand", "500"),
    ],
)
def test_two_spellings_of_one_number_have_one_key(one, other):
    assert keys(one) == keys(other)
    assert len(keys(one)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.5", "15"),
        ("1.5 million", "15 million"),
        ("3-5", "35"),
        ("1,234", "1.234"),
        ("45.000", "45,000"),
        ("5", "5%"),
        ("5", "5th"),
        ("$5", "€5"),
        ("-5 degrees", "5 degrees"),
        ("12:30", "12:40"),
        ("dozens", "scores"),
        ("one", "another"),
    ],
)
def test_two_numbers_never_have_one_key(one, other):
    assert keys(one) != keys(other)


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        ("between thirty and forty", ["30", "40"]),
        ("five - seven", ["5", "7"]),
        ("one hundred and five and six", ["105", "6"]),
        ("the MLN said nothing", []),
    ],
)
def test_numbers_that_no_number_joins_are_several(printed, found):
    """Until 2026-11-28 "thirty and forty" was read as 70 where changes are compared, and as two where claims are."""
    assert keys(printed) == found


def test_a_figure_knows_where_it_stands():
    text = "At least 1,200 people and two dogs."
    found = figures_in(text)
    assert [text[figure.start : figure.end] for figure in found] == ["1,200", "two"]
    assert [figure.amount for figure in found] == [Decimal(1200), Decimal(2)]


def test_a_number_inside_a_name_is_still_seen():
    assert keys("An F-16 and a B52 flew over the A380.") == ["16", "52", "380"]


def test_ordinals_and_vague_amounts_have_no_amount():
    assert [figure.amount for figure in figures_in("The third of several.")] == [None, None]
