"""Whether a court, a crime or a memory is what a sentence is about, and its counts only recalled."""

from diffs.claims.english.chunks import Parsed
from diffs.claims.english.mentions import Mention
from diffs.language.en import ENGLISH
from diffs.language.en import single as en
from diffs.model import ClaimKind
from diffs.text import levelled

_IN_COURT = ENGLISH.words("courts.words")
_COURT = ENGLISH.words("courts.court")
_HEARING = ENGLISH.words("courts.hearing")
_JUDGED = (_IN_COURT | ENGLISH.words("courts.accusing")) - ENGLISH.words("courts.places")
_TOLD = ENGLISH.words("courts.told")
_HEARD = ENGLISH.pattern("scope.heard")
_BLAMED = ENGLISH.words("courts.blamed")
_BEREAVED = ENGLISH.words("people.bereaved")
_OF_PEOPLE = ENGLISH.words("small.of_people")
_EACH = ENGLISH.words("time.per")
_SOUGHT = frozenset({ClaimKind.MISSING, ClaimKind.TRAPPED})  # those whom the news is of
_PARTS_OF = ENGLISH.words("small.parts_of")


def is_heard_in_court(p: Parsed) -> bool:
    """Return whether a court or an inquest hears what the sentence counts."""
    return not _TOLD.isdisjoint(p.vocabulary) and _HEARD.search(levelled(p.sentence).lower()) is not None


def is_mere_result(p: Parsed, r: Mention) -> bool:
    """Return whether a participle behind a comma tells what the main verb led to, and no court, crime or memory is spoken of.

    "A funeral procession was hit by a lorry, killing seven" is news although a funeral is named.
    """
    if p.mark(r.cue - 1) != ",":
        return False
    before = p.words[: p.chunks[r.cue].i]
    hears = any(word in _COURT and _HEARING & set(before[k + 1 : k + 4]) for k, word in enumerate(before))
    return not hears and _JUDGED.isdisjoint(before)


def is_blamed_on_a_thing(p: Parsed, r: Mention) -> bool:
    """Return whether deaths are put down to what is blamed for them ("the syrup has been blamed for the deaths of 20 infants")."""
    k = r.cue - 1
    if p.mark(k) == "D":
        k -= 1
    blamed = p.mark(k) == "P" and p.word(k - 1) in _BLAMED and p.mark(k - 2) == "A"
    return blamed and _JUDGED.isdisjoint(p.words[: p.chunks[r.cue].i])


def is_sentenced(p: Parsed, r: Mention) -> bool:
    """Return whether a court is the news ("a driver who sped into a crowd, killing six, was jailed on Friday")."""
    for k in range(max(r.chunk, r.cue) + 1, min(len(p.chunks), r.cue + 14)):
        if p.mark(k) == "," and p.mark(k + 1) in {"A", "H"}:
            return bool(_IN_COURT & {p.word(m) for m in range(k + 2, k + 5)})
        if p.mark(k) in {";", "T", "S"}:
            return False
    return False


def dated_this_week(p: Parsed, after: int, cue: int) -> bool:
    """Return whether a weekday dates the event between a word of inquiry and the cue ("which crashed on Tuesday")."""
    return any(
        p.words[m] in p.lex.weekdays and p.words[m - 1] == en.ON and p.tokens[m].start > after
        for m in range(max(1, cue - 8), cue)
    )


def is_of_the_killed(p: Parsed, r: Mention) -> bool:
    """Return whether the mention only says whose ("relatives of the 270 people killed in the bombing")."""
    k = r.chunk
    if p.word(k - 1) == en.OF and p.word(k - 2) in _BEREAVED and r.kind not in _SOUGHT:
        return True  # "the relatives of 33 workers who suffocated"
    of_each = p.word(k - 1) == en.THE and p.word(k - 2) == en.OF and p.word(k - 3) in _EACH
    if of_each and p.word(k - 4) in {en.OF, en.TO} and p.word(k - 5) in _BEREAVED:
        return True  # "for the kin of each of the 36 deceased"
    known = p.word(k - 1) == en.THE and p.word(k - 2) in _OF_PEOPLE and p.mark(k - 3) == "W"
    known = known and p.word(k - 3) not in _PARTS_OF and r.kind not in _SOUGHT
    return known and r.cue == k + 1
