"""Quotations that came, went, were altered or changed speaker."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from diffs.align import comparable, likeness
from diffs.changes.identity import id_of
from diffs.changes.passages import Versions
from diffs.changes.quotes import Quote, quotes_in
from diffs.changes.reach import Reach
from diffs.changes.weigh import canonical
from diffs.edits import edits_between
from diffs.language.en import ENGLISH
from diffs.model import Article, BlockKind, Change, ChangeKind, ChangeType, Evidence, Weight
from diffs.text import folded, word_texts_in

_LEAST = 3  # words from which a quotation counts as someone's words, not as distance to a term
_APART = (BlockKind.CAPTION, BlockKind.CORRECTION)
_PRONOUNS = ENGLISH.words("pronouns.subjects")


@dataclass(frozen=True, slots=True)
class _Placed:
    block: int
    quote: Quote


def quote_changes(versions: Versions, reach: Reach) -> Iterator[Change]:
    """Yield what became of the bodies' quotations of three words or more.

    Args:
        versions: The two versions.
        reach: How far they can be compared.
    """
    old, new = _quotes(versions.old), _quotes(versions.new)
    kept, gone, come = _matched(old, new)
    gone, come = (
        [placed for placed in side if not reach.hides(number, placed.block, placed.quote.start)]
        for number, side in enumerate((gone, come))
    )
    for before, after in kept:
        if _other_speaker(before.quote, after.quote):
            yield _change(versions, ChangeType.REATTRIBUTED, before, after)
    for before, after in _altered(gone, come):
        gone.remove(before)
        come.remove(after)
        if canonical(before.quote.text) != canonical(after.quote.text):
            yield _change(versions, ChangeType.ALTERED, before, after)
    text = folded(versions.new.text) if gone else ""
    for before in gone:
        if before.quote.key not in text:
            yield _change(versions, ChangeType.REMOVED, before, None)
    text = folded(versions.old.text) if come else ""
    for after in come:
        if after.quote.key not in text:
            yield _change(versions, ChangeType.ADDED, None, after)


def _quotes(article: Article) -> list[_Placed]:
    return [
        placed
        for number, block in enumerate(article.blocks)
        if block.kind not in _APART
        for placed in _spoken_at(number, block.text)
    ]


# Most blocks of a version stand where they stood in the one before, and each version is compared twice.
@lru_cache(maxsize=1024)
def _spoken_at(block: int, text: str) -> tuple[_Placed, ...]:
    return tuple(
        _Placed(block, quote) for quote in quotes_in(text) if len(word_texts_in(quote.text)) >= _LEAST
    )


def _matched(
    old: list[_Placed], new: list[_Placed]
) -> tuple[list[tuple[_Placed, _Placed]], list[_Placed], list[_Placed]]:
    """Pair the quotations that stayed; give the pairs, those gone and those come."""
    where: defaultdict[str, list[_Placed]] = defaultdict(list)
    for placed in reversed(new):
        where[placed.quote.key].append(placed)
    kept, gone = [], []
    for placed in old:
        if where[placed.quote.key]:
            kept.append((placed, where[placed.quote.key].pop()))
        else:
            gone.append(placed)
    left = {id(placed) for rest in where.values() for placed in rest}
    return kept, gone, [placed for placed in new if id(placed) in left]


def _altered(gone: list[_Placed], come: list[_Placed]) -> list[tuple[_Placed, _Placed]]:
    """Pair quotations gone and come that are versions of each other, the likest first."""
    candidates = sorted(
        (
            (-likeness(gone[i].quote.text, come[j].quote.text), abs(i - j), min(i, j), i, j)
            for i, j in comparable(range(len(gone)), range(len(come)))
        ),
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for score, _, _, i, j in candidates:
        if score <= -0.5 and i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return [(gone[i], come[j]) for i, j in pairs.items()]


def _other_speaker(old: Quote, new: Quote) -> bool:
    """Return whether a quotation changed its speaker; a pronoun or a missing name is no evidence."""
    if old.speaker is None or new.speaker is None or old.speaker == new.speaker:
        return False
    words = [{folded(word) for word in word_texts_in(speaker)} for speaker in (old.speaker, new.speaker)]
    return not (words[0] & words[1] or any(side & _PRONOUNS for side in words))


def _evidence(article: Article, placed: _Placed | None) -> Evidence | None:
    if placed is None:
        return None
    block = article.blocks[placed.block]
    start, end = placed.quote.start, placed.quote.end
    return Evidence(
        place=block.kind.value, block=placed.block, start=start, end=end, text=block.text[start:end]
    )


def _change(versions: Versions, type_: ChangeType, old: _Placed | None, new: _Placed | None) -> Change:
    texts = [None if placed is None else placed.quote.text for placed in (old, new)]
    return Change(
        id=id_of(versions.address, ChangeKind.QUOTE, type_, *texts),
        kind=ChangeKind.QUOTE,
        type=type_,
        weight=Weight.SUBSTANTIVE,
        edits=edits_between(texts[0] or "", texts[1] or "") if type_ is ChangeType.ALTERED else (),
        before=_evidence(versions.old, old),
        after=_evidence(versions.new, new),
        speaker_before=None if old is None else old.quote.speaker,
        speaker_after=None if new is None else new.quote.speaker,
    )
