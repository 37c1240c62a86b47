"""Reads a page's JSON-LD for the one object that describes its article."""

import json
import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any

from lxml import etree

from crawler.parser.wayback import without_prefixes

_TYPES = re.compile(r"article|posting|report|webpage$", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f]+")
_MAX = 2_000_000


def article_objects(scripts: Sequence[etree._Element]) -> list[dict[str, Any]]:
    """Return the JSON-LD objects in a page's scripts that describe an article, the most specific first."""
    found: list[tuple[int, dict[str, Any]]] = []
    for script in scripts:
        text = script.text if "ld+json" in (script.get("type") or "") else None
        if text and len(text) < _MAX:
            for item in _objects(_loaded(text), 0):
                kind = item.get("@type")
                names = kind if isinstance(kind, list) else [kind]
                ranks = [
                    0 if "web" not in str(name).lower() else 1 for name in names if _TYPES.search(str(name))
                ]
                if ranks:
                    found.append((min(ranks), item))
    return [item for _, item in sorted(found, key=lambda pair: pair[0])]


def _loaded(text: str) -> Any:
    text = without_prefixes(text).strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    text = (
        text.removeprefix("//<![CDATA[").removeprefix("<![CDATA[").removesuffix("//]]>").removesuffix("]]>")
    )
    for _ in range(2):
        try:
            return json.loads(text, strict=False)
        except (ValueError, RecursionError):
            text = _CONTROL.sub(" ", text)
    return None


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > 4:
        return
    if isinstance(value, list):
        for item in value[:200]:
            yield from _objects(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            if isinstance(value.get(key), (list, dict)):
                yield from _objects(value[key], depth + 1)


def text_in(value: Any) -> str | None:
    """Return a JSON-LD value as one line of text, or None where it holds none."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, str) and value.lstrip()[:1] == "{":
        value = _loaded(value) or value
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or value.get("url")
    if not isinstance(value, str):
        return None
    return " ".join(unescape(value).split()) or None


def names_in(value: Any) -> str | None:
    """Return the names in an author or publisher value, joined by commas, or None."""
    items = value if isinstance(value, list) else [value]
    names = [name for item in items if (name := text_in(item)) and not name.startswith(("http:", "https:"))]
    return ", ".join(dict.fromkeys(names)) or None
