"""How the command prints: data to stdout, progress to stderr, page text always inert."""

import contextlib
import json
import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from textwrap import shorten
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from diffs.model import (
    Change,
    ChangeKind,
    ChangeType,
    ClaimKind,
    Disclosure,
    History,
    Interval,
    Outcome,
    Weight,
    to_json,
)
from diffs.reports import render_terminal
from diffs.reports.document import Column, Document, Line, Table, line
from diffs.reports.safe import json_text, terminal_text
from diffs.reports.wording import counted, figure, source, title

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


def out_lines(text: str) -> None:
    """Print a text of several lines, each made inert."""
    for one in text.splitlines():
        out(one)


def out_document(document: Document) -> None:
    """Print a report document: wrapped and in colour on a terminal, else a line a row."""
    console = Console()
    width = console.width if sys.stdout.isatty() else None
    colour = width is not None and console.color_system is not None and not console.no_color
    typer.echo(render_terminal(document, width=width, colour=colour), nl=False)


def out_json(record: Any) -> None:
    """Print a record's JSON form."""
    typer.echo(json_text(json.dumps(to_json(record), ensure_ascii=False, indent=1)))


def say(text: str) -> None:
    """Print one line of progress or complaint; the work goes on where nobody reads it any more."""
    with contextlib.suppress(BrokenPipeError):
        typer.echo(terminal_text(text), err=True)


def table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table: under its titles on a terminal, a row a line with tabs elsewhere."""
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


def one_line(change: Change) -> str:
    """Return what changed in one line: a figure as `12 → 15`, a text by both its forms, cut to size."""
    claims = (change.claim_before, change.claim_after)
    if any(claims):
        told = [figure(claim) if claim else "not given" for claim in claims]
    else:
        sides = (change.before, change.after)
        told = [shorten(side.text, 70, placeholder=" …") if side else "nothing" for side in sides]
    return f"{title(change)}: {told[0]} → {told[1]}"


def what_is_counted(change: Change) -> str:
    """Return what a change of figure counts and who says so, in brackets; empty for other changes."""
    claim = change.claim_after or change.claim_before
    return f" ({counted(claim)}, per {source(claim)})" if claim else ""


def foremost(history: History, most: int) -> list[tuple[Interval, Change]]:
    """Return the changes a reader should look at first, in that order.

    Figures of killed come first. One that went down or moved without a note comes before one that a note names, a larger step before a smaller one,
    figures before quotations, those before headlines.
    """
    found = [
        (step.interval, change)
        for step in history.transitions
        for change in step.changes
        if change.weight is Weight.SUBSTANTIVE and not change.told_by
    ]
    return sorted(found, key=lambda each: _rank(each[1]))[:most]


def _rank(change: Change) -> tuple[int, bool, bool, bool, float]:
    order = (ChangeKind.CASUALTY, ChangeKind.CORRECTION, ChangeKind.QUOTE, ChangeKind.HEADLINE)
    claims = [claim for claim in (change.claim_before, change.claim_after) if claim]
    values = [claim.value for claim in claims if claim.value]
    step = max(values) / min(values) if len(values) == 2 else 1.0
    return (
        order.index(change.kind) if change.kind in order else len(order),
        all(claim.kind is not ClaimKind.KILLED for claim in claims),
        change.type is not ChangeType.DECREASED,
        change.disclosure is not Disclosure.SILENT,
        -step,
    )


class _Requests(logging.Handler):
    """Prints what the HTTP library logs of each request, made inert."""

    def emit(self, record: logging.LogRecord) -> None:
        say(record.getMessage())


_REQUESTS = _Requests()
_SHOWN = {"progress": True}


def be_as_loud(*, quiet: bool, verbose: bool) -> None:
    """Set for this run whether progress is printed, and whether each request to an archive is.

    urllib3 (2.8, read 2026-11-28) logs method, path, status and length of every reply at the level of debugging, no header and no key.
    """
    _SHOWN["progress"] = not quiet
    log = logging.getLogger("urllib3.connectionpool")
    log.removeHandler(_REQUESTS)
    log.setLevel(logging.DEBUG if verbose else logging.NOTSET)
    if verbose:
        log.addHandler(_REQUESTS)


@contextmanager
def progress(title: str) -> Iterator[Callable[[str], None]]:
    """Return a callback for how far the work is: a live line on a terminal, plain lines elsewhere, nothing where quiet."""
    if not _SHOWN["progress"]:
        yield lambda _: None
        return
    if not sys.stderr.isatty():
        yield lambda text: say(f"{title}: {text}")
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(terminal_text(title), total=None)
        yield lambda text: bar.update(task, description=terminal_text(f"{title}: {text}"))
