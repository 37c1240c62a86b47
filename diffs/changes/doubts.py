"""Reasons to doubt that two readings of a figure differ because the text did."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from diffs.align import likeness
from diffs.edits import edits_between, swaps_in
from diffs.language.en import ENGLISH
from diffs.language.figures import figures_in
from diffs.model import Claim, Qualifier, Scope
from diffs.text import folded, word_texts_in

# Words that say which count a number belongs to; scope moves only where one of them came or went.
_SCOPING = ENGLISH.pattern("doubts.scoping")

_BOUNDS = ENGLISH.words("figures.bounds")
_SMALL = ENGLISH.words("stop.little", "stop.beside_bounds")


def stands_in(words: str | None, text: str) -> bool:
    """Return whether all the telling words of a phrase stand in a text."""
    telling = {folded(word) for word in word_texts_in(words or "")} - _SMALL
    return bool(telling) and telling <= {folded(word) for word in word_texts_in(text)}


def source_moved(old: Claim, new: Claim) -> bool:
    """Return whether a source that only one reading names was really absent from the other text."""
    sides = [(old.attribution, new.sentence), (new.attribution, old.sentence)]
    return any(source is not None and not stands_in(source, text) for source, text in sides)


def origin_moved(old: Claim, new: Claim) -> bool:
    """Return whether a source that another one cites is named by one text only ("citing the army", "citing the rebels")."""
    sides = [(old.source_chain[1:], new.sentence), (new.source_chain[1:], old.sentence)]
    return any(not stands_in(source, text) for sources, text in sides for source in sources)


def hedge_moved(old: Claim, new: Claim) -> bool:
    """Return whether a hedge that only one reading names was really absent from the other text."""
    sides = [(old.hedge, new.sentence), (new.hedge, old.sentence)]
    return any(hedge is not None and folded(hedge) not in folded(text) for hedge, text in sides)


def bound_moved(old: Claim, new: Claim) -> bool:
    """Return whether words that bound a number came or went next to it, or the number itself is printed apart."""
    sides = [[folded(word) for word in word_texts_in(_around(claim))] for claim in (old, new)]
    bounds = [sorted(word for word in side if word in _BOUNDS) for side in sides]
    return bounds[0] != bounds[1] or Qualifier.RANGE in (old.qualifier, new.qualifier)


def _around(claim: Claim) -> str:
    """Return the words next to a claim's number, without those cut in two."""
    before = claim.sentence[max(0, claim.start - 28) : claim.start]
    after = claim.sentence[claim.end : claim.end + 14]
    return f"{before.partition(' ')[2] if claim.start > 28 else before} {after.rpartition(' ')[0]}"


def scope_moved(old: Claim, new: Claim) -> bool:
    """Return whether words that set a scope came or went with it; they alone never make a background."""
    if Scope.BACKGROUND in (old.scope, new.scope):
        return False
    for gone, come in swaps_in(edits_between(old.sentence, new.sentence)):
        found = [sorted(_SCOPING.findall(folded(text))) for text in (gone, come)]
        if found[0] != found[1]:
            return True
    return False


def cue_stands_in(claim: Claim, text: str) -> bool:
    """Return whether a claim's trigger word, in whatever form, stands in a text."""
    stem = folded(claim.cue)
    stem = stem[: max(4, len(stem) - 3)]
    return bool(stem) and stem in folded(text)


def number_stands_in(value: int, text: str) -> bool:
    """Return whether a number is printed in a text, in digits or words; one may be a mere article."""
    if value == 1 and re.search(r"\ban?\b", text, re.IGNORECASE):
        return True
    return any(figure.amount == value for figure in figures_in(text))


def counted_otherwise(olds: Sequence[Claim], news: Sequence[Claim]) -> frozenset[int]:
    """Return the ids of claims that say one count in two ways: thirty dead, or eleven soldiers and 19 fighters.

    The parts of one side add up to a total of the other that says the same otherwise: no figure moved.
    A part that the other side counts too is no part of that total.
    """
    return frozenset([*_sums(olds, news), *_sums(news, olds)])


def _sums(wholes: Sequence[Claim], parts: Sequence[Claim]) -> Iterable[int]:
    groups: defaultdict[tuple[str, str], list[Claim]] = defaultdict(list)
    for part in parts:
        if part.scope is Scope.EVENT and part.value is not None:
            groups[part.kind, part.sentence].append(part)
    known = {(part.kind, part.value) for part in parts}
    counts = {(whole.kind, whole.value) for whole in wholes}
    adding_up: defaultdict[tuple[str, int], list[tuple[str, list[Claim]]]] = defaultdict(list)
    for (kind, sentence), group in groups.items():
        if len(group) > 1 and not any((kind, part.value) in counts for part in group):
            adding_up[kind, sum(part.value or 0 for part in group)].append((sentence, group))
    for whole in wholes:
        if whole.scope is not Scope.EVENT or whole.value is None or (whole.kind, whole.value) in known:
            continue
        for sentence, group in adding_up.get((whole.kind, whole.value), ()):
            if likeness(sentence, whole.sentence) >= 0.3:
                yield id(whole)
                yield from (id(part) for part in group)
