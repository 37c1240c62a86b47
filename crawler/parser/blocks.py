"""Makes blocks of an article's lines, each with its kind."""

import re

from crawler.parser.boxes import Box, Line, Page, in_figure
from crawler.parser.elements import HEADINGS
from crawler.parser.hidden import is_credited, without_count, without_credit
from crawler.parser.updates import entry_of, posted_at
from diffs.model import Block, BlockKind

_JOINT = re.compile(
    r"[.!?](?<=[a-z]{3}[.!?])[”\"’)]{0,2}(?=[“‘\"]?(?!(?:Com|Org|Net|Co|De|Uk|Io|Js|Tv|Eu)\b)(?:[AIO]|[A-Z](?:[^\W\d_A-Z]|[’'][^\W\d_])+) )"
)
# Half or twice these lengths reads the 343 and 245 news pages alike (varied 2026-11-28): a line shorter than two sentences is not parted.
_GLUED = 80
_PIECE = 25


def kind_of(line: Line) -> BlockKind:
    """Return what a line is by the boxes around it."""
    if in_figure(line.box) or is_credited(line.text, typed=line.box.tag == "p"):
        return BlockKind.CAPTION
    if line.box.tag in HEADINGS or line.box.tag == "summary":
        return BlockKind.SUBHEADING
    step: Box | None = line.box
    while step is not None:
        tag = step.tag
        if tag == "li":
            return BlockKind.LIST_ITEM
        if tag == "blockquote":
            return BlockKind.QUOTE
        if tag in ("td", "th"):
            return BlockKind.TABLE_ROW if _in_data_row(step) else BlockKind.PARAGRAPH
        step = step.parent
    return BlockKind.PARAGRAPH


def _in_data_row(cell: Box) -> bool:
    """Return whether a cell's row is data: several cells, none of more than one line or 200 characters."""
    row = cell.parent
    if row is None or row.tag != "tr" or len(row.children) < 2:
        return False
    return all(other.end - other.start == 1 and other.chars < 200 for other in row.children)


def blocks_of(page: Page, kept: dict[int, BlockKind]) -> tuple[list[Block], list[Line]]:
    """Make the blocks, cells of one table row joined; a credit cut from a caption goes to the page's asides.

    Returns:
        The blocks, and the line that each was made of.
    """
    blocks: list[Block] = []
    lines: list[Line] = []
    row: Box | None = None
    for index in sorted(kept):
        line, kind = page.lines[index], kept[index]
        this = _row_of(line) if kind is BlockKind.TABLE_ROW else None
        if this is not None and this is row:
            blocks[-1] = Block(kind=kind, text=f"{blocks[-1].text} {line.text}")
        else:
            entry = entry_of(page, line) if kind is BlockKind.PARAGRAPH else None
            if kind is BlockKind.CAPTION:
                caption, credit = without_credit(without_count(line.text))
                blocks.append(Block(kind=kind, text=caption))
                if credit:
                    page.asides.append(("photo_credit", credit))
            elif entry is None:
                blocks += [Block(kind=kind, text=text) for text in _unglued(line.text, kind)]
            else:
                blocks.append(Block(kind=BlockKind.LIVE_UPDATE, text=line.text, at=posted_at(entry)))
        row = this
        lines += [line] * (len(blocks) - len(lines))
    return blocks, lines


def _unglued(text: str, kind: BlockKind) -> list[str]:
    """Return the paragraphs of a line in which a migration dropped the breaks between them ("... he said.The vessel ...")."""
    if kind is not BlockKind.PARAGRAPH or len(text) < _GLUED:
        return [text]
    parts, start = [], 0
    for match in _JOINT.finditer(text):
        if match.end() - start >= _PIECE and len(text) - match.end() >= _PIECE:
            parts.append(text[start : match.end()])
            start = match.end()
    return [*parts, text[start:]]


def _row_of(line: Line) -> Box | None:
    step: Box | None = line.box
    while step is not None and step.tag != "tr":
        step = step.parent
    return step
