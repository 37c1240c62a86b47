"""Finds the article's own text among a page's lines and says what each block of it is."""

from dataclasses import dataclass

from crawler.parser.boxes import Box, Line, Page, is_prose
from crawler.parser.furniture import HEADINGS, line_reason, mark
from crawler.parser.wording import furniture_reason, is_correction
from diffs.model import Block, BlockKind, Removed

_WRAPPERS = frozenset("div section article main body center td tr table tbody form span header aside footer hgroup fieldset ul ol li dl dd font ins".split())  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The body of an article.

    Attributes:
        blocks: Its blocks in reading order.
        removed: Every other line of the page that is not headline, standfirst or byline.
        box: The box chosen as the article's container.
    """

    blocks: tuple[Block, ...]
    removed: tuple[Removed, ...]
    box: Box


def body_of(page: Page, heading: int | None, taken: frozenset[int]) -> Body:
    """Find the article's text.

    Args:
        page: The page after the walk.
        heading: Index of the line that is the displayed headline, or None.
        taken: Indices of lines read as metadata (headline, standfirst, byline).
    """
    mark(page)
    box = container(page, heading)
    blocks: list[Block] = []
    removed: list[Removed] = []
    first = heading + 1 if heading is not None and box.start <= heading < box.end else box.start
    kept = _kept(page, box, first)
    row: Box | None = None
    for line in page.lines:
        index = line.index
        if index in taken:
            continue
        kind = kept.get(index)
        if kind is None:
            if _is_stray_correction(line, box):
                blocks.append(Block(kind=BlockKind.CORRECTION, text=line.text))
            else:
                removed.append(
                    Removed(reason=line.reason or line.box.reason or _outside(line, box), text=line.text)
                )
            continue
        if kind is BlockKind.TABLE_ROW:
            this = _row_of(line)
            if row is this and blocks and blocks[-1].kind is kind:
                blocks[-1] = Block(kind=kind, text=f"{blocks[-1].text} {line.text}")
                continue
            row = this
        blocks.append(Block(kind=kind, text=line.text))
    return Body(blocks=tuple(blocks), removed=tuple(removed), box=box)


def container(page: Page, heading: int | None) -> Box:
    """Choose the box that holds the article: the one where clean prose stands most densely."""
    weight = _weights(page, heading)
    box = page.root
    while True:
        total = weight.get(id(box), 0)
        inner = [child for child in box.children if child.tag in _WRAPPERS]
        best = max(inner, key=lambda child: weight.get(id(child), 0), default=None)
        if best is None or total == 0 or weight.get(id(best), 0) < 0.85 * total:
            return box
        box = best


def _weights(page: Page, heading: int | None) -> dict[int, float]:
    direct: dict[int, float] = {}
    homes: dict[int, Box] = {}
    start = heading if heading is not None else -1
    if start >= 0 and not any(is_prose(line.text, line.links) for line in page.lines[start + 1 :]):
        start = -1
    for line in page.lines:
        if line.box.reason is not None or not is_prose(line.text, line.links) or line.box.tag == "figcaption":
            continue
        home = line.box
        if home.tag not in _WRAPPERS and home.parent is not None:
            home = home.parent
        while (
            home.parent is not None
            and len(home.children) == 1
            and home.parent.end - home.parent.start > 1
            and home.end - home.start == 1
        ):
            home = home.parent
        size = len(line.text) if line.index > start else 0.3 * len(line.text)
        direct[id(home)] = direct.get(id(home), 0) + size
        homes[id(home)] = home
    total: dict[int, float] = {}
    for key, size in direct.items():
        value = size * size
        step: Box | None = homes[key]
        while step is not None:
            total[id(step)] = total.get(id(step), 0) + value
            step = step.parent
    return total


def _kept(page: Page, box: Box, first: int) -> dict[int, BlockKind]:
    """Return the lines that belong to the article, by index, with their kinds."""
    kept: dict[int, BlockKind] = {}
    for line in page.lines[first : box.end]:
        holder = line.box
        if holder.reason is not None:
            continue
        text = line.text
        if is_correction(text):
            kept[line.index] = BlockKind.CORRECTION
            continue
        reason = line_reason(line)
        if reason is not None:
            line.reason = reason
            continue
        kept[line.index] = _kind(line)
    _trim(page, kept)
    return kept


def _kind(line: Line) -> BlockKind:
    step: Box | None = line.box
    if step is not None and step.tag in HEADINGS:
        return BlockKind.SUBHEADING
    while step is not None:
        tag = step.tag
        if tag == "li":
            return BlockKind.LIST_ITEM
        if tag == "blockquote":
            return BlockKind.QUOTE
        if tag in ("td", "th"):
            return BlockKind.TABLE_ROW if len(line.text) < 100 else BlockKind.PARAGRAPH
        if tag in ("figure", "figcaption", "caption"):
            return BlockKind.CAPTION
        if tag in ("div", "section", "article"):
            return BlockKind.PARAGRAPH
        step = step.parent
    return BlockKind.PARAGRAPH


def _trim(page: Page, kept: dict[int, BlockKind]) -> None:
    """Take away labels before the first sentence, and headings after the last."""
    prose = [
        i
        for i, kind in kept.items()
        if kind not in (BlockKind.CAPTION, BlockKind.SUBHEADING, BlockKind.CORRECTION)
        and is_prose(page.lines[i].text, page.lines[i].links)
    ]
    if not prose:
        return
    last = prose[-1]
    for index in [i for i, kind in kept.items() if i > last and kind is BlockKind.SUBHEADING]:
        page.lines[index].reason = "trailing_heading"
        del kept[index]


def _row_of(line: Line) -> Box | None:
    step: Box | None = line.box
    while step is not None and step.tag != "tr":
        step = step.parent
    return step


def _is_stray_correction(line: Line, box: Box) -> bool:
    """A note outside the container, but not in navigation or hidden parts."""
    return (
        line.index >= box.start and line.box.reason in (None, "footer", "aside") and is_correction(line.text)
    )


def _outside(line: Line, box: Box) -> str:
    reason = furniture_reason(line.text)
    if reason is not None:
        return reason
    return (
        "before_article"
        if line.index < box.start
        else "after_article"
        if line.index >= box.end
        else "outside_article"
    )
