"""The verbs that publish: site, cite."""

from pathlib import Path
from typing import Annotated

import typer

from crawler.cli.printing import count, out_path, say
from crawler.errors import ConfigError
from crawler.tracker import Tracker
from crawler.tracker import utc_now as clock

# In the order of `diffs.reports.citation_forms.CITATIONS`, which is loaded only where one is made.
CITATION_FORMS = ("csl", "bibtex", "ris", "wikipedia", "robustlink", "affidavit")


def register(app: typer.Typer) -> None:
    """Add these verbs to the command."""
    for verb in (site, cite):
        app.command()(verb)


def site(
    context: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--out", help="Folder of the site; by default the one of [site] out.", show_default=False
        ),
    ] = None,
    search: Annotated[
        bool | None,
        typer.Option(
            help="Whether it can be searched; by default where Pagefind is installed.", show_default=False
        ),
    ] = None,
) -> None:
    """Build the reading room: static pages over all reports, with lists, feeds and search; only what changed is written."""
    from crawler.site.opening import site_of
    from crawler.site.search import EXTRA, can_search

    if search and not can_search():
        raise ConfigError(EXTRA)
    with Tracker.open(context.obj(), clock=clock, create=False) as tracker:
        built = site_of(tracker, folder, search=search).build()
    say(
        f"{count(built.pages, 'page')}: {count(built.written, 'file')} written, "
        f"{built.unchanged:,} unchanged, {built.removed:,} removed"
    )
    if not built.search and search is None:
        say(f"The site is built without search: {EXTRA}.")
    out_path(built.front)


def _known_citation(value: str) -> str:
    if value not in CITATION_FORMS:
        raise typer.BadParameter(f"{value!r} is not one of {', '.join(CITATION_FORMS)}.")
    return value


def cite(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="FINDING|URL",
            help="A finding's id from a report, or how it begins, or a page's address.",
            show_default=False,
        ),
    ],
    form: Annotated[
        str,
        typer.Option(
            "--format",
            callback=_known_citation,
            metavar=f"[{'|'.join(CITATION_FORMS)}]",
            help="For reference managers, wikis, web pages or a court.",
        ),
    ] = "csl",
) -> None:
    """Print a citation of a finding, or of a page: both captures, with digests and dates."""
    from crawler.citation import citation_of
    from diffs.reports.citation_forms import CITATIONS

    with Tracker.open(context.obj(), clock=clock, create=False) as tracker:
        captures = citation_of(tracker, what)
    typer.echo(CITATIONS[form](captures), nl=False)
