"""Axes: times that come in bursts on a line, and round numbers."""

import math
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import median
from typing import Self

_LONG_GAP = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeScale:
    """A map from times to positions that shortens the longest empty stretches.

    Captures come in bursts: a dozen on the day of the news, the next a year later. A gap longer than
    twelve times the median is drawn as long as six times the median and listed in `breaks`.

    Attributes:
        knots: The times between which the map is linear, in order.
        places: Position of each knot.
        breaks: Positions at which a reader must be told that time was left out.
    """

    knots: tuple[float, ...]
    places: tuple[float, ...]
    breaks: tuple[float, ...] = ()

    @classmethod
    def over(cls, moments: Iterable[datetime], left: float, right: float) -> Self:
        """Make the scale over some moments (at least one), from one position to another."""
        knots = sorted({moment.timestamp() for moment in moments})
        gaps = [later - earlier for earlier, later in pairwise(knots)]
        if not gaps:
            return cls(knots=(knots[0],), places=((left + right) / 2,))
        most = _LONG_GAP * median(gaps)
        widths = [most if gap > 2 * most else gap for gap in gaps]
        total = sum(widths)
        least = (right - left) * 0.02
        widths = [max(width / total * (right - left), least) for width in widths]
        unit = (right - left) / sum(widths)
        places = [left]
        for width in widths:
            places.append(places[-1] + width * unit)
        middles = [(a + b) / 2 for a, b in pairwise(places)]
        breaks = tuple(middle for middle, gap in zip(middles, gaps, strict=True) if gap > 2 * most)
        return cls(knots=tuple(knots), places=tuple(places), breaks=breaks)

    def x(self, moment: datetime) -> float:
        """Return the position of a time; times outside are drawn at the nearer end."""
        second = moment.timestamp()
        index = bisect_right(self.knots, second)
        if index == 0 or index == len(self.knots):
            return self.places[0] if index == 0 else self.places[-1]
        before, after = self.knots[index - 1], self.knots[index]
        share = (second - before) / (after - before)
        return self.places[index - 1] + share * (self.places[index] - self.places[index - 1])


def nice_ticks(most: float, wanted: int = 4) -> list[int]:
    """Return whole, round numbers from 0 to at least `most`, about `wanted` steps of them."""
    rough = max(most / wanted, 1)
    power = int(10 ** math.floor(math.log10(rough)))
    steps = (power, 2 * power, 5 * power // 2, 5 * power, 10 * power) if power > 1 else (1, 2, 5, 10)
    step = next(step for step in steps if step >= rough)
    return list(range(0, math.ceil(most / step) * step + 1, step)) if most > 0 else [0, 1]
