"""What keeps a pack from inventing a toll: agreement, objects, names with numbers, years, fiction, sport; one sentence of our own a law."""

import pytest

from diffs.claims import claims_in, claims_in_text, leading_claims
from diffs.claims.packs.sport import is_sport
from diffs.model import Article, Scope


def read(text, tag):
    """Return kind and value of a text's printed claims."""
    return {(str(c.kind), c.value) for c in claims_in_text(text, tag) if c.explicit}


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        # A number in a name, a score, a minute, a date.
        ("de", "Motorradfahrer stirbt auf der A 14"),
        ("de", "Austria stirbt in Minute 91 den Heldentod"),
        ("de", "Schon 1996 waren hier 300 Jobs gestorben, sagte der Betriebsrat."),
        ("de", "Warum die 3er-Reihe tot ist"),
        ("de", "Am 7. Tag starb die Hoffnung."),
        ("es", "Racing mató la ilusión con un tanto a los 90+5."),
        ("fr", "Le PSG meurt à la 90+2."),
        # A verb in the singular has no plural subject.
        ("es", "Los 300 empleados de la planta donde falleció el fundador"),
        ("fr", "Les 60 musiciens de l'orchestre où meurt le chef"),
        # The object is marked, or stands right behind its verb.
        ("es", "El estreno mató en Netflix: 9 millones en cuatro noches"),
        ("fr", "La promo tue les prix : 40 paires de chaussures"),
        # A second verb has a number of its own.
        ("es", "La plaza de los Muertos reunió a 9.000 vecinos."),
        # Things go missing too.
        ("fr", "Plus de 90 commerces ont disparu en dix ans."),
        ("fr", "Quatre wagons sont ensevelis sous la neige."),
        ("es", "Desaparecen 300 fardos del puerto"),
        ("de", "In den Spitälern fehlen 700 Pflegekräfte."),
        ("de", "Rund 90 Einfamilienhäuser wurden evakuiert."),
        # An infinitive behind a preposition tells of no death.
        ("fr", "Elles sont 30 à mourir d'impatience."),
        # A share is no count.
        ("fr", "Un décès sur trois est évitable."),
        ("fr", "Soixante pour cent des blessés sont sortis de l'hôpital."),
        ("es", "El cuarenta por ciento de los heridos eran ciclistas."),
        # What the number counts are blows, riders of a bus that crashed, beasts, or a wound.
        ("de", "Er hatte sie mit 17 Messerstichen getötet."),
        ("de", "Bus mit 20 Kindern verunglückt"),
        ("es", "De sus 14 crías viven tres; dos murieron atropelladas."),
        ("es", "Sufrimos una herida profunda, dijo la candidata."),
        # Victims of a fraud, a match or a leak; people who once fled; a forecast; a drill; a share.
        ("de", "Zwei Opfer eines Enkeltricks verlieren 60.000 Franken."),
        ("es", "Las 30 víctimas de la estafa reclaman 3 millones."),
        ("fr", "Arnaque : 400 victimes, 6 millions envolés"),
        ("de", "60 Flüchtlinge ziehen in die alte Mühle."),
        ("fr", "120 réfugiés accueillis au château"),
        ("es", "Tráfico prevé 12 fallecidos este puente."),
        ("es", "Simulan un naufragio con 60 desaparecidos."),
        ("de", "Opferzahlen: Jede 4. Frau betroffen"),
        # Lives of a cat, time that is killed, things that are named behind a colon.
        ("fr", "Les 7 vies du chat Caramel"),
        ("fr", "Il tue le temps en 12 leçons."),
        ("fr", "Les disparus de la photo : 3 clichés retrouvés"),
        # Wounds, and a colon that ends the clause.
        ("fr", "Douze blessures pour un seul capitaine"),
        ("fr", "À mourir de rire : nos 10 comédies"),
        ("fr", "Les six cafés disparus de Lyon"),
        ("es", "Los desaparecidos cafés de Lima: un paseo por 6"),
        # Fiction.
        ("de", "Der Krimiabend mit 17 Leichen ist ausverkauft."),
        ("es", "La comedia con 5 muertos vuelve al Teatro Nacional."),
        ("de", '"Sieben kleine Tote" feiert in Linz Premiere.'),
        ("es", "Los robots matan a 40 en el nuevo videojuego."),
        # An idiom, and a cue without the verb that it needs.
        ("de", "Vier tote Winkel an der Kreuzung"),
        ("de", "Siebzig Prozent der 900 Befragten fürchten den Tod nicht."),
        ("de", "Die 60 Euro, die das Trikot kostet, sind vielen zu viel."),
        ("es", "La empresa cobró a 300 usuarios dos veces."),
        ("es", "El barrio queda herido de muerte con 12 locales menos."),
        ("fr", "Deux temps morts plus tard, Dijon mène 31 à 20."),
        # Behind a place without a noun.
        ("de", "Die Partei ist in 12 Bezirken schwach und in 3 tot."),
        # The number belongs to another noun, or to a whole.
        ("de", "Mit dem Tod der letzten von 14 Schwestern endet ein Kapitel."),
        # Set free.
        ("de", "Zwei der vier Entführten kamen nach einem Jahr frei."),
        ("fr", "Trois otages italiens détenus depuis un an au Niger ont été libérés."),
        ("de", "Die Polizei hat drei Männer festgehalten."),
        ("es", "El equipo recupera a sus tres lesionados."),
        ("fr", "Reims : quatre joueurs bloqués à l'aéroport avant le match"),
        # Players.
        ("es", "El plantel viaja con 6 lesionados."),
        ("fr", "Neuf blessés à l'infirmerie avant le derby"),
        ("de", "Der Bundesliga-Zweite meldet fünf Verletzte."),
    ],
)
def test_what_looks_like_a_toll_and_is_none(tag, text):
    assert read(text, tag) == set()


