"""The noun phrase that is the subject of a verb of saying, its relative clauses and appositions apart."""

from diffs.claims.english.chunks import Parsed
from diffs.language.en import ENGLISH
from diffs.language.en import single as en

PARTICIPLES = ENGLISH.words("saying.participles")
CITING = ENGLISH.words("saying.citing")
NAMELESS = ENGLISH.words("saying.nameless")
_NO_NAMES = ENGLISH.words("saying.no_names")
_WEAK = ENGLISH.words("saying.weak")
SPEAKERS = ENGLISH.words("pronouns.subjects")
_PICTURED = ENGLISH.words("saying.pictured")
_TIMES = ENGLISH.words("time.behind_names")
_WALL = frozenset([",", "S", "T", '"', "C", "A", "M", "R", "-", "I", "H", ":", ";"])
_GROUP = frozenset("HBAM")
_APART = frozenset(["P", "R", "N", "I", "S"])
_RELATIVE = ENGLISH.words("pronouns.relative_of_sources")
_WHOSE = ENGLISH.words("pronouns.who_or_whose")
_FINITE_ENDINGS = ENGLISH.sequence("verbs.finite_endings")
_PARTICIPLE_ENDINGS = ENGLISH.sequence("verbs.participle_endings")
_OBJECTS = ENGLISH.words("saying.object_nouns")
_JOINS = ENGLISH.words("small.joins")
_REACH = 30
_SHORT = 5  # words of a name behind a comma


def name_before(p: Parsed, c: int, start: int) -> tuple[int, int]:
    """Return the chunks of the noun phrase before the verb of saying at `c`: its first and after its last."""
    end = c
    while end > start and p.mark(end - 1) in _GROUP:
        end -= 1
    if p.mark(end - 1) == "," and end - 1 > start:
        return _before_comma(p, end - 1, start)
    first = _phrase_start(p, end, start)
    if first > start and p.mark(first - 1) in _GROUP:
        first = _relative_open(p, first, start)
    if (
        first > start
        and (p.mark(first - 1) == "R" or p.word(first - 1) == en.THAT)
        and _opens_relative(p, first - 1, end)
    ):
        last = first - 2 if p.mark(first - 2) == "," else first - 1
        return _phrase_start(p, last, start), last
    return first, end


def _phrase_start(p: Parsed, end: int, start: int) -> int:
    k = end
    while k > start and (p.mark(k - 1) not in _WALL or (p.mark(k - 1) == "C" and p.word(k) in p.lex.people)):
        if p.mark(k - 1) == "D" and p.word(k - 1) == en.THAT:
            break
        k -= 1
    return k


def _relative_open(p: Parsed, first: int, start: int) -> int:
    """Return the chunk after the "who" whose clause still runs at `first` ("who asked not to be named")."""
    for k in range(first - 1, max(start, first - 12), -1):
        if p.word(k) in _RELATIVE or (p.word(k) == en.THAT and p.word(k - 1) in p.lex.source_nouns):
            return k + 1
        if p.mark(k) in {",", '"', ";", "T", "S"}:
            break
    return first


def _opens_relative(p: Parsed, r: int, end: int) -> bool:
    """Return whether the pronoun at `r` is the subject of its clause ("who saw it told"), not its object."""
    if p.word(r) == en.THAT:
        return _monitors(p, r, end)
    if p.word(r) in _WHOSE:
        return p.mark(r - 1) in {"W", ","} and end > r + 1
    last = p.tokens[p.chunks[end - 1].i]
    return p.word(r) == en.WHICH and last.low not in p.lex.source_nouns and not last.text[0].isupper()


def _monitors(p: Parsed, r: int, end: int) -> bool:
    """Return whether "that" at `r` and a verb tell of a source ("a group that tracks the war said")."""
    verb = p.word(r + 1)
    named = verb in p.lex.people or (verb in p.lex.source_nouns and p.mark(r + 2) != "D")
    acts = p.mark(r + 1) in _GROUP or verb in p.lex.finite or verb.endswith(_FINITE_ENDINGS)
    return (
        acts
        and not named
        and end > r + 2
        and p.mark(r - 1) == "W"
        and p.word(r - 1) in p.lex.source_nouns | p.lex.people
    )


def _before_comma(p: Parsed, comma: int, start: int) -> tuple[int, int]:
    """Return "the fourth brigade" in "the fourth brigade, with headquarters in the north, said"."""
    relative = _relative_before(p, comma, start)
    if relative is not None:
        return _phrase_start(p, relative - 1, start), relative - 1
    k = comma
    while k > start and p.mark(k - 1) not in {",", '"', "T", "C", ";"}:
        k -= 1
    if p.mark(k - 1) != "," or p.mark(k) == "&":
        return (k, comma) if p.mark(k) != "&" else (comma + 1, comma + 1)
    first = k - 1
    while first > start and p.mark(first - 1) not in {",", '"', "T", "C", "S", "A", ";"}:
        first -= 1
    participle = p.mark(k) == "W" and p.word(k).endswith(_PARTICIPLE_ENDINGS) and p.mark(k + 1) != ","
    return first, k - 1 if p.mark(k) in _APART or participle else comma


