"""Counts of a pack whose fate another word of the sentence tells, and words that only seem to tell one; both directions of each law."""

import pytest

from diffs.claims import claims_in_text


def read(text, tag):
    """Return kind and value of a text's printed claims."""
    return [(str(c.kind), c.value) for c in claims_in_text(text, tag) if c.explicit]


@pytest.mark.parametrize(
    ("tag", "text", "wanted"),
    [
        # Nobody of a whole survived, or they did not.
        ("de", "Zwölf Passagiere überlebten den Absturz nicht.", [("killed", 12)]),
        ("de", "Keiner der zwölf Insassen überlebte.", [("killed", 12)]),
        ("es", "Ninguno de los nueve tripulantes sobrevivió.", [("killed", 9)]),
        ("es", "Doce personas no sobrevivieron al accidente.", [("killed", 12)]),
        ("fr", "Aucun des douze occupants n'a survécu.", [("killed", 12)]),
        ("fr", "Trois personnes n'ont pas survécu.", [("killed", 3)]),
        # A total takes its kind from the count before it, a confirmed number from the noun.
        ("es", "Hallaron cuatro cuerpos, lo que eleva el total a 68.", [("killed", 4), ("killed", 68)]),
        ("fr", "Deux blessés sont morts, portant le bilan à 68.", [("killed", 2), ("killed", 68)]),
        ("de", "Weitere Tote werden befürchtet, 12 wurden bestätigt.", [("killed", 12)]),
        # A verb in the singular agrees with the first of two; a headline leaves its verb out; two participles are joined.
        ("es", "Muere una mujer y dos niños en un incendio", [("killed", 2)]),
        ("de", "Es starben eine Frau und zwei Kinder.", [("killed", 2)]),
        ("es", "Un guarda y tres vecinos, heridos en una explosión en Alba", [("wounded", 3)]),
        ("de", "Drei Radfahrer von Lastwagen erfasst und getötet", [("killed", 3)]),
        ("de", "Bewaffnete verschleppten in der Nacht 14 Dorfbewohner.", [("captured", 14)]),
        ("de", "In der Menge wurden 50 Pilger zu Tode getrampelt.", [("killed", 50)]),
        ("fr", "L'armée a neutralisé 18 combattants.", [("killed", 18)]),
        ("de", "Piraten halten elf Seeleute des Tankers seit drei Wochen fest.", [("captured", 11)]),
        ("es", "Tres bomberos sufrieron intoxicación por humo.", [("wounded", 3)]),
        ("es", "Cinco mineros siguen bajo tierra tras el derrumbe.", [("trapped", 5)]),
        ("fr", "Après la crue, 900 habitants ont passé la nuit dans un gymnase.", [("displaced", 900)]),
        ("fr", "Le maire a ramené le bilan de 41 à 38 morts.", [("killed", 41), ("killed", 38)]),
        ("fr", "La neige a bloqué 300 automobilistes.", [("trapped", 300)]),
        ("de", "In der Gondel saßen 40 Gäste fest.", [("trapped", 40)]),
        ("es", "No hay supervivientes entre los 14 ocupantes.", [("killed", 14)]),
        ("de", "Es gibt keine Überlebenden unter den 14 Insassen.", [("killed", 14)]),
        ("fr", "Aucun survivant parmi les 14 passagers.", [("killed", 14)]),
        ("es", "Doce vecinos murieron de hambre.", [("killed", 12)]),
        ("es", "Un choque en el club dejó seis lesionados.", [("wounded", 6)]),
        ("de", "Bei den Kämpfen fielen am Damm 17 ihrer Männer.", [("killed", 17)]),
        ("es", "Hombres armados privaron de la libertad a ocho jornaleros.", [("captured", 8)]),
        ("de", "Die Feuerwehr befreite drei eingeklemmte Personen.", [("trapped", 3)]),
        ("es", "Los bomberos liberaron a tres personas atrapadas.", [("trapped", 3)]),
        ("es", "Buscan a dos turistas arrastrados por una ola.", [("missing", 2)]),
        ("es", "El terremoto dejó sin casa a 3.000 familias.", [("displaced", 3000)]),
        ("es", "Unas 900 personas cruzaron el río para huir de los combates.", [("displaced", 900)]),
        ("fr", "Le séisme a jeté 3 000 familles à la rue.", [("displaced", 3000)]),
        ("de", "Die Behörden brachten 6000 Anwohner in Sicherheit.", [("displaced", 6000)]),
        ("de", "450 Schüler mussten wegen eines Lecks das Gebäude verlassen.", [("displaced", 450)]),
        ("de", "Zwölf Tote in der Serie von Anschlägen", [("killed", 12)]),
        ("fr", "Le scandale du sirop a fait 12 morts.", [("killed", 12)]),
        ("es", "Los rebeldes dicen haber capturado a 17 soldados.", [("captured", 17)]),
        ("es", "Los comuneros retuvieron a ocho ingenieros.", [("captured", 8)]),
        ("es", "Los once muertos de la serie de atentados", [("killed", 11)]),
        # Accidents of a team, missing people, refugees in tents.
        ("de", "Fünf Menschen aus dem Team sind bei einem Busunfall verletzt worden.", [("wounded", 5)]),
        ("fr", "Trois personnes de l'équipe de secours ont été blessées.", [("wounded", 3)]),
        ("de", "Nach der Lawine fehlen noch drei Tourengänger.", [("missing", 3)]),
        ("de", "60 Flüchtlinge leben in Zelten an der Grenze.", [("displaced", 60)]),
        ("es", "En la serie de ataques murieron seis monjes.", [("killed", 6)]),
    ],
)
def test_a_count_is_read_by_what_tells_its_fate(tag, text, wanted):
    assert read(text, tag) == wanted


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("de", "Zwölf Passagiere überlebten den Absturz."),
        ("de", "Zwölf Firmen überlebten die Krise nicht."),
        ("es", "Doce personas sobrevivieron al accidente."),
        ("de", "Keiner der 22 Minister überlebte die Umbildung."),
        ("de", "Es stimmt nicht, dass keiner der 22 Insassen überlebte."),
        ("es", "Ninguna de las 22 empresas sobrevivió a la crisis."),
        ("es", "Ninguno de los 22 candidatos sobrevivió a la primera vuelta."),
        ("fr", "Aucun des 22 ministres n'a survécu au remaniement."),
        ("fr", "Si aucun des 22 passagers n'a survécu, ce sera le pire naufrage."),
        ("es", "En la novela, ninguno de los 22 pasajeros sobrevive."),
        ("fr", "Il est faux qu'aucun des 22 passagers n'ait survécu."),
        ("fr", "Trois personnes ont survécu."),
        ("fr", "La quête porte le total à 68 000 euros."),
        ("de", "Im Fall der Toten wurden 12 Zeugen bestätigt."),
        ("es", "Un guarda y dos defensas, lesionados en el entrenamiento."),
        ("es", "Tres personas del equipo están lesionadas."),
        ("de", "Fünf Menschen im Kader sind verletzt."),
        ("fr", "Trois personnes de l'effectif sont blessées avant le match."),
        ("fr", "Le club devra composer avec quatre blessés dimanche."),
        ("de", "Nach dem Brand fehlen der Klinik 40 Ärzte."),
        ("de", "Nach dem Sturm fehlen 300 Lehrer."),
        ("de", "60 Flüchtlinge aus Syrien ziehen in die alte Schule."),
        ("de", "Im neuen Tatort gibt es vier Tote."),
        ("es", "En su nueva novela mueren seis monjes."),
        ("fr", "Dans son nouveau polar, trois notaires meurent."),
        ("de", "Beim Konzert wurden 300 Zuschauer zu Tode gelangweilt."),
        ("de", "Die Richter halten an drei Grundsätzen fest."),
        ("de", "Piraten halten Wort, elf Mitglieder feiern."),
        ("fr", "Les 900 élèves ont passé la nuit au château."),
        ("de", "Im Stau saßen 400 Autofahrer fest."),
        ("es", "El paro dejó atrapados a 300 pasajeros en el tráfico."),
        ("fr", "Les bouchons ont bloqué 300 automobilistes."),
        ("de", "Die Feuerwehr probte die Rettung von 30 Eingeschlossenen."),
        ("es", "Los bomberos ensayaron el rescate de 30 heridos."),
        ("fr", "Les pompiers ont répété le sauvetage de 30 blessés."),
        ("fr", "Le jeu a éliminé 14 candidats."),
        ("es", "Doce hinchas murieron de risa."),
        ("de", "Zwölf Gäste starben vor Lachen."),
        ("fr", "Douze élèves sont morts de rire."),
        ("de", "Der Verein muss auf fünf Verletzte verzichten."),
        ("es", "El club tiene seis lesionados y tres en duda."),
        ("fr", "Le sélectionneur doit se passer de trois blessés."),
        ("de", "Drei Überlebende unter den 14 Insassen"),
        ("es", "El Alba recupera a cuatro lesionados para la final."),
        ("fr", "Le club récupère quatre blessés pour la finale."),
        ("de", "In Minute 93 ihrer besten Partie starb die Hoffnung."),
        ("es", "La policía busca a dos hombres por el robo."),
        ("es", "El club busca a dos jugadores."),
        ("de", "Die Firma brachte 6000 Käufer um ihr Geld."),
        ("fr", "Il a jeté 30 passants dans la confusion."),
        ("de", "Sanitäter übten an 20 geschminkten Verletzten."),
        ("es", "Los sanitarios practicaron con 20 heridos maquillados."),
        ("fr", "Des secouristes s'exercent sur 20 blessés maquillés."),
        ("de", "Die Feuerwehr übte am Samstag mit 40 Verletzten."),
        ("de", "900 Opfer des Pensionsskandals klagen."),
        ("de", "Zwölf Tote in der Serie: eine Kritik"),
        ("fr", "Les 900 victimes du scandale des retraites portent plainte."),
        ("es", "Los once muertos de la novela son banqueros."),
        ("fr", "Les onze morts du roman sont banquiers."),
        ("de", "Die elf Toten des Romans sind Bankiers."),
        ("es", "La policía incautó 40 armas y retuvo a 22 hombres."),
        ("es", "La policía capturó a 14 presos fugados."),
        ("fr", "Le chef a neutralisé 18 amendements."),
    ],
)
def test_survivors_players_staff_and_plots_are_no_victims(tag, text):
    assert read(text, tag) == []


def test_a_period_ends_with_its_paragraph():
    text = "En lo que va de año hubo 40 incendios. En Alba murieron tres personas.\n\nDos bomberos murieron en Brisa."

    assert [str(c.scope) for c in claims_in_text(text, "es")] == ["cumulative", "event"]


def test_a_confirmed_count_has_no_part_in_the_fear_of_more():
    (claim,) = claims_in_text("Weitere Tote werden befürchtet, 12 wurden bestätigt.", "de")

    assert claim.hedge is None
