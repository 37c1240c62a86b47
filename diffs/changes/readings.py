"""The claims of an article, read once however often they are compared."""

from dataclasses import replace
from weakref import WeakKeyDictionary

from diffs.claims import MOST_CLAIMS, claims_in
from diffs.model import Article, Claim
from diffs.text import sentences_in

# Sentences of one article in which figures are read. The longest of 382 real articles whose text was marked by hand has
# 477 (2026-11-28); from here on a page can only be made to stall its reader. Wording is compared to the end.
MOST_SENTENCES = 3000
_READ: WeakKeyDictionary[Article, tuple[Claim, ...]] = WeakKeyDictionary()


def claims_of(article: Article) -> tuple[Claim, ...]:
    """Return what `claims_in` reads, remembered for as long as the article itself is held.

    So every version of a history is read once, however many there are: a cache of a fixed size would read a longer
    history again for each report of it. Figures are read in the first 3,000 sentences, and of them the first 5,000
    claims are kept (`is_read_whole`).
    """
    found = _READ.get(article)
    if found is None:
        found = _READ[article] = claims_in(_readable(article))
    return found


def is_read_whole(article: Article) -> bool:
    """Return whether figures were read in the whole article.

    Behind its 3,000th sentence, and behind its 5,000th claim, none is known to be unchanged.
    """
    return _readable(article) is article and len(claims_of(article)) < MOST_CLAIMS


def _readable(article: Article) -> Article:
    """Return an article up to its 3,000th sentence; itself where it has no more."""
    if sum(len(block.text) for block in article.blocks) < 2 * MOST_SENTENCES:
        return article
    left = MOST_SENTENCES
    for number, block in enumerate(article.blocks):
        sentences = sentences_in(block.text)
        if len(sentences) > left:
            part = replace(block, text=block.text[: sentences[left].start].rstrip())
            return replace(
                article, blocks=(*article.blocks[:number], part) if part.text else article.blocks[:number]
            )
        left -= len(sentences)
    return article
