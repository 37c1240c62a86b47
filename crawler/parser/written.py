"""Reads the text that a page keeps in its JSON-LD where it shows none."""

import html
import re
from typing import Any

from diffs.model import Block, BlockKind

_TAG = re.compile(r"<[^<>]{1,500}>")
_BREAK = re.compile(r"<(?:br|/p|p|/div|/li|/h[1-6])\b[^<>]{0,200}>|\r\n?|\n|\u2028", re.IGNORECASE)
_SENTENCES = 100
_MAX = 500_000


def blocks_in(things: list[dict[str, Any]]) -> tuple[Block, ...]:
    """Return the paragraphs of the first `articleBody` that is long enough to be a text, markup and entities resolved.

    Args:
        things: The page's JSON-LD objects about the article.
    """
    for thing in things:
        text = thing.get("articleBody")
        if isinstance(text, str) and _SENTENCES <= len(text) <= _MAX:
            parts = (html.unescape(_TAG.sub(" ", part)) for part in _BREAK.split(html.unescape(text)))
            lines = [line for part in parts if (line := " ".join(part.split()))]
            return tuple(Block(kind=BlockKind.PARAGRAPH, text=line) for line in lines)
    return ()
