"""What can go wrong and what to do next.

VariorumError
├── ConfigError                 fix the settings
├── InputError                  fix what was typed or the file that was given
├── ArchiveError                the archive did not give what was asked
│   ├── UnreachableError*       no answer, a broken one, or a 5xx: try later
│   ├── RateLimitError*         429: wait `retry_after` seconds
│   ├── PenaltyError*           connection refused after success: we are banned, wait an hour, doubling
│   ├── BlockedError            the site is excluded from the archive: nothing will help
│   ├── NoCaptureError          the archive said that it holds none
│   ├── WrongCaptureError       another capture than the one asked for was served
│   └── UnexpectedReplyError    an answer that we cannot read
│       ├── BodyTooLargeError   larger than the limit: raise `limits.body_megabytes`
│       └── BodyEncodingError   in a content encoding that is not read
├── ParserError*                the process that reads pages did not start: the page is as good as before
├── HistoryError                the versions of a page could not be compared within the limits: its findings stay
├── PublishError*               a report's file cannot be written: the evidence is kept, the next look tries again
└── StoreError                  the database or a stored body
    └── LeaseLostError*         another process took the target over

(* transient: the same call may succeed later.)
"""

from datetime import datetime


class VariorumError(Exception):
    """The root; its message is one line that says what happened and what to do.

    Attributes:
        transient: True where the same call may succeed later.
        retry_after: Seconds to wait before it can, or None where unknown.
    """

    transient: bool = False

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ConfigError(VariorumError):
    """A setting is missing or wrong; the message names it and its source."""


class InputError(VariorumError):
    """What the user gave (a URL, a date, a file) cannot be used; the message says how it should look."""


class ArchiveError(VariorumError):
    """The archive did not give what was asked.

    Attributes:
        archive: Name of the archive, where several are asked, or None.
    """

    archive: str | None = None


class UnreachableError(ArchiveError):
    """No answer, a broken one, or a server error: the archive may answer later."""

    transient = True


class RateLimitError(ArchiveError):
    """The archive asked us to slow down; nothing of this kind may be asked before `retry_after`."""

    transient = True


class PenaltyError(ArchiveError):
    """The archive refuses connections after it had answered: a ban; asking again lengthens it."""

    transient = True


class BlockedError(ArchiveError):
    """The site's owner or robots.txt keeps it out of the archive."""


class NoCaptureError(ArchiveError):
    """The archive said that it holds no capture; another date would not help."""


class WrongCaptureError(ArchiveError):
    """The archive served another capture than the one asked for.

    Attributes:
        asked: The capture time asked for.
        got: The capture time served, or None where the answer named none.
    """

    def __init__(self, message: str, *, asked: datetime, got: datetime | None) -> None:
        super().__init__(message)
        self.asked = asked
        self.got = got


class UnexpectedReplyError(ArchiveError):
    """The archive answered with something that is neither data nor a known refusal."""


class BodyTooLargeError(UnexpectedReplyError):
    """The body is larger than may be kept.

    Attributes:
        limit: The limit in bytes.
    """

    def __init__(self, message: str, *, limit: int) -> None:
        super().__init__(message)
        self.limit = limit


class BodyEncodingError(UnexpectedReplyError):
    """The body is in a content encoding that is not read."""


class ParserError(VariorumError):
    """The process that reads pages could not be started; no page is to blame."""

    transient = True


class HistoryError(VariorumError):
    """The versions of a page could not be compared within the limits of time and memory."""


class PublishError(VariorumError):
    """A report's file or folder cannot be written; what it would say is kept in the store."""

    transient = True


class StoreError(VariorumError):
    """The store cannot be opened, read or written; the message says how to repair it."""


class LeaseLostError(StoreError):
    """Another process took the target over while this one worked on it."""

    transient = True


def how_to_install(extra: str) -> str:
    """Return how an optional part is installed: from the checkout, since no registry is known to carry this distribution (2026-11-29)."""
    return f"install the extra {extra}: `pip install '.[{extra}]'` in a checkout of Variorum"
