"""Pages under each other over one time axis, a lane each, as SVG that reads in black and white."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten

from diffs.reports.canvas import DARK, GREY, Canvas, at
from diffs.reports.plot import Mark, svg_document
from diffs.reports.safe import visible
from diffs.reports.scale import TimeScale

_LEFT, _RIGHT = 232, 936
_TOP, _LANE, _BAR = 58, 34, 20
_NAME_LETTERS, _SOURCE_LETTERS = 30, 36
_LEAST = 4.0  # units: a figure seen once is drawn so wide
_PAPER, _INK = 0xF2, 0x5A  # grey of the lowest and of the highest figure
_LIGHT = 0x78  # grey from which on black letters stand out more than white ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One page's figures in order of time.

    Attributes:
        name: The outlet.
        source: Who gives the figures, in small letters under it.
        marks: The figures, each with the time in which it was seen.
    """

    name: str
    source: str
    marks: tuple[Mark, ...]


def render_lanes(*, title: str, description: str, lanes: Sequence[Lane], footer: Sequence[str]) -> str:
    """Return lanes over one time axis as an SVG document; the stronger the tone of a bar, the higher its figure.

    Args:
        title: What the picture shows, for its heading and for screen readers.
        description: The same in a sentence, for screen readers.
        lanes: At least one, each with at least one mark, from top to bottom.
        footer: Lines of explanation under the axis.
    """
    marks = [mark for lane in lanes for mark in lane.marks]
    moments = [moment for mark in marks for moment in (mark.start, mark.end)]
    scale = TimeScale.over(moments, _LEFT + 8, _RIGHT - 30)
    values = sorted({mark.value for mark in marks})
    shades = {value: _shade(place, len(values)) for place, value in enumerate(values)}
    canvas = Canvas(left=_LEFT, right=_RIGHT)
    bottom = float(_TOP + _LANE * len(lanes))
    _draw_axis(canvas, scale, moments, bottom)
    for number, lane in enumerate(lanes):
        _draw_lane(canvas, lane, _TOP + _LANE * number, scale, shades)
    foot = bottom + 58
    for number, words in enumerate(footer):
        canvas.text((12, foot + 16 * number), words, size=11, extra=f' fill="{GREY}"')
    return svg_document(title, description, foot + 16 * max(1, len(footer)), canvas)


def _shade(place: int, number: int) -> int:
    """Return the grey of a figure by its place among all: light for the lowest, dark for the highest."""
    share = place / (number - 1) if number > 1 else 0.0
    return round(_PAPER + (_INK - _PAPER) * share)


def _draw_lane(canvas: Canvas, lane: Lane, top: float, scale: TimeScale, shades: dict[float, int]) -> None:
    middle = top + _LANE / 2
    canvas.rule((12, top), (_RIGHT, top), "#e4e4e4")
    name = shorten(visible(lane.name), _NAME_LETTERS, placeholder="…") or visible(lane.name)[:_NAME_LETTERS]
    canvas.text((12, middle - 1), name, size=13, extra=' font-weight="600"')
    small = shorten(visible(lane.source), _SOURCE_LETTERS, placeholder="…")
    canvas.text((12, middle + 12), small, size=10, extra=f' fill="{GREY}"')
    starts = [scale.x(mark.start) for mark in lane.marks]
    for index, mark in enumerate(lane.marks):
        start = starts[index]
        end = max(scale.x(mark.end), start + _LEAST)
        if index + 1 < len(starts):
            canvas.rule((end, middle), (max(end, starts[index + 1]), middle), DARK, dash="1 3")
        grey = shades[mark.value]
        canvas.parts.append(
            f'<rect x="{at(start)}" y="{at(middle - _BAR / 2)}" width="{at(end - start)}" height="{_BAR}" '
            f'fill="#{grey:02x}{grey:02x}{grey:02x}" stroke="{DARK}"/>'
        )
        follows = starts[index + 1] if index + 1 < len(starts) else _RIGHT
        _draw_figure(canvas, mark.label, (start, end, follows), middle, grey)


def _draw_figure(
    canvas: Canvas, label: str, reach: tuple[float, float, float], middle: float, grey: int
) -> None:
    """Set a figure in its bar where it fits, else behind it; none where the next bar is too near."""
    start, end, follows = reach
    width = len(label) * 6.6 + 6
    if end - start >= width:
        extra = "" if grey >= _LIGHT else ' fill="#ffffff"'
        canvas.text((start + 4, middle + 4), label, size=11, extra=f' font-weight="600"{extra}')
    elif follows - end >= width:
        extra = ' stroke="#ffffff" stroke-width="3" paint-order="stroke" font-weight="600"'
        canvas.text((end + 4, middle + 4), label, size=11, extra=extra)


def _draw_axis(canvas: Canvas, scale: TimeScale, moments: Sequence[datetime], bottom: float) -> None:
    reach, day = -math.inf, ""
    for moment in sorted(set(moments)):
        x, date = scale.x(moment), moment.strftime("%Y-%m-%d")
        if x - reach < (44 if date == day else 70):
            continue
        canvas.rule((x, _TOP), (x, bottom), "#ececec")
        canvas.rule((x, bottom), (x, bottom + 5), DARK)
        canvas.text((x, bottom + 19), moment.strftime("%H:%M"), size=11, anchor="middle")
        if date != day:
            canvas.text((x, bottom + 34), date, size=11, anchor="middle", extra=f' fill="{GREY}"')
        reach, day = x, date
    canvas.rule((_LEFT, bottom), (_RIGHT, bottom), DARK)
    for x in scale.breaks:
        for shift in (-3, 2):
            canvas.rule((x + shift - 2, bottom + 5), (x + shift + 3, bottom - 5), DARK, width=1.5)
