"""The words of a language stand in its folder, once, and the rules of claims and changes name their roles."""

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest

import diffs.model
from diffs.changes.weigh import Touch, touches_between
from diffs.claims.english.lexicon import FORMS, letters_in, lexicon_of
from diffs.claims.english.rules import TABLE
from diffs.claims.packs.rules import TABLE as PACK_TABLE
from diffs.language.en import ENGLISH, single
from diffs.language.numerals import number_words
from diffs.language.tokens import shown
from diffs.language.words import Words, words_of

ROOT = Path(__file__).parents[2]
ROOMS = sorted(path for room in ("claims", "changes") for path in ROOT.glob(f"diffs/{room}/**/*.py"))
# What reads a role, a form or a table takes its name, and what imports a room its path.
READERS = {"import_module", "words", "sequence", "pattern", "expression", "role", "cue", "phrases"}
# These tell people of the rules, in English whatever the language read, or read `words.toml` into its records.
APART = {"explain.py", "rules.py", "lexicon.py", "packs/words.py", "packs/patterns.py", "fields/words.py"}
# A literal that is a name of the program's own: rules, forms, what a count's noun is, what became of a passage, places, ids.
NAMES = {
    *(rule.name for rule in (*TABLE, *PACK_TABLE)),
    *FORMS,
    *(member.value for kind in vars(diffs.model).values() if isinstance(kind, type) and issubclass(kind, StrEnum) for member in kind),
    *("adjective", "act", "counted", "toll", "happen", "people", "other", "thing", "family", "none"),
    *("same", "edited", "added", "removed", "moved", "old", "new", "equal", "page", "displayed", "description"),
    *("idiom", "published", "modified", "title", "json_ld", "unseen", "division", "number", "source", "swap"),
    *("double", "single", "subject", "name", "time", "html"),
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


def test_a_role_that_is_missing_is_found_at_import() -> None:
    with pytest.raises(KeyError):
        ENGLISH.words("time.no_such_role")


def test_a_verb_of_the_lexicon_reaches_claims_and_weights_at_once() -> None:
    """Its forms stand once: a verb that claims are read from weighs where it comes or goes."""
    aside = ENGLISH.words("verbs.seldom_deadly", "verbs.shot", "weighing.no_fates")
    unread = {
        word
        for word in lexicon_of("en").verbs
        if word not in aside and Touch.FATE not in touches_between(f"He was {word} there.", "He was there.")
    }
    assert unread == set()


def test_one_new_verb_is_read_by_both(tmp_path: Path) -> None:
    """A row added to the table of verbs is a cue, and a fate."""
    table = (ROOT / "diffs/language/en/words.toml").read_text(encoding="utf-8")
    row = (
        '[[verb]]\nkind = "killed"\nforms = "smother smothers smothered smothered smothering"\n\n[adjectives]'
    )
    assert "smothered" not in table
    script = (
        "import diffs.language.words as w, tomllib\n"
        "from pathlib import Path\n"
        "new = w.Words('en', tomllib.loads(Path('words.toml').read_text(encoding='utf-8')), w.words_of('en').patterns)\n"
        "import diffs.language.en\n"
        "old, diffs.language.en.ENGLISH = diffs.language.en.ENGLISH, new\n"
        "import diffs.claims.english.lexicon as lexicon\n"
        "lexicon.words_of = lambda tag: new\n"
        "from diffs.claims import claims_in_text\n"
        "from diffs.changes.weigh import Touch, touches_between\n"
        "[claim] = claims_in_text('The landslide smothered 14 villagers.')\n"
        "print(claim.kind, claim.value, Touch.FATE in touches_between('He was smothered.', 'He was there.'))\n"
    )
    (tmp_path / "words.toml").write_text(table.replace("[adjectives]", row, 1), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", script], check=False, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60
    )  # fmt: skip
    assert done.stdout.split() == ["killed", "14", "True"], done.stderr


def test_a_word_has_one_list() -> None:
    """Number words, hedges and months are kept once; a single word that a rule names is no synonym of another."""
    assert lexicon_of("en").numbers is number_words("en").numbers
    named = Counter(value for name, value in vars(single).items() if name.isupper())
    twice = {word for word, many in named.items() if many > 1}
    assert twice == set()


def test_a_pattern_composes_roles_and_patterns() -> None:
    words = Words(
        "en",
        {"time": {"months": "june july", "units": "day:s"}},
        {"dates": {"dated": "in «time.months»\n «dates.year»", "year": r"(?:20\d\d)"}},
    )
    assert words.pattern("dates.dated").fullmatch("in july 2026")
    assert words.sequence("time.units") == ("day", "days")


@pytest.mark.parametrize("tag", ["en", "es", "fr", "de"])
def test_every_language_has_one_table(tag: str) -> None:
    assert words_of(tag).data


def test_a_sentence_without_a_sign_holds_no_claim() -> None:
    """The scan that comes before the tokens leaves out no phrase that a claim is read from."""
    lex = lexicon_of("en")
    assert all(sign.isalpha() and sign.islower() for sign in lex.signs)
    for text in (
        "Nineteen kil\u00adled",
        "killed14 people",
        "12 were in critical condition",
        "Death-toll: 14",
    ):
        assert not lex.signs.isdisjoint(letters_in(shown(text).lower())), text
    assert lex.signs.isdisjoint(letters_in("the minister opened a bridge in the north"))
