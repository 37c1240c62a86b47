"""The packs of other languages: one sentence of our own for each kind of miss that strangers' sentences showed."""

import pytest

from diffs.claims import claims_in_text


def read(text, tag):
    """Return kind, value and scope of a text's claims."""
    return {(str(c.kind), c.value, str(c.scope)) for c in claims_in_text(text, tag)}


@pytest.mark.parametrize(
    ("tag", "text", "wanted"),
    [
        ("es", "Doce vecinos tuvieron que ser desalojados.", {("displaced", 12, "event")}),
        ("es", "Cuatro chicos, de 15, 16 y 18 años, murieron en la carretera.", {("killed", 4, "event")}),
        ("es", "Hallan sin vida a los dos buzos desaparecidos.", {("killed", 2, "event")}),
        ("es", "Tres de los heridos son extranjeros.", {("wounded", 3, "subset")}),
        ("es", "El fuego dejó a otros 9 con quemaduras.", {("wounded", 9, "event")}),
        ("de", "Zwei weitere kamen ins Krankenhaus, sieben Menschen wurden verletzt.", {("wounded", 2, "event"), ("wounded", 7, "event")}),
        ("de", "Die drei vermissten Taucher wurden tot geborgen.", {("killed", 3, "event")}),
        ("de", "Die Zahl der Erdbeben-Toten steigt auf 61.", {("killed", 61, "event")}),
        ("de", "Vier Wanderer gelten als vermisst.", {("missing", 4, "event")}),
        ("de", "Vier Jungen im Alter von 15, 16 und 18 Jahren sind ums Leben gekommen.", {("killed", 4, "event")}),
        ("de", "Unter den Verletzten sind drei Kinder.", {("wounded", 3, "subset")}),
        ("fr", "Quatre jeunes de 15, 16 et 18 ans sont morts.", {("killed", 4, "event")}),
        ("fr", "Une vingtaine d'habitants ont dû quitter leur logement.", {("displaced", 20, "event")}),
    ],
)  # fmt: skip
def test_a_kind_once_missed_is_read(tag, text, wanted):
    assert read(text, tag) == wanted


@pytest.mark.parametrize(
    ("tag", "text", "source"),
    [
        ("es", "La alcaldía eleva a 40 los muertos.", "La alcaldía"),
        ("de", "Nach Behördenangaben starben neun Menschen.", "Behördenangaben"),
        ("de", "Laut Krankenhausangaben starben neun Menschen.", "Krankenhausangaben"),
    ],
)
def test_a_source_that_only_counts_or_is_one_word_is_named(tag, text, source):
    assert {c.attribution for c in claims_in_text(text, tag)} == {source}


def test_what_raises_a_toll_and_is_no_office_is_no_source():
    assert {c.attribution for c in claims_in_text("La explosión eleva a 40 los muertos.", "es")} == {None}


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("es", "La novela narra el asesinato de nueve monjas."),
        ("es", "Tres osos murieron atropellados."),
        ("es", "El casco evitó 300 muertes, según la clínica."),
        ("es", "Dieron por muerto al piloto en dos ocasiones."),
        ("es", "Se vendieron 8 cuadros del escultor fallecido en 1971."),
        ("de", "Der Krimi handelt von drei Morden an Gärtnern."),
        ("de", "Es mussten 800 Enten getötet werden."),
        ("de", "Die 24 Spieler, die nach Oslo reisen, stehen fest."),
        ("de", "An dem Lauf nahmen 900 Menschen teil."),
        ("de", "Acht Bilder des 1971 verstorbenen Bildhauers hängen im Rathaus."),
        ("fr", "Le feuilleton raconte le meurtre de deux notaires."),
        ("fr", "Trois sangliers ont été tués par des chasseurs."),
        ("fr", "Le casque a évité 300 décès, selon la clinique."),
        ("fr", "Il menaçait de tuer six otages."),
    ],
)
def test_no_toll_is_made_of_beasts_books_or_what_did_not_happen(tag, text):
    assert read(text, tag) == set()


@pytest.mark.parametrize(
    ("tag", "text", "wanted"),
    [
        ("es", "Cuatro vecinos habrían fallecido.", {("killed", 4, "event")}),
        ("es", "El humo obligó a desalojar a 80 personas.", {("displaced", 80, "event")}),
        ("es", "Localizaron los cadáveres de los dos alpinistas.", {("killed", 2, "event")}),
        ("de", "Taucher fanden die Leichen der zwei Segler.", {("killed", 2, "event")}),
        ("de", "Das Amt meldete 90 Cholera-Tote.", {("killed", 90, "cumulative")}),
        ("de", "Der Mannschaft fehlen drei verletzte Spieler.", set()),
    ],
)
def test_the_dead_of_a_compound_and_the_bodies_of_a_known_count_are_read(tag, text, wanted):
    assert read(text, tag) == wanted
