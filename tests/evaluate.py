"""Runs every scorer of the evaluation folder and holds each figure against the floor it has reached."""

import argparse
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
FLOORS = ROOT / "tests" / "eval-floors.json"
# Those that take longest come first, so that two at a time end together.
SCORERS = {
    "pages": ["pages.py"],
    "field cases": ["../data/cases/field/run.py"],
    "stability": ["stability.py", "--pages", "40"],
    "parser": ["parser.py"],
    "pairs": ["pairs.py"],
    "stories": ["stories.py"],
    "claims": ["claims.py"],
    "claims blind": ["claims.py", "--gold", "{data}/casualty/mentions_blind.jsonl"],
    "tolls": ["tolls.py"],
    "versions": ["versions.py"],
    "said": ["said.py"],
    "muc": ["muc.py"],
    "revisions": ["revisions.py"],
    "page cases": ["../data/cases/pages/run.py"],
}
SECONDS = 800
_PASSED = re.compile(r"(\d+) of (\d+) pass")


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What one scorer printed, its figures, and why it has none."""

    name: str
    printed: str
    figures: dict[str, Any]
    seconds: float
    failure: str | None = None


def run(name: str, folder: Path) -> Score:
    """Run one scorer from the project's root."""
    script, *options = SCORERS[name]
    options = [option.format(data=folder.parent / "data") for option in options]
    cases, begun = script.endswith("/run.py"), time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "figures.json"
        command = [sys.executable, str(folder / script), *options, *([] if cases else ["--json", str(out)])]
        try:
            done = subprocess.run(
                command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            return Score(
                name=name, printed="", figures={}, seconds=SECONDS, failure=f"no answer within {SECONDS} s"
            )
        figures = json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}
    failure = f"exit code {done.returncode}" if done.returncode else None
    if cases:
        # A case that fails gives 1; how many pass is the figure, and the floor decides.
        passed = _PASSED.findall(done.stdout)
        lines = re.findall(r"^(passes|FAILS)\b", done.stdout, re.MULTILINE)
        figures = {"passing": int(passed[-1][0]) if passed else lines.count("passes")}
        failure = None if lines or passed else failure or "no case was run"
    printed = done.stdout + done.stderr
    return Score(
        name=name, printed=printed, figures=figures, seconds=time.monotonic() - begun, failure=failure
    )


def figure_at(figures: dict[str, Any], path: str) -> float | None:
    """Return a figure by its name, parts of nested ones joined by a slash ("suspect/missed", "ends first/0")."""
    found: Any = figures
    for part in path.split("/"):
        if isinstance(found, list) and part.isdigit() and int(part) < len(found):
            found = found[int(part)]
        elif isinstance(found, dict) and (part in found or path != part):
            found = found.get(part, 0)  # a tally leaves out what never happened
        else:
            return None
    return float(found) if isinstance(found, (int, float)) and not math.isnan(found) else None


def shortfalls(score: Score, floors: dict[str, Any]) -> Iterator[str]:
    """Yield a line for each figure below its floor (a number) or above its ceiling (`{"max": number}`)."""
    if score.failure:
        yield f"{score.name}: {score.failure}"
    for path, bound in floors.get(score.name, {}).items():
        got = figure_at(score.figures, path)
        if got is None:
            yield f"{score.name}: no figure {path!r}"
        elif isinstance(bound, dict) and got > bound["max"]:
            yield f"{score.name}: {path} is {got:g}, above {bound['max']:g}"
        elif not isinstance(bound, dict) and got < bound:
            yield f"{score.name}: {path} is {got:g}, below {bound:g}"


def raised(scores: list[Score], floors: dict[str, Any]) -> dict[str, Any]:
    """Return the floors moved to what was reached where that is better; none is ever lowered."""
    moved = {name: dict(bounds) for name, bounds in floors.items()}
    for score in scores:
        for path, bound in moved.get(score.name, {}).items():
            got = figure_at(score.figures, path)
            if got is None:
                continue
            if isinstance(bound, dict):
                moved[score.name][path] = {"max": min(got, bound["max"])}
            else:
                moved[score.name][path] = max(got, bound)
    return moved


def main() -> int:
    """Score everything, two scorers at a time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", help="the scorers' folder")
    parser.add_argument("--only", action="append", choices=list(SCORERS), help="run this scorer; repeatable")
    parser.add_argument("--raise", dest="raise_", action="store_true", help="write better floors to the file")
    options = parser.parse_args()
    folder = (ROOT / options.folder).resolve()
    if not folder.is_dir():
        print("SKIPPED: there is no evaluation folder next to the project.")
        return 0
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    scores, wrong = [], []
    with ThreadPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:
        for score in pool.map(lambda each: run(each, folder), options.only or SCORERS):
            print(f"== {score.name} ({score.seconds:.0f} s)\n{score.printed}", flush=True)
            wrong += shortfalls(score, floors)
            scores.append(score)
    if options.raise_:
        text = json.dumps(raised(scores, floors), indent=1)
        FLOORS.write_text(text + "\n", encoding="utf-8")
    print("\n".join(wrong) if wrong else f"{len(scores)} scorers ran; every figure holds its floor.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
