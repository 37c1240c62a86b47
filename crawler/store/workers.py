"""Tells whether the process that holds a lease still lives."""

import os
import platform
from pathlib import Path

from crawler.model import Worker, WorkerKind

# What a process number means: a machine since its start, and a namespace of processes (a container has its own).
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_NAMESPACE = Path("/proc/self/ns/pid")
_BORN_FIELD = 19  # of those behind the name in parentheses: `starttime` of proc_pid_stat(5)


def this_process(kind: WorkerKind, pid: int | None = None) -> Worker:
    """Return the worker that this process is, or another of this place where its number is given."""
    pid = os.getpid() if pid is None else pid
    name = f"{kind.value} {platform.node()} {pid}"
    return Worker(name=name, kind=kind, place=here(), pid=pid, born=_born(pid))


def here() -> str | None:
    """Return the place in which process numbers mean what they mean here, or None where no system tells."""
    try:
        return f"{platform.node()} {_BOOT.read_text().strip()} {_NAMESPACE.readlink()}"
    except OSError:
        return None


def is_gone(worker: Worker) -> bool:
    """Return whether a worker is known to have ended; one of another place is never known to."""
    if worker.pid is None or worker.place is None or worker.place != here():
        return False
    return _born(worker.pid) != worker.born


def _born(pid: int) -> int | None:
    """Return when a process started, or None where there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return int(stat.rpartition(")")[2].split()[_BORN_FIELD])
    except (OSError, ValueError, IndexError):
        return None
