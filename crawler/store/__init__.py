"""Remembers: targets, captures, the bytes that prove them, and what was derived from those."""

from crawler.store.backups import restore
from crawler.store.channels import ChannelRecord, DeliveryFailure
from crawler.store.records import (
    AlertState,
    Budget,
    DaemonState,
    Disk,
    FindingDelta,
    Heartbeat,
    Held,
    Outdated,
    PauseRecord,
    Problem,
    Retained,
    Rhythm,
    StatusRecord,
    SuspectRate,
    Trouble,
    WorkerRecord,
)
from crawler.store.repository import Store, open_store

__all__ = [
    "AlertState",
    "Budget",
    "ChannelRecord",
    "DaemonState",
    "DeliveryFailure",
    "Disk",
    "FindingDelta",
    "Heartbeat",
    "Held",
    "Outdated",
    "PauseRecord",
    "Problem",
    "Retained",
    "Rhythm",
    "StatusRecord",
    "Store",
    "SuspectRate",
    "Trouble",
    "WorkerRecord",
    "open_store",
    "restore",
]
