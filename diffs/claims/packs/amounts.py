"""Counts whose kind another count of the sentence tells: what a toll rose from, what it is compared with, totals, confirmed ones."""

from diffs.claims.packs.chunks import Chunk
from diffs.claims.packs.mentions import Found, PackMention, phrase_at
from diffs.claims.packs.words import Pack, longest_ending

_REACH = 4  # chunks from a verb of raising to its total, and from the total to its amount


def read_risen(row: list[Chunk], found: Found, pack: Pack) -> None:
    """Read what a toll rose from and what it rose to ("stieg von 98 auf 115")."""
    for k, read in list(found.items()):
        _read_before(row, k, read, found, pack)
        count = row[k + 2].count if k + 2 < len(row) else None
        if (
            count is None
            or k + 2 in found
            or row[k - 1].word not in pack.of
            or row[k + 1].word not in pack.toll_links
        ):
            continue
        found[k + 2] = PackMention(k + 2, read.cue, read.meant, count, "toll", (count.j, count.j))
        read.rule = "prior_toll"


def _read_before(row: list[Chunk], k: int, read: PackMention, found: Found, pack: Pack) -> None:
    """Read the bare number from which a verb of amounts brought the count at `k` ("ramené le bilan de 41 à 38 morts")."""
    if k < 3 or k - 2 in found or row[k - 1].word not in pack.toll_links or row[k - 3].word not in pack.of:
        return
    count = row[k - 2].count
    if count is not None and any(chunk.word in pack.rise for chunk in row[max(0, k - 3 - _REACH) : k - 3]):
        found[k - 2] = PackMention(k - 2, read.cue, read.meant, count, "prior_toll", (count.j, count.j))


def read_compared(row: list[Chunk], found: Found, pack: Pack) -> None:
    """Read what a count is compared with ("sube a 88, frente a las 75 del lunes")."""
    words = [chunk.word for chunk in row]
    for k, chunk in enumerate(row):
        begin = k - 1 if k and row[k - 1].mark == "D" else k
        length = longest_ending(words, begin, pack.compared)
        if chunk.count is None or not length or begin - length < 1 or row[begin - length - 1].mark != ",":
            continue
        before = [found[m] for m in found if m < k and found[m].rule != "compared"]
        if not before:
            continue
        nearest = before[-1]
        found[k] = PackMention(k, nearest.cue, nearest.meant, chunk.count, "compared", (chunk.j, chunk.j))


def read_totals(row: list[Chunk], found: Found, pack: Pack) -> None:
    """Read a running total of the kind told before it ("Hallan cuatro cuerpos, lo que eleva el total a 68")."""
    for t, chunk in enumerate(row):
        if chunk.word not in pack.totals or not any(c.word in pack.rise for c in row[max(0, t - _REACH) : t]):
            continue
        before = [found[m] for m in found if m < t]
        amount = next((m for m in range(t + 1, min(len(row), t + _REACH)) if row[m].mark == "N"), None)
        if not before or amount is None or amount in found:
            continue
        count = row[amount].count
        linked = row[amount - 1].word in pack.toll_links or row[amount].opener in pack.toll_links
        who, head = phrase_at(row, amount, pack)
        if count is None or not linked or head is not None or who[1] > who[0]:
            continue
        nearest = max(before, key=lambda read: read.chunk)
        found[amount] = PackMention(amount, nearest.cue, nearest.meant, count, "total", (count.j, count.j))


def read_confirmed(row: list[Chunk], found: Found, pack: Pack) -> None:
    """Read the number behind the noun of its victims that is confirmed ("Weitere Tote werden erwartet, 12 wurden bestätigt")."""
    counts = [k for k, chunk in enumerate(row) if chunk.mark == "N"]
    if len(counts) != 1 or counts[0] in found:
        return
    k, count = counts[0], row[counts[0]].count
    m = k + 1
    while m < len(row) and row[m].mark in "AB":
        m += 1
    states = [n for n in range(k) if row[n].form == "state"]
    kinds = {row[n].kind for n in states}
    if count is None or len(kinds) != 1 or m >= len(row) or row[m].word not in pack.confirmed:
        return
    cue = row[states[-1]].cue
    assert cue is not None
    found[k] = PackMention(k, states[-1], cue, count, "confirmed", (count.j, count.j))
