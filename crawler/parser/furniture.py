"""Which boxes and lines of a page are furniture, by their structure first."""

import re
from collections.abc import Callable

from crawler.parser.boxes import STOPS, Box, Line, Page, is_typed
from crawler.parser.credits import states_origin
from crawler.parser.elements import HEADINGS
from crawler.parser.groups import Tally, group_reason, is_whole_link, name_of
from crawler.parser.inserts import (
    holds_contents,
    hosts_of,
    is_fact_box,
    is_insert,
    is_odd_paragraph,
    leads_here,
    lists_itself,
)
from crawler.parser.links import before_link, heads_figures
from crawler.parser.names import named_reason
from crawler.parser.pictures import is_caption, is_credited_pair, is_pictured, is_plate
from crawler.parser.printed import is_stamp_line
from crawler.parser.series import series_in
from crawler.parser.walls import says_wall
from crawler.parser.wording import (
    furniture_reason,
    is_appeal,
    is_channel_prompt,
    is_correction,
    is_duration_caption,
    is_guarded,
    opens_comments,
    states_toll,
)

_TYPED = frozenset(["p", "div"])
_PARAGRAPHS = frozenset(["p", "blockquote", "pre", "dd", "dt"])
_ASIDES = frozenset(["widget", "promotion", "link_menu", "teaser_card"])
_HEADS = frozenset(["promotion", "link_menu", "teaser_card"])
LINKED = frozenset(["link_list", "link_menu", "teaser_card"])
_TABULAR = frozenset(["table", "tbody", "thead", "tfoot", "tr"])
_LABELLED = frozenset(["li", "td", "th", "tr", "figcaption", "caption", "summary", "footer"])
_SEVERAL = 3
# A table of contents of more lines is none, and would cost too much to look through at each level; as would more entries side by side.
_CONTENTS = 120
_AGENCY = re.compile(r"\((?:Reuters|AFP|AP|AP Photo|Getty|EPA|PTI|ANI|IANS|dpa|Xinhua)\b[^()]{0,30}\)\.?$")
# The longest aside taken for text; half or twice as much reads the 343 and 245 news pages alike (varied 2026-11-28).
_ASIDE = 700
# Entries of a live page looked at to tell what they are; a bound of cost.
_ENTRIES = 12
# A heading printed in the path on top stood at most so many lines over the one of the text (a page of 2019, read 2026-11-29).
_AGAIN = 8
# Parts that hold most of a page's sentences are its text, whatever they call themselves.
_MOSTLY = frozenset(["form", "aside", "header", "footer", "dialog", "hidden"])
_HARD_ROLES = frozenset(["navigation", "control", "dialog", "player", "hidden", "archive", "form"])


def mark(page: Page, heading: int | None, learned: Callable[[Page, Box], str | None] | None = None) -> None:
    """Return every box that is furniture by its structure a reason, outermost first.

    Args:
        page: The page after the walk.
        heading: Index of the displayed headline's line, or None; no box around it is furniture.
        learned: Names why a box is furniture by what other pages taught, or None.
    """
    total = page.root.raw
    places = _titles(page, heading)
    hosts, tally = hosts_of(page), Tally(page.lines)
    for box, reason in series_in(page, heading):
        box.reason = box.reason or reason
    first = heading + 1 if heading is not None else 0
    reached, sentences = first, 0
    for box in page.boxes:
        parent = box.parent
        while reached < box.start:
            sentences += page.lines[reached].prose and page.lines[reached].box.reason is None
            reached += 1
        if parent is not None and parent.reason is not None:
            box.reason = parent.reason
        elif box.reason is not None:
            continue
        elif parent is not None and not (
            places and box.end > places[0] and box.start <= places[-1] and _holds_one(box, places)
        ):
            box.reason = _reason_for(page, box, total, tally)
            if box.reason is None and box.role is None and is_insert(page, box, hosts):
                box.reason = "card"
            elif box.tag in ("ul", "ol") and box.reason is None and lists_itself(page, box, heading):
                box.reason = "link_list"
            elif box.reason is None and box.role is None and is_odd_paragraph(page, box, hosts):
                box.reason = "promotion"
            elif box.reason is None and box.role is None and is_fact_box(page, box, hosts):
                box.reason = "card"
            if box.reason is None and box.role is None:
                box.reason = named_reason(page, box, total, opened=sentences >= 2 or box.start < first)
            if box.reason is None and learned is not None:
                box.reason = learned(page, box)
            if box.tag in HEADINGS:
                _mark_comments(page, box, total)


