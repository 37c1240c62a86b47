"""Tells further stories of a stream from the one that a page is about."""

import re
from collections.abc import Iterator

from crawler.parser.boxes import Box, Line, Page
from crawler.parser.printed import printed_date as date_in

_HEADINGS = frozenset(["h1", "h2", "h3"])
# Two like parts are a pair, three a series (news pages and made-up ones read 2026-11-28).
_SEVERAL = 3
# Lines under a headline among which its date and writer stand: title, summary, writers (a page of 2019, read 2026-11-29).
_DATED = 8
# The shortest title of one has eleven letters (the same page).
_SHORT = 6
_SIGNED = re.compile(r"(?:by|von|par|por|di|door|av|af) [^\W\d_]", re.IGNORECASE)


def other_stories(page: Page, heading: int | None) -> Iterator[Box]:
    """Yield the boxes made as the one around the headline, next to it, that open with a headline of their own."""
    if heading is None:
        return
    top = page.lines[heading].box
    step: Box | None = top
    while step is not None and step.parent is not None:
        name = step.name
        if (name or step.tag in ("article", "section")) and step is not top:
            alike = [
                box
                for box in step.parent.children
                if box is not step and box.tag == step.tag and box.name == name
            ]
            stories = [box for box in alike if box.raw >= 80 and _opens_story(page, box, top)]
            if stories and any(line.prose for line in page.lines[heading + 1 : step.end]):
                yield from stories
        step = step.parent
    yield from _second_tops(page, heading, top)


def _opens_story(page: Page, box: Box, top: Box) -> bool:
    """Return whether a box has near its start a heading of the headline's rank that is a link, or a first heading."""
    for line in page.lines[box.start : min(box.end, box.start + 4)]:
        if line.box.tag in _HEADINGS and len(line.text) >= (_SHORT if line.box.name == top.name else 12):
            if line.box.tag != top.tag:
                return False
            return (
                line.box.tag == "h1" or line.links >= 0.9 * len(line.text) or _is_signed(page, box, line, top)
            )
    return False


def _is_signed(page: Page, box: Box, title: Line, top: Box) -> bool:
    """Return whether a heading set as the headline is has a date and a writer of its own under it, and a text, as the headline has.

    A chronicle and a live page date each of their parts, but do not sign them.
    """
    if title.box.name != top.name:
        return False
    return all(
        sum(line.prose for line in page.lines[place:end]) >= _SEVERAL
        and any(not line.prose and date_in(line.text) for line in near)
        and any(not line.prose and _SIGNED.match(line.text) for line in near)
        for place, end in ((title.index, box.end), (top.end - 1, len(page.lines)))
        for near in (page.lines[place + 1 : min(end, place + _DATED)],)
    )


def _second_tops(page: Page, heading: int, top: Box) -> Iterator[Box]:
    """Yield boxes behind the text that open with a further first heading, such as an appeal with a title."""
    others = [box for box in page.boxes if box.tag == "h1" and box is not top and box.start > heading]
    if not others or (top.tag == "h1" and len(others) > 2):
        return
    contents = _contents(page, others)
    for other in others:
        parent = other.parent
        if page.lines[other.start].text in contents:
            continue
        before = sum(1 for line in page.lines[heading + 1 : other.start] if line.prose)
        if parent is None or parent.start != other.start or before < _SEVERAL:
            continue
        if 2 * parent.raw < sum(
            len(line.text) for line in page.lines[heading + 1 : other.start] if line.prose
        ):
            yield parent


def _contents(page: Page, headings: list[Box]) -> set[str]:
    """Return the texts of the headings to which a link leads on the page itself, as a table of contents does."""
    titles = {page.lines[box.start].text for box in headings}
    named = [line for line in page.lines if line.text in titles and line.links >= 0.9 * len(line.text)]
    return {
        line.text
        for line in named
        if any((link.get("href") or "").startswith("#") for link in line.box.node.iter("a"))
    }
