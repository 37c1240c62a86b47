"""What the setting of an English sentence decides: who is stuck, sought, taken or in flight, what is played, and shares of a million."""

import pytest

from diffs.claims import claims_in_text
from diffs.model import Scope


def read(text):
    """Return kind and value of the claims with a printed number."""
    return [(str(c.kind), c.value) for c in claims_in_text(text) if c.explicit]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # Shares of a scale.
        ("A quarter of a million people have fled.", [("displaced", 250_000)]),
        ("Three-quarters of a million people were uprooted.", [("displaced", 750_000)]),
        ("The war displaced a quarter-million villagers.", [("displaced", 250_000)]),
        # A peril holds people; soldiers take prisoners; rescuers seek.
        ("Some 60 walkers are stuck in the Orme cable car.", [("trapped", 60)]),
        ("Floods have stranded 90 villagers on rooftops.", [("trapped", 90)]),
        ("Troops took 40 prisoners.", [("captured", 40)]),
        ("Divers are searching for three fishermen after their boat capsized.", [("missing", 3)]),
        ("Crews searched for 19 missing miners.", [("missing", 19)]),
        # What became of victims is told behind what they are victims of.
        ("Twelve victims of abuse were killed.", [("killed", 12)]),
        ("Six victims of the attack died in hospital.", [("killed", 6)]),
        ("Six victims of the attack were identified.", [("casualties", 6)]),
        # Behind a semicolon the drill is over.
        ("The exercise simulated a landing; seven marines drowned.", [("killed", 7)]),
        ("In the film, the director recalls the fire that killed 12 people.", [("killed", 12)]),
        # Scare quotes, losses of soldiers, wounds that are nursed, people sent to hospital, no roof.
        ('The army said it had "neutralised" up to 90 fighters near Orlo.', [("killed", 90)]),
        (
            "The rebels claimed to have killed 20 soldiers, but the army put its losses at six.",
            [("killed", 20), ("killed", 6)],
        ),
        ("Two guards died and 17 others are nursing gunshot wounds.", [("killed", 2), ("wounded", 17)]),
        ("The blast sent 13 workers to hospital.", [("wounded", 13)]),
        ("The flood left 3,500 families without a roof over their heads.", [("displaced", 3500)]),
        ("Thirty fishermen have not been heard from since the storm.", [("missing", 30)]),
        ("About 700 residents spent the night in a sports hall after the flood.", [("displaced", 700)]),
        # A part, its whole, and the clause that tells of the whole.
        ("Two of the five climbers who went missing have been found dead.", [("killed", 2), ("missing", 5)]),
        ("Teams have recovered 17 of the 21 bodies.", [("killed", 17), ("killed", 21)]),
        ("Officials identified 14 of the 19 bodies.", [("killed", 19)]),
        ("Four defenders were hurt when the team bus crashed.", [("wounded", 4)]),
        ("Nine Yazidis went missing on the road to Arlo.", [("missing", 9)]),
        ("There were no survivors among the 14 people on board.", [("killed", 14)]),
        ("Of 212 passengers, 190 walked away and 19 were hospitalised.", [("wounded", 19)]),
        ("Rebels abducted 50 market traders.", [("captured", 50)]),
        ("The rains have forced 42,000 people into relief camps.", [("displaced", 42_000)]),
        ("Five spectators were injured at the derby.", [("wounded", 5)]),
        ("The coastguard suspended its search for the three men lost at sea.", [("missing", 3)]),
        ("Crews were called at dawn and treated seven residents for smoke inhalation.", [("wounded", 7)]),
        ("Seven walkers were hit by a car and hurt.", [("wounded", 7)]),
        ("Two guides, reported missing on Monday, were found dead.", [("missing", 2), ("killed", 2)]),
        ("Up to 70 shoppers may still be under the collapsed roof.", [("trapped", 70)]),
        ("The militia is believed to be holding about 60 civilians.", [("captured", 60)]),
        ("Armed men made off with six trainee priests.", [("captured", 6)]),
        ("Unknown assailants snatched three toddlers in Arlo.", [("captured", 3)]),
        ("Ten aid workers seized in May were handed over.", [("captured", 10)]),
        ("Some 12,000 people crossed the river to escape the clashes.", [("displaced", 12_000)]),
        ("A wall gave way, burying five labourers.", [("trapped", 5)]),
        ("The village buried 38 of its own.", [("killed", 38)]),
        ("The hostage drama ended with four dead.", [("killed", 4)]),
        (
            "The blast killed two clerks, three guards and 12 shoppers.",
            [("killed", 2), ("killed", 3), ("killed", 12)],
        ),
        ("A crew of 40 died when the ship sank.", [("killed", 40)]),
        ("In 'Orlo Square', four people were killed on Monday.", [("killed", 4)]),
        ("Gunmen who stormed a church carried off 30 worshippers.", [("captured", 30)]),
        ("Medics carried off 12 wounded.", [("wounded", 12)]),
        ("A cook and her three sons were among six people found dead.", [("killed", 3), ("killed", 6)]),
        ("Two activists fled the town when the riots began.", [("displaced", 2)]),
    ],
)
def test_a_setting_lets_a_count_be_read(text, wanted):
    assert read(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "A third of a million people were displaced.",
        "A quarter of the 40 people were killed.",
        "About 4,000 passengers are stranded at airports after the snow.",
        "Two children were rescued from a group stuck in a cable car.",
        "The jail took 40 prisoners from the north.",
        "Police are searching for two men after the shooting.",
        "The coastguard searched for 12 hours.",
        "Rescuers searching for a crew swept out to sea found three of them alive.",
        "In the new thriller, a sniper kills 11 strangers.",
        "In the film, released on Friday, 12 people die.",
        "Volunteers played the 30 wounded in a drill at the airport.",
        "Officials rehearsed how to treat 200 casualties after a mock crash.",
        "The team spent the night in a sports hall before the match.",
        "More than 40 lots went missing from the ledger.",
        "Ants evacuated 40 grains from the flooded nest.",
        "Two strikers are missing for the season opener.",
        "Four defenders are injured before the cup match.",
        "The manager must do without five injured starters.",
        "The opera ends with three corpses.",
        "Two hundred guests died of boredom.",
        "Rescuers found survivors among the 14 people on board.",
        "The party of 16 pupils and two teachers, reported missing on Saturday, was found safe.",
        "The hero kills 14 dragons.",
        "No trace of 40 paintings was found.",
        "Snow lay under the roof of 12 houses.",
        "Thieves made off with 12 paintings.",
        "The visitors snatched two late winners.",
        "Thousands of fans were evacuated of all hope.",
        "The defender's own goal killed the tie, and 300 away fans left early.",
        "The drama follows a detective hunting the killer of four nurses.",
        "The soldiers buried 12 comrades near the wall.",
        "At 87, the last survivor of the crew of 40 dies.",
        "Firefighters held an exercise with 40 'victims' on Sunday.",
        "The Alders were without five injured rotation players.",
        "The firm represents 900 victims of the pension scandal.",
        "The team carried off 12 awards.",
        "The novel's 11 dead are all bankers.",
        "The keeper is one of six players out injured.",
        "The report names 12 victims of abuse.",
        "Two gunmen fled on a motorcycle.",
        "Some 300 parade-goers fled when shots rang out.",
        "About 80 people fled the scene.",
        "The army put its losses at six million crowns.",
    ],
)
def test_travellers_wrongdoers_crowds_and_actors_are_no_victims(text):
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("The airline confirmed that all 71 passengers had perished.", "The airline"),
        ("Visuals showed at least 12 people killed in the blast.", None),
        ("Footage from the square shows that 12 people were hurt.", None),
        ("Heat wave blamed for nine deaths in Orlo", None),
        ("Police blamed the gang for nine deaths.", "Police"),
    ],
)
def test_a_picture_and_what_is_blamed_say_nothing(text, source):
    (claim,) = claims_in_text(text)

    assert claim.attribution == source


