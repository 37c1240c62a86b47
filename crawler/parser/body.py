"""Turns the lines of the chosen boxes into an article's blocks, each with its kind."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from crawler.parser.apart import apart_in
from crawler.parser.appeals import cut_appeals
from crawler.parser.blocks import blocks_of, kind_of
from crawler.parser.boxes import STOPS, Box, Line, Page, in_figure
from crawler.parser.cipher import is_ciphered
from crawler.parser.closings import bylines_near, claims_rights, cut_closing
from crawler.parser.container import article_boxes, scope_of
from crawler.parser.credits import is_credit
from crawler.parser.elements import HEADINGS
from crawler.parser.furniture import line_reason, mark
from crawler.parser.gather import parts_of
from crawler.parser.hidden import is_credited
from crawler.parser.items import restore_items
from crawler.parser.printed import is_stamp_line, printed_date
from crawler.parser.remembered import remembered
from crawler.parser.reopen import reopen_card, reopen_figures, reopen_said
from crawler.parser.standfirst import says, standfirst_place
from crawler.parser.subheads import is_subheading, keep_first_heading, keep_subheadings
from crawler.parser.trim import (
    cut_bylines,
    cut_comments,
    cut_footer,
    cut_lead,
    cut_others,
    cut_tail,
    cut_teasers,
    cut_unlike,
    drop_bare_headings,
    is_sentence,
)
from crawler.parser.views import says_of
from crawler.parser.walls import Wall, wall_in
from crawler.parser.wording import furniture_reason, is_correction, is_guarded
from diffs.model import Apart, Block, BlockKind, Removed

Learned = Callable[[Page, Box], str | None]
_TEXT_KINDS = frozenset(
    [
        BlockKind.PARAGRAPH,
        BlockKind.LIST_ITEM,
        BlockKind.QUOTE,
        BlockKind.TABLE_ROW,
        BlockKind.SUBHEADING,
        BlockKind.LIVE_UPDATE,
    ]
)
# Sentences that open with a link before a page is one of other stories: 3 or 9 reads the 343 and 245 news pages alike (varied 2026-11-28).
_TEASERS = 5
# A player's caption as a page's only text: 66 and 80 characters on the two pages seen (2026-11-28); the shortest story has 171.
_CAPTION = 100
# Less than the shortest story known; 60 or 400 reads the same pages alike.
_LITTLE = 150
# The words under a page that claim rights and name who answers for it (a page of 2019, read 2026-11-29).
_FEW = 600
# The first lines asked whether they speak of what the page says it is about; a bound of cost.
_ASKED = 60
_CLOCK = re.compile(r"\d{1,2}:\d\d")
# Lines among which a second wording of the standfirst stood (a page for two widths of screen, read 2026-11-28).
_OPENING = 4
# Where no note of correction stands outside the article's own boxes.
_NO_NOTES = frozenset(
    ["navigation", "hidden", "archive", "comments", "dialog", "overlay", "control", "player"]
)
_TEXT_TAGS = HEADINGS | {
    "p",
    "li",
    "td",
    "th",
    "blockquote",
    "pre",
    "dd",
    "dt",
    "figcaption",
    "caption",
    "figure",
    "summary",
    "footer",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The body of an article.

    Attributes:
        blocks: Its blocks in reading order.
        removed: Every other line of the page that was not read as metadata.
        standfirst: The summary printed under the headline, or None.
        start: Index of the first line of the boxes chosen.
        end: Index after their last line.
        wall: The wall in which the text ends, or None.
        ciphered: True where paragraphs were left out because their letters were moved.
        captioned: True where its one sentence stands in a box with a button, as a player's caption does.
        teasers: True where most sentences open with a link, as on a page of other stories.
        box: The first of the boxes chosen, or None.
        apart: The blocks set unlike the article's own paragraphs, box by box.
        frame: What the boxes from the page down to a paragraph of its own are.
    """

    blocks: tuple[Block, ...]
    removed: tuple[Removed, ...]
    standfirst: str | None
    start: int
    end: int
    wall: Wall | None = None
    ciphered: bool = False
    teasers: bool = False
    captioned: bool = False
    box: Box | None = None
    apart: tuple[Apart, ...] = ()
    frame: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The words of all blocks, for telling their language."""
        return " ".join(block.text for block in self.blocks)


def body_of(
    page: Page,
    heading: int | None,
    description: str | None = None,
    titles: tuple[str | None, ...] = (),
    learned: Learned | None = None,
    *,
    author: str | None = None,
) -> Body:
    """Find the article's text.

    Args:
        page: The page after the walk.
        heading: Index of the line that is the displayed headline, or None.
        description: What the page's meta tags give as its description, or None.
        titles: What the page calls itself in `og:title`, JSON-LD and `<title>`.
        learned: Names why a box is furniture by what the site's other articles taught, or None.
        author: Who the page's metadata say wrote it, or None.
    """
    mark(page, heading, learned)
    boxes, kept = _chosen(page, heading)
    if not any(page.lines[i].prose for i in kept if i != heading) and reopen_figures(page, heading):
        boxes, kept = _chosen(page, heading)
    opened = reopen_card(page, heading) if _size(page, kept) < _LITTLE else None
    if opened is None and description and not says_of(_read(page, heading, kept), description):
        opened = reopen_said(page, heading, description, min(kept, default=None))
    if opened is not None:
        boxes, kept = _chosen(page, heading)
        if not any(page.lines[i].prose and opened.start <= i < opened.end for i in kept):
            boxes, kept = [opened], {}
            _keep(page, opened, heading, kept)
    start, end = (boxes[0].start, boxes[-1].end) if boxes else (0, 0)
    parts, described = parts_of(page, boxes, heading, set(kept), description)
    for line in parts:
        kept[line.index] = BlockKind.CORRECTION if is_correction(line.text) else kind_of(line)
    keep_subheadings(page, kept)
    keep_first_heading(page, heading, kept)
    _keep_captions(page, heading, boxes, kept)
    _keep_points(page, heading, boxes, kept)
    cut_bylines(page, kept)
    sentences = [i for i in sorted(kept) if is_sentence(page, i, kept[i])]
    summary = standfirst_place(page, heading, sentences, description, titles)
    if summary is not None and kind_of(page.lines[summary]) is BlockKind.CAPTION:
        kept[summary], summary = BlockKind.CAPTION, None
    kept.pop(heading, None) if heading is not None else None
    if summary is None and described is not None and is_guarded(page.lines[described].text):
        summary = described
    elif summary is not None and page.lines[summary].box.tag not in HEADINGS:
        kept.setdefault(summary, BlockKind.PARAGRAPH)
    if summary is not None and any(
        page.lines[i].text == page.lines[summary].text for i in kept if i != summary
    ):
        kept.pop(summary, None)
    if summary is not None:
        for index in [
            i
            for i in sorted(kept)[:_OPENING]
            if (i != summary and not page.lines[i].prose) or page.lines[i].box.tag in HEADINGS
        ]:
            if index != summary and says(page.lines[index].text, page.lines[summary].text):
                page.lines[index].reason = "repeated"
                kept.pop(index, None)
    taken = {heading, summary}
    cut_comments(page, kept)
    cut_footer(page, kept)
    cut_lead(page, kept)
    cut_unlike(page, kept)
    cut_appeals(page, kept)
    cut_closing(
        page,
        kept,
        bylines_near(page, heading, author),
        page.lines[heading].text if heading is not None else "",
    )
    cut_tail(page, kept)
    cut_others(page, kept)
    cut_teasers(page, kept)
    drop_bare_headings(page, kept)
    ciphered = _cut_ciphered(page, kept)
    wall = wall_in(page, [i for i in sorted(kept) if kept[i] in _TEXT_KINDS])
    for index in wall.lines if wall is not None else ():
        page.lines[index].reason = "wall"
        del kept[index]
    told = [page.lines[i] for i in kept if is_sentence(page, i, kept[i])]
    for line in page.lines[start:]:
        if line.index not in kept and line.box.reason not in _NO_NOTES and is_correction(line.text):
            kept[line.index] = BlockKind.CORRECTION
    blocks, lines = blocks_of(page, kept)
    apart, frame = apart_in(
        [(i, line, block.kind) for i, (line, block) in enumerate(zip(lines, blocks, strict=True))]
    )
    return Body(
        blocks=tuple(blocks),
        apart=apart,
        frame=frame,
        removed=Removed.all_of(
            [
                (line.reason or line.box.reason or _outside(line, start, end), line.text)
                for line in page.lines
                if line.index not in kept and line.index not in taken
            ]
            + page.asides
        ),
        standfirst=page.lines[summary].text if summary is not None else None,
        start=start,
        end=end,
        box=boxes[0] if boxes else None,
        wall=wall,
        ciphered=ciphered,
        captioned=bool(told)
        and sum(len(line.text) for line in told) < _CAPTION
        and all(line.box.parent is not None and line.box.parent.controls > 0 for line in told),
        teasers=len(told) >= _TEASERS
        and sum(1 for line in told if line.lead >= 5 and line.anchors and len(line.text) <= 300)
        >= 0.6 * len(told),
    )


def _read(page: Page, heading: int | None, kept: dict[int, BlockKind]) -> str:
    """Return the headline and the first of the lines kept, for asking what they speak of."""
    title = page.lines[heading].text if heading is not None else ""
    return " ".join([title, *(page.lines[index].text for index in sorted(kept)[:_ASKED])])


def _size(page: Page, kept: dict[int, BlockKind]) -> int:
    """Return the characters of the sentences kept; where those are few, without what claims rights or names makers."""
    texts = [page.lines[index].text for index in kept if page.lines[index].prose]
    size = sum(map(len, texts))
    if size >= _FEW:
        return size
    return sum(len(text) for text in texts if not (claims_rights(text) or is_credit(text)))


def _cut_ciphered(page: Page, kept: dict[int, BlockKind]) -> bool:
    """Take away paragraphs whose letters were moved; return whether there were any."""
    texts = [i for i in sorted(kept) if kept[i] in _TEXT_KINDS]
    if not any(is_ciphered(page.lines[i].text) for i in texts[-3:]):
        return False
    found = [i for i in texts if is_ciphered(page.lines[i].text)]
    if len(found) < 2:
        return False
    for index in found:
        page.lines[index].reason = "ciphered"
        del kept[index]
    return True


def _chosen(page: Page, heading: int | None) -> tuple[list[Box], dict[int, BlockKind]]:
    """Return the boxes chosen for the article and the lines in them that belong to it."""
    boxes = article_boxes(page, heading)
    kept: dict[int, BlockKind] = {}
    for box in boxes:
        _keep(page, box, heading, kept)
    restore_items(page, kept)
    return boxes, kept


def _keep(page: Page, box: Box, heading: int | None, kept: dict[int, BlockKind]) -> None:
    """Enter the lines of one chosen box that belong to the article."""
    first = heading + 1 if heading is not None and box.start <= heading < box.end else box.start
    title = fold(page.lines[heading].text) if heading is not None else ""
    lines = [line for line in page.lines[first : box.end] if line.box.reason is None]
    tagged = sum(len(line.text) for line in lines if line.box.tag == "p")
    bare = sum(len(line.text) for line in lines if line.box.tag not in _TEXT_TAGS and line.prose)
    strict = tagged > 2 * bare
    seen: set[str] = {page.lines[index].text for index in kept}
    for line in lines:
        if is_correction(line.text):
            kept[line.index] = BlockKind.CORRECTION
            continue
        line.reason = (
            "headline_repeated"
            if title and len(line.text) <= 2 * len(title) + 20 and fold(line.text) == title
            else line_reason(line)
        )
        if line.reason in ("label", None) and is_subheading(line) and furniture_reason(line.text) is None:
            line.reason = None
            kept[line.index] = BlockKind.SUBHEADING
            continue
        if line.reason is None and strict and line.box.tag not in _TEXT_TAGS and not line.prose:
            line.reason = None if is_credited(line.text, typed=False) else "label"
        if line.reason is None and len(line.text) >= 60 and line.text in seen:
            line.reason = "repeated"
        if line.reason is None:
            seen.add(line.text)
            kept[line.index] = kind_of(line)


@remembered
def fold(text: str) -> str:
    """Return a text's letters and digits only, lower case, for asking whether two texts say the same."""
    return "".join(filter(str.isalnum, text)).lower()


