"""What still stands on a page: the layout moved it, nobody removed it."""

import re
from collections.abc import Sequence
from weakref import WeakKeyDictionary

from diffs.model import Article, BlockKind
from diffs.text import folded, sentences_in, words_in

LEAST = 8  # words of a sentence that cannot stand on a page by chance (the law of the design)
_APART = (BlockKind.CAPTION, BlockKind.CORRECTION)
_TRIES = 50  # places looked at for one sentence
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_OPENS = re.compile(r"(?:^|[.!?…。！？][\"'»)\]」』]*\s?)[\"'«(\[「『]*$")
_CLOSES = re.compile(r"[.!?…。！？][\"'»)\]」』]*$")


class Page:
    """The visible text of one page, asked whether a sentence stands in it.

    It is the article's own text without captions and notes, and what its page shows outside the blocks.
    """

    def __init__(self, article: Article) -> None:
        """Read the page's text once.

        Args:
            article: The article whose page is asked.
        """
        outside = [block for block in article.page_text if block.kind is not BlockKind.SUBHEADING]
        texts = [block.text for block in (*article.blocks, *outside) if block.kind not in _APART]
        self.headings = {
            folded(block.text): block.text
            for block in article.page_text
            if block.kind is BlockKind.SUBHEADING
        }
        self.text = " ".join(map(folded, texts))
        self.sentences = {
            folded(sentence.text): sentence.text for text in texts for sentence in sentences_in(text)
        }

    def shows_heading(self, text: str) -> bool:
        """Return whether a heading of the page has these very words."""
        return bool(text) and folded(text) in self.headings

    def shows(self, sentence: str) -> bool:
        """Return whether a whole sentence of eight words or more stands on the page, typography apart."""
        return bool(self.text) and is_long(sentence) and self._has(folded(sentence))

    def shows_each(self, sentences: Sequence[str]) -> list[bool]:
        """Return of each sentence of a passage whether it stands on the page.

        A sentence of fewer than eight words counts only right after or before one that stands there, as in
        the passage.
        """
        found = [self.shows(sentence) for sentence in sentences]
        if not any(found):
            return found
        plain = [folded(sentence) for sentence in sentences]
        count = len(found)
        for index in range(1, count):
            if found[index - 1] and not found[index] and not is_long(sentences[index]):
                found[index] = self._has(f"{plain[index - 1]} {plain[index]}")
        for index in range(count - 2, -1, -1):
            if found[index + 1] and not found[index] and not is_long(sentences[index]):
                found[index] = self._has(f"{plain[index]} {plain[index + 1]}")
        return found

    def shows_all(self, text: str) -> bool:
        """Return whether every sentence of a text stands on the page."""
        found = self.shows_each([sentence.text for sentence in sentences_in(text)])
        return bool(found) and all(found)

    def as_printed(self, text: str) -> str:
        """Return a text as this page prints it; its own words where they stand within a longer piece."""
        known = self.headings.get(folded(text))
        if known is not None:
            return known
        return " ".join(self.sentences.get(folded(one.text), one.text) for one in sentences_in(text))

    def _has(self, words: str) -> bool:
        """Return whether folded words stand on the page as whole sentences."""
        if words in self.sentences:
            return True
        if not words or not _CLOSES.search(words[-8:]):
            return False
        end = 0
        for _ in range(_TRIES):
            at = self.text.find(words, end)
            if at < 0:
                return False
            end = at + len(words)
            if _OPENS.search(self.text[max(0, at - 8) : at]) and self.text[end : end + 1] in ("", " "):
                return True
        return False


def page_of(article: Article) -> Page:
    """Return the visible text of an article's page, remembered for as long as the article itself is held."""
    found = _PAGES.get(article)
    if found is None:
        found = _PAGES[article] = Page(article)
    return found


_PAGES: WeakKeyDictionary[Article, Page] = WeakKeyDictionary()


def is_long(sentence: str) -> bool:
    """Return whether a sentence has eight words; two ideographs or syllables count as a word."""
    signs = len(_IDEOGRAPHS.findall(sentence))
    return len(words_in(_IDEOGRAPHS.sub(" ", sentence))) + signs // 2 >= LEAST
