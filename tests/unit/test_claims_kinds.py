"""Kinds of fault in English claims, a few sentences of our own for each: invented counts, scope, sources, and words of a setting."""

import pytest

from diffs.claims import claims_in_text


def read(text):
    """Return kind, value and scope of the claims with a printed number."""
    return [(str(c.kind), c.value, str(c.scope)) for c in claims_in_text(text) if c.explicit]


@pytest.mark.parametrize(
    "text",
    [
        "The film, in which nine sailors are murdered one by one, opens in May.",
        "Season 2 opens with a raid that leaves seven smugglers dead.",
        "Six guests die in the first hour of her new drama.",
        "The exercise assumed that 80 people had been killed.",
        "The ward has 300 beds, 12 of them in intensive care.",
        "The fire spread, killing one farmer's sheep.",
        "The tram, which seats 120 passengers, was evacuated after a smell of smoke.",
        "Nearly one in six patients died.",
        "The league was wiped out, keeping only 2 of its 30 seats.",
        "The floods wiped out 14 farms and three mills.",
        "The visitors buried 19 three-pointers.",
        "Rebels held talks with 12 officials.",
        "The census was delayed and two bodies had been counted twice.",
        "Three suspects have not been found.",
        "The game lets players kill up to 100 opponents a round.",
        "Their first single sold 3 million, and the second died at 40,000.",
        "The bank has 12 victims of identity theft on its books.",
        "Three defenders are missing through suspension.",
        "Two motions were killed off in committee.",
        "Fourteen pupils are missing from the list.",
        "The bank put its losses at 11 million crowns.",
        "The fate of the two bills is unknown.",
    ],
)
def test_a_plot_a_drill_a_thing_and_a_share_are_no_victims(text):
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The novel coronavirus has killed 40 people there.", ("killed", 40, "cumulative")),
        ("A fire at a movie theatre killed 12 people.", ("killed", 12, "event")),
        ("The finale was called off after a stand fell, killing two fans.", ("killed", 2, "event")),
        ("An explosion during a training exercise killed three cadets.", ("killed", 3, "event")),
        ("Two welders were killed in an oil drill accident.", ("killed", 2, "event")),
    ],
)
def test_a_work_or_a_drill_that_is_only_named_hides_no_victim(text, wanted):
    assert read(text) == [wanted]


@pytest.mark.parametrize(
    ("text", "victims"),
    [
        ("Hurricane season 2023 opens with nine people dead in Belize.", 9),
        ("Flu season 2025 begins with 14 deaths in the county.", 14),
        ("Monsoon season 3 of the survey sees 40 villagers killed.", 40),
        ("The drama ends with two hikers dead.", 2),
        ("A kidnap drama begins at noon and leaves six dead.", 6),
        ("Season finale at the track ends with two marshals dead.", 2),
        ("The thriller at the arena ends with two fans dead.", 2),
        ("Movie night at a church ends with three people shot dead.", 3),
        ("A novel fungus begins with a rash and leaves 14 patients dead.", 14),
        ("The film opens on Sunday; four people were killed at its launch.", 4),
        ("Movie opens days after eight people are killed in a crush.", 8),
        ("Six people die in a crush at the premiere of a film.", 6),
        ("A man who had seen the film where robots fight killed five people.", 5),
        ("Chapter 11 filing follows a blaze that killed 41 people.", 41),
        ("The drill was supposed to last a day, but a shell burst, killing two cadets.", 2),
        ("An exercise simulating a landing turned deadly when a boat sank, drowning nine.", 9),
        ("A drill simulating a raid kills nine soldiers.", 9),
        ("During the drill, imagined as routine, 11 sailors died.", 11),
    ],
)
def test_a_word_that_also_names_real_events_hides_no_victim(text, victims):
    assert [(kind, value) for kind, value, _ in read(text)] == [("killed", victims)]


@pytest.mark.parametrize(
    "text",
    [
        "Season 2 of the streaming drama sees 14 people killed.",
        "Chapter 12 tells of a wreck in which 40 sailors drown.",
        "The TV drama begins with a bomb that kills 20 people in a market.",
        "The sitcom's finale sees two of the friends killed.",
        "A drill simulating an attack in which 12 people are killed was held on Monday.",
        "The drill simulated a train crash with 40 people dead and 200 injured.",
        "Volunteers took part in the drill, with 40 people playing wounded passengers.",
    ],
)
def test_a_work_whose_plot_is_told_and_a_drill_that_assumes_count_nobody(text):
    assert read(text) == []


def test_victims_of_a_wrong_are_counted_where_their_fate_is_told():
    assert [value for _, value, _ in read("Nine victims of abuse were killed when the shelter burned.")] == [
        9
    ]
    assert read("The charity advised 12 victims of abuse.") == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Nine dead, 30 rescued after ferry sinks", ("killed", 9)),
        ("Four missing, 12 rescued as boat capsizes", ("missing", 4)),
        ("Six sailors are missing; 15 escaped.", ("missing", 6)),
        ("Three killed, two survive plunge into river", ("killed", 3)),
    ],
)
def test_those_who_were_saved_hide_none_who_were_not(text, wanted):
    assert read(text)[0][:2] == wanted


