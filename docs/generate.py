"""Writes docs/cli.md, docs/configuration.md and docs/report.schema.json from the program itself; `make docs` runs it."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any, get_args

import typer
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from crawler.cli.app import app
from crawler.config import PREFIX, Settings
from diffs.reports.schema import render_schema

HERE = Path(__file__).parent
WIDTH = 110
WRITTEN = "<!-- Written by docs/generate.py; change the program, then run `make docs`. -->\n"
COMPLETION = """
## Completion in the shell

`variorum --install-completion` teaches the shell it is run in (bash, zsh, fish, PowerShell) to complete verbs and options;
`variorum --show-completion` prints what it would add, for those who keep their start files by hand.
"""


def cli() -> str:
    """Return the reference of the command: the help text of each verb."""
    command: Any = typer.main.get_command(app)
    outer = command.make_context("variorum", [], resilient_parsing=True, terminal_width=WIDTH)
    parts = [
        f"# The command\n\n{WRITTEN}",
        (
            "Exit codes: 0 done, 1 an expected failure with one line that says what to do, 2 wrong usage, 3 there were changes\n"
            "(with `--exit-code`), 130 stopped by Ctrl-C. Data goes to standard output, progress and log to standard error.\n"
        ),
        _help(command, outer),
    ]
    for name in command.list_commands(outer):
        verb = command.get_command(outer, name)
        inner = verb.make_context(
            name, [], parent=outer, resilient_parsing=True, terminal_width=WIDTH, max_content_width=WIDTH
        )
        parts.append(f"## {name}\n\n{_help(verb, inner)}")
    return "\n".join(parts) + COMPLETION


def _help(command: Any, context: Any) -> str:
    context.terminal_width = context.max_content_width = WIDTH
    text = re.sub(r"[ \t]+$", "", command.get_help(context), flags=re.MULTILINE)
    return f"```text\n{text.strip()}\n```\n"


def configuration() -> str:
    """Return the reference of the settings: name, environment variable, default, bounds, meaning."""
    parts = [
        f"# Settings\n\n{WRITTEN}",
        (
            "Flags win over environment variables, which win over the file, which wins over the defaults. The file is the one that\n"
            "`--config` or `VARIORUM_CONFIG` names, else `config/variorum.toml` below the working directory, else `variorum.toml` in\n"
            "your configuration directory. A name that is no setting is an error.\n"
        ),
        _table("", Settings, _attributes(Settings)),
    ]
    for name, field in Settings.model_fields.items():
        group = field.annotation
        if isinstance(group, type) and issubclass(group, BaseModel):
            first, *rest = dedent(f"    {group.__doc__ or ''}").split("Attributes:")[0].strip().split("\n\n")
            text = "\n\n".join(" ".join(part.split()) for part in (first, *rest))
            parts.append(f"## [{name}]\n\n{text}\n\n{_table(name, group, _attributes(group))}")
            parts.extend(_entries(name, group))
    return "\n".join(parts)


def _entries(group: str, model: type[BaseModel]) -> Iterator[str]:
    """Yield a table of the settings of each list's entries, which the file alone can hold."""
    for name, field in model.model_fields.items():
        for entry in get_args(field.annotation):
            if isinstance(entry, type) and issubclass(entry, BaseModel):
                first = (entry.__doc__ or "").split("\n", 1)[0]
                rows = ["| setting | default | bounds | meaning |", "| --- | --- | --- | --- |"]
                meanings = {
                    key: text for base in entry.__mro__[::-1] for key, text in _attributes(base).items()
                }
                for each, inner in entry.model_fields.items():
                    default = "required" if inner.is_required() else _default(inner.default)
                    cells = (f"`{each}`", default, ", ".join(_bounds(inner.metadata)), meanings.get(each, ""))
                    rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
                table = "\n".join(rows)
                yield f"### [[{group}.{name}]]\n\n{first}\n\n{table}\n"


def _table(group: str, model: type[BaseModel], meanings: dict[str, str]) -> str:
    rows = ["| setting | environment | default | bounds | meaning |", "| --- | --- | --- | --- | --- |"]
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            continue
        variable = f"{PREFIX}{group}_{name}".upper().replace("__", "_")
        bounds = ", ".join(_bounds(field.metadata))
        cells = (f"`{name}`", f"`{variable}`", _default(field.default), bounds, meanings.get(name, ""))
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows) + "\n"


def _default(value: Any) -> str:
    if value is PydanticUndefined or value in (None, "", ()):
        return "none"
    if isinstance(value, Path):
        return f"`{value.name}` in your data directory"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _bounds(metadata: list[Any]) -> Iterator[str]:
    signs = {"gt": "over", "ge": "from", "lt": "under", "le": "to", "max_length": "letters to"}
    for each in metadata:
        for name, word in signs.items():
            value = getattr(each, name, None)
            if value is not None:
                yield f"{word} {value:,.10g}"


def _attributes(model: type) -> dict[str, str]:
    """Return the meanings in a class's docstring by attribute."""
    _, _, listed = (model.__doc__ or "").partition("Attributes:\n")
    found = re.findall(r"^ +(\w+): (.+(?:\n {12,}.+)*)", listed, re.MULTILINE)
    return {name: " ".join(text.split()) for name, text in found}


PAGES = {"cli.md": cli, "configuration.md": configuration, "report.schema.json": render_schema}


def main() -> int:
    """Write the pages; with `--check` write nothing, and return 1 where one is stale."""
    stale = []
    for name, written in PAGES.items():
        text = written()
        if not (HERE / name).exists() or (HERE / name).read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv[1:]:
                (HERE / name).write_text(text, encoding="utf-8")
    for name in stale:
        print(f"docs/{name}: {'stale; run `make docs`' if '--check' in sys.argv[1:] else 'written'}")
    return int(bool(stale) and "--check" in sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
