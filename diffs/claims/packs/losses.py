"""Counts of whom none survived: a negated verb of surviving, or nobody of a whole."""

from diffs.claims.packs.agreement import is_person
from diffs.claims.packs.chunks import Chunk
from diffs.claims.packs.mentions import CLOSERS, Found, PackMention, phrase_at
from diffs.claims.packs.parts import of_inside
from diffs.claims.packs.words import Pack, PackCue
from diffs.model import ClaimKind

_NEAR = 3  # chunks between a verb of surviving and its negation: "n'ont pas", "no han"
_DEAD = PackCue(ClaimKind.KILLED, "happen")


def read_unsurvived(row: list[Chunk], found: Found, pack: Pack) -> None:
    """Read "Ninguno de los nueve tripulantes sobrevivió" and "Zwölf Menschen überlebten nicht".

    Only of people who can perish together: candidates, firms and dogs survive other things.
    """
    for v, chunk in enumerate(row):
        if chunk.word in pack.survivors:
            _read_no_survivor(row, v, found, pack)
        if chunk.word not in pack.surviving:
            continue
        start = max((n + 1 for n in range(v) if row[n].mark in CLOSERS), default=0)
        whole = next((k + 1 for k in range(start, v - 1) if row[k].none and of_inside(row, k, pack)), None)
        k = whole if whole is not None else _subject(row, start, v, pack)
        if k is None:
            continue
        count = row[k].count
        assert count is not None
        first, last = phrase_at(row, k, pack)[0]
        who = (first, min(last, chunk.i)) if k < v else (first, last)
        if not any(one.word in pack.aboard for one in row if who[0] <= one.i < who[1]):
            continue
        found[k] = PackMention(k, v, _DEAD, count, "unsurvived", who)


def _read_no_survivor(row: list[Chunk], v: int, found: Found, pack: Pack) -> None:
    """Read "no hay supervivientes entre los 14 ocupantes"."""
    negated = row[v - 1].none or any(chunk.word in pack.not_words for chunk in row[max(0, v - _NEAR) : v])
    k = next((n for n in range(v + 1, min(len(row), v + _NEAR)) if row[n].mark == "N"), None)
    if (
        not negated
        or v == 0
        or k is None
        or {row[v + 1].word, row[k].opener}.isdisjoint(pack.among | pack.of)
    ):
        return
    count = row[k].count
    who = phrase_at(row, k, pack)[0]
    if (
        count is not None
        and count.value
        and any(one.word in pack.aboard for one in row if who[0] <= one.i < who[1])
    ):
        found[k] = PackMention(k, v, _DEAD, count, "unsurvived", who)


def _subject(row: list[Chunk], start: int, v: int, pack: Pack) -> int | None:
    """Return the count of people who are the subject of the negated verb of surviving at `v`, or None."""
    if not _is_negated(row, v, pack):
        return None
    places: list[int] = [*range(v - 1, start - 1, -1), *range(v + 1, min(len(row), v + 2))]
    for k in places:
        count = row[k].count
        if count is None or not count.value or (k and row[k - 1].mark == "P"):
            continue
        who, head = phrase_at(row, k, pack)
        named = [chunk for chunk in row if who[0] <= chunk.i < who[1]]
        if head is not None or not named or any(is_person(chunk, pack) for chunk in named):
            return k
    return None


def _is_negated(row: list[Chunk], v: int, pack: Pack) -> bool:
    """Return whether a negation stands at the verb, or ends its clause where verbs do ("überlebten den Absturz nicht")."""
    before = row[max(0, v - _NEAR) : v]
    if any(chunk.word in pack.not_words for chunk in before) and all(
        chunk.mark in "ABW" for chunk in before[-1:]
    ):
        return True
    stop = next((n for n in range(v, len(row)) if row[n].mark in CLOSERS), len(row))
    return pack.verb_final and stop > v + 1 and row[stop - 1].word in pack.not_words
