"""Runs every scorer of the evaluation folder and holds each figure against the floor it has reached."""

import json
import math
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parent.parent
FLOORS = ROOT / "tests" / "eval-floors.json"
SCORERS = {
    "parser": ["parser.py"],
    "stability": ["stability.py", "--pages", "40"],
    "claims": ["claims.py"],
    "muc": ["muc.py"],
    "revisions": ["revisions.py"],
    "stories": ["stories.py"],
}


def run(name: str, folder: Path) -> tuple[str, str, dict[str, float], int]:
    """Run one scorer from the project's root; give its name, what it printed, its figures and its exit code."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "figures.json"
        command = [sys.executable, str(folder / SCORERS[name][0]), *SCORERS[name][1:], "--json", str(out)]
        try:
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=800, check=False)
        except subprocess.TimeoutExpired:
            return name, "no answer within 800 s", {}, 1
        figures = json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}
    return name, done.stdout + done.stderr, figures, done.returncode


def shortfalls(name: str, figures: dict[str, float], floors: dict[str, dict[str, float]]) -> list[str]:
    """Say which figures are below their floor (`min`) or above their ceiling (`max`)."""
    found = []
    for figure, bound in floors.get(name, {}).items():
        got = figures.get(figure)
        if got is None or math.isnan(got):
            found.append(f"{name}: no figure {figure!r}")
        elif isinstance(bound, dict) and got > bound["max"]:
            found.append(f"{name}: {figure} is {got}, above {bound['max']}")
        elif not isinstance(bound, dict) and got < bound:
            found.append(f"{name}: {figure} is {got}, below {bound}")
    return found


def main() -> int:
    """Score everything; the argument is the scorers' folder."""
    folder = (ROOT / sys.argv[1]).resolve()
    if not folder.is_dir():
        print("SKIPPED: there is no evaluation folder beside the project.")
        return 0
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    wrong = []
    with ThreadPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:
        for name, printed, figures, code in pool.map(lambda each: run(each, folder), SCORERS):
            print(f"== {name}\n{printed}", flush=True)
            if code:
                wrong.append(f"{name}: the scorer failed with exit code {code}")
            wrong += shortfalls(name, figures, floors)
    print("\n".join(wrong) if wrong else f"{len(SCORERS)} scorers ran; every figure holds its floor.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
