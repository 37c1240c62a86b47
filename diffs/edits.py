"""Word-level edits, the only door to diff_match_patch."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from operator import lt

from diff_match_patch import diff_match_patch

from diffs.model import Edit, EditOp

_TOKEN = re.compile(
    r"""(?:
    [^\W\d_]+(?:[-’'‐‑][^\W_]+)*
  | “[^“”\n]{1,600}” | «[^«»\n]{1,600}» | „[^„“”\n]{1,600}[“”]        # a quotation is one token
  | (?<!\w)"[^"\n]{1,600}"(?!\w)
  | (?<!\w)‘[^‘\n]{1,300}?’(?!\w) | (?<!\w)'[^'\s][^'\n]{0,300}?'(?!\w)
  | (?<![\w.,])[-+−]?[$€£¥]?\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+(?!\d)(?:[.,]\d+)?%?   # 12 500
  | [$€£¥]?\d+(?:[.,:/’'–-]\d+)*(?:[^\W\d_]+|%)?                      # 1,500  1.5  12:30  20-30  7th  15m
  | \S
  )\s* | \s+
    """,
    re.VERBOSE | re.DOTALL,
)
_FIRST = 0xF0000  # Unicode's supplementary private use area: no token is mistaken for a letter or space
_LARGEST = 90_000  # product of token counts up to which the exact shortest difference is searched
_ENGINE = diff_match_patch()
_ENGINE.Diff_Timeout = 0  # a time limit would make the result depend on the machine's load
Tokens = Sequence[str]
Piece = tuple[EditOp, str]


def tokens_in(text: str) -> tuple[str, ...]:
    """Split a text into words, numbers, quotations and signs, each with the white space after it.

    Joined they give the text back. A number keeps its sign of currency, separators, decimals and unit
    letter; a closed quotation is one token.
    """
    return tuple(_TOKEN.findall(text))


@lru_cache(maxsize=4096)
def edits_between(old: str, new: str) -> tuple[Edit, ...]:
    """Return the word-level difference of two short texts, pieces in order.

    The pieces that are not inserts spell the old text, those that are not deletes the new one. Neither a
    number nor a quotation is ever cut. The result depends on the two texts alone: no time limit applies,
    and the cost of very long texts is bounded by cutting them at words that occur once in both.
    """
    if old == new:
        return (Edit(op=EditOp.EQUAL, text=old),) if old else ()
    return tuple(_joined(_difference(tokens_in(old), tokens_in(new))))


def old_text(edits: Iterable[Edit]) -> str:
    """Spell the text before the edits."""
    return "".join(edit.text for edit in edits if edit.op is not EditOp.INSERT)


def new_text(edits: Iterable[Edit]) -> str:
    """Spell the text after the edits."""
    return "".join(edit.text for edit in edits if edit.op is not EditOp.DELETE)


def swaps_in(edits: Iterable[Edit]) -> Iterator[tuple[str, str]]:
    """Yield each place of difference as (words gone, words come); one of the two may be empty."""
    gone, come = "", ""
    for edit in edits:
        if edit.op is EditOp.EQUAL:
            if gone or come:
                yield gone, come
            gone, come = "", ""
        elif edit.op is EditOp.DELETE:
            gone += edit.text
        else:
            come += edit.text
    if gone or come:
        yield gone, come


def _difference(old: Tokens, new: Tokens) -> Iterator[Piece]:
    """Yield the pieces of difference of two token sequences."""
    if len(old) * len(new) <= _LARGEST:
        yield from _shortest(old, new)
        return
    i = j = 0
    for at_old, at_new in [*_anchors(old, new), (len(old), len(new))]:
        if (at_old - i) * (at_new - j) > _LARGEST:
            yield from ((EditOp.DELETE, token) for token in old[i:at_old])
            yield from ((EditOp.INSERT, token) for token in new[j:at_new])
        else:
            yield from _shortest(old[i:at_old], new[j:at_new])
        if at_old < len(old):
            yield EditOp.EQUAL, old[at_old]
        i, j = at_old + 1, at_new + 1


def _anchors(old: Tokens, new: Tokens) -> list[tuple[int, int]]:
    """Return the longest rising chain of tokens that occur exactly once in both (a patience difference)."""
    once_old, once_new = Counter(old), Counter(new)
    where = {token: j for j, token in enumerate(new) if once_new[token] == 1}
    pairs = [(i, where[t]) for i, t in enumerate(old) if once_old[t] == 1 and t in where]
    return [pairs[k] for k in longest_rise([j for _, j in pairs])]


def longest_rise(values: Sequence[int]) -> list[int]:
    """Return the indices of a longest strictly rising subsequence."""
    if all(map(lt, values, values[1:])):
        return list(range(len(values)))
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for k, value in enumerate(values):
        at = bisect_left(tails, value)
        previous.append(ends[at - 1] if at else -1)
        if at == len(tails):
            tails.append(value)
            ends.append(k)
        else:
            tails[at], ends[at] = value, k
    chain = []
    k = ends[-1] if ends else -1
    while k >= 0:
        chain.append(k)
        k = previous[k]
    return chain[::-1]


def _shortest(old: Tokens, new: Tokens) -> Iterator[Piece]:
    """Yield the shortest difference, rid of chance agreements, by diff_match_patch over words.

    White space takes no part in the search: where only that differs, it is a piece of its own.
    """
    codes: dict[str, str] = {}
    sides = [
        "".join(codes.setdefault(t.rstrip(), chr(_FIRST + len(codes))) for t in side) for side in (old, new)
    ]
    found = _ENGINE.diff_main(*sides, checklines=False)
    if len(found) > 3:
        _ENGINE.diff_cleanupSemantic(found)
    i = j = 0
    for op, coded in found:
        if op == _ENGINE.DIFF_DELETE:
            yield EditOp.DELETE, "".join(old[i : i + len(coded)])
            i += len(coded)
        elif op == _ENGINE.DIFF_INSERT:
            yield EditOp.INSERT, "".join(new[j : j + len(coded)])
            j += len(coded)
        else:
            for before, after in zip(old[i : i + len(coded)], new[j : j + len(coded)], strict=True):
                yield from _spaced(before, after)
            i, j = i + len(coded), j + len(coded)


def _spaced(before: str, after: str) -> Iterator[Piece]:
    """Yield one word of both texts, and the white space after it where that differs."""
    if before == after:
        yield EditOp.EQUAL, before
        return
    word = before.rstrip()
    yield EditOp.EQUAL, word
    yield EditOp.DELETE, before[len(word) :]
    yield EditOp.INSERT, after[len(word) :]


def _joined(pieces: Iterable[Piece]) -> Iterator[Edit]:
    """Join pieces into edits: deletions before insertions, white space both share after them."""
    same, gone, come = "", "", ""
    for op, text in pieces:
        if op is EditOp.EQUAL:
            if gone or come:
                shared = _shared_end(gone, come)
                yield from _flushed(same, gone.removesuffix(shared), come.removesuffix(shared))
                same, gone, come = shared, "", ""
            same += text
        elif op is EditOp.DELETE:
            gone += text
        else:
            come += text
    shared = _shared_end(gone, come)
    yield from _flushed(same, gone.removesuffix(shared), come.removesuffix(shared))
    if shared:
        yield Edit(op=EditOp.EQUAL, text=shared)


def _shared_end(gone: str, come: str) -> str:
    ends = [text[len(text.rstrip()) :] for text in (gone, come)]
    return ends[0] if ends[0] == ends[1] else ""


def _flushed(same: str, gone: str, come: str) -> Iterator[Edit]:
    for op, text in ((EditOp.EQUAL, same), (EditOp.DELETE, gone), (EditOp.INSERT, come)):
        if text:
            yield Edit(op=op, text=text)
