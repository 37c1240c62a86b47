"""The rules for deaths without a word of dying: people lost, people aboard what went missing, and counts of whom none survived."""

from diffs.claims.english.chunks import Parsed
from diffs.claims.english.mentions import Mention, Mentions, kind_of
from diffs.language.en import ENGLISH
from diffs.language.en import single as en
from diffs.model import ClaimKind

_ABOARD = ENGLISH.sequence("small.aboard")
_DID_NOT = ENGLISH.words("denials.did_not")
_DID = ENGLISH.words("verbs.did")
_NEITHER = ENGLISH.words("denials.neither")
_SURVIVING = ENGLISH.words("outcomes.surviving")


def read_unsurvived(p: Parsed, c: int, mentions: Mentions) -> bool:
    """Read "none of the 48 passengers survived"; True where the cue at `c` is a verb of surviving."""
    if p.chunks[c].word not in _SURVIVING:
        return False
    if p.word(c - 1) in _DID_NOT:
        _read_did_not(p, c, mentions)
        return True
    for k in range(c - 1, max(-1, c - 10), -1):
        none = p.chunks[k].quantity
        counted_out = none is not None and (none.value == 0 or p.word(k - 1) == en.NOT)
        if not counted_out and p.word(k) not in _NEITHER:
            continue
        whole = next((m for m in range(k + 1, c) if p.mark(m) == "N"), None)
        if whole is not None and p.word(k + 1) == en.OF:
            mentions.add(Mention(ClaimKind.KILLED, p.chunks[whole].quantity, whole, c, "unsurvived"))
        break
    return True


def _read_did_not(p: Parsed, c: int, mentions: Mentions) -> None:
    """Read "13 did not survive", "four of the 20 children did not survive"."""
    k = c - 2
    while p.word(k) in _DID or p.mark(k) == "B":
        k -= 1
    if p.mark(k) != "N":
        return
    if p.mark(k - 1) == "D" and p.word(k - 2) == en.OF and p.mark(k - 3) == "N":
        k -= 3
    q = p.chunks[k].quantity
    assert q is not None
    first, last = q.who
    while last > first and p.words[last - 1] in _DID:
        last -= 1
    mentions.add(Mention(ClaimKind.KILLED, q, k, c, "unsurvived", who=(first, last)))


def read_aboard(p: Parsed, c: int, mentions: Mentions) -> bool:
    """Read "a plane with 19 people on board goes missing", "a boat carrying 60 migrants vanished"."""
    if kind_of(p.chunks[c]) is not ClaimKind.MISSING:
        return False
    if c in mentions.by_cue:
        return True
    for k in range(max(1, c - 14), min(len(p.chunks), c + 22)):
        q = p.chunks[k].quantity
        if (
            q is None
            or q.year
            or q.head not in {"people", "none"}
            or q.value == 0
            or mentions.of(k) is not None
        ):
            continue
        behind = " ".join(p.words[q.j : q.j + 2])
        aboard = p.word(k - 1) == en.WITH and behind.startswith(_ABOARD)
        if aboard or p.word(k - 1) == en.CARRYING:
            mentions.add(Mention(ClaimKind.MISSING, q, k, c, "aboard"))
            return True
    return True
