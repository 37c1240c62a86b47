"""The verb for several machines that share one watch."""

import typer

from crawler.cli.logs import LogForm, settings_and_log
from crawler.tracker import Tracker
from crawler.tracker import utc_now as clock
from crawler.worker import watch_together


def register(app: typer.Typer) -> None:
    """Add these verbs to the command."""
    app.command()(worker)


def worker(context: typer.Context, log_format: LogForm = None) -> None:
    """Visit pages as they fall due, next to other workers on one PostgreSQL store; SIGTERM stops it."""
    with Tracker.open(settings_and_log(context, log_format), clock=clock, sandboxed=True) as tracker:
        code = watch_together(tracker)
    raise typer.Exit(code)
