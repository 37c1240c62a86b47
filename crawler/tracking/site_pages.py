"""Chooses which pages of a site are read as siblings of an article, from a stored listing alone."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from crawler.address import page_key
from crawler.model import Capture

# Six taught as much as twelve on 14 kinds of made furniture: false changes fell from 30 % to 0 (2026-11-28).
MOST_SIBLINGS = 6
# Pages under these steps list stories or people and are no articles.
_LISTS = frozenset(
    [
        "amp",
        "archive",
        "archives",
        "author",
        "authors",
        "category",
        "categories",
        "contact",
        "feed",
        "feeds",
        "gallery",
        "galleries",
        "help",
        "home",
        "index",
        "live",
        "login",
        "newsletter",
        "newsletters",
        "page",
        "people",
        "photos",
        "profile",
        "rss",
        "search",
        "section",
        "sections",
        "series",
        "sitemap",
        "sitemaps",
        "subscribe",
        "tag",
        "tags",
        "topic",
        "topics",
        "user",
        "users",
        "video",
        "videos",
    ]
)
_WORD = re.compile(r"[^\W\d_]{4,}")
_STORY_NUMBER = re.compile(r"\d{5,}")
# A slug of fewer words is most often a section's name.
_SLUG_WORDS = 3
_SHARED_WORDS = 2


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A calendar quarter in UTC.

    Attributes:
        year: Such as 2016.
        number: 1 to 4.
    """

    year: int
    number: int

    @classmethod
    def of(cls, at: datetime) -> "Quarter":
        """Return the quarter that a time (aware) lies in."""
        utc = at.astimezone(UTC)
        return cls(utc.year, (utc.month + 2) // 3)

    @property
    def start(self) -> datetime:
        """Its first instant."""
        return datetime(self.year, 3 * self.number - 2, 1, tzinfo=UTC)

    @property
    def end(self) -> datetime:
        """Its last second; archives count in seconds."""
        following = Quarter(self.year + self.number // 4, self.number % 4 + 1).start
        return datetime.fromtimestamp(following.timestamp() - 1, UTC)

    def __str__(self) -> str:
        """Return the form in which the store keeps it: `2016Q3`."""
        return f"{self.year:04}Q{self.number}"


def prefixes_of(url: str) -> tuple[str, ...]:
    """Return the address prefixes to ask about for an article's siblings: its section first, then its host.

    A section's articles are laid out alike, and a large site's own listing would begin with other sections.
    """
    parts = urlsplit(url)
    host = parts.netloc.removeprefix("www.")
    steps = [step for step in parts.path.split("/") if step]
    root = f"https://{host}/"
    return (f"{root}{steps[0]}/", root) if len(steps) > 1 else (root,)


def is_article_address(url: str) -> bool:
    """Return whether an address looks like an article's: a slug of several words, or a story number."""
    steps = [unquote(step).lower() for step in urlsplit(url).path.split("/") if step]
    if not steps or any(step.partition(".")[0] in _LISTS for step in steps):
        return False
    last = steps[-1]
    return len(re.findall(r"[^\W\d_]{2,}", last)) >= _SLUG_WORDS or bool(_STORY_NUMBER.search(last))


def content_words(url: str) -> frozenset[str]:
    """Return the words of four letters and more in an address's last step, which say what the story is about."""
    steps = [unquote(step).lower() for step in urlsplit(url).path.split("/") if step]
    return frozenset(_WORD.findall(steps[-1].rpartition(".")[0] or steps[-1])) if steps else frozenset()


def candidates_in(captures: Iterable[Capture]) -> tuple[Capture, ...]:
    """Return the first good capture of every article address in a listing, in the listing's order."""
    found: dict[str, Capture] = {}
    for capture in captures:
        kind = (capture.mimetype or "text/html").lower()
        good = capture.status in (None, 200) and not capture.is_revisit and "html" in kind
        key = page_key(capture.url)
        if good and key not in found and is_article_address(capture.url):
            found[key] = capture
    return tuple(found.values())


def siblings_of(url: str, candidates: Iterable[Capture]) -> Iterator[Capture]:
    """Yield the captures to read as siblings of an article, most wanted first; the caller takes what it needs.

    The order depends on the candidates alone, so that it does not matter which article of a site is looked at
    first. Left out are the article itself and pages that share two content words of their slug with it or
    with one already yielded: they may tell of the same event, which must never be taken for furniture. No two
    are of one day.
    """
    own = page_key(url)
    days: dict[str, list[Capture]] = defaultdict(list)
    for capture in candidates:
        days[f"{capture.at:%Y-%m-%d}"].append(capture)
    seen = [content_words(url)]
    for day in sorted(days, key=_scattered):
        for capture in sorted(days[day], key=lambda each: _scattered(page_key(each.url))):
            words = content_words(capture.url)
            if page_key(capture.url) != own and all(len(words & other) < _SHARED_WORDS for other in seen):
                seen.append(words)
                yield capture
                break


def _scattered(text: str) -> str:
    """Return a sort key without a pattern, so that neither early days nor early letters are preferred."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
