"""Delivers what waits in the outbox, at least once a channel, through Apprise."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from crawler.alerts.message import Message, message_of, trial_of
from crawler.alerts.service import require_apprise, service_of, waited_out
from crawler.alerts.settings import AlertSettings, ChannelSettings
from crawler.config import Settings
from crawler.errors import ConfigError
from crawler.store import DeliveryFailure, Store
from crawler.store.alert_records import AlertRecord
from diffs.reports.wording import count

LONGEST_PAUSE = timedelta(hours=6)
# A service that failed so often in a row is left alone until the next round.
PATIENCE = 3
# A message names so many findings at most; of more, a digest is several messages.
_MOST = 50

Fits = Callable[[Message], bool]
Job = Callable[[Store, Callable[[], bool]], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What came of one round of delivery.

    Attributes:
        sent: Alerts delivered.
        failed: Alerts whose service did not take them.
        complaints: Channels that cannot be used as they are set, and why.
    """

    sent: int = 0
    failed: int = 0
    complaints: tuple[str, ...] = ()


def deliver(
    store: Store,
    alerts: AlertSettings,
    *,
    clock: Callable[[], datetime],
    stop: Callable[[], bool] = lambda: False,
) -> Round:
    """Send what is due, channel by channel; takes, returns and raises what `deliver_to` does.

    Alerts of channels that are not set any more are complained of.
    """
    rounds = [deliver_to(store, channel, alerts, clock=clock, stop=stop) for channel in alerts.channels]
    return Round(
        sent=sum(each.sent for each in rounds),
        failed=sum(each.failed for each in rounds),
        complaints=(*(line for each in rounds for line in each.complaints), *_orphans(store, alerts)),
    )


def deliver_to(
    store: Store,
    channel: ChannelSettings,
    alerts: AlertSettings,
    *,
    clock: Callable[[], datetime],
    stop: Callable[[], bool] = lambda: False,
) -> Round:
    """Send a channel what is due, each alert claimed before and written down after: a kill between the two sends it again.

    Args:
        store: The outbox.
        channel: Where to.
        alerts: How long a claim lasts, and how long what was not taken rests.
        clock: Returns the time (aware UTC).
        stop: Whether to end after the message in hand.

    Raises:
        ConfigError: Apprise is not installed.
    """
    require_apprise()
    try:
        service = service_of(channel)
    except ConfigError as error:
        store.alerts.note_unusable(channel.name, now=clock())
        return Round(complaints=(str(error),))
    lease = timedelta(seconds=alerts.lease_seconds)
    sent = failed = in_a_row = 0
    first = True

    def rested(tries: int) -> datetime:
        return clock() + pause_after(tries, first=timedelta(seconds=alerts.retry_seconds))

    while in_a_row < PATIENCE and not stop():
        waiting = first or store.alerts.due(clock(), channel=channel.name, limit=1)
        if not waiting or (not first and waited_out(service.gap_seconds, stop)):
            break
        first = False
        batch = _next(store, channel, service.fits, now=clock(), claim=lease)
        if not batch:
            break
        failure = service.send(service.fitted(message_of(batch)))
        if failure is None:
            store.alerts.note_sent([each.id for each in batch], now=clock())
            sent, in_a_row = sent + len(batch), 0
            continue
        failed, in_a_row = failed + len(batch), in_a_row + 1
        store.alerts.note_failed([each.id for each in batch], failure, ask_again=rested)
    return Round(sent=sent, failed=failed)


def _orphans(store: Store, alerts: AlertSettings) -> tuple[str, ...]:
    """Return a complaint for each channel that something waits for and that is not set."""
    names = {channel.name for channel in alerts.channels}
    return tuple(
        f"alerts wait for the channel {name}, which is not in the settings any more"
        for name in store.alerts.channels()
        if name not in names
    )


def pause_after(tries: int, *, first: timedelta) -> timedelta:
    """Return how long an alert rests after so many tries that failed."""
    pause: timedelta = first * 2 ** min(tries - 1, 20)
    return min(pause, LONGEST_PAUSE)


