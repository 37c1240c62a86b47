"""What the command says to somebody who does not know it yet: what was left undone, what to do next, in plain words."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crawler.cli import main
from crawler.store import open_store
from crawler.store.engine import engine_for, url_of
from crawler.store.upgrade import upgrade

WARC = Path(__file__).parents[2] / "seeds" / "demo" / "meridian-courier.warc.gz"
PAGE = "https://www.meridian-courier.example/world/2025/03/11/silver-tern-ferry-port-sarel"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user with a store, a reports folder and the demo's captures as archive, all in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VARIORUM_STORE", str(tmp_path / "variorum.db"))
    monkeypatch.setenv("VARIORUM_REPORTS", str(tmp_path / "reports"))
    monkeypatch.setenv("VARIORUM_ARCHIVE_DIALECT", "warc")
    monkeypatch.setenv("VARIORUM_ARCHIVE_URL", str(WARC))
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Run the command; give exit code, stdout, stderr."""
    code = main(words)
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def change_store(home: Path, statement: str) -> None:
    with closing(sqlite3.connect(home / "variorum.db")) as database, database:
        database.execute(statement)


def test_a_backfill_says_what_its_budget_left_unread(home, capsys):
    _, _, told = run(capsys, "backfill", PAGE, "--budget", "3")
    assert told.splitlines()[-1] == (
        "The budget of 3 bodies is spent: 10 captures are still to be read, and may show further changes. "
        "Run the same command again to go on, or without --budget to read them all."
    )
    (report,) = (home / "reports").glob("*.md")
    assert "13 captures not read as the article (ten not asked for yet, " in report.read_text(
        encoding="utf-8"
    )
    _, _, told = run(capsys, "backfill", PAGE, "--budget", "10")
    assert "budget" not in told
    _, _, told = run(capsys, "backfill", PAGE, "--budget", "1")
    assert "budget" not in told


def test_status_and_doctor_name_what_an_earlier_version_read(home, capsys):
    run(capsys, "backfill", PAGE)
    assert "readings" not in run(capsys, "status")[1]
    assert "ok   readings: made by this version" in run(capsys, "doctor")[1]
    change_store(
        home, "update capture set parser = '7+0a1b2c3d4e5f' where parser is not null and sha256 is not null"
    )

    _, shown, _ = run(capsys, "status")
    code, checked, _ = run(capsys, "doctor")

    said = "13 captures of 1 page were read by an earlier version: `variorum rebuild` reads it again and says which findings change"
    assert f"readings\t{said}" in shown
    assert "attention\tpages were read by an earlier version (`variorum rebuild` reads them again)" in shown
    assert (code, f"FIX  readings: {said}" in checked) == (1, True)
    run(capsys, "rebuild")
    record = json.loads(run(capsys, "status", "--json")[1])
    assert (record["outdated"], record["troubles"]) == ({"captures": 0, "targets": 0}, [])


def test_findings_of_an_earlier_grammar_are_named_too(home, capsys):
    run(capsys, "backfill", PAGE)
    change_store(home, "update target set found_grammar = 1 where found_evidence is not null")
    assert "readings\tthe figures of 1 page were read by an earlier version" in run(capsys, "status")[1]
    run(capsys, "rebuild")
    assert "readings" not in run(capsys, "status")[1]


def test_an_upgrade_of_the_store_is_said_in_one_line_that_names_the_copy(home, capsys):
    store = home / "variorum.db"
    engine = engine_for(url_of(str(store)))
    upgrade(engine, str(store), create=True, to="0020")
    engine.dispose()

    _, _, told = run(capsys, "list")

    (line,) = [one for one in told.splitlines() if "schema" in one]
    assert line.startswith(f"variorum: {store}: brought up to date from schema 0020 to ")
    assert f"is kept in {store}.schema-0020.backup" in line
    assert "schema" not in run(capsys, "list")[2]


def captures_of(home: Path) -> list[tuple[str, int]]:
    with closing(sqlite3.connect(home / "variorum.db")) as database:
        return database.execute("select archive, count(*) from capture group by archive").fetchall()


