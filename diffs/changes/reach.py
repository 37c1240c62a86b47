"""How far two versions can be compared where one of them ends before the article does."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from diffs.align import Pair, Sentence
from diffs.model import Article, Change, ChangeType, Claim
from diffs.text import folded

Place = tuple[int, int]
_GAP = 3  # sentences missing in a row for each one that follows, from which those that follow are a footer
_ELLIPSIS = " .…[]("  # what a cut sentence ends with


@dataclass(frozen=True, slots=True)
class Reach:
    """The last places of two versions that the other one can show.

    Attributes:
        old: Block and offset after which the old version goes on and the new one, being partial, shows
            nothing; None where the new version is whole.
        new: The same for the new version.
    """

    old: Place | None = None
    new: Place | None = None

    @property
    def ends(self) -> tuple[Place | None, Place | None]:
        """The end of the old side and that of the new."""
        return self.old, self.new

    def hides(self, side: int, block: int | None, offset: int) -> bool:
        """Return whether a place of one side (0 old, 1 new) lies where the other version shows nothing."""
        end = self.ends[side]
        return end is not None and block is not None and (block, offset) > end

    def split(self, side: int, claims: Iterable[Claim]) -> tuple[list[Claim], list[Claim]]:
        """Return the claims of one side that can be compared, and those that cannot."""
        if self.ends[side] is None:
            return list(claims), []
        sides: tuple[list[Claim], list[Claim]] = ([], [])
        for claim in claims:
            sides[self.hides(side, claim.block, claim.offset)].append(claim)
        return sides

    def pairs(self, pairs: Iterable[Pair]) -> tuple[Pair, ...]:
        """Return the pairs without the additions and removals that lie where the other version shows nothing."""
        if self.old is self.new is None:
            return tuple(pairs)
        return tuple(pair for pair in pairs if not self._is_hidden(pair))

    def _is_hidden(self, pair: Pair) -> bool:
        if pair.old and pair.new:
            return self._is_cut(pair)
        side, sentence = (0, pair.old[0]) if pair.old else (1, pair.new[0])
        return self.hides(side, sentence.block, sentence.start)

    def _is_cut(self, pair: Pair) -> bool:
        """Return whether a pair is a sentence and as much of it as stands before the cut.

        Only the last sentence of a partial version can be cut: one shortened before others that both
        versions show was edited.
        """
        return any(
            self.hides(side, whole[0].block, whole[0].start) and _opens(part, whole)
            for side, (whole, part) in enumerate(((pair.old, pair.new), (pair.new, pair.old)))
        )

    def drops(self, change: Change) -> bool:
        """Return whether a change lies wholly where one version shows nothing."""
        where = [change.before, change.after]
        if change.type is ChangeType.REVERTED or all(one is None or one.block is None for one in where):
            return False
        return all(one is None or self.hides(side, one.block, one.start) for side, one in enumerate(where))


def reach_of(old: Article, new: Article, pairs: Sequence[Pair]) -> Reach:
    """Return how far two versions can be compared.

    A partial version shows the article up to its last sentence that the other version has in the same order;
    where none is shared, nothing of the other version is in its reach. What both have behind a long gap, such
    as an agency's footer under a wall, does not bring the gap into reach.

    Args:
        old: The version before.
        new: The version after.
        pairs: The aligned sentences of their bodies.
    """
    return Reach(
        _last([(pair.old, pair.new, pair.moved) for pair in pairs]) if new.partial else None,
        _last([(pair.new, pair.old, pair.moved) for pair in pairs]) if old.partial else None,
    )


def _last(pairs: Sequence[tuple[tuple[Sentence, ...], tuple[Sentence, ...], bool]]) -> Place:
    """Return where the last sentence of a whole version stands that a partial one shows.

    Args:
        pairs: Of each pair the whole version's sentences, the partial one's, and whether they moved.
    """
    places = sorted(
        ((side.block, side.start), bool(other) and not moved and not _opens(other, sides))
        for sides, other, moved in pairs
        for side in sides
    )
    left = sum(shown for _, shown in places)
    last, gap = (-1, -1), 0
    for place, shown in places:
        if not shown:
            gap += 1
            continue
        if gap >= _GAP and left * _GAP <= gap:
            return last
        last, gap = place, 0
        left -= 1
    return last


def _opens(part: Collection[Sentence], whole: Collection[Sentence]) -> bool:
    """Return whether a cut sentence is the opening of a whole one.

    One that ends with a full stop where the whole one goes on was ended by a hand: a wall cuts, and writes no stop.
    """
    texts = [folded(" ".join(sentence.text for sentence in side)) for side in (part, whole)]
    opening = texts[0].rstrip(_ELLIPSIS)
    if texts[0] == f"{opening}." and not texts[1].startswith(texts[0]):
        return False
    return texts[0] != texts[1] and len(opening) >= 20 and texts[1].startswith(opening)
