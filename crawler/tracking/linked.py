"""Reads back under which headlines other pages link a target, with the captures that show it."""

from collections.abc import Mapping

from crawler.model import Archive, Capture, Target
from crawler.store import Store
from crawler.store.linked import Look
from diffs.model import LinkedHeadline, Sighting


def linked_of(store: Store, target: Target, archives: Mapping[str, Archive]) -> tuple[LinkedHeadline, ...]:
    """Return the headlines under which sources linked a target, in order of source and time.

    Args:
        store: What is remembered.
        target: The target.
        archives: The archives at hand, by their names; captures of another have no link.
    """
    return tuple(
        LinkedHeadline(
            source=one.source,
            headline=one.headline,
            first=_sighting(one.first, archives),
            last=_sighting(one.last, archives),
        )
        for one in store.linked.of(target)
    )


def _sighting(look: Look, archives: Mapping[str, Archive]) -> Sighting:
    archive = archives.get(look.archive or "")
    link = None
    if archive is not None:
        link = archive.link(Capture(archive=archive.name, url=look.url, urlkey="", at=look.at))
    return Sighting(at=look.at, url=look.url, archive=look.archive, link=link, noted=look.noted)