def _keep_captions(page: Page, heading: int | None, boxes: list[Box], kept: dict[int, BlockKind]) -> None:
    """Enter captions that stand between the headline and the end of the text, outside the chosen boxes."""
    if heading is None or not boxes:
        return
    for line in page.lines[heading + 1 : boxes[-1].end]:
        if (
            line.index not in kept
            and line.box.reason is None
            and line.reason is None
            and len(line.text) >= 20
            and not line.links
            and in_figure(line.box)
            and line_reason(line) not in ("stamp", "relative_time")
            and not is_stamp_line(line.text)
            and not (_CLOCK.search(line.text) and line.text[-1] not in STOPS and printed_date(line.text))
        ):
            kept[line.index] = BlockKind.CAPTION


def _keep_points(page: Page, heading: int | None, boxes: list[Box], kept: dict[int, BlockKind]) -> None:
    """Enter a list without links that stands with its heading between the headline and the text: the key points."""
    if heading is None or not boxes:
        return
    scope = scope_of(boxes[0])
    for box in page.boxes:
        if not (heading < box.start and box.end <= boxes[0].start and scope.start <= box.start):
            continue
        lines = page.lines[box.start : box.end]
        if (
            box.tag in ("ul", "ol")
            and box.reason is None
            and not box.links
            and not box.controls
            and len(lines) >= 2
            and all(len(line.text) >= 20 and line_reason(line) is None for line in lines)
        ):
            title = page.lines[box.start - 1]
            if title.index > heading and title.box.tag in HEADINGS and title.box.parent is box.parent:
                kept[title.index] = BlockKind.SUBHEADING
                kept.update((line.index, BlockKind.LIST_ITEM) for line in lines)


def _outside(line: Line, start: int, end: int) -> str:
    reason = furniture_reason(line.text)
    if reason is not None:
        return reason
    return (
        "before_article"
        if line.index < start
        else "after_article"
        if line.index >= end
        else "outside_article"
    )
