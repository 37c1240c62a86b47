"""In which language a text is read: words decide, English is never refused, and others yield no claim."""

from pathlib import Path

import pytest

from diffs.claims import claims_in, claims_in_text
from diffs.language import PACKS, language_shown, pack_for
from diffs.model import Article

FOREIGN = {
    "de": [
        "120 Soldaten, die angereist waren, wurden am Montag empfangen.",
        "Warum die 15 Staaten zögern",
        "Die 365 Tage, die er im Amt war, sind gezählt.",
        "Mindestens zwölf Menschen starben bei dem Brand in einem Wohnhaus.",
        "DIE 40 VERLETZTEN SIND AUF DEM WEG NACH HAUSE",
    ],
    "fr": [
        "Au moins douze morts dans l'effondrement d'un immeuble",
        "Le bilan est passé à 14 morts, selon la police.",
    ],
    "es": [
        "Al menos doce muertos tras el derrumbe de un edificio",
        "La policía dijo que murieron 14 personas.",
    ],
    "it": ["Almeno dodici morti nel crollo di un palazzo", "La polizia ha detto che i feriti sono 14."],
    "pt": ["Pelo menos doze mortos em desabamento de prédio", "A polícia disse que 14 pessoas morreram."],
    "nl": ["Zeker twaalf doden bij brand in een flat", "De politie zegt dat er 14 mensen zijn omgekomen."],
    "pl": ["W pożarze zginęło co najmniej 12 osób", "Policja podała, że rannych jest 14 osób."],
    "tr": ["Yangında en az 12 kişi öldü", "Polis, yaralı sayısının 14 olduğunu söyledi ve uyardı."],
    "id": ["Sedikitnya 12 orang tewas dalam kebakaran", "Polisi mengatakan 14 orang terluka dan dirawat."],
    "vi": ["Ít nhất 12 người chết trong vụ cháy"],
    "ro": ["Cel puțin 12 morți după un incendiu la un bloc"],
    "ru": ["При пожаре погибли не менее 12 человек"],
    "ar": ["مقتل 12 شخصا على الأقل في حريق"],
    "he": ["לפחות 12 הרוגים בשריפה בבניין"],
    "zh": ["火灾造成至少十二人死亡，另有四人受伤住院"],
}
ENGLISH = [
    "3 die in crash near Los Altos de la Cruz",
    "Von der Leyen: 10 die in Mainz",
    "Ursula von der Leyen said 12 people were killed.",
    "U.S.-Led Strike May Have Hit Troops; Russia Says 62 Dead",
    "Juárez: 12 killed in El Paso de la Cruz bombing, officials say",
    "The mayor of São Paulo, João da Silva, said at least 12 were killed.",
]


@pytest.mark.parametrize("tag", FOREIGN)
def test_a_language_without_a_pack_yields_no_claim(tag):
    for text in FOREIGN[tag]:
        assert language_shown(text) == tag, text
        if tag in PACKS:
            continue
        assert claims_in_text(text) == (), text
        assert claims_in(Article.from_text(text, text)) == (), text


@pytest.mark.parametrize("text", ENGLISH)
def test_a_foreign_name_does_not_make_a_sentence_foreign(text):
    assert language_shown(text) in ("en", None)
    assert [claim.kind for claim in claims_in_text(text)] == ["killed"]


def test_what_is_too_short_to_tell_is_english():
    assert pack_for("12 dead") == "en"
    assert [claim.value for claim in claims_in_text("12 dead")] == [12]


def test_a_declared_language_decides_unless_the_words_contradict_it():
    assert pack_for("12 dead", "sv") is None
    assert claims_in_text("12 dead", language="sv-SE") == ()
    english = "The ministry said that at least 12 people were killed by the flood."
    assert pack_for(english, "de") == "en"
    assert [claim.low for claim in claims_in_text(english, language="de")] == [12]
    assert pack_for(FOREIGN["nl"][1], "en-GB") is None
    assert pack_for(FOREIGN["de"][3], "en-GB") == "de"


def test_a_paragraph_of_another_language_in_an_english_article_is_passed_over():
    article = Article.from_text(
        "Twelve Killed in Fire",
        "At least 12 people were killed by the fire, the ministry said.",
        "“Die 120 Soldaten, die geholfen haben, sind nicht zu ersetzen”, schrieb der Bürgermeister.",
    )
    assert {claim.value for claim in claims_in(article)} == {12}


@pytest.mark.parametrize(("name", "number"), [("other_languages.txt", 300), ("other_languages_kin.txt", 147)])
def test_sentences_of_languages_without_a_pack_yield_no_claim(name, number):
    path = Path(__file__).parents[1] / "claims_cases" / name
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    assert len(lines) == number
    read = [line for line in lines if claims_in_text(line.partition("\t")[2])]
    assert read == []


KIN = {
    "pap": "Tres hende a muri y seis a keda herida den un accidente na Oranjestad.",
    "ast": "Tres pescadores muertos nel puertu de Cuideiru",
    "lad": "Kuatro personas fueron matadas i sesh feridas, disho la polisia.",
    "lb": "20 Verletzter bei engem Accident zu Diddeleng",
    "gsw": "Bim Brand z Bärn sy drü Lüt gstorbe und zwöi verletzt worde.",
    "pcm": "Police don tok say nine pesin die for di fire.",
    "jam": "Di doctor seh nine people dead inna di fire.",
    "af": "Die 90 soldate, die meeste uit Durban, is terug.",
}


@pytest.mark.parametrize("tag", KIN)
def test_near_kin_of_a_language_is_not_read_for_it(tag):
    assert language_shown(KIN[tag]) == tag
    assert claims_in_text(KIN[tag]) == ()


def test_near_kin_that_a_page_declares_is_not_read_whatever_its_words_show():
    spanish = "Murieron doce personas tras el choque de dos autobuses, según la policía."
    assert pack_for(spanish, "es") == "es"
    for declared in ("pap", "ast", "gl-ES"):
        assert claims_in_text(spanish, declared) == ()
    article = Article(headline=None, language="lb", blocks=Article.from_text(None, FOREIGN["de"][3]).blocks)
    assert claims_in(article) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Die Kanzlerin schickt 900 Soldaten an die Grenze.",
        "Bern: 4000 Franken für die Familien",
        "30 Millionen Franken erhalten die Hinterbliebenen.",
        "Die 90 gekündigten Arbeiter besetzen die Halle",
        "300 Lehrer, die streiken",
        "Die 40 besten Filme",
        "Die 90 soldate is terug.",
    ],
)
def test_an_article_or_a_pronoun_is_no_english_verb(text):
    assert pack_for(text) != "en"
    assert claims_in_text(text) == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Nine die Sunday in Iowa", 9),
        ("Twelve hikers die May 3 in slide", 12),
        ("Die Zeit: 12 killed in Mainz", 12),
        ("Two brothers, both teachers, die crossing the river", 2),
    ],
)
def test_the_english_verb_stays_one(text, value):
    assert pack_for(text) == "en"
    assert [claim.value for claim in claims_in_text(text)] == [value]
