"""A source named by whose claim it is: "the army's claim that it had killed 14"."""

from diffs.claims.english.chunks import Parsed
from diffs.language.en import ENGLISH
from diffs.language.en import single as en

_CLAIMS = ENGLISH.words("saying.object_nouns")
_LONGEST = 8  # chunks of a name


def claimed_by(p: Parsed, c: int) -> tuple[int, int] | None:
    """Return the chunks of the name whose genitive stands at `c`, its first and after its last, or None without a claim behind it."""
    if p.word(c + 1) not in _CLAIMS or p.word(c + 2) != en.THAT:
        return None
    first = c
    while first > max(0, c - _LONGEST) and p.mark(first - 1) in {"W", "D"}:
        first -= 1
        if p.mark(first) == "D":
            break
    return (first, c) if first < c else None
