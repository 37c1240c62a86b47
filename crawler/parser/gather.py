"""Gathers the parts of an article that stand outside the boxes chosen for it: sentences nothing proves to be furniture."""

import re
from collections import Counter

from crawler.parser.boxes import STOPS, Box, Line, Page, in_figure
from crawler.parser.container import home_box_of, scope_of
from crawler.parser.credits import is_byline, is_credit, names_aged, states_origin
from crawler.parser.elements import HEADINGS
from crawler.parser.furniture import is_data, line_reason
from crawler.parser.groups import is_whole_link
from crawler.parser.standfirst import says
from crawler.parser.walls import says_wall
from crawler.parser.wording import is_guarded, states_toll

# Set 2026-11-28 on 343 news pages of 1997 to 2026 (121 with their whole text) by paragraphs lost and furniture that came out, all together:
# a free sentence has 40 characters; without a stop at its end 60, since bylines and labels are shorter.
_SHORT = 40
_LONG = 60
_TIMED = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}:\d\d\b")
_BY = re.compile(r"(?:by|von|par|por|di|av|af|door)\s", re.IGNORECASE)
_AGENCY = re.compile(
    r"(?:getty(?: images)?|shutterstock|reuters|afp|associated press|ap photo|epa|wire ?image|alamy|istock(?:photo)?|splash ?news|rex(?: features)?|unsplash|dpa|picture alliance)(?:\s?\([^()]{0,30}\))?$",
    re.IGNORECASE,
)
_TAKEN = re.compile(
    r"\b(?:foto|photo(?:graph)?|picture|image|bild|credit)s?(?: by| credit)?\s?[:/©] ?[^.!?]{2,40}[.)]?$|\(\w[^()]{0,30}(?:photo|getty|reuters|afp)[^()]{0,20}\)\.?$",
    re.IGNORECASE,
)
# Lines looked at behind the text for a toll set in a box of its own (made-up pages of that kind, 2026-11-28).
_NEXT = 6
# A list of victims or a table of counts has at most so many cells (made-up pages of both, 2026-11-28); more is a results page.
_CELLS = 300
# The same pages: half of a sentence in links made it a teaser.
_LINKED = 0.5


def parts_of(
    page: Page, boxes: list[Box], heading: int | None, kept: set[int], description: str | None
) -> tuple[list[Line], int | None]:
    """Return the sentences outside the chosen boxes that belong to the article, in reading order, and a summary that does not.

    Args:
        page: The page after the walk, furniture marked.
        boxes: The boxes chosen for the article, in reading order.
        heading: Index of the displayed headline, or None.
        kept: Lines read from the chosen boxes.
        description: What the page's meta tags give as its description, or None.

    Returns:
        The lines, and the index of the line between headline and text that only says the description, or None.
    """
    if not boxes or not kept:
        return [], None
    found, summary = _between(page, heading, kept, description)
    found |= _alike(page, boxes, heading, kept)
    found |= _twins(page, kept | found)
    found |= _behind(page, heading, kept | found)
    found |= _tables(page, boxes, kept | found)
    found |= _victims(page, boxes, kept | found)
    return [page.lines[index] for index in sorted(found)], summary


def _is_free(line: Line) -> bool:
    """Return whether a line is a sentence that nothing proves to be furniture."""
    return (
        line.prose
        and line.reason is None
        and line.box.reason is None
        and line.box.tag not in HEADINGS
        and len(line.text) >= _SHORT
        and line.links <= _LINKED * len(line.text)
        and _reads_on(line)
        and not in_figure(line.box)
        and line_reason(line) is None
        and not is_byline(line.text)
    )


def _reads_on(line: Line) -> bool:
    """Return whether a line ends as a sentence, or is none of the lines with names and times that stand under a headline."""
    if line.text[-1] in STOPS or line.text[-1] == ":":
        return True
    return (
        len(line.text) >= _LONG
        and not line.stamp
        and _TIMED.search(line.text) is None
        and _BY.match(line.text) is None
    )


def _between(
    page: Page, heading: int | None, kept: set[int], description: str | None
) -> tuple[set[int], int | None]:
    """Return the free sentences between the headline and the last one kept, and the summary among them.

    A sentence alone in its box belongs to the text between two of its parts only where it is set as they are, or states
    a toll; before the text also where it is not what the page gives as its description.
    """
    seen = {page.lines[index].text for index in kept}
    sentences = [index for index in kept if page.lines[index].prose]
    if not sentences:
        return set(), None
    looks = Counter(_look(page.lines[index]) for index in sentences)
    look, start = looks.most_common(1)[0][0], min(sentences)
    first = heading + 1 if heading is not None and heading < max(kept) else min(kept)
    free = [
        line
        for line in page.lines[first : max(kept)]
        if line.index not in kept
        and _is_free(line)
        and line.text not in seen
        and not _in_list(line)
        and not _in_other_header(line, heading)
        and not _is_beside_picture(line)
    ]
    if not free:
        return set(), None
    captions = {line.text for line in page.lines if len(line.text) >= _SHORT and in_figure(line.box)}
    free = [line for line in free if line.text not in captions]
    hosts = Counter(id(line.box.parent) for line in free)
    walled = {
        id(line.box.parent)
        for line in page.lines[first : max(kept)]
        if id(line.box.parent) in hosts and says_wall(line.text)
    }
    found: set[int] = set()
    summary = None
    for line in free:
        if id(line.box.parent) in walled:
            continue
        if hosts[id(line.box.parent)] == 1 and _look(line) != look:
            if line.index > start:
                if not states_toll(line.text) or line.links:
                    continue
            elif says(line.text, description):
                summary = line.index if summary is None else summary
                continue
        found.add(line.index)
    return found, summary


