"""The docs: their examples run, their links lead somewhere, and what the program writes of itself is not stale."""

import importlib.util
import re
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]
DOCS = sorted((*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("seeds/*.md")))
PAGE = "https://www.meridian-courier.example/world/2025/03/11/silver-tern-ferry-port-sarel"
_LINK = re.compile(r"\[[^\]\n]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


def blocks_of(path, language="python"):
    return re.findall(
        rf"^```{language}\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    """A folder where the demo's captures are the archive."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VARIORUM_STORE", str(tmp_path / "variorum.db"))
    monkeypatch.setenv("VARIORUM_ARCHIVE_DIALECT", "warc")
    monkeypatch.setenv("VARIORUM_ARCHIVE_URL", str(ROOT / "seeds" / "demo" / "meridian-courier.warc.gz"))
    return tmp_path


def test_the_notebook_page_goes_from_an_address_to_a_frame_and_a_plot(notebook, capsys):
    first, changes, pure = blocks_of(ROOT / "docs" / "library.md")
    assert len([line for line in first.splitlines() if line]) <= 10
    names = {}
    exec(first.replace("https://www.example.org/news/story", PAGE), names)
    assert isinstance(names["claims"], pd.DataFrame)
    ministry = names["killed"][names["killed"].attribution.str.contains("Ministry", na=False)]
    assert {7, 12, 15, 13} <= set(ministry.value)
    assert str(names["claims"].first_capture.dtype).startswith("datetime64")
    assert (notebook / "tolls.svg").read_text(encoding="utf-8").startswith("<?xml")
    capsys.readouterr()
    exec(changes, names)
    assert "casualty decreased" in capsys.readouterr().out
    exec(pure, {})
    assert "casualty increased substantive" in capsys.readouterr().out


def test_the_examples_of_the_readme_run(capsys):
    (example,) = blocks_of(ROOT / "README.md")
    exec(example, {})
    assert "casualty increased substantive" in capsys.readouterr().out


def test_every_link_between_the_docs_leads_to_a_file():
    broken = [
        f"{path.relative_to(ROOT)}: {link}"
        for path in DOCS
        for link in _LINK.findall(path.read_text(encoding="utf-8"))
        if "://" not in link and not link.startswith("mailto:") and not (path.parent / link).exists()
    ]
    assert len(DOCS) > 10
    assert broken == []


def test_what_is_written_from_the_program_is_not_stale():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    stale = [
        name
        for name, written in generate.PAGES.items()
        if (ROOT / "docs" / name).read_text(encoding="utf-8") != written()
    ]
    assert stale == [], "run `make docs`"
