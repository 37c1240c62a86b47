"""Restores what the lines of an article that is a list of items share with links to other stories."""

import re
from collections import defaultdict

from crawler.parser.boxes import Line, Page
from crawler.parser.wording import leads_on
from diffs.model import BlockKind

_TAGS = frozenset(["p", "div", "h2", "h3", "h4"])
_LINKED = frozenset(["related_link", "promotion"])
_WORD = re.compile(r"[^\W\d_]{5,}")
# A list has three items (three round-ups and lists of films among the news pages of 2014 to 2025, read 2026-11-28); links to other
# stories set between paragraphs share no word with what follows, and stand further apart.
_SEVERAL = 3
_SHARED = 0.7
_APART = 4
_TITLE = range(12, 160)
_FACT = 40


def restore_items(page: Page, kept: dict[int, BlockKind]) -> None:
    """Enter again the linked titles that head the items of a round-up, and facts under a label that recurs.

    Args:
        page: The page after the walk, furniture marked.
        kept: Lines read from the chosen boxes; what is restored is entered.
    """
    if not kept:
        return
    first, last = min(kept), max(kept)
    free = [
        line
        for line in page.lines[first : last + 2]
        if (line.index in kept or line.reason in _LINKED)
        and line.links
        and line.box.reason is None
        and line.box.tag in _TAGS
        and not leads_on(line.text)
    ]
    groups: defaultdict[tuple[int, str, str | None], list[Line]] = defaultdict(list)
    labels: defaultdict[str, list[Line]] = defaultdict(list)
    for line in free:
        if len(line.text) in _TITLE and line.lead >= 0.6 * len(line.text):
            groups[id(line.box.parent), line.box.tag, line.box.name].append(line)
        colon = line.text.find(":", 0, 30)
        if colon > 0 and 0 < len(line.text) - colon <= _FACT:
            labels[line.text[:colon]].append(line)
    for lines in groups.values():
        if len(lines) >= _SEVERAL and _heads_items(page, lines, kept):
            kept.update((line.index, BlockKind.SUBHEADING) for line in lines if line.index not in kept)
    for lines in labels.values():
        if len(lines) >= _SEVERAL:
            kept.update((line.index, BlockKind.PARAGRAPH) for line in lines if line.index not in kept)
    for line in free:
        if line.index in kept:
            line.reason = None


def _heads_items(page: Page, heads: list[Line], kept: dict[int, BlockKind]) -> bool:
    """Return whether linked lines head the sentences right under them: these speak of what the title names."""
    behind = [index for index in kept if index > heads[0].index and page.lines[index].prose]
    if len(behind) > _APART * len(heads):
        return False
    speaking = 0
    for head in heads:
        below = page.lines[head.index + 1] if head.index + 1 < len(page.lines) else None
        if below is not None and below.index in kept and below.prose:
            speaking += bool(_words(head.text) & _words(below.text))
    return speaking >= _SHARED * len(heads)


def _words(text: str) -> set[str]:
    return {word.lower()[:7] for word in _WORD.findall(text)}