@pytest.mark.parametrize(
    ("archive", "steps"),
    [
        ("warc", [["backfill", PAGE], ["import", str(WARC)]]),
        ("import", [["import", str(WARC)], ["backfill", PAGE]]),
    ],
)
def test_a_file_that_was_read_and_is_imported_counts_once(home, capsys, archive, steps):
    for words in steps:
        assert run(capsys, *words)[0] == 0
    code, taken, told = run(capsys, "import", str(WARC))

    assert (code, taken, told) == (0, f"{WARC}: 17 captures of 1 page, 0 new\n", "")
    assert captures_of(home) == [(archive, 17)]
    assert "12 read, 3 not the article, 1 a redirect, 1 same bytes" in run(capsys, "status")[1]
    assert run(capsys, "verify")[0] == 0


def test_a_file_that_is_imported_and_then_read_to_its_end_counts_once(home, capsys):
    run(capsys, "backfill", PAGE)
    _, whole, _ = run(capsys, "report", PAGE, "--json")
    home.joinpath("variorum.db").unlink()
    run(capsys, "backfill", PAGE, "--budget", "2")

    assert run(capsys, "import", str(WARC))[:2] == (0, f"{WARC}: 17 captures of 1 page, 11 new\n")
    assert captures_of(home) == [("import", 11), ("warc", 17)]
    assert "not asked for yet" in run(capsys, "status")[1]
    assert run(capsys, "backfill", PAGE)[0] == 0

    assert "12 read, 3 not the article, 1 a redirect, 1 same bytes" in run(capsys, "status")[1]
    assert run(capsys, "report", PAGE, "--json")[1] == whole
    assert run(capsys, "verify")[0] == 0


def test_an_export_of_a_few_captures_is_asked_for_those_alone(home, capsys):
    run(capsys, "backfill", PAGE, "--budget", "2")
    run(capsys, "export", PAGE, "--out", "few")
    other = ["--store", "other.db", "--reports", "other"]
    run(capsys, *other, "backfill", PAGE, "--budget", "1")
    _, before, _ = run(capsys, *other, "status")

    code, taken, told = run(capsys, *other, "import", "few")

    assert (code, "0 new" in taken, told) == (0, True, "")
    assert "not asked for yet" in before
    _, after, _ = run(capsys, *other, "status")
    assert "not asked for yet" in after
    assert "could not be" not in after


def damage(home: Path, number: int) -> None:
    """Overwrite the stored form of so many bodies, those on which most are built first."""
    order = "(select count(*) from body other where other.base_sha256 = body.sha256) desc, sha256"
    change_store(
        home,
        f"update body set z = zeroblob(length(z)) where sha256 in (select sha256 from body order by {order} limit {number})",
    )


@pytest.mark.parametrize("words", [["backfill", PAGE, "--retry"], ["import", str(WARC)]])
def test_damaged_bytes_are_replaced_where_the_same_capture_comes_again(home, capsys, words):
    run(capsys, "backfill", PAGE)
    _, report, _ = run(capsys, "report", PAGE, "--json")
    damage(home, 2)
    code, _, advice = run(capsys, "verify")
    assert (code, f"`variorum {words[0]}" in advice or "`import`" in advice) == (1, True)

    code, _, told = run(capsys, *words)

    assert code == 0
    assert "replaced by the same, sound" in told
    assert run(capsys, "verify")[0] == 0
    assert run(capsys, "scrub")[0] == 0
    assert run(capsys, "report", PAGE, "--json")[1] == report
    with open_store(str(home / "variorum.db")) as store:
        entries = store.custody.of(store.targets.find(PAGE))
        mended = [entry for entry in entries if entry.act == "mended"]
        assert mended
        assert all(store.bodies.read(entry.facts["mended"]) for entry in mended)
    assert "replaced" not in run(capsys, *words)[2]


