"""The log of a process that runs for ever: JSON lines on stderr."""

import logging
import sys
from contextlib import suppress
from typing import TextIO

import structlog

from crawler.tracking.events import Published
from diffs.model import Weight

_MOST_CHANGES = 20
_MOST_CHARACTERS = 200


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
