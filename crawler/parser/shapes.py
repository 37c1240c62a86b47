"""Names the build of a box, so that the same furniture is known again around other words."""

import re

from lxml import etree

from crawler.parser.boxes import Box

_DIGITS = re.compile(r"\d+")
_HASH = re.compile(r"(?:[_-]{1,2})(?=[a-z0-9]*\d)[a-z0-9]{5,}$|\d+", re.IGNORECASE)
_DEPTH = 4


def named_shape(box: Box) -> str | None:
    """Return a box's tag with its class names, numbers and build hashes dropped; None where it has no class."""
    names = box.name
    if not names:
        return None
    return f"{box.tag}." + ".".join(sorted({_HASH.sub("", name) for name in names.split()}))


def bare_shape(box: Box) -> str:
    """Return what a box is built of, attributes left out: tags, runs of text, and short labels as printed."""
    return _built(box.node, 0)


def top_level(shape: str) -> str:
    """Return a bare shape without what stands inside its inner elements."""
    depth, kept = 0, []
    for character in shape:
        depth -= character == ")"
        if depth <= 1:
            kept.append(character)
        depth += character == "("
    return "".join(kept)


def _built(node: etree._Element, depth: int) -> str:
    if depth >= _DEPTH:
        return node.tag
    parts: list[str] = []
    _add(parts, _run(node.text, in_link=node.tag == "a"))
    for child in node:
        if isinstance(child.tag, str):
            _add(parts, _built(child, depth + 1))
        _add(parts, _run(child.tail, in_link=node.tag == "a"))
    return f"{node.tag}({','.join(parts)})" if parts else node.tag


def _run(text: str | None, *, in_link: bool) -> str | None:
    folded = " ".join(text.split()) if text else ""
    if not folded:
        return None
    if len(folded) > 25 or in_link:
        return "#"
    if not any(map(str.isalpha, folded)):
        return "'0'"
    return f"'{_DIGITS.sub('0', folded.lower())}'"


def _add(parts: list[str], part: str | None) -> None:
    """Add a part unless it repeats the last, so that lists of any length look alike."""
    if part is not None and (not parts or parts[-1] != part):
        parts.append(part)
