"""Which rooms a language needs: only its own grammar is imported, and a new one is a folder and a line of registry."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READ = """
import json, sys
from diffs.claims import claims_in
from diffs.model import Article
article = Article.from_text(*sys.argv[1:])
claims = [[claim.kind, claim.value, claim.attribution, claim.rule] for claim in claims_in(article)]
print(json.dumps([claims, sorted(sys.modules)]))
"""
ARTICLES = {
    "de": ("Zwölf Tote bei Brand", "Bei dem Brand starben zwölf Menschen, teilte die Polizei mit."),
    "es": ("Doce muertos en un incendio", "Murieron doce personas en el incendio, dijo la policía."),
    "fr": ("Douze morts dans un incendie", "Douze personnes sont mortes dans l'incendie, selon la police."),
    "en": ("Twelve die in fire", "Twelve people died in the fire, police said."),
}


def read(article, root=ROOT, lines=READ):
    """Return the claims of an article and the modules that a fresh interpreter had loaded by then."""
    done = subprocess.run(
        [sys.executable, "-c", lines, *article], check=False, cwd=root, env={"PYTHONPATH": str(root)}, capture_output=True, text=True, timeout=60
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("tag", ARTICLES)
def test_only_the_grammar_of_the_text_is_imported(tag):
    claims, modules = read(ARTICLES[tag])
    assert [claim[1] for claim in claims] == [12, 12]
    rooms = {name for name in modules if name.startswith(("diffs.claims.", "diffs.language."))}
    english = {name for name in rooms if name.startswith(("diffs.claims.english", "diffs.language.en"))}
    packs = {name for name in rooms if name.startswith("diffs.claims.packs")}
    others = {
        name for name in rooms for other in ARTICLES if other != tag and name == f"diffs.language.{other}"
    }
    assert f"diffs.language.{tag}" in rooms
    assert others == set()
    assert bool(english) == (tag == "en")
    assert bool(packs) == (tag != "en")


def test_a_text_in_a_language_without_a_pack_loads_no_grammar():
    claims, modules = read(
        ("Dodici morti in un incendio", "Nell'incendio sono morte dodici persone, ha detto la polizia.")
    )
    assert claims == []
    assert not [
        name
        for name in modules
        if name.startswith(("diffs.claims.english", "diffs.claims.packs", "diffs.language.en"))
    ]


PACK = ROOT / "tests" / "fixtures" / "pack_eo"
NEW = (
    "Dudek du mortintoj en fajro",
    "Almenaŭ dudek du ministoj mortis en la fajro, diris la polico. El la minejo oni elportis tri vunditojn.",
    "La fajro vundis cent homojn kaj mortigis dek du soldatojn.",
)


def test_a_new_language_is_its_folder_and_one_line_of_registry(tmp_path):
    before, _ = read(NEW)
    assert before == []
    shutil.copytree(ROOT / "diffs", tmp_path / "diffs", ignore=shutil.ignore_patterns("__pycache__"))
    folder = tmp_path / "diffs" / "language" / "eo"
    folder.mkdir()
    for path in PACK.iterdir():
        name = path.with_suffix(".py").name if path.suffix == ".txt" else path.name
        (folder / name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    registry = tmp_path / "diffs" / "language" / "registry.py"
    lines = registry.read_text(encoding="utf-8").splitlines(keepends=True)
    at = lines.index('        "en",\n')
    registry.write_text("".join([*lines[: at + 1], '        "eo",\n', *lines[at + 1 :]]), encoding="utf-8")

    claims, modules = read(NEW, tmp_path)

    assert claims[:2] == [
        ["killed", 22, None, "counted"],
        ["killed", 22, "la polico", "intransitive"],
    ]
    assert ["wounded", 100] in [claim[:2] for claim in claims]
    assert "diffs.language.eo.hooks" in modules
    assert "diffs.claims.english" not in modules
    for article in ARTICLES.values():
        assert [claim[1] for claim in read(article, tmp_path)[0]] == [12, 12]
