"""Cuts a document into pages of bounded size, and puts it into the frame of the site."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from diffs.reports.document import (
    Added,
    Block,
    Break,
    Code,
    Inline,
    Item,
    Line,
    Link,
    List,
    Paragraph,
    Picture,
    Quote,
    Section,
    Strong,
    Struck,
    Table,
    Text,
    line,
)
from diffs.reports.html import html_blocks, html_line
from diffs.site.places import ENDING

# Bytes: a page of the site holds 40,000, of which the frame takes some 1,700 (counted 2026-11-29); the rest is to spare.
ROOM = 36_000
_PIECE = 9_000
_LONGEST = (
    1_500  # characters of one paragraph or cell; longer ones stand in full in the JSON form of the report
)
_AROUND = 160  # characters left of words that stand alike, on each side of what differs
_INLINE_CHART = 12_000
# Where two parts of one block are joined again: what ends its opening, and its closing.
_SEAMS = (("<tbody>\n", "</tbody></table></div>\n"), ("<ul>\n", "</ul>\n"))
_LINK = re.compile(r'href="#([\w-]+)"')
_ANCHOR = re.compile(r' id="([\w-]+)"')


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part that is not cut any more; a heading stays with what follows it, parts of one block join on one page."""

    html: str
    heading: bool = False
    block: int = 0


def pages_of(blocks: Iterable[Block], place: str, *, room: int = ROOM) -> list[str]:
    """Return the HTML of blocks, cut into as many pages as it takes, with the links inside them set right.

    Args:
        blocks: What to print.
        place: Where the first page stands, without an ending.
        room: Bytes that a page may take.
    """
    pages: list[list[_Piece]] = [[]]
    taken = 0
    for piece in _pieces(blocks, level=2):
        size = len(piece.html.encode())
        if pages[-1] and taken + size > room:
            kept = _headings_at_end(pages[-1])
            pages.append(kept)
            taken = sum(len(one.html.encode()) for one in kept)
        pages[-1].append(piece)
        taken += size
    texts = ["".join(_joined(page)) for page in pages]
    return _relinked(texts, place) if len(texts) > 1 else texts


def _joined(page: Sequence[_Piece]) -> Iterator[str]:
    """Yield the HTML of a page's parts; tables and lists that were one before they were cut are one again."""
    for _, parts in groupby(enumerate(page), key=lambda one: one[1].block or -one[0]):
        whole = ""
        for _, piece in parts:
            opening, closing = next(
                (
                    (piece.html[: piece.html.index(start) + len(start)], end)
                    for start, end in _SEAMS
                    if start in piece.html and piece.html.endswith(end)
                ),
                ("", ""),
            )
            if opening and whole.startswith(opening) and whole.endswith(closing):
                whole = whole[: -len(closing)] + piece.html[len(opening) :]
            else:
                whole += piece.html
        yield whole


def page_place(place: str, number: int) -> str:
    """Return where a page of several stands, without an ending; the first is number 1."""
    return place if number == 1 else f"{place}-{number}"


def _headings_at_end(page: list[_Piece]) -> list[_Piece]:
    """Take the headings off the end of a page."""
    kept: list[_Piece] = []
    while page and page[-1].heading and len(page) > 1:
        kept.insert(0, page.pop())
    return kept


def _relinked(texts: Sequence[str], place: str) -> list[str]:
    """Let links inside the document lead to the page that holds their end."""
    name = place.rpartition("/")[2]
    where = {anchor: number for number, text in enumerate(texts, start=1) for anchor in _ANCHOR.findall(text)}

    def link(match: re.Match[str]) -> str:
        return (
            f'href="{page_place(name, where[match[1]])}{ENDING}#{match[1]}"'
            if match[1] in where
            else match[0]
        )

    return [_LINK.sub(link, text) for text in texts]


def _pieces(blocks: Iterable[Block], *, level: int) -> Iterator[_Piece]:
    for block in blocks:
        match block:
            case Section(title, inner):
                head = min(level, 6)
                yield _Piece(f"<h{head}>{html_line(title)}</h{head}>\n", heading=True)
                yield from _pieces(inner, level=level + 1)
            case Picture():
                yield _Piece(_picture(block))
            case _:
                yield from (_Piece(html, block=id(block)) for html in _cut(block, level))


