"""Counts the steps that a call takes in the project's own code, which no busy machine changes."""

import gc
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from regex_timing import STEEPEST, exponent

ROOT = Path(__file__).parents[2]
OURS = tuple(str(ROOT / name) + "/" for name in ("crawler", "diffs"))
SIZES = (6000, 12_000)


def steps_of(run: Callable[[], object]) -> int:
    """Return how many lines of crawler and diffs are run; what C does inside one line is measured by `make soak`."""
    counted = 0

    def line(_frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal counted
        counted += event == "line"
        return line

    def call(frame: FrameType, _event: str, _argument: Any) -> Any:
        return line if frame.f_code.co_filename.startswith(OURS) else None

    before, collecting = sys.gettrace(), gc.isenabled()
    gc.disable()
    sys.settrace(call)
    try:
        run()
    finally:
        sys.settrace(before)
        if collecting:
            gc.enable()
    return counted


def check_steps(name: str, run: Callable[[str], object], made: Callable[[int], str]) -> None:
    """Hold that the steps grow no faster than the text, between two sizes of it.

    Raises:
        AssertionError: They do; the message has the count at each size.
    """
    counted = {size: steps_of(lambda size=size: run(made(size))) for size in SIZES}
    slope = exponent({size: float(steps) for size, steps in counted.items()})
    assert slope < STEEPEST, f"{name}: steps {counted}, exponent {slope:.2f}, allowed is {STEEPEST}"
