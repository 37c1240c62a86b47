"""The log of a process that runs for ever: JSON lines on stderr."""

import logging
import sys
from contextlib import suppress
from typing import TextIO

import structlog


def configure_log(stream: TextIO | None = None) -> None:
    """Log JSON lines (time, level, event, what belongs to it) to stderr, control characters escaped."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=lambda *_: _Log(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    # The scheduler speaks through logging, in plain text; what it has to say is logged by the listener.
    scheduler = logging.getLogger("apscheduler")
    scheduler.addHandler(logging.NullHandler())
    scheduler.propagate = False


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
