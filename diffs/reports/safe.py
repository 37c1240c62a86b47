"""Text that came from a page, made inert for each place a report may print it."""

import html
import re
import unicodedata
from urllib.parse import quote, urlsplit


class Markdown(str):
    """A string that already is Markdown of our own making and passes through templates unchanged."""

    __slots__ = ()


_MARKS = "\u061c\u200e\u200f"
_TURNS = "\u202a-\u202e\u2066-\u2069"
_SPACES = re.compile("[\t\n\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029]")
_UNSEEN = re.compile(f"[\x00-\x08\x0e-\x1b\x7f-\x9f{_TURNS}\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
_UNWRITTEN = re.compile(f"[\x7f-\x9f\u2028\u2029{_MARKS}{_TURNS}\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
_WORD_JOINER = "&#8288;"


def visible(text: str) -> str:
    """Return the text with every unprintable character named instead of sent.

    Line breaks and tabs become a space. Control characters, bidirectional overrides, embeddings and
    isolates, non-characters and lone surrogates become `‹U+202E›`, so that a reader sees that they
    were there. The directional marks of right-to-left prose are dropped: they show nothing by themselves.
    """
    text = _SPACES.sub(" ", text)
    text = text.translate(dict.fromkeys(map(ord, _MARKS)))
    return _UNSEEN.sub(lambda match: f"‹U+{ord(match[0]):04X}›", text)


def terminal_text(text: str) -> str:
    """Return the text for a terminal: one line, no escape sequence, no control or direction character."""
    return visible(text)


_ALWAYS = str.maketrans(
    {
        "\\": "\\\\",
        "`": "\\`",
        "*": "\\*",
        "_": "\\_",
        "[": "\\[",
        "]": "\\]",
        "~": "\\~",
        "^": "\\^",
        "#": "\\#",
        "$": "\\$",
        "<": "&lt;",
        ">": "&gt;",
        "&": "&amp;",
        "|": "&#124;",
        "{": "&#123;",
    }
)
_SCHEME = re.compile(r":(?=//)|(?<=mailto):|(?<=xmpp):", re.IGNORECASE)
_WWW = re.compile(r"(?<=www)\.", re.IGNORECASE)
_HOST = re.compile(r"(?<=[^\W_])\.(?=[^\W\d_][^\W_])")
_DOUBLED = re.compile(r"([=%])(?=\1)|(?<=([=%]))\2")
_BLOCK = re.compile(r"^( *)([-+=:])")
_NUMBERED = re.compile(r"^( *\d{1,9})([.)])")
_FORM = {"=": "&#61;", "%": "&#37;"}


def markdown_text(text: str, *, inside: bool = False) -> Markdown:
    """Return the text as Markdown that reads as it was printed and can do nothing.

    Nothing in the result opens a link, image, tag, heading, list, quote, table cell, footnote, emphasis,
    highlight, template tag or code, in CommonMark or in the dialects of GitHub, Obsidian and the usual
    site generators; bare addresses stay text. A `Markdown` string is given back unchanged.

    Args:
        text: What to print.
        inside: True where something of ours always stands before it on its line, so that nothing that only
            means something at the start of a line needs an escape.
    """
    if isinstance(text, Markdown):
        return text
    text = re.sub(" {2,}", " ", visible(text)).translate(_ALWAYS)
    text = _SCHEME.sub(r"\\:", text)
    text = _HOST.sub(r"\\.", _WWW.sub(r"\\.", text))
    text = _DOUBLED.sub(lambda match: _FORM[match[0]], text)
    text = text.replace("@", "@" + _WORD_JOINER)
    if not inside:
        text = _NUMBERED.sub(r"\1\\\2", _BLOCK.sub(r"\1\\\2", text))
    return Markdown(text[:-1] + "\\!" if text.endswith("!") else text)


def markdown_code(text: str) -> Markdown:
    """Return the text as an inline code span; what could end the span or a table cell is percent-encoded."""
    kept = re.sub(r"[^!-~]|[`|{}]", lambda match: quote(match[0].encode("utf-8", "replace")), visible(text))
    return Markdown(f"`{kept}`") if kept else Markdown("")


def markdown_link(label: str, target: str | None) -> Markdown:
    """Return a link, or only its label where the target is no web address."""
    address = web_address(target)
    if address is None:
        return markdown_text(label)
    return Markdown(f"[{markdown_text(label)}]({address.replace('&', '&amp;')})")


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


def csv_cell(text: str) -> str:
    """Return the text as a spreadsheet cell that stays text: an apostrophe goes before what could be a formula."""
    shown = visible(text)
    risky = text.startswith(_FORMULA) or shown.lstrip().startswith(_FORMULA)
    return "'" + shown if risky else shown


def xml_text(text: str) -> str:
    """Return the text for XML content or a quoted attribute; what XML 1.0 forbids is named, not sent."""
    return html.escape(visible(text), quote=True)


def yaml_text(text: str) -> str:
    """Return the text as a double-quoted YAML scalar on one line."""
    shown = visible(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{shown}"'


def json_text(encoded: str) -> str:
    """Return encoded JSON with every control and direction character inside its strings as an escape."""
    return _UNWRITTEN.sub(lambda match: f"\\u{ord(match[0]):04x}", encoded)


def is_punctuation(character: str) -> bool:
    """Return whether CommonMark counts the character as punctuation (Unicode classes P and S)."""
    return unicodedata.category(character)[0] in "PS"
