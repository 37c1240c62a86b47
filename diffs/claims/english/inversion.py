"""Where the source stands behind its verb: ", said police", and what may follow a verb of saying."""

from diffs.claims.english.chunks import Parsed
from diffs.language.en import ENGLISH
from diffs.language.en import single as en

_PLAIN = ENGLISH.words("saying.plain")
_ADDRESSING = ENGLISH.words("saying.addressing")
_NEVER_NAMED = ENGLISH.words("pronouns.never_named")
_BEHIND_NAMES = ENGLISH.words("small.behind_speakers") | {"."}
_NAME_ENDS = ENGLISH.words("small.name_ends") | {"."}
_ENDS = ENGLISH.words("small.ends") | {"."}
_RELATIVE = ENGLISH.words("pronouns.relative_of_names")


def said_last(p: Parsed, c: int, start: int, stop: int) -> int | None:
    """Return the chunk after the name in "12 died in Aceh, said police chief Amal Riba", or None.

    The verb stands behind a comma, a figure before it and none after it, and what follows is a name with its
    apposition: no verb that the name could be the subject of.
    """
    if p.mark(c - 1) not in {",", '"'} or p.mark(c + 1) not in {"D", "W"} or p.word(c) in _ADDRESSING:
        return None
    if not any(p.mark(k) in {"C", "N"} for k in range(start, c)):
        return None
    end = _name_end(p, c + 1, stop)
    if not any(p.mark(k) in {"D", "W"} and p.word(k) not in _NEVER_NAMED for k in range(c + 1, end)):
        return None
    if end < stop and p.mark(end) not in {",", "R", "-"} and p.word(end) not in _BEHIND_NAMES:
        return None
    rest = [k for k in range(c + 1, stop) if k < end or not _in_relative(p, end, k)]
    return None if any(p.mark(k) in {"C", "N", "H", "A", "M"} for k in rest) else end


def _name_end(p: Parsed, k: int, stop: int) -> int:
    """Return the chunk after a name: before a comma, a relative clause, a dash or a word of time."""
    while k < stop and p.mark(k) not in {",", "R", "S", '"', "-"} and p.word(k) not in _NAME_ENDS:
        k += 1
    return k


def _in_relative(p: Parsed, end: int, k: int) -> bool:
    """Return whether a chunk stands in the relative clause that a name's end opens."""
    first = end + (p.mark(end) == ",")
    return k >= first and (p.mark(first) == "R" or p.word(first) in _RELATIVE)


def inverted_name(p: Parsed, c: int, stop: int) -> int | None:
    """Return the chunk after the name in '," said Dr. Amal Riba', or None where none follows the verb."""
    if p.mark(c - 1) not in {",", '"'} or p.mark(c + 1) not in {"D", "W", "T"} or p.word(c) in _ADDRESSING:
        return None
    end = c + 1
    while end < stop and p.mark(end) not in {",", "R", "S", '"', "-"} and p.word(end) not in _ENDS:
        end += 1
    return end


def says_no_more(p: Parsed, c: int, stop: int) -> bool:
    """Return whether only a date or an addressee follows the verb of saying."""
    dated = p.word(c + 1) == en.THE and p.word(c) in _PLAIN
    if p.mark(c + 1) in {"D", "N"} and not dated and p.word(c) not in _ADDRESSING:
        return False
    for k in range(c + 1, stop):
        mark = p.mark(k)
        if mark in {",", "S", "-", ":", '"', "&"} or p.word(k) in {".", "..", "..."}:
            return True
        if mark in {"C", "N", "A"} or p.word(k) == en.THAT:
            return False
    return True
