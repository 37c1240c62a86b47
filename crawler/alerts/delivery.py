"""Delivers what waits in the outbox, at least once a channel, through Apprise."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.util import find_spec
from typing import Any

from crawler.alerts.message import Message, message_of, trial_of
from crawler.alerts.settings import ChannelSettings
from crawler.config import Settings
from crawler.errors import ConfigError
from crawler.store import Store
from crawler.store.alerts import AlertRecord

# Apprise gives a mail server 15 s to connect, others 4 s, and all 4 s for each answer (2.3, read 2026-11-28): a claim
# outlives one message, of several parts too.
CLAIM = timedelta(minutes=2)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
# A service that failed so often in a row is left alone until the next round.
PATIENCE = 3
# A message names so many findings at most; of more, a digest is several messages.
_MOST = 50
EVERY_SECONDS = 15.0

_STEP = 0.1

Send = Callable[[Message], bool]
Job = Callable[[Store, Callable[[], bool]], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What a channel is sent through.

    Attributes:
        send: Sends a message; returns whether it was taken.
        gap_seconds: How far apart the service wants two messages.
    """

    send: Send
    gap_seconds: float


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
    channels: Sequence[ChannelSettings],
    *,
    clock: Callable[[], datetime],
    stop: Callable[[], bool] = lambda: False,
    claim: timedelta = CLAIM,
    first_pause: timedelta = FIRST_PAUSE,
) -> Round:
    """Send what is due, each alert claimed before and written down after: a kill between the two sends it again.

    Args:
        store: The outbox.
        channels: Where to.
        clock: Returns the time (aware UTC).
        stop: Whether to end after the message in hand.
        claim: How long an alert that is being sent stays this process's own.
        first_pause: How long an alert that was not taken rests; doubled with each try, up to six hours.

    Raises:
        ConfigError: Apprise is not installed.
    """
    require_apprise()
    sent = failed = 0
    complaints: list[str] = []
    for channel in channels:
        try:
            service = service_of(channel)
        except ConfigError as error:
            complaints.append(str(error))
            continue
        in_a_row, first = 0, True
        while in_a_row < PATIENCE and not stop():
            waiting = first or store.alerts.due(clock(), channel=channel.name, limit=1)
            if not waiting or (not first and _waited_out(service.gap_seconds, stop)):
                break
            first = False
            batch = _next(store, channel, now=clock(), claim=claim)
            if not batch:
                break
            if service.send(message_of(batch)):
                store.alerts.note_sent([each.id for each in batch], now=clock())
                sent, in_a_row = sent + len(batch), 0
                continue
            failed, in_a_row = failed + len(batch), in_a_row + 1
            for each in batch:
                again = clock() + pause_after(each.tries + 1, first=first_pause)
                reason = "the service refused it or did not answer"
                store.alerts.note_failed(each.id, reason=reason, ask_again=again)
    names = {channel.name for channel in channels}
    lost = [name for name in store.alerts.channels() if name not in names]
    complaints += [
        f"alerts wait for the channel {name}, which is not in the settings any more" for name in lost
    ]
    return Round(sent=sent, failed=failed, complaints=tuple(complaints))


def pause_after(tries: int, *, first: timedelta = FIRST_PAUSE) -> timedelta:
    """Return how long an alert rests after so many tries that failed."""
    pause: timedelta = first * 2 ** min(tries - 1, 20)
    return min(pause, LONGEST_PAUSE)


def send_trial(channel: ChannelSettings) -> bool:
    """Send a channel a message that says it works; returns whether its service took it.

    Raises:
        ConfigError: Apprise is not installed, or the channel cannot be used as it is set.
    """
    return service_of(channel).send(trial_of(channel.name))


def require_apprise() -> None:
    """Raise ConfigError where Apprise is not installed."""
    if find_spec("apprise") is None:
        raise ConfigError("alerts.channels needs an extra: pip install 'variorum[notify]'")


def service_of(channel: ChannelSettings) -> Service:
    """Return what a channel is sent through.

    Raises:
        ConfigError: Apprise is not installed, or the channel's address cannot be used; no message shows it.
    """
    require_apprise()
    address = channel.address()
    import apprise  # noqa: PLC0415

    # What it logs, and what it raises, may hold an address; what came of a message is asked instead.
    log = logging.getLogger("apprise")
    if not any(isinstance(handler, logging.NullHandler) for handler in log.handlers):
        log.addHandler(logging.NullHandler())
    log.propagate = False
    asset = apprise.AppriseAsset(secure_logging=True, async_mode=False, app_id="Variorum", app_desc="alerts")
    service: Any = apprise.Apprise(asset=asset)
    try:
        known = service.add(address)
    except Exception:  # noqa: BLE001
        known = False
    where = f"The address in {channel.url_file} of the channel {channel.name}"
    if not known or not len(service):
        raise ConfigError(
            f"{where} is none that Apprise knows; its services are listed at https://github.com/caronc/apprise/wiki."
        )
    if len(service) > 1 or len(service[0]) > 1:
        raise ConfigError(
            f"{where} has several recipients. Give each a channel of its own: what one does not take would be sent to "
            "all of them again. A mail may name more behind cc=."
        )

    # Apprise sleeps between messages (mail 5.5 s, Slack 1.2 s, a web hook not; 2.3, read 2026-11-28), deaf to a daemon's end.
    gap = float(service[0].request_rate_per_sec)
    service[0].request_rate_per_sec = 0
    if service[0].overflow_mode == apprise.OverflowMode.UPSTREAM:
        # A service refuses what is longer than it takes (Discord 2,000 characters), however often it is sent.
        service[0].overflow_mode = apprise.OverflowMode.SPLIT

    def send(message: Message) -> bool:
        try:
            taken = service.notify(
                title=message.title, body=message.body, body_format="text", interpret_escapes=False
            )
        except Exception:  # noqa: BLE001
            return False
        return bool(taken)

    return Service(send=send, gap_seconds=gap)


def _waited_out(seconds: float, stop: Callable[[], bool]) -> bool:
    """Wait so long, or until asked to stop; returns whether that was asked."""
    until = time.monotonic() + seconds
    while not stop() and time.monotonic() < until:
        time.sleep(_STEP)
    return stop()


def alert_jobs(settings: Settings, *, clock: Callable[[], datetime]) -> dict[str, tuple[float, Job]]:
    """Return the job that delivers alerts; none where no channel is set.

    Raises:
        ConfigError: Apprise is not installed.
    """
    channels = settings.alerts.channels
    if not channels:
        return {}
    require_apprise()
    complained: list[tuple[str, ...]] = [()]

    def work(store: Store, stop: Callable[[], bool]) -> str | None:
        done = deliver(store, channels, clock=clock, stop=stop)
        parts = [f"{done.sent} alerts sent"] if done.sent else []
        parts += [f"{done.failed} not taken"] if done.failed else []
        if done.complaints != complained[0]:
            parts += done.complaints
            complained[0] = done.complaints
        return "; ".join(parts) or None

    return {"alerts": (EVERY_SECONDS, work)}


def _next(
    store: Store, channel: ChannelSettings, *, now: datetime, claim: timedelta
) -> tuple[AlertRecord, ...]:
    """Claim what a channel is sent next: one alert, or with a digest what is due, as much as a message names."""
    due = store.alerts.due(now, channel=channel.name, limit=_MOST)
    if channel.digest != "none":
        mine = store.alerts.claim(due, now=now, until=now + claim)
        return tuple(each for each in due if each.id in mine)
    for each in due:
        if store.alerts.claim([each], now=now, until=now + claim):
            return (each,)
    return ()
