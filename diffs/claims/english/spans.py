"""How far a word of time reaches: an opening that dates the sentence, a rate, what has happened up to now."""

from diffs.claims.english.chunks import Parsed
from diffs.claims.english.mentions import Mention
from diffs.language.en import ENGLISH

COUNTING_RULES = frozenset({"active", "passive", "intransitive", "counted", "copula", "reduced"})
_PERFECT = ENGLISH.words("verbs.perfect")
_PER = ENGLISH.words("time.per")
_SPANS = ENGLISH.words("time.rates")
_THEREAFTER = ENGLISH.words("time.thereafter")


def opens_sentence(p: Parsed, r: Mention, at: int) -> bool:
    """Return whether words of an older time at offset `at` stand before the first comma and dates what follows it."""
    comma = next((k for k, chunk in enumerate(p.chunks) if chunk.mark == ","), 0)
    first = min(r.chunk, r.cue)
    if not 0 < comma < first or p.tokens[p.chunks[comma].i].start < at:
        return False
    if any(p.mark(k) in {",", ";", "T", "S", "R", '"'} for k in range(comma + 1, first)):
        return False
    return not any(p.mark(k) in {"C", "N", "A", "H", "T", "M", "S", "R"} for k in range(comma))


def has_until_now(p: Parsed, r: Mention) -> bool:
    """Return whether the verb tells what has happened up to now ("have killed", "has claimed")."""
    k = r.cue - 1 if r.rule != "counted" else r.chunk - 2
    while p.mark(k) in {"A", "B"}:
        k -= 1
    return p.mark(k) == "H" and p.word(k) in _PERFECT and r.rule in COUNTING_RULES


def is_rate(p: Parsed, r: Mention) -> bool:
    """Return whether a count is one of a rate ("six people a day die on the route")."""
    q = r.quantity
    near = p.words[q.j : q.j + 3] if q is not None else []
    rate = near[:1] == ["a"] or bool(_PER & set(near[:1]))
    return rate and len(near) > 1 and near[1] in _SPANS and not (len(near) > 2 and near[2] in _THEREAFTER)
