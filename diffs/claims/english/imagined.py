"""Counts of a plot or of a drill: a work named next to words that tell its story, an exercise next to what it assumed."""

from diffs.claims.english.chunks import Parsed
from diffs.language.en import ENGLISH

_WORKS = ENGLISH.words("hypothetical.works")
_PARTS = ENGLISH.words("hypothetical.numbered_parts")
_NO_WORKS = ENGLISH.words("hypothetical.around_works")
_TELLING = ENGLISH.words("hypothetical.telling")
_RELATIVE = ENGLISH.words("hypothetical.relative")
_DRILLS = ENGLISH.words("hypothetical.drills")
_ASSUMING = ENGLISH.words("hypothetical.assuming")
_IN = ENGLISH.words("hypothetical.inside")
_NAMED = _WORKS | _PARTS | _DRILLS
_REACH = 12  # tokens between a present verb and the work that it is told in: "die in the first hour of her new thriller"
_NEAR = 6  # tokens from a drill to the verb that says what it assumed


def is_imagined(p: Parsed, first: int, *, present: bool) -> bool:
    """Return whether what stands at token `first` happens in a work or a drill only.

    A work alone proves nothing ("a fire at a film festival killed 12"): its plot must be told.

    Args:
        p: The sentence.
        first: The first token of the count or of its cue.
        present: Whether the cue is a verb in the present, as plots are told.
    """
    if _NAMED.isdisjoint(p.vocabulary):
        return False
    for k, word in enumerate(p.words):
        if word in _DRILLS and k < first and _ASSUMING & set(p.words[k + 1 : k + _NEAR]):
            return True
        numbered = word in _PARTS and k + 1 < first and _is_number(p, k + 1)
        if not numbered and (word not in _WORKS or _NO_WORKS & set(p.words[k + 1 : k + 2])):
            continue
        if k < first and _tells(p, k, first):
            return True
        if present and first < k <= first + _REACH and _IN & set(p.words[max(first, k - 6) : k]):
            return True
    return False


def _tells(p: Parsed, k: int, first: int) -> bool:
    """Return whether the plot of the work at token `k` is told from there to token `first`."""
    between = p.words[k + 1 : first]
    if not _TELLING.isdisjoint(between):
        return True
    near = next((n for n, word in enumerate(between[:_NEAR]) if word in _RELATIVE), None)
    return near is not None and all(word == "," or word in _IN for word in between[:near])


def _is_number(p: Parsed, k: int) -> bool:
    return p.words[k].isdigit() or p.words[k] in p.lex.numbers