def test_of_a_count_that_came_out_well_nothing_is_left():
    assert read("Five climbers listed as dead were found alive.") == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A funeral procession was hit by a bus, killing six mourners.", "event"),
        ("The court building collapsed, killing five clerks.", "event"),
        ("A driver was charged after his bus left the road, killing five clerks.", "background"),
        ("The quake killed 31 people and destroyed homes built in 1974.", "event"),
        ("Three porters were hurt when a year-old stand fell.", "event"),
        ("The Oct. 9 raid killed 80 villagers.", "background"),
        ("Prosecutors say the ring murdered 11 rivals over a decade.", "cumulative"),
        ("About 2,300 people lost their lives in road crashes in 2024.", "cumulative"),
        ("Four days after the blast, the number of dead stood at 18.", "event"),
        ("A tainted syrup has been blamed for the deaths of 14 infants.", "event"),
        ("The attack on the depot in November left 38 dead.", "background"),
        ("A jet crashed into a school in July, killing 36 people.", "background"),
        ("The August 4 floods killed at least 130 people.", "background"),
        (
            "It is the type of jet that crashed at Arlo in 2019 with the loss of all 140 on board.",
            "background",
        ),
        ("A fire in March Street killed four people.", "event"),
        ("In May Pen a gang shot dead five people.", "event"),
        ("Until Sunday the worst toll had been the 22 killed in May.", "background"),
        ("The inquest heard that 34 patients had since died.", "background"),
        ("The state will pay the kin of each of the 36 deceased.", "background"),
        ("A group confirmed the names of 9,000 soldiers killed in the war.", "cumulative"),
    ],
)
def test_what_dates_a_count_is_told_from_words_that_only_stand_near(text, wanted):
    assert [scope for _, _, scope in read(text)] == [wanted]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A family of five was wiped out when a gas stove exploded.", ("killed", 5)),
        ("The hamlet buried 21 of its own on Friday.", ("killed", 21)),
        ("The trawler was lost with all 16 hands.", ("killed", 16)),
        ("Neither of the two pilots survived.", ("killed", 2)),
        ("Gunmen held 33 passengers for six hours.", ("captured", 33)),
        ("Gunmen stormed the school and took 41 hostage.", ("captured", 41)),
        ("The army put its losses at 11 soldiers.", ("killed", 11)),
        ("Seventy were saved; the fate of the remaining 74 is unknown.", ("missing", 74)),
        ("The trawler's nine crew are presumed lost.", ("missing", 9)),
        ("Two officers were hit by a car and seriously hurt.", ("wounded", 2)),
        ("Nine firefighters suffered heat exhaustion.", ("wounded", 9)),
        ("A Class 12 pupil and two of his friends drowned.", ("killed", 2)),
        ("Seven divers, including the skipper, have not been found.", ("missing", 7)),
        ("More than 800 families are staying in 21 evacuation centers.", ("displaced", 800)),
        ("Some 3,000 villagers have sought refuge in the capital.", ("displaced", 3000)),
    ],
)
def test_a_fate_is_read_in_the_setting_that_tells_it(text, wanted):
    assert [(kind, value) for kind, value, _ in read(text)] == [wanted]


def test_who_had_fled_before_they_were_killed_are_counted_once():
    assert read("Nine villagers who had fled the town were killed.") == [("killed", 9, "event")]


def test_a_subject_behind_and_is_not_the_object_before_it():
    lost, hurt = claims_in_text(
        '"We have lost 11 of our people and 40 are in hospital," the chief told Radio Sol.'
    )
    assert (lost.value, hurt.value) == (11, 40)
    assert lost.attribution == hurt.attribution == "the chief"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("The tunnel fire claimed 16 victims, among them five clerks, police said.", "police"),
        ("The ministry rejected as baseless reports that 200 men had died.", "The ministry"),
        ("The agency could not verify the army's claim that it had killed 14 fighters.", "the army"),
        ("Up to 40 people may still be under the rubble, rescuers fear.", "rescuers"),
        ('"Nine of us died," the elder, Omo Tare, told Radio Sol.', "the elder, Omo Tare"),
    ],
)
def test_a_fire_that_claims_lives_and_who_was_told_are_no_sources(text, source):
    assert {claim.attribution for claim in claims_in_text(text) if claim.explicit} == {source}


def test_a_report_called_a_fabrication_is_denied():
    (claim,) = claims_in_text("The claim that 90 patients had died is a fabrication, the ministry said.")
    assert str(claim.polarity) == "denied"


def test_a_second_figure_in_the_next_sentence_is_of_the_kind_before_it():
    army, residents = claims_in_text("The army said 40 people were killed. Residents put it at 60.")
    assert (str(residents.kind), residents.value, residents.attribution) == ("killed", 60, "Residents")
    assert residents.sentence[residents.start : residents.end] == "60"
    assert army.attribution == "The army"


@pytest.mark.parametrize(
    "text",
    [
        "Nine died and 30 were hurt. Residents put it at 60.",
        "Nine died.\n\nResidents put it at 60.",
        "The mill was sold. Residents put it at 60.",
    ],
)
def test_a_second_figure_needs_one_kind_in_the_sentence_before(text):
    assert 60 not in [claim.value for claim in claims_in_text(text)]


def test_a_figure_revised_in_the_same_sentence_is_read():
    assert read("Police first said five people had died but later revised that figure to four.")[-1][:2] == (
        "killed",
        4,
    )


def test_a_month_that_dates_the_capture_does_not_date_the_deaths():
    text = "Nine of the ten miners abducted from the pit in March are dead."
    assert read(text) == [("killed", 9, "event"), ("captured", 10, "background")]


def test_parts_of_those_who_came_out_well_are_no_victims():
    assert read("Nine people are missing and 16 others, including three girls, are safe.") == [
        ("missing", 9, "event")
    ]


def test_where_a_toll_had_stood_is_what_it_rose_from():
    text = "The toll, which had stood at 41 since Monday, was raised to 44."
    assert read(text) == [("killed", 41, "background"), ("killed", 44, "event")]
