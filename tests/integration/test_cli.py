"""The `variorum` command as its users type it, on the demo's captures."""

import csv
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from crawler.cli import main
from diffs.reports.structured import VERSION

ROOT = Path(__file__).parents[2]
WARC = ROOT / "seeds" / "demo" / "meridian-courier.warc.gz"
PAGE = "https://www.meridian-courier.example/world/2025/03/11/silver-tern-ferry-port-sarel"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that holds every capture of the demo."""
    folder = tmp_path_factory.mktemp("filled")
    places = ["--store", str(folder / "variorum.db"), "--reports", str(folder / "reports")]
    archive = ["--archive-dialect", "warc", "--archive-url", str(WARC)]
    assert main([*places, *archive, "backfill", PAGE, "--every-capture"]) == 0
    return folder / "variorum.db"


@pytest.fixture
def stocked(home: Path, filled: Path) -> Path:
    """The same user, whose store holds every capture of the demo already."""
    (home / "variorum.db").write_bytes(filled.read_bytes())
    return home


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


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of a store, so that two states can be compared."""
    with sqlite3.connect(path) as database:
        names = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
        return {
            name: sorted(database.execute(f"select * from {name}").fetchall(), key=repr) for name in names
        }


def test_backfill_writes_a_report_and_doing_it_again_changes_nothing(home, capsys) -> None:
    code, first, _ = run(capsys, "backfill", PAGE, "--every-capture")
    assert code == 0
    (report,) = [Path(line) for line in first.splitlines() if line.endswith(".md")]
    before = (report.read_bytes(), report.stat().st_mtime_ns, contents(home / "variorum.db"))

    code, second, _ = run(capsys, "backfill", PAGE, "--every-capture")

    assert (code, second) == (0, first)
    assert before == (report.read_bytes(), report.stat().st_mtime_ns, contents(home / "variorum.db"))


def test_bisecting_first_and_filling_in_later_ends_where_fetching_everything_does(home, capsys) -> None:
    run(capsys, "backfill", PAGE)
    run(capsys, "backfill", PAGE, "--every-capture")
    (bisected,) = (home / "reports").glob("*.md")
    run(capsys, "--store", "other.db", "--reports", "other", "backfill", PAGE, "--every-capture")
    (whole,) = (home / "other").glob("*.md")

    assert bisected.read_bytes() == whole.read_bytes()


def test_a_backfill_within_a_budget_goes_on_where_it_stopped(home, capsys) -> None:
    _, _, progress = run(capsys, "backfill", PAGE, "--every-capture", "--budget", "3")
    assert "\n  3. " in progress
    assert "\n  4. " not in progress
    _, _, progress = run(capsys, "backfill", PAGE, "--every-capture")

    fetched = [line for line in progress.splitlines() if line.endswith("UTC read")]
    assert 0 < len(fetched) < 14


def test_a_dry_run_fetches_nothing(home, capsys) -> None:
    code, printed, _ = run(capsys, "backfill", PAGE, "--dry-run")
    assert code == 0
    assert "bodies to fetch" in printed
    run(capsys, "backfill", PAGE, "--budget", "1")
    assert run(capsys, "backfill", PAGE, "--dry-run")[0] == 0
    _, status, _ = run(capsys, "status")
    assert "bodies\t1:" in status


def test_a_period_leaves_other_captures_alone(home, capsys) -> None:
    run(capsys, "backfill", PAGE, "--from", "2025-03-12", "--to", "2025-03-12", "--every-capture")
    _, printed, _ = run(capsys, "status", PAGE, "--json")
    times = [each["capture"]["at"] for each in json.loads(printed)["observations"]]

    assert times
    assert all(time.startswith("2025-03-12") for time in times)


def test_capture_without_a_save_compares_the_newest_with_an_earlier_one(home, capsys) -> None:
    code, printed, progress = run(capsys, "capture", PAGE, "--no-save")

    assert code == 0
    assert "newest capture read: 2025-03-13 16:45 UTC" in progress
    assert "changes of figures (" in progress
    assert any(line.endswith(".md") for line in printed.splitlines())


