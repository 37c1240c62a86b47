"""The verb that sends alerts: notify."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import typer

from crawler.cli.printing import Json, count, out, out_json, out_lines, say
from crawler.cli.screen import FAILURES
from crawler.config import Settings
from crawler.errors import ConfigError, HistoryError, StoreError, VariorumError
from crawler.model import Target
from crawler.store import AlertState, DeliveryFailure
from crawler.store.alert_records import AlertRecord, Wanted
from crawler.store.outbox import About
from crawler.tracker import Tracker
from crawler.tracker import utc_now as clock

# A dry run prints so many alerts of a channel at most.
_MOST = 1000


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
    json: Json = False,
) -> None:
    """Send the alerts that are due to the channels of `[[alerts.channels]]`."""
    from crawler.alerts.delivery import deliver, send_trial

    if test and (dry_run or since):
        raise typer.BadParameter("goes with no other option", param_hint="--test")
    if json and not dry_run:
        raise typer.BadParameter("goes with --dry-run", param_hint="--json")
    settings = context.obj()
    channels = settings.alerts.channels
    if not channels:
        raise ConfigError("No channel is set: `[[alerts.channels]]` in the settings file names one.")
    if test or dry_run:
        _name_unknown_stories(settings)
    if test:
        refused = []
        for channel in channels:
            try:
                failure = send_trial(channel)
            except ConfigError as error:
                if len(channels) == 1:
                    raise
                say(f"variorum: {error}")
                failure = DeliveryFailure.UNUSABLE
            said = "taken" if failure is None else f"not taken: {FAILURES[failure]}"
            out(f"{channel.name}\u2003{said}")
            refused += [channel.name] if failure else []
        if refused:
            raise VariorumError(
                f"{', '.join(refused)} took no message. Check the address in its url_file, and the service."
            )
        return
    with Tracker.open(settings, clock=clock, create=False) as tracker:
        if dry_run:
            due = list(_due(tracker, since))
            if json:
                out_json(due)
                return
            for each in due:
                out(f"{each.channel}\u2003{each.title}")
                out_lines(each.text)
            out(f"{count(sum(each.alerts for each in due), 'alert')} would be sent")
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


def _name_unknown_stories(settings: Settings) -> None:
    """Warn of stories that channels are set for and no page belongs to; of none where there is no store yet."""
    from crawler.alerts.rules import unknown_stories

    channels = settings.alerts.channels
    if not any(channel.stories for channel in channels):
        return
    try:
        with Tracker.open(settings, clock=clock, create=False) as tracker:
            known = tracker.store.stories.all()
    except StoreError:
        return
    for name, story in unknown_stories(channels, known):
        say(
            f"variorum: no page belongs to the story {story} of the channel {name}; it is sent nothing of it."
        )


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
            is_new=lambda _: True,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class DueMessage:
    """A message that would be sent.

    Attributes:
        channel: The channel's name.
        alerts: How many alerts it holds.
        title: Its subject.
        text: What it says, in lines.
    """

    channel: str
    alerts: int
    title: str
    text: str


def _due(tracker: Tracker, since: str | None) -> Iterator[DueMessage]:
    """Yield what a run would send now."""
    from crawler.alerts.delivery import messages_of

    now, store = clock(), tracker.store
    missed = list(_missed(tracker, since)) if since is not None else []
    for channel in tracker.settings.alerts.channels:
        due = store.alerts.due(now, channel=channel.name, limit=_MOST)
        for _, wanted in missed:
            for change, all_ in wanted.items():
                known = {each.channel for each in store.alerts.of(change)}
                due += tuple(
                    _would_be(change, each, now)
                    for each in all_
                    if each.channel == channel.name and each.channel not in known
                )
        for batch, message in messages_of(channel, due):
            yield DueMessage(channel=channel.name, alerts=len(batch), title=message.title, text=message.body)


def _would_be(change: str, wanted: Wanted, now: datetime) -> AlertRecord:
    return AlertRecord(
        id=0,
        change=change,
        channel=wanted.channel,
        about=About.FOUND,
        made=now,
        state=AlertState.PENDING,
        tries=0,
        ask_again=wanted.due,
        sent=None,
        failure=None,
        facts=wanted.facts,
    )