def send_trial(channel: ChannelSettings) -> DeliveryFailure | None:
    """Send a channel a message that says it works; returns what kept its service from taking it, or None.

    Raises:
        ConfigError: Apprise is not installed, or the channel cannot be used as it is set.
    """
    return service_of(channel).send(trial_of(channel.name))


def alert_jobs(settings: Settings, *, clock: Callable[[], datetime]) -> dict[str, tuple[float, Job]]:
    """Return the jobs that deliver alerts, one for each channel, so that none waits for another; none without channels.

    Raises:
        ConfigError: Apprise is not installed.
    """
    alerts = settings.alerts
    if not alerts.channels:
        return {}
    require_apprise()
    return {
        f"alerts {channel.name}": (alerts.every_seconds, _job(channel, alerts, clock=clock, leads=not number))
        for number, channel in enumerate(alerts.channels)
    }


def _job(
    channel: ChannelSettings, alerts: AlertSettings, *, clock: Callable[[], datetime], leads: bool
) -> Job:
    """Return the job of a channel; one of them complains for the channels that are not set any more."""
    complained: list[tuple[str, ...]] = [()]

    def work(store: Store, stop: Callable[[], bool]) -> str | None:
        done = deliver_to(store, channel, alerts, clock=clock, stop=stop)
        parts = [f"{count(done.sent, 'alert')} sent to {channel.name}"] if done.sent else []
        parts += [f"{done.failed} not taken by {channel.name}"] if done.failed else []
        complaints = (*done.complaints, *(_orphans(store, alerts) if leads else ()))
        if complaints != complained[0]:
            parts += complaints
            complained[0] = complaints
        return "; ".join(parts) or None

    return work


def batches_of(
    channel: ChannelSettings, due: Sequence[AlertRecord], *, fits: Fits = lambda _: True
) -> Iterator[tuple[AlertRecord, ...]]:
    """Yield what goes into one message each: a finding, or with a digest several; troubles always several.

    Args:
        channel: Where they go.
        due: What is to be sent there.
        fits: Whether the channel's service takes a message as it is; of what does not fit, one is left.
    """
    for is_trouble, alike in groupby(due, key=lambda each: each.change is None):
        rows, most = deque(alike), _MOST if is_trouble or channel.digest != "none" else 1
        while rows:
            batch = [rows.popleft()]
            while rows and len(batch) < most and fits(message_of((*batch, rows[0]))):
                batch.append(rows.popleft())
            yield tuple(batch)


def messages_of(
    channel: ChannelSettings, due: Sequence[AlertRecord]
) -> Iterator[tuple[tuple[AlertRecord, ...], Message]]:
    """Yield the messages that a channel would be sent; of one whose address cannot be used, as if any length were taken."""
    try:
        service = service_of(channel)
    except ConfigError:
        yield from ((batch, message_of(batch)) for batch in batches_of(channel, due))
        return
    for batch in batches_of(channel, due, fits=service.fits):
        yield batch, service.fitted(message_of(batch))


def _next(
    store: Store, channel: ChannelSettings, fits: Fits, *, now: datetime, claim: timedelta
) -> tuple[AlertRecord, ...]:
    """Claim what a channel is sent next, in one message."""
    due = store.alerts.due(now, channel=channel.name, limit=_MOST)
    for batch in batches_of(channel, due, fits=fits):
        mine = store.alerts.claim(batch, now=now, until=now + claim)
        if mine:
            return tuple(each for each in batch if each.id in mine)
    return ()


def send_directly(channels: Sequence[ChannelSettings], message: Message) -> int:
    """Send a message past the outbox, where the store takes none; returns how many channels took it."""
    taken = 0
    for channel in channels:
        try:
            service = service_of(channel)
            taken += service.send(service.fitted(message)) is None
        except ConfigError:
            continue
    return taken
