"""Names what a wrapper of several lines is when it is furniture as a whole."""

from bisect import bisect_left

from crawler.parser.boxes import STOPS, Box, Line
from crawler.parser.elements import HEADINGS
from crawler.parser.pictures import is_captioned
from crawler.parser.wording import is_duration_caption, is_guarded, opens_comments, states_toll

# Two links are a menu whatever their number.
_MENU = 2


class Tally:
    """Where a page's links and sentences stand, so that what boxes within boxes hold is counted without reading every line for each.

    Attributes:
        anchors: The index of each line that is one link and nothing else, as often as it has anchors, at most twice.
        titles: The indices of those that are headings.
        long: The indices of those of at least 25 characters.
        sentences: The indices of lines that read like prose and are no such link.
    """

    __slots__ = ("anchors", "long", "sentences", "titles")

    def __init__(self, lines: list[Line]) -> None:
        """Count a page's lines once."""
        self.anchors: list[int] = []
        self.titles: list[int] = []
        self.long: list[int] = []
        self.sentences: list[int] = []
        for line in lines:
            if line.links and is_whole_link(line):
                self.anchors += [line.index] * min(line.anchors, _MENU)
                if line.box.tag in HEADINGS:
                    self.titles.append(line.index)
                if len(line.text) >= 25:
                    self.long.append(line.index)
            elif line.prose:
                self.sentences.append(line.index)


def _number_in(places: list[int], box: Box) -> int:
    """Return how many of some indices, given in order, are those of lines in a box."""
    return bisect_left(places, box.end) - bisect_left(places, box.start)


# The lengths in this and the next functions: kept since 2026-11-23, when 245 marked news pages gave a body F1 of 0.978 with them. Half or twice
# the 3,000 characters of the largest wrapper asked, or 250 or 700 for the 420 of a card, reads 343 further pages alike (varied 2026-11-28).
def group_reason(box: Box, lines: list[Line], tally: Tally) -> str | None:
    """Name what a wrapper of several lines is when it is furniture as a whole, or None.

    Args:
        box: The wrapper.
        lines: Its lines.
        tally: Where the page's links and sentences stand.
    """
    prose = box.raw
    if opens_comments(lines[0].text) and (lines[0].box.tag in HEADINGS or "comment" in name_of(box)):
        return "comments"
    if (
        prose < 700
        and len(lines) <= 15
        and any("<iframe" in line.text for line in lines)
        and not any(line.prose and "<iframe" not in line.text for line in lines)
    ):
        return "player"
    if prose < 300 and box.chars < 500 and _is_player(lines):
        return "video_caption"
    if box.controls and prose < 700 and box.tag != "li" and _is_widget(lines):
        return "widget"
    if box.images and box.images >= len(lines) / 3 and _weight(lines) < 500 and is_captioned(box, lines):
        box.role = "figure"
        return None
    if box.links > 0.6 * box.chars and len(lines) > 1 and not any(_is_sentence(line) for line in lines):
        return "link_list"
    if prose < 300 and box.flow < 3 and _is_menu(box, lines, tally):
        return "link_menu"
    if len(lines) <= 6 and prose < 500 and _is_promotion(lines):
        return "promotion"
    if len(lines) <= 4 and prose < 900 and _is_card(lines):
        return "teaser_card"
    if box.flow < 3 and box.tag not in ("body", "main", "article") and _are_cards(box, lines, tally):
        return "teaser_card"
    return "link_list" if box.tag in ("ul", "ol") and _is_linked_list(box, lines) else None


def _weight(lines: list[Line]) -> int:
    """Return the characters of a group's sentences; a sign of a script written without spaces says as much as two and a half letters."""
    return sum(len(line.text) * (5 if line.text[0] >= "\u2e80" else 2) // 2 for line in lines if line.prose)


def _is_linked_list(box: Box, lines: list[Line]) -> bool:
    """Return whether every item has a link that is a good part of it, or opens with one and says nothing more."""
    if len(lines) < 3 or not all(line.links for line in lines):
        return False
    return box.links > 0.4 * box.chars or all(
        line.lead and line.plain <= 25 and not line.prose for line in lines
    )


def _is_card(lines: list[Line]) -> bool:
    """Return whether a wrapper is one headline that links elsewhere, with at most two sentences and no list."""
    linked = sum(1 for line in lines if line.box.tag in HEADINGS and is_whole_link(line))
    return linked == 1 and sum(1 for line in lines if line.prose and not is_whole_link(line)) <= 2


def _is_player(lines: list[Line]) -> bool:
    """Return whether a playing time stands among lines that state nothing checkable."""
    timed = any(
        not line.stamp and line.box.tag not in HEADINGS and is_duration_caption(line.text) for line in lines
    )
    return timed and not any(
        line.prose and is_guarded(line.text) for line in lines if not is_duration_caption(line.text)
    )


def _is_menu(box: Box, lines: list[Line], tally: Tally) -> bool:
    """Return whether several links stand with at most two sentences that state nothing checkable."""
    if _number_in(tally.anchors, box) < _MENU or _number_in(tally.sentences, box) > 2:
        return False
    first = bisect_left(tally.sentences, box.start)
    sentences = [lines[place - box.start] for place in tally.sentences[first : first + 2] if place < box.end]
    return not any(is_guarded(line.text) or line.box.tag == "li" for line in sentences)


def _is_promotion(lines: list[Line]) -> bool:
    """Return whether a heading stands with a link to follow and no sentence that states anything checkable."""
    heading = any(line.box.tag in HEADINGS for line in lines)
    invites = any(line.links and not line.prose for line in lines)
    return (
        heading
        and invites
        and not any(is_guarded(line.text) or states_toll(line.text) for line in lines if line.prose)
    )


def _is_widget(lines: list[Line]) -> bool:
    """Return whether lines next to a control are its labels: no sentence with a number, quotation, source or toll."""
    return len(lines) <= 15 and not any(
        line.prose and (is_guarded(line.text) or states_toll(line.text)) for line in lines
    )


def _are_cards(box: Box, lines: list[Line], tally: Tally) -> bool:
    """Return whether links and short sentences take turns, a sentence or two to each linked heading."""
    headed = _number_in(tally.titles, box)
    cards = headed or _number_in(tally.long, box)
    if not cards or box.raw >= 420 * cards or not _alternates(lines):
        return False
    return bool(headed) or sum(1 for line in lines if line.prose) <= cards


def _alternates(lines: list[Line]) -> bool:
    """Return whether sentences are short and stand only one or two at a time between links, as teasers do."""
    run = 0
    for line in lines:
        if is_whole_link(line):
            run = 0
        elif line.prose:
            run += 1
            if run > 2 or len(line.text) > 450:
                return False
    return True


def _is_sentence(line: Line) -> bool:
    return line.plain >= 40 and line.text[-1] in STOPS and line.links < 0.5 * len(line.text)


def is_whole_link(line: Line) -> bool:
    """Return whether a line is one link and nothing else."""
    return line.links >= 0.95 * len(line.text)


def name_of(box: Box) -> str:
    """Return a box's class and id, lower case."""
    return f"{box.name or ''} {box.node.get('id') or ''}".lower()
