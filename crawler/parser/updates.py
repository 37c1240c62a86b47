"""Recognises the entries of a live page and when each was posted."""

import re
from datetime import datetime

from crawler.parser.boxes import Box, Line, Page
from crawler.parser.stamps import stamp_in

_CLOCK = re.compile(r"^\s*(?:[01]?\d|2[0-3])[:.h][0-5]\d\b")
_ENTRY = ("div", "article", "section", "li")
_HEADINGS = ("h2", "h3", "h4", "h5")


def entry_of(page: Page, line: Line) -> Box | None:
    """Return the live-page entry a line stands in, or None.

    An entry opens with a time. Either others of the same make next to it do so too, or its heading
    itself begins with the clock.
    """
    box: Box | None = line.box
    for _ in range(4):
        if box is None or box.tag in ("body", "main"):
            return None
        if box.tag in _ENTRY and box.end - box.start > 1 and opens_with_time(page, box):
            first = page.lines[box.start]
            if (first.box.tag in _HEADINGS and _CLOCK.match(first.text)) or _is_one_of_several(page, box):
                return box
        box = box.parent
    return None


def posted_at(entry: Box) -> datetime | None:
    """Return when an entry says that it was posted (aware UTC), or None where it gives no full date."""
    for node in entry.node.iter("time"):
        at = stamp_in(node.get("datetime"))
        if at is not None:
            return at
    return None


def opens_with_time(page: Page, box: Box) -> bool:
    """Return whether one of a box's first two lines is or holds a time."""
    first = page.lines[box.start]
    if _is_time(first):
        return True
    return box.end - box.start > 1 and _is_time(page.lines[box.start + 1])


def _is_time(line: Line) -> bool:
    return line.stamp or (line.text[0].isdigit() and _CLOCK.match(line.text) is not None)


def _is_one_of_several(page: Page, box: Box) -> bool:
    if box.parent is None:
        return False
    name = box.name
    return any(
        other is not box and other.tag == box.tag and other.name == name and opens_with_time(page, other)
        for other in box.parent.children
    )
