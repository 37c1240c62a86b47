"""What is known of an alert: what it tells, who wants it, and how it stands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crawler.model import StoredCapture, Target
from crawler.store.channels import DeliveryFailure
from crawler.store.outbox import About, Withdrawal
from crawler.store.records import AlertState
from crawler.store.troubles import TroubleFacts

if TYPE_CHECKING:
    from diffs.model import History


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFacts:
    """What an alert tells, as printed by the page; a message makes it inert.

    Attributes:
        url: The page.
        headline: Its headline in the version that shows the change.
        kind: Which part of it changed.
        type: What happened to that.
        before: The old text or figure, or None.
        after: The new one, or None.
        disclosure: How openly the publisher made the change.
        archive: Name of the archive whose captures show it.
        since: The last capture with the old text (aware UTC, ISO 8601).
        until: The first capture with the new text (likewise).
        link_before: Address of the former capture, or None.
        link_after: Address of the latter, or None.
        report: The page's report.
        what: What changed, as a report's heading puts it.
        step: Of a figure, the old one and the new one as a report puts them.
        counted: Of a figure, what it counts and whose it is.
        withdrawn: Why it is taken back, or None.
        remark: What the reader wrote who dismissed it, or None.
    """

    url: str
    headline: str
    kind: str
    type: str
    before: str | None
    after: str | None
    disclosure: str
    archive: str
    since: str
    until: str
    link_before: str | None = None
    link_after: str | None = None
    report: str = ""
    what: str = ""
    step: str | None = None
    counted: str | None = None
    withdrawn: Withdrawal | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """That a channel wants a change.

    Attributes:
        channel: Name of the channel.
        facts: What it is sent.
        due: When (aware UTC).
        held: Whether it waits for a second capture.
        fresh: Whether its old or its new text was unknown when what announces last looked at the page, imports aside.
    """

    channel: str
    facts: AlertFacts
    due: datetime
    held: bool = False
    fresh: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """Up to where what announces has looked at a page.

    Attributes:
        at: When the latest of its captures then had been fetched (aware UTC), or None where none had, or it never looked.
        capture: The store's number of the newest capture that was listed then.
    """

    at: datetime | None = None
    capture: int = 0

    def knew(self, row: StoredCapture) -> bool:
        """Return whether what a capture shows was known then."""
        if self.at is None or row.id > self.capture:
            return False
        return row.fetched is None or row.fetched <= self.at


# Which channels want which changes of a history, by the changes' ids.
Alerting = Callable[
    [Target, "History", Sequence[StoredCapture], Announced, datetime], Mapping[str, tuple[Wanted, ...]]
]
NOTHING: Mapping[str, tuple[Wanted, ...]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRecord:
    """An alert in the outbox.

    Attributes:
        id: The store's number for it.
        change: The finding's `Change.id`, or None where it tells of a trouble.
        channel: Name of the channel.
        about: What it says of its subject.
        made: When it was written (aware UTC).
        state: How it stands.
        tries: How often delivery was begun.
        ask_again: When it is tried next (aware UTC).
        sent: When it was delivered (aware UTC), or None.
        failure: Why it was not when it was last tried, or None.
        facts: What it tells.
    """

    id: int
    change: str | None
    channel: str
    about: About
    made: datetime
    state: AlertState
    tries: int
    ask_again: datetime
    sent: datetime | None
    failure: DeliveryFailure | None
    facts: AlertFacts | TroubleFacts
