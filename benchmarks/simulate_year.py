"""A year of 10,000 targets under several rules for the next look, with the archive and the newsrooms as models.

    python benchmarks/simulate_year.py [TARGETS]

Nothing is asked of any archive. The rule in force is the scheduler's own `next_interval`. The models are assumptions, not measurements:
targets appear evenly over the year; an article is edited three times on average (Poisson), 81 % of edits in its first day and the rest
within 90 days; an archive captures it every 2 hours on average in its first day, every 12 in its first week, every 10 days later, and
its index shows a capture 1 to 6 hours after it was made. All rules meet the same articles.
"""

import math
import random
import statistics
import sys
import time
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crawler.store.records import Rhythm
from crawler.tracking.scheduler import DAEMON_SHARE, next_interval

START = datetime(2026, 1, 1, tzinfo=UTC)
YEAR = 365 * 24.0
FIRST_DAY = 0.81
EDITS = 3.0
INDEX_PER_MINUTE = 24
# A body kept as the difference to the one before; between the 4 KB of made pages and the 12 KB of few real ones.
BODY_KB = 8
Rule = Callable[[Rhythm, datetime], timedelta]


@dataclass(frozen=True, slots=True)
class Article:
    """A target's life, in hours since the year began: when each capture was made and shown, and which text it holds."""

    born: float
    made: list[float]
    shown: list[float]
    text: list[int]
    edits: list[float]


def article(rng: random.Random) -> Article:
    """Return one article, its edits and its captures."""
    born = rng.uniform(0, YEAR)
    count, limit, product = 0, math.exp(-EDITS), rng.random()
    while product > limit:
        count, product = count + 1, product * rng.random()
    edits = sorted(
        born + (_first_day(rng) if rng.random() < FIRST_DAY else 24 * 90 ** rng.random())
        for _ in range(count)
    )
    made, at = [], born
    while at < YEAR:
        age = at - born
        at += rng.expovariate(1 / (2 if age < 24 else 12 if age < 168 else 240))
        made.append(at)
    rows = sorted((at + rng.uniform(1, 6), at, bisect_right(edits, at)) for at in made)
    return Article(born, [row[1] for row in rows], [row[0] for row in rows], [row[2] for row in rows], edits)


def _first_day(rng: random.Random) -> float:
    """Return an age of less than 24 hours, early ones likelier: half of them lie in the first six."""
    return 24 * rng.random() ** 2


@dataclass(slots=True)
class Figures:
    """What a rule costs and gives."""

    looks: int = 0
    captures: int = 0
    young: list[float] = None  # type: ignore[assignment]
    old: list[float] = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        self.young, self.old = [], []


def follow(one: Article, rule: Rule, figures: Figures) -> None:
    """Look at one article for the rest of the year."""
    at, seen, first, change, text = one.born + 0.5, 0, None, None, None
    while at < YEAR:
        figures.looks += 1
        until = bisect_right(one.shown, at)
        for number in range(seen, until):
            made = one.made[number]
            first = made if first is None else min(first, made)
            if text is not None and one.text[number] > text:
                change = made
                delay = at - one.shown[number]
                young = one.edits[one.text[number] - 1] - one.born < 24
                (figures.young if young else figures.old).append(delay)
            text = one.text[number] if text is None else max(text, one.text[number])
        figures.captures += until - seen
        seen = until
        rhythm = Rhythm(first_seen=_moment(first), last_change=_moment(change))
        at += rule(rhythm, START + timedelta(hours=at)).total_seconds() / 3600 * 1.05


def fixed(one: Article, hours: float, figures: Figures) -> None:
    """Look at one article every so many hours: in closed form, since these looks are many."""
    begin = one.born + 0.5
    looks = max(0, math.ceil((YEAR - begin) / hours))
    figures.looks += looks
    last, text = begin + (looks - 1) * hours, None
    figures.captures += bisect_right(one.shown, last) if looks else 0
    for shown, held in zip(one.shown, one.text, strict=True):
        look = begin + max(0, math.ceil((shown - begin) / hours)) * hours
        if look >= YEAR:
            break
        if text is not None and held > text:
            (figures.young if one.edits[held - 1] - one.born < 24 else figures.old).append(look - shown)
        text = held if text is None else max(text, held)


def _moment(hours: float | None) -> datetime | None:
    return None if hours is None else START + timedelta(hours=hours)


def share(of_age: float, shortest: float, longest: float = 7 * 24) -> Rule:
    """Return a rule: a share of the text's age, between two bounds in hours."""

    def rule(rhythm: Rhythm, now: datetime) -> timedelta:
        anchors = [when for when in (rhythm.first_seen, rhythm.last_change) if when is not None]
        age = now - max(anchors) if anchors else timedelta(0)
        return min(max(age / of_age, timedelta(hours=shortest)), timedelta(hours=longest))

    return rule


def ladder(rhythm: Rhythm, now: datetime) -> timedelta:
    """Look hourly for a day, daily for a week, weekly later."""
    anchors = [when for when in (rhythm.first_seen, rhythm.last_change) if when is not None]
    age = now - max(anchors) if anchors else timedelta(0)
    return timedelta(hours=1 if age < timedelta(days=1) else 24 if age < timedelta(days=7) else 168)


def row(name: str, figures: Figures, targets: int) -> str:
    """Return a line of the table."""
    per_minute = figures.looks / (YEAR * 60)
    budget = 100 * per_minute / (INDEX_PER_MINUTE * DAEMON_SHARE)
    parts = [name, f"{figures.looks:,}", f"{budget:.0f} %", f"{figures.looks / targets:.0f}"]
    for delays in (figures.young, figures.old):
        parts += [
            f"{60 * statistics.median(delays):.0f}",
            f"{60 * sorted(delays)[int(0.95 * len(delays))]:.0f}",
        ]
    parts += [f"{figures.captures:,}", f"{figures.captures * BODY_KB / 1e6:.1f} GB"]
    return "| " + " | ".join(parts) + " |"


def main(targets: int) -> None:
    """Print the table."""
    rng = random.Random(20261128)
    articles = [article(rng) for _ in range(targets)]
    rules: dict[str, Rule] = {
        "in force: `next_interval`": lambda rhythm, now: next_interval(rhythm, now=now),
        "a 4th of the age, 20 min to 7 days": share(4, 1 / 3),
        "a 16th of the age, 20 min to 7 days": share(16, 1 / 3),
        "an 8th of the age, 1 h to 7 days": share(8, 1),
        "hourly, daily, weekly": ladder,
    }
    print(
        "| rule | index queries | of the budget | a target | young: median min | p95 | older: median min | p95 | bodies | store |"
    )
    print("|" + "---|" * 10)
    same = 0
    for name, rule in rules.items():
        began, figures = time.process_time(), Figures()
        for one in articles:
            follow(one, rule, figures)
        same = same or figures.looks
        print(row(name, figures, targets), flush=True)
        print(f"{name}: {time.process_time() - began:.0f} s", file=sys.stderr)
    spent = sum(YEAR - one.born for one in articles)
    for name, hours in (
        ("every 3 h", 3.0),
        ("a fixed interval with as many queries as the rule in force", spent / same),
    ):
        figures = Figures()
        for one in articles:
            fixed(one, hours, figures)
        print(row(name if hours == 3 else f"{name}: {hours:.0f} h", figures, targets), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