def test_tracked_pages_are_looked_at_when_due_and_then_left_alone(home, capsys) -> None:
    Path("list.txt").write_text(f"# the demo\n\n{PAGE}   # a comment\n", encoding="utf-8")
    assert run(capsys, "track", "--story", "ferry", "--file", "list.txt")[0] == 0
    assert "already tracked" in run(capsys, "track", PAGE)[1]
    assert PAGE in run(capsys, "list", "--story", "ferry")[1]

    assert run(capsys, "run")[1] == "looked at 1 page\n"
    assert run(capsys, "run")[1] == "looked at 0 pages\n"
    assert run(capsys, "run")[2].startswith("Nothing is due before 20")
    assert "then about every" in run(capsys, "status", PAGE)[1]
    assert run(capsys, "untrack", PAGE)[0] == 0
    assert run(capsys, "run")[2] == "Nothing is tracked: `variorum track URL` starts it.\n"
    assert run(capsys, "list")[1] == ""
    known = run(capsys, "list", "--known")[1].splitlines()[1].split("\t")
    assert (known[0], known[2]) == (PAGE, "not tracked")
    assert " read, " in run(capsys, "status")[1]


def test_a_story_is_reported_in_one_comparison(home, capsys) -> None:
    run(capsys, "track", PAGE, "--story", "ferry")
    run(capsys, "run")
    code, printed, _ = run(capsys, "report", "--story", "ferry")
    pages = [Path(line).read_text("utf-8") for line in printed.splitlines() if line.endswith(".md")]

    assert code == 0
    assert len(pages) == 2


def test_show_diff_and_claims_speak_of_the_time_asked_for(stocked, capsys) -> None:
    early = run(capsys, "show", PAGE, "20250311070000", "--removed")[1]
    late = run(capsys, "show", PAGE)[1]
    assert "Ministry Says 7 Dead" in early
    assert "feedback" in early.lower()
    assert "Ministry Says 15 Dead" in late

    changes = run(capsys, "diff", PAGE, "20250311070000", "2025-03-11T09:30")[1]
    assert "killed, the Interior Ministry; headline too\t7 → 12\tnew date only" in changes
    assert changes.count("when the Silver Tern rolled onto its side") == 1
    assert "Version 1 of 9, captured 2025-03-11 06:40:12 UTC, from a WARC file." in early
    assert "Version 3 of 9" in run(capsys, "show", PAGE, "version 3")[1]
    assert run(capsys, "diff", PAGE, "--exit-code")[0] == 3
    # The steps between versions 2 and 5, however long each stood, and as many changes as there are rows.
    whole = run(capsys, "diff", PAGE)[1].splitlines()
    assert whole[0].startswith("Tue 11 Mar 2025 07:55 → Thu 13 Mar 12:00 UTC: ")
    rows = whole[3 : whole.index("", 3)]
    assert whole[0].endswith(f": {len(rows)} changes")
    assert late.count("The crossing is the busiest in Sarel Sound") == 1
    figures = run(capsys, "claims", PAGE, "2025-03-11T07", "--explain")[1]
    assert "killed" in figures
    assert "rule " in figures
    assert "killed\t7\tthe Interior Ministry\tthe text" in figures
    assert run(capsys, "claims", PAGE)[1].count("when the Silver Tern rolled onto its side") == 1
    assert run(capsys, "status", PAGE)[1].startswith(
        "The death toll in this article rose from 7 to at least 15"
    )


@pytest.mark.parametrize("words", [("show", PAGE), ("diff", PAGE), ("claims", PAGE), ("status",), ("list",), ("report", PAGE), ("verify",), ("scrub",), ("doctor",)])  # fmt: skip
def test_every_verb_that_reads_has_a_json_form(stocked, capsys, words) -> None:
    code, printed, _ = run(capsys, *words, "--json")

    assert code == 0
    document = json.loads(printed)
    assert all(
        one.get("schema_version", one.get("version")) == VERSION
        for one in (document if isinstance(document, list) else [document])
    )


