"""The claims of an article, read once however often they are compared."""

from functools import lru_cache

from diffs.claims import claims_in
from diffs.model import Article, Claim


@lru_cache(maxsize=1024)
def claims_of(article: Article) -> tuple[Claim, ...]:
    """Return what `claims_in` reads, remembered for the articles of a history."""
    return claims_in(article)
