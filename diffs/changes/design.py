"""Tells what comes or goes with a page's design from what somebody wrote or deleted."""

import re
from collections.abc import Iterable, Sequence
from functools import cache, cached_property, lru_cache

from diffs.align import Pair, Sentence, likeness
from diffs.changes.quotes import named_sources, quotes_in
from diffs.changes.standing import is_relaid
from diffs.changes.weigh import NEGATIONS, Touch, canonical, counted, fates_in, touches_between
from diffs.language.en import ENGLISH
from diffs.language.labels import Statement, has_labels, statements_in
from diffs.language.profiles import profiles
from diffs.model import Apart, Article, BlockKind
from diffs.text import folded, sentences_in, word_texts_in, words_in

# Of the likeness from which a paragraph counts as the same one in another box; below it a box on one page and a paragraph that the other
# one lacks are two things (made-up pages of 12 designs, 2026-11-29).
_SAME = 0.75
_STEM = 5  # letters that the forms of a word share
_LONG = 7  # letters of a word that is hardly one of grammar
# Share of a point's words that the sentence it sums up has.
_COVERED = 0.75
_SPELT = 3  # letters of a word that counts there
_SAID = 4  # words of a quotation that is no title
# Two signs of a script without spaces; hiragana write what grammar adds.
_IDEOGRAPHS = re.compile(r"(?=([\u30a0-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]{2}))")
_NAME = r"[A-ZÀ-ÞА-ЯЁІЇЄΑ-Ω][\w’'-]{2,} (?:[a-z]{2,3} )?[A-ZÀ-ÞА-ЯЁІЇЄΑ-Ω][\w’'-]{2,}"
# A name of two words: in mid-sentence, or all there is before a comma, a bracket or a dash.
_FULL_NAME = re.compile(rf"(?<=[a-zß-ÿа-яёά-ώ,] ){_NAME}|^\W*{_NAME}\s*(?:[,(–—]|$)")
_DENIALS = ENGLISH.words("weighing.denials")
_READER = ENGLISH.words("weighing.reader")
_COMMON = ENGLISH.words("stop.function", "stop.content")
_NEVER = frozenset(
    [BlockKind.CAPTION, BlockKind.CORRECTION, BlockKind.TABLE_ROW, BlockKind.LIVE_UPDATE, BlockKind.QUOTE]
)


