"""Cues whose count another verb or a label settles: "missing ... were found dead", "refugees fleeing ... were killed", "Killed: 15"."""

from diffs.claims.english.chunks import Parsed
from diffs.claims.english.clauses import verb_start
from diffs.claims.english.mentions import Mention, Mentions, kind_of
from diffs.language.en import ENGLISH
from diffs.model import ClaimKind

_LETTING_GO = ENGLISH.words("outcomes.freeing")
_BODIES = ENGLISH.words("outcomes.found_bodies")
_SINCE = ENGLISH.words("small.since")


def fate_after(p: Parsed, c: int) -> int | None:
    """Return the verb that tells what became of those fleeing ("refugees fleeing the war were killed"), or None."""
    for k in range(c + 1, min(c + 9, len(p.chunks))):
        if p.mark(k) == "C":
            return k if verb_start(p, k)[1] else None
        if p.mark(k) in {",", ";", "S", "R", "N"}:
            return None
    return None


def fate_behind(p: Parsed, c: int) -> int | None:
    """Return the cue that settles "seven tourists missing after an avalanche were found dead", or None."""
    for k in range(c + 1, min(c + 9, len(p.chunks))):
        if p.mark(k) == "C":
            return k if verb_start(p, k)[1] and kind_of(p.chunks[k]) is ClaimKind.KILLED else None
        if p.mark(k) in {",", ";", "R", "N", "&", "T"} or (p.mark(k) == "S" and p.word(k) not in _SINCE):
            return None
    return None


def read_label(p: Parsed, c: int, mentions: Mentions) -> bool:
    """Read "Killed: 15" and "Dead: 4, injured: 30"."""
    first = c
    while first > c - 4 and p.mark(first - 1) in {"W", "B"}:
        first -= 1  # "Fishermen still missing: 9"
    if p.mark(c + 1) != ":" or p.mark(c + 2) != "N" or p.mark(first - 1) not in {"", ",", ";", ".", "-"}:
        return False
    q = p.chunks[c + 2].quantity
    if mentions.of(c + 2) is not None or (first < c and (q is None or q.head != "none")):
        return False
    return mentions.add(Mention(kind_of(p.chunks[c]), p.chunks[c + 2].quantity, c + 2, c, "label"))


def of_bodies(p: Parsed, k: int) -> bool:
    """Return whether the count at `k` is one of bodies ("found the bodies of four climbers missing since Saturday")."""
    return p.mark(k - 1) == "P" and p.word(k - 2) in _BODIES


def is_freed_part(p: Parsed, c: int, parent: Mention) -> bool:
    """Return whether some of those just told captured came free ("11 were kidnapped; four have since been freed")."""
    q = p.chunks[c].quantity
    if q is None or parent.kind is not ClaimKind.CAPTURED or q.head not in {"none", "people"}:
        return False
    ahead = p.words[q.j : q.j + 5]
    return parent.cue < c and p.mark(c + 1) in {"A", "H"} and bool(_LETTING_GO & set(ahead))
