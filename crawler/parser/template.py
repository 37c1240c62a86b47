"""Remembers what a site's articles share, since that is furniture."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self

from crawler.parser.boxes import Box, Page, is_prose
from crawler.parser.container import article_boxes, scope_of
from crawler.parser.decode import decode
from crawler.parser.elements import HEADINGS
from crawler.parser.furniture import mark
from crawler.parser.headline import displayed_headline
from crawler.parser.metadata import metadata_of
from crawler.parser.reading import reading_of
from crawler.parser.shapes import bare_shape, named_shape, top_level
from crawler.parser.wayback import original_url
from crawler.parser.wording import is_correction, is_guarded, states_toll
from diffs.claims import claims_in_text

_EDITORIAL = HEADINGS | {
    "blockquote",
    "figure",
    "figcaption",
    "table",
    "tbody",
    "tr",
    "td",
    "th",
    "li",
    "article",
    "main",
    "body",
}
_MARKS = re.compile(r"'|\b(?:h[1-6]|img|input|button|form|time|label|ul|iframe)\b")
# Kept since 2026-11-23, by false and missed changes with a template from six other pages on 121 news pages.
_SHARE = 0.2
_LONG = 80
_FEW = 4
_MOST = 0.6
_WORDS = re.compile(r"\w+")


@dataclass(slots=True)
class _Sightings:
    """Where a text or shape was seen while learning."""

    urls: set[str] = field(default_factory=set)
    times: int = 0
    largest: float = 0.0
    guarded: int = 0

    def add(self, url: str, share: float, *, guarded: bool) -> None:
        self.urls.add(url)
        self.times += 1
        self.largest = max(self.largest, share)
        self.guarded += guarded


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What one article of a site adds to its template.

    Attributes:
        url: Its original address.
        lines: Its lines, and whether each states something checkable.
        sentences: Those lines that are prose.
        phrases: Its phrases, numbers and names left open.
        shapes: The shapes of its boxes, each with its share of the sentences and whether it states something.
    """

    url: str
    lines: tuple[tuple[str, bool], ...]
    sentences: tuple[str, ...]
    phrases: frozenset[str]
    shapes: tuple[tuple[str, float, bool], ...]


