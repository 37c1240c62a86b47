"""Word-level edits as lines in which whole words are struck or added."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from diffs.model import Edit, EditOp
from diffs.reports.document import Line, Part, Text, added, line, struck
from diffs.reports.safe import is_punctuation, visible

_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)
_CONTEXT_WORDS = 30
_CLOSING = frozenset(",.;:!?")


@dataclass(slots=True)
class Stretch:
    """A stretch of a comparison: equal where `old` and `new` are the same, else a replacement."""

    old: str
    new: str
    equal: bool


def stretches_in(edits: Iterable[Edit]) -> list[Stretch]:
    """Return edits as spans whose replacements begin and end where words do.

    A reader compares words, and a mark inside one is easily overlooked (some formats, CommonMark among them,
    cannot even set it), so a replacement is stretched over the equal characters up to the next space; in
    scripts that write no spaces, only as far as punctuation forces it. Old and new texts still spell out in
    full, spaces folded.
    """
    pending = _spaced(_joined(edits))
    result: list[Stretch] = []
    for index, span in enumerate(pending):
        if not span.equal:
            _append(result, span)
            continue
        text = span.old
        head = _bound_start(text) if index > 0 else 0
        tail = _bound_end(text) if index + 1 < len(pending) else len(text)
        if head >= tail and 0 < index < len(pending) - 1:
            head, tail = len(text), len(text)
        for piece, equal in ((text[:head], False), (text[head:tail], True), (text[tail:], False)):
            if piece:
                _append(result, Stretch(piece, piece, equal=equal))
    return result


def _joined(edits: Iterable[Edit]) -> list[Stretch]:
    spans: list[Stretch] = []
    for edit in edits:
        text = visible(edit.text)
        if not text:
            continue
        if edit.op is EditOp.EQUAL:
            _append(spans, Stretch(text, text, equal=True))
        elif edit.op is EditOp.DELETE:
            _append(spans, Stretch(text, "", equal=False))
        else:
            _append(spans, Stretch("", text, equal=False))
    return spans


def _spaced(spans: list[Stretch]) -> list[Stretch]:
    """Move the space at the edges of a replacement to its neighbours."""
    result: list[Stretch] = []
    for span in spans:
        texts = [] if span.equal else [text for text in (span.old, span.new) if text.strip()]
        before = bool(texts) and all(text[0].isspace() for text in texts)
        after = bool(texts) and all(text[-1].isspace() for text in texts)
        if before:
            _append(result, Stretch(" ", " ", equal=True))
        old, new = ((text.lstrip() if before else text) for text in (span.old, span.new))
        old, new = ((text.rstrip() if after else text) for text in (old, new))
        _append(result, Stretch(old, new, equal=span.equal))
        if after:
            _append(result, Stretch(" ", " ", equal=True))
    return result


def _append(spans: list[Stretch], span: Stretch) -> None:
    if spans and spans[-1].equal == span.equal:
        spans[-1].old += span.old
        spans[-1].new += span.new
    else:
        spans.append(Stretch(span.old, span.new, equal=span.equal))


def _free(before: str, after: str) -> bool:
    """Return whether a mark may stand between two characters, whatever the words on the other side."""
    if before.isspace() or after.isspace():
        return True
    unspaced = _UNSPACED.match(before) or _UNSPACED.match(after)
    return bool(unspaced) and not is_punctuation(before) and not is_punctuation(after)


def _bound_start(text: str) -> int:
    """Count the leading characters that stay with the replacement before this equal text."""
    if text[0].isspace():
        return 0
    for index in range(1, len(text)):
        if _free(text[index - 1], text[index]):
            return index
    return len(text)


def _bound_end(text: str) -> int:
    """Return the index from which the characters belong to the replacement after this equal text."""
    if text[-1].isspace():
        return len(text)
    for index in range(len(text) - 1, 0, -1):
        if _free(text[index - 1], text[index]):
            return index
    return 0


def marked(edits: Iterable[Edit], *, full: bool = False) -> Line:
    """Return a comparison as one line: struck and added words among the words that stayed.

    Args:
        edits: The pieces in order.
        full: Keep long unchanged stretches instead of shortening them to `…`.
    """
    return _marked(tuple(edits), full)


# A change is printed in the report, next to its step, on a page of its own and in lists.
@lru_cache(maxsize=1024)
def _marked(edits: tuple[Edit, ...], full: bool) -> Line:  # noqa: FBT001 - as a cache takes it
    spans = stretches_in(edits)
    last = len(spans) - 1
    parts: list[Part] = []
    for index, span in enumerate(spans):
        if span.equal:
            parts.append(span.old if full else shortened(span.old, head=index > 0, tail=index < last))
        else:
            parts += _replacement(span)
    return _trimmed(line(*parts))


def _trimmed(content: Line) -> Line:
    """Fold runs of spaces and drop those at the ends."""
    nodes = list(content)
    for index, node in enumerate(nodes):
        if isinstance(node, Text):
            text = re.sub(" {2,}", " ", node.text)
            text = text.lstrip() if index == 0 else text
            nodes[index] = Text(text.rstrip() if index == len(nodes) - 1 else text)
    return line(*nodes)


def _replacement(span: Stretch) -> tuple[Part, ...]:
    old, new = span.old.strip(), span.new.strip()
    if old == new:
        return (f" {new} ",)
    size = _shared_end(old, new)
    tail = new[len(new) - size :]
    old, new = old[: len(old) - size], new[: len(new) - size]
    return " ", struck(old), " " if old and new else "", added(new), f"{tail} "


def _shared_end(old: str, new: str) -> int:
    """Count the punctuation at the end of two words that stays outside the marks."""
    size = 0
    while size < min(len(old), len(new)) and old[-1 - size] == new[-1 - size] and old[-1 - size] in _CLOSING:
        size += 1
    ends = [text[: len(text) - size][-1:] for text in (old, new)]
    return size if all(end.isalnum() for end in ends) else 0


def shortened(text: str, *, head: bool = True, tail: bool = True, words: int = _CONTEXT_WORDS) -> str:
    """Return a text with its middle, or the side away from a change, left out where it is long.

    Args:
        text: The text.
        head: Keep its first words (a change stands before it).
        tail: Keep its last words (a change stands after it).
        words: How many words to keep on each kept side.
    """
    pieces = re.split("(?<= )", text)
    kept = words * (head + tail)
    if len(pieces) <= kept + 5 or not (head or tail):
        return text
    start = "".join(pieces[:words]) if head else ""
    end = "".join(pieces[len(pieces) - words :]) if tail else ""
    return f"{start}… {end}" if start else f"… {end}"
