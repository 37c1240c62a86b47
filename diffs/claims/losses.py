"""The rules for deaths told without a word of dying: people lost, and counts of whom none survived."""

from diffs.claims.chunks import Parsed
from diffs.claims.readings import Reading, Readings
from diffs.language.en import single as en
from diffs.model import ClaimKind


def read_unsurvived(p: Parsed, c: int, readings: Readings) -> None:
    """Read "none of the 48 passengers survived"; the cue at chunk `c` is the verb."""
    for k in range(c - 1, max(-1, c - 10), -1):
        none = p.chunks[k].quantity
        if none is None or (none.value != 0 and p.word(k - 1) != en.NOT):
            continue
        whole = next((m for m in range(k + 1, c) if p.mark(m) == "N"), None)
        if whole is not None and p.word(k + 1) == en.OF:
            readings.add(Reading(ClaimKind.KILLED, p.chunks[whole].quantity, whole, c, "unsurvived"))
        return
