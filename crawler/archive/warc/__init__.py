"""WARC files: a local archive to read from, and how evidence leaves the house; the only door to warcio."""

from crawler.archive.warc.local import WarcArchive
from crawler.archive.warc.parts import parts_of
from crawler.archive.warc.writing import Again, Leaving, Written, write_warc

__all__ = ["Again", "Leaving", "WarcArchive", "Written", "parts_of", "write_warc"]
