"""How each kind of archive is spoken to: a table with one entry a dialect."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Protocol

from crawler.archive.cdx import CaptureQuery, PywbWalk, Quarantine, captures_in
from crawler.archive.session import PoliteSession
from crawler.archive.timemap import mementos_in
from crawler.model import Capture


class SaveMethod(StrEnum):
    """How an archive is asked to capture a page."""

    SAVE_PAGE_NOW = "save-page-now"
    RECORDER = "recorder"  # by asking for the page through the archive, which records what it passes on


class Lister(Protocol):
    """What asks an index for captures; see `crawler.archive.cdx.captures_in`."""

    def __call__(
        self,
        query: CaptureQuery,
        *,
        archive: str,
        endpoint: str,
        session: PoliteSession,
        quarantine: Quarantine,
    ) -> Iterator[Capture]:
        """Yield the captures that the query asks for."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one kind of archive is spoken to.

    Attributes:
        name: As the configuration writes it.
        is_remote: Whether it is asked over HTTP; otherwise it is files on this machine.
        index: Path of the index below the archive's address.
        replay: Path below the archive's address under which captures are replayed.
        list_captures: How its index is asked.
        save: How it is asked to capture a page, or None where it cannot be.
        writes_original_headers: Whether the archive itself writes `X-Archive-Orig-*`; elsewhere a page may have.
        lists_sites: Whether its index can be asked about many pages by the beginning of their addresses.
        denies_no_collection: Whether it answers for a collection that it does not have as for an empty one.
    """

    name: str
    is_remote: bool = True
    index: str = ""
    replay: str = ""
    list_captures: Lister = captures_in
    save: SaveMethod | None = None
    writes_original_headers: bool = False
    lists_sites: bool = True
    denies_no_collection: bool = False


WAYBACK = Dialect(
    name="wayback",
    index="/cdx/search/cdx",
    replay="/web",
    save=SaveMethod.SAVE_PAGE_NOW,
    writes_original_headers=True,
)
# pywb 2.10 passes a page's own headers on in raw replay and writes its own behind them (read and run 2026-11-28).
PYWB = Dialect(
    name="pywb",
    index="/cdx",
    list_captures=partial(captures_in, walk=PywbWalk),
    save=SaveMethod.RECORDER,
    denies_no_collection=True,
)
# Any archive that speaks RFC 7089 and replays raw bytes under `<time>id_`, as Wayback and pywb do.
MEMENTO = Dialect(
    name="memento",
    index="/timemap/link/",
    list_captures=mementos_in,
    lists_sites=False,
    denies_no_collection=True,
)
WARC = Dialect(name="warc", is_remote=False)

DIALECTS = {dialect.name: dialect for dialect in (WAYBACK, PYWB, MEMENTO, WARC)}
