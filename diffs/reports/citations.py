"""Footnotes: each statement's captures, with links, digests and the archive's side-by-side view."""

import re
from urllib.parse import quote, urlsplit

from diffs.model import Citation, Interval
from diffs.reports.safe import Markdown, markdown_code, markdown_link, markdown_text
from diffs.reports.wording import exactly, listed, when

_ARCHIVES = {"warc": "a WARC file", "import": "imported WARC files", "wayback": "the Wayback Machine"}
_WAYBACK = re.compile(r"https?://web\.archive\.org/web/(\d{14})[a-z_]*/(.+)", re.IGNORECASE | re.DOTALL)


class Footnotes:
    """The footnotes of one report, numbered in the order in which the text first cites them."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[Citation, ...], int] = {}

    def cite(self, *captures: Citation) -> Markdown:
        """Return the mark for one capture, or for the pair before and after a change."""
        number = self._numbers.setdefault(captures, len(self._numbers) + 1)
        return Markdown(f"[^{number}]")

    def between(self, interval: Interval) -> Markdown:
        """Return the mark for the two captures that bound a change."""
        return self.cite(interval.after, interval.until)

    @property
    def local(self) -> Markdown:
        """The archives of the cited captures that have no address, or nothing."""
        names = {one.archive for captures in self._numbers for one in captures if not one.link}
        return markdown_text(listed([archive_name(name) for name in sorted(names)]))

    @property
    def definitions(self) -> list[Markdown]:
        """Every footnote's definition, in order."""
        return [
            Markdown(f"[^{number}]: {_pair(*captures) if len(captures) == 2 else described(captures[0])}")
            for captures, number in self._numbers.items()
        ]


def archive_name(name: str) -> str:
    """Return an archive as prose calls it."""
    return _ARCHIVES.get(name, name)


def _pair(before: Citation, after: Citation) -> str:
    text = f"Before: {described(before)} After: {described(after)}"
    beside = side_by_side(before, after)
    return f"{text} {markdown_link('Both side by side', beside)}." if beside else text


def described(capture: Citation) -> Markdown:
    """Return one capture as a sentence: time, with its link where it has one, and digests."""
    parts = [str(markdown_link(exactly(capture.at), capture.link))]
    if capture.digest:
        parts.append(f"archive digest {markdown_code(capture.digest)}")
    if capture.sha256:
        parts.append(f"SHA-256 {markdown_code(capture.sha256[:16])}")
    return Markdown(", ".join(parts) + ".")


def moment(capture: Citation, notes: Footnotes) -> Markdown:
    """Return the capture's time with its footnote."""
    return Markdown(f"{when(capture.at)}{notes.cite(capture)}")


def side_by_side(before: Citation, after: Citation) -> str | None:
    """Return the address of the Wayback Machine's comparison of two of its captures, or None elsewhere."""
    old, new = (_WAYBACK.fullmatch(capture.link or "") for capture in (before, after))
    if old is None or new is None or urlsplit(before.link or "").hostname != "web.archive.org":
        return None
    page = quote(after.url.encode("utf-8", "replace"), safe=":/?#@!$&'*+,;=%~-._")
    return f"https://web.archive.org/web/diff/{old[1]}/{new[1]}/{page}"
