"""Finds the boxes in which an article's own text stands, by where sentences stand densely."""

from dataclasses import dataclass

from crawler.parser.boxes import Box, Line, Page, is_prose

SHARE = 0.15


@dataclass(slots=True, eq=False)
class Home:
    """A box that holds sentences directly or through boxes of one line each.

    Attributes:
        box: The box.
        size: Characters of clean sentences that are at home in it.
        count: How many lines those are.
    """

    box: Box
    size: float = 0.0
    count: int = 0


def homes_of(page: Page, heading: int | None) -> list[Home]:
    """Return the boxes where sentences are at home, the largest first, equals in reading order.

    Sentences before the displayed headline count for less, those in furniture for nothing.
    """
    start = heading if heading is not None else -1
    found: dict[int, Home] = {}
    for line in page.lines:
        box = line.box
        if box.reason is not None or not is_prose(line.text, line.links) or _in_figure(box):
            continue
        home_box = home_box_of(line)
        home = found.get(id(home_box))
        if home is None:
            home = found[id(home_box)] = Home(home_box)
        home.size += len(line.text) if line.index > start else 0.3 * len(line.text)
        home.count += 1
    return sorted(found.values(), key=lambda home: -home.size)


def home_box_of(line: Line) -> Box:
    """Return the smallest box around a line that holds other lines as well."""
    box = line.box
    while box.parent is not None and box.end - box.start <= 1:
        box = box.parent
    return box


def article_boxes(page: Page, heading: int | None) -> list[Box]:
    """Return the boxes that hold the article, in reading order; empty where the page has no sentence."""
    homes = homes_of(page, heading)
    if not homes:
        return []
    main = homes[0]
    chosen = [main.box]
    for home in homes[1:]:
        if _within(home.box, main.box):
            continue
        if home.size >= SHARE * main.size and home.count >= 2:
            chosen.append(home.box)
    chosen = [box for box in chosen if not any(box is not other and _within(box, other) for other in chosen)]
    return sorted(chosen, key=lambda box: box.start)


def _within(inner: Box, outer: Box) -> bool:
    step: Box | None = inner
    while step is not None:
        if step is outer:
            return True
        step = step.parent
    return False


def _in_figure(box: Box) -> bool:
    return box.tag == "figcaption" or box.role == "figure"
