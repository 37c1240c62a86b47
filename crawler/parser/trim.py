"""Cuts what stands before and after an article's sentences in the boxes that were chosen for it."""

import re
from collections import Counter
from itertools import islice

from crawler.parser.boxes import STOPS, Box, Line, Page
from crawler.parser.credits import (
    ends_text,
    is_byline,
    is_contact,
    is_credit,
    is_disclaimer,
    names_aged,
    states_origin,
)
from crawler.parser.gather import lists_victims
from crawler.parser.series import signed_from
from crawler.parser.wording import is_guarded, names_others, states_toll
from crawler.parser.words import number_of_words
from diffs.model import BlockKind

# An agency's footer had at most twelve lines, behind a text of at least three sentences (news pages of 2008 to 2014, read 2026-11-28).
_CALLED_LAST = re.compile(
    r"(?:^|[\s_-])(?:last|final|end|ending|closing|conclusion|fin|ende|schluss)(?:$|[\s_-])", re.IGNORECASE
)
_SAID = re.compile(r"[“„«\"].{3,300}[”“»\"]")
_SIGNED = re.compile(
    r"^(?:with|mit|avec|con|med|additional|more|version|sources?|quellen?|fuente|by|via|this is a breaking)\b|https?:|/|:$",
    re.IGNORECASE,
)
# An agency's footer and a text to stand before it, on made-up pages in the form of 2008 and 2014 (2026-11-28).
_FOOTER = 14
_BODY = 3
_WORDS = 3
_TYPED = 2
_FULL = ".!?…。！？؟۔।॥”»"
# Stories listed in cells behind a text, each opened by its title of 25 to 90 characters (a page of 2008, read 2026-11-28; made-up ones).
_TEASERS = 3
_TEASED = 20
# Bylines printed as paragraphs stood among the first five lines (news pages of 1997 to 2026, read 2026-11-28).
_OPENING = 5
# A list of people with addresses has three or more (a page of 2014, read 2026-11-29).
_LISTED = 2


def is_sentence(page: Page, index: int, kind: BlockKind) -> bool:
    """Return whether a line that was kept is a sentence of the text and no caption, heading or note."""
    if kind in (BlockKind.CAPTION, BlockKind.SUBHEADING, BlockKind.CORRECTION):
        return False
    line = page.lines[index]
    return line.prose


def cut_bylines(page: Page, kept: dict[int, BlockKind]) -> None:
    """Take away lines that only name who wrote the text, and opinions disclaimed, among its first lines."""
    for index in sorted(kept)[:_OPENING]:
        text = page.lines[index].text
        if kept[index] is not BlockKind.CORRECTION and (is_byline(text) or is_disclaimer(text)):
            page.lines[index].reason = "byline"
            del kept[index]


def cut_lead(page: Page, kept: dict[int, BlockKind]) -> None:
    """Take away what is neither list, quote nor table before the first sentence."""
    order = sorted(kept)
    first = next((i for i in order if is_sentence(page, i, kept[i])), None)
    for index in order:
        if first is None or index >= first:
            return
        if kept[index] is BlockKind.PARAGRAPH and not _is_set_as(page.lines[index], page.lines[first]):
            page.lines[index].reason = "before_text"
            del kept[index]


def _is_set_as(line: Line, sentence: Line) -> bool:
    """Return whether a short line ends as a sentence does and is set as the first sentence is, next to it."""
    box, other = line.box, sentence.box
    return (
        line.text[-1] in ".!?:…。！？”»，、"
        and box.parent is other.parent
        and (box.tag, box.name) == (other.tag, other.name)
        and box is not other
        and (number_of_words(line.text) >= _WORDS or line.text[-1] in "，、")
        and not line.stamp
    )


