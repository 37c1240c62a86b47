"""Sitemaps, news sitemaps and indexes of sitemaps, without entities and without the network."""

import zlib
from datetime import UTC, datetime

from lxml import etree

from crawler.discovery.entries import MOST_BYTES, Entry, Listing, address_in, distinct, folded
from crawler.errors import InputError

_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


def unpacked(body: bytes) -> bytes:
    """Return a gzipped file's bytes, others as they are.

    Raises:
        InputError: It unpacks to more than 10 MB, or is damaged.
    """
    if not body.startswith(b"\x1f\x8b"):
        return body
    inflate = zlib.decompressobj(31)
    try:
        plain = inflate.decompress(body, MOST_BYTES + 1)
    except zlib.error as error:
        raise InputError(f"It is damaged gzip ({error}).") from error
    if len(plain) > MOST_BYTES:
        raise InputError(f"It unpacks to more than {MOST_BYTES // 1_000_000} MB; it was not read.")
    return plain


def read_sitemap(body: bytes, url: str) -> Listing:
    """Read a sitemap (sitemaps.org 0.9, with Google's news fields) or an index of sitemaps.

    Args:
        body: Its bytes, entity declarations ruled out.
        url: Its address.

    Raises:
        InputError: It is none.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError(f"It is no XML that can be read ({error}).") from error
    kind = "" if root is None else _name(root)
    if kind not in ("urlset", "sitemapindex"):
        raise InputError("It is no sitemap: its outermost element is neither urlset nor sitemapindex.")
    found: list[Entry] = []
    nested: list[tuple[datetime, str]] = []
    wrong = 0
    for child in root.iterchildren("{*}*"):
        fields = _fields(child)
        link = address_in(url, fields["loc"]) if fields.get("loc") else None
        if link is None:
            wrong += 1
        elif kind == "sitemapindex":
            nested.append((_dated(fields.get("lastmod")) or _UNDATED, link))
        else:
            found.append(
                Entry(
                    url=link,
                    headline=folded(fields.get("title")),
                    summary=folded(fields.get("caption")),
                    published=_dated(fields.get("publication_date") or fields.get("lastmod")),
                    sections=tuple(filter(None, map(folded, (fields.get("keywords") or "").split(",")))),
                )
            )
    newest = sorted(nested, key=lambda one: one[0], reverse=True)
    said = (f"{wrong} rows lead to no http(s) page",) if wrong else ()
    return Listing(entries=distinct(found), nested=tuple(link for _, link in newest), complaints=said)


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _fields(row: etree._Element) -> dict[str, str]:
    """Return the texts of a row by the local names of their elements, the outermost leading."""
    found: dict[str, str] = {}
    for element in row.iterdescendants("{*}*"):
        text = (element.text or "").strip()
        if text:
            found.setdefault(_name(element), text)
    return found


def _dated(text: str | None) -> datetime | None:
    try:
        when = datetime.fromisoformat(text.strip()) if text else None
        return when if when is None else (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