def _holds_one(box: Box, places: list[int]) -> bool:
    """Return whether a box holds one of some lines, given in order."""
    return any(box.start <= place < box.end for place in places)


def _titles(page: Page, heading: int | None) -> list[int]:
    """Return the lines of the displayed headline and of a second heading close under it."""
    if heading is None:
        return []
    under = page.lines[heading + 1 : heading + 4]
    return [
        heading,
        *(line.index for line in under if line.box.tag == "h2" and not line.links and len(line.text) >= 30),
        *_printed_again(page, heading),
    ]


def _printed_again(page: Page, heading: int) -> list[int]:
    """Return the first heading under the displayed headline that says the same, as where a path of links on top names the page too."""
    text = page.lines[heading].text
    below = (line for line in page.lines[heading + 1 : heading + 1 + _AGAIN] if line.text == text)
    return [line.index for line in below if line.box.tag in HEADINGS and not line.links][:1]


def _mark_comments(page: Page, heading: Box, total: int) -> None:
    """Mark what follows the heading of readers' comments in the same box."""
    parent = heading.parent
    if parent is None or not opens_comments(page.lines[heading.start].text):
        return
    after = [box for box in parent.children if box.start >= heading.end]
    before = sum(len(line.text) for line in page.lines[: heading.start] if line.prose)
    if before >= 400 or sum(box.raw for box in after) * 2 < total:
        for box in after:
            box.reason = "comments"


def _reason_for(page: Page, box: Box, total: int, tally: Tally) -> str | None:
    role = box.role
    if role == "figure":
        lines = page.lines[box.start : box.end]
        played = box.controls or any(is_duration_caption(line.text) for line in lines)
        return "video_caption" if played and box.raw < 600 and box.flow < 2 else None
    if role is not None:
        if box.raw * 2 > total and role in _MOSTLY:
            return None
        if role == "aside" and _states_figure(page, box):
            return None
        if role == "aside" and is_plate(box, page.lines[box.start : box.end]):
            box.role = "figure"
            return None
        if role in _HARD_ROLES or not _has_correction(page, box):
            return role
        return None
    if box.tag in _TYPED and is_caption(page, box):
        box.role = "figure"
        return None
    if box.raw > 3000 or box.tag in _PARAGRAPHS:
        return None
    lines = page.lines[box.start : box.end]
    if len(lines) == 1 and box.tag not in ("div", "section", "span"):
        if is_pictured(box, lines[0]):
            box.role = "figure"
        return None
    if is_credited_pair(box, lines, total):
        box.role = "figure"
        return None
    if 2 * box.raw < total and _is_comment(page, box, lines):
        return "comments"
    reason = group_reason(box, lines, tally)
    if reason in LINKED and (is_data(page, box) or (box.raw and holds_contents(box))):
        return None
    if reason in _HEADS and box.tag == "header" and leads_here(box):
        return None
    if reason in _ASIDES and (2 * box.raw > total or _is_of_text(page, box, total, tally)):
        return None
    return reason


def _is_of_text(page: Page, box: Box, total: int, tally: Tally) -> bool:
    """Return whether a box is one of several of one make side by side, most of which are no furniture: a live page's entries, headed sections."""
    parent = box.parent
    if parent is None or not (box.name or box.tag == "article") or len(parent.children) > _CONTENTS:
        return False
    alike = [other for other in parent.children if (other.tag, other.name) == (box.tag, box.name)]
    if len(alike) < _SEVERAL:
        return False
    if len({other.end - other.start for other in alike}) > _SEVERAL and not (
        2 * sum(other.raw for other in alike) > total
        and all(
            page.lines[other.start].box.tag in HEADINGS and not page.lines[other.start].links
            for other in alike
        )
    ):
        return False
    seen = alike[:_ENTRIES]
    stating = sum(
        1
        for other in seen
        if other.raw and group_reason(other, page.lines[other.start : other.end], tally) not in _ASIDES
    )
    return 2 * stating >= len(seen)


