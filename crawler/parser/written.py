"""Reads the text that a page keeps in its JSON-LD where it shows none."""

import html
import re
from typing import Any

from diffs.model import Block, BlockKind

_TAG = re.compile(r"<[^<>]{1,500}>")
_BREAK = re.compile(r"<(?:br|/p|p|/div|/li|/h[1-6])\b[^<>]{0,200}>|\r\n?|\n|\u2028", re.IGNORECASE)
_SENTENCES = 100
_MAX = 500_000


def body_in(things: list[dict[str, Any]]) -> str | None:
    """Return the first `articleBody` that is long enough to be a text, as it stands, or None.

    Args:
        things: The page's JSON-LD objects about the article.
    """
    for thing in things:
        text = thing.get("articleBody")
        if isinstance(text, str) and _SENTENCES <= len(text) <= _MAX:
            return text
    return None


def blocks_in(body: str) -> tuple[Block, ...]:
    """Return the paragraphs of an `articleBody`, markup and entities resolved."""
    parts = (html.unescape(_TAG.sub(" ", part)) for part in _BREAK.split(html.unescape(body)))
    lines = [line for part in parts if (line := " ".join(part.split()))]
    return tuple(Block(kind=BlockKind.PARAGRAPH, text=line) for line in lines)