class Design:
    """What two versions of unlike design set apart from their own paragraphs, asked whether a passage belongs to it.

    The law: extraction is never perfect, so a box among the paragraphs may be furniture. Where the two captures differ in design, a
    passage that one of them alone has, in a box of which the other has nothing, set unlike the article's own paragraphs, came or
    went with the design. It is still listed, and weighs less; unless it states what a reader would believe by: a figure, a
    fate, a quotation, a source, a denial. Both directions are judged alike.
    """

    def __init__(self, old: Article, new: Article, pairs: Iterable[Pair]) -> None:
        """Take two versions.

        Args:
            old: The version before.
            new: The version after.
            pairs: Their sentences, aligned.
        """
        self.articles = (old, new)
        self.relaid = is_relaid(old, new)
        self.language = new.language or old.language
        self.english = all((one.language or "en").startswith("en") for one in (old, new))
        self.bylines = [words for one in (old, new) for words in _bylines_of(one)]
        self.sides: tuple[dict[int, Apart], dict[int, Apart]] = ({}, {})
        if self.relaid and (old.apart or new.apart):
            kept: tuple[set[int], set[int]] = (set(), set())
            for pair in pairs:
                if (
                    pair.old
                    and pair.new
                    and (pair.worded_alike or likeness(pair.old_text, pair.new_text) >= _SAME)
                ):
                    kept[0].update(one.block for one in pair.old)
                    kept[1].update(one.block for one in pair.new)
            for side, article in enumerate(self.articles):
                for apart in article.apart:
                    if kept[side].isdisjoint(apart.blocks) and not self._is_graven(article, apart):
                        self.sides[side].update(
                            (block, apart)
                            for block in apart.blocks
                            if article.blocks[block].kind not in _NEVER
                        )

    def _is_graven(self, article: Article, apart: Apart) -> bool:
        """Return whether a box is headed by words on people's fate: a list of the dead is no furniture."""
        first = article.blocks[apart.blocks[0]]
        return first.kind is BlockKind.SUBHEADING and self._states_fate(first.text)

    def holds(self, side: int, sentences: Sequence[Sentence]) -> bool:
        """Return whether sentences of one side (0 old, 1 new) stand in boxes of which the other version has nothing."""
        return bool(sentences) and all(one.block in self.sides[side] for one in sentences)

    def is_listed(self, side: int, block: int | None) -> bool:
        """Return whether a block is known to be an item of a list of the article's own, or to stand in a box that the other version has too."""
        article = self.articles[side]
        if block is None or not article.frame or block in self.sides[side]:
            return False
        listed = article.blocks[block].kind is BlockKind.LIST_ITEM
        return listed or any(one.boxed and block in one.blocks for one in article.apart)

    def parts(self, pair: Pair) -> bool:
        """Return whether a pair is no edit: a side of it stands in a box of the design, of which the other version has nothing."""
        return bool(pair.old and pair.new) and (self.holds(0, pair.old) or self.holds(1, pair.new))

    def brought(self, side: int, block: int | None, text: str) -> bool:
        """Return whether a passage that one side alone has came or went with the design and states nothing grave.

        Args:
            side: Whose passage it is: 0 for the old version's, 1 for the new one's.
            block: The block it stands in.
            text: Its words.
        """
        apart = self.sides[side].get(-1 if block is None else block)
        if apart is None:
            return False
        if not apart.boxed:
            return not (self.ties(side, text) or _FULL_NAME.search(text) or self.states(side, text))
        return not self.states(side, text, boxed=True) or self.restates(side, text)

    def restates(self, side: int, text: str) -> bool:
        """Return whether each sentence of a passage says in fewer words what one sentence of the other side's text says."""
        return all(
            any(self._covers(other, one.text) for other in self._sentences[1 - side])
            for one in sentences_in(text)
        )

    def _covers(self, whole: str, part: str) -> bool:
        """Return whether a sentence has the figures of another, each before the same word, its fates, its denials and its words."""
        words = _words_of(part)
        if len(words & _words_of(whole)) < _COVERED * len(words):
            return False
        if not _figured(part) <= _figured(whole):
            return False
        if any(folded(quote.text) not in folded(whole) for quote in quotes_in(part)):
            return False
        if any(folded(source) not in folded(whole) for source in named_sources(part)):
            return False
        opening = _until(whole, words)
        if self.english:
            signs = [
                [word for word in word_texts_in(folded(one)) if word in NEGATIONS] for one in (part, opening)
            ]
            denied = [bool(_DENIALS.intersection(word_texts_in(folded(one)))) for one in (part, whole)]
            return fates_in(part) <= fates_in(whole) and signs[0] == signs[1] and denied[0] == denied[1]
        found, known, before = (statements_in(one, self.language) for one in (part, whole, opening))
        return (
            found - {Statement.OFFICE} <= known
            and (Statement.DENIAL in found) == (Statement.DENIAL in known)
            and (Statement.NEGATION in found) == (Statement.NEGATION in before)
        )

    def summarises(self, side: int, text: str) -> bool:
        """Return whether a standfirst that one side alone prints came or went with the design and states nothing grave.

        One that is set as the article's own paragraphs are is one of them.
        """
        if not self.relaid or not all(one.frame for one in self.articles) or self.states(side, text):
            return False
        blocks = self.articles[side].blocks
        return not any(self.is_own(side, at) for at, block in enumerate(blocks) if block.text == text)

    def repeats_standfirst(self, side: int, text: str) -> bool:
        """Return whether a passage is the standfirst, which one side alone prints, in that side's text."""
        mine, other = self.articles[side].standfirst, self.articles[1 - side].standfirst
        return mine is not None and not other and folded(text) in folded(mine) and self.summarises(side, mine)

    def is_own(self, side: int, block: int | None) -> bool:
        """Return whether a block is known to be set as the article's own paragraphs are."""
        article = self.articles[side]
        return bool(article.frame) and not any(block in apart.blocks for apart in article.apart)

    def addresses(self, side: int, text: str) -> bool:
        """Return whether an English passage speaks to the reader and shares no word of content with the other side's text."""
        return not self.ties(side, text) and not _READER.isdisjoint(word_texts_in(folded(text)))

    def ties(self, side: int, text: str) -> bool:
        """Return whether a passage of one side shares a word of content with the other side's text."""
        return not self._stems[1 - side].isdisjoint(_stems_of(text))

    def _ties_firmly(self, side: int, text: str) -> bool:
        """Return whether a passage shares two words of content, or a long one, with the other side's text."""
        shared = self._stems[1 - side] & _stems_of(text)
        return len(shared) > 1 or not self._longs[1 - side].isdisjoint(_longs_of(text))

    def states(self, side: int, text: str, *, boxed: bool = False) -> bool:
        """Return whether a passage states a figure, a fate, a quotation, a source or a denial.

        What its words might only ask of a reader ("never miss a story", "the first edition", "tell us") counts where the passage shares
        words with the other side's text.
        """
        if self._states_fate(text):
            return True
        firm = self._ties_firmly(side, text)
        signed = any(words in folded(text) for words in self.bylines)
        if signed and boxed:
            return False
        if any(
            firm or any(map(str.isdigit, figure.text)) or figure.amount is not None
            for figure in counted(text)
        ):
            return True
        if any(firm or len(word_texts_in(quote.text)) >= _SAID for quote in quotes_in(text)):
            return True
        if self.english:
            words = set(word_texts_in(folded(text)))
            if named_sources(text) or words & _DENIALS:
                return True
            return firm and bool((Touch.SOURCE in touches_between("", text)) or words & NEGATIONS)
        found = statements_in(text, self.language)
        if Statement.DENIAL in found or (firm and not has_labels(self.language)):
            return True
        return firm and bool(found & {Statement.NEGATION, Statement.SPEECH})

    def _states_fate(self, text: str) -> bool:
        if self.english:
            return bool(fates_in(text))
        return Statement.FATE in statements_in(text, self.language)

    @cached_property
    def _sentences(self) -> tuple[list[str], list[str]]:
        old, new = (
            [one.text for text in _texts_of(article) for one in sentences_in(text)]
            for article in self.articles
        )
        return old, new

    @cached_property
    def _stems(self) -> tuple[frozenset[str], frozenset[str]]:
        old, new = (frozenset().union(*map(_stems_of, _texts_of(one))) for one in self.articles)
        return old, new

    @cached_property
    def _longs(self) -> tuple[frozenset[str], frozenset[str]]:
        old, new = (frozenset().union(*map(_longs_of, _texts_of(one))) for one in self.articles)
        return old, new