def test_damage_that_nothing_mends_is_counted_and_stops_no_new_capture(home, capsys):
    run(capsys, "backfill", PAGE, "--budget", "2")
    run(capsys, "export", PAGE, "--out", "few")
    damage(home, 2)
    assert run(capsys, "backfill", PAGE)[0] == 0
    damage(home, 99)

    code, _, told = run(capsys, "import", "few")

    assert code == 0
    assert told == (
        "damaged bytes of 2 captures replaced by the same, sound; those of 11 captures are not to be had: "
        "`variorum restore` brings a backup back\n"
    )
    assert run(capsys, "verify")[1].count("is damaged") == 11


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["parse", PAGE], "is an address, and `parse` reads a file"),
        (["parse", "page.html"], "page.html cannot be read: No such file or directory. Name a page saved"),
        (["track", "--file", "list.txt"], "The list list.txt cannot be read: No such file or directory."),
        (["cite", "20"], "20 is the number of a finding in a report"),
        (["backfill", "https://courier.example/none"], "Check the address, and the files that --archive-url"),
        (["--config", "channel.toml", "list"], "url_file of the channel desk cannot be used"),
        (["--config", "channel.toml", "list"], "it must be given, and is not."),
        (["--config", "number.toml", "list"], "it must be a number."),
        (["--config", "flag.toml", "list"], "it must be true or false."),
        (["--config", "table.toml", "list"], "it must be a table of settings."),
    ],
)
def test_what_cannot_be_done_is_said_in_plain_words_with_the_next_step(home, capsys, words, says):
    Path("channel.toml").write_text('[[alerts.channels]]\nname = "desk"\n', encoding="utf-8")
    Path("number.toml").write_text('[limits]\ncdx_per_minute = "many"\n', encoding="utf-8")
    Path("flag.toml").write_text('[site]\nsearch = "perhaps"\n', encoding="utf-8")
    Path("table.toml").write_text("limits = 3\n", encoding="utf-8")
    if words[0] == "cite":
        run(capsys, "backfill", PAGE, "--budget", "2")

    code, _, told = run(capsys, *words)

    assert (code, says in told) == (1, True), told
    assert not any(raw in told for raw in ("Errno", "Field required", "Input should"))


def test_a_dry_run_makes_no_store_and_says_where_nothing_is_left(home, capsys):
    assert run(capsys, "backfill", PAGE, "--dry-run")[0] == 0
    assert list(home.iterdir()) == []
    run(capsys, "backfill", PAGE)
    assert (
        run(capsys, "backfill", PAGE, "--dry-run")[1]
        == "nothing to fetch: all that tells something was read\n"
    )


def test_doctor_says_what_it_did_not_ask_and_asks_it_without_a_store_too(home, capsys):
    archive = ["--archive-dialect", "pywb", "--archive-url", "http://127.0.0.1:1/web"]
    _, quiet, _ = run(capsys, *archive, "doctor")
    code, asked, _ = run(capsys, *archive, "doctor", "--online")

    assert "(not asked whether it answers; --online asks)" in quiet
    assert "not asked" not in asked
    assert (code, "FIX  archive pywb" in asked) == (1, True)
    assert not (home / "variorum.db").exists()
    run(capsys, "track", PAGE)
    run(capsys, "backfill", "https://www.meridian-courier.example/sport/2025/03/10/harbour-eight-regatta")
    counted = "1 page tracked"
    assert f"variorum.db: {counted}" in run(capsys, "doctor")[1]
    assert f"pages\t{counted}" in run(capsys, "status")[1]


def test_a_note_a_dismissal_and_a_path_are_named_as_what_they_are(home, capsys):
    run(capsys, "backfill", PAGE)
    report = json.loads(run(capsys, "report", PAGE, "--json")[1])
    first, second = [change["id"] for step in report["transitions"] for change in step["changes"]][:2]

    assert run(capsys, "note", first, "Asked them.")[1] == f"noted on {first}\n"
    assert run(capsys, "note", first, "--dismiss")[1] == f"dismissed {first}\n"
    assert run(capsys, "note", second, "A slip.", "--dismiss")[1] == f"dismissed {second} with your note\n"
    Path("there").mkdir()
    assert run(capsys, "backup", "there/../copy.db")[1] == f"{home / 'copy.db'}\n"


def test_a_story_that_no_page_is_in_is_told_from_one_without_captures(home, capsys):
    run(capsys, "track", PAGE, "--story", "Ferry")
    assert (
        "No page of the story 'Fire' is tracked; `variorum list --known`"
        in run(capsys, "list", "--story", "Fire")[2]
    )
    assert (
        "No tracked page is in the story 'Fire': `variorum list --known`"
        in run(capsys, "report", "--story", "Fire")[2]
    )
    assert (
        "Nothing of the story 'Ferry' has been captured yet" in run(capsys, "report", "--story", "Ferry")[2]
    )
    assert run(capsys, "status", PAGE, "--max-age", "9")[0] == 2
