"""Steps as Atom and as JSON Feed, from what is kept between two builds of a site."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from diffs.model import digest_of
from diffs.reports.safe import json_text, visible, web_address, xml_text
from diffs.reports.wording import stamp, when
from diffs.site import records
from diffs.site.frame import Site
from diffs.site.places import ENDING

_NEVER = "1970-01-01T00:00:00Z"
_MOST_ENTRIES = 50
File = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed.

    Attributes:
        place: Where it stands, without an ending, which is also where the page that it feeds from stands.
        title: Its title.
        lines: Its steps, oldest first; the newest 50 are kept.
    """

    place: str
    title: str
    lines: Sequence[records.PageStep]


def feed_files(site: Site, feed: Feed) -> Iterator[File]:
    """Yield both forms of a feed."""
    newest = list(reversed(feed.lines[-_MOST_ENTRIES:]))
    base = web_address(site.base_url)
    root = f"{base.rstrip('/')}/" if base else None
    yield f"{feed.place}.atom", _atom(feed, newest, root)
    yield f"{feed.place}.json", _json(feed, newest, root)


def _identity(one: records.PageStep) -> str:
    """Return the id of a step; the same as in the feeds of reports, and the same on any day."""
    return f"urn:variorum:change:{quote(one.entry.id, safe='')}"


def _address(one: records.PageStep, place: str, root: str | None) -> str:
    """Return where the finding of a step stands: its full address or, where the site's is not known, from the feed."""
    return f"{root or '../' * place.count('/')}{one.entry.finding}{ENDING}"


def _summary(one: records.PageStep) -> str:
    entry = one.entry
    said = f" Did the page say so? {entry.answer}." if entry.answer else ""
    return f"{one.card.headline}. After {when(entry.after)}, not later than {when(entry.at)}.{said}"


def _content(one: records.PageStep) -> str:
    rows = "".join(f"<li>{row}</li>" for row in one.entry.rows)
    words = "".join(f"<blockquote><p>{words}</p></blockquote>" for words in one.entry.passages)
    return f"<p>{xml_text(_summary(one))}</p>{f'<ul>{rows}</ul>' if rows else ''}{words}"


def _atom(feed: Feed, lines: Sequence[records.PageStep], root: str | None) -> str:
    updated = stamp(lines[0].entry.at) if lines else _NEVER
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"  <id>urn:sha256:{digest_of(root, feed.place)}</id>",
        f"  <title>{xml_text(feed.title)}</title>",
        f"  <updated>{updated}</updated>",
        "  <author><name>Variorum</name></author>",
    ]
    if root:
        parts.append(
            f'  <link rel="self" type="application/atom+xml" href="{xml_text(f"{root}{feed.place}.atom")}"/>'
        )
    page = f"{root}{feed.place}" if root else feed.place.rpartition("/")[2]
    parts.append(f'  <link rel="alternate" type="text/html" href="{xml_text(page)}{ENDING}"/>')
    for one in lines:
        parts += _entry(one, feed.place, root)
    return "\n".join([*parts, "</feed>", ""])


def _entry(one: records.PageStep, place: str, root: str | None) -> Iterator[str]:
    moment = stamp(one.entry.at)
    yield "  <entry>"
    yield f"    <id>{_identity(one)}</id>"
    yield f"    <title>{xml_text(f'{one.card.outlet}: {one.entry.title}')}</title>"
    yield f"    <updated>{moment}</updated>"
    yield f"    <published>{moment}</published>"
    yield f"    <author><name>{xml_text(one.card.outlet)}</name></author>"
    for scheme, term in one.entry.terms:
        yield f'    <category term="{xml_text(term)}" scheme="urn:variorum:{xml_text(scheme)}"/>'
    yield f'    <link rel="alternate" type="text/html" href="{xml_text(_address(one, place, root))}"/>'
    for link in one.entry.links:
        yield f'    <link rel="related" href="{xml_text(link)}"/>'
    yield f'    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{_content(one)}</div></content>'
    yield "  </entry>"


def _json(feed: Feed, lines: Sequence[records.PageStep], root: str | None) -> str:
    """Return a feed by the JSON Feed specification, version 1.1."""
    head = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": visible(feed.title),
        "home_page_url": f"{root}{feed.place}{ENDING}" if root else None,
        "feed_url": f"{root}{feed.place}.json" if root else None,
        "language": "en",
        "authors": [{"name": "Variorum"}],
        "items": [_item(one, feed.place, root) for one in lines],
    }
    kept = {name: value for name, value in head.items() if value is not None}
    return json_text(json.dumps(kept, ensure_ascii=False, indent=1)) + "\n"


def _item(one: records.PageStep, place: str, root: str | None) -> dict[str, object]:
    item = {
        "id": _identity(one),
        "url": _address(one, place, root) if root else None,
        "external_url": one.entry.links[-1] if one.entry.links else web_address(one.card.url),
        "title": f"{one.card.outlet}: {one.entry.title}",
        "content_html": _content(one),
        "summary": _summary(one),
        "date_published": stamp(one.entry.at),
        "authors": [{"name": one.card.outlet}],
        "tags": [*one.entry.tags],
    }
    return {name: value for name, value in item.items() if value is not None}