def _texts_of(article: Article) -> Iterable[str]:
    apart = {block for one in article.apart for block in one.blocks}
    yield article.headline or ""
    yield from (block.text for number, block in enumerate(article.blocks) if number not in apart)


def _bylines_of(article: Article) -> Iterable[str]:
    """Yield the names under an article, of two words or more, folded."""
    for name in re.split(r",|;| and | und | et | y | e | en | och | i | и ", article.byline or ""):
        if len(canonical(name)) > 1:
            yield folded(name.strip())


def _figured(text: str) -> frozenset[tuple[str, str]]:
    """Return the figures of a sentence, each with the opening of the word after it."""
    found = []
    for figure in counted(text):
        following = word_texts_in(folded(text[figure.end : figure.end + 40]))
        found.append((figure.key, following[0][:_STEM] if following else ""))
    return frozenset(found)


@lru_cache(maxsize=2048)
def _words_of(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in word_texts_in(folded(text)) if len(word) >= _SPELT)


def _until(whole: str, words: frozenset[str]) -> str:
    """Return a sentence up to the last of some words: what it negates behind them is something else."""
    plain = folded(whole)
    ends = [one.end for one in words_in(plain) if one.text[:_STEM] in words]
    return plain[: max(ends, default=0)]


@cache
def _common() -> frozenset[str]:
    """Return the words of grammar of every language that is told by them."""
    return _COMMON.union(*(one.common | one.frequent for one in profiles().values()))


@lru_cache(maxsize=2048)
def _stems_of(text: str) -> frozenset[str]:
    words = (word for word in word_texts_in(folded(text)) if len(word) >= _STEM and word not in _common())
    return frozenset([*(word[:_STEM] for word in words), *_IDEOGRAPHS.findall(text)])


@lru_cache(maxsize=2048)
def _longs_of(text: str) -> frozenset[str]:
    words = (word for word in word_texts_in(folded(text)) if len(word) >= _LONG and word not in _common())
    return frozenset(word[:_LONG] for word in words)
