"""Tells the headings of a text's parts."""

import re

from crawler.parser.boxes import Box, Line, Page, in_figure
from crawler.parser.elements import HEADINGS
from crawler.parser.furniture import line_reason
from diffs.model import BlockKind

_SUBHEAD = re.compile(
    r"(?:^|[\s_-])(?:sub-?(?:title|head(?:ing|line|er)?|hed)|cross-?head(?:ing)?|inter-?title|intertitre|zwischen\w+|mellomtittel|mellanrubrik|ladillo|heading(?:-h?\d)?|h[2-5])(?:$|[\s_-])",
    re.IGNORECASE,
)


def keep_subheadings(page: Page, kept: dict[int, BlockKind]) -> None:
    """Enter headings that stand between two parts of the text, outside the boxes chosen, right over the second."""
    if not kept:
        return
    for line in page.lines[min(kept) + 1 : max(kept)]:
        below = page.lines[line.index + 1]
        if (
            line.index not in kept
            and line.box.reason is None
            and line.reason is None
            and below.index in kept
            and below.prose
            and _holds(line.box.parent, below.index)
            and (line.box.tag in HEADINGS or is_subheading(line))
            and line_reason(line) in (None, "label")
            and not line.links
        ):
            kept[line.index] = BlockKind.SUBHEADING


def keep_first_heading(page: Page, heading: int | None, kept: dict[int, BlockKind]) -> None:
    """Enter the heading right over the first sentence where it opens a part made as others are that open with a heading which was kept."""
    first = min((index for index in kept if page.lines[index].prose), default=0)
    if first == 0 or first - 1 == heading or first - 1 in kept:
        return
    line = page.lines[first - 1]
    part = line.box.parent
    while part is not None and part.start == line.index and part.end <= first:
        part = part.parent
    if (
        part is None
        or part.start != line.index
        or part.parent is None
        or line.box.tag not in HEADINGS - {"h1"}
        or line.box.reason is not None
        or line.links
        or line_reason(line) not in (None, "label")
    ):
        return
    alike = (
        box
        for box in part.parent.children
        if box is not part and (box.tag, box.name) == (part.tag, part.name)
    )
    if any(kept.get(box.start) is BlockKind.SUBHEADING for box in alike):
        line.reason = None
        kept[line.index] = BlockKind.SUBHEADING


def is_subheading(line: Line) -> bool:
    """Return whether a short line without a link calls itself a heading, by its role or its class."""
    box = line.box
    around = box.parent
    if (
        around is not None
        and around.tag in HEADINGS
        and around.tag != "h1"
        and around.end - around.start == 1
    ):
        return not line.links
    if line.links or not 3 <= len(line.text) <= 140 or box.tag not in ("div", "p", "span") or in_figure(box):
        return False
    if box.node.get("role") == "heading":
        return True
    return line.text[-1] not in ".,;" and _SUBHEAD.search(box.name or "") is not None


def _holds(box: Box | None, index: int) -> bool:
    """Return whether a box, or the one around it where it holds one line, holds a line as well."""
    if box is not None and box.end - box.start == 1:
        box = box.parent
    return box is not None and box.start <= index < box.end
