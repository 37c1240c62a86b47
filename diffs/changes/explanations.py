"""Words that came into the text in the same step and say how a casualty figure moved."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from diffs.align import Pair, Sentence
from diffs.changes.casualty import NUMBER_TYPES
from diffs.changes.declarations import may_have_left, speaks_for
from diffs.changes.matching import number_of
from diffs.changes.weigh import fates_in
from diffs.edits import edits_between, swaps_in
from diffs.language.en import ENGLISH
from diffs.language.figures import Figure, figures_in
from diffs.model import Change, ChangeKind, ChangeType, Claim, ClaimKind
from diffs.text import folded, word_texts_in

# Words of a count that is not the first one given.
_MOVED = ENGLISH.pattern("explanations.moved")
_COUNT = ENGLISH.pattern("explanations.count")
_MORE = ENGLISH.pattern("explanations.more")
_FATE = ENGLISH.pattern("explanations.fate")
_GIVES_WAY = ENGLISH.pattern("explanations.gives_way")
_NOT = ENGLISH.pattern("explanations.in_place_of")
_MONTHS = ENGLISH.words("time.months")
_PAST = ENGLISH.pattern("scope.past")
_YEAR = ENGLISH.pattern("scope.year")
_SMALL = ENGLISH.words("stop.little", "stop.beside_fates")


@dataclass(frozen=True, slots=True)
class Arrival:
    """Words that came into the body in one step.

    Attributes:
        words: What came, folded.
        sentence: The whole passage it stands in, as printed.
        figures: The numbers among the words that came.
        claims: What the version states in that passage.
    """

    words: str
    sentence: str
    figures: tuple[Figure, ...]
    claims: tuple[Claim, ...] = ()


def arrivals_in(pairs: Sequence[Pair], claims: Sequence[Claim]) -> tuple[Arrival, ...]:
    """Return what came into the text, one for each passage that was added or got new words about a count.

    Args:
        pairs: The aligned sentences of two versions.
        claims: What the second version states.
    """
    return tuple(_arrivals(pairs, claims))


def _arrivals(pairs: Sequence[Pair], claims: Sequence[Claim]) -> Iterator[Arrival]:
    by_block: defaultdict[int | None, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_block[claim.block].append(claim)
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
            mine = tuple(claim for one in pair.new for claim in by_block[one.block] if _stands_in(claim, one))
            yield Arrival(words, new, figures_in(come), mine)


def _stands_in(claim: Claim, sentence: Sentence) -> bool:
    return sentence.start <= claim.offset + claim.start < sentence.end


def explains(arrival: Arrival, change: Change, claims: Sequence[Claim] = ()) -> bool:
    """Return whether words that came say how a casualty figure went from the one number to the other.

    They give the new number of this count as one that was moved; or name the number before with a word of moving; or
    tell the difference as further victims, and not as people arrested or buried; or say without another number that this
    source's count was moved, and not that an older event's was. Words of another fate explain nothing: more wounded are no
    reason for more dead. Nor does a word of a number say who counts now, or whether it is doubted.

    Args:
        arrival: The words.
        change: A change of the same step.
        claims: All that the second version states.
    """
    old, new = change.claim_before, change.claim_after
    if (
        change.kind is not ChangeKind.CASUALTY
        or new is None
        or is_of_another_fate(arrival.sentence, new.kind)
    ):
        return False
    if change.type is ChangeType.ADDED:
        return _gives(arrival, new)
    return change.type in NUMBER_TYPES and old is not None and _tells(arrival, old, new, claims)


def replaces(note: str, old: set[str], new: set[str]) -> bool:
    """Return whether a note puts another number than the new one in the place of the old one ("The toll was 15, not 12").

    What it corrects is then another step of the count, and the number after may come from anywhere.
    """
    found = [figure for figure in figures_in(note) if is_count(note, figure)]
    if not new.isdisjoint(figure.key for figure in found):
        return False
    for one, other in pairwise(found):
        between = folded(note[one.end : other.start])
        if (one.key in old and _GIVES_WAY.fullmatch(between)) or (
            other.key in old and _NOT.fullmatch(between)
        ):
            return True
    return False


def is_count(note: str, figure: Figure) -> bool:
    """Return whether a figure of a note is neither a year nor a time nor the day of a month."""
    if figure.amount is None or 1900 <= figure.amount < 2100:
        return False
    around = (note[: figure.start].split()[-1:], note[figure.end :].split()[:1])
    return not any(folded(word).strip(".,:;()") in _MONTHS for words in around for word in words)


def is_of_another_fate(text: str, kind: ClaimKind) -> bool:
    """Return whether a text speaks of what befell people, and of nothing that a kind of count is of."""
    fates = fates_in(text) - {None, ClaimKind.CASUALTIES}
    return bool(fates) and kind is not ClaimKind.CASUALTIES and kind not in fates


def _gives(arrival: Arrival, claim: Claim) -> bool:
    """Return whether words that came state a claim, and its number as that of a count which was moved."""
    if not (_MOVED.search(arrival.words) and _COUNT.search(arrival.words)):
        return False
    amounts = {figure.amount for figure in arrival.figures}
    return number_of(claim) in amounts and claim in arrival.claims


def _tells(arrival: Arrival, old: Claim, new: Claim, claims: Sequence[Claim]) -> bool:
    before, after = number_of(old), number_of(new)
    if before is None or after is None or not may_have_left(arrival.sentence, before):
        return False
    if _gives(arrival, new):
        return True
    if replaces(arrival.sentence, {str(before)}, {str(after)}):
        return False
    stated = [one for one in arrival.claims if one.kind is new.kind and number_of(one) in (before, after)]
    if any(number_of(one) == after for one in stated) or not (
        not stated or any(speaks_for(side, one, claims) for one in stated for side in (old, new))
    ):
        return False
    amounts = {figure.amount for figure in arrival.figures}
    moved = _MOVED.search(arrival.words) is not None
    named = _COUNT.search(folded(arrival.sentence)) or _FATE.search(folded(arrival.sentence))
    if moved and named and before != after and before in amounts:
        return True
    further = any(
        number_of(one) == after - before and one.kind in {new.kind, ClaimKind.CASUALTIES}
        for one in arrival.claims
    )
    if after > before and further and _MORE.search(arrival.words) and _FATE.search(arrival.words):
        return True
    counted = moved and _COUNT.search(arrival.words) is not None and not _is_of_the_past(arrival.words)
    other = amounts - {None, before, after, abs(after - before)}
    return counted and not other and _of_source(arrival, old.attribution or new.attribution)


def _is_of_the_past(words: str) -> bool:
    """Return whether words speak of an older event ("Last year the toll rose", "In 1999 the toll rose")."""
    return _PAST.search(words) is not None or _YEAR.search(words) is not None


def _of_source(arrival: Arrival, source: str | None) -> bool:
    """Return whether a passage can speak of a source's count: it names the source, or none is known."""
    if source is None:
        return True
    words = {folded(word) for word in word_texts_in(source)} - _SMALL
    return bool(words & {folded(word) for word in word_texts_in(arrival.sentence)})
