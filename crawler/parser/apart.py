"""Says which blocks of a text are set unlike the article's own paragraphs, by what the boxes around them are built of and called."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from crawler.parser.boxes import Box, Line
from crawler.parser.elements import HEADINGS
from crawler.parser.layout import written_in
from crawler.parser.remembered import remembered
from diffs.model import Apart, BlockKind

# An article that alternates between two makes of paragraph has a third of its text in each, so a quarter is a make of its own. On 343 news
# pages of 1997 to 2026 the longest box of furniture had .15 of the text, three boxes of .17 to .22 were parts of it (read 2026-11-29); in a
# short text they take more, so a box with a list or heading, or of a line or two, may have a quarter.
_SHARE = 0.25
_BOX = 0.16
_POINTS = 0.4  # a list over a text of six sentences (made-up pages in ten languages, 2026-11-29)
_LINE = 160  # characters
# Where less than half of a text is set in makes that recur, its own paragraphs are not known (pages of builders that name each box).
_MOST = 0.5
# Questions of an interview come three times or more; a line of furniture hardly does (made-up pages of 12 designs, 2026-11-29).
_RECURS = 3
# What is kept of a box down to a paragraph: the deepest of the same pages has 27, a few classes of the page are longer (2026-11-29).
_DEEPEST = 40
_LONGEST = 200
Made = tuple[int, Line, BlockKind]
_KINDS = frozenset([BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.SUBHEADING])
_LISTS = frozenset(["ul", "ol"])
_NAMING = frozenset(
    ["class", "id", "data-component", "data-type", "data-testid", "data-name", "role", "aria-label"]
)
# What a box says of itself beyond its name: it stands beside the text.
_BESIDE = frozenset(["aside", "complementary"])
_SEGMENTS = re.compile(r"[-_]+")
_PARTS = re.compile(r"[^a-z]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# Names that tell how a thing is set, or that it is a part of any text: no name of a box that is something else. The last are notes to the
# text, which are the publisher's own word on it.
_SETTING = (
    "a align alignnone alignleft alignright aligncenter b background base big black block bold border box br bs c cap cell center class clear "
    "clearfix clr cms col color column columns component container css d default desktop display div drop dropcap element em end even f fade "
    "first flex flow font fr fs full g gap grid group h has html i id in inner initial is item items js justify l large last layout left lg lh "
    "line margin max mb md medium min ml mobile mr mt mx my name new ng no none normal nth o odd outer p pad padding palette pb pl pr pt px py "
    "r radius region right root rounded row rte s sans sc second segment serif shadow size sm small sp space spacing span ss st start style "
    "styled styles t td theme top tw type typo typography u ul unit v view vw w weight wide width wp wrap wrapper x xl xs y z "
    "caps collapsed collapsible emphasis expandable figure gallery highlight image images indent italic media metered paywall photo picture premium "
    "rest strong truncated underline uppercase video"
)
_TEXTUAL = (
    "amp article articlebody body content copy dek deck entry field head header heading intro introduction lead lede main news opening page para "
    "paragraph paragraphs part post rich richtext section standfirst story sub subhead subtitle text textblock title txt "
    "absatz abschnitt akapit alinea artikel artykul avsnitt bajada brodtekst brodtext chapeau chapo conteudo contenido contenu copete corpo corps cuerpo entrada "
    "entradilla haber ingress inhalt inleiding metin occhiello ozet paragrafo paragraphe parrafo sommario stycke tekst testo texte texto tresc vorspann"
)
_NOTES = "amendment clarification correction corrections editor editors erratum korrektur note notes rectificatif update updated updates"
# Names of a standfirst that stand on furniture too: before the text they name a part of it.
_FRONT = frozenset(["abstract", "excerpt", "teaser"])
_PLAIN = frozenset(f"{_SETTING} {_TEXTUAL} {_NOTES}".split())


def apart_in(lines: Sequence[Made]) -> tuple[tuple[Apart, ...], tuple[str, ...]]:
    """Return the blocks set unlike the article's own paragraphs, box by box, and what its own are built of.

    Args:
        lines: The number of each block, the line it was made of, and its kind, in reading order.

    Returns:
        Each box with its blocks, and the steps from the page down to a paragraph of the article's own. No box where most of a text is
        set in makes that hardly recur: then its own paragraphs are not known. Nothing at all where no paragraph is prose.
    """
    texts = [line for _, line, kind in lines if kind is BlockKind.PARAGRAPH]
    whole = sum(len(line.text) for line in texts if line.prose)
    if not whole:
        return (), ()
    paths = _Paths()
    made = [(line, *paths.of(line.box)) for line in texts]
    named = _makes_of([(line, make) for line, make, _ in made], whole)
    exact = _makes_of([(line, make) for line, _, make in made], whole)
    # All paragraphs that have every name alike stand in one box, so that a standfirst over the text is none of them.
    home = _around([line for line, _, make in made if make in exact and line.prose])
    inside = [line for line, make, _ in made if make in named and home.start <= line.index < home.end]
    if not inside:
        return (), ()
    own = _Own(inside)
    frame = _frame_of(own.lines[0].box)
    if sum(len(line.text) for line in own.lines if line.prose) < _MOST * whole:
        return (), frame
    mine = {line.index for line in own.lines}
    boxes: defaultdict[int, list[Made]] = defaultdict(list)
    found: list[Apart] = []
    for number, line, kind in lines:
        text = kind is BlockKind.PARAGRAPH
        box = None if line.index in mine else own.box_apart(line.box)
        if box is not None and kind in _KINDS:
            boxes[id(box)].append((number, line, kind))
        elif box is None and text and own.is_plain and _is_dressed(line):
            found.append(Apart(blocks=(number,)))
    counts = Counter(make for line, make, _ in made if line.index not in mine)
    for members in boxes.values():
        held = [line for _, line, _ in members]
        size = sum(len(line.text) for line in held)
        plain = all(kind is BlockKind.PARAGRAPH for _, _, kind in members) and size > _LINE
        listed = any(kind is BlockKind.LIST_ITEM for _, _, kind in members)
        over = listed and held[-1].index < own.lines[0].index
        if size < (_POINTS if over else _BOX if plain else _SHARE) * whole:
            boxed = own.is_boxed(held)
            if boxed or (boxed is False and counts[paths.of(held[0].box)[0]] < _RECURS):
                found.append(Apart(blocks=tuple(number for number, _, _ in members), boxed=boxed))
    return tuple(sorted(found, key=lambda one: one.blocks)), frame


def _makes_of(makes: Sequence[tuple[Line, int]], whole: int) -> set[int]:
    """Return the makes of most of a text, and those of a quarter of it."""
    sizes: Counter[int] = Counter()
    for line, make in makes:
        if line.prose:
            sizes[make] += len(line.text)
    most = max(sizes, key=lambda make: sizes[make])
    return {make for make, size in sizes.items() if make == most or size >= _SHARE * whole}


def _around(lines: Sequence[Line]) -> Box:
    first, last = lines[0].index, lines[-1].index
    return next(box for box in _steps(lines[0].box) if box.start <= first and last < box.end)


class _Own:
    """The article's own paragraphs, and the boxes around them."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        around = {id(box): box for line in lines for box in _steps(line.box)}
        self.around = around.keys()
        self.names = {name for box in around.values() for name in _names_of(box)}
        self.is_plain = sum(map(_is_dressed, lines)) < _RECURS
        self.home = _around(lines)

    def box_apart(self, box: Box) -> Box | None:
        """Return the largest box about a line that holds none of the own paragraphs, or None."""
        if id(box) in self.around:
            return None
        while box.parent is not None and id(box.parent) not in self.around:
            box = box.parent
        return box

    def is_boxed(self, lines: Sequence[Line]) -> bool | None:
        """Return whether a box calls itself something else than what holds the text, or stands beside it; None where it is as the text is.

        A line in a tag of its own among the paragraphs has only its class; a heading, a bare list or a bare paragraph is a part of the
        text, a section with a heading in it is not where the article's own paragraphs stand in none, nor is a list before the first of them.

        Args:
            lines: What stands in one box that `box_apart` gives.
        """
        box = self.box_apart(lines[0].box)
        if box is None or box.tag in HEADINGS:
            return None
        steps = {id(step): step for line in lines for step in _steps(line.box, box)}
        own = self.names | _FRONT if box.end <= self.lines[0].index else self.names
        called = any(set(_names_of(step)) - own for step in steps.values())
        if any({step.tag, step.role, step.node.get("role")} & _BESIDE for step in steps.values()):
            return True
        leaf = len(steps) == 1
        if not called and ((leaf and box.tag == "p") or box.tag in _LISTS) and self._is_among(box):
            return None
        if box.tag in _LISTS and box.end <= self.lines[0].index:
            return True
        if box.tag in _LISTS or (leaf and box.tag in {self.lines[0].box.tag, "p"}):
            return False
        return called or (len(lines) > 1 and lines[0].box.tag in HEADINGS)

    def _is_among(self, box: Box) -> bool:
        """Return whether a box stands in the one that holds all own paragraphs, a list between the first and the last of them."""
        if box.tag in _LISTS:
            return self.lines[0].index < box.start < self.lines[-1].index
        return self.home.start <= box.start < self.home.end


