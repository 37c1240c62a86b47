"""The archives that the settings name, and how politely each is asked."""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version

from crawler.archive import ArchiveSource, Limits, PoliteSession
from crawler.archive.session import LOCAL
from crawler.config import Settings
from crawler.model import Pacing

HOME = "https://github.com/variorum/variorum"


def configured_archives(settings: Settings) -> list[ArchiveSource]:
    """Return the configured archives, the main one first; it is named after its dialect.

    Raises:
        ConfigError: An address is not of its dialect.
    """
    main = settings.archive
    named = [(main.dialect, main), *((each.name, each) for each in settings.archives)]
    return [ArchiveSource.of(name, dialect=each.dialect, url=each.url) for name, each in named]


def user_agent(settings: Settings) -> str:
    """Return the program's name and how its user can be reached, as the archive's staff ask of robots."""
    return f"variorum/{version('variorum')} (+{settings.contact or HOME})"


def session_for(
    settings: Settings, pacing: Pacing, *, clock: Callable[[], datetime], sleep: Callable[[float], None]
) -> PoliteSession:
    """Return the session in which every archive is asked, within the limits that were set.

    Args:
        settings: What was set.
        pacing: The limit that all processes on the store share.
        clock: Returns the time (aware UTC).
        sleep: Waits so many seconds.
    """
    given = settings.limits
    limits = Limits(
        cdx_per_minute=given.cdx_per_minute,
        playback_per_minute=given.playback_per_minute,
        save_per_minute=given.save_per_minute,
        deadline=given.deadline_seconds,
        body_bytes=int(given.body_megabytes * 1_000_000),
    )
    # This machine and private networks are held to what was set alone.
    rates = {"cdx_per_minute", "playback_per_minute", "save_per_minute"} - given.model_fields_set
    local = replace(limits, **{name: getattr(LOCAL, name) for name in rates})
    agent = user_agent(settings)
    return PoliteSession(
        pacing=pacing, user_agent=agent, limits=limits, local=local, clock=clock, sleep=sleep
    )


def visits_per_minute(settings: Settings, session: PoliteSession) -> float:
    """Return how many targets the archives let us visit in a minute; without end where all are files."""
    remote = [source.url for source in configured_archives(settings) if source.dialect.is_remote]
    return min((session.limits_for(url).cdx_per_minute for url in remote), default=math.inf)
