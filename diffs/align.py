"""Which sentence of one version became which of the next, moves, splits and merges included."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from sys import intern
from typing import NamedTuple

from diffs.edits import longest_rise
from diffs.language.en import ENGLISH
from diffs.model import Article, BlockKind
from diffs.text import folded, sentences_in

_WEAK = ENGLISH.words("stop.function", "stop.weak")
_WORD = re.compile(r"\w+")
# Likeness from which two sentences count as versions of each other: anywhere, between the same two
# unchanged sentences, and where each is the only one there.
_LEAST = (0.5, 0.38, 0.25)
_ALL = 60_000  # pairs up to which everything is compared with everything
_NEAREST = 20  # ranks on either side that are compared where there is more
# Sentences left over that may share a word for it to bring them together. Below 240 sentences left over a quarter is
# the smaller bound; without this one two unlike texts of 50 to 200 KB cost time with exponent 1.7 (2026-11-28).
_CROWD = 60
_SHORT = 400  # characters
Group = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article: `article.blocks[block].text[start:end] == text`; `key` is its folded form."""

    block: int
    start: int
    end: int
    text: str
    key: str = field(repr=False)


class Pair(NamedTuple):
    """What became of a few neighbouring sentences; `pair_of` makes it.

    It is a tuple since each comparison makes one of every sentence and asks each a dozen times for its texts.

    Attributes:
        old: The sentences before; none for an addition, several for a merge.
        new: The sentences after; none for a removal, several for a split.
        moved: True where it no longer stands between the same neighbours.
        old_text: The words before, sentences joined by a space.
        new_text: The words after, likewise.
    """

    old: tuple[Sentence, ...]
    new: tuple[Sentence, ...]
    moved: bool
    old_text: str
    new_text: str

    @property
    def worded_alike(self) -> bool:
        """True for one sentence that became one with the same words, typography apart."""
        return len(self.old) == len(self.new) == 1 and self.old[0].key == self.new[0].key


def pair_of(old: tuple[Sentence, ...], new: tuple[Sentence, ...], *, moved: bool = False) -> Pair:
    """Return what became of a few neighbouring sentences: those before and those after."""
    return Pair(old, new, moved, _joined(old), _joined(new))


def _joined(sentences: tuple[Sentence, ...]) -> str:
    return sentences[0].text if len(sentences) == 1 else " ".join([sentence.text for sentence in sentences])


@dataclass(frozen=True, slots=True)
class _Bag:
    """The words of a sentence by their share in its meaning: function words a quarter, numbers a half."""

    weights: Mapping[str, float]
    total: float


# Sentences are compared again and again, whole texts with the next version's alone.
def _bag(key: str) -> _Bag:
    return _short_bag(key) if len(key) <= _SHORT else _long_bag(key)


def _new_bag(key: str) -> _Bag:
    weights: dict[str, float] = {}
    for word in map(intern, _WORD.findall(key)):
        weight = 0.25 if word in _WEAK else 0.5 if word[0].isdigit() else 1.0
        weights[word] = weights.get(word, 0.0) + weight
    return _Bag(weights, sum(weights.values()))


_short_bag = lru_cache(maxsize=8192)(_new_bag)
_long_bag = lru_cache(maxsize=128)(_new_bag)


def likeness(old: str, new: str) -> float:
    """Return the share of words two texts have in common, 0 to 1, function words weighing less."""
    return 1.0 if old == new else _likeness(_bag(folded(old)), _bag(folded(new)))


def least_likeness(old: Iterable[str], new: Iterable[str]) -> float:
    """Return what the likeness of two texts is at least, by the paragraphs that both have to the letter.

    Args:
        old: The paragraphs of the one, as printed.
        new: Those of the other.
    """
    sides = [list(side) for side in (old, new)]
    total = sum(_total(text) for side in sides for text in side)
    shared = sum(_total(text) for text in set(sides[0]).intersection(sides[1]))
    return 2 * shared / total if total else 0.0


@lru_cache(maxsize=1024)
def _total(text: str) -> float:
    return _bag(folded(text)).total


def _likeness(old: _Bag, new: _Bag) -> float:
    shared = 0.0
    others = new.weights
    for word, weight in old.weights.items():
        if word in others:
            shared += min(weight, others[word])
    return 2 * shared / (old.total + new.total) if old.total + new.total else 0.0


