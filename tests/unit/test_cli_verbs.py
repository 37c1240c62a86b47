"""A verb loads its own code and what that needs, and no other's."""

import json
import subprocess
import sys
from importlib import import_module

import pytest
import typer

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
        (["list"], HEAVY | {"crawler.parser", "crawler.archive", "diffs.claims", "diffs.changes"}),
        (["status"], HEAVY | {"crawler.parser", "crawler.archive", "diffs.claims", "diffs.changes"}),
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


def test_a_mistyped_verb_is_answered_with_the_nearest(capsys):
    with pytest.raises(SystemExit):
        app(args=["bakfill"], prog_name="variorum")
    assert "'backfill'" in capsys.readouterr().err
