"""The command's frame: global options, and how failures leave it."""

import io
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli import STOPPED
from crawler.cli.printing import be_as_loud, say
from crawler.cli.verbs import Verbs
from crawler.errors import VariorumError

if TYPE_CHECKING:
    from crawler.config import Settings

app = typer.Typer(
    cls=Verbs,
    name="variorum",
    help="What an article said, when, and what was quietly changed.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

# Options that belong to no verb may stand on either side of it.
ANYWHERE = ("--config", "--store", "--reports", "--archive-url", "--archive-dialect", "--contact")
SWITCHES = ("--siblings", "--no-siblings", "-q", "--quiet", "-v", "--verbose")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"variorum {version('variorum')}")
        raise typer.Exit


@app.callback()
def settings(
    context: typer.Context,
    config: Annotated[Path | None, typer.Option(help="Settings file (TOML).", show_default=False)] = None,
    store: Annotated[
        str | None, typer.Option(help="Database: a path or a SQLAlchemy URL.", show_default=False)
    ] = None,
    reports: Annotated[Path | None, typer.Option(help="Folder for reports.", show_default=False)] = None,
    archive_url: Annotated[
        str | None, typer.Option(help="Base address of the archive, or a path for warc.", show_default=False)
    ] = None,
    archive_dialect: Annotated[
        str | None, typer.Option(help="wayback, pywb, memento or warc.", show_default=False)
    ] = None,
    contact: Annotated[
        str | None, typer.Option(help="How the archive's staff can reach you.", show_default=False)
    ] = None,
    siblings: Annotated[
        bool | None,
        typer.Option(
            "--siblings/--no-siblings",
            help="Fetch a few other articles of a page's site, to tell an article from what all its pages share.",
            show_default=False,
        ),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print no progress; data and complaints stay.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Print each request to an archive, and its status.")
    ] = False,
    _version_wanted: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """What an article said, when, and what was quietly changed."""
    be_as_loud(quiet=quiet, verbose=verbose)
    flags: dict[str, Any] = {
        "store": store,
        "reports": reports,
        "contact": contact,
        "archive.url": archive_url,
        "archive.dialect": archive_dialect,
        "siblings": siblings,
    }

    def given(more: Iterable[tuple[str, Any]] = ()) -> "Settings":
        from crawler.config import load_settings

        return load_settings(config, flags | dict(more))

    context.obj = given


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: The words after `variorum`; by default the process's.

    Returns:
        0 done, 1 an expected failure, 2 usage, 3 there were changes (with `--exit-code`), 130 stopped by Ctrl-C.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    words = _forward(list(sys.argv[1:] if argv is None else argv))
    try:
        app(args=words, prog_name="variorum")
    except SystemExit as leaving:
        return _code_of(leaving)
    except VariorumError as error:
        say(f"variorum: {error}")
        return 1
    except OSError as error:
        say(
            f"variorum: the output cannot be written: {error.strerror or error}. Free some room, or write elsewhere."
        )
        return 1
    return 0


def _code_of(leaving: SystemExit) -> int:
    """Return the exit code; typer (0.29.2) answers Ctrl-C with 130 and a reader that has gone with 1."""
    if isinstance(leaving.__context__, BrokenPipeError):
        return 0
    if leaving.code == STOPPED:
        say("variorum: stopped; what was done until now is kept, and the same command does the rest.")
    return leaving.code if isinstance(leaving.code, int) else 0


def _forward(words: list[str]) -> list[str]:
    """Move the options that belong to no verb in front of it, where click wants them."""
    front, rest, index = [], [], 0
    while index < len(words):
        word = words[index]
        if word == "--":
            rest += words[index:]
            break
        name, given, _ = word.partition("=")
        if name in ANYWHERE:
            front.append(word)
            if not given and index + 1 < len(words):
                index += 1
                front.append(words[index])
        elif word in SWITCHES:
            front.append(word)
        else:
            rest.append(word)
        index += 1
    return front + rest
