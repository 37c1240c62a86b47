"""What the text of one version tells: whether a sentence of the other one says the same, or shares its words."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, cached_property, lru_cache

from diffs.changes.quotes import named_sources, quotes_in
from diffs.changes.weigh import HEDGES, NEGATIONS, counted, fates_in, names_in
from diffs.language.en import ENGLISH
from diffs.language.labels import Statement, statements_in, tag_of
from diffs.language.profiles import profiles
from diffs.language.readers import Spoken, spoken_in
from diffs.model import Article
from diffs.text import folded, sentences_in, word_texts_in, words_in

DENIALS = ENGLISH.words("weighing.denials")
_COMMON = ENGLISH.words("stop.function", "stop.content")
_CAPITALS = frozenset(["de", "lb"])  # languages that write every noun with a capital
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_STEM = 5  # letters that the forms of a word share
_BENT = 4  # letters that its irregular forms share, where the other words stand in one sentence
_SURE = 0.75  # share of a point's words that stand in the sentence it sums up as they are
_LONG = 7  # letters of a word that is hardly one of grammar
_SPELT = 3  # letters of a word that counts where one sentence sums up another
# Two signs of a script without spaces; hiragana write what grammar adds.
_IDEOGRAPHS = re.compile(r"(?=([\u30a0-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]{2}))")


class Told:
    """The text of one version without what it sets apart, asked about sentences of the other version."""

    def __init__(self, article: Article, language: str | None, *, english: bool) -> None:
        """Take a version; its text is read when it is first asked.

        Args:
            article: The version.
            language: The language of both (BCP 47), or None.
            english: Whether both are in English.
        """
        self.article = article
        self.language = language
        self.english = english

    @property
    def has_capitals(self) -> bool:
        """Whether a capital inside a sentence tells a name."""
        return tag_of(self.language) not in _CAPITALS

    def says(self, sentence: str) -> bool:
        """Return whether one sentence of the text has all that another says: its words of content, its figures each before the same word, its fates and its denials.

        They stand in the same order, which tells who did what to whom.
        """
        content = content_of(sentence)
        sentences, places = self._sentences
        sure = [word for word in content if word in places]
        if not sure or len(sure) < _SURE * len(content):
            return False
        found = set.intersection(*(places[word] for word in sure))
        bent = [word[:_BENT] for word in content if word not in places and not self._is_statement(word)]
        if bent:
            found = {
                at
                for at in found
                if all(any(word.startswith(one) for word in content_of(sentences[at])) for one in bent)
            }
        return any(self._covers(sentences[at], sentence) for at in sorted(found))

    def _is_statement(self, word: str) -> bool:
        """Return whether a word is compared by what it states: "nega" as "negou"."""
        return (
            bool(statements_in(word, self.language) - {Statement.OFFICE})
            if not self.english
            else word in DENIALS
        )

    def share_of(self, sentence: str) -> float:
        """Return what share of a sentence's words of content the text has."""
        content = content_of(sentence)
        return len(content & self._sentences[1].keys()) / len(content) if content else 0.0

    def ties(self, text: str) -> bool:
        """Return whether a passage shares a word of content with the text."""
        return not self._stems.isdisjoint(_stems_of(text))

    def ties_firmly(self, text: str) -> bool:
        """Return whether a passage shares two words of content, or a long one, with the text."""
        return len(self._stems & _stems_of(text)) > 1 or not self._longs.isdisjoint(_longs_of(text))

    def names(self, text: str) -> bool:
        """Return whether a passage has a word that the text uses as a name; German capitals tell no name."""
        return self.has_capitals and not self._names.isdisjoint(word_texts_in(text))

    def _covers(self, whole: str, part: str) -> bool:
        if not (
            _figured(part) <= _figured(whole)
            and _runs_through(whole, part, _grammar() if self.english else _common())
        ):
            return False
        if any(folded(quote.text) not in folded(whole) for quote in quotes_in(part)):
            return False
        if any(folded(source) not in folded(whole) for source in named_sources(part)):
            return False
        if self._is_withheld(whole, part):
            return False
        opening = _until(whole, _words_of(part))
        if self.english:
            signs = [
                [word for word in word_texts_in(folded(one)) if word in NEGATIONS] for one in (part, opening)
            ]
            denied = [bool(DENIALS.intersection(word_texts_in(folded(one)))) for one in (part, whole)]
            hedged = [HEDGES.intersection(word_texts_in(folded(one))) for one in (part, whole)]
            return (
                fates_in(part) <= fates_in(whole)
                and hedged[0] == hedged[1]
                and signs[0] == signs[1]
                and denied[0] == denied[1]
            )
        found, known, before = (statements_in(one, self.language) for one in (part, whole, opening))
        return (
            found - {Statement.OFFICE} <= known
            and all((one in found) == (one in known) for one in (Statement.DENIAL, Statement.DOUBT))
            and (Statement.NEGATION in found) == (Statement.NEGATION in before)
        )

    def _is_withheld(self, whole: str, part: str) -> bool:
        """Return whether a sentence says of another year, calls false, asks or reports as a rumour what another states."""
        if {one.group() for one in _YEAR.finditer(whole)} - {one.group() for one in _YEAR.finditer(part)}:
            return True
        sides = [spoken_in(one, self.language) | ({"?"} if "?" in one else set()) for one in (part, whole)]
        return any((one in sides[0]) != (one in sides[1]) for one in (Spoken.WITHDRAWAL, "?"))

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        apart = {block for one in self.article.apart for block in one.blocks}
        blocks = (block.text for number, block in enumerate(self.article.blocks) if number not in apart)
        return (self.article.headline or "", *blocks)

    @cached_property
    def _sentences(self) -> tuple[Sequence[str], dict[str, set[int]]]:
        """The sentences, and in which of them each word of content stands."""
        sentences = [one.text for text in self._texts for one in sentences_in(text)]
        places: defaultdict[str, set[int]] = defaultdict(set)
        for at, sentence in enumerate(sentences):
            for word in content_of(sentence):
                places[word].add(at)
        return sentences, dict(places)

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset().union(*map(_stems_of, self._texts))

    @cached_property
    def _longs(self) -> frozenset[str]:
        return frozenset().union(*map(_longs_of, self._texts))

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(word for word in names_in(self.article) if len(word) >= _SPELT)


