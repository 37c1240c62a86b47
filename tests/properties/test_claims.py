"""What holds of the claims of any text."""

import string
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffs.claims import claims_in_text
from diffs.claims.packs import pack_claims
from diffs.language.numerals import whole_number
from diffs.model import Place, Qualifier

VOCABULARY = (
    'killed wounded dead died toll rises to of the and , . ; : ( ) " - 12 3,400 forty two dozen dozens no one people soldiers '
    "children including them among at least more than up about between from since 2014 police said according that who which "
    "were was is are have been may would feared missing injured bodies deaths casualties hostages homeless trapped left a an "
    "man in on after if not denied could confirm reports % years km"
)
SOUP = st.lists(st.sampled_from(VOCABULARY.split()), max_size=60).map(" ".join)
TEMPLATES = (
    "The blast killed {} people and left others homeless.",
    "{} soldiers were wounded, the army said.",
    "At least {} villagers are missing after the flood.",
    "Police say {} passengers died when the bus fell, including a driver.",
    "The strike caused the deaths of {} men.",
    "The death toll from the fire rose to {}.",
)
NUMBERS = (
    ("three", 3),
    ("seven", 7),
    ("twelve", 12),
    ("fourteen", 14),
    ("thirty", 30),
    ("forty-two", 42),
    ("ninety", 90),
)
AMOUNT = ("value", "low", "high")
PRINT = ("number_text", "sentence", "start", "end")


def plain(claim, *without):
    return {name: getattr(claim, name) for name in claim.__dataclass_fields__ if name not in without}


@given(st.one_of(st.text(max_size=300), SOUP))
@settings(max_examples=150, deadline=None)
def test_no_text_raises_and_every_span_lies_inside_and_reads_back(text):
    for claim in claims_in_text(text):
        assert text[claim.offset : claim.offset + len(claim.sentence)] == claim.sentence
        assert 0 <= claim.start < claim.end <= len(claim.sentence)
        printed = claim.sentence[claim.start : claim.end]
        assert printed == (claim.number_text if claim.explicit else claim.cue)
        if claim.explicit and whole_number(printed.replace("\u00a0", " ")) is not None:
            assert whole_number(printed.replace("\u00a0", " ")) in {claim.value, claim.low, claim.high}


FOREIGN = {
    "es": "12 3.400 dos mil y o murieron muertos heridos personas , . ; : ( ) no sin ningún según la policía dijo que de los entre ellos "
    "más de 2015 hasta al menos desaparecidos si podrían matar a en años",
    "fr": "12 3\u202f400 deux mille et ou sont morts blessés personnes , . ; : ( ) ne pas aucun selon la police a dit que des dont parmi "
    "plus de 2015 jusqu'à au moins disparus si pourraient tuer à en ans l' d'",
    "de": "12 3.400 zwei tausend und oder starben Tote Verletzte Menschen , . ; : ( ) nicht kein laut der Polizei sagte dass von denen "
    "darunter mehr als 2015 bis zu mindestens vermisst wenn könnten töten in Jahren hätten können",
}


@pytest.mark.parametrize("tag", FOREIGN)
@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_text_in_another_language_raises_and_every_span_reads_back(tag, data):
    soup = st.lists(st.sampled_from(FOREIGN[tag].split(" ")), max_size=60).map(" ".join)
    text = data.draw(st.one_of(st.text(max_size=300), soup))
    for claim in pack_claims(text, Place.BODY, None, tag):
        assert text[claim.offset : claim.offset + len(claim.sentence)] == claim.sentence
        assert claim.sentence[claim.start : claim.end] == claim.number_text


@given(st.lists(st.sampled_from(TEMPLATES), min_size=1, max_size=4), st.integers(2, 900))
@settings(max_examples=40, deadline=None)
def test_an_unrelated_last_paragraph_changes_no_other_claim(templates, number):
    text = "\n\n".join(template.format(number) for template in templates)
    before = claims_in_text(text)

    assert claims_in_text(text + "\n\nThe museum opens on Sunday with a concert of old songs.") == before
    assert claims_in_text(text + "\n\nIn Oslo, nine skiers were hurt, a hotel said.")[:-1] == before


@given(st.sampled_from(TEMPLATES), st.integers(2, 9), st.integers(2, 9), st.sampled_from(string.digits))
@settings(max_examples=60, deadline=None)
def test_one_digit_changes_exactly_its_own_claim(template, first, second, digit):
    text = template.format(f"{first}4") + " Separately, {} miners were trapped."
    old = claims_in_text(text.format(f"{second}7"))
    new = claims_in_text(text.format(f"{second}{digit}"))

    assert old[:-1] == new[:-1]
    assert plain(old[-1], *AMOUNT, *PRINT) == plain(new[-1], *AMOUNT, *PRINT)
    assert new[-1].value == int(f"{second}{digit}")


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize(("word", "number"), NUMBERS)
def test_a_number_in_words_and_in_digits_is_one_claim(template, word, number):
    spelt = [plain(claim, *PRINT) for claim in claims_in_text(template.format(word))]
    printed = [plain(claim, *PRINT) for claim in claims_in_text(template.format(number))]

    assert spelt == printed
    assert any(claim["value"] == number for claim in spelt)


@pytest.mark.parametrize(
    "unit",
    [
        "12 killed ",
        "two killed and ",
        '"(said 12 dead, "(',
        "12, ",
        "including 3 ",
        "toll to 12 ",
        "police: 12 dead: ",
        "KILLED TWELVE ",
        "a man killed ",
    ],
)
def test_time_grows_no_faster_than_the_text(unit):
    """Four times the text takes about four times as long; forgiving, since other processes share the machine."""
    claims_in_text(unit)
    small, large = (min(_seconds(unit * (size // len(unit))) for _ in range(2)) for size in (5_000, 20_000))

    assert large < 10 * small + 0.05


def _seconds(text):
    started = time.process_time()
    claims_in_text(text)
    return time.process_time() - started


def test_zero_is_the_only_number_that_a_claim_of_none_carries():
    (claim,) = claims_in_text("There were no casualties.")

    assert (claim.qualifier, claim.value, claim.low, claim.high) == (Qualifier.ZERO, 0, 0, 0)


def words_of(tag):
    """Return the words of a pack's annotated sentences, number words and punctuation included."""
    path = Path(__file__).parents[1] / "claims_cases" / f"{tag}_dev.txt"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] not in "#-"]
    return sorted({word for line in lines for word in line.split()})


@pytest.mark.parametrize("tag", ["de", "es", "fr"])
def test_no_soup_of_a_packs_words_raises_and_every_span_reads_back(tag):
    @given(st.lists(st.sampled_from(words_of(tag)), max_size=25).map(" ".join))
    @settings(max_examples=150, deadline=None)
    def check(text):
        for claim in pack_claims(text, Place.BODY, None, tag):
            assert text[claim.offset : claim.offset + len(claim.sentence)] == claim.sentence
            assert not claim.explicit or claim.sentence[claim.start : claim.end] == claim.number_text

    check()
