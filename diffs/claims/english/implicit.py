"""The rules for victims without a printed number: a man, another, the bomber, a named person."""

from diffs.claims.english.chunks import Parsed
from diffs.claims.english.clauses import verb_start
from diffs.claims.english.mentions import Mention, Mentions, kind_of
from diffs.language.en import ENGLISH
from diffs.language.en import single as en

_PLURAL = ENGLISH.words("people.plural")
_OPENERS = ENGLISH.words("small.openers")
_COUNTED_ONLY = ENGLISH.words("outcomes.counted_only")
_DYING = ENGLISH.words("verbs.dying")
_AT_AGE = ENGLISH.words("small.at_age")
_LONGEST = 9


def read_implicit(p: Parsed, c: int, mentions: Mentions) -> bool:
    """Read the cue at `c` where its single victim is named or described without a number."""
    chunk = p.chunks[c]
    if chunk.word in _COUNTED_ONLY or c in mentions.by_cue or chunk.cue("toll") or _dies_old(p, c):
        return False
    found = _subject(p, c) or _object(p, c)
    if found is None:
        return False
    first, last = found
    who = (p.chunks[first].i, p.chunks[last].j)
    return mentions.add(Mention(kind_of(chunk), None, first, c, "implicit", who=who))


def _dies_old(p: Parsed, c: int) -> bool:
    """Return whether an obituary tells the age ("singer dies at 83"): no victim of an event."""
    after = p.words[p.chunks[c].j : p.chunks[c].j + 2]
    return p.chunks[c].word in _DYING and len(after) == 2 and after[0] in _AT_AGE and after[1].isdigit()


def _subject(p: Parsed, c: int) -> tuple[int, int] | None:
    """Return the first and last chunk of the noun phrase that is the subject of the cue, or None."""
    cue = p.chunks[c].cue("past", "participle", "adjective", "base", "third")
    if cue is None:
        return None
    start, passive = verb_start(p, c)
    described = cue.form == "adjective" or p.chunks[c].cue("adjective") is not None
    if not passive and cue.transitive and not described and p.word(start - 1) != en.ANOTHER:
        return None
    last = start - 1
    if p.word(last) == en.ANOTHER and p.mark(c + 1) not in {"W", "N", "D"}:
        return last, last
    first = last
    while first > 0 and last - first < _LONGEST and p.mark(first) == "W" and p.word(first)[0].isalnum():
        first -= 1
    if p.mark(first) == "D" and p.word(first) in _OPENERS:
        return (first, last) if first < last and _is_one(p, last) else None
    return (first + 1, last) if last - first > 1 and _is_name(p, first + 1, last) else None


def _object(p: Parsed, c: int) -> tuple[int, int] | None:
    """Return the first and last chunk of the noun phrase that is the object of the cue, or None."""
    cue = p.chunks[c].cue("past", "base", "third", "ing", "act")
    if cue is None or not cue.transitive or verb_start(p, c)[1]:
        return None
    first = c + 1
    if cue.form == "act":
        if p.word(first) != en.OF:
            return None
        first += 1
    last = first
    while (
        last + 1 < len(p.chunks)
        and last - first < _LONGEST
        and p.mark(last + 1) == "W"
        and p.word(last + 1)[0].isalnum()
    ):
        last += 1
    if p.mark(first) == "D" and p.word(first) in _OPENERS and last > first:
        people = next((k for k in range(first + 1, last + 1) if _is_one(p, k)), None)
        return (first, people) if people is not None else None
    return (first, last) if p.mark(first) == "W" and last > first and _is_name(p, first, last) else None


def _is_one(p: Parsed, c: int) -> bool:
    word = p.word(c)
    return (
        word in p.lex.people and word not in _PLURAL and not (word.endswith("s") and not word.endswith(en.SS))
    )


def _is_name(p: Parsed, first: int, last: int) -> bool:
    texts = [p.tokens[p.chunks[k].i].text for k in range(first, last + 1)]
    return (
        all(text[0].isupper() and not text.isupper() for text in texts)
        and not {text.casefold() for text in texts} & p.lex.things
    )
