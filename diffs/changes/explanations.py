"""Words that came into the text in the same step and say how a casualty figure moved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from diffs.align import Pair
from diffs.changes.matching import number_of
from diffs.edits import edits_between, swaps_in
from diffs.language.en import ENGLISH
from diffs.language.figures import Figure, figures_in
from diffs.model import Change, ChangeKind
from diffs.text import folded, word_texts_in

# Words of a count that is not the first one given.
_MOVED = ENGLISH.pattern("explanations.moved")
_COUNT = ENGLISH.pattern("explanations.count")
_MORE = ENGLISH.pattern("explanations.more")
_FATE = ENGLISH.pattern("explanations.fate")
_SMALL = ENGLISH.words("stop.little", "stop.beside_fates")


@dataclass(frozen=True, slots=True)
class Arrival:
    """Words that came into the body in one step.

    Attributes:
        words: What came, folded.
        sentence: The whole passage it stands in, as printed.
        figures: The numbers among the words that came.
    """

    words: str
    sentence: str
    figures: tuple[Figure, ...]


def arrivals_in(pairs: Sequence[Pair]) -> tuple[Arrival, ...]:
    """Return what came into the text, one for each passage that was added or got new words about a count."""
    return tuple(_arrivals(pairs))


def _arrivals(pairs: Sequence[Pair]) -> Iterator[Arrival]:
    for pair in pairs:
        new = pair.new_text
        if (
            not pair.new
            or pair.old_text == new
            or not (_MOVED.search(folded(new)) or _MORE.search(folded(new)))
        ):
            continue
        come = new
        if pair.old:
            come = " ".join(words for _, words in swaps_in(edits_between(pair.old_text, new)))
        words = folded(come)
        if _MOVED.search(words) or _MORE.search(words):
            yield Arrival(words, new, figures_in(come))


def explains(arrival: Arrival, change: Change) -> bool:
    """Return whether words that came say how a casualty figure went from the one number to the other.

    They name the number before with a word of moving; or tell the difference as further victims; or say
    without another number that this source's count was moved.
    """
    old, new = change.claim_before, change.claim_after
    if change.kind is not ChangeKind.CASUALTY or old is None or new is None:
        return False
    before, after = number_of(old), number_of(new)
    if before is None or after is None:
        return False
    amounts = {figure.amount for figure in arrival.figures}
    moved = _MOVED.search(arrival.words) is not None
    if moved and before != after and before in amounts:
        return True
    further = after > before and after - before in amounts
    if further and _MORE.search(arrival.words) and _FATE.search(arrival.words):
        return True
    counted = moved and _COUNT.search(arrival.words) is not None
    other = amounts - {None, before, after, abs(after - before)}
    return counted and not other and _of_source(arrival, old.attribution or new.attribution)


def _of_source(arrival: Arrival, source: str | None) -> bool:
    """Return whether a passage can speak of a source's count: it names the source, or none is known."""
    if source is None:
        return True
    words = {folded(word) for word in word_texts_in(source)} - _SMALL
    return bool(words & {folded(word) for word in word_texts_in(arrival.sentence)})
