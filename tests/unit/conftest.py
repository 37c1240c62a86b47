"""Stores with nothing in them or one capture, which most tests begin with."""

import shutil
from pathlib import Path

import pytest

from crawler.store import open_store
from store_samples import add


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


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A store with one capture kept, made once."""
    path = tmp_path_factory.mktemp("filled") / "variorum.db"
    with open_store(str(path)) as store:
        add(store, 1)
    return path


@pytest.fixture
def path(tmp_path, filled):
    return Path(shutil.copy(filled, tmp_path / "variorum.db"))
