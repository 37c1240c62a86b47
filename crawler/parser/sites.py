"""Finds what a site calls itself, by the short links to its front page."""

import re

from lxml import etree

from crawler.parser.boxes import Page
from crawler.parser.remembered import remembered

# A link to the front page that is as long as a headline is one on a captured front page.
_SITE_NAME = 40
# An address of more slashes leads further than to a front page.
_SLASHES = 3
_HOME = re.compile(r"(?:https?:)?//[^/?#]+/?|/(?:index\.\w{3,5})?", re.IGNORECASE)


@remembered
def letters_of(text: str) -> str:
    """Return a text's letters and digits only, lower case first, for asking whether two titles say the same."""
    return "".join(filter(str.isalnum, text.lower()))


class Sites:
    """The names of a page's site, looked for once a text is short enough to be one; most headlines are longer."""

    __slots__ = ("names", "page")

    def __init__(self, page: Page) -> None:
        self.page = page
        self.names: frozenset[str] | None = None

    def __contains__(self, folded: str) -> bool:
        if len(folded) > _SITE_NAME:
            return False
        if self.names is None:
            self.names = _site_names(self.page)
        return folded in self.names


def _site_names(page: Page) -> frozenset[str]:
    """Return what short links to the front page say, folded: the site's own name, which pages of tables also give as their title."""
    around = _around_home_links(page.root.node)
    names = set()
    for line in page.lines if around else ():
        if (
            0 < line.links == len(line.text) <= _SITE_NAME
            and line.anchors == 1
            and (node := line.box.node) in around
        ):
            link = node if line.box.tag == "a" else next(node.iter("a"), None)
            if link is not None and _is_home(link):
                names.add(letters_of(line.text))
    return frozenset(names - {""})


def _around_home_links(body: etree._Element) -> set[etree._Element]:
    """Return every link to a front page and all elements around one."""
    found: set[etree._Element] = set()
    for link in body.iter("a"):
        if link.get("href", "").count("/") > _SLASHES:
            continue
        step: etree._Element | None = link if _is_home(link) else None
        while step is not None and step not in found:
            found.add(step)
            step = step.getparent()
    return found


def _is_home(link: etree._Element) -> bool:
    href = (link.get("href") or "").strip()[:200]
    # The pattern goes back over each letter of a host that a path follows, as in most addresses.
    return (href[-1:] == "/" or href.count("/") < _SLASHES) and _HOME.fullmatch(href) is not None
