"""The visible text of a page that stands outside the article's blocks and can only be the article's own."""

import re
from collections.abc import Iterable, Sequence

from crawler.parser.boxes import STOPS, Box, Line, Page, in_figure
from crawler.parser.wording import opens_comments
from diffs.model import Block, BlockKind
from diffs.text import folded, word_texts_in

_LEAST = (
    6  # words of a paragraph; the comparison asks for sentences of eight, a line may hold the rest of one
)
_LINKED = 0.25  # share of a line in links from which it is an invitation to read something else
_PICTURED = 3  # lines to a picture from which they are more than its caption and credit
_BACK = 40  # lines looked back for the heading a line stands under
_MOST = 400  # lines kept of one page: 43 pages of unlike outlets keep 2 at most (measured 2026-11-28)
_TITLES = ("h1", "h2", "h3")
_HEADINGS = ("h1", "h2", "h3", "h4")
# Words of a class or id that name another story, a reader's words, a picture's or a site's: a sentence there says
# nothing about the article.
_ELSEWHERE = re.compile(
    r"(?:^|[\s_-])(?:comments?|commenters?|disqus|livefyre|coral|spot-?im|repl(?:y|ies)|respond|responses?|discuss(?:ion)?|feedback|"
    r"related|recommend(?:ed|ations?)?|recirc(?:ulation)?|teasers?|promos?|promotions?|trending|popular|"
    r"most-?(?:read|viewed|popular)|latest|more|next|read-?(?:more|next|also)|onward|infinite|stream|feed|ticker|rail|"
    r"sidebars?|aside|widgets?|cards?|carousel|slider|slideshow|slides?|gallery|galleries|captions?|credits?|photos?|"
    r"pictures?|media|video|player|embed(?:ded)?|tweets?|twitter|instagram|facebook|newsletters?|sign-?up|subscri\w*|"
    r"paywall|regwall|gate|modal|popup|overlay|tooltip|ads?|advert\w*|sponsor\w*|outbrain|taboola|zergnet|"
    r"footers?|nav|navigation|menu|breadcrumbs?|bio|authors?|about|hidden|screen-?reader\S*|sr-only|visually-?hidden|"
    r"noscript|print-only|wp-caption\S*)(?:$|[\s_-])"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_OTHERS = re.compile(
    r"\W*(?:more|related|read|see|also|most|latest|trending|popular|recommended|you may|you might|don't miss|what to read|"
    r"top stories|other|next|from our|around the web|sponsored|reader|discussion|responses|have your say|join the)\b",
    re.IGNORECASE,
)


def visible_text(
    page: Page, heading: int | None, blocks: Sequence[Block], standfirst: str | None
) -> tuple[Block, ...]:
    """Return what a reader sees of a page that is neither a block of the article nor plainly something else.

    A sentence that left the blocks and stands here was moved by the page's layout. So a line counts only where
    nothing speaks against it: it stands in no box that is furniture or calls itself so, in no figure, behind no
    heading of comments or of other stories, and not in a box that opens a story of its own.

    Args:
        page: The page after the walk, its furniture marked.
        heading: Index of the displayed headline's line, or None.
        blocks: The article's blocks.
        standfirst: The article's standfirst, or None.

    Returns:
        Paragraphs of six words or more, and headings of level 1 to 3 as subheadings, in reading order.
    """
    known = {block.text for block in blocks} | {standfirst or ""}
    body = [line.index for line in page.lines if line.text in known and line.index != heading]
    if not body:
        return ()
    scene = _Scene(page, heading, body)
    found: list[Block] = []
    for line in page.lines[scene.first + 1 : scene.closed]:
        if line.index == heading or line.text in known or not scene.is_own(line):
            continue
        titled = line.box.tag in _TITLES
        if titled or len(word_texts_in(line.text)) >= _LEAST:
            found.append(Block(kind=BlockKind.SUBHEADING if titled else BlockKind.PARAGRAPH, text=line.text))
            if len(found) == _MOST:
                break
    return tuple(found)


class _Scene:
    """Where the article stands on its page, and which boxes around it are something else."""

    def __init__(self, page: Page, heading: int | None, body: Sequence[int]) -> None:
        self.page = page
        self.first = body[0] if heading is None else min(heading, body[0])
        self.last = body[-1]
        self.own = frozenset(body) | ({heading} if heading is not None else set())
        self.holding = self._holding()
        self.closed = self._closed()
        self.verdicts: dict[int, bool] = {}
        self.sections: dict[int, frozenset[tuple[str, str | None]]] = {}
        self.title = folded(page.lines[heading].text) if heading is not None else ""

    def _holding(self) -> dict[int, Box]:
        """Return the boxes that hold a line of the article, by their id."""
        found: dict[int, Box] = {}
        for index in self.own:
            box: Box | None = self.page.lines[index].box
            while box is not None and id(box) not in found:
                found[id(box)] = box
                box = box.parent
        return found

    def _closed(self) -> int:
        """Return the index of the first heading after the body, behind which other matter begins."""
        after = (
            line
            for line in self.page.lines[self.last + 1 :]
            if line.box.tag in _HEADINGS or opens_comments(line.text)
        )
        return next((line.index for line in after), len(self.page.lines))

    def is_own(self, line: Line) -> bool:
        """Return whether a line outside the blocks can only be the article's own."""
        if not self.first < line.index < self.closed or line.reason in _SAID:
            return False
        if line.links >= _LINKED * len(line.text) or in_figure(line.box) or folded(line.text) == self.title:
            return False
        box: Box | None = line.box
        while box is not None and id(box) not in self.holding:
            if self._is_other(box):
                return False
            box = box.parent
        return not self._under_other_heading(line)

    def _is_other(self, box: Box) -> bool:
        known = self.verdicts.get(id(box))
        if known is None:
            known = self._judged(box)
            self.verdicts[id(box)] = known
        return known

    def _judged(self, box: Box) -> bool:
        """Return whether a box without a line of the article is something else than a part of it."""
        if box.role is not None or box.reason is not None or box.tag in ("article", "blockquote", "td", "th"):
            return True
        if _ELSEWHERE.search(_name(box)) or box.node.get("itemtype") or box.controls:
            return True
        lines = self.page.lines[box.start : box.end]
        if len(lines) < _PICTURED * box.images:
            return True
        if any(line.links >= 0.9 * len(line.text) or line.stamp or line.invites for line in lines):
            return True
        if box.start > self.last and len(lines) > 1 and lines[0].text[-1] not in STOPS:
            return True
        heads = [line for line in lines if line.box.tag in ("h1", "h2") and line.box is not box]
        return bool(heads) and not self._in_sections(box)

    def _in_sections(self, box: Box) -> bool:
        """Return whether the article stands in sections with headings of their own, set as this box is."""
        parent = box.parent
        if parent is None:
            return False
        if id(parent) not in self.sections:
            self.sections[id(parent)] = frozenset(
                (other.tag, other.name)
                for other in parent.children
                if id(other) in self.holding
                and any(line.box.tag in ("h1", "h2") for line in self.page.lines[other.start : other.end])
            )
        return (box.tag, box.name) in self.sections[id(parent)]

    def _under_other_heading(self, line: Line) -> bool:
        """Return whether the nearest heading above a line, since the last line of the article, names other matter."""
        for index in range(line.index - 1, max(self.first, line.index - _BACK), -1):
            if index in self.own:
                return False
            above = self.page.lines[index]
            if above.box.tag in _HEADINGS or len(above.text) <= 60:
                if (
                    opens_comments(above.text)
                    or _OTHERS.match(above.text)
                    or above.links >= 0.9 * len(above.text)
                ):
                    return True
                if above.box.tag in _HEADINGS:
                    return False
        return False


# What the reading of the line itself found it to be.
_SAID = frozenset(
    [
        "related_link",
        "promotion",
        "appeal",
        "player",
        "video_caption",
        "photo_credit",
        "copyright",
        "credit_line",
        "byline",
        "stamp",
    ]
)


def _name(box: Box) -> str:
    words: Iterable[str] = (box.name or "", box.node.get("id") or "")
    return _CAMEL.sub("-", " ".join(words)[:400]).lower()
