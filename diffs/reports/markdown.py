"""A report document as Markdown: the only place that knows how Markdown is written."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from diffs.reports.document import (
    Added,
    Block,
    Break,
    Code,
    Document,
    Inline,
    Item,
    Jump,
    Link,
    List,
    Mark,
    Paragraph,
    Picture,
    Quote,
    Reference,
    Section,
    Strong,
    Struck,
    Table,
    Text,
)
from diffs.reports.safe import visible, web_address
from diffs.reports.templating import template_pieces

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
_HARMLESS = re.compile(r"(?! *\d{1,9}\))[A-Za-z0-9 ,;()“”‘’'–—…→≥]*")
# Each begins with the sign itself, which is found at once; a look behind at every letter took a third of a report (2026-11-29).
_SCHEME = re.compile(r":(?:(?=//)|(?<=mailto:)|(?<=xmpp:))", re.IGNORECASE)
_WWW = re.compile(r"\.(?<=www\.)", re.IGNORECASE)
_HOST = re.compile(r"\.(?<=[^\W_]\.)(?=[^\W\d_][^\W_])")
_DOUBLED = re.compile(r"([=%])(?=\1)|(?<=([=%]))\2")
_RISKY = re.compile(r"[\\`*_\[\]~^#$<>&|{=%@]")
_HARD_BREAK = "  \n"
_WORD_JOINER = "&#8288;"
_BLOCK = re.compile(r"^( *)([-+=:])")
_NUMBERED = re.compile(r"^( *\d{1,9})([.)])")
_FORM = {"=": "&#61;", "%": "&#37;"}


def render_document(document: Document) -> str:
    """Return a document as CommonMark with tables and strikethrough, front matter first if it has any."""
    return "".join(document_pieces(document))


def document_pieces(document: Document) -> Iterator[str]:
    """Yield the text of `render_document` piece by piece."""
    pieces = template_pieces(
        "page.md.j2",
        facts=[(name, value if isinstance(value, int) else _yaml(value)) for name, value in document.facts],
        title=markdown_line(document.title),
        blocks=(part for block in document.blocks for part in _parts(block)),
    )
    ends = ""
    for piece in pieces:
        body = piece.rstrip("\n")
        if body:
            yield ends + body
            ends = ""
        ends += piece[len(body) :]
    yield "\n"


def _parts(block: Block) -> Iterator[str]:
    """Yield what blank lines part in a block that stands at the top: nothing for an empty one."""
    if isinstance(block, Section):
        yield from _section(block, level=2)
    elif text := _block(block, level=2):
        yield text


def _section(section: Section, *, level: int) -> Iterator[str]:
    yield f"{'#' * level} {markdown_line(section.title)}"
    for block in section.blocks:
        if isinstance(block, Section):
            yield from _section(block, level=level + 1)
        else:
            yield _block(block, level=level + 1)


def markdown_line(content: Iterable[Inline]) -> str:
    """Return a line as Markdown in which every text is inert."""
    parts: list[str] = []
    for node in content:
        if type(node) is Text:
            parts.append(markdown_text(node.text, inside=bool(parts) and parts[-1] != _HARD_BREAK))
            continue
        match node:
            case Strong(text) | Added(text):
                parts.append(_marked("**", text))
            case Struck(text):
                parts.append(_marked("~~", text))
            case Code(text):
                parts.append(markdown_code(text))
            case Link(label, address):
                parts.append(markdown_link(label, address))
            case Reference(label, stem):
                parts.append(f"[{markdown_text(label)}]({quote(stem)}.md)")
            case Jump(label, section, within):
                parts.append(f"[{markdown_text(label)}](#{quote(_slug(within or section))})")
            case Mark(label):
                parts.append(markdown_text(label))
            case Break():
                parts.append(_HARD_BREAK)
    return "".join(parts)


def _slug(heading: str) -> str:
    """Return the anchor that GitHub and most other viewers give a heading (as read on github.com, 2026-11-28)."""
    return re.sub(r"[^\w\- ]", "", visible(heading).lower()).replace(" ", "-")


def _marked(sign: str, text: str) -> str:
    """Return a text between two marks, which open and close for certain only next to what is no space."""
    inner = visible(text).strip()
    return f"{sign}{markdown_text(inner, inside=True)}{sign}" if inner else ""


def _block(block: Block, *, level: int) -> str:
    match block:
        case Paragraph(content):
            return markdown_line(content)
        case Section():
            return "\n\n".join(_section(block, level=level))
        case Table():
            return "\n".join(_table(block))
        case List():
            items = [
                "\n".join(_item(item, f"{number}." if block.ordered else "-"))
                for number, item in enumerate(block.items, start=1)
            ]
            return ("\n\n" if block.loose else "\n").join(items)
        case Quote(passages):
            return "\n>\n".join(f"> {markdown_line(passage)}" for passage in passages)
        case Picture():
            return f"![{markdown_text(block.description)}]({quote(block.name)})"


def _table(table: Table) -> Iterator[str]:
    yield f"| {' | '.join(markdown_text(column.title) for column in table.columns)} |"
    yield f"| {' | '.join('---:' if column.numeric else '---' for column in table.columns)} |"
    for row in table.rows:
        yield f"| {' | '.join(markdown_line(cell) for cell in row)} |"


def _item(item: Item, sign: str) -> Iterator[str]:
    yield f"{sign} {markdown_line(item.content)}"
    indent = " " * (len(sign) + 1)
    for block in item.blocks:
        yield from (indent + one for one in _block(block, level=6).split("\n"))


def markdown_text(text: str, *, inside: bool = False) -> str:
    """Return the text as Markdown that reads as it was printed and can do nothing.

    Nothing in the result opens a link, image, tag, heading, list, quote, table cell, footnote, emphasis,
    highlight, template tag or code, in CommonMark or in the dialects of GitHub, Obsidian and the usual
    site generators; bare addresses stay text.

    Args:
        text: What to print.
        inside: True where something of ours always stands before it on its line, so that nothing that only
            means something at the start of a line needs an escape.
    """
    if _HARMLESS.fullmatch(text) and "  " not in text:
        return text
    text = visible(text)
    if "  " in text:
        text = re.sub(" {2,}", " ", text)
    if _RISKY.search(text):
        text = text.translate(_ALWAYS)
        text = _DOUBLED.sub(lambda match: _FORM[match[0]], text)
        text = text.replace("@", "@" + _WORD_JOINER)
    if ":" in text:
        text = _SCHEME.sub(r"\\:", text)
    if "." in text:
        text = _HOST.sub(r"\\.", _WWW.sub(r"\\.", text))
    if not inside:
        text = _NUMBERED.sub(r"\1\\\2", _BLOCK.sub(r"\1\\\2", text))
    return text[:-1] + "\\!" if text.endswith("!") else text


def markdown_code(text: str) -> str:
    """Return the text as an inline code span; what could end the span or a table cell is percent-encoded."""
    kept = re.sub(r"[^!-~]|[`|{}]", lambda match: quote(match[0].encode("utf-8", "replace")), visible(text))
    return f"`{kept}`" if kept else ""


def markdown_link(label: str, target: str | None) -> str:
    """Return a link, or only its label where the target is no web address."""
    address = web_address(target)
    if address is None:
        return markdown_text(label)
    return f"[{markdown_text(label)}]({address.replace('&', '&amp;')})"


def _yaml(text: str) -> str:
    """Return the text as a double-quoted YAML scalar on one line."""
    shown = visible(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{shown}"'
