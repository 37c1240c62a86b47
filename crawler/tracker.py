"""Puts the running parts together from the settings."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version

from crawler.archive import Source, open_archive
from crawler.archive.limits import Limits
from crawler.archive.session import LOCAL, PoliteSession
from crawler.config import Settings
from crawler.errors import ConfigError
from crawler.parser import parse
from crawler.sandbox import SandboxedParser
from crawler.store import Store, open_store
from crawler.tracking.pipeline import Pipeline

HOME = "https://github.com/variorum/variorum"


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts that one command or one daemon works with.

    Attributes:
        settings: What was set.
        store: What is remembered.
        pipeline: What fetches and reads back.
        session: What speaks to the archives.
    """

    settings: Settings
    store: Store
    pipeline: Pipeline
    session: PoliteSession

    @property
    def looks_per_minute(self) -> float:
        """How many targets the archives let us look at in a minute; without end where all are files."""
        remote = [source.url for source in sources_in(self.settings) if source.dialect != "warc"]
        return min((self.session.limits_for(url).cdx_per_minute for url in remote), default=math.inf)


def sources_in(settings: Settings) -> list[Source]:
    """Return the configured archives, the main one first; it is named after its dialect.

    Raises:
        ConfigError: The main one's address is not of its dialect.
    """
    main = settings.archive
    if main.dialect == "warc" and "://" in main.url:
        raise ConfigError(
            "archive.dialect is warc, so archive.url must be the path of a file or folder of WARCs."
        )
    named = [Source(name=each.name, dialect=each.dialect, url=each.url) for each in settings.archives]
    return [Source(name=main.dialect, dialect=main.dialect, url=main.url), *named]


def user_agent(settings: Settings) -> str:
    """Name the program and how its user can be reached, as the archive's staff ask of robots."""
    return f"variorum/{version('variorum')} (+{settings.contact or HOME})"


@contextmanager
def open_desk(
    settings: Settings,
    *,
    clock: Callable[[], datetime],
    create: bool = True,
    isolated: bool = False,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Desk]:
    """Open the store and the archives, and close them at the end.

    Args:
        settings: What was set.
        clock: Gives the time, aware UTC.
        create: Whether a store that does not exist is made.
        isolated: Whether pages are read in a process of their own, so that none can take this one along.
        sleep: Waits so many seconds.

    Raises:
        StoreError: The store cannot be opened.
        ConfigError: An archive cannot be used as set.
    """
    with ExitStack() as stack:
        store = stack.enter_context(open_store(settings.store_location, create=create))
        session = PoliteSession(
            pacing=store.pacing,
            user_agent=user_agent(settings),
            limits=_limits(settings),
            local=_local_limits(settings),
            clock=clock,
            sleep=sleep,
        )
        archives = [open_archive(source, session=session) for source in sources_in(settings)]
        for archive in archives:
            stack.callback(archive.close)
        read = stack.enter_context(SandboxedParser()).parse if isolated else parse
        pipeline = Pipeline(store, archives, read=read)
        yield Desk(settings=settings, store=store, pipeline=pipeline, session=session)


def _limits(settings: Settings) -> Limits:
    given = settings.limits
    return Limits(
        cdx_per_minute=given.cdx_per_minute,
        playback_per_minute=given.playback_per_minute,
        save_per_minute=given.save_per_minute,
        deadline=given.deadline_seconds,
        body_bytes=int(given.body_megabytes * 1_000_000),
    )


def _local_limits(settings: Settings) -> Limits:
    """Return the limits for this machine and private networks: only what was set is held to."""
    rates = {"cdx_per_minute", "playback_per_minute", "save_per_minute"} - settings.limits.model_fields_set
    return replace(_limits(settings), **{name: getattr(LOCAL, name) for name in rates})
