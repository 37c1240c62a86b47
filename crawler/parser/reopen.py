"""Takes back what was marked as furniture where the page would have no text without it."""

from crawler.parser.boxes import Page
from crawler.parser.furniture import LINKED

# A story of one paragraph with links under it, on a page of 2012 (read 2026-11-28): 171 characters is the shortest story known.
_STORY = 80
_UNDER = 30


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


def reopen_card(page: Page, heading: int | None) -> bool:
    """Take back that the first group of sentences under the headline is a card of another story, where hardly a text is left.

    Returns:
        Whether one was taken back.
    """
    first = heading + 1 if heading is not None else 0
    for box in page.boxes:
        if box.start < first or box.reason not in LINKED or box.raw < _STORY:
            continue
        if box.start - first > _UNDER:
            return False
        reason = box.reason
        for inner in page.boxes:
            if box.start <= inner.start and inner.end <= box.end and inner.reason == reason and inner.raw:
                inner.reason = None
        return True
    return False
