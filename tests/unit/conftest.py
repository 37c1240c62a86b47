"""Stores with nothing in them, which most tests begin with."""

import shutil

import pytest

from crawler.store import open_store


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A store with nothing in it, made once: making the schema is the slowest part."""
    path = tmp_path_factory.mktemp("empty") / "variorum.db"
    open_store(str(path)).close()
    return path


@pytest.fixture
def where(tmp_path, empty):
    return shutil.copy(empty, tmp_path / "variorum.db").as_posix()


@pytest.fixture
def store(where):
    with open_store(where) as opened:
        yield opened
