"""The casualty grammar against sentences of our own, and what each claim says of itself."""

from pathlib import Path

import pytest

from diffs.claims import (
    GRAMMAR_VERSION,
    claims_in,
    claims_in_text,
    explained_claims,
    leading_claims,
    rules_of,
)
from diffs.claims.english.chunks import parsed
from diffs.claims.english.grammar import mentions_in, plan_of
from diffs.claims.english.lexicon import lexicon_of
from diffs.claims.english.rules import CONFIDENCE, TABLE
from diffs.language.numerals import _DECIMAL, _SUFFIXED
from diffs.model import Article, AttributionClass, Block, BlockKind, Place, Polarity, Qualifier, Scope

CASES = Path(__file__).parents[1] / "claims_cases"
VAGUE = {"hundreds of thousands": "200000", "an unspecified number": "unspecified"}


def annotated(name):
    """Return (sentence, claims as sets of `name=value`) for every sentence of a file of cases."""
    rows = []
    for line in (CASES / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("- "):
            if line != "- none":
                head, *fields = [part.strip() for part in line[2:].split("|")]
                kind, number, qualifier, scope = head.split()
                marks = [field if "=" in field else f"polarity={field}" for field in fields]
                rows[-1][1].append(
                    {f"kind={kind}", f"number={number}", f"qualifier={qualifier}", f"scope={scope}", *marks}
                )
        elif line and not line.startswith("#"):
            rows.append((line, []))
    return rows


def told(claim):
    """Return a claim as such a set."""
    if claim.qualifier is Qualifier.VAGUE:
        number = VAGUE.get(claim.number_text.lower(), claim.number_text.lower())
    elif claim.qualifier is Qualifier.RANGE:
        number = f"{claim.low}..{claim.high}"
    else:
        number = str(claim.value)
    marks = {"who": claim.who, "by": claim.attribution, "hedge": claim.hedge}
    polarity = None if claim.polarity is Polarity.ASSERTED else claim.polarity.value
    found = {f"kind={claim.kind}", f"number={number}", f"qualifier={claim.qualifier}", f"scope={claim.scope}"}
    return found | {f"{name}={value}" for name, value in {**marks, "polarity": polarity}.items() if value}


def wrong_in(name):
    wrong = []
    for sentence, wanted in annotated(name):
        got = [told(claim) for claim in claims_in_text(sentence) if claim.explicit]
        if sorted(map(sorted, got)) != sorted(map(sorted, wanted)):
            wrong.append((sentence, wanted, got))
    return wrong


def test_every_sentence_annotated_before_the_grammar_is_read_whole():
    assert len(annotated("sentences.txt")) >= 100
    assert wrong_in("sentences.txt") == []


def test_later_sentences_are_read_at_least_as_often_as_measured():
    rows = annotated("held_out.txt")
    wrong = wrong_in("held_out.txt")

    assert len(rows) >= 40
    assert len(wrong) <= 0.1 * len(rows), wrong


@pytest.mark.parametrize(
    ("name", "least", "share"),
    [
        ("blind.txt", 170, 0.1),
        ("blind_again.txt", 60, 0.1),
        ("blind_third.txt", 90, 0.05),
        ("newsrooms.txt", 150, 0.05),
        ("newsrooms_again.txt", 100, 0.12),
        ("newsrooms_last.txt", 90, 0.2),
        ("newsrooms_scope.txt", 50, 0.2),
        ("wires.txt", 85, 0.12),
        ("wires_again.txt", 90, 0.12),
        ("wires_last.txt", 85, 0.2),
        ("wires_final.txt", 70, 0.2),
        ("wires_scope.txt", 40, 0.15),
        ("wires_sources.txt", 30, 0.25),
        ("desks.txt", 75, 0.15),
        ("desks_again.txt", 75, 0.17),
        ("desks_last.txt", 75, 0.17),
        ("desks_final.txt", 70, 0.22),
        ("streets.txt", 275, 0.15),
    ],
)
def test_sentences_written_without_sight_of_the_grammar_are_read_at_least_as_often_as_measured(
    name, least, share
):
    rows = annotated(name)
    wrong = wrong_in(name)

    assert len(rows) >= least
    assert len(wrong) <= share * len(rows), wrong


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("The union, whose members work there, put the toll at nine dead.", "The union"),
        ("The union gave a lower count, saying nine people had died.", "The union"),
        ("A guard who saw the crash told reporters that nine people had died.", "A guard"),
        ("The fourth brigade, with headquarters in Arlo, said nine people had died.", "The fourth brigade"),
        ("Nine people had been confirmed dead by the coroner's office.", "the coroner's office"),
        ("The agency, quoting witnesses, reported that nine people had died.", "The agency"),
        ("The clash ended after 50 minutes and military sources reported nine dead.", "military sources"),
        ("Officials fear at least nine have drowned.", "Officials"),
        ("Bomb kills nine - police", "police"),
        ("Nine people died, the news agency reported, citing hospital officials.", "the news agency"),
        ("Police, citing preliminary figures, said nine people had died.", "Police"),
        ("A rights group that monitors the war said nine people died.", "A rights group"),
        ("Nine people are killed after the army accused the rebels of firing at troops.", None),
        ("The ministry put the number of dead at 28, and could not confirm other figures.", "The ministry"),
        ("Sources did not say when, but nine people died.", None),
        ("No group has claimed responsibility for the murder of nine people.", None),
    ],
)
def test_a_source_is_named_without_what_is_added_of_it(text, source):
    assert only(text).attribution == source


