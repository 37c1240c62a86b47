"""Reads what a page says about itself, and notes where it contradicts itself."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from crawler.parser.jsonld import article_objects, names_in, text_in
from crawler.parser.printed import names_other_weekday
from crawler.parser.stamps import offset_in, stamp_in
from crawler.parser.wayback import original_url
from crawler.parser.written import body_in

_PUBLISHED = ("article:published_time", "datepublished", "og:published_time", "date", "dc.date.issued", "dc.date", "pubdate", "publishdate", "publish-date", "parsely-pub-date", "sailthru.date", "ptime", "cxenseparse:recs:publishtime", "originalpublicationdate")  # fmt: skip
_MODIFIED = ("article:modified_time", "datemodified", "og:updated_time", "lastmod", "last-modified", "dc.date.modified", "dcterms.modified", "utime", "revision_date")  # fmt: skip
_AUTHORS = ("author", "article:author", "byl", "dc.creator", "sailthru.author", "parsely-author", "authors")


# Parts whose stamps are an event's, another story's or a reader's, and how far up they are looked for (a page of 2019 printed its calendar's).
_OTHER_PART = re.compile(
    r"(?:^|[\s_-])(?:events?|calendar|veranstaltungen|agenda|related|teasers?|sidebar|comments?|most-?read|trending|latest|recommend\w*)(?:$|[\s_-])",
    re.IGNORECASE,
)
_AROUND = 8
# The elements in which a page says something of itself, and those of them that microdata give a stamp.
_DECLARING = ("meta", "script", "link", "title", "time", "span", "abbr")
_MARKED = frozenset(["time", "span", "meta", "abbr"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a page declares outside its visible text; every field may be None, `body` is JSON-LD's `articleBody`; `paid` is JSON-LD's `isAccessibleForFree: false`, `utc_offset` is in minutes."""

    og_title: str | None = None
    ld_title: str | None = None
    title: str | None = None
    description: str | None = None
    author: str | None = None
    published: datetime | None = None
    modified: datetime | None = None
    language: str | None = None
    publisher: str | None = None
    canonical_url: str | None = None
    body: str | None = None
    paid: bool = False
    utc_offset: int | None = None
    notes: tuple[str, ...] = ()


def metadata_of(root: etree._Element, url: str) -> Metadata:
    """Read a page's own declarations.

    Args:
        root: The `html` element.
        url: The address the page was asked by, against which relative addresses are read.
    """
    # In one pass: each goes through all the elements of a page, and seven took a fiftieth of the parser's time (2026-11-29).
    nodes = list(root.iter(*_DECLARING))
    by_tag: dict[str, list[etree._Element]] = {tag: [] for tag in _DECLARING}
    for node in nodes:
        by_tag[node.tag].append(node)
    metas = _metas(by_tag["meta"])
    things = article_objects(by_tag["script"])
    marked = _marked(nodes)
    notes: list[str] = []
    first = _printed(metas, _PUBLISHED, things, "datePublished", marked.get("datepublished"))
    last = _printed(metas, _MODIFIED, things, "dateModified", marked.get("datemodified"))
    for sense, stamps in (("published", first), ("modified", last)):
        notes += [
            f"{sense} is not read from {source}: {text} is another day of the week"
            for source, text in stamps
            if text and names_other_weekday(text)
        ]
    published = _reconciled("published", _stamps(first), notes)
    modified = _reconciled("modified", _stamps(last), notes)
    return Metadata(
        og_title=metas.get("og:title"),
        ld_title=_first(things, "headline"),
        title=_title(by_tag["title"]),
        description=metas.get("og:description")
        or metas.get("description")
        or metas.get("twitter:description"),
        author=_author(metas, things),
        published=published or _time_element(by_tag["time"]),
        modified=modified,
        utc_offset=next(
            (ahead for _, text in (*last, *first) if (ahead := offset_in(text)) is not None), None
        ),
        language=_language(root, metas, things),
        publisher=metas.get("og:site_name")
        or next((n for t in things if (n := names_in(t.get("publisher")))), None)
        or metas.get("application-name"),
        canonical_url=_canonical(by_tag["link"], metas, url),
        body=body_in(things),
        paid=any(str(thing.get("isAccessibleForFree")).lower() == "false" for thing in things),
        notes=tuple(notes),
    )


def _metas(nodes: Sequence[etree._Element]) -> dict[str, str]:
    """Return the page's meta values by lower-case name; the first of a name wins.

    NBC News wrote `<meta value="…" name="og:title">` in 2016, so `value` counts where `content` is missing.
    """
    found: dict[str, str] = {}
    for meta in nodes:
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv")
        value = meta.get("content") or meta.get("value")
        if name and value and value.strip():
            found.setdefault(name.strip().lower(), " ".join(value.split()))
    return found


