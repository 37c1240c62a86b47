"""The formats of reports, as a table: a new format is a renderer's file and a line here."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from diffs.model import History, Note
from diffs.reports import html, markdown
from diffs.reports.atom import render_atom
from diffs.reports.chart import render_chart, render_story_chart
from diffs.reports.document import Document
from diffs.reports.findings import dismissed_ids
from diffs.reports.index import index_of
from diffs.reports.names import file_stem, outlet
from diffs.reports.story import story_of
from diffs.reports.structured import json_chunks
from diffs.reports.tables import changes_csv_lines, claims_csv_lines
from diffs.reports.target import report_of

File = tuple[str, Iterable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a reader may choose about a report.

    Attributes:
        notes: What readers said about findings.
        full_text: Give every version in full.
        byte_order_mark: Open CSV files with the mark by which spreadsheets know UTF-8.
        front_matter: Open Markdown files with YAML for site generators.
        base_url: Address at which the folder is published, for links in feeds.
        codebook: Name of the codebook whose minimum and maximum the table of claims shows too.
    """

    notes: Sequence[Note] = ()
    full_text: bool = False
    byte_order_mark: bool = False
    front_matter: bool = False
    base_url: str | None = None
    codebook: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How one format prints a target, a story and the index; None where it does not.

    Each gives the files it makes, by the ending of their names, as pieces of text in order.
    """

    target: Callable[[History, Options], Iterator[File]]
    story: Callable[[str, Sequence[History], Options], Iterator[File]] | None = None
    index: Callable[[Sequence[History], Options], Iterator[File]] | None = None


def target_stem(history: History) -> str:
    """Return the name of a target's files without an ending."""
    return file_stem(history.url)


def story_stem(name: str) -> str:
    """Return the name of a story's files without an ending."""
    return f"story-{file_stem(name)}"


def _pages(ending: str, pieces: Callable[[Document], Iterator[str]], *, holds_chart: bool) -> Format:
    """Return the format of a renderer of documents.

    Args:
        ending: Of its files.
        pieces: The renderer, which yields a page piece by piece.
        holds_chart: Whether a page holds its chart itself; else the chart is a file next to it.
    """

    def chart_file(chart: str | None) -> Iterator[File]:
        if chart and not holds_chart:
            yield ".svg", (chart,)

    def target(history: History, options: Options) -> Iterator[File]:
        chart = render_chart(history, dismissed=dismissed_ids(options.notes))
        name = f"{target_stem(history)}.svg" if chart else None
        yield from chart_file(chart)
        document = report_of(
            history, notes=options.notes, chart=name, svg=chart or "", full_text=options.full_text
        )
        yield ending, pieces(_fronted(document, options))

    def story(title: str, histories: Sequence[History], options: Options) -> Iterator[File]:
        gone = dismissed_ids(options.notes)
        chart = render_story_chart(title, histories, dismissed=gone)
        name = f"{story_stem(title)}.svg" if chart else None
        yield from chart_file(chart)
        document = story_of(title, histories, chart=name, svg=chart or "", dismissed=gone)
        yield ending, pieces(_fronted(document, options))

    def index(histories: Sequence[History], options: Options) -> Iterator[File]:
        document = index_of(histories, dismissed_ids(options.notes))
        yield ending, pieces(_fronted(document, options))

    return Format(target=target, story=story, index=index)


def _fronted(document: Document, options: Options) -> Document:
    """Return the document with its facts for site generators only where they were asked for."""
    return document if options.front_matter else replace(document, facts=())


def _json(history: History, options: Options) -> Iterator[File]:
    yield ".json", json_chunks(history, options.notes)


def _tables(history: History, options: Options) -> Iterator[File]:
    mark = "\ufeff" if options.byte_order_mark else ""
    yield ".claims.csv", chain((mark,), claims_csv_lines(history, options.codebook))
    yield ".changes.csv", chain((mark,), changes_csv_lines(history, options.notes))


def _feed(histories: Sequence[History], title: str, options: Options) -> Iterator[File]:
    yield ".atom", (render_atom(histories, title=title, base_url=options.base_url, notes=options.notes),)


FORMATS: Mapping[str, Format] = {
    "md": _pages(".md", markdown.document_pieces, holds_chart=False),
    "html": _pages(".html", html.html_pieces, holds_chart=True),
    "json": Format(target=_json),
    "csv": Format(target=_tables),
    "atom": Format(
        target=lambda history, options: _feed([history], f"{outlet(history)}: {history.url}", options),
        story=lambda name, histories, options: _feed(histories, name, options),
        index=lambda histories, options: _feed(histories, "All changes", options),
    ),
}


def render_markdown(
    history: History,
    *,
    notes: Sequence[Note] = (),
    chart: str | None = None,
    full_text: bool = False,
    front_matter: bool = False,
) -> str:
    """Return the report of one target as Markdown.

    The same history gives the same text, whatever the day. Nothing in a page's own text can become anything
    but text.

    Args:
        history: What is known of the target.
        notes: What readers said about its findings.
        chart: File name of the chart next to the report, or None without one.
        full_text: Also give every version in full, and long changed passages unshortened.
        front_matter: Open the file with YAML for site generators.
    """
    options = Options(front_matter=front_matter)
    document = report_of(history, notes=notes, chart=chart, full_text=full_text)
    return markdown.render_document(_fronted(document, options))


def render_story(name: str, histories: Sequence[History], *, chart: str | None = None) -> str:
    """Return the comparison of several outlets on one event as Markdown.

    Args:
        name: The story's name.
        histories: One a page, in any order.
        chart: File name of the story's chart next to the report, or None without one.
    """
    return markdown.render_document(_fronted(story_of(name, histories, chart=chart), Options()))


def render_index(histories: Iterable[History], *, notes: Sequence[Note] = ()) -> str:
    """Return a Markdown table of all targets, the one that changed last leading, with links to their reports.

    Args:
        histories: The targets' histories.
        notes: Findings that these dismiss do not count.
    """
    return markdown.render_document(_fronted(index_of(histories, dismissed_ids(notes)), Options()))
