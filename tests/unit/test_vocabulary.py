"""The words of a language stand in its folder, once, and the rules of claims and changes name their roles."""

import ast
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest

import diffs.model
from diffs.claims.lexicon import FORMS
from diffs.claims.rules import RULES

ROOT = Path(__file__).parents[2]
ROOMS = sorted(path for room in ("claims", "changes") for path in ROOT.glob(f"diffs/{room}/**/*.py"))
# What reads a role, a form or a table takes its name.
READERS = {"words", "sequence", "pattern", "expression", "role", "cue", "phrases"}
# These tell people of the rules, in English whatever the language read, or read `words.toml` into its records.
APART = {"explain.py", "rules.py", "lexicon.py", "packs/words.py", "packs/patterns.py", "fields/words.py"}
# A literal that is a name of the program's own: rules, forms, what a count's noun is, what became of a passage, places, ids.
NAMES = {
    *RULES,
    *FORMS,
    *(member.value for kind in vars(diffs.model).values() if isinstance(kind, type) and issubclass(kind, StrEnum) for member in kind),
    *("adjective", "act", "counted", "toll", "happen", "people", "other", "thing", "family", "none"),
    *("same", "edited", "added", "removed", "moved", "old", "new", "equal", "page", "displayed", "description"),
    *("published", "modified", "title", "json_ld", "unseen", "division", "number", "source", "swap"),
    *("double", "single", "subject", "name", "time"),
}  # fmt: skip
SYNTAX = re.compile(r"\\u[0-9a-f]{4}|\\[a-zA-Z]|://.*|\(\?P?<\w+>|<\w+>")
WORD = re.compile(r"(?<![A-Za-z_])[a-z]{3,}(?![A-Za-z_])")


def _passed_by(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes whose literals are no words: documentation, names of roles, keys, members of an enum."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant()):
                yield node.value
            case ast.Call(func=ast.Attribute(attr=attr) | ast.Name(id=attr), args=args) if attr in READERS:
                yield from args
            case ast.Subscript(slice=key):
                yield key
            case ast.ClassDef(bases=[ast.Name(id="StrEnum")]):
                yield node
            case ast.Assign(targets=[ast.Name(id="__all__" | "__slots__")], value=value):
                yield value


def words_printed_in(source: str) -> list[str]:
    """Return the literals of a module that hold a lower-case word of three letters or more."""
    tree = ast.parse(source)
    passed = {id(child) for node in _passed_by(tree) for child in ast.walk(node)}
    return [
        f"line {node.lineno}: {node.value[:60]!r}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed
        if node.value not in NAMES and WORD.search(SYNTAX.sub(" ", node.value))
    ]


def test_no_word_of_a_language_stands_in_the_rules() -> None:
    found = {
        str(path.relative_to(ROOT)): words
        for path in ROOMS
        if not str(path).endswith(tuple(APART))
        and (words := words_printed_in(path.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    "line",
    [
        'p.word(c) == "that"',
        '_SAID = {"said", "told"}',
        're.compile(r"\\b(?:since|until)\\b")',
        'low.startswith("surviv")',
    ],
)
def test_a_word_in_a_rule_is_found(line: str) -> None:
    assert len(words_printed_in(line)) >= 1


@pytest.mark.parametrize(
    "line",
    [
        'r.rule == "passive"',
        'ENGLISH.words("time.units")',
        're.compile(r"(?P<sign>\\d+)")',
        'chunk.cue("past")',
        'p.mark(k) == "of"',
    ],
)
def test_a_name_of_the_program_is_none(line: str) -> None:
    assert words_printed_in(line) == []
