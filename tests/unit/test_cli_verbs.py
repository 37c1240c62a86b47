"""A verb loads its own code and what that needs, and no other's."""

import json
import signal
import subprocess
import sys
import threading
from importlib import import_module

import pytest
import typer

from crawler.cli import main
from crawler.cli.app import app
from crawler.cli.verbs import VERBS

HEAVY = {
    "alembic",
    "apscheduler",
    "bs4",
    "jinja2",
    "lxml",
    "pyarrow",
    "requests",
    "rich",
    "structlog",
    "waybackpy",
}


def test_the_table_names_every_verb_its_module_and_the_first_line_of_its_help():
    group = typer.main.get_command(app)
    context = group.make_context("variorum", [], resilient_parsing=True)
    loaded = {name: group.get_command(context, name) for name in group.list_commands(context)}
    homes = {}
    for module in {home for home, _ in VERBS.values()}:
        holder = typer.Typer()
        import_module(f"crawler.cli.{module}").register(holder)
        homes |= dict.fromkeys(typer.main.get_group(holder).commands, module)

    assert homes == {name: home for name, (home, _) in VERBS.items()}
    helps = {name: " ".join(verb.help.split("\n\n")[0].split()) for name, verb in loaded.items()}
    assert helps == {name: line for name, (_, line) in VERBS.items()}


@pytest.mark.parametrize(
    ("words", "unwanted"),
    [
        (["--help"], HEAVY | {"pydantic", "sqlalchemy", "crawler.store", "crawler.parser", "diffs.claims"}),
        (
            ["list"],
            HEAVY
            | {"crawler.parser", "crawler.archive", "diffs.claims", "diffs.changes", "diffs.model.changes"},
        ),
        (
            ["status"],
            HEAVY
            | {"crawler.parser", "crawler.archive", "diffs.claims", "diffs.changes", "diffs.model.changes"},
        ),
        (["track", "https://a.example/b"], HEAVY | {"crawler.parser", "crawler.archive", "diffs.claims"}),
    ],
)
def test_a_verb_loads_nothing_that_it_has_no_use_for(tmp_path, words, unwanted):
    store = tmp_path / "v.db"
    run = "import sys; from crawler.cli import main; main()"
    command = [sys.executable, "-c", run, "track", "https://a.example/a", "--store", str(store)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    ask = (
        "import json, sys; from crawler.cli import main; code = main(sys.argv[1:]); "
        "print(json.dumps([code, sorted(sys.modules)]), file=sys.stderr)"
    )

    done = subprocess.run(
        [sys.executable, "-c", ask, *words, "--store", str(store)],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )

    code, modules = json.loads(done.stderr.splitlines()[-1])
    assert code == 0
    assert unwanted & set(modules) == set()


def _run(ask: str, *words: str) -> bytes:
    command = [sys.executable, "-c", ask, *words]
    return subprocess.run(command, check=True, capture_output=True, input=b"", timeout=60).stdout


def test_garbage_is_looked_for_once_a_verb_is_loaded_and_not_in_what_was_loaded(tmp_path):
    store = ("--store", str(tmp_path / "v.db"))
    _run("import sys; from crawler.cli import main; sys.exit(main())", "track", "https://a.example/a", *store)
    ask = (
        "import gc, json; from crawler.cli import main; from crawler.cli import overview; seen = []; "
        "overview.table = lambda *given: seen.append((gc.isenabled(), gc.get_freeze_count() > 10_000, gc.get_threshold()[0] > 700)); "
        "code = main(); print(json.dumps([code, seen, gc.isenabled()]))"
    )
    assert json.loads(_run(ask, "list", *store)) == [0, [[True, True, True]], True]


def test_a_backfill_loads_neither_clock_nor_site():
    modules = json.loads(_run("import json, sys, crawler.cli.working; print(json.dumps([*sys.modules]))"))
    unwanted = {
        "apscheduler",
        "crawler.daemon",
        "crawler.site",
        "crawler.discovery",
        "structlog",
        "warcio",
        "bs4",
    }
    assert unwanted & set(modules) == set()
    assert "crawler.tracking" in modules


@pytest.mark.parametrize(
    ("task", "needed", "unwanted"),
    [("parse", "crawler.parser", "diffs.history"), ("history", "diffs.history", "crawler.parser")],
)
def test_a_child_loads_what_its_task_needs_and_nothing_that_only_the_other_does(task, needed, unwanted):
    ask = (
        f"import sys; from crawler.sandbox import Task, serve; serve(Task({task!r}), 2048, 30); "
        f"sys.exit({needed!r} not in sys.modules or {unwanted!r} in sys.modules)"
    )
    assert _run(ask) == b"ready"


def test_a_mistyped_verb_is_answered_with_the_nearest(capsys):
    with pytest.raises(SystemExit):
        app(args=["bakfill"], prog_name="variorum")
    assert "'backfill'" in capsys.readouterr().err


def test_a_program_that_calls_the_command_keeps_its_signals_and_its_time(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["variorum", "--version"])
    before, codes = (signal.getsignal(signal.SIGINT), threading.active_count()), []
    caller = threading.Thread(target=lambda: codes.append(main()))
    caller.start()
    caller.join(60)

    assert codes == [0]
    assert (signal.getsignal(signal.SIGINT), threading.active_count()) == before
    assert capsys.readouterr().out.startswith("variorum ")
