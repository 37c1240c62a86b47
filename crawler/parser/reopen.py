"""Takes back what was marked as furniture where the page would have no text without it."""

from crawler.parser.boxes import Box, Page
from crawler.parser.furniture import LINKED
from crawler.parser.standfirst import says

# A story of one paragraph with links under it, on a page of 2012 (read 2026-11-28): 171 characters is the shortest story known.
_STORY = 80
_UNDER = 30
_SAID = LINKED | {"promotion"}


def reopen_figures(page: Page, heading: int | None) -> bool:
    """Take back that wrappers behind the headline are pictures with captions, where the page would have no text without them.

    Returns:
        Whether any was taken back.
    """
    opened = [
        box
        for box in page.boxes
        if box.role == "figure"
        and box.tag not in ("figure", "figcaption")
        and (heading is None or box.end > heading)
    ]
    for box in opened:
        box.role = None
    for box in page.boxes:
        if box.reason == "video_caption" and any(other.start <= box.start < other.end for other in opened):
            box.reason = None
    return bool(opened)


def reopen_card(page: Page, heading: int | None) -> Box | None:
    """Take back that the first group of sentences under the headline is a card of another story, where hardly a text is left.

    Returns:
        The group taken back, or None.
    """
    first = heading + 1 if heading is not None else 0
    for box in page.boxes:
        if box.start < first or box.reason not in LINKED or box.raw < _STORY:
            continue
        if box.start - first > _UNDER:
            return None
        _open(page, box)
        return box
    return None


def reopen_said(page: Page, heading: int | None, description: str, first: int | None) -> Box | None:
    """Take back the group of links under the headline in which the sentence stands that the page gives as its description, where the text begins behind it.

    A page names what it shows; a text that begins further down and says nothing of it is a footer or another story.

    Args:
        page: The page after the walk, furniture marked.
        heading: Index of the displayed headline, or None.
        description: What the page's meta tags give as its description.
        first: Index of the first line of the text, or None.

    Returns:
        The group taken back, or None.
    """
    if heading is None or first is None:
        return None
    title = page.lines[heading].text
    for line in page.lines[heading + 1 : min(heading + _UNDER, first)]:
        box = line.box
        if not line.prose or box.reason not in _SAID or not says(line.text, description):
            continue
        while box.parent is not None and box.parent.reason == box.reason and box.parent.start > heading:
            box = box.parent
        if any(other.links and other.text == title for other in page.lines[box.start : box.end]):
            return None
        _open(page, box)
        return box
    return None


def _open(page: Page, box: Box) -> None:
    """Take the reason away from a box and from the boxes with sentences in it that have it of that one."""
    reason = box.reason
    for inner in page.boxes:
        if box.start <= inner.start and inner.end <= box.end and inner.reason == reason and inner.raw:
            inner.reason = None
