"""Tells by what a box says of itself that it is furniture of a page: it speaks to the readers, of its writer, or sums up."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from diffs.changes.told import Told
from diffs.changes.weigh import Touch, touches_between
from diffs.language.labels import Statement, statements_in
from diffs.language.readers import Spoken, spoken_in
from diffs.text import folded, sentences_in, word_texts_in

_NAME = r"[A-ZÀ-ÞА-ЯЁІЇЄΑ-Ω][\w’'-]{2,} (?:[a-z]{2,3} )?[A-ZÀ-ÞА-ЯЁІЇЄΑ-Ω][\w’'-]{2,}"
# A name of two words: in mid-sentence, or all there is before a comma, a bracket or a dash. A series may be called "The Long Way".
_FIRST = re.compile(rf"^\W*(?!The ){_NAME}")
_FULL_NAME = re.compile(rf"(?<=[a-zß-ÿа-яёά-ώ,] )(?<!The )(?!The ){_NAME}|^\W*(?!The ){_NAME}\s*(?:[,(–—]|$)")
# Words from a writer's name to what she is: "is the paper's senior reporter".
_ROLE = 5
# Share of a summary's words that the text has (points of made-up pages in twelve languages, 2026-11-29).
_SUMMED = 0.6
_SPEAKERS = frozenset([Spoken.READER, Spoken.NEWSROOM, Spoken.CALL])


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """What the lines of one box say together.

    Attributes:
        addresses: One of them speaks to readers of what the newsroom offers.
        writer: It opens with the name of who wrote the text and says what she is.
        summary: Its heading calls it a summary.
    """

    addresses: bool
    writer: bool
    summary: bool


def box_of(lines: Sequence[str], told: Told, bylines: Sequence[str]) -> Box:
    """Return what the lines of a box say together.

    Args:
        lines: What stands in it, in order.
        told: The text of the other version.
        bylines: Names under either version, folded.
    """
    sentences = [one.text for line in lines for one in sentences_in(line)]
    return Box(
        addresses=any(addresses_readers(one, told) for one in sentences),
        writer=bool(sentences) and _presents_writer(sentences[0], told, bylines),
        summary=bool(lines) and Spoken.SUMMARY in spoken_in(lines[0], told.language),
    )


def addresses_readers(sentence: str, told: Told) -> bool:
    """Return whether a sentence speaks to readers of what a newsroom offers.

    It has a word for the offer and two of: the reader, the newsroom as "we", a call that opens it. One of them, or a word for this very
    piece, tells only where nothing ties the sentence to the story and nobody is named. What takes something back is said to readers, and
    no furniture.
    """
    spoken = spoken_in(sentence, told.language)
    if Spoken.OFFER not in spoken or Spoken.WITHDRAWAL in spoken:
        return False
    if len(spoken & _SPEAKERS) > 1:
        return True
    if not spoken & (_SPEAKERS | {Spoken.PIECE}) or _quotes_somebody(sentence, spoken, told):
        return False
    return not (told.ties_firmly(sentence) or names_any(sentence, told))


def speaks_to_readers(sentence: str, told: Told) -> bool:
    """Return whether a sentence has two of the reader, the newsroom, a call and an offer, names nobody and takes nothing back."""
    spoken = spoken_in(sentence, told.language)
    if Spoken.WITHDRAWAL in spoken or names_any(sentence, told) or _quotes_somebody(sentence, spoken, told):
        return False
    return len(spoken & (_SPEAKERS | {Spoken.OFFER})) > 1


def _quotes_somebody(sentence: str, spoken: frozenset[Spoken], told: Told) -> bool:
    """Return whether "we" alone speaks, in a sentence with a verb of saying: it may be anybody ("we knew it, the builder wrote to our newsroom")."""
    if spoken & _SPEAKERS != {Spoken.NEWSROOM}:
        return False
    if told.english:
        return Touch.SOURCE in touches_between("", sentence)
    return Statement.SPEECH in statements_in(sentence, told.language)


def names_somebody(sentence: str) -> bool:
    """Return whether a sentence has a name of two words."""
    return _FULL_NAME.search(sentence) is not None


def names_any(sentence: str, told: Told) -> bool:
    """Return whether a sentence names somebody or something, as far as capitals tell."""
    return told.names(sentence) or names_somebody(sentence)


def opens_with_name(sentence: str, told: Told) -> bool:
    """Return whether a sentence opens with two words in capitals, which in German are no name."""
    return told.has_capitals and _FIRST.search(sentence) is not None


def is_beside(sentence: str, told: Told) -> bool:
    """Return whether a sentence names nobody, takes nothing back, and is tied to the story by nothing, or speaks to readers itself."""
    spoken = spoken_in(sentence, told.language)
    if Spoken.WITHDRAWAL in spoken or names_any(sentence, told):
        return False
    return bool(spoken & _SPEAKERS) or not told.ties_firmly(sentence)


def sums_up(sentence: str, told: Told) -> bool:
    """Return whether the text has most of a point's words of content, and it names nobody whom the text does not."""
    if names_somebody(sentence) and not told.says(sentence):
        return False
    return told.share_of(sentence) >= _SUMMED


def _presents_writer(sentence: str, told: Told, bylines: Sequence[str]) -> bool:
    """Return whether a sentence opens with a name under the text and says what she or he is, before any comma."""
    plain = folded(sentence)
    name = next((name for name in bylines if name and plain.startswith(name)), None)
    if name is None or told.ties_firmly(sentence[len(name) :]):
        return False
    clause = re.split(r"[,;:(]", sentence[len(name) :], maxsplit=1)[0]
    spoken = spoken_in(" ".join(word_texts_in(clause)[:_ROLE]), told.language)
    return Spoken.WRITER in spoken and Spoken.WITHDRAWAL not in spoken_in(sentence, told.language)
