"""Whether finer changes cover all that the edit of their sentence holds."""

from collections import Counter
from collections.abc import Iterator, Sequence

from diffs.align import Pair
from diffs.changes.weigh import HEDGES, PLAIN_SPEECH, canonical
from diffs.edits import edits_between, swaps_in
from diffs.language.en import ENGLISH
from diffs.model import Change, ChangeKind, Claim

_QUIET = ENGLISH.words("stop.function", "stop.quiet")


def covering(pair: Pair, finer: Sequence[Change]) -> tuple[str, ...]:
    """Return the ids of the finer changes where they cover all that differs in a passage, else nothing."""
    known = {word for change in finer for text in _texts(change) for word in canonical(text)}
    for gone, come in swaps_in(edits_between(pair.old_text, pair.new_text)):
        bags = [Counter(canonical(text)) for text in (gone, come)]
        left = [*(bags[0] - bags[1]), *(bags[1] - bags[0])]
        if any(
            word not in known and word not in _QUIET and word not in HEDGES | PLAIN_SPEECH for word in left
        ):
            return ()
    return tuple(dict.fromkeys(change.id for change in finer))


def _texts(change: Change) -> Iterator[str]:
    """Yield the words a finer change accounts for."""
    if change.kind is ChangeKind.CASUALTY:
        for claim in (change.claim_before, change.claim_after):
            if claim is not None:
                yield from _claim_texts(claim)
    else:
        yield from (*change.terms_before, *change.terms_after)
        yield from (speaker for speaker in (change.speaker_before, change.speaker_after) if speaker)
    if change.kind is ChangeKind.QUOTE:
        yield from (evidence.text for evidence in (change.before, change.after) if evidence is not None)


def _claim_texts(claim: Claim) -> Iterator[str]:
    yield claim.sentence[claim.start : claim.end]
    yield claim.cue
    yield from (text for text in (claim.who, claim.attribution, claim.hedge) if text)
