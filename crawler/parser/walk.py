"""One walk over a page's tree, into lines of text and the boxes that hold them."""

import re

from lxml import etree

from crawler.parser.boxes import STOPS, Box, Line, Page, is_prose
from crawler.parser.elements import BY_ROLE, BY_TAG, CONTROLS, INLINE, SKIP
from crawler.parser.hidden import (
    DELETED,
    HIDING,
    RUBY,
    is_caption_label,
    is_hidden,
    is_hover_card,
    is_link_behind,
    is_live_quote,
    is_note_link,
    is_note_mark,
    is_spoken_only,
    is_spoken_stop,
    is_ticker,
    is_under_picture,
    opens_link_row,
    without_shortcodes,
    without_tickers,
)
from crawler.parser.wayback import TOOLBAR_IDS

MAX_DEPTH = 250
_HEADED = frozenset(["h2", "h3", "h4", "h5", "h6"])
_LOOKED_AT = frozenset(["del", "s", "strike", "rt", "rp", "sup"])
_SLANTED = frozenset(["em", "i"])
_STRONG = frozenset(["b", "strong", "em", "i"])
_LARGE = frozenset(["4", "5", "6", "7", "+1", "+2", "+3", "+4"])
# A bold row typed as a title; half or twice its length reads the 343 and 245 news pages alike (varied 2026-11-28).
_TYPED_TITLE = 15
_SET = frozenset(["span", "font"])
# The attributes besides its class by which an element says what it is.
_TELLING = HIDING | {"role", "id"}
_LOOK = ("class", "size", "color")
_MAX_TYPED = 20_000
_LONG = 200_000
_SPACES = re.compile(r"\s+")
# How the walk takes an element; one that is not named here is a block.
_NONE, _INLINE, _BREAK, _RULE, _SKIPPED, _CONTROL = range(6)
_KINDS = (
    dict.fromkeys(INLINE, _INLINE)
    | {"br": _BREAK, "hr": _RULE}
    | {tag: _CONTROL if tag in CONTROLS else _SKIPPED for tag in SKIP}
    | dict.fromkeys([etree.Comment, etree.PI, etree.Entity], _NONE)
)
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_ENDS = STOPS - {")"}


def _is_rule(text: str) -> bool:
    """Return whether a line is one sign repeated, typed as a rule between paragraphs ("=====")."""
    return len(text) >= 5 and text[0] == text[4] and not text[0].isalnum() and len(set(text)) == 1


def _parts_lines(node: etree._Element, buffer: list[str]) -> bool:
    """Return whether a break parts two lines that are set unlike: one whole `span` or `font`, then one of another class, size or colour."""
    above, below = node.getprevious(), node.getnext()
    if (
        above is None
        or below is None
        or above.tag not in _SET
        or below.tag not in _SET
        or (node.tail or "").strip()
    ):
        return False
    make = [above.get(key) for key in _LOOK]
    return (
        any(make)
        and (below.tag != above.tag or [below.get(key) for key in _LOOK] != make)
        and not len(above)
        and (len(above.text or "") >= _TYPED_TITLE or (below.tag == "font" and below.get("size") in _LARGE))
        and "".join(buffer).strip() == (above.text or "").strip()
    )


def _is_title(button: etree._Element, box: Box) -> bool:
    """Return whether a button is all that a heading holds, as the titles of parts that unfold are."""
    node = box.node
    return (
        box.tag in _HEADED
        and len(node) == 1
        and not ((node.text or "").strip() or (button.tail or "").strip())
    )


