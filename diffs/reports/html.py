"""A report document as one HTML page that needs nothing else: no script, no font, no picture from elsewhere."""

import base64
import hashlib
import html
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from markupsafe import Markup

from diffs.reports.document import (
    Added,
    Block,
    Break,
    Code,
    Column,
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
    plain,
)
from diffs.reports.safe import visible, web_address
from diffs.reports.templating import read_template, template_pieces

_BATCH = 250  # parts of a page, such as a row of a table, that are written at once
_DECLARATION = re.compile(r"^\s*<\?xml.*?\?>\s*")


def render_html(document: Document) -> str:
    """Return a document as one self-contained HTML page, in which every word of a page is text.

    Its own policy forbids scripts, requests and forms; it follows the reader's choice of light or dark, prints,
    and can be read on a phone and by keyboard.
    """
    return "".join(html_pieces(document))


def html_pieces(document: Document) -> Iterator[str]:
    """Yield the page of `render_html` piece by piece."""
    style = read_template("page.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    sections = [block for block in document.blocks if isinstance(block, Section)]
    numbers = {id(block): number for number, block in enumerate(sections, start=1)}
    return template_pieces(
        "page.html.j2",
        title=visible(plain(document.title)),
        style=Markup(style),  # noqa: S704 - our own file, no word of a page
        digest=digest,
        contents=[(number, visible(plain(one.title))) for number, one in enumerate(sections, start=1)],
        blocks=_marked_up(
            part for one in document.blocks for part in _block(one, level=2, number=numbers.get(id(one)))
        ),
    )


def _marked_up(parts: Iterable[str]) -> Iterator[Markup]:
    """Yield parts that are HTML already, many at a time."""
    left = iter(parts)
    while batch := "".join(islice(left, _BATCH)):
        yield Markup(batch)  # noqa: S704 - each part is escaped where it is made


def html_blocks(blocks: Iterable[Block], *, level: int = 2) -> str:
    """Return blocks as HTML in which every text is escaped; headings begin at a level from 2 to 6."""
    return "".join(part for block in blocks for part in _block(block, level=level))


def html_line(content: Iterable[Inline]) -> str:
    """Return a line as HTML in which every text is escaped."""
    return "".join([_text(node.text) if type(node) is Text else _inline(node) for node in content])


def _inline(node: Inline) -> str:
    match node:
        case Text(text):
            return _text(text)
        case Strong(text):
            return f"<strong>{_text(text)}</strong>"
        case Added(text):
            return f"<ins>{_text(text)}</ins>"
        case Struck(text):
            return f"<del>{_text(text)}</del>"
        case Code(text):
            return f"<code>{_text(text)}</code>"
        case Link(label, address):
            target = web_address(address)
            if target is None:
                return _text(label)
            return f'<a href="{_text(target)}" rel="noopener noreferrer">{_text(label)}</a>'
        case Reference(label, stem):
            return f'<a href="{_text(stem)}.html">{_text(label)}</a>'
        case Jump(label, section):
            return f'<a href="#{_text(section)}-{_text(label)}">{_text(label)}</a>'
        case Mark(label, section):
            return f'<span id="{_text(section)}-{_text(label)}">{_text(label)}</span>'
        case Break():
            return "<br>"


# Headlines, sources, times and addresses stand on many pages of a site; whole sentences on few.
@lru_cache(maxsize=16_384)
def _text(text: str) -> str:
    return html.escape(visible(text), quote=True)


def _block(block: Block, *, level: int, number: int | None = None) -> Iterator[str]:
    match block:
        case Paragraph(content):
            yield f"<p>{html_line(content)}</p>\n"
        case Quote(passages):
            yield f"<blockquote>{''.join(f'<p>{html_line(one)}</p>' for one in passages)}</blockquote>\n"
        case Section(title, blocks, closed=True):
            heading = f"h{min(level, 6)}"
            yield f"<details>\n<summary><{heading}>{_text(plain(title))}</{heading}></summary>\n"
            yield f"<p>{html_line(title)}</p>\n"
            for one in blocks:
                yield from _block(one, level=level + 1)
            yield "</details>\n"
        case Section(title, blocks):
            name = f' id="s{number}"' if number is not None else ""
            yield f"<section{name}>\n<h{min(level, 6)}>{html_line(title)}</h{min(level, 6)}>\n"
            for one in blocks:
                yield from _block(one, level=level + 1)
            yield "</section>\n"
        case Table():
            yield from _table(block)
        case List():
            tag = "ol" if block.ordered else "ul"
            yield f"<{tag}>\n"
            for item in block.items:
                yield from _item(item, level)
            yield f"</{tag}>\n"
        case Picture():
            caption = f"<figcaption>{_text(block.description)}</figcaption>"
            yield '<figure><div class="scroll" role="region" tabindex="0" aria-label="Chart">'
            yield f"{_DECLARATION.sub('', block.svg)}</div>{caption}</figure>\n"


def _item(item: Item, level: int) -> Iterator[str]:
    yield f"<li>{html_line(item.content)}"
    for block in item.blocks:
        yield from _block(block, level=level)
    yield "</li>\n"


def _table(table: Table) -> Iterator[str]:
    name = _text(", ".join(column.title for column in table.columns))
    yield f'<div class="scroll" role="region" tabindex="0" aria-label="Table: {name}"><table>\n'
    yield "<thead><tr>"
    for column in table.columns:
        yield f'<th scope="col"{_aligned(column)}>{_text(column.title)}</th>'
    yield "</tr></thead>\n<tbody>\n"
    heads = [f'<td data-label="{_text(column.title)}"{_aligned(column)}>' for column in table.columns]
    for row in table.rows:
        cells = zip(heads, row, strict=True)
        yield f"<tr>{''.join([f'{head}{html_line(cell)}</td>' for head, cell in cells])}</tr>\n"
    yield "</tbody></table></div>\n"


def _aligned(column: Column) -> str:
    return ' class="n"' if column.numeric else ""
