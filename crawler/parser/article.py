"""Puts a snapshot's bytes together into an article."""

from datetime import datetime

from lxml import etree

from crawler.parser import plain
from crawler.parser.body import Body, body_of
from crawler.parser.decode import decode
from crawler.parser.headline import displayed_headline, printed_byline
from crawler.parser.language import language_of
from crawler.parser.metadata import metadata_of
from crawler.parser.publishers import furniture_by_rule, rules_for
from crawler.parser.reading import reading_of
from crawler.parser.suspicion import is_cut, suspicion_of
from crawler.parser.template import Template
from crawler.parser.wayback import original_url
from diffs.model import Article, Headlines

PARSER_VERSION = "3"


_FAULTS = (RecursionError, MemoryError, ValueError, LookupError, TypeError, ArithmeticError, etree.LxmlError)


def parse(
    body: bytes,
    *,
    url: str,
    captured_at: datetime | None = None,
    content_type: str | None = None,
    template: Template | None = None,
) -> Article:
    """Read the article a snapshot shows; never raises.

    Args:
        body: The bytes as captured, replayed or saved as text.
        url: The address the page was asked by; an archive's rewritten address is restored.
        captured_at: When it was captured (aware UTC), which chooses the dated publisher rules.
        content_type: The `Content-Type` header, or None.
        template: What the site's other articles taught, or None.

    Returns:
        The article; `suspect` says why nothing may be claimed from it where it cannot be read.
    """
    version = PARSER_VERSION + (f"+{template.hash}" if template is not None else "")
    url = original_url(url)
    try:
        return _read(body, url, captured_at, content_type, template, version)
    except _FAULTS as fault:
        reason = f"could not be read: {type(fault).__name__}"
        return Article(url=url, captured_at=captured_at, parser=version, suspect=reason)


def _read(  # noqa: PLR0917 - the arguments of `parse`, once, with its two derived ones
    body: bytes,
    url: str,
    captured_at: datetime | None,
    content_type: str | None,
    template: Template | None,
    version: str,
) -> Article:
    decoded = decode(body, content_type)
    if decoded.suspect or not decoded.text.strip():
        reason = decoded.suspect or "empty page"
        return Article(url=url, captured_at=captured_at, parser=version, suspect=reason, notes=decoded.notes)
    if plain.is_plain(decoded.text):
        return plain.article_of(
            decoded.text, url=url, captured_at=captured_at, parser=version, notes=decoded.notes
        )
    reading = reading_of(decoded.text)
    if reading is None:
        return Article(
            url=url, captured_at=captured_at, parser=version, suspect="no markup", notes=decoded.notes
        )
    page = reading.page
    meta = metadata_of(reading.root, url)
    ruled = furniture_by_rule(reading.root, rules_for(url, captured_at))
    for box in page.boxes if ruled else ():
        box.reason = ruled.get(box.node)
    headline, place = displayed_headline(page, meta.og_title, meta.ld_title, meta.title)
    found = body_of(
        page,
        place,
        meta.description,
        (meta.og_title, meta.ld_title, meta.title),
        template.reason_for if template is not None else None,
    )
    return Article(
        headline=headline,
        headlines=Headlines(h1=headline, og=meta.og_title, json_ld=meta.ld_title, title=meta.title),
        standfirst=found.standfirst,
        byline=meta.author or printed_byline(page, place),
        published=meta.published,
        modified=meta.modified,
        language=meta.language or language_of(found.text),
        publisher=meta.publisher,
        url=url,
        canonical_url=meta.canonical_url,
        captured_at=captured_at,
        parser=version,
        blocks=found.blocks,
        removed=found.removed,
        suspect=reading.suspect or _suspicion(decoded.text, headline, found, meta.title),
        notes=decoded.notes + meta.notes,
    )


def _suspicion(text: str, headline: str | None, found: Body, title: str | None) -> str | None:
    if is_cut(text):
        return "the page breaks off"
    rest = "" if found.blocks else " ".join(item.text for item in found.removed[:200])
    return suspicion_of(headline, found.blocks, title, text.count("<"), rest)