class _Walk:
    __slots__ = (
        "anchors",
        "asides",
        "bold",
        "boxes",
        "buffer",
        "cut",
        "depth",
        "invites",
        "lead",
        "lines",
        "links",
        "plain",
        "row",
        "stamp",
    )

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.boxes: list[Box] = []
        self.buffer: list[str] = []
        self.asides: list[tuple[str, str]] = []
        self.links = self.bold = self.lead = self.anchors = 0
        self.plain = self.stamp = self.invites = self.row = False
        self.depth = 0
        self.cut = False

    def add(self, text: str, link: bool, strong: bool) -> None:  # noqa: FBT001 - the hot path
        self.buffer.append(text)
        if link or strong:
            size = len(text.strip())
            if link:
                self.links += size
                self.invites = True
            elif size:
                self.invites = False
            if strong:
                self.bold += size
            if not self.plain:
                self.lead += size
        elif not text.isspace():
            self.plain = True
            self.invites = False

    def flush(self, box: Box) -> None:
        buffer = self.buffer
        text = "".join(buffer) if len(buffer) > 1 else buffer[0] if buffer else ""
        text = " ".join(text.split()) if len(text) < _LONG else _SPACES.sub(" ", text).strip()
        buffer.clear()
        if "(" in text:
            text, tickers = without_tickers(text)
            self.asides.extend(("ticker", ticker) for ticker in tickers)
        if "[" in text:
            text, codes = without_shortcodes(text)
            self.asides.extend(("shortcode", code) for code in codes)
        size = len(text)
        if (
            size
            and (size > 3 or any(map(str.isalnum, text)))
            and not (text[0] == text[-1] and _is_rule(text))
        ):
            links, bold, lead, lines = self.links, self.bold, self.lead, self.lines
            if links > size or bold > size or lead > size:
                links, bold, lead = min(size, links), min(size, bold), min(size, lead)
            prose = is_prose(text, links)
            lines.append(
                Line(text, box, len(lines), links, bold, lead, self.anchors, self.stamp, self.invites, prose)
            )
            box.chars += size
            box.links += links
            if prose:
                box.prose += size
                box.raw += size
        self.links = self.bold = self.lead = self.anchors = 0
        self.plain = self.stamp = self.invites = self.row = False

    def has_stopped(self) -> bool:
        """Return whether the line in hand ends as a sentence does."""
        text = next((text for part in reversed(self.buffer) if (text := part.rstrip())), " ")
        return text[-1] in _ENDS

    def border(self, box: Box) -> None:
        """End the line in hand at the border of a block; links and stamps without words are forgotten."""
        if self.buffer:
            self.flush(box)
        elif self.anchors or self.stamp:
            self.anchors, self.stamp = 0, False

    def typed(self, text: str, box: Box) -> None:
        """Enter text typed with blank lines between its paragraphs."""
        first, *rest = _BLANK_LINE.split(text, _MAX_TYPED)
        self.add(first, False, False)
        for part in rest:
            self.flush(box)
            self.add(part, False, False)

    def element(self, node: etree._Element, text: str | None, box: Box, link: bool, strong: bool) -> None:  # noqa: FBT001 - the hot path
        buffer = self.buffer
        typed = box.tag == "pre" and node is box.node
        if text:
            if typed:
                self.typed(text, box)
            elif buffer or not text.isspace():
                self.add(text, link, strong)
        if not len(node):
            return
        # Stepping from sibling to sibling costs half of what lxml's iterator takes to be set up, and most elements have one child.
        child: etree._Element | None = node[0]
        if self.depth > MAX_DEPTH:
            self.cut = True
            return
        self.depth += 1
        broke = False
        while child is not None:
            tag = child.tag
            kind = _KINDS.get(tag)
            if kind is None:
                text = child.text
                if not len(child) and (text is None or text.isspace()):
                    box.controls += tag in CONTROLS
                    if buffer or self.anchors or self.stamp:
                        self.border(box)
                elif (box.tag == "p" and "-" in tag) or (tag == "button" and _is_title(child, box)):
                    self.inline(child, tag, box, link, strong)
                else:
                    broke = False
                    self.block(child, tag, text, box, link, strong)
            elif kind is _INLINE:
                broke = False
                self.inline(child, tag, box, link, strong)
            elif kind is _BREAK:
                if (self.bold >= _TYPED_TITLE and not (strong or self.plain or self.links)) or (
                    buffer and not broke and _parts_lines(child, buffer)
                ):
                    self.flush(box)
                row = opens_link_row(child) and (self.row or self.has_stopped())
                buffer.append(" ")
                if broke or self.row or row:
                    self.flush(box)
                    self.row = row
                broke = True
            elif kind is _RULE:
                self.flush(box)
            elif kind is _CONTROL:
                box.controls += 1
            tail = child.tail
            if tail:
                if typed:
                    self.typed(tail, box)
                elif not tail.isspace():
                    self.add(tail, link, strong)
                    broke = False
                elif buffer:
                    buffer.append(tail)
                    if link:
                        self.invites = True
            child = child.getnext()
        self.depth -= 1

    def inline(self, child: etree._Element, tag: str, box: Box, link: bool, strong: bool) -> None:  # noqa: FBT001
        names = child.keys()
        if names:
            name = child.get("class") if "class" in names else None
            if (
                (name is not None and is_spoken_only(name))
                or (not HIDING.isdisjoint(names) and is_hidden(child, names))
            ) and not is_spoken_stop(child):
                return
        if box.tag == "blockquote" and self.buffer and is_link_behind(child) and self.has_stopped():
            self.block(child, "div", child.text, box, tag == "a", strong)
            return
        leaf = not len(child)
        if tag == "a":
            before = self.buffer[-1] if self.buffer else ""
            reason = (
                "live_quote"
                if not leaf and is_live_quote(child[-1])
                else "note_mark"
                if before and is_note_link(child, before)
                else None
            )
            if reason is not None:
                self.aside(reason, child)
                return
            self.anchors += 1
            link = link or "href" in names
        elif tag == "img":
            box.images += 1
            return
        elif tag in _SLANTED and not self.buffer and is_under_picture(child):
            self.block(child, "figcaption", child.text, box, link, False)
            return
        elif tag in _STRONG or (tag == "font" and child.get("size") in _LARGE):
            strong = True
        elif tag == "time":
            self.stamp = True
        elif tag in _LOOKED_AT and self.is_aside(child, tag):
            return
        elif tag == "span" and box.tag == "figcaption" and is_caption_label(child):
            self.block(child, "div", child.text, box, False, False)
            return
        elif not leaf and is_ticker(child):
            self.aside("ticker", child)
            if self.buffer:
                self.buffer[-1] = self.buffer[-1].rstrip()
            return
        elif not leaf and is_hover_card(child):
            return
        elif "role" in names and child.get("role") == "button":
            self.block(child, tag, child.text, box, link, strong)
            return
        text = child.text
        if not leaf:
            self.element(child, text, box, link, strong)
        elif text and (self.buffer or not text.isspace()):
            self.add(text, link, strong)

    def aside(self, reason: str, child: etree._Element) -> None:
        """Enter what an element says as no part of the line around it."""
        text = " ".join("".join(map(str, child.itertext())).split())
        if text:
            self.asides.append((reason, text))

    def is_aside(self, child: etree._Element, tag: str) -> bool:
        """Return whether an inline element is no part of the line around it."""
        reason = None
        if tag in DELETED:
            reason = "deleted"
        elif tag in RUBY:
            reason = "ruby"
        elif tag == "sup" and is_note_mark(child, self.buffer[-1] if self.buffer else ""):
            reason = "note_mark"
        if reason is None:
            return False
        self.aside(reason, child)
        return True

    def block(  # noqa: PLR0917 - the hot path
        self,
        child: etree._Element,
        tag: str,
        text: str | None,
        box: Box,
        link: bool,  # noqa: FBT001
        strong: bool,  # noqa: FBT001
    ) -> None:
        if self.buffer:
            self.flush(box)
        elif self.anchors or self.stamp:
            self.anchors, self.stamp = 0, False
        names = child.keys()
        name = child.get("class") if "class" in names else None
        new = Box(tag, child, box, name, BY_TAG.get(tag), len(self.lines))
        if tag == "footer" and box.tag == "blockquote":
            new.role = None
        if _TELLING.isdisjoint(names):
            if name is not None and is_spoken_only(name):
                new.role = "hidden"
        else:
            new.styled = "style" in names
            if (name is not None and is_spoken_only(name)) or is_hidden(child, names):
                new.role = "hidden"
            elif "role" in names:
                new.role = BY_ROLE.get(child.get("role") or "", new.role)
            if "id" in names and child.get("id") in TOOLBAR_IDS:
                new.role = "archive"
        position = len(self.boxes)
        self.boxes.append(new)
        self.element(child, text, new, link, strong)
        if self.buffer:
            self.flush(new)
        elif self.anchors or self.stamp:
            self.anchors, self.stamp = 0, False
        new.end = len(self.lines)
        if new.images:
            box.images += new.images
        if new.controls or tag in CONTROLS:
            box.controls += new.controls + (tag in CONTROLS)
        if new.end == new.start:
            del self.boxes[position:]
            return
        if new.role == "figure" and (new.flow >= 2 or any(inner.tag == "table" for inner in new.children)):
            new.role = None
        # Plain comparisons: the calls of `max` took a hundredth of the parser's time (2026-11-29).
        if new.paragraphs > new.flow:  # noqa: PLR1730
            new.flow = new.paragraphs
        if new.flow > box.flow:  # noqa: PLR1730
            box.flow = new.flow
        if tag == "p" and new.raw and new.links * 2 < new.chars:
            box.paragraphs += 1
        box.children.append(new)
        box.chars += new.chars
        box.links += new.links
        box.raw += new.raw
        if new.role is None:
            box.prose += new.prose


def page_of(root: etree._Element) -> Page:
    """Walk a page once.

    Args:
        root: The `html` element.

    Returns:
        Its lines and boxes; `cut` is set where it is nested deeper than 250 levels.
    """
    walk = _Walk()
    body = root.find("body")
    if body is None:
        body = root
    top = Box("body", body, None, body.get("class"))
    walk.boxes.append(top)
    walk.element(body, body.text, top, link=False, strong=False)
    walk.flush(top)
    top.end = len(walk.lines)
    sentences = [line for line in walk.lines if line.prose]
    return Page(top, walk.lines, walk.boxes, sentences, walk.cut, walk.asides)