def test_an_obituary_with_an_age_and_a_striker_who_scores_are_no_claims():
    assert claims_in_text("Singer Ama Roba dies at 83") == ()
    assert claims_in_text("Roba scores stunner, keeper injured as visitors trail")[0:1] == ()
    assert claims_in_text("The blast wounded scores of traders.")[0].low == 40


def test_who_only_acknowledges_an_attack_is_no_source_of_the_number_before_it():
    [claim] = claims_in_text("The navy says 40 were killed, but the rebels acknowledged the strike.")
    assert claim.attribution == "The navy"


def test_a_toll_that_would_have_been_is_none_and_one_that_may_have_been_is_hedged():
    assert claims_in_text("The toll would have been over six hundred.") == ()
    [claim] = claims_in_text("The toll may have reached 40, an aid worker said.")
    assert (claim.value, claim.hedge) == (40, "may have")


def test_a_pronoun_takes_the_source_named_before_it_in_the_sentence():
    first, second = claims_in_text("Police found 12 bodies, while a doctor said he had counted 17 bodies.")

    assert (first.value, second.value) == (12, 17)
    assert second.attribution == "a doctor"


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("Three men who were jailed for the raid in 2012 are killed.", Scope.EVENT),
        ("On 24 May this year the gang murdered two priests.", Scope.EVENT),
        ("The third attack this year killed 20 people.", Scope.EVENT),
        ("Earlier this year, 12 people were killed in a similar crash.", Scope.BACKGROUND),
        ("The conflict has claimed at least 65,000 lives.", Scope.CUMULATIVE),
        ("More than 4,000 people have died in the insurgency.", Scope.CUMULATIVE),
        ("Relatives of the 270 people killed in the bombing gathered.", Scope.BACKGROUND),
        (
            "It was the worst disaster at the cape since a tanker exploded in 1998, killing 90 people.",
            Scope.BACKGROUND,
        ),
        ("Sixty bodies were found in a mass grave.", Scope.BACKGROUND),
        ("The man behind the killing of five soldiers was seen in the town.", Scope.BACKGROUND),
        ("The virus has infected many people and killed 210.", Scope.CUMULATIVE),
    ],
)
def test_the_clause_tells_which_event_is_meant(text, scope):
    assert only(text).scope is scope


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("None of the 48 passengers survived.", "killed", 48),
        ("We lost 14 colleagues that night.", "killed", 14),
        ("The guards beat 12 prisoners to death.", "killed", 12),
        ("Ten people, including three who were sailing, are killed.", "killed", 10),
        ("Nine of the 30 people who were on the bus were killed.", "killed", 9),
        ("The storm's deaths climb to 19.", "killed", 19),
        ("The doctors treated 70 people for burns.", "wounded", 70),
        ("The WHO said 1,600 people had died.", "killed", 1600),
        ("There have been 14 confirmed deaths and 30 suspected cases.", "killed", 14),
        ("The blast brings to 47 the number of people killed this week.", "killed", 47),
        ("The number of civilians reported by one watchdog to be killed rises to 68.", "killed", 68),
        ("Among the 17 dead were four children.", "killed", 4),
        ("Three nurses are among the 19 people killed in the crash.", "killed", 3),
        ("A tourist boat capsizes, drowning 12 people.", "killed", 12),
        ("The video shows the beheading of two hostages.", "killed", 2),
        ("Five miners are trapped underground and presumed dead.", "killed", 5),
        ("Seven people missing since Sunday's landslide were found dead.", "killed", 7),
        ("Two bombs went off, killing no one but wounding 15 shoppers.", "wounded", 15),
        ("Hospitals reported treating 240 people for heatstroke.", "wounded", 240),
        ("Local media put the death toll as high as 70.", "killed", 70),
        ("The blaze claimed 17 victims.", "killed", 17),
    ],
)
def test_a_count_is_found_where_the_usual_words_are_missing(text, kind, value):
    assert (kind, value) in {(claim.kind.value, claim.value) for claim in claims_in_text(text)}


