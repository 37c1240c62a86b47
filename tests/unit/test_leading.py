"""The toll that leads an article: that of its own event, and none that an anniversary, a trial or a profile recalls."""

from pathlib import Path

import pytest

from diffs.claims import leading_claims
from diffs.model import Article

CASES = Path(__file__).parents[1] / "claims_cases"
SETS = ("leading.txt", "leading_desks.txt", "leading_packs.txt")


def articles():
    """Return (kind, headline, paragraphs, figures that lead) for each annotated article."""
    found = []
    for line in "\n".join((CASES / name).read_text(encoding="utf-8") for name in SETS).splitlines():
        if line.startswith("## "):
            found.append([line[3:], "", [], set()])
        elif line.startswith("= "):
            found[-1][1] = line[2:]
        elif line.startswith("> "):
            if line != "> none":
                found[-1][3] = {tuple(figure.strip().split(" ", 2)) for figure in line[2:].split(";")}
        elif line and not line.startswith("#"):
            found[-1][2].append(line)
    return found


def test_the_articles_are_of_many_kinds():
    kinds = [kind for kind, *_ in articles()]
    assert len(set(kinds)) == len(kinds) >= 35
    assert sum(not wanted for *_, wanted in articles()) >= 8


@pytest.mark.parametrize(
    ("headline", "paragraphs", "wanted"),
    [each[1:] for each in articles()],
    ids=[each[0] for each in articles()],
)
def test_an_article_leads_with_its_own_toll_and_no_other(headline, paragraphs, wanted):
    leading = leading_claims(Article.from_text(headline, *paragraphs))
    assert {
        (str(claim.kind), str(claim.value), *([claim.attribution] if claim.attribution else []))
        for claim in leading
    } == wanted
