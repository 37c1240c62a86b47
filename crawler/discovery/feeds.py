"""RSS, Atom and JSON Feed: the only door to feedparser."""

import calendar
import io
import json
import re
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

from crawler.discovery.entries import Entry, Listing, address_in, distinct, folded
from crawler.errors import ConfigError, InputError, how_to_install


def read_feed(body: bytes, url: str) -> Listing:
    """Read an RSS or Atom feed.

    Args:
        body: Its bytes, entity declarations ruled out.
        url: Its address, against which relative links are read.

    Raises:
        ConfigError: The extra `discovery` is not installed.
        InputError: It is no feed.
    """
    # Never text or bytes: the library takes them for a file's name or an address (6.0.12, read 2026-11).
    read = _library().parse(
        io.BytesIO(body),
        sanitize_html=False,
        resolve_relative_uris=False,
        response_headers={"content-location": url},
    )
    if not read.get("version"):
        raise InputError("It is no feed that can be read.")
    found, wrong = [], 0
    for item in read.entries:
        link = address_in(url, str(item.get("link") or ""))
        if link is None or not item.get("link"):
            wrong += 1
            continue
        stamp = item.get("published_parsed") or item.get("updated_parsed")
        found.append(
            Entry(
                url=link,
                headline=folded(item.get("title")),
                summary=_words(item.get("summary")),
                published=_instant(stamp),
                sections=tuple(folded(tag.get("term")) for tag in item.get("tags") or () if tag.get("term")),
            )
        )
    return Listing(entries=distinct(found), complaints=_complaints(wrong))


def read_json_feed(body: bytes, url: str) -> Listing:
    """Read a JSON Feed (jsonfeed.org, version 1 and 1.1).

    Raises:
        InputError: It is none.
    """
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InputError(f"It is no JSON that can be read ({type(error).__name__}).") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise InputError("It is JSON, and no JSON Feed: it has no list of items.")
    found, wrong = [], 0
    for item in items:
        given = item if isinstance(item, dict) else {}
        named = given.get("url") or given.get("external_url")
        link = address_in(url, named) if isinstance(named, str) else None
        if link is None:
            wrong += 1
            continue
        tags = given.get("tags")
        found.append(
            Entry(
                url=link,
                headline=folded(given.get("title")),
                summary=folded(given.get("summary") or given.get("content_text")),
                published=_dated(given.get("date_published") or given.get("date_modified")),
                sections=tuple(map(folded, tags)) if isinstance(tags, list) else (),
            )
        )
    return Listing(entries=distinct(found), complaints=_complaints(wrong))


def _library() -> ModuleType:
    try:
        import feedparser  # noqa: PLC0415  an extra, loaded by the first feed
    except ModuleNotFoundError as error:
        raise ConfigError(f"Feeds are read by feedparser: {how_to_install('discovery')}.") from error
    library: ModuleType = feedparser
    return library


def _words(markup: object) -> str:
    """Return what a summary says without its tags."""
    return folded(re.sub(r"<[^<>]{0,2000}>", " ", markup)) if isinstance(markup, str) else ""


def _instant(stamp: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(calendar.timegm(stamp), UTC) if stamp else None
    except (ValueError, OverflowError, TypeError, OSError):
        return None


def _dated(text: object) -> datetime | None:
    try:
        when = datetime.fromisoformat(text) if isinstance(text, str) else None
        return when if when is None else (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _complaints(wrong: int) -> tuple[str, ...]:
    return (f"{wrong} items lead to no http(s) page",) if wrong else ()
