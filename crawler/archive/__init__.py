"""Web archives: their listings, the bytes they replay, saving, WARC files."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from crawler.archive.cdx import Quarantine
from crawler.archive.limits import Limits
from crawler.archive.sampling import Estimate, Sample, estimate, next_captures
from crawler.archive.save import Saver, SaveResult, SaveState
from crawler.archive.session import PoliteSession
from crawler.archive.sources import ArchiveSource, RemoteArchive, open_archive

if TYPE_CHECKING:
    from crawler.archive.warc import WarcArchive, write_warc

__all__ = [
    "ArchiveSource",
    "Estimate",
    "Limits",
    "PoliteSession",
    "Quarantine",
    "RemoteArchive",
    "Sample",
    "SaveResult",
    "SaveState",
    "Saver",
    "WarcArchive",
    "estimate",
    "next_captures",
    "open_archive",
    "write_warc",
]


def __getattr__(name: str) -> Any:
    """Return what speaks WARC, loaded when it is asked for: most archives are asked by HTTP."""
    if name not in ("WarcArchive", "write_warc"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.warc"), name)
