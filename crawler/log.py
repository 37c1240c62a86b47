"""The log of a process that runs for ever, on stderr: lines for people on a terminal, JSON lines elsewhere."""

import logging
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, TextIO

import structlog

from crawler.tracking.events import Published
from crawler.watching import LogFormat
from diffs.model import Weight
from diffs.reports.safe import terminal_text

_MOST_CHANGES = 20
_MOST_CHARACTERS = 200
_TRACES = ("exception", "trace")
Fields = MutableMapping[str, Any]


def configure_log(
    stream: TextIO | None = None,
    *,
    form: LogFormat = "auto",
    quiet: bool = False,
    verbose: bool = False,
) -> None:
    """Log to stderr: time, level, event and what belongs to it, control and direction characters made visible.

    Args:
        stream: Where to log instead.
        form: Lines for people, JSON lines, or the former on a terminal alone.
        quiet: Whether only warnings and errors are logged.
        verbose: Whether each request to an archive is logged as well.
    """
    target = stream or sys.stderr
    human = form == "human" or (form == "auto" and target.isatty())
    level = logging.WARNING if quiet else logging.DEBUG if verbose else logging.INFO
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(
                fmt="%Y-%m-%d %H:%M:%SZ" if human else "iso", utc=True, key="ts"
            ),
            structlog.processors.format_exc_info,
            *(_for_people(colours=target.isatty()) if human else [structlog.processors.JSONRenderer()]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: _Log(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    # The scheduler speaks through logging, in plain text; what it has to say is logged by the listener.
    scheduler = logging.getLogger("apscheduler")
    scheduler.addHandler(logging.NullHandler())
    scheduler.propagate = False
    # urllib3 (2.8, read 2026-11-28) logs method, path, status and length of every reply for debugging, no header.
    requests = logging.getLogger("urllib3.connectionpool")
    requests.handlers = [_Requests()] if verbose else []
    requests.setLevel(logging.DEBUG if verbose else logging.NOTSET)
    logging.getLogger("crawler.store").handlers = [_Store()]


def _for_people(*, colours: bool) -> list[Any]:
    """Return what makes a line for a terminal of an event: nothing that a page wrote can move its cursor."""
    renderer = structlog.dev.ConsoleRenderer(
        colors=colours,
        timestamp_key="ts",
        exception_formatter=structlog.dev.plain_traceback,
        pad_event_to=12,
        sort_keys=False,
    )
    return [_inert, renderer]


def _inert(_logger: object, _method: str, fields: Fields) -> Fields:
    """Return an event's fields as text of one line each; a traceback keeps its lines, which come last."""
    traces = [str(fields.pop(name)) for name in _TRACES if fields.get(name)]
    shown: Fields = {name: _shown(value) for name, value in fields.items()}
    if traces:
        lines = "\n".join(traces).splitlines()
        shown["exception"] = "\n".join(terminal_text(line) for line in lines)
    return shown


def _shown(value: object) -> object:
    if isinstance(value, (int, float)) or value is None:
        return value
    return terminal_text(str(value) if isinstance(value, str) else repr(value))


class _Requests(logging.Handler):
    """Logs what the HTTP library says of each request."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().debug("request", said=record.getMessage())


class _Store(logging.Handler):
    """Logs what the store says of its own accord, such as that it was brought up to date."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().warning("store", said=record.getMessage())


def log_findings(published: Published) -> None:
    """Log each finding of substance that is new, a line each, 20 at most, and how many vanished."""
    log, url = structlog.get_logger(), published.history.url
    new = [change for change in published.findings.appeared if change.weight is Weight.SUBSTANTIVE]
    for change in new[:_MOST_CHANGES]:
        before, after = (
            claim.number_text or claim.cue if claim else side.text[:_MOST_CHARACTERS] if side else None
            for claim, side in ((change.claim_before, change.before), (change.claim_after, change.after))
        )
        log.info(
            "changed", url=url, id=change.id, kind=change.kind, type=change.type, before=before, after=after
        )
    if len(new) > _MOST_CHANGES or published.findings.vanished:
        more, gone = max(0, len(new) - _MOST_CHANGES), len(published.findings.vanished)
        log.info("further changes", url=url, more=more, vanished=gone)


class _Log:
    """Prints a line, or lets it go: a log whose reader died or whose disk is full must not stop the work."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def msg(self, line: str) -> None:
        """Print a line."""
        with suppress(OSError, ValueError):
            self.stream.write(f"{line}\n")
            self.stream.flush()

    debug = info = warning = error = critical = exception = msg