def cut_unlike(page: Page, kept: dict[int, BlockKind]) -> None:
    """Take away what follows the last ordinary paragraph in another box and another make, such as an author's life."""
    paragraphs = [i for i in sorted(kept) if page.lines[i].box.tag == "p" and is_sentence(page, i, kept[i])]
    makes = Counter(_make(page.lines[index]) for index in paragraphs)
    if not makes:
        return
    make, times = makes.most_common(1)[0]
    if times < 4 or times < 0.7 * len(paragraphs):
        return
    last = max(index for index in paragraphs if _make(page.lines[index]) == make)
    known: dict[int, bool] = {}
    lists = {_make(page.lines[i]) for i in kept if i < last and kept[i] is BlockKind.LIST_ITEM}
    tables = _tables(page, kept)
    ends = page.lines[last].box.parent
    split = (
        ends is not None
        and bool(ends.name)
        and any(
            (home := page.lines[i].box.parent) is not None and home is not ends and _set_alike(home, ends)
            for i in paragraphs
            if i < last
        )
    )
    for index in [i for i in kept if i > last]:
        line = page.lines[index]
        holder = _holder(line)
        alike = split and holder is not None and ends is not None and _set_alike(holder, ends)
        apart = holder is not ends and not alike
        if kept[index] is BlockKind.LIST_ITEM and _make(line) in lists:
            continue
        if _table(line) in tables or states_origin(line.text) or _names_victims(page, line, known):
            continue
        if _is_called_last(line):
            continue
        if (
            apart
            and not _states(page, holder)
            and kept[index]
            in (
                BlockKind.PARAGRAPH,
                BlockKind.LIST_ITEM,
                BlockKind.SUBHEADING,
                BlockKind.QUOTE,
            )
        ):
            line.reason = "after_text"
            del kept[index]


def _is_called_last(line: Line) -> bool:
    """Return whether a sentence without a link stands alone in a box that is called the last, as themes wrap a text's last paragraph."""
    box = line.box if line.box.name else line.box.parent
    return (
        box is not None
        and box.end - box.start == 1
        and line.prose
        and line.text[-1] in STOPS - {")"}
        and not line.anchors
        and bool(box.name)
        and _CALLED_LAST.search(box.name or "") is not None
    )


def _states(page: Page, holder: Box | None) -> bool:
    """Return whether a line stands in a box that states something checkable and leads nowhere, as the text's last part does."""
    if holder is None or holder.controls or holder.links:
        return False
    lines = page.lines[holder.start : holder.end]
    return any(
        other.prose and (states_toll(other.text) or _SAID.search(other.text) is not None) for other in lines
    )


def _holder(line: Line) -> Box | None:
    """Return the box in which a line, or the list it is an item of, stands directly."""
    parent = line.box.parent
    return parent.parent if line.box.tag == "li" and parent is not None else parent


def _names_victims(page: Page, line: Line, known: dict[int, bool]) -> bool:
    """Return whether a line stands in a list of victims; what was asked of a list is kept in `known`."""
    parent = line.box.parent
    if line.box.tag not in ("dt", "dd") or parent is None:
        return False
    if id(parent) not in known:
        known[id(parent)] = lists_victims(page, parent)
    return known[id(parent)]


def _tables(page: Page, kept: dict[int, BlockKind]) -> set[Box | None]:
    """Return the tables of which rows of several cells were kept."""
    return {_table(page.lines[i]) for i in kept if kept[i] is BlockKind.TABLE_ROW} - {None}


def _table(line: Line) -> Box | None:
    """Return the table in whose cell a line stands, or None."""
    if line.box.tag not in ("td", "th"):
        return None
    step: Box | None = line.box
    while step is not None and step.tag != "table":
        step = step.parent
    return step


def _make(line: Line) -> tuple[str, str | None, int]:
    """Return how a paragraph is set: its tag and class; its box where it has no class and few like it next to it."""
    name, parent = line.box.name, line.box.parent
    if name or parent is None:
        return line.box.tag, name, 0 if name else id(parent)
    alike = (box for box in parent.children if box.tag == line.box.tag and box.raw)
    crowded = sum(1 for _ in islice(alike, 2)) == 2
    return line.box.tag, name, 0 if crowded else id(parent)


