"""Nouns of things that share a cue with people: lots go missing, a dead boar, features that are trapped."""

from diffs.claims.english.chunks import Parsed
from diffs.claims.english.counts import Quantity
from diffs.language.en import ENGLISH
from diffs.model import ClaimKind

_NO_PLURALS = ENGLISH.sequence("people.no_thing_endings")
_PERSONS = ENGLISH.sequence("people.endings")
_GROUPS = ENGLISH.words("people.collectives")
# What is said of things too; people die, and things are killed in figures of speech only.
_OF_THINGS = frozenset({ClaimKind.MISSING, ClaimKind.CAPTURED, ClaimKind.DISPLACED, ClaimKind.TRAPPED})


def describes_things(p: Parsed, c: int) -> bool:
    """Return whether the adjective at `c` describes things or animals ("two dead wild boars", "12 missing invoices")."""
    end = c + 1
    while p.mark(end) == "W" and end < c + 4:
        token = p.tokens[p.chunks[end].i]
        if token.low in p.lex.numbers or token.low[0].isdigit():
            return False
        if token.low in p.lex.things:
            return True
        if token.low in p.lex.people or not token.text.islower():
            return False
        end += 1
    last = p.word(end - 1)
    return end > c + 1 and last.endswith("s") and not last.endswith(_NO_PLURALS)


def names_things(p: Parsed, q: Quantity, kind: ClaimKind) -> bool:
    """Return whether a cue that things share is said of a plural that no word and no ending makes people ("400 lots went missing")."""
    if kind not in _OF_THINGS or q.head != "other" or q.value == 1:
        return False
    last = p.tokens[q.who[1] - 1]
    if last.low in _GROUPS:
        return False
    return last.text.islower() and last.low.endswith("s") and not last.low.endswith(_PERSONS)
