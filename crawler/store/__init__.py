"""Remembers: targets, captures, the bytes that prove them, and what was derived from those."""

from crawler.store.backups import restore
from crawler.store.records import (
    AlertState,
    DaemonState,
    FindingDelta,
    Heartbeat,
    Held,
    PauseRecord,
    Problem,
    Retained,
    Rhythm,
    StatusRecord,
    WorkerRecord,
)
from crawler.store.repository import Store, open_store

__all__ = [
    "AlertState",
    "DaemonState",
    "FindingDelta",
    "Heartbeat",
    "Held",
    "PauseRecord",
    "Problem",
    "Retained",
    "Rhythm",
    "StatusRecord",
    "Store",
    "WorkerRecord",
    "open_store",
    "restore",
]
