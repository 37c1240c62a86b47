"""Words by which a newsroom speaks to its readers of itself: positive evidence that a line is no part of a text."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

from diffs.language.labels import Signs, signs_of, tag_of
from diffs.text import folded, word_texts_in


class Spoken(StrEnum):
    """What a word is in a line to readers, in the order in which `readers.toml` has them."""

    READER = "reader"
    NEWSROOM = "newsroom"
    CALL = "call"
    OFFER = "offer"
    PIECE = "piece"
    WITHDRAWAL = "withdrawal"
    WRITER = "writer"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class _Words:
    signs: Signs
    inside: frozenset[str]

    def stand_in(self, words: list[str], cased: list[str], plain: str) -> bool:
        """Return whether one of them stands in a line; a word in capitals counts behind the first word alone."""
        return self.signs.stand_in(words, plain) or not self.inside.isdisjoint(cased[1:])


@cache
def _tables() -> Mapping[str, Mapping[Spoken, _Words]]:
    table = tomllib.loads(files("diffs.language").joinpath("readers.toml").read_text(encoding="utf-8"))
    return {
        tag: {kind: _words_of(part) for kind, part in zip(Spoken, words.split("|"), strict=True)}
        for tag, words in table.items()
    }


def _words_of(part: str) -> _Words:
    words = part.split()
    inside = frozenset(word for word in words if word[0].isupper())
    return _Words(signs_of(" ".join(word for word in words if word not in inside)), inside)


@lru_cache(maxsize=1024)
def spoken_in(sentence: str, language: str | None) -> frozenset[Spoken]:
    """Return what the words of a sentence are in a line to readers; nothing in a language that has no table.

    What is offered counts beside the words for this piece, not in them.

    Args:
        sentence: One sentence.
        language: Its language (BCP 47), or None.

    Example:
        >>> sorted(spoken_in("Get our newsletter.", "en"))
        [<Spoken.CALL: 'call'>, <Spoken.NEWSROOM: 'newsroom'>, <Spoken.OFFER: 'offer'>]
    """
    table = _tables().get(tag_of(language))
    cased = word_texts_in(sentence)
    if table is None or not cased:
        return frozenset()
    words, plain = word_texts_in(folded(sentence)), f" {folded(sentence)}"
    beside = plain
    for phrase in table[Spoken.PIECE].signs.phrases:
        beside = beside.replace(f" {phrase}", " ")
    found = set()
    for kind, one in table.items():
        if kind is Spoken.CALL:
            held = one.stand_in(words[:1], cased[:1], f" {words[0]}")
        elif kind is Spoken.OFFER:
            held = one.stand_in(word_texts_in(beside), cased, beside)
        else:
            held = one.stand_in(words, cased, plain)
        if held:
            found.add(kind)
    return frozenset(found)
