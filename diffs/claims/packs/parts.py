"""The parts of counts already read, and the states of which a negated verb leaves nobody."""

from diffs.claims.packs.chunks import Chunk, Count
from diffs.claims.packs.mentions import CLOSERS, Found, PackMention, phrase_at
from diffs.claims.packs.words import Pack, longest
from diffs.model import Qualifier


def read_parts(row: list[Chunk], found: Found, pack: Pack) -> None:
    """Read "dos de los tres muertos" and "De los 44 muertos, doce eran menores"; a whole of which none died is no claim."""
    for k, chunk in enumerate(row):
        if chunk.mark != "N" or chunk.count is None or k + 1 >= len(row):
            continue
        if k in found and _is_of_the_state(row, k, found[k], pack):
            found[k].whole = k  # "dos de los heridos"
        elif of_inside(row, k, pack):
            read = found.get(k + 1)
            if read is None or k in found:
                continue
            nominal = read.rule in {"counted", "attributive"}
            whole = k + 1 if nominal and chunk.count.qualifier is not Qualifier.ZERO else None
            found[k] = PackMention(k, read.cue, read.meant, chunk.count, "part_of", read.who, whole)
            if whole is None:
                del found[k + 1]
        elif k in found and of_inside(row, k - 1, pack) and found[k].rule == "counted":
            nearest = next((m for m in range(k + 1, min(len(row), k + 6)) if row[m].mark == "N"), None)
            if nearest is not None and nearest not in found and row[nearest].count is not None:
                read = found[k]
                count = row[nearest].count
                assert count is not None
                found[nearest] = PackMention(
                    nearest, read.cue, read.meant, count, "part_of", (count.j, count.j), k
                )


def _is_of_the_state(row: list[Chunk], k: int, read: PackMention, pack: Pack) -> bool:
    """Return whether the count at `k` is a part of those of a definite state without a count of their own."""
    opener, noun = row[k + 1], row[k + 2] if k + 2 < len(row) else None
    if opener.word not in pack.whole_openers or noun is None or read.whole is not None:
        return False
    definite = noun.mark == "D" or opener.mark == "D" or opener.word in pack.definite
    return definite and read.cue == (k + 3 if noun.mark == "D" else k + 2) and row[read.cue].form == "state"


def read_named_parts(row: list[Chunk], found: Found, pack: Pack) -> None:
    """Read the parts that need no cue of their own: "entre ellos dos niños", "cuatro de ellas"."""
    words = [chunk.word for chunk in row]
    for k, chunk in enumerate(row):
        if chunk.mark != "N" or chunk.count is None:
            continue
        if k in found and found[k].cue > k + 2 and row[found[k].cue - 2].word in pack.among:
            found[k].whole = k
        named = _among(row, k, pack)
        if named is not None and (k not in found or found[k].cue == named):
            cue = row[named].cue
            assert cue is not None
            found[k] = PackMention(k, named, cue, chunk.count, "among", phrase_at(row, k, pack)[0], k)
            continue
        wholes = [found[m] for m in found if m < k and found[m].whole is None]
        if not wholes:
            continue
        opened = any(longest(words, m, pack.subset_before) == k - m for m in range(max(0, k - 4), k))
        of_them = longest(words, k + 1, pack.subset_after) > 0
        whole = wholes[-1]
        if k not in found and (opened or of_them):
            who = (chunk.j, chunk.j) if of_them else phrase_at(row, k, pack)[0]
            found[k] = PackMention(k, whole.cue, whole.meant, chunk.count, "including", who, whole.chunk)
        elif k in found and (opened or of_them) and found[k].whole is None:
            found[k].whole = whole.chunk
            found[k].who = (chunk.j, chunk.j) if of_them else found[k].who


def _among(row: list[Chunk], k: int, pack: Pack) -> int | None:
    """Return the state in "entre los muertos figuran cuatro bomberos" before the count at `k`, or None."""
    for m in range(k - 1, max(1, k - 6), -1):
        if row[m].mark in CLOSERS or row[m].mark == "N":
            return None
        if row[m].form == "state":
            return m if row[m - 2].word in pack.among or row[m - 1].word in pack.among else None
    return None


def of_inside(row: list[Chunk], k: int, pack: Pack) -> bool:
    """Return whether the count after chunk `k` opens with "de los"."""
    after = row[k + 1]
    return (
        after.mark == "N"
        and after.count is not None
        and after.count.i < after.count.first
        and after.opener in pack.whole_openers
    )


def read_denied(row: list[Chunk], found: Found, pack: Pack) -> None:
    """Read the states that a negated verb of having or causing brings ("no causó víctimas mortales")."""
    for k, chunk in enumerate(row):
        if chunk.word not in pack.not_words:
            continue
        verb = next((m for m in range(k + 1, min(len(row), k + 5)) if row[m].word in pack.not_verbs), None)
        if verb is None:
            continue
        for m in range(verb + 1, min(len(row), verb + 6)):
            if row[m].mark in "N;,":
                break
            cue = row[m].cue
            if cue is not None and cue.form in {"state", "act"}:
                none = Count(chunk.i, chunk.j, chunk.i, chunk.j, 0, 0, 0, Qualifier.ZERO)
                if not any(m == other.cue for other in found.values()):
                    found.setdefault(k, PackMention(k, m, cue, none, "none", (chunk.j, chunk.j)))
                break