@pytest.mark.parametrize(
    ("tag", "text", "wanted"),
    [
        ("es", "Mataron ayer en Tumaco a siete pescadores.", {("killed", 7)}),
        ("es", "Mantienen cautivos a 16 maestros.", {("captured", 16)}),
        ("es", "Los guerrilleros han herido a 14 soldados.", {("wounded", 14)}),
        ("es", "Una decena de personas murió en el choque.", {("killed", 10)}),
        ("es", "Ninguno de los 80 viajeros resultó herido.", {("wounded", 0)}),
        ("es", "El huracán causó 1,345 muertos.", {("killed", 1345)}),
        ("es", "Más de 2,500 personas fueron evacuadas.", {("displaced", 2500)}),
        ("es", "El agua cobró la vida de tres ancianas.", {("killed", 3)}),
        ("fr", "La coulée a coûté la vie à six bûcherons.", {("killed", 6)}),
        ("fr", "Huit membres d'équipage sont portés disparus.", {("missing", 8)}),
        ("de", "Polizisten erschossen in der Nacht zwei Räuber.", {("killed", 2)}),
        ("de", "Wir gedenken der fünf Kollegen, die gestern gestorben sind.", {("killed", 5)}),
        ("es", "Fallecen asfixiados cinco obreros.", {("killed", 5)}),
        ("es", "Dos niñas desaparecidas en Tena fueron halladas muertas.", {("killed", 2)}),
        ("es", "Un millón y medio de personas han huido de sus casas.", {("displaced", 1500000)}),
        ("fr", "Sur les 45 passagers, 31 ont péri.", {("killed", 31)}),
        ("fr", "Des hommes retiennent en otage onze agents.", {("captured", 11)}),
        ("de", "Ein Boot mit 70 Gästen kenterte, 54 werden vermisst.", {("missing", 54)}),
        ("de", "Die Gemeinde evakuiert 90 Bewohner.", {("displaced", 90)}),
        ("de", "Neun Pilger fanden in der Schlucht den Tod.", {("killed", 9)}),
        ("de", "Anderthalb Millionen Menschen sind geflohen.", {("displaced", 1500000)}),
        ("fr", "Le crash du vol a fait 40 victimes.", {("casualties", 40)}),
        ("fr", "La tempête a fauché quatre vies.", {("killed", 4)}),
        ("es", "Se trata de 12 víctimas del derrumbe.", {("casualties", 12)}),
        ("es", "Se ignora la suerte de nueve marineros.", {("missing", 9)}),
        ("es", "Permanecen sepultados 13 mineros en Boyacá.", {("trapped", 13)}),
        ("es", "Ocho maestros secuestrados por la banda fueron hallados muertos.", {("killed", 8)}),
        ("es", "Dos rehenes heridos en el asalto", {("wounded", 2)}),
        ("es", "Doce familias perdieron sus casas.", {("displaced", 12)}),
        ("fr", "Les combats ont poussé 14 000 civils à fuir.", {("displaced", 14000)}),
        ("fr", "Des pirates détiennent neuf marins.", {("captured", 9)}),
        ("fr", "Disparition de deux fillettes : un appel à témoins", {("missing", 2)}),
        ("de", "Von vier Hirten fehlt jedes Lebenszeichen.", {("missing", 4)}),
        ("de", "Acht Fahrer werden von der Miliz festgehalten.", {("captured", 8)}),
        ("de", "Die Zahl der Binnenvertriebenen stieg auf 7,3 Millionen.", {("displaced", 7300000)}),
        ("de", "Im Jahr 2004 starben dort 30 Menschen.", {("killed", 30)}),
        ("de", "2000 Tote nach dem Beben", {("killed", 2000)}),
    ],
)
def test_a_law_costs_no_toll(tag, text, wanted):
    assert read(text, tag) == wanted