def _states_figure(page: Page, box: Box) -> bool:
    """Return whether an aside among the paragraphs is part of the text: short, without links or controls, stating a toll with a figure."""
    parent = box.parent
    if box.links or box.controls or box.raw > _ASIDE or parent is None or parent.flow < _SEVERAL:
        return False
    lines = page.lines[box.start : box.end]
    return (
        any(line.prose and states_toll(line.text) and any(map(str.isdigit, line.text)) for line in lines)
        and sum(1 for child in parent.children if child.tag == "p" and child.raw) >= _SEVERAL
    )


def is_data(page: Page, box: Box) -> bool:
    """Return whether a box is a table, part of one or nothing else, most of whose rows hold a figure that is no link."""
    if box.tag not in _TABULAR:
        alone = len(box.children) == 1 or box.tag == "figure"
        return alone and any(is_data(page, inner) for inner in box.children)
    rows = [box] if box.tag == "tr" else [row for row in _below(box) if row.tag == "tr"]
    rows = [row for row in rows if len(row.children) >= 2]
    figured = sum(
        1
        for row in rows
        if any(not line.links and line.text[0].isdigit() for line in page.lines[row.start + 1 : row.end])
    )
    return figured >= 1 and 2 * figured >= len(rows)


def _below(box: Box) -> list[Box]:
    return [step for child in box.children for step in (child, *child.children)]


def _is_comment(page: Page, box: Box, lines: list[Line]) -> bool:
    """Return whether a box that calls itself a comment, one of several, opens with its writer's name and goes on with words."""
    return (
        len(lines) >= 2
        and len(lines[0].text) < 60
        and not lines[0].prose
        and lines[0].box.tag not in HEADINGS
        and "comment" in (name := name_of(box))
        and "comment" in re.split(r"[\s_-]+", name)
        and sum(1 for other in page.boxes if other.tag == box.tag and other.name == box.name) >= _SEVERAL
    )


def _has_correction(page: Page, box: Box) -> bool:
    return box.chars < 4000 and any(is_correction(line.text) for line in page.lines[box.start : box.end])


def line_reason(line: Line) -> str | None:
    """Name what a single line inside the article's body is when it is furniture, or None."""
    text = line.text
    tag = line.box.tag
    if is_whole_link(line):
        return None if heads_figures(line) else "related_link"
    if states_origin(text):
        return None
    if line.links and _is_label_and_link(line):
        return "related_link"
    if line.links and _is_linked_label(line):
        return "promotion"
    if 0.3 * len(text) < line.links and line.bold >= 0.95 * len(text) and not is_guarded(text):
        return "promotion"
    if (
        line.invites
        and tag != "li"
        and len(text) <= 200
        and text[-1] not in STOPS
        and not is_guarded(before_link(line))
    ):
        return "promotion"
    if line.anchors and (is_appeal(text) or is_channel_prompt(text)):
        return "appeal"
    if tag in HEADINGS and is_channel_prompt(text):
        return "appeal"
    if "<iframe" in text:
        return "player"
    reason = "appeal" if tag in HEADINGS and says_wall(text) else furniture_reason(text)
    if reason is not None:
        return reason
    free = tag not in _PARAGRAPHS and tag not in HEADINGS and tag not in _LABELLED
    if free and len(text) < (80 if line.stamp else 25) and not is_typed(line):
        return "label"
    if len(text) <= 200 and tag != "p" and (credit := _AGENCY.search(text)) and not is_guarded(text):
        return "photo_credit" if credit.start() < 20 else None
    if (line.stamp and len(text) < 60) or is_stamp_line(text):
        return "stamp"
    return None


def _is_label_and_link(line: Line) -> bool:
    """A short label with a colon, then one link to the end."""
    text = line.text
    colon = text.find(":", 0, 30)
    if (
        colon > 0
        and line.anchors <= 2
        and line.plain <= colon + 3
        and not any(map(str.isdigit, text[:colon]))
    ):
        return True
    return line.anchors == 1 and line.plain <= 25 and line.links > 0.75 * len(text) and text[-1] not in '.”"'


def _is_linked_label(line: Line) -> bool:
    """A bold link, a colon, then an appeal with no number, quotation or source in it."""
    text = line.text
    if not (line.bold and 8 <= line.links == line.lead <= 60 and line.bold >= line.links):
        return False
    rest = text[line.links :].lstrip()
    return rest.startswith((":", "–", "—", "|")) and not is_guarded(rest)
