"""Quotations and sources found in a text."""

import pytest

from diffs.changes.quotes import named_sources, quotes_in


@pytest.mark.parametrize(
    ("text", "words", "speaker"),
    [
        ("“We will stay,” said Ida Holm, a teacher.", "We will stay,", "Ida Holm"),
        ("“We will stay,” police spokesman Per Lind said.", "We will stay,", "police spokesman Per Lind"),
        ("Mayor Ida Holm said: “It’s a loss.”", "It’s a loss.", "Mayor Ida Holm"),
        ('"We will stay," she added.', "We will stay,", "she"),
        ("The sign read “no entry” in red.", "no entry", None),
        ("Officials say 'no one's safe' there.", "no one's safe", "Officials"),
    ],
)
def test_a_quotation_is_found_with_its_speaker(text, words, speaker):
    (quote,) = quotes_in(text)
    assert (quote.text, quote.speaker) == (words, speaker)
    assert text[quote.start : quote.end].strip("“”\"'") == words


def test_an_apostrophe_opens_no_quotation():
    assert quotes_in("It's the teachers' strike and nobody's fault.") == ()


def test_a_quotation_that_never_closes_ends_with_its_paragraph():
    (quote,) = quotes_in("“We will stay and rebuild the house.")
    assert quote.text == "We will stay and rebuild the house."


def test_typography_and_the_last_comma_do_not_make_another_quotation():
    one, other = (quotes_in(text)[0] for text in ("“It’s a loss,” he said.", '"It\'s a loss."'))
    assert one.key == other.key


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("The road is shut, police said.", ("police",)),
        ("According to witnesses, the road is shut.", ("witnesses",)),
        ("Ida Holm told reporters that the road is shut.", ("Ida Holm",)),
        ("The road is shut.", ()),
        ('"We saw it burn," sources told CNN.', ("sources",)),
        ("At least 5 people died, according to U.S. officials.", ("U.S. officials",)),
        ("According to J.R. Marsh, the dam held.", ("J.R. Marsh",)),
    ],
)
def test_the_sources_of_a_sentence_are_named(text, sources):
    assert named_sources(text) == sources