def _look(line: Line) -> tuple[str, str | None]:
    return line.box.tag, line.box.name


def _alike(page: Page, boxes: list[Box], heading: int | None, kept: set[int]) -> set[int]:
    """Return sentences that are set as most paragraphs of the article are."""
    looks = Counter(page.lines[i].box.name for i in kept if page.lines[i].box.tag == "p")
    look, times = looks.most_common(1)[0] if looks else (None, 0)
    if look is None or times < 3 or times < 0.6 * looks.total():
        return set()
    scope = scope_of(boxes[0])
    first = max(scope.start, (heading if heading is not None else -1) + 1)
    return {
        line.index
        for line in page.lines[first : scope.end]
        if line.index not in kept
        and line.box.tag == "p"
        and line.box.reason is None
        and line.reason is None
        and line.box.name == look
        and line.prose
        and line_reason(line) is None
    }


def _twins(page: Page, kept: set[int]) -> set[int]:
    """Return the free sentences of boxes made as those are in which most of the article is at home."""
    homes: Counter[tuple[str, str]] = Counter()
    for index in kept:
        if page.lines[index].prose:
            home = home_box_of(page.lines[index])
            name = home.name
            if name:
                homes[home.tag, name] += 1
    if not homes:
        return set()
    make, times = homes.most_common(1)[0]
    if times < 3:
        return set()
    last = max(kept)
    found: set[int] = set()
    for line in page.lines[last + 1 :]:
        if line.box.tag in HEADINGS and is_whole_link(line):
            break
        if _is_free(line) and (home := home_box_of(line)).tag == make[0] and home.name == make[1]:
            found.add(line.index)
    return found


def _behind(page: Page, heading: int | None, kept: set[int]) -> set[int]:
    """Return sentences right behind the last one kept that state a toll or quote somebody, in the headline's part of the page."""
    last = max(kept)
    if heading is None or heading > last:
        return set()
    scope: Box | None = page.lines[last].box
    while scope is not None and not (scope.start <= heading and last < scope.end):
        scope = scope.parent
    if scope is None:
        return set()
    found: set[int] = set()
    for line in page.lines[last + 1 : min(scope.end, last + 1 + _NEXT)]:
        if line.box.tag in HEADINGS or is_whole_link(line) or line.box.reason is not None:
            break
        if (
            _is_free(line)
            and not line.links
            and line.text[-1] in STOPS
            and states_toll(line.text)
            and is_guarded(line.text)
            and not is_credit(line.text)
        ) or (_is_free(line) and states_origin(line.text)):
            found.add(line.index)
    return found


def _tables(page: Page, boxes: list[Box], kept: set[int]) -> set[int]:
    """Return the lines of tables of figures that stand right before, between or behind the boxes chosen, in the same part of the page."""
    hosts = {id(box.parent) for box in boxes if box.parent is not None}
    first, last = boxes[0].start, max(kept) + 1
    found: set[int] = set()
    for box in page.boxes:
        if box.tag != "table" or box.reason is not None or box.links or box.controls or box.start in kept:
            continue
        if not 2 <= box.end - box.start <= _CELLS or not (first <= box.start <= last or box.end == first):
            continue
        outer = box.parent
        if outer is not None and outer.end - outer.start == box.end - box.start and id(outer) not in hosts:
            outer = outer.parent
        if outer is not None and id(outer) in hosts and is_data(page, box):
            found.update(range(box.start, box.end))
    return found


def _victims(page: Page, boxes: list[Box], kept: set[int]) -> set[int]:
    """Return the lines of lists of victims that stand right behind the text."""
    hosts = {id(box) for box in boxes} | {id(box.parent) for box in boxes if box.parent is not None}
    last = max(kept) + 1
    found: set[int] = set()
    for box in page.boxes:
        if box.start == last and id(box.parent) in hosts and lists_victims(page, box):
            found.update(range(box.start, box.end))
    return found


def lists_victims(page: Page, box: Box) -> bool:
    """Return whether a box is a list of terms without a link that names persons with their age, or counts who was hurt."""
    if box.tag != "dl" or box.reason is not None or box.links or box.controls:
        return False
    lines = page.lines[box.start : box.end]
    if not 2 <= len(lines) <= _CELLS:
        return False
    aged = sum(1 for line in lines if names_aged(line.text))
    counted = sum(1 for line in lines if line.text[0].isdigit())
    return 3 * (aged + counted) >= len(lines) and (aged > 0 or any(states_toll(line.text) for line in lines))


def _in_list(line: Line) -> bool:
    step: Box | None = line.box
    while step is not None:
        if step.tag == "li":
            return True
        step = step.parent
    return False


def _in_other_header(line: Line, heading: int | None) -> bool:
    """Return whether a line stands in a header that is not the headline's."""
    step: Box | None = line.box
    while step is not None:
        if step.tag == "header" and not (heading is not None and step.start <= heading < step.end):
            return True
        step = step.parent
    return False


def _is_beside_picture(line: Line) -> bool:
    """Return whether a line stands alone with a picture or ends in the name of who took one."""
    if _TAKEN.search(line.text[-60:]) is not None or (
        len(line.text) <= 200 and _AGENCY.search(line.text[-60:])
    ):
        return True
    step: Box | None = line.box
    while step is not None and step.end - step.start <= 2:
        if step.images:
            return True
        step = step.parent
    return False
