"""What another design alone changes: labels, the window's title, what was taken for a standfirst."""

from dataclasses import replace

import pytest

from diffs.changes import changes_between
from diffs.model import Article, ChangeKind, ChangeType, Headlines, Weight

HEADLINE = "Slide above Sorl buries two houses"
REST = [
    "At least 4 people were hurt when a slope gave way above Sorl on Monday, the district said.",
    "The road along the lake is closed between the tunnel and the sawmill.",
    "Surveyors had measured cracks in the terrace in spring, according to the council's minutes.",
]
DECK = "Surveyors had measured cracks in the terrace in spring"
OLD_DESIGN = ("article-body", "page", "story-column")
NEW_DESIGN = ("container", "content-text", "main-story")


def test_a_design_that_names_nothing_is_another_one_than_one_that_names_much() -> None:
    def weights(old: tuple[str, ...], new: tuple[str, ...]) -> set[Weight]:
        before = replace(Article.from_text(HEADLINE, *REST), layout=old)
        after = replace(Article.from_text(HEADLINE, *REST, "The view from the terrace"), layout=new)
        return {change.weight for change in changes_between(before, after)}

    assert weights((*OLD_DESIGN, "story-text"), ()) == {Weight.MINOR}
    assert weights(("main-content",), (*NEW_DESIGN, "story-text")) == {Weight.MINOR}
    assert weights(OLD_DESIGN, ()) == {Weight.SUBSTANTIVE}
    assert weights((), ()) == {Weight.SUBSTANTIVE}


@pytest.mark.parametrize(
    ("old", "new", "weight"),
    [
        (f"Valley Courier: {HEADLINE}", f"{HEADLINE} | Valley Courier", Weight.COSMETIC),
        (f"{HEADLINE} - News", f"News: {HEADLINE}", Weight.COSMETIC),
        (HEADLINE, f"Valley Courier: {HEADLINE}", Weight.COSMETIC),
        (HEADLINE, f"Three missing: {HEADLINE}", Weight.SUBSTANTIVE),
    ],
)
def test_a_window_title_that_moves_the_sites_name_tells_nothing(old: str, new: str, weight: Weight) -> None:
    before, after = (
        replace(
            Article.from_text(HEADLINE, *REST), headlines=Headlines(h1=HEADLINE, title=title), publisher=name
        )
        for title, name in ((old, None), (new, "Valley Courier"))
    )
    assert {change.weight for change in changes_between(before, after)} == {weight}


def test_a_first_paragraph_that_both_print_is_no_standfirst_that_another_one_replaced() -> None:
    before = replace(Article.from_text(HEADLINE, *REST), standfirst=REST[0])
    after = replace(Article.from_text(HEADLINE, *REST), standfirst=DECK)
    found = [one for one in changes_between(before, after) if one.kind is ChangeKind.STANDFIRST]
    assert [one.type for one in found] == [ChangeType.ADDED]


@pytest.mark.parametrize(
    ("language", "plain", "grave"),
    [
        ("de", "Der Blick vom Damm", "Polizei dementiert Erdrutsch"),
        ("es", "La vista desde el dique", "El ejército lo niega"),
        ("fr", "La vue depuis la digue", "Aucune victime"),
        ("nb-NO", "Utsikten fra demningen", "Politiet avviser påstanden"),
        ("ru", "Вид с плотины", "По словам очевидцев"),
        ("tr", "Setten görünüm", "Bakanlık yalanladı"),
    ],
)
def test_a_label_in_another_language_is_minor_where_it_denies_and_cites_nothing(
    language: str, plain: str, grave: str
) -> None:
    def weights(line: str) -> set[Weight]:
        old = replace(Article.from_text(HEADLINE, *REST), layout=OLD_DESIGN, language=language)
        new = replace(Article.from_text(HEADLINE, *REST, line), layout=NEW_DESIGN, language=language)
        return {one.weight for one in changes_between(old, new) if one.kind is ChangeKind.TEXT}

    assert weights(plain) == {Weight.MINOR}
    assert weights(grave) == {Weight.SUBSTANTIVE}


def test_words_pulled_out_of_a_quotation_tell_nothing_and_new_or_counted_ones_do() -> None:
    body = "“The slope had moved a hand's breadth every spring and 12 of us knew it,” said Ola Lunde."
    old = Article.from_text(HEADLINE, *REST, body)

    def weights(line: str) -> set[Weight]:
        new = Article.from_text(HEADLINE, REST[0], line, *REST[1:], body)
        return {one.weight for one in changes_between(old, new) if one.kind is ChangeKind.TEXT}

    assert weights("“The slope had moved a hand's breadth every spring”") == {Weight.MINOR}
    assert weights("“The slope had moved a hand's breadth every autumn”") == {Weight.SUBSTANTIVE}
    assert weights("“every spring and 12 of us knew it”") == {Weight.SUBSTANTIVE}
    assert weights("The slope had moved a hand's breadth every spring.") == {Weight.SUBSTANTIVE}


def test_words_pulled_out_of_a_denial_or_before_a_doubt_are_an_addition() -> None:
    for body in (
        "“We have no evidence that the guards opened the gate in the night,” said Ola Lunde.",
        "“The guards opened the gate in the night, which nobody has confirmed,” said Ola Lunde.",
    ):
        old = Article.from_text(HEADLINE, *REST, body)
        new = Article.from_text(
            HEADLINE, REST[0], "“The guards opened the gate in the night”", *REST[1:], body
        )
        assert {one.weight for one in changes_between(old, new) if one.kind is ChangeKind.TEXT} == {
            Weight.SUBSTANTIVE
        }
