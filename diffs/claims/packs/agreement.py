"""Whether a verb or a state can be said of what a number counts: it agrees in number, and only people die or go missing."""

from diffs.claims.packs.chunks import Chunk, Count
from diffs.claims.packs.words import Pack, PackCue
from diffs.model import ClaimKind, Qualifier

# What the languages of the packs say of things too: ships go missing, roads are blocked, districts are cleared, ships are captured.
_OF_THINGS = frozenset({ClaimKind.MISSING, ClaimKind.TRAPPED, ClaimKind.DISPLACED})


def agrees(row: list[Chunk], at: int, k: int, count: Count, pack: Pack) -> bool:
    """Return whether the count at `k` has the number of the verb or state at chunk `at`: "murió" and "mort" are said of one.

    The participle of a perfect ("ha herido a 12", "hubieran muerto") and the noun of an act ("la mort de 22") agree with nothing.
    """
    cue = row[at].cue
    if at < k and row[k - 1].word in pack.joins:
        return True  # "Muere una mujer y dos niños": the verb agrees with the first of two
    if cue is None or not cue.one or count.value in {None, 0, 1} or (k and row[k - 1].none):
        return True
    if cue.form == "state" and (row[at].i < count.i or (at and row[at - 1].word in pack.have)):
        return True
    collective = count.qualifier is Qualifier.ABOUT and not count.digits
    return collective or (count.last - count.first > 1 and not count.digits and cue.form == "happen")


def may_be_people(row: list[Chunk], who: tuple[int, int], cue: PackCue, pack: Pack) -> bool:
    """Return whether the counted noun at tokens `who` can be people: where things share the cue, its word must say so."""
    if cue.never is not None and cue.never.within(
        [chunk.word for chunk in row if who[0] <= chunk.i < who[1]]
    ):
        return False
    taken = cue.kind is ClaimKind.CAPTURED and cue.form == "do"
    if (cue.kind not in _OF_THINGS and not taken) or who[1] <= who[0] or not pack.person_ends:
        return True
    named = [chunk for chunk in row if who[0] <= chunk.i < who[1]]
    return any(is_person(chunk, pack) for chunk in named)


def is_person(chunk: Chunk, pack: Pack) -> bool:
    """Return whether a word can name people: it is known, ends as names of people do, or is a name."""
    if chunk.capital and not pack.noun_capitals:
        return True
    return chunk.word in pack.people or chunk.word in pack.sources or chunk.word.endswith(pack.person_ends)