def _frame_of(box: Box) -> tuple[str, ...]:
    """Return the steps from the page down to a box, with the names that people wrote."""
    steps = [
        ".".join([step.tag, *written_in(" ".join(filter(None, map(step.node.get, ("class", "id")))))])
        for step in _steps(box)
    ]
    return tuple(step[:_LONGEST] for step in reversed(steps[:_DEEPEST]))


class _Paths:
    """Numbers for what the boxes around each line are built of: by the names that tell what a box is, and by every name."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, int]] = {}
        self._numbers: dict[tuple[int, str, tuple[str, ...]], int] = {}

    def of(self, box: Box) -> tuple[int, int]:
        """Return one number for all boxes whose steps from the page down have the same tags and telling names, and one for every name."""
        found = self._known.get(id(box))
        if found is None:
            above = self.of(box.parent) if box.parent is not None else (0, 0)
            naming = _naming_of(box)
            found = (
                self._number(above[0], box.tag, _telling(naming) if naming else ()),
                self._number(above[1], box.tag, _parted(naming) if naming else ()),
            )
            self._known[id(box)] = found
        return found

    def _number(self, above: int, tag: str, names: tuple[str, ...]) -> int:
        return self._numbers.setdefault((above, tag, names), len(self._numbers) + 1)


def _steps(box: Box, outer: Box | None = None) -> Iterator[Box]:
    """Yield a box and those around it, up to one of them or the page."""
    step: Box | None = box
    while step is not None:
        yield step
        step = None if step is outer else step.parent


def _is_dressed(line: Line) -> bool:
    """Return whether all of a line is set in bold or italic type, or is a link."""
    return max(line.bold, line.links) >= 0.9 * len(line.text)


def _names_of(box: Box) -> tuple[str, ...]:
    return _telling(_naming_of(box))


def _naming_of(box: Box) -> str:
    return " ".join([str(value) for key, value in box.node.items() if value and key in _NAMING])


@remembered
def _telling(value: str) -> tuple[str, ...]:
    """Return the names that tell more than how a thing is set."""
    return tuple(
        name
        for name in _parted(value)
        if not all(part in _PLAIN for part in _PARTS.split(_CAMEL.sub("-", name).lower()) if part)
    )


@remembered
def _parted(value: str) -> tuple[str, ...]:
    """Return names without the parts that carry digits, as build tools write them."""
    bare = (
        "-".join(part for part in _SEGMENTS.split(name) if part and not any(map(str.isdigit, part)))
        for name in value.split()
    )
    return tuple(name for name in bare if name)