def _set_alike(box: Box, other: Box) -> bool:
    """Return whether two lines stand in one box, or in two of one make side by side, each perhaps in a wrapper of its own."""
    for _ in range(2):
        if box is other or (box.parent is other.parent and (box.tag, box.name) == (other.tag, other.name)):
            return True
        if (box.tag, box.name) != (other.tag, other.name) or box.parent is None or other.parent is None:
            return False
        box, other = box.parent, other.parent
    return (
        box.parent is other.parent
        and (box.tag, box.name) == (other.tag, other.name)
        and box.end - box.start == 1
    )


def _goes_on(line: Line, sentence: Line) -> bool:
    """Return whether a short line without a link is set as the last sentence is, next to it, as lists typed in paragraphs are."""
    box, other = line.box, sentence.box
    if (
        line.text[-1] in _FULL
        and not line.links
        and number_of_words(line.text) >= (_WORDS if box is not other else _TYPED)
        and _set_alike(box, other)
    ):
        return not is_credit(line.text) and _SIGNED.search(line.text) is None
    return (
        box.tag == "p"
        and 2 * line.links <= len(line.text)
        and box.parent is other.parent
        and (box.tag, box.name) == (other.tag, other.name)
        and not is_credit(line.text)
        and _SIGNED.search(line.text) is None
        and (names_aged(line.text) or not line.text.replace(",", "").istitle())
    )


def _label(text: str) -> str:
    """Return the label before a line's colon ("Address"), or nothing."""
    colon = text.find(":", 0, 30)
    return text[:colon] if colon > 0 and text[0].isupper() else ""


def _reaches_writers(page: Page, kept: dict[int, BlockKind], index: int) -> bool:
    """Return whether a line tells how to reach its writers, as no two lines before it do: a list of people gives each one's address."""
    line = page.lines[index]
    if not is_contact(line.text, linked=line.anchors > 0):
        return False
    before = (page.lines[i] for i in kept if i < index)
    return sum(1 for other in before if is_contact(other.text, linked=other.anchors > 0)) < _LISTED


def cut_tail(page: Page, kept: dict[int, BlockKind]) -> None:
    """Take away headings and labels after the last sentence, unless headings that are sentences go on as a list."""
    known: dict[int, bool] = {}
    order = sorted(kept, reverse=True)
    for index in order[:4]:
        text = page.lines[index].text
        if kept[index] is BlockKind.PARAGRAPH and (
            ends_text(text) or is_credit(text) or _reaches_writers(page, kept, index) or is_disclaimer(text)
        ):
            page.lines[index].reason = "credit_line"
            del kept[index]
        elif is_sentence(page, index, kept[index]):
            break
    order = sorted(kept, reverse=True)
    tables = _tables(page, kept)
    last = next(
        (
            i
            for i in order
            if is_sentence(page, i, kept[i])
            or kept[i] in (BlockKind.TABLE_ROW, BlockKind.LIST_ITEM)
            or states_origin(page.lines[i].text)
            or _table(page.lines[i]) in tables
            or _names_victims(page, page.lines[i], known)
        ),
        -1,
    )
    behind = [i for i in order if i > last and page.lines[i].prose]
    if len(behind) >= 3 and last >= 0:
        last = behind[0]
    if last >= 0:
        labels = {_label(page.lines[i].text) for i in order if i < last} - {""}
        on = [
            i
            for i in order
            if i > last
            and (_goes_on(page.lines[i], page.lines[last]) or _label(page.lines[i].text) in labels)
        ]
        last = max([last, *on])
    for index in order:
        if index <= last:
            return
        if kept[index] in (BlockKind.PARAGRAPH, BlockKind.SUBHEADING):
            page.lines[index].reason = "after_text"
            del kept[index]


