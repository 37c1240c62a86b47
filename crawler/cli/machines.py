"""How `variorum report` gives machines what they asked for: one document on stdout, or a data package."""

from collections.abc import Iterable
from pathlib import Path

import typer

from crawler.cli.printing import out_path
from crawler.publish import Page
from crawler.tracker import Tracker
from diffs.reports import json_chunks, render_atom, render_changes_csv, render_claims_csv

PACKED = "parquet"  # a form of data packages alone


def print_machine(pages: Iterable[Page], form: str, *, one: bool, codebook: str | None = None) -> int:
    """Print one document: a feed, a list of reports (or the one asked for), or one table; returns its changes."""
    if form == "atom":
        known = list(pages)
        notes = [note for page in known for note in page.notes]
        typer.echo(render_atom([page.history for page in known], title="Variorum: changes", notes=notes))
        return sum(map(_changes_in, known))
    changes, place = 0, 0
    for place, page in enumerate(pages):
        changes += _changes_in(page)
        if form == "json":
            typer.echo("" if one else ",\n" if place else "[", nl=False)
            for piece in json_chunks(page.history, page.notes):
                typer.echo(piece, nl=False)
        else:
            made = (
                render_claims_csv(page.history, codebook)
                if codebook
                else render_changes_csv(page.history, page.notes)
            )
            head, _, rows = made.partition("\n")
            typer.echo(rows if place else f"{head}\n{rows}", nl=False)
    if form == "json":
        typer.echo("" if one else "]")
    return changes


def print_dataset(tracker: Tracker, form: str, folder: Path | None, *, one: bool) -> int:
    """Write the data package of all pages, print its files, and return how many changes it holds."""
    from crawler.dataset import write_dataset

    if one or folder is None:
        raise typer.BadParameter("takes all pages, and a folder by --out", param_hint="--all")
    paths, changes = write_dataset(tracker.pages(), folder, form=form)
    for path in paths:
        out_path(path)
    return changes


def _changes_in(page: Page) -> int:
    return sum(len(transition.changes) for transition in page.history.transitions)
