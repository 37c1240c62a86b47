"""WARC files: a local archive to read from, and how evidence leaves the house; the only door to warcio."""

from crawler.archive.warc.containers import is_candidate
from crawler.archive.warc.local import WarcArchive
from crawler.archive.warc.parts import parts_of
from crawler.archive.warc.records import Damage
from crawler.archive.warc.served import Served, ServedRecord, answers_in
from crawler.archive.warc.writing import Again, Leaving, Written, write_warc

__all__ = [
    "Again",
    "Damage",
    "Leaving",
    "Served",
    "ServedRecord",
    "WarcArchive",
    "Written",
    "answers_in",
    "is_candidate",
    "parts_of",
    "write_warc",
]