def cut_footer(page: Page, kept: dict[int, BlockKind]) -> None:
    """Take away what follows an agency's line of who reported and edited, where it stands in another box."""
    order = sorted(kept)
    sentences = [i for i in order if is_sentence(page, i, kept[i])]
    for place in range(len(order) - 1, max(-1, len(order) - _FOOTER), -1):
        line = page.lines[order[place]]
        if kept[order[place]] is not BlockKind.PARAGRAPH or not is_credit(line.text):
            continue
        if sum(1 for i in sentences if i < line.index) < _BODY:
            return
        for index in order[place + 1 :]:
            if (
                page.lines[index].box.parent is not line.box.parent
                and kept[index] is not BlockKind.CORRECTION
            ):
                page.lines[index].reason = "after_text"
                del kept[index]
        return


def cut_comments(page: Page, kept: dict[int, BlockKind]) -> None:
    """Take away readers' comments that stand in the boxes chosen, from the first one's opening on."""
    first = signed_from(page, sorted(kept))
    for index in [
        i for i in kept if first is not None and i >= first and kept[i] is not BlockKind.CORRECTION
    ]:
        page.lines[index].reason = "comments"
        del kept[index]


def cut_others(page: Page, kept: dict[int, BlockKind]) -> None:
    """Take away headings that name other stories, and the sentence that ends in a colon under one."""
    order = sorted(kept)
    for place, index in enumerate(order):
        if kept.get(index) is not BlockKind.SUBHEADING or not names_others(page.lines[index].text):
            continue
        page.lines[index].reason = "label"
        del kept[index]
        below = order[place + 1] if place + 1 < len(order) else None
        if below is not None and page.lines[below].text[-1] == ":" and not is_guarded(page.lines[below].text):
            page.lines[below].reason = "promotion"
            kept.pop(below, None)


def cut_teasers(page: Page, kept: dict[int, BlockKind]) -> None:
    """Take away a run of paragraphs at the end that each open with a link's title, set as no paragraph before them is.

    Other stories print so: three at least, behind a text of at least as many sentences.
    """
    order = [i for i in sorted(kept) if kept[i] is BlockKind.PARAGRAPH]
    if not order:
        return
    make = _look(page.lines[order[-1]])
    run: list[int] = []
    for index in reversed(order):
        line = page.lines[index]
        if _look(line) != make or not line.anchors or not _TEASED <= line.lead < len(line.text):
            break
        run.append(index)
    rest = [i for i in order if i < run[-1]] if run else []
    if len(run) < _TEASERS or sum(1 for i in rest if page.lines[i].prose) < _TEASERS:
        return
    if make[0] in ("p", "li") or any(_look(page.lines[i]) == make for i in rest):
        return
    # Victims and a day's updates are listed in such boxes too; the cells of a table of 2008 listed other stories with their figures.
    texts = [page.lines[i].text for i in run]
    leads = [page.lines[i].lead for i in run]
    if any(map(states_toll, texts)) or (
        make[0] != "td" and any(is_guarded(text[lead:]) for text, lead in zip(texts, leads, strict=True))
    ):
        return
    for index in run:
        page.lines[index].reason = "other_story"
        del kept[index]


def _look(line: Line) -> tuple[str, str | None]:
    return line.box.tag, line.box.name


def drop_bare_headings(page: Page, kept: dict[int, BlockKind]) -> None:
    """Take away a heading whose own wrapper holds nothing else that was kept."""
    for index in [i for i, kind in kept.items() if kind is BlockKind.SUBHEADING]:
        wrapper = page.lines[index].box.parent
        if wrapper is not None and wrapper.tag == "header":
            wrapper = wrapper.parent
        if wrapper is None or wrapper.end - wrapper.start > 40:
            continue
        others = [i for i in range(wrapper.start, wrapper.end) if i != index]
        if others and not any(i in kept and kept[i] is not BlockKind.SUBHEADING for i in others):
            page.lines[index].reason = "bare_heading"
            del kept[index]
