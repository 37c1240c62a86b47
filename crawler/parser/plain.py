"""Reads a page that was saved as text."""

import re
from datetime import datetime

from crawler.parser.suspicion import suspicion_of
from crawler.parser.wayback import header_of
from crawler.parser.wording import furniture_reason, is_correction
from diffs.model import Article, Block, BlockKind, Headlines, Removed

_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|div|p|article|script|meta|span|table|br|h1|title|a|td|font)\b",
    re.IGNORECASE,
)
MAX_CHUNKS = 50_000
_GAP = re.compile(r"\n\s*\n")
_WORD = re.compile(r"\w+")


def is_plain(text: str) -> bool:
    """Return whether a page is text without markup, judged by its content."""
    return _MARKUP.search(text[:500_000]) is None


def article_of(
    text: str, *, url: str, captured_at: datetime | None, parser: str, notes: tuple[str, ...]
) -> Article:
    """Read an article saved as text: furniture, headline and paragraphs line by line."""
    removed: list[Removed] = []
    chunks = _GAP.split(text.replace("\r\n", "\n").replace("\r", "\n"), maxsplit=MAX_CHUNKS)
    lines = [line for chunk in chunks[:MAX_CHUNKS] for line in _unwrapped(chunk)]
    whole = len(chunks) <= MAX_CHUNKS and len(lines) <= MAX_CHUNKS
    lines = lines[:MAX_CHUNKS]
    if lines and (header := header_of(lines[0])):
        removed.append(Removed(reason="archive_header", text=lines.pop(0)))
        url, captured_at = (url or header[0]), captured_at or header[1]
        slug = header[0]
    else:
        slug = url
    place = _headline_place(lines, slug)
    removed += [
        Removed(reason=furniture_reason(line) or "section_label", text=line) for line in lines[: place or 0]
    ]
    headline = lines[place] if place is not None else None
    blocks: list[Block] = []
    for line in lines[place + 1 :] if place is not None else lines:
        reason = None if is_correction(line) else furniture_reason(line)
        if reason is not None:
            removed.append(Removed(reason=reason, text=line))
        else:
            kind = BlockKind.CORRECTION if is_correction(line) else BlockKind.PARAGRAPH
            blocks.append(Block(kind=kind, text=line))
    return Article(
        headline=headline,
        headlines=Headlines(h1=headline),
        url=url,
        captured_at=captured_at,
        parser=parser,
        blocks=tuple(blocks),
        removed=tuple(removed),
        suspect=suspicion_of(headline, tuple(blocks), None, 0)
        if whole
        else f"more than {MAX_CHUNKS} lines: not read whole",
        notes=notes,
    )


def _unwrapped(chunk: str) -> list[str]:
    """Split a chunk into lines, or join it where it is one paragraph broken at a fixed width."""
    lines = [folded for line in chunk.split("\n") if (folded := " ".join(line.split()))]
    if len(lines) > 1 and all(50 <= len(line) <= 100 for line in lines[:-1]):
        return [" ".join(lines)]
    return lines


def _headline_place(lines: list[str], url: str) -> int | None:
    """Return the index of the line that is the headline: the address's words decide, else the first title-like line."""
    slug = set(_WORD.findall(url.rsplit("//", 1)[-1].partition("/")[2].lower()))
    head = lines[:12]
    scores = [len(slug & set(_WORD.findall(line.lower()))) if len(line) < 200 else 0 for line in head]
    if scores and max(scores) >= 3:
        return scores.index(max(scores))
    for index, line in enumerate(head):
        if 3 <= len(line.split()) <= 30 and furniture_reason(line) is None:
            return index if len(line) < 200 and line[-1] not in ".," else None
    return None
