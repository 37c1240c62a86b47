"""Finds the headline a reader sees."""

import re

from crawler.parser.boxes import Line, Page

_BYLINE = re.compile(r"^(?:[Bb]y|BY|[Vv]on|[Pp]ar|[Pp]or|Di)\s+([^\W\d_a-z][^\d:|]{3,80})$")
_WORDS = re.compile(r"\w+")
_SPLIT = re.compile(r"\s{1,9}[|–—\-:·»«/]{1,9}\s{1,9}|\s{0,9}\|\s{0,9}")


def displayed_headline(page: Page, *declared: str | None) -> tuple[str | None, int | None]:
    """Find the displayed headline.

    Args:
        page: The page after the walk.
        declared: What the page calls itself elsewhere (`og:title`, JSON-LD, `<title>`).

    Returns:
        The headline and the index of its last line, both None where the page shows none.
    """
    full = [words for text in declared if text and (words := _words(text))]
    parts = [words for text in declared if text and (words := _words(max(_SPLIT.split(text), key=len)))]
    wanted = full + parts
    tops = [box for box in page.boxes if box.tag == "h1" and box.chars >= 3]
    best: tuple[float, int, str, int] | None = None
    for order, box in enumerate(tops):
        lines = page.lines[box.start : box.end]
        text = " ".join(line.text for line in lines)
        score = max((_likeness(_words(text), words) for words in wanted), default=0.0)
        if box.links >= 0.9 * box.chars:
            score -= 0.3
        if box.role == "hidden":
            score -= 0.2
        candidate = (score, -order, text, box.end - 1)
        if best is None or candidate[:2] > best[:2]:
            best = candidate
    if best is not None and (best[0] >= 0.3 or len(best[2]) >= 20):
        return best[2], best[3]
    return _matching_line(page.lines, wanted, best)


def _matching_line(
    lines: list[Line], wanted: list[frozenset[str]], best: tuple[float, int, str, int] | None
) -> tuple[str | None, int | None]:
    """Take the first line that says what the page declares as its title."""
    for line in lines:
        if 15 <= len(line.text) <= 250 and line.links < len(line.text):
            words = _words(line.text)
            if len(words) >= 3 and any(_likeness(words, other) >= 0.8 for other in wanted):
                return line.text, line.index
    return (best[2], best[3]) if best is not None else (None, None)


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(text.lower()))


def _likeness(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / max(len(a), len(b)) if a and b else 0.0


def printed_byline(page: Page, place: int | None) -> str | None:
    """Return the authors printed near the headline ("By Mara Ellin" gives "Mara Ellin"), or None."""
    if place is None:
        return None
    for line in page.lines[max(0, place - 3) : place + 9]:
        match = _BYLINE.match(line.text)
        if match:
            return match[1]
    return None
