"""Values of another type, and values that no version writes: verify names them and goes on."""

import shutil
import sqlite3
from contextlib import closing

import pytest
from custody_samples import OTHER, fill_all

from crawler.cli import main
from crawler.store import open_store

ODD = (
    "capture SET at = 9000000000000000000 WHERE id = 1",
    "capture SET at = 'abc' WHERE id = 1",
    "capture SET served_at = x'00' WHERE id = 1",
    "capture SET outcome = 'nonsense' WHERE id = 1",
    "capture SET redirects = '{' WHERE id = 1",
    "capture SET headers = 'text' WHERE id = 1",
    "capture SET failure = 'zz' WHERE id = 1",
    "capture SET status = 'x' WHERE id = 1",
    "capture SET url = x'ff' WHERE id = 1",
    "note SET at = -9000000000000000000 WHERE id = 1",
    "finding SET z = 'text' WHERE change_id = 'c00'",
    "article SET z = 5 WHERE capture_id = 1",
    "body SET z = 'text'",
    "template SET z = 'text' WHERE target_id = 1",
    "evidence_finding SET appeared = 'x' WHERE target_id = 1",
    "custody SET at = 'x' WHERE target_id = 1 AND position = 2",
    "custody SET detail = x'ff' WHERE target_id = 1 AND position = 2",
    "custody_tip SET position = 'x' WHERE target_id = 1",
    "custody_head SET at = 'x'",
    "custody_head SET heads = x'ff'",
    "custody_head SET token = 'text'",
    "meta SET value = 5 WHERE name = 'custody'",
    "target SET added = 'x' WHERE id = 1",
    "target SET url = x'ff' WHERE id = 1",
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory, empty):
    path = tmp_path_factory.mktemp("filled") / "variorum.db"
    shutil.copy(empty, path)
    with open_store(str(path)) as store:
        fill_all(store)
        store.maintain()
    return path


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_value_is_named_and_ends_nothing(filled, tmp_path, capsys, odd):
    path = shutil.copy(filled, tmp_path / "odd.db")
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute(f"UPDATE {odd}")
    assert main(["--store", str(path), "verify"]) == 1
    told = capsys.readouterr()
    assert told.out.count(": restore a backup") + told.out.count("rebuild") >= 1
    assert "Traceback" not in told.err


def test_an_odd_value_of_one_page_hides_no_alteration_of_another(filled, tmp_path, capsys):
    path = shutil.copy(filled, tmp_path / "odd.db")
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE note SET at = -9000000000000000000 WHERE id = 1")
        raw.execute("UPDATE capture SET digest = 'X' WHERE id = 6")
    assert main(["--store", str(path), "verify"]) == 1
    assert f"capture {OTHER} 6: is not what the log says" in capsys.readouterr().out
