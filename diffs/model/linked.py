"""The headlines under which other pages link an article: words of the publisher's that stand outside the article."""

from dataclasses import dataclass
from datetime import datetime

from diffs.model.changes import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A look at a page that links the article.

    Attributes:
        at: When the page was captured or, where it was read at its host, asked (aware UTC).
        url: The address that was read.
        archive: Name of the archive that holds the capture, or None where the page was read at its host and no capture
            proves it.
        link: Where a reader can see the capture, or None.
        noted: Whether it was noted where it was read; where it was not, `archive` is None and says nothing.
    """

    at: datetime
    url: str
    archive: str | None = None
    link: str | None = None
    noted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedHeadline:
    """One wording of a link to the article, and how long it was seen.

    Attributes:
        source: Address of the feed, sitemap or front page that links it.
        headline: The words.
        first: The first look that saw them.
        last: The last look that saw them before other words, or so far.
    """

    source: str
    headline: str
    first: Sighting
    last: Sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedChange:
    """A link to the article that got other words, after the last look at the old and not later than the first at the new.

    Attributes:
        id: `linked-` and 16 hexadecimal digits, made of the source, the words and how often they changed so before.
        before: The old words.
        after: The new ones, of the same source.
        changes: What differs between the two, read as headlines: the wording, and each figure.
    """

    id: str
    before: LinkedHeadline
    after: LinkedHeadline
    changes: tuple[Change, ...]
