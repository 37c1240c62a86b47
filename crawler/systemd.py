"""Tells a service manager how the daemon is, in the protocol of systemd (sd_notify(3)); silent where none listens."""

import os
import socket
from contextlib import suppress

READY = "READY=1"
ALIVE = "WATCHDOG=1"
STOPPING = "STOPPING=1"
SECONDS = 2.0


def is_watching() -> bool:
    """Return whether a service manager ends this process when no sign of life comes (sd_watchdog_enabled(3))."""
    return bool(os.environ.get("WATCHDOG_USEC")) and bool(os.environ.get("NOTIFY_SOCKET"))


def notify(*states: str) -> bool:
    """Send states to the socket that systemd names in `NOTIFY_SOCKET`; returns whether they were sent.

    Args:
        states: Assignments as sd_notify(3) lists them, such as `READY=1` or `STATUS=text`.
    """
    path = os.environ.get("NOTIFY_SOCKET", "")
    if not path.startswith(("/", "@")):
        return False
    # A name that begins with @ lies in Linux's abstract namespace, whose names begin with a NUL.
    address = "\0" + path[1:] if path.startswith("@") else path
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.settimeout(SECONDS)
        line.connect(address)
        line.sendall("\n".join(states).encode())
        return True
    return False
