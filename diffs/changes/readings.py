"""The claims of an article, read once however often they are compared."""

from weakref import WeakKeyDictionary

from diffs.claims import claims_in
from diffs.model import Article, Claim

_READ: WeakKeyDictionary[Article, tuple[Claim, ...]] = WeakKeyDictionary()


def claims_of(article: Article) -> tuple[Claim, ...]:
    """Return what `claims_in` reads, remembered for as long as the article itself is held.

    So every version of a history is read once, however many there are: a cache of a fixed size would read a longer
    history again for each report of it.
    """
    found = _READ.get(article)
    if found is None:
        found = _READ[article] = claims_in(article)
    return found
