"""Counts joined to one that has the cue, which share it."""

from diffs.claims.packs.chunks import Chunk, Count
from diffs.claims.packs.mentions import CLOSERS, Found, PackMention, phrase_at
from diffs.claims.packs.words import Pack


def read_shared(row: list[Chunk], found: Found, pack: Pack) -> None:
    """Let counts that are joined to a read one share its cue ("tres soldados y cinco civiles murieron")."""
    counts = [k for k, chunk in enumerate(row) if chunk.mark == "N"]
    for n, k in enumerate(counts):
        chunk = row[k]
        if k in found or chunk.count is None or _is_whole(row, k, chunk.count, pack):
            continue
        who, _ = phrase_at(row, k, pack)
        before = counts[n - 1] if n else -1
        after = counts[n + 1] if n + 1 < len(counts) else -1
        if before in found and _joined(row, before, k, pack):
            near = found[before]
            if near.cue < before or near.rule == "passive" or _elliptic(row, k, pack):
                found[k] = PackMention(k, near.cue, near.meant, chunk.count, "shared_subject", who)
                continue
        if after in found and _joined(row, k, after, pack):
            near = found[after]
            if near.rule in {"passive", "intransitive"}:
                found[k] = PackMention(k, near.cue, near.meant, chunk.count, "shared_subject", who)


def _is_whole(row: list[Chunk], k: int, count: Count, pack: Pack) -> bool:
    """Return whether the count at `k` is that of which another is a share ("sur les 45 passagers, 31 ont péri")."""
    opened = row[k].opener in pack.whole_openers and count.i < count.first
    return opened and (k == 0 or row[k - 1].mark in CLOSERS)


def _elliptic(row: list[Chunk], k: int, pack: Pack) -> bool:
    return k + 1 < len(row) and row[k + 1].word in pack.more


def _joined(row: list[Chunk], a: int, b: int, pack: Pack) -> bool:
    between = row[a + 1 : b]
    return (
        len(between) < 7
        # "Ein Boot mit 70 Migranten kenterte, 54 ...": a verb of its own parts the two.
        and not any(
            c.mark == "W" and not c.capital and c.word.endswith(pack.finite_ends or "\0") for c in between
        )
        and any(chunk.word in pack.joins or chunk.mark == "," for chunk in between[-3:])
        and all(chunk.mark in "WDP," or chunk.word in pack.joins for chunk in between)
    )
