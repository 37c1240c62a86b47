"""Sentences, words and folding."""

import pytest

from diffs.text import (
    folded,
    levelled,
    paragraphs_in,
    sentences_in,
    without_invisible,
    word_texts_in,
    words_in,
)


def texts(spans):
    return [span.text for span in spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two died. Three were hurt.", ["Two died.", "Three were hurt."]),
        ("Dr. Amal Riba said so. She left.", ["Dr. Amal Riba said so.", "She left."]),
        ("The U.S. Navy sent help. It came late.", ["The U.S. Navy sent help.", "It came late."]),
        ("He lives in the U.S. The ship does not.", ["He lives in the U.S.", "The ship does not."]),
        (
            "It fell 6.4 metres at 3 p.m. on Jan. 5. Nobody saw.",
            ["It fell 6.4 metres at 3 p.m. on Jan. 5.", "Nobody saw."],
        ),
        ('"Nine are dead," she said. "We know."', ['"Nine are dead," she said.', '"We know."']),
        ("Twelve died in the storm.. 24 are missing", ["Twelve died in the storm..", "24 are missing"]),
        ("First line\nwrapped here\n\nSecond paragraph", ["First line\nwrapped here", "Second paragraph"]),
        ("TWO WERE KILLED. THE ARMY SAID SO.", ["TWO WERE KILLED.", "THE ARMY SAID SO."]),
        ("", []),
        (" \n\n ", []),
    ],
)
def test_a_text_is_cut_into_its_sentences(text, expected):
    assert texts(sentences_in(text)) == expected


def test_sentence_offsets_point_at_the_printed_words():
    text = "  One fell.  Two rose!\n\nNo end"

    assert all(text[s.start : s.end] == s.text for s in sentences_in(text))


def test_paragraphs_are_what_blank_lines_part():
    assert texts(paragraphs_in("one\ntwo\n\n  three \n \nfour")) == ["one\ntwo", "three", "four"]


def test_words_keep_the_separators_of_a_number():
    assert texts(words_in("At 1,234.5 m, 20-30 men; 31-year-old's 1 234")) == [
        "At", "1,234.5", "m", "20", "30", "men", "31-year-old", "s", "1 234",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("a", "b"),
    [("1.5 million", "15 million"), ("3-5", "35"), ("10²", "102"), ("½", "1/2"), ("not killed", "killed")],
)
def test_folding_never_makes_two_figures_one(a, b):
    assert folded(a) != folded(b)


def test_folding_takes_typography_away():
    assert folded("The “blast”\u00a0killed  ten\u200b") == folded('the "Blast" killed ten')


def test_levelling_keeps_every_offset():
    text = "‘12’ – “dead”\u00a0now"

    assert levelled(text) == "'12' - \"dead\" now"
    assert len(levelled(text)) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Twelve died.",
        "“Some 1,234.5 metres,” said O’Neil’s crew – at 9:30 in Kaş-Köy.",
        "18 000 fled; 3-year-old A9",
    ],
)
def test_the_texts_of_words_are_those_of_the_words(text):
    assert word_texts_in(text) == texts(words_in(text))


def test_every_typographic_sign_is_levelled_in_its_place():
    signs = "‘’‚‛′“”„‟«»‐‑‒–−\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u3000\t\n\r\v\f"
    assert levelled(f"a{signs}z…—é") == "a" + "'" * 5 + '"' * 6 + "-" * 5 + " " * 13 + "z…—é"


def test_what_prints_nothing_is_left_out():
    assert without_invisible("kil\u00adled\u200b 12\ufeff — é") == "killed 12 — é"
    assert folded("KIL\u00adLED\u2060  12") == "killed 12"
