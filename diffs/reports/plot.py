"""A step plot over time as SVG that reads in black and white; knows nothing of histories."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import wrap

from diffs.reports.canvas import DARK, GREY, STYLES, Canvas, Style, at
from diffs.reports.safe import visible, xml_text
from diffs.reports.scale import TimeScale, nice_ticks

MOST_LINES = len(STYLES)
_WIDTH = 960
_LEFT, _RIGHT = 56, 728
_TOP, _HEAD, _AXIS, _GAP = 48, 30, 62, 16
_LEGEND_LETTERS = 28
_LEGEND_LINES = 2
_TITLE_LETTERS = 92
_FONT = "font-family=\"'Helvetica Neue', Helvetica, Arial, 'DejaVu Sans', sans-serif\" fill=\"#111111\""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A figure that stood for a time.

    Attributes:
        start: First time it was seen (aware UTC).
        end: Last time it was seen.
        value: Where the line runs.
        low: Lower end of the range bar, or None where the figure has no lower bound of its own.
        high: Upper end of the range bar, or None.
        label: The figure as a reader writes it, such as `≥7`.
        bounded: False where the true figure may lie anywhere above (or, with `high` only, below).
        joined: Whether the mark before it on the line stood in the version right before.
    """

    start: datetime
    end: datetime
    value: float
    low: float | None = None
    high: float | None = None
    label: str = ""
    bounded: bool = True
    joined: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Plotted:
    """One series of figures under its name."""

    name: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Lines that share one vertical axis."""

    title: str
    lines: tuple[Plotted, ...]


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where a panel stands and how high a figure is in it."""

    top: float
    bottom: float
    ceiling: float
    scale: TimeScale

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top - 16) * value / self.ceiling


def render_plot(*, title: str, description: str, panels: Sequence[Panel], footer: Sequence[str]) -> str:
    """Return panels under each other over one time axis, with a legend beside each, as an SVG document.

    Args:
        title: What the picture shows, for its heading and for screen readers.
        description: The same in a sentence, for screen readers.
        panels: At least one, each with at least one line of at least one mark.
        footer: Lines of explanation under the axis.
    """
    marks = [mark for panel in panels for line in panel.lines for mark in line.marks]
    moments = [moment for mark in marks for moment in (mark.start, mark.end)]
    scale = TimeScale.over(moments, _LEFT + 16, _RIGHT - 26)
    canvas = Canvas(left=_LEFT + 2, right=_RIGHT)
    frames: list[_Frame] = []
    top = float(_TOP)
    for panel in panels:
        top += _HEAD
        frames.append(_frame(panel, top, scale))
        top = frames[-1].bottom + _GAP
    _draw_axis(canvas, scale, frames, {mark.start for mark in marks} | {max(moments)})
    for panel, frame in zip(panels, frames, strict=True):
        _draw_panel(canvas, panel, frame)
    bottom = frames[-1].bottom + _AXIS
    for number, words in enumerate(footer):
        canvas.text((_LEFT, bottom + 16 * number), words, size=11, extra=f' fill="{GREY}"')
    return svg_document(title, description, bottom + 16 * max(1, len(footer)), canvas)


def svg_document(title: str, description: str, height: float, canvas: Canvas) -> str:
    """Return a drawing as an SVG document of the width of all charts, under its title."""
    heading = title if len(title) <= _TITLE_LETTERS else title[: _TITLE_LETTERS - 1].rstrip() + "…"
    size = f'width="{_WIDTH}" height="{at(height)}" viewBox="0 0 {_WIDTH} {at(height)}"'
    opening = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title desc" {_FONT}>',
        f'<title id="title">{xml_text(title)}</title>',
        f'<desc id="desc">{xml_text(description)}</desc>',
        f'<rect width="{_WIDTH}" height="{at(height)}" fill="#ffffff"/>',
        f'<text x="12" y="30" font-size="17" font-weight="700">{xml_text(heading)}</text>',
    ]
    return "\n".join([*opening, *canvas.parts, "</svg>", ""])


def _frame(panel: Panel, top: float, scale: TimeScale) -> _Frame:
    most = max(max(mark.value, mark.low or 0, mark.high or 0) for line in panel.lines for mark in line.marks)
    letters = sum(20 + 14 * (len(_legend(line.name)) - 1) for line in panel.lines)
    height = max(150.0 + 8 * len(panel.lines), letters + 24.0)
    return _Frame(top, top + height, nice_ticks(most)[-1], scale)


