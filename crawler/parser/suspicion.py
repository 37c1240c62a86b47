"""Says when a page is no article that anything may be claimed from."""

import re
import unicodedata
from urllib.parse import urlsplit

from crawler.parser.walls import PART, Wall
from diffs.model import Block, BlockKind, Removed

# Kept since 2026-11-23: block pages and soft 404s of the test cases are shorter.
_SHORT = 700
# One stub among the 343 news pages declares `isAccessibleForFree: false` and shows 474 characters (2026-11-28); no whole text that
# declares it is shorter than 500.
_FIRST_LINES = 500
_FEW = 3
# The shortest story among 343 news pages of 1997 to 2026 read 2026-11-28 has 171 characters, a stub in Japanese 52; labels taken for text had fewer than 40.
_HARDLY = 40
_HARDLY_DENSE = 55
_BLOCKED = re.compile(
    r"\b(?:access (?:to this page has been )?denied|403 forbidden|you have been blocked|attention required|verify(?:ing)? (?:that )?you are (?:a )?human|"
    r"(?:checking|check) your browser|just a moment\W*$|are you a robot|unusual traffic|captcha|request (?:was )?(?:blocked|unsuccessful)|pardon our interruption|"
    r"enable javascript and cookies|ddos protection|bot (?:detection|protection)|security check)\b",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"\b(?:404|page (?:not found|cannot be found|can['’]t be found|no longer (?:exists|available))|not found|(?:article|story|page) (?:is |has been |was )?(?:no longer available|removed|unavailable|not available)|"
    r"(?:couldn['’]t|could not|can['’]t|cannot) (?:find|be found)|does(?:n['’]t| not) exist|seite (?:wurde )?nicht gefunden|page introuvable|página no encontrada|something went wrong|"
    r"an error occurred|(?:500|502|503) (?:internal|bad|service)|service unavailable|temporarily unavailable)\b",
    re.IGNORECASE,
)
# A slug of five words of four letters or more, none of which the page prints, names something else: true of no article among the
# 343 news pages and the 245 marked ones (2026-11-28).
_SLUG = 5
_STEM = 5
_TELLING = 200
_READ = 6000
_FOREIGN = re.compile(r"[\u0250-\uffff]")
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "ı": "i", "ß": "ss", "æ": "ae", "đ": "d", "œ": "oe"})
_TEXT = frozenset(
    [BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.QUOTE, BlockKind.LIVE_UPDATE, BlockKind.TABLE_ROW]
)
_CARDS = frozenset(["teaser_card", "promotion", "card", "other_story", "related_link"])
_LINKS = frozenset(["navigation", "header", "link_list", "link_menu"])
# Places that a page's script fills in, printed as they stand ("{{ story.title }}").
_UNFILLED = re.compile(r"\{\{[^{}]{1,300}\}\}")
_HALF = 2
_BODY = re.compile("<body", re.IGNORECASE)
_WALL = re.compile(
    r"\b(?:(?:subscribe|sign in|log in|register|create (?:a free |an )?account) to (?:continue|keep|read|view|access)|subscribers only|for subscribers|already a subscriber|"
    r"to continue reading|you have reached your (?:article )?limit|this content is (?:only )?available to|before you continue|we value your privacy|"
    r"consent to (?:the use of )?cookies|accept (?:all )?cookies|cookies? (?:consent|policy)|privacy (?:settings|choices)|einwilligung|werbung und tracking)\b",
    re.IGNORECASE,
)


def suspicion_of(
    headline: str | None, blocks: tuple[Block, ...], title: str | None, tags: int, rest: str = ""
) -> str | None:
    """Judge whether a page shows an article.

    Args:
        headline: The displayed headline, or None.
        blocks: What was taken for the body.
        title: The window's title, or None.
        rest: The page's other words, asked only where there is no body.
        tags: How many tags the page has, asked only where there is no body: many without text are an empty shell.

    Returns:
        Why nothing may be claimed from the page, or None. A long text is never doubted for its words.
    """
    texts = [block.text for block in blocks if block.kind is not BlockKind.CAPTION]
    body = " ".join(texts) or rest[:2000]
    if len(body) < _SHORT:
        names = " ".join(text for text in (headline, title) if text)
        for reason, pattern in (("block page", _BLOCKED), ("soft 404", _MISSING)):
            if pattern.search(names) or (len(body) < 400 and pattern.search(body)):
                return reason
        if _WALL.search(names) or (len(texts) <= 3 and _WALL.search(body)):
            return "consent or login wall"
    if texts and len(body) < (_HARDLY if body[:1] < "\u2e80" else _HARDLY_DENSE):
        return "hardly any text"
    if sum(len(match) for match in _UNFILLED.findall(body)) * _HALF > len(body):
        return "a template that was not filled in"
    if not texts:
        return "empty shell" if tags > 50 else "no article text"
    return None


