"""Text that came from a page, made inert for each place a report may print it."""

import html
import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote, urlsplit

_MARKS = "\u061c\u200e\u200f"
_TURNS = "\u202a-\u202e\u2066-\u2069"
_SPACES = re.compile("[\t\n\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029]")
_UNSEEN = re.compile(f"[\x00-\x08\x0e-\x1b\x7f-\x9f{_TURNS}\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
_UNWRITTEN = re.compile(f"[\x7f-\x9f\u2028\u2029{_MARKS}{_TURNS}\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")


def visible(text: str) -> str:
    """Return the text with every unprintable character named instead of sent.

    Line breaks and tabs become a space. Control characters, bidirectional overrides, embeddings and
    isolates, non-characters and lone surrogates become `‹U+202E›`, so that a reader sees that they
    were there. The directional marks of right-to-left prose are dropped: they show nothing by themselves.
    """
    if text.isprintable():
        return text
    text = _SPACES.sub(" ", text)
    text = text.translate(dict.fromkeys(map(ord, _MARKS)))
    return _UNSEEN.sub(lambda match: f"‹U+{ord(match[0]):04X}›", text)


def terminal_text(text: str) -> str:
    """Return the text for a terminal: one line, no escape sequence, no control or direction character."""
    return visible(text)


@lru_cache(maxsize=4096)
def web_address(target: str | None) -> str | None:
    """Return an http or https address with everything that is not plainly an address percent-encoded.

    Returns None for another scheme, for an address without a host and for one that cannot be parsed.
    """
    if target is None:
        return None
    cleaned = target.strip()
    try:
        parts = urlsplit(cleaned)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not host:
        return None
    return quote(cleaned.encode("utf-8", "replace"), safe=":/?#@!$&'*+,;=%~-._")


_FORMULA = tuple("=+-@|\t\r\n＝＋－＠\u2212")

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
# What Excel and LibreOffice turn into a date or a time as a file opens ("5-6", "7/8", "12 March"; seen 2026-11-28).
_DATE = re.compile(
    rf"\d{{1,4}}\s*[-/.:]\s*\d{{1,2}}(?:\s*[-/.:]\s*\d{{1,4}})?|\d{{1,2}}[ -]?{_MONTH}(?:[ -]?\d{{2,4}})?|{_MONTH}[ -]?\d{{1,4}}",
    re.IGNORECASE,
)


def csv_cell(text: str) -> str:
    """Return the text as a spreadsheet cell that stays text: an apostrophe goes before a formula or a date."""
    shown = visible(text)
    risky = (
        text.startswith(_FORMULA)
        or shown.lstrip().startswith(_FORMULA)
        or bool(_DATE.fullmatch(shown.strip()))
    )
    return "'" + shown if risky else shown


def xml_text(text: str) -> str:
    """Return the text for XML content or a quoted attribute; what XML 1.0 forbids is named, not sent."""
    return html.escape(visible(text), quote=True)


def json_text(encoded: str) -> str:
    """Return encoded JSON with every control and direction character inside its strings as an escape."""
    return _UNWRITTEN.sub(lambda match: f"\\u{ord(match[0]):04x}", encoded)


def is_punctuation(character: str) -> bool:
    """Return whether CommonMark counts the character as punctuation (Unicode classes P and S)."""
    return unicodedata.category(character)[0] in "PS"
