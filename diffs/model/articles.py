"""One version of an article as the parser gives it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Self

from diffs.model.forms import INTERNAL, digest_of_known


class BlockKind(StrEnum):
    """What a block of an article is; only captions and corrections stand outside `Article.text`."""

    PARAGRAPH = "paragraph"
    SUBHEADING = "subheading"
    QUOTE = "quote"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    LIVE_UPDATE = "live_update"
    CAPTION = "caption"
    CORRECTION = "correction"


_APART = (BlockKind.CAPTION, BlockKind.CORRECTION)


class View(StrEnum):
    """A way to see an article's text that does not depend on how it was read."""

    WRITTEN = "written"
    DESCRIPTION = "description"
    DENSITY = "density"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of an article in reading order.

    Attributes:
        kind: What the block is.
        text: Its words as printed, white space folded to single spaces.
        at: For a live-update entry, when the publisher says it was posted (aware UTC), else None.
    """

    kind: BlockKind
    text: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """A box of an article's text that is set unlike its own paragraphs, as a page's furniture is.

    Attributes:
        blocks: The numbers of the blocks that stand in it.
        boxed: True where the box is called something else than what holds the text, or stands beside it; False where a
            paragraph has only a class of its own, or all of it is set in bold or italic type or is a link.
    """

    blocks: tuple[int, ...]
    boxed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A piece of page furniture that the parser took away, so that a reader can check it.

    Attributes:
        reason: The name of the rule that took it, such as `video_caption` or `related_link`.
        text: Its words as they stood on the page.
    """

    reason: str
    text: str

    @classmethod
    def all_of(cls, pieces: Iterable[tuple[str, str]]) -> "tuple[Removed, ...]":
        """Return a record for each reason with its text.

        A frozen record's constructor sets its fields one by one through `object.__setattr__`. A page has 170 of these, and
        setting their slots takes half of the time (measured 2026-11-28).
        """
        put_reason, put_text = cls.__dict__["reason"].__set__, cls.__dict__["text"].__set__
        found: list[Removed] = []
        for reason, text in pieces:
            one = object.__new__(cls)
            put_reason(one, reason)
            put_text(one, text)
            found.append(one)
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Headlines:
    """Every headline a page carries, by the place it stands in; None where the page has none there.

    Attributes:
        h1: The one a reader sees.
        og: `og:title`, which social networks show.
        json_ld: `headline` of the page's JSON-LD article.
        title: The `<title>` of the window, as printed (site name included).
    """

    h1: str | None = None
    og: str | None = None
    json_ld: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True)
class Article:
    """The clean text of one snapshot.

    Attributes:
        headline: The displayed headline, or None where the page shows none.
        headlines: Every variant of the headline by place.
        standfirst: The summary printed under the headline, or None.
        byline: The authors as printed, or None.
        published: When the publisher says it published (aware UTC), or None.
        modified: When the publisher says it last modified (aware UTC), or None.
        language: BCP 47 tag as declared or detected, lower case (`en`, `pt-br`), or None.
        publisher: The site's own name for itself, or None.
        url: The address the page was asked by.
        canonical_url: What the page calls its own address, or None.
        captured_at: When the archive captured it (aware UTC), or None.
        parser: Version of the parser, and the template's hash after a `+` where one was used.
        blocks: The body in reading order, captions and corrections included.
        removed: What was stripped and why.
        suspect: Why no change may be claimed from this article, or None.
        notes: What the parser wants known but that does not make the article suspect,
            such as disagreeing dates.
        partial: Why the blocks end before the article does ("a register wall follows"), or None. What a
            partial article lacks beyond its last block is never evidence of a removal; what it does show
            is compared as ever.
        page_text: The visible text of the page that stands outside the blocks, in reading order, paragraphs
            and headings (`h1` to `h3`, as subheadings) as printed: never captions, comments, other stories, links, hidden text, metadata or
            scripts. It decides whether a passage that left the blocks still stands on the page, takes no
            part in the fingerprint nor in the JSON form, and is empty where the article was not read from a page.
        doubts: The views of the page that do not see the text that was read: its JSON-LD `articleBody`, its description, the box
            whose paragraphs hold most. Kept as `page_text` is. A text without any is read surely.
        sold: True where the page says that its text is not free to read. Kept as `page_text` is.
        utc_offset: Minutes by which the page's own clock is ahead of UTC, as its stamps state it, or None where they state
            none or UTC itself. Kept as `page_text` is.
        described: What the page's meta tags give as its description, or None; kept as `page_text` is.
        layout: The names that the page's markup gives the boxes around the text, sorted; kept as `page_text` is. Two versions
            whose layouts share few names were read from pages of another design.
        apart: The blocks that are set unlike the article's own paragraphs, box by box; kept as `page_text` is.
        frame: What the boxes from the page down to a paragraph of the article's own are, outer before inner: element and
            names. Kept as `page_text` is; it tells designs apart whose boxes have no names that people wrote.
    """

    headline: str | None = None
    headlines: Headlines = field(default_factory=Headlines)
    standfirst: str | None = None
    byline: str | None = None
    published: datetime | None = None
    modified: datetime | None = None
    language: str | None = None
    publisher: str | None = None
    url: str | None = None
    canonical_url: str | None = None
    captured_at: datetime | None = None
    parser: str = "text"
    blocks: tuple[Block, ...] = ()
    removed: tuple[Removed, ...] = ()
    suspect: str | None = None
    notes: tuple[str, ...] = ()
    partial: str | None = None
    page_text: tuple[Block, ...] = field(default=(), metadata=INTERNAL)
    doubts: tuple[View, ...] = field(default=(), metadata=INTERNAL)
    sold: bool = field(default=False, metadata=INTERNAL)
    utc_offset: int | None = field(default=None, metadata=INTERNAL)
    described: str | None = field(default=None, metadata=INTERNAL)
    layout: tuple[str, ...] = field(default=(), metadata=INTERNAL)
    apart: tuple[Apart, ...] = field(default=(), metadata=INTERNAL)
    frame: tuple[str, ...] = field(default=(), metadata=INTERNAL)

    def __hash__(self) -> int:
        """Return the hash of what tells articles apart most often: that of all fields would read all that was removed."""
        return hash((self.headline, self.captured_at, *[block.text for block in self.blocks]))

    @property
    def text(self) -> str:
        """The body: every block but captions and corrections, joined by a blank line."""
        return "\n\n".join(self.texts)

    @property
    def texts(self) -> list[str]:
        """The texts of the blocks that make the body."""
        return [block.text for block in self.blocks if block.kind not in _APART]

    @classmethod
    def from_text(cls, headline: str | None, *paragraphs: str) -> Self:
        """Return an article of a headline (or None) and its paragraphs, without any furniture.

        Example:
            >>> [block.text for block in Article.from_text("Ferry sinks", "Twelve people died.").blocks]
            ['Twelve people died.']
        """
        blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in paragraphs if text.strip())
        return cls(headline=headline, headlines=Headlines(h1=headline), blocks=blocks)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what a reader reads: headlines, standfirst, byline, blocks; never of stamps.

        Two snapshots with the same fingerprint show the same revision.
        """
        heads = self.headlines
        parts = [self.headline, heads.og, heads.json_ld, self.standfirst, self.byline]
        parts += [item for block in self.blocks for item in (block.kind.value, block.text)]
        return digest_of_known(*parts)