def test_what_a_count_is_compared_with_is_an_older_one():
    counts = claims_in_text("The fever has killed 63 people this year, compared with 41 deaths last year.")

    assert [(c.value, str(c.scope)) for c in counts] == [(63, "cumulative"), (41, "background")]


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("Forty defenders of the town were wounded on Monday.", [("wounded", 40)]),
        ("Two forest keepers are missing since Friday.", [("missing", 2)]),
        ("Four bowlers were wounded by shrapnel.", [("wounded", 4)]),
        ("Seven players of the national side were wounded in the shelling.", [("wounded", 7)]),
        ("Two strikers were wounded as police charged the picket.", [("wounded", 2)]),
        ("Twelve in Derby are missing.", [("missing", 12)]),
        ("The roster listed 12 wounded.", [("wounded", 12)]),
        ("Surgeons practising in the camp treated 40 wounded.", [("wounded", 40)]),
        ("Ten extras were killed on set when a wall fell.", [("killed", 10)]),
    ],
)
def test_a_word_that_sport_or_practice_shares_takes_no_toll_away(
    sentence: str, wanted: list[tuple[str, int]]
) -> None:
    assert read(sentence) == wanted


@pytest.mark.parametrize(
    "sentence",
    [
        "No survivor of the 62 candidates remains in the race.",
        "No trace of 12 candidates was left in the files.",
        "Some 300 people remain under one roof.",
        "Twelve people were under the roof when the concert began.",
        "Five hundred children were sent into camps for the summer.",
    ],
)
def test_a_setting_that_harms_nobody_gives_no_claim(sentence: str) -> None:
    assert claims_in_text(sentence) == ()


def test_days_of_what_killed_are_no_period() -> None:
    claim = claims_in_text("Days of rain killed 12 people.")[0]
    assert claim.scope is Scope.EVENT
