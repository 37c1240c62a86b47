"""The facade: its names, its examples, how little it loads, and the command under its name."""

import doctest
import subprocess
import sys

import pytest

import variorum


def test_every_public_name_is_there_and_has_a_docstring():
    missing = [name for name in variorum.__all__ if not hasattr(variorum, name)]
    assert missing == []
    assert [
        name for name in variorum.__all__ if name != "__version__" and not getattr(variorum, name).__doc__
    ] == []


def test_a_name_that_is_not_public_is_refused_by_its_name():
    with pytest.raises(AttributeError, match="no attribute 'claims_out'"):
        _ = variorum.claims_out


def test_the_examples_in_the_docstring_run():
    results = doctest.testmod(variorum)
    assert results.attempted > 15
    assert results.failed == 0


@pytest.mark.parametrize("name", ["claims_in", "claims_in_text", "changes_between", "parse", "Article"])
def test_the_examples_of_a_public_name_run(name):
    public = getattr(variorum, name)
    names = vars(sys.modules[public.__module__])
    found = doctest.DocTestFinder().find(public, name, globs=names)
    results = [doctest.DocTestRunner().run(each) for each in found]
    assert sum(result.attempted for result in results) > 0
    assert sum(result.failed for result in results) == 0


def test_the_import_alone_loads_neither_package_nor_any_library():
    code = (
        "import sys; before = set(sys.modules); import variorum;"
        "print(sorted(m for m in set(sys.modules) - before if m.split('.')[0] not in sys.stdlib_module_names))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "['variorum']"


def test_python_m_variorum_is_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "variorum", "--version"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.split() == ["variorum", variorum.__version__]
