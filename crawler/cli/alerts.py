"""The verb that sends alerts: notify."""

from collections.abc import Iterator
from typing import Annotated

import typer

from crawler.cli.printing import count, out, out_lines, say
from crawler.errors import ConfigError, HistoryError, VariorumError
from crawler.model import Target
from crawler.store.alerts import Wanted
from crawler.tracker import Tracker
from crawler.tracker import utc_now as clock


def register(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command()(notify)


def notify(
    context: typer.Context,
    test: Annotated[bool, typer.Option("--test", help="Send each channel a test message.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be sent; send nothing.")
    ] = False,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Also what changed since then and was never announced, as after an import.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Send the alerts that are due to the channels of `[[alerts.channels]]`."""
    from crawler.alerts.delivery import deliver, send_trial

    if test and (dry_run or since):
        raise typer.BadParameter("goes with no other option", param_hint="--test")
    settings = context.obj()
    channels = settings.alerts.channels
    if not channels:
        raise ConfigError("No channel is set: `[[alerts.channels]]` in the settings file names one.")
    if test:
        refused = []
        for channel in channels:
            try:
                taken = send_trial(channel)
            except ConfigError as error:
                if len(channels) == 1:
                    raise
                say(f"variorum: {error}")
                taken = False
            out(f"{channel.name}\u2003{'taken' if taken else 'refused'}")
            refused += [] if taken else [channel.name]
        if refused:
            raise VariorumError(
                f"{', '.join(refused)} took no message. Check the address in its url_file, and the service."
            )
        return
    with Tracker.open(settings, clock=clock, create=False) as tracker:
        if dry_run:
            _print_due(tracker, since)
            return
        if since is not None:
            for target, wanted in _missed(tracker, since):
                tracker.store.alerts.add(target, wanted, now=clock())
        done = deliver(tracker.store, settings.alerts, clock=clock)
    for complaint in done.complaints:
        say(f"variorum: {complaint}")
    out(f"{count(done.sent, 'alert')} sent, {done.failed:,} not taken")
    if done.failed or done.complaints:
        raise VariorumError("Not every alert was delivered; `variorum notify` tries again, `status` counts.")


def _missed(tracker: Tracker, since: str) -> Iterator[tuple[Target, dict[str, tuple[Wanted, ...]]]]:
    """Yield pages with what their channels want of their changes since a time."""
    from crawler.address import time_of
    from crawler.alerts.rules import chosen

    first, settings = time_of(since), tracker.settings
    assert first is not None
    for target in tracker.store.targets.all(include_untracked=True):
        try:
            history = tracker.pipeline.history(target)
        except HistoryError as error:
            say(f"variorum: {error}")
            continue
        standing = {change.id for change in tracker.store.findings.of(target)}
        dismissed = {note.change: note.dismissed for note in tracker.store.findings.notes(target)}
        wanted = chosen(
            settings.alerts.channels,
            target,
            history,
            since=first,
            rows=(),
            now=clock(),
            folder=settings.reports,
        )
        yield (
            target,
            {
                name: all_
                for name, all_ in wanted.items()
                if name in standing and not dismissed.get(name, False)
            },
        )


def _print_due(tracker: Tracker, since: str | None) -> None:
    """Print what a run would send now, message by message."""
    from crawler.alerts.delivery import batches_of
    from crawler.alerts.message import message_of

    now, store = clock(), tracker.store
    printed = 0
    for channel in tracker.settings.alerts.channels:
        due = store.alerts.due(now, channel=channel.name, limit=1000)
        for batch in batches_of(channel, due):
            printed += len(batch)
            message = message_of(batch)
            out(f"{channel.name}\u2003{message.title}")
            out_lines(message.body)
    if since is not None:
        for target, wanted in _missed(tracker, since):
            for change, all_ in wanted.items():
                known = {each.channel for each in store.alerts.of(change)}
                for each in all_:
                    if each.channel not in known:
                        printed += 1
                        out(f"{each.channel}\u2003{target.url}\u2003{change}")
    out(f"{count(printed, 'alert')} would be sent")
