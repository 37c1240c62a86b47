"""The verb that asks how well the archives cover a page or an outlet: coverage."""

from typing import Annotated

import typer

from crawler.cli.printing import Json, out_document, out_json, progress, say
from crawler.errors import ArchiveError
from crawler.tracker import Tracker
from crawler.tracker import utc_now as clock


def register(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command()(coverage)


def coverage(
    context: typer.Context,
    what: Annotated[
        list[str],
        typer.Argument(metavar="HOST|URL", help="An outlet's host, or a page.", show_default=False),
    ],
    months: Annotated[
        int, typer.Option(min=1, max=60, help="How many of an outlet's last months to look at.")
    ] = 12,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown.")] = False,
    also: Annotated[
        list[str] | None,
        typer.Option("--also", metavar="ARCHIVE", help="Ask this public archive too.", show_default=False),
    ] = None,
    json: Json = False,
) -> None:
    """Show how many captures each month has of a page or an outlet, and the cause of each gap with its proof."""
    from crawler.maintenance.outlets import known_coverage, look_at
    from diffs.reports import coverage_document
    from diffs.reports.markdown import render_document

    settings = context.obj({"archives.also": also} if also else {})
    looks = []
    with Tracker.open(settings, clock=clock) as tracker:
        for each in what:
            with progress(each) as tell:
                tell("asking the archives")
                try:
                    looked = look_at(tracker.pipeline, each, now=clock(), months=months)
                except ArchiveError as error:
                    known = known_coverage(tracker.store, each)
                    if not known:
                        raise
                    say(f"variorum: {error} This is what was known before:")
                    looks.append(known)
                    continue
            for failure in looked.failures:
                say(f"variorum: {failure}")
            looks.append(looked.coverage)
    if json:
        out_json([one for found in looks for one in found])
        return
    for found in looks:
        document = coverage_document(found)
        if markdown:
            typer.echo(render_document(document), nl=False)
        else:
            out_document(document)
