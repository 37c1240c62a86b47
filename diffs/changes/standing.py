"""What still stands on a page: the layout moved it, nobody removed it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from html import unescape
from itertools import pairwise

from diffs.changes.weigh import canonical
from diffs.language.figures import figures_in
from diffs.model import Article, BlockKind
from diffs.text import ABBREVIATIONS, folded, sentences_in, word_texts_in

LEAST = 8  # words of a sentence that cannot stand on a page by chance (the law of the design)
_APART = (BlockKind.CAPTION, BlockKind.CORRECTION)
_TRIES = 50  # places looked at for one sentence
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_STOP = re.compile(r"[.!?…。！？]+[\"'»)\]」』]*")
_BEFORE = re.compile(r"[\w.]+$")
_CLOSES = re.compile(r"[.!?…。！？][\"'»)\]」』]*$")
# Two captures of one page share at least half of the names around their text under one design, at most a third under another
# (38 pairs of captures of 2008 to 2022, measured 2026-11-28); fewer than two names on a side tell nothing.
_SHARED = 0.4
_NAMES = 2
# Unless the other side has at least four, none of which its own design would have dropped (made-up pages of 21 designs, 2026-11-28).
_NAMED = 4
# Of the boxes down to a paragraph two captures share three quarters or more under one design, at most a half under another (23 pairs of
# captures of 2008 to 2024, measured 2026-11-29).
_FRAMED = 0.6
_OTHERS = 2  # boxes: one that has another name may be in another state
_ROOTS = frozenset(["html", "body"])
_SAID = re.compile(r"[“”„«»\"]")


class Page:
    """The visible text of one page, asked whether a sentence stands in it.

    It is the article's own text without captions and notes, and what its page shows outside the blocks.
    """

    def __init__(self, article: Article, given: str = "") -> None:
        """Take a page; its text is read when it is first asked.

        Args:
            article: The article whose page is asked.
            given: What the page says in its description and no longer prints under its headline.
        """
        self.article = article
        self.given = {folded(one.text) for one in sentences_in(given)}
        self.headings = {
            folded(block.text): block.text
            for block in article.page_text
            if block.kind is BlockKind.SUBHEADING
        }

    @cached_property
    def sentences(self) -> dict[str, str]:
        """The sentences of the page, by their folded form."""
        found: dict[str, str] = {}
        for text in self._texts():
            found.update(_sentences_of(text))
        return found

    @cached_property
    def pieces(self) -> tuple[list[str], dict[str, list[int]]]:
        """What stops part the page's text into, in order, and where each piece stands."""
        pieces = [piece for text in self._texts() for piece in _pieces_of(text)]
        places: defaultdict[str, list[int]] = defaultdict(list)
        for number, piece in enumerate(pieces):
            places[piece].append(number)
        return pieces, places

    def _texts(self) -> Iterator[str]:
        outside = (block for block in self.article.page_text if block.kind is not BlockKind.SUBHEADING)
        yield from (block.text for block in (*self.article.blocks, *outside) if block.kind not in _APART)

    def shows_heading(self, text: str) -> bool:
        """Return whether a heading of the page has these very words."""
        return bool(text) and folded(text) in self.headings

    def shows(self, sentence: str) -> bool:
        """Return whether a whole sentence of eight words or more stands on the page, typography apart."""
        return is_long(sentence) and self._has(folded(sentence))

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

    def place_of(self, text: str) -> str:
        """Return where on the page a text that it shows stands: in its text, or only in its description."""
        words = folded(text)
        described = any(words in one and one not in self.sentences for one in self.given)
        return "description" if described else "page"

    def _has(self, words: str) -> bool:
        """Return whether folded words stand on the page as whole sentences."""
        if words in self.sentences or words in self.given:
            return True
        wanted = _pieces(words)
        if not wanted or not _CLOSES.search(words[-8:]):
            return False
        pieces, places = self.pieces
        return any(pieces[at : at + len(wanted)] == wanted for at in places.get(wanted[0], ())[:_TRIES])


def pages_of(old: Article, new: Article) -> tuple[Page, Page]:
    """Return the pages of two versions, to be asked what still stands on them.

    A standfirst that only one version prints counts as shown by the other one where the design of the page changed and
    both pages give it as their description: the new design does not print it, and nobody took it back.
    """
    return Page(old, _given_by(old, new)), Page(new, _given_by(new, old))


