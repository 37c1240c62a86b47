"""Front pages: which articles they link, and under which headline."""

from typing import Any

from crawler.address import page_key
from crawler.discovery.entries import Entry, Listing, address_in, article_key, distinct, folded, same_outlet
from crawler.errors import InputError
from crawler.parser.decode import decode
from crawler.parser.tree import tree_of

# Links of fewer words most often name sections and services; chosen, not measured (2026-11-28).
_FEWEST_WORDS = 4
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_FURNITURE = frozenset(["nav", "footer"])
_SILENT = frozenset(["script", "style", "svg", "noscript", "template"])
_MOST_LINKS = 20_000


def read_front_page(body: bytes, url: str, content_type: str | None) -> Listing:
    """Read the articles that a page links within its own outlet, each under its longest headline.

    A link's headline is the text of a heading in or around it, or else its own text.

    Raises:
        InputError: It is no page.
    """
    root = tree_of(decode(body, content_type).utf8).root
    if root is None:
        raise InputError("It is no page: it holds no element.")
    best: dict[str, tuple[bool, int, Entry]] = {}
    for number, link in enumerate(root.iter("a")):
        if number >= _MOST_LINKS:
            break
        address = address_in(url, link.get("href") or "") if link.get("href") else None
        if address is None or not same_outlet(address, url) or page_key(address) == page_key(url):
            continue
        headed, words = _headline(link)
        if len(words.split()) < _FEWEST_WORDS or _in_furniture(link):
            continue
        key = article_key(address)
        entry = Entry(url=address, headline=words)
        rank = (headed, 0 if headed else len(words))
        if key not in best or rank > best[key][:2]:
            best[key] = (*rank, entry)
    return Listing(entries=distinct(entry for *_, entry in best.values()))


def _headline(link: Any) -> tuple[bool, str]:
    """Return whether a link is or holds a heading, and its words."""
    for inner in link.iter(*_HEADINGS):
        return True, _text(inner)
    above = link.getparent()
    while above is not None and above.tag in ("span", "strong", "b", "em"):
        above = above.getparent()
    return above is not None and above.tag in _HEADINGS, _text(link)


def _text(element: Any) -> str:
    said = [
        each.text if start else each.tail
        for start, each in _walked(element)
        if (start and each.tag not in _SILENT) or (not start and each is not element)
    ]
    return folded(" ".join(filter(None, said)))


def _walked(element: Any) -> Any:
    """Yield an element and what it holds in order of text: as it begins, and as it ends."""
    stack = [(element, False)]
    while stack:
        each, ended = stack.pop()
        yield not ended, each
        if not ended:
            stack.append((each, True))
            if each.tag not in _SILENT:
                stack.extend((child, False) for child in reversed(each))


def _in_furniture(link: Any) -> bool:
    return any(above.tag in _FURNITURE for above in link.iterancestors())