def walled(wall: Wall | None, blocks: tuple[Block, ...], *, ciphered: bool, paid: bool) -> str | None:
    """Return why too little stands before a wall or a ciphered part to claim anything from it, or None."""
    if wall is not None and not wall.part:
        return f"the text ends in a wall: {wall.words[:80]}"
    size = sum(len(block.text) for block in blocks if block.kind in _TEXT)
    if ciphered and size < PART:
        return "the text is ciphered"
    if paid and 0 < size < _FIRST_LINES and sum(1 for block in blocks if block.kind in _TEXT) <= _FEW:
        return "only the first lines of an article that is sold"
    return None


def other_page(
    url: str,
    headline: str | None,
    titles: tuple[str | None, ...],
    blocks: tuple[Block, ...],
    *,
    teasers: bool,
) -> str | None:
    """Judge whether a page shows another thing than the article its address names.

    Args:
        url: The page's original address.
        headline: The displayed headline, or None.
        titles: What the page calls itself in `og:title` and JSON-LD.
        blocks: What was read as text.
        teasers: Whether most of its sentences open with a link.

    Returns:
        "a page of other stories", "another story than its address names", or None.
    """
    slug = _slug(url)
    if (
        teasers
        and len(slug) < _SLUG
        and not any(map(str.isdigit, url.rsplit("//", maxsplit=1)[-1].partition("/")[2]))
    ):
        return "a page of other stories"
    if len(slug) < _SLUG:
        return None
    text = " ".join([headline or "", *(title or "" for title in titles), *(block.text for block in blocks)])[
        :_READ
    ]
    plain = text.lower()
    if any(word[:_STEM] in plain for word in slug):
        return None
    if len(text) < _TELLING or 5 * len(_FOREIGN.findall(text)) > len(text):
        return None
    plain_words = _ascii(text)
    if not any(word[:_STEM] in plain_words for word in slug):
        return "another story than its address names"
    return None


def names_section(
    headline: str | None, blocks: tuple[Block, ...], removed: tuple[Removed, ...]
) -> str | None:
    """Judge whether a page is a section's: it is called as one of its own links is, and shows more of other stories than text.

    Args:
        headline: The displayed headline, or None.
        blocks: What was read as text.
        removed: What was taken away, with its reason.

    Returns:
        "a page of other stories", or None.
    """
    if not headline or len(headline.split()) > _FEW:
        return None
    texts = [block.text for block in blocks if block.kind in _TEXT]
    cards = [item.text for item in removed if item.reason in _CARDS]
    if len(texts) > _FEW or len(cards) < _SLUG or sum(map(len, cards)) < 2 * sum(map(len, texts)):
        return None
    name = headline.casefold()
    linked = any(item.reason in _LINKS and item.text.casefold() == name for item in removed)
    return "a page of other stories" if linked else None


def _slug(url: str) -> list[str]:
    """Return the words of the longest part of an address that spells a title, numbers left out."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return []
    parts = (re.findall(r"[a-z]{4,}", part.lower()) for part in path.rsplit(".", 1)[0].split("/"))
    return max(parts, key=len, default=[])


def _ascii(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.lower().translate(_PLAIN))
    return "".join(character for character in folded if not unicodedata.combining(character))


def is_cut(text: str) -> bool:
    """Return whether a page's markup breaks off: it opens a body and its last bytes close nothing."""
    tail = text[-2000:].rstrip().lower()
    if "</html" in tail or "</body" in tail or _BODY.search(text, 0, 200_000) is None:
        return False
    return re.search(r"<[^<>]*$", tail) is not None or not tail.endswith((">", "-->"))
