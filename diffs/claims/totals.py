"""The rule for a running total whose kind the rest of the sentence tells: "bringing the total to 512"."""

from diffs.claims.chunks import Parsed
from diffs.claims.readings import Reading, Readings
from diffs.language.en import ENGLISH
from diffs.language.en import single as en
from diffs.model import Scope

_NOUNS = ENGLISH.words("figures.totals")
_VERBS = ENGLISH.words("figures.bringing")
_TO = ENGLISH.words("small.to_or_at")
_REACH = 10  # chunks between the noun and its amount


def read_totals(p: Parsed, readings: Readings) -> None:
    """Add the totals of a sentence, each of the kind of the claim before it."""
    for c, chunk in enumerate(p.chunks):
        if (
            chunk.mark != "W"
            or chunk.word not in _NOUNS
            or p.mark(c - 1) != "D"
            or p.word(c - 2) not in _VERBS
        ):
            continue
        before = [reading for reading in readings.found if reading.chunk < c]
        amount = _amount(p, c)
        if before and amount is not None and readings.of(amount) is None:
            last = max(before, key=lambda reading: reading.chunk)
            scope = Scope.CUMULATIVE if chunk.word == en.TOTAL else None
            readings.add(Reading(last.kind, p.chunks[amount].quantity, amount, c, "total", scope))


def _amount(p: Parsed, c: int) -> int | None:
    for k in range(c + 1, min(c + _REACH, len(p.chunks))):
        if p.mark(k) == "N" and p.word(k - 1) in _TO:
            return k
        if p.mark(k) in {"C", ";", "T", ","}:
            return None
    return None