@pytest.mark.parametrize(
    "text",
    [
        "The team lost 14 games and the firm lost 200 clients.",
        "A study warns that heat could cause 8,000 deaths by 2050.",
        "The boat capsized; 25 were rescued and the rest are missing.",
        "The tests began after two dead wild boars were found.",
        "The search for 12 missing invoices goes on.",
        "They demanded that five guards be put to death.",
        "Up to 500 people might have been killed had the bomb gone off.",
        "If confirmed, the deaths would bring the toll to 90.",
        "A dam failure could put 30,000 people at risk of drowning.",
        "Her 2,000 fans were dying of laughter.",
    ],
)
def test_what_only_looks_like_a_figure_is_none(text):
    assert [claim for claim in claims_in_text(text) if claim.explicit] == []


def only(text):
    (claim,) = claims_in_text(text)
    return claim


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("1,234", 1234),
        ("1.234", 1234),
        ("1 234", 1234),
        ("1\u00a0234", 1234),
        ("45.000", 45000),
        ("١٢", 12),
        ("FORTY-TWO", 42),
        ("Twevle", 12),
        ("fourty", 40),
        ("half a dozen", 6),
        ("two dozen", 24),
        ("one hundred and six", 106),
        ("three thousand", 3000),
        ("1.5 million", 1500000),
        ("two and a half million", 2500000),
    ],
)
def test_numbers_are_read_in_every_print(printed, value):
    claim = only(f"The flood killed {printed} people.")

    assert claim.value == value
    assert claim.number_text == printed
    assert claim.sentence[claim.start : claim.end] == printed


def test_a_headline_and_its_lead_in_one_string_are_two_claims():
    text = "Mine blast kills 10 miners At least 10 miners were killed when gas exploded, the state said on Friday."
    first, second = claims_in_text(text)

    assert (first.qualifier, first.attribution) == (Qualifier.EXACT, None)
    assert (second.qualifier, second.attribution) == (Qualifier.AT_LEAST, "the state")


def test_a_doubt_in_the_next_sentence_marks_the_claim_and_adds_none():
    text = "The ministry claims the raid killed 40 men and wounded 90. Officials could still not confirm those numbers."

    assert [(c.value, c.polarity, c.hedge) for c in claims_in_text(text)] == [
        (40, Polarity.DOUBTED, "claims"),
        (90, Polarity.DOUBTED, "claims"),
    ]


def test_a_doubt_in_another_paragraph_is_another_matter():
    text = "The raid killed 40 men.\n\nOfficials could not confirm that number of ships."

    assert [c.polarity for c in claims_in_text(text)] == [Polarity.ASSERTED]


def test_a_pronoun_points_back_to_the_source_before():
    first, second = claims_in_text("The army said 12 rebels died. It said three soldiers were hurt.")

    assert (first.attribution, second.attribution) == ("The army", "The army")


def test_victims_without_a_number_are_implicit_and_span_their_cue():
    first, second = claims_in_text("A farmer was killed and another wounded.")

    assert (first.explicit, first.value, first.number_text, first.who) == (False, 1, None, "A farmer")
    assert first.sentence[first.start : first.end] == first.cue == "killed"
    assert (second.kind, second.who) == ("wounded", "another")


def test_a_part_knows_the_whole():
    whole, part = claims_in_text("The fire killed 14 people, including three children.")

    assert (whole.scope, whole.subset_of) == (Scope.EVENT, None)
    assert (part.scope, part.subset_of) == (Scope.SUBSET, 14)


