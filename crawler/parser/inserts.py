"""Tells furniture set into a text by how it is built unlike the paragraphs around it."""

import re
from collections import Counter

from crawler.parser.boxes import STOPS, Box, Line, Page
from crawler.parser.calls import calls_readers
from crawler.parser.container import home_box_of
from crawler.parser.credits import states_origin
from crawler.parser.guards import states_nothing
from crawler.parser.updates import opens_with_time
from crawler.parser.wording import is_correction, is_guarded, states_toll

# Kept since 2026-11-23: cards among the paragraphs of 127 news pages under made-up furniture (benchmarks/furniture_*.py); a thousand parts
# are a limit of cost, not of kind.
_MAX_SENTENCES = 3
_MAX_LINES = 15
_MAX_CELLS = 60
_MAX_PARTS = 1000
_MAX_PROSE = 700
# A table of contents of more lines is none, and would cost too much to look through at each level.
MOST_CONTENTS = 120
# Boxes of hints between paragraphs: a label and two to six lines of up to 95 characters (designs in seventeen languages written from memory, read 2026-11-29).
_HINTS = (3, 7)
_HINT = 110
_HINTED = 500
_BOXES = frozenset(["div", "section", "aside"])
_LABELS = frozenset(["h2", "h3", "h4", "h5", "h6"])
_PLACE = re.compile(r"#[\w-]+")
_WRAPPERS = frozenset(["div", "section", "aside", "article", "center", "span", "a", "details"])
_KEPT_INSIDE = frozenset(["blockquote", "pre", "figure", "h1"])


def hosts_of(page: Page) -> Counter[int]:
    """Count the characters of sentences that each box holds itself, by the box's `id`; boxes of few are left out."""
    sizes: dict[int, int] = {}
    counts: dict[int, int] = {}
    for line in page.sentences:
        home = id(home_box_of(line))
        sizes[home] = sizes.get(home, 0) + len(line.text)
        counts[home] = counts.get(home, 0) + 1
    return Counter({home: size for home, size in sizes.items() if counts[home] >= _MAX_SENTENCES})


def is_insert(page: Page, box: Box, hosts: Counter[int]) -> bool:
    """Return whether a wrapper among a text's paragraphs is a card: a few lines that end in something to press or follow.

    Whatever its sentences state, they belong to the card. Wrappers that make up a good part of the
    text themselves, such as the items of a list article, are none; neither are quotations, tables,
    live entries and corrections.

    Args:
        page: The page after the walk.
        box: The wrapper.
        hosts: What `hosts_of` counted.
    """
    parent = box.parent
    if parent is None or not _is_wrapper(box) or not _is_host(parent, hosts):
        return False
    lines = page.lines[box.start : box.end]
    inside = _inside(box)
    tabular = box.tag == "table" or any(step.tag == "table" for step in inside)
    if len(lines) > (_MAX_CELLS if tabular else _MAX_LINES) or (len(lines) < 2 and not _has_button(box)):
        return False
    sentences = [line for line in lines if line.prose and not _is_folded(line, box)]
    shown = sum(len(line.text) for line in sentences)
    if len(sentences) > _MAX_SENTENCES or shown > _MAX_PROSE:
        return False
    if any(_is_folded(line, box) or box.tag == "table" or "-" in box.tag for line in lines) and any(
        states_toll(line.text) for line in lines if line.links < len(line.text)
    ):
        return False
    if box.tag == "table":
        if not box.links:
            return False
    elif tabular:
        if not (_leads_away(lines[-1]) and ":" not in lines[-1].text):
            return False
    elif not (any(_leads_away(line) for line in lines) or _has_button(box)):
        return False
    if opens_with_time(page, box) or any(is_correction(line.text) for line in lines):
        return False
    if any(step.tag in _KEPT_INSIDE for step in inside):
        return False
    folded = sum(len(line.text) for line in lines if line.prose and _is_folded(line, box))
    return _size_alike(box, parent) - folded <= 0.35 * (hosts[id(parent)] - folded)


