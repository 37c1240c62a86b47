"""What a feed, sitemap or front page names, read from its bytes whatever its kind."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from crawler.address import page_address, page_key
from crawler.errors import InputError

# The News sitemap protocol allows 50 MB; feeds and front pages of newsrooms stay below 3 MB (Google's documents, 2026-11).
MOST_BYTES = 10_000_000
MOST_ENTRIES = 5_000
_LONGEST_TEXT = 2_000
# What tells one page's fast version from the page itself, at its host, in its path or in its query.
_FAST_HOST = re.compile(r"^(?:amp|m|mobile)\.(?=[^.]+\.)")
_FAST_PATH = re.compile(r"(?:/amp|\.amp(?=\.html?$)|(?<=\.html)/amp)$|^/amp(?=/)")
_FAST_FIELD = re.compile(r"(?:amp(?:=1|=true)?|outputType=amp)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article that a source names.

    Attributes:
        url: Its address, as the source writes it, made absolute and put in one spelling.
        headline: Headline or link text, white space folded; may be empty.
        summary: What else is said of it.
        published: When it was published (aware UTC), or None.
        sections: Sections or categories that the source names.
    """

    url: str
    headline: str
    summary: str = ""
    published: datetime | None = None
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What was read of a source.

    Attributes:
        entries: The articles.
        nested: Addresses of further sitemaps, the newest leading.
        complaints: What could not be used, a line each.
    """

    entries: tuple[Entry, ...] = ()
    nested: tuple[str, ...] = ()
    complaints: tuple[str, ...] = ()


def address_in(base: str, link: str) -> str | None:
    """Return a link of a page as an address, or None where it leads to no http(s) page."""
    try:
        return page_address(urljoin(base, link.strip()))
    except (InputError, ValueError):
        return None


def article_key(url: str) -> str:
    """Return a text that is equal for the variants of one article's address: scheme, www, tracking fields, AMP, mobile."""
    host, slash, rest = page_key(url).partition("/")
    path, _, query = rest.partition("?")
    fields = "&".join(field for field in query.split("&") if field and not _FAST_FIELD.fullmatch(field))
    bare = _FAST_PATH.sub("", slash + path).removesuffix("/")
    return f"{_FAST_HOST.sub('', host)}{bare}" + (f"?{fields}" if fields else "")


def is_fast_version(url: str) -> bool:
    """Return whether an address is that of a page's AMP or mobile version."""
    return article_key(url) != page_key(url)


def same_outlet(one: str, other: str) -> bool:
    """Return whether two addresses are of one host, or of one host and its subdomain."""
    first, second = (
        (urlsplit(url).hostname or "").removeprefix("www.").removeprefix("amp.") for url in (one, other)
    )
    return bool(first) and (first == second or first.endswith(f".{second}") or second.endswith(f".{first}"))


def folded(text: object) -> str:
    """Return words with white space folded, 2,000 characters at most; anything but text gives none."""
    return " ".join(text[: _LONGEST_TEXT * 4].split())[:_LONGEST_TEXT] if isinstance(text, str) else ""


def distinct(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return entries without variants of one address, the page before its fast version, 5,000 at most."""
    found: dict[str, Entry] = {}
    for entry in sorted(entries, key=lambda one: is_fast_version(one.url)):
        found.setdefault(article_key(entry.url), entry)
        if len(found) >= MOST_ENTRIES:
            break
    return tuple(found.values())


def refuse_declarations(body: bytes) -> None:
    """Refuse XML that declares entities: no feed needs them, and they make small files large.

    Raises:
        InputError: It does, in whatever encoding of Unicode.
    """
    plain = body.replace(b"\x00", b"")
    if re.search(rb"<!\s*(?:ENTITY|ATTLIST)|<!DOCTYPE[^>\[]{0,1000}\[", plain, re.IGNORECASE):
        raise InputError("It declares entities, which no feed or sitemap needs; it was not read.")