def comparable(old: Sequence[int], new: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of two series that are worth comparing: all, or in very long ones those of about one rank.

    No article seen has a tenth of the length from which the search is narrowed; without it, the time for a
    page of nothing but claims or quotations would grow with the square of their number.
    """
    around = len(new) if len(old) * len(new) <= _ALL else max(_NEAREST, _ALL // (2 * len(old)))
    for rank, one in enumerate(old):
        middle = rank * len(new) // len(old)
        yield from ((one, other) for other in new[max(0, middle - around) : middle + around + 1])


def sentences_of(article: Article, kinds: Iterable[BlockKind]) -> tuple[Sentence, ...]:
    """Return the sentences of the article's blocks of these kinds, in reading order."""
    wanted = frozenset(kinds)
    return tuple(
        sentence
        for number, block in enumerate(article.blocks)
        if block.kind in wanted
        for sentence in _sentences_at(number, block.text)
    )


# Most blocks of a version stand where they stood in the one before, and each version is compared twice.
@lru_cache(maxsize=1024)
def _sentences_at(block: int, text: str) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(block, span.start, span.end, span.text, folded(span.text)) for span in sentences_in(text)
    )


def aligned(old: Sequence[Sentence], new: Sequence[Sentence]) -> tuple[Pair, ...]:
    """Match the sentences of two versions.

    Every sentence of either side is in exactly one pair. Equal sentences match first, then like ones,
    likeness counting for more between unchanged neighbours; at last the halves of split sentences join.
    Pairs come in the new version's order, removals where they stood.
    """
    if [sentence.key for sentence in old] == [sentence.key for sentence in new]:
        return tuple(pair_of((before,), (after,)) for before, after in zip(old, new, strict=True))
    matches = _equal(old, new)
    matches |= _similar(old, new, matches)
    groups = _grouped(old, new, matches)
    return tuple(_ordered(old, new, groups))


def _equal(old: Sequence[Sentence], new: Sequence[Sentence]) -> dict[int, int]:
    """Match sentences with equal words, the nth of several equal ones with the nth."""
    where: defaultdict[str, list[int]] = defaultdict(list)
    for j, sentence in enumerate(new):
        where[sentence.key].append(j)
    for places in where.values():
        places.reverse()
    matches = {}
    for i, sentence in enumerate(old):
        waiting = where.get(sentence.key)
        if waiting:
            matches[i] = waiting.pop()
    return matches


@dataclass(frozen=True, slots=True)
class _Gaps:
    """The sentences left over, by how many unmoved sentences stand before them on either side."""

    old: dict[int, int]
    new: dict[int, int]
    alone: frozenset[int]

    def nearness(self, i: int, j: int) -> int:
        """Return 0 for two sentences apart, 1 for two in one gap, 2 where nothing else is in it."""
        gap = self.old[i]
        return 0 if gap != self.new[j] else 2 if gap in self.alone else 1


def _gaps(chain: Sequence[tuple[int, int]], free_old: Sequence[int], free_new: Sequence[int]) -> _Gaps:
    marks = [pair[0] for pair in chain], [pair[1] for pair in chain]
    old = {i: bisect_left(marks[0], i) for i in free_old}
    new = {j: bisect_left(marks[1], j) for j in free_new}
    crowds = Counter(old.values()), Counter(new.values())
    return _Gaps(old, new, frozenset(gap for gap, n in crowds[0].items() if n == crowds[1][gap] == 1))


def _chains(fixed: Mapping[int, int]) -> list[list[tuple[int, int]]]:
    """Return a longest run of matches in order, as found from either side, so that neither is preferred."""
    forth = sorted(fixed.items())
    back = sorted((j, i) for i, j in forth)
    if [j for j, _ in back] == [j for _, j in forth]:
        return [forth]
    chains = [[forth[k] for k in longest_rise([j for _, j in forth])]]
    other = [(back[k][1], back[k][0]) for k in longest_rise([i for _, i in back])]
    return chains if other == chains[0] else [*chains, other]


def _similar(old: Sequence[Sentence], new: Sequence[Sentence], fixed: Mapping[int, int]) -> dict[int, int]:
    """Match the sentences left over by likeness, best first."""
    taken = set(fixed.values())
    free_old = [i for i in range(len(old)) if i not in fixed]
    free_new = [j for j in range(len(new)) if j not in taken]
    if not free_old or not free_new:
        return {}
    gaps = [_gaps(chain, free_old, free_new) for chain in _chains(fixed)]
    candidates = []
    for i, j, score in _candidates(old, new, free_old, free_new):
        near = max(one.nearness(i, j) for one in gaps)
        if score >= _LEAST[near]:
            drift = abs(i / len(old) - j / len(new))
            candidates.append((-(score + 0.1 * (near > 0)), drift, min(i, j), max(i, j), i, j))
    return _best(candidates)


