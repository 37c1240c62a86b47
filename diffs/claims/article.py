"""The claims of an article, place by place."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from diffs.claims.fields import with_fields
from diffs.claims.grammars import grammar_of
from diffs.language import language_between_kin, language_shown, pack_for
from diffs.model import Article, BlockKind, Claim, Place

# Claims kept of one article: the dense article of the benchmark has 12 in 274 words (2026-11-28), so these fill some
# 100,000 words; a page of more was made to exhaust a reader.
MOST_CLAIMS = 5000
_APART = {BlockKind.CAPTION: Place.CAPTION, BlockKind.CORRECTION: Place.CORRECTION}


def claims_in_text(text: str, language: str | None = None) -> tuple[Claim, ...]:
    """Return the casualty claims of a bare text (sentences, paragraphs, capitals and all) in order.

    `Claim.offset` is the sentence's offset in `text`; `place` is `body`.

    Args:
        text: What is read.
        language: Its declared language (BCP 47), which decides where the words do not contradict it; without
            one, text is refused only on evidence of another language.

    Returns:
        The claims; none where the text is of a language in which figures are not read.

    Example:
        >>> [claim] = claims_in_text("The shelling killed 17 villagers, the governor said.")
        >>> claim.kind.value, claim.value, claim.who, claim.attribution
        ('killed', 17, 'villagers', 'the governor')
    """
    return _claims_read(text, Place.BODY, None, language)


def claims_in(article: Article) -> tuple[Claim, ...]:
    """Return the casualty claims of an article in document order: headline, standfirst, then its blocks.

    Each claim carries its place, the index of its block and the offset of its sentence there. A standfirst
    that the page prints as its first paragraph is read once, as the standfirst. A text of a language in which
    figures are not read has no claims (nor has what comes after the first `MOST_CLAIMS`); one paragraph of another language in an English article has none.

    Example:
        >>> article = Article.from_text("Nine sailors drown", "At least 9 sailors drowned, police said.")
        >>> [(claim.place.value, claim.value, claim.qualifier.value) for claim in claims_in(article)]
        [('headline', 9, 'exact'), ('lead', 9, 'at_least')]
    """
    places = list(_places(article))
    whole = " ".join(text for text, _, _ in places)
    language = language_between_kin(language_shown(whole), article.language)
    found = (claim for text, place, block in places for claim in _claims_read(text, place, block, language))
    claims = tuple(islice(found, MOST_CLAIMS))
    pack = pack_for(whole, language)
    return tuple(grammar_of(pack).article(claims, whole)) if claims and pack else claims


# Nothing outside a block but the article's language decides how it is read, and most blocks of a version stood in the one before: of 1,600
# versions of 27 blocks, all but two each (benchmarks/bench_report.py, 2026-11-28). Versions share their claims so.
def _claims_read(text: str, place: Place, block: int | None, language: str | None) -> tuple[Claim, ...]:
    found = _reading_of(text, place, language).claims(block)
    return (
        found
        if not found or found[0].block == block
        else tuple(replace(claim, block=block) for claim in found)
    )


class _Reading:
    """The claims of one text at one place, read when they are first asked for, as those of the block it then is."""

    __slots__ = ("_asked", "_found")

    def __init__(self, text: str, place: Place, language: str | None) -> None:
        self._asked: tuple[str, Place, str | None] | None = (text, place, language)
        self._found: tuple[Claim, ...] = ()

    def claims(self, block: int | None) -> tuple[Claim, ...]:
        if self._asked is not None:
            text, place, language = self._asked
            pack = pack_for(text, language)
            found = grammar_of(pack).claims(text, place) if pack else ()
            self._found = tuple(with_fields(found, pack, block)) if pack and found else ()
            self._asked = None
        return self._found


_reading_of = lru_cache(maxsize=4096)(_Reading)


def _places(article: Article) -> Iterator[tuple[str, Place, int | None]]:
    if article.headline:
        yield article.headline, Place.HEADLINE, None
    printed = {block.text for block in article.blocks if block.kind not in _APART}
    if article.standfirst and article.standfirst not in printed:
        yield article.standfirst, Place.STANDFIRST, None
    lead_seen = False
    for index, block in enumerate(article.blocks):
        place = Place.STANDFIRST if block.text == article.standfirst else _APART.get(block.kind)
        if place is None:
            is_lead = not lead_seen and block.kind is BlockKind.PARAGRAPH
            lead_seen = lead_seen or is_lead
            place = Place.LEAD if is_lead else Place.BODY
        yield block.text, place, index
