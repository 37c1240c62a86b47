"""Puts together, from the settings, what fetches and what saves."""

from contextlib import ExitStack

from crawler.alerts.rules import alerting_of
from crawler.archive import Saver, open_archive
from crawler.archive.session import PoliteSession
from crawler.config import Settings
from crawler.parser import parse
from crawler.sandbox import SandboxedHistory, SandboxedParser, compose_history
from crawler.store import Store
from crawler.tracking.archives import configured_archives, operators
from crawler.tracking.pipeline import Pipeline


def pipeline_of(
    settings: Settings, store: Store, session: PoliteSession, *, sandboxed: bool, closing: ExitStack
) -> Pipeline:
    """Return what fetches from the configured archives, and reads back what was kept.

    Args:
        settings: What was set.
        store: What is remembered.
        session: What speaks to the archives.
        sandboxed: Whether pages are read and compared in processes apart.
        closing: Closes the archives and those processes.

    Raises:
        ConfigError: An archive cannot be used.
    """
    archives = [open_archive(source, session=session) for source in configured_archives(settings)]
    for archive in archives:
        closing.callback(archive.close)
    read, compose = parse, compose_history
    if sandboxed:
        read = closing.enter_context(SandboxedParser()).parse
        compose = closing.enter_context(SandboxedHistory()).compose
    return Pipeline(
        store,
        archives,
        read=read,
        compose=compose,
        siblings=settings.siblings,
        body_limit=int(settings.limits.body_megabytes * 1_000_000),
        operators=operators(settings),
        alerting=alerting_of(settings),
    )


def saver_of(settings: Settings, session: PoliteSession) -> Saver:
    """Return what asks the main archive to capture a page."""
    return Saver(configured_archives(settings)[0], session=session, keys=settings.save.keys())
