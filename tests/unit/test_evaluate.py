"""The floors of the scorers: what falls below one is named, and none is ever lowered."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def evaluate():
    spec = importlib.util.spec_from_file_location("evaluate", ROOT / "tests" / "evaluate.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["evaluate"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def score(evaluate):
    def made(figures, failure=None):
        return evaluate.Score(name="pages", printed="", figures=figures, seconds=1.0, failure=failure)

    return made


def test_a_figure_below_its_floor_or_above_its_ceiling_is_named(evaluate, score):
    floors = {"pages": {"F1": 0.97, "leaks": {"max": 5}, "ends first/0": 10}}
    good = {"F1": 0.97, "leaks": 5, "ends first": [10, 12]}
    assert list(evaluate.shortfalls(score(good), floors)) == []
    wrong = list(evaluate.shortfalls(score({"F1": 0.96, "leaks": 6, "ends first": [9, 12]}), floors))
    assert len(wrong) == 3
    assert "F1 is 0.96, below 0.97" in wrong[0]
    assert "leaks is 6, above 5" in wrong[1]


@pytest.mark.parametrize("figures", [{}, {"F1": float("nan")}, {"F1": "none"}])
def test_a_figure_that_is_missing_holds_no_floor(evaluate, score, figures):
    assert list(evaluate.shortfalls(score(figures), {"pages": {"F1": 0}})) == ["pages: no figure 'F1'"]


def test_what_a_tally_leaves_out_never_happened(evaluate):
    assert evaluate.figure_at({"suspect": {"right": 3}}, "suspect/missed") == 0
    assert evaluate.figure_at({}, "suspect/missed") is None


def test_a_scorer_that_failed_is_named(evaluate, score):
    assert list(evaluate.shortfalls(score({}, "exit code 2"), {})) == ["pages: exit code 2"]


def test_floors_are_raised_and_never_lowered(evaluate, score):
    floors = {"pages": {"F1": 0.97, "P": 0.9, "leaks": {"max": 5}, "lost": {"max": 1}}}
    reached = score({"F1": 0.98, "P": 0.8, "leaks": 4, "lost": 2})
    expected = {"F1": 0.98, "P": 0.9, "leaks": {"max": 4}, "lost": {"max": 1}}
    assert evaluate.raised([reached], floors) == {"pages": expected}


def test_every_scorer_has_a_floor_and_every_floor_a_scorer(evaluate):
    floors = json.loads((ROOT / "tests" / "eval-floors.json").read_text(encoding="utf-8"))
    assert set(floors) == set(evaluate.SCORERS)
    assert all(floors.values())


def test_an_absent_folder_is_said_to_be_skipped(tmp_path):
    command = [sys.executable, "tests/evaluate.py", str(tmp_path / "none")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0
    assert done.stdout.startswith("SKIPPED")
