"""Markup to a walked page, by way of a repair where lxml alone would lose text."""

import re
from dataclasses import dataclass

from lxml import etree

from crawler.parser.boxes import Page
from crawler.parser.tree import flattened_tree, tree_of
from crawler.parser.walk import page_of
from crawler.parser.wayback import TOOLBAR, without_toolbar

# Where a page is closed, or where an archive's toolbar begins: both in one go, since a page has 150,000 bytes, and to look through them
# once takes a sixtieth of the parser's time (343 news pages, 2026-11-29).
_LANDMARK = re.compile(
    rb"<(?:/(?:[bB][oO][dD][yY]|[hH][tT][mM][lL])\s{0,9}>|!--\s{0,9}[bB][eE][gG][iI][nN] WAYBACK TOOLBAR)"
)
_TOO_DEEP = "nested too deeply to read whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A page's tree and what the walk over it found.

    Attributes:
        root: The `html` element.
        page: Its lines and boxes.
        suspect: Why text may be missing, or None.
    """

    root: etree._Element
    page: Page
    suspect: str | None = None


def reading_of(text: str, raw: bytes | None = None) -> Reading | None:
    """Read markup, an archive's toolbar taken out; None where it holds no element at all.

    Text nested deeper than 250 levels, which libxml2 would drop further down without a word, is read by
    flattening the page with BeautifulSoup, up to 2 MB.

    Args:
        text: The page.
        raw: The same as UTF-8 where that is at hand, or None.
    """
    landmark = _LANDMARK.search(raw) if raw is not None else None
    if raw is None or (landmark is not None and raw.find(TOOLBAR, landmark.start()) >= 0):
        text = without_toolbar(text)
        raw = text.encode("utf-8", "replace")
        landmark = _LANDMARK.search(raw)
    tree = tree_of(raw, landmark.start() if landmark is not None else len(raw))
    if tree.root is None:
        return None
    page = page_of(tree.root)
    if page.cut and tree.suspect is None:
        flat = flattened_tree(text)
        if flat is None:
            return Reading(root=tree.root, page=page, suspect=_TOO_DEEP)
        page = page_of(flat)
        return Reading(root=flat, page=page, suspect=_TOO_DEEP if page.cut else None)
    return Reading(root=tree.root, page=page, suspect=tree.suspect)