def _draw_panel(canvas: Canvas, panel: Panel, frame: _Frame) -> None:
    canvas.text((12, frame.top - 8), panel.title, size=13, extra=' font-weight="700"')
    for tick in nice_ticks(frame.ceiling):
        y = frame.y(tick)
        canvas.rule((_LEFT, y), (_RIGHT, y), "#d9d9d9" if tick else DARK)
        canvas.text((_LEFT - 8, y + 4), f"{tick:,}", size=11, anchor="end", extra=f' fill="{GREY}"')
    order = sorted(range(len(panel.lines)), key=lambda index: (-panel.lines[index].marks[-1].value, index))
    y = frame.top + 18
    for index in order:
        words = _legend(panel.lines[index].name)
        _draw_legend(canvas, words, STYLES[index], y)
        y += 20 + 14 * (len(words) - 1)
    drawn: list[Mark] = []
    for index, line in enumerate(panel.lines):
        _draw_line(canvas, line, STYLES[index], frame, drawn)
        drawn.extend(line.marks)
    for line in panel.lines:
        _label_line(canvas, line, frame)


def _legend(name: str) -> list[str]:
    shown = visible(name)
    return wrap(shown, _LEGEND_LETTERS, max_lines=_LEGEND_LINES, placeholder="…") or [shown]


def _draw_legend(canvas: Canvas, words: Sequence[str], style: Style, y: float) -> None:
    x = _RIGHT + 14
    canvas.rule((x, y - 4), (x + 32, y - 4), style.colour, width=2, dash=style.dash)
    canvas.marker(style, (x + 16, y - 4))
    for number, line in enumerate(words):
        canvas.text((x + 40, y + 14 * number), line, size=12)


def _draw_line(canvas: Canvas, line: Plotted, style: Style, frame: _Frame, drawn: Sequence[Mark]) -> None:
    previous: tuple[float, float] | None = None
    for mark in line.marks:
        shared = sum(1 for other in drawn if other.value == mark.value and _meet(other, mark))
        y = frame.y(mark.value) - 3 * shared
        start, end = frame.scale.x(mark.start), frame.scale.x(mark.end)
        if previous and mark.joined:
            canvas.rule(previous, (start, y), style.colour, dash="1 3")
        _draw_range(canvas, mark, (start, y), frame, style.colour)
        canvas.rule((start, y), (end, y), style.colour, width=2, dash=style.dash)
        if end - start > 12:
            canvas.rule((end, y - 4), (end, y + 4), style.colour, width=1.5)
        canvas.marker(style, (start, y))
        previous = (end, y)


def _draw_range(canvas: Canvas, mark: Mark, place: tuple[float, float], frame: _Frame, colour: str) -> None:
    x, y = place
    if mark.low is not None and mark.high is not None and mark.low != mark.high:
        low, high = frame.y(mark.low), frame.y(mark.high)
        canvas.rule((x, low), (x, high), colour, width=1.5)
        for end in (low, high):
            canvas.rule((x - 5, end), (x + 5, end), colour, width=1.5)
    elif not mark.bounded:
        up = mark.high is None
        tip = y - 20 if up else min(y + 20, frame.bottom)
        barb = tip + (5 if up else -5)
        canvas.rule((x, y), (x, tip), colour, width=1.5)
        canvas.path([(x - 4, barb), (x, tip), (x + 4, barb)], colour)


def _label_line(canvas: Canvas, line: Plotted, frame: _Frame) -> None:
    for mark in line.marks:
        x, y = frame.scale.x(mark.start), frame.y(mark.value)
        barred = mark.high is not None or not mark.bounded
        canvas.label((x, y), mark.label, beside=barred)


def _draw_axis(
    canvas: Canvas, scale: TimeScale, frames: Sequence[_Frame], moments: Iterable[datetime]
) -> None:
    bottom = frames[-1].bottom
    reach, day = -math.inf, ""
    for moment in sorted(moments):
        x = scale.x(moment)
        for frame in frames:
            canvas.rule((x, frame.top), (x, frame.bottom), "#ececec")
        canvas.rule((x, bottom), (x, bottom + 5), DARK)
        date = moment.strftime("%Y-%m-%d")
        if x - reach < (40 if date == day else 68):
            continue
        canvas.text((x, bottom + 19), moment.strftime("%H:%M"), size=11, anchor="middle")
        if date != day:
            canvas.text((x, bottom + 34), date, size=11, anchor="middle", extra=f' fill="{GREY}"')
        reach, day = x, date
    for x in scale.breaks:
        for shift in (-3, 2):
            canvas.rule((x + shift - 2, bottom + 5), (x + shift + 3, bottom - 5), DARK, width=1.5)


def _meet(one: Mark, other: Mark) -> bool:
    return one.start <= other.end and other.start <= one.end
