"""Puts a snapshot's bytes together into an article."""

import gc
from datetime import datetime

from lxml import etree

from crawler.parser import plain
from crawler.parser.beside import date_of_another_weekday, printed_byline, printed_date
from crawler.parser.body import Body, body_of
from crawler.parser.decode import decode
from crawler.parser.headline import displayed_headline, without_site
from crawler.parser.layout import layout_of
from crawler.parser.metadata import Metadata, metadata_of
from crawler.parser.publishers import furniture_by_rule, rules_for
from crawler.parser.reading import reading_of
from crawler.parser.stamps import day_in_address
from crawler.parser.suspicion import is_cut, names_section, other_page, suspicion_of, walled
from crawler.parser.template import Template
from crawler.parser.views import doubts_about
from crawler.parser.visible import visible_text
from crawler.parser.wayback import original_url
from crawler.parser.written import blocks_in
from crawler.versions import PARSER_VERSION
from diffs.language import language_between
from diffs.model import Article, Block, BlockKind, Headlines

# The first blocks tell the language of every news page read 2026-11-28; more only cost time.
_TELLING = 12
_LANGUAGE = 1500
_WRITTEN = "the text is the page's JSON-LD articleBody; the page shows none"
_UNSHOWN = "the headline is the page's own title for itself; the page shows none"

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

    Example:
        >>> page = b"<h1>Ferry sinks</h1><p>Twelve people were killed on Sunday, the coastguard said.</p>"
        >>> article = parse(page, url="https://courier.example/news/ferry")
        >>> article.headline, article.text
        ('Ferry sinks', 'Twelve people were killed on Sunday, the coastguard said.')
        >>> parse(b"", url="https://courier.example/news/ferry").suspect
        'empty page'
    """
    version = PARSER_VERSION + (f"+{template.hash}" if template is not None else "")
    url = original_url(url)
    # Every box and line of a page lives until it is read: looking for dead ones took a sixth of the time (2026-11-28).
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _read(body, url, captured_at, content_type, template, version)
    except _FAULTS as fault:
        reason = f"could not be read: {type(fault).__name__}"
        return Article(url=url, captured_at=captured_at, parser=version, suspect=reason)
    finally:
        if collecting:
            gc.enable()


def _read(  # noqa: PLR0917 - the arguments of `parse`, once, with its two derived ones
    body: bytes,
    url: str,
    captured_at: datetime | None,
    content_type: str | None,
    template: Template | None,
    version: str,
) -> Article:
    decoded = decode(body, content_type)
    if decoded.suspect or not decoded.text or decoded.text.isspace():
        reason = decoded.suspect or "empty page"
        return Article(url=url, captured_at=captured_at, parser=version, suspect=reason, notes=decoded.notes)
    if plain.is_plain(decoded.text):
        return plain.article_of(
            decoded.text, url=url, captured_at=captured_at, parser=version, notes=decoded.notes
        )
    reading = reading_of(decoded.text, decoded.raw)
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
        author=meta.author,
    )
    blocks, notes = found.blocks, decoded.notes + meta.notes
    if not any(block.kind is not BlockKind.CAPTION for block in blocks) and meta.body:
        blocks = blocks_in(meta.body) + blocks
        notes += (_WRITTEN,)
    headline = without_site(headline, meta.publisher)
    shown = headline
    if headline is None and blocks and (meta.ld_title or meta.og_title):
        headline = meta.ld_title or meta.og_title
        notes += (_UNSHOWN,)
    published = meta.published or printed_date(page, place, headline)
    if published is None and (left := date_of_another_weekday(page, place)):
        notes += (f"the date printed is not read, it is another day of the week: {left}",)
    article = Article(
        headline=headline,
        headlines=Headlines(
            h1=shown,
            og=without_site(meta.og_title, meta.publisher),
            json_ld=without_site(meta.ld_title, meta.publisher),
            title=meta.title,
        ),
        standfirst=found.standfirst,
        byline=meta.author or printed_byline(page, place),
        published=published or day_in_address(url),
        modified=meta.modified,
        language=language_between(
            meta.language, " ".join(block.text for block in blocks[:_TELLING])[:_LANGUAGE] or headline or ""
        ),
        publisher=meta.publisher,
        url=url,
        canonical_url=meta.canonical_url,
        captured_at=captured_at,
        parser=version,
        blocks=blocks,
        removed=found.removed,
        suspect=reading.suspect or _suspicion(decoded.text, headline, found, blocks, meta, url),
        partial=_partial(found),
        notes=notes,
        page_text=visible_text(page, place, blocks, found.standfirst),
        doubts=doubts_about(page, blocks, headline, meta),
        sold=meta.paid,
        utc_offset=meta.utc_offset,
        described=meta.description,
        layout=layout_of(found.box),
        apart=found.apart,
        frame=found.frame,
    )
    page.release()
    return article


def _partial(found: Body) -> str | None:
    """Return why the text ends before the article does, or None."""
    if found.wall is not None:
        return f"the text ends in a wall: {found.wall.words[:80]}"
    return "a part of the text is ciphered" if found.ciphered else None


def _suspicion(  # noqa: PLR0917 - what the page shows, once, for one question
    text: str, headline: str | None, found: Body, blocks: tuple[Block, ...], meta: Metadata, url: str
) -> str | None:
    if is_cut(text):
        return "the page breaks off"
    rest = "" if blocks else " ".join(item.text for item in found.removed[:200])
    bare = all(block.kind is BlockKind.CAPTION for block in blocks)
    return (
        walled(found.wall, blocks, ciphered=found.ciphered, paid=meta.paid)
        or suspicion_of(headline, blocks, meta.title, text.count("<") if bare else 0, rest)
        or ("nothing but a player's caption" if found.captioned else None)
        or other_page(url, headline, (meta.og_title, meta.ld_title), blocks, teasers=found.teasers)
        or names_section(headline, blocks, found.removed)
    )
