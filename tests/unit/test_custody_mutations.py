"""Random alterations of a closed store, column by column: each is named by what `verify` runs."""

import random
import shutil
from contextlib import closing

import pytest
from custody_samples import fill_all, problems
from mutations import alter_one
from sqlalchemy import create_engine

from crawler.store import open_store

QUICK, MANY = 60, 1_000


@pytest.fixture(scope="module")
def filled(tmp_path_factory, empty):
    path = tmp_path_factory.mktemp("filled") / "variorum.db"
    shutil.copy(empty, path)
    with open_store(str(path)) as store:
        fill_all(store)
        store.maintain()
    return path


def altered(path: str, chance: random.Random) -> str | None:
    """Alter one thing in a store that nobody has open; return what was done."""
    engine = create_engine(f"sqlite:///{path}")
    try:
        with engine.begin() as connection:
            return alter_one(connection, chance)
    finally:
        engine.dispose()


def unnamed(filled, folder, number: int, seed: int) -> list[str]:
    """Make so many alterations, each of a fresh copy, and return those that nothing named."""
    chance, missed, made = random.Random(seed), [], 0
    path = str(folder / "altered.db")
    while made < number:
        shutil.copy(filled, path)
        done = altered(path, chance)
        if done is None:
            continue
        made += 1
        with closing(open_store(path)) as store:
            found = problems(store)
        if not found and not ("custody_head" in done and " token" in done):
            missed.append(done)  # a stamp is read with the extra, in the tests of the store's links
    return missed


def test_random_alterations_of_a_closed_store_are_all_named(filled, tmp_path):
    assert unnamed(filled, tmp_path, QUICK, seed=19) == []


@pytest.mark.soak
@pytest.mark.timeout(1_800)
def test_a_thousand_random_alterations_are_all_named(filled, tmp_path):
    assert unnamed(filled, tmp_path, MANY, seed=2026) == []
