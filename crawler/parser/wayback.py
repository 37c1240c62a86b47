"""Takes back what the Wayback Machine put into a replayed page."""

import re
from datetime import UTC, datetime

# Markers as served between 2007 and 2026 (read from replayed captures, 2026-11-20).
_BEGIN = re.compile(r"<!--\s{0,9}BEGIN WAYBACK TOOLBAR INSERT", re.IGNORECASE)
_END = re.compile(r"<!--\s{0,9}END WAYBACK TOOLBAR INSERT\s{0,9}(?:-->)?", re.IGNORECASE)
TOOLBAR = b"WAYBACK TOOLBAR INSERT"
_PREFIX = re.compile(
    r"^(?:(?:https?:)?//(?:web|wayback|www)\.archive\.org(?::\d+)?)?/web/(\d{4,14})(?:[a-z]{2}_)?/",
    re.IGNORECASE,
)
_ANYWHERE = re.compile(
    r"(?:https?:)?(?:\\?/){2}web\.archive\.org\\?/web\\?/\d{4,14}(?:[a-z]{2}_)?\\?/", re.IGNORECASE
)
_HEADER = re.compile(r"^The Wayback Machine - (https?://web\.archive\.org/web/(\d{14})\S*)\s*$")
TOOLBAR_IDS = frozenset(
    [
        "wm-ipp",
        "wm-ipp-base",
        "wm-ipp-inside",
        "wm-ipp-print",
        "donato",
        "wm-toolbar",
        "wm-disclaim",
        "playback-toolbar",
    ]
)


def without_toolbar(text: str) -> str:
    """Return the page without the toolbar between its two comments, every generation of it."""
    if "WAYBACK TOOLBAR INSERT" not in text:
        return text
    parts: list[str] = []
    place = 0
    while begin := _BEGIN.search(text, place):
        end = _END.search(text, begin.end())
        if end is None:
            break
        parts.append(text[place : begin.start()])
        place = end.end()
    return "".join(parts) + text[place:] if parts else text


def original_url(url: str) -> str:
    """Return the address that an archive's rewritten address stands for, others as they are."""
    match = _PREFIX.match(url)
    if match is None:
        return url
    rest = url[match.end() :]
    return f"https:{rest}" if rest.startswith("//") else rest


def without_prefixes(text: str) -> str:
    """Return text (JSON-LD, a meta value) with every rewritten address in it restored."""
    return _ANYWHERE.sub("", text) if "web.archive.org" in text else text


def header_of(line: str) -> tuple[str, datetime] | None:
    """Read the header line of a replayed page printed or saved as text.

    Returns:
        The original address and the capture time (UTC), or None where the line is no such header.
    """
    match = _HEADER.match(line)
    if match is None:
        return None
    try:
        at = datetime.strptime(match[2], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return original_url(match[1]), at