def _given_by(page: Article, other: Article) -> str:
    """Return the other version's standfirst where this page, of another design, only gives it as its description."""
    text = other.standfirst or ""
    if not text or page.standfirst or not is_relaid(page, other):
        return ""
    words = _spelt(text)
    return (
        text if words and all(words in _spelt(unescape(one.described or "")) for one in (page, other)) else ""
    )


def _spelt(text: str) -> str:
    """Return the words and figures of a text without its marks, a blank around each."""
    return "".join(f" {word} " for word in canonical(text) if any(map(str.isalnum, word)))


def is_relaid(old: Article, new: Article) -> bool:
    """Return whether two versions were read from pages of unlike design."""
    if _is_reframed(old.frame, new.frame):
        return True
    names = (set(old.layout), set(new.layout))
    if min(map(len, names)) < _NAMES and max(map(len, names)) < _NAMED:
        return False
    return len(names[0] & names[1]) <= _SHARED * max(map(len, names))


def _is_reframed(old: Sequence[str], new: Sequence[str]) -> bool:
    """Return whether the boxes from the page down to a paragraph are others, in number and name.

    What a page's root and one paragraph are called tells no design: the state of the page, or that the paragraph is the first.
    """
    frames = [_boxes_of(one) for one in (old, new)]
    most = max(map(len, frames))
    shared = (Counter(frames[0]) & Counter(frames[1])).total()
    return bool(old and new) and most - shared >= _OTHERS and shared <= _FRAMED * most


def _boxes_of(frame: Sequence[str]) -> list[str]:
    """Return the steps of a frame between the page's root and a paragraph, and the paragraph's tag."""
    steps = [step for step in frame if step.split(".", 1)[0] not in _ROOTS]
    return [*steps[:-1], *(step.split(".", 1)[0] for step in steps[-1:])]


def is_label(text: str) -> bool:
    """Return whether a passage is a few words that end in no stop and hold no figure and no quotation: no sentence of a text."""
    return (
        not is_long(text)
        and _CLOSES.search(text[-8:]) is None
        and _SAID.search(text) is None
        and not figures_in(text)
    )


# Most blocks of a version stand in the next one too.
@lru_cache(maxsize=1024)
def _sentences_of(text: str) -> dict[str, str]:
    """Return the sentences of a text, by their folded form; nobody changes what is returned."""
    return {folded(one.text): one.text for one in sentences_in(text)}


@lru_cache(maxsize=1024)
def _pieces_of(text: str) -> tuple[str, ...]:
    return tuple(_pieces(folded(text)))


def _pieces(text: str) -> list[str]:
    """Return what stops part a folded text into: whole sentences, also where the space behind a stop was lost."""
    ends = [match.end() for match in _STOP.finditer(text) if _parts(text, match)]
    pieces = (text[start:end].strip() for start, end in pairwise([0, *ends, len(text)]))
    return [piece for piece in pieces if piece]


def _parts(text: str, stop: re.Match[str]) -> bool:
    """Return whether a stop ends a sentence: not in a number, an initialism, an abbreviation or an address.

    A tail of a sentence must never count as a sentence: "5 million were displaced" in "1.5 million were
    displaced", "army units killed 12" in "denied that the u.s. army units killed 12".
    """
    following = text[stop.end() : stop.end() + 1]
    if set(stop.group()) & set("!?…。！？"):
        return True
    found = _BEFORE.search(text[max(0, stop.start() - 40) : stop.start()])
    word = found.group() if found else ""
    if word.isdigit():
        return not following.isdigit()
    if len(word) == 1 or "." in word or word in ABBREVIATIONS:
        return not following
    return following in ("", " ") or (word.isalpha() and len(word) > 2 and following.isalpha())


def is_long(sentence: str) -> bool:
    """Return whether a sentence has eight words; two ideographs or syllables count as a word."""
    if sentence.isascii():
        return len(word_texts_in(sentence)) >= LEAST
    signs = len(_IDEOGRAPHS.findall(sentence))
    return len(word_texts_in(_IDEOGRAPHS.sub(" ", sentence))) + signs // 2 >= LEAST
