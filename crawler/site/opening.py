"""The site of a tracker's store, as the settings and the caller ask for it."""

from pathlib import Path

from crawler.citation import reader_version
from crawler.errors import ConfigError, HistoryError
from crawler.model import Target
from crawler.ownership import is_owner, is_there, owner_in
from crawler.publish import Page
from crawler.site.build import SiteBuilder
from crawler.site.search import can_search
from crawler.store.marks import marks_in
from crawler.tracker import Tracker
from diffs.model import digest_of
from diffs.site.frame import Site


def site_of(tracker: Tracker, folder: Path | None = None, *, search: bool | None = None) -> SiteBuilder:
    """Return what builds the site of a tracker's store.

    Args:
        tracker: Whose store it is of.
        folder: Where it stands; by default where the settings say.
        search: Whether it can be searched; by default where the settings ask for it and Pagefind is installed.

    Raises:
        ConfigError: No folder is set or given.
    """
    given = tracker.settings.site
    named = folder or given.out
    if named is None:
        raise ConfigError(
            "no folder for the site: name one with --out, or set [site] out (VARIORUM_SITE_OUT)"
        )
    where = named.expanduser()
    wanted = given.search if search is None else search
    shared = Site(title=given.title, base_url=given.base_url, search=wanted and can_search())

    def page(target: Target) -> Page | None:
        try:
            history = tracker.pipeline.history(target)
        except HistoryError:
            return None
        return Page(history=history, notes=tracker.store.findings.notes(target))

    identity = tracker.store.identity
    archives = digest_of(repr(tracker.settings.archive), repr(tracker.settings.archives))
    return SiteBuilder(
        folder=where,
        owner=owner_in(where, identity),
        owner_lives=lambda name: is_there(where, name) and not is_owner(where, name, identity),
        marks=lambda: marks_in(tracker.store.database),
        page=page,
        reader=reader_version(),
        sources=archives,
        site=shared,
    )
