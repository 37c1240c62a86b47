"""Markup to a walked page, by way of a repair where lxml alone would lose text."""

from dataclasses import dataclass

from lxml import etree

from crawler.parser.boxes import Page
from crawler.parser.tree import flattened_tree, tree_of
from crawler.parser.walk import page_of
from crawler.parser.wayback import TOOLBAR, without_toolbar

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
    if raw is None or TOOLBAR in raw:
        text = without_toolbar(text)
        raw = text.encode("utf-8", "replace")
    tree = tree_of(raw)
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
