"""Measures how the time of a run grows with the length of the text it is given."""

import gc
import math
import time
from collections.abc import Callable, Sequence

from regex_attacks import Attack

SIZE = 100_000
SIZES = (SIZE // 8, SIZE // 4, SIZE // 2, SIZE)
STEEPEST = 1.2
_MEANINGFUL = 0.01  # seconds; the slope of less is the clock's noise
_TRIALS = 5  # with longer and longer pauses, as a busy machine lengthens even the processor's time
_FIRST_STEPS = (16, 20, 24, 28, 32, 64)  # where time doubles with every character, 64 would never end


def seconds(run: Callable[[str], object], text: str) -> float:
    """Return the processor's time of one run, which other processes hardly lengthen; garbage is left for later."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        started = time.process_time()
        run(text)
        return time.process_time() - started
    finally:
        if collecting:
            gc.enable()


def times_of(
    run: Callable[[str], object], attack: Attack, sizes: Sequence[int], limit: float
) -> dict[int, float]:
    """Time ever longer texts, short ones before the sizes asked for; one that takes longer than `limit` is the last."""
    times: dict[int, float] = {}
    for size in (*_FIRST_STEPS, *sizes):
        times[size] = seconds(run, attack.text(size))
        if times[size] > limit:
            break
    return times


def exponent(times: dict[int, float]) -> float:
    """Return the slope of time against length, both in logarithms, by least squares."""
    points = [(math.log(size), math.log(max(taken, 1e-7))) for size, taken in times.items()]
    middle = [sum(values) / len(points) for values in zip(*points, strict=True)]
    across = sum((x - middle[0]) ** 2 for x, _ in points)
    return sum((x - middle[0]) * (y - middle[1]) for x, y in points) / across


def check(
    name: str, run: Callable[[str], object], attack: Attack, limit: float, sizes: Sequence[int] = SIZES
) -> tuple[float, float]:
    """Time an attack at growing sizes, the best of several trials where one is too long.

    Returns:
        Seconds at the last size, and the exponent of their growth, 0 where the time is too short to tell.

    Raises:
        AssertionError: The last size takes `limit` or more, or time grows faster than the text.
    """
    best: dict[int, float] = {}
    slope = 0.0
    for trial in range(_TRIALS):
        time.sleep(0.1 * trial)
        for size, taken in times_of(run, attack, (1024, 8192, *sizes), 1.5 * limit).items():
            best[size] = min(taken, best.get(size, taken))
        whole = best.get(sizes[-1])
        if whole is not None and whole < limit:
            slope = exponent({size: best[size] for size in sizes}) if whole > _MEANINGFUL else 0.0
            if slope < STEEPEST:
                return whole, slope
    listed = ", ".join(f"{size:,}: {taken * 1000:.2f} ms" for size, taken in sorted(best.items()))
    raise AssertionError(
        f"{name} is slow\n  on {attack!r}\n  {listed}; exponent {slope:.2f}\n"
        f"  allowed are {limit * 1000:.0f} ms at {sizes[-1]:,}, and an exponent of {STEEPEST}"
    )
