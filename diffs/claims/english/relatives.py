"""Relative clauses: which one a mention stands in, and what their pronoun stands for."""

from diffs.claims.english.chunks import Parsed
from diffs.claims.english.mentions import Mention
from diffs.language.en import ENGLISH
from diffs.language.en import single as en

_IN_RELATIVES = frozenset(["A", "H", "B", "M", "C", "&", "N", ",", "L"])
_LEADING = ENGLISH.words("causing.leading")
_LIVES = ENGLISH.words("outcomes.lives")
_CLAIMING = ENGLISH.words("outcomes.claiming_lives")
_WHOM = ENGLISH.words("pronouns.wholes_of")
_RELATIVE = ENGLISH.words("pronouns.relative")


def in_relative(p: Parsed, r: Mention) -> bool:
    """Return whether the mention stands in a relative clause with the cause for its subject ("an attack that killed")."""
    return r.rule in {"active", "zero", "state", "made_to"} and relative_of(p, r) is not None


def relative_of(p: Parsed, r: Mention) -> int | None:
    """Return the chunk of the relative pronoun that opens the mention's clause, or None."""
    verb = r.chunk - 1 if takes_lives(p, r) else r.cue
    k = verb - 1
    subject = r.rule in {"passive", "intransitive"}  # "in which three of his aides were killed"
    while (
        k >= 0
        and (p.mark(k) in _IN_RELATIVES or (subject and _in_part(p, k)))
        and verb - k < (12 if subject else 9)
    ):
        k -= 1
    if k < 1 or p.word(k) not in _RELATIVE or p.mark(k - 1) in {"T", "B"}:
        return None
    return k


def takes_lives(p: Parsed, r: Mention) -> bool:
    """Return whether lives are the object of a verb right before their number ("that claimed 300 lives")."""
    return r.rule == "counted" and p.chunks[r.cue].word in _LIVES and p.word(r.chunk - 1) in _CLAIMING


def _in_part(p: Parsed, k: int) -> bool:
    """Return whether a chunk stands in "of his soldiers" behind a count, or ends the verb joined before it ("were freed and")."""
    if p.mark(k) == "W" and p.mark(k - 1) == "A":
        return True
    of = next((m for m in (k, k - 1, k - 2) if p.word(m) == en.OF), None)
    return (
        of is not None
        and p.mark(of - 1) == "N"
        and all(p.mark(m) in {"D", "W"} for m in range(of + 1, k + 1))
    )


def cause_of(p: Parsed, rel: int) -> tuple[str, str]:
    """Return the preposition and the determiner of the noun phrase that a relative pronoun stands for."""
    for k in range(rel - 1, max(-1, rel - 12), -1):
        if p.mark(k) == "D":
            return (p.word(k - 1) if p.mark(k - 1) in {"P", "S"} else ""), p.word(k)
        if (p.mark(k) in {"T", "C", "A"} and k < rel - 1) or p.word(k) in _LEADING:
            break
    return "", ""


def goes_on_of_whom(p: Parsed, r: Mention) -> bool:
    """Return whether a count goes on with a clause of "of whom" ("of whom 17 were rescued and six confirmed dead")."""
    if p.mark(r.chunk - 1) not in {"&", ","}:
        return False
    for k in range(r.chunk - 2, max(1, r.chunk - 10), -1):
        if p.word(k) in _WHOM and p.word(k - 1) == en.OF:
            return p.mark(k - 2) == ","
        if p.mark(k) in {";", ",", "S", "T"} or (p.mark(k) == "R" and p.word(k) not in _WHOM):
            return False
    return False