@pytest.mark.parametrize(
    ("source", "sort"),
    [
        ("The Russian defense ministry", AttributionClass.PARTY),
        ("The Lebanese health ministry", AttributionClass.OFFICIAL),
        ("Police", AttributionClass.OFFICIAL),
        ("Witnesses", AttributionClass.WITNESS),
        ("The Observatory for Human Rights", AttributionClass.MONITOR),
        ("State television", AttributionClass.MEDIA),
        ("Rebels", AttributionClass.PARTY),
    ],
)
def test_a_source_has_a_sort(source, sort):
    claim = only(f"{source} said 12 people were killed.")

    assert (claim.attribution, claim.attribution_class) == (source, sort)


ARTICLE = Article(
    headline="Ferry sinks; 12 dead",
    standfirst="Dozens missing off the cape",
    blocks=(
        Block(kind=BlockKind.CAPTION, text="Rescuers look for 30 missing passengers."),
        Block(kind=BlockKind.PARAGRAPH, text="At least 12 people drowned, the coast guard said."),
        Block(kind=BlockKind.PARAGRAPH, text="It rained. Survivors put the number of dead at 20."),
        Block(kind=BlockKind.PARAGRAPH, text="In 1998 a sinking there killed 90 people."),
        Block(kind=BlockKind.CORRECTION, text="An earlier version said 14 people had died."),
    ),
)


def test_every_place_of_an_article_is_read_in_order():
    claims = claims_in(ARTICLE)

    assert [(c.place, c.block, c.value) for c in claims] == [
        (Place.HEADLINE, None, 12),
        (Place.STANDFIRST, None, None),
        (Place.CAPTION, 0, 30),
        (Place.LEAD, 1, 12),
        (Place.BODY, 2, 20),
        (Place.BODY, 3, 90),
        (Place.CORRECTION, 4, 14),
    ]
    assert claims[4].offset == len("It rained. ")


def test_the_leading_claims_are_one_for_each_kind_and_source():
    leading = leading_claims(ARTICLE)

    assert [(c.kind, c.value, c.attribution) for c in leading] == [
        ("killed", 12, "the coast guard"),
        ("killed", 12, None),
        ("missing", 30, None),
        ("killed", 20, "Survivors"),
    ]


def test_each_rule_reads_its_example():
    unread = [rule.name for rule in TABLE if rule.name not in {c.rule for c in claims_in_text(rule.example)}]
    assert unread == []


@pytest.mark.parametrize("rule", TABLE, ids=lambda rule: rule.name)
def test_the_table_is_what_runs(rule):
    """A rule's function reads its example; a table without the function does not."""
    sentence = parsed(rule.example, lexicon_of("en"))
    others = plan_of([other for other in TABLE if other.function is not rule.function])
    assert rule.name in {mention.rule for mention in mentions_in(sentence).found}
    assert rule.name not in {mention.rule for mention in mentions_in(sentence, others).found}


def test_the_manual_lists_the_rules():
    manual = (Path(__file__).parents[2] / "docs" / "claims.md").read_text(encoding="utf-8")
    missing = [
        row for rule in TABLE if (row := f"| {rule.name} | {rule.reads} | {rule.example} |") not in manual
    ]
    assert missing == []


def test_every_rule_is_described_and_has_a_confidence():
    assert rules_of("en").keys() == CONFIDENCE.keys()
    assert all(0 < value <= 1 for value in CONFIDENCE.values())
    assert GRAMMAR_VERSION


def test_an_explanation_says_which_rule_read_what():
    (steps,) = explained_claims("Police said the blast killed 12 people.")

    assert steps.claim.value == 12
    assert steps.rule == rules_of("en")["active"]
    assert "Police" in " ".join(steps.why)
    assert "killed" in " ".join(steps.why)


@pytest.mark.parametrize(
    "text", ["", " ", "killed", "12", "No", "-", "killed 12 %", "\ud800 12 dead", "12 killed" * 50]
)
def test_odd_input_gives_claims_or_none_but_never_an_error(text):
    assert isinstance(claims_in_text(text), tuple)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("text", ["20160918" * 8000, "1," * 32000, "a" * 64000, "1 " * 32000])
def test_one_endless_word_costs_no_more_than_its_length(text):
    assert isinstance(claims_in_text(f"killed {text} people"), tuple)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("pattern", [_DECIMAL, _SUFFIXED])
def test_the_patterns_of_numerals_are_linear_wherever_they_are_sought(pattern):
    assert pattern.search("20160918" * 8000) is None


@pytest.mark.parametrize("text", ["12 killed, 2015 reported", "Twelve killed 2015 reported", "3 dead –"])
def test_a_text_that_ends_where_a_name_might_go_on_is_read(text: str) -> None:
    assert {claim.number_text for claim in claims_in_text(text)} <= {"12", "3", "Twelve"}


