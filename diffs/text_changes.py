"""Changes of the body's wording: passages added, removed, edited or moved."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from diffs.align import Pair, Sentence
from diffs.edits import edits_between
from diffs.identity import id_of
from diffs.model import Article, BlockKind, Change, ChangeKind, ChangeType, Evidence, Weight
from diffs.weigh import canonical, counted, weight_between

_SIDES: tuple[Callable[[Pair], tuple[Sentence, ...]], ...] = (attrgetter("old"), attrgetter("new"))


@dataclass(frozen=True, slots=True)
class Versions:
    """The two versions under comparison.

    Attributes:
        old: The version before.
        new: The version after.
        address: What ids are told apart by.
        names: Words either version uses as names.
    """

    old: Article
    new: Article
    address: str
    names: Collection[str]


def evidence_of(article: Article, sentences: Sequence[Sentence]) -> Evidence | None:
    """Give where the first to the last of some sentences of one block stand, or None for none."""
    if not sentences:
        return None
    first = sentences[0]
    block = article.blocks[first.block]
    end = max(sentence.end for sentence in sentences if sentence.block == first.block)
    return Evidence(
        place=block.kind.value,
        block=first.block,
        start=first.start,
        end=end,
        text=block.text[first.start : end],
    )


def text_changes(versions: Versions, pairs: Sequence[Pair]) -> Iterator[tuple[Change, tuple[Pair, ...]]]:
    """Yield the changes of wording with the passages each rests on.

    Neighbouring sentences of one block that came, went or moved together are one change.
    """
    for run in _runs(pairs):
        change = _change_of(versions, run)
        if change is not None:
            yield change, run


def _runs(pairs: Sequence[Pair]) -> Iterator[tuple[Pair, ...]]:
    """Yield the pairs that differ, those that came, went or moved side by side as one."""
    ranks = [_ranks(sentence for pair in pairs for sentence in side(pair)) for side in _SIDES]
    groups: dict[str, list[Pair]] = {"edited": [], "added": [], "removed": [], "moved": [], "same": []}
    for pair in pairs:
        groups[_state(pair)].append(pair)
    yield from ((pair,) for pair in groups["edited"])
    for state in ("added", "removed", "moved"):
        side = 0 if state == "removed" else 1
        in_order = sorted(groups[state], key=lambda pair, side=side: _place(_SIDES[side](pair)[0]))
        yield from _joined(in_order, ranks)


def _place(sentence: Sentence) -> tuple[int, int]:
    return sentence.block, sentence.start


def _ranks(sentences: Iterable[Sentence]) -> dict[tuple[int, int], int]:
    return {place: rank for rank, place in enumerate(sorted(map(_place, sentences)))}


def _joined(pairs: Sequence[Pair], ranks: Sequence[dict[tuple[int, int], int]]) -> Iterator[tuple[Pair, ...]]:
    """Yield runs of pairs whose sentences follow each other within one block, on every side they have."""
    run: list[Pair] = []
    for pair in pairs:
        if run and all(
            _follows(side(run[-1]), side(pair), rank) for side, rank in zip(_SIDES, ranks, strict=True)
        ):
            run.append(pair)
            continue
        if run:
            yield tuple(run)
        run = [pair]
    if run:
        yield tuple(run)


def _follows(before: Sequence[Sentence], after: Sequence[Sentence], rank: dict[tuple[int, int], int]) -> bool:
    if not before or not after:
        return not before and not after
    last, first = before[-1], after[0]
    return last.block == first.block and rank[_place(first)] == rank[_place(last)] + 1


def _state(pair: Pair) -> str:
    if not pair.old:
        return "added"
    if not pair.new:
        return "removed"
    return "edited" if pair.old_text != pair.new_text else "moved" if pair.moved else "same"


def _change_of(versions: Versions, run: tuple[Pair, ...]) -> Change | None:
    state = _state(run[0])
    before = evidence_of(versions.old, [sentence for pair in run for sentence in pair.old])
    after = evidence_of(versions.new, [sentence for pair in run for sentence in pair.new])
    kind = ChangeKind.CORRECTION if BlockKind.CORRECTION in _places(before, after) else ChangeKind.TEXT
    type_ = ChangeType(state)
    old, new = (" ".join(getattr(pair, side) for pair in run) for side in ("old_text", "new_text"))
    return Change(
        id=id_of(versions.address, kind, type_, old or None, new or None),
        kind=kind,
        type=type_,
        weight=_weight(versions, kind, type_, (old, new), before or after),
        edits=edits_between(old, new) if type_ is ChangeType.EDITED else (),
        before=before,
        after=after,
        detail="moved" if type_ is ChangeType.EDITED and run[0].moved else "",
    )


def _places(*evidence: Evidence | None) -> set[str]:
    return {one.place for one in evidence if one is not None}


def _weight(
    versions: Versions, kind: ChangeKind, type_: ChangeType, texts: tuple[str, str], where: Evidence | None
) -> Weight:
    if kind is ChangeKind.CORRECTION:
        cosmetic = type_ is ChangeType.MOVED or canonical(texts[0]) == canonical(texts[1])
        return Weight.COSMETIC if cosmetic else Weight.SUBSTANTIVE
    if type_ is ChangeType.MOVED:
        return Weight.MINOR
    if type_ is ChangeType.EDITED:
        return weight_between(*texts, versions.names)
    if where is not None and where.place == BlockKind.CAPTION:
        counts = any(figure.amount is not None for figure in counted(texts[0] or texts[1]))
        return Weight.SUBSTANTIVE if counts else Weight.MINOR
    return Weight.SUBSTANTIVE if canonical(texts[0] or texts[1]) else Weight.COSMETIC
