"""Tells whether another address shows the same article: after a redirect, or by what the page calls itself."""

import re
from collections.abc import Iterator

from crawler.address import page_address
from crawler.archive.urlkey import site_of, urlkey_of
from crawler.errors import InputError
from diffs.align import likeness
from diffs.model import Article
from diffs.text import folded

# Versions of one article share far more of their words than two articles of one site do.
ALIKE = 0.4
# A slug or a story number that two addresses share: shorter ones are sections and years.
HYPHENS = 2
DIGITS = 5
LONGEST = 500


def same_article(one: Article, other: Article) -> bool:
    """Return whether two readable pages are versions of one article."""
    heads = (folded(one.headline or ""), folded(other.headline or ""))
    return (heads[0] == heads[1] != "") or likeness(one.text, other.text) >= ALIKE


def own_address(article: Article, url: str) -> str | None:
    """Return the address that a page calls its own, where that is another one of the same story, or None.

    A canonical address is believed only on the same site, and only where both addresses carry the same slug
    or story number: sites are known to name their front page, or another story, as canonical.
    """
    own = article.canonical_url
    if own is None or len(own) > LONGEST or not is_page(own):
        return None
    ours, theirs = urlkey_of(url), urlkey_of(own)
    if ours == theirs or site_of(ours) != site_of(theirs):
        return None
    return own if set(_telling(ours)) & set(_telling(theirs)) else None


def is_page(address: str) -> bool:
    """Whether a page's word for an address can be one of a page."""
    try:
        return address.startswith(("http://", "https://")) and bool(page_address(address))
    except InputError:
        return False


def _telling(urlkey: str) -> Iterator[str]:
    """Yield the slugs and story numbers of an address."""
    for word in re.split(r"[^a-z0-9_-]+", urlkey.lower()):
        if word.count("-") >= HYPHENS or (word.isdigit() and len(word) >= DIGITS):
            yield word
        yield from (part for part in word.split("-") if part.isdigit() and len(part) >= DIGITS)
