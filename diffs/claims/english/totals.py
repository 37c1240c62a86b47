"""The rule for a running total whose kind the rest of the sentence tells: "bringing the total to 512"."""

from diffs.claims.english.chunks import Parsed
from diffs.claims.english.mentions import Mention, Mentions
from diffs.language.en import ENGLISH
from diffs.language.en import single as en
from diffs.model import ClaimKind, Scope

_NOUNS = ENGLISH.words("figures.totals")
_VERBS = ENGLISH.words("figures.bringing")
_BODIES = ENGLISH.words("outcomes.found_bodies")
_TO = ENGLISH.words("small.to_or_at")
_REACH = 10  # chunks between the noun and its amount


def read_totals(p: Parsed, c: int, mentions: Mentions) -> bool:
    """Read the total at chunk `c`, of the kind of the mention before it, or of bodies without a number."""
    chunk = p.chunks[c]
    if chunk.word not in _NOUNS or (p.mark(c - 1) != "D" and p.word(c - 1) != en.THAT):
        return False
    stands = p.mark(c + 1) == "A" and p.mark(c + 2) == "N"  # "by evening the figure was 27"
    if p.word(c - 2) not in _VERBS and not stands:
        return False
    before = [mention for mention in mentions.found if mention.chunk < c]
    amount = _amount(p, c)
    if amount is None or mentions.of(amount) is not None:
        return False
    if before:
        kind = max(before, key=lambda mention: mention.chunk).kind
    elif _BODIES & set(p.words[: chunk.i]):
        kind = ClaimKind.KILLED
    else:
        return False
    scope = Scope.CUMULATIVE if chunk.word == en.TOTAL else None
    return mentions.add(Mention(kind, p.chunks[amount].quantity, amount, c, "total", scope))


def _amount(p: Parsed, c: int) -> int | None:
    for k in range(c + 1, min(c + _REACH, len(p.chunks))):
        if p.mark(k) == "N" and (p.word(k - 1) in _TO or (k == c + 2 and p.mark(k - 1) == "A")):
            return k
        if p.mark(k) in {"C", ";", "T", ","}:
            return None
    return None
