"""The lines of text and the boxes that a walk over a page's tree finds."""

from dataclasses import dataclass, field

from lxml import etree

from crawler.parser.words import is_dense, number_of_words

STOPS = frozenset(".!?…。！？．｡」』”\"»›’')؟۔।॥።។")
# Stops before a name in wide brackets: "... in the harbour。（A. Li）" is a sentence, "（A. Li）" alone is none.
_ENDS = frozenset("。！？」』”…")
_BRACKETS = ")）"
# No label ends in a comma: a line of wide signs that does is typed as part of a sentence.
_GOES_ON = "，、,"


@dataclass(slots=True, eq=False)
class Line:
    """A run of text with no block border inside.

    Attributes:
        text: Its words, white space folded.
        box: The box it stands in directly.
        index: Its place in reading order.
        links: Characters of it inside links.
        bold: Characters of it inside bold or italic type.
        lead: Characters of its opening that are link or bold before the first plain character.
        anchors: How many links it has.
        stamp: True where a `time` element stands in it.
        invites: True where it ends inside a link.
        prose: True where it reads like a sentence (`is_prose`).
        reason: Why the line is furniture, once that is known.
    """

    text: str
    box: "Box"
    index: int
    links: int = 0
    bold: int = 0
    lead: int = 0
    anchors: int = 0
    stamp: bool = False
    invites: bool = False
    prose: bool = False
    reason: str | None = None

    @property
    def plain(self) -> int:
        """Characters outside links."""
        return len(self.text) - self.links


@dataclass(slots=True, eq=False, init=False)
class Box:
    """A block element that holds text.

    Attributes:
        tag: Its tag name.
        node: Its element.
        parent: The box around it, or None for the root.
        name: Its class attribute, or None.
        role: What the element says it is (navigation, form, aside ...), or None.
        styled: True where the element has a style of its own.
        start: Index of its first line.
        end: Index after its last line.
        chars: Characters in it.
        links: Characters in it inside links.
        prose: Characters in lines that read like prose, outside boxes with a role.
        raw: As `prose`, boxes with a role included.
        images: Pictures in it.
        controls: Buttons, inputs and frames in it.
        paragraphs: How many paragraphs with a sentence it holds directly, those that are mostly links left out.
        flow: The most of them that it or one box in it holds.
        children: The boxes directly inside, those with text only.
        reason: Why the box is furniture, once that is known.
    """

    tag: str
    node: etree._Element
    parent: "Box | None"
    name: str | None
    role: str | None
    styled: bool
    start: int
    end: int
    chars: int
    links: int
    prose: int
    raw: int
    images: int
    controls: int
    paragraphs: int
    flow: int
    children: "list[Box]"
    reason: str | None

    def __init__(  # noqa: PLR0917 - the hot path
        self,
        tag: str,
        node: etree._Element,
        parent: "Box | None",
        name: str | None = None,
        role: str | None = None,
        start: int = 0,
    ) -> None:
        """Open a box; what it holds is counted by the walk. A page has hundreds: this takes two thirds of a made constructor's time."""
        self.tag = tag
        self.node = node
        self.parent = parent
        self.name = name
        self.role = role
        self.start = start
        self.end = self.chars = self.links = self.prose = self.raw = 0
        self.images = self.controls = self.paragraphs = self.flow = 0
        self.styled = False
        self.children = []
        self.reason = None


@dataclass(slots=True, eq=False)
class Page:
    """A page after the walk.

    Attributes:
        root: The box of the body.
        lines: Every line in reading order.
        boxes: Every box with text in it, outer before inner.
        sentences: The lines that read like one (`Line.prose`), in reading order.
        cut: True where elements lie deeper than we read.
        asides: What stands inside lines and is no part of them, with the reason: struck words, marks of notes, codes.
    """

    root: Box
    lines: list[Line]
    boxes: list[Box]
    sentences: list[Line]
    cut: bool = False
    asides: list[tuple[str, str]] = field(default_factory=list)

    def release(self) -> None:
        """Part the boxes from those inside them, so that the page is freed at once and not by the collector."""
        for box in self.boxes:
            box.children.clear()


# A sentence has 25 characters outside links, a line that ends in no stop 80. On 343 news pages of 1997 to 2026, 121 of them with their
# whole text, and 245 marked ones (varied 2026-11-28): 60 for 80 costs 0.0014 of F1, 120 costs 0.0004 and three paragraphs; 15 or 40 for 25
# changes an ending or two.
def is_prose(text: str, links: int) -> bool:
    """Return whether a line reads like a sentence rather than a label or a link."""
    plain = len(text) - links
    if plain < 25:
        if plain < 10 or links or text[-1] not in STOPS or not (text[0] > "\u2e80" or is_dense(text)):
            return False
        return text[-1] != ")" or _is_signed(text)
    if links > 2 * plain or (text[-1] in "»›" and "«" not in text and "‹" not in text):
        return False
    if plain >= 80:
        return True
    if text[-1] in STOPS and " " in text and not is_dense(text):
        return True
    if text[-1] in _BRACKETS:
        return is_dense(text) and _is_signed(text)
    return (text[-1] in STOPS and text > "\u2e80") or (
        (text[-1] in STOPS or text[-1] in _GOES_ON) and is_dense(text)
    )


def _is_signed(text: str) -> bool:
    """Return whether a sentence ends before the bracket with which a line closes."""
    return text[max(text.rfind("（"), text.rfind("(")) - 1] in _ENDS


def is_typed(line: Line) -> bool:
    """Return whether a line of three words or more ends with a full stop, or is bold, in a box that holds longer sentences itself, parted by breaks."""
    text = line.text
    if line.bold >= len(text) and len(text) >= _HEADED:
        return line.box.prose >= _TYPED and not line.links
    return text[-1] in ".…。।۔" and line.box.prose >= _TYPED and number_of_words(text) > 2 and not line.links


# Sentences typed with breaks into one box, before a short one among them is text (pages of 2002 written from memory, 2026-11-29).
_TYPED = 200
# The shortest heading typed in bold between them has four signs (60 pages of Chinese outlets, read 2026-11-29).
_HEADED = 4


def in_figure(box: Box) -> bool:
    """Return whether a box stands in a figure or a table's caption."""
    step: Box | None = box
    while step is not None:
        if step.role == "figure" or step.tag == "caption":
            return True
        step = step.parent
    return False
