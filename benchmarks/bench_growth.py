"""How the time of comparing and of histories grows with the length of a text and with the number of versions.

    python benchmarks/bench_growth.py [--quick]

Prints CPU seconds for each size and the exponent of the growth between the smallest and the largest.
"""

import math
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from diffs.changes import changes_between
from diffs.history import history_of, revisions_in
from diffs.model import Article, Citation, Observation, Outcome

WORDS = [
    a + b + c
    for a in "bdfgklmnprst"
    for b in "aeiou"
    for c in ("ran", "tel", "mis", "dok", "ben", "sul", "vek")
]
KINDS = ("killed", "wounded", "missing")
START = datetime(2020, 1, 1, tzinfo=UTC)
URL = "https://gazette.example/story"


def prose(size: int, seed: int) -> list[str]:
    """Return paragraphs of about `size` characters in all, of sentences of unlike words."""
    rng = random.Random(seed)
    paragraphs, length = [], 0
    while length < size:
        words = [rng.choice(WORDS) for _ in range(rng.randint(9, 22))]
        paragraphs.append(" ".join(words).capitalize() + ".")
        length += len(paragraphs[-1])
    return paragraphs


def figures(size: int, seed: int) -> list[str]:
    """Return paragraphs of about `size` characters in all, each with a casualty figure."""
    rng = random.Random(seed)
    paragraphs, length = [], 0
    while length < size:
        where = rng.choice(WORDS).capitalize()
        paragraphs.append(
            f"At least {rng.randint(2, 900)} people were {rng.choice(KINDS)} in {where}, the mayor said."
        )
        length += len(paragraphs[-1])
    return paragraphs


def some_edited(paragraphs: list[str], seed: int) -> list[str]:
    """Return the paragraphs with a tenth of them edited, dropped or added."""
    rng = random.Random(seed)
    result = []
    for text in paragraphs:
        chance = rng.random()
        if chance < 0.04:
            continue
        result.append(text.replace(" ", f" {rng.choice(WORDS)} ", 1) if chance < 0.1 else text)
        if chance > 0.97:
            result.append(prose(60, rng.randint(0, 10**6))[0])
    return result


def compared(make: Callable[[int, int], list[str]], other: str) -> Callable[[int], object]:
    """Return a run that compares two texts of a size: one edited here and there, or two of unlike words."""

    def run(size: int) -> object:
        old = make(size, size)
        new = some_edited(old, size + 1) if other == "edited" else make(size, size + 2)
        return changes_between(Article.from_text("A", *old), Article.from_text("A", *new))

    return run


def versions(kind: str) -> Callable[[int], object]:
    """Return a run that makes the history of a number of versions: of one text that moves on, or of unlike ones."""

    def run(number: int) -> object:
        base = prose(1500, 1)
        articles = []
        for index in range(number):
            lead = f"At least {12 + index % 3 if kind == 'returning' else 12 + index} people were killed in Bran, the mayor said."
            body = prose(1500, index) if kind == "unlike" else base
            articles.append(Article.from_text(f"Toll {index}", lead, *body))
        seen = [
            Observation(
                capture=Citation(at=START + timedelta(hours=index), url=URL, archive="wayback"),
                outcome=Outcome.FETCHED,
                fingerprint=article.fingerprint,
            )
            for index, article in enumerate(articles)
        ]
        revisions = revisions_in(seen, {article.fingerprint: article for article in articles})
        return history_of(revisions, seen, url=URL)

    return run


RUNS = {
    "prose, edited": (compared(prose, "edited"), (50_000, 100_000, 200_000, 400_000)),
    "prose, unlike": (compared(prose, "unlike"), (50_000, 100_000, 200_000, 400_000)),
    "figures, edited": (compared(figures, "edited"), (50_000, 100_000, 200_000, 400_000)),
    "figures, unlike": (compared(figures, "unlike"), (50_000, 100_000, 200_000, 400_000)),
    "versions, moving on": (versions("moving"), (250, 500, 1000, 2000, 4000)),
    "versions, returning": (versions("returning"), (250, 500, 1000, 2000, 4000)),
    "versions, unlike": (versions("unlike"), (250, 500, 1000, 2000, 4000)),
}


def main() -> None:
    """Print a line for each run."""
    quick = "--quick" in sys.argv
    for name, (run, sizes) in RUNS.items():
        spent = {}
        for size in sizes[:3] if quick else sizes:
            began = time.process_time()
            run(size)
            spent[size] = time.process_time() - began
        first, last = min(spent), max(spent)
        slope = math.log(spent[last] / spent[first]) / math.log(last / first)
        print(
            f"{name:20} "
            + "  ".join(f"{size}: {took:.2f} s" for size, took in spent.items())
            + f"  exponent {slope:.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