def test_a_report_goes_to_stdout_for_machines_and_to_files_when_a_folder_is_named(stocked, capsys) -> None:
    assert run(capsys, "report", PAGE, "--format", "csv")[1].count("\n") > 3
    assert run(capsys, "report", "--format", "atom")[1].startswith("<?xml")
    written = run(capsys, "report", PAGE, "--format", "csv", "--out", "tables")[1].split()
    assert all(Path(name).is_file() and name.endswith(".csv") for name in written)
    assert written


def test_parse_reads_a_page_from_a_file_or_from_standard_input(home, capsys) -> None:
    (page,) = (ROOT / "seeds" / "shape").glob("*.txt")
    code, printed, _ = run(capsys, "parse", str(page), "--json")
    assert code == 0
    piped = subprocess.run(
        [sys.executable, "-c", "import sys; from crawler.cli import main; sys.exit(main())", "parse", "-", "--json"],
        input=page.read_bytes(), capture_output=True, timeout=60, check=True,
    )  # fmt: skip
    assert json.loads(piped.stdout)["headline"] == json.loads(printed)["headline"]


@pytest.mark.parametrize("body", [b"", b"junk\n", bytes(range(256)) * 20, b"%PDF-1.7\n" + b"text " * 400])
def test_a_file_that_is_no_page_is_one_line_and_a_failure(home, capsys, body) -> None:
    (home / "file").write_bytes(body)
    code, printed, said = run(capsys, "parse", "file")
    assert (code, printed) == (1, "")
    assert said == "variorum: file holds no web page. Name a page that was saved as HTML or text.\n"


def test_a_page_that_is_suspect_is_read_with_a_warning(home, capsys) -> None:
    (home / "page.html").write_text("<html><body><h1>Ferry sinks</h1><p>Twelve dead.</p></body></html>")
    code, printed, said = run(capsys, "parse", "page.html")
    assert code == 0
    assert "Ferry sinks" in printed
    assert said.startswith("variorum: the page is suspect (")


def test_every_id_of_a_report_can_be_cited_and_noted_by_how_it_begins(stocked, capsys) -> None:
    run(capsys, "report", PAGE)
    (report,) = [path.read_text("utf-8") for path in (stocked / "reports").glob("*silver*.md")]
    ids = re.findall(r"\d\u00a0`([0-9a-f]{16})`", report.partition("### Captures")[2])
    assert len(ids) == 34
    for one in (*ids[:3], *ids[-3:], *re.findall("34\u00a0`([0-9a-f]{16})`", report)):
        code, printed, _ = run(capsys, "cite", one[:10], "--format", "wikipedia")
        assert code == 0
        assert one in printed
        assert run(capsys, "note", one[:10], "Seen.")[1] == f"noted on {one}\n"
    (odd,) = re.findall("34\u00a0`([0-9a-f]{16})`", report)
    code, _, said = run(capsys, "export", "--finding", odd[:8], "--out", "one.wacz")
    assert (code, f"`variorum cite {odd}`" in said) == (1, True)
    run(capsys, "report", PAGE)
    (noted,) = [path.read_text("utf-8") for path in (stocked / "reports").glob("*silver*.md")]
    disagreements = noted.partition("## Figures that disagree")[2].partition("##")[0]
    assert ": Seen." in disagreements


def test_exported_evidence_comes_back_by_import_with_the_same_report(stocked, capsys) -> None:
    assert run(capsys, "export", PAGE, "--out", "export")[0] == 0
    assert (stocked / "export" / "variorum.cdxj").read_text("utf-8").count("\n") > 10

    code, printed, _ = run(capsys, "--store", "copy.db", "import", "export")
    assert code == 0
    assert "1 page" in printed
    again = run(capsys, "--store", "copy.db", "import", "export")[1]
    assert " 0 new" in again
    ours = json.loads(run(capsys, "report", PAGE, "--json")[1])
    theirs = json.loads(run(capsys, "--store", "copy.db", "report", PAGE, "--json")[1])
    assert [t["changes"] for t in ours["transitions"]] == [t["changes"] for t in theirs["transitions"]]
    assert run(capsys, "--store", "copy.db", "verify")[0] == 0


