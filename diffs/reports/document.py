"""The report document: frozen nodes that say what is printed, whatever format prints it.

Builders (`target.report_of`, `story.story_of`, `index.index_of`) decide every word and make these nodes. A renderer
walks them, escapes for its own target and decides nothing else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar, get_args

from diffs.reports.safe import visible

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Text:
    """Words, a page's or ours: a renderer prints them and lets them do nothing."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that lead."""

    text: str


@dataclass(frozen=True, slots=True)
class Struck:
    """Words of the old version that are gone."""

    text: str


@dataclass(frozen=True, slots=True)
class Added:
    """Words of the new version that were not in the old one."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """An identifier: a finding's id, a digest, an address."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a web address; only its label where the address is None or not http(s)."""

    label: str
    address: str | None


@dataclass(frozen=True, slots=True)
class Reference:
    """A link to another report of the same folder, by the name of its file without an ending."""

    label: str
    stem: str


@dataclass(frozen=True, slots=True)
class Jump:
    """A link to a place of the same document: to a mark where the format has marks, else to the section it is in.

    Attributes:
        label: What the link says, and the name of the mark within its kind.
        section: The kind of the mark.
        within: The heading of the section that holds it; empty where that is the kind's own name.
    """

    label: str
    section: str
    within: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place that a `Jump` of the same label and section leads to."""

    label: str
    section: str


@dataclass(frozen=True, slots=True)
class Break:
    """A line break inside a paragraph."""


Inline = Text | Strong | Struck | Added | Code | Link | Reference | Jump | Mark | Break
Line = tuple[Inline, ...]
Part = str | Inline | Iterable[Inline]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One run of prose."""

    content: Line


@dataclass(frozen=True, slots=True)
class Quote:
    """Passages of the page, a paragraph each."""

    passages: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list, and what stands under it."""

    content: Line
    blocks: "tuple[Block, ...]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """Entries of one kind.

    Attributes:
        items: The entries.
        loose: Set apart from each other, as entries of several lines are.
        ordered: Numbered from 1.
    """

    items: tuple[Item, ...]
    loose: bool = False
    ordered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The head of a column; numbers stand to the right."""

    title: str
    numeric: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of cells, as many in each as there are columns."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A chart.

    Attributes:
        description: What it shows, for readers who do not see it.
        name: Its file's name next to the report.
        svg: The picture itself, for formats that hold it, or an empty string.
    """

    description: str
    name: str
    svg: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it.

    Attributes:
        title: The heading.
        blocks: What stands under it.
        closed: Whether a format in which a reader can open sections shows only the heading at first.
    """

    title: Line
    blocks: "tuple[Block, ...]"
    closed: bool = False


Block = Paragraph | Quote | List | Table | Picture | Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole report.

    Attributes:
        title: Its heading.
        blocks: What stands under it.
        facts: Short facts for programs that read the head of a file, by name.
    """

    title: Line
    blocks: tuple[Block, ...]
    facts: tuple[tuple[str, str | int], ...] = ()


def line(*parts: Part) -> Line:
    """Return a line of text: strings become `Text`, lines are spliced in, neighbouring texts are joined.

    Texts are joined so that a renderer sees what a reader sees: `12` and `. ` of two nodes would begin a
    numbered list where neither does alone.
    """
    if len(parts) == 1 and type(parts[0]) is str:
        return (Text(parts[0]),) if parts[0] else ()
    result: list[Inline] = []
    words: list[str] = []
    _put(parts, result, words)
    if words:
        result.append(Text("".join(words)))
    return tuple(result)


_INLINE = frozenset(get_args(Inline))


def _put(parts: Iterable[Part], into: list[Inline], words: list[str]) -> None:
    """Add parts to a line; texts wait among the words until something else follows."""
    for part in parts:
        kind = type(part)
        if kind is str:
            if part:
                words.append(part)  # type: ignore[arg-type]
        elif kind is Text:
            if part.text:  # type: ignore[union-attr]
                words.append(part.text)  # type: ignore[union-attr]
        elif kind in _INLINE:
            if words:
                into.append(Text("".join(words)))
                words.clear()
            into.append(part)  # type: ignore[arg-type]
        else:
            _put(part, into, words)  # type: ignore[arg-type]


def joined(lines: Iterable[Part], separator: str) -> Line:
    """Return the lines as one, with a separator between them; empty ones leave no trace."""
    parts: list[Part] = []
    for one in lines:
        if not one:
            continue
        parts += [separator, one] if parts else [one]
    return line(*parts)


def listed_lines(lines: Iterable[Part]) -> Line:
    """Return lines joined as prose does: `a, b and c`."""
    known = list(lines)
    if len(known) < 2:
        return line(*known)
    return line(joined(known[:-1], ", "), " and ", known[-1])


def added(text: str) -> Line:
    """Return a text as new words, or nothing where none of it shows."""
    shown = visible(text).strip()
    return (Added(shown),) if shown else ()


def struck(text: str) -> Line:
    """Return a text as words that are gone, or nothing where none of it shows."""
    shown = visible(text).strip()
    return (Struck(shown),) if shown else ()


def distinct(items: Iterable[_Item]) -> tuple[_Item, ...]:
    """Return the items in order, each once."""
    return tuple(dict.fromkeys(items))


def plain(content: Iterable[Inline]) -> str:
    """Return the words of a line without their marking."""
    return "".join(
        node.text
        if isinstance(node, Text | Strong | Struck | Added | Code)
        else node.label
        if isinstance(node, Link | Reference | Jump | Mark)
        else " "
        for node in content
    )
