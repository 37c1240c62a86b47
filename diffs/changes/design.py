"""Tells what comes or goes with a page's design from what somebody wrote or deleted."""

import re
from collections.abc import Iterable, Sequence

from diffs.align import Pair, Sentence, likeness
from diffs.changes.furniture import (
    Box,
    addresses_readers,
    box_of,
    is_beside,
    names_any,
    names_somebody,
    opens_with_name,
    speaks_to_readers,
    sums_up,
)
from diffs.changes.quotes import named_sources, quotes_in
from diffs.changes.standing import is_relaid
from diffs.changes.told import DENIALS, Told
from diffs.changes.weigh import NEGATIONS, Touch, canonical, counted, fates_in, touches_between
from diffs.language.labels import Statement, has_labels, statements_in
from diffs.model import Apart, Article, BlockKind
from diffs.text import folded, sentences_in, word_texts_in

# Of the likeness from which a paragraph counts as the same one in another box; below it a box on one page and a paragraph that the other
# one lacks are two things (made-up pages of 12 designs, 2026-11-29).
_SAME = 0.75
_SAID = 4  # words of a quotation that is no title
# Between two names stands a sign, or in any language a short word in small letters before a name of two words.
_BETWEEN_NAMES = re.compile(r"\s*[,;/]\s*|\s[a-zß-ÿа-яёіїє]{1,3}\s(?=\S+ \S)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NEVER = frozenset(
    [BlockKind.CAPTION, BlockKind.CORRECTION, BlockKind.TABLE_ROW, BlockKind.LIVE_UPDATE, BlockKind.QUOTE]
)


class Design:
    """What two versions of unlike design set apart from their own paragraphs, asked whether a passage belongs to it.

    The law: extraction is never perfect, so a box among the paragraphs may be furniture. Where the two captures differ in design, a
    passage that one of them alone has, in a box of which the other has nothing, set unlike the article's own paragraphs, may have come
    or gone with the design. It is listed all the same, and weighs less where its words show that it is furniture: it speaks to readers
    of what the newsroom offers or presents the writer, or stands in a box that does and has nothing of the story; or it sums up what
    the other text says. Whatever a figure, a fate, a quotation, a source or a denial stands in that the other text lacks is told, and so is
    every passage without such a sign. Both directions are judged alike.
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
        language = self.language or ("en" if self.english else None)
        self.told = tuple(Told(one, language, english=self.english) for one in (old, new))
        self.boxed = tuple(
            {block for one in article.apart if one.boxed for block in one.blocks} for article in (old, new)
        )
        self.apart = tuple({block for one in article.apart for block in one.blocks} for article in (old, new))
        self._boxes: dict[tuple[int, tuple[int, ...]], Box] = {}
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
        return listed or block in self.boxed[side]

    def parts(self, pair: Pair) -> bool:
        """Return whether a pair is no edit: a side of it is furniture in a box of the design, of which the other version has nothing."""
        if not (pair.old and pair.new):
            return False
        return any(
            self.holds(side, sentences) and self.brought(side, sentences[0].block, text)
            for side, (sentences, text) in enumerate(((pair.old, pair.old_text), (pair.new, pair.new_text)))
        )

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
        box = self._box_of(side, apart)
        return all(self._is_furniture(side, one.text, box) for one in sentences_in(text))

    def _is_furniture(self, side: int, sentence: str, box: Box) -> bool:
        """Return whether a sentence that one side alone has is furniture, by positive evidence.

        The other side's text says it too, or it states nothing grave and speaks to readers, or the box does and nothing ties the sentence to
        the story, or it is a point of a summary.
        """
        told = self.told[1 - side]
        if told.says(sentence):
            return True
        if self.states(side, sentence, years=box.writer and not told.ties_firmly(sentence)):
            return False
        if addresses_readers(sentence, told):
            return True
        if (box.addresses or box.writer) and is_beside(sentence, told):
            return True
        return box.summary and sums_up(sentence, told)

    def _box_of(self, side: int, apart: Apart) -> Box:
        known = self._boxes.get((side, apart.blocks))
        if known is None:
            lines = [self.articles[side].blocks[block].text for block in apart.blocks]
            known = box_of(lines, self.told[1 - side], self.bylines)
            self._boxes[side, apart.blocks] = known
        return known

    def summarises(self, side: int, text: str) -> bool:
        """Return whether a standfirst that one side alone prints came or went with the design.

        It sums up what the other side's text says, or names nobody and states nothing grave: many designs print none. One that is set as the
        article's own paragraphs are is one of them.
        """
        if not self.relaid or not all(one.frame for one in self.articles):
            return False
        blocks = self.articles[side].blocks
        if any(self.is_own(side, at) for at, block in enumerate(blocks) if block.text == text):
            return False
        told = self.told[1 - side]
        return all(
            told.says(one.text)
            or (
                not self.states(side, one.text)
                and (
                    sums_up(one.text, told)
                    or not (names_any(one.text, told) or opens_with_name(one.text, told))
                )
            )
            for one in sentences_in(text)
        )

    def repeats_standfirst(self, side: int, text: str) -> bool:
        """Return whether a passage is the standfirst, which one side alone prints, in that side's text."""
        mine, other = self.articles[side].standfirst, self.articles[1 - side].standfirst
        return mine is not None and not other and folded(text) in folded(mine) and self.summarises(side, mine)

    def is_own(self, side: int, block: int | None) -> bool:
        """Return whether a block is known to be set as the article's own paragraphs are."""
        article = self.articles[side]
        return bool(article.frame) and block not in self.apart[side]

    def is_known(self, side: int, block: int | None) -> bool:
        """Return whether a block is known to be set as the article's own paragraphs are, or was judged by its box."""
        return block in self.sides[side] or self.is_own(side, block)

    def addresses(self, side: int, text: str) -> bool:
        """Return whether each sentence of a passage speaks to readers, and nothing ties it to the other side's text."""
        told = self.told[1 - side]
        return not told.ties(text) and all(speaks_to_readers(one.text, told) for one in sentences_in(text))

    def labels(self, side: int, block: int | None, text: str) -> bool:
        """Return whether words without a stop may be a label of the design: in a box that was judged, where they name nobody."""
        return block not in self.sides[side] or not names_somebody(text)

    def states(self, side: int, text: str, *, years: bool = False) -> bool:
        """Return whether a passage states a figure, a fate, a quotation, a source or a denial.

        What its words might only ask of a reader ("never miss a story", "the first edition", "tell us") counts where the passage shares
        words with the other side's text.

        Args:
            side: Whose passage it is: 0 for the old version's, 1 for the new one's.
            text: Its words.
            years: True to let a year pass, as a writer's life has one.
        """
        if self._states_fate(text):
            return True
        firm = self.told[1 - side].ties_firmly(text)
        if any(
            (firm or any(map(str.isdigit, figure.text)) or figure.amount is not None)
            and not (years and _YEAR.fullmatch(figure.text))
            for figure in counted(text)
        ):
            return True
        if any(firm or len(word_texts_in(quote.text)) >= _SAID for quote in quotes_in(text)):
            return True
        if self.english:
            words = set(word_texts_in(folded(text)))
            if named_sources(text) or words & DENIALS:
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


def _bylines_of(article: Article) -> Iterable[str]:
    """Yield the names under an article, of two words or more, folded."""
    for name in _BETWEEN_NAMES.split(article.byline or ""):
        if len(canonical(name)) > 1:
            yield folded(name.strip())
