"""How the command prints: data to stdout, progress to stderr, page text always inert."""

import contextlib
import json
import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from diffs.model import SCHEMA_VERSION, Outcome, to_json
from diffs.reports.document import Column, Document, Line, Table, line
from diffs.reports.safe import json_text, terminal_text
from diffs.reports.terminal import render_terminal

if TYPE_CHECKING:
    from crawler.tracking.mending import Mended

OUTCOMES = {
    Outcome.PENDING: "not asked for yet",
    Outcome.FETCHED: "read",
    Outcome.UNCHANGED: "same bytes",
    Outcome.REVISIT: "same bytes",
    Outcome.REDIRECT: "a redirect",
    Outcome.NOT_ARTICLE: "not the article",
    Outcome.FAILED: "could not be fetched",
    Outcome.CONFLICT: "contradicted by the archive",
    Outcome.DISPUTED: "contradicted by another archive",
}
Json = Annotated[bool, typer.Option("--json", help="Print the JSON form.")]


def out(text: str = "") -> None:
    """Print one line of data, every line break and control character in it made visible."""
    typer.echo(terminal_text(text))


def out_path(path: Path, before: str = "") -> None:
    """Print where something was written: as it was named, or in full where the name goes up and down folders."""
    out(f"{before}{path.resolve() if '..' in path.parts else path}")


def out_lines(text: str) -> None:
    """Print a text of several lines, each made inert."""
    for one in text.splitlines():
        out(one)


def out_pairs(pairs: Iterable[tuple[str, str]]) -> None:
    """Print many lines of data at once: a word of our own, a wide space, and a text made inert."""
    text = "\n".join(f"{word}\u2003{terminal_text(rest)}" for word, rest in pairs)
    if text:
        typer.echo(text)


def out_document(document: Document) -> None:
    """Print a report document: wrapped and in colour on a terminal, else a line a row."""
    width, colour = _terminal() if sys.stdout.isatty() else (None, False)
    typer.echo(render_terminal(document, width=width, colour=colour), nl=False)


def _terminal() -> tuple[int, bool]:
    """Return how wide the terminal is, and whether it takes colours."""
    from rich.console import Console

    console = Console()
    return console.width, console.color_system is not None and not console.no_color


def out_json(record: Any) -> None:
    """Print a record's JSON form, or that of several, each with the version of the schema."""
    form = to_json(record)
    form = [_versioned(one) for one in form] if isinstance(form, list) else _versioned(form)
    typer.echo(json_text(json.dumps(form, ensure_ascii=False, indent=1)))


def _versioned(form: Any) -> Any:
    return {"schema_version": SCHEMA_VERSION} | form if isinstance(form, dict) else form


def say(text: str) -> None:
    """Print one line of progress or complaint; the work goes on where nobody reads it any more."""
    with contextlib.suppress(BrokenPipeError):
        typer.echo(terminal_text(text), err=True)


def table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table under its titles, where it has some: in columns on a terminal, a row a line with tabs elsewhere."""
    known = tuple(tuple(line(cell) for cell in row) for row in rows)
    if known:
        out_document(table_of(titles, known))


def table_of(titles: Sequence[str], rows: Sequence[Sequence[Line]]) -> Document:
    """Return a table as a document without a title."""
    columns = tuple(Column(title=title) for title in titles)
    return Document(title=(), blocks=(Table(columns=columns, rows=tuple(map(tuple, rows))),))


def when(at: datetime | None) -> str:
    """Return a time as reports print it, or a dash."""
    return at.strftime("%Y-%m-%d %H:%M UTC") if at else "-"


def count(number: int, noun: str) -> str:
    """Return a number with its noun in the right form: `1 capture`, `2 captures`."""
    plural = noun[:-1] + "ies" if noun.endswith("y") and noun[-2] not in "aeiou" else noun + "s"
    return f"{number:,} {noun if number == 1 else plural}"


def mended_words(mended: "Mended") -> str:
    """Return what became of captures whose kept bytes were damaged."""
    parts = [f"damaged bytes of {count(mended.captures, 'capture')} replaced by the same, sound"]
    if mended.left:
        parts.append(
            f"those of {count(mended.left, 'capture')} are not to be had: `variorum restore` brings a backup back"
        )
    return "; ".join(parts[0 if mended.captures else 1 :])


class _Requests(logging.Handler):
    """Prints what the HTTP library logs of each request, made inert."""

    def emit(self, record: logging.LogRecord) -> None:
        say(record.getMessage())


class _Told(logging.Handler):
    """Prints what the store says of its own accord, such as that it was brought up to date."""

    def emit(self, record: logging.LogRecord) -> None:
        say(f"variorum: {record.getMessage()}")


_REQUESTS, _TOLD = _Requests(), _Told()
_SHOWN = {"progress": True, "requests": False}


def be_as_loud(*, quiet: bool, verbose: bool) -> None:
    """Set for this run whether progress is printed, and whether each request to an archive is.

    urllib3 (2.8, read 2026-11-28) logs method, path, status and length of every reply at the level of debugging, no header and no key.
    """
    _SHOWN.update(progress=not quiet, requests=verbose)
    logging.getLogger("crawler.store").handlers = [_TOLD]
    log = logging.getLogger("urllib3.connectionpool")
    log.removeHandler(_REQUESTS)
    log.setLevel(logging.DEBUG if verbose else logging.NOTSET)
    if verbose:
        log.addHandler(_REQUESTS)


def is_quiet() -> bool:
    """Return whether only data and complaints are wanted."""
    return not _SHOWN["progress"]


def is_verbose() -> bool:
    """Return whether each request to an archive is wanted as well."""
    return _SHOWN["requests"]


@contextmanager
def progress(title: str) -> Iterator[Callable[[str], None]]:
    """Return a callback for how far the work is: a live line on a terminal, elsewhere plain lines behind the title, nothing where quiet."""
    if not _SHOWN["progress"]:
        yield lambda _: None
        return
    if not sys.stderr.isatty():
        heads = iter([f"{title}: "])
        yield lambda text: say(f"{next(heads, '  ')}{text}")
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(terminal_text(title), total=None)
        yield lambda text: bar.update(task, description=terminal_text(f"{title}: {text}"))