def test_verify_names_the_body_whose_bytes_have_changed(stocked, capsys) -> None:
    assert run(capsys, "verify")[0] == 0
    with sqlite3.connect(stocked / "variorum.db") as database:
        (sha,) = database.execute("select sha256 from body order by sha256 limit 1").fetchone()
        database.execute("update body set z = zeroblob(length(z)) where sha256 = ?", (sha,))
    database.close()
    code, printed, complaint = run(capsys, "verify", PAGE)

    assert code == 1
    assert (sha if isinstance(sha, str) else sha.hex()) in printed
    assert "backup" in complaint
    assert run(capsys, "scrub")[0] == 1


def test_a_backup_restores_what_was_there(stocked, capsys) -> None:
    assert run(capsys, "backup", "copy.db")[0] == 0
    before = contents(stocked / "variorum.db")
    (stocked / "variorum.db").unlink()
    assert run(capsys, "restore", "copy.db")[0] == 0
    after = contents(stocked / "variorum.db")
    log, logged = set(before.pop("custody")), set(after.pop("custody"))
    assert log < logged
    assert [row[3] for row in logged - log] == ["restored"]
    assert {**after, "custody_tip": None} == {**before, "custody_tip": None}


def test_a_note_stays_with_its_finding_through_a_rebuild_and_shows_in_the_report(stocked, capsys) -> None:
    report = json.loads(run(capsys, "report", PAGE, "--json")[1])
    change = next(c for t in report["transitions"] for c in t["changes"] if c["kind"] == "casualty")
    assert run(capsys, "note", change["id"], "Confirmed by the ministry's own page.")[0] == 0

    code, printed, _ = run(capsys, "rebuild", PAGE)
    assert code == 0
    assert "0 findings appeared, 0 vanished" in printed
    run(capsys, "report", PAGE)
    (text,) = [path.read_text("utf-8") for path in (stocked / "reports").glob("*silver*.md")]
    assert "Confirmed by the ministry" in text
    assert run(capsys, "note", "0123456789abcdef", "nothing there")[0] == 1


def test_status_and_diff_leave_out_what_the_report_does(stocked, capsys) -> None:
    report = json.loads(run(capsys, "report", PAGE, "--json")[1])
    changes = [c for t in report["transitions"] for c in t["changes"] if c["kind"] == "casualty"]
    assert "rose from" in run(capsys, "status", PAGE)[1].partition("\n")[0]
    for change in changes:
        assert run(capsys, "note", change["id"], "A slip.", "--dismiss")[0] == 0
    run(capsys, "report", PAGE)
    (text,) = [path.read_text("utf-8") for path in (stocked / "reports").glob("*silver*.md")]
    title = run(capsys, "status", PAGE)[1].partition("\n")[0]
    assert text.startswith(f"# {title}\n")
    assert "rose from" not in title
    table, _, gone = run(capsys, "diff", PAGE, "version 6", "version 7")[1].partition(
        "Findings that a reader"
    )
    assert "\t≥ 15 → ≥ 13" not in table
    assert "A slip." in gone
    left = json.loads(run(capsys, "diff", PAGE, "version 6", "version 7", "--json")[1])
    assert left
    assert not {one["id"] for one in changes} & {one["id"] for one in left}
    for form in ((), ("--all", "--out", str(stocked / "package"))):
        printed = run(capsys, "report", *(form or (PAGE,)), "--format", "csv")[1]
        table = (stocked / "package" / "changes.csv").read_text("utf-8") if form else printed
        marked = {row["id"] for row in csv.DictReader(io.StringIO(table)) if row["dismissed"] == "true"}
        assert marked == {one["id"] for one in changes}


