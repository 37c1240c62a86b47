"""Tells a picture with its caption, and a caption typed as a paragraph under its picture."""

import re

from crawler.parser.boxes import Box, Line, Page
from crawler.parser.wording import furniture_reason, names_speech, states_toll

# Captions typed as paragraphs under their picture have up to 300 characters (agencies' pages of 2005 to 2020 as remembered in made-up ones).
_CAPTION = 300
# Lines of a picture set in an aside: caption and credit (magazines' pages of 2014 to 2023 written from memory, 2026-11-29).
_PLATE = 2
# A caption is a small part of a page's sentences.
_SHARE = 6
# Bounds of cost: elements in a picture's paragraph, and paragraphs next to each other.
_PARTS = 8
_MOST = 300
_SLOPED = frozenset(["em", "i", "small"])
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])


def is_caption(page: Page, box: Box) -> bool:
    """Return whether a paragraph right behind one that is a picture is its caption: set in the middle, or in italics as a whole."""
    node = box.node
    middle = _is_middle(box)
    sloped = len(node) == 1 and node[0].tag in _SLOPED and not (node.text or "").strip()
    if not (middle or (sloped and not (node[0].tail or "").strip())) or box.chars > _CAPTION:
        return False
    above = node.getprevious()
    if above is None or box.end - box.start != 1 or page.lines[box.start].links:
        return False
    if (
        len(above) > _PARTS
        or next(above.iter("img"), None) is None
        or "".join(map(str, above.itertext())).strip()
    ):
        return False
    around = box.parent.children if box.parent is not None else []
    if len(around) > _MOST:
        return False
    rest = [other for other in around if other.tag == "p" and other is not box and other.raw]
    if middle and 2 * sum(1 for other in rest if _is_middle(other)) >= len(rest):
        return False
    return not _leads(page, box, rest)


# What wrappers of pictures are called (pages of 2000 to 2022, read 2026-11-29), and elements that a script fills.
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:images?|imgs?|pics?|photos?|fotos?|pictures?|bild(?:er)?|captions?|figures?|gallery)(?:$|[\s_-])",
    re.IGNORECASE,
)
_PLACES = ("img", "picture", "noscript", "svg", "canvas")


def holds_picture(box: Box) -> bool:
    """Return whether a picture stands in a box."""
    return next(box.node.iter("img", "picture"), None) is not None


def is_pictured(box: Box, line: Line) -> bool:
    """Return whether a box of one line is a table, or a term with its meaning, that holds a picture and a sentence under it."""
    return (
        box.tag in ("table", "dl")
        and box.images > 0
        and not box.links
        and 0 < box.raw < _CAPTION
        and line.box.tag in ("td", "dd")
    )


def _leads(page: Page, box: Box, rest: list[Box]) -> bool:
    """Return whether a paragraph states who was hurt or who said so, as a lead in italics does and no later one repeats.

    Args:
        page: The page.
        box: The paragraph under a picture.
        rest: The other paragraphs next to it.
    """
    text = page.lines[box.start].text
    toll, spoken = states_toll(text), names_speech(text)
    if toll and spoken:
        return True
    prose = [other for other in rest if page.lines[other.start].prose]
    if not (toll or spoken) or any(other.start < box.start for other in prose):
        return False
    if not prose:
        return True
    below = page.lines[prose[0].start].text
    return not (states_toll(below) if toll else names_speech(below))


def _is_middle(box: Box) -> bool:
    return box.node.get("align") == "center" or "center" in (box.node.get("style") or "")


def is_plate(box: Box, lines: list[Line]) -> bool:
    """Return whether an aside is nothing but a picture with its caption, or calls itself one: no heading, link or control."""
    return (
        (box.images == 1 or "caption" in (box.name or "").lower())
        and 1 <= len(lines) <= _PLATE
        and not (box.links or box.controls)
        and box.chars <= 2 * _CAPTION
        and all(line.box.tag not in _HEADINGS for line in lines)
    )


def is_credited_pair(box: Box, lines: list[Line], total: int) -> bool:
    """Return whether a wrapper holds one sentence and under it, alone in its line, who took a picture: a caption whose picture a script brings.

    The picture or a place for one stands in the wrapper, or the wrapper is named after it: a paragraph may have a credit under it as well. A page of
    hardly more than that sentence is a short story with a credit, and what states a toll is text.
    """
    return (
        len(lines) == _PLATE
        and box.tag in ("div", "section", "span")
        and not box.links
        and _SHARE * box.raw < total
        and len(lines[0].text) <= _CAPTION
        and lines[0].box is not lines[1].box
        and lines[0].box.tag not in _HEADINGS
        and furniture_reason(lines[1].text) == "photo_credit"
        and (_NAMED.search(box.name or "") is not None or next(box.node.iter(*_PLACES), None) is not None)
        and not states_toll(lines[0].text)
    )


def is_captioned(box: Box, lines: list[Line]) -> bool:
    """Return whether a wrapper is a picture with its caption."""
    return (
        len(lines) <= 3
        and all(line.box.tag not in _HEADINGS and not line.links >= 0.95 * len(line.text) for line in lines)
        and sum(1 for child in box.children if child.tag == "p" and child.raw) <= 1
        and not any(child.tag in ("figure", "section") and child.flow >= 2 for child in box.children)
    )
