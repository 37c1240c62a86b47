"""A report document as text for a terminal, or for whatever reads its output."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, zip_longest

from diffs.reports.document import (
    Added,
    Block,
    Break,
    Code,
    Document,
    Inline,
    Item,
    Jump,
    Line,
    Link,
    List,
    Mark,
    Paragraph,
    Picture,
    Quote,
    Reference,
    Section,
    Strong,
    Struck,
    Table,
    Text,
)
from diffs.reports.safe import visible

_BOLD, _GONE, _COME, _END = "\x1b[1m", "\x1b[9;31m", "\x1b[1;32m", "\x1b[0m"
_STYLES = {Strong: _BOLD, Struck: _GONE, Added: _COME}
_SIGNS = {Struck: ("[-", "-]"), Added: ("{+", "+}")}
_NARROW = 8
_NOTHING = "-"
_GAP = 2
_ADDRESS = "://"
Word = tuple[tuple[str, str], ...]  # what stands between two spaces: texts with their style


def render_terminal(document: Document, *, width: int | None = None, colour: bool = False) -> str:
    """Return a document as lines of text, in which a page's words can do nothing.

    Args:
        document: What to print.
        width: Columns of the terminal, or None where a program reads: then a table is a line a row, its cells
            parted by tabs, and no line is broken.
        colour: Whether to mark old and new words by colour; else they stand in `[-…-]` and `{+…+}`.
    """
    printer = _Printer(width, colour=colour)
    lines = [printer.styled(_BOLD, printer.text(document.title))] if document.title else []
    for block in document.blocks:
        lines += ["", *printer.block(block, "")] if lines else [*printer.block(block, "")]
    return "".join(f"{one}\n" for one in lines)


class _Printer:
    """Prints blocks for one width and one set of marks."""

    def __init__(self, width: int | None, *, colour: bool) -> None:
        self._width = width
        self._colour = colour

    def styled(self, style: str, text: str) -> str:
        return f"{style}{text}{_END}" if self._colour and style and text else text

    def text(self, content: Iterable[Inline]) -> str:
        return "".join(self.styled(style, words) for words, style in self._pieces(content))

    def block(self, block: Block, indent: str) -> Iterator[str]:
        match block:
            case Paragraph(content):
                yield from self._wrapped(content, indent, indent)
            case Quote(passages):
                for passage in passages:
                    yield from self._wrapped(passage, f"{indent}  ", f"{indent}  ")
            case Section(title, blocks):
                yield indent + self.styled(_BOLD, self.text(title))
                for one in blocks:
                    yield ""
                    yield from self.block(one, indent)
            case List():
                yield from self._list(block, indent)
            case Table():
                yield from self._table(block)
            case Picture():
                yield f"{indent}[{visible(block.description)}: {visible(block.name)}]"

    def _list(self, block: List, indent: str) -> Iterator[str]:
        for number, item in enumerate(block.items, start=1):
            if block.loose and number > 1:
                yield ""
            sign = f"{number}. " if block.ordered else "- "
            yield from self._item(item, indent, sign)

    def _item(self, item: Item, indent: str, sign: str) -> Iterator[str]:
        inner = indent + " " * len(sign)
        yield from self._wrapped(item.content, indent + sign, inner)
        for block in item.blocks:
            yield from self.block(block, inner)

    def _table(self, table: Table) -> Iterator[str]:
        if self._width is None:
            if any(column.title for column in table.columns):
                yield "\t".join(visible(column.title) for column in table.columns)
            for row in table.rows:
                yield "\t".join(self.text(cell) for cell in row)
            return
        cells = [[_words(self._pieces(cell)) for cell in row] for row in table.rows]
        heads = [_words([(visible(column.title), _BOLD)]) for column in table.columns]
        rows = [heads, *cells] if any(heads) else cells
        widths = _fitted(rows, self._width) if rows else []
        if any(_breaks_address(row, widths) for row in cells):
            yield from self._stacked(heads, cells)
            return
        for words in rows:
            columns = [list(_broken(cell, width)) for cell, width in zip(words, widths, strict=True)]
            for parts in zip_longest(*columns, fillvalue=()):
                padded = (
                    self._joined(part) + " " * (width - _length(part))
                    for part, width in zip(parts, widths, strict=True)
                )
                yield (" " * _GAP).join(padded).rstrip()

    def _stacked(
        self, heads: Sequence[Sequence[Word]], rows: Sequence[Sequence[Sequence[Word]]]
    ) -> Iterator[str]:
        """Yield each row as lines, the first cell leading, as columns would break an address."""
        room = max(_NARROW, (self._width or 0) - _GAP)
        for row in rows:
            yield self._joined(row[0])
            for head, cell in zip(heads[1:], row[1:], strict=True):
                if cell and _text_of(cell) != _NOTHING:
                    named = [*head[:-1], (*head[-1], (":", "")), *cell] if head else cell
                    yield from (" " * _GAP + self._joined(part) for part in _broken(named, room))

    def _wrapped(self, content: Line, first: str, rest: str) -> Iterator[str]:
        if self._width is None:
            yield first + self.text(content)
            return
        room = max(_NARROW, self._width - len(rest))
        for number, words in enumerate(_broken(_words(self._pieces(content)), room)):
            yield (rest if number else first) + self._joined(words)

    def _joined(self, words: Sequence[Word]) -> str:
        """Return words as text; a space has the style of the words on both sides, where they have one."""
        parts: list[tuple[str, str]] = []
        for word in words:
            if parts:
                parts.append((" ", word[0][1] if parts[-1][1] == word[0][1] else ""))
            parts += word
        runs = groupby(parts, key=lambda part: part[1])
        return "".join(self.styled(style, "".join(text for text, _ in run)) for style, run in runs)

    def _pieces(self, content: Iterable[Inline]) -> Iterator[tuple[str, str]]:
        """Yield the words of a line with their style."""
        for node in content:
            match node:
                case Text(text) | Strong(text) | Struck(text) | Added(text) | Code(text):
                    opening, closing = ("", "") if self._colour else _SIGNS.get(type(node), ("", ""))
                    yield f"{opening}{visible(text)}{closing}", _STYLES.get(type(node), "")
                case Link(label) | Reference(label) | Jump(label) | Mark(label):
                    yield visible(label), ""
                case Break():
                    yield " ", ""


def _words(pieces: Iterable[tuple[str, str]]) -> list[Word]:
    """Return pieces as words to be parted by spaces."""
    words: list[Word] = []
    glued = False
    for text, style in pieces:
        for number, word in enumerate(text.split(" ")):
            if number == 0 and glued and words and word:
                words[-1] = (*words[-1], (word, style))
            elif word:
                words.append(((word, style),))
        glued = bool(text) and not text.endswith(" ")
    return words


def _broken(words: Sequence[Word], width: int) -> Iterator[tuple[Word, ...]]:
    """Yield the words in lines of at most a width; a longer word has a line of its own, cut to pieces."""
    current: list[Word] = []
    for word in _cut(words, width):
        if current and _length([*current, word]) > width:
            yield tuple(current)
            current = []
        current.append(word)
    yield tuple(current)


def _cut(words: Iterable[Word], width: int) -> Iterator[Word]:
    """Yield words of at most a width; an address stays whole, so that it can be followed and copied."""
    for word in words:
        if _length([word]) <= width or _ADDRESS in _text_of([word]):
            yield word
            continue
        part: list[tuple[str, str]] = []
        for text, style in word:
            for character in text:
                if part and _length([(*part, (character, style))]) > width:
                    yield tuple(part)
                    part = []
                part.append((character, style))
        yield tuple(part)


def _breaks_address(row: Sequence[Sequence[Word]], widths: Sequence[int]) -> bool:
    return any(
        _ADDRESS in _text_of([word]) and _length([word]) > width
        for cell, width in zip(row, widths, strict=True)
        for word in cell
    )


def _text_of(words: Iterable[Word]) -> str:
    return " ".join("".join(text for text, _ in word) for word in words)


def _fitted(rows: Sequence[Sequence[Sequence[Word]]], width: int) -> list[int]:
    """Return the widths of the columns: as wide as their cells, the widest made narrower until all fit."""
    widths = [max(1, *map(_length, column)) for column in zip(*rows, strict=True)]
    room = width - _GAP * (len(widths) - 1)
    while sum(widths) > room and max(widths) > _NARROW:
        widths[widths.index(max(widths))] -= 1
    return widths


def _length(words: Sequence[Word]) -> int:
    return sum(_columns(text) for word in words for text, _ in word) + max(0, len(words) - 1)


def _columns(text: str) -> int:
    """Return how many columns a text takes: two for the wide letters of East Asia, none for marks above a letter."""
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1
        for one in text
    )
