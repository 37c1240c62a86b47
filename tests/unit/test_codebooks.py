"""How recorders' codebooks count what was said."""

import csv
import re
from datetime import UTC, datetime
from io import StringIO

import pytest
from typer.testing import CliRunner

from crawler.cli.app import app
from crawler.cli.coding import require_csv, with_codes
from crawler.errors import InputError
from diffs.claims import claims_in_text
from diffs.codebooks import CODEBOOKS, codebook_of, coded
from diffs.history import history_of, revisions_in
from diffs.model import Article, Citation, ClaimKind, Observation, Outcome, Qualifier
from diffs.reports import figures_as_they_stood, render_claims_csv


def bounds(text, name):
    [claim] = claims_in_text(text)
    each = coded(claim, codebook_of(name))
    return each.minimum, each.maximum, each.published


@pytest.mark.parametrize(
    ("text", "name", "wanted"),
    [
        ("Dozens of people were killed.", "acled", (12, 12, True)),
        ("Dozens of people were killed.", "airwars", (12, 24, True)),
        ("Dozens of people were injured.", "airwars", (12, 24, True)),
        ("Dozens of people were injured.", "acled", (None, None, True)),
        ("Dozens of people were killed.", "ucdp", (None, None, False)),
        ("Tens of people were killed.", "acled", (10, 10, True)),
        ("Hundreds of people were killed.", "acled", (100, 100, True)),
        ("Several people were killed.", "airwars", (2, 2, True)),
        ("Several people were killed.", "acled", (3, 10, True)),
        ("Between 20 and 30 people were killed.", "acled", (20, 20, True)),
        ("Between 20 and 30 people were killed.", "ucdp", (20, 30, True)),
        ("Between 20 and 30 people were killed.", "ibc", (20, 30, True)),
        ("At least seven people were killed.", "acled", (7, 7, True)),
        ("At least seven people were killed.", "airwars", (7, None, False)),
        ("Some 30 people were killed.", "ibc", (30, 30, False)),
        ("Up to 300 people were killed.", "ucdp", (None, 300, False)),
        ("Nine people were killed.", "airwars", (9, 9, True)),
        ("No one was killed.", "ucdp", (0, 0, True)),
        ("Decenas de personas murieron en el ataque, dijo la policía.", "acled", (10, 10, True)),
    ],
)
def test_a_codebook_gives_its_minimum_and_maximum(text, name, wanted):
    assert bounds(text, name) == wanted


def test_a_rule_that_its_source_did_not_show_says_so():
    [several, dozens] = (
        coded(claim, codebook_of("acled"))
        for text in ("Several people were killed.", "Dozens of people were killed.")
        for claim in claims_in_text(text)
    )
    assert (several.minimum, several.maximum, several.verified) == (3, 10, False)
    assert several.note.startswith("unverified")
    assert dozens.verified


def test_the_claim_itself_keeps_its_own_bounds():
    [claim] = claims_in_text("Dozens of people were killed.")
    coded(claim, codebook_of("airwars"))
    assert (claim.value, claim.low, claim.high) == (None, 24, None)


def test_every_codebook_names_its_source_and_a_rule_for_each_qualifier():
    for name in CODEBOOKS:
        book = codebook_of(name)
        assert book.source
        assert book.dated
        assert ClaimKind.KILLED in book.kinds
        assert set(Qualifier) - {Qualifier.VAGUE} <= set(book.qualifiers)


def test_an_unknown_codebook_is_an_error_that_lists_the_known_ones():
    with pytest.raises(ValueError, match="acled, airwars, ibc, ucdp"):
        codebook_of("nosuch")


def test_coded_figures_stand_in_columns_of_their_own():
    article = Article.from_text("Blast", "Dozens of people were killed, police said.")
    at = datetime(2025, 3, 5, 7, tzinfo=UTC)
    capture = Citation(at=at, url="https://courier.example/blast", archive="wayback", link=None)
    seen = [Observation(capture=capture, outcome=Outcome.FETCHED, fingerprint=article.fingerprint)]
    known = history_of(revisions_in(seen, {article.fingerprint: article}), seen, url=capture.url)
    plain = next(csv.DictReader(StringIO(render_claims_csv(known))))
    [row] = csv.DictReader(StringIO(render_claims_csv(known, "airwars")))
    assert "coded_minimum" not in plain
    assert (row["low"], row["codebook"], row["coded_minimum"], row["coded_maximum"]) == (
        "24",
        "airwars",
        "12",
        "24",
    )
    with pytest.raises(ValueError, match="no codebook"):
        render_claims_csv(known, "nosuch")


def test_a_list_of_figures_shows_a_codebook_in_a_column():
    claims = claims_in_text("Dozens of people were killed. Some 30 were hurt.")
    shown = figures_as_they_stood(claims, codebook="airwars")
    assert "12 to 24" in str(shown)
    assert "30 (as printed)" in str(shown)
    assert "12 to 24" not in str(figures_as_they_stood(claims))


def test_the_command_refuses_an_unknown_codebook_and_a_format_without_a_table():
    runner = CliRunner()
    for verb in ("claims", "report"):
        wrong = runner.invoke(app, [verb, "https://courier.example/blast", "--codebook", "nosuch"])
        assert wrong.exit_code == 2
        assert "acled, airwars, ibc, ucdp" in " ".join(re.sub(r"[│╭╮╰╯─]", " ", wrong.output).split())


def test_coded_figures_are_refused_where_no_table_shows_them():
    with pytest.raises(InputError, match="--format csv"):
        require_csv("airwars", "md")
    require_csv("airwars", "csv")
    require_csv(None, "md")


def test_json_has_the_coded_bounds_next_to_each_claim():
    found = claims_in_text("Dozens of people were killed.")
    [one] = with_codes(found, "airwars")
    assert (one["low"], one["coded"]["minimum"], one["coded"]["maximum"]) == (24, 12, 24)
    assert with_codes(found, None) == found