def sample_of(address: str, body: bytes) -> Sample | None:
    """Return what a page adds to its site's template, or None where it cannot be read."""
    url = original_url(address)
    page = _page(url, body)
    if page is None:
        return None
    return Sample(
        url=url,
        lines=tuple((line.text, is_guarded(line.text)) for line in page.lines),
        sentences=tuple(line.text for line in page.lines if line.prose),
        phrases=frozenset(phrase for line in page.lines for phrase in phrases_in(line.text)),
        shapes=tuple(_shapes(page)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What other articles of one site taught.

    Attributes:
        texts: Lines that recur, each with the addresses that showed it.
        shapes: Shapes of boxes that recur around changing words, each with the addresses that showed it.
        phrases: Three words in a row that recur, numbers and names left open, each with the addresses that showed it.
    """

    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    shapes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    phrases: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def learn(cls, pages: Iterable[tuple[str, bytes]]) -> Self:
        """Learn from a site's articles.

        A line is furniture where two addresses show it (three where it is a sentence, or holds a number, a quotation
        or a source), and a fifth of all do; a long plain sentence, which articles about one event may share as
        their background, where three do and a third of all. A shape is furniture where half of all addresses and at least three
        show it, a few times a page, on no page with more than a fifth of the sentences, and mostly
        without a sentence that states something checkable. A sentence is furniture too where most of its
        phrases stand on two thirds of all addresses and at least three: the same words around other numbers
        and names ("has covered 7 elections"). Where that would be more than a fifth of most pages, the articles
        themselves are written to a form, and no wording is learnt. A sentence that states a toll is
        never taken for its words.

        Args:
            pages: Address and bytes of each page; neither order nor repetition matters.
        """
        return cls.of_samples(sample_of(address, body) for address, body in pages)

    @classmethod
    def of_samples(cls, samples: Iterable[Sample | None]) -> Self:
        """Learn as `learn` does, from pages that were read before; None is a page that cannot be read."""
        texts: dict[str, _Sightings] = {}
        shapes: dict[str, _Sightings] = {}
        phrases: dict[str, set[str]] = {}
        urls: set[str] = set()
        sentences: dict[str, tuple[str, ...]] = {}
        for sample in samples:
            if sample is None:
                continue
            url = sample.url
            urls.add(url)
            sentences[url] = sample.sentences
            for text, guarded in sample.lines:
                texts.setdefault(text, _Sightings()).add(url, 0, guarded=guarded)
            for phrase in sample.phrases:
                phrases.setdefault(phrase, set()).add(url)
            for shape, share, guarded in sample.shapes:
                shapes.setdefault(shape, _Sightings()).add(url, share, guarded=guarded)
        many, most = max(3, (len(urls) + 1) // 2), max(3, (2 * len(urls) + 2) // 3)
        learnt = cls(
            phrases={
                phrase: tuple(sorted(seen)) for phrase, seen in sorted(phrases.items()) if len(seen) >= most
            }
        )
        formulaic = sum(1 for found in sentences.values() if learnt.is_formulaic(found))
        return cls(
            texts={
                text: tuple(sorted(seen.urls))
                for text, seen in sorted(texts.items())
                if len(seen.urls) >= _needed(text, seen, len(urls))
                and not is_correction(text)
                and not (is_prose(text, 0) and _claims(text))
            },
            shapes={
                shape: tuple(sorted(seen.urls))
                for shape, seen in sorted(shapes.items())
                if len(seen.urls) >= many
                and seen.times <= 8 * len(seen.urls)
                and seen.largest <= _SHARE
                and seen.guarded <= 0.4 * seen.times
            },
            phrases=learnt.phrases if 2 * formulaic < len(urls) else {},
        )

    @property
    def hash(self) -> str:
        """Twelve hex digits that name this template; equal for equal content."""
        phrases = (sorted(self.phrases.items()),) if self.phrases else ()
        content = repr((sorted(self.texts.items()), sorted(self.shapes.items()), *phrases))
        return hashlib.sha256(content.encode()).hexdigest()[:12]

    def reason_for(self, page: Page, box: Box) -> str | None:
        """Name why a box is furniture by what the site's other articles show, or None."""
        if box.end - box.start == 1:
            urls = self.texts.get(page.lines[box.start].text)
            if urls:
                return f"template_text: also on {len(urls)} other pages, such as {urls[0]}"
            if box.tag not in HEADINGS and (urls := self._wordings(page.lines[box.start].text)):
                return f"template_wording: much the same on {len(urls)} other pages, such as {urls[0]}"
        if box.raw > _SHARE * page.root.raw or box.tag in _EDITORIAL or _states(page, box):
            return None
        for shape in _names(box):
            urls = self.shapes.get(shape)
            if urls:
                return f"template_shape: {shape[:60]} also on {len(urls)} other pages, such as {urls[0]}"
        return None

    def overreaches(self) -> bool:
        """Return whether a line it calls furniture is a correction or a sentence about casualties, which `learn` never does."""
        return any(is_correction(text) or (is_prose(text, 0) and _claims(text)) for text in self.texts)

    def is_formulaic(self, sentences: Sequence[str]) -> bool:
        """Return whether more than a fifth of a page's sentences are worded as most other pages' are."""
        found = sum(len(text) for text in sentences if self._wordings(text))
        return found > _SHARE * sum(map(len, sentences))

    def _wordings(self, text: str) -> tuple[str, ...]:
        """Return the addresses that show most of a sentence's phrases; none where it has few, or states a toll."""
        spoken = phrases_in(text)
        known = [phrase for phrase in spoken if phrase in self.phrases]
        if len(spoken) < _FEW or len(known) < _MOST * len(spoken) or _claims(text) or is_correction(text):
            return ()
        shown = Counter(url for phrase in known for url in self.phrases[phrase])
        return tuple(url for url, times in sorted(shown.items()) if times >= _MOST * len(known))


def _claims(text: str) -> bool:
    """Return whether a text speaks of people killed, hurt, missing or driven out: what is measured is never furniture."""
    return states_toll(text) or bool(claims_in_text(text))


def phrases_in(text: str) -> frozenset[str]:
    """Return each three words that follow each other in a text, numbers and capitalised words left open.

    Three of which more than one is open are none: names and figures say what an article says.
    """
    words = [word if word[0].islower() and word.isalpha() else "*" for word in _WORDS.findall(text)]
    return frozenset(
        " ".join(three) for three in zip(words, words[1:], words[2:], strict=False) if three.count("*") <= 1
    )


def _needed(text: str, seen: _Sightings, pages: int) -> int:
    """Return how many of so many addresses must show a line before it is furniture."""
    if is_prose(text, 0):
        return max(3, (pages + 2) // 3 if len(text) >= _LONG else pages // 5)
    return max(2, pages // 5) + bool(seen.guarded)


def _page(url: str, body: bytes) -> Page | None:
    decoded = decode(body)
    reading = reading_of(decoded.text, decoded.raw)
    if reading is None:
        return None
    page = reading.page
    meta = metadata_of(reading.root, url)
    _, heading = displayed_headline(page, meta.og_title, meta.ld_title, meta.title)
    mark(page, heading)
    return page


def _shapes(page: Page) -> Iterator[tuple[str, float, bool]]:
    """Yield every shape in the article's part of the page, with its share of the sentences."""
    chosen = article_boxes(page, None)
    if not chosen:
        return
    scope = scope_of(chosen[0])
    total = max(1, page.root.raw)
    for box in page.boxes:
        if (
            box.tag in _EDITORIAL
            or (box.parent is not None and box.parent.reason is not None)
            or not (scope.start <= box.start and box.end <= scope.end)
        ):
            continue
        guarded = _states(page, box)
        for shape in _names(box):
            yield shape, box.raw / total, guarded


def _names(box: Box) -> Iterator[str]:
    named = named_shape(box)
    if named is not None:
        yield named
    bare = bare_shape(box)
    if _MARKS.search(bare) if box.tag != "p" else "#" not in top_level(bare):
        yield bare


def _states(page: Page, box: Box) -> bool:
    """Return whether a box holds, without a link or control, a sentence that states something checkable."""
    lines = page.lines[box.start : box.end]
    if box.tag == "p":
        return any(is_guarded(line.text) and line.links < 0.5 * len(line.text) for line in lines)
    if box.links or box.controls or box.images:
        return False
    return any(is_prose(line.text, 0) and is_guarded(line.text) for line in lines)
