"""Markup to one lxml tree, repaired where lxml would lose text."""

import re
from dataclasses import dataclass
from itertools import islice
from threading import local

from lxml import etree

MAX_REPAIR = 2_000_000
MAX_TAGS = 120_000
# The shortest tag is "<a>": a page of fewer characters than three a tag needs no count.
_FEW = 3 * MAX_TAGS
_CLOSED = re.compile(rb"</(?:[bB][oO][dD][yY]|[hH][tT][mM][lL])\s{0,9}>")
_TAG = re.compile(rb"<(?!/?(?:body|html)\b|!|/?script\b|/?noscript\b)[a-z]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A page's element tree.

    Attributes:
        root: The `html` element, or None where the page has no element at all.
        suspect: Why text may be missing, or None.
    """

    root: etree._Element | None
    suspect: str | None = None


def tree_of(raw: bytes, closed: int = 0) -> Tree:
    """Parse markup given as UTF-8, at most its first 120,000 tags.

    libxml2 2.14 drops what is nested deeper than 255 levels without a word (2,047 with `huge_tree`);
    measured 2026-11-23. The walk notices, and `flattened_tree` is for such pages.

    Args:
        raw: The page.
        closed: A place before which no tag closes it.
    """
    raw = _reopened(raw, closed)
    if len(raw) > _FEW and raw.count(b"<") > MAX_TAGS:
        return Tree(root=_parsed(_cut(raw)), suspect=f"more than {MAX_TAGS} tags: not read whole")
    return Tree(root=_parsed(raw))


def flattened_tree(text: str) -> etree._Element | None:
    """Parse markup with everything below 200 levels put side by side; None for more than 2 MB."""
    return _parsed(_flattened(text).encode("utf-8", "replace")) if len(text) <= MAX_REPAIR else None


def _reopened(raw: bytes, closed: int) -> bytes:
    """Return a page without the tags that close it, where something stands behind them: libxml2 drops that, browsers show it."""
    close = _CLOSED.search(raw, closed)
    if close is None or _TAG.search(raw, close.end()) is None:
        return raw
    return _CLOSED.sub(b"", raw)


def _cut(raw: bytes) -> bytes:
    """Return a page up to the last tag that we read."""
    last = next(islice(re.finditer(b"<", raw), MAX_TAGS, None))
    return raw[: last.start()]


class _Own(local):
    """The parser of a thread: making one takes a fortieth of what the parse of a news page takes (measured 2026-11-28)."""

    def __init__(self) -> None:
        self.parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True, collect_ids=False)


_OWN = _Own()


def _parsed(raw: bytes) -> etree._Element | None:
    try:
        return etree.fromstring(raw, _OWN.parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _flattened(text: str) -> str:
    """Write the page again with everything below 200 levels as siblings, by BeautifulSoup's parser."""
    # Few pages are so deep, and what reads them takes as long to load as twenty pages to read (2026-11-29).
    from bs4 import BeautifulSoup  # noqa: PLC0415
    from bs4.element import NavigableString, PreformattedString, Tag  # noqa: PLC0415

    soup = BeautifulSoup(text, "html.parser")
    parts: list[str] = []
    stack: list[tuple[object, int]] = [(child, 0) for child in reversed(soup.contents)]
    while stack:
        node, depth = stack.pop()
        if isinstance(node, str):
            parts.append(node)
        elif isinstance(node, tuple):
            parts.append(node[0])
        elif isinstance(node, NavigableString):
            if not isinstance(node, PreformattedString):
                parts.append(_escaped(str(node)))
        elif isinstance(node, Tag):
            if depth < 200 or node.name in ("p", "li"):
                attributes = "".join(
                    f' {k}="{_escaped(str(v))}"' for k, v in node.attrs.items() if k == "class"
                )
                parts.append(f"<{node.name}{attributes}>")
                stack.append(((f"</{node.name}>",), depth))
            stack.extend((child, depth + 1) for child in reversed(node.contents))
    return "".join(parts)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
