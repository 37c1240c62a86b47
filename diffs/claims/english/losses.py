"""The rules for deaths without a word of dying: people lost, and counts of whom none survived."""

from diffs.claims.english.chunks import Parsed
from diffs.claims.english.mentions import Mention, Mentions
from diffs.language.en import ENGLISH
from diffs.language.en import single as en
from diffs.model import ClaimKind

_SURVIVING = ENGLISH.words("outcomes.surviving")


def read_unsurvived(p: Parsed, c: int, mentions: Mentions) -> bool:
    """Read "none of the 48 passengers survived"; True where the cue at `c` is a verb of surviving."""
    if p.chunks[c].word not in _SURVIVING:
        return False
    for k in range(c - 1, max(-1, c - 10), -1):
        none = p.chunks[k].quantity
        if none is None or (none.value != 0 and p.word(k - 1) != en.NOT):
            continue
        whole = next((m for m in range(k + 1, c) if p.mark(m) == "N"), None)
        if whole is not None and p.word(k + 1) == en.OF:
            mentions.add(Mention(ClaimKind.KILLED, p.chunks[whole].quantity, whole, c, "unsurvived"))
        break
    return True
