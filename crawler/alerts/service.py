"""The service behind a channel, reached through Apprise: what it takes in one message, and how far apart."""

import logging
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Any

from crawler.alerts.message import Message, shortened
from crawler.alerts.settings import ChannelSettings
from crawler.errors import ConfigError, how_to_install
from crawler.store import DeliveryFailure

# A worker asks its database whether it still leads, each time.
_STEP = 0.5
# Seconds after which Apprise itself gives up on a service (2.3, read 2026-11-29); a service that sends a byte now and then
# would otherwise be read for as long as it likes.
_LONGEST = 60.0
# Where Apprise turns lines into HTML, each grows by its tags and signs (mail; 2.3, read 2026-11-28): a half is left for them.
_HTML_GROWS = 2

Send = Callable[[Message], DeliveryFailure | None]
# Apprise writes the HTTP status to its log alone, as `error=503` (162 of its 183 services; 2.3, read 2026-11-28).
_STATUS = re.compile(r"\berror=(\d{3})\b")
_NO_CONNECTION = re.compile(r"connection error|socket exception|timed? ?out", re.IGNORECASE)
_BY_STATUS = {
    401: DeliveryFailure.UNAUTHORISED,
    403: DeliveryFailure.UNAUTHORISED,
    404: DeliveryFailure.NOT_FOUND,
    410: DeliveryFailure.NOT_FOUND,
    413: DeliveryFailure.TOO_LONG,
    429: DeliveryFailure.SLOW_DOWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What a channel is sent through.

    Attributes:
        send: Sends a message; returns what kept it from being taken, or None.
        gap_seconds: How far apart the service wants two messages.
        room: Returns how many characters of text a message with this title may have.
        most_lines: How many lines of text it may have, or None where any number.
    """

    send: Send
    gap_seconds: float
    room: Callable[[str], int]
    most_lines: int | None = None

    def fits(self, message: Message) -> bool:
        """Return whether the service takes a message as it is."""
        lines = message.body.count("\n") + 1
        return len(message.body) <= self.room(message.title) and lines <= (self.most_lines or lines)

    def fitted(self, message: Message) -> Message:
        """Return a message that the service takes: this one, or its most telling lines, under a shorter title if need be."""
        if self.fits(message):
            return message
        last = len(message.body.rpartition("\n")[2])
        title = message.title
        # Where the title leads the text, a long one would leave no room for the finding's id (a text message: 160).
        while title and self.room(f"{title}…") < last:
            title = title[:-1]
        if title and self.room(message.title) < last:
            message = replace(message, title=f"{title}…")
        return shortened(message, self.room(message.title), most_lines=self.most_lines)


def require_apprise() -> None:
    """Raise ConfigError where Apprise is not installed."""
    if find_spec("apprise") is None:
        raise ConfigError(f"alerts.channels are set: {how_to_install('notify')}.")


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
    # A deadline would be kept in a pool of threads that outlives Ctrl-C (2.3, read 2026-11-29): a process that is stopped while
    # one of them starts waits for it without end.
    asset = apprise.AppriseAsset(
        secure_logging=True, async_mode=False, service_timeout=0, app_id="Variorum", app_desc="alerts"
    )
    service: Any = apprise.Apprise(asset=asset)
    try:
        known = service.add(address)
    except Exception:  # noqa: BLE001  whatever a plugin says of an address that is none; the error below says what to do
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

    # Apprise sleeps between messages (mail 5.5 s, Slack 1.2 s, a web hook not; 2.3, read 2026-11-28) and cannot be interrupted.
    gap = float(service[0].request_rate_per_sec) if channel.gap_seconds is None else channel.gap_seconds
    service[0].request_rate_per_sec = 0
    # Messages are made to fit; what Apprise would split it would post at once, and a service that limits posts refuses that.
    service[0].overflow_mode = apprise.OverflowMode.TRUNCATE

    given_up: list[threading.Thread] = []

    def send(message: Message) -> DeliveryFailure | None:
        # What is still being read may not be used by a second thread.
        if any(one.is_alive() for one in given_up):
            return DeliveryFailure.NO_ANSWER
        given_up.clear()
        results: list[Any] = []

        def post() -> None:
            try:
                results.append(
                    service.notify(
                        title=message.title, body=message.body, body_format="text", interpret_escapes=False
                    )
                )
            except Exception:  # noqa: BLE001  whatever a plugin raises: what became of the message is unknown, and told as that
                results.append(None)

        posting = threading.Thread(target=post, name="send", daemon=True)
        posting.start()
        posting.join(_LONGEST)
        if not results:
            given_up.append(posting)
            return DeliveryFailure.NO_ANSWER
        if results[0] is None:
            return DeliveryFailure.UNKNOWN
        return None if results[0] else _failure_of(results[0])

    lines = _most_lines(service[0])
    return Service(send=send, gap_seconds=gap, room=lambda title: _room(service[0], title), most_lines=lines)


def _failure_of(result: Any) -> DeliveryFailure:
    """Return what kept a message from being taken, by the last that Apprise logged of it; the log is not kept."""
    lines = [str(entry.message) for each in result for attempt in each for entry in attempt.logs]
    text = lines[-1] if lines else ""
    found = _STATUS.search(text)
    if found is not None:
        status = int(found[1])
        return _BY_STATUS.get(status, DeliveryFailure.FAILING if status >= 500 else DeliveryFailure.REFUSED)
    return DeliveryFailure.NO_ANSWER if _NO_CONNECTION.search(text) else DeliveryFailure.UNKNOWN


def _room(plugin: Any, title: str) -> int:
    """Return how many characters of a body a service takes under a title (Apprise 2.3, read 2026-11-28)."""
    room = int(plugin.body_maxlen) - int(plugin.overflow_buffer)
    if plugin.title_maxlen <= 0:
        room -= len(title) + 2  # the title leads the body, in a line of its own
    elif plugin.overflow_amalgamate_title:
        room -= min(len(title) + int(plugin.overflow_max_display_count_width), int(plugin.title_maxlen))
    return room if plugin.notify_format == "text" else room // _HTML_GROWS


def _most_lines(plugin: Any) -> int | None:
    """Return how many lines of a body a service takes: two of Kodi and Growl, ten of desktops, any of most (Apprise 2.3, 2026-11-29)."""
    most = int(plugin.body_max_line_count)
    if most <= 0:
        return None
    return max(1, most - int(plugin.title_maxlen <= 0))  # the title leads the body, in a line of its own


def waited_out(seconds: float, stop: Callable[[], bool]) -> bool:
    """Wait so long, or until asked to stop; returns whether that was asked."""
    until = time.monotonic() + seconds
    while not stop() and time.monotonic() < until:
        time.sleep(min(_STEP, max(0.0, until - time.monotonic())))
    return stop()