def _relative_before(p: Parsed, comma: int, start: int) -> int | None:
    """Return the pronoun of a relative clause that ends at a comma and begins after one, or None."""
    for k in range(comma - 1, max(start, comma - _REACH), -1):
        if p.mark(k) in {'"', ";", "T"}:
            return None
        if p.word(k) in _RELATIVE and p.mark(k - 1) == ",":
            return k
    return None


def subject_of(p: Parsed, start: int, stop: int) -> tuple[int, int] | None:
    """Return the chunks of the subject that opens the clause from `start`, where it can be a source."""
    first = start
    while first < stop and p.mark(first) in {'"', "&", "B", "-"}:
        first += 1
    if p.mark(first) in {"P", "S"}:
        comma = next((k for k in range(first, stop) if p.mark(k) == ","), stop)
        first = comma + 1
    end = first
    while end < stop and end < first + _REACH and not _is_verb(p, end, first):
        if p.mark(end) in {",", "C", "N", "T", "M", "H", "A"}:
            break
        end += 1
    if end <= first or end >= stop or (p.mark(end) == "," and p.word(end + 1) not in _RELATIVE):
        return None
    named = set(p.words[p.chunks[first].i : p.chunks[end - 1].j]) & p.lex.source_nouns
    return (first, end) if named or p.tokens[p.chunks[end - 1].i].text[0].isupper() else None


def _is_verb(p: Parsed, k: int, first: int) -> bool:
    if k == first or p.mark(k - 1) == "D":
        return False
    low, text = p.word(k), p.tokens[p.chunks[k].i].text
    return low in p.lex.finite or (p.mark(k) == "W" and text.islower() and low.endswith(en.ED))


def can_speak(p: Parsed, i: int, j: int, verb: str) -> bool:
    """Return whether tokens `i` to `j` can name a source; all can before "said", few before a participle's twin."""
    words = p.words[i:j]
    if len(words) == 1 and (
        words[0] in _NO_NAMES or (words[0].endswith(en.ING) and words[0] not in p.lex.source_nouns)
    ):
        return False
    if _PICTURED & set(words) and not set(words) & p.lex.source_nouns:
        return False  # "footage showed": nobody says it
    if (
        i > 1
        and p.words[i - 1] == ","
        and p.lex.classes.get(words[0] if words else "") == "D"
        and len(words) < _SHORT
    ):
        return True  # "four guards were killed, their employer confirmed"
    if (
        verb not in _WEAK
        or not words
        or words[0] == en.IT
        or set(words) & (p.lex.source_nouns | p.lex.people | SPEAKERS)
    ):
        return True
    if i == 0 and p.lex.classes.get(words[0]) == "D" and p.words[j + 1 : j + 2] == [en.THAT]:
        return True  # "The airline confirmed that"
    return any(token.text[0].isupper() for token in p.tokens[max(i, 1) : j])


def _clause_begun(p: Parsed, i: int, j: int) -> int:
    """Return where the name begins if a clause and its "and" stand before it ("the clash ended and sources")."""
    for k in range(j - 1, i, -1):
        before = p.words[i:k]
        if p.words[k] in _JOINS and not set(before) & p.lex.source_nouns:
            is_clause = any(word[0].isdigit() or word.endswith(en.ED) for word in before)
            return k + 1 if is_clause else i
    return i


def trimmed(p: Parsed, i: int, j: int) -> tuple[int, int]:
    """Leave out of a name a clause and "so far" before it, and times and participles behind it."""
    i = _clause_begun(p, i, j)
    for k in (i, i + 1):  # "claims the army dismissed", "an allegation the army denies"
        if k + 1 < j and p.words[k] in _OBJECTS and p.lex.classes.get(p.words[k + 1]) == "D":
            i = k + 1
            break
    if p.words[i : i + 2] == [en.SO, en.FAR] or p.words[i] == en.FAR:
        i += 2 if p.words[i] == en.SO else 1
    while j - i > 1 and p.words[j - 1] in _TIMES:
        j -= 1
    if j - i > 2 and p.words[j - 2] == en.ON and p.words[j - 1] in p.lex.weekdays:
        j -= 2
    for k in range(i + 2, j):
        if (
            p.words[k].endswith(en.ING)
            and p.words[k - 1] in p.lex.source_nouns
            and p.words[k] not in p.lex.source_nouns
        ):
            return i, k
    return i, j
