"""What several verbs take and return alike: an address as a person types it, and whether there were changes."""

from typing import Annotated

import typer

from crawler.address import typed_address
from crawler.cli.printing import say

Url = Annotated[str, typer.Argument(help="The page's address.", metavar="URL", show_default=False)]
ExitCode = Annotated[bool, typer.Option("--exit-code", help="Exit with 3 when there were changes.")]
CHANGED = 3


def page_typed(url: str) -> str:
    """Return the page's address, and say which fields were left out of it."""
    found = typed_address(url)
    if found.dropped:
        say(
            f"{found.page}: read without {', '.join(found.dropped)}, which only count readers; it is the same page"
        )
    return found.page