def is_fact_box(page: Page, box: Box, hosts: Counter[int]) -> bool:
    """Return whether a wrapper of its own make between two paragraphs is a box of hints: a label, then short lines that call readers and state nothing.

    A line with a number, a quotation, a source or a toll keeps the whole box in the text.
    """
    parent = box.parent
    if parent is None or box.tag not in _BOXES or not box.name or not _is_host(parent, hosts):
        return False
    lines = page.lines[box.start : box.end]
    if not _HINTS[0] <= len(lines) <= _HINTS[1] or box.chars > _HINTED or box.images:
        return False
    label = lines[0]
    if label.prose or len(label.text) > 60 or (label.bold < len(label.text) and label.box.tag not in _LABELS):
        return False
    if not any(calls_readers(line.text) for line in lines):
        return False
    if any(
        not states_nothing(line.text) or is_correction(line.text) or line.links or len(line.text) > _HINT
        for line in lines
    ):
        return False
    others = [other for other in parent.children if other is not box and other.raw]
    return (
        any(other.start < box.start for other in others)
        and any(other.start > box.start for other in others)
        and all(other.name != box.name for other in parent.children if other is not box)
        and sum(1 for other in others if other.tag == "p") >= _MAX_SENTENCES
    )


def _is_wrapper(box: Box) -> bool:
    """Return whether a box may wrap a card: a division, an element of the site's own, or a column of cells set next to the text."""
    if box.tag in _WRAPPERS or "-" in box.tag:
        return True
    if box.tag != "table" or box.node.get("align") not in ("left", "right") or box.images:
        return False
    return all(len(row) == 1 for row in box.node.iter("tr"))


def _is_folded(line: Line, box: Box) -> bool:
    """Return whether a line in a box shows only after its reader unfolds a part."""
    step: Box | None = line.box
    while step is not None and step is not box.parent:
        if step.tag == "details":
            return line.box.tag != "summary"
        step = step.parent
    return False


def holds_contents(box: Box) -> bool:
    """Return whether all links of a box lead to places on the page itself: a table of contents stands in it."""
    if box.end - box.start > MOST_CONTENTS:
        return False
    links = [link.get("href") or "" for link in box.node.iter("a") if "href" in link.attrib]
    return len(links) >= _MAX_SENTENCES and all(link.startswith("#") for link in links)


def leads_here(box: Box) -> bool:
    """Return whether all links of a box lead to places on the page itself, as the times over a live page's entries do."""
    links = [link.get("href") or "" for link in box.node.iter("a") if "href" in link.attrib]
    return bool(links) and all(_PLACE.fullmatch(link[:100]) is not None for link in links)


def is_odd_paragraph(page: Page, box: Box, hosts: Counter[int]) -> bool:
    """Return whether a paragraph has a class of its own among others, a link, and nothing checkable to say.

    The text's first paragraph often has a class of its own and is none.
    """
    name, parent = box.name, box.parent
    if not name or parent is None or box.tag not in ("p", "div") or box.end - box.start != 1:
        return False
    line = page.lines[box.start]
    if not line.anchors or len(line.text) > 250 or is_guarded(line.text) or not _is_host(parent, hosts):
        return False
    if states_origin(line.text):
        return False
    others = [other for other in parent.children if other is not box and other.raw]
    return (
        sum(1 for other in others if other.end - other.start == 1) >= _MAX_SENTENCES
        and any(other.start < box.start for other in others)
        and all(other.name != name for other in parent.children if other is not box)
    )


def lists_itself(page: Page, box: Box, heading: int | None) -> bool:
    """Return whether a list of several items names this very article, as lists of the latest articles do."""
    if (
        heading is None
        or box.end - box.start < 3
        or box.end - box.start > 60
        or box.start <= heading < box.end
    ):
        return False
    title = page.lines[heading].text.casefold()
    lines = page.lines[box.start : box.end]
    return (
        len(title) >= 25
        and sum(1 for line in lines if line.links) >= 3
        and any(line.text.casefold().startswith(title) for line in lines)
    )


def _leads_away(line: Line) -> bool:
    """Return whether a line is a short link, ends in one without being a sentence, or opens a folded part."""
    text = line.text
    if line.box.tag == "summary":
        return True
    if len(text) > 60 or line.box.tag in ("li", "td", "th"):
        return False
    return line.links >= 0.95 * len(text) or (line.invites and text[-1] not in STOPS)


def _has_button(box: Box) -> bool:
    return box.controls > 0 and next(box.node.iter("button", "input", "select", "textarea"), None) is not None


def _is_host(box: Box, hosts: Counter[int]) -> bool:
    """Return whether a box holds a text's paragraphs; more than a thousand parts are no article, and would cost too much."""
    return id(box) in hosts and len(box.children) <= _MAX_PARTS


def _size_alike(box: Box, parent: Box) -> int:
    """Return the characters of sentences in this box and those of the same make next to it."""
    name = box.name
    return sum(
        other.raw
        for other in parent.children
        if other.tag == box.tag and other.name == name and other.end - other.start > 1
    )


def _inside(box: Box) -> list[Box]:
    found = list(box.children)
    for child in found:
        found.extend(child.children)
    return found
