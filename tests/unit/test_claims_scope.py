"""Which count a number belongs to, and whose it is: one sentence for each kind that strangers' sentences showed wrong."""

from pathlib import Path

import pytest

from diffs.claims import claims_in_text


def read(text):
    """Return kind, value and scope of the claims with a printed number."""
    return {(str(c.kind), c.value, str(c.scope)) for c in claims_in_text(text) if c.explicit}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The storm killed 14 people and 40 were hurt.", {("killed", 14, "event"), ("wounded", 40, "event")}),
        ("Guards led 60 guests out and nobody was injured.", {("wounded", 0, "event")}),
        (
            "Boats reached the 21 passengers, of whom 15 were saved and five confirmed dead.",
            {("killed", 5, "subset")},
        ),
        (
            "Gunmen kidnapped nine clerks; three have since been released.",
            {("captured", 9, "event"), ("captured", 3, "subset")},
        ),
        (
            "The army says 30 died, but villagers put it at 70.",
            {("killed", 30, "event"), ("killed", 70, "event")},
        ),
        (
            "Ten had died by noon; by dusk the figure was 16.",
            {("killed", 10, "event"), ("killed", 16, "event")},
        ),
        ("Medics put the dead at 13.", {("killed", 13, "event")}),
        ("Drownings in the province have killed 33 so far this summer.", {("killed", 33, "cumulative")}),
        (
            "Three clerks were shot dead, taking the number of such killings in the city this year to 19.",
            {("killed", 3, "event"), ("killed", 19, "cumulative")},
        ),
        (
            "Two more have died of measles, bringing deaths in the outbreak to 41.",
            {("killed", 2, "event"), ("killed", 41, "cumulative")},
        ),
        ("The overall toll since March 2021 rose to 5,300.", {("killed", 5300, "cumulative")}),
        ("In a similar incident last month, six divers had drowned.", {("killed", 6, "background")}),
        ("The March 9 attack killed 18 cadets.", {("killed", 18, "background")}),
        (
            "The colonel is accused of ordering raids in which 90 farmers were shot dead.",
            {("killed", 90, "background")},
        ),
        ("Floods have killed 300 people in 2024.", {("killed", 300, "cumulative")}),
        ("The virus killed 40 people from March 2 to April 9.", {("killed", 40, "cumulative")}),
        ("Crashes killed 55 people in the 12 months to May.", {("killed", 55, "cumulative")}),
        (
            "Since Sunday's raid, in which four nurses died, the clinic has been shut.",
            {("killed", 4, "background")},
        ),
        (
            "Storm Ida, which hit the coast in 2019, left 28 dead and nine missing.",
            {("killed", 28, "background"), ("missing", 9, "background")},
        ),
        ("The hitman confessed to 14 murders.", {("killed", 14, "background")}),
        (
            "The raid left 16 people including five girls dead.",
            {("killed", 16, "event"), ("killed", 5, "subset")},
        ),
        (
            "Eleven people were shot, three of them fatally.",
            {("casualties", 11, "event"), ("killed", 3, "subset")},
        ),
        ("A vigil was held for the 22 sailors killed at Kelp Point.", {("killed", 22, "background")}),
    ],
)
def test_a_count_is_read_with_the_event_it_belongs_to(text, wanted):
    assert read(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Soldiers eliminated 17 militants.", ("killed", 17)),
        ("The regiment lost eight of its own men.", ("killed", 8)),
        ("Crews have taken 12 guests to hospital.", ("wounded", 12)),
        ("Nine pupils were admitted at the district referral hospital.", ("wounded", 9)),
        ("Gunmen seized 31 villagers.", ("captured", 31)),
        ("Divers found the bodies of three sailors missing since Monday.", ("killed", 3)),
        ("Medics treated 18 people at the scene.", ("wounded", 18)),
        ("Six died, the mayor said; the union says nine.", ("killed", 9)),
        ("Two died and eight sustained varying degrees of injuries.", ("wounded", 8)),
        ("One survivor lost his wife and three children.", ("killed", 3)),
        ("Some 40 guests required medical attention.", ("wounded", 40)),
        ("Five guards embraced shahadat.", ("killed", 5)),
        ("Six cyclists have been fatally struck by lorries.", ("killed", 6)),
        ("Local media report eight dead.", ("killed", 8)),
        ("Of the 30 injured, 11 have been referred to the capital.", ("wounded", 11)),
        ("Flood deaths in the valley have crossed 140.", ("killed", 140)),
    ],
)
def test_words_of_other_newsrooms_are_read(text, wanted):
    assert wanted in {(str(c.kind), c.value) for c in claims_in_text(text)}


@pytest.mark.parametrize(
    "text",
    [
        "Eighteen candidates were eliminated in the first round.",
        "The museum bought 12 captured flags.",
        "Four people were in the car and nine were in the truck.",
        "Porters took 12 crates to the hospital.",
        "The airline carried 300 parcels to the clinic.",
    ],
)
def test_what_happened_to_nobody_is_no_claim(text):
    assert not [c for c in claims_in_text(text) if c.explicit]


@pytest.mark.parametrize("name", ["none_desks.txt", "none_desks_again.txt"])
def test_of_sixty_tempting_sentences_two_or_fewer_are_read(name):
    path = Path(__file__).parents[1] / "claims_cases" / name
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    read_ones = [line for line in lines if any(c.explicit and c.value != 0 for c in claims_in_text(line))]
    assert len(lines) >= 60
    assert len(read_ones) <= 2, read_ones


def test_the_one_who_told_another_is_the_source_of_what_they_counted():
    [claim] = claims_in_text("Fishermen told Reuters they had counted 12 bodies.")
    assert claim.attribution == "Fishermen"


def test_what_an_office_had_earlier_reported_is_superseded():
    roles = {c.value: str(c.role) for c in claims_in_text("Officials had earlier reported nine deaths.")}
    assert roles == {9: "superseded"}


def test_nobody_dies_in_a_thriller():
    assert claims_in_text("Nine people die in the first hour of her new thriller.") == ()


def test_a_number_gone_up_to_is_no_bound_and_survivors_are_not_dead():
    [claim] = claims_in_text("The number of people killed has gone up to 21.")
    assert str(claim.qualifier) == "exact"
    assert read("The wreck left 22 survivors and 10 dead.") == {("killed", 10, "event")}
    assert read("Gunmen seized control of a school.") == set()