@pytest.mark.parametrize(
    ("tag", "text", "source"),
    [
        ("es", "El consorcio admite cuatro muertos.", "El consorcio"),
        ("es", "La Contraloría, que dirige Ana Paz, reconoce siete fallecidos.", None),
        ("es", "Los socorristas dan cuenta de 22 heridos.", "Los socorristas"),
        ("es", "El gobernador, Luis Mora, cifró en 12 los muertos.", "El gobernador, Luis Mora"),
        ("fr", "La préfecture fait état de onze blessés.", "La préfecture"),
        ("fr", "Neuf personnes ont péri, a fait savoir la mairie.", "la mairie"),
        ("fr", "Neuf personnes ont péri, selon un bilan transmis vendredi.", None),
        ("fr", "Neuf personnes ont péri, selon un bilan communiqué vendredi par le préfet.", "le préfet"),
        ("fr", "Le dernier bilan fait état de neuf morts.", None),
        ("fr", "Disparition de deux fillettes : un appel à témoins", None),
        ("es", "El edil de Cali, Luis Mora, confirmó nueve heridos.", "El edil de Cali, Luis Mora"),
        ("de", "Nach syrischen Angaben wurden neun Menschen getötet.", "syrischen Angaben"),
        ("de", "Nach ersten Angaben wurden neun Menschen getötet.", None),
        ("de", "Das Hygiene-Institut registrierte neun Tote.", "Das Hygiene-Institut"),
        ("de", "Die Behörden gehen davon aus, dass 30 Menschen ertrunken sind.", "Die Behörden"),
        ("de", "Landespolizeidirektion: Neun Tote nach Lawine", "Landespolizeidirektion"),
        ("de", "Der Landrat, Karl Ott, sprach von neun Toten.", "Der Landrat, Karl Ott"),
        ("de", "Die Zahl der bestätigten Toten stieg auf neun.", None),
    ],
)
def test_a_source_is_who_says_it(tag, text, source):
    assert {claim.attribution for claim in claims_in_text(text, tag)} == {source}


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("de", "Bei dem Anschlag vom September 1981 kamen neun Menschen ums Leben."),
        ("de", "1958 stürzte hier ein Flugzeug ab. Neun Menschen kamen ums Leben."),
        ("es", "El 4 de mayo de 1979 ardió el hotel. Murieron 22 huéspedes."),
        ("es", "El balance anterior era de 22 muertos."),
        ("fr", "Le 12 mars 1988, les gaz avaient tué 40 mineurs."),
        ("fr", "Le précédent bilan faisait état de six morts."),
    ],
)
def test_a_year_or_an_earlier_count_makes_an_older_figure(tag, text):
    assert {claim.scope for claim in claims_in_text(text, tag)} == {Scope.BACKGROUND}


def test_the_day_of_a_later_sentence_ends_the_older_event():
    _, new = claims_in_text(
        "1958 starben hier neun Menschen. Am Montag kamen zwei Arbeiter ums Leben.", language="de"
    )
    assert (new.value, new.scope) == (2, Scope.EVENT)


def test_the_injured_of_a_team_are_no_victims_but_those_of_the_stands_are():
    report = Article.from_text(
        "Debakel in der zweiten Halbzeit: Drei Verletzte",
        "Der Trainer der Elf sah im Stadion ein 0:4. Dem Kader fehlen nun sechs Verletzte.",
        "Nach der Partie wurden vier Fans verletzt, teilte die Polizei mit.",
    )
    assert [claim.value for claim in leading_claims(report)] == [4]
    crush = Article.from_text(
        "Stampede nach dem Spiel: Neun Tote, 60 Verletzte",
        "Nach dem Sieg im Pokal kam es im Stadion vor dem Tor zu einer Panik. Neun Menschen starben.",
    )
    assert is_sport("Der Sieg im Pokal, das Tor, der Trainer", "de")
    assert {(str(claim.kind), claim.value) for claim in claims_in(crush)} == {("killed", 9), ("wounded", 60)}


def test_a_period_goes_on_until_a_day_or_a_year_is_named():
    text = "Im ersten Halbjahr starben hier 13 Menschen. 190 wurden verletzt. Am Montag kam es zu zwei Toten."
    assert [str(claim.scope) for claim in claims_in_text(text, "de")] == ["cumulative", "cumulative", "event"]
    text = "En el primer semestre murieron 13 personas. Hubo 190 heridos. El lunes murieron dos mujeres."
    assert [str(claim.scope) for claim in claims_in_text(text, "es")] == ["cumulative", "cumulative", "event"]


def test_a_part_of_the_dead_needs_no_count_of_theirs():
    (part,) = claims_in_text("Neuf des tués circulaient à moto.", "fr")
    assert (part.value, part.scope) == (9, Scope.SUBSET)
