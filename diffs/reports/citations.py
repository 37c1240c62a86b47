"""Archives: what prose calls them, and their own view of two captures side by side."""

import re
from urllib.parse import quote, urlsplit

from diffs.model import Citation

_ARCHIVES = {"warc": "a WARC file", "import": "imported WARC files", "wayback": "the Wayback Machine"}
_WAYBACK = re.compile(r"https?://web\.archive\.org/web/(\d{14})[a-z_]*/(.+)", re.IGNORECASE | re.DOTALL)


def archive_name(name: str) -> str:
    """Return an archive as prose calls it."""
    return _ARCHIVES.get(name, name)


def side_by_side(before: Citation, after: Citation) -> str | None:
    """Return the address of the Wayback Machine's comparison of two of its captures, or None elsewhere."""
    old, new = (_WAYBACK.fullmatch(capture.link or "") for capture in (before, after))
    if old is None or new is None or urlsplit(before.link or "").hostname != "web.archive.org":
        return None
    page = quote(after.url.encode("utf-8", "replace"), safe=":/?#@!$&'*+,;=%~-._")
    return f"https://web.archive.org/web/diff/{old[1]}/{new[1]}/{page}"