def _best(candidates: list[tuple[float, float, int, int, int, int]]) -> dict[int, int]:
    candidates.sort()
    matches: dict[int, int] = {}
    taken: set[int] = set()
    for *_, i, j in candidates:
        if i not in matches and j not in taken:
            matches[i] = j
            taken.add(j)
    return matches


def _candidates(
    old: Sequence[Sentence], new: Sequence[Sentence], free_old: Sequence[int], free_new: Sequence[int]
) -> Iterator[tuple[int, int, float]]:
    """Yield pairs of sentences with their likeness, those left out that can hardly be alike.

    Words that stand in a quarter of the sentences, or in sixty, do not bring two together, but count once met.
    """
    index: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for j in free_new:
        for word, weight in _bag(new[j].key).weights.items():
            index[word].append((j, weight))
    crowd = max(12, min(len(free_new) // 4, _CROWD))
    common = {word for word, places in index.items() if len(places) > crowd}
    for i in free_old:
        bag = _bag(old[i].key)
        shared: defaultdict[int, float] = defaultdict(float)
        for word, weight in bag.weights.items():
            if word in index and word not in common:
                for j, other in index[word]:
                    shared[j] += min(weight, other)
        exact = common.isdisjoint(bag.weights)
        for j, weight in shared.items():
            other_bag = _bag(new[j].key)
            likely = 2 * weight / (bag.total + other_bag.total)
            if likely >= (_LEAST[-1] if exact else 0.1):
                yield i, j, likely if exact else _likeness(bag, other_bag)


def _grouped(old: Sequence[Sentence], new: Sequence[Sentence], matches: Mapping[int, int]) -> list[Group]:
    """Join to each match the neighbours that hold the rest of a sentence split or merged."""
    back = {j: i for i, j in matches.items()}
    olds: dict[int, tuple[int, ...]] = {i: (i,) for i in matches}
    news: dict[int, tuple[int, ...]] = {j: (j,) for j in back}
    for j in [j for j in range(len(new)) if j not in back]:
        host = _host(j, new, old, back, news)
        if host is not None:
            news[host] = tuple(sorted((*news[host], j)))
    held = {j for group in news.values() for j in group}
    for i in [i for i in range(len(old)) if i not in matches]:
        host = _host(i, old, new, matches, olds)
        if host is not None and len(news[matches[host]]) == 1:
            olds[host] = tuple(sorted((*olds[host], i)))
    kept = {i for group in olds.values() for i in group}
    groups: list[Group] = [(olds[i], news[j]) for i, j in matches.items()]
    groups += [((i,), ()) for i in range(len(old)) if i not in kept]
    groups += [((), (j,)) for j in range(len(new)) if j not in held]
    return groups


def _host(
    lone: int,
    side: Sequence[Sentence],
    other: Sequence[Sentence],
    matched: Mapping[int, int],
    groups: Mapping[int, tuple[int, ...]],
) -> int | None:
    """Return the matched neighbour in its block whose counterpart also holds the words of a lone sentence, or None."""
    bag = _bag(side[lone].key)
    for neighbour in (lone - 1, lone + 1):
        if (
            neighbour not in matched
            or len(groups[neighbour]) > 1
            or side[neighbour].block != side[lone].block
        ):
            continue
        whole = _bag(other[matched[neighbour]].key).weights
        rest = {w: n - _bag(side[neighbour].key).weights.get(w, 0.0) for w, n in whole.items()}
        strong = {w: n for w, n in bag.weights.items() if w not in _WEAK}
        shared = sum(min(n, rest[w]) for w, n in strong.items() if rest.get(w, 0.0) > 0)
        if strong and shared >= 0.6 * sum(strong.values()):
            return neighbour
    return None


def _ordered(
    old: Sequence[Sentence],
    new: Sequence[Sentence],
    groups: list[Group],
) -> Iterator[Pair]:
    """Yield the groups in the new order, each removal after what stood before it."""
    matched = sorted((group for group in groups if group[0] and group[1]), key=lambda group: group[0])
    rising = longest_rise([group[1][0] for group in matched])
    still = matched if len(rising) == len(matched) else {matched[k] for k in rising}
    place = {group[0][-1]: group[1][-1] for group in still}
    passed = -1
    position: list[int] = []
    for i in range(len(old)):
        position.append(passed)
        passed = place.get(i, passed)

    def rank(group: Group) -> tuple[int, int, int]:
        olds, news = group
        return (news[0], 0, 0) if news else (position[olds[0]], 1, olds[0])

    for group in sorted(groups, key=rank):
        olds, news = group
        moved = still is not matched and bool(olds and news) and group not in still
        yield pair_of(tuple([old[i] for i in olds]), tuple([new[j] for j in news]), moved=moved)
