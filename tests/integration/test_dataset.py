"""A store as a data package: valid by Frictionless, documented column by column, read by pandas, flat in memory."""

import json
from pathlib import Path

import pandas as pd
import pytest
from frictionless import Package, system

from crawler import dataset
from crawler.cli import main
from crawler.cli.working import DEMO_PAGE
from diffs.reports.dataset import RESOURCES

DEMO = Path(__file__).parents[2] / "seeds" / "demo" / "meridian-courier.warc.gz"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A store of the demo's page, and both of its packages."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VARIORUM_STORE", str(folder / "variorum.db"))
        patch.setenv("VARIORUM_ARCHIVE_DIALECT", "warc")
        patch.setenv("VARIORUM_ARCHIVE_URL", str(DEMO))
        assert main(["backfill", DEMO_PAGE, "--every-capture"]) == 0
        for form in ("csv", "parquet"):
            assert main(["report", "--all", "--format", form, "--out", str(folder / form)]) == 0
        yield folder


def test_every_column_is_documented_and_has_a_type():
    for resource in RESOURCES:
        names = [one.name for one in resource.fields]
        assert len(set(names)) == len(names)
        for one in resource.fields:
            assert one.meaning.endswith("."), f"{resource.name}.{one.name}"
            assert one.type in {"string", "integer", "number", "boolean", "datetime"}
            assert (one.unit is not None) == (one.type in {"integer", "number"}), (
                f"{resource.name}.{one.name}"
            )


def test_the_package_is_valid_by_frictionless(home):
    with system.use_context(trusted=True):
        report = Package(str(home / "csv" / "datapackage.json")).validate()
    assert report.valid, report.to_summary()
    assert {task.name: task.stats["rows"] for task in report.tasks}["versions"] == 9
    form = json.loads((home / "csv" / "datapackage.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in form["resources"]] == ["captures", "versions", "claims", "changes"]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_pandas_opens_the_tables_with_their_types(home, form):
    tables = {}
    for resource in RESOURCES:
        path = home / form / f"{resource.name}.{form}"
        times = [one.name for one in resource.fields if one.type == "datetime"]
        if form == "csv":
            tables[resource.name] = pd.read_csv(path, parse_dates=times)
        else:
            tables[resource.name] = pd.read_parquet(path)
        table = tables[resource.name]
        assert list(table.columns) == [one.name for one in resource.fields]
        for name in times:
            assert str(table[name].dtype).startswith("datetime64"), name
            assert table[name].dt.tz is not None
    assert len(tables["captures"]) == 17
    assert len(tables["versions"]) == 9
    claims, changes = tables["claims"], tables["changes"]
    killed = claims[
        (claims.kind == "killed") & claims.attribution.str.contains("Interior Ministry", na=False)
    ]
    assert {7, 12, 15, 13} <= set(killed.value)
    assert len(changes) == changes.id.nunique() > 20
    silent = changes[(changes.disclosure == "silent") & (changes.kind == "casualty")]
    assert {(9, 11)} <= set(zip(silent.value_before, silent.value_after, strict=True))
    joined = claims.merge(tables["versions"], on=["url", "revision"])
    assert len(joined) == len(claims)


def test_both_forms_say_the_same(home):
    for resource in RESOURCES:
        times = [one.name for one in resource.fields if one.type == "datetime"]
        plain = pd.read_csv(home / "csv" / f"{resource.name}.csv", parse_dates=times)
        packed = pd.read_parquet(home / "parquet" / f"{resource.name}.parquet")
        assert len(plain) == len(packed)
        for one in resource.fields:
            if one.type in {"integer", "number", "datetime"}:
                assert plain[one.name].isna().tolist() == packed[one.name].isna().tolist()
                assert plain[one.name].dropna().tolist() == packed[one.name].dropna().tolist(), one.name


def test_a_package_made_twice_has_the_same_bytes(home):
    for form in ("csv", "parquet"):
        assert main(["report", "--all", "--format", form, "--out", str(home / "again" / form)]) == 0
        for path in (home / form).iterdir():
            assert path.read_bytes() == (home / "again" / form / path.name).read_bytes()
    assert not list((home / "again").rglob("*.tmp"))


def test_what_cannot_be_made_gets_a_clear_error(home, capsys, monkeypatch):
    assert main(["report", "--all", "--format", "md", "--out", str(home / "md")]) == 1
    assert "csv or parquet" in capsys.readouterr().err
    assert main(["report", "--all", "--format", "csv"]) == 2
    assert main(["report", "--format", "parquet", "--out", str(home / "x")]) == 2
    capsys.readouterr()
    monkeypatch.setattr(dataset.importlib.util, "find_spec", lambda _: None)
    assert main(["report", "--all", "--format", "parquet", "--out", str(home / "x")]) == 1
    assert "pip install '.[parquet]'" in capsys.readouterr().err


@pytest.mark.parametrize("strange", ["claims.csv", "datapackage.json"])
def test_a_file_that_no_package_of_ours_names_is_left_alone(home, tmp_path, capsys, strange):
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / strange).write_text("mine", encoding="utf-8")
    assert main(["report", "--all", "--format", "csv", "--out", str(folder)]) == 1
    assert f"{strange} is there already" in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == [strange]
    assert (folder / strange).read_text(encoding="utf-8") == "mine"


def test_a_package_replaces_the_one_before_and_what_it_has_no_use_for(home, tmp_path):
    folder = tmp_path / "own"
    for form in ("csv", "parquet", "csv", "csv"):
        assert main(["report", "--all", "--format", form, "--out", str(folder)]) == 0
        (folder / "notes.txt").write_text("mine", encoding="utf-8")
        endings = {path.suffix for path in folder.iterdir()}
        assert endings == {f".{form}", ".json", ".txt"}


def test_rows_are_written_as_they_come_and_a_failure_leaves_no_half_package(home, tmp_path):
    seen = []

    def histories():
        for number in range(3):
            seen.append((number, sorted(path.name for path in tmp_path.iterdir())))
            yield from ()
        raise OSError("disk full")

    with pytest.raises(Exception, match="data package"):
        dataset.write_dataset(histories(), tmp_path, form="parquet")
    assert list(tmp_path.iterdir()) == []
    assert seen[0][1] == [f".{name}.parquet.tmp" for name in ("captures", "changes", "claims", "versions")]


def test_a_file_in_place_of_the_folder_is_named_and_left(home, tmp_path, capsys, monkeypatch):
    place = tmp_path / "t.txt"
    place.write_text("mine")
    monkeypatch.setenv("VARIORUM_STORE", str(home / "variorum.db"))
    assert main(["report", "--all", "--format", "csv", "--out", str(place)]) == 1
    said = capsys.readouterr().err
    assert f"{place} is a file, not a folder" in said
    assert "room" not in said
    assert place.read_text() == "mine"