def _picture(picture: Picture) -> str:
    if len(picture.svg.encode()) <= _INLINE_CHART:
        return html_blocks((picture,))
    words = html_line(line(picture.description))
    source = html_line(line(picture.name))
    image = f'<a href="{source}"><img src="{source}" alt="{words}"></a>'
    scroll = f'<div class="scroll" role="region" tabindex="0" aria-label="Chart">{image}</div>'
    return f"<figure>{scroll}<figcaption>{words}</figcaption></figure>\n"


def _cut(block: Block, level: int) -> Iterator[str]:
    """Yield the HTML of a block in parts that fit on a page, each a block of its own."""
    html = html_blocks((block,), level=level)
    if len(html.encode()) <= _PIECE:
        yield html
        return
    halves = _halves(block)
    if halves:
        for half in halves:
            yield from _cut(half, level)
    else:
        yield html_blocks((_shortened(block),), level=level)


def _halves(block: Block) -> tuple[Block, ...]:
    """Return a block of several entries as two, or nothing where it is a single one."""
    match block:
        case Table(rows=rows) if len(rows) > 1:
            half = len(rows) // 2
            return replace(block, rows=rows[:half]), replace(block, rows=rows[half:])
        case List(items=items) if len(items) > 1:
            half = len(items) // 2
            return replace(block, items=items[:half]), replace(block, items=items[half:])
        case Quote(passages) if len(passages) > 1:
            half = len(passages) // 2
            return Quote(passages[:half]), Quote(passages[half:])
        case List(items=(Item(content, inner),)) if inner:
            return replace(block, items=(Item(content),)), *inner
        case _:
            return ()


def _shortened(block: Block) -> Block:
    match block:
        case Paragraph(content):
            return Paragraph(shortened_line(content))
        case Quote(passages):
            return Quote(tuple(map(shortened_line, passages)))
        case Table(rows=rows):
            return replace(block, rows=tuple(tuple(map(shortened_line, row)) for row in rows))
        case List(items=items):
            return replace(block, items=tuple(Item(shortened_line(item.content)) for item in items))
        case _:
            return Paragraph(line("Too long for this page; it stands in the JSON form of the report."))


def shortened_line(content: Line, longest: int = _LONGEST) -> Line:
    """Return a line of at most so many characters, with `…` where it was cut; words that differ stay rather than those around them."""
    if sum(map(_length, content)) < longest:
        return content
    left = longest
    kept: list[Inline] = []
    for node in _focused(content, min(_AROUND, longest // 6)):
        if left <= 0:
            kept.append(Text("…"))
            break
        match node:
            case Text(text) | Strong(text) | Struck(text) | Added(text) | Code(text) if len(text) > left:
                kept.append(type(node)(text[:left] + "…"))
                break
            case Text(text) | Strong(text) | Struck(text) | Added(text) | Code(text):
                kept.append(node)
                left -= len(text)
            case Link(label, address) if len(label) + len(address or "") > left:
                kept.append(Text(label[:left] + "…"))
                break
            case Link(label, address):
                kept.append(node)
                left -= len(label) + len(address or "")
            case Break():
                kept.append(node)
            case _:
                kept.append(node)
                left -= _length(node)
    return line(*kept)


def _focused(content: Line, around: int) -> Iterator[Inline]:
    """Yield a line in which long stretches that stand alike on both sides of a comparison give way; one without marks as it is."""
    if not any(isinstance(node, Struck | Added) for node in content):
        yield from content
        return
    for alike, nodes in groupby(content, key=lambda node: isinstance(node, Text)):
        if not alike:
            yield from nodes
            continue
        text = "".join(node.text for node in nodes if isinstance(node, Text))
        yield Text(text if len(text) <= 2 * around else f"{text[:around]} … {text[-around:]}")


def _length(node: Inline) -> int:
    """Return how many characters a part takes, an address with its label, at least."""
    match node:
        case Text(text) | Strong(text) | Struck(text) | Added(text) | Code(text):
            return len(text)
        case Link(label, address):
            return len(label) + len(address or "")
        case Break():
            return 0
        case _:
            return 20
