"""The verbs that publish: site, cite."""

from typing import Annotated

import typer

from crawler.citation import citation_of
from crawler.tracker import Tracker
from crawler.tracker import utc_now as clock
from diffs.reports.citing import CITATIONS


def register(app: typer.Typer) -> None:
    """Add these verbs to the command."""
    for verb in (cite,):
        app.command()(verb)


def _known_citation(value: str) -> str:
    if value not in CITATIONS:
        raise typer.BadParameter(f"{value!r} is not one of {', '.join(CITATIONS)}.")
    return value


def cite(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="FINDING|URL",
            help="A finding's id from a report, or a page's address.",
            show_default=False,
        ),
    ],
    form: Annotated[
        str,
        typer.Option(
            "--format",
            callback=_known_citation,
            metavar=f"[{'|'.join(CITATIONS)}]",
            help="For reference managers, wikis or web pages.",
        ),
    ] = "csl",
) -> None:
    """Print a citation of a finding, or of a page: both captures, with digests and dates."""
    with Tracker.open(context.obj(), clock=clock, create=False) as tracker:
        captures = citation_of(tracker, what)
    typer.echo(CITATIONS[form](captures), nl=False)
