"""Word-level edits, the only door to diff_match_patch."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from diff_match_patch import diff_match_patch

from diffs.model import Edit, EditOp

_TOKEN = re.compile(
    r"""
    “[^“”\n]{1,600}” | «[^«»\n]{1,600}» | „[^„“”\n]{1,600}[“”]        # a quotation is one token
  | (?<!\w)"[^"\n]{1,600}"(?!\w)
  | (?<!\w)‘[^‘\n]{1,300}?’(?!\w) | (?<!\w)'[^'\s][^'\n]{0,300}?'(?!\w)
  | (?<![\w.,])[-+−]?[$€£¥]?\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+(?!\d)(?:[.,]\d+)?%?   # 12 500
  | [$€£¥]?\d+(?:[.,:/’'–-]\d+)*(?:[^\W\d_]+|%)?                      # 1,500  1.5  12:30  20-30  7th  15m
  | [^\W\d_]+(?:[-’'‐‑][^\W_]+)*
  | \s+
  | \w
  | .
    """,
    re.VERBOSE | re.DOTALL,
)
_FIRST = 0xF0000  # Unicode's supplementary private use area: no token is mistaken for a letter or space
_LARGEST = 160_000  # product of token counts up to which the exact shortest difference is searched


def tokens_in(text: str) -> tuple[str, ...]:
    """Split a text into words, numbers, quotations, white space and signs; joined they give it back.

    A number keeps its sign of currency, separators, decimals and unit letter; a closed quotation is one
    token.
    """
    return tuple(match.group() for match in _TOKEN.finditer(text))


@lru_cache(maxsize=4096)
def edits_between(old: str, new: str) -> tuple[Edit, ...]:
    """Give the word-level difference of two short texts, pieces in order.

    The pieces that are not inserts spell the old text, those that are not deletes the new one. Neither a
    number nor a quotation is ever cut. The result depends on the two texts alone: no time limit applies,
    and the cost of very long texts is bounded by cutting them at words that occur once in both.
    """
    pieces = _difference(tokens_in(old), tokens_in(new))
    return tuple(_tidied(pieces))


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


def _difference(old: Sequence[str], new: Sequence[str]) -> Iterator[Edit]:
    """Yield the pieces of difference of two token sequences."""
    if len(old) * len(new) <= _LARGEST:
        yield from _shortest(old, new)
        return
    anchors = _anchors(old, new)
    if not anchors:
        yield Edit(op=EditOp.DELETE, text="".join(old))
        yield Edit(op=EditOp.INSERT, text="".join(new))
        return
    i = j = 0
    for at_old, at_new in [*anchors, (len(old), len(new))]:
        if (at_old - i) * (at_new - j) > _LARGEST:
            yield Edit(op=EditOp.DELETE, text="".join(old[i:at_old]))
            yield Edit(op=EditOp.INSERT, text="".join(new[j:at_new]))
        else:
            yield from _shortest(old[i:at_old], new[j:at_new])
        if at_old < len(old):
            yield Edit(op=EditOp.EQUAL, text=old[at_old])
        i, j = at_old + 1, at_new + 1


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Give the longest rising chain of tokens that occur exactly once in both (a patience difference)."""
    once_old, once_new = Counter(old), Counter(new)
    where = {token: j for j, token in enumerate(new) if once_new[token] == 1}
    pairs = [(i, where[t]) for i, t in enumerate(old) if once_old[t] == 1 and t in where]
    return [pairs[k] for k in longest_rise([j for _, j in pairs])]


def longest_rise(values: Sequence[int]) -> list[int]:
    """Give the indices of a longest strictly rising subsequence."""
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


def _shortest(old: Sequence[str], new: Sequence[str]) -> Iterator[Edit]:
    """Yield the shortest difference, tidied of chance agreements, by diff_match_patch over tokens."""
    codes: dict[str, str] = {}
    sides = [
        "".join(codes.setdefault(token, chr(_FIRST + len(codes))) for token in side) for side in (old, new)
    ]
    tokens = list(codes)
    engine = diff_match_patch()
    engine.Diff_Timeout = 0  # a time limit would make the result depend on the machine's load
    pieces = engine.diff_main(*sides, checklines=False)
    if len(pieces) > 3:
        engine.diff_cleanupSemantic(pieces)
    ops = {
        engine.DIFF_EQUAL: EditOp.EQUAL,
        engine.DIFF_DELETE: EditOp.DELETE,
        engine.DIFF_INSERT: EditOp.INSERT,
    }
    for op, coded in pieces:
        yield Edit(op=ops[op], text="".join(tokens[ord(code) - _FIRST] for code in coded))


def _tidied(pieces: Iterable[Edit]) -> Iterator[Edit]:
    """Join neighbouring differences that only white space parts; deletions come before insertions."""
    gone, come, gap = "", "", ""
    for piece in pieces:
        if piece.op is EditOp.EQUAL:
            if piece.text.isspace() and gone and come and not gap:
                gap = piece.text
                continue
            yield from _flushed(gone, come)
            yield Edit(op=EditOp.EQUAL, text=gap + piece.text)
            gone, come, gap = "", "", ""
            continue
        if gap:
            gone, come, gap = gone + gap, come + gap, ""
        if piece.op is EditOp.DELETE:
            gone += piece.text
        else:
            come += piece.text
    yield from _flushed(gone, come)
    if gap:
        yield Edit(op=EditOp.EQUAL, text=gap)


def _flushed(gone: str, come: str) -> Iterator[Edit]:
    if gone:
        yield Edit(op=EditOp.DELETE, text=gone)
    if come:
        yield Edit(op=EditOp.INSERT, text=come)
