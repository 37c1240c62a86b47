"""Footnotes: each statement's captures, with links, digests and the archive's side-by-side view."""

import re
from urllib.parse import quote, urlsplit

from diffs.model import Citation, Interval
from diffs.reports.document import Code, Footnotes, Line, Link, Note, line
from diffs.reports.wording import exactly, listed, when

_ARCHIVES = {"warc": "a WARC file", "import": "imported WARC files", "wayback": "the Wayback Machine"}
_WAYBACK = re.compile(r"https?://web\.archive\.org/web/(\d{14})[a-z_]*/(.+)", re.IGNORECASE | re.DOTALL)


class Cited:
    """The captures that one report cites, numbered in the order in which the text first cites them."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[Citation, ...], int] = {}

    def cite(self, *captures: Citation) -> Note:
        """Return the mark for one capture, or for the pair before and after a change."""
        return Note(self._numbers.setdefault(captures, len(self._numbers) + 1))

    def between(self, interval: Interval) -> Note:
        """Return the mark for the two captures that bound a change."""
        return self.cite(interval.after, interval.until)

    @property
    def local(self) -> str:
        """The archives of the cited captures that have no address, or an empty string."""
        names = {one.archive for captures in self._numbers for one in captures if not one.link}
        return listed([archive_name(name) for name in sorted(names)])

    @property
    def footnotes(self) -> Footnotes:
        """Every footnote, in order."""
        return Footnotes(
            tuple(
                _pair(*captures) if len(captures) == 2 else described(captures[0])
                for captures in self._numbers
            )
        )


def archive_name(name: str) -> str:
    """Return an archive as prose calls it."""
    return _ARCHIVES.get(name, name)


def _pair(before: Citation, after: Citation) -> Line:
    comparison = side_by_side(before, after)
    end = (" ", Link("Both side by side", comparison), ".") if comparison else ()
    return line("Before: ", described(before), " After: ", described(after), *end)


def described(capture: Citation) -> Line:
    """Return one capture as a sentence: time, with its link where it has one, and digests."""
    digest = (", archive digest ", Code(capture.digest)) if capture.digest else ()
    sha256 = (", SHA-256 ", Code(capture.sha256[:16])) if capture.sha256 else ()
    return line(Link(exactly(capture.at), capture.link), *digest, *sha256, ".")


def moment(capture: Citation, cited: Cited) -> Line:
    """Return the capture's time with its footnote."""
    return line(when(capture.at), cited.cite(capture))


def side_by_side(before: Citation, after: Citation) -> str | None:
    """Return the address of the Wayback Machine's comparison of two of its captures, or None elsewhere."""
    old, new = (_WAYBACK.fullmatch(capture.link or "") for capture in (before, after))
    if old is None or new is None or urlsplit(before.link or "").hostname != "web.archive.org":
        return None
    page = quote(after.url.encode("utf-8", "replace"), safe=":/?#@!$&'*+,;=%~-._")
    return f"https://web.archive.org/web/diff/{old[1]}/{new[1]}/{page}"
