"""Changes of the body's wording: passages added, removed, edited or moved."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from operator import attrgetter

from diffs.align import Pair, Sentence
from diffs.changes.identity import id_of
from diffs.changes.weigh import canonical, weight_between
from diffs.edits import edits_between
from diffs.model import Article, BlockKind, Change, ChangeKind, ChangeType, Evidence, Weight
from diffs.text import folded, sentences_in

_CREDIT = re.compile(r"(?:Published\s?On|Image\s+by|Credit|Photo(?:graph)?(?:\s+by|s?:)|Picture:|©|\(Photo)")
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
    """Return where the first to the last of some sentences of one block stand, or None for none."""
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


class _Shown:
    """What two versions show, read once for all their passages."""

    def __init__(self, versions: Versions) -> None:
        self.before = cache(partial(_shown, versions.old))
        self.after = cache(partial(_shown, versions.new))


def text_changes(versions: Versions, pairs: Sequence[Pair]) -> Iterator[tuple[Change, tuple[Pair, ...]]]:
    """Yield the changes of wording with the passages each rests on.

    Neighbouring sentences of one block that came, went or moved together are one change.
    """
    shown = _Shown(versions)
    for run in _runs(pairs):
        yield _change_of(versions, shown, run), run


def _runs(pairs: Sequence[Pair]) -> Iterator[tuple[Pair, ...]]:
    """Yield the pairs that differ, those that came, went or moved side by side as one."""
    ranks = [_ranks(sentence for pair in pairs for sentence in side(pair)) for side in _SIDES]
    groups: dict[str, list[Pair]] = {"edited": [], "added": [], "removed": [], "moved": [], "same": []}
    for pair in pairs:
        groups[_state(pair)].append(pair)
    yield from ((pair,) for pair in groups["edited"])
    for state in ("added", "removed", "moved"):
        side = _SIDES[0 if state == "removed" else 1]
        in_order = {_place(side(pair)[0]): pair for pair in groups[state]}
        yield from _joined([in_order[place] for place in sorted(in_order)], ranks)


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


def _change_of(versions: Versions, shown: _Shown, run: tuple[Pair, ...]) -> Change:
    before = evidence_of(versions.old, [sentence for pair in run for sentence in pair.old])
    after = evidence_of(versions.new, [sentence for pair in run for sentence in pair.new])
    type_ = ChangeType(_state(run[0]))
    noted = BlockKind.CORRECTION in _places(before, after)
    old = " ".join(pair.old_text for pair in run if pair.old)
    new = " ".join(pair.new_text for pair in run if pair.new)
    if type_ is ChangeType.EDITED:
        if BlockKind.CAPTION in _places(before, after):
            weight = weight_between(_uncredited(old), _uncredited(new), versions.names)
        else:
            weight = weight_between(old, new, versions.names)
    elif type_ is ChangeType.MOVED:
        weight = Weight.MINOR
    else:
        weight = _weight_of_passage(shown, type_, old or new, before or after)
    if noted and weight is Weight.MINOR:
        weight = Weight.COSMETIC if type_ is ChangeType.MOVED else Weight.SUBSTANTIVE
    kind = ChangeKind.CORRECTION if noted else ChangeKind.TEXT
    return Change(
        id=id_of(versions.address, kind, type_, old or None, new or None),
        kind=kind,
        type=type_,
        weight=weight,
        edits=edits_between(old, new) if type_ is ChangeType.EDITED else (),
        before=before,
        after=after,
        moved=type_ is ChangeType.EDITED and run[0].moved,
    )


def _uncredited(caption: str) -> str:
    """Return a caption without the photographer, agency and date set after it."""
    return _CREDIT.split(caption, maxsplit=1)[0]


def _places(*evidence: Evidence | None) -> set[str]:
    return {one.place for one in evidence if one is not None}


def _weight_of_passage(shown: _Shown, type_: ChangeType, text: str, where: Evidence | None) -> Weight:
    """Weigh a passage that came or went.

    A caption comes and goes with its picture, and a standfirst's or caption's words may stand in the body
    of another page template: neither changes what the page tells. The victims a caption counts are told
    as casualty changes.
    """
    if not canonical(text):
        return Weight.COSMETIC
    other = shown.before if type_ is ChangeType.ADDED else shown.after
    caption = where is not None and where.place == BlockKind.CAPTION
    if {folded(sentence.text) for sentence in sentences_in(text)} <= other(captions=not caption):
        return Weight.MINOR
    return Weight.MINOR if caption else Weight.SUBSTANTIVE


def _shown(article: Article, *, captions: bool) -> frozenset[str]:
    """Return the sentences of the standfirst and of the captions, or of all blocks but captions, folded."""
    texts = [block.text for block in article.blocks if (block.kind is BlockKind.CAPTION) is captions]
    return frozenset(
        folded(sentence.text)
        for text in (article.standfirst or "", *texts)
        for sentence in sentences_in(text)
    )
