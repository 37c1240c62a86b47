"""An article's text as eyes see it, with the way back to the characters of the page."""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from diffs.model import Article, Block, Claim, Evidence, Headlines

# Soft hyphen, zero-width signs, direction marks, variation selectors: none of them leaves ink.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)
_JAMO = range(0x1160, 0x1200)  # vowels and finals of Hangul, which join the letter before them


@dataclass(frozen=True, slots=True)
class Seen:
    """A text as it is seen.

    Attributes:
        text: Composed letters (NFC), no invisible characters.
        raw: The text as the page has it.
        places: For each offset of `text`, and the one after its last, the offset in `raw`; None where they
            are the same.
    """

    text: str
    raw: str
    places: tuple[int, ...] | None = None

    def there(self, offset: int) -> int:
        """Return the offset in the page's own text."""
        return offset if self.places is None else self.places[offset]


@lru_cache(maxsize=2048)
def _is_seen(text: str) -> bool:
    """Return whether all of a text is seen as it stands; most texts are."""
    return text.isascii() or not (_UNSEEN.search(text) or not unicodedata.is_normalized("NFC", text))


def seen(text: str) -> Seen:
    """Return a text as eyes see it."""
    if _is_seen(text):
        return Seen(text, text)
    parts: list[str] = []
    places: list[int] = []
    starts = [0, *(at for at in range(1, len(text)) if _begins(text[at])), len(text)]
    for start, end in pairwise(starts):
        part = unicodedata.normalize("NFC", _UNSEEN.sub("", text[start:end]))
        parts.append(part)
        places += [start] * len(part)
    return Seen("".join(parts), text, (*places, len(text)))


def _begins(sign: str) -> bool:
    """Return whether a character begins a letter of its own."""
    return unicodedata.combining(sign) == 0 and ord(sign) not in _JAMO


class Visible:
    """An article as it is seen, and what was found in it put back into the characters of the page."""

    def __init__(self, article: Article) -> None:
        """Read the article's texts.

        Args:
            article: The article as the page has it.
        """
        self.raw = article
        heads = article.headlines
        lines = {
            "headline": article.headline,
            "standfirst": article.standfirst,
            "byline": article.byline,
            "og": heads.og,
            "json_ld": heads.json_ld,
            "title": heads.title,
        }
        printed = {name: text for name, text in lines.items() if text is not None}
        texts = [*(block.text for block in article.blocks), *printed.values()]
        self.same = all(text.isascii() or _is_seen(text) for text in texts)
        self.blocks = () if self.same else tuple(seen(block.text) for block in article.blocks)
        self.lines = {} if self.same else {name: seen(text) for name, text in printed.items()}
        self.article = article if self.same else self._article()

    def _article(self) -> Article:
        raw = self.raw
        line = {name: one.text for name, one in self.lines.items()}.get
        return replace(
            raw,
            headline=line("headline"),
            standfirst=line("standfirst"),
            byline=line("byline"),
            headlines=Headlines(
                h1=raw.headlines.h1, og=line("og"), json_ld=line("json_ld"), title=line("title")
            ),
            blocks=tuple(
                Block(kind=block.kind, text=one.text, at=block.at)
                for block, one in zip(raw.blocks, self.blocks, strict=True)
            ),
        )

    def evidence(self, where: Evidence | None) -> Evidence | None:
        """Return the same place in the characters of the page."""
        if where is None or self.same:
            return where
        one = self._text(where.place, where.block)
        if one is None:
            return where
        start, end = one.there(where.start), one.there(where.end)
        return replace(where, start=start, end=end, text=one.raw[start:end])

    def claim(self, claim: Claim | None) -> Claim | None:
        """Return the same claim with the sentence and the number as the page has them."""
        if claim is None or self.same:
            return claim
        one = self._text(claim.place.value, claim.block)
        if one is None:
            return claim
        at = claim.offset
        start, end, first, last = (
            one.there(offset) for offset in (at, at + len(claim.sentence), at + claim.start, at + claim.end)
        )
        return replace(
            claim,
            sentence=one.raw[start:end],
            offset=start,
            start=first - start,
            end=last - start,
            number_text=None if claim.number_text is None else one.raw[first:last],
        )

    def _text(self, place: str, block: int | None) -> Seen | None:
        return self.lines.get(place) if block is None else self.blocks[block]
