"""The settings of alerts: channels, and which changes each is sent."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from crawler.errors import ConfigError
from diffs.model import ChangeKind, Weight


class Topic(StrEnum):
    """What a channel is sent."""

    FINDINGS = "findings"  # what changed on a page
    TROUBLES = "troubles"  # what keeps the watch from seeing


class ChannelSettings(BaseModel):
    """A place that alerts are sent to, and which.

    Attributes:
        name: How `status` and the log call it.
        url_file: The file that holds the service's address on one line, as Apprise spells it; nobody else should read it.
        kinds: Only changes of these kinds; empty for all.
        weight: Only changes of this weight or more.
        disclosure: Only changes that the publisher declared, or only those it could have and did not.
        threshold: Of figures that rose or fell, only those that did by so many per cent or more.
        targets: Only these pages; empty for all.
        stories: Only pages of these stories.
        outlets: Only pages, and troubles, of these hosts and of hosts below them.
        digest: Whether each finding is sent at once, or those of an hour or a day (UTC) together.
        second_capture: Whether a finding waits until a second capture shows the new text.
        topics: Whether it is sent findings, troubles of the watch itself, or both.
        gap_seconds: How far apart two messages are; by default as far as Apprise holds right for the service (mail 5.5).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,30}$")]
    url_file: Path
    kinds: tuple[ChangeKind, ...] = ()
    weight: Weight = Weight.SUBSTANTIVE
    disclosure: Literal["any", "silent", "declared"] = "any"
    threshold: Annotated[float, Field(ge=0, le=1e6)] | None = None
    targets: tuple[str, ...] = ()
    stories: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    digest: Literal["none", "hourly", "daily"] = "none"
    second_capture: bool = False
    topics: tuple[Topic, ...] = (Topic.FINDINGS, Topic.TROUBLES)
    gap_seconds: Annotated[float, Field(ge=0, le=3600)] | None = None

    def address(self) -> str:
        """Return the service's address; it is a secret, and no message shows it.

        Raises:
            ConfigError: The file cannot be read, or holds another number of lines than one.
        """
        try:
            lines = self.url_file.expanduser().read_text(encoding="utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not text"
            raise ConfigError(
                f"The url_file {self.url_file} of the channel {self.name} cannot be read: {why}. Put one Apprise address in it."
            ) from error
        found = [text.strip() for text in lines if text.strip()]
        if len(found) != 1:
            raise ConfigError(
                f"The url_file {self.url_file} of the channel {self.name} should hold one address on one line; it holds "
                f"{len(found)}. A second address wants a channel of its own."
            )
        return found[0]


class AlertSettings(BaseModel):
    """Where changes are announced as they are found (extra `notify`); docs/operations.md has an example.

    Attributes:
        channels: Where to, each as `[[alerts.channels]]` in the file.
        every_seconds: How often the daemon looks for what is to be sent.
        retry_seconds: How long a message rests that the service did not take; twice as long each time, up to six hours.
        keep_days: After how many days alerts are deleted that nothing can follow any more: of findings that were withdrawn, of
            troubles that are over. What waits is kept, and what may yet be withdrawn.
        lease_seconds: After how long a message is sent again whose sender died before it noted the delivery.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    channels: tuple[ChannelSettings, ...] = ()
    # Apprise gives a mail server 15 s to connect, others 4 s, and all 4 s for each answer (2.3, read 2026-11-28): a lease
    # outlives one message, of several parts too.
    every_seconds: Annotated[float, Field(gt=0, le=3600)] = 15.0
    retry_seconds: Annotated[float, Field(gt=0, le=21_600)] = 60.0
    keep_days: Annotated[int, Field(ge=1, le=36_500)] = 365
    lease_seconds: Annotated[float, Field(gt=0, le=3600)] = 120.0

    @model_validator(mode="after")
    def _named_once(self) -> "AlertSettings":
        names = [channel.name for channel in self.channels]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            msg = f"two channels are called {twice}; give each a name of its own"
            raise ValueError(msg)
        return self