@pytest.mark.parametrize(
    ("text", "number", "value"),
    [
        ("1\u200b2 people were killed.", "1\u200b2", 12),
        ("For\u00adty miners were kil\u00adled.", "For\u00adty", 40),
        ("At least\u2060 3\u200c0 people drowned.", "3\u200c0", 30),
    ],
)
def test_characters_that_print_nothing_part_no_word_and_no_number(text, number, value):
    (claim,) = claims_in_text(text)
    assert (claim.number_text, claim.value) == (number, value)
    assert claim.sentence[claim.start : claim.end] == number


def test_an_article_keeps_no_more_claims_than_its_documented_most(monkeypatch):
    monkeypatch.setattr("diffs.claims.article.MOST_CLAIMS", 3)
    article = Article.from_text(None, *["Two people were killed and three wounded."] * 4)
    assert [claim.value for claim in claims_in(article)] == [2, 3, 2]


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Local papers put the toll at 81, but the ministry has confirmed only 29.", [81, 29]),
        ("The union says 120 people were killed; the army acknowledges 14.", [120, 14]),
        ("The union said 30 people died but police had confirmed 34 arrests.", [30]),
        ("The governor put the toll at 10, revising an earlier figure of 12.", [10, 12]),
        ("Divers found more bodies, taking the count to 47.", [47]),
        ("The death toll was revised down by about 100.", []),
    ],
)
def test_second_counts_and_what_a_toll_came_from_are_read(text, figures):
    assert [claim.value for claim in claims_in_text(text)] == figures


def test_lives_that_an_older_event_claimed_are_no_count_of_this_one():
    (older,) = claims_in_text("It was the worst fire since a blaze in 2011 that claimed more than 90 lives.")
    (own,) = claims_in_text("A fire that claimed 12 lives broke out on Monday.")
    assert (older.scope, own.scope) == (Scope.BACKGROUND, Scope.EVENT)


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("the island's civil defence agency", AttributionClass.OFFICIAL),
        ("the disaster management agency", AttributionClass.OFFICIAL),
        ("the state news agency", AttributionClass.MEDIA),
        ("the UN refugee agency", AttributionClass.MONITOR),
        ("the defence ministry", AttributionClass.PARTY),
    ],
)
def test_an_agency_with_a_task_is_no_news_agency_and_civil_defence_no_army(source, kind):
    (claim,) = claims_in_text(f"Twelve people were killed, {source} said.")
    assert (claim.attribution, claim.attribution_class) == (source, kind)


def test_the_verb_behind_deaths_is_not_who_died():
    (claim,) = claims_in_text("The number of civilian deaths rose to 41.")
    assert claim.who == "civilian"


def test_who_calls_a_figure_false_is_named_without_the_figure():
    (claim,) = claims_in_text(
        "The rebels claim to have killed 15 soldiers, a figure Orvia dismissed as “fantasy”."
    )
    assert (claim.attribution, claim.polarity) == ("Orvia", Polarity.DENIED)


def test_claims_of_a_block_that_moves_stand_where_it_stands():
    text = "The landslide at the quarry killed 14 masons, the mayor said."
    first = Article.from_text(None, "The road was closed.", text)
    moved = Article.from_text(
        None, "The road was closed.", "A school was shut too.", "The rain went on.", text
    )
    assert [(claim.block, claim.value) for claim in claims_in(first)] == [(1, 14)]
    assert [(claim.block, claim.value) for claim in claims_in(moved)] == [(3, 14)]
    assert [(claim.block, claim.value) for claim in claims_in(first)] == [(1, 14)]


def test_a_pronoun_stands_for_the_subject_of_the_last_sentence_before_it():
    text = "The coastguard visited the port. The ministry met later. It said 14 dockers were killed."
    [claim] = claims_in_text(text)
    assert claim.attribution == "The ministry"


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("At least 30 deaths in the flood were likely caused by the dam.", [30]),
        ("The 19 killings are expected to be investigated by the tribunal.", [19]),
        ("The 12 deaths in custody are expected to lead to charges.", [12]),
        ("A further 40 deaths are likely.", []),
        ("Some 2,000 deaths are expected to occur this year.", []),
    ],
)
def test_what_is_expected_of_counted_deaths_is_no_forecast_of_them(text, figures):
    assert [claim.value for claim in claims_in_text(text)] == figures
