"""Ports for servers that tests start by a number."""

import random
import socket

# Below those that the kernel gives to whoever connects (32768 and up on Linux): nobody comes upon one by chance before the server does.
_LOWEST, _HIGHEST = 20_000, 32_000


def free_port() -> int:
    """Return a port of loopback at which nobody listens, and which the kernel gives to nobody meanwhile."""
    for _ in range(200):
        port = random.SystemRandom().randrange(_LOWEST, _HIGHEST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("no port is free")
