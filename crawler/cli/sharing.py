"""The verb for several machines that share one watch."""

import typer

from crawler.log import configure_log
from crawler.tracker import Tracker
from crawler.tracker import utc_now as clock
from crawler.worker import watch_together


def register(app: typer.Typer) -> None:
    """Add these verbs to the command."""
    app.command()(worker)


def worker(context: typer.Context) -> None:
    """Look at what is due, for ever, next to other workers on one PostgreSQL store; SIGTERM stops it."""
    configure_log()
    with Tracker.open(context.obj(), clock=clock, sandboxed=True) as tracker:
        code = watch_together(tracker)
    raise typer.Exit(code)
