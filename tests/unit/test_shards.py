"""A rebuild in shards: what is read into files and taken in equals a rebuild in one go, row by row."""

import json
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from made_site import SLUGS, address, page

from crawler.cli import main
from crawler.cluster.merging import merge, shards_in
from crawler.cluster.shards import COLUMNS, Share, write_shard
from crawler.errors import InputError
from crawler.maintenance.rebuild import rebuild
from crawler.model import Capture, Snapshot
from crawler.parser import PARSER_VERSION
from crawler.store import open_store
from crawler.tracking.pipeline import Pipeline
from crawler.tracking.siblings import Neighbourhood
from diffs.model import Article, Outcome

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=9)
ODD = "https://other.example/a-page-alone"


def _keep(store, url, at, body, *, digest, parser="0"):
    target = store.targets.ensure(url, NOW)
    capture = Capture(
        archive="a", url=url, urlkey=url, at=at, mimetype="text/html", status=200, digest=digest
    )
    store.captures.observe(target, [capture])
    seen = store.captures.at(target, at)
    shot = Snapshot(capture=capture, served_at=at, url=url, status=200, content_type="text/html", body=body)
    article = Article.from_text("Before", "As another parser read it.")
    store.captures.keep(seen, shot, outcome=Outcome.FETCHED, article=article, parser=parser, now=NOW)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A store of one made site, so that templates are learnt, and of a page alone, all read by an earlier parser."""
    path = tmp_path_factory.mktemp("filled") / "v.db"
    with open_store(str(path)) as store:
        for number in range(len(SLUGS)):
            for turn in range(3):
                edit = f"{turn + 3} people were hurt." if number % 2 else ""
                at = NOW + timedelta(days=number, hours=7 * turn)
                _keep(store, address(number), at, page(number, turn, edit=edit), digest=f"D{number}-{turn}")
        _keep(store, ODD, NOW, page(0, 0), digest="X")
        _keep(store, ODD, NOW + timedelta(hours=1), b"%PDF-1.4", digest="Y")
    return path


@pytest.fixture
def copy(filled, tmp_path):
    def made(name="v.db"):
        return str(shutil.copy(filled, tmp_path / name))

    return made


def dump(path):
    """Every row of every table, but for what says when this process wrote."""
    with sqlite3.connect(path) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: sorted(map(repr, database.execute(f'SELECT * FROM "{name}"')))
            for name in tables
            if not name.startswith("sqlite_")
        }


def in_one(path, **fields):
    with open_store(path) as store:
        targets = list(store.targets.all(include_untracked=True))
        return list(
            rebuild(Pipeline(store, []), targets, neighbourhood=Neighbourhood(store), now=LATER, **fields)
        )


def shard(path, number, of, folder, **fields):
    with open_store(path) as store:
        targets = list(store.targets.all(include_untracked=True))
        return write_shard(
            Pipeline(store, []), targets, Share(number=number, of=of), folder,
            neighbourhood=Neighbourhood(store), **fields,
        )  # fmt: skip


def merged(path, folder):
    with open_store(path) as store:
        return list(merge(Pipeline(store, []), shards_in(folder), now=LATER))


# --------------------------------------------------------------------------- shares


def test_every_address_belongs_to_exactly_one_share():
    urls = [f"https://a.example/{number}" for number in range(300)]
    for of in (1, 2, 7):
        shares = [Share(number=number, of=of) for number in range(1, of + 1)]
        assert all(sum(share.holds(url) for share in shares) == 1 for url in urls)
        assert all(any(share.holds(url) for url in urls) for share in shares)


@pytest.mark.parametrize("text", ["", "3", "0/7", "8/7", "-1/7", "1/0", "a/b", "1/7/2", "1.5/7", "1/9999999"])
def test_what_is_no_share_is_refused_with_the_form_it_should_have(text):
    with pytest.raises(InputError, match="write it as 3/7"):
        Share.named(text)
    assert Share.named("3/7") == Share(number=3, of=7)


# --------------------------------------------------------------------------- equal


@pytest.mark.parametrize("everything", [False, True])
def test_seven_shards_merged_equal_a_rebuild_in_one_go_row_by_row(copy, tmp_path, everything):
    whole, shared = copy("whole.db"), copy("shared.db")
    before = dump(shared)
    done = in_one(whole, everything=everything)
    made = [
        shard(shared, number, 7, tmp_path / "out", everything=everything) for number in (5, 2, 7, 1, 3, 6, 4)
    ]
    assert dump(shared) == before
    assert sum(each.pages for each in made) == sum(each.read for each in done) == 29

    results = merged(shared, tmp_path / "out")
    assert [each.problem for each in results] == [None] * 10
    key = lambda each: each.url  # noqa: E731
    assert sorted((each.rebuilt for each in results), key=key) == sorted(done, key=key)
    assert dump(shared) == dump(whole)
    assert any(each.appeared for each in done)
    with open_store(shared) as store:
        assert store.templates.of(store.targets.find(address(0))) is not None


def test_merging_twice_is_merging_once(copy, tmp_path):
    path = copy()
    for number in (1, 2):
        shard(path, number, 2, tmp_path / "out", everything=True)
    merged(path, tmp_path / "out")
    once = dump(path)
    results = merged(path, tmp_path / "out")

    assert [each.rebuilt.read for each in results] == [0] * 10
    assert dump(path) == once
    assert in_one(path)[0].read == 0


def test_a_shard_made_twice_has_the_same_bytes_and_counts_once(copy, tmp_path):
    path, folder = copy(), tmp_path / "out"
    first, manifest = shard(path, 1, 2, folder).paths
    bytes_before = first.read_bytes()
    shard(path, 1, 2, folder, jobs=2)
    assert first.read_bytes() == bytes_before

    shutil.copy(first, folder / "again.parquet")
    again = json.loads(manifest.read_text()) | {"file": "again.parquet"}
    (folder / "again.json").write_text(json.dumps(again))
    assert len(shards_in(folder).paths) == 1
    assert shards_in(folder).missing == (2,)


def test_a_shard_alone_is_taken_in_and_the_others_pages_stay(copy, tmp_path):
    path = copy()
    made = shard(path, 2, 3, tmp_path / "out")
    results = merged(path, tmp_path / "out")

    assert sum(each.rebuilt.read for each in results) == made.pages > 0
    assert sum(each.read for each in in_one(path)) == 29 - made.pages


# --------------------------------------------------------------------------- refused


def _spoilt(folder, what):
    file, manifest = next(folder.glob("*.parquet")), next(folder.glob("*.json"))
    held = json.loads(manifest.read_text())
    if what == "cut short":
        file.write_bytes(file.read_bytes()[:-100])
    elif what == "changed":
        data = bytearray(file.read_bytes())
        data[200] ^= 1
        file.write_bytes(data)
    elif what == "gone":
        file.unlink()
    elif what == "elsewhere":
        shutil.move(file, folder.parent / "x.parquet")
        held["file"] = "../x.parquet"
    elif what == "of another parser":
        held["parser"] = str(int(PARSER_VERSION) + 1)
    elif what == "of another form":
        held["form"] = 99
    elif what == "without a digest":
        del held["sha256"]
    manifest.write_text("[" if what == "no JSON" else json.dumps(held))


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("cut short", "cut short, or changed"),
        ("changed", "cut short, or changed"),
        ("gone", "there is no"),
        ("elsewhere", "there is no"),
        ("of another parser", "read by parser"),
        ("of another form", "form 99"),
        ("without a digest", "no manifest of a shard"),
        ("no JSON", "no manifest of a shard"),
    ],
)
def test_a_shard_that_is_not_whole_or_not_ours_is_refused_before_anything_is_taken_in(
    copy, tmp_path, what, message
):
    path, folder = copy(), tmp_path / "out"
    shard(path, 1, 2, folder)
    _spoilt(folder, what)
    shard(path, 2, 2, folder)
    before = dump(path)

    with pytest.raises(InputError, match=message):
        merged(path, folder)
    assert dump(path) == before


def test_shards_of_two_rebuilds_are_refused(copy, tmp_path):
    path, folder = copy(), tmp_path / "out"
    shard(path, 1, 2, folder)
    shard(path, 1, 3, folder)
    with pytest.raises(InputError, match="several rebuilds"):
        shards_in(folder)
    with pytest.raises(InputError, match="holds no shard"):
        shards_in(tmp_path / "nowhere")


def test_two_shards_of_one_number_that_differ_are_refused(copy, tmp_path):
    path, folder = copy(), tmp_path / "out"
    shard(path, 1, 1, folder)
    for file in list(folder.iterdir()):
        shutil.move(file, folder / f"first{file.suffix}")
    held = json.loads((folder / "first.json").read_text()) | {"file": "first.parquet"}
    (folder / "first.json").write_text(json.dumps(held))
    in_one(path)
    shard(path, 1, 1, folder)

    with pytest.raises(InputError, match="both shard 1 of 1 and differ"):
        shards_in(folder)


def test_a_capture_whose_bytes_are_others_now_is_left_out_and_a_page_unknown_here_is_a_problem(
    copy, tmp_path
):
    path, folder = copy(), tmp_path / "out"
    shard(path, 1, 1, folder)
    with sqlite3.connect(path) as database:
        other = database.execute("SELECT sha256 FROM capture WHERE digest = 'D3-0'").fetchone()[0]
        database.execute("UPDATE capture SET sha256 = ? WHERE digest = 'D1-1'", (other,))
        database.execute("UPDATE target SET url = 'https://other.example/moved' WHERE url = ?", (ODD,))
    results = {each.url: each for each in merged(path, folder)}

    assert results[address(1)].changed == 1
    assert results[address(1)].rebuilt.read == 2
    assert results[ODD].rebuilt is None
    assert ODD in results[ODD].problem


def test_a_target_that_cannot_be_compared_stays_as_it_was_and_the_others_go_on(copy, tmp_path, monkeypatch):
    from crawler.errors import HistoryError

    path, folder = copy(), tmp_path / "out"
    shard(path, 1, 1, folder)
    real = Pipeline.history

    def history(self, target):
        if target.url == address(2):
            raise HistoryError("it took too long")
        return real(self, target)

    monkeypatch.setattr(Pipeline, "history", history)
    results = {each.url: each for each in merged(path, folder)}
    assert results[address(2)].problem == "it took too long"
    assert sum(each.rebuilt is not None for each in results.values()) == 9
    monkeypatch.undo()
    assert sum(each.read for each in in_one(path)) == 3


def test_a_template_learnt_again_since_keeps_its_target_as_it_is(copy, tmp_path):
    from crawler.parser import Template

    path, folder = copy(), tmp_path / "out"
    shard(path, 1, 1, folder)
    with open_store(path) as store:
        target = store.targets.find(address(0))
        pages = [(address(number), page(number, 1)) for number in (2, 3, 4)]
        store.templates.adopt(target, Template.learn(pages), source="later")
    results = {each.url: each for each in merged(path, folder)}
    assert "another template since" in results[address(0)].problem


# --------------------------------------------------------------------------- the command


def test_the_command_writes_shards_merges_them_and_says_which_are_missing(copy, tmp_path, capsys):
    path, folder = copy(), tmp_path / "out"
    words = ["--store", path, "rebuild"]
    assert main([*words, "--shard", "1/2", "--out", str(folder), "--jobs", "1"]) == 0
    assert [Path(line).name for line in capsys.readouterr().out.splitlines()] == [
        "shard-1-of-2.parquet",
        "shard-1-of-2.json",
    ]
    assert main([*words, "--merge", str(folder)]) == 0
    told = capsys.readouterr()
    assert "of 2 shards, 2 are not there" in told.err
    assert "read again" in told.out

    assert main([*words, "--shard", "1/2"]) == 2
    assert main([*words, "--merge", str(folder), "--all"]) == 2
    assert main([*words, "--shard", "9/2", "--out", str(folder)]) == 1
    assert main([*words, "--merge", str(tmp_path / "nowhere")]) == 1


def test_without_pyarrow_the_message_names_the_extra(copy, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert main(["--store", copy(), "rebuild", "--shard", "1/2", "--out", str(tmp_path / "out")]) == 1
    assert "pip install '.[parquet]'" in capsys.readouterr().err


def test_any_tool_that_reads_parquet_reads_a_shard(copy, tmp_path):
    import pyarrow.parquet as pq

    file, _ = shard(copy(), 1, 1, tmp_path / "out").paths
    table = pq.read_table(file)
    assert table.column_names == list(COLUMNS)
    shown = [row for row in table.to_pylist() if row["article"]]
    assert json.loads(shown[0]["article"])["headline"]
    assert {row["outcome"] for row in table.to_pylist() if row["archive"]} == {"fetched", "not_article"}