def _marked(nodes: Sequence[etree._Element]) -> dict[str, str]:
    """Return the stamps of microdata and `time` elements by lower-case property."""
    found: dict[str, str] = {}
    for node in nodes:
        name = node.get("itemprop")
        if name and node.tag in _MARKED and name.lower().startswith("date"):
            value = node.get("datetime") or node.get("content") or node.get("title")
            if value:
                for part in name.lower().split():
                    found.setdefault(part, value)
    return found


def _title(titles: Sequence[etree._Element]) -> str | None:
    node = next((title for title in titles if _is_in_head(title)), titles[0] if titles else None)
    return (
        (" ".join("".join(str(part) for part in node.itertext()).split()) or None)
        if node is not None
        else None
    )


def _is_in_head(node: etree._Element) -> bool:
    parent = node.getparent()
    return parent is not None and parent.tag == "head"


def _first(things: list[dict[str, Any]], key: str) -> str | None:
    return next((text for thing in things if (text := text_in(thing.get(key)))), None)


def _author(metas: dict[str, str], things: list[dict[str, Any]]) -> str | None:
    for thing in things:
        if names := names_in(thing.get("author")):
            return names
    return next((v for n in _AUTHORS if (v := metas.get(n)) and not v.startswith(("http:", "https:"))), None)


def _printed(
    metas: dict[str, str], names: tuple[str, ...], things: list[dict[str, Any]], key: str, marked: str | None
) -> list[tuple[str, str]]:
    """Return the text of every stamp of one sense with its source, the most trusted first."""
    raw = [("json-ld", text_in(thing.get(key))) for thing in things]
    raw += [(f"meta {name}", metas.get(name)) for name in names]
    return [(source, text) for source, text in [*raw, ("microdata", marked)] if text]


def _stamps(printed: list[tuple[str, str]]) -> list[tuple[str, datetime]]:
    return [(source, at) for source, text in printed if (at := stamp_in(text)) is not None]


def _reconciled(sense: str, stamps: list[tuple[str, datetime]], notes: list[str]) -> datetime | None:
    if not stamps:
        return None
    stamps = sorted(stamps, key=lambda stamp: _is_day(stamp[1]))
    source, at = stamps[0]
    for other, value in stamps[1:]:
        if abs((value - at).total_seconds()) > (86_400 if _is_day(value) else 60):
            notes.append(
                f"{sense} disagrees: {source} {at:%Y-%m-%dT%H:%M:%SZ}, {other} {value:%Y-%m-%dT%H:%M:%SZ}"
            )
            break
    return at


def _is_day(at: datetime) -> bool:
    """Return whether a stamp names a day and no time of day."""
    return at.hour == at.minute == at.second == 0


def _time_element(nodes: Sequence[etree._Element]) -> datetime | None:
    """Return the first stamp of a `time` element that is no event's, other story's or comment's, or None."""
    for node in nodes:
        at = stamp_in(node.get("datetime"))
        if at is not None and not _is_elsewhere(node):
            return at
    return None


def _is_elsewhere(node: etree._Element) -> bool:
    """Return whether an element stands in a part of the page that says it is not the article."""
    step = node.getparent()
    for _ in range(_AROUND):
        if step is None or step.tag in ("article", "main", "body"):
            return False
        if step.tag in ("aside", "nav", "footer"):
            return True
        name = step.get("class")
        if name and _OTHER_PART.search(name[:200]):
            return True
        step = step.getparent()
    return False


def _language(root: etree._Element, metas: dict[str, str], things: list[dict[str, Any]]) -> str | None:
    raw = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang")
    raw = (
        raw
        or _first(things, "inLanguage")
        or metas.get("content-language")
        or metas.get("og:locale")
        or metas.get("language")
    )
    if not raw:
        return None
    tag = raw.split(",")[0].split(";")[0].strip().replace("_", "-").lower()
    return tag if 2 <= len(tag) <= 12 and tag.replace("-", "").isalnum() else None


def _canonical(nodes: Sequence[etree._Element], metas: dict[str, str], url: str) -> str | None:
    for link in nodes:
        if "canonical" in (link.get("rel") or "").lower().split():
            address = (link.get("href") or "").strip()
            if address:
                return _absolute(address, url)
    raw = metas.get("og:url")
    return _absolute(raw, url) if raw else None


def _absolute(address: str, url: str) -> str | None:
    try:
        return urljoin(url, original_url(address))
    except ValueError:
        return None
