"""The `variorum` command: each verb parses, makes one call, prints."""

import gc
from collections.abc import Sequence

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see `crawler.cli.app.main`."""
    # What is loaded stays, so looking through it for garbage finds none: a twelfth of a short command (2026-11-28).
    gc.disable()
    try:
        from crawler.cli.app import main as run

        return run(argv)
    finally:
        gc.enable()
