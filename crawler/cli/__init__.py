"""The `variorum` command: each verb parses, makes one call, prints."""

import gc
import os
import sys
from collections.abc import Sequence

STOPPED = 130

__all__ = ["STOPPED", "main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see `crawler.cli.app.main`. Ctrl-C while it is being loaded ends it as later, too."""
    # What is loaded stays, so looking through it for garbage finds none: a twelfth of a short command (2026-11-28).
    gc.disable()
    # Settings need no plugin, and looking for one reads what every installed distribution offers (pydantic 2.14).
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        from crawler.cli.app import main as run

        return run(argv)
    except KeyboardInterrupt:
        sys.stderr.write(
            "variorum: stopped; what was fetched is kept, and the same command goes on from there.\n"
        )
        return STOPPED
    finally:
        gc.enable()
