"""The `variorum` command: each verb parses, makes one call, prints."""

from crawler.cli.app import main

__all__ = ["main"]