def _runs_through(whole: str, part: str, without: frozenset[str]) -> bool:
    """Return whether the words that two sentences share, some left out, stand in the same order in both."""
    known = _openings(whole, without)
    words = iter(known)
    return all(word in words for word in _openings(part, without) if word in known)


def _openings(text: str, without: frozenset[str]) -> list[str]:
    return [
        word[:_STEM] for word in word_texts_in(folded(text)) if len(word) >= _SPELT and word not in without
    ]


def _figured(text: str) -> frozenset[tuple[str, str]]:
    """Return the figures of a sentence, each with the opening of the word after it."""
    found = []
    for figure in counted(text):
        following = word_texts_in(folded(text[figure.end : figure.end + 40]))
        found.append((figure.key, following[0][:_STEM] if following else ""))
    return frozenset(found)


def _until(whole: str, words: Iterable[str]) -> str:
    """Return a sentence up to the last of some words: what it negates behind them is something else."""
    plain = folded(whole)
    ends = [one.end for one in words_in(plain) if one.text[:_STEM] in words]
    return plain[: max(ends, default=0)]


@lru_cache(maxsize=2048)
def _words_of(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in word_texts_in(folded(text)) if len(word) >= _SPELT)


@cache
def _common() -> frozenset[str]:
    """Return the words of grammar of every language that is told by them."""
    return _COMMON.union(*(one.common | one.frequent for one in profiles().values()))


@cache
def _grammar() -> frozenset[str]:
    """Return the short words of grammar: languages are told by "gestorben" and "dead" too, which state something."""
    short = (word for word in _common() if len(word) < _STEM)
    return _COMMON.union(word for word in short if not (statements_in(word, None) or fates_in(word)))


@lru_cache(maxsize=2048)
def content_of(text: str) -> frozenset[str]:
    """Return the openings of a text's words of three letters or more that are none of grammar, and pairs of ideographs."""
    return frozenset([*_openings(text, _grammar()), *_IDEOGRAPHS.findall(text)])


@lru_cache(maxsize=2048)
def _stems_of(text: str) -> frozenset[str]:
    words = (word for word in word_texts_in(folded(text)) if len(word) >= _STEM and word not in _common())
    return frozenset([*(word[:_STEM] for word in words), *_IDEOGRAPHS.findall(text)])


@lru_cache(maxsize=2048)
def _longs_of(text: str) -> frozenset[str]:
    words = (word for word in word_texts_in(folded(text)) if len(word) >= _LONG and word not in _common())
    return frozenset(word[:_LONG] for word in words)