def test_a_report_of_a_page_and_of_a_story_is_not_asked_for_at_once(stocked, capsys) -> None:
    code, _, complaint = run(capsys, "report", PAGE, "--story", "Ferry")
    assert code == 2
    assert "name a page or a story" in complaint


def test_doctor_says_what_to_mend(home, capsys) -> None:
    code, printed, _ = run(capsys, "doctor")
    assert code == 0, printed
    code, printed, complaint = run(
        capsys, "--archive-dialect", "wayback", "--archive-url", "https://web.archive.org", "doctor"
    )
    assert code == 1
    assert "FIX  contact" in printed
    assert "1 thing to repair" in complaint


@pytest.mark.parametrize(
    "verb",
    [
        "track",
        "untrack",
        "list",
        "status",
        "capture",
        "backfill",
        "run",
        "daemon",
        "report",
        "show",
        "diff",
        "claims",
        "parse",
        "verify",
        "export",
        "import",
        "doctor",
        "demo",
        "rebuild",
        "scrub",
        "backup",
        "restore",
        "note",
    ],
)
def test_every_verb_explains_itself(capsys, verb) -> None:
    code, printed, _ = run(capsys, verb, "--help")
    assert code == 0
    assert printed.startswith(f"Usage: variorum {verb}")
    assert len(printed.splitlines()) > 4


