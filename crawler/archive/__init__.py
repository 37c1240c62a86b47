"""Web archives: their listings, the bytes they replay, saving, WARC files."""

from crawler.archive.cdx import Quarantine
from crawler.archive.limits import Limits
from crawler.archive.sampling import Estimate, Sample, estimate, next_captures
from crawler.archive.save import Saver, SaveResult, SaveState
from crawler.archive.session import PoliteSession
from crawler.archive.sources import ArchiveSource, RemoteArchive, open_archive
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
