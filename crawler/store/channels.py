"""How the alerts of a channel stand, and what keeps its service from taking them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DeliveryFailure(StrEnum):
    """What kept a message from being taken."""

    UNUSABLE = "unusable"  # the channel's address cannot be used
    NO_ANSWER = "no_answer"  # the service could not be reached
    UNAUTHORISED = "unauthorised"  # it does not know who sends (401, 403)
    NOT_FOUND = "not_found"  # it does not know the place (404, 410)
    TOO_LONG = "too_long"  # 413
    SLOW_DOWN = "slow_down"  # 429
    FAILING = "failing"  # it fails itself (5xx)
    REFUSED = "refused"  # another answer
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRecord:
    """How the alerts of a channel stand.

    Attributes:
        name: Its name.
        unsent: Alerts to be sent, those that wait for a second capture included.
        failed: Those of them that were not taken when last tried.
        failure: Why not, or None where none failed.
        last_sent: When one was last taken (aware UTC), or None.
        is_set: Whether the settings name it.
    """

    name: str
    unsent: int
    failed: int = 0
    failure: DeliveryFailure | None = None
    last_sent: datetime | None = None
    is_set: bool = True