def test_a_reader_that_has_gone_is_no_failure(stocked) -> None:
    command = [
        sys.executable,
        "-c",
        "import sys; from crawler.cli import main; sys.exit(main())",
        "show",
        PAGE,
        "--removed",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(timeout=60) == 0


def test_ctrl_c_says_that_nothing_is_lost(home, capsys, monkeypatch) -> None:
    def pressed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("crawler.tracking.pipeline.Pipeline.list_captures", pressed)
    code, _, told = run(capsys, "backfill", PAGE)
    assert code == 130
    assert "stopped; what was done until now is kept" in told


def test_a_terminal_that_knows_few_letters_gets_escapes(stocked) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from crawler.cli import main; sys.exit(main())", "diff", PAGE],
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"killed, the Interior Ministry" in done.stdout


def test_a_quiet_run_prints_no_progress_and_keeps_its_complaints(home, capsys) -> None:
    code, _, progress = run(capsys, "backfill", PAGE)
    assert "UTC read" in progress
    quiet = run(capsys, "backfill", PAGE, "-q")
    assert quiet[0] == code
    assert "fetched" not in quiet[2]
    assert quiet[1]
    assert "Nothing is tracked" in run(capsys, "--quiet", "list")[2]


def test_a_verbose_run_prints_each_request(home, capsys) -> None:
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        place = ["--archive-dialect", "pywb", "--archive-url", f"http://127.0.0.1:{server.server_port}/web"]
        _, _, plain = run(capsys, *place, "backfill", PAGE)
        code, _, verbose = run(capsys, *place, "backfill", PAGE, "-v")
        server.shutdown()
    assert code == 1
    shown = f'http://127.0.0.1:{server.server_port} "GET /web/cdx'
    assert shown not in plain
    assert shown in verbose


def test_the_demo_asks_nobody_whatever_is_set(home, capsys, monkeypatch) -> None:
    monkeypatch.setenv("VARIORUM_LIMITS_CDX_PER_MINUTE", "abc")
    code, printed, _ = run(capsys, "demo", "--out", "demo")
    assert code == 0
    lines = printed.splitlines()
    assert len(lines) == 5
    assert "≥ 15 → ≥ 13" in lines[1]
    assert Path(lines[-1].removeprefix("The report: ")).read_text(encoding="utf-8").startswith("# ")


def test_a_check_makes_no_store_and_tells_no_password(home, capsys, monkeypatch) -> None:
    archive = ["--archive-dialect", "pywb", "--archive-url", "http://reader:hunter2@127.0.0.1:1/web"]
    _, printed, _ = run(capsys, *archive, "--contact", "me@example.org", "doctor")
    assert "hunter2" not in printed
    assert not (home / "variorum.db").exists()
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    assert run(capsys, "--store=", "list")[0] == 1


def test_what_leads_nowhere_says_so(stocked, capsys) -> None:
    assert "not tracked" in run(capsys, "status", PAGE)[1]
    assert "Nothing is tracked" in run(capsys, "list")[2]
    assert "same capture" in run(capsys, "diff", PAGE, "2025-03-13T17", "2025-03-13")[2]
    code, _, told = run(capsys, "backfill", PAGE, "--from", "2030")
    assert (code, "no capture of" in told) == (0, True)
    assert run(capsys, "backfill", PAGE, "--from", "2027", "--to", "2026")[0] == 2
    mixed = run(
        capsys, "--archive-dialect", "warc", "--archive-url", "https://web.archive.org", "backfill", PAGE
    )
    assert mixed[0] == 1
    assert "must be the path" in mixed[2]


def test_a_pasted_address_is_read_for_what_it_says(stocked, capsys) -> None:
    assert "Ministry Says 15 Dead" in run(capsys, "show", PAGE)[1]
    assert "Ministry Says 7 Dead" in run(capsys, "show", f"web.archive.org/web/20250311070000/{PAGE}")[1]
    code, _, said = run(capsys, "track", f"{PAGE}?utm_source=letter&fbclid=1")
    assert code == 0
    assert f"{PAGE}: read without utm_source, fbclid" in said
    _, listed, _ = run(capsys, "list")
    assert "utm_source" not in listed


def test_a_backup_is_not_overwritten_unless_that_is_asked_for(stocked, capsys) -> None:
    assert run(capsys, "backup", "copy.db")[0] == 0
    before = Path("copy.db").read_bytes()
    code, _, said = run(capsys, "backup", "copy.db")
    assert (code, "--force" in said, Path("copy.db").read_bytes()) == (1, True, before)
    assert run(capsys, "backup", "copy.db", "--force")[0] == 0


def test_an_address_of_which_nothing_is_found_is_not_remembered(home, capsys) -> None:
    for verb in (("backfill",), ("backfill", "--dry-run"), ("capture", "--no-save")):
        code, _, said = run(capsys, verb[0], f"{PAGE}-typed-wrong", *verb[1:])
        assert (code, "no capture" in said.lower()) == (1, True), said
    assert run(capsys, "list", "--known")[1] == ""
    run(capsys, "track", f"{PAGE}-typed-wrong")
    run(capsys, "backfill", f"{PAGE}-typed-wrong")
    assert "typed-wrong" in run(capsys, "list")[1]


def test_another_store_s_report_is_seen_before_anything_is_fetched(stocked, capsys) -> None:
    run(capsys, "report", PAGE)
    code, _, progress = run(capsys, "--store", "other.db", "backfill", PAGE)
    assert (code, "is a report of another store (../variorum.db)" in progress) == (1, True)
    assert " read" not in progress
    assert run(capsys, "--store", "other.db", "status")[1].count("bodies\t0") == 1


def test_the_demo_can_keep_its_store(home, capsys) -> None:
    assert run(capsys, "demo", "--out", "demo", "--store", "kept.db")[0] == 0
    address = "https://www.meridian-courier.example/world/2025/03/11/silver-tern-ferry-port-sarel"
    code, printed, _ = run(capsys, "--store", "kept.db", "diff", address, "version 6", "version 7")
    assert (code, "≥ 15 → ≥ 13" in printed) == (0, True)


def test_a_story_counts_the_pages_of_which_no_capture_is_known(stocked, capsys) -> None:
    run(capsys, "track", PAGE, "https://www.meridian-courier.example/never-captured", "--story", "ferry")
    _, printed, _ = run(capsys, "report", "--story", "ferry")
    files = [Path(line) for line in printed.splitlines()]
    (story,) = [file for file in files if file.name.startswith("story-") and file.suffix == ".md"]
    assert "Of 1 page no capture is known yet." in story.read_text("utf-8")
    assert not [file for file in files if "never-captured" in file.name]
