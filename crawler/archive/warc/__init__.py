"""WARC files: a local archive to read from, and how evidence leaves the house; the only door to warcio."""

from crawler.archive.warc.local import WarcArchive
from crawler.archive.warc.writing import Written, write_warc

__all__ = ["WarcArchive", "Written", "write_warc"]
