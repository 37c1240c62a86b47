"""Tells what kind of source some bytes are, and reads it."""

from crawler.discovery.entries import MOST_BYTES, Listing, refuse_declarations
from crawler.discovery.feeds import read_feed, read_json_feed
from crawler.discovery.front_pages import read_front_page
from crawler.discovery.sitemaps import read_sitemap, unpacked
from crawler.errors import InputError

_HEAD = 2_000


def read_source(body: bytes, *, url: str, content_type: str | None = None) -> Listing:
    """Read what a feed, sitemap or front page names; its kind is told from its bytes.

    Args:
        body: Its bytes, 10 MB at most.
        url: Its address, against which relative links are read.
        content_type: The Content-Type it was served with.

    Raises:
        InputError: It is too large, declares entities, or is none of these.
        ConfigError: It is a feed, and the extra `discovery` is not installed.
    """
    if len(body) > MOST_BYTES:
        raise InputError(f"It is larger than {MOST_BYTES // 1_000_000} MB; it was not read.")
    body = unpacked(body)
    head = body[:_HEAD].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if head.startswith((b"{", b"[")):
        return read_json_feed(body, url)
    if head.startswith(b"<!doctype html") or b"<html" in head:
        return read_front_page(body, url, content_type)
    if head.startswith(b"<"):
        refuse_declarations(body)
        start = body[: 10 * _HEAD].replace(b"\x00", b"").lower()
        if any(word in start for word in (b"<urlset", b"<sitemapindex", b":urlset", b":sitemapindex")):
            return read_sitemap(body, url)
        if any(word in start for word in (b"<rss", b"<feed", b"<rdf:rdf", b":feed", b"<channel")):
            return read_feed(body, url)
        return read_front_page(body, url, content_type)
    raise InputError("It is neither a feed, nor a sitemap, nor a page.")
