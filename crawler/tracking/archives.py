"""The archives that the settings name, and how politely each is asked."""

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from typing import Any

from crawler.archive import ArchiveSource, Limits, PoliteSession
from crawler.archive.dialects import DIALECTS
from crawler.archive.public import public_archives
from crawler.archive.session import LOCAL, host_of
from crawler.config import Settings
from crawler.errors import ConfigError
from crawler.model import Pacing

HOME = "https://github.com/variorum/variorum"


def configured_archives(settings: Settings) -> list[ArchiveSource]:
    """Return the configured archives, the main one first; it is named after its dialect.

    Raises:
        ConfigError: An address is not of its dialect, a name is in no list, or two archives have one name.
    """
    main = settings.archive
    found = [ArchiveSource.of(main.dialect, dialect=main.dialect, url=main.url)]
    found += [
        ArchiveSource.of(each.name, dialect=each.dialect, url=each.url, operator=each.operator or None)
        for each in settings.archives.named
    ]
    found += [ArchiveSource.public(name) for name in dict.fromkeys(settings.archives.also)]
    twice = [name for name, number in Counter(each.name for each in found).items() if number > 1]
    if twice:
        raise ConfigError(f"Two archives are called {twice[0]!r}. Give one of them another name.")
    return found


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
    return PoliteSession(
        pacing=pacing,
        user_agent=user_agent(settings),
        limits=limits,
        local=local,
        paces=_paces(settings, limits),
        clock=clock,
        sleep=sleep,
    )


def _paces(settings: Settings, general: Limits) -> dict[str, Limits]:
    """Return the limits of the further archives by host: their own, and never more than was set for all."""
    paces: dict[str, Limits] = {}
    for name in settings.archives.also:
        source, listed = ArchiveSource.public(name), public_archives()[name]
        paces[host_of(source.url)] = listed.limits(general)
    for each in settings.archives.named:
        cdx, playback = each.cdx_per_minute, each.playback_per_minute
        if DIALECTS[each.dialect].is_remote and (cdx or playback):
            paces[host_of(each.url)] = replace(
                general,
                cdx_per_minute=cdx or general.cdx_per_minute,
                playback_per_minute=playback or general.playback_per_minute,
            )
    given = settings.limits.model_fields_set
    names = [name for name in ("cdx_per_minute", "playback_per_minute") if name in given]
    return {host: _capped(pace, general, names) for host, pace in paces.items()}


def _capped(pace: Limits, general: Limits, names: Iterable[str]) -> Limits:
    """Return a pace that is nowhere above what was set for all."""
    least: dict[str, Any] = {name: min(getattr(pace, name), getattr(general, name)) for name in names}
    return replace(pace, **least)


def operators(settings: Settings) -> dict[str, str]:
    """Return who runs each archive, by the archive's name: those of the list, and those that are configured."""
    known = {name: archive.operator for name, archive in public_archives().items()}
    return known | {source.name: source.operator for source in configured_archives(settings)}


def visits_per_minute(settings: Settings, session: PoliteSession) -> float:
    """Return how many targets the archives let us visit in a minute; without end where all are files."""
    remote = [source.url for source in configured_archives(settings) if source.dialect.is_remote]
    return min((session.limits_for(url).cdx_per_minute for url in remote), default=math.inf)
