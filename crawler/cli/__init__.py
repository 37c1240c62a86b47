"""The `variorum` command: each verb parses, makes one call, prints."""

import gc
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType

STOPPED = 130
# Between Ctrl-C, or the end of a verb, and the end of the process. Children and sockets are closed in less than one, a locked
# database is given up after 30 (2026-11-29); what takes longer is a thread that nobody can end.
GRACE_SECONDS = 40.0

__all__ = ["GRACE_SECONDS", "STOPPED", "main", "run_command"]


def run_command() -> None:
    """Run the words of the process's own command line, and end the process with the code of `main`.

    It ends soon after the command, or after Ctrl-C, whatever threads are left.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _stop)
    code = 1
    try:
        code = main()
    finally:
        if signal.getsignal(signal.SIGINT) is _stop:
            # A handler of ours would wait for the interpreter, which waits for threads; a shell takes this for 130 as well.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
        with suppress(OSError, ValueError):  # the interpreter meets it again, and says so
            sys.stdout.flush()
        _end_within(GRACE_SECONDS, code)
    sys.exit(code)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see `crawler.cli.app.main`. Ctrl-C while it is being loaded ends it as later, too."""
    # What is loaded stays, so looking through it for garbage finds none: a twelfth of a short command (2026-11-28).
    gc.disable()
    try:
        from crawler.cli.app import main as run

        return run(argv)
    except KeyboardInterrupt:
        _tell_stopped()
        return STOPPED
    finally:
        gc.enable()


def _stop(number: int, frame: FrameType | None) -> None:
    """Interrupt what is under way, and end the process where that takes too long."""
    _end_within(GRACE_SECONDS, STOPPED)
    signal.default_int_handler(number, frame)


def _end_within(seconds: float, code: int) -> None:
    import threading

    def end() -> None:
        if code == STOPPED:
            # Whoever reads it may have stopped reading.
            telling = threading.Thread(target=_tell_stopped, daemon=True)
            telling.start()
            telling.join(1.0)
        os._exit(code)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()


def _tell_stopped() -> None:
    sys.stderr.write(
        "variorum: stopped; what was done until now is kept, and the same command does the rest.\n"
    )
