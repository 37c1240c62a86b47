"""A sheet of SVG: lines, markers and labels that do not cover each other."""

from dataclasses import dataclass, field

from diffs.reports.safe import xml_text

Point = tuple[float, float]

GREY = "#6b6b6b"
DARK = "#444444"


@dataclass(frozen=True, slots=True)
class Style:
    """How one series is told from the others without colour: by dashes and by the shape of its marks."""

    colour: str
    dash: str
    shape: str


STYLES = (
    Style("#000000", "", "circle"),
    Style("#1f4e8c", "7 3", "square"),
    Style("#a83216", "2 3", "triangle"),
    Style("#3d7a3d", "11 3 2 3", "diamond"),
    Style("#7a3d78", "4 2", "cross"),
    Style("#8a6a00", "1 4", "bar"),
    Style("#2a7f86", "9 3 2 3 2 3", "down"),
    Style("#5a5a5a", "14 4", "plus"),
)
_OUTLINES = {
    "square": ((-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)),
    "triangle": ((0.0, -1.2), (1.1, 0.9), (-1.1, 0.9)),
    "down": ((0.0, 1.2), (1.1, -0.9), (-1.1, -0.9)),
    "diamond": ((0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)),
    "bar": ((-0.4, -1.3), (0.4, -1.3), (0.4, 1.3), (-0.4, 1.3)),
}
_ARMS = {
    "cross": (((-1.0, -1.0), (1.0, 1.0)), ((-1.0, 1.0), (1.0, -1.0))),
    "plus": (((0.0, -1.2), (0.0, 1.2)), ((-1.2, 0.0), (1.2, 0.0))),
}
_SIZE = 4.5


@dataclass(slots=True)
class Canvas:
    """Collects elements in drawing order.

    Attributes:
        left: Labels stay to the right of this.
        right: Labels stay to the left of this.
        parts: The elements so far.
    """

    left: float
    right: float
    parts: list[str] = field(default_factory=list)
    _boxes: list[tuple[float, float, float, float]] = field(default_factory=list)
    _labels: set[tuple[int, int, str]] = field(default_factory=set)

    def text(
        self, place: Point, words: str, *, size: int = 12, anchor: str = "start", extra: str = ""
    ) -> None:
        """Set words at a place; `extra` is more attributes of our own."""
        self.parts.append(
            f'<text x="{at(place[0])}" y="{at(place[1])}" font-size="{size}" text-anchor="{anchor}"{extra}>'
            f"{xml_text(words)}</text>"
        )

    def rule(self, start: Point, end: Point, colour: str, *, width: float = 1, dash: str = "") -> None:
        """Draw a straight line."""
        pattern = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<line x1="{at(start[0])}" y1="{at(start[1])}" x2="{at(end[0])}" y2="{at(end[1])}" '
            f'stroke="{colour}" stroke-width="{at(width)}"{pattern}/>'
        )

    def path(self, points: list[Point], colour: str) -> None:
        """Draw an open line through points."""
        moves = "L".join(f"{at(x)} {at(y)}" for x, y in points)
        self.parts.append(f'<path d="M{moves}" fill="none" stroke="{colour}" stroke-width="1.5"/>')

    def marker(self, style: Style, place: Point) -> None:
        """Draw a series' mark."""
        x, y = place
        paint = f'fill="#ffffff" stroke="{style.colour}" stroke-width="1.8"'
        if style.shape in _OUTLINES:
            points = " ".join(
                f"{at(x + dx * _SIZE)},{at(y + dy * _SIZE)}" for dx, dy in _OUTLINES[style.shape]
            )
            self.parts.append(f'<polygon points="{points}" {paint}/>')
        elif style.shape in _ARMS:
            for (a, b), (c, d) in _ARMS[style.shape]:
                ends = (x + a * _SIZE, y + b * _SIZE), (x + c * _SIZE, y + d * _SIZE)
                self.rule(*ends, style.colour, width=2.2)
        else:
            self.parts.append(f'<circle cx="{at(x)}" cy="{at(y)}" r="{at(_SIZE)}" {paint}/>')

    def label(self, place: Point, words: str, *, size: int = 11, beside: bool = False) -> None:
        """Set a label above or under a place, or beside it, where it covers no other; none free, none set."""
        x, y = place
        if (round(x), round(y), words) in self._labels:
            return
        self._labels.add((round(x), round(y), words))
        width = len(words) * size * 0.6 + 4
        lefts = (x + 8, x - width - 6) if beside else (x - 3, x - width / 2, x - width + 3)
        for base in (y - 6, y + 15, y - 19) if beside else (y - 9, y + 18, y - 22, y + 31, y - 35):
            for left in lefts:
                box = (left, base - size, left + width, base + 2)
                free = not any(_overlap(box, other) for other in self._boxes)
                if free and left >= self.left and left + width <= self.right:
                    self._boxes.append(box)
                    halo = ' stroke="#ffffff" stroke-width="3" paint-order="stroke" font-weight="600"'
                    self.text((left, base), words, size=size, extra=halo)
                    return


def at(number: float) -> str:
    """Return a coordinate to a tenth of a unit."""
    return f"{number:.1f}".removesuffix(".0")


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
