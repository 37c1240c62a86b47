"""Two versions of an article next to each other, paragraph by paragraph, changed words marked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from diffs.align import Pair, aligned, sentences_of
from diffs.edits import edits_between
from diffs.model import Article, Block, BlockKind, Transition
from diffs.reports.document import Column, Line, Part, Table, added, line, struck
from diffs.reports.marking import stretches_in
from diffs.reports.times import clock
from diffs.reports.wording import count
from diffs.text import folded

_AROUND = 1  # unchanged paragraphs that are kept on either side of a change
_LABELS = {
    BlockKind.SUBHEADING: "Subheading: ",
    BlockKind.CAPTION: "Caption: ",
    BlockKind.CORRECTION: "Correction: ",
}


@dataclass(slots=True)
class _Row:
    """A paragraph on both sides; `place` is where it stands in the old version and in the new one."""

    place: tuple[int | None, int | None]
    old: list[Part] = field(default_factory=list)
    new: list[Part] = field(default_factory=list)
    changed: bool = False


def side_by_side_of(step: Transition) -> Table:
    """Return both versions of a step as a table of two columns; unchanged stretches are folded into a line."""
    interval, versions = step.interval, (step.before, step.after)
    columns = tuple(
        Column(title=f"Version {version.number}, {clock(end.at)}")
        for version, end in zip(versions, (interval.after, interval.until), strict=True)
    )
    old, new = step.before.article, step.after.article
    rows = [*_front(old, new), *_body(old, new)]
    return Table(columns=columns, rows=tuple(_folded(rows)))


def _front(old: Article, new: Article) -> Iterator[_Row]:
    for label, before, after in (
        ("", old.headline, new.headline),
        ("Standfirst: ", old.standfirst, new.standfirst),
        ("Byline: ", old.byline, new.byline),
    ):
        if before or after:
            row = _Row((None, None), [label if before else ""], [label if after else ""])
            _fill(row, before or "", after or "")
            yield row


def _body(old: Article, new: Article) -> list[_Row]:
    rows: list[_Row] = []
    for pair in aligned(sentences_of(old, BlockKind), sentences_of(new, BlockKind)):
        place = (pair.old[0].block if pair.old else None, pair.new[0].block if pair.new else None)
        if not rows or pair.moved or not _continues(rows[-1].place, place):
            rows.append(_Row(place))
            _open(rows[-1], pair, old, new)
        row = rows[-1]
        row.place = (
            row.place[0] if place[0] is None else place[0],
            row.place[1] if place[1] is None else place[1],
        )
        if pair.moved:
            row.changed = True
            row.old.append("(moved) ")
            row.new.append("(moved) ")
        _fill(row, pair.old_text, pair.new_text)
    return rows


def _open(row: _Row, pair: Pair, old: Article, new: Article) -> None:
    labels = [
        _label(article.blocks[sentences[0].block]) if sentences else None
        for sentences, article in ((pair.old, old), (pair.new, new))
    ]
    alike = None in labels or labels[0] == labels[1]
    for label, mark, side in zip(labels, (struck, added), (row.old, row.new), strict=True):
        if label:
            side.extend([label] if alike else [mark(label), " "])


def _label(block: Block) -> str:
    """Return what kind of block it is, or nothing where it is a paragraph or says so itself."""
    label = _LABELS.get(block.kind, "")
    return "" if folded(block.text).startswith(folded(label)) else label


def _continues(row: tuple[int | None, int | None], place: tuple[int | None, int | None]) -> bool:
    """Return whether a sentence stands in the paragraph of the row, on each side on which both have one."""
    both = [(held, now) for held, now in zip(row, place, strict=True) if held is not None and now is not None]
    return bool(both) and all(held == now for held, now in both)


def _fill(row: _Row, before: str, after: str) -> None:
    """Add a sentence to both sides, the words marked in which they differ."""
    if before == after:
        row.old += [before, " "]
        row.new += [after, " "]
        return
    row.changed = True
    if not before or not after:
        row.old += [struck(before), " "]
        row.new += [added(after), " "]
        return
    for span in stretches_in(edits_between(before, after)):
        if span.equal or span.old.strip() == span.new.strip():
            row.old.append(span.old)
            row.new.append(span.new)
        else:
            row.old += [struck(span.old), " " if span.old.endswith(" ") else ""]
            row.new += [added(span.new), " " if span.new.endswith(" ") else ""]
    row.old.append(" ")
    row.new.append(" ")


def _folded(rows: Sequence[_Row]) -> Iterator[tuple[Line, Line]]:
    """Yield the rows, runs of unchanged ones folded but for those next to a change."""
    kept = [
        any(near.changed for near in rows[max(0, index - _AROUND) : index + _AROUND + 1])
        for index in range(len(rows))
    ]
    hidden = 0
    for row, stays in zip(rows, kept, strict=True):
        if not stays:
            hidden += 1
            continue
        if hidden:
            yield _fold(hidden)
            hidden = 0
        yield line(*row.old), line(*row.new)
    if hidden:
        yield _fold(hidden)


def _fold(hidden: int) -> tuple[Line, Line]:
    words = line(f"… {count(hidden, 'unchanged paragraph')} …")
    return words, words
