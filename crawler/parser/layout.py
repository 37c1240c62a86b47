"""Names the design of a page by what its markup calls the boxes around the text."""

import re

from crawler.parser.boxes import Box
from crawler.parser.remembered import remembered

# Names that people write: words of letters alone. What build tools write carries digits, or one of these openings.
_NAME = re.compile(r"[a-z]{2,30}(?:[-_]{1,2}[a-z]{2,30}){0,5}|[a-z]{1,30}(?:[A-Z][a-z]{1,30}){1,5}")
_MADE = ("css-", "sc-", "jsx-", "jss")
_LONG = 600


def layout_of(box: Box | None) -> tuple[str, ...]:
    """Return the class and id names of a box and of all around it, sorted, without those that build tools make.

    Args:
        box: The box in which the article's text stands, or None.
    """
    names: set[str] = set()
    node = box.node if box is not None else None
    while node is not None:
        for key in ("class", "id"):
            value = node.get(key)
            if value and len(value) <= _LONG:
                names.update(written_in(value))
        node = node.getparent()
    return tuple(sorted(names))


@remembered
def written_in(value: str) -> tuple[str, ...]:
    """Return the names that people wrote in a class or id."""
    return tuple(
        name
        for name in value.split()
        if len(name) > 2 and not name.startswith(_MADE) and _NAME.fullmatch(name)
    )
